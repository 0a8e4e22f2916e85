// The request target in its four forms (RFC 9112 §3.2), and the one canonical form of its path.
//
// The path is decoded exactly once; what RFC 3986 §6.2.2 declares equal is rewritten and noted. What another program
// could read as a different path is refused, or noted so that the router can compare the readings (lenses.hpp).
//
// Where a path has both empty and dot segments, the dot segments go first, as in RFC 3986 §5.2.4, where an empty
// segment is a segment like another and `..` takes it away; the empty ones that are left are merged after that.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/characters.hpp>
#include <ostiary/http/finding.hpp>
#include <ostiary/http/lookalikes.hpp>
#include <ostiary/http/request.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostiary {

/// Where a property of a path was met first, as bytes from the start of the raw path; absent ones are kNowhere.
struct PathNotes {
  static constexpr std::uint32_t kNowhere = 0xffffffffU;

  std::uint32_t dot_segment = kNowhere;            ///< removed (RFC 3986 §5.2.4)
  std::uint32_t empty_segment = kNowhere;          ///< merged; a trailing slash is not one
  std::uint32_t normalised_escape = kNowhere;      ///< decoded, or its digits put in upper case (RFC 3986 §6.2.2)
  std::uint32_t non_ascii = kNowhere;              ///< kept as escapes of valid UTF-8
  std::uint32_t encoded_delimiter = kNowhere;      ///< an encoded question mark or number sign, kept
  std::uint32_t trailing_dot_or_space = kNowhere;  ///< the end of a segment that some file systems drop

  std::uint32_t encoded_separator = kNowhere;  ///< kept encoded; an error unless left to the route, as the next two are
  std::uint32_t not_utf8 = kNowhere;           ///< kept as escapes
  std::uint32_t lookalike = kNowhere;          ///< kept as escapes; see lookalikes.hpp

  std::uint32_t double_encoded = kNowhere;     ///< an escape would be left after one decoding
  std::uint32_t matrix_parameter = kNowhere;   ///< a semicolon, raw or encoded
  std::uint32_t ambiguous_slashes = kNowhere;  ///< empty and dot segments: the second of the two kinds

  /// Whether back ends could read another path; see lenses.hpp.
  [[nodiscard]] constexpr bool ambiguous() const noexcept {
    return (encoded_separator & double_encoded & matrix_parameter & ambiguous_slashes) != kNowhere;
  }
};

/// A canonical path: starts with a slash, has no empty or dot segment, no escape of an unreserved character, and
/// upper-case digits in every escape. Borrows the raw path when that was canonical already, otherwise scratch. Made
/// canonical again it stays what it is.
struct CanonicalPath {
  std::string_view path;
  PathNotes notes;
};

/// The rule that each note of a path belongs to.
struct PathNoteRule {
  Reason reason = Reason::kInternal;
  std::uint32_t PathNotes::* note = nullptr;
};

/// In ascending order of Reason.
inline constexpr PathNoteRule kPathNoteRules[] = {
    {Reason::kPathEncodedSeparator, &PathNotes::encoded_separator},
    {Reason::kPathDoubleEncoded, &PathNotes::double_encoded},
    {Reason::kPathMatrixParameter, &PathNotes::matrix_parameter},
    {Reason::kPathAmbiguousSlashes, &PathNotes::ambiguous_slashes},
    {Reason::kPathUtf8, &PathNotes::not_utf8},
    {Reason::kPathDotSegment, &PathNotes::dot_segment},
    {Reason::kPathEmptySegment, &PathNotes::empty_segment},
    {Reason::kPathNormalisedEscape, &PathNotes::normalised_escape},
    {Reason::kPathNonAscii, &PathNotes::non_ascii},
    {Reason::kPathEncodedDelimiter, &PathNotes::encoded_delimiter},
    {Reason::kPathTrailingDotOrSpace, &PathNotes::trailing_dot_or_space},
    {Reason::kPathLookalike, &PathNotes::lookalike},
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

/// One escaped UTF-8 sequence.
struct EscapedCharacter {
  std::size_t length = 0;  ///< in escapes; 0 when it is not well-formed, or does not consist of escapes only
  std::uint32_t code_point = 0;
};

/// The multi-byte sequence that starts with the escape at `at`. Ranges: Unicode Standard table 3-7, RFC 3629 §4.
constexpr EscapedCharacter read_escaped_utf8(std::string_view text, std::size_t at) noexcept {
  const int lead = escape_value(text, at);
  if (lead < 0xc2 || lead > 0xf4) return {};
  const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const int second_min = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const int second_max = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  auto code_point = static_cast<std::uint32_t>(lead) & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const int next = escape_value(text, at + 3 * i);
    if (next < (i == 1 ? second_min : 0x80) || next > (i == 1 ? second_max : 0xbf)) return {};
    code_point = code_point << 6 | (static_cast<std::uint32_t>(next) & 0x3fU);
  }
  return {length, code_point};
}

