// Reads the request of a test.
#pragma once

#include "policy/gate_test/table.hpp"
#include "policy/json_node.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace ostiary::policy {

/// `flags` are those of the Gate.
[[nodiscard]] TestRequest read_test_request(const JsonNode& node, const std::vector<Text>& flags);

/// A time as a Gate writes them, not before 1970; nothing after a diagnostic.
[[nodiscard]] std::optional<std::int64_t> read_test_time(const JsonNode& node);

/// Whether the request brings an Authorization field of its own.
[[nodiscard]] bool has_credential(const TestRequest& request);

}  // namespace ostiary::policy
