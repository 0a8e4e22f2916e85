// The back end for 64-bit ARM, where NEON is always there.
#pragma once

#include <ostiary/core/base64url/block.hpp>

#include <arm_neon.h>

namespace ostiary::detail::base64url::neon {

/// Bit i says whether byte i of the four comparisons is all ones.
inline std::uint64_t bits_of(uint8x16_t a, uint8x16_t b, uint8x16_t c, uint8x16_t d) noexcept {
  alignas(16) static constexpr std::uint8_t kWeights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x16_t weights = vld1q_u8(kWeights);
  const uint8x16_t low = vpaddq_u8(vandq_u8(a, weights), vandq_u8(b, weights));
  const uint8x16_t high = vpaddq_u8(vandq_u8(c, weights), vandq_u8(d, weights));
  const uint8x16_t sums = vpaddq_u8(low, high);
  return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(sums, sums)), 0);
}

inline uint8x16_t is_dot(uint8x16_t letters) noexcept { return vceqq_u8(letters, vdupq_n_u8('.')); }

inline uint8x16_t is_letter(uint8x16_t letters) noexcept {
  const uint8x16_t rows = vqtbl1q_u8(vld1q_u8(kAlphabetRows.data()), vandq_u8(letters, vdupq_n_u8(0x0f)));
  const uint8x16_t columns = vqtbl1q_u8(vld1q_u8(kHighHalfBits.data()), vshrq_n_u8(letters, 4));
  return vtstq_u8(rows, columns);
}

inline BlockBits classify(const char* text) noexcept {
  const uint8x16x4_t block = vld1q_u8_x4(reinterpret_cast<const std::uint8_t*>(text));
  const auto& part = block.val;
  const std::uint64_t dots = bits_of(is_dot(part[0]), is_dot(part[1]), is_dot(part[2]), is_dot(part[3]));
  const std::uint64_t letters = bits_of(is_letter(part[0]), is_letter(part[1]), is_letter(part[2]), is_letter(part[3]));
  return {~letters, dots};
}

inline uint8x16_t value_of(uint8x16_t letters) noexcept {
  const uint8x16_t moves = vqtbl1q_u8(vreinterpretq_u8_s8(vld1q_s8(kValueMoves.data())), vshrq_n_u8(letters, 4));
  const uint8x16_t is_underscore = vceqq_u8(letters, vdupq_n_u8('_'));
  return vaddq_u8(letters, vaddq_u8(moves, vandq_u8(is_underscore, vdupq_n_u8(kUnderscoreMove))));
}

inline bool decode_block(const char* text, char* out) noexcept {
  const uint8x16x4_t letters = vld4q_u8(reinterpret_cast<const std::uint8_t*>(text));
  const uint8x16_t first = value_of(letters.val[0]);
  const uint8x16_t second = value_of(letters.val[1]);
  const uint8x16_t third = value_of(letters.val[2]);
  const uint8x16_t fourth = value_of(letters.val[3]);
  uint8x16x3_t bytes;
  bytes.val[0] = vorrq_u8(vshlq_n_u8(first, 2), vshrq_n_u8(second, 4));
  bytes.val[1] = vorrq_u8(vshlq_n_u8(second, 4), vshrq_n_u8(third, 2));
  bytes.val[2] = vorrq_u8(vshlq_n_u8(third, 6), fourth);
  vst3q_u8(reinterpret_cast<std::uint8_t*>(out), bytes);
  const uint8x16_t all = vandq_u8(vandq_u8(is_letter(letters.val[0]), is_letter(letters.val[1])),
                                  vandq_u8(is_letter(letters.val[2]), is_letter(letters.val[3])));
  return vminvq_u8(all) != 0;
}

#include <ostiary/core/base64url/kernel.inc>

}  // namespace ostiary::detail::base64url::neon
