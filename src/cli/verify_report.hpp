// What `ostiary verify` says about a token.
#pragma once

#include <ostiary/token/explain.hpp>
#include <ostiary/token/key_set.hpp>
#include <ostiary/token/verifier.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace ostiary::cli {

struct VerifyReport {
  Result<Identity> verdict;
  std::optional<TokenExplanation> explanation;
  std::size_t usable_keys = 0;
  std::span<const KeySet::SkippedKey> skipped{};
};

/// A table for people, or JSON for programs.
[[nodiscard]] std::string verify_report(const VerifyReport& report, bool json);

}  // namespace ostiary::cli
