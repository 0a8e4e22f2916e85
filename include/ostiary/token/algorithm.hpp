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
  kRs256 = 0,  ///< RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 §3.3)
  kEs256 = 1,  ///< ECDSA on P-256 with SHA-256 (RFC 7518 §3.4)
  kEdDsa = 2,  ///< Ed25519 and no other curve (RFC 8037 §3.1, RFC 9864 §2.2)
};

struct AlgorithmName {
  std::string_view name;
  Algorithm algorithm;
};

/// Every accepted spelling. RFC 9864 renames EdDSA on Ed25519 to `Ed25519`; both mean the same here.
inline constexpr std::array<AlgorithmName, 4> kAlgorithmNames{{
    {"RS256", Algorithm::kRs256},
    {"ES256", Algorithm::kEs256},
    {"EdDSA", Algorithm::kEdDsa},
    {"Ed25519", Algorithm::kEdDsa},
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

  friend constexpr bool operator==(const AlgorithmSet&, const AlgorithmSet&) noexcept = default;

 private:
  static constexpr std::uint32_t bit(Algorithm algorithm) noexcept {
    return 1U << static_cast<std::uint32_t>(algorithm);
  }

  std::uint32_t bits_ = 0;
};

}  // namespace ostiary
