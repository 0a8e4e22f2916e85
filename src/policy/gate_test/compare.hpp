// What was decided, in the words in which a table expects it.
#pragma once

#include "policy/gate_test/table.hpp"

#include <ostiary/policy/decision.hpp>
#include <ostiary/policy/gate_test.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::policy {

/// As a member of `expect`. Static.
[[nodiscard]] std::string_view expected_name(Expected member) noexcept;

/// Nothing where the Decision has none.
[[nodiscard]] std::optional<std::string> decided(Expected member, const Decision& decision);

/// The expectations that the Decision does not meet.
[[nodiscard]] std::vector<GateTestDifference> differences_of(const TestCase& test, const Decision& decision);

}  // namespace ostiary::policy
