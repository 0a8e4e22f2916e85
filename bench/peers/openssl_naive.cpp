// Peer openssl-naive: the calls of the manual page, a new context for every token, EVP_sha256() fetched anew inside of
// each, and an ECDSA signature put into DER. The key is prepared and the token is split and decoded beforehand.
#include "bench/frame/openssl_token.hpp"
#include "bench/frame/task.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include <array>
#include <memory>
#include <vector>

namespace ostiary::bench {

namespace {

bool is_right_mac(const OpensslToken& token) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  return HMAC(EVP_sha256(), token.secret.data(), static_cast<int>(token.secret.size()), token.message.data(),
              token.message.size(), mac.data(), &size) != nullptr &&
         size == token.signature.size() && CRYPTO_memcmp(mac.data(), token.signature.data(), size) == 0;
}

/// RFC 7518 §3.5: the salt is as long as the hash.
bool set_padding(EVP_PKEY_CTX* context) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) > 0;
}

bool is_right(const OpensslToken& token) {
  if (token.key == nullptr) return is_right_mac(token);
  const EVP_MD* const digest = token.algorithm == "EdDSA" ? nullptr : EVP_sha256();
  const OpensslBytes signature = token.algorithm == "ES256" ? ecdsa_to_der(token.signature) : token.signature;
  const OpensslDigestContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* of_key = nullptr;
  const bool right = EVP_DigestVerifyInit(context.get(), &of_key, digest, nullptr, token.key.get()) == 1 &&
                     (token.algorithm != "PS256" || set_padding(of_key)) &&
                     EVP_DigestVerify(context.get(), signature.data(), signature.size(), token.message.data(),
                                      token.message.size()) == 1;
  if (!right) ERR_clear_error();
  return right;
}

std::unique_ptr<Task> verify_task(const std::vector<Input>& inputs) {
  std::vector<OpensslToken> tokens;
  for (const Input& input : inputs) tokens.push_back(openssl_token(input));
  return loop_task(std::move(tokens), is_right);
}

const Enter kToken("openssl-naive", "verify_token", verify_task);
const Enter kSignature("openssl-naive", "verify_signature", verify_task);

}  // namespace

}  // namespace ostiary::bench
