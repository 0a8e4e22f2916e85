// What a host holds and asks about tokens: policies, the keys they have now, and what was taken back.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/token/identity.hpp>
#include <ostiary/token/issuer_settings.hpp>
#include <ostiary/token/key_set.hpp>
#include <ostiary/token/revocation.hpp>
#include <ostiary/token/secret_keys.hpp>
#include <ostiary/token/token_cache.hpp>
#include <ostiary/token/verifier.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace ostiary {

/// The policies of all issuers, joined with their keys and a RevocationList. Immutable: share it between threads. To
/// rotate keys, make another with `with_keys` and swap the pointer; calls under way finish with the old one, and both
/// share the policies.
class TokenVerifier {
 public:
  /// A verifier whose issuers have no keys yet: their tokens are refused with TOKEN_ISSUER_KEYS.
  /// Reasons: USAGE_ARGUMENT when there are no settings, or some are outside the bounds given at TokenPolicy or name an
  /// issuer again; the offset is their index. NO_MEMORY. Allocates.
  [[nodiscard]] static Result<std::shared_ptr<const TokenVerifier>> make(std::vector<IssuerSettings> settings,
                                                                         const Limits& limits = {}) noexcept;

  /// The same with other keys for this issuer, an iss value; nullptr takes its keys away. Tokens that were verified
  /// with keys that are gone are not found in any cache any more, nor are the other tokens of this verifier, unless the
  /// set has the same fingerprint. Reasons: USAGE_ISSUER_UNKNOWN, USAGE_ARGUMENT (the algorithms of the issuer need
  /// keys of the other kind), NO_MEMORY. Allocates.
  [[nodiscard]] Result<std::shared_ptr<const TokenVerifier>> with_keys(
      std::string_view issuer, std::shared_ptr<const KeySet> keys) const noexcept;
  [[nodiscard]] Result<std::shared_ptr<const TokenVerifier>> with_secrets(
      std::string_view issuer, std::shared_ptr<const SecretKeys> secrets) const noexcept;

  /// The same with another list; nullptr: nothing is revoked. Reasons: NO_MEMORY. Allocates.
  [[nodiscard]] Result<std::shared_ptr<const TokenVerifier>> with_revocation(
      std::shared_ptr<const RevocationList> revoked) const noexcept;

  ~TokenVerifier();
  TokenVerifier(const TokenVerifier&) = delete;
  TokenVerifier& operator=(const TokenVerifier&) = delete;

  /// A hash over everything that decides besides the token, the time and the sender: limits, policies, keys, list.
  [[nodiscard]] const std::array<std::uint8_t, 32>& binding() const noexcept;

  /// The issuers with their policies and keys, in the order of the settings, such as explain_token takes them. Borrows
  /// the verifier.
  [[nodiscard]] std::span<const TrustedIssuer> issuers() const noexcept;

  /// nullptr when nothing is revoked. Borrows the verifier.
  [[nodiscard]] const RevocationList* revoked() const noexcept;

  /// What verify_token answers, from the cache when it holds the token: the same Reason, offset, Identity and payload.
  /// With nonce, access_token or code among the facts the cache is not asked. `facts.revoked` must be nullptr: the
  /// verifier has a list of its own. `scratch` must be made for the limits of the verifier. The Identity borrows
  /// `scratch` until its next use, and nothing of the cache.
  ///
  /// Reasons: those of verify_token; USAGE_ARGUMENT also for facts or a scratch that do not belong here. Allocates
  /// nothing (inside OpenSSL excepted). Confined to the thread of `scratch`.
  [[nodiscard]] Result<Identity> verify(std::string_view token, const TokenFacts& facts, VerifyScratch& scratch,
                                        TokenCache* cache = nullptr) const noexcept;

 private:
  struct Impl;

  static Result<std::shared_ptr<const TokenVerifier>> made_of(std::unique_ptr<Impl> impl);

  explicit TokenVerifier(std::unique_ptr<Impl> impl) noexcept;

  std::unique_ptr<Impl> impl_;
};

}  // namespace ostiary
