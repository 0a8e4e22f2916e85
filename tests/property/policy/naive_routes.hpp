// docs/language.md on hosts, paths and routes, read aloud.
#pragma once

#include "property/policy/naive_request.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace ostiary::test {

inline bool naive_host_matches(const std::string& pattern, const std::string& host) {
  const std::size_t dot = host.find('.');
  const bool wild = pattern.starts_with("*.") && dot != std::string::npos && host.substr(dot) == pattern.substr(1);
  return pattern == host || wild;
}

/// The name in a segment `{name}`; nothing for other segments.
inline std::optional<std::string> naive_claim_of(const std::string& segment) {
  if (segment.size() < 2 || segment.front() != '{' || segment.back() != '}') return std::nullopt;
  return segment.substr(1, segment.size() - 2);
}

/// A text that sorts before another when the pattern is more specific; nothing when it does not match.
inline std::optional<std::string> naive_path_rank(const std::string& pattern, const std::string& path) {
  if (!path.starts_with('/')) return std::nullopt;
  const auto wanted = naive_split(pattern.substr(1), '/');
  const auto given = naive_split(path.substr(1), '/');
  std::string rank;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] == "**") return given.size() > i ? std::optional(rank + "2") : std::nullopt;
    if (i >= given.size()) return std::nullopt;
    const bool any = wanted[i] == "*" || naive_claim_of(wanted[i]);
    if (any ? given[i].empty() : wanted[i] != given[i]) return std::nullopt;
    rank += any ? "1" : "0";
  }
  return wanted.size() == given.size() ? std::optional(rank) : std::nullopt;
}

/// Whether a pattern binds any claim.
inline bool naive_binds(const std::string& pattern) {
  const auto segments = naive_split(pattern.substr(1), '/');
  return std::any_of(segments.begin(), segments.end(), [](const std::string& s) { return naive_claim_of(s); });
}

/// Whether every `{claim}` of the pattern, which matches the path, is a text claim equal to its segment, decoded once.
inline bool naive_bound_claims_match(const std::string& pattern, const std::string& path,
                                     const std::optional<nlohmann::json>& claims) {
  const auto wanted = naive_split(pattern.substr(1), '/');
  const auto given = naive_split(path.substr(1), '/');
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto claim = naive_claim_of(wanted[i]);
    if (!claim) continue;
    if (!claims || !claims->contains(*claim) || (*claims)[*claim] != nlohmann::json(naive_unescape(given[i])))
      return false;
  }
  return true;
}

struct NaiveRoute {
  const char* reason = nullptr;  ///< why there is none
  const nlohmann::json* route = nullptr;
};

/// A text that sorts before another when the route is more specific, for the best of its hosts.
inline std::optional<std::string> naive_route_rank(const nlohmann::json& route, const NaiveRequest& request) {
  const auto rank = naive_path_rank(route["path"], request.path);
  if (!rank) return std::nullopt;
  if (naive_contains(route["hosts"], request.host)) return "0" + *rank;
  for (const std::string pattern : route["hosts"]) {
    if (naive_host_matches(pattern, request.host)) return "1" + *rank;
  }
  return std::nullopt;
}

inline NaiveRoute naive_match_route(const nlohmann::json& gate, const NaiveRequest& request) {
  NaiveRoute best;
  std::string best_rank;
  bool host_known = false;
  bool other_method = false;
  for (const nlohmann::json& route : gate["routes"]) {
    for (const std::string pattern : route["hosts"]) {
      host_known = host_known || naive_host_matches(pattern, request.host);
    }
    const auto rank = naive_route_rank(route, request);
    if (!rank) continue;
    if (!naive_contains(route["methods"], request.method)) {
      other_method = true;
    } else if (best.route == nullptr || *rank < best_rank) {
      best.route = &route;
      best_rank = *rank;
    }
  }
  if (best.route == nullptr) best.reason = !host_known ? "ROUTE_HOST" : other_method ? "ROUTE_METHOD" : "ROUTE_UNKNOWN";
  return best;
}

}  // namespace ostiary::test
