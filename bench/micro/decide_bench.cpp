// Stage 3: route and rules over the shop's Gate, request and identity being ready.
#include "bench/frame/micro.hpp"

namespace {

void add() {
  using ostiary::bench::add_benchmark;
  add_benchmark("decide/allowed_public", "ours", "decide", {"@allowed-public"});
  add_benchmark("decide/allowed_identity", "ours", "decide", {"@allowed-identity"});
  add_benchmark("decide/denied_rule", "ours", "decide", {"@denied-rule"});
}

}  // namespace

int main(int argc, char** argv) { return ostiary::bench::run_benchmarks(argc, argv, add); }
