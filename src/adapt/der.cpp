#include "adapt/der.hpp"

#include "adapt/openssl_handles.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include <array>
#include <cstddef>
#include <memory>

namespace ostiary::adapt {

namespace {

using PublicKeyInfo = std::unique_ptr<X509_PUBKEY, Releaser<X509_PUBKEY_free>>;
using Certificate = std::unique_ptr<X509, Releaser<X509_free>>;

struct Curve {
  std::string_view name;
  const char* group;  ///< as OpenSSL calls it
  std::size_t size;   ///< bytes of a coordinate
};

constexpr std::array<Curve, 4> kCurves{{
    {"P-256", "prime256v1", 32},
    {"P-384", "secp384r1", 48},
    {"P-521", "secp521r1", 66},
    {"secp256k1", "secp256k1", 32},
}};

struct Raw {
  const char* type;  ///< as OpenSSL calls it
  KeyNumbers::Type kind;
  std::string_view name;
};

constexpr std::array<Raw, 5> kRaws{{
    {"ED25519", KeyNumbers::Type::kOkp, "Ed25519"},
    {"ED448", KeyNumbers::Type::kOkp, "Ed448"},
    {"ML-DSA-44", KeyNumbers::Type::kAkp, "ML-DSA-44"},
    {"ML-DSA-65", KeyNumbers::Type::kAkp, "ML-DSA-65"},
    {"ML-DSA-87", KeyNumbers::Type::kAkp, "ML-DSA-87"},
}};

// Not every OpenSSL has names for the ML-DSA algorithms (FIPS 204, registered under NIST's arc).
constexpr std::array<std::string_view, 3> kMlDsaIdentifiers{"2.16.840.1.101.3.4.3.17", "2.16.840.1.101.3.4.3.18",
                                                            "2.16.840.1.101.3.4.3.19"};

/// Big-endian, in the fewest bytes or in `size` of them; empty when that cannot be.
std::string number(const EVP_PKEY* key, const char* name, std::size_t size = 0) {
  BIGNUM* value = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &value) != 1) return {};
  const Number owned(value);
  std::string bytes(size != 0 ? size : static_cast<std::size_t>(BN_num_bytes(value)), '\0');
  const int written =
      BN_bn2binpad(value, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  return written < 0 ? std::string() : bytes;
}

Result<KeyNumbers> rsa_numbers(const EVP_PKEY* key) {
  KeyNumbers numbers;
  numbers.first = number(key, OSSL_PKEY_PARAM_RSA_N);
  numbers.second = number(key, OSSL_PKEY_PARAM_RSA_E);
  if (numbers.first.empty() || numbers.second.empty()) return Reason::kKeyMember;
  return numbers;
}

bool has_explicit_parameters(const EVP_PKEY* key) noexcept {
  int explicit_parameters = 1;
  return EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &explicit_parameters) != 1 ||
         explicit_parameters != 0;
}

Result<KeyNumbers> ec_numbers(const EVP_PKEY* key) {
  KeyNumbers numbers{.type = KeyNumbers::Type::kEc, .name = {}, .first = {}, .second = {}};
  std::array<char, 64> group{};
  std::size_t length = 0;
  // A curve that is spelled out may be any curve (CVE-2020-0601); RFC 5480 §2.1.1 demands its name.
  if (has_explicit_parameters(key) || EVP_PKEY_get_group_name(key, group.data(), group.size(), &length) != 1) {
    return numbers;
  }
  for (const Curve& curve : kCurves) {
    if (std::string_view(group.data(), length) != curve.group) continue;
    numbers.name = curve.name;
    numbers.first = number(key, OSSL_PKEY_PARAM_EC_PUB_X, curve.size);
    numbers.second = number(key, OSSL_PKEY_PARAM_EC_PUB_Y, curve.size);
    if (numbers.first.empty() || numbers.second.empty()) return Reason::kKeyPoint;
  }
  return numbers;
}

Result<KeyNumbers> raw_numbers(const EVP_PKEY* key) {
  for (const Raw& raw : kRaws) {
    if (EVP_PKEY_is_a(key, raw.type) != 1) continue;
    KeyNumbers numbers{.type = raw.kind, .name = raw.name, .first = {}, .second = {}};
    std::size_t size = 0;
    if (EVP_PKEY_get_raw_public_key(key, nullptr, &size) != 1) return Reason::kKeyMember;
    numbers.first.resize(size);
    auto* const out = reinterpret_cast<unsigned char*>(numbers.first.data());
    if (EVP_PKEY_get_raw_public_key(key, out, &size) != 1) return Reason::kKeyMember;
    return numbers;
  }
  return Reason::kKeyType;
}

Result<KeyNumbers> numbers_of(const EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "RSA") == 1) return rsa_numbers(key);
  if (EVP_PKEY_is_a(key, "EC") == 1) return ec_numbers(key);
  return raw_numbers(key);
}

/// Why OpenSSL made no key of this.
Reason refusal_of(X509_PUBKEY* info) noexcept {
  ASN1_OBJECT* algorithm = nullptr;
  if (X509_PUBKEY_get0_param(&algorithm, nullptr, nullptr, nullptr, info) != 1) return Reason::kKeyMember;
  const int nid = OBJ_obj2nid(algorithm);
  if (nid == NID_rsaEncryption) return Reason::kKeyMember;
  if (nid == NID_X9_62_id_ecPublicKey || nid == NID_ED25519 || nid == NID_ED448) return Reason::kKeyPoint;
  std::array<char, 64> identifier{};
  OBJ_obj2txt(identifier.data(), static_cast<int>(identifier.size()), algorithm, 1);
  for (const std::string_view known : kMlDsaIdentifiers) {
    if (known != identifier.data()) continue;
    const KeyManagement type(EVP_KEYMGMT_fetch(nullptr, identifier.data(), nullptr));
    return type ? Reason::kKeyMember : Reason::kKeyUnsupported;
  }
  return Reason::kKeyType;
}

Result<KeyNumbers> numbers_of(X509_PUBKEY* info) {
  const EVP_PKEY* const key = X509_PUBKEY_get0(info);
  if (key == nullptr) return refusal_of(info);
  return numbers_of(key);
}

}  // namespace

Result<KeyNumbers> read_public_key_info(std::string_view der) {
  const ErrorMark mark;
  const unsigned char* place = bytes_of(der);
  const PublicKeyInfo info(d2i_X509_PUBKEY(nullptr, &place, static_cast<long>(der.size())));
  if (!info || place != bytes_of(der) + der.size()) return Reason::kKeyPem;
  return numbers_of(info.get());
}

Result<KeyNumbers> read_certificate(std::string_view der) {
  const ErrorMark mark;
  const unsigned char* place = bytes_of(der);
  const Certificate certificate(d2i_X509(nullptr, &place, static_cast<long>(der.size())));
  if (!certificate || place != bytes_of(der) + der.size()) return Reason::kKeyCertificate;
  return numbers_of(X509_get_X509_PUBKEY(certificate.get()));
}

bool begins_with_public_key(std::string_view bytes) noexcept {
  const ErrorMark mark;
  const auto size = static_cast<long>(bytes.size());
  const unsigned char* place = bytes_of(bytes);
  if (PublicKeyInfo(d2i_X509_PUBKEY(nullptr, &place, size)) != nullptr) return true;
  place = bytes_of(bytes);
  if (Key(d2i_PublicKey(EVP_PKEY_RSA, nullptr, &place, size)) != nullptr) return true;
  place = bytes_of(bytes);
  return Certificate(d2i_X509(nullptr, &place, size)) != nullptr;
}

}  // namespace ostiary::adapt
