#include "verify.hpp"

#include <ostiary/http/credentials.hpp>
#include <ostiary/trust/challenge.hpp>
#include <ostiary/trust/sender_constraint.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>

using ostiary::Credential;
using ostiary::DpopNonces;
using ostiary::Reason;
using ostiary::ReplayAnswer;
using ostiary::ReplayMemory;
using ostiary::Result;
namespace capi = ostiary::capi;

struct ostiary_dpop_nonces : ostiary::capi::Counted {
  std::optional<DpopNonces> nonces;
};

struct ostiary_replay_memory : ostiary::capi::Counted {
  std::vector<std::byte> memory;
  std::optional<ReplayMemory> replay;
};

namespace {

/// The caller's store.
class CalledStore final : public ostiary::ReplayStore {
 public:
  CalledStore(ostiary_replay_record called, void* user) noexcept : record_(called), user_(user) {}

  [[nodiscard]] ReplayAnswer record(const ostiary::ProofUse& use) noexcept override {
    const ostiary_proof_use told{capi::to_c(use.key_thumbprint), capi::to_c(use.id), use.issued_at_s, use.now_s,
                                 use.refused_from_s};
    const ostiary_replay_answer answer = record_(&told, user_);
    if (answer == OSTIARY_REPLAY_FRESH) return ReplayAnswer::kFresh;
    return answer == OSTIARY_REPLAY_SEEN ? ReplayAnswer::kSeen : ReplayAnswer::kUnknown;
  }

 private:
  ostiary_replay_record record_;
  void* user_;
};

}  // namespace

struct ostiary_sender_policy : ostiary::capi::Counted {
  ostiary_sender_policy() = default;
  ostiary_sender_policy(const ostiary_sender_policy&) = delete;
  ostiary_sender_policy& operator=(const ostiary_sender_policy&) = delete;
  ~ostiary_sender_policy() {
    ostiary_dpop_nonces_unref(nonces);
    ostiary_replay_memory_unref(replay);
  }

  ostiary_dpop_nonces* nonces = nullptr;
  ostiary_replay_memory* replay = nullptr;
  std::optional<CalledStore> store;
  ostiary::DpopPolicy policy;
};

