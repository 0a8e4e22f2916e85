// Reads structured fields (RFC 9651 §4.2): items, lists and dictionaries, without a copy where none is needed.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/structured_bare.hpp>
#include <ostiary/http/structured_repeats.hpp>
#include <ostiary/http/structured_value.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ostiary::structured {

namespace detail {

/// Upper bounds for what a text can hold; exact but for trailing blanks when the text is sound.
struct Counts {
  std::size_t members = 1;
  std::size_t items = 0;  ///< of inner lists
  std::size_t parameters = 0;
};

/// Moves from the opening quotation mark of a string or a display string to the closing one, or to the end.
constexpr std::size_t closing_quote(std::string_view text, std::size_t at) noexcept {
  const bool has_backslashes = at == 0 || text[at - 1] != '%';
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (has_backslashes && text[at] == '\\') ++at;
  }
  return at;
}

/// Counts before anything is read, so that each array is taken once and no pointer into it moves. Reader and count
/// agree on what is quoted up to the first fault, so the reader never holds more than was counted.
constexpr Counts count_parts(std::string_view text) noexcept {
  Counts counts;
  bool inside = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    switch (text[at]) {
      case ',': ++counts.members; break;
      case ';': ++counts.parameters; break;
      case '"': at = closing_quote(text, at); break;
      case '(':
        inside = true;
        ++counts.items;
        break;
      case ')': inside = false; break;
      case ' ':
        if (inside && text[at - 1] != ' ') ++counts.items;
        break;
      default: break;
    }
  }
  return counts;
}

/// An array that is filled from front to back.
template <typename T>
struct Pool {
  T* data = nullptr;
  std::size_t size = 0;
  std::size_t capacity = 0;

  [[nodiscard]] bool reserve(Arena& scratch, std::size_t count) noexcept {
    capacity = count;
    if (count != 0) data = scratch.allocate<T>(count);
    return count == 0 || data != nullptr;
  }
  [[nodiscard]] std::span<T> since(std::size_t first) const noexcept { return std::span<T>(data, size).subspan(first); }
};

struct Reader {
  Reader(std::string_view text, Arena& arena, const Limits& bounds) noexcept : cursor(text, arena), limits(bounds) {}

  Cursor cursor;
  const Limits& limits;
  Pool<Member> members;
  Pool<Item> items;
  Pool<Parameter> parameters;

  /// A new last element of `pool`, of which this list has `count` already. Nullptr, and a fault, at the limit.
  template <typename T>
  [[nodiscard]] T* add(Pool<T>& pool, std::size_t count, std::uint32_t limit) noexcept {
    if (count < limit && pool.size < pool.capacity) return &pool.data[pool.size++];
    cursor.fail(count < limit ? Reason::kInternal : Reason::kStructuredFieldLimit);
    return nullptr;
  }
};

/// RFC 9651 §4.2.3.2.
inline bool read_parameters(Reader& reader, Parameters& parameters) noexcept {
  Cursor& cursor = reader.cursor;
  const std::size_t first = reader.parameters.size;
  while (cursor.next_is(';')) {
    Parameter* const parameter =
        reader.add(reader.parameters, reader.parameters.size - first, reader.limits.structured_parameter_count_max);
    if (parameter == nullptr) return false;
    ++cursor.at;
    cursor.skip_spaces();
    if (!read_key(cursor, parameter->key)) return false;
    parameter->value = BareItem::boolean(true);
    if (cursor.take('=') && !read_bare_item(cursor, parameter->value)) return false;
  }
  std::span<Parameter> all = reader.parameters.since(first);
  if (!merge_repeats(cursor, all, parameters.repeated_key)) return false;
  parameters.all = all;
  return true;
}

/// RFC 9651 §4.2.3.
inline bool read_one_item(Reader& reader, Item& item) noexcept {
  const char* const first = reader.cursor.at;
  if (!read_bare_item(reader.cursor, item.value) || !read_parameters(reader, item.parameters)) return false;
  item.source = reader.cursor.since(first);
  return true;
}

