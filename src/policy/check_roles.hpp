// Whether a role mapping names a role and a session that AWS can take.
#pragma once

#include "policy/check_context.hpp"
#include "policy/source.hpp"

namespace ostiary::policy {

void check_role(CheckContext& context, const RoleSource& role);

}  // namespace ostiary::policy
