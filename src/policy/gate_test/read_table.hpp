// Reads the JSON of a table of tests; what is written wrong becomes a diagnostic.
#pragma once

#include "policy/gate_test/table.hpp"
#include "policy/json_node.hpp"

namespace ostiary::policy {

/// `root` is the whole document. What names something of `gate` that it has not is a diagnostic too. The table borrows
/// the JsonReader.
[[nodiscard]] TestTable read_table(const JsonNode& root, const GateSource& gate);

}  // namespace ostiary::policy