/// RFC 9651 §4.2.1.2, behind the opening bracket.
inline bool read_inner_list(Reader& reader, Member& member) noexcept {
  Cursor& cursor = reader.cursor;
  const std::size_t first = reader.items.size;
  for (;;) {
    cursor.skip_spaces();
    if (cursor.take(')')) break;
    if (cursor.at_end()) return cursor.fail(Reason::kStructuredFieldSyntax);
    Item* const item = reader.add(reader.items, reader.items.size - first, reader.limits.structured_member_count_max);
    if (item == nullptr || !read_one_item(reader, *item)) return false;
    if (!cursor.next_is(' ') && !cursor.next_is(')')) return cursor.fail(Reason::kStructuredFieldSyntax);
  }
  member.is_inner_list = true;
  member.items = reader.items.since(first);
  return read_parameters(reader, member.parameters);
}

/// RFC 9651 §4.2.1.1.
inline bool read_item_or_inner_list(Reader& reader, Member& member) noexcept {
  const char* const first = reader.cursor.at;
  const bool read = reader.cursor.take('(')
                        ? read_inner_list(reader, member)
                        : read_bare_item(reader.cursor, member.value) && read_parameters(reader, member.parameters);
  member.source = reader.cursor.since(first);
  return read;
}

/// RFC 9651 §4.2.2: one member of a dictionary.
inline bool read_keyed_member(Reader& reader, Member& member) noexcept {
  if (!read_key(reader.cursor, member.key)) return false;
  if (reader.cursor.take('=')) return read_item_or_inner_list(reader, member);
  const char* const first = reader.cursor.at;
  member.value = BareItem::boolean(true);
  const bool read = read_parameters(reader, member.parameters);
  member.source = reader.cursor.since(first);
  return read;
}

/// RFC 9651 §4.2.1 and §4.2.2: members with commas between them, up to the end.
inline bool read_members(Reader& reader, bool (*read_member)(Reader&, Member&) noexcept) noexcept {
  Cursor& cursor = reader.cursor;
  while (!cursor.at_end()) {
    Member* const member = reader.add(reader.members, reader.members.size, reader.limits.structured_member_count_max);
    if (member == nullptr || !read_member(reader, *member)) return false;
    cursor.skip_blanks();
    if (cursor.at_end()) return true;
    const char* const comma = cursor.at;
    if (!cursor.take(',')) return cursor.fail(Reason::kStructuredFieldSyntax);
    cursor.skip_blanks();
    if (cursor.at_end()) return cursor.fail_at(comma, Reason::kStructuredFieldSyntax);
  }
  return true;
}

/// RFC 9651 §4.2, the steps before and after the three kinds. False leaves the fault in the cursor.
inline bool begin(Reader& reader, std::string_view text, bool has_members) noexcept {
  if (text.size() > 0xfffffffeU) return reader.cursor.fail(Reason::kStructuredFieldLimit);
  reader.cursor.skip_spaces();
  Arena& scratch = *reader.cursor.scratch;
  const Counts counts = count_parts(text);
  const std::size_t members = has_members && !reader.cursor.at_end() ? counts.members : 0;
  const bool fits = reader.parameters.reserve(scratch, counts.parameters) &&
                    reader.items.reserve(scratch, counts.items) && reader.members.reserve(scratch, members);
  return fits || reader.cursor.fail(Reason::kUsageScratchTooSmall);
}

inline bool end(Cursor& cursor) noexcept {
  cursor.skip_spaces();
  return cursor.at_end() || cursor.fail(Reason::kStructuredFieldSyntax);
}

/// The field lines as one text. They are joined by a comma and a blank, which may be SP or HTAB (RFC 9110 §5.3): HTAB
/// is as good as SP between members and stands in no string. So a string that begins on one line and ends on another is
/// refused, as RFC 9651 §4.2 allows, and does not come out with a comma that nobody wrote.
inline Result<std::string_view> join_lines(std::span<const std::string_view> lines, Arena& scratch) noexcept {
  constexpr std::string_view kBetween = ",\t";
  if (lines.empty()) return std::string_view("");
  if (lines.size() == 1) return lines[0];
  std::uint64_t size = 0;
  for (const std::string_view line : lines) size += line.size() + kBetween.size();
  if (size > 0xffffffffU) return Reason::kStructuredFieldLimit;
  char* const joined = scratch.allocate<char>(static_cast<std::size_t>(size) - kBetween.size());
  if (joined == nullptr) return Reason::kUsageScratchTooSmall;
  char* next = joined;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i != 0) next += kBetween.copy(next, kBetween.size());
    next += lines[i].copy(next, lines[i].size());
  }
  return std::string_view(joined, static_cast<std::size_t>(next - joined));
}

}  // namespace detail

