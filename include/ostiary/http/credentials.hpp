// Where a request carries its proof of identity.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/authorization.hpp>
#include <ostiary/http/request.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostiary {

/// How an access token is presented.
enum class CredentialScheme : std::uint8_t {
  kNone,    ///< there is no Authorization field
  kBearer,  ///< RFC 6750 §2.1
  kDpop,    ///< RFC 9449 §7.1
};

/// An access token as it was presented. The token is not empty unless the scheme is kNone, and borrows Request::head.
struct Credential {
  CredentialScheme scheme = CredentialScheme::kNone;
  std::string_view token{};
};

namespace detail {

constexpr CredentialScheme credential_scheme(std::string_view name) noexcept {
  if (equals_ignoring_case(name, "bearer")) return CredentialScheme::kBearer;
  return equals_ignoring_case(name, "dpop") ? CredentialScheme::kDpop : CredentialScheme::kNone;
}

/// As credential, for the value of an Authorization field; offsets count from its start.
constexpr Result<Credential> credential_in(std::string_view value, bool only_bearer) noexcept {
  const Result<std::uint32_t> size = scheme_size(value);
  if (!size) return size.error();
  const CredentialScheme scheme = credential_scheme(value.substr(0, *size));
  const bool wanted = scheme == CredentialScheme::kBearer || (scheme == CredentialScheme::kDpop && !only_bearer);
  if (!wanted) return Reason::kCredentialScheme;
  if (*size == value.size()) return Error{Reason::kCredentialMalformed, *size};
  const std::string_view token = value.substr(*size + 1);
  if (const std::size_t fault = token68_fault(token); fault != std::string_view::npos) {
    return Error{Reason::kCredentialMalformed, static_cast<std::uint32_t>(*size + 1 + fault)};
  }
  return Credential{scheme, token};
}

inline Result<Credential> credential_of(const Request& request, bool only_bearer) noexcept {
  const Field* field = request.find(FieldId::kAuthorization);
  if (field == nullptr) return Credential{};
  const Result<Credential> found = credential_in(request.value(*field), only_bearer);
  if (!found) return Error{found.reason(), field->value.offset + found.error().offset};
  return found;
}

}  // namespace detail

/// The bearer token of the Authorization field: `Bearer`, in any case, exactly one SP, and a token68, which is not
/// empty (RFC 6750 §2.1). Whether it is a JWS is for the verifier to say. Without such a field the result is ok and
/// `data()` is nullptr. Borrows Request::head; `Error::offset` is a byte of it.
/// Reasons: kCredentialScheme, kCredentialMalformed. Pure.
[[nodiscard]] inline Result<std::string_view> bearer_token(const Request& request) noexcept {
  const Result<Credential> found = detail::credential_of(request, true);
  if (!found) return found.error();
  return found->token;
}

/// The access token of the Authorization field with the scheme `Bearer` or `DPoP`, under the syntax of bearer_token.
/// Without such a field the result is ok and the scheme kNone. Which of the two a token must come with depends on the
/// token (trust/sender_constraint.hpp). Borrows Request::head; `Error::offset` is a byte of it.
/// Reasons: kCredentialScheme, kCredentialMalformed. Pure.
[[nodiscard]] inline Result<Credential> credential(const Request& request) noexcept {
  return detail::credential_of(request, false);
}

/// The value of the DPoP field, which is one proof (RFC 9449 §4.3); `data()` is nullptr when there is none. Whether it
/// is a JWS is for the verifier to say. Borrows Request::head; `Error::offset` is a byte of it.
/// Reasons: kDpopMultiple, for a second field, which the inspector refuses before that, and for a comma. Pure.
[[nodiscard]] inline Result<std::string_view> dpop_field(const Request& request) noexcept {
  std::string_view proof;
  for (const Field& field : request.fields) {
    if (field.id != FieldId::kDpop) continue;
    if (proof.data() != nullptr) return Error{Reason::kDpopMultiple, field.name.offset};
    proof = request.value(field);
    const std::size_t comma = proof.find(',');
    if (comma == std::string_view::npos) continue;
    return Error{Reason::kDpopMultiple, static_cast<std::uint32_t>(field.value.offset + comma)};
  }
  return proof;
}

}  // namespace ostiary
