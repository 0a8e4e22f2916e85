// The path that a route sends to its origin in place of the request's.
#pragma once

#include "policy/source.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ostiary::policy {

/// One segment of it, as written.
struct RewriteStep {
  RewriteStepKind kind = RewriteStepKind::kLiteral;
  std::uint32_t segment = 0;  ///< kSegment: counted from 1
  std::string text;           ///< kLiteral
};

/// `/`, then segments between slashes: a literal, `{n}` for the n-th segment of the request's path where the route's
/// pattern has `*` or `{claim}` there, and last perhaps `**` for what its `**` matched.
[[nodiscard]] std::vector<RewriteStep> split_rewrite(std::string_view rewrite);

/// What is wrong with it on a route of this pattern; empty when nothing is.
[[nodiscard]] std::string rewrite_fault(std::string_view rewrite, const PathPattern& pattern);

}  // namespace ostiary::policy
