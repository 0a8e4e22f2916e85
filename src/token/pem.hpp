// One PEM block, strictly framed (RFC 7468).
#pragma once

#include <ostiary/core/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace ostiary {

enum class PemLabel : std::uint8_t { kPublicKey, kCertificate };

struct PemBlock {
  PemLabel label = PemLabel::kPublicKey;
  std::string der;
};

/// Reads a text that is one block and line breaks around it: no words before it, no second block, no headers, no empty
/// line inside, and canonical base64. Allocates. Reasons: KEY_PRIVATE for a block of private material, else KEY_PEM.
[[nodiscard]] Result<PemBlock> read_pem(std::string_view text);

}  // namespace ostiary