/// Whether the escape at `at` starts a longer form of a character than UTF-8 has for it. The forms of five and six
/// bytes are of the first definition of UTF-8 (RFC 2279 §2), which old decoders still follow.
constexpr bool is_overlong_utf8(std::string_view text, std::size_t at) noexcept {
  const int lead = escape_value(text, at);
  const int second = escape_value(text, at + 3);
  if (lead == 0xc0 || lead == 0xc1) return true;
  if (second < 0x80) return false;
  return (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90) || (lead == 0xf8 && second < 0x88) ||
         (lead == 0xfc && second < 0x84);
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

constexpr Reason path_byte_fault(char c) noexcept {
  if (c == '\\') return Reason::kPathBackslash;
  return c == '#' ? Reason::kTargetFragment : Reason::kTargetCharacter;
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

/// What has been seen of a segment, decoded.
struct SegmentScan {
  std::size_t units = 0;
  std::size_t dots = 0;
  std::size_t last_at = 0;
  char last = 0;

  constexpr void add(char c, std::size_t at) noexcept {
    ++units;
    if (c == '.') ++dots;
    last = c;
    last_at = at;
  }
  constexpr void end(PathNotes& notes) noexcept {
    const bool is_dot_segment = units == dots && units <= 2;
    if (!is_dot_segment && (last == '.' || last == ' ')) note_first(notes.trailing_dot_or_space, last_at);
    *this = SegmentScan{};
  }
};

struct PathScan {
  RuleSet left;          ///< rejections that a route may waive: noted instead of refused
  std::size_t size = 0;  ///< the path ends here, at a question mark or the end of the text
  bool rewrite = false;  ///< the raw path is not canonical
  SegmentScan segment;
  PathNotes notes;
};

constexpr void note_escape(std::string_view text, std::size_t at, bool unreserved, PathScan& scan) noexcept {
  if (!unreserved && !has_lower_case_digits(text, at)) return;
  note_first(scan.notes.normalised_escape, at);
  scan.rewrite = true;
}

/// Notes a rejection, which stands unless it is left to the route.
constexpr Reason note_rejection(const PathScan& scan, Reason reason, std::uint32_t& note, std::size_t at) noexcept {
  note_first(note, at);
  return scan.left.has(reason) ? Reason::kOk : reason;
}

/// Judges the escaped ASCII character `c` at `at`.
constexpr Reason scan_ascii_escape(std::string_view text, std::size_t at, char c, PathScan& scan) noexcept {
  if (c < ' ' || c == 0x7f) return Reason::kPathControl;
  if (c == ';') note_first(scan.notes.matrix_parameter, at);
  if (c == '%' && is_double_encoded(text, at)) note_first(scan.notes.double_encoded, at);
  if (c == '?' || c == '#') note_first(scan.notes.encoded_delimiter, at);
  note_escape(text, at, has_class(c, CharClass::kPathPlain), scan);
  scan.segment.add(c, at);
  if (c != '/' && c != '\\') return Reason::kOk;
  return note_rejection(scan, Reason::kPathEncodedSeparator, scan.notes.encoded_separator, at);
}

/// Judges the escaped bytes outside ASCII at `at`; `length` is how many escapes to move over.
constexpr Reason scan_utf8_escape(std::string_view text, std::size_t at, PathScan& scan, std::size_t& length) noexcept {
  const EscapedCharacter character = read_escaped_utf8(text, at);
  length = std::max<std::size_t>(character.length, 1);
  for (std::size_t i = 0; i < length; ++i) note_escape(text, at + 3 * i, false, scan);
  scan.segment.add('\0', at);
  if (character.length == 0) {
    if (is_overlong_utf8(text, at)) return Reason::kPathOverlong;
    return note_rejection(scan, Reason::kPathUtf8, scan.notes.not_utf8, at);
  }
  note_first(scan.notes.non_ascii, at);
  if (!is_lookalike(character.code_point)) return Reason::kOk;
  return note_rejection(scan, Reason::kPathLookalike, scan.notes.lookalike, at);
}

/// Judges the escape, or the escaped UTF-8 sequence, at `at` and moves over it.
constexpr Reason scan_escape(std::string_view text, std::size_t& at, PathScan& scan) noexcept {
  const int value = escape_value(text, at);
  if (value < 0) return Reason::kPathEscape;
  std::size_t length = 1;
  const Reason fault = value < 0x80 ? scan_ascii_escape(text, at, static_cast<char>(value), scan)
                                    : scan_utf8_escape(text, at, scan, length);
  if (fault == Reason::kOk) at += 3 * length;
  return fault;
}

/// Judges every byte of the path at the start of `text`, in order. Writes nothing.
constexpr Error scan_path(std::string_view text, PathScan& scan) noexcept {
  std::size_t at = 0;
  while (at < text.size() && text[at] != '?') {
    const char c = text[at];
    if (c == '/') {
      scan.segment.end(scan.notes);
      ++at;
      scan.rewrite = scan.rewrite || segment_must_go(text, at);
    } else if (c == '%') {
      if (const Reason fault = scan_escape(text, at, scan); fault != Reason::kOk) return fault_at(fault, at);
    } else if (has_class(c, CharClass::kPathPlain) || c == ';') {
      if (c == ';') note_first(scan.notes.matrix_parameter, at);
      scan.segment.add(c, at++);
    } else {
      return fault_at(path_byte_fault(c), at);
    }
  }
  scan.segment.end(scan.notes);
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

/// Writes the normalised form of the escape at `at` of `text` to `out`: the character when it is unreserved, otherwise
/// the escape in upper case. Returns its size.
constexpr std::size_t write_escape(std::string_view text, std::size_t at, char* out) noexcept {
  const int value = escape_value(text, at);
  if (value < 0x80 && has_class(static_cast<char>(value), CharClass::kPathPlain)) {
    out[0] = static_cast<char>(value);
    return 1;
  }
  out[0] = '%';
  out[1] = upper_hex(text[at + 1]);
  out[2] = upper_hex(text[at + 2]);
  return 3;
}

/// What became of a segment.
enum class SegmentEnd : std::uint8_t { kKept, kEmpty, kDot, kAboveRoot };

/// Builds a path out of segments: writes them behind each other and takes back what dot segments remove.
class PathBuilder {
 public:
  /// Empty segments are dropped as they come, or kept until `merge`.
  enum class Empty : std::uint8_t { kDrop, kKeep };

  constexpr PathBuilder(char* out, Empty empty) noexcept : out_(out), empty_(empty) { out_[size_++] = '/'; }

  /// Where the next character goes. The path never grows beyond the text it is built from.
  [[nodiscard]] constexpr char* next() noexcept { return out_ + size_; }
  constexpr void advance(std::size_t count) noexcept { size_ += count; }

  /// Ends the segment that was written last. A segment above the root is dropped.
  constexpr SegmentEnd end_segment(bool last) noexcept {
    const std::string_view segment(out_ + begin_, size_ - begin_);
    const bool parent = segment == "..";
    if (segment == "." || parent) {
      size_ = begin_;
      return parent && !remove_parent() ? SegmentEnd::kAboveRoot : SegmentEnd::kDot;
    }
    const bool is_empty = segment.empty();
    if (!last && (!is_empty || empty_ == Empty::kKeep)) out_[size_++] = '/';
    begin_ = size_;
    return is_empty && !last ? SegmentEnd::kEmpty : SegmentEnd::kKept;
  }

  /// Drops the empty segments that were kept.
  constexpr void merge() noexcept {
    std::size_t merged = 0;
    for (std::size_t i = 0; i < size_; ++i) {
      if (out_[i] != '/' || merged == 0 || out_[merged - 1] != '/') out_[merged++] = out_[i];
    }
    size_ = merged;
  }

  [[nodiscard]] constexpr std::string_view path() const noexcept { return {out_, size_}; }

 private:
  constexpr bool remove_parent() noexcept {
    if (size_ == 1) return false;
    do {
      --size_;
    } while (out_[size_ - 1] != '/');
    begin_ = size_;
    return true;
  }

  char* out_;
  Empty empty_;
  std::size_t size_ = 0;
  std::size_t begin_ = 1;  ///< of the segment that is being written
};

/// Writes the normalised form of one judged segment.
constexpr void write_segment(std::string_view segment, PathBuilder& builder) noexcept {
  for (std::size_t at = 0; at < segment.size();) {
    if (segment[at] == '%') {
      builder.advance(write_escape(segment, at, builder.next()));
      at += 3;
    } else {
      *builder.next() = segment[at++];
      builder.advance(1);
    }
  }
}

/// Empty and dot segments together: which of them go first changes what is left.
constexpr void note_ambiguous_slashes(PathNotes& notes) noexcept {
  if (notes.dot_segment == PathNotes::kNowhere || notes.empty_segment == PathNotes::kNowhere) return;
  note_first(notes.ambiguous_slashes, std::max(notes.dot_segment, notes.empty_segment));
}

/// The canonical form of the judged path `raw`. The only fault left is that of the path as a whole.
inline Result<CanonicalPath> resolve_path(std::string_view raw, const PathScan& scan, Arena& scratch) noexcept {
  CanonicalPath canonical{raw, scan.notes};
  if (!scan.rewrite) return canonical;
  char* out = scratch.allocate<char>(raw.size());
  if (out == nullptr) return Reason::kUsageScratchTooSmall;
  PathBuilder builder(out, PathBuilder::Empty::kKeep);
  for (std::size_t begin = 1; begin <= raw.size();) {
    const std::size_t end = std::min(raw.find('/', begin), raw.size());
    write_segment(raw.substr(begin, end - begin), builder);
    switch (builder.end_segment(end == raw.size())) {
      case SegmentEnd::kKept: break;
      case SegmentEnd::kEmpty: note_first(canonical.notes.empty_segment, begin); break;
      case SegmentEnd::kDot: note_first(canonical.notes.dot_segment, begin); break;
      case SegmentEnd::kAboveRoot: return fault_at(Reason::kPathAboveRoot, begin);
    }
    begin = end + 1;
  }
  if (canonical.notes.empty_segment != PathNotes::kNowhere) builder.merge();
  note_ambiguous_slashes(canonical.notes);
  canonical.path = builder.path();
  return canonical;
}

/// Judges a raw path without a query and notes what it has. The caller has seen its first slash.
constexpr Error scan_whole_path(std::string_view raw, PathScan& scan) noexcept {
  if (const Error fault = scan_path(raw, scan); fault.reason != Reason::kOk) return fault;
  return scan.size < raw.size() ? fault_at(Reason::kTargetCharacter, scan.size) : Error{Reason::kOk, 0};
}

}  // namespace detail

/// The canonical form of a raw path, which has no query. Byte faults are reported in byte order; what only the path as
/// a whole shows (kPathAboveRoot) comes after them. `Error::offset` counts from the start of `raw`. Rules in `left` are
/// noted instead of refused where they are waivable. Takes at most `raw.size()` bytes of scratch, none when canonical.
/// Reasons: kTargetForm, kTargetCharacter, kTargetFragment, kPathEscape, kPathEncodedSeparator, kPathBackslash,
/// kPathControl, kPathAboveRoot, kPathUtf8, kPathLookalike, kPathOverlong, kUsageScratchTooSmall.
/// Pure apart from the scratch.
[[nodiscard]] inline Result<CanonicalPath> canonical_path(std::string_view raw, Arena& scratch,
                                                          const RuleSet& left = {}) noexcept {
  if (raw.empty() || raw.front() != '/') return Reason::kTargetForm;
  detail::PathScan scan;
  scan.left = left;
  if (const Error fault = detail::scan_whole_path(raw, scan); fault.reason != Reason::kOk) return fault;
  return detail::resolve_path(raw, scan, scratch);
}

/// True when `path` would be accepted and returned unchanged, and every lens reads it alike: what a route may be made
/// of. Pure.
[[nodiscard]] inline bool is_canonical_path(std::string_view path) noexcept {
  Arena nothing;  // a path that needs scratch is not canonical
  const Result<CanonicalPath> canonical = canonical_path(path, nothing);
  return canonical.ok() && !canonical->notes.ambiguous();
}

/// A request target, taken apart (RFC 9112 §3.2). Spans count from the start of the target.
struct Target {
  TargetForm form = TargetForm::kOrigin;
  Scheme scheme = Scheme::kUnknown;  ///< that the target names
  Span authority;
  Span raw_path;
  Span query;
  CanonicalPath canonical;
};

namespace detail {

constexpr Span span_of(std::size_t begin, std::size_t end) noexcept {
  return Span{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end - begin)};
}

/// Bytes of a scheme and its colon (RFC 3986 §3.1) when two slashes follow, else 0.
constexpr std::size_t target_scheme_size(std::string_view target) noexcept {
  std::size_t at = 0;
  while (at < target.size() && (is_alpha(target[at]) || (at > 0 && (is_digit(target[at]) || target[at] == '+' ||
                                                                    target[at] == '-' || target[at] == '.')))) {
    ++at;
  }
  return at > 0 && target.substr(at).starts_with("://") ? at + 1 : 0;
}

constexpr Scheme find_scheme(std::string_view name) noexcept {
  if (equals_ignoring_case(name, "http:")) return Scheme::kHttp;
  return equals_ignoring_case(name, "https:") ? Scheme::kHttps : Scheme::kUnknown;
}

/// Judges the bytes of the authority from `begin` to `end`; whether it is a host is judged with the Host field.
constexpr Error judge_authority(std::string_view target, std::size_t begin, std::size_t end) noexcept {
  if (begin == end) return fault_at(Reason::kTargetForm, begin);
  if (target.substr(begin, end - begin).find('@') != std::string_view::npos) {
    return fault_at(Reason::kTargetUserInformation, begin);
  }
  for (std::size_t at = begin; at < end; ++at) {
    const char c = target[at];
    if (has_class(c, CharClass::kUnreserved) || c == ':' || c == '[' || c == ']') continue;
    return fault_at(c == '#' ? Reason::kTargetFragment : Reason::kTargetCharacter, at);
  }
  return Error{Reason::kOk, 0};
}

/// Reads the path, if there is one, and the query from `begin` to the end.
inline Error read_path_and_query(std::string_view target, std::size_t begin, const RuleSet& left, Arena& scratch,
                                 Target& parsed) noexcept {
  const std::string_view rest = target.substr(begin);
  PathScan scan;
  scan.left = left;
  if (const Error fault = scan_path(rest, scan); fault.reason != Reason::kOk) {
    return fault_at(fault.reason, begin + fault.offset);
  }
  if (scan.size < rest.size()) {
    const Error fault = scan_query(rest, scan.size + 1);
    if (fault.reason != Reason::kOk) return fault_at(fault.reason, begin + fault.offset);
    parsed.query = span_of(begin + scan.size + 1, target.size());
  }
  if (scan.size == 0) {
    parsed.canonical.path = "/";  // RFC 9110 §4.2.3
    return Error{Reason::kOk, 0};
  }
  const Result<CanonicalPath> canonical = resolve_path(rest.substr(0, scan.size), scan, scratch);
  if (!canonical) return fault_at(canonical.reason(), begin + canonical.error().offset);
  parsed.raw_path = span_of(begin, begin + scan.size);
  parsed.canonical = *canonical;
  return Error{Reason::kOk, 0};
}

inline Result<Target> parse_absolute(std::string_view target, std::size_t scheme_end, Method method,
                                     const RuleSet& left, Arena& scratch) noexcept {
  Target parsed;
  parsed.form = TargetForm::kAbsolute;
  parsed.scheme = find_scheme(target.substr(0, scheme_end));
  if (parsed.scheme == Scheme::kUnknown) return fault_at(Reason::kTargetScheme, 0);
  const std::size_t begin = scheme_end + 2;
  const std::size_t end = std::min(target.find_first_of("/?", begin), target.size());
  if (const Error fault = judge_authority(target, begin, end); fault.reason != Reason::kOk) return fault;
  parsed.authority = span_of(begin, end);
  if (method == Method::kOptions && end == target.size()) {  // RFC 9112 §3.2.4
    parsed.form = TargetForm::kAsterisk;
    parsed.canonical.path = "*";
    return parsed;
  }
  const Error fault = read_path_and_query(target, end, left, scratch, parsed);
  if (fault.reason != Reason::kOk) return fault;
  return parsed;
}

/// RFC 9112 §3.2.3: a host and a port, nothing else. Whether they are good is judged with the Host field.
constexpr Result<Target> parse_authority_form(std::string_view target) noexcept {
  const std::size_t colon = target.rfind(':');
  const bool has_port = colon != std::string_view::npos && colon > 0 && colon + 1 < target.size() &&
                        target.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
  if (!has_port || judge_authority(target, 0, colon).reason != Reason::kOk) return Reason::kTargetForm;
  Target parsed;
  parsed.form = TargetForm::kAuthority;
  parsed.authority = span_of(0, target.size());
  return parsed;
}

}  // namespace detail

/// Takes a request target apart. A CONNECT takes a host and a port only; other methods take a path and perhaps a query,
/// the same after `http://` or `https://` and an authority, and OPTIONS also the asterisk. Byte faults are reported in
/// byte order; kPathAboveRoot comes after them. `Error::offset` counts from the start of `target`. Takes at most
/// `target.size()` bytes of scratch, and none when the path is canonical already.
/// Reasons: those of canonical_path, kTargetScheme, kTargetUserInformation. Pure apart from the scratch.
[[nodiscard]] inline Result<Target> parse_target(std::string_view target, Method method, Arena& scratch,
                                                 const RuleSet& left = {}) noexcept {
  if (method == Method::kConnect) return detail::parse_authority_form(target);
  if (target == "*" && method == Method::kOptions) {
    Target parsed;
    parsed.form = TargetForm::kAsterisk;
    parsed.raw_path = Span{0, 1};
    parsed.canonical.path = "*";
    return parsed;
  }
  if (const std::size_t size = detail::target_scheme_size(target); size != 0) {
    return detail::parse_absolute(target, size, method, left, scratch);
  }
  if (target.empty() || target.front() != '/') return Reason::kTargetForm;
  Target parsed;
  const Error fault = detail::read_path_and_query(target, 0, left, scratch, parsed);
  if (fault.reason != Reason::kOk) return fault;
  return parsed;
}

}  // namespace ostiary
