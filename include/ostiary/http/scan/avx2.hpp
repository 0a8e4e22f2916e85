// The back end for x86-64 with AVX2. It is compiled whatever the compiler's flags say; scan.hpp chooses it when the
// program runs.
#pragma once

#include <ostiary/http/scan/byte_sets.hpp>
#include <ostiary/http/scan/lines.hpp>

#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2,lzcnt,popcnt")
#endif

namespace ostiary::detail::avx2 {

using Block = __m256i;

inline Block load(const void* bytes) noexcept { return _mm256_loadu_si256(static_cast<const __m256i*>(bytes)); }

inline std::uint32_t bits_of(Block block) noexcept { return static_cast<std::uint32_t>(_mm256_movemask_epi8(block)); }

/// Keeps the compiler from turning one comparison with a constant into two instructions.
inline Block opaque(Block constant) noexcept {
  asm("" : "+x"(constant));
  return constant;
}

inline std::uint32_t breaks_of(Block block) noexcept {
  // 0x20 to 0x7e become 0x21 to 0x7f; everything else becomes less, bytes from 0x80 on being negative
  const Block moved = _mm256_add_epi8(block, _mm256_set1_epi8(1));
  return bits_of(_mm256_cmpgt_epi8(opaque(_mm256_set1_epi8(0x21)), moved));
}

inline std::uint32_t equal_to(Block block, char c) noexcept {
  return bits_of(_mm256_cmpeq_epi8(block, _mm256_set1_epi8(c)));
}

inline Block twice(const void* sixteen_bytes) noexcept {
  return _mm256_broadcastsi128_si256(_mm_load_si128(static_cast<const __m128i*>(sixteen_bytes)));
}

inline std::uint32_t members_of(Block block, const ByteSet& set) noexcept {
  const Block low_half = _mm256_set1_epi8(0x0f);
  // the shuffle answers 0 for bytes from 0x80 on, which are in no set
  const Block rows = _mm256_shuffle_epi8(twice(set.rows.data()), _mm256_and_si256(block, _mm256_set1_epi8(-113)));
  const Block high = _mm256_and_si256(_mm256_srli_epi16(block, 4), low_half);
  const Block columns = _mm256_shuffle_epi8(twice(kHighHalfBits.data()), high);
  return ~bits_of(_mm256_cmpeq_epi8(_mm256_and_si256(rows, columns), _mm256_setzero_si256()));
}

/// The field whose name is the first `size` bytes of the block; see known_fields.hpp.
inline FieldId find_block(Block block, std::size_t size) noexcept {
  const Block lower = _mm256_or_si256(block, load(kNames.case_bits.data()));
  const Block name = _mm256_and_si256(lower, load(kNames.keep.data() + kKnownNameSizeMax - size));
  const __m128i words = _mm256_castsi256_si128(name);
  const std::uint8_t row = kFieldHashSlots[name_hash(static_cast<std::uint64_t>(_mm_cvtsi128_si64(words)),
                                                     static_cast<std::uint64_t>(_mm_extract_epi64(words, 1)), size)];
  const Block known = _mm256_load_si256(reinterpret_cast<const __m256i*>(kNames.words[row].data()));
  return bits_of(_mm256_cmpeq_epi8(known, name)) == 0xffffffffU ? static_cast<FieldId>(row) : FieldId::kUnknown;
}

#include <ostiary/http/scan/vector.inc>
//
#include <ostiary/http/scan/kernel.inc>

}  // namespace ostiary::detail::avx2

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
