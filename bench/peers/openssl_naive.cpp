// Peer openssl-naive: the EVP calls of the manual page, a new context for every token, EVP_sha256() fetched anew inside
// of each, and an ECDSA signature put into DER. The key is prepared and the token is split and decoded beforehand.
#include "bench/frame/openssl_token.hpp"
#include "bench/frame/task.hpp"

#include <openssl/err.h>

#include <memory>
#include <vector>

namespace ostiary::bench {

namespace {

bool is_right(const OpensslToken& token) {
  const EVP_MD* const digest = token.algorithm == "EdDSA" ? nullptr : EVP_sha256();
  const OpensslBytes signature = token.algorithm == "ES256" ? ecdsa_to_der(token.signature) : token.signature;
  const OpensslDigestContext context(EVP_MD_CTX_new());
  const bool right = EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, token.key.get()) == 1 &&
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
