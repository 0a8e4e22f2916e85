// The alphabets of HTTP and URI syntax as one table, so that every parser reads the same bytes the same way.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostiary {

/// Sets of bytes; one bit each.
enum class CharClass : std::uint8_t {
  kToken = 1U << 0,       ///< tchar (RFC 9110 §5.6.2)
  kFieldName = 1U << 1,   ///< tchar without the underscore, which CGI gateways map onto the hyphen (RFC 3875 §4.1.18)
  kFieldValue = 1U << 2,  ///< HTAB, SP, VCHAR, obs-text (RFC 9110 §5.5)
  kObsText = 1U << 3,     ///< 0x80 to 0xFF
  kPathPlain = 1U << 4,   ///< pchar (RFC 3986 §3.3) without the percent sign and the semicolon
  kQueryPlain = 1U << 5,  ///< what may stand raw in a query; see query_alphabet()
  kUnreserved = 1U << 6,  ///< RFC 3986 §2.3
  kToken68 = 1U << 7,     ///< token68 without its padding (RFC 9110 §11.2)
};

namespace detail {

using CharTable = std::array<std::uint8_t, 256>;

consteval void add_class(CharTable& table, std::string_view members, CharClass which) {
  for (const char c : members) table[static_cast<unsigned char>(c)] |= static_cast<std::uint8_t>(which);
}

consteval void add_alphanumerics(CharTable& table, CharClass which) {
  add_class(table, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", which);
}

// RFC 3986 §3.4 plus the bytes that browsers leave raw in a query (URL Standard, query percent-encode set).
consteval void add_query_alphabet(CharTable& table) {
  add_alphanumerics(table, CharClass::kQueryPlain);
  add_class(table, "-._~!$&'()*+,;=:@/?", CharClass::kQueryPlain);
  add_class(table, "[]{}|^`\\", CharClass::kQueryPlain);
}

consteval void add_field_value_alphabet(CharTable& table) {
  table['\t'] |= static_cast<std::uint8_t>(CharClass::kFieldValue);
  for (std::size_t c = ' '; c < 0x7f; ++c) table[c] |= static_cast<std::uint8_t>(CharClass::kFieldValue);
  for (std::size_t c = 0x80; c < 0x100; ++c) {
    table[c] |= static_cast<std::uint8_t>(CharClass::kFieldValue) | static_cast<std::uint8_t>(CharClass::kObsText);
  }
}

consteval CharTable char_classes() {
  CharTable table{};
  for (const CharClass which :
       {CharClass::kToken, CharClass::kFieldName, CharClass::kPathPlain, CharClass::kUnreserved, CharClass::kToken68}) {
    add_alphanumerics(table, which);
  }
  add_class(table, "!#$%&'*+-.^_`|~", CharClass::kToken);
  add_class(table, "!#$%&'*+-.^`|~", CharClass::kFieldName);
  add_class(table, "-._~!$&'()*+,=:@", CharClass::kPathPlain);
  add_class(table, "-._~", CharClass::kUnreserved);
  add_class(table, "-._~+/", CharClass::kToken68);
  add_query_alphabet(table);
  add_field_value_alphabet(table);
  return table;
}

inline constexpr CharTable kCharClasses = char_classes();

}  // namespace detail

/// Whether `c` belongs to the set. Pure.
[[nodiscard]] constexpr bool has_class(char c, CharClass which) noexcept {
  return (detail::kCharClasses[static_cast<unsigned char>(c)] & static_cast<std::uint8_t>(which)) != 0;
}

/// The optional white space of HTTP: SP and HTAB (RFC 9110 §5.6.3). Pure.
[[nodiscard]] constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

/// `text` without leading and trailing SP and HTAB, and nothing else: other programs trim more. Borrows `text`. Pure.
[[nodiscard]] constexpr std::string_view trim_blanks(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace ostiary
