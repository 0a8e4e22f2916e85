// A DPoP proof step by step, so that whoever knows the request can ask the cheap questions before the dear ones.
#pragma once

#include "adapt/crypto.hpp"
#include "adapt/json.hpp"
#include "token/sha256_text.hpp"

#include <ostiary/core/limits.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/token/algorithm.hpp>
#include <ostiary/token/dpop_proof.hpp>
#include <ostiary/token/jws.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace ostiary {

/// A key that a proof showed, as it was imported.
struct DpopKey {
  adapt::PublicKey key;
  Algorithm algorithm = Algorithm::kEs256;
  std::array<char, kSha256TextSize> thumbprint{};
};

struct DpopScratch::Impl {
  /// A key and the header part that showed it. The proofs of one sender begin with the same bytes.
  struct Slot {
    std::size_t size = 0;  ///< of the header part; 0: empty
    DpopKey key;
  };

  Impl(const Limits& wanted, std::uint32_t keys_remembered);

  [[nodiscard]] bool complete() const noexcept {
    return signature != nullptr && uri_memory != nullptr && header_texts != nullptr;
  }
  [[nodiscard]] char* text_of(const Slot& slot) const noexcept {
    return header_texts.get() + static_cast<std::size_t>(&slot - slots.data()) * header_text_size;
  }

  Limits limits;
  adapt::JsonReader header;
  adapt::JsonReader payload;
  adapt::SignatureContext signatures;
  std::size_t signature_size;
  std::unique_ptr<char[]> signature;
  std::size_t uri_size;
  std::unique_ptr<std::byte[]> uri_memory;  ///< for the canonical forms of htu and of the request's own URI
  std::vector<Slot> slots;
  std::size_t next_slot = 0;
  std::size_t header_text_size;
  std::unique_ptr<char[]> header_texts;  ///< header_text_size characters for each slot
  DpopKey fresh;                         ///< a key that no slot holds yet
};

/// A proof on its way. Borrows the proof and the scratch.
struct PresentedProof {
  CompactJws jws;
  DpopProof claims;
  AlgorithmSet algorithms;                     ///< that its alg can mean and that are allowed
  std::span<const adapt::JsonValue> header{};  ///< empty when the key was remembered
  std::size_t jwk = 0;                         ///< where in it the key is
  const DpopKey* key = nullptr;
};

class DpopParts {
 public:
  using Impl = DpopScratch::Impl;

  /// nullptr when the scratch has no memory.
  [[nodiscard]] static Impl* of(DpopScratch& scratch) noexcept { return scratch.impl_.get(); }

  /// Syntax, header and claims. Of what claims holds, key_thumbprint and algorithm are still missing.
  /// Reasons: USAGE_ARGUMENT, NO_MEMORY, DPOP_MALFORMED, DPOP_TYPE, DPOP_ALGORITHM, DPOP_KEY, DPOP_CLAIMS.
  [[nodiscard]] static Result<PresentedProof> read(std::string_view proof, AlgorithmSet algorithms,
                                                   Impl& scratch) noexcept;

  /// Imports the key, unless it is remembered, and fills key_thumbprint and algorithm. Reasons: NO_MEMORY, DPOP_KEY.
  [[nodiscard]] static Error take_key(PresentedProof& proof, Impl& scratch) noexcept;

  /// Checks the signature under the key that was taken, and remembers the key if it is right. Reasons: DPOP_SIGNATURE.
  [[nodiscard]] static Error check_signature(const PresentedProof& proof, Impl& scratch) noexcept;
};

}  // namespace ostiary
