// base64url without vectors; also what is done at compile time, and the reference of every other back end.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostiary::detail {

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

alignas(64) inline constexpr std::array<std::int8_t, 256> kBase64UrlValues = base64url_values();

[[nodiscard]] constexpr std::int32_t base64url_value(char c) noexcept {
  return kBase64UrlValues[static_cast<unsigned char>(c)];
}

/// What a pass over letters of the alphabet and dots has seen.
struct DottedText {
  std::size_t clean = 0;  ///< where the first byte stands that is neither; the size of the text when there is none
  std::size_t dots = 0;   ///< before that byte
  std::size_t position[3] = {0, 0, 0};  ///< of the first three
};

namespace base64url::portable {

/// Takes one byte; false when it may not stand here.
constexpr bool take_byte(char c, DottedText& seen) noexcept {
  if (base64url_value(c) < 0) {
    if (c != '.') return false;
    if (seen.dots < 3) seen.position[seen.dots] = seen.clean;
    ++seen.dots;
  }
  ++seen.clean;
  return true;
}

[[gnu::noinline]] constexpr DottedText read_dotted(std::string_view text) noexcept {
  DottedText seen;
  while (text.size() - seen.clean >= 8) {
    const char* const at = text.data() + seen.clean;
    std::int32_t all = 0;
    for (std::size_t i = 0; i < 8; ++i) all |= base64url_value(at[i]);
    if (all >= 0) {
      seen.clean += 8;
      continue;
    }
    for (std::size_t i = 0; i < 8; ++i) {
      if (!take_byte(at[i], seen)) return seen;
    }
  }
  while (seen.clean < text.size() && take_byte(text[seen.clean], seen)) {
  }
  return seen;
}

/// The last two or three characters: RFC 4648 §3.5, bits that stand for nothing must be zero.
constexpr bool decode_rest(std::string_view text, char* out) noexcept {
  const std::int32_t first = base64url_value(text[0]);
  const std::int32_t second = base64url_value(text[1]);
  const std::int32_t third = text.size() == 3 ? base64url_value(text[2]) : 0;
  if ((first | second | third) < 0) return false;
  const auto bits = static_cast<std::uint32_t>(first << 12 | second << 6 | third);
  *out++ = static_cast<char>(bits >> 10 & 0xffU);
  if (text.size() == 2) return (bits & 0x3ffU) == 0;
  *out = static_cast<char>(bits >> 2 & 0xffU);
  return (bits & 0x3U) == 0;
}

/// Decodes a text of possible length; `out` takes exactly what that encodes.
[[gnu::noinline]] constexpr bool decode(std::string_view text, char* out) noexcept {
  for (; text.size() >= 4; text.remove_prefix(4)) {
    const std::int32_t first = base64url_value(text[0]);
    const std::int32_t second = base64url_value(text[1]);
    const std::int32_t third = base64url_value(text[2]);
    const std::int32_t fourth = base64url_value(text[3]);
    if ((first | second | third | fourth) < 0) return false;
    const auto bits = static_cast<std::uint32_t>(first << 18 | second << 12 | third << 6 | fourth);
    *out++ = static_cast<char>(bits >> 16 & 0xffU);
    *out++ = static_cast<char>(bits >> 8 & 0xffU);
    *out++ = static_cast<char>(bits & 0xffU);
  }
  return text.empty() || decode_rest(text, out);
}

}  // namespace base64url::portable

}  // namespace ostiary::detail
