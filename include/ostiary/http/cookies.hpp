// The cookies of a request, read lazily and in one grammar only (RFC 6265 §4.2 as its revision reads it): pieces end at
// a semicolon and nowhere else, the first equals sign ends the name, SP and HTAB around names and values do not belong
// to them, and a quote is a byte like any other. Programs that know the older grammar (RFC 2965) change to it when they
// see $Version; such a line is refused.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/limits.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/characters.hpp>
#include <ostiary/http/pairs.hpp>
#include <ostiary/http/request.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace ostiary {

/// One cookie with a name. Both spans are present and refer to Request::head, or to the line that was given; the value
/// may be empty. Plain data.
struct Cookie {
  Span name;
  Span value;

  friend constexpr bool operator==(const Cookie&, const Cookie&) noexcept = default;
};

namespace detail {

/// The fields from the first Cookie on; none when there is none.
constexpr std::span<const Field> from_first_cookie(const Request& request) noexcept {
  const Field* first = request.find(FieldId::kCookie);
  if (first == nullptr) return {};
  return request.fields.subspan(static_cast<std::size_t>(first - request.fields.data()));
}

/// The pieces of one line, or of every Cookie field in the order sent (RFC 9113 §8.2.3: crumbs).
class CookiePieces {
 public:
  constexpr CookiePieces() = default;
  constexpr explicit CookiePieces(std::string_view line) noexcept : text_(line), line_(line) {}
  constexpr explicit CookiePieces(const Request& request) noexcept
      : text_(request.head), fields_(from_first_cookie(request)) {}

  /// What spans refer to.
  [[nodiscard]] constexpr std::string_view text() const noexcept { return text_; }

  /// The next piece, trimmed, perhaps empty; `data()` is nullptr when there is none left.
  constexpr std::string_view next() noexcept {
    for (;;) {
      const std::string_view piece = line_.next(';');
      if (piece.data() != nullptr) return trim_blanks(piece);
      if (!next_line()) return {};
    }
  }

 private:
  constexpr bool next_line() noexcept {
    while (!fields_.empty()) {
      const Field& field = fields_.front();
      fields_ = fields_.subspan(1);
      if (field.id != FieldId::kCookie) continue;
      line_ = PieceCursor(field.value.in(text_));
      return true;
    }
    return false;
  }

  std::string_view text_;
  PieceCursor line_;
  std::span<const Field> fields_;
};

/// Reads the cookies that have a name; the others, and empty pieces, are passed over.
class CookieReader {
 public:
  using Item = Cookie;

  constexpr CookieReader() = default;
  constexpr explicit CookieReader(const CookiePieces& pieces) noexcept : pieces_(pieces) {}

  constexpr bool next(Cookie& cookie) noexcept {
    for (;;) {
      const std::string_view piece = pieces_.next();
      if (piece.data() == nullptr) return false;
      const std::size_t equals = piece.find('=');
      if (equals == std::string_view::npos) continue;
      const std::string_view name = trim_blanks(piece.substr(0, equals));
      if (name.empty()) continue;
      cookie.name = span_of(name, pieces_.text());
      cookie.value = span_of(trim_blanks(piece.substr(equals + 1)), pieces_.text());
      return true;
    }
  }

 private:
  CookiePieces pieces_;
};

/// Sixteen bytes that are compared at once. The compilers make it from whatever the target has.
using ByteLanes [[gnu::vector_size(16)]] = std::uint8_t;

inline constexpr std::size_t kLaneCount = sizeof(ByteLanes);

inline ByteLanes load_lanes(const void* bytes) noexcept {
  ByteLanes lanes;
  std::memcpy(&lanes, bytes, kLaneCount);
  return lanes;
}

/// 0xff in every lane that is `c`, else 0.
inline ByteLanes lanes_equal(ByteLanes lanes, char c) noexcept {
  return reinterpret_cast<ByteLanes>(lanes == static_cast<std::uint8_t>(c));
}

/// 0xff in the last `count` lanes, else 0.
inline ByteLanes last_lanes(std::size_t count) noexcept {
  constexpr ByteLanes kNumbers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  return reinterpret_cast<ByteLanes>(kNumbers >= static_cast<std::uint8_t>(kLaneCount - count));
}

inline std::uint32_t sum_lanes(ByteLanes lanes) noexcept {
  constexpr std::uint64_t kEven = 0x00ff00ff00ff00ffU;
  std::uint64_t words[2];
  std::memcpy(words, &lanes, kLaneCount);
  std::uint64_t sums = 0;  // four of 16 bits, each at most 4 * 255
  for (const std::uint64_t word : words) sums += (word & kEven) + (word >> 8 & kEven);
  return static_cast<std::uint32_t>(sums * 0x0001000100010001U >> 48);
}

/// What decides whether a line must be looked at again, found in one pass over its bytes.
struct CookieBytes {
  std::uint32_t semicolons = 0;
  ByteLanes dollars{};

