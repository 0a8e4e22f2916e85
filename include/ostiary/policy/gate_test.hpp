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

struct GateTestReport {
  std::vector<GateError> gate_errors;   ///< of the Gate's source; nothing was tested when there are any
  std::vector<GateError> table_errors;  ///< of the table; the same
  std::vector<GateTestResult> results;  ///< in the order of the table

  /// Whether there was something to test, and all of it is as the table says.
  [[nodiscard]] bool passed() const noexcept;
};

/// Decides about every request of a table (docs/gate-tests.md) as a door with this Gate does: the same inspector, the
/// same rules for claims, the same decision; only that identities are given as claims and no signature, sender proof or
/// revocation is asked for. `source` is the Gate's JSON, `table` that of the tests. The same input gives the same
/// report. Allocates; not for the request path. Reasons in the errors: all GATE_*. Pure.
[[nodiscard]] GateTestReport test_gate(std::string_view source, std::string_view table, const Limits& limits = {});

/// The file that a table names as its Gate, as it is written there; empty when the table names none or is no table.
/// Pure.
[[nodiscard]] std::string gate_named_by_table(std::string_view table, const Limits& limits = {});

}  // namespace ostiary
