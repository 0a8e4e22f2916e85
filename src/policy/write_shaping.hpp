// Writes what routes say about shaping.
#pragma once

#include "policy/image_tables.hpp"
#include "policy/source.hpp"

#include <cstdint>

namespace ostiary::policy {

/// The row of shapes for this route; kNoRow when it says nothing, so that such routes take no room.
[[nodiscard]] std::uint32_t write_shape(const ShapeSource& shape, ImageTables& tables);

}  // namespace ostiary::policy
