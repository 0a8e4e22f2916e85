// From the bytes of a token to an Identity, or to one Reason.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/token/algorithm.hpp>
#include <ostiary/token/identity.hpp>
#include <ostiary/token/key_set.hpp>
#include <ostiary/token/revocation.hpp>
#include <ostiary/token/secret_keys.hpp>
#include <ostiary/token/token_policy.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace ostiary {

/// The memory one thread verifies tokens with: decoding and parsing buffers, the Identity written last and
/// digest contexts. Everything is sized from the limits and taken here, so that verifying allocates nothing
/// (inside OpenSSL excepted). A scratch that got no memory, or was moved from, answers every verification with
/// NO_MEMORY. Confined to one thread.
class VerifyScratch {
 public:
  explicit VerifyScratch(const Limits& limits = {});
  ~VerifyScratch();
  VerifyScratch(VerifyScratch&&) noexcept;
  VerifyScratch& operator=(VerifyScratch&&) noexcept;

  /// The decoded payload of the token verified last, empty unless that succeeded. Borrows the scratch until
  /// its next use.
  [[nodiscard]] std::string_view payload() const noexcept;

  /// What KeySource::unknown_key is to be told of: the issuer and the kid of a token that was refused with
  /// TOKEN_KEY_UNKNOWN or TOKEN_ISSUER_KEYS. The issuer borrows the policy, the kid the scratch until its next use;
  /// data() of the kid is nullptr when the token has none, that of the issuer after any other outcome.
  struct MissingKey {
    std::string_view issuer;
    std::string_view key_id;
  };
  [[nodiscard]] MissingKey missing_key() const noexcept;

 private:
  friend class ScratchParts;  // src/token
  struct Impl;

  std::unique_ptr<Impl> impl_;
};

/// An issuer and the keys it has now. Keys that never arrived are a null pointer.
struct TrustedIssuer {
  TokenPolicy policy;
  const KeySet* keys = nullptr;         ///< for a policy with public-key algorithms
  const SecretKeys* secrets = nullptr;  ///< for a policy with symmetric algorithms
};

/// What the host knows about one presentation of a token. A view whose data() is nullptr asks nothing. Plain data.
struct TokenFacts {
  std::int64_t now_s = 0;                   ///< seconds since 1970, from 0 to 2^53 - 1
  const RevocationList* revoked = nullptr;  ///< nullptr: nothing is revoked
  std::string_view nonce{};                 ///< ID token: the nonce sent with the login, which the token must then hold
  std::string_view access_token{};          ///< ID token: issued with it; at_hash must then be there and belong to it
  std::string_view code{};  ///< ID token: the authorization code; c_hash must then be there and belong to it
};

/// A JWS whose signature is right.
struct VerifiedJws {
  std::string_view payload;     ///< decoded; borrows the scratch until its next use
  std::uint32_t key_index = 0;  ///< of the KeySet
};

/// Verifies a compact JWS over any payload: syntax, header, algorithm, key, signature. Nothing is asked of
/// the payload, which may be empty, and of `typ` only that it is text.
///
/// The key is the one with the header's kid and algorithm. Without kid the algorithm must belong to exactly
/// one key; keys are never tried in turn. jwk, jku, x5u, x5c and x5t have no effect (RFC 8725 §3.10).
///
/// Reasons: NO_MEMORY, USAGE_ARGUMENT (no algorithms), TOKEN_EMPTY, TOKEN_TOO_LONG, TOKEN_CHARACTER, TOKEN_SEGMENTS,
/// TOKEN_ENCRYPTED, TOKEN_BASE64, TOKEN_HEADER_JSON, TOKEN_DUPLICATE_MEMBER, TOKEN_JSON_LIMIT,
/// TOKEN_ALGORITHM_MISSING, TOKEN_ALGORITHM_REFUSED, TOKEN_CRITICAL, TOKEN_HEADER_MEMBER,
/// TOKEN_KEY_ID_MISSING, TOKEN_KEY_UNKNOWN, TOKEN_SIGNATURE_LENGTH, TOKEN_SIGNATURE. The offset is the byte
/// of the token where the part concerned begins, or the faulty byte itself in the syntax pass.
/// Source: RFC 7515 §5.2, RFC 8725 §3. Confined to the thread of `scratch`.
[[nodiscard]] Result<VerifiedJws> verify_jws(std::string_view token, const KeySet& keys, AlgorithmSet algorithms,
                                             VerifyScratch& scratch) noexcept;

/// The same with shared secrets. A key index is one of the SecretKeys.
[[nodiscard]] Result<VerifiedJws> verify_jws(std::string_view token, const SecretKeys& secrets, AlgorithmSet algorithms,
                                             VerifyScratch& scratch) noexcept;

/// Verifies a JWT against the policy of the issuer that its iss names. The issuers must have distinct names. The
/// limits are those of the scratch. Everything cheap, the claims included, is checked before the signature,
/// and nothing but the Reason comes out unless all of it holds.
///
/// A token has expired when now >= exp + skew and is not valid yet when nbf or iat > now + skew; fractions of a second
/// are cut off. exp and an audience are always required; TokenProfile says what else is.
///
/// The Identity holds every top-level claim, what the token is bound to (cnf), and the scopes of `scope` (separated by
/// spaces) or, when there is none, of `scp` (text or a list of texts). It borrows `scratch` until its next use. Whether
/// the sender is the one it is bound to is not asked here: see trust/sender_constraint.hpp.
///
/// Reasons: those of verify_jws, and TOKEN_TYPE, TOKEN_PAYLOAD_JSON, TOKEN_ISSUER_MISSING, TOKEN_ISSUER_UNKNOWN,
/// TOKEN_ISSUER_KEYS, TOKEN_EXPIRY_MISSING, TOKEN_DATE, TOKEN_EXPIRED, TOKEN_NOT_YET_VALID, TOKEN_TOO_OLD,
/// TOKEN_AUDIENCE_MISSING, TOKEN_AUDIENCE, TOKEN_CLAIM_TYPE, TOKEN_CLAIM_MISSING, TOKEN_CLAIM_VALUE, TOKEN_PROFILE,
/// TOKEN_NONCE, TOKEN_AUTHORIZED_PARTY, TOKEN_HASH, TOKEN_EVENTS, TOKEN_REVOKED. USAGE_ARGUMENT stands for a
/// policy outside the bounds given at TokenPolicy and for a time outside its range.
/// Source: RFC 7519 §7.2, RFC 8725 §3, RFC 9068 §4. Confined to the thread of `scratch`.
[[nodiscard]] Result<Identity> verify_token(std::string_view token, std::span<const TrustedIssuer> issuers,
                                            const TokenFacts& facts, VerifyScratch& scratch) noexcept;

}  // namespace ostiary
