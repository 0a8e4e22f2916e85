// The canonical path alone: nothing to do, something to rewrite, something to refuse.
#include "bench/frame/micro.hpp"

namespace {

void add() {
  using ostiary::bench::add_benchmark;
  add_benchmark("canonical_path/canonical", "ours", "canonical_path", {"bench/data/paths-canonical.txt"});
  add_benchmark("canonical_path/rewritten", "ours", "canonical_path", {"bench/data/paths-rewritten.txt"});
  add_benchmark("canonical_path/refused", "ours", "canonical_path", {"bench/data/paths-refused.txt"});
}

}  // namespace

int main(int argc, char** argv) { return ostiary::bench::run_benchmarks(argc, argv, add); }
