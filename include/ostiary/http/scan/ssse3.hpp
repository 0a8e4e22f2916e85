// The back end for x86-64 without AVX2. It is compiled whatever the compiler's flags say; scan.hpp chooses it when the
// program runs.
#pragma once

#include <ostiary/http/scan/byte_sets.hpp>
#include <ostiary/http/scan/lines.hpp>

#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("ssse3"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("ssse3")
#endif

namespace ostiary::detail::ssse3 {

struct Block {
  __m128i low;
  __m128i high;
};

inline Block load(const void* bytes) noexcept {
  const auto* const halves = static_cast<const __m128i*>(bytes);
  return {_mm_loadu_si128(halves), _mm_loadu_si128(halves + 1)};
}

inline std::uint32_t bits_of(__m128i low, __m128i high) noexcept {
  return static_cast<std::uint32_t>(_mm_movemask_epi8(high)) << 16 | static_cast<std::uint32_t>(_mm_movemask_epi8(low));
}

inline std::uint32_t breaks_of(Block block) noexcept {
  const __m128i move = _mm_set1_epi8(1);  // as in the AVX2 back end
  const __m128i least = _mm_set1_epi8(0x21);
  return bits_of(_mm_cmplt_epi8(_mm_add_epi8(block.low, move), least),
                 _mm_cmplt_epi8(_mm_add_epi8(block.high, move), least));
}

inline std::uint32_t equal_to(Block block, char c) noexcept {
  return bits_of(_mm_cmpeq_epi8(block.low, _mm_set1_epi8(c)), _mm_cmpeq_epi8(block.high, _mm_set1_epi8(c)));
}

inline __m128i not_members_of(__m128i half, const ByteSet& set) noexcept {
  const __m128i table = _mm_load_si128(reinterpret_cast<const __m128i*>(set.rows.data()));
  const __m128i bits = _mm_load_si128(reinterpret_cast<const __m128i*>(kHighHalfBits.data()));
  const __m128i rows = _mm_shuffle_epi8(table, _mm_and_si128(half, _mm_set1_epi8(-113)));
  const __m128i columns = _mm_shuffle_epi8(bits, _mm_and_si128(_mm_srli_epi16(half, 4), _mm_set1_epi8(0x0f)));
  return _mm_cmpeq_epi8(_mm_and_si128(rows, columns), _mm_setzero_si128());
}

inline std::uint32_t members_of(Block block, const ByteSet& set) noexcept {
  return ~bits_of(not_members_of(block.low, set), not_members_of(block.high, set));
}

inline FieldId find_block(Block block, std::size_t size) noexcept {
  const Block keep = load(kNames.keep.data() + kKnownNameSizeMax - size);
  const __m128i bit = _mm_set1_epi8(kCaseBit);
  NameWords words;
  auto* const halves = reinterpret_cast<__m128i*>(words.data());
  _mm_storeu_si128(halves, _mm_and_si128(_mm_or_si128(block.low, bit), keep.low));
  _mm_storeu_si128(halves + 1, _mm_and_si128(_mm_or_si128(block.high, bit), keep.high));
  return find_words(words, size);
}

#include <ostiary/http/scan/vector.inc>
//
#include <ostiary/http/scan/kernel.inc>

}  // namespace ostiary::detail::ssse3

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
