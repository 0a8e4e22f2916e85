// The token cache: a hit, a miss, and what refusing costs with the cache in front.
#include "bench/frame/micro.hpp"

#include <string>

namespace {

const std::string kTokens = "examples/shop/tokens/";

void add() {
  using ostiary::bench::add_benchmark;
  const auto cached = [](const std::string& name, const std::string& file) {
    add_benchmark("verify_cached/" + name, "ours", "verify_cached", {file});
  };
  cached("hit_rs256_759", kTokens + "gold-rs256.jwt");
  cached("hit_rs256_786", kTokens + "leaving-staff.jwt");
  cached("hit_es256_513", kTokens + "standard-es256.jwt");
  cached("bad_signature_rs256", kTokens + "tampered-signature.jwt");
  cached("expired", kTokens + "expired-rs256.jwt");
  cached("opaque", kTokens + "opaque.jwt");
  cached("words", "bench/data/words.txt");
  add_benchmark("find_among_many/1000_of_786", "ours", "find_among_many", {kTokens + "leaving-staff.jwt"});
  add_benchmark("verify_token/rs256_786", "ours", "verify_token", {kTokens + "leaving-staff.jwt"});
}

}  // namespace

int main(int argc, char** argv) { return ostiary::bench::run_benchmarks(argc, argv, add); }
