// Where a request carries its proof of identity.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/characters.hpp>
#include <ostiary/http/request.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostiary {

namespace detail {

/// The offset of the first byte that keeps `text` from being a token68 (RFC 9110 §11.2), or npos.
constexpr std::size_t token68_fault(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size() && has_class(text[at], CharClass::kToken68)) ++at;
  if (at == 0) return 0;
  while (at < text.size() && text[at] == '=') ++at;
  return at == text.size() ? std::string_view::npos : at;
}

/// As bearer_token, for the value of an Authorization field; offsets count from its start.
constexpr Result<std::string_view> bearer_token_in(std::string_view value) noexcept {
  std::size_t at = 0;
  while (at < value.size() && has_class(value[at], CharClass::kToken)) ++at;
  const bool scheme_ends = at > 0 && (at == value.size() || value[at] == ' ');
  if (!scheme_ends) return Error{Reason::kCredentialMalformed, static_cast<std::uint32_t>(at)};
  if (!equals_ignoring_case(value.substr(0, at), "bearer")) return Reason::kCredentialScheme;
  if (at == value.size()) return Error{Reason::kCredentialMalformed, static_cast<std::uint32_t>(at)};
  const std::string_view token = value.substr(at + 1);
  if (const std::size_t fault = token68_fault(token); fault != std::string_view::npos) {
    return Error{Reason::kCredentialMalformed, static_cast<std::uint32_t>(at + 1 + fault)};
  }
  return token;
}

}  // namespace detail

/// The bearer token of the Authorization field: `Bearer`, in any case, exactly one SP, and a token68, which is not
/// empty (RFC 6750 §2.1). Whether it is a JWS is for the verifier to say. Without such a field the result is ok and
/// `data()` is nullptr. Borrows Request::head; `Error::offset` is a byte of it.
/// Reasons: kCredentialScheme, kCredentialMalformed. Pure.
[[nodiscard]] inline Result<std::string_view> bearer_token(const Request& request) noexcept {
  const Field* field = request.find(FieldId::kAuthorization);
  if (field == nullptr) return std::string_view();
  const Result<std::string_view> token = detail::bearer_token_in(request.value(*field));
  if (!token) return Error{token.reason(), field->value.offset + token.error().offset};
  return token;
}

}  // namespace ostiary
