// The steps from a Gate's text to its image, one by one.
#pragma once

#include "adapt/json.hpp"
#include "policy/boundary_mark.hpp"
#include "policy/diagnostics.hpp"
#include "policy/source.hpp"

#include <ostiary/core/limits.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace ostiary::policy {

[[nodiscard]] adapt::JsonReader::Bounds json_bounds(const Limits& limits) noexcept;

/// Adds what kept the document from being JSON within the limits.
void report_json_fault(const adapt::JsonResult& parsed, const Limits& limits, Diagnostics& diagnostics);

/// What the text says, as far as it could be read; nothing for what is no JSON.
[[nodiscard]] std::optional<GateSource> parse_source(std::string_view json, const Limits& limits,
                                                     Diagnostics& diagnostics);

/// The image, with its hash; empty when there is a diagnostic, of reading or of checking.
[[nodiscard]] std::string compile_source(const GateSource& source, const Limits& limits, Diagnostics& diagnostics,
                                         const BoundaryMark& mark = {});

}  // namespace ostiary::policy
