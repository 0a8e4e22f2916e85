// What the inspector notices, as data: numbered rules, sets of them, and one thing noticed at one place.
#pragma once

#include <ostiary/core/reason.hpp>
#include <ostiary/http/finding_rules.hpp>

#include <cstddef>
#include <cstdint>

namespace ostiary {

/// One numbered thing the inspector noticed. Plain data without defaults, so that room for many costs nothing.
struct Finding {
  Reason reason;
  Disposition disposition;
  std::uint32_t offset;  ///< byte of Request::head
};

/// The row of a rule in kFindingRules, or kFindingRuleCount when the Reason is no rule of the inspector. Pure.
[[nodiscard]] constexpr std::size_t find_rule(Reason reason) noexcept {
  std::size_t row = 0;
  while (row < kFindingRuleCount && kFindingRules[row].reason != reason) ++row;
  return row;
}

/// A set of rules. Plain data.
class RuleSet {
 public:
  constexpr RuleSet() = default;

  /// The rules for which `holds` answers true.
  template <typename Predicate>
  [[nodiscard]] static constexpr RuleSet where(Predicate holds) noexcept {
    RuleSet set;
    for (std::size_t row = 0; row < kFindingRuleCount; ++row) {
      if (holds(kFindingRules[row])) set.add_row(row);
    }
    return set;
  }

  /// Adds a rule; a Reason that is no rule changes nothing.
  constexpr void add(Reason reason) noexcept {
    if (const std::size_t row = find_rule(reason); row < kFindingRuleCount) add_row(row);
  }
  [[nodiscard]] constexpr bool has(Reason reason) const noexcept {
    const std::size_t row = find_rule(reason);
    return row < kFindingRuleCount && (words_[row / 64] >> row % 64 & 1U) != 0;
  }
  [[nodiscard]] constexpr bool empty() const noexcept { return (words_[0] | words_[1]) == 0; }

  /// This set and the other.
  [[nodiscard]] constexpr RuleSet with(const RuleSet& other) const noexcept {
    RuleSet set = *this;
    for (std::size_t i = 0; i < 2; ++i) set.words_[i] |= other.words_[i];
    return set;
  }
  /// This set without the other.
  [[nodiscard]] constexpr RuleSet without(const RuleSet& other) const noexcept {
    RuleSet set = *this;
    for (std::size_t i = 0; i < 2; ++i) set.words_[i] &= ~other.words_[i];
    return set;
  }

  friend constexpr bool operator==(const RuleSet&, const RuleSet&) noexcept = default;

 private:
  constexpr void add_row(std::size_t row) noexcept { words_[row / 64] |= std::uint64_t{1} << row % 64; }

  std::uint64_t words_[2] = {0, 0};
};
static_assert(kFindingRuleCount <= 128);

/// The rules a route may waive. Static.
inline constexpr RuleSet kWaivableRules = RuleSet::where([](const FindingRule& rule) { return rule.waivable; });

}  // namespace ostiary
