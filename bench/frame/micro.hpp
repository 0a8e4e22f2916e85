// Registers operations with Google Benchmark. Times are per input.
#pragma once

#include "task.hpp"

#include <string>
#include <vector>

namespace ostiary::bench {

/// The benchmark `name` runs the operation over the inputs, see load_inputs. How many of them are accepted is found
/// out before, and must come out of every later round.
void add_benchmark(const std::string& name, const std::string& contestant, const std::string& operation,
                   const std::vector<std::string>& inputs);

/// The main of every micro benchmark. `add` registers.
int run_benchmarks(int argc, char** argv, void (*add)());

}  // namespace ostiary::bench
