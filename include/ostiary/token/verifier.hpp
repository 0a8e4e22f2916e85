// From the bytes of a token to an Identity, or to one Reason.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/token/algorithm.hpp>
#include <ostiary/token/identity.hpp>
#include <ostiary/token/key_set.hpp>

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

 private:
  friend class ScratchParts;  // src/token
  struct Impl;

  std::unique_ptr<Impl> impl_;
};

/// What one issuer's tokens must satisfy. Every view borrows the caller's memory during the call.
struct TokenPolicy {
  std::string_view issuer;                      ///< must equal iss, byte for byte; not empty
  std::span<const std::string_view> audiences;  ///< one of them must be in aud; not empty, no empty member
  AlgorithmSet algorithms;                      ///< not empty
  std::int64_t clock_skew_s = 0;                ///< seconds, from 0 to Limits::clock_skew_s_max
};

/// An issuer and the keys it has now. Keys that never arrived are a null pointer.
struct TrustedIssuer {
  TokenPolicy policy;
  const KeySet* keys = nullptr;
};

/// A JWS whose signature is right.
struct VerifiedJws {
  std::string_view payload;     ///< decoded; borrows the scratch until its next use
  std::uint32_t key_index = 0;  ///< of the KeySet
};

/// Verifies a compact JWS over any payload: syntax, header, algorithm, key, signature. Nothing is asked of
/// the payload, and of `typ` only that it is text.
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

/// Verifies an access token (JWT) against the issuer its iss names. The issuers must have distinct names. The
/// limits are those of the scratch. Everything cheap, the claims included, is checked before the signature,
/// and nothing but the Reason comes out unless all of it holds.
///
/// `now_s` is the time in seconds since 1970, from 0 to 2^53 - 1. A token has expired when now >= exp + skew
/// and is not valid yet when nbf or iat > now + skew; fractions of a second are cut off. exp and aud are
/// required; typ may be absent, JWT or at+jwt, in any case and with or without `application/`.
///
/// The Identity holds every top-level claim, and the scopes of `scope` (separated by spaces) or, when there is
/// none, of `scp` (text or a list of texts). It borrows `scratch` until its next use.
///
/// Reasons: those of verify_jws, and TOKEN_TYPE, TOKEN_PAYLOAD_JSON, TOKEN_ISSUER_MISSING,
/// TOKEN_ISSUER_UNKNOWN, TOKEN_ISSUER_KEYS, TOKEN_EXPIRY_MISSING, TOKEN_DATE, TOKEN_EXPIRED,
/// TOKEN_NOT_YET_VALID, TOKEN_AUDIENCE_MISSING, TOKEN_AUDIENCE, TOKEN_CLAIM_TYPE. USAGE_ARGUMENT stands for a
/// policy outside the bounds given at TokenPolicy and for a time outside its range.
/// Source: RFC 7519 §7.2, RFC 8725 §3, RFC 9068 §4. Confined to the thread of `scratch`.
[[nodiscard]] Result<Identity> verify_token(std::string_view token, std::span<const TrustedIssuer> issuers,
                                            std::int64_t now_s, VerifyScratch& scratch) noexcept;

}  // namespace ostiary
