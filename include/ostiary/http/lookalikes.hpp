// Characters that are no delimiters until a program normalises them for compatibility (Unicode NFKC).
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace ostiary {

/// Code points from `first` to `last`.
struct CodePointRange {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

/// All characters outside ASCII whose NFKC form has one of . / \ % ; ? # : in it. Ascending. Unicode 14.0; a test
/// holds the list against one that was made from the character database.
inline constexpr CodePointRange kLookalikes[] = {
    {0x037e, 0x037e}, {0x2024, 0x2026},   {0x2047, 0x2049}, {0x2100, 0x2101}, {0x2105, 0x2106}, {0x2488, 0x249b},
    {0x2a74, 0x2a74}, {0x33c2, 0x33c2},   {0x33c7, 0x33c7}, {0x33d8, 0x33d8}, {0xfe13, 0xfe14}, {0xfe16, 0xfe16},
    {0xfe19, 0xfe19}, {0xfe30, 0xfe30},   {0xfe52, 0xfe52}, {0xfe54, 0xfe56}, {0xfe5f, 0xfe5f}, {0xfe68, 0xfe68},
    {0xfe6a, 0xfe6a}, {0xff03, 0xff03},   {0xff05, 0xff05}, {0xff0e, 0xff0f}, {0xff1a, 0xff1b}, {0xff1f, 0xff1f},
    {0xff3c, 0xff3c}, {0x1f100, 0x1f100},
};

/// Whether compatibility normalisation turns the character into a dot, a separator or another delimiter. Pure.
[[nodiscard]] constexpr bool is_lookalike(std::uint32_t code_point) noexcept {
  const CodePointRange* const range =
      std::find_if(std::begin(kLookalikes), std::end(kLookalikes),
                   [code_point](const CodePointRange& candidate) { return code_point <= candidate.last; });
  return range != std::end(kLookalikes) && code_point >= range->first;
}

}  // namespace ostiary
