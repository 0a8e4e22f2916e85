// The first, strict pass over the bytes of a token: everything that can be refused without decoding.
#pragma once

#include <ostiary/core/base64url.hpp>
#include <ostiary/core/limits.hpp>
#include <ostiary/core/result.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostiary {

/// The parts of a compact JWS (RFC 7515 §7.1). The views borrow the token.
struct CompactJws {
  std::string_view header;         ///< base64url text
  std::string_view payload;        ///< base64url text
  std::string_view signature;      ///< base64url text
  std::string_view signing_input;  ///< header, dot and payload: the bytes that are signed

  [[nodiscard]] constexpr std::uint32_t payload_offset() const noexcept {
    return static_cast<std::uint32_t>(payload.data() - signing_input.data());
  }
  [[nodiscard]] constexpr std::uint32_t signature_offset() const noexcept {
    return static_cast<std::uint32_t>(signing_input.size() + 1);
  }
};

namespace detail {

// RFC 4648 §3.5: bits of the last character that stand for nothing must be zero, or one byte string
// would have several spellings.
[[nodiscard]] constexpr Error check_part(std::string_view part, std::size_t offset) noexcept {
  const std::uint32_t start = static_cast<std::uint32_t>(offset);
  if (part.empty()) return {Reason::kTokenSegments, start};
  const std::size_t rest = part.size() % 4;
  if (rest == 0) return {Reason::kOk, 0};
  if (rest == 1) return {Reason::kTokenBase64, start};
  const std::int32_t unused = base64url_value(part.back()) & (rest == 2 ? 0x0f : 0x03);
  if (unused == 0) return {Reason::kOk, 0};
  return {Reason::kTokenBase64, static_cast<std::uint32_t>(start + part.size() - 1)};
}

}  // namespace detail

/// Whether there must be something between the dots. A JWS may sign nothing (RFC 7515 §3); no JWT does.
enum class PayloadPart : std::uint8_t { kPresent, kMayBeEmpty };

/// Splits a compact JWS. On success every part, the payload perhaps excepted, is non-empty canonical base64url without
/// padding, so that decoding it cannot fail. Takes constant memory whatever the token holds.
/// Reasons: TOKEN_EMPTY, TOKEN_TOO_LONG, TOKEN_CHARACTER, TOKEN_ENCRYPTED, TOKEN_SEGMENTS, TOKEN_BASE64;
/// the offset is the byte of the token. Source: RFC 7515 §5.2, §7.1; RFC 7516 §9. Pure.
[[nodiscard]] constexpr Result<CompactJws> split_compact(std::string_view token, const Limits& limits,
                                                         PayloadPart payload = PayloadPart::kPresent) noexcept {
  if (token.empty()) return Error{Reason::kTokenEmpty, 0};
  if (token.size() > limits.token_size_max) return Error{Reason::kTokenTooLong, limits.token_size_max};
  // RFC 8725bis: letters, digits, `-`, `_` and `.`; a token with any other byte is refused as a whole.
  const detail::DottedText seen = detail::read_dotted(token);
  if (seen.clean != token.size()) return Error{Reason::kTokenCharacter, static_cast<std::uint32_t>(seen.clean)};
  const auto& position = seen.position;
  if (seen.dots == 4) return Error{Reason::kTokenEncrypted, static_cast<std::uint32_t>(position[2])};
  if (seen.dots != 2) {
    const std::size_t place = seen.dots > 2 ? position[2] : token.size();
    return Error{Reason::kTokenSegments, static_cast<std::uint32_t>(place)};
  }

  const CompactJws jws{token.substr(0, position[0]), token.substr(position[0] + 1, position[1] - position[0] - 1),
                       token.substr(position[1] + 1), token.substr(0, position[1])};
  if (base64url_decoded_size(jws.header.size()) > limits.token_header_size_max) {
    return Error{Reason::kTokenTooLong, 0};
  }
  for (const std::string_view part : {jws.header, jws.payload, jws.signature}) {
    const bool may_be_empty = payload == PayloadPart::kMayBeEmpty && part.data() == jws.payload.data();
    if (part.empty() && may_be_empty) continue;
    const Error error = detail::check_part(part, static_cast<std::size_t>(part.data() - token.data()));
    if (error.reason != Reason::kOk) return error;
  }
  return jws;
}

}  // namespace ostiary
