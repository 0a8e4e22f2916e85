#include "micro.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <exception>
#include <iostream>
#include <memory>

namespace ostiary::bench {

namespace {

void measure(benchmark::State& state, Task& task) {
  // Short operations need batches, or the loop of the framework is what is measured.
  constexpr std::uint64_t kRounds = 8;
  const auto inputs_per_batch = static_cast<benchmark::IterationCount>(task.size() * kRounds);
  const std::uint64_t expected = task.run(1) * kRounds;
  while (state.KeepRunningBatch(inputs_per_batch)) {
    if (task.run(kRounds) != expected) {
      state.SkipWithError("the verdicts are not those of the first round");
      return;
    }
  }
  state.counters["inputs"] = static_cast<double>(task.size());
  state.counters["accepted"] = static_cast<double>(expected) / kRounds;
}

}  // namespace

void add_benchmark(const std::string& name, const std::string& contestant, const std::string& operation,
                   const std::vector<std::string>& inputs) {
  const std::shared_ptr<Task> task = make_task(contestant, operation, load_inputs(inputs));
  benchmark::RegisterBenchmark(name.c_str(), [task](benchmark::State& state) { measure(state, *task); });
}

int run_benchmarks(int argc, char** argv, void (*add)()) {
  try {
    add();
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}

}  // namespace ostiary::bench
