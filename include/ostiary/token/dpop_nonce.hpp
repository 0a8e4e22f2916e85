// Nonces that a server hands out for DPoP proofs, and knows again without remembering them.
#pragma once

#include <ostiary/core/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ostiary {

/// Makes and recognises nonces (RFC 9449 §8, §9): an HMAC of the time, counted in steps, under a secret. All servers
/// with the secret know each other's nonces, and nothing is stored. Everyone gets the same nonce within one step: it
/// proves that a proof was made lately, not that it is used once. Immutable; share it freely between threads.
class DpopNonces {
 public:
  static constexpr std::size_t kSecretSize = 32;
  static constexpr std::size_t kNonceSize = 43;  ///< base64url of 32 bytes

  /// A nonce is good during the step in which it was made and the next: for one to two steps of `step_s` seconds, which
  /// must be more than 0. The secret is random and is copied. Pure.
  DpopNonces(std::span<const std::byte, kSecretSize> secret, std::int64_t step_s) noexcept;
  ~DpopNonces();
  DpopNonces(const DpopNonces&) noexcept = default;
  DpopNonces& operator=(const DpopNonces&) noexcept = default;

  /// The nonce of `now_s`, seconds since 1970, written into `memory` and borrowing it: the value of a DPoP-Nonce field.
  /// Reasons: USAGE_ARGUMENT (negative time, step out of its range), INTERNAL (the cryptographic library fails).
  [[nodiscard]] Result<std::string_view> write(std::int64_t now_s, std::span<char, kNonceSize> memory) const noexcept;

  /// Whether `nonce` is that of the current step or the one before. Takes the same time for every nonce of the right
  /// length. Pure.
  [[nodiscard]] bool accepts(std::string_view nonce, std::int64_t now_s) const noexcept;

 private:
  [[nodiscard]] bool write_step(std::int64_t step, std::span<char, kNonceSize> memory) const noexcept;

  std::array<char, kSecretSize> secret_;
  std::int64_t step_s_;
};

}  // namespace ostiary
