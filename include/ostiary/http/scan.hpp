// The pass over the lines of a head: one pass over the bytes, in the widest registers the processor has.
//
// Define OSTIARY_PORTABLE to leave out every back end that needs vectors; the verdicts are the same.
#pragma once

#include <ostiary/http/scan/lines.hpp>
#include <ostiary/http/scan/portable.hpp>

#if defined(OSTIARY_PORTABLE)
#elif defined(__x86_64__) && defined(__GNUC__)
#include <ostiary/http/scan/avx2.hpp>
#include <ostiary/http/scan/ssse3.hpp>
#elif defined(__aarch64__) && defined(__ARM_NEON)
#include <ostiary/http/scan/neon.hpp>
#elif defined(__wasm_simd128__)
#include <ostiary/http/scan/wasm.hpp>
#endif

namespace ostiary::detail {

using ReadLines = LineStop (*)(const PaddedBytes&, HeadLines&) noexcept;

/// One way of doing the pass. Static.
struct ScanBackEnd {
  std::string_view name;
  ReadLines read_lines;
  bool usable;  ///< by the processor this runs on
};

/// Every back end that was compiled in, the best first, the portable one last; the differential tests run them all.
inline std::array<ScanBackEnd, 3> scan_back_ends() noexcept {
  constexpr ScanBackEnd kPortable{"portable", portable::read_lines, true};
#if defined(OSTIARY_PORTABLE)
  return {kPortable, kPortable, kPortable};
#elif defined(__x86_64__) && defined(__GNUC__)
  return {ScanBackEnd{"avx2", avx2::read_lines, __builtin_cpu_supports("avx2") != 0},
          ScanBackEnd{"ssse3", ssse3::read_lines, __builtin_cpu_supports("ssse3") != 0}, kPortable};
#elif defined(__aarch64__) && defined(__ARM_NEON)
  return {ScanBackEnd{"neon", neon::read_lines, true}, kPortable, kPortable};
#elif defined(__wasm_simd128__)
  return {ScanBackEnd{"wasm", wasm::read_lines, true}, kPortable, kPortable};
#else
  return {kPortable, kPortable, kPortable};
#endif
}

/// Reads lines with the best back end: one choice for each call.
inline LineStop read_lines(const PaddedBytes& bytes, HeadLines& lines) noexcept {
#if defined(OSTIARY_PORTABLE)
  return portable::read_lines(bytes, lines);
#elif defined(__x86_64__) && defined(__GNUC__)
  if (__builtin_cpu_supports("avx2")) return avx2::read_lines(bytes, lines);
  if (__builtin_cpu_supports("ssse3")) return ssse3::read_lines(bytes, lines);
  return portable::read_lines(bytes, lines);
#elif defined(__aarch64__) && defined(__ARM_NEON)
  return neon::read_lines(bytes, lines);
#elif defined(__wasm_simd128__)
  return wasm::read_lines(bytes, lines);
#else
  return portable::read_lines(bytes, lines);
#endif
}

}  // namespace ostiary::detail
