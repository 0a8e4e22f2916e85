// The back end for x86-64 with AVX2. It is compiled whatever the compiler's flags say; base64url.hpp chooses it when
// the program runs.
#pragma once

#include <ostiary/core/base64url/block.hpp>

#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2,lzcnt,popcnt")
#endif

namespace ostiary::detail::base64url::avx2 {

inline __m256i load(const void* bytes) noexcept { return _mm256_loadu_si256(static_cast<const __m256i*>(bytes)); }

inline __m256i twice(const void* sixteen_bytes) noexcept {
  return _mm256_broadcastsi128_si256(_mm_load_si128(static_cast<const __m128i*>(sixteen_bytes)));
}

inline __m256i high_halves(__m256i letters) noexcept {
  return _mm256_and_si256(_mm256_srli_epi16(letters, 4), _mm256_set1_epi8(0x0f));
}

inline std::uint32_t foreign_of(__m256i letters, __m256i high) noexcept {
  // the shuffle looks at the low half only, and answers 0 for bytes from 0x80 on
  const __m256i rows = _mm256_shuffle_epi8(twice(kAlphabetRows.data()), letters);
  const __m256i columns = _mm256_shuffle_epi8(twice(kHighHalfBits.data()), high);
  const __m256i members = _mm256_and_si256(rows, columns);
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(members, _mm256_setzero_si256())));
}

inline std::uint32_t dots_of(__m256i letters) noexcept {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(letters, _mm256_set1_epi8('.'))));
}

inline std::uint64_t joined(std::uint32_t low, std::uint32_t high) noexcept { return std::uint64_t{high} << 32 | low; }

inline BlockBits classify(const char* text) noexcept {
  const __m256i first = load(text);
  const __m256i second = load(text + 32);
  return {joined(foreign_of(first, high_halves(first)), foreign_of(second, high_halves(second))),
          joined(dots_of(first), dots_of(second))};
}

/// 32 characters become 24 bytes; true when all were letters of the alphabet.
inline bool decode_half(const char* text, char* out) noexcept {
  const __m256i letters = load(text);
  const __m256i high = high_halves(letters);
  const __m256i is_underscore = _mm256_cmpeq_epi8(letters, _mm256_set1_epi8('_'));
  const __m256i moves = _mm256_add_epi8(_mm256_shuffle_epi8(twice(kValueMoves.data()), high),
                                        _mm256_and_si256(is_underscore, _mm256_set1_epi8(kUnderscoreMove)));
  const __m256i values = _mm256_add_epi8(letters, moves);
  const __m256i pairs = _mm256_maddubs_epi16(values, _mm256_set1_epi32(0x01400140));
  const __m256i fours = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));
  alignas(16) static constexpr std::int8_t kPacking[16] = {2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1};
  const __m256i twelves = _mm256_shuffle_epi8(fours, twice(kPacking));
  const __m256i bytes = _mm256_permutevar8x32_epi32(twelves, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm256_castsi256_si128(bytes));
  _mm_storel_epi64(reinterpret_cast<__m128i*>(out + 16), _mm256_extracti128_si256(bytes, 1));
  return foreign_of(letters, high) == 0;
}

inline bool decode_block(const char* text, char* out) noexcept {
  const bool first = decode_half(text, out);
  return decode_half(text + 32, out + 24) && first;
}

#include <ostiary/core/base64url/kernel.inc>

}  // namespace ostiary::detail::base64url::avx2

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
