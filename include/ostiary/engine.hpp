// The coordinator: inspect, verify, decide. What a host holds and asks.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/inspect.hpp>
#include <ostiary/policy/decide.hpp>
#include <ostiary/policy/gate.hpp>
#include <ostiary/policy/rate_limiter.hpp>
#include <ostiary/policy/signed_gate.hpp>
#include <ostiary/token/key_set.hpp>
#include <ostiary/token/revocation.hpp>
#include <ostiary/token/token_cache.hpp>
#include <ostiary/token/token_verifier.hpp>
#include <ostiary/token/verifier.hpp>
#include <ostiary/trust/sender_constraint.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary {

/// The keys of one of a Gate's issuers.
struct IssuerKeys {
  std::string issuer_id;  ///< the id in the Gate, not the iss value
  std::shared_ptr<const KeySet> keys;
};

/// Memory for one request at a time: taken once, used again and again. Confined.
class RequestScratch {
 public:
  explicit RequestScratch(const Limits& limits = {});

  [[nodiscard]] Arena& arena() noexcept { return arena_; }
  [[nodiscard]] VerifyScratch& verify() noexcept { return verify_; }
  [[nodiscard]] DpopScratch& dpop() noexcept { return dpop_; }

 private:
  std::vector<std::byte> memory_;
  Arena arena_;
  VerifyScratch verify_;
  DpopScratch dpop_;
};

/// A rate limiter with memory of its own, in which about one of a hundred keys has to share when `keys` of them are not
/// full at once: some 37 bytes for each. The secret is random. Reasons: USAGE_ARGUMENT (no keys, or more than fit the
/// address space), NO_MEMORY. Allocates.
[[nodiscard]] Result<std::shared_ptr<RateLimiter>> make_rate_limiter(
    std::size_t keys, std::span<const std::uint8_t, RateLimiter::kSecretSize> secret);

/// What an Engine may use besides its Gate and keys.
struct EngineOptions {
  Limits limits{};
  std::shared_ptr<TokenCache> cache{};              ///< nullptr: every signature is checked
  std::shared_ptr<const RevocationList> revoked{};  ///< nullptr: nothing is revoked
  /// For tokens that are bound to a key. Borrowed while the Engine lives. Without algorithms DPoP is not taken here,
  /// and such tokens are refused with CONFIRMATION_UNKNOWN.
  DpopPolicy dpop{};
  /// From the buckets of `rate` an allowed request takes what its route says; when nothing is left it is refused with
  /// RATE_LIMITED. Engines may share it. nullptr: the host takes, see RateCharge and limit_rate.
  std::shared_ptr<RateLimiter> rate{};
  /// Whoever holds the private key of one of these may make Gates: while there is any, an image without a good
  /// signature does not load. Empty: every sound image does.
  std::vector<GatePublicKey> gate_keys{};
  std::uint64_t version_min = 0;  ///< of Gates: the oldest that loads, see GateTrust
  /// The boundary that Gates must be proved to keep, who may have reviewed it and how many must: see GateTrust. While
  /// one of them asks for a proof, no unsigned image loads.
  std::optional<GateBoundaryHash> boundary{};
  std::vector<GatePublicKey> reviewer_keys{};
  std::uint32_t reviews_min = 0;
};

/// A Gate joined with the keys of its issuers. Immutable: share it between threads. To rotate keys, revoke tokens or
/// change the policy, make another with `with_keys`, `with_revocation` or `with_gate` and put it in the place of the
/// old one, as a SnapshotCell<Engine> does while other threads go on deciding: a decision is made by one Engine from
/// beginning to end. What the cache holds under other keys or another list is not found any more.
class Engine {
 public:
  /// `image` is a Gate image. A token of an issuer without keys is refused with TOKEN_ISSUER_KEYS.
  /// Reasons: those of load_signed_gate, USAGE_ISSUER_UNKNOWN, NO_MEMORY. Allocates.
  [[nodiscard]] static Result<std::shared_ptr<const Engine>> make(std::string image,
                                                                  const std::vector<IssuerKeys>& keys,
                                                                  EngineOptions options = {});

  /// The same with other keys for these issuers; the others keep theirs.
  /// Reasons: USAGE_ISSUER_UNKNOWN, NO_MEMORY. Allocates.
  [[nodiscard]] Result<std::shared_ptr<const Engine>> with_keys(const std::vector<IssuerKeys>& keys) const;

  /// The same with another list; nullptr: nothing is revoked. Reasons: NO_MEMORY. Allocates.
  [[nodiscard]] Result<std::shared_ptr<const Engine>> with_revocation(
      std::shared_ptr<const RevocationList> revoked) const;

  /// The same with another Gate, under the same options. An issuer keeps its keys where the other Gate has it with the
  /// same id and the same iss. No older version than that of this Gate loads.
  /// Reasons: those of load_signed_gate, IMAGE_ROLLBACK, NO_MEMORY. Allocates.
  [[nodiscard]] Result<std::shared_ptr<const Engine>> with_gate(std::string image) const;

  Engine& operator=(const Engine&) = delete;
  ~Engine() = default;

  [[nodiscard]] const Gate& gate() const noexcept { return gate_; }

  /// Decides about an HTTP/1 request head. The Decision borrows the engine, `head`, `facts` and `scratch`, and is
  /// dead after the next use of `scratch`.
  /// Reasons in the Decision: those of inspect_bytes, credential, verify_token, check_sender and decide, USAGE_PEER and
  /// RATE_LIMITED.
  [[nodiscard]] Decision decide_bytes(std::string_view head, const Facts& facts,
                                      RequestScratch& scratch) const noexcept;

  /// The same for a head that the host has parsed already.
  [[nodiscard]] Decision decide_fields(const ParsedHead& head, const Facts& facts,
                                       RequestScratch& scratch) const noexcept;

  /// Who presents this credential: the token verified, and its sender as well. For hosts whose guests decide. The
  /// Identity borrows `scratch` until its next use; an offset is a byte of the token.
  /// Reasons: those of TokenVerifier::verify and check_sender, and CONFIRMATION_UNKNOWN for a token bound to a key when
  /// DPoP is not taken here.
  [[nodiscard]] Result<Identity> identify(const Request& request, const Credential& credential, const Facts& facts,
                                          RequestScratch& scratch) const noexcept;

 private:
  Engine() = default;
  Engine(const Engine& other, std::shared_ptr<const TokenVerifier> verifier);

  [[nodiscard]] Reason load(std::string image);
  [[nodiscard]] Reason trust_issuers();
  [[nodiscard]] std::vector<IssuerKeys> keys_for(const Gate& other) const;
  [[nodiscard]] Reason check_sender(const Presentation& presented, const Facts& facts,
                                    RequestScratch& scratch) const noexcept;
  [[nodiscard]] InspectOptions options_for(const Facts& facts) const noexcept;
  [[nodiscard]] Decision decide(const Inspection& inspection, const Facts& facts,
                                RequestScratch& scratch) const noexcept;

  EngineOptions options_;
  std::shared_ptr<const std::string> image_;
  Gate gate_;
  InspectOptions inspect_options_;
  std::vector<IssuerKeys> keys_;                   ///< as they were given
  std::shared_ptr<const TokenVerifier> verifier_;  ///< nullptr when the Gate trusts no issuer
};

}  // namespace ostiary