namespace {

using Secret = std::span<const std::byte, DpopNonces::kSecretSize>;
static_assert(DpopNonces::kSecretSize == ReplayMemory::kSecretSize);

/// Nothing unless it has the size.
std::optional<Secret> read_secret(ostiary_bytes given) noexcept {
  std::string_view bytes;
  if (!capi::to_view(given, bytes) || bytes.size() != DpopNonces::kSecretSize) return std::nullopt;
  return Secret(reinterpret_cast<const std::byte*>(bytes.data()), DpopNonces::kSecretSize);
}

constexpr bool is_duration(std::int64_t seconds) noexcept {
  return seconds >= 0 && seconds <= ostiary::DpopPolicy::kSecondsMax;
}

ostiary_reason check_options(const ostiary_sender_options& options, ostiary::AlgorithmSet& algorithms,
                             ostiary_error* error) noexcept {
  const bool known = capi::read_algorithms(options.algorithms, options.algorithm_count, algorithms);
  if (!known || algorithms.empty() || !algorithms.common_with(ostiary::kSymmetricAlgorithms).empty()) {
    return capi::refuse_argument(error, "algorithms: expected at least one name such as ES256, none with secrets");
  }
  if (!is_duration(options.age_max_s) || !is_duration(options.clock_skew_s)) {
    return capi::refuse_argument(error, "age_max_s and clock_skew_s: expected 0 to 86400 seconds");
  }
  const int stores = (options.replay != nullptr ? 1 : 0) + (options.record != nullptr ? 1 : 0) +
                     ((options.flags & OSTIARY_SENDER_REPLAY_UNCHECKED) != 0 ? 1 : 0);
  if (stores == 1) return OSTIARY_OK;
  return capi::refuse_argument(error, "replay: expected one of replay, record and OSTIARY_SENDER_REPLAY_UNCHECKED");
}

void join(ostiary_sender_policy& made, const ostiary_sender_options& options, ostiary::AlgorithmSet algorithms) {
  made.nonces = ostiary_dpop_nonces_ref(options.nonces);
  made.replay = ostiary_replay_memory_ref(options.replay);
  if (options.record != nullptr) made.store.emplace(options.record, options.record_user);
  made.policy.algorithms = algorithms;
  made.policy.age_max_s = options.age_max_s;
  made.policy.clock_skew_s = options.clock_skew_s;
  made.policy.nonces = made.nonces != nullptr ? &*made.nonces->nonces : nullptr;
  if (made.replay != nullptr) made.policy.replay = &*made.replay->replay;
  if (made.store) made.policy.replay = &*made.store;
  made.policy.replay_unchecked = made.policy.replay == nullptr;
}

ostiary_reason read_sender_facts(const ostiary_sender_facts* facts, ostiary::SenderFacts& read,
                                 ostiary_error* error) noexcept {
  if (facts == nullptr) return OSTIARY_OK;
  ostiary_sender_facts copy{};
  if (const Reason copied = capi::copy_struct(facts, copy); copied != Reason::kOk) {
    return capi::report(error, {copied, 0});
  }
  if (copy.reserved != 0) return capi::report(error, {Reason::kUsageUnknownOption, 0}, "reserved must be 0");
  if (copy.scheme < OSTIARY_SCHEME_UNKNOWN || copy.scheme > OSTIARY_SCHEME_HTTPS) {
    return capi::refuse_argument(error, "scheme: expected one of OSTIARY_SCHEME_*");
  }
  read.origin.scheme = static_cast<ostiary::Scheme>(copy.scheme);
  const bool whole = capi::to_view(copy.authority, read.origin.authority) &&
                     capi::to_view(copy.certificate_sha256, read.certificate_sha256);
  return whole ? OSTIARY_OK : capi::refuse_argument(error, "sender_facts: a view is {NULL, n > 0}");
}

struct Asked {
  const ostiary_verifier& verifier;
  const ostiary_sender_policy& policy;
  const ostiary::Request& request;
  ostiary::TokenFacts facts;
  ostiary::SenderFacts sender;
};

/// Fills the identity, and empties it again when the sender is not the one.
ostiary_reason verify_request(const Asked& asked, ostiary_identity& identity, ostiary_error* error) noexcept {
  const Result<Credential> credential = ostiary::credential(asked.request);
  if (!credential) return capi::report(error, credential.error());
  if (credential->token.empty()) return capi::report(error, {Reason::kCredentialMissing, 0});
  const ostiary_reason verified = capi::verify(asked.verifier, credential->token, asked.facts, identity, error);
  if (verified != OSTIARY_OK) return verified;
  const ostiary_reason checked = capi::guarded(identity, error, [&] {
    if (identity.proofs == nullptr) identity.proofs = std::make_unique<ostiary::DpopScratch>(capi::kLimits);
    const Reason reason = ostiary::check_sender({asked.request, *credential, identity.identity}, asked.sender,
                                                asked.policy.policy, *identity.proofs);
    return reason == Reason::kOk ? OSTIARY_OK : capi::report(error, {reason, 0});
  });
  if (checked != OSTIARY_OK) capi::clear(identity);
  return checked;
}

}  // namespace

