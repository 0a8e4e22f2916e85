// Which rule would nearly have allowed a request, for the people who ask why it was denied.
#pragma once

#include <ostiary/policy/decision.hpp>
#include <ostiary/policy/evaluation.hpp>
#include <ostiary/policy/gate.hpp>

#include <cstdint>

namespace ostiary::detail {

/// Rules that are looked at, in order of id: a bound on what a denial costs.
inline constexpr std::uint32_t kNearestRulesMax = 64;

struct Shortfall {
  std::uint32_t failing = 0;
  Dimension first = Dimension::kNone;

  void add(Dimension dimension) noexcept {
    if (failing++ == 0 || dimension < first) first = dimension;
  }
};

/// The conditions of an allow rule that fail; the claims in the route's path count as one, of the path.
[[nodiscard]] inline Shortfall shortfall(const Gate& gate, const RouteRecord& route, const RuleRecord& rule,
                                         Evaluation& evaluation) noexcept {
  Shortfall found;
  if (rule.subject == RuleSubject::kIdentity && evaluation.identity() == nullptr) found.add(Dimension::kIdentity);
  if (!is_bound(gate, route, rule, evaluation)) found.add(Dimension::kPath);
  for (std::uint32_t i = 0; i < rule.predicates.count; ++i) {
    const PredicateRecord predicate = gate.condition(rule.predicates.first + i);
    if (!evaluation.holds(predicate)) found.add(dimension_of(predicate.kind));
  }
  return found;
}

/// The allow rule of the route that the fewest conditions keep from matching; of several, the one whose id sorts first.
[[nodiscard]] inline NearestMiss nearest_miss(const Gate& gate, const RouteRecord& route,
                                              Evaluation& evaluation) noexcept {
  NearestMiss nearest;
  std::uint32_t fewest = UINT32_MAX;
  std::uint32_t seen = 0;
  for (std::uint32_t i = 0; i < route.rules.count && seen < kNearestRulesMax; ++i) {
    const RuleRecord rule = gate.rule(gate.route_rule(route.rules.first + i));
    if (rule.effect != RuleEffect::kAllow) continue;
    ++seen;
    const Shortfall found = shortfall(gate, route, rule, evaluation);
    if (found.failing >= fewest) continue;
    fewest = found.failing;
    nearest = {gate.text(rule.id), found.first};
  }
  return nearest;
}

}  // namespace ostiary::detail
