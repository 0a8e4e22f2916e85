#include "token/claims.hpp"
#include "token/dpop_parts.hpp"
#include "token/sha256_text.hpp"

#include <ostiary/core/base64url.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/trust/sender_constraint.hpp>

#include <array>
#include <span>

namespace ostiary {

namespace {

using Scratch = DpopParts::Impl;

constexpr std::size_t kCertificateHashSize = 32;

// --- what may be asked at all -----------------------------------------------------------------------------------

bool is_in_range(std::int64_t seconds) noexcept { return seconds >= 0 && seconds <= DpopPolicy::kSecondsMax; }

bool is_usable(const DpopPolicy& policy) noexcept {
  return !policy.algorithms.empty() && policy.algorithms.common_with(kSymmetricAlgorithms).empty() &&
         is_in_range(policy.age_max_s) && is_in_range(policy.clock_skew_s) &&
         (policy.replay != nullptr || policy.replay_unchecked);
}

bool are_usable(const SenderFacts& facts) noexcept {
  return facts.now_s >= 0 && facts.now_s < kDateEnd &&
         (facts.certificate_sha256.data() == nullptr || facts.certificate_sha256.size() == kCertificateHashSize);
}

// --- what the token demands -------------------------------------------------------------------------------------

/// Whether the scheme is the one the token must come with (RFC 9449 §7.1, §7.2).
Reason check_scheme(CredentialScheme scheme, bool bound_to_key) noexcept {
  switch (scheme) {
    case CredentialScheme::kNone: return Reason::kCredentialMissing;
    case CredentialScheme::kBearer: return bound_to_key ? Reason::kDpopScheme : Reason::kOk;
    case CredentialScheme::kDpop: return bound_to_key ? Reason::kOk : Reason::kDpopUnbound;
  }
  return Reason::kInternal;
}

/// RFC 8705 §3: the certificate of the connection is the one that the token names.
Reason check_certificate(std::string_view thumbprint, std::string_view presented) noexcept {
  if (thumbprint.data() == nullptr) return Reason::kOk;
  if (presented.data() == nullptr) return Reason::kCertificateMissing;
  std::array<char, kCertificateHashSize> wanted{};
  const bool same = base64url_decoded_size(thumbprint.size()) == wanted.size() &&
                    base64url_decode(thumbprint, wanted) && std::string_view(wanted.data(), wanted.size()) == presented;
  return same ? Reason::kOk : Reason::kCertificateBinding;
}

// --- what the proof is for --------------------------------------------------------------------------------------

/// The first second at which the proof is refused whatever else it says.
std::int64_t refused_from(const DpopProof& proof, const DpopPolicy& policy) noexcept {
  return proof.issued_at_s + policy.age_max_s + policy.clock_skew_s + 1;
}

Reason check_age(const DpopProof& proof, const DpopPolicy& policy, std::int64_t now_s) noexcept {
  const std::int64_t latest_s = now_s + policy.clock_skew_s;
  const bool too_old = now_s >= refused_from(proof, policy) || now_s - policy.clock_skew_s >= proof.expires_at_s;
  const bool too_new = proof.issued_at_s > latest_s || proof.not_before_s > latest_s;
  return too_old || too_new ? Reason::kDpopAge : Reason::kOk;
}

Reason check_uri(const DpopProof& proof, const Request& request, const ExternalOrigin& origin,
                 Scratch& scratch) noexcept {
  Arena arena({scratch.uri_memory.get(), scratch.uri_size});
  const Result<TargetUri> ours = target_uri_of(request, origin, arena);
  if (ours.reason() == Reason::kTargetForm) return Reason::kDpopUri;
  if (!ours) return Reason::kUsageArgument;
  const Result<TargetUri> named = parse_target_uri(proof.uri, request.method, arena);
  return named.ok() && *named == *ours ? Reason::kOk : Reason::kDpopUri;
}

Reason check_nonce(const DpopProof& proof, const DpopPolicy& policy, std::int64_t now_s) noexcept {
  return policy.nonces == nullptr || policy.nonces->accepts(proof.nonce, now_s) ? Reason::kOk : Reason::kDpopNonce;
}

/// Everything about the proof that costs no public-key arithmetic.
Reason check_purpose(const DpopProof& proof, const Presentation& presented, const SenderFacts& facts,
                     const DpopPolicy& policy, Scratch& scratch) noexcept {
  const Request& request = presented.request;
  // RFC 9110 §9.1: methods are told apart by case.
  if (proof.method != kMethodNames[static_cast<std::size_t>(request.method)]) return Reason::kDpopMethod;
  if (const Reason age = check_age(proof, policy, facts.now_s); age != Reason::kOk) return age;
  if (const Reason uri = check_uri(proof, request, facts.origin, scratch); uri != Reason::kOk) return uri;
  if (const Reason nonce = check_nonce(proof, policy, facts.now_s); nonce != Reason::kOk) return nonce;
  const bool same_token = is_sha256_text_of(proof.access_token_hash, presented.credential.token);
  return same_token ? Reason::kOk : Reason::kDpopAccessToken;
}

Reason check_replay(const DpopProof& proof, const DpopPolicy& policy, std::int64_t now_s) noexcept {
  if (policy.replay == nullptr) return Reason::kOk;
  const ReplayAnswer answer = policy.replay->record({.key_thumbprint = proof.key_thumbprint,
                                                     .id = proof.id,
                                                     .issued_at_s = proof.issued_at_s,
                                                     .now_s = now_s,
                                                     .refused_from_s = refused_from(proof, policy)});
  switch (answer) {
    case ReplayAnswer::kFresh: return Reason::kOk;
    case ReplayAnswer::kSeen: return Reason::kDpopReplay;
    case ReplayAnswer::kUnknown: break;
  }
  return Reason::kDpopReplayUnknown;
}

// --- coordination -----------------------------------------------------------------------------------------------

Reason check_proof(const Presentation& presented, const SenderFacts& facts, const DpopPolicy& policy,
                   DpopScratch& owner) noexcept {
  if (!is_usable(policy)) return Reason::kUsageArgument;
  Scratch* scratch = DpopParts::of(owner);
  if (scratch == nullptr) return Reason::kNoMemory;
  const Result<std::string_view> text = dpop_field(presented.request);
  if (!text) return text.reason();
  if (text->data() == nullptr) return Reason::kDpopMissing;

  Result<PresentedProof> read = DpopParts::read(*text, policy.algorithms, *scratch);
  if (!read) return read.reason();
  PresentedProof& proof = read.value();
  const Reason purpose = check_purpose(proof.claims, presented, facts, policy, *scratch);
  if (purpose != Reason::kOk) return purpose;
  if (const Error fault = DpopParts::take_key(proof, *scratch); fault.reason != Reason::kOk) return fault.reason;
  if (proof.claims.key_thumbprint != presented.identity.key_thumbprint()) return Reason::kDpopBinding;
  if (const Error fault = DpopParts::check_signature(proof, *scratch); fault.reason != Reason::kOk) return fault.reason;
  return check_replay(proof.claims, policy, facts.now_s);
}

}  // namespace

Reason check_sender(const Presentation& presented, const SenderFacts& facts, const DpopPolicy& policy,
                    DpopScratch& scratch) noexcept {
  if (!are_usable(facts)) return Reason::kUsageArgument;
  const Identity& identity = presented.identity;
  if (identity.confirmation() == Confirmation::kUnknown) return Reason::kConfirmationUnknown;
  const bool bound_to_key = identity.key_thumbprint().data() != nullptr;
  const Reason scheme = check_scheme(presented.credential.scheme, bound_to_key);
  if (scheme != Reason::kOk) return scheme;
  const Reason certificate = check_certificate(identity.certificate_thumbprint(), facts.certificate_sha256);
  if (certificate != Reason::kOk) return certificate;
  return bound_to_key ? check_proof(presented, facts, policy, scratch) : Reason::kOk;
}

}  // namespace ostiary
