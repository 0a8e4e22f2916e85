// Where the slashes of a path are, sixteen bytes at a time. Every x86-64 has these instructions.
#pragma once

#include <emmintrin.h>

#include <cstdint>

namespace ostiary::detail::sse2 {

/// Bit i is set when byte i of the sixteen is a slash.
[[nodiscard]] inline std::uint64_t slashes_of(const char* bytes) noexcept {
  const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
  return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(block, _mm_set1_epi8('/'))));
}

}  // namespace ostiary::detail::sse2
