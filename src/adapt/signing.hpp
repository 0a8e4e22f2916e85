// Ed25519 private keys: the one thing this library signs with.
#pragma once

#include <ostiary/core/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ostiary::adapt {

using Ed25519Signature = std::array<std::uint8_t, 64>;

/// Immutable; may be used by many threads at once. A default-constructed key signs nothing.
class SigningKey {
 public:
  SigningKey() noexcept;
  ~SigningKey();
  SigningKey(SigningKey&&) noexcept;
  SigningKey& operator=(SigningKey&&) noexcept;

  /// RFC 8032 §5.1.5: the seed is the private key. Reasons: KEY_UNSUPPORTED, NO_MEMORY.
  [[nodiscard]] static Result<SigningKey> from_seed(std::span<const std::uint8_t, 32> seed) noexcept;

  /// One block PRIVATE KEY (RFC 5958) without password. Reasons: KEY_PEM, KEY_TYPE when it is not
  /// Ed25519, NO_MEMORY.
  [[nodiscard]] static Result<SigningKey> from_pem(std::string_view pem) noexcept;

  // Nothing, or an empty text, only when the cryptographic library fails.
  [[nodiscard]] std::optional<Ed25519Signature> sign(std::string_view message) const noexcept;
  [[nodiscard]] std::optional<std::array<std::uint8_t, 32>> public_key() const noexcept;
  [[nodiscard]] std::string private_pem() const;
  [[nodiscard]] std::string public_pem() const;

 private:
  struct Handle;
  explicit SigningKey(std::unique_ptr<Handle> handle) noexcept;

  std::unique_ptr<Handle> handle_;
};

}  // namespace ostiary::adapt
