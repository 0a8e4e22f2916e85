// Whether whoever presents an access token is the one it was issued to: DPoP (RFC 9449) and client certificates
// (RFC 8705).
#pragma once

#include <ostiary/core/result.hpp>
#include <ostiary/http/credentials.hpp>
#include <ostiary/http/request.hpp>
#include <ostiary/token/algorithm.hpp>
#include <ostiary/token/dpop_nonce.hpp>
#include <ostiary/token/dpop_proof.hpp>
#include <ostiary/token/identity.hpp>
#include <ostiary/token/replay_memory.hpp>
#include <ostiary/trust/target_uri.hpp>

#include <cstdint>
#include <string_view>

namespace ostiary {

/// What a door asks of DPoP proofs. Borrows what it points to.
struct DpopPolicy {
  static constexpr std::int64_t kSecondsMax = 24 * 60 * 60;

  AlgorithmSet algorithms;             ///< not empty, none of them symmetric
  std::int64_t age_max_s = 60;         ///< seconds since iat, from 0 to kSecondsMax
  std::int64_t clock_skew_s = 5;       ///< seconds by which the sender's clock may differ, from 0 to kSecondsMax
  const DpopNonces* nonces = nullptr;  ///< not nullptr: a proof must hold one of these
  ReplayStore* replay = nullptr;       ///< where a proof is remembered once it was used
  bool replay_unchecked = false;       ///< without a store: a proof may be used again until it is too old
};

/// What the host knows about the connection. Plain data.
struct SenderFacts {
  std::int64_t now_s = 0;                 ///< seconds since 1970, from 0 to 2^53 - 1
  ExternalOrigin origin{};                ///< where the client reached the service, if that is not in the request
  std::string_view certificate_sha256{};  ///< of the client certificate in DER, 32 raw bytes; data() nullptr: none
};

/// What is presented. The token must be the one that the Identity was verified from. Borrows all of it.
struct Presentation {
  const Request& request;
  const Credential& credential;
  const Identity& identity;
};

/// Whether the sender is whom the token demands, and presented it as it demands. OK also when the token is bound to
/// nobody and comes with the scheme Bearer; a token bound both to a key and a certificate needs both. A proof beside a
/// token that is bound to no key is not looked at.
///
/// Asked in this order, cheap before dear: what the token is bound to and the scheme, the certificate, how many proofs
/// there are; then of the proof its syntax, header and claims, the method, the age, the URI, the nonce, the access
/// token, its key, its signature; and, only when all of that holds, whether it was used before. A proof is too old when
/// now > iat + age_max_s + clock_skew_s, and comes from the future when iat > now + clock_skew_s, nonce or not; exp and
/// nbf count when it has them.
///
/// Reasons: CONFIRMATION_UNKNOWN, DPOP_SCHEME, DPOP_UNBOUND, CERTIFICATE_MISSING, CERTIFICATE_BINDING, DPOP_MISSING,
/// DPOP_MULTIPLE, DPOP_MALFORMED, DPOP_TYPE, DPOP_ALGORITHM, DPOP_KEY, DPOP_CLAIMS, DPOP_METHOD, DPOP_AGE, DPOP_URI,
/// DPOP_NONCE, DPOP_ACCESS_TOKEN, DPOP_BINDING, DPOP_SIGNATURE, DPOP_REPLAY, DPOP_REPLAY_UNKNOWN; CREDENTIAL_MISSING
/// for a credential without a token; USAGE_ARGUMENT for a policy or facts outside their bounds, without a store unless
/// that is said to be meant, and where nobody tells the scheme of the URI; NO_MEMORY, INTERNAL.
/// Source: RFC 9449 §4.3, §7, RFC 8705 §3, RFC 7800 §3.1. Confined to the thread of `scratch`.
[[nodiscard]] Reason check_sender(const Presentation& presented, const SenderFacts& facts, const DpopPolicy& policy,
                                  DpopScratch& scratch) noexcept;

}  // namespace ostiary
