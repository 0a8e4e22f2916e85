// What the vector back ends say of 64 bytes, and the tables of those with look-ups of 16 bytes.
#pragma once

#include <ostiary/core/base64url/portable.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace ostiary::detail::base64url {

/// Bit i speaks of byte i.
struct BlockBits {
  std::uint64_t breaks;  ///< not in the alphabet
  std::uint64_t dots;
};

/// Bit h of row l says whether the byte 16 * h + l is in the alphabet.
consteval std::array<std::uint8_t, 16> alphabet_rows() {
  std::array<std::uint8_t, 16> rows{};
  for (unsigned byte = 0; byte < 0x80; ++byte) {
    if (kBase64UrlValues[byte] >= 0) rows[byte & 15U] |= static_cast<std::uint8_t>(1U << (byte >> 4));
  }
  return rows;
}

alignas(16) inline constexpr std::array<std::uint8_t, 16> kAlphabetRows = alphabet_rows();

/// The bit of each high half; none for 0x80 and above, so that these are in no row.
alignas(16) inline constexpr std::array<std::uint8_t, 16> kHighHalfBits = {1, 2, 4, 8, 16, 32, 64, 128};

/// What makes a letter its value, by its high half: one run of the alphabet for each half, `_` excepted.
alignas(16) inline constexpr std::array<std::int8_t, 16> kValueMoves = {0,    0,    62 - '-', 52 - '0',
                                                                        -'A', -'A', 26 - 'a', 26 - 'a'};
inline constexpr std::int8_t kUnderscoreMove = 63 - '_' + 'A';

}  // namespace ostiary::detail::base64url
