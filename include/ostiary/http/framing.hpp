// How the body is delimited (RFC 9112 §6.3): the one verdict on which all hops must agree.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/fields.hpp>
#include <ostiary/http/request.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

namespace ostiary {

/// The value of a Content-Length: decimal digits only, below 2^63. Stricter than `1*DIGIT` (RFC 9110 §8.6): a leading
/// zero is refused, because some programs read it as octal and one length needs one spelling.
/// Reasons: kLengthMalformed; `Error::offset` counts from the start of `text`. Pure.
[[nodiscard]] constexpr Result<std::uint64_t> parse_content_length(std::string_view text) noexcept {
  constexpr std::uint64_t kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (text.empty() || (text.size() > 1 && text[0] == '0')) return Reason::kLengthMalformed;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::uint64_t digit = static_cast<std::uint64_t>(text[i] - '0');
    if (!is_digit(text[i]) || value > (kMax - digit) / 10) {
      return Error{Reason::kLengthMalformed, static_cast<std::uint32_t>(i)};
    }
    value = value * 10 + digit;
  }
  return value;
}

namespace detail {

constexpr Error judge_encoding(Request& request, const Field& encoding) noexcept {
  if (request.version == HttpVersion::kHttp10) return Error{Reason::kEncodingVersion, encoding.name.offset};
  if (!equals_ignoring_case(request.value(encoding), "chunked")) {
    return Error{Reason::kEncodingUnsupported, encoding.value.offset};
  }
  request.framing = Framing::kChunked;
  return kNoFault;
}

constexpr Error judge_content_length(Request& request, const Field& length) noexcept {
  const Result<std::uint64_t> value = parse_content_length(request.value(length));
  if (!value) return Error{value.reason(), length.value.offset + value.error().offset};
  request.framing = Framing::kContentLength;
  request.content_length = *value;
  return kNoFault;
}

/// Fills framing and content_length. Content-Length with Transfer-Encoding is refused before either is read, and not
/// repaired as RFC 9112 §6.3 would allow: a hop that repairs it differently is the attack.
constexpr Error judge_framing(Request& request) noexcept {
  const Field* const length = request.find(FieldId::kContentLength);
  const Field* const encoding = request.find(FieldId::kTransferEncoding);
  if (length != nullptr && encoding != nullptr) {
    return Error{Reason::kLengthWithEncoding, std::max(length, encoding)->name.offset};
  }
  if (encoding != nullptr) return judge_encoding(request, *encoding);
  if (length != nullptr) return judge_content_length(request, *length);
  return kNoFault;
}

constexpr bool has_body(const Request& request) noexcept {
  return request.framing == Framing::kChunked || request.content_length > 0;
}

/// RFC 9110 §9.3: content has no meaning in GET, HEAD, CONNECT and TRACE, and is where requests are hidden.
constexpr bool takes_no_body(Method method) noexcept {
  return method == Method::kGet || method == Method::kHead || method == Method::kConnect || method == Method::kTrace;
}

constexpr Error judge_body(Request& request, const RuleSet& left_to_route) noexcept {
  if (!has_body(request) || !takes_no_body(request.method)) return kNoFault;
  const FieldId id = request.framing == Framing::kChunked ? FieldId::kTransferEncoding : FieldId::kContentLength;
  const std::uint32_t offset = request.find(id)->name.offset;
  // RFC 9110 §9.3.6, §9.3.8: CONNECT has no content, TRACE must not have any; no route can know better
  if (request.method == Method::kConnect || request.method == Method::kTrace) {
    return Error{Reason::kBodyUnexpected, offset};
  }
  return refuse_unless_left(request, left_to_route, Reason::kBodyUnexpected, offset);
}

/// Whether the value is a list of protocols, at least one: a name and perhaps a version, both tokens (RFC 9110 §7.8).
constexpr bool is_protocol_list(std::string_view value) noexcept {
  bool some = false;
  for (std::size_t at = 0; at <= value.size();) {
    const std::string_view protocol = take_member(value, at);
    if (protocol.empty()) continue;
    const std::size_t slash = protocol.find('/');
    if (!is_token(protocol.substr(0, slash))) return false;
    if (slash != std::string_view::npos && !is_token(protocol.substr(slash + 1))) return false;
    some = true;
  }
  return some;
}

/// Whether h2c is all that is offered.
constexpr bool offers_only_h2c(std::string_view value) noexcept {
  bool offered = false;
  for (std::size_t at = 0; at <= value.size();) {
    const std::string_view protocol = take_member(value, at);
    if (protocol.empty()) continue;
    if (!equals_ignoring_case(protocol.substr(0, protocol.find('/')), "h2c")) return false;
    offered = true;
  }
  return offered;
}

/// RFC 9110 §7.8. An offer of h2c is dropped with the other hop-by-hop fields; every other change of protocol is for
/// the route to permit, and HTTP/1.0 has none.
constexpr Error judge_upgrade(Request& request, const RuleSet& left_to_route) noexcept {
  if (request.version == HttpVersion::kHttp10) return kNoFault;
  bool noted = false;
  return judge_each(request, FieldId::kUpgrade, [&](const Field& field) noexcept {
    if (offers_only_h2c(request.value(field))) {
      if (!noted) add_finding(request, Reason::kUpgradeH2c, Disposition::kShape, field.name.offset);
      noted = true;
      return kNoFault;
    }
    if (has_body(request) || !is_protocol_list(request.value(field)))
      return Error{Reason::kUpgradeWithBody, field.name.offset};
    return refuse_unless_left(request, left_to_route, Reason::kUpgradeRefused, field.name.offset);
  });
}

}  // namespace detail
}  // namespace ostiary
