// The back end for WebAssembly with 128-bit vectors (-msimd128).
#pragma once

#include <ostiary/http/scan/byte_sets.hpp>
#include <ostiary/http/scan/lines.hpp>

#include <wasm_simd128.h>

namespace ostiary::detail::wasm {

struct Block {
  v128_t low;
  v128_t high;
};

inline Block load(const void* bytes) noexcept {
  const auto* const text = static_cast<const char*>(bytes);
  return {wasm_v128_load(text), wasm_v128_load(text + 16)};
}

inline std::uint32_t bits_of(v128_t low, v128_t high) noexcept {
  return static_cast<std::uint32_t>(wasm_i8x16_bitmask(high)) << 16 |
         static_cast<std::uint32_t>(wasm_i8x16_bitmask(low));
}

inline v128_t half_breaks(v128_t half) noexcept {
  return wasm_u8x16_gt(wasm_i8x16_sub(half, wasm_u8x16_splat(0x20)), wasm_u8x16_splat(0x5e));
}

inline std::uint32_t breaks_of(Block block) noexcept {
  return bits_of(half_breaks(block.low), half_breaks(block.high));
}

inline std::uint32_t equal_to(Block block, char c) noexcept {
  const v128_t wanted = wasm_i8x16_splat(c);
  return bits_of(wasm_i8x16_eq(block.low, wanted), wasm_i8x16_eq(block.high, wanted));
}

inline v128_t half_members(v128_t half, const ByteSet& set) noexcept {
  const v128_t rows = wasm_i8x16_swizzle(wasm_v128_load(set.rows.data()), wasm_v128_and(half, wasm_u8x16_splat(0x0f)));
  const v128_t columns = wasm_i8x16_swizzle(wasm_v128_load(kHighHalfBits.data()), wasm_u8x16_shr(half, 4));
  return wasm_i8x16_ne(wasm_v128_and(rows, columns), wasm_i8x16_splat(0));
}

inline std::uint32_t members_of(Block block, const ByteSet& set) noexcept {
  return bits_of(half_members(block.low, set), half_members(block.high, set));
}

inline FieldId find_block(Block block, std::size_t size) noexcept {
  const Block keep = load(kNames.keep.data() + kKnownNameSizeMax - size);
  const v128_t bit = wasm_u8x16_splat(kCaseBit);
  NameWords words;
  auto* const bytes = reinterpret_cast<char*>(words.data());
  wasm_v128_store(bytes, wasm_v128_and(wasm_v128_or(block.low, bit), keep.low));
  wasm_v128_store(bytes + 16, wasm_v128_and(wasm_v128_or(block.high, bit), keep.high));
  return find_words(words, size);
}

#include <ostiary/http/scan/vector.inc>
//
#include <ostiary/http/scan/kernel.inc>

}  // namespace ostiary::detail::wasm
