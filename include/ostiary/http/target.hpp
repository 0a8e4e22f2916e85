// The request target in origin form, and the one canonical form of its path.
//
// The path is decoded exactly once. Whatever another program could read as a different path is refused; what
// RFC 3986 §6.2.2 declares equal is rewritten and noted.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/characters.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostiary {

/// Where a property of a path was met first, as bytes from the start of the raw path; absent ones are kNowhere.
struct PathNotes {
  static constexpr std::uint32_t kNowhere = 0xffffffffU;

  std::uint32_t dot_segment = kNowhere;        ///< removed (RFC 3986 §5.2.4)
  std::uint32_t empty_segment = kNowhere;      ///< merged; a trailing slash is not one
  std::uint32_t normalised_escape = kNowhere;  ///< decoded, or its digits put in upper case (RFC 3986 §6.2.2)
  std::uint32_t non_ascii = kNowhere;          ///< kept as escapes of valid UTF-8
  std::uint32_t encoded_delimiter = kNowhere;  ///< an encoded question mark or number sign, kept
};

/// A canonical path: starts with a slash, has no empty or dot segment, no escape of an unreserved character, and
/// upper-case digits in every escape. Borrows the raw path when that was canonical already, otherwise scratch.
struct CanonicalPath {
  std::string_view path;
  PathNotes notes;
};

