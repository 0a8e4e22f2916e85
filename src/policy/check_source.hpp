// Everything about a GateSource that needs more than one place to judge: references, patterns, ambiguity.
#pragma once

#include "policy/diagnostics.hpp"
#include "policy/source.hpp"

#include <ostiary/core/limits.hpp>

#include <string_view>

namespace ostiary::policy {

/// Adds a diagnostic for each fault. When none is added, write_image() fails only for size.
void check_source(const GateSource& gate, const Limits& limits, Diagnostics& diagnostics);

}  // namespace ostiary::policy
