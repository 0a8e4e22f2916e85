#include "token/padded_jws.hpp"

#include <ostiary/core/base64url.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace ostiary {

namespace {

constexpr std::size_t kUnit = 4;  // characters

struct PaddedPart {
  std::string_view text;   ///< without padding
  std::size_t length = 0;  ///< with it
};

/// The part that starts at `start` and ends before a dot or the end.
Result<PaddedPart> read_part(std::string_view token, std::size_t start) noexcept {
  const std::string_view part = token.substr(start, token.substr(start).find('.'));
  const std::string_view text = part.substr(0, part.find('='));
  for (std::size_t i = 0; i < part.size(); ++i) {
    const bool good = i < text.size() ? is_base64url(part[i]) : part[i] == '=';
    if (!good) return Error{Reason::kTokenCharacter, static_cast<std::uint32_t>(start + i)};
  }
  if (const Error error = detail::check_part(text, start); error.reason != Reason::kOk) return error;
  if (part.size() != (text.size() + kUnit - 1) / kUnit * kUnit) {
    return Error{Reason::kTokenBase64, static_cast<std::uint32_t>(start + text.size())};
  }
  return PaddedPart{text, part.size()};
}

}  // namespace

Result<CompactJws> split_padded(std::string_view token, const Limits& limits) noexcept {
  if (token.empty()) return Error{Reason::kTokenEmpty, 0};
  if (token.size() > limits.token_size_max) return Error{Reason::kTokenTooLong, limits.token_size_max};
  std::array<PaddedPart, 3> parts{};
  std::size_t start = 0;
  for (PaddedPart& part : parts) {
    if (start > token.size()) return Error{Reason::kTokenSegments, static_cast<std::uint32_t>(token.size())};
    const Result<PaddedPart> read = read_part(token, start);
    if (!read) return read.error();
    part = *read;
    start += part.length + 1;
  }
  if (start <= token.size()) return Error{Reason::kTokenSegments, static_cast<std::uint32_t>(start - 1)};
  if (base64url_decoded_size(parts[0].text.size()) > limits.token_header_size_max) {
    return Error{Reason::kTokenTooLong, 0};
  }
  return CompactJws{parts[0].text, parts[1].text, parts[2].text,
                    token.substr(0, parts[0].length + 1 + parts[1].length)};
}

}  // namespace ostiary
