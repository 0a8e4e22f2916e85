// What stands in a Gate image for the bound that it was proved to keep: which one, who reviewed it, what proved it.
#pragma once

#include <ostiary/core/image.hpp>

#include <array>
#include <cstdint>

namespace ostiary {

/// The content hash of the boundary compiled as a Gate. See boundary_hash.
using GateBoundaryHash = std::array<std::uint8_t, 32>;

/// Raised with every change of what the prover proves.
inline constexpr std::uint32_t kGateProver = 1;
/// The oldest prover whose proofs still count: raised when one is found to have proved what is not so.
inline constexpr std::uint32_t kGateProverMin = 1;

/// Of one boundary.
inline constexpr std::uint32_t kReviewsMax = 16;
/// 9999-12-31T23:59:59Z. Reviews are not older than 1970.
inline constexpr std::int64_t kReviewDateMax = 253402300799;

/// That somebody has read a boundary and stands for it.
struct GateReview {
  std::int64_t date_s = 0;               ///< seconds since 1970-01-01T00:00:00Z, as the reviewer says
  std::array<std::uint8_t, 8> key_id{};  ///< of the reviewer's key, see gate_key_id
  /// Ed25519 (RFC 8032) over kReviewContext, the boundary's hash and the date as RFC 3339 writes it, in 20 characters.
  std::array<std::uint8_t, 64> signature{};
};
static_assert(sizeof(GateReview) == 80);

/// Keeps the signature of a review from being one of anything else that is signed with the same key.
inline constexpr char kReviewContext[] = "ostiary boundary review 1";

/// Part of the header of every Gate image, inside what is hashed and signed. Gate::load checks its form; that it is
/// true only load_signed_gate can tell. All zeros when nothing was proved.
struct GateBoundary {
  GateBoundaryHash hash{};   ///< of the boundary that the Gate was proved inside of
  std::uint32_t prover = 0;  ///< kGateProver of the compiler; 0: nothing was proved
  std::uint32_t reserved = 0;
  ImageTable reviews;  ///< of GateReview, ascending by key id: no key stands twice

  [[nodiscard]] constexpr bool is_proved() const noexcept { return prover != 0; }
  [[nodiscard]] constexpr bool is_blank() const noexcept {
    return hash == GateBoundaryHash{} && prover == 0 && reserved == 0 && reviews.offset == 0 && reviews.count == 0;
  }
};
static_assert(sizeof(GateBoundary) == 48);

}  // namespace ostiary
