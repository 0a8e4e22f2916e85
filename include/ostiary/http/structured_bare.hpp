// Reads keys and values without parameters (RFC 9651 §4.2.3.1, §4.2.3.3 to §4.2.10), from left to right.
#pragma once

#include <ostiary/core/base64.hpp>
#include <ostiary/core/bytes.hpp>
#include <ostiary/core/limits.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/structured_value.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostiary::structured::detail {

/// A text and how far it has been read. The first fault ends the reading, so there is room for one.
struct Cursor {
  explicit Cursor(std::string_view text, Arena& arena) noexcept
      : begin(text.data()), at(begin), end(begin + text.size()), scratch(&arena) {}

  const char* begin;
  const char* at;
  const char* end;
  Arena* scratch;
  Error fault{Reason::kOk, 0};

  [[nodiscard]] bool at_end() const noexcept { return at == end; }
  [[nodiscard]] bool next_is(char c) const noexcept { return at != end && *at == c; }
  [[nodiscard]] bool next_is_digit() const noexcept { return at != end && is_digit(*at); }

  bool take(char c) noexcept {
    if (!next_is(c)) return false;
    ++at;
    return true;
  }
  void skip(std::uint8_t alphabet) noexcept {
    while (at != end && is_of(*at, alphabet)) ++at;
  }
  void skip_spaces() noexcept {
    while (next_is(' ')) ++at;
  }
  /// Optional white space: SP and HTAB (RFC 9110 §5.6.3).
  void skip_blanks() noexcept {
    while (next_is(' ') || next_is('\t')) ++at;
  }

  /// Always false.
  bool fail_at(const char* where, Reason reason) noexcept {
    fault = Error{reason, static_cast<std::uint32_t>(where - begin)};
    return false;
  }
  bool fail(Reason reason) noexcept { return fail_at(at, reason); }

  [[nodiscard]] std::string_view since(const char* first) const noexcept {
    return {first, static_cast<std::size_t>(at - first)};
  }
  /// Nullptr, and a fault, when the scratch memory is used up.
  [[nodiscard]] char* room(std::size_t size) noexcept {
    char* const out = scratch->allocate<char>(size);
    if (out == nullptr) fail(Reason::kUsageScratchTooSmall);
    return out;
  }
};

/// RFC 9651 §4.2.3.3.
inline bool read_key(Cursor& cursor, std::string_view& key) noexcept {
  const char* const first = cursor.at;
  if (cursor.at_end() || !is_of(*cursor.at, kKeyStart)) return cursor.fail(Reason::kStructuredFieldKey);
  cursor.skip(kKey);
  key = cursor.since(first);
  return true;
}

/// The digits behind the point, as thousandths.
inline bool read_fraction(Cursor& cursor, std::int64_t& number) noexcept {
  constexpr std::ptrdiff_t kPlaces = 3;
  const char* const first = cursor.at;
  for (; cursor.next_is_digit(); ++cursor.at) {
    if (cursor.at - first == kPlaces) return cursor.fail(Reason::kStructuredFieldNumber);
    number = number * 10 + (*cursor.at - '0');
  }
  if (cursor.at == first) return cursor.fail(Reason::kStructuredFieldNumber);
  for (std::ptrdiff_t places = cursor.at - first; places < kPlaces; ++places) number *= 10;
  return true;
}

/// RFC 9651 §4.2.4.
inline bool read_number(Cursor& cursor, BareItem& value) noexcept {
  constexpr std::ptrdiff_t kIntegerDigits = 15;
  constexpr std::ptrdiff_t kDecimalDigits = 12;
  const bool negative = cursor.take('-');
  const char* const first = cursor.at;
  std::int64_t number = 0;
  for (; cursor.next_is_digit(); ++cursor.at) {
    if (cursor.at - first == kIntegerDigits) return cursor.fail(Reason::kStructuredFieldNumber);
    number = number * 10 + (*cursor.at - '0');
  }
  if (cursor.at == first) return cursor.fail(Reason::kStructuredFieldNumber);
  const bool has_point = cursor.next_is('.');
  if (has_point) {
    if (cursor.at - first > kDecimalDigits) return cursor.fail(Reason::kStructuredFieldNumber);
    ++cursor.at;
    if (!read_fraction(cursor, number)) return false;
  }
  if (negative) number = -number;
  value = has_point ? BareItem::decimal(number) : BareItem::integer(number);
  return true;
}

/// RFC 9651 §4.2.9.
inline bool read_date(Cursor& cursor, BareItem& value) noexcept {
  const char* const first = cursor.at;
  ++cursor.at;
  if (!read_number(cursor, value)) {
    cursor.fault.reason = Reason::kStructuredFieldDate;
    return false;
  }
  if (value.kind != Kind::kInteger) return cursor.fail_at(first, Reason::kStructuredFieldDate);
  value = BareItem::date(value.number);
  return true;
}

/// Copies without the backslashes, of which each stands before the byte it protects.
inline bool unescape_string(Cursor& cursor, std::string_view raw, std::size_t escapes, BareItem& value) noexcept {
  char* const out = cursor.room(raw.size() - escapes);
  if (out == nullptr) return false;
  char* next = out;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '\\') ++i;
    *next++ = raw[i];
  }
  value = BareItem::string({out, raw.size() - escapes});
  return true;
}