extern "C" {

ostiary_reason ostiary_dpop_nonces_new(ostiary_bytes secret, int64_t step_s, ostiary_dpop_nonces** out,
                                       ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  const std::optional<Secret> bytes = read_secret(secret);
  if (!bytes) return capi::refuse_argument(error, "secret: expected 32 random bytes");
  if (step_s <= 0 || step_s > ostiary::DpopPolicy::kSecondsMax) {
    return capi::refuse_argument(error, "step_s: expected 1 to 86400 seconds");
  }
  return capi::guarded(error, [&] {
    auto handle = std::make_unique<ostiary_dpop_nonces>();
    handle->nonces.emplace(*bytes, step_s);
    *out = handle.release();
    return OSTIARY_OK;
  });
}

ostiary_dpop_nonces* ostiary_dpop_nonces_ref(ostiary_dpop_nonces* nonces) { return capi::add_reference(nonces); }

void ostiary_dpop_nonces_unref(ostiary_dpop_nonces* nonces) { capi::drop_reference(nonces); }

ostiary_reason ostiary_dpop_nonces_write(const ostiary_dpop_nonces* nonces, int64_t now_s, char* memory,
                                         size_t memory_size, ostiary_bytes* out, ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = capi::kAbsent;
  if (nonces == nullptr || memory == nullptr) return capi::refuse_argument(error, "nonces or memory is NULL");
  static_assert(DpopNonces::kNonceSize == OSTIARY_DPOP_NONCE_SIZE);
  if (memory_size < DpopNonces::kNonceSize) return capi::report(error, {Reason::kUsageScratchTooSmall, 0});
  const Result<std::string_view> nonce =
      nonces->nonces->write(now_s, std::span<char, DpopNonces::kNonceSize>(memory, DpopNonces::kNonceSize));
  if (!nonce) return capi::report(error, nonce.error());
  *out = capi::to_c(*nonce);
  return OSTIARY_OK;
}

ostiary_reason ostiary_replay_memory_new(size_t proofs, ostiary_bytes secret, int64_t forgotten_until_s,
                                         ostiary_replay_memory** out, ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  constexpr std::size_t kProofsMax = std::size_t{1} << 28;
  const std::optional<Secret> bytes = read_secret(secret);
  if (!bytes) return capi::refuse_argument(error, "secret: expected 32 random bytes");
  if (proofs == 0 || proofs > kProofsMax) return capi::refuse_argument(error, "proofs: expected 1 to 2^28");
  return capi::guarded(error, [&] {
    auto handle = std::make_unique<ostiary_replay_memory>();
    handle->memory.resize(ReplayMemory::size_for(proofs));
    handle->replay.emplace(handle->memory, *bytes, forgotten_until_s);
    *out = handle.release();
    return OSTIARY_OK;
  });
}

ostiary_replay_memory* ostiary_replay_memory_ref(ostiary_replay_memory* memory) { return capi::add_reference(memory); }

void ostiary_replay_memory_unref(ostiary_replay_memory* memory) { capi::drop_reference(memory); }

size_t ostiary_replay_memory_capacity(const ostiary_replay_memory* memory) {
  return memory == nullptr ? 0 : memory->replay->capacity();
}

ostiary_reason ostiary_sender_policy_new(const ostiary_sender_options* options, ostiary_sender_policy** out,
                                         ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  if (options == nullptr) return capi::refuse_argument(error, "options is NULL");
  return capi::guarded(error, [&] {
    ostiary_sender_options copy{};
    if (const Reason copied = capi::copy_struct(options, copy, OSTIARY_SENDER_REPLAY_UNCHECKED);
        copied != Reason::kOk) {
      return capi::report(error, {copied, 0});
    }
    ostiary::AlgorithmSet algorithms;
    const ostiary_reason checked = check_options(copy, algorithms, error);
    if (checked != OSTIARY_OK) return checked;
    auto handle = std::make_unique<ostiary_sender_policy>();
    join(*handle, copy, algorithms);
    *out = handle.release();
    return OSTIARY_OK;
  });
}

ostiary_sender_policy* ostiary_sender_policy_ref(ostiary_sender_policy* policy) { return capi::add_reference(policy); }

void ostiary_sender_policy_unref(ostiary_sender_policy* policy) { capi::drop_reference(policy); }

ostiary_reason ostiary_verifier_verify_request(const ostiary_verifier* verifier, const ostiary_sender_policy* policy,
                                               const ostiary_inspection* inspection, const ostiary_token_facts* facts,
                                               const ostiary_sender_facts* sender_facts, ostiary_identity* identity,
                                               ostiary_error* error) {
  if (identity == nullptr) return capi::refuse_argument(error, "identity is NULL");
  capi::clear(*identity);
  if (verifier == nullptr || policy == nullptr) return capi::refuse_argument(error, "verifier or policy is NULL");
  const ostiary::Request* const request = capi::request_of(inspection);
  if (request == nullptr) return capi::refuse_argument(error, "inspection is not complete");
  Asked asked{*verifier, *policy, *request, {}, {}};
  if (const ostiary_reason read = capi::read_facts(facts, asked.facts, error); read != OSTIARY_OK) return read;
  if (const ostiary_reason read = read_sender_facts(sender_facts, asked.sender, error); read != OSTIARY_OK) return read;
  asked.sender.now_s = asked.facts.now_s;
  return verify_request(asked, *identity, error);
}

ostiary_reason ostiary_sender_policy_challenge(const ostiary_sender_policy* policy,
                                               const ostiary_inspection* inspection, ostiary_reason reason,
                                               char* memory, size_t memory_size, ostiary_bytes* out,
                                               ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = capi::kAbsent;
  if (policy == nullptr || memory == nullptr) return capi::refuse_argument(error, "policy or memory is NULL");
  static_assert(ostiary::kChallengeSizeMax == OSTIARY_CHALLENGE_SIZE_MAX);
  if (memory_size < ostiary::kChallengeSizeMax) return capi::report(error, {Reason::kUsageScratchTooSmall, 0});
  ostiary::ChallengeSchemes schemes{.dpop_algorithms = policy->policy.algorithms};
  if (const ostiary::Request* const request = capi::request_of(inspection)) {
    const Result<Credential> credential = ostiary::credential(*request);
    if (credential) schemes.used = credential->scheme;
  }
  const Result<std::string_view> written =
      ostiary::write_challenge(static_cast<Reason>(reason), schemes,
                               std::span<char, ostiary::kChallengeSizeMax>(memory, ostiary::kChallengeSizeMax));
  if (!written) return capi::report(error, written.error());
  if (!written->empty()) *out = capi::to_c(*written);
  return OSTIARY_OK;
}

}  // extern "C"
