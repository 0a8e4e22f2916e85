// Peer openssl-reused: the least OpenSSL 3 can be asked to do for a signature. The digest is fetched once, contexts are
// made once per key, and an ECDSA signature is DER already. Nothing is split, decoded, parsed or checked: no library
// that does its work through OpenSSL can be faster.
#include "bench/frame/openssl_token.hpp"
#include "bench/frame/task.hpp"

#include <openssl/rsa.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <vector>

namespace ostiary::bench {

namespace {

struct Tools {
  OpensslDigest sha256{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
  OpensslDigestContext digest{EVP_MD_CTX_new()};
};

struct Prepared {
  OpensslToken token;
  OpensslKeyContext context;  ///< RSA and ECDSA: verifies a digest, again and again
  OpensslDigestContext pure;  ///< Ed25519: takes the message, and must be initialised each time
};

Prepared prepare(const Input& input, const Tools& tools) {
  Prepared prepared{openssl_token(input), nullptr, nullptr};
  EVP_PKEY* const key = prepared.token.key.get();
  if (prepared.token.algorithm == "EdDSA") {
    prepared.pure.reset(EVP_MD_CTX_new());
    return prepared;
  }
  if (prepared.token.algorithm == "ES256") prepared.token.signature = ecdsa_to_der(prepared.token.signature);
  prepared.context.reset(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  EVP_PKEY_CTX* const context = prepared.context.get();
  const bool ready =
      EVP_PKEY_verify_init(context) > 0 && EVP_PKEY_CTX_set_signature_md(context, tools.sha256.get()) > 0 &&
      (prepared.token.algorithm != "RS256" || EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) > 0);
  if (!ready) throw std::runtime_error("OpenSSL refuses the key of " + input.name);
  return prepared;
}

bool is_right(const Prepared& prepared, const Tools& tools) {
  const OpensslToken& token = prepared.token;
  if (prepared.pure) {
    EVP_MD_CTX* const context = prepared.pure.get();
    return EVP_DigestVerifyInit(context, nullptr, nullptr, nullptr, token.key.get()) == 1 &&
           EVP_DigestVerify(context, token.signature.data(), token.signature.size(), token.message.data(),
                            token.message.size()) == 1;
  }
  std::array<unsigned char, 32> digest{};
  return EVP_DigestInit_ex2(tools.digest.get(), tools.sha256.get(), nullptr) == 1 &&
         EVP_DigestUpdate(tools.digest.get(), token.message.data(), token.message.size()) == 1 &&
         EVP_DigestFinal_ex(tools.digest.get(), digest.data(), nullptr) == 1 &&
         EVP_PKEY_verify(prepared.context.get(), token.signature.data(), token.signature.size(), digest.data(),
                         digest.size()) == 1;
}

std::unique_ptr<Task> verify_task(const std::vector<Input>& inputs) {
  auto tools = std::make_unique<Tools>();
  std::vector<Prepared> tokens;
  for (const Input& input : inputs) tokens.push_back(prepare(input, *tools));
  return loop_task(std::move(tokens),
                   [tools = std::move(tools)](const Prepared& prepared) { return is_right(prepared, *tools); });
}

const Enter kToken("openssl-reused", "verify_token", verify_task);
const Enter kSignature("openssl-reused", "verify_signature", verify_task);

}  // namespace

}  // namespace ostiary::bench
