// The exact reader: one line of an HTTP/1 head, byte for byte from left to right (RFC 9112 §2 to §5). It reads what the
// fast pass of scan.hpp left, and it alone says what is wrong and where.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/limits.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/characters.hpp>
#include <ostiary/http/fields.hpp>
#include <ostiary/http/inspect_options.hpp>
#include <ostiary/http/request.hpp>
#include <ostiary/http/scan/lines.hpp>
#include <ostiary/http/target.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ostiary::detail {

/// The bytes of a head and how far they have been read. They fit 32 bits; see Limits::head_size_max.
struct HeadCursor {
  std::string_view bytes;
  std::uint32_t at = 0;

  [[nodiscard]] constexpr bool at_end() const noexcept { return at == bytes.size(); }
  [[nodiscard]] constexpr char peek() const noexcept { return bytes[at]; }
  [[nodiscard]] constexpr Error fault(Reason reason) const noexcept { return Error{reason, at}; }
  [[nodiscard]] constexpr Error incomplete() const noexcept {
    return Error{Reason::kHeadIncomplete, static_cast<std::uint32_t>(bytes.size())};
  }
};

/// The fault of a byte that may not stand here: `reason`, unless it is half of a line break.
constexpr Error misplaced(const HeadCursor& cursor, Reason reason) noexcept {
  if (cursor.at_end()) return cursor.incomplete();
  if (cursor.peek() == '\n') return cursor.fault(Reason::kHeadBareLf);
  if (cursor.peek() != '\r') return cursor.fault(reason);
  if (cursor.bytes.size() - cursor.at < 2) return cursor.incomplete();
  return cursor.fault(cursor.bytes[cursor.at + 1] == '\n' ? reason : Reason::kHeadBareCr);
}

/// Moves over CR LF; any other byte is `otherwise`.
constexpr Error read_line_end(HeadCursor& cursor, Reason otherwise) noexcept {
  if (cursor.at_end() || cursor.peek() != '\r') return misplaced(cursor, otherwise);
  const Error fault = misplaced(cursor, Reason::kOk);
  if (fault.reason != Reason::kOk) return fault;
  cursor.at += 2;
  return kNoFault;
}

inline constexpr std::uint32_t kMethodSizeMax = 32;

/// Finds the method of this exact name. False when there is none.
constexpr bool find_method(std::string_view name, Method& method) noexcept {
  for (std::size_t i = 0; i < kMethodNames.size(); ++i) {
    if (kMethodNames[i] != name) continue;
    method = static_cast<Method>(i);
    return true;
  }
  return false;
}

/// Reads the method and the space after it.
constexpr Error read_method(HeadCursor& cursor, Request& request) noexcept {
  const std::uint32_t begin = cursor.at;
  while (!cursor.at_end() && has_class(cursor.peek(), CharClass::kToken)) {
    // No method is so long; a line that will never end is not read again and again.
    if (cursor.at - begin == kMethodSizeMax) return Error{Reason::kMethodUnsupported, begin};
    ++cursor.at;
  }
  if (cursor.at_end()) return cursor.incomplete();
  if (cursor.at == begin) return cursor.fault(Reason::kMethodMalformed);
  if (cursor.peek() == '\t' || cursor.peek() == '\r') return misplaced(cursor, Reason::kRequestLineMalformed);
  if (cursor.peek() != ' ') return misplaced(cursor, Reason::kMethodMalformed);
  const std::string_view name = cursor.bytes.substr(begin, cursor.at - begin);
  if (!find_method(name, request.method)) return Error{Reason::kMethodUnsupported, begin};
  ++cursor.at;
  return kNoFault;
}

constexpr Span shifted(Span span, std::uint32_t by) noexcept {
  return span.present() ? Span{span.offset + by, span.length} : span;
}

/// Tells what was noted about the path, in ascending order of Reason. What is a rejection has been left to the route.
constexpr void tell_path_notes(const PathNotes& notes, std::uint32_t offset, Request& request) noexcept {
  for (const PathNoteRule& rule : kPathNoteRules) {
    const std::uint32_t at = notes.*rule.note;
    if (at == PathNotes::kNowhere) continue;
    const Disposition disposition = kFindingRules[find_rule(rule.reason)].disposition;
    add_finding(request, rule.reason, disposition, offset + at);
    if (disposition == Disposition::kReject) request.to_waive.add(rule.reason);
  }
  request.ambiguous_path = notes.ambiguous();
}

