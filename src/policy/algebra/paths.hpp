// Path patterns as plain values, and what can be said of one or two of them.
//
// A path is its segments: "/a/" is "a" and an empty one. Only the last segment of a canonical path can be empty.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::policy::algebra {

enum class PathStepKind : std::uint8_t {
  kLiteral,  ///< the segment `text`, which is empty only at the end of a path with a trailing slash
  kAny,      ///< `*`: one segment that is not empty
  kClaim,    ///< `{text}`: like kAny; that it equals a claim is another dimension's business
};

struct PathStep {
  PathStepKind kind = PathStepKind::kLiteral;
  std::string text = {};

  friend bool operator==(const PathStep&, const PathStep&) = default;
};

/// A path pattern. A tail `**` stands for one or more segments behind the steps, and the last of them may be empty.
struct PathShape {
  std::vector<PathStep> steps = {};
  bool has_tail = false;

  friend bool operator==(const PathShape&, const PathShape&) = default;
};

/// Takes "/a/*/{name}/**" apart. Judges nothing: the reader of the language has done that. Pure.
[[nodiscard]] PathShape path_shape(std::string_view pattern);

/// The segments of a path that starts with a slash. The views borrow it. Pure.
[[nodiscard]] std::vector<std::string_view> path_segments(std::string_view path);

/// The path of these segments. Pure.
[[nodiscard]] std::string path_of(std::span<const std::string_view> segments);

/// Whether a pattern matches a canonical path. Pure.
[[nodiscard]] bool path_matches(const PathShape& shape, std::string_view path);

/// A shortest path that both patterns match, or nothing when there is none. Pure.
[[nodiscard]] std::optional<std::string> common_path(const PathShape& a, const PathShape& b);

}  // namespace ostiary::policy::algebra
