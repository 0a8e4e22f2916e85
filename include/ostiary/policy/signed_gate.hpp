// Gate images that only a trusted key can have made, and that cannot be put back to an older version.
#pragma once

#include <ostiary/core/result.hpp>
#include <ostiary/policy/gate.hpp>
#include <ostiary/policy/gate_boundary.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ostiary {

/// An Ed25519 public key (RFC 8032 §5.1.5).
using GatePublicKey = std::array<std::uint8_t, 32>;
using GateKeyId = std::array<std::uint8_t, 8>;

/// Which images load. Borrows the keys. Plain data.
struct GateTrust {
  /// Whoever holds the private key of one of these may make Gates. While there is any, no unsigned image loads.
  std::span<const GatePublicKey> keys{};
  /// The oldest version that still loads: the host keeps the highest it has loaded, or what it was told.
  std::uint64_t version_min = 0;
  /// False: without keys, signatures are not asked for. So forgetting the keys does not open the door.
  bool required = true;
  /// While given, only Gates that were proved inside this boundary load.
  std::optional<GateBoundaryHash> boundary{};
  /// Whoever holds the private key of one of these may review boundaries. While there is any, only Gates load that were
  /// proved inside a boundary that one of them has reviewed, be it pinned or not.
  std::span<const GatePublicKey> reviewer_keys{};
  /// How many of them must have reviewed it. 0: as many as the two members above ask for, none or one.
  std::uint32_t reviews_min = 0;

  /// What a proof is worth the signature of the image is worth: where one is asked for, so is the other.
  [[nodiscard]] bool asks_for_proof() const noexcept {
    return boundary.has_value() || !reviewer_keys.empty() || reviews_min != 0;
  }
};

/// The content hash, the signature, the version, the boundary, what Gate::load checks and the boundary's reviews, in
/// this order. Borrows the image, which must not change. Allocates; not for the request path. Pure. Reasons:
/// IMAGE_FORMAT, IMAGE_DAMAGED (also: other content than the hash says), IMAGE_UNSIGNED, IMAGE_SIGNATURE (a key that is
/// not trusted, or a signature that is not right), IMAGE_ROLLBACK, IMAGE_UNPROVED (no proof, or by a prover older than
/// kGateProverMin), IMAGE_BOUNDARY (proved inside another), IMAGE_REVIEW (too few reviewers), INTERNAL.
[[nodiscard]] Result<Gate> load_signed_gate(std::string_view image, const GateTrust& trust);

/// The image with the signature of this key, in place of any it had; nothing else changes. The same image and key give
/// the same bytes. The key is a block PRIVATE KEY (RFC 8410 §7) without password. Allocates. Pure.
/// Reasons: IMAGE_FORMAT, IMAGE_DAMAGED, KEY_PEM, KEY_TYPE (not Ed25519), NO_MEMORY, INTERNAL.
[[nodiscard]] Result<std::string> sign_gate(std::string_view image, std::string_view private_pem);

/// The blocks PRIVATE KEY and PUBLIC KEY of one key.
struct GateKeyPair {
  std::string private_pem;
  std::string public_pem;
};

/// The key that the seed stands for: 32 bytes of the operating system's random source, used for nothing else.
/// Allocates. Reasons: KEY_UNSUPPORTED, NO_MEMORY, INTERNAL. Pure.
[[nodiscard]] Result<GateKeyPair> make_gate_keys(std::span<const std::uint8_t, 32> seed);

/// From a block PUBLIC KEY (RFC 8410 §4). Allocates. Pure. Reasons: KEY_PEM, KEY_PRIVATE, KEY_TYPE (not Ed25519),
/// KEY_POINT, KEY_MEMBER, KEY_UNSUPPORTED.
[[nodiscard]] Result<GatePublicKey> read_gate_key(std::string_view public_pem);

/// As it stands in the images that the key signed. Zeros only when the cryptographic library fails. Pure.
[[nodiscard]] GateKeyId gate_key_id(const GatePublicKey& key) noexcept;

}  // namespace ostiary
