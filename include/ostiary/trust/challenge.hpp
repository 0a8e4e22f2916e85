// What a door tells a client whose access token, or proof, it refused.
#pragma once

#include <ostiary/core/result.hpp>
#include <ostiary/http/credentials.hpp>
#include <ostiary/token/algorithm.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ostiary {

/// The error codes of RFC 6750 §3.1 and RFC 9449 §5, §9.
enum class ChallengeError : std::uint8_t {
  kNone,            ///< the client has not tried yet: challenges without a code (RFC 6750 §3.1)
  kInvalidRequest,  ///< invalid_request
  kInvalidToken,    ///< invalid_token
  kInvalidProof,    ///< invalid_dpop_proof
  kUseNonce,        ///< use_dpop_nonce: answer with a DPoP-Nonce field as well (DpopNonces::write)
  kNoChallenge,     ///< the answer is no 401 and takes no challenge
};

/// What a Reason of the token class means to a client; kNoChallenge for one whose status is not 401. Pure.
[[nodiscard]] constexpr ChallengeError challenge_error_of(Reason reason) noexcept {
  if (http_status_of(reason) != 401) return ChallengeError::kNoChallenge;
  switch (reason) {
    case Reason::kCredentialMissing:
    case Reason::kCredentialScheme: return ChallengeError::kNone;
    case Reason::kCredentialMalformed: return ChallengeError::kInvalidRequest;
    case Reason::kDpopNonce: return ChallengeError::kUseNonce;
    case Reason::kDpopMissing:
    case Reason::kDpopMultiple:
    case Reason::kDpopMalformed:
    case Reason::kDpopType:
    case Reason::kDpopAlgorithm:
    case Reason::kDpopKey:
    case Reason::kDpopSignature:
    case Reason::kDpopClaims:
    case Reason::kDpopMethod:
    case Reason::kDpopUri:
    case Reason::kDpopAge:
    case Reason::kDpopAccessToken:
    case Reason::kDpopReplay: return ChallengeError::kInvalidProof;
    default: return ChallengeError::kInvalidToken;  // RFC 9449 §7.1 for a wrong binding, RFC 8705 §3 for certificates
  }
}

/// The code as it is sent; empty for kNone and kNoChallenge. Static. Pure.
[[nodiscard]] constexpr std::string_view challenge_error_name(ChallengeError error) noexcept {
  switch (error) {
    case ChallengeError::kNone:
    case ChallengeError::kNoChallenge: return {};
    case ChallengeError::kInvalidRequest: return "invalid_request";
    case ChallengeError::kInvalidToken: return "invalid_token";
    case ChallengeError::kInvalidProof: return "invalid_dpop_proof";
    case ChallengeError::kUseNonce: return "use_dpop_nonce";
  }
  return {};
}

/// Which schemes a door takes, and which of them the client used. Plain data.
struct ChallengeSchemes {
  bool bearer = true;                               ///< tokens that are bound to no key are taken
  AlgorithmSet dpop_algorithms{};                   ///< of proofs; empty: no DPoP here
  CredentialScheme used = CredentialScheme::kNone;  ///< by the request that is answered
};

/// Bytes that suffice for every challenge.
inline constexpr std::size_t kChallengeSizeMax = 384;

/// The value of a WWW-Authenticate field for this Reason: one challenge for each scheme, with the error code at the
/// scheme that it concerns, and algs at DPoP (RFC 9449 §7.1, §7.2). Empty for a Reason whose status is not 401. It
/// tells the code and never the Reason. Borrows `memory`. Reasons: USAGE_ARGUMENT when no scheme is taken. Pure.
[[nodiscard]] Result<std::string_view> write_challenge(Reason reason, const ChallengeSchemes& schemes,
                                                       std::span<char, kChallengeSizeMax> memory) noexcept;

}  // namespace ostiary
