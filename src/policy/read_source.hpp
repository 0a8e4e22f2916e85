// Reads the JSON of a Gate into a GateSource; what is written wrong becomes a diagnostic.
#pragma once

#include "policy/json_node.hpp"
#include "policy/source.hpp"

#include <ostiary/core/limits.hpp>

namespace ostiary::policy {

/// `root` is the whole document. What could not be read is left out, so that one mistake is reported once.
[[nodiscard]] GateSource read_source(const JsonNode& root, const Limits& limits);

}  // namespace ostiary::policy
