#include "support/signing_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
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

std::string sign_with(EVP_PKEY* key, const EVP_MD* digest, std::string_view input) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  require(EVP_DigestSignInit(context, nullptr, digest, nullptr, key) == 1);
  std::size_t size = 0;
  require(EVP_DigestSign(context, nullptr, &size, bytes_of(input), input.size()) == 1);
  std::string signature(size, '\0');
  require(EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size, bytes_of(input),
                         input.size()) == 1);
  EVP_MD_CTX_free(context);
  signature.resize(size);
  return signature;
}

std::string side_by_side(const std::string& der) {
  const unsigned char* place = bytes_of(der);
  ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &place, static_cast<long>(der.size()));
  require(pair != nullptr);
  std::string bytes(64, '\0');
  auto* out = reinterpret_cast<unsigned char*>(bytes.data());
  require(BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, 32) == 32 &&
          BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + 32, 32) == 32);
  ECDSA_SIG_free(pair);
  return bytes;
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

SigningKey SigningKey::p256() { return {"ES256", EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")}; }
SigningKey SigningKey::ed25519() { return {"EdDSA", EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")}; }

std::string SigningKey::sign(std::string_view input) const {
  if (algorithm_ == "EdDSA") return sign_with(key_.get(), nullptr, input);
  const std::string signature = sign_with(key_.get(), EVP_sha256(), input);
  return algorithm_ == "ES256" ? side_by_side(signature) : signature;
}

std::string SigningKey::sign_rs512(std::string_view input) const { return sign_with(key_.get(), EVP_sha512(), input); }
std::string SigningKey::sign_der(std::string_view input) const { return sign_with(key_.get(), EVP_sha256(), input); }

std::string SigningKey::modulus() const { return number(key_.get(), OSSL_PKEY_PARAM_RSA_N, 0); }
std::string SigningKey::exponent() const { return number(key_.get(), OSSL_PKEY_PARAM_RSA_E, 0); }

std::string SigningKey::x() const {
  if (algorithm_ == "ES256") return number(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, 32);
  std::string bytes(32, '\0');
  std::size_t size = bytes.size();
  require(EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size) == 1);
  return bytes;
}

std::string SigningKey::y() const { return number(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, 32); }

std::string SigningKey::jwk(std::string_view members) const {
  const std::string front = "{" + std::string(members);
  if (algorithm_ == "RS256") {
    return front + R"("kty":"RSA","n":")" + base64url(modulus()) + R"(","e":")" + base64url(exponent()) + "\"}";
  }
  if (algorithm_ == "ES256") {
    return front + R"("kty":"EC","crv":"P-256","x":")" + base64url(x()) + R"(","y":")" + base64url(y()) + "\"}";
  }
  return front + R"("kty":"OKP","crv":"Ed25519","x":")" + base64url(x()) + "\"}";
}

std::string SigningKey::public_der() const {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key_.get(), &der);
  require(size > 0);
  std::string bytes(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return bytes;
}

std::string SigningKey::public_pem() const {
  BIO* memory = BIO_new(BIO_s_mem());
  require(PEM_write_bio_PUBKEY(memory, key_.get()) == 1);
  std::string text(4096, '\0');
  const int size = BIO_read(memory, text.data(), static_cast<int>(text.size()));
  BIO_free(memory);
  require(size > 0);
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::string token_with_signature(std::string_view header, std::string_view payload, std::string_view signature) {
  return base64url(header) + "." + base64url(payload) + "." + base64url(signature);
}

std::string token(std::string_view header, std::string_view payload, const SigningKey& key) {
  const std::string input = base64url(header) + "." + base64url(payload);
  return input + "." + base64url(key.sign(input));
}

std::string hmac_sha256(std::string_view secret, std::string_view input) {
  std::string mac(32, '\0');
  unsigned size = 0;
  require(HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes_of(input), input.size(),
               reinterpret_cast<unsigned char*>(mac.data()), &size) != nullptr);
  return mac;
}

std::string jwks(std::initializer_list<std::string> keys) {
  std::string text = R"({"keys":[)";
  for (const std::string& key : keys) text += (text.back() == '[' ? "" : ",") + key;
  return text + "]}";
}

}  // namespace ostiary::test
