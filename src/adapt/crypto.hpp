// The one door to cryptography. Only crypto.cpp knows which library does it.
#pragma once

#include <ostiary/core/result.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace ostiary::adapt {

/// A key is prepared for one scheme and never used for another (RFC 8725 §3.1).
enum class SignatureScheme : std::uint8_t { kNone, kRsaPkcs1Sha256, kEcdsaP256Sha256, kEd25519 };

using Sha256Digest = std::array<std::uint8_t, 32>;

/// A prepared public key with exactly one scheme. Immutable; may be used by many threads at once.
/// A default-constructed key verifies nothing.
class PublicKey {
 public:
  PublicKey() noexcept;
  ~PublicKey();
  PublicKey(PublicKey&&) noexcept;
  PublicKey& operator=(PublicKey&&) noexcept;

  // Integers and coordinates are unsigned and big-endian, as JWK has them (RFC 7518 §6). Sizes and
  // ranges are the caller's to check, except where a Reason is named.

  /// RSASSA-PKCS1-v1_5 with SHA-256. Reasons: KEY_MEMBER when the library refuses the numbers.
  [[nodiscard]] static Result<PublicKey> rsa(std::string_view modulus, std::string_view exponent) noexcept;

  /// ECDSA with SHA-256, signatures as r and s side by side. Reasons: KEY_POINT for a wrong length and for what is not
  /// a point of P-256.
  [[nodiscard]] static Result<PublicKey> p256(std::string_view x, std::string_view y) noexcept;

  /// Ed25519. Reasons: KEY_POINT for a wrong length, a number that is not reduced (RFC 8032 §5.1.3), what is
  /// not a point, and a point of small order, under which signatures need no private key.
  [[nodiscard]] static Result<PublicKey> ed25519(std::string_view point) noexcept;

  [[nodiscard]] SignatureScheme scheme() const noexcept { return scheme_; }
  [[nodiscard]] std::uint32_t bits() const noexcept { return bits_; }

  /// Bytes of every signature under this key.
  [[nodiscard]] std::uint32_t signature_size() const noexcept { return signature_size_; }

 private:
  friend class SignatureContext;
  struct Handle;

  std::unique_ptr<Handle> handle_;
  SignatureScheme scheme_ = SignatureScheme::kNone;
  std::uint32_t bits_ = 0;
  std::uint32_t signature_size_ = 0;
};

/// What one thread needs to verify signatures: digests fetched once, contexts used again. Keys it has
/// seen are kept alive until eight others came by. Confined to one thread.
class SignatureContext {
 public:
  SignatureContext();
  ~SignatureContext();
  SignatureContext(SignatureContext&&) noexcept;
  SignatureContext& operator=(SignatureContext&&) noexcept;

  /// False for every signature that is not right, a wrong length included, and when the cryptographic
  /// library fails. Leaves the caller's OpenSSL error queue as it was.
  [[nodiscard]] bool verify(const PublicKey& key, std::string_view message, std::string_view signature) noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Nothing only when the cryptographic library fails.
[[nodiscard]] std::optional<Sha256Digest> sha256(std::string_view bytes) noexcept;

}  // namespace ostiary::adapt
