// The public keys of one issuer, imported from a JWK Set that is treated as hostile input.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/core/reason.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/token/algorithm.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary {

/// Which keys an import left out, even when it left none and so there is no set to ask. Owns what it says.
struct KeySetReport {
  struct Skipped {
    std::uint32_t index = 0;   ///< place in the array `keys`
    std::uint32_t offset = 0;  ///< byte of the imported text where the fault lies
    Reason reason = Reason::kInternal;
    std::string key_id;  ///< empty when there is none that could be read
  };

  std::vector<Skipped> skipped;
};

/// Immutable set of prepared verification keys, each with exactly one algorithm. Share it freely between
/// threads; swap the pointer to rotate keys.
class KeySet {
 public:
  /// A key that was left out, and why. The views borrow the KeySet.
  struct SkippedKey {
    std::uint32_t index = 0;   ///< place in the array `keys`
    std::uint32_t offset = 0;  ///< byte of the imported text where the fault lies
    Reason reason = Reason::kInternal;
    std::string_view key_id;  ///< empty when there is none that could be read
  };

  /// What is known about a usable key. The view borrows the KeySet.
  struct KeyInfo {
    bool has_key_id = false;  ///< an empty kid is a kid
    std::string_view key_id;
    Algorithm algorithm = Algorithm::kRs256;
    std::uint32_t bits = 0;
    std::array<std::uint8_t, 32> thumbprint{};  ///< SHA-256 of the JWK (RFC 7638)
  };

  /// A key outside of a JWK Set, such as AWS Application Load Balancer and Google publish theirs.
  struct PemKey {
    std::string_view pem;                ///< one PEM block: PUBLIC KEY or CERTIFICATE (RFC 7468)
    std::string_view key_id{};           ///< data() == nullptr: the key has no kid
    std::optional<Algorithm> algorithm;  ///< nothing: the one algorithm of the key's type
  };

  /// Imports a JWK Set (RFC 7517 §5). A key Ostiary cannot use is skipped and listed; a set that should
  /// not exist is refused as a whole. A key without `alg` gets the one algorithm of its type: RSA RS256,
  /// P-256 ES256, P-384 ES384, P-521 ES512, secp256k1 ES256K, Ed25519 EdDSA, Ed448 Ed448; type AKP must name its
  /// algorithm (RFC 9964). Members that describe certificates (x5c, x5t, x5u) play no part.
  ///
  /// Reasons for the set, with the byte of `json`: KEYS_JSON, KEYS_DUPLICATE_MEMBER, KEYS_LIMIT, KEYS_EMPTY,
  /// KEYS_DUPLICATE_ID, KEY_PRIVATE, NO_MEMORY. Reasons for a skipped key: KEY_TYPE, KEY_USE, KEY_ALGORITHM,
  /// KEY_MEMBER, KEY_RSA_SIZE, KEY_RSA_EXPONENT, KEY_WEAK, KEY_CURVE, KEY_POINT, KEY_UNSUPPORTED.
  /// Source: RFC 7517, RFC 7518 §6, RFC 8037 §2, RFC 8725 §3.4. Pure.
  [[nodiscard]] static Result<std::shared_ptr<const KeySet>> from_jwks(std::string_view json,
                                                                       const Limits& limits = {}) noexcept;

  /// The same, and `report` tells of the skipped keys whenever the import came as far as looking at them; else it is
  /// empty.
  [[nodiscard]] static Result<std::shared_ptr<const KeySet>> from_jwks(std::string_view json, const Limits& limits,
                                                                       KeySetReport& report) noexcept;

  /// Imports a single JWK (RFC 7517 §4), by the same rules. Reasons: those of from_jwks for the set and for a skipped
  /// key. Pure.
  [[nodiscard]] static Result<std::shared_ptr<const KeySet>> from_jwk(std::string_view json,
                                                                      const Limits& limits = {}) noexcept;

  /// Imports PEM keys, each under the same rules as a JWK. Of a certificate only the key counts: who signed it and when
  /// it expires is not looked at. Any fault refuses the set; its offset is the index of the key. Reasons: KEY_PEM,
  /// KEY_CERTIFICATE, KEY_PRIVATE, KEYS_LIMIT, KEYS_EMPTY, KEYS_DUPLICATE_ID, NO_MEMORY, and those for a skipped key of
  /// from_jwks. Source: RFC 7468 §5, §13. Pure.
  [[nodiscard]] static Result<std::shared_ptr<const KeySet>> from_pem(std::span<const PemKey> keys,
                                                                      const Limits& limits = {}) noexcept;

  /// A key of a set.
  struct KeyPlace {
    const KeySet* keys = nullptr;
    std::size_t index = 0;
  };

  /// These keys in this order as a set of their own, which shares what was prepared and outlives where they come from.
  /// Reasons: KEYS_EMPTY, KEYS_DUPLICATE_ID, USAGE_ARGUMENT (a place where no key is), NO_MEMORY; the offset is the
  /// index of the place. Pure.
  [[nodiscard]] static Result<std::shared_ptr<const KeySet>> selected(std::span<const KeyPlace> keys) noexcept;

  ~KeySet();
  KeySet(const KeySet&) = delete;
  KeySet& operator=(const KeySet&) = delete;

  [[nodiscard]] std::size_t size() const noexcept;

  /// The key `index`, in the order of the JWK Set without the skipped ones; a default one past the end.
  [[nodiscard]] KeyInfo key(std::size_t index) const noexcept;

  /// A hash over the kid, algorithm and material of every key, in order: the generation of the set. Sets of the same
  /// keys have the same, so a set that was fetched again unchanged does not void what was verified with it.
  [[nodiscard]] const std::array<std::uint8_t, 32>& fingerprint() const noexcept;

  /// Borrows the KeySet.
  [[nodiscard]] std::span<const SkippedKey> skipped() const noexcept;

 private:
  friend class KeySetImport;  // src/token: fills the set
  friend class KeySetParts;   // src/token: the verifier's view of it
  struct Impl;

  explicit KeySet(std::unique_ptr<Impl> impl) noexcept;

  std::unique_ptr<Impl> impl_;
};

}  // namespace ostiary
