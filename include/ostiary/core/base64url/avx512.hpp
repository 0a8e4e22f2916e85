// The back end for x86-64 with AVX-512 VBMI, whose one look-up reaches over all of ASCII. It is compiled whatever the
// compiler's flags say; base64url.hpp chooses it when the program runs.
#pragma once

#include <ostiary/core/base64url/block.hpp>

#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vbmi,bmi,bmi2,popcnt"))), \
                             apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vbmi,bmi,bmi2,popcnt")
#endif

namespace ostiary::detail::base64url::avx512 {

struct Values {
  __m512i values;
  std::uint64_t foreign;
};

/// The value of each letter; the sign bit marks what is none, bytes from 0x80 on by themselves.
inline Values values_of(__m512i letters) noexcept {
  const __m512i values = _mm512_permutex2var_epi8(_mm512_load_si512(kBase64UrlValues.data()), letters,
                                                  _mm512_load_si512(kBase64UrlValues.data() + 64));
  return {values, _mm512_movepi8_mask(_mm512_or_si512(values, letters))};
}

inline BlockBits classify(const char* text) noexcept {
  const __m512i letters = _mm512_loadu_si512(text);
  return {values_of(letters).foreign, _mm512_cmpeq_epi8_mask(letters, _mm512_set1_epi8('.'))};
}

/// Where the three bytes of each four values stand, the most significant first.
consteval std::array<std::uint8_t, 64> packing() {
  std::array<std::uint8_t, 64> places{};
  for (unsigned i = 0; i < 48; ++i) places[i] = static_cast<std::uint8_t>(i / 3 * 4 + 2 - i % 3);
  return places;
}
alignas(64) inline constexpr std::array<std::uint8_t, 64> kPacking = packing();

// GCC 12 takes the forms without a mask for uses of uninitialised variables (GCC bug 105593).
inline constexpr std::uint64_t kEvery = ~std::uint64_t{0};

inline bool decode_block(const char* text, char* out) noexcept {
  const Values read = values_of(_mm512_loadu_si512(text));
  const __m512i pairs = _mm512_maddubs_epi16(read.values, _mm512_set1_epi32(0x01400140));
  const __m512i fours = _mm512_madd_epi16(pairs, _mm512_set1_epi32(0x00011000));
  const __m512i bytes = _mm512_maskz_permutexvar_epi8(kEvery, _mm512_load_si512(kPacking.data()), fours);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), _mm512_maskz_extracti64x4_epi64(0xf, bytes, 0));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 32), _mm512_maskz_extracti32x4_epi32(0xf, bytes, 2));
  return read.foreign == 0;
}

#include <ostiary/core/base64url/kernel.inc>

}  // namespace ostiary::detail::base64url::avx512

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
