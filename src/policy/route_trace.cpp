#include "policy/route_trace.hpp"

#include "policy/gate_words.hpp"
#include "policy/host_routes.hpp"
#include "policy/secrets.hpp"

#include <ostiary/policy/evaluation.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace ostiary::policy {

namespace {

using adapt::Outline;

constexpr std::size_t kCandidatesMax = 16;

/// A route of a host that matches, and how far the path went along its pattern.
struct Candidate {
  std::uint32_t row = 0;
  std::string host;
  std::uint32_t matched = 0;  ///< segments
  bool path_fits = false;
  std::string refused;  ///< why it is not the route; empty for one that fits
};

/// As RouteWalk goes, but along one pattern.
[[nodiscard]] Candidate follow(const Gate& gate, std::uint32_t row, std::string_view path) {
  const RouteRecord route = gate.route(row);
  Candidate candidate{.row = row};
  std::string_view rest = path;
  for (; candidate.matched < route.segments.count; ++candidate.matched) {
    const SegmentRecord segment = gate.segment(route.segments.first + candidate.matched);
    const std::string number = std::to_string(candidate.matched + 1);
    if (!rest.starts_with('/')) {
      candidate.refused = "the path ends before segment " + number;
      return candidate;
    }
    const std::string_view found = detail::take_segment(rest);
    const bool literal = segment.kind == SegmentKind::kLiteral;
    if (literal ? found == gate.text(segment.text) : !found.empty()) continue;
    candidate.refused = "segment " + number + " is " + adapt::quoted(shown_value("path", found)) + ", not " +
                        (literal ? adapt::quoted(gate.text(segment.text)) : "one that is not empty");
    return candidate;
  }
  candidate.path_fits = route.has_tail != 0 ? !rest.empty() : rest.empty();
  if (!candidate.path_fits) candidate.refused = rest.empty() ? "the path ends before **" : "the path goes on";
  return candidate;
}

void add_host(const Gate& gate, const HostRoutes& hosts, const Request& request, const HostRecord& host,
              const std::string& pattern, std::vector<Candidate>& candidates) {
  for (const std::uint32_t row : hosts.below(host.root)) {
    Candidate candidate = follow(gate, row, request.path);
    candidate.host = pattern;
    const bool has_method = (gate.route(row).methods >> static_cast<unsigned>(request.method) & 1U) != 0;
    if (candidate.path_fits && !has_method) candidate.refused = "not its method";
    candidates.push_back(std::move(candidate));
  }
}

[[nodiscard]] Outline candidate_outline(const Gate& gate, const Candidate& candidate, bool taken) {
  const RouteRecord route = gate.route(candidate.row);
  std::string outcome = candidate.refused;
  if (taken) outcome = "taken";
  if (outcome.empty()) outcome = "less specific";
  Outline outline = Outline::object();
  outline.title(std::string(gate.text(route.id)) + " " + candidate.host + route_pattern(gate, route) + ": " + outcome);
  outline.tell("route", gate.text(route.id));
  outline.tell("host", candidate.host);
  outline.tell("path", route_pattern(gate, route));
  outline.tell("segments_matched", candidate.matched);
  outline.tell("taken", taken);
  outline.tell("refused", taken ? Outline() : Outline(outcome));
  return outline;
}

}  // namespace

Outline route_trace(const Gate& gate, const Request& request, const RouteMatch& match) {
  const HostRoutes hosts(gate);
  std::vector<Candidate> candidates;
  Outline found = Outline::list();
  HostRecord host;
  const std::string_view name = request.host;
  if (gate.find_host(gate.header().exact_hosts, name, host)) {
    found.add(name);
    add_host(gate, hosts, request, host, std::string(name), candidates);
  }
  const std::size_t dot = name.find('.');
  if (dot != std::string_view::npos && dot != 0 &&
      gate.find_host(gate.header().wildcard_hosts, name.substr(dot + 1), host)) {
    const std::string pattern = "*" + std::string(name.substr(dot));
    found.add(pattern);
    add_host(gate, hosts, request, host, pattern, candidates);
  }
  const bool matched = match.reason == Reason::kOk;
  bool taken_seen = false;
  std::stable_sort(candidates.begin(), candidates.end(), [&](const Candidate& a, const Candidate& b) {
    const auto rank = [&](const Candidate& one) {
      return std::tuple(matched && one.row == match.row, one.path_fits, one.matched);
    };
    return rank(a) > rank(b);
  });
  Outline listed = Outline::list();
  for (std::size_t i = 0; i < candidates.size() && i < kCandidatesMax; ++i) {
    const bool taken = matched && !taken_seen && candidates[i].row == match.row;
    taken_seen = taken_seen || taken;
    listed.add(candidate_outline(gate, candidates[i], taken));
  }
  Outline trace = Outline::object();
  trace.set("hosts", std::move(found));
  trace.set("candidates", std::move(listed));
  if (candidates.size() > kCandidatesMax) trace.set("more_candidates", candidates.size() - kCandidatesMax);
  return trace;
}

}  // namespace ostiary::policy
