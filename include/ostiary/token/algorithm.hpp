// The signature algorithms Ostiary knows: a closed table. Anything else, `none` included, has no value.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace ostiary {

/// The numbers stand in images and are never reused.
enum class Algorithm : std::uint8_t {
  kRs256 = 0,     ///< RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 §3.3)
  kEs256 = 1,     ///< ECDSA on P-256 with SHA-256 (RFC 7518 §3.4)
  kEdDsa = 2,     ///< Ed25519 and no other curve (RFC 8037 §3.1, RFC 9864 §2.2)
  kRs384 = 3,     ///< RSASSA-PKCS1-v1_5 with SHA-384
  kRs512 = 4,     ///< RSASSA-PKCS1-v1_5 with SHA-512
  kPs256 = 5,     ///< RSASSA-PSS with SHA-256, MGF1 with SHA-256 and 32 bytes of salt (RFC 7518 §3.5)
  kPs384 = 6,     ///< RSASSA-PSS with SHA-384, likewise
  kPs512 = 7,     ///< RSASSA-PSS with SHA-512, likewise
  kEs384 = 8,     ///< ECDSA on P-384 with SHA-384
  kEs512 = 9,     ///< ECDSA on P-521 with SHA-512
  kEs256k = 10,   ///< ECDSA on secp256k1 with SHA-256 (RFC 8812 §3.2)
  kEd448 = 11,    ///< Ed448 (RFC 9864 §2.2)
  kHs256 = 12,    ///< HMAC with SHA-256 (RFC 7518 §3.2)
  kHs384 = 13,    ///< HMAC with SHA-384
  kHs512 = 14,    ///< HMAC with SHA-512
  kMlDsa44 = 15,  ///< ML-DSA-44 (RFC 9964), where the linked cryptographic library has it
  kMlDsa65 = 16,  ///< ML-DSA-65, likewise
  kMlDsa87 = 17,  ///< ML-DSA-87, likewise
};

struct AlgorithmName {
  std::string_view name;
  Algorithm algorithm;
};

/// Every accepted spelling. RFC 9864 renames EdDSA on Ed25519 to `Ed25519`. A policy that says either means Ed25519;
/// a token that says `EdDSA` may mean Ed448 too, and then its key tells (algorithms_of_header).
inline constexpr std::array<AlgorithmName, 19> kAlgorithmNames{{
    {"RS256", Algorithm::kRs256},       {"ES256", Algorithm::kEs256},       {"EdDSA", Algorithm::kEdDsa},
    {"Ed25519", Algorithm::kEdDsa},     {"RS384", Algorithm::kRs384},       {"RS512", Algorithm::kRs512},
    {"PS256", Algorithm::kPs256},       {"PS384", Algorithm::kPs384},       {"PS512", Algorithm::kPs512},
    {"ES384", Algorithm::kEs384},       {"ES512", Algorithm::kEs512},       {"ES256K", Algorithm::kEs256k},
    {"Ed448", Algorithm::kEd448},       {"HS256", Algorithm::kHs256},       {"HS384", Algorithm::kHs384},
    {"HS512", Algorithm::kHs512},       {"ML-DSA-44", Algorithm::kMlDsa44}, {"ML-DSA-65", Algorithm::kMlDsa65},
    {"ML-DSA-87", Algorithm::kMlDsa87},
}};

/// The algorithm of exactly this name (RFC 7515 §4.1.1: names are case-sensitive); nothing otherwise. Pure.
[[nodiscard]] constexpr std::optional<Algorithm> parse_algorithm(std::string_view name) noexcept {
  for (const AlgorithmName& known : kAlgorithmNames) {
    if (known.name == name) return known.algorithm;
  }
  return std::nullopt;
}

/// The first name of the algorithm. Static text. Pure.
[[nodiscard]] constexpr std::string_view algorithm_name(Algorithm algorithm) noexcept {
  for (const AlgorithmName& known : kAlgorithmNames) {
    if (known.algorithm == algorithm) return known.name;
  }
  return {};
}

/// Whether both sides hold the same secret. Such keys are SecretKeys and never stand in a KeySet. Pure.
[[nodiscard]] constexpr bool is_symmetric(Algorithm algorithm) noexcept {
  return algorithm == Algorithm::kHs256 || algorithm == Algorithm::kHs384 || algorithm == Algorithm::kHs512;
}

/// A set of algorithms. The empty set allows nothing. Plain data.
class AlgorithmSet {
 public:
  constexpr AlgorithmSet() = default;
  constexpr AlgorithmSet(std::initializer_list<Algorithm> algorithms) noexcept {
    for (const Algorithm algorithm : algorithms) add(algorithm);
  }

  /// Bit n stands for the algorithm of number n. Nothing when a bit is set that stands for none. Pure.
  [[nodiscard]] static constexpr std::optional<AlgorithmSet> from_bits(std::uint32_t bits) noexcept {
    AlgorithmSet set;
    for (const AlgorithmName& known : kAlgorithmNames) {
      if ((bits & bit(known.algorithm)) != 0) set.add(known.algorithm);
    }
    if (set.bits_ != bits) return std::nullopt;
    return set;
  }

  constexpr void add(Algorithm algorithm) noexcept { bits_ |= bit(algorithm); }
  [[nodiscard]] constexpr bool contains(Algorithm algorithm) const noexcept { return (bits_ & bit(algorithm)) != 0; }
  [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }
  [[nodiscard]] constexpr std::uint32_t bits() const noexcept { return bits_; }

  /// The algorithms that are in both. Pure.
  [[nodiscard]] constexpr AlgorithmSet common_with(AlgorithmSet other) const noexcept {
    AlgorithmSet both;
    both.bits_ = bits_ & other.bits_;
    return both;
  }

  friend constexpr bool operator==(const AlgorithmSet&, const AlgorithmSet&) noexcept = default;

 private:
  static constexpr std::uint32_t bit(Algorithm algorithm) noexcept {
    return 1U << static_cast<std::uint32_t>(algorithm);
  }

  std::uint32_t bits_ = 0;
};

/// The algorithms with a shared secret. A policy allows some of these or some of the others, never both: a public key
/// must not come to stand where a secret is expected (RFC 8725 §2.1).
inline constexpr AlgorithmSet kSymmetricAlgorithms{Algorithm::kHs256, Algorithm::kHs384, Algorithm::kHs512};

/// The algorithms that a token means whose header says `alg`: none for a foreign name, and two for `EdDSA`, which
/// leaves the curve to the key (RFC 8037 §3.1). Pure.
[[nodiscard]] constexpr AlgorithmSet algorithms_of_header(std::string_view alg) noexcept {
  AlgorithmSet meant;
  if (const std::optional<Algorithm> named = parse_algorithm(alg)) meant.add(*named);
  if (alg == "EdDSA") meant.add(Algorithm::kEd448);
  return meant;
}

}  // namespace ostiary
