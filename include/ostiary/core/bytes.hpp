// Positions in a caller's buffer, and the few byte predicates every room needs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace ostiary {

/// A run of bytes as offset and length in a buffer the caller owns. It survives moving the buffer.
/// Absent is a value of its own: a present span may be empty. Plain data, no lifetime.
struct Span {
  static constexpr std::uint32_t kAbsentOffset = 0xffffffffU;

  std::uint32_t offset = kAbsentOffset;
  std::uint32_t length = 0;

  [[nodiscard]] constexpr bool present() const noexcept { return offset != kAbsentOffset; }

  /// The bytes of the span in `buffer`; empty when absent. Borrows `buffer`. Pure.
  [[nodiscard]] constexpr std::string_view in(std::string_view buffer) const noexcept {
    return present() ? std::string_view(buffer.data() + offset, length) : std::string_view();
  }

  friend constexpr bool operator==(const Span&, const Span&) noexcept = default;
};

/// ASCII letters folded to lower case; every other byte is returned as it is. Locale plays no part.
[[nodiscard]] constexpr char ascii_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

[[nodiscard]] constexpr bool is_alpha(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// The value of a hexadecimal digit, or -1.
[[nodiscard]] constexpr int hex_value(char c) noexcept {
  if (is_digit(c)) return c - '0';
  const char lower = ascii_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// True when `text` equals `lower`, which must already be in lower case, without regard to ASCII case.
[[nodiscard]] constexpr bool equals_ignoring_case(std::string_view text, std::string_view lower) noexcept {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (ascii_lower(text[i]) != lower[i]) return false;
  }
  return true;
}

namespace detail {

/// Whether `size` bytes are equal, for sizes from one Word to two of them: the ends may overlap.
template <typename Word>
[[nodiscard]] inline bool equal_ends(const char* a, const char* b, std::size_t size) noexcept {
  Word first_a, first_b, last_a, last_b;
  std::memcpy(&first_a, a, sizeof(Word));
  std::memcpy(&first_b, b, sizeof(Word));
  std::memcpy(&last_a, a + size - sizeof(Word), sizeof(Word));
  std::memcpy(&last_b, b + size - sizeof(Word), sizeof(Word));
  return ((first_a ^ first_b) | (last_a ^ last_b)) == 0;
}

}  // namespace detail

/// Whether two texts are equal. Names and values in policies are short: for those a call takes longer than the work.
/// Not for secrets. Pure.
[[nodiscard]] inline bool equal_texts(std::string_view a, std::string_view b) noexcept {
  const std::size_t size = a.size();
  if (size != b.size()) return false;
  if (size > 16) return std::memcmp(a.data(), b.data(), size) == 0;
  if (size >= 8) return detail::equal_ends<std::uint64_t>(a.data(), b.data(), size);
  if (size >= 4) return detail::equal_ends<std::uint32_t>(a.data(), b.data(), size);
  for (std::size_t i = 0; i < size; ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

}  // namespace ostiary
