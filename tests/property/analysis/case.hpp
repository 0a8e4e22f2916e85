// What the tests of the analysis have in common: Gates that compile, and whether what is shown is true.
#pragma once

#include "property/analysis/naive_access.hpp"
#include "property/analysis/shown_request.hpp"
#include "property/policy/random_gate.hpp"

#include <ostiary/policy/analysis.hpp>
#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/gate_test.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <set>
#include <string>

namespace ostiary::test {

/// Takes out of the Gate the rules and mappings that the compiler refuses; false when that does not help.
inline bool settle(nlohmann::json& gate) {
  CompiledGate compiled = compile_gate(text_by_line(gate));
  while (!compiled.ok()) {
    // From the last line on, so that the lines before it keep their numbers.
    std::set<std::uint32_t, std::greater<>> lines;
    for (const GateError& error : compiled.errors) lines.insert(error.line);
    if (!std::all_of(lines.begin(), lines.end(), [&](std::uint32_t line) { return remove_line(gate, line); }))
      return false;
    if (gate["rules"].empty()) return false;
    if (gate.contains("roles") && gate["roles"].empty()) gate.erase("roles");
    compiled = compile_gate(text_by_line(gate));
  }
  return true;
}

/// The element of `tests` as a table of its own.
inline std::string table_of(const nlohmann::json& test) {
  return nlohmann::json{{"version", 1}, {"now", "2027-01-15T08:00:00Z"}, {"tests", {test}}}.dump();
}

/// What an area is said to be about.
using Difference = bool (*)(const NaiveAccess&, const NaiveAccess&);

/// That the request shown is what the area says: allowed by the one and not by the other, also by those who do not
/// compile; and that its test passes.
inline void expect_shown(const AccessArea& area, const nlohmann::json& gate, const nlohmann::json& other,
                         Difference differs) {
  const nlohmann::json test = nlohmann::json::parse(area.test, nullptr, false);
  ASSERT_TRUE(test.is_object() && test.contains("request") && test.contains("expect")) << area.test;
  const ShownRequest shown = shown_request(gate, test, kBase);
  const NaiveAccess access = naive_access(gate, shown.request, shown.claims);
  ASSERT_TRUE(access.allowed()) << "shown, but not allowed: " << area.test;
  ASSERT_TRUE(differs(access, naive_access(other, shown.request, shown.claims)))
      << "shown, but no difference: " << area.test;
  if (!area.role.empty()) {
    ASSERT_EQ(access.roles.size(), 1U) << area.test;
    ASSERT_TRUE(area.role.starts_with((*access.roles[0])["role_arn"].get<std::string>())) << area.role << area.test;
  }
  const GateTestReport report = test_gate(gate.dump(), table_of(test));
  ASSERT_TRUE(report.passed()) << area.test << "\n" << gate_test_json(report);
}

}  // namespace ostiary::test
