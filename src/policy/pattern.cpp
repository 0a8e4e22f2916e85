#include "policy/pattern.hpp"

#include "policy/quote.hpp"

#include <ostiary/http/target.hpp>
#include <ostiary/policy/route_index.hpp>

#include <algorithm>

namespace ostiary::policy {

namespace {

constexpr std::string_view kAny = "*";
constexpr std::string_view kTail = "**";

/// The path with every wildcard replaced by a letter, so that what is left can be judged as a path.
std::string without_wildcards(const std::vector<std::string>& segments) {
  std::string path;
  for (const std::string& segment : segments) path += '/' + (is_any(segment) || segment == kTail ? "x" : segment);
  return path;
}

/// Braces around a name that has none.
bool is_faultless_claim(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.find_first_of("{}", 1) == segment.size() - 1 &&
         segment.back() == '}';
}

std::vector<std::string> split_segments(std::string_view pattern) {
  std::vector<std::string> segments;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);
    const std::size_t end = std::min(pattern.find('/'), pattern.size());
    segments.emplace_back(pattern.substr(0, end));
    pattern.remove_prefix(end);
  }
  return segments;
}

/// 0 literal, 1 any, 2 tail, 3 nothing: what stands at one position of a pattern.
int rank_at(const PathPattern& pattern, std::size_t position) {
  if (position < pattern.segments.size()) return is_any(pattern.segments[position]) ? 1 : 0;
  return position == pattern.segments.size() && pattern.has_tail ? 2 : 3;
}

}  // namespace

std::string path_pattern_fault(std::string_view pattern, std::uint32_t segments_max) {
  if (pattern.empty() || pattern.front() != '/') return "expected a path that starts with a slash";
  if (pattern.size() > kRoutePatternSizeMax) {
    return "expected at most " + std::to_string(kRoutePatternSizeMax) + " bytes, found " +
           std::to_string(pattern.size());
  }
  segments_max = std::min(segments_max, kRouteSegmentsMax);
  const std::vector<std::string> segments = split_segments(pattern);
  if (segments.size() > segments_max) {
    return "expected at most " + std::to_string(segments_max) + " segments, found " + std::to_string(segments.size());
  }
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const std::string& segment = segments[i];
    if (segment == kTail && i + 1 != segments.size()) return "\"**\" may stand only as the last segment";
    if (segment.find('*') != std::string::npos && segment != kAny && segment != kTail) {
      return "a wildcard must be a whole segment, found " + quote(segment) + "; use \"*\" or \"**\"";
    }
    if (segment.find_first_of("{}") != std::string::npos && !is_faultless_claim(segment)) {
      return "a claim must be a whole segment with a name in braces, found " + quote(segment) + "; use \"{name}\"";
    }
  }
  if (!is_canonical_path(without_wildcards(segments))) return kCanonicalPathExpected;
  return {};
}

bool is_claim(std::string_view segment) { return segment.starts_with('{'); }

bool is_any(std::string_view segment) { return segment == kAny || is_claim(segment); }

std::vector<std::string> claims_of(const PathPattern& pattern) {
  std::vector<std::string> claims;
  for (const std::string& segment : pattern.segments) {
    if (is_claim(segment)) claims.push_back(segment.substr(1, segment.size() - 2));
  }
  return claims;
}

PathPattern split_path_pattern(std::string_view pattern) {
  PathPattern result{split_segments(pattern), false};
  if (!result.segments.empty() && result.segments.back() == kTail) {
    result.segments.pop_back();
    result.has_tail = true;
  }
  return result;
}

std::strong_ordering compare_specificity(const PathPattern& a, const PathPattern& b) {
  const std::size_t positions = std::max(a.segments.size(), b.segments.size()) + 1;
  for (std::size_t i = 0; i < positions; ++i) {
    const int rank_a = rank_at(a, i);
    const int rank_b = rank_at(b, i);
    if (rank_a != rank_b) return rank_a <=> rank_b;
    if (rank_a != 0) continue;
    const int order = a.segments[i].compare(b.segments[i]);
    if (order != 0) return order <=> 0;
  }
  return std::strong_ordering::equal;
}

std::string example_path(const PathPattern& pattern) {
  std::string path;
  for (const std::string& segment : pattern.segments) path += '/' + (is_any(segment) ? "x" : segment);
  return pattern.has_tail ? path + "/x" : path;
}

}  // namespace ostiary::policy
