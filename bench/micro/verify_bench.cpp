// Stage 2 next to OpenSSL alone, and what refusing costs. For ratios use ../compare, which interleaves.
#include "bench/frame/micro.hpp"

#include <string>

namespace {

const std::string kTokens = "examples/shop/tokens/";

void add_next_to_openssl(const std::string& algorithm, const std::string& token) {
  using ostiary::bench::add_benchmark;
  add_benchmark("verify_token/" + algorithm, "ours", "verify_token", {kTokens + token});
  for (const char* contestant : {"ours", "openssl-reused", "openssl-naive"}) {
    add_benchmark("verify_signature/" + algorithm + "/" + contestant, contestant, "verify_signature",
                  {kTokens + token});
  }
}

void add() {
  using ostiary::bench::add_benchmark;
  add_next_to_openssl("rs256", "gold-rs256.jwt");
  add_next_to_openssl("es256", "standard-es256.jwt");
  add_next_to_openssl("eddsa", "staff-eddsa.jwt");
  add_benchmark("verify_token/bad_signature_rs256", "ours", "verify_token", {kTokens + "tampered-signature.jwt"});
  add_benchmark("verify_token/expired", "ours", "verify_token", {kTokens + "expired-rs256.jwt"});
  add_benchmark("verify_token/wrong_audience", "ours", "verify_token", {kTokens + "wrong-audience.jwt"});
  add_benchmark("verify_token/unknown_key", "ours", "verify_token", {kTokens + "impostor-unknown-kid.jwt"});
  add_benchmark("verify_token/alg_none", "ours", "verify_token", {kTokens + "alg-none-kept.jwt"});
  add_benchmark("verify_token/encrypted", "ours", "verify_token", {kTokens + "encrypted.jwt"});
  add_benchmark("verify_token/opaque", "ours", "verify_token", {kTokens + "opaque.jwt"});
  add_benchmark("verify_token/words", "ours", "verify_token", {"bench/data/words.txt"});
  add_benchmark("verify_token/dots_8k", "ours", "verify_token", {"bench/data/dots-8k.txt"});
  add_benchmark("verify_token/letters_8k", "ours", "verify_token", {"bench/data/letters-8k.txt"});
}

}  // namespace

int main(int argc, char** argv) { return ostiary::bench::run_benchmarks(argc, argv, add); }
