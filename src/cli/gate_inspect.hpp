// `ostiary gate inspect`.
#pragma once

#include "exit.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <string>

namespace ostiary::cli {

struct GateInspectOptions {
  std::string gate;  ///< image or JSON source
  bool json = false;
};

/// Adds it to `gate`. When it is named it becomes `run`.
void add_gate_inspect(CLI::App& gate, GateInspectOptions& options, std::function<Exit()>& run);

[[nodiscard]] Exit run_gate_inspect(const GateInspectOptions& options);

}  // namespace ostiary::cli
