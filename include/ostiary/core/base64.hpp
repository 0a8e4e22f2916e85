// base64 with padding (RFC 4648 §4): one spelling per byte string.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostiary {

namespace detail {

inline constexpr std::string_view kBase64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
inline constexpr std::uint8_t kBase64Invalid = 0xff;

consteval std::array<std::uint8_t, 256> base64_values() {
  std::array<std::uint8_t, 256> values{};
  values.fill(kBase64Invalid);
  for (std::size_t i = 0; i < kBase64Alphabet.size(); ++i) {
    values[static_cast<unsigned char>(kBase64Alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

inline constexpr std::array<std::uint8_t, 256> kBase64Values = base64_values();

constexpr std::uint32_t base64_value(char c) noexcept { return kBase64Values[static_cast<unsigned char>(c)]; }

/// The first character from `at` on that is not of the alphabet, or the size.
constexpr std::size_t base64_fault_in(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && base64_value(text[at]) != kBase64Invalid) ++at;
  return at;
}

}  // namespace detail

/// Encoded size of `size` bytes, padding included.
[[nodiscard]] constexpr std::size_t base64_encoded_size(std::size_t size) noexcept { return (size + 2) / 3 * 4; }

namespace detail {

/// Padding characters at the end of a text of a possible size.
constexpr std::size_t base64_padding(std::string_view text) noexcept {
  if (text.size() % 4 != 0 || !text.ends_with('=')) return 0;
  return text.ends_with("==") ? 2 : 1;
}

}  // namespace detail

/// Decoded size of a sound `text`, and never less than what decoding any text writes.
[[nodiscard]] constexpr std::size_t base64_decoded_size(std::string_view text) noexcept {
  return text.size() / 4 * 3 - detail::base64_padding(text);
}

/// Decodes `text` into `out`, which must have room for base64_decoded_size(text) bytes. The offset of the first byte
/// that may not stand where it stands, or npos: foreign bytes, missing or misplaced padding, and unused bits that are
/// not zero (RFC 4648 §3.5) are all faults. Pure.
[[nodiscard]] constexpr std::size_t base64_decode(std::string_view text, char* out) noexcept {
  const std::size_t padding = detail::base64_padding(text);
  const std::size_t digits = text.size() - padding;
  std::size_t at = 0;
  for (; at + 4 <= digits; at += 4) {
    const std::uint32_t a = detail::base64_value(text[at]);
    const std::uint32_t b = detail::base64_value(text[at + 1]);
    const std::uint32_t c = detail::base64_value(text[at + 2]);
    const std::uint32_t d = detail::base64_value(text[at + 3]);
    if (((a | b | c | d) & 0xc0U) != 0) return detail::base64_fault_in(text, at);
    const std::uint32_t bits = a << 18 | b << 12 | c << 6 | d;
    *out++ = static_cast<char>(bits >> 16);
    *out++ = static_cast<char>(bits >> 8 & 0xffU);
    *out++ = static_cast<char>(bits & 0xffU);
  }
  if (const std::size_t fault = detail::base64_fault_in(text.substr(0, digits), at); fault < digits) return fault;
  if (text.size() % 4 != 0) return text.size();
  if (padding == 0) return std::string_view::npos;
  const std::uint32_t a = detail::base64_value(text[at]);
  const std::uint32_t b = detail::base64_value(text[at + 1]);
  *out++ = static_cast<char>(a << 2 | b >> 4);
  if (padding == 2) return (b & 0xfU) == 0 ? std::string_view::npos : at + 1;
  const std::uint32_t c = detail::base64_value(text[at + 2]);
  *out = static_cast<char>((b << 4 | c >> 2) & 0xffU);
  return (c & 3U) == 0 ? std::string_view::npos : at + 2;
}

/// Encodes `bytes` into `out`, which must have room for base64_encoded_size(bytes.size()) characters. Pure.
constexpr void base64_encode(std::string_view bytes, char* out) noexcept {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U;
  };
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::uint32_t bits = byte(at) << 16 | byte(at + 1) << 8 | byte(at + 2);
    *out++ = detail::kBase64Alphabet[bits >> 18];
    *out++ = detail::kBase64Alphabet[bits >> 12 & 63U];
    *out++ = at + 1 < bytes.size() ? detail::kBase64Alphabet[bits >> 6 & 63U] : '=';
    *out++ = at + 2 < bytes.size() ? detail::kBase64Alphabet[bits & 63U] : '=';
  }
}

}  // namespace ostiary
