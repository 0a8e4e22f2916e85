// Peer libjwt, as Debian 12 has it (1.10): jwt_decode takes the key as PEM with every token, and there is no other way.
// It goes by the algorithm of the token, so who uses it must compare that, and the claims, too. It refuses every typ
// but JWT, and does not know Ed25519, PSS and lists of audiences.
#include "bench/frame/loaded.hpp"
#include "bench/frame/openssl_token.hpp"
#include "bench/frame/shop.hpp"
#include "bench/frame/task.hpp"

#include <jwt.h>
#include <openssl/bio.h>
#include <openssl/pem.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::bench {

namespace {

using Token = std::unique_ptr<jwt_t, Release<jwt_free>>;
using Memory = std::unique_ptr<BIO, Release<BIO_free>>;

struct Prepared {
  std::string token;
  std::string key;  ///< PEM, or a secret
  jwt_alg_t algorithm = JWT_ALG_NONE;
};

std::string pem_of(EVP_PKEY* key) {
  const Memory memory(BIO_new(BIO_s_mem()));
  PEM_write_bio_PUBKEY(memory.get(), key);
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

/// The key of the token's algorithm, or of RS256 when there is none.
Prepared prepare(const Input& input) {
  Prepared prepared{input.bytes, {}, JWT_ALG_RS256};
  try {
    const OpensslToken parts = openssl_token(input);
    prepared.algorithm = jwt_str_alg(parts.algorithm.c_str());
    prepared.key = parts.key ? pem_of(parts.key.get()) : std::string(parts.secret.begin(), parts.secret.end());
  } catch (const std::exception&) {
    prepared.key = pem_of(openssl_token({"", read_file("bench/data/rs256.jwt"), {}, {}}).key.get());
  }
  if (prepared.algorithm == JWT_ALG_INVAL) throw Unavailable("libjwt 1.10 does not know the algorithm");
  return prepared;
}

bool holds(const Token& token, const char* claim, std::string_view wanted) {
  const char* const text = jwt_get_grant(token.get(), claim);
  return text != nullptr && text == wanted;
}

bool is_good(const Prepared& prepared) {
  jwt_t* decoded = nullptr;
  const auto* const key = reinterpret_cast<const unsigned char*>(prepared.key.data());
  const int failed = jwt_decode(&decoded, prepared.token.c_str(), key, static_cast<int>(prepared.key.size()));
  const Token token(decoded);
  return failed == 0 && jwt_get_alg(token.get()) == prepared.algorithm &&
         holds(token, "iss", "https://id.shop.example") && holds(token, "aud", "https://api.shop.example") &&
         jwt_get_grant_int(token.get(), "exp") > shop().now_s;
}

std::unique_ptr<Task> verify_token_task(const std::vector<Input>& inputs) {
  std::vector<Prepared> tokens;
  for (const Input& input : inputs) tokens.push_back(prepare(input));
  return loop_task(std::move(tokens), is_good);
}

const Enter kToken("libjwt", "verify_token", verify_token_task);

}  // namespace

}  // namespace ostiary::bench