/// Scratch that reading a text of `text_size` bytes never exceeds; for several field lines count two bytes between each
/// two. It is much more than common fields need: about 50 bytes for each parameter and 100 for each member or item.
[[nodiscard]] constexpr std::size_t scratch_size_max(std::size_t text_size) noexcept {
  constexpr std::size_t kAlignment = 64;
  // what was read, what it takes to look for repeated keys, a copy when lines are joined, and decoded text
  return (text_size + 1) * (sizeof(Member) + sizeof(detail::KeyPlace) + 2) + kAlignment;
}

// The functions below take the value of a field, or the values of all its lines in their order. They borrow `text` and
// the scratch memory; the spans and views of the result live as long as both. Error::offset is a byte of the text, or
// of the lines with two bytes between each two. A repeated key is no fault (RFC 9651 §4.2.2, §4.2.3.2): its last value
// stands in the place of its first, and `repeated_key` of its Parameters or Dictionary says so, for policies that
// refuse. Limits: structured_member_count_max for a list, an inner list or a dictionary, structured_parameter_count_max
// for one item or inner list; repeated keys count. Reasons: kStructuredFieldSyntax, -Number, -String, -Bytes, -Key,
// -Date, -Display, -Limit, kUsageScratchTooSmall. Pure apart from the scratch. Time: near linear in the size of the
// text.

/// An item (RFC 9651 §4.2.3).
[[nodiscard]] inline Result<Item> read_item(std::string_view text, Arena& scratch,
                                            const Limits& limits = Limits{}) noexcept {
  detail::Reader reader(text, scratch, limits);
  Item item;
  const bool read =
      detail::begin(reader, text, false) && detail::read_one_item(reader, item) && detail::end(reader.cursor);
  if (!read) return reader.cursor.fault;
  return item;
}

/// A list (RFC 9651 §4.2.1). Empty text is the empty list.
[[nodiscard]] inline Result<List> read_list(std::string_view text, Arena& scratch,
                                            const Limits& limits = Limits{}) noexcept {
  detail::Reader reader(text, scratch, limits);
  const bool read = detail::begin(reader, text, true) && detail::read_members(reader, detail::read_item_or_inner_list);
  if (!read) return reader.cursor.fault;
  return List{reader.members.since(0)};
}

/// A dictionary (RFC 9651 §4.2.2). Empty text is the empty dictionary.
[[nodiscard]] inline Result<Dictionary> read_dictionary(std::string_view text, Arena& scratch,
                                                        const Limits& limits = Limits{}) noexcept {
  detail::Reader reader(text, scratch, limits);
  Dictionary dictionary;
  if (!detail::begin(reader, text, true) || !detail::read_members(reader, detail::read_keyed_member)) {
    return reader.cursor.fault;
  }
  std::span<Member> members = reader.members.since(0);
  if (!detail::merge_repeats(reader.cursor, members, dictionary.repeated_key)) return reader.cursor.fault;
  dictionary.members = members;
  return dictionary;
}

[[nodiscard]] inline Result<Item> read_item(std::span<const std::string_view> lines, Arena& scratch,
                                            const Limits& limits = Limits{}) noexcept {
  const Result<std::string_view> text = detail::join_lines(lines, scratch);
  return text ? read_item(*text, scratch, limits) : Result<Item>(text.error());
}

[[nodiscard]] inline Result<List> read_list(std::span<const std::string_view> lines, Arena& scratch,
                                            const Limits& limits = Limits{}) noexcept {
  const Result<std::string_view> text = detail::join_lines(lines, scratch);
  return text ? read_list(*text, scratch, limits) : Result<List>(text.error());
}

[[nodiscard]] inline Result<Dictionary> read_dictionary(std::span<const std::string_view> lines, Arena& scratch,
                                                        const Limits& limits = Limits{}) noexcept {
  const Result<std::string_view> text = detail::join_lines(lines, scratch);
  return text ? read_dictionary(*text, scratch, limits) : Result<Dictionary>(text.error());
}

}  // namespace ostiary::structured
