// What the rules and mappings of a route ask of one request, and which of it is so: for those who explain a Decision or
// count what tests reach. Asks the same questions of the same code as deciding does, but all of them.
#pragma once

#include <ostiary/policy/block_truth.hpp>
#include <ostiary/policy/evaluation.hpp>
#include <ostiary/policy/gate.hpp>
#include <ostiary/policy/predicate.hpp>
#include <ostiary/policy/role.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace ostiary {

/// What kind of thing is asked.
enum class Demand : std::uint32_t {
  kIdentity = 1,   ///< that there is an identity
  kNever = 2,      ///< nothing meets this: a public rule that allows, on a route whose path binds claims
  kBinding = 3,    ///< that the claims in the route's path are the identity's
  kCondition = 4,  ///< a condition of the rule or the mapping itself
};

/// One thing that is asked, and whether it is so. Plain data.
struct AskedCondition {
  Demand demand = Demand::kCondition;
  std::uint32_t predicate = kNoRow;  ///< row of predicates; kBinding and kCondition
  Dimension dimension = Dimension::kNone;
  bool holds = false;
};

/// A rule, or a mapping, with all that it asks, in the order in which deciding asks it. Borrows the walk: copy what is
/// to outlive the visit.
struct AskedRule {
  std::uint32_t row = 0;  ///< of rules, or of roles
  bool matches = false;   ///< as deciding found it: what every condition together says
  std::span<const AskedCondition> conditions;
};

namespace detail {

/// What one rule asks; there is room for all of it. Confined.
class AskedList {
 public:
  void add(AskedCondition asked) noexcept {
    if (count_ < asked_.size()) asked_[count_++] = asked;
  }
  [[nodiscard]] std::span<const AskedCondition> all() const noexcept { return {asked_.data(), count_}; }

 private:
  static constexpr std::size_t kBesides = 3;  ///< identity, never, binding
  std::array<AskedCondition, kBlockConditionsMax + kBesides> asked_{};
  std::size_t count_ = 0;
};

[[nodiscard]] inline bool is_own_condition(const Gate& gate, Range conditions, std::uint32_t predicate) noexcept {
  for (std::uint32_t i = 0; i < conditions.count; ++i) {
    if (gate.condition_row(conditions.first + i) == predicate) return true;
  }
  return false;
}

/// `block` is the one that `truth` has entered.
[[nodiscard]] inline AskedList asked_of(const Gate& gate, const RuleBlockRecord& block, const BlockRuleRecord& rule,
                                        BlockTruth& truth) noexcept {
  AskedList list;
  if (rule.asks_identity()) list.add({Demand::kIdentity, kNoRow, Dimension::kIdentity, truth.identity() != nullptr});
  if (rule.is_unbound()) list.add({Demand::kNever, kNoRow, Dimension::kPath, false});
  const std::uint64_t failing = truth.failing(rule.needs);
  for (std::uint64_t rest = rule.needs; rest != 0; rest &= rest - 1) {
    const int index = std::countr_zero(rest);
    const std::uint32_t predicate = gate.condition_row(block.conditions.first + static_cast<std::uint32_t>(index));
    const bool own = is_own_condition(gate, gate.rule(rule.rule).predicates, predicate);
    list.add(
        {own ? Demand::kCondition : Demand::kBinding, predicate, truth.dimension(index), (failing >> index & 1U) == 0});
  }
  return list;
}

}  // namespace detail

/// Calls `visit(const AskedRule&)` for every rule of the route in the order of evaluation, also for those behind the
/// one that decides. `evaluation` is of the same Gate; what a condition asks is asked as deciding asks it. Pure.
template <typename Visit>
void walk_rules(const Gate& gate, const RouteRecord& route, detail::Evaluation& evaluation, const Visit& visit) {
  detail::BlockTruth truth(gate, evaluation);
  for (std::uint32_t i = 0; i < route.blocks.count; ++i) {
    const RuleBlockRecord block = gate.rule_block(route.blocks.first + i);
    truth.enter(block);
    for (std::uint32_t j = 0; j < block.rules.count; ++j) {
      const BlockRuleRecord rule = gate.block_rule(block.rules.first + j);
      const detail::AskedList asked = detail::asked_of(gate, block, rule, truth);
      visit(AskedRule{rule.rule, truth.matches(rule), asked.all()});
    }
  }
}

/// The same for the role mappings of the route, in order of id. Pure.
template <typename Visit>
void walk_roles(const Gate& gate, const RouteRecord& route, detail::Evaluation& evaluation, const Visit& visit) {
  for (std::uint32_t i = 0; i < route.roles.count; ++i) {
    const std::uint32_t row = gate.route_role(route.roles.first + i);
    const RoleRecord role = gate.role(row);
    detail::AskedList asked;
    asked.add({Demand::kIdentity, kNoRow, Dimension::kIdentity, evaluation.identity() != nullptr});
    for (std::uint32_t j = 0; j < role.predicates.count; ++j) {
      const std::uint32_t predicate = gate.condition_row(role.predicates.first + j);
      const PredicateRecord condition = gate.predicate(predicate);
      asked.add({Demand::kCondition, predicate, dimension_of(condition.kind), evaluation.holds(condition)});
    }
    // A mapping that asks the same itself asks it once, as a rule does.
    if (route.binding != kNoRow && !detail::is_own_condition(gate, role.predicates, route.binding)) {
      asked.add({Demand::kBinding, route.binding, Dimension::kPath, detail::is_bound(gate, route, evaluation)});
    }
    visit(AskedRule{row, detail::role_matches(gate, route, role, evaluation), asked.all()});
  }
}

}  // namespace ostiary
