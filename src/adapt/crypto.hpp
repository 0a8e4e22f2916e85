// The one door to cryptography. Only crypto.cpp knows which library does it.
#pragma once

#include <ostiary/core/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace ostiary::adapt {

/// A key is prepared for one scheme and never used for another (RFC 8725 §3.1).
enum class SignatureScheme : std::uint8_t {
  kNone,
  kRsaPkcs1Sha256,
  kRsaPkcs1Sha384,
  kRsaPkcs1Sha512,
  kRsaPssSha256,  ///< PSS has as much salt as the hash is long, and MGF1 with the same hash (RFC 7518 §3.5)
  kRsaPssSha384,
  kRsaPssSha512,
  kEcdsaP256Sha256,
  kEcdsaP384Sha384,
  kEcdsaP521Sha512,
  kEcdsaK256Sha256,  ///< secp256k1
  kEd25519,
  kEd448,
  kMlDsa44,
  kMlDsa65,
  kMlDsa87,
};

enum class HashFunction : std::uint8_t { kSha256, kSha384, kSha512 };

using Sha256Digest = std::array<std::uint8_t, 32>;
using Sha384Digest = std::array<std::uint8_t, 48>;
using Sha512Digest = std::array<std::uint8_t, 64>;

/// Bytes of the longest key that has no structure of its own, ML-DSA-87 (FIPS 204 table 2), and of the longest
/// coordinate, P-521.
inline constexpr std::size_t kRawKeySizeMax = 2592;
inline constexpr std::size_t kCoordinateSizeMax = 66;

/// Bytes of the longest signature that does not depend on the size of its key, ML-DSA-87.
inline constexpr std::size_t kSignatureSizeMax = 4627;

/// A prepared public key with exactly one scheme. Immutable; may be used by many threads at once.
/// A default-constructed key verifies nothing. Making one allocates inside the cryptographic library only.
class PublicKey {
 public:
  PublicKey() noexcept;
  ~PublicKey();
  PublicKey(PublicKey&&) noexcept;
  PublicKey& operator=(PublicKey&&) noexcept;

  // Integers and coordinates are unsigned and big-endian, as JWK has them (RFC 7518 §6). Sizes and
  // ranges are the caller's to check, except where a Reason is named. A scheme of another kind of key than the function
  // makes is INTERNAL; KEY_UNSUPPORTED says that the library that is linked does not know the scheme.

  /// Reasons: KEY_MEMBER when the library refuses the numbers.
  [[nodiscard]] static Result<PublicKey> rsa(SignatureScheme scheme, std::string_view modulus,
                                             std::string_view exponent) noexcept;

  /// ECDSA; signatures are r and s side by side. Reasons: KEY_POINT for a wrong length and for what is not a point of
  /// the curve; KEY_UNSUPPORTED.
  [[nodiscard]] static Result<PublicKey> ecdsa(SignatureScheme scheme, std::string_view x, std::string_view y) noexcept;

  /// Ed25519 and Ed448. Reasons: KEY_POINT for a wrong length, a number that is not reduced (RFC 8032 §5.1.3, §5.2.3),
  /// what is not a point, and a point of small order, under which signatures need no private key; KEY_UNSUPPORTED.
  [[nodiscard]] static Result<PublicKey> edwards(SignatureScheme scheme, std::string_view point) noexcept;

  /// ML-DSA with an empty context (RFC 9964 §4). Reasons: KEY_MEMBER for a wrong length; KEY_UNSUPPORTED.
  [[nodiscard]] static Result<PublicKey> ml_dsa(SignatureScheme scheme, std::string_view key) noexcept;

  /// The same key once more, for a second owner; what was prepared is shared. A default one when the cryptographic
  /// library fails.
  [[nodiscard]] PublicKey share() const noexcept;

  [[nodiscard]] SignatureScheme scheme() const noexcept { return scheme_; }

  /// Of the modulus or the field; of the whole key for ML-DSA.
  [[nodiscard]] std::uint32_t bits() const noexcept { return bits_; }

  /// Bytes of every signature under this key.
  [[nodiscard]] std::uint32_t signature_size() const noexcept { return signature_size_; }

 private:
  friend class PublicKeyMaker;  // crypto.cpp
  friend class SignatureContext;
  struct Handle;
  struct HandleRelease {
    void operator()(Handle* handle) const noexcept;
  };

  std::unique_ptr<Handle, HandleRelease> handle_;
  SignatureScheme scheme_ = SignatureScheme::kNone;
  std::uint32_t bits_ = 0;
  std::uint32_t signature_size_ = 0;
};

/// A prepared HMAC key (RFC 2104): a type of its own, which no public key becomes. Immutable; may be used by many
/// threads at once. A default-constructed key verifies nothing.
class MacKey {
 public:
  MacKey() noexcept;
  ~MacKey();
  MacKey(MacKey&&) noexcept;
  MacKey& operator=(MacKey&&) noexcept;

  /// How long a secret must be is the caller's to check; it is copied and the copy erased with the key.
  /// Reasons: NO_MEMORY.
  [[nodiscard]] static Result<MacKey> hmac(HashFunction hash, std::string_view secret) noexcept;

  [[nodiscard]] std::uint32_t tag_size() const noexcept { return tag_size_; }

 private:
  friend class SignatureContext;
  struct Handle;

  std::shared_ptr<const Handle> handle_;
  std::uint32_t tag_size_ = 0;
};

/// What one thread needs to verify signatures: digests fetched once, contexts used again. Keys it has
/// seen are kept alive until eight others of their kind came by. Confined to one thread.
class SignatureContext {
 public:
  SignatureContext();
  ~SignatureContext();
  SignatureContext(SignatureContext&&) noexcept;
  SignatureContext& operator=(SignatureContext&&) noexcept;

  /// False for every signature that is not right, a wrong length included, and when the cryptographic
  /// library fails. Leaves the caller's OpenSSL error queue as it was.
  [[nodiscard]] bool verify(const PublicKey& key, std::string_view message, std::string_view signature) noexcept;

  /// The same for the whole tag of a MAC, compared in constant time.
  [[nodiscard]] bool verify(const MacKey& key, std::string_view message, std::string_view tag) noexcept;

  /// Writes the hash of `bytes` to the front of `out`, which must have room for it. False without room and when
  /// the cryptographic library fails.
  [[nodiscard]] bool digest(HashFunction hash, std::string_view bytes, std::span<std::uint8_t> out) noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Hashes, where no context is at hand. Nothing only when the cryptographic library fails.
[[nodiscard]] std::optional<Sha256Digest> sha256(std::string_view bytes) noexcept;
[[nodiscard]] std::optional<Sha384Digest> sha384(std::string_view bytes) noexcept;
[[nodiscard]] std::optional<Sha512Digest> sha512(std::string_view bytes) noexcept;

/// Of the pieces one behind the other.
[[nodiscard]] std::optional<Sha256Digest> sha256(std::span<const std::string_view> pieces) noexcept;

/// HMAC with SHA-256, once. Nothing only when the cryptographic library fails.
[[nodiscard]] std::optional<Sha256Digest> hmac_sha256(std::string_view key, std::string_view message) noexcept;

/// Whether both hold the same bytes, in a time that depends on their lengths alone.
[[nodiscard]] bool equals_in_constant_time(std::string_view a, std::string_view b) noexcept;

/// Overwrites bytes that were secret, in a way no compiler leaves out.
void erase(std::span<char> secret) noexcept;

}  // namespace ostiary::adapt
