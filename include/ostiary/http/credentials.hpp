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

namespace detail {

/// As bearer_token, for the value of an Authorization field; offsets count from its start.
constexpr Result<std::string_view> bearer_token_in(std::string_view value) noexcept {
  const Result<std::uint32_t> scheme = scheme_size(value);
  if (!scheme) return scheme.error();
  if (!equals_ignoring_case(value.substr(0, *scheme), "bearer")) return Reason::kCredentialScheme;
  if (*scheme == value.size()) return Error{Reason::kCredentialMalformed, *scheme};
  const std::string_view token = value.substr(*scheme + 1);
  if (const std::size_t fault = token68_fault(token); fault != std::string_view::npos) {
    return Error{Reason::kCredentialMalformed, static_cast<std::uint32_t>(*scheme + 1 + fault)};
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
