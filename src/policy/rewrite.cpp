#include "policy/rewrite.hpp"

#include "policy/pattern.hpp"
#include "policy/quote.hpp"

#include <ostiary/http/target.hpp>
#include <ostiary/policy/shape.hpp>

#include <charconv>

namespace ostiary::policy {

namespace {

/// The number in `{n}`; 0 when the segment is none.
std::uint32_t segment_number(std::string_view segment) {
  if (segment.size() < 3 || segment.front() != '{' || segment.back() != '}' || segment[1] == '0') return 0;
  std::uint32_t number = 0;
  const char* const end = segment.data() + segment.size() - 1;
  const auto [stop, error] = std::from_chars(segment.data() + 1, end, number);
  return error == std::errc() && stop == end ? number : 0;
}

RewriteStep step_of(const std::string& segment) {
  const std::uint32_t number = segment_number(segment);
  return number == 0 ? RewriteStep{RewriteStepKind::kLiteral, 0, segment}
                     : RewriteStep{RewriteStepKind::kSegment, number, {}};
}

bool is_wildcard(const PathPattern& pattern, std::uint32_t number) {
  return number <= pattern.segments.size() && is_any(pattern.segments[number - 1]);
}

std::string step_fault(const RewriteStep& step, const PathPattern& pattern) {
  if (step.kind == RewriteStepKind::kSegment && !is_wildcard(pattern, step.segment)) {
    return "segment " + std::to_string(step.segment) +
           " of the route's path is no \"*\" and no claim; write it out, or give the number of one that is";
  }
  if (step.kind == RewriteStepKind::kLiteral && step.text.find_first_of("*{}") != std::string::npos) {
    return "expected literals, \"{n}\" for the n-th segment of the request's path, and last perhaps \"**\", found " +
           quote(step.text);
  }
  return {};
}

}  // namespace

std::vector<RewriteStep> split_rewrite(std::string_view rewrite) {
  const PathPattern parts = split_path_pattern(rewrite);
  std::vector<RewriteStep> steps;
  for (const std::string& segment : parts.segments) steps.push_back(step_of(segment));
  if (parts.has_tail) steps.push_back({RewriteStepKind::kTail, 0, {}});
  return steps;
}

std::string rewrite_fault(std::string_view rewrite, const PathPattern& pattern) {
  if (!rewrite.starts_with('/')) return "expected a path that starts with a slash";
  const std::vector<RewriteStep> steps = split_rewrite(rewrite);
  if (steps.size() > kRewriteStepsMax || rewrite.size() > kRewriteTextMax) {
    return "expected at most " + std::to_string(kRewriteStepsMax) + " segments and " + std::to_string(kRewriteTextMax) +
           " bytes";
  }
  std::string example;
  for (const RewriteStep& step : steps) {
    if (std::string fault = step_fault(step, pattern); !fault.empty()) return fault;
    if (step.kind == RewriteStepKind::kTail && !pattern.has_tail) return "the route's path has no \"**\" to take over";
    example += "/" + (step.kind == RewriteStepKind::kLiteral ? step.text : "x");
  }
  return is_canonical_path(example) ? std::string() : kCanonicalPathExpected;
}

}  // namespace ostiary::policy
