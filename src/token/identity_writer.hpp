// Writes the claims of a verified token into an Identity image.
#pragma once

#include "adapt/json.hpp"

#include <ostiary/core/limits.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace ostiary {

/// Bytes that suffice for the image of any payload within the limits.
[[nodiscard]] std::size_t identity_size_max(const Limits& limits) noexcept;

/// The image of the claim set values[0], an object; it borrows `memory`. `texts` is what JsonReader::texts says of the
/// values. Empty when `memory` is too small.
[[nodiscard]] std::string_view write_identity(std::span<const adapt::JsonValue> values, std::string_view texts,
                                              std::span<char> memory) noexcept;

}  // namespace ostiary
