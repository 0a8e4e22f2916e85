// `ostiary boundary review` and `verify`, and what other subcommands are told about boundaries.
#pragma once

#include "commands.hpp"
#include "exit.hpp"

#include <ostiary/policy/boundary.hpp>
#include <ostiary/policy/gate.hpp>

#include <CLI/CLI.hpp>
#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ostiary::cli {

struct BoundaryReviewOptions {
  std::string boundary;
  std::string private_file;
  std::string receipt;  ///< empty: there is none yet
  std::optional<std::int64_t> now_s;
  std::string output;
};

struct BoundaryVerifyOptions {
  std::string boundary;
  std::string receipt;
  ReviewerOptions reviewers;
  bool json = false;
};

struct BoundaryOptions {
  BoundaryReviewOptions review;
  BoundaryVerifyOptions verify;
};

/// Adds `boundary` to `app`. Whichever subcommand is named becomes `run`.
void add_boundary(CLI::App& app, BoundaryOptions& options, std::function<Exit()>& run);

[[nodiscard]] Exit run_boundary_review(const BoundaryReviewOptions& options);
[[nodiscard]] Exit run_boundary_verify(const BoundaryVerifyOptions& options);

/// --reviewer-key and --reviews-min.
void add_reviewers(CLI::App& command, ReviewerOptions& reviewers);

/// The text and the hash of the boundary in `file`. Throws Stop: kUsage when unreadable, kBroken when it does not
/// compile.
struct LoadedBoundary {
  std::string json;
  GateBoundaryHash hash{};
};
[[nodiscard]] LoadedBoundary load_boundary(const std::string& file);

/// The hash that 64 hexadecimal digits say, or that of the boundary in the file of this name. Throws Stop as above.
[[nodiscard]] GateBoundaryHash boundary_hash_of(const std::string& hash_or_file);

/// Throws Stop with kUsage when unreadable.
[[nodiscard]] std::string read_receipt_file(const std::string& file);

/// How many reviews are asked for; `otherwise` where nothing is said.
[[nodiscard]] std::uint32_t reviews_min_of(const ReviewerOptions& reviewers, std::uint32_t otherwise);

/// What the image says about its boundary, or null.
[[nodiscard]] nlohmann::ordered_json boundary_json(const Gate& gate);

}  // namespace ostiary::cli
