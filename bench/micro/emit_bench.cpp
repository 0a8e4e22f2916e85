// The forwarded head, from a view that is there already.
#include "bench/frame/micro.hpp"

namespace {

void add() {
  using ostiary::bench::add_benchmark;
  add_benchmark("emit_head/get_700", "ours", "emit_head", {"bench/data/get-700.http"});
  add_benchmark("emit_head/shop_complete", "ours", "emit_head", {"@complete"});
}

}  // namespace

int main(int argc, char** argv) { return ostiary::bench::run_benchmarks(argc, argv, add); }
