// How back ends that do not follow RFC 3986 read a path. The router compares these readings with the canonical path and
// refuses a request whose back end could take it for another route.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/core/reason.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/finding.hpp>
#include <ostiary/http/target.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostiary {

/// One way to read a path. None but kNginx refuses to climb above the root: it stays there, the worst reading.
enum class Lens : std::uint8_t {
  kRfc3986,       ///< the canonical path: decodes what may stand raw, removes dot segments, merges what is empty
  kNginx,         ///< decodes everything once, a slash too, and merges slashes before dot segments go
  kBackslash,     ///< takes `\` and `%5C` for a slash, and `%2F` as well
  kMatrix,        ///< cuts each segment off at its semicolon, raw or encoded, then merges slashes and removes dots
  kDoubleDecode,  ///< decodes everything twice
};

/// A lens that is looked through where a rule was met, and the note that tells it.
struct LensRule {
  Lens lens = Lens::kRfc3986;
  Reason rule = Reason::kInternal;
  std::uint32_t PathNotes::* note = nullptr;
};

/// In ascending order of Reason. A lens may serve two rules. kRfc3986 serves none: it is what the others are compared
/// with.
inline constexpr LensRule kLensRules[] = {
    {Lens::kNginx, Reason::kPathEncodedSeparator, &PathNotes::encoded_separator},
    {Lens::kBackslash, Reason::kPathEncodedSeparator, &PathNotes::encoded_separator},
    {Lens::kDoubleDecode, Reason::kPathDoubleEncoded, &PathNotes::double_encoded},
    {Lens::kMatrix, Reason::kPathMatrixParameter, &PathNotes::matrix_parameter},
    {Lens::kNginx, Reason::kPathAmbiguousSlashes, &PathNotes::ambiguous_slashes},
};

namespace detail {

/// One character as a back end reads it.
struct LensCharacter {
  char value = 0;
  bool escaped = false;
  std::size_t size = 1;  ///< bytes of the raw path
};

constexpr LensCharacter read_decoded(std::string_view raw, std::size_t at) noexcept {
  const int value = escape_value(raw, at);
  if (value >= 0) return {static_cast<char>(value), true, 3};
  return {at < raw.size() ? raw[at] : '\0', false, 1};
}

/// A percent sign that is left after decoding starts another escape when two digits follow.
constexpr LensCharacter read_twice_decoded(std::string_view raw, std::size_t at) noexcept {
  const LensCharacter first = read_decoded(raw, at);
  if (first.value != '%') return first;
  const LensCharacter high = read_decoded(raw, at + first.size);
  const LensCharacter low = read_decoded(raw, at + first.size + high.size);
  const int high_value = hex_value(high.value);
  const int low_value = hex_value(low.value);
  if (high_value < 0 || low_value < 0) return first;
  return {static_cast<char>(high_value * 16 + low_value), true, first.size + high.size + low.size};
}

constexpr bool is_separator(const LensCharacter& character, Lens lens) noexcept {
  if (character.value == '\\') return lens == Lens::kBackslash;
  if (character.value != '/') return false;
  return !character.escaped || lens == Lens::kNginx || lens == Lens::kBackslash || lens == Lens::kDoubleDecode;
}

/// Writes a character in the form it has in a canonical path: one that may stand raw, and one that did, as it is.
constexpr void write_character(const LensCharacter& character, PathBuilder& builder) noexcept {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  char* const out = builder.next();
  out[0] = character.value;
  if (!character.escaped || has_class(character.value, CharClass::kPathPlain)) return builder.advance(1);
  const auto byte = static_cast<unsigned char>(character.value);
  out[0] = '%';
  out[1] = kDigits[byte >> 4];
  out[2] = kDigits[byte & 15U];
  builder.advance(3);
}

constexpr PathBuilder::Empty empty_segments_of(Lens lens) noexcept {
  return lens == Lens::kNginx || lens == Lens::kMatrix ? PathBuilder::Empty::kDrop : PathBuilder::Empty::kKeep;
}

/// False when the back end refuses the path.
constexpr bool build_lens_path(std::string_view raw, Lens lens, PathBuilder& builder) noexcept {
  bool cut = false;  // the rest of the segment is not read
  for (std::size_t at = 1; at <= raw.size();) {
    const bool last = at == raw.size();
    const LensCharacter character = lens == Lens::kDoubleDecode ? read_twice_decoded(raw, at) : read_decoded(raw, at);
    at += character.size;
    if (last || is_separator(character, lens)) {
      if (builder.end_segment(last) == SegmentEnd::kAboveRoot && lens == Lens::kNginx) return false;
      cut = false;
      continue;
    }
    cut = cut || (lens == Lens::kMatrix && character.value == ';');
    if (!cut) write_character(character, builder);
  }
  return true;
}

}  // namespace detail

