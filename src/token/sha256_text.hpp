// SHA-256 digests as the text that tokens hold them in.
#pragma once

#include "adapt/crypto.hpp"

#include <ostiary/core/base64.hpp>
#include <ostiary/core/base64url.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace ostiary {

inline constexpr std::size_t kSha256TextSize = 43;

/// base64url without padding.
inline void write_sha256_text(const adapt::Sha256Digest& digest, std::span<char, kSha256TextSize> out) noexcept {
  std::array<char, base64_encoded_size(sizeof(adapt::Sha256Digest))> padded{};
  base64_encode({reinterpret_cast<const char*>(digest.data()), digest.size()}, padded.data());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = padded[i] == '+' ? '-' : padded[i] == '/' ? '_' : padded[i];
  }
}

/// Whether `text` is the one spelling of the SHA-256 of `bytes`.
[[nodiscard]] inline bool is_sha256_text_of(std::string_view text, std::string_view bytes) noexcept {
  const std::optional<adapt::Sha256Digest> digest = adapt::sha256(bytes);
  if (!digest) return false;
  std::array<char, kSha256TextSize> expected{};
  write_sha256_text(*digest, expected);
  return text == std::string_view(expected.data(), expected.size());
}

}  // namespace ostiary
