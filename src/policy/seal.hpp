// The seal in the header of a Gate image, read and written in place.
#pragma once

#include "adapt/crypto.hpp"

#include <ostiary/policy/gate_seal.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace ostiary::policy {

// All of them want an image of at least the size of its header.

/// Nothing only when the cryptographic library fails.
[[nodiscard]] std::optional<adapt::Sha256Digest> content_hash_of(std::string_view image) noexcept;

void write_seal(std::string& image, const GateSeal& seal) noexcept;

/// Seals the image without signing it. False only when the cryptographic library fails.
[[nodiscard]] bool write_content_hash(std::string& image) noexcept;

}  // namespace ostiary::policy