  /// Counts the lanes of `among` only, which holds 0xff or 0.
  void add(ByteLanes lanes, ByteLanes among) noexcept {
    semicolons += sum_lanes(-(lanes_equal(lanes, ';') & among));
    dollars |= lanes_equal(lanes, '$');
  }
  [[nodiscard]] bool has_dollar() const noexcept {
    std::uint64_t words[2];
    std::memcpy(words, &dollars, kLaneCount);
    return (words[0] | words[1]) != 0;
  }
};

inline CookieBytes count_cookie_bytes(std::string_view line) noexcept {
  constexpr std::size_t kBlocksMax = 255;  // a lane counts no further
  CookieBytes seen;
  if (line.size() < kLaneCount) {
    char padded[kLaneCount] = {};
    line.copy(padded, line.size());
    seen.add(load_lanes(padded), ~ByteLanes{});
    return seen;
  }
  const char* at = line.data();
  std::size_t left = line.size();
  while (left >= kLaneCount) {
    const std::size_t blocks = std::min(left / kLaneCount, kBlocksMax);
    ByteLanes semicolons{};
    for (std::size_t i = 0; i < blocks; ++i, at += kLaneCount) {
      const ByteLanes lanes = load_lanes(at);
      semicolons -= lanes_equal(lanes, ';');
      seen.dollars |= lanes_equal(lanes, '$');
    }
    seen.semicolons += sum_lanes(semicolons);
    left -= blocks * kLaneCount;
  }
  // the block that ends with the line, of which only the bytes that are left count
  seen.add(load_lanes(line.data() + line.size() - kLaneCount), last_lanes(left));
  return seen;
}

/// Where a piece of the older grammar, which a comma ends as well (RFC 2965 §3.3.4), starts with $Version; npos when
/// none does. What follows the name is not looked at: no program may find it here and read on.
constexpr std::size_t find_version_attribute(std::string_view line) noexcept {
  constexpr std::string_view kName = "$version";
  for (std::size_t at = line.find('$'); at != std::string_view::npos; at = line.find('$', at + 1)) {
    if (!equals_ignoring_case(line.substr(at, kName.size()), kName)) continue;
    std::size_t before = at;
    while (before > 0 && is_blank(line[before - 1])) --before;
    if (before == 0 || line[before - 1] == ';' || line[before - 1] == ',') return at;
  }
  return std::string_view::npos;
}

/// The start of piece number `index` of `line`, which has more pieces than that.
constexpr std::size_t piece_offset(std::string_view line, std::uint32_t index, char separator) noexcept {
  std::size_t at = 0;
  for (; index > 0; --index) at = line.find(separator, at) + 1;
  return at;
}

/// The first piece that is neither empty nor has a name; absent when there is none.
constexpr Span first_nameless(CookiePieces pieces) noexcept {
  for (;;) {
    const std::string_view piece = pieces.next();
    if (piece.data() == nullptr) return Span{};
    const bool has_name = piece.find('=') != std::string_view::npos && piece.front() != '=';
    if (!piece.empty() && !has_name) return span_of(piece, pieces.text());
  }
}

/// As find_cookie, for cookies that have been judged.
constexpr Result<Span> find_single_cookie(CookieReader reader, std::string_view text, std::string_view name) noexcept {
  Span found;
  Cookie cookie;
  while (reader.next(cookie)) {
    if (cookie.name.in(text) != name) continue;
    if (found.present()) return Error{Reason::kCookieDuplicate, cookie.name.offset};
    found = cookie.value;
  }
  return found;
}

}  // namespace detail

/// A forward range of Cookie. Every iterator reads on by itself and borrows what the range was made from.
using Cookies = detail::ReadRange<detail::CookieReader>;

