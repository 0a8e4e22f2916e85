// A proof that the sender of a request holds a key: read, and verified by the key it shows itself (RFC 9449 §4).
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/token/algorithm.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace ostiary {

/// The memory one thread verifies proofs with: decoding and parsing buffers, digest contexts, and the keys of the
/// senders it has seen, found again by the header of their proofs. Everything of ours is taken here; importing a key
/// that is not remembered allocates, inside the cryptographic library only. A scratch that got no memory, or was moved
/// from, answers NO_MEMORY. Confined to one thread.
class DpopScratch {
 public:
  /// Imports of that many keys are remembered, and as many header parts of the longest size: importing takes longer
  /// than verifying.
  static constexpr std::uint32_t kKeysRemembered = 32;

  explicit DpopScratch(const Limits& limits = {}, std::uint32_t keys_remembered = kKeysRemembered);
  ~DpopScratch();
  DpopScratch(DpopScratch&&) noexcept;
  DpopScratch& operator=(DpopScratch&&) noexcept;

 private:
  friend class DpopParts;  // src/token
  struct Impl;

  std::unique_ptr<Impl> impl_;
};

/// What a proof says (RFC 9449 §4.2). The views borrow the scratch until its next use; one whose data() is nullptr is
/// absent. Plain data.
struct DpopProof {
  std::string_view id;                    ///< jti; not empty
  std::string_view method;                ///< htm; not empty
  std::string_view uri;                   ///< htu; not empty
  std::int64_t issued_at_s = 0;           ///< iat, whole seconds since 1970
  std::int64_t not_before_s = INT64_MIN;  ///< nbf, which a proof need not have
  std::int64_t expires_at_s = INT64_MAX;  ///< exp, likewise
  std::string_view nonce{};               ///< nonce
  std::string_view access_token_hash{};   ///< ath
  std::string_view key_thumbprint{};      ///< of its key (RFC 7638): 43 characters of base64url
  Algorithm algorithm = Algorithm::kEs256;
};

/// Verifies a proof by its own key: that its sender holds the key, and nothing more. Which request, token and time it
/// is for is still to be asked; check_sender (trust/sender_constraint.hpp) asks everything.
///
/// The key is the jwk of the header, a public key under the rules of KeySet::from_jwks, with the algorithm that alg
/// names. kid, jku, x5u, x5c and x5t have no effect. An RSA key without alg serves every RSA algorithm.
///
/// Reasons: USAGE_ARGUMENT (no algorithms, or symmetric ones), NO_MEMORY, DPOP_MALFORMED, DPOP_TYPE, DPOP_ALGORITHM,
/// DPOP_KEY, DPOP_CLAIMS, DPOP_SIGNATURE. The offset is the byte of the proof where the part concerned begins, or the
/// faulty byte itself in the syntax pass. Source: RFC 9449 §4.3. Confined to the thread of `scratch`.
[[nodiscard]] Result<DpopProof> verify_dpop_proof(std::string_view proof, AlgorithmSet algorithms,
                                                  DpopScratch& scratch) noexcept;

}  // namespace ostiary
