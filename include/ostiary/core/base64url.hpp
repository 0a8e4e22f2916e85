// base64url without padding (RFC 4648 §5, RFC 7515 §2): one spelling per byte string.
//
// Define OSTIARY_PORTABLE to leave out every back end that needs vectors; the answers are the same.
#pragma once

#include <ostiary/core/base64url/portable.hpp>

#if defined(OSTIARY_PORTABLE)
#elif defined(__x86_64__) && defined(__GNUC__)
#include <ostiary/core/base64url/avx2.hpp>
#include <ostiary/core/base64url/avx512.hpp>
#elif defined(__aarch64__) && defined(__ARM_NEON)
#include <ostiary/core/base64url/neon.hpp>
#endif

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>

namespace ostiary {

namespace detail {

/// One way of reading base64url. Static.
struct Base64UrlBackEnd {
  std::string_view name;
  DottedText (*read_dotted)(std::string_view) noexcept;
  bool (*decode)(std::string_view, char*) noexcept;
  bool usable;  ///< by the processor this runs on
};

/// Every back end that was compiled in, the best first, the portable one last; the differential tests run them all.
inline std::array<Base64UrlBackEnd, 3> base64url_back_ends() noexcept {
  constexpr Base64UrlBackEnd kPortable{"portable", base64url::portable::read_dotted, base64url::portable::decode, true};
#if defined(OSTIARY_PORTABLE)
  return {kPortable, kPortable, kPortable};
#elif defined(__x86_64__) && defined(__GNUC__)
  return {Base64UrlBackEnd{"avx512", base64url::avx512::read_dotted, base64url::avx512::decode,
                           __builtin_cpu_supports("avx512vbmi") != 0 && __builtin_cpu_supports("avx512bw") != 0},
          Base64UrlBackEnd{"avx2", base64url::avx2::read_dotted, base64url::avx2::decode,
                           __builtin_cpu_supports("avx2") != 0},
          kPortable};
#elif defined(__aarch64__) && defined(__ARM_NEON)
  return {Base64UrlBackEnd{"neon", base64url::neon::read_dotted, base64url::neon::decode, true}, kPortable, kPortable};
#else
  return {kPortable, kPortable, kPortable};
#endif
}

inline DottedText read_dotted_fast(std::string_view text) noexcept {
#if defined(OSTIARY_PORTABLE)
  return base64url::portable::read_dotted(text);
#elif defined(__x86_64__) && defined(__GNUC__)
  if (__builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512bw")) {
    return base64url::avx512::read_dotted(text);
  }
  if (__builtin_cpu_supports("avx2")) return base64url::avx2::read_dotted(text);
  return base64url::portable::read_dotted(text);
#elif defined(__aarch64__) && defined(__ARM_NEON)
  return base64url::neon::read_dotted(text);
#else
  return base64url::portable::read_dotted(text);
#endif
}

inline bool base64url_decode_fast(std::string_view text, char* out) noexcept {
#if defined(OSTIARY_PORTABLE)
  return base64url::portable::decode(text, out);
#elif defined(__x86_64__) && defined(__GNUC__)
  if (__builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512bw")) {
    return base64url::avx512::decode(text, out);
  }
  if (__builtin_cpu_supports("avx2")) return base64url::avx2::decode(text, out);
  return base64url::portable::decode(text, out);
#elif defined(__aarch64__) && defined(__ARM_NEON)
  return base64url::neon::decode(text, out);
#else
  return base64url::portable::decode(text, out);
#endif
}

/// Finds the dots of a text, and the first byte that is neither a dot nor in the alphabet. Pure.
[[nodiscard]] constexpr DottedText read_dotted(std::string_view text) noexcept {
  return std::is_constant_evaluated() ? base64url::portable::read_dotted(text) : read_dotted_fast(text);
}

}  // namespace detail

[[nodiscard]] constexpr bool is_base64url(char c) noexcept { return detail::base64url_value(c) >= 0; }

/// Decoded size of `length` characters. A length of 1 modulo 4 encodes nothing (RFC 4648 §4).
[[nodiscard]] constexpr std::size_t base64url_decoded_size(std::size_t length) noexcept {
  return length / 4 * 3 + (length % 4 == 0 ? 0 : length % 4 - 1);
}

/// Decodes `text` into `out`, which must hold base64url_decoded_size(text.size()) bytes; no more are written, and what
/// they are after a refusal means nothing.
/// False for any foreign byte, an impossible length, or unused bits that are not zero. Pure.
[[nodiscard]] constexpr bool base64url_decode(std::string_view text, std::span<char> out) noexcept {
  if (text.size() % 4 == 1 || out.size() < base64url_decoded_size(text.size())) return false;
  if (std::is_constant_evaluated()) return detail::base64url::portable::decode(text, out.data());
  return detail::base64url_decode_fast(text, out.data());
}

}  // namespace ostiary
