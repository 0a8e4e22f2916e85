// The canonical view of one HTTP request head, and what was noticed while it was made.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/reason.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/finding.hpp>
#include <ostiary/http/known_fields.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ostiary {

/// The methods of RFC 9110 §9.3 and RFC 5789. There is no "other": an unlisted method is refused.
enum class Method : std::uint8_t { kGet, kHead, kPost, kPut, kDelete, kConnect, kOptions, kTrace, kPatch };

inline constexpr std::array<std::string_view, 9> kMethodNames = {"GET",     "HEAD",    "POST",  "PUT",  "DELETE",
                                                                 "CONNECT", "OPTIONS", "TRACE", "PATCH"};

/// The version of the message. The bytes door reads it; the fields door is told.
enum class HttpVersion : std::uint8_t { kUnknown, kHttp10, kHttp11, kHttp2, kHttp3 };

/// "HTTP/1.1" and so on; empty when unknown. Static. Pure.
[[nodiscard]] constexpr std::string_view version_name(HttpVersion version) noexcept {
  switch (version) {
    case HttpVersion::kUnknown: return {};
    case HttpVersion::kHttp10: return "HTTP/1.0";
    case HttpVersion::kHttp11: return "HTTP/1.1";
    case HttpVersion::kHttp2: return "HTTP/2";
    case HttpVersion::kHttp3: return "HTTP/3";
  }
  return {};
}

/// The scheme, where the host or the target tells it.
enum class Scheme : std::uint8_t { kUnknown, kHttp, kHttps };

/// How the request target was written (RFC 9112 §3.2).
enum class TargetForm : std::uint8_t {
  kOrigin,     ///< a path and perhaps a query
  kAbsolute,   ///< a scheme and an authority before these; forward the origin form
  kAuthority,  ///< CONNECT: host and port, no path
  kAsterisk,   ///< OPTIONS of the server as a whole: the path is "*"
};

/// What follows the head (RFC 9112 §6.3).
enum class Framing : std::uint8_t { kNoBody, kContentLength, kChunked };

/// One header field. Both spans refer to Request::head.
struct Field {
  Span name;   ///< as it was sent
  Span value;  ///< without leading and trailing white space; present, possibly empty
  FieldId id = FieldId::kUnknown;
};

/// The canonical view. Every Span refers to `head`; the views borrow either `head` or the scratch
/// memory given to the inspector and live as long as both. Immutable once filled.
struct Request {
  static constexpr std::size_t kFindingsMax = 8;
  static constexpr std::uint16_t kNoField = 0xffff;

  std::string_view head;  ///< bytes door: the caller's bytes; fields door: the copy in scratch, as HTTP/1.1 text

  Method method = Method::kGet;
  HttpVersion version = HttpVersion::kUnknown;
  Scheme scheme = Scheme::kUnknown;
  TargetForm form = TargetForm::kOrigin;
  Framing framing = Framing::kNoBody;
  std::uint64_t content_length = 0;  ///< bytes; 0 unless framing is kContentLength

  Span target;             ///< the whole request target as sent
  Span authority;          ///< of the absolute and the authority form; absent otherwise
  Span raw_path;           ///< up to the question mark; absent in the authority form, and where the target has none
  Span query;              ///< after the question mark; absent when there is none
  std::string_view path;   ///< canonical path: decoded once, dot segments removed, starts with a slash; "*" in the
                           ///< asterisk form, absent in the authority form
  std::string_view host;   ///< canonical host: lower case, no port, no trailing dot
  std::uint16_t port = 0;  ///< of the Host; 0 when it names none or the scheme's own
  bool ambiguous_path = false;              ///< back ends could read another path: compare the lenses before routing
  bool underscore_names = false;            ///< a field name has an underscore, which some back ends take for a hyphen
  std::span<const Field> fields;            ///< in the order sent; borrows scratch
  const std::uint16_t* first_of = nullptr;  ///< by FieldId, the first field of that name or kNoField; borrows scratch

  RuleSet to_waive;  ///< rejections left to the route: refuse unless it waives every one of them

  std::uint8_t finding_count = 0;
  /// Flags, shapes, and the rejections left to the route: of the target in order of Reason, then of fields.
  /// `finding_count` of them are set.
  std::array<Finding, kFindingsMax> findings;
  bool findings_truncated = false;  ///< more than kFindingsMax were met

  [[nodiscard]] constexpr std::string_view name(const Field& field) const noexcept { return field.name.in(head); }
  [[nodiscard]] constexpr std::string_view value(const Field& field) const noexcept { return field.value.in(head); }

  /// The first field of this name, or nullptr. Takes the same time however many fields there are. Borrows scratch.
  [[nodiscard]] constexpr const Field* find(FieldId id) const noexcept {
    const std::uint16_t index =
        id == FieldId::kUnknown || first_of == nullptr ? kNoField : first_of[static_cast<std::size_t>(id)];
    return index == kNoField ? nullptr : &fields[index];
  }

  /// The first field of this name (given in lower case), or nullptr. Borrows scratch.
  [[nodiscard]] constexpr const Field* find(std::string_view lower_name) const noexcept {
    for (const Field& field : fields) {
      if (equals_ignoring_case(name(field), lower_name)) return &field;
    }
    return nullptr;
  }
};

namespace detail {

/// Where the last Finding that is no rejection stands: it gives way to a rejection left to the route, whose place the
/// Decision has to tell. There are fewer waivable rules than places.
constexpr std::size_t find_replaceable(const Request& request) noexcept {
  std::size_t at = Request::kFindingsMax - 1;
  while (at > 0 && request.findings[at].disposition == Disposition::kReject) --at;
  return at;
}

constexpr void add_finding(Request& request, Reason reason, Disposition disposition, std::uint32_t offset) noexcept {
  const Finding finding{reason, disposition, offset};
  if (request.finding_count < Request::kFindingsMax) {
    request.findings[request.finding_count++] = finding;
    return;
  }
  request.findings_truncated = true;
  if (disposition == Disposition::kReject) request.findings[find_replaceable(request)] = finding;
}

/// A rejection that a route may waive: it stands unless it was left to the route.
constexpr Error refuse_unless_left(Request& request, const RuleSet& left_to_route, Reason reason,
                                   std::uint32_t offset) noexcept {
  if (!left_to_route.has(reason)) return Error{reason, offset};
  if (!request.to_waive.has(reason)) add_finding(request, reason, Disposition::kReject, offset);
  request.to_waive.add(reason);
  return Error{Reason::kOk, 0};
}

}  // namespace detail
}  // namespace ostiary
