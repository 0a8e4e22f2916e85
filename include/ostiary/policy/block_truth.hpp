// Which conditions of a block of rules hold, each asked for once and only when a rule needs it.
#pragma once

#include <ostiary/policy/evaluation.hpp>
#include <ostiary/policy/gate.hpp>
#include <ostiary/policy/predicate.hpp>

#include <bit>
#include <cstdint>

namespace ostiary::detail {

/// Borrows both. Confined.
class BlockTruth {
 public:
  BlockTruth(const Gate& gate, Evaluation& evaluation) noexcept : gate_(gate), evaluation_(evaluation) {}

  [[nodiscard]] const Identity* identity() const noexcept { return evaluation_.identity(); }

  /// Goes on with this block; what is known of the last one is kept when it is the same.
  void enter(const RuleBlockRecord& block) noexcept {
    if (entered_ && block.conditions.first == conditions_.first && block.conditions.count == conditions_.count) return;
    entered_ = true;
    conditions_ = block.conditions;
    known_ = 0;
    true_ = 0;
  }

  [[nodiscard]] bool matches(const BlockRuleRecord& rule) noexcept {
    if (rule.is_unbound() || (rule.asks_identity() && identity() == nullptr)) return false;
    return all_hold(rule.needs);
  }

  /// Those of the conditions that do not hold.
  [[nodiscard]] std::uint64_t failing(std::uint64_t needs) noexcept {
    for (std::uint64_t rest = needs & ~known_; rest != 0; rest &= rest - 1) (void)ask(std::countr_zero(rest));
    return needs & ~true_;
  }

  [[nodiscard]] Dimension dimension(int index) const noexcept {
    return dimension_of(gate_.condition(conditions_.first + static_cast<std::uint32_t>(index)).kind);
  }

 private:
  [[nodiscard]] bool all_hold(std::uint64_t needs) noexcept {
    if ((needs & known_ & ~true_) != 0) return false;
    for (std::uint64_t rest = needs & ~known_; rest != 0; rest &= rest - 1) {
      if (!ask(std::countr_zero(rest))) return false;
    }
    return true;
  }

  bool ask(int index) noexcept {
    const bool holds = evaluation_.holds(gate_.condition(conditions_.first + static_cast<std::uint32_t>(index)));
    known_ |= std::uint64_t{1} << index;
    true_ |= std::uint64_t{holds} << index;
    return holds;
  }

  const Gate& gate_;
  Evaluation& evaluation_;
  Range conditions_;
  std::uint64_t known_ = 0;  ///< bit i: condition i was asked for
  std::uint64_t true_ = 0;   ///< and holds
  bool entered_ = false;
};

/// Calls `visit(rule)` for each rule of the route until it returns false; `truth` has then entered the rule's block.
template <typename Visit>
void for_each_rule(const Gate& gate, const RouteRecord& route, BlockTruth& truth, const Visit& visit) noexcept {
  for (std::uint32_t i = 0; i < route.blocks.count; ++i) {
    const RuleBlockRecord block = gate.rule_block(route.blocks.first + i);
    truth.enter(block);
    for (std::uint32_t j = 0; j < block.rules.count; ++j) {
      if (!visit(gate.block_rule(block.rules.first + j))) return;
    }
  }
}

}  // namespace ostiary::detail
