// Whether the conditions of one rule or role mapping use what is declared, and can hold at all.
#pragma once

#include "policy/check_context.hpp"
#include "policy/source.hpp"

#include <string_view>
#include <vector>

namespace ostiary::policy {

/// Where conditions stand. Borrows the routes.
struct ConditionScope {
  std::string_view owner;  ///< "rule" or "role mapping", for messages
  RouteGroup& routes;      ///< that it names
  RuleSubject subject;     ///< whether there is an identity
};

void check_conditions(CheckContext& context, const std::vector<PredicateSource>& conditions,
                      const ConditionScope& scope);

}  // namespace ostiary::policy
