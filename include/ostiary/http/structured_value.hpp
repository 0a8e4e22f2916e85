// The values of structured fields (RFC 9651 §3): what reading gives and writing takes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ostiary::structured {

enum class Kind : std::uint8_t {
  kNone = 0,  ///< nothing; what a failed read holds, and what cannot be written
  kInteger,
  kDecimal,
  kString,
  kToken,
  kBytes,
  kBoolean,
  kDate,
  kDisplayString,
};

/// One value without parameters (RFC 9651 §3.3). Borrows the text that was read, or the scratch memory where a string
/// had to be unescaped or bytes decoded.
struct BareItem {
  Kind kind = Kind::kNone;
  std::int64_t number = 0;  ///< kInteger; kDecimal in thousandths; kDate in seconds since 1970; kBoolean 0 or 1
  std::string_view text;    ///< kString and kToken; kBytes decoded; kDisplayString in UTF-8

  [[nodiscard]] static constexpr BareItem integer(std::int64_t value) noexcept { return {Kind::kInteger, value, {}}; }
  /// `thousandths` of one; see nearest_decimal for other scales.
  [[nodiscard]] static constexpr BareItem decimal(std::int64_t thousandths) noexcept {
    return {Kind::kDecimal, thousandths, {}};
  }
  [[nodiscard]] static constexpr BareItem string(std::string_view text) noexcept { return {Kind::kString, 0, text}; }
  [[nodiscard]] static constexpr BareItem token(std::string_view text) noexcept { return {Kind::kToken, 0, text}; }
  [[nodiscard]] static constexpr BareItem bytes(std::string_view bytes) noexcept { return {Kind::kBytes, 0, bytes}; }
  [[nodiscard]] static constexpr BareItem boolean(bool value) noexcept { return {Kind::kBoolean, value ? 1 : 0, {}}; }
  [[nodiscard]] static constexpr BareItem date(std::int64_t seconds) noexcept { return {Kind::kDate, seconds, {}}; }
  [[nodiscard]] static constexpr BareItem display_string(std::string_view utf8) noexcept {
    return {Kind::kDisplayString, 0, utf8};
  }

  [[nodiscard]] constexpr bool is_true() const noexcept { return kind == Kind::kBoolean && number == 1; }

  friend constexpr bool operator==(const BareItem&, const BareItem&) noexcept = default;
};

struct Parameter {
  std::string_view key;
  BareItem value;

  friend constexpr bool operator==(const Parameter&, const Parameter&) noexcept = default;
};

namespace detail {

template <typename Keyed>
[[nodiscard]] constexpr const Keyed* find_key(std::span<const Keyed> all, std::string_view key) noexcept {
  for (const Keyed& one : all) {
    if (one.key == key) return &one;
  }
  return nullptr;
}

}  // namespace detail

/// Parameters in their order, each key once (RFC 9651 §3.1.2).
struct Parameters {
  std::span<const Parameter> all;
  bool repeated_key = false;  ///< a key stood more than once; its last value stands in the place of its first

  /// Nullptr when there is no such parameter. Pure.
  [[nodiscard]] constexpr const BareItem* find(std::string_view key) const noexcept {
    const Parameter* const found = detail::find_key(all, key);
    return found == nullptr ? nullptr : &found->value;
  }
};

/// A value with parameters (RFC 9651 §3.3).
struct Item {
  BareItem value;
  Parameters parameters;
  std::string_view source;  ///< as it stood in the field, parameters included; writing does not look at it
};

/// A member of a list or a dictionary: an item or an inner list.
struct Member {
  std::string_view key;        ///< of a dictionary
  bool is_inner_list = false;  ///< then `items` counts, else `value`
  BareItem value;
  std::span<const Item> items;
  Parameters parameters;
  /// As it stood in the field: the value and its parameters; for a member without `=` the parameters alone.
  std::string_view source;
};

/// RFC 9651 §3.1. Empty means that there was no member: such a field is not sent at all.
struct List {
  std::span<const Member> members;
};

/// Members in their order, each key once (RFC 9651 §3.2).
struct Dictionary {
  std::span<const Member> members;
  bool repeated_key = false;  ///< a key stood more than once; its last member stands in the place of its first

  /// Nullptr when there is no such member. Pure.
  [[nodiscard]] constexpr const Member* find(std::string_view key) const noexcept {
    return detail::find_key(members, key);
  }
};

namespace detail {

// The alphabets of RFC 9651, one bit each.
inline constexpr std::uint8_t kKeyStart = 1U << 0;
inline constexpr std::uint8_t kKey = 1U << 1;
inline constexpr std::uint8_t kTokenStart = 1U << 2;
inline constexpr std::uint8_t kToken = 1U << 3;
inline constexpr std::uint8_t kStringPlain = 1U << 4;   ///< stands for itself in a string
inline constexpr std::uint8_t kDisplayPlain = 1U << 5;  ///< stands for itself in a display string

struct Alphabets {
  std::uint8_t of[256] = {};

  consteval void add(std::string_view members, unsigned which) {
    for (const char c : members) of[static_cast<unsigned char>(c)] |= static_cast<std::uint8_t>(which);
  }
};

consteval Alphabets alphabets() {
  Alphabets table;
  table.add("abcdefghijklmnopqrstuvwxyz*", kKeyStart | kKey | kTokenStart | kToken);
  table.add("ABCDEFGHIJKLMNOPQRSTUVWXYZ", kTokenStart | kToken);
  table.add("0123456789_-.", kKey | kToken);
  table.add("!#$%&'+^`|~:/", kToken);
  for (std::size_t c = ' '; c < 0x7f; ++c) {
    if (c != '"' && c != '\\') table.of[c] |= kStringPlain;
    if (c != '"' && c != '%') table.of[c] |= kDisplayPlain;
  }
  return table;
}

inline constexpr Alphabets kAlphabets = alphabets();

constexpr bool is_of(char c, std::uint8_t which) noexcept {
  return (kAlphabets.of[static_cast<unsigned char>(c)] & which) != 0;
}

/// Bytes of the UTF-8 sequence at the start of `text`, which is not empty; 0 when it is none (RFC 3629 §4).
constexpr std::size_t utf8_length(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0U) == 0x80U; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4 || !follows(1)) return 0;
  if (first < 0xe0) return 2;
  if (!follows(2)) return 0;
  if (first < 0xf0) {
    const bool overlong = first == 0xe0 && byte(1) < 0xa0;
    const bool surrogate = first == 0xed && byte(1) > 0x9f;
    return overlong || surrogate ? 0 : 3;
  }
  const bool overlong = first == 0xf0 && byte(1) < 0x90;
  const bool too_large = first == 0xf4 && byte(1) > 0x8f;
  return overlong || too_large || !follows(3) ? 0 : 4;
}

/// The first byte that is not of a UTF-8 sequence, or npos.
constexpr std::size_t utf8_fault(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = utf8_length(text.substr(at));
    if (length == 0) return at;
    at += length;
  }
  return std::string_view::npos;
}

// Integers have at most 15 digits, decimals 12 and 3 (RFC 9651 §3.3.1, §3.3.2): the same bound for both as they are
// kept.
inline constexpr std::int64_t kNumberMax = 999'999'999'999'999;

}  // namespace detail

}  // namespace ostiary::structured
