#include "support/signing_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <cstdlib>
#include <utility>

namespace ostiary::test {

namespace {

void require(bool good) {
  if (!good) std::abort();
}

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string number(EVP_PKEY* key, const char* name, std::size_t size) {
  BIGNUM* value = nullptr;
  require(EVP_PKEY_get_bn_param(key, name, &value) == 1);
  std::string bytes(size != 0 ? size : static_cast<std::size_t>(BN_num_bytes(value)), '\0');
  require(BN_bn2binpad(value, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) >= 0);
  BN_free(value);
  return bytes;
}

struct Pss {
  int salt_size;
  const EVP_MD* mgf_hash;
};

std::string sign_with(EVP_PKEY* key, const EVP_MD* digest, std::string_view input, const Pss* pss = nullptr,
                      const OSSL_PARAM* options = nullptr) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_PKEY_CTX* parameters = nullptr;
  const char* const name = digest != nullptr ? EVP_MD_get0_name(digest) : nullptr;
  require(EVP_DigestSignInit_ex(context, &parameters, name, nullptr, nullptr, key, options) == 1);
  if (pss != nullptr) {
    require(EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1 &&
            EVP_PKEY_CTX_set_rsa_mgf1_md(parameters, pss->mgf_hash) == 1 &&
            EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, pss->salt_size) == 1);
  }
  std::size_t size = 0;
  require(EVP_DigestSign(context, nullptr, &size, bytes_of(input), input.size()) == 1);
  std::string signature(size, '\0');
  require(EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size, bytes_of(input),
                         input.size()) == 1);
  EVP_MD_CTX_free(context);
  signature.resize(size);
  return signature;
}

std::string side_by_side(const std::string& der, int half) {
  const unsigned char* place = bytes_of(der);
  ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &place, static_cast<long>(der.size()));
  require(pair != nullptr);
  std::string bytes(2 * static_cast<std::size_t>(half), '\0');
  auto* out = reinterpret_cast<unsigned char*>(bytes.data());
  require(BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, half) == half &&
          BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + half, half) == half);
  ECDSA_SIG_free(pair);
  return bytes;
}

struct Curve {
  std::string_view algorithm;
  const char* name;  ///< as JWK calls it
  const char* group;
  int size;
};

constexpr Curve kCurves[] = {
    {"ES256", "P-256", "prime256v1", 32},
    {"ES384", "P-384", "secp384r1", 48},
    {"ES512", "P-521", "secp521r1", 66},
    {"ES256K", "secp256k1", "secp256k1", 32},
};

/// nullptr: the algorithm is not on a curve with two coordinates.
const Curve* curve_of(std::string_view algorithm) {
  for (const Curve& curve : kCurves) {
    if (curve.algorithm == algorithm) return &curve;
  }
  return nullptr;
}

const EVP_MD* hash_of(std::string_view algorithm) {
  if (algorithm == "ES256K" || algorithm.ends_with("256")) return EVP_sha256();
  if (algorithm.ends_with("384")) return EVP_sha384();
  return algorithm.ends_with("512") ? EVP_sha512() : nullptr;
}

bool is_rsa(std::string_view algorithm) { return algorithm.starts_with("RS") || algorithm.starts_with("PS"); }

template <typename Write>
std::string text_of(Write write) {
  BIO* memory = BIO_new(BIO_s_mem());
  require(write(memory) == 1);
  std::string text(16384, '\0');
  const int size = BIO_read(memory, text.data(), static_cast<int>(text.size()));
  BIO_free(memory);
  require(size > 0);
  text.resize(static_cast<std::size_t>(size));
  return text;
}

template <typename Encode>
std::string der_of(Encode encode) {
  unsigned char* der = nullptr;
  const int size = encode(&der);
  require(size > 0);
  std::string bytes(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return bytes;
}

std::shared_ptr<X509> certificate_of(EVP_PKEY* key, const EVP_MD* hash) {
  std::shared_ptr<X509> certificate(X509_new(), X509_free);
  X509* const bare = certificate.get();
  X509_NAME* const name = X509_get_subject_name(bare);
  const auto* const text = reinterpret_cast<const unsigned char*>("issuer.example");
  require(X509_set_version(bare, 2) == 1 && ASN1_INTEGER_set(X509_get_serialNumber(bare), 1) == 1 &&
          X509_gmtime_adj(X509_getm_notBefore(bare), 0) != nullptr &&
          X509_gmtime_adj(X509_getm_notAfter(bare), 3600) != nullptr &&
          X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0) == 1 &&
          X509_set_issuer_name(bare, name) == 1 && X509_set_pubkey(bare, key) == 1 && X509_sign(bare, key, hash) > 0);
  return certificate;
}

}  // namespace

