// The steps from the bytes of a token to something rules can be asked about. Verification takes them one by one and
// stops at the first that fails; an explanation goes on as far as it can.
#pragma once

#include "adapt/crypto.hpp"
#include "token/claims.hpp"
#include "token/header.hpp"
#include "token/scratch_parts.hpp"

#include <ostiary/core/limits.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/token/jws.hpp>
#include <ostiary/token/key_set.hpp>
#include <ostiary/token/secret_keys.hpp>
#include <ostiary/token/verifier.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ostiary {

/// A token taken apart.
struct WrittenToken {
  CompactJws jws;
  bool is_padded = false;  ///< and the parts were written with padding
};

/// Splits the token, with padding only when some issuer writes so. Reasons: those of split_compact. Pure.
[[nodiscard]] Result<WrittenToken> split_token(std::string_view token, std::span<const TrustedIssuer> issuers,
                                               const Limits& limits) noexcept;

/// Whether every policy is one that TokenPolicy allows.
[[nodiscard]] bool are_usable(std::span<const TrustedIssuer> issuers, const Limits& limits) noexcept;

/// The issuer that iss names (RFC 8725 §3.8: the keys must belong to it).
/// Reasons: TOKEN_ISSUER_MISSING, TOKEN_ISSUER_UNKNOWN; no offset. Pure.
[[nodiscard]] Result<const TrustedIssuer*> select_issuer(const Claims& claims,
                                                         std::span<const TrustedIssuer> issuers) noexcept;

/// One prepared key. Borrows the set it stands in.
struct SelectedKey {
  Algorithm algorithm = Algorithm::kRs256;
  std::string_view key_id{};  ///< its kid; data() == nullptr: it has none
  std::uint32_t index = 0;    ///< in its set
  std::size_t signature_size = 0;
  const adapt::PublicKey* public_key = nullptr;  ///< either this
  const adapt::MacKey* mac_key = nullptr;        ///< or this
};

/// The keys a token may have been signed with: those of one issuer.
struct KeyChoice {
  const KeySet* keys = nullptr;
  const SecretKeys* secrets = nullptr;
};

/// The key with the header's kid and an algorithm that both the header and the policy name. Without kid exactly one key
/// must have such an algorithm; keys are never tried in turn.
/// Reasons: TOKEN_ALGORITHM_REFUSED, TOKEN_ISSUER_KEYS, TOKEN_KEY_UNKNOWN, TOKEN_KEY_ID_MISSING,
/// TOKEN_SIGNATURE_LENGTH; only the last has an offset. Pure.
[[nodiscard]] Result<SelectedKey> select_key(const Header& header, AlgorithmSet allowed, const KeyChoice& choice,
                                             const CompactJws& jws) noexcept;

/// OK, TOKEN_SIGNATURE or TOKEN_SIGNATURE_LENGTH, with the offset of the signature.
[[nodiscard]] Error check_signature(const CompactJws& jws, const SelectedKey& key,
                                    ScratchParts::Impl& scratch) noexcept;

}  // namespace ostiary
