// One public key as JSON or as numbers: what both a JWK Set and the `jwk` of a DPoP proof are made of.
#pragma once

#include "adapt/crypto.hpp"
#include "adapt/der.hpp"
#include "adapt/json.hpp"

#include <ostiary/core/limits.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/token/algorithm.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ostiary {

/// A key that passed every check.
struct ImportedKey {
  adapt::PublicKey key;
  Algorithm algorithm = Algorithm::kRs256;
  adapt::Sha256Digest thumbprint{};  ///< RFC 7638
  bool has_key_id = false;           ///< an empty kid is a kid
  std::string_view key_id;           ///< borrows what the JSON reader holds
};

/// KEY_PRIVATE and the place when values[index], of whatever kind, is a symmetric key or an object with a member of
/// private material; OK otherwise.
[[nodiscard]] Error find_private_material(std::span<const adapt::JsonValue> values, std::uint32_t index) noexcept;

/// The kid of the JWK at values[index] when it is one; nothing when it is absent, no text or longer than the limit.
[[nodiscard]] std::optional<std::string_view> key_id_of(std::span<const adapt::JsonValue> values, std::uint32_t index,
                                                        const Limits& limits) noexcept;

/// Imports the JWK at values[index] (RFC 7517 §4) with the algorithm that it names or its type has. Private material
/// is refused here too. Allocates inside the cryptographic library only. Reasons: KEY_PRIVATE, KEY_TYPE, KEY_USE,
/// KEY_ALGORITHM, KEY_MEMBER, KEY_RSA_SIZE, KEY_RSA_EXPONENT, KEY_WEAK, KEY_CURVE, KEY_POINT, KEY_UNSUPPORTED,
/// NO_MEMORY; the offset is the place in the document. `used_with`, unless empty, is what the signature beside the key
/// says it was made with: the key must then be able to serve one of these, and serves that.
[[nodiscard]] Result<ImportedKey> import_jwk(std::span<const adapt::JsonValue> values, std::uint32_t index,
                                             const Limits& limits, AlgorithmSet used_with = {}) noexcept;

/// Imports numbers that did not come as JSON, under the same checks. `algorithm`: nothing for the one of the key's
/// type. Reasons: as above, without places. May run out of memory by exception.
[[nodiscard]] Result<ImportedKey> import_numbers(const adapt::KeyNumbers& numbers, std::optional<Algorithm> algorithm,
                                                 const Limits& limits);

}  // namespace ostiary
