// What `ostiary trust` is asked to do.
#pragma once

#include "exit.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <string>
#include <vector>

namespace ostiary::cli {

struct TrustLintOptions {
  std::string document;
  bool json = false;
};

struct TrustCheckOptions {
  std::string gate;                ///< JSON source
  std::vector<std::string> roles;  ///< ARN=FILE each
  bool json = false;
};

struct TrustOptions {
  TrustLintOptions lint;
  TrustCheckOptions check;
};

void add_trust(CLI::App& app, TrustOptions& options, std::function<Exit()>& run);
[[nodiscard]] Exit run_trust_lint(const TrustLintOptions& options);
[[nodiscard]] Exit run_trust_check(const TrustCheckOptions& options);

}  // namespace ostiary::cli
