// The whole engine over the shop's requests, by what becomes of them.
#include "bench/frame/micro.hpp"

#include <string>

namespace {

void add() {
  using ostiary::bench::add_benchmark;
  for (const char* request_class : {"allowed-public", "allowed-identity", "denied-structure", "denied-route",
                                    "denied-token", "denied-signature", "denied-rule"}) {
    const std::string name = request_class;
    add_benchmark("engine/" + name, "ours", "decide_bytes", {"@" + name});
  }
}

}  // namespace

int main(int argc, char** argv) { return ostiary::bench::run_benchmarks(argc, argv, add); }