namespace detail {

constexpr void note_first(std::uint32_t& note, std::size_t offset) noexcept {
  if (note == PathNotes::kNowhere) note = static_cast<std::uint32_t>(offset);
}

constexpr Error fault_at(Reason reason, std::size_t offset) noexcept {
  return Error{reason, static_cast<std::uint32_t>(offset)};
}

/// The byte that the escape at `at` stands for, or -1 when no well-formed escape starts there.
constexpr int escape_value(std::string_view text, std::size_t at) noexcept {
  if (at >= text.size() || text.size() - at < 3 || text[at] != '%') return -1;
  const int high = hex_value(text[at + 1]);
  const int low = hex_value(text[at + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

constexpr bool has_lower_case_digits(std::string_view text, std::size_t escape) noexcept {
  return text[escape + 1] >= 'a' || text[escape + 2] >= 'a';
}

/// The escape at `at` belongs to a multi-byte UTF-8 sequence. Its length in escapes when the sequence is well-formed
/// and consists of escapes only, else 0. Ranges: Unicode Standard table 3-7, RFC 3629 §4.
constexpr std::size_t escaped_utf8_length(std::string_view text, std::size_t at) noexcept {
  const int lead = escape_value(text, at);
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const int second_min = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const int second_max = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  const int second = escape_value(text, at + 3);
  if (second < second_min || second > second_max) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    const int next = escape_value(text, at + 3 * i);
    if (next < 0x80 || next > 0xbf) return 0;
  }
  return length;
}

/// Moves `at` over one hexadecimal digit, raw or itself escaped. False when there is none.
constexpr bool skip_hex_digit(std::string_view text, std::size_t& at) noexcept {
  if (at < text.size() && hex_value(text[at]) >= 0) {
    at += 1;
    return true;
  }
  const int value = escape_value(text, at);
  if (value < 0 || value > 0x7f || hex_value(static_cast<char>(value)) < 0) return false;
  at += 3;
  return true;
}

/// Whether the escaped percent sign at `at` would start an escape after one decoding.
constexpr bool is_double_encoded(std::string_view text, std::size_t at) noexcept {
  std::size_t next = at + 3;
  return skip_hex_digit(text, next) && skip_hex_digit(text, next);
}

/// Why an ASCII character may not stand escaped in a path; kOk when it may.
constexpr Reason ascii_escape_fault(std::string_view text, std::size_t at, char c) noexcept {
  if (c < ' ' || c == 0x7f) return Reason::kPathControl;
  if (c == '/' || c == '\\') return Reason::kPathEncodedSeparator;
  if (c == ';') return Reason::kPathMatrixParameter;
  if (c == '%' && is_double_encoded(text, at)) return Reason::kPathDoubleEncoded;
  return Reason::kOk;
}

constexpr Reason path_byte_fault(char c) noexcept {
  if (c == '\\') return Reason::kPathBackslash;
  if (c == ';') return Reason::kPathMatrixParameter;
  if (c == '#') return Reason::kTargetFragment;
  return Reason::kTargetCharacter;
}

constexpr bool ends_segment(std::string_view text, std::size_t at) noexcept {
  return at == text.size() || text[at] == '/' || text[at] == '?';
}

/// Whether the raw segment that starts at `at` must go: it is empty and not the last one, or a dot segment. One that
/// has escaped dots is found while its escapes are decoded.
constexpr bool segment_must_go(std::string_view text, std::size_t at) noexcept {
  if (at == text.size()) return false;
  if (text[at] == '/') return true;
  if (text[at] != '.') return false;
  return ends_segment(text, at + 1) || (text[at + 1] == '.' && ends_segment(text, at + 2));
}

struct PathScan {
  std::size_t size = 0;  ///< the path ends here, at a question mark or the end of the text
  bool rewrite = false;  ///< the raw path is not canonical
  PathNotes notes;
};

constexpr void note_escape(std::string_view text, std::size_t at, bool unreserved, PathScan& scan) noexcept {
  if (!unreserved && !has_lower_case_digits(text, at)) return;
  note_first(scan.notes.normalised_escape, at);
  scan.rewrite = true;
}

/// Judges the escape, or the escaped UTF-8 sequence, at `at` and moves over it.
constexpr Reason scan_escape(std::string_view text, std::size_t& at, PathScan& scan) noexcept {
  const int value = escape_value(text, at);
  if (value < 0) return Reason::kPathEscape;
  if (value < 0x80) {
    const char c = static_cast<char>(value);
    if (const Reason fault = ascii_escape_fault(text, at, c); fault != Reason::kOk) return fault;
    if (c == '?' || c == '#') note_first(scan.notes.encoded_delimiter, at);
    note_escape(text, at, has_class(c, CharClass::kUnreserved), scan);
    at += 3;
    return Reason::kOk;
  }
  const std::size_t length = escaped_utf8_length(text, at);
  if (length == 0) return Reason::kPathUtf8;
  note_first(scan.notes.non_ascii, at);
  for (std::size_t i = 0; i < length; ++i, at += 3) note_escape(text, at, false, scan);
  return Reason::kOk;
}

/// Judges every byte of the path at the start of `text`, in order. Writes nothing.
constexpr Error scan_path(std::string_view text, PathScan& scan) noexcept {
  std::size_t at = 0;
  while (at < text.size() && text[at] != '?') {
    const char c = text[at];
    if (has_class(c, CharClass::kPathPlain)) {
      ++at;
    } else if (c == '/') {
      ++at;
      scan.rewrite = scan.rewrite || segment_must_go(text, at);
    } else if (c == '%') {
      if (const Reason fault = scan_escape(text, at, scan); fault != Reason::kOk) return fault_at(fault, at);
    } else {
      return fault_at(path_byte_fault(c), at);
    }
  }
  scan.size = at;
  return Error{Reason::kOk, 0};
}

/// Judges every byte of the query that fills `text` from `at` on.
constexpr Error scan_query(std::string_view text, std::size_t at) noexcept {
  while (at < text.size()) {
    const char c = text[at];
    if (has_class(c, CharClass::kQueryPlain)) {
      ++at;
    } else if (c == '%') {
      if (escape_value(text, at) < 0) return fault_at(Reason::kPathEscape, at);
      at += 3;
    } else {
      return fault_at(c == '#' ? Reason::kTargetFragment : Reason::kTargetCharacter, at);
    }
  }
  return Error{Reason::kOk, 0};
}

constexpr char upper_hex(char c) noexcept { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; }

/// Writes the normalised form of one judged segment to `out`, which has room for the raw one. Returns its size.
constexpr std::size_t write_segment(std::string_view segment, char* out) noexcept {
  std::size_t written = 0;
  for (std::size_t at = 0; at < segment.size();) {
    if (segment[at] != '%') {
      out[written++] = segment[at++];
      continue;
    }
    const int value = escape_value(segment, at);
    if (value < 0x80 && has_class(static_cast<char>(value), CharClass::kUnreserved)) {
      out[written++] = static_cast<char>(value);
    } else {
      out[written++] = '%';
      out[written++] = upper_hex(segment[at + 1]);
      out[written++] = upper_hex(segment[at + 2]);
    }
    at += 3;
  }
  return written;
}

/// Builds a path out of judged segments; always ends in a slash before a segment is added.
class PathBuilder {
 public:
  explicit constexpr PathBuilder(char* out) noexcept : out_(out) { out_[size_++] = '/'; }

  /// Adds the raw segment that starts at `offset` of the raw path. kOk, or why the path as a whole is refused.
  constexpr Reason add(std::string_view segment, std::size_t offset, bool last, PathNotes& notes) noexcept {
    const std::size_t length = write_segment(segment, out_ + size_);
    const std::string_view normalised(out_ + size_, length);
    if (normalised.empty()) return last ? Reason::kOk : merge(offset, notes);
    if (normalised == "." || normalised == "..") return remove(length == 2, offset, notes);
    size_ += length;
    if (!last) out_[size_++] = '/';
    return Reason::kOk;
  }

  [[nodiscard]] constexpr std::string_view path() const noexcept { return {out_, size_}; }

 private:
  constexpr Reason merge(std::size_t offset, PathNotes& notes) noexcept {
    if (notes.dot_segment != PathNotes::kNowhere) return Reason::kPathAmbiguousSlashes;
    note_first(notes.empty_segment, offset);
    return Reason::kOk;
  }

  constexpr Reason remove(bool parent, std::size_t offset, PathNotes& notes) noexcept {
    if (notes.empty_segment != PathNotes::kNowhere) return Reason::kPathAmbiguousSlashes;
    if (parent && size_ == 1) return Reason::kPathAboveRoot;
    note_first(notes.dot_segment, offset);
    if (parent) {
      do {
        --size_;
      } while (out_[size_ - 1] != '/');
    }
    return Reason::kOk;
  }

  char* out_;
  std::size_t size_ = 0;
};

/// The canonical form of the judged path `raw`. The only faults left are those of the path as a whole.
inline Result<CanonicalPath> resolve_path(std::string_view raw, const PathScan& scan, Arena& scratch) noexcept {
  CanonicalPath canonical{raw, scan.notes};
  if (!scan.rewrite) return canonical;
  char* out = scratch.allocate<char>(raw.size());
  if (out == nullptr) return Reason::kUsageScratchTooSmall;
  PathBuilder builder(out);
  for (std::size_t begin = 1; begin <= raw.size();) {
    const std::size_t slash = raw.find('/', begin);
    const bool last = slash == std::string_view::npos;
    const std::size_t end = last ? raw.size() : slash;
    const Reason fault = builder.add(raw.substr(begin, end - begin), begin, last, canonical.notes);
    if (fault != Reason::kOk) return fault_at(fault, begin);
    begin = end + 1;
  }
  canonical.path = builder.path();
  return canonical;
}

}  // namespace detail

/// A request target in origin form, taken apart (RFC 9112 §3.2.1).
struct Target {
  std::size_t path_size = 0;  ///< bytes of the raw path at the start of the target
  bool has_query = false;     ///< a question mark follows the path, the query is what follows that
  CanonicalPath canonical;
};

/// Takes a request target apart. Byte faults are reported in byte order, path before query; what only the path as a
/// whole shows (kPathAboveRoot, kPathAmbiguousSlashes) comes after them. `Error::offset` counts from the start of
/// `target`. Takes at most `target.size()` bytes of scratch, and none when the path is canonical already.
/// Reasons: kTargetForm, kTargetCharacter, kTargetFragment, kPathEscape to kPathUtf8, kUsageScratchTooSmall.
/// Pure apart from the scratch.
[[nodiscard]] inline Result<Target> parse_target(std::string_view target, Arena& scratch) noexcept {
  if (target.empty() || target.front() != '/') return Reason::kTargetForm;
  detail::PathScan scan;
  if (const Error fault = detail::scan_path(target, scan); fault.reason != Reason::kOk) return fault;
  const bool has_query = scan.size < target.size();
  if (has_query) {
    if (const Error fault = detail::scan_query(target, scan.size + 1); fault.reason != Reason::kOk) return fault;
  }
  const Result<CanonicalPath> canonical = detail::resolve_path(target.substr(0, scan.size), scan, scratch);
  if (!canonical) return canonical.error();
  return Target{scan.size, has_query, *canonical};
}

/// The canonical form of a raw path, which has no query. Otherwise as parse_target.
[[nodiscard]] inline Result<CanonicalPath> canonical_path(std::string_view raw, Arena& scratch) noexcept {
  if (raw.empty() || raw.front() != '/') return Reason::kTargetForm;
  detail::PathScan scan;
  if (const Error fault = detail::scan_path(raw, scan); fault.reason != Reason::kOk) return fault;
  if (scan.size < raw.size()) return detail::fault_at(Reason::kTargetCharacter, scan.size);
  return detail::resolve_path(raw, scan, scratch);
}

/// True when `path` would be accepted and returned unchanged: the only paths that can be matched at all. Pure.
[[nodiscard]] inline bool is_canonical_path(std::string_view path) noexcept {
  Arena nothing;  // a path that needs scratch is not canonical
  return canonical_path(path, nothing).ok();
}

}  // namespace ostiary
