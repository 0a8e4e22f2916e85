#include "policy/gate_test/compare.hpp"

#include <ostiary/core/reason.hpp>
#include <ostiary/policy/predicate.hpp>

namespace ostiary::policy {

namespace {

std::optional<std::string> present(std::string_view text) {
  if (text.data() == nullptr) return std::nullopt;
  return std::string(text);
}

}  // namespace

std::string_view expected_name(Expected member) noexcept {
  switch (member) {
    case Expected::kEffect: return "effect";
    case Expected::kReason: return "reason";
    case Expected::kRoute: return "route";
    case Expected::kRule: return "rule";
    case Expected::kRole: return "role";
    case Expected::kOrigin: return "origin";
    case Expected::kTarget: return "target";
    case Expected::kStatus: return "status";
    case Expected::kLocation: return "location";
    case Expected::kNearestRule: return "nearest_rule";
    case Expected::kNearestDimension: return "nearest_dimension";
  }
  return {};
}

std::optional<std::string> decided(Expected member, const Decision& decision) {
  switch (member) {
    case Expected::kEffect: return decision.allowed() ? "allow" : "deny";
    case Expected::kReason: return std::string(reason_info(decision.reason).name);
    case Expected::kRoute: return present(decision.route);
    case Expected::kRule: return present(decision.rule);
    case Expected::kRole: return present(decision.role.id);
    case Expected::kOrigin: return present(decision.origin);
    case Expected::kTarget: return present(decision.target);
    case Expected::kStatus:
      // What is let through is answered by the origin.
      if (decision.allowed()) return std::nullopt;
      return std::to_string(decision.http_status());
    case Expected::kLocation: return present(decision.answer.location);
    case Expected::kNearestRule: return present(decision.nearest.rule);
    case Expected::kNearestDimension: return present(dimension_name(decision.nearest.dimension));
  }
  return std::nullopt;
}

std::vector<GateTestDifference> differences_of(const TestCase& test, const Decision& decision) {
  std::vector<GateTestDifference> differences;
  for (const Expectation& expectation : test.expectations) {
    std::optional<std::string> actual = decided(expectation.member, decision);
    if (actual == expectation.value) continue;
    differences.push_back({std::string(expected_name(expectation.member)), expectation.value, std::move(actual)});
  }
  return differences;
}

}  // namespace ostiary::policy