/// RFC 9651 §4.2.5.
inline bool read_string(Cursor& cursor, BareItem& value) noexcept {
  const char* const first = ++cursor.at;
  std::size_t escapes = 0;
  for (;;) {
    cursor.skip(kStringPlain);
    if (cursor.at_end()) return cursor.fail(Reason::kStructuredFieldString);
    if (*cursor.at == '"') break;
    if (*cursor.at != '\\') return cursor.fail(Reason::kStructuredFieldString);
    ++cursor.at;
    ++escapes;
    if (!cursor.next_is('"') && !cursor.next_is('\\')) return cursor.fail(Reason::kStructuredFieldString);
    ++cursor.at;
  }
  const std::string_view raw = cursor.since(first);
  ++cursor.at;
  if (escapes != 0) return unescape_string(cursor, raw, escapes, value);
  value = BareItem::string(raw);
  return true;
}

/// RFC 9651 §4.2.6.
inline bool read_token(Cursor& cursor, BareItem& value) noexcept {
  const char* const first = cursor.at;
  cursor.skip(kToken);
  value = BareItem::token(cursor.since(first));
  return true;
}

/// RFC 9651 §4.2.7. Missing padding and unused bits that are not zero SHOULD be borne there; they are refused, because
/// a value that is signed or compared must have one spelling (RFC 4648 §3.5 lets a decoder choose).
inline bool read_bytes(Cursor& cursor, BareItem& value) noexcept {
  const char* const first = ++cursor.at;
  const char* const last = std::find(first, static_cast<const char*>(cursor.end), ':');
  if (last == cursor.end) return cursor.fail_at(last, Reason::kStructuredFieldBytes);
  const std::string_view encoded(first, static_cast<std::size_t>(last - first));
  const std::size_t size = base64_decoded_size(encoded);
  char* const out = cursor.room(size);
  if (out == nullptr) return false;
  if (const std::size_t fault = base64_decode(encoded, out); fault != std::string_view::npos) {
    return cursor.fail_at(first + fault, Reason::kStructuredFieldBytes);
  }
  cursor.at = last + 1;
  value = BareItem::bytes({out, size});
  return true;
}

/// RFC 9651 §4.2.8.
inline bool read_boolean(Cursor& cursor, BareItem& value) noexcept {
  ++cursor.at;
  if (!cursor.next_is('0') && !cursor.next_is('1')) return cursor.fail(Reason::kStructuredFieldSyntax);
  value = BareItem::boolean(*cursor.at == '1');
  ++cursor.at;
  return true;
}

/// The value of a hexadecimal digit in lower case, or -1.
constexpr int lower_hex_value(char c) noexcept { return is_alpha(c) && ascii_lower(c) != c ? -1 : hex_value(c); }

/// Decodes `raw`, whose escapes are well-formed, and checks that UTF-8 comes out.
inline bool unescape_display(Cursor& cursor, std::string_view raw, std::size_t escapes, BareItem& value) noexcept {
  const std::size_t size = raw.size() - 2 * escapes;
  char* const out = cursor.room(size);
  if (out == nullptr) return false;
  char* next = out;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '%') {
      *next++ = raw[i];
      continue;
    }
    *next++ = static_cast<char>(hex_value(raw[i + 1]) * 16 + hex_value(raw[i + 2]));
    i += 2;
  }
  value = BareItem::display_string({out, size});
  std::size_t left = utf8_fault(value.text);
  if (left == std::string_view::npos) return true;
  const char* where = raw.data();
  for (; left > 0; --left) where += *where == '%' ? 3 : 1;
  return cursor.fail_at(where, Reason::kStructuredFieldDisplay);
}

/// RFC 9651 §4.2.10.
inline bool read_display_string(Cursor& cursor, BareItem& value) noexcept {
  ++cursor.at;
  if (!cursor.take('"')) return cursor.fail(Reason::kStructuredFieldDisplay);
  const char* const first = cursor.at;
  std::size_t escapes = 0;
  for (;;) {
    cursor.skip(kDisplayPlain);
    if (cursor.at_end()) return cursor.fail(Reason::kStructuredFieldDisplay);
    if (*cursor.at == '"') break;
    if (*cursor.at != '%') return cursor.fail(Reason::kStructuredFieldDisplay);
    ++cursor.at;
    ++escapes;
    for (int digit = 0; digit < 2; ++digit, ++cursor.at) {
      if (cursor.at_end() || lower_hex_value(*cursor.at) < 0) return cursor.fail(Reason::kStructuredFieldDisplay);
    }
  }
  const std::string_view raw = cursor.since(first);
  ++cursor.at;
  if (escapes != 0) return unescape_display(cursor, raw, escapes, value);
  value = BareItem::display_string(raw);
  return true;
}

/// RFC 9651 §4.2.3.1: the first byte tells the kind.
inline bool read_bare_item(Cursor& cursor, BareItem& value) noexcept {
  if (cursor.at_end()) return cursor.fail(Reason::kStructuredFieldSyntax);
  const char first = *cursor.at;
  if (is_of(first, kTokenStart)) return read_token(cursor, value);
  if (is_digit(first) || first == '-') return read_number(cursor, value);
  switch (first) {
    case '"': return read_string(cursor, value);
    case ':': return read_bytes(cursor, value);
    case '?': return read_boolean(cursor, value);
    case '@': return read_date(cursor, value);
    case '%': return read_display_string(cursor, value);
    default: return cursor.fail(Reason::kStructuredFieldSyntax);
  }
}

}  // namespace ostiary::structured::detail