std::string base64url(std::string_view bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  unsigned bits = 0;
  unsigned pending = 0;
  for (const char c : bytes) {
    bits = ((bits << 8) | static_cast<unsigned char>(c)) & 0xffffU;
    for (pending += 8; pending >= 6; pending -= 6) text += kAlphabet[(bits >> (pending - 6)) & 0x3fU];
  }
  if (pending > 0) text += kAlphabet[(bits << (6 - pending)) & 0x3fU];
  return text;
}

SigningKey::SigningKey(std::string algorithm, evp_pkey_st* key)
    : algorithm_(std::move(algorithm)), key_(key, EVP_PKEY_free) {
  require(key != nullptr);
}

SigningKey SigningKey::rsa(unsigned bits, unsigned exponent) {
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr);
  BIGNUM* e = BN_new();
  EVP_PKEY* key = nullptr;
  require(BN_set_word(e, exponent) == 1 && EVP_PKEY_keygen_init(context) == 1 &&
          EVP_PKEY_CTX_set_rsa_keygen_bits(context, static_cast<int>(bits)) == 1 &&
          EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context, e) == 1 && EVP_PKEY_generate(context, &key) == 1);
  BN_free(e);
  EVP_PKEY_CTX_free(context);
  return {"RS256", key};
}

SigningKey SigningKey::of(std::string_view algorithm) {
  if (is_rsa(algorithm)) {
    SigningKey key = rsa();
    key.algorithm_ = algorithm;
    return key;
  }
  if (const Curve* curve = curve_of(algorithm)) {
    return {std::string(algorithm), EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve->group)};
  }
  const std::string type = algorithm == "EdDSA" || algorithm == "Ed25519" ? "ED25519" : std::string(algorithm);
  return {std::string(algorithm), EVP_PKEY_Q_keygen(nullptr, nullptr, type == "Ed448" ? "ED448" : type.c_str())};
}

