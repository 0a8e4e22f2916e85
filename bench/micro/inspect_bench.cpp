// Stage 1 through both doors.
#include "bench/frame/micro.hpp"

namespace {

void add() {
  using ostiary::bench::add_benchmark;
  add_benchmark("inspect_bytes/get_700", "ours", "inspect_bytes", {"bench/data/get-700.http"});
  // as many bytes, with a path of 60 and of 1: the difference is what a canonical path costs
  add_benchmark("inspect_bytes/path_of_60", "ours", "inspect_bytes", {"bench/data/head-703.http"});
  add_benchmark("inspect_bytes/path_of_1", "ours", "inspect_bytes", {"bench/data/head-703-root.http"});
  add_benchmark("inspect_bytes/shop_complete", "ours", "inspect_bytes", {"@complete"});
  add_benchmark("inspect_bytes/shop_refused", "ours", "inspect_bytes", {"@denied-structure"});
  add_benchmark("inspect_fields/get_700", "ours", "inspect_fields", {"bench/data/get-700.http"});
  add_benchmark("inspect_fields/shop_complete", "ours", "inspect_fields", {"@complete"});
}

}  // namespace

int main(int argc, char** argv) { return ostiary::bench::run_benchmarks(argc, argv, add); }
