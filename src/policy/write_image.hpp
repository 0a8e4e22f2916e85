// Lays a checked GateSource out as a flat image.
#pragma once

#include "policy/boundary_mark.hpp"
#include "policy/diagnostics.hpp"
#include "policy/source.hpp"

#include <ostiary/core/limits.hpp>

#include <string>

namespace ostiary::policy {

/// Everything is sorted by id first, so that the order of the source leaves no trace. Empty, with a diagnostic, when
/// the image would be larger than the limit.
[[nodiscard]] std::string write_image(const GateSource& gate, const Limits& limits, Diagnostics& diagnostics,
                                      const BoundaryMark& mark = {});

}  // namespace ostiary::policy
