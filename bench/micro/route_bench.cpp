// Finding the route. `made` is a table of 1,000 routes made here, each asked for in turn; the others are the tables and
// requests of `compare`, which writes them into build/bench-data, and are left out where it has not.
#include "bench/frame/inputs.hpp"
#include "bench/frame/micro.hpp"

#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/decide.hpp>

#include <benchmark/benchmark.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using nlohmann::json;
using ostiary::Gate;
using ostiary::Method;

struct Made {
  std::string image;
  std::vector<std::string> paths;
};

/// Route i is /v{i % 10}/things{i}, with a parameter and a part of it in two of three.
Made make_table(std::size_t count) {
  Made made;
  json routes = json::array();
  for (std::size_t i = 0; i < count; ++i) {
    const std::string thing = "/v" + std::to_string(i % 10) + "/things" + std::to_string(i);
    const std::string pattern = thing + (i % 3 == 0 ? "" : i % 3 == 1 ? "/*" : "/*/parts");
    made.paths.push_back(thing + (i % 3 == 0 ? "" : i % 3 == 1 ? "/4711" : "/4711/parts"));
    routes.push_back({{"id", "r" + std::to_string(i)},
                      {"hosts", {"api.bench.example"}},
                      {"methods", {"GET"}},
                      {"path", pattern},
                      {"origin", "o"}});
  }
  json gate = {{"gate", 1}, {"name", "routes"}, {"issuers", json::object()}, {"routes", std::move(routes)}};
  gate["origins"] = {{"o", {{"scheme", "http"}, {"host", "o.example"}, {"port", 80}}}};
  gate["rules"] = {{{"id", "all"}, {"effect", "allow"}, {"routes", {"*"}}, {"public", true}}};
  made.image = ostiary::compile_gate(gate.dump()).image;
  return made;
}

void match_made(benchmark::State& state) {
  const Made made = make_table(1000);
  const ostiary::Result<Gate> gate = Gate::load(made.image);
  if (!gate) return state.SkipWithError("the table is refused");
  while (state.KeepRunningBatch(static_cast<benchmark::IterationCount>(made.paths.size()))) {
    std::size_t found = 0;
    for (const std::string& path : made.paths) {
      found += ostiary::match_route(*gate, Method::kGet, "api.bench.example", path).reason == ostiary::Reason::kOk;
    }
    if (found != made.paths.size()) return state.SkipWithError("a path is not on its route");
  }
}
BENCHMARK(match_made)->Name("route/made");

void add() {
  for (const std::string table : {"github", "1000", "100000"}) {
    for (const std::string requests : {"hits", "misses"}) {
      const std::string file = "build/bench-data/routes-" + table + '/' + requests + ".txt";
      try {
        ostiary::bench::add_benchmark("route/" + table + '_' + requests, "ours", "match_route", {file});
      } catch (const std::runtime_error&) {
        continue;  // not written
      }
    }
  }
}

}  // namespace

int main(int argc, char** argv) { return ostiary::bench::run_benchmarks(argc, argv, add); }