/// The scheme of an absolute target is the one the request came by, where that is known.
constexpr bool take_scheme(Scheme named, Request& request) noexcept {
  if (named == Scheme::kUnknown) return true;
  if (request.scheme != Scheme::kUnknown && request.scheme != named) return false;
  request.scheme = named;
  return true;
}

/// Fills everything of the Request that comes from its target, which both doors have put into `request.target`. The
/// authority is compared with the Host when the fields are known.
inline Error judge_target(Request& request, Arena& scratch, const InspectOptions& options) noexcept {
  const std::uint32_t offset = request.target.offset;
  const Result<Target> parsed =
      parse_target(request.target.in(request.head), request.method, scratch, options.left_to_route);
  if (!parsed) return Error{parsed.reason(), offset + parsed.error().offset};
  if (!take_scheme(parsed->scheme, request)) return Error{Reason::kTargetScheme, offset};
  request.form = parsed->form;
  request.authority = shifted(parsed->authority, offset);
  request.raw_path = shifted(parsed->raw_path, offset);
  request.query = shifted(parsed->query, offset);
  request.path = parsed->canonical.path;
  if (parsed->scheme != Scheme::kUnknown) {
    add_finding(request, Reason::kTargetAbsolute, Disposition::kShape, offset);
  }
  tell_path_notes(parsed->canonical.notes, request.raw_path.present() ? request.raw_path.offset : offset, request);
  return kNoFault;
}

/// Reads the target and the space after it.
inline Error read_target(HeadCursor& cursor, Request& request, Arena& scratch, const InspectOptions& options) noexcept {
  const std::uint32_t begin = cursor.at;
  while (!cursor.at_end() && cursor.peek() != ' ' && cursor.peek() != '\r' && cursor.peek() != '\n') {
    if (cursor.at - begin == options.limits.target_size_max) return cursor.fault(Reason::kTargetTooLong);
    ++cursor.at;
  }
  if (cursor.at_end()) return cursor.incomplete();
  if (cursor.at == begin) return misplaced(cursor, Reason::kRequestLineMalformed);
  request.target = Span{begin, cursor.at - begin};
  if (const Error fault = judge_target(request, scratch, options); fault.reason != Reason::kOk) return fault;
  if (cursor.peek() != ' ') return misplaced(cursor, Reason::kRequestLineMalformed);
  ++cursor.at;
  return kNoFault;
}

/// Reads the version and the line end after it.
constexpr Error read_version(HeadCursor& cursor, Request& request) noexcept {
  constexpr std::string_view kName = "HTTP/";
  constexpr std::string_view kMajor = "1.";
  for (const char expected : kName) {
    if (cursor.at_end() || cursor.peek() != expected) return misplaced(cursor, Reason::kRequestLineMalformed);
    ++cursor.at;
  }
  for (const char expected : kMajor) {
    if (cursor.at_end() || cursor.peek() != expected) return misplaced(cursor, Reason::kVersionUnsupported);
    ++cursor.at;
  }
  if (cursor.at_end() || (cursor.peek() != '0' && cursor.peek() != '1')) {
    return misplaced(cursor, Reason::kVersionUnsupported);
  }
  request.version = cursor.peek() == '1' ? HttpVersion::kHttp11 : HttpVersion::kHttp10;
  ++cursor.at;
  const bool blank = !cursor.at_end() && is_blank(cursor.peek());
  return read_line_end(cursor, blank ? Reason::kRequestLineMalformed : Reason::kVersionUnsupported);
}

inline Error read_request_line(HeadCursor& cursor, Request& request, Arena& scratch,
                               const InspectOptions& options) noexcept {
  if (const Error fault = read_method(cursor, request); fault.reason != Reason::kOk) return fault;
  if (const Error fault = read_target(cursor, request, scratch, options); fault.reason != Reason::kOk) return fault;
  return read_version(cursor, request);
}

