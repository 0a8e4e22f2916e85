// Shared secrets for HMAC: a type of its own, so that no key that was fetched can ever become one.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/token/algorithm.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace ostiary {

/// One secret as the host has it.
struct SecretKey {
  std::string_view bytes;  ///< raw, not encoded: at least as long as the hash (RFC 7518 §3.2)
  Algorithm algorithm = Algorithm::kHs256;
  std::string_view key_id{};  ///< data() == nullptr: the key has no kid
};

/// Immutable set of prepared HMAC keys, each with exactly one algorithm. Share it freely between threads.
class SecretKeys {
 public:
  /// Copies and prepares the secrets. Bytes that are a public key, a certificate or a JWK are refused: everyone knows
  /// them, and a verifier that takes one for a secret accepts what anyone signs (CVE-2026-48526, RFC 8725 §2.1).
  /// Reasons: USAGE_ARGUMENT (no keys, an algorithm that is not symmetric), KEY_SECRET_SIZE, KEY_SECRET_PUBLIC,
  /// KEYS_DUPLICATE_ID, KEYS_LIMIT, NO_MEMORY; the offset is the index of the key. Pure.
  [[nodiscard]] static Result<std::shared_ptr<const SecretKeys>> make(std::span<const SecretKey> keys,
                                                                      const Limits& limits = {}) noexcept;

  ~SecretKeys();
  SecretKeys(const SecretKeys&) = delete;
  SecretKeys& operator=(const SecretKeys&) = delete;

  [[nodiscard]] std::size_t size() const noexcept;

  /// A hash over ids, algorithms and secrets: equal sets have equal fingerprints, and a set that differs in anything
  /// has another. It says nothing about the secrets.
  [[nodiscard]] const std::array<std::uint8_t, 32>& fingerprint() const noexcept;

 private:
  friend class SecretKeysImport;  // src/token: fills it
  friend class SecretKeysParts;   // src/token: the verifier's view of it
  struct Impl;
  explicit SecretKeys(std::unique_ptr<Impl> impl) noexcept;

  std::unique_ptr<Impl> impl_;
};

}  // namespace ostiary
