// What one issuer's tokens must be: the kinds of tokens, and the policy for one of them.
#pragma once

#include <ostiary/token/algorithm.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace ostiary {

/// The kinds of tokens (RFC 8725 §3.12). A policy is for exactly one; a token that bears the mark of another kind is
/// refused with TOKEN_TYPE or TOKEN_PROFILE. DPoP proofs have a verifier of their own (dpop_proof.hpp).
///
/// The marks: typ; `events` (logout token); `htm` and `htu` (DPoP proof); `txn` with `req_wl` (transaction token);
/// `nonce`, `at_hash`, `c_hash` and `s_hash` (ID token); `scope`, `scp` and `client_id` (access token).
enum class TokenProfile : std::uint8_t {
  /// A token of an issuer that follows no profile, as most access tokens are: typ absent, JWT or at+jwt, no mark
  /// of an ID token, logout token, DPoP proof or transaction token; iss, aud and exp required.
  kGeneric = 0,
  /// RFC 9068: typ at+jwt; iss, exp, aud, sub, client_id, iat and jti required; no mark of another kind.
  kAccessToken = 1,
  /// OpenID Connect Core §2, §3.1.3.7: typ absent or JWT; iss, sub, aud, exp and iat required; azp among the audiences
  /// of
  /// the policy when present, and present when the token has several audiences; no mark of another kind.
  kIdToken = 2,
  /// OpenID Connect Back-Channel Logout 1.0 §2.4, §2.6: typ logout+jwt, JWT or absent; iss, aud, iat, exp, jti and
  /// events
  /// required, and sub or sid; no nonce.
  kLogoutToken = 3,
  /// draft-ietf-oauth-transaction-tokens: typ txntoken+jwt; iss, aud, iat, exp, txn, sub, scope and req_wl required.
  kTransactionToken = 4,
};

/// Where the token says for whom it is meant.
enum class AudienceClaim : std::uint8_t {
  kAud = 0,              ///< RFC 7519 §4.1.3
  kClientId = 1,         ///< claim `client_id`: access tokens of Amazon Cognito have no aud
  kAuthorizedParty = 2,  ///< claim `azp`: access tokens of Keycloak whose client has no audience mapper
  kHeaderClient = 3,     ///< header member `client`: AWS Application Load Balancer
};

/// How the parts of a token are written.
enum class TokenEncoding : std::uint8_t {
  kBase64Url = 0,        ///< RFC 7515 §2: without padding
  kPaddedBase64Url = 1,  ///< with padding wherever it is due: AWS Application Load Balancer, which departs from the RFC
};

/// A claim, or a header member, that must be text of exactly this value.
struct RequiredText {
  std::string_view name;  ///< of a top-level member; not empty
  std::string_view value;
};

/// What one issuer's tokens must satisfy. Every view borrows the caller's memory during the call.
struct TokenPolicy {
  std::string_view issuer;                      ///< must equal iss, byte for byte; not empty
  std::span<const std::string_view> audiences;  ///< one of them must be in aud; not empty, no empty member
  AlgorithmSet algorithms;                      ///< not empty; all symmetric or none
  std::int64_t clock_skew_s = 0;                ///< seconds, from 0 to Limits::clock_skew_s_max
  TokenProfile profile = TokenProfile::kGeneric;
  AudienceClaim audience_claim = AudienceClaim::kAud;
  TokenEncoding encoding = TokenEncoding::kBase64Url;
  std::int64_t age_max_s = 0;                       ///< seconds since iat, which is then required; 0: no bound
  std::span<const RequiredText> required_claims{};  ///< such as token_use of Amazon Cognito
  std::span<const RequiredText> required_header{};  ///< such as signer of AWS Application Load Balancer
};

}  // namespace ostiary
