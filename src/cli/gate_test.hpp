// What `ostiary gate test` is asked to do.
#pragma once

#include "exit.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <string>

namespace ostiary::cli {

struct GateTestOptions {
  std::string table;
  std::string gate;  ///< JSON source; empty: the one that the table names
  bool json = false;
};

void add_gate_test(CLI::App& gate, GateTestOptions& options, std::function<Exit()>& run);
[[nodiscard]] Exit run_gate_test(const GateTestOptions& options);

}  // namespace ostiary::cli
