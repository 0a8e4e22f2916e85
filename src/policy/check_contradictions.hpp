// Conditions that cannot hold together.
#pragma once

#include "policy/check_context.hpp"
#include "policy/source.hpp"

#include <string_view>
#include <vector>

namespace ostiary::policy {

/// Looks at each claim and at the scopes alone: what two of them exclude together is not found. `owner` is "rule" or
/// "role mapping", for messages.
void check_contradictions(CheckContext& context, const std::vector<PredicateSource>& conditions,
                          std::string_view owner);

}  // namespace ostiary::policy
