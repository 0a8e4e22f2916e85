#include "policy/algebra/diagram.hpp"

#include <algorithm>
#include <limits>

namespace ostiary::policy::algebra {

namespace {

constexpr std::uint32_t kConstant = std::numeric_limits<std::uint32_t>::max();  // "variable" of true and false
constexpr std::uint32_t kNever = std::numeric_limits<std::uint32_t>::max();     // cost of what cannot be

}  // namespace

std::size_t Diagram::TripleHash::operator()(const Triple& triple) const {
  std::uint64_t hash = 1;
  for (const std::uint32_t part : triple) {
    hash = (hash ^ part) * 0x9e3779b97f4a7c15U;
    hash ^= hash >> 32;
  }
  return hash;
}

Diagram::Diagram(DiagramBudget budget)
    : budget_(budget), nodes_({{kConstant, kFalse, kFalse}, {kConstant, kTrue, kTrue}}) {}

Diagram::Node Diagram::variable(std::uint32_t number) {
  return number < budget_.variables_max ? node_of(number, kFalse, kTrue) : kOverrun;
}

Diagram::Node Diagram::node_of(std::uint32_t variable, Node low, Node high) {
  if (low == kOverrun || high == kOverrun) return kOverrun;
  if (low == high) return low;
  const Triple key = {variable, low, high};
  if (const auto known = unique_.find(key); known != unique_.end()) return known->second;
  if (nodes_.size() >= budget_.nodes_max) return kOverrun;
  const auto node = static_cast<Node>(nodes_.size());
  nodes_.push_back({variable, low, high});
  unique_.emplace(key, node);
  return node;
}

Diagram::Node Diagram::choose(Node condition, Node then, Node otherwise) {
  if (condition == kOverrun || then == kOverrun || otherwise == kOverrun) return kOverrun;
  if (condition == kTrue || then == otherwise) return then;
  if (condition == kFalse) return otherwise;
  if (then == kTrue && otherwise == kFalse) return condition;
  const Triple key = {condition, then, otherwise};
  if (const auto known = computed_.find(key); known != computed_.end()) return known->second;
  if (computed_.size() >= budget_.steps_max) return kOverrun;
  const Node node = compute(condition, then, otherwise);
  computed_.emplace(key, node);
  return node;
}

Diagram::Node Diagram::compute(Node condition, Node then, Node otherwise) {
  const std::uint32_t variable =
      std::min({nodes_[condition].variable, nodes_[then].variable, nodes_[otherwise].variable});
  const auto on = [&](bool value) {
    return choose(branch(condition, variable, value), branch(then, variable, value),
                  branch(otherwise, variable, value));
  };
  const Node low = on(false);
  if (low == kOverrun) return kOverrun;
  return node_of(variable, low, on(true));
}

Diagram::Node Diagram::branch(Node node, std::uint32_t variable, bool value) const {
  const Record& record = nodes_[node];
  if (record.variable != variable) return node;
  return value ? record.high : record.low;
}

Assignment Diagram::fewest_true(Node node) const {
  if (node == kOverrun) return {Verdict::kUnknown};
  if (node == kFalse) return {Verdict::kNone};
  // Both branches of a node were made before it, so one pass upwards knows the cost of each.
  std::vector<std::uint32_t> cost(std::size_t{node} + 1, 0);
  cost[kFalse] = kNever;
  const auto high_cost = [&](Node i) { return cost[nodes_[i].high] == kNever ? kNever : cost[nodes_[i].high] + 1; };
  for (Node i = kTrue + 1; i <= node; ++i) cost[i] = std::min(cost[nodes_[i].low], high_cost(i));
  Assignment assignment{Verdict::kFound};
  while (node != kTrue) {
    const bool value = high_cost(node) < cost[nodes_[node].low];
    if (value) assignment.variables.push_back(nodes_[node].variable);
    node = branch(node, nodes_[node].variable, value);
  }
  return assignment;
}

}  // namespace ostiary::policy::algebra
