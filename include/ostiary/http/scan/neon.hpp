// The back end for 64-bit ARM, where NEON is always there.
#pragma once

#include <ostiary/http/scan/byte_sets.hpp>
#include <ostiary/http/scan/lines.hpp>

#include <arm_neon.h>

namespace ostiary::detail::neon {

struct Block {
  uint8x16_t low;
  uint8x16_t high;
};

inline Block load(const void* bytes) noexcept {
  const auto* const text = static_cast<const std::uint8_t*>(bytes);
  return {vld1q_u8(text), vld1q_u8(text + 16)};
}

/// Bit i says whether byte i of the two comparisons is all ones.
inline std::uint32_t bits_of(uint8x16_t low, uint8x16_t high) noexcept {
  alignas(16) static constexpr std::uint8_t kWeights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x16_t weights = vld1q_u8(kWeights);
  uint8x16_t sums = vpaddq_u8(vandq_u8(low, weights), vandq_u8(high, weights));
  sums = vpaddq_u8(sums, sums);
  sums = vpaddq_u8(sums, sums);
  return vgetq_lane_u32(vreinterpretq_u32_u8(sums), 0);
}

inline uint8x16_t half_breaks(uint8x16_t half) noexcept {
  return vcgtq_u8(vsubq_u8(half, vdupq_n_u8(0x20)), vdupq_n_u8(0x5e));
}

inline std::uint32_t breaks_of(Block block) noexcept {
  return bits_of(half_breaks(block.low), half_breaks(block.high));
}

inline std::uint32_t equal_to(Block block, char c) noexcept {
  const uint8x16_t wanted = vdupq_n_u8(static_cast<std::uint8_t>(c));
  return bits_of(vceqq_u8(block.low, wanted), vceqq_u8(block.high, wanted));
}

inline uint8x16_t half_members(uint8x16_t half, const ByteSet& set) noexcept {
  const uint8x16_t rows = vqtbl1q_u8(vld1q_u8(set.rows.data()), vandq_u8(half, vdupq_n_u8(0x0f)));
  const uint8x16_t columns = vqtbl1q_u8(vld1q_u8(kHighHalfBits.data()), vshrq_n_u8(half, 4));
  return vtstq_u8(rows, columns);
}

inline std::uint32_t members_of(Block block, const ByteSet& set) noexcept {
  return bits_of(half_members(block.low, set), half_members(block.high, set));
}

inline FieldId find_block(Block block, std::size_t size) noexcept {
  const Block keep = load(kNames.keep.data() + kKnownNameSizeMax - size);
  const uint8x16_t bit = vdupq_n_u8(kCaseBit);
  NameWords words;
  auto* const bytes = reinterpret_cast<std::uint8_t*>(words.data());
  vst1q_u8(bytes, vandq_u8(vorrq_u8(block.low, bit), keep.low));
  vst1q_u8(bytes + 16, vandq_u8(vorrq_u8(block.high, bit), keep.high));
  return find_words(words, size);
}

#include <ostiary/http/scan/vector.inc>
//
#include <ostiary/http/scan/kernel.inc>

}  // namespace ostiary::detail::neon
