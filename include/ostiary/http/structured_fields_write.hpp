// Writes structured fields in their one canonical form (RFC 9651 §4.1), or not at all.
#pragma once

#include <ostiary/core/base64.hpp>
#include <ostiary/core/limits.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/structured_repeats.hpp>
#include <ostiary/http/structured_value.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ostiary::structured {

namespace detail {

/// Where the text goes. Without `out` it is only measured and judged, so that memory is taken once and in full.
struct Writer {
  Arena* scratch;
  const Limits& limits;
  char* out = nullptr;
  std::size_t size = 0;
  Error fault{Reason::kOk, 0};

  void put(char c) noexcept {
    if (out != nullptr) out[size] = c;
    ++size;
  }
  void put(std::string_view text) noexcept {
    if (out != nullptr) text.copy(out + size, text.size());
    size += text.size();
  }
  /// Always false.
  bool fail(Reason reason) noexcept {
    fault = Error{reason, static_cast<std::uint32_t>(size)};
    return false;
  }
  /// False, and a fault, unless what was to be written can be.
  bool expect(bool writable) noexcept { return writable || fail(Reason::kStructuredFieldValue); }
};

/// Whether `text` is not empty, starts with one of `first` and goes on with `rest`.
constexpr bool is_word(std::string_view text, std::uint8_t first, std::uint8_t rest) noexcept {
  if (text.empty() || !is_of(text[0], first)) return false;
  for (const char c : text) {
    if (!is_of(c, rest)) return false;
  }
  return true;
}

/// RFC 9651 §4.1.4.
inline bool write_integer(Writer& writer, std::int64_t number) noexcept {
  if (!writer.expect(number >= -kNumberMax && number <= kNumberMax)) return false;
  char digits[20];
  const char* const end = std::to_chars(digits, digits + sizeof(digits), number).ptr;
  writer.put({digits, static_cast<std::size_t>(end - digits)});
  return true;
}

/// RFC 9651 §4.1.5: at least one digit behind the point, and no zero at the end after it.
inline bool write_decimal(Writer& writer, std::int64_t thousandths) noexcept {
  if (!writer.expect(thousandths >= -kNumberMax && thousandths <= kNumberMax)) return false;
  if (thousandths < 0) writer.put('-');
  const std::int64_t size = thousandths < 0 ? -thousandths : thousandths;
  write_integer(writer, size / 1000);
  std::int64_t rest = size % 1000;
  writer.put('.');
  do {
    writer.put(static_cast<char>('0' + rest / 100));
    rest = rest % 100 * 10;
  } while (rest != 0);
  return true;
}

/// RFC 9651 §4.1.6.
inline bool write_string(Writer& writer, std::string_view text) noexcept {
  writer.put('"');
  for (const char c : text) {
    if (!is_of(c, kStringPlain)) {
      if (!writer.expect(c == '"' || c == '\\')) return false;
      writer.put('\\');
    }
    writer.put(c);
  }
  writer.put('"');
  return true;
}

/// RFC 9651 §4.1.8.
inline bool write_bytes(Writer& writer, std::string_view bytes) noexcept {
  writer.put(':');
  if (writer.out != nullptr) base64_encode(bytes, writer.out + writer.size);
  writer.size += base64_encoded_size(bytes.size());
  writer.put(':');
  return true;
}

/// RFC 9651 §4.1.11.
inline bool write_display_string(Writer& writer, std::string_view utf8) noexcept {
  constexpr std::string_view kDigits = "0123456789abcdef";
  if (!writer.expect(utf8_fault(utf8) == std::string_view::npos)) return false;
  writer.put("%\"");
  for (const char c : utf8) {
    if (is_of(c, kDisplayPlain)) {
      writer.put(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    writer.put('%');
    writer.put(kDigits[byte >> 4]);
    writer.put(kDigits[byte & 15U]);
  }
  writer.put('"');
  return true;
}

/// RFC 9651 §4.1.3.1.
inline bool write_bare_item(Writer& writer, const BareItem& value) noexcept {
  switch (value.kind) {
    case Kind::kNone: return writer.expect(false);
    case Kind::kInteger: return write_integer(writer, value.number);
    case Kind::kDecimal: return write_decimal(writer, value.number);
    case Kind::kString: return write_string(writer, value.text);
    case Kind::kToken:
      if (!writer.expect(is_word(value.text, kTokenStart, kToken))) return false;
      writer.put(value.text);
      return true;
    case Kind::kBytes: return write_bytes(writer, value.text);
    case Kind::kBoolean:
      if (!writer.expect(value.number == 0 || value.number == 1)) return false;
      writer.put(value.number == 1 ? "?1" : "?0");
      return true;
    case Kind::kDate: writer.put('@'); return write_integer(writer, value.number);
    case Kind::kDisplayString: return write_display_string(writer, value.text);
  }
  return writer.expect(false);
}

/// RFC 9651 §4.1.1.3.
inline bool write_key(Writer& writer, std::string_view key) noexcept {
  if (!writer.expect(is_word(key, kKeyStart, kKey))) return false;
  writer.put(key);
  return true;
}

/// What would be read back as less than was written is not written: too many elements, or a key twice. Judged once.
template <typename Keyed>
bool check_keys(Writer& writer, std::span<const Keyed> all, std::uint32_t limit) noexcept {
  if (writer.out != nullptr) return true;
  if (all.size() > limit) return writer.fail(Reason::kStructuredFieldLimit);
  if (all.size() <= kFewKeys) {
    for (std::size_t i = 1; i < all.size(); ++i) {
      if (!writer.expect(find_key(all.first(i), all[i].key) == nullptr)) return false;
    }
    return true;
  }
  const std::span<const KeyPlace> keys = sorted_keys(all, *writer.scratch);
  if (keys.empty()) return writer.fail(Reason::kUsageScratchTooSmall);
  for (std::size_t i = 1; i < keys.size(); ++i) {
    if (!writer.expect(keys[i - 1].key != keys[i].key)) return false;
  }
  return true;
}

/// RFC 9651 §4.1.1.2.
inline bool write_parameters(Writer& writer, const Parameters& parameters) noexcept {
  if (!check_keys(writer, parameters.all, writer.limits.structured_parameter_count_max)) return false;
  for (const Parameter& parameter : parameters.all) {
    writer.put(';');
    if (!write_key(writer, parameter.key)) return false;
    if (parameter.value.is_true()) continue;
    writer.put('=');
    if (!write_bare_item(writer, parameter.value)) return false;
  }
  return true;
}

/// RFC 9651 §4.1.3.
inline bool write_item(Writer& writer, const Item& item) noexcept {
  return write_bare_item(writer, item.value) && write_parameters(writer, item.parameters);
}

/// RFC 9651 §4.1.1.1.
inline bool write_inner_list(Writer& writer, const Member& member) noexcept {
  if (member.items.size() > writer.limits.structured_member_count_max) {
    return writer.fail(Reason::kStructuredFieldLimit);
  }
  writer.put('(');
  for (const Item& item : member.items) {
    if (&item != member.items.data()) writer.put(' ');
    if (!write_item(writer, item)) return false;
  }
  writer.put(')');
  return write_parameters(writer, member.parameters);
}

inline bool write_member(Writer& writer, const Member& member) noexcept {
  if (member.is_inner_list) return write_inner_list(writer, member);
  return write_bare_item(writer, member.value) && write_parameters(writer, member.parameters);
}

/// RFC 9651 §4.1.1.
inline bool write_list(Writer& writer, const List& list) noexcept {
  if (list.members.size() > writer.limits.structured_member_count_max) {
    return writer.fail(Reason::kStructuredFieldLimit);
  }
  for (const Member& member : list.members) {
    if (&member != list.members.data()) writer.put(", ");
    if (!write_member(writer, member)) return false;
  }
  return true;
}

/// RFC 9651 §4.1.2: a member that is true is its key alone.
inline bool write_dictionary(Writer& writer, const Dictionary& dictionary) noexcept {
  if (!check_keys(writer, dictionary.members, writer.limits.structured_member_count_max)) return false;
  for (const Member& member : dictionary.members) {
    if (&member != dictionary.members.data()) writer.put(", ");
    if (!write_key(writer, member.key)) return false;
    if (!member.is_inner_list && member.value.is_true()) {
      if (!write_parameters(writer, member.parameters)) return false;
      continue;
    }
    writer.put('=');
    if (!write_member(writer, member)) return false;
  }
  return true;
}

/// Judges and measures, takes the memory, writes.
template <typename Value>
Result<std::string_view> write_with(bool (*write_value)(Writer&, const Value&) noexcept, const Value& value,
                                    Arena& scratch, const Limits& limits) noexcept {
  Writer writer{&scratch, limits};
  if (!write_value(writer, value)) return writer.fault;
  if (writer.size == 0) return std::string_view();
  writer.out = scratch.allocate<char>(writer.size);
  if (writer.out == nullptr) return Reason::kUsageScratchTooSmall;
  const std::size_t size = writer.size;
  writer.size = 0;
  write_value(writer, value);
  return std::string_view(writer.out, size);
}

}  // namespace detail

/// The decimal nearest to `digits` times ten to the power of minus `places`; of two equally near, the even one
/// (RFC 9651 §4.1.5): (15, 4) is 0.002, and so is (25, 4). Reasons: kStructuredFieldValue when it has more than twelve
/// digits before the point. Pure.
[[nodiscard]] constexpr Result<BareItem> nearest_decimal(std::int64_t digits, unsigned places) noexcept {
  std::int64_t size = digits;
  for (; places < 3; ++places) {
    if (size > detail::kNumberMax || size < -detail::kNumberMax) return Reason::kStructuredFieldValue;
    size *= 10;
  }
  bool exact = true;  // whether what was cut off before the last place is zero
  int last = 0;       // the place that was cut off last, as a number from -9 to 9
  for (; places > 3 && (size != 0 || last != 0); --places) {
    exact = exact && last == 0;
    last = static_cast<int>(size % 10);
    size /= 10;
  }
  const int tenths = last < 0 ? -last : last;
  const bool up = tenths > 5 || (tenths == 5 && (!exact || size % 2 != 0));
  if (up) size += digits < 0 ? -1 : 1;
  if (size > detail::kNumberMax || size < -detail::kNumberMax) return Reason::kStructuredFieldValue;
  return BareItem::decimal(size);
}

// The functions below give the field value, in scratch memory; `data()` of an empty list or dictionary is nullptr,
// because such a field is not sent (RFC 9651 §4.1). What they write reads back as what was given. They also take 32
// bytes of scratch for each parameter or member of those that have more than eight.
// Reasons: kStructuredFieldValue for a number out of range, bytes that may not stand in a string, token or key, a
// display string that is not UTF-8, a key that stands twice; kStructuredFieldLimit as in reading; both with an
// Error::offset into the text that was not finished. kUsageScratchTooSmall. Pure apart from the scratch.

/// An item with its parameters, such as a component identifier (RFC 9421 §2).
[[nodiscard]] inline Result<std::string_view> write(const Item& item, Arena& scratch,
                                                    const Limits& limits = Limits{}) noexcept {
  return detail::write_with(detail::write_item, item, scratch, limits);
}

/// The value of one member without its key, such as signature parameters (RFC 9421 §2.3).
[[nodiscard]] inline Result<std::string_view> write(const Member& member, Arena& scratch,
                                                    const Limits& limits = Limits{}) noexcept {
  return detail::write_with(detail::write_member, member, scratch, limits);
}

[[nodiscard]] inline Result<std::string_view> write(const List& list, Arena& scratch,
                                                    const Limits& limits = Limits{}) noexcept {
  return detail::write_with(detail::write_list, list, scratch, limits);
}

[[nodiscard]] inline Result<std::string_view> write(const Dictionary& dictionary, Arena& scratch,
                                                    const Limits& limits = Limits{}) noexcept {
  return detail::write_with(detail::write_dictionary, dictionary, scratch, limits);
}

}  // namespace ostiary::structured
