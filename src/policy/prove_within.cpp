#include "policy/prove_within.hpp"

#include <ostiary/policy/analysis.hpp>

namespace ostiary::policy {

namespace {

std::string example_of(const AccessArea& area) {
  std::string text = area.request;
  if (!area.rule.empty()) text += "; the rule \"" + area.rule + "\" allows it";
  if (!area.obstacle.empty()) text += "; within the boundary " + area.obstacle;
  return text;
}

}  // namespace

BoundaryProof prove_within(std::string_view gate_json, std::string_view boundary_json, const Limits& limits) {
  const GateCheck check = check_gate(gate_json, boundary_json, {}, limits);
  const AccessAnswer& outside = check.outside;
  if (check.inside()) return {BoundaryVerdict::kInside, {}, {}};
  if (outside.proof != Proof::kSome) return {BoundaryVerdict::kNotProved, {}, outside.unknown};
  if (!outside.areas.empty()) {
    return {BoundaryVerdict::kOutside, outside.areas.front().place, example_of(outside.areas.front())};
  }
  return {BoundaryVerdict::kOutside, {}, outside.notes.empty() ? std::string() : outside.notes.front()};
}

}  // namespace ostiary::policy