SigningKey SigningKey::on_curve(const char* group) { return {group, EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", group)}; }

SigningKey SigningKey::with_explicit_curve() {
  EVP_PKEY* const key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
  require(EVP_PKEY_set_utf8_string_param(key, OSSL_PKEY_PARAM_EC_ENCODING, "explicit") == 1);
  return {"ES256", key};
}

bool SigningKey::is_supported(std::string_view algorithm) {
  if (!algorithm.starts_with("ML-DSA")) return true;
  EVP_KEYMGMT* const type = EVP_KEYMGMT_fetch(nullptr, std::string(algorithm).c_str(), nullptr);
  EVP_KEYMGMT_free(type);
  return type != nullptr;
}

SigningKey SigningKey::p256() { return of("ES256"); }
SigningKey SigningKey::ed25519() { return of("EdDSA"); }

std::string SigningKey::sign(std::string_view input) const { return sign_as(algorithm_, input); }

std::string SigningKey::sign_as(std::string_view algorithm, std::string_view input) const {
  const EVP_MD* const hash = hash_of(algorithm);
  if (algorithm.starts_with("PS")) {
    const Pss pss{RSA_PSS_SALTLEN_DIGEST, hash};
    return sign_with(key_.get(), hash, input, &pss);
  }
  const std::string signature = sign_with(key_.get(), hash, input);
  const Curve* const curve = curve_of(algorithm_);
  return curve != nullptr ? side_by_side(signature, curve->size) : signature;
}

std::string SigningKey::sign_pss(std::string_view input, int salt_size, const char* mgf_hash) const {
  const Pss pss{salt_size, EVP_get_digestbyname(mgf_hash)};
  return sign_with(key_.get(), EVP_sha256(), input, &pss);
}

std::string SigningKey::sign_with_context(std::string_view input, std::string_view context) const {
  std::string bytes(context);
  const OSSL_PARAM options[] = {OSSL_PARAM_construct_octet_string("context-string", bytes.data(), bytes.size()),
                                OSSL_PARAM_construct_end()};
  return sign_with(key_.get(), nullptr, input, nullptr, options);
}

std::string SigningKey::sign_rs512(std::string_view input) const { return sign_with(key_.get(), EVP_sha512(), input); }
std::string SigningKey::sign_der(std::string_view input) const { return sign_with(key_.get(), EVP_sha256(), input); }

std::string SigningKey::modulus() const { return number(key_.get(), OSSL_PKEY_PARAM_RSA_N, 0); }
std::string SigningKey::exponent() const { return number(key_.get(), OSSL_PKEY_PARAM_RSA_E, 0); }

std::string SigningKey::x() const {
  if (const Curve* curve = curve_of(algorithm_)) {
    return number(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, static_cast<std::size_t>(curve->size));
  }
  std::size_t size = 0;
  require(EVP_PKEY_get_raw_public_key(key_.get(), nullptr, &size) == 1);
  std::string bytes(size, '\0');
  require(EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size) == 1);
  return bytes;
}

std::string SigningKey::y() const { return number(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, x().size()); }

std::string SigningKey::jwk(std::string_view members) const {
  const std::string front = "{" + std::string(members);
  if (is_rsa(algorithm_)) {
    return front + R"("kty":"RSA","n":")" + base64url(modulus()) + R"(","e":")" + base64url(exponent()) + "\"}";
  }
  if (const Curve* curve = curve_of(algorithm_)) {
    return front + R"("kty":"EC","crv":")" + curve->name + R"(","x":")" + base64url(x()) + R"(","y":")" +
           base64url(y()) + "\"}";
  }
  if (algorithm_.starts_with("ML-DSA")) return front + R"("kty":"AKP","pub":")" + base64url(x()) + "\"}";
  const std::string curve = algorithm_ == "Ed448" ? "Ed448" : "Ed25519";
  return front + R"("kty":"OKP","crv":")" + curve + R"(","x":")" + base64url(x()) + "\"}";
}

std::string SigningKey::public_der() const {
  return der_of([&](unsigned char** out) { return i2d_PUBKEY(key_.get(), out); });
}

std::string SigningKey::public_pem() const {
  return text_of([&](BIO* memory) { return PEM_write_bio_PUBKEY(memory, key_.get()); });
}

std::string SigningKey::rsa_der() const {
  return der_of([&](unsigned char** out) { return i2d_PublicKey(key_.get(), out); });
}

std::string SigningKey::private_pem() const {
  return text_of(
      [&](BIO* memory) { return PEM_write_bio_PrivateKey(memory, key_.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

std::string SigningKey::certificate_der() const {
  return der_of(
      [&](unsigned char** out) { return i2d_X509(certificate_of(key_.get(), hash_of(algorithm_)).get(), out); });
}

std::string SigningKey::certificate_pem() const {
  return text_of(
      [&](BIO* memory) { return PEM_write_bio_X509(memory, certificate_of(key_.get(), hash_of(algorithm_)).get()); });
}

std::string token_with_signature(std::string_view header, std::string_view payload, std::string_view signature) {
  return base64url(header) + "." + base64url(payload) + "." + base64url(signature);
}

std::string token(std::string_view header, std::string_view payload, const SigningKey& key) {
  const std::string input = base64url(header) + "." + base64url(payload);
  return input + "." + base64url(key.sign(input));
}

std::string hmac(std::string_view algorithm, std::string_view secret, std::string_view input) {
  const EVP_MD* const hash = hash_of(algorithm);
  std::string mac(static_cast<std::size_t>(EVP_MD_get_size(hash)), '\0');
  unsigned size = 0;
  require(HMAC(hash, secret.data(), static_cast<int>(secret.size()), bytes_of(input), input.size(),
               reinterpret_cast<unsigned char*>(mac.data()), &size) != nullptr);
  return mac;
}

std::string hmac_sha256(std::string_view secret, std::string_view input) { return hmac("HS256", secret, input); }

std::string jwks(std::initializer_list<std::string> keys) {
  std::string text = R"({"keys":[)";
  for (const std::string& key : keys) text += (text.back() == '[' ? "" : ",") + key;
  return text + "]}";
}

}  // namespace ostiary::test
