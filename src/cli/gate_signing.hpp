// `ostiary gate keygen`, `sign` and `verify`.
#pragma once

#include "commands.hpp"
#include "exit.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ostiary::cli {

struct GateKeygenOptions {
  std::string private_file;
  std::string public_file;
};

struct GateSignOptions {
  std::string image;
  std::string private_file;
  std::string output;
};

struct GateVerifyOptions {
  std::string image;
  std::vector<std::string> public_files;
  std::optional<std::int64_t> version_min;
  std::string boundary;  ///< hash or file; empty: none is pinned
  ReviewerOptions reviewers;
  bool json = false;
};

struct GateSigningOptions {
  GateKeygenOptions keygen;
  GateSignOptions sign;
  GateVerifyOptions verify;
};

/// Adds them to `gate`. Whichever is named becomes `run`.
void add_gate_signing(CLI::App& gate, GateSigningOptions& options, std::function<Exit()>& run);

[[nodiscard]] Exit run_gate_keygen(const GateKeygenOptions& options);
[[nodiscard]] Exit run_gate_sign(const GateSignOptions& options);
[[nodiscard]] Exit run_gate_verify(const GateVerifyOptions& options);

}  // namespace ostiary::cli
