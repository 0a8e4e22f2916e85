// What `ostiary gate check`, `gate diff`, `gate who-can` and `gate lint` are asked.
#pragma once

#include "exit.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace ostiary::cli {

struct AnalysisLimits {
  std::optional<std::int64_t> steps_max;
  std::optional<std::int64_t> areas_max;
};

struct GateCheckOptions {
  std::string gate;
  std::string boundary;
  AnalysisLimits limits;
  bool json = false;
};

struct GateDiffOptions {
  std::string old_gate;
  std::string new_gate;
  AnalysisLimits limits;
  bool markdown = false;
  bool json = false;
};

struct GateWhoCanOptions {
  std::string gate;
  std::string host;
  std::string path;
  std::string method;
  std::string role;
  AnalysisLimits limits;
  bool json = false;
};

struct GateLintOptions {
  std::string gate;
  std::string table;                  ///< empty: none
  std::optional<std::int64_t> now_s;  ///< absent: the system clock
  std::optional<std::int64_t> steps_max;
  bool json = false;
};

struct GateAnalysisOptions {
  GateCheckOptions check;
  GateDiffOptions diff;
  GateWhoCanOptions who_can;
  GateLintOptions lint;
};

void add_gate_analysis(CLI::App& gate, GateAnalysisOptions& options, std::function<Exit()>& run);

[[nodiscard]] Exit run_gate_check(const GateCheckOptions& options);
[[nodiscard]] Exit run_gate_diff(const GateDiffOptions& options);
[[nodiscard]] Exit run_gate_who_can(const GateWhoCanOptions& options);
[[nodiscard]] Exit run_gate_lint(const GateLintOptions& options);

}  // namespace ostiary::cli
