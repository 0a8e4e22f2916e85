// Tables of tests for a Gate: requests and claims in, what must be decided about them beside; no keys, no tokens.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/core/reason.hpp>
#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/decision.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary {

/// A place in the Gate's source or in the table.
struct SourcePlace {
  std::uint32_t line = 1;    ///< from 1
  std::uint32_t column = 1;  ///< from 1, in bytes
};

/// One thing that was decided otherwise than the table says. Nothing stands for "none", which is not an empty text.
struct GateTestDifference {
  std::string member;  ///< of `expect`
  std::optional<std::string> expected;
  std::optional<std::string> actual;
};

/// What became of one test.
struct GateTestResult {
  std::string name;
  SourcePlace place;  ///< in the table
  Effect effect = Effect::kDeny;
  Reason reason = Reason::kNotDecided;
  std::string route;  ///< empty: none, here and below
  std::string rule;
  std::string role;
  std::vector<GateTestDifference> differences;

  [[nodiscard]] bool passed() const noexcept { return differences.empty(); }
};

/// Something of the Gate that no test has shown.
struct GateUncovered {
  std::string subject;    ///< "route", "rule", "role" or "condition"
  std::string id;         ///< of the route, the rule or the mapping that it is, or that the condition stands in
  std::string condition;  ///< what the condition asks, such as "claim tier"; empty for everything else
  std::string missing;    ///< "not reached", "never matched", "always matched", "never true", "never false"
  SourcePlace place;      ///< in the Gate's source
};

/// What the tests together have shown of a Gate. A route is shown by a request that reaches it; a rule and a role
/// mapping by one that it matches and one that it does not; a condition by one for which it is true and one for which
/// it is false, of the requests that came so far on a route that its rule names. A condition about the identity is
/// asked only where there is one. What can never be seen is not counted: a public rule without conditions that does not
/// match.
struct GateCoverage {
  std::uint32_t shown = 0;
  std::uint32_t total = 0;
  std::vector<GateUncovered> uncovered;  ///< total - shown of them, in the order of the source

  /// Rounded down; 100 when there is nothing to show.
  [[nodiscard]] std::uint32_t percent() const noexcept {
    return total == 0 ? 100 : static_cast<std::uint32_t>(std::uint64_t{shown} * 100 / total);
  }
};

/// A change of the Gate that no test notices.
struct GateMutant {
  std::string change;   ///< what was done, such as "condition dropped"
  std::string subject;  ///< "route", "rule", "role", "network" or "issuer"
  std::string id;
  std::string detail;  ///< such as "claim tier" or "192.0.2.0/24 to /23"; may be empty
  SourcePlace place;   ///< in the Gate's source
};

/// What became of the Gates that differ in one thing from the one that was tested.
struct GateMutation {
  bool done = false;                  ///< whether it was asked for, and every test passed
  std::uint32_t tried = 0;            ///< those that were compiled and tested
  std::uint32_t killed = 0;           ///< of them, those with which some test fails
  std::uint32_t unusable = 0;         ///< those that do not compile, or compile to the same image
  std::uint32_t left_out = 0;         ///< beyond GateTestOptions::mutants_max
  std::vector<GateMutant> survivors;  ///< tried - killed of them, in the order of the source
};

/// What to do besides running the tests.
struct GateTestOptions {
  bool mutants = false;              ///< try the table on Gates that differ in one thing
  std::uint32_t mutants_max = 1000;  ///< at most; which ones, when there are more, depends on the Gate alone
};

struct GateTestReport {
  std::vector<GateError> gate_errors;   ///< of the Gate's source; nothing was tested when there are any
  std::vector<GateError> table_errors;  ///< of the table; the same
  std::vector<GateTestResult> results;  ///< in the order of the table
  GateCoverage coverage;
  GateMutation mutation;

  /// Whether there was something to test, and all of it is as the table says.
  [[nodiscard]] bool passed() const noexcept;
};

/// Decides about every request of a table (docs/gate-tests.md) as a door with this Gate does: the same inspector, the
/// same rules for claims, the same decision; only that identities are given as claims and no signature, sender proof or
/// revocation is asked for. `source` is the Gate's JSON, `table` that of the tests. The same input gives the same
/// report. Allocates; not for the request path. Reasons in the errors: all GATE_*. Pure.
[[nodiscard]] GateTestReport test_gate(std::string_view source, std::string_view table,
                                       const GateTestOptions& options = {}, const Limits& limits = {});

/// The report as JSON, which docs/gate-tests.md describes. Pure.
[[nodiscard]] std::string gate_test_json(const GateTestReport& report);

/// The file that a table names as its Gate, as it is written there; empty when the table names none or is no table.
/// Pure.
[[nodiscard]] std::string gate_named_by_table(std::string_view table, const Limits& limits = {});

}  // namespace ostiary
