#include "policy/algebra/paths.hpp"

#include <algorithm>
#include <cstddef>

namespace ostiary::policy::algebra {

namespace {

constexpr std::string_view kFree = "x";  // what stands where no pattern says more

bool step_takes(const PathStep& step, std::string_view segment) {
  return step.kind == PathStepKind::kLiteral ? step.text == segment : !segment.empty();
}

/// The literal at a position, or nothing when the pattern has something else there.
const PathStep* literal_at(const PathShape& shape, std::size_t position) {
  if (position >= shape.steps.size() || shape.steps[position].kind != PathStepKind::kLiteral) return nullptr;
  return &shape.steps[position];
}

/// The fewest segments that a path of the pattern has.
std::size_t segments_min(const PathShape& shape) { return shape.steps.size() + (shape.has_tail ? 1 : 0); }

}  // namespace

PathShape path_shape(std::string_view pattern) {
  PathShape shape;
  for (const std::string_view segment : path_segments(pattern)) {
    if (segment == "*") {
      shape.steps.push_back({PathStepKind::kAny});
    } else if (segment.size() > 2 && segment.front() == '{' && segment.back() == '}') {
      shape.steps.push_back({PathStepKind::kClaim, std::string(segment.substr(1, segment.size() - 2))});
    } else {
      shape.steps.push_back({PathStepKind::kLiteral, std::string(segment)});
    }
  }
  if (!shape.steps.empty() && shape.steps.back() == PathStep{PathStepKind::kLiteral, "**"}) {
    shape.steps.pop_back();
    shape.has_tail = true;
  }
  return shape;
}

std::vector<std::string_view> path_segments(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    segments.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

std::string path_of(std::span<const std::string_view> segments) {
  std::string path;
  for (const std::string_view segment : segments) path.append(1, '/').append(segment);
  return path;
}

bool path_matches(const PathShape& shape, std::string_view path) {
  const std::vector<std::string_view> segments = path_segments(path);
  if (shape.has_tail ? segments.size() <= shape.steps.size() : segments.size() != shape.steps.size()) return false;
  if (segments.empty()) return false;
  return std::equal(shape.steps.begin(), shape.steps.end(), segments.begin(), step_takes);
}

std::optional<std::string> common_path(const PathShape& a, const PathShape& b) {
  const std::size_t size = std::max(segments_min(a), segments_min(b));
  std::vector<std::string_view> segments;
  for (std::size_t i = 0; i < size; ++i) {
    const PathStep* const literal = literal_at(a, i) != nullptr ? literal_at(a, i) : literal_at(b, i);
    segments.push_back(literal == nullptr ? kFree : std::string_view(literal->text));
    if (segments.back().empty() && i + 1 != size) return std::nullopt;
  }
  // Both must have room for so many segments, and the one literal chosen must suit the other pattern.
  std::string path = path_of(segments);
  if (!path_matches(a, path) || !path_matches(b, path)) return std::nullopt;
  return path;
}

}  // namespace ostiary::policy::algebra
