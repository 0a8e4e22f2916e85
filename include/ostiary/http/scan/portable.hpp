// The back end without vectors: eight bytes at a time, or one.
#pragma once

#include <ostiary/http/scan/lines.hpp>

namespace ostiary::detail::portable {

inline constexpr std::uint64_t kEveryByte = 0x0101010101010101U;

/// The top bit of every byte that is not printable ASCII. No carry leaves its byte, so the answer is exact.
constexpr std::uint64_t break_bits(std::uint64_t word) noexcept {
  const std::uint64_t low = word & 0x7f * kEveryByte;
  const std::uint64_t not_below_space = low + 0x60 * kEveryByte;
  const std::uint64_t is_del = low + kEveryByte;
  return (~not_below_space | is_del | word) & 0x80 * kEveryByte;
}

/// Has no top bit set only when break_bits is 0; cheaper, because carries may leave their byte.
constexpr std::uint64_t hints(std::uint64_t word) noexcept {
  return (word - 0x20 * kEveryByte) | (word + kEveryByte) | word;
}

/// One bit for each of eight bytes: not printable ASCII.
constexpr std::uint64_t gathered_breaks(std::uint64_t word) noexcept {
  // every product bit above 56 has one source
  return (break_bits(word) >> 7) * 0x0102040810204080U >> 56;
}

/// One bit for each of 64 bytes: not printable ASCII. Two words are asked at once, because most have nothing to tell.
inline std::uint64_t text_breaks(const char* text) noexcept {
  std::uint64_t breaks = 0;
  for (unsigned i = 0; i < 64; i += 16) {
    const std::uint64_t first = read_word(text + i);
    const std::uint64_t second = read_word(text + i + 8);
    if (((hints(first) | hints(second)) & 0x80 * kEveryByte) == 0) continue;
    breaks |= (gathered_breaks(first) | gathered_breaks(second) << 8) << i;
  }
  return breaks;
}

/// Where the first of 32 bytes that is a colon stands; 32 when none is.
inline std::size_t colon_at(const char* text) noexcept {
  for (std::size_t i = 0; i < kKnownNameSizeMax; i += 8) {
    const std::uint64_t word = read_word(text + i) ^ ':' * kEveryByte;            // colons are zero now
    const std::uint64_t zeros = (word - kEveryByte) & ~word & 0x80 * kEveryByte;  // the lowest one is exact
    if (zeros != 0) return i + static_cast<std::size_t>(std::countr_zero(zeros)) / 8;
  }
  return kKnownNameSizeMax;
}

/// Whether the first `size` bytes, at most 32, may all stand in a plain field name.
inline bool is_plain_name(const char* text, std::size_t size) noexcept {
  std::size_t at = 0;
  while (at < size && has_class(text[at], CharClass::kFieldName)) ++at;
  return at == size;
}

inline FieldId find_name(const char* text, std::size_t size) noexcept {
  NameWords words{};
  for (std::size_t i = 0; i < words.size() && i * 8 < size; ++i) {
    const std::size_t left = size - i * 8;
    const std::uint64_t keep = left >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << left * 8) - 1;
    words[i] = (read_word(text + i * 8) | kCaseBit * kEveryByte) & keep;
  }
  return find_words(words, size);
}

/// The size of the path that starts here when it is canonical as it stands and nothing is to be told of it: plain
/// bytes, no empty segment and none that starts or ends with a dot. 0 when it is not.
inline std::uint32_t plain_path_size(const PaddedBytes& bytes, std::uint32_t begin) noexcept {
  const char* at = bytes.data() + begin;
  if (*at != '/') return 0;
  for (;; ++at) {
    if (has_class(*at, CharClass::kPathPlain)) continue;
    if (at[-1] == '.') return 0;  // the first byte is a slash, and there is a method before it
    if (*at != '/') return static_cast<std::uint32_t>(at - bytes.data()) - begin;  // the CR at the latest
    if (at[1] == '/' || at[1] == '.') return 0;
  }
}

/// Reads the start of a value of 1 to 63 bytes.
inline HostBits read_host_bits(const PaddedBytes& bytes, Span value) noexcept {
  HostBits bits;
  for (; bits.size < value.length; ++bits.size) {
    const char c = bytes[value.offset + bits.size];
    const std::uint64_t bit = std::uint64_t{1} << bits.size;
    if (c == '.') {
      bits.dots |= bit;
    } else if (c == '-') {
      bits.hyphens |= bit;
    } else if (!is_digit(c) && (c < 'a' || c > 'z')) {
      break;
    }
  }
  return bits;
}

/// Whether the byte stands in the value.
inline bool holds(const PaddedBytes& bytes, Span value, char wanted) noexcept {
  return std::memchr(bytes.data() + value.offset, wanted, value.length) != nullptr;
}

#include <ostiary/http/scan/kernel.inc>

}  // namespace ostiary::detail::portable
