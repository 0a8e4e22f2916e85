#include "policy/algebra/set_claims.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace ostiary::policy::algebra {

namespace {

// Variable 2c says that claim c is there, 2c + 1 that it is a set if it is there. Values come behind them.
constexpr std::uint32_t kStatesPerClaim = 2;

std::uint32_t present_variable(std::size_t claim) { return static_cast<std::uint32_t>(kStatesPerClaim * claim); }
std::uint32_t set_variable(std::size_t claim) { return present_variable(claim) + 1; }

}  // namespace

SetClaims::SetClaims(std::vector<SetClaim> claims, DiagramBudget budget)
    : claims_(std::move(claims)), diagram_(budget) {}

Diagram::Node SetClaims::is_present(std::size_t claim) {
  return claims_[claim].may_be_absent ? diagram_.variable(present_variable(claim)) : Diagram::kTrue;
}

Diagram::Node SetClaims::is_set(std::size_t claim) {
  const Diagram::Node kind = claims_[claim].may_be_other_kind ? diagram_.variable(set_variable(claim)) : Diagram::kTrue;
  return diagram_.both(is_present(claim), kind);
}

/// The variables of the values, from the last to the first: formulas grow from below, each value at one step.
std::vector<std::uint32_t> SetClaims::variables_of(const SetPredicate& predicate) {
  std::vector<std::uint32_t> numbers;
  for (const std::string& value : predicate.values) {
    const auto next = static_cast<std::uint32_t>(kStatesPerClaim * claims_.size() + variables_.size());
    const auto [at, is_new] = numbers_.try_emplace({predicate.claim, value}, next);
    if (is_new) variables_.push_back({predicate.claim, value});
    numbers.push_back(at->second);
  }
  std::sort(numbers.begin(), numbers.end(), std::greater<>());
  return numbers;
}

Diagram::Node SetClaims::any_of(const std::vector<std::uint32_t>& variables) {
  Diagram::Node node = Diagram::kFalse;
  for (const std::uint32_t variable : variables) node = diagram_.either(diagram_.variable(variable), node);
  return node;
}

Diagram::Node SetClaims::all_of(const std::vector<std::uint32_t>& variables) {
  Diagram::Node node = Diagram::kTrue;
  for (const std::uint32_t variable : variables) node = diagram_.both(diagram_.variable(variable), node);
  return node;
}

Diagram::Node SetClaims::node_of(const SetPredicate& predicate) {
  const auto of_set = [&](Diagram::Node values) { return diagram_.both(is_set(predicate.claim), values); };
  Diagram::Node node = Diagram::kFalse;
  switch (predicate.test) {
    case SetTest::kHasAny: node = of_set(any_of(variables_of(predicate))); break;
    case SetTest::kHasAll: node = of_set(all_of(variables_of(predicate))); break;
    case SetTest::kNoneOf: node = of_set(diagram_.negate(any_of(variables_of(predicate)))); break;
    case SetTest::kPresent: node = is_present(predicate.claim); break;
    case SetTest::kAbsent: node = diagram_.negate(is_present(predicate.claim)); break;
  }
  return predicate.negated ? diagram_.negate(node) : node;
}

SetWitness SetClaims::witness(Diagram::Node formula) const {
  const Assignment assignment = diagram_.fewest_true(formula);
  SetWitness witness{assignment.verdict};
  if (assignment.verdict != Verdict::kFound) return witness;
  const auto holds = [&](std::uint32_t variable) {
    return std::binary_search(assignment.variables.begin(), assignment.variables.end(), variable);
  };
  for (std::size_t claim = 0; claim < claims_.size(); ++claim) {
    const bool present = !claims_[claim].may_be_absent || holds(present_variable(claim));
    const bool set = !claims_[claim].may_be_other_kind || holds(set_variable(claim));
    witness.claims.push_back({!present ? SetState::kAbsent : set ? SetState::kSet : SetState::kOtherKind});
  }
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    const auto number = static_cast<std::uint32_t>(kStatesPerClaim * claims_.size() + i);
    if (holds(number)) witness.claims[variables_[i].claim].values.push_back(variables_[i].value);
  }
  for (SetPoint& point : witness.claims) std::sort(point.values.begin(), point.values.end());
  return witness;
}

SetWitness satisfy(std::vector<SetClaim> claims, std::span<const SetPredicate> predicates, DiagramBudget budget) {
  SetClaims sets(std::move(claims), budget);
  Diagram::Node all = Diagram::kTrue;
  for (const SetPredicate& predicate : predicates) all = sets.diagram().both(all, sets.node_of(predicate));
  return sets.witness(all);
}

}  // namespace ostiary::policy::algebra
