// Which rule would nearly have allowed a request, for the people who ask why it was denied.
#pragma once

#include <ostiary/policy/block_truth.hpp>
#include <ostiary/policy/decision.hpp>
#include <ostiary/policy/gate.hpp>

#include <bit>
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

/// What keeps an allow rule from matching; the claims in the route's path count as one condition, of the path.
[[nodiscard]] inline Shortfall shortfall(const BlockRuleRecord& rule, BlockTruth& truth) noexcept {
  Shortfall found;
  if (rule.asks_identity() && truth.identity() == nullptr) found.add(Dimension::kIdentity);
  if (rule.is_unbound()) found.add(Dimension::kPath);
  for (std::uint64_t failing = truth.failing(rule.needs); failing != 0; failing &= failing - 1) {
    found.add(truth.dimension(std::countr_zero(failing)));
  }
  return found;
}

/// The allow rule of the route that the fewest conditions keep from matching; of several, the one whose id sorts first.
[[nodiscard]] inline NearestMiss nearest_miss(const Gate& gate, const RouteRecord& route, BlockTruth& truth) noexcept {
  NearestMiss nearest;
  std::uint32_t fewest = UINT32_MAX;
  std::uint32_t seen = 0;
  for_each_rule(gate, route, truth, [&](const BlockRuleRecord& rule) {
    if (!rule.allows()) return true;
    const Shortfall found = shortfall(rule, truth);
    if (found.failing < fewest) {
      fewest = found.failing;
      nearest = {gate.text(gate.rule(rule.rule).id), found.first};
    }
    return ++seen < kNearestRulesMax;
  });
  return nearest;
}

}  // namespace ostiary::detail
