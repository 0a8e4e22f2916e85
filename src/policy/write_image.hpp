// Lays a checked GateSource out as a flat image.
#pragma once

#include "policy/source.hpp"

#include <string>

namespace ostiary::policy {

/// Everything is sorted by id first, so that the order of the source leaves no trace.
[[nodiscard]] std::string write_image(const GateSource& gate);

}  // namespace ostiary::policy
