// What `ostiary gate test` is asked to do.
#pragma once

#include "exit.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace ostiary::cli {

struct GateTestOptions {
  std::string table;
  std::string gate;   ///< JSON source; empty: the one that the table names
  std::string junit;  ///< where the JUnit XML goes; empty: nowhere
  bool coverage = false;
  std::optional<std::int64_t> coverage_min;  ///< percent
  bool mutants = false;
  std::optional<std::int64_t> mutants_max;
  std::optional<std::int64_t> survivors_max;
  bool json = false;
};

void add_gate_test(CLI::App& gate, GateTestOptions& options, std::function<Exit()>& run);
[[nodiscard]] Exit run_gate_test(const GateTestOptions& options);

}  // namespace ostiary::cli
