// Public keys as DER has them, taken apart into the numbers that JWK writes out.
#pragma once

#include <ostiary/core/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace ostiary::adapt {

/// The numbers of a public key that came in DER. They are not checked: that is the business of whoever imports them.
struct KeyNumbers {
  enum class Type : std::uint8_t { kRsa, kEc, kOkp, kAkp };

  Type type = Type::kRsa;
  std::string_view name;  ///< kEc, kOkp: the curve as JWK calls it; kAkp: the algorithm; empty: none that JWK knows
  std::string first;      ///< modulus, x, point or key
  std::string second;     ///< exponent or y
};

/// Reads a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) that fills `der`. Allocates. Reasons: KEY_PEM for what is none,
/// KEY_TYPE for other types, KEY_MEMBER and KEY_POINT for what its type does not allow, KEY_UNSUPPORTED.
[[nodiscard]] Result<KeyNumbers> read_public_key_info(std::string_view der);

/// Reads the key of an X.509 certificate that fills `der`, and nothing else of it. Allocates. Reasons: KEY_CERTIFICATE
/// for what is none, and those of read_public_key_info.
[[nodiscard]] Result<KeyNumbers> read_certificate(std::string_view der);

/// Whether `bytes` begin with a SubjectPublicKeyInfo, an RSAPublicKey (RFC 8017 §A.1.1) or a certificate.
[[nodiscard]] bool begins_with_public_key(std::string_view bytes) noexcept;

}  // namespace ostiary::adapt