/// The fault of a field line whose name stops at a blank: what follows says which one it is.
constexpr Error blank_in_name(const HeadCursor& cursor) noexcept {
  HeadCursor ahead = cursor;
  while (!ahead.at_end() && is_blank(ahead.peek())) ++ahead.at;
  if (!ahead.at_end() && ahead.peek() == ':') return cursor.fault(Reason::kFieldSpaceBeforeColon);
  while (!ahead.at_end() && ahead.peek() != ':' && ahead.peek() != '\r' && ahead.peek() != '\n') ++ahead.at;
  if (!ahead.at_end() && ahead.peek() == ':') return cursor.fault(Reason::kFieldName);
  return misplaced(ahead, Reason::kFieldColon);
}

/// Why a name with an underscore is refused: a gateway that turns underscores into hyphens, or the other way round
/// (RFC 3875 §4.1.18), would take it for a known field. Otherwise it is only told of.
constexpr Error judge_underscores(Request& request, std::string_view name, std::uint32_t offset) noexcept {
  const std::size_t first = name.find('_');
  if (first == std::string_view::npos) return kNoFault;
  const auto at = static_cast<std::uint32_t>(offset + first);
  if (is_alias_of_known_field(name)) return Error{Reason::kFieldNameUnderscore, at};
  if (!request.underscore_names) add_finding(request, Reason::kFieldNameUnderscore, Disposition::kFlag, at);
  request.underscore_names = true;
  return kNoFault;
}

/// Reads a field name and the colon after it.
constexpr Error read_name(HeadCursor& cursor, Request& request, Field& field) noexcept {
  const std::uint32_t begin = cursor.at;
  while (!cursor.at_end() && has_class(cursor.peek(), CharClass::kToken)) ++cursor.at;
  if (cursor.at_end()) return cursor.incomplete();
  const char stop = cursor.peek();
  if (stop == ':' && cursor.at > begin) {
    field.name = Span{begin, cursor.at - begin};
    const std::string_view name = field.name.in(cursor.bytes);
    field.id = find_field(name);
    ++cursor.at;
    return judge_underscores(request, name, begin);
  }
  if (is_blank(stop)) return cursor.at == begin ? cursor.fault(Reason::kFieldFolded) : blank_in_name(cursor);
  return misplaced(cursor, stop == '\r' ? Reason::kFieldColon : Reason::kFieldName);
}

/// Reads a field value and the line end after it.
constexpr Error read_value(HeadCursor& cursor, Request& request, Field& field) noexcept {
  while (!cursor.at_end() && is_blank(cursor.peek())) ++cursor.at;
  const std::uint32_t begin = cursor.at;
  std::uint32_t end = begin;  // one past the last byte that is not blank
  std::uint32_t obs_text = PathNotes::kNowhere;
  while (!cursor.at_end() && has_class(cursor.peek(), CharClass::kFieldValue)) {
    if (has_class(cursor.peek(), CharClass::kObsText)) note_first(obs_text, cursor.at);
    if (!is_blank(cursor.peek())) end = cursor.at + 1;
    ++cursor.at;
  }
  if (const Error fault = read_line_end(cursor, Reason::kFieldValue); fault.reason != Reason::kOk) return fault;
  field.value = Span{begin, end - begin};
  if (obs_text != PathNotes::kNowhere) {
    add_finding(request, Reason::kFieldValueObsText, Disposition::kFlag, obs_text);
  }
  return kNoFault;
}

/// Reads one field line, or the empty line that ends the head and is told by `last`.
inline Error read_field_line(HeadCursor& cursor, Request& request, HeadLines& lines, bool& last) noexcept {
  last = !cursor.at_end() && cursor.peek() == '\r';
  if (last) return read_line_end(cursor, Reason::kFieldColon);
  if (lines.count == lines.capacity) return cursor.fault(Reason::kFieldTooMany);
  Field field;
  if (const Error fault = read_name(cursor, request, field); fault.reason != Reason::kOk) return fault;
  if (const Error fault = read_value(cursor, request, field); fault.reason != Reason::kOk) return fault;
  add_field(field, lines);
  return kNoFault;
}

}  // namespace ostiary::detail
