// The back ends for x86-64: AVX2, and SSSE3 for processors without it. Both are compiled whatever the compiler's flags
// say; scan.hpp chooses when the program runs.
#pragma once

#include <ostiary/http/scan/byte_sets.hpp>
#include <ostiary/http/scan/lines.hpp>

#include <immintrin.h>

#if defined(__clang__)
#define OSTIARY_TARGET_BEGIN_AVX2 \
  _Pragma("clang attribute push(__attribute__((target(\"avx2,bmi,bmi2,lzcnt,popcnt\"))), apply_to = function)")
#define OSTIARY_TARGET_BEGIN_SSSE3 \
  _Pragma("clang attribute push(__attribute__((target(\"ssse3\"))), apply_to = function)")
#define OSTIARY_TARGET_END _Pragma("clang attribute pop")
#else
#define OSTIARY_TARGET_BEGIN_AVX2 _Pragma("GCC push_options") _Pragma("GCC target(\"avx2,bmi,bmi2,lzcnt,popcnt\")")
#define OSTIARY_TARGET_BEGIN_SSSE3 _Pragma("GCC push_options") _Pragma("GCC target(\"ssse3\")")
#define OSTIARY_TARGET_END _Pragma("GCC pop_options")
#endif

OSTIARY_TARGET_BEGIN_AVX2
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
OSTIARY_TARGET_END

OSTIARY_TARGET_BEGIN_SSSE3
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
OSTIARY_TARGET_END

#undef OSTIARY_TARGET_BEGIN_AVX2
#undef OSTIARY_TARGET_BEGIN_SSSE3
#undef OSTIARY_TARGET_END
