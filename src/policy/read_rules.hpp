// Reads one element of `rules` or `roles`. What is faulty becomes a diagnostic.
#pragma once

#include "policy/json_node.hpp"
#include "policy/source.hpp"

namespace ostiary::policy {

[[nodiscard]] RuleSource read_rule(const JsonNode& node);
[[nodiscard]] RoleSource read_role(const JsonNode& node);

}  // namespace ostiary::policy
