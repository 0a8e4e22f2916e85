// Stage 2: a token from its bytes to an Identity, and the signature alone as the seam to cryptography sees it.
#include "adapt/crypto.hpp"
#include "bench/frame/shop.hpp"
#include "bench/frame/task.hpp"
#include "token/key_set_parts.hpp"

#include <ostiary/core/base64url.hpp>
#include <ostiary/token/jws.hpp>
#include <ostiary/token/verifier.hpp>

#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace ostiary::bench {

namespace {

struct Presented {
  std::string token;
  std::span<const TrustedIssuer> issuers;
};

std::unique_ptr<Task> verify_token_task(const std::vector<Input>& inputs) {
  std::vector<Presented> tokens;
  for (const Input& input : inputs) tokens.push_back({input.bytes, issuers_for(input.bytes)});
  return loop_task(std::move(tokens), [scratch = std::make_unique<VerifyScratch>()](const Presented& presented) {
    const Result<Identity> identity =
        verify_token(presented.token, presented.issuers, {.now_s = shop().now_s}, *scratch);
    keep(identity);
    return identity.ok();
  });
}

struct Signed {
  std::string message;
  std::string signature;
  const KeySetParts::Entry* key = nullptr;
};

const KeySetParts::Entry* first_of(const KeySet& keys, Algorithm algorithm) {
  for (const KeySetParts::Entry& entry : KeySetParts::entries(keys)) {
    if (entry.info.algorithm == algorithm) return &entry;
  }
  return nullptr;
}

/// The key is the only one whose signatures have this size and algorithm, or the task has no meaning.
Signed take_apart(const Input& input) {
  const Result<CompactJws> jws = split_compact(input.bytes, Limits{});
  VerifyScratch scratch;
  if (!jws) throw std::runtime_error(input.name + " is not a compact JWS");
  std::string header(base64url_decoded_size(jws->header.size()), '\0');
  if (!base64url_decode(jws->header, header)) throw std::runtime_error(input.name + " has no header");
  Signed parts{std::string(jws->signing_input), std::string(base64url_decoded_size(jws->signature.size()), '\0')};
  if (!base64url_decode(jws->signature, parts.signature)) throw std::runtime_error(input.name + " has no signature");
  for (const Algorithm algorithm : {Algorithm::kRs256, Algorithm::kEs256, Algorithm::kEdDsa, Algorithm::kPs256}) {
    const std::string member = "\"alg\":\"" + std::string(algorithm_name(algorithm)) + "\"";
    if (header.find(member) != std::string::npos) {
      const KeySet& keys = algorithm == Algorithm::kPs256 ? *shop().bench_keys : *shop().keys;
      parts.key = first_of(keys, algorithm);
    }
  }
  if (parts.key == nullptr) throw std::runtime_error(input.name + " has no key in examples/shop or bench/data");
  return parts;
}

std::unique_ptr<Task> verify_signature_task(const std::vector<Input>& inputs) {
  std::vector<Signed> tokens;
  for (const Input& input : inputs) tokens.push_back(take_apart(input));
  return loop_task(std::move(tokens), [context = std::make_unique<adapt::SignatureContext>()](const Signed& token) {
    return context->verify(token.key->key, token.message, token.signature);
  });
}

const Enter kVerifyToken("ours", "verify_token", verify_token_task);
const Enter kVerifySignature("ours", "verify_signature", verify_signature_task);

}  // namespace

}  // namespace ostiary::bench
