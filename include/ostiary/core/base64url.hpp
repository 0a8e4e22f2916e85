// base64url without padding (RFC 4648 §5, RFC 7515 §2): one spelling per byte string.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ostiary {

namespace detail {

inline constexpr std::int8_t kBase64UrlInvalid = -1;

consteval std::array<std::int8_t, 256> base64url_values() {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::array<std::int8_t, 256> values{};
  values.fill(kBase64UrlInvalid);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
  }
  return values;
}

inline constexpr std::array<std::int8_t, 256> kBase64UrlValues = base64url_values();

}  // namespace detail

[[nodiscard]] constexpr bool is_base64url(char c) noexcept {
  return detail::kBase64UrlValues[static_cast<unsigned char>(c)] != detail::kBase64UrlInvalid;
}

/// Decoded size of `length` characters. A length of 1 modulo 4 encodes nothing (RFC 4648 §4).
[[nodiscard]] constexpr std::size_t base64url_decoded_size(std::size_t length) noexcept {
  return length / 4 * 3 + (length % 4 == 0 ? 0 : length % 4 - 1);
}

/// Decodes `text` into `out`, which must hold base64url_decoded_size(text.size()) bytes.
/// False for any foreign byte, an impossible length, or unused bits that are not zero. Pure.
[[nodiscard]] constexpr bool base64url_decode(std::string_view text, std::span<char> out) noexcept {
  if (text.size() % 4 == 1 || out.size() < base64url_decoded_size(text.size())) return false;
  std::uint32_t bits = 0;
  unsigned pending = 0;
  std::size_t written = 0;
  for (const char c : text) {
    const std::int8_t value = detail::kBase64UrlValues[static_cast<unsigned char>(c)];
    if (value == detail::kBase64UrlInvalid) return false;
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    pending += 6;
    if (pending >= 8) {
      pending -= 8;
      out[written++] = static_cast<char>((bits >> pending) & 0xffU);
    }
  }
  return (bits & ((1U << pending) - 1U)) == 0;
}

}  // namespace ostiary
