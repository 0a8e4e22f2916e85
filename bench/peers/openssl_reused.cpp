// Peer openssl-reused: the least OpenSSL 3 can be asked to do for a signature. The digest is fetched once, contexts are
// made once per key, and an ECDSA signature is DER already. Nothing is split, decoded, parsed or checked: no library
// that does its work through OpenSSL can be faster.
#include "bench/frame/openssl_token.hpp"
#include "bench/frame/task.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>
#include <openssl/rsa.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace ostiary::bench {

namespace {

using OpensslMac = std::unique_ptr<EVP_MAC, Release<EVP_MAC_free>>;
using OpensslMacContext = std::unique_ptr<EVP_MAC_CTX, Release<EVP_MAC_CTX_free>>;

struct Tools {
  OpensslDigest sha256{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
  OpensslDigestContext digest{EVP_MD_CTX_new()};
};

struct Prepared {
  OpensslToken token;
  OpensslKeyContext context;  ///< RSA and ECDSA: verifies a digest, again and again
  OpensslDigestContext pure;  ///< Ed25519: takes the message, and must be initialised each time
  OpensslMacContext mac;      ///< HMAC: has the key, and is initialised anew each time
};

OpensslMacContext mac_context(const OpensslBytes& secret) {
  const OpensslMac hmac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  OpensslMacContext context(EVP_MAC_CTX_new(hmac.get()));
  char digest[] = "SHA256";
  const std::array<OSSL_PARAM, 2> parameters{OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                             OSSL_PARAM_construct_end()};
  if (EVP_MAC_init(context.get(), secret.data(), secret.size(), parameters.data()) != 1) {
    throw std::runtime_error("OpenSSL refuses the secret");
  }
  return context;
}

bool set_padding(EVP_PKEY_CTX* context, const std::string& algorithm) {
  if (algorithm == "RS256") return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) > 0;
  if (algorithm != "PS256") return true;
  // RFC 7518 §3.5: the salt is as long as the hash.
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) > 0;
}

Prepared prepare(const Input& input, const Tools& tools) {
  Prepared prepared{openssl_token(input), nullptr, nullptr, nullptr};
  if (prepared.token.algorithm == "HS256") {
    prepared.mac = mac_context(prepared.token.secret);
    return prepared;
  }
  EVP_PKEY* const key = prepared.token.key.get();
  if (prepared.token.algorithm == "EdDSA") {
    prepared.pure.reset(EVP_MD_CTX_new());
    return prepared;
  }
  if (prepared.token.algorithm == "ES256") prepared.token.signature = ecdsa_to_der(prepared.token.signature);
  prepared.context.reset(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  EVP_PKEY_CTX* const context = prepared.context.get();
  const bool ready = EVP_PKEY_verify_init(context) > 0 &&
                     EVP_PKEY_CTX_set_signature_md(context, tools.sha256.get()) > 0 &&
                     set_padding(context, prepared.token.algorithm);
  if (!ready) throw std::runtime_error("OpenSSL refuses the key of " + input.name);
  return prepared;
}

bool is_right_mac(EVP_MAC_CTX* context, const OpensslToken& token) {
  std::array<unsigned char, 32> mac{};
  std::size_t size = 0;
  return EVP_MAC_init(context, nullptr, 0, nullptr) == 1 &&
         EVP_MAC_update(context, token.message.data(), token.message.size()) == 1 &&
         EVP_MAC_final(context, mac.data(), &size, mac.size()) == 1 && size == token.signature.size() &&
         CRYPTO_memcmp(mac.data(), token.signature.data(), size) == 0;
}

bool is_right(const Prepared& prepared, const Tools& tools) {
  const OpensslToken& token = prepared.token;
  if (prepared.mac) return is_right_mac(prepared.mac.get(), token);
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
