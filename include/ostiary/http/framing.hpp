// How the body is delimited (RFC 9112 §6.3): the one verdict on which all hops must agree.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/fields.hpp>
#include <ostiary/http/request.hpp>

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
  if (request.version_minor == 0) return Error{Reason::kEncodingVersion, encoding.name.offset};
  if (!equals_ignoring_case(request.value(encoding), "chunked")) {
    return Error{Reason::kEncodingUnsupported, encoding.value.offset};
  }
  request.framing = Framing::kChunked;
  return Error{Reason::kOk, 0};
}

constexpr Error judge_content_length(Request& request, const Field& length) noexcept {
  const Result<std::uint64_t> value = parse_content_length(request.value(length));
  if (!value) return Error{value.reason(), length.value.offset + value.error().offset};
  request.framing = Framing::kContentLength;
  request.content_length = *value;
  return Error{Reason::kOk, 0};
}

/// Fills framing and content_length. Content-Length with Transfer-Encoding is refused before either is read, and not
/// repaired as RFC 9112 §6.3 would allow: a hop that repairs it differently is the attack.
constexpr Error judge_framing(Request& request, const KeyFields& keys) noexcept {
  if (keys.content_length != nullptr && keys.transfer_encoding != nullptr) {
    const Field* later = keys.content_length > keys.transfer_encoding ? keys.content_length : keys.transfer_encoding;
    return Error{Reason::kLengthWithEncoding, later->name.offset};
  }
  if (keys.transfer_encoding != nullptr) return judge_encoding(request, *keys.transfer_encoding);
  if (keys.content_length != nullptr) return judge_content_length(request, *keys.content_length);
  return Error{Reason::kOk, 0};
}

}  // namespace detail
}  // namespace ostiary
