// Sets of ASCII bytes in the form that vector look-ups take: one byte for each low half, one bit for each high half.
#pragma once

#include <ostiary/http/characters.hpp>
#include <ostiary/http/known_field_table.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostiary::detail {

/// Bit h of row l says whether the byte 16 * h + l is a member. Bytes from 0x80 on never are.
struct ByteSet {
  alignas(16) std::array<std::uint8_t, 16> rows{};

  constexpr void add(unsigned byte) noexcept { rows[byte & 15U] |= static_cast<std::uint8_t>(1U << (byte >> 4)); }
};

consteval ByteSet byte_set(CharClass which, std::string_view more = {}) {
  ByteSet set;
  for (unsigned byte = 0; byte < 0x80; ++byte) {
    if (has_class(static_cast<char>(byte), which)) set.add(byte);
  }
  for (const char c : more) set.add(static_cast<unsigned char>(c));
  return set;
}

/// What a host name in canonical form is made of.
consteval ByteSet host_set() {
  ByteSet set;
  for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyz0123456789-."))
    set.add(static_cast<unsigned char>(c));
  return set;
}

inline constexpr ByteSet kNameSet = byte_set(CharClass::kFieldName);
inline constexpr ByteSet kPathSet = byte_set(CharClass::kPathPlain, "/");
inline constexpr ByteSet kHostSet = host_set();

/// The bit of each high half; none for 0x80 and above.
alignas(16) inline constexpr std::array<std::uint8_t, 16> kHighHalfBits = {1, 2, 4, 8, 16, 32, 64, 128};

}  // namespace ostiary::detail