/// The path as a back end reads it, in the form of a canonical path, so that both can be matched alike: characters keep
/// the form they have in the canonical path, only separators, semicolons and dots are read otherwise. `raw_path` is one
/// that canonical_path takes when its waivable rules are left, or such a one with raw backslashes; nothing else is
/// judged. Always takes `raw_path.size()` bytes of scratch, which the answer borrows.
/// Reasons: kPathAboveRoot when such a back end refuses the path, kTargetForm without a leading slash,
/// kUsageScratchTooSmall. Pure apart from the scratch.
[[nodiscard]] inline Result<std::string_view> lens_path(std::string_view raw_path, Lens lens, Arena& scratch) noexcept {
  if (raw_path.empty() || raw_path.front() != '/') return Reason::kTargetForm;
  char* const out = scratch.allocate<char>(raw_path.size());
  if (out == nullptr) return Reason::kUsageScratchTooSmall;
  detail::PathBuilder builder(out, detail::empty_segments_of(lens));
  if (!detail::build_lens_path(raw_path, lens, builder)) return Reason::kPathAboveRoot;
  builder.merge();
  return builder.path();
}

namespace detail {

/// Whether cutting segments off at their semicolons leaves one that is empty or dots: there, back ends that cut differ
/// in what they do first.
constexpr bool cuts_to_dots(std::string_view raw) noexcept {
  std::size_t read = 0;  // characters of the segment so far
  bool only_dots = true;
  bool cut = false;
  for (std::size_t at = 1; at < raw.size();) {
    const LensCharacter character = read_decoded(raw, at);
    at += character.size;
    if (character.value == '/' && !character.escaped) {
      read = 0;
      only_dots = true;
      cut = false;
    } else if (character.value == ';' && !cut) {
      if (read == 0 || (only_dots && read <= 2)) return true;
      cut = true;
    } else if (!cut) {
      only_dots = only_dots && character.value == '.';
      ++read;
    }
  }
  return false;
}

/// Whether decoding twice makes a backslash, a semicolon or another percent sign, so that yet another reading follows.
constexpr bool decodes_to_more(std::string_view raw) noexcept {
  for (std::size_t at = 1; at < raw.size();) {
    const LensCharacter character = read_twice_decoded(raw, at);
    const bool twice = character.size > 3;
    if (twice && (character.value == '\\' || character.value == ';' || character.value == '%')) return true;
    at += character.size;
  }
  return false;
}

}  // namespace detail

/// Whether a path is ambiguous in more ways than one, so that no single lens shows what a back end of two habits reads:
/// two of the rules with lenses were met, or one of them together with dot or empty segments, segments that become dots
/// when they are cut, or escapes that hide more of the kind. Pure.
[[nodiscard]] constexpr bool is_tangled(std::string_view raw_path, const PathNotes& notes) noexcept {
  const bool matrix = notes.matrix_parameter != PathNotes::kNowhere;
  const bool twice = notes.double_encoded != PathNotes::kNowhere;
  const bool separator = notes.encoded_separator != PathNotes::kNowhere;
  const bool slashes = notes.ambiguous_slashes != PathNotes::kNowhere;
  if (int{matrix} + int{twice} + int{separator} + int{slashes} > 1) return true;
  const bool reshaped = notes.dot_segment != PathNotes::kNowhere || notes.empty_segment != PathNotes::kNowhere;
  if ((matrix || twice || separator) && reshaped) return true;
  return (matrix && detail::cuts_to_dots(raw_path)) || (twice && detail::decodes_to_more(raw_path));
}

/// What was noted about a raw path that the inspector accepted. Takes at most `raw_path.size()` bytes of scratch.
/// Reasons: kUsageScratchTooSmall. Pure apart from the scratch.
[[nodiscard]] inline Result<PathNotes> notes_of_path(std::string_view raw_path, Arena& scratch) noexcept {
  const Result<CanonicalPath> canonical = canonical_path(raw_path, scratch, kWaivableRules);
  if (!canonical) return canonical.error();
  return canonical->notes;
}

}  // namespace ostiary
