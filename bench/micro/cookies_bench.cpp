// Cookies, parameters and credentials of one request.
#include "bench/frame/micro.hpp"

namespace {

void add() {
  using ostiary::bench::add_benchmark;
  add_benchmark("judge_cookies/line_230", "ours", "judge_cookies", {"bench/data/cookies-230.txt"});
  add_benchmark("read_cookies/line_230", "ours", "read_cookies", {"bench/data/cookies-230.txt"});
  add_benchmark("nameless_cookie/line_230", "ours", "nameless_cookie", {"bench/data/cookies-230.txt"});
  add_benchmark("find_cookie/line_230", "ours", "find_cookie", {"bench/data/cookies-230.txt"});
  add_benchmark("find_parameter/query", "ours", "find_parameter", {"bench/data/queries.txt"});
  add_benchmark("authorization/digest_and_aws4", "ours", "authorization", {"bench/data/credentials.txt"});
}

}  // namespace

int main(int argc, char** argv) { return ostiary::bench::run_benchmarks(argc, argv, add); }