/// The cookies of the request that have a name, in the order sent: of its one Cookie field, or of all of them where
/// HTTP/2 has cut it into crumbs (RFC 9113 §8.2.3). Borrows Request::head and the fields. Pure.
[[nodiscard]] constexpr Cookies cookies(const Request& request) noexcept {
  return Cookies(detail::CookieReader(detail::CookiePieces(request)));
}

/// The cookies of one line, which is shorter than 4 GiB. Borrows `line`. Pure.
[[nodiscard]] constexpr Cookies cookies(std::string_view line) noexcept {
  return Cookies(detail::CookieReader(detail::CookiePieces(line)));
}

/// Whether a line can be read in one way only, in one pass over its bytes. `count` is how many pieces the lines before
/// it have; those of this line are added, empty ones too. kOk, or kCookieLegacy at the dollar sign, or kCookieTooMany
/// at the first piece beyond Limits::cookie_count_max; `Error::offset` counts from the start of `line`. Pure.
///
/// $Version is refused in any case of letters wherever a piece starts, be it after a comma or inside of quotes. The
/// other attributes of RFC 2965, as $Path, mean nothing without it and are cookies like any other.
[[nodiscard]] inline Error judge_cookies(std::string_view line, std::uint32_t& count, const Limits& limits) noexcept {
  const detail::CookieBytes seen = detail::count_cookie_bytes(line);
  if (seen.has_dollar()) {
    const std::size_t version = detail::find_version_attribute(line);
    if (version != std::string_view::npos) return Error{Reason::kCookieLegacy, static_cast<std::uint32_t>(version)};
  }
  const std::uint32_t room = limits.cookie_count_max - std::min(count, limits.cookie_count_max);
  if (seen.semicolons >= room) {
    return Error{Reason::kCookieTooMany, static_cast<std::uint32_t>(detail::piece_offset(line, room, ';'))};
  }
  count += seen.semicolons + 1;
  return Error{Reason::kOk, 0};
}

/// As above, for all Cookie fields of the request together; `Error::offset` is a byte of Request::head.
[[nodiscard]] inline Error judge_cookies(const Request& request, const Limits& limits = {}) noexcept {
  std::uint32_t count = 0;
  for (const Field& field : detail::from_first_cookie(request)) {
    if (field.id != FieldId::kCookie) continue;
    const Error fault = judge_cookies(request.value(field), count, limits);
    if (fault.reason != Reason::kOk) return Error{fault.reason, field.value.offset + fault.offset};
  }
  return Error{Reason::kOk, 0};
}

/// The first cookie without a name (`=x`, or `x` without an equals sign), trimmed, which the ranges pass over: what
/// kCookieNameless points at. Absent when every cookie has a name. Browsers send such cookies, and what another program
/// takes for their name is anybody's guess. Pure. RFC 6265 §5.2.
[[nodiscard]] constexpr Span first_nameless_cookie(const Request& request) noexcept {
  return detail::first_nameless(detail::CookiePieces(request));
}
[[nodiscard]] constexpr Span first_nameless_cookie(std::string_view line) noexcept {
  return detail::first_nameless(detail::CookiePieces(line));
}

/// The value of a cookie that must stand once; absent when there is none. Names are compared byte by byte, so that
/// neither case nor encoding makes two of one. The cookies are judged first. The Span refers to Request::head.
/// Reasons: kCookieDuplicate at the second name, even with an equal value; those of judge_cookies. Pure.
[[nodiscard]] inline Result<Span> find_cookie(const Request& request, std::string_view name,
                                              const Limits& limits = {}) noexcept {
  if (const Error fault = judge_cookies(request, limits); fault.reason != Reason::kOk) return fault;
  return detail::find_single_cookie(detail::CookieReader(detail::CookiePieces(request)), request.head, name);
}

/// As above, in one line, to which Span and `Error::offset` refer.
[[nodiscard]] inline Result<Span> find_cookie(std::string_view line, std::string_view name,
                                              const Limits& limits = {}) noexcept {
  std::uint32_t count = 0;
  if (const Error fault = judge_cookies(line, count, limits); fault.reason != Reason::kOk) return fault;
  return detail::find_single_cookie(detail::CookieReader(detail::CookiePieces(line)), line, name);
}

}  // namespace ostiary
