// What stands in a Gate image for where it comes from: the hash of its content and a signature of that.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace ostiary {

/// Part of the header of every Gate image. Gate::load does not look at it: it needs no cryptography. See
/// load_signed_gate.
struct GateSeal {
  /// SHA-256 of the image without its seal. Names the Gate: equal hashes, equal decisions.
  std::array<std::uint8_t, 32> content_hash{};
  /// The first bytes of the SHA-256 of the public key; zeros when the image is not signed.
  std::array<std::uint8_t, 8> key_id{};
  /// Ed25519 (RFC 8032) over kGateSignatureContext and the content hash; zeros when the image is not signed.
  std::array<std::uint8_t, 64> signature{};

  [[nodiscard]] constexpr bool is_signed() const noexcept {
    const auto is_zero = [](std::uint8_t byte) { return byte == 0; };
    return !std::all_of(key_id.begin(), key_id.end(), is_zero) ||
           !std::all_of(signature.begin(), signature.end(), is_zero);
  }
};
static_assert(sizeof(GateSeal) == 104);

/// Keeps a signature of a Gate from being one of anything else that is signed with the same key.
inline constexpr char kGateSignatureContext[] = "ostiary gate image 1";

}  // namespace ostiary
