// Path patterns as lists of segments, and which of two is more specific.
#pragma once

#include "policy/source.hpp"

#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::policy {

/// What is wrong with a path pattern; empty when nothing is.
[[nodiscard]] std::string path_pattern_fault(std::string_view pattern, std::uint32_t segments_max);

/// Takes a faultless pattern apart.
[[nodiscard]] PathPattern split_path_pattern(std::string_view pattern);

/// Whether a segment of a pattern stands for any one segment: `*` or `{claim}`.
[[nodiscard]] bool is_any(std::string_view segment);

/// Whether a segment of a faultless pattern is `{claim}`.
[[nodiscard]] bool is_claim(std::string_view segment);

/// What is said of a path that is not in canonical form.
inline constexpr char kCanonicalPathExpected[] =
    "expected a path in canonical form: no empty or dot segments, no semicolons, unreserved characters unescaped, "
    "escapes in upper case";

/// The claims that the segments of a pattern name, in their order.
[[nodiscard]] std::vector<std::string> claims_of(const PathPattern& pattern);

/// Orders patterns from most to least specific: segment by segment from the left a literal comes before
/// `*` and `{claim}`, and these before the tail `**`. Patterns that compare equal match the same paths.
[[nodiscard]] std::strong_ordering compare_specificity(const PathPattern& a, const PathPattern& b);

/// The shortest path that the pattern matches.
[[nodiscard]] std::string example_path(const PathPattern& pattern);

}  // namespace ostiary::policy
