// Reads what origins and routes say about shaping.
#pragma once

#include "policy/json_node.hpp"
#include "policy/source.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace ostiary::policy {

/// Stores a time in milliseconds, up to an hour.
[[nodiscard]] std::function<void(const JsonNode&)> timeout_into(std::uint32_t& target);

[[nodiscard]] CacheSource read_cache(const JsonNode& node);
[[nodiscard]] RateSource read_rate(const JsonNode& node);
[[nodiscard]] std::vector<HeaderEditSource> read_header_edits(const JsonNode& node);
void read_query_filter(const JsonNode& node, ShapeSource& shape);
void read_identity_headers_choice(const JsonNode& node, ShapeSource& shape);
void read_hide(const JsonNode& node, ShapeSource& shape);

}  // namespace ostiary::policy
