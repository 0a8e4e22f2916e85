// What origins and routes say about shaping: values that can stand, names that mean something, and answers that are
// kept under a key which knows everything they depend on.
#pragma once

#include "policy/check_context.hpp"

namespace ostiary::policy {

/// Of all origins and routes.
void check_shaping(CheckContext& context);

}  // namespace ostiary::policy
