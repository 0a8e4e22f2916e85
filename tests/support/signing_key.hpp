// Keys that sign test tokens. The library itself never signs.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace ostiary::test {

/// base64url without padding.
[[nodiscard]] std::string base64url(std::string_view bytes);

/// A fresh private key of one algorithm with a public key.
class SigningKey {
 public:
  /// Of the algorithm that is called so, whatever JWS knows; RSA with 2048 bits.
  [[nodiscard]] static SigningKey of(std::string_view algorithm);

  /// Of a curve that JWS has no algorithm for, and of P-256 with its numbers in place of its name.
  [[nodiscard]] static SigningKey on_curve(const char* group);
  [[nodiscard]] static SigningKey with_explicit_curve();

  /// Whether the linked OpenSSL has it.
  [[nodiscard]] static bool is_supported(std::string_view algorithm);

  [[nodiscard]] static SigningKey rsa(unsigned bits = 2048, unsigned exponent = 65537);
  [[nodiscard]] static SigningKey p256();
  [[nodiscard]] static SigningKey ed25519();

  /// "RS256", "ES256", "EdDSA" and so on.
  [[nodiscard]] const std::string& algorithm() const { return algorithm_; }

  /// The JWS signature of `input`.
  [[nodiscard]] std::string sign(std::string_view input) const;

  /// As another algorithm of the same key would: a right signature of the wrong kind.
  [[nodiscard]] std::string sign_as(std::string_view algorithm, std::string_view input) const;

  /// RSASSA-PSS with SHA-256 and other parameters than JWS has.
  [[nodiscard]] std::string sign_pss(std::string_view input, int salt_size, const char* mgf_hash) const;

  /// ML-DSA with a context that is not empty.
  [[nodiscard]] std::string sign_with_context(std::string_view input, std::string_view context) const;

  /// PKCS#1 v1.5 with SHA-512, or ECDSA as DER: likewise.
  [[nodiscard]] std::string sign_rs512(std::string_view input) const;
  [[nodiscard]] std::string sign_der(std::string_view input) const;

  /// The public key as a JWK. `members` is put in front as it stands, for instance `"kid":"a",`.
  [[nodiscard]] std::string jwk(std::string_view members = "") const;

  // Big-endian, of full length.
  [[nodiscard]] std::string modulus() const;
  [[nodiscard]] std::string exponent() const;
  [[nodiscard]] std::string x() const;
  [[nodiscard]] std::string y() const;

  /// SubjectPublicKeyInfo.
  [[nodiscard]] std::string public_der() const;
  [[nodiscard]] std::string public_pem() const;

  /// RSAPublicKey of PKCS#1.
  [[nodiscard]] std::string rsa_der() const;

  [[nodiscard]] std::string private_pem() const;

  /// A certificate that the key signed for itself.
  [[nodiscard]] std::string certificate_der() const;
  [[nodiscard]] std::string certificate_pem() const;

 private:
  SigningKey(std::string algorithm, evp_pkey_st* key);

  std::string algorithm_;
  std::shared_ptr<evp_pkey_st> key_;
};

/// header.payload.signature with the right signature of `key`.
[[nodiscard]] std::string token(std::string_view header, std::string_view payload, const SigningKey& key);

/// The same with any signature.
[[nodiscard]] std::string token_with_signature(std::string_view header, std::string_view payload,
                                               std::string_view signature);

/// HMAC of `input` with the hash that the algorithm (HS256, HS384, HS512) has.
[[nodiscard]] std::string hmac(std::string_view algorithm, std::string_view secret, std::string_view input);

/// HMAC-SHA-256 of `input`, as a confused verifier would compute it.
[[nodiscard]] std::string hmac_sha256(std::string_view secret, std::string_view input);

/// `{"keys":[...]}`.
[[nodiscard]] std::string jwks(std::initializer_list<std::string> keys);

}  // namespace ostiary::test
