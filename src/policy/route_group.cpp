#include "policy/route_group.hpp"

#include "policy/algebra/hosts.hpp"
#include "policy/pattern.hpp"

#include <algorithm>

namespace ostiary::policy {

namespace {

/// The one wildcard that can match the host; empty when there is no dot.
std::string wildcard_over(std::string_view host) {
  const std::size_t dot = host.find('.');
  return dot == std::string_view::npos ? std::string() : "*" + std::string(host.substr(dot));
}

}  // namespace

std::uint32_t RouteGroup::methods() {
  if (!methods_) {
    methods_ = 0;
    for (const RouteSource* route : routes_) *methods_ |= route->methods;
  }
  return *methods_;
}

bool RouteGroup::all_bind_claims() {
  if (!all_bind_claims_) {
    all_bind_claims_ = !routes_.empty() && std::all_of(routes_.begin(), routes_.end(), [](const RouteSource* route) {
      return !claims_of(split_path_pattern(route->path.value)).empty();
    });
  }
  return *all_bind_claims_;
}

bool RouteGroup::has_hosts() {
  if (exact_hosts_.empty() && wildcards_.empty()) index_hosts();
  return !exact_hosts_.empty() || !wildcards_.empty();
}

bool RouteGroup::has_paths() {
  if (places_.empty()) index_paths();
  return places_.size() > 1 || places_.front().has_tail;
}

void RouteGroup::index_hosts() {
  for (const RouteSource* route : routes_) {
    for (const Text& host : route->hosts) {
      if (host.value.starts_with("*.")) {
        wildcards_.insert(host.value);
      } else if (exact_hosts_.insert(host.value).second) {
        const std::string wildcard = wildcard_over(host.value);
        if (algebra::host_matches(wildcard, host.value)) wildcards_met_.insert(wildcard);
      }
    }
  }
}

bool RouteGroup::meets_host(std::string_view pattern) {
  if (!has_hosts()) return false;
  if (!pattern.starts_with("*.")) {
    const std::string wildcard = wildcard_over(pattern);
    return exact_hosts_.contains(pattern) ||
           (wildcards_.contains(wildcard) && algebra::host_matches(wildcard, pattern));
  }
  return wildcards_met_.contains(std::string(pattern)) ||
         (wildcards_.contains(pattern) && algebra::example_host(pattern).has_value());
}

void RouteGroup::index_paths() {
  places_.emplace_back();
  for (const RouteSource* route : routes_) {
    if (route->path.value.starts_with('/')) add_path(route->path.value);
  }
}

void RouteGroup::add_path(std::string_view path) {
  std::uint32_t place = 0;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    if (segment == "**") {
      places_[place].has_tail = true;
      return;
    }
    place = below(place, segment);
  }
  places_[place].ends = true;
}

std::uint32_t RouteGroup::below(std::uint32_t place, std::string_view segment) {
  const auto made = static_cast<std::uint32_t>(places_.size());
  std::uint32_t found = made;
  if (!is_any(segment)) {
    found = places_[place].literals.try_emplace(segment, made).first->second;
  } else {
    if (places_[place].any == 0) places_[place].any = made;
    found = places_[place].any;
  }
  if (found == made) places_.emplace_back();
  return found;
}

bool RouteGroup::meets_path(const PathPattern& pattern, std::uint32_t& steps) {
  return has_paths() && meets_from(0, pattern, 0, steps);
}

/// As deep as patterns have segments.
bool RouteGroup::meets_from(std::uint32_t place, const PathPattern& pattern, std::size_t position,
                            std::uint32_t& steps) const {
  if (steps == 0) return false;
  --steps;
  const Place& from = places_[place];
  if (position == pattern.segments.size()) {
    const bool goes_on = from.has_tail || from.any != 0 || !from.literals.empty();
    return pattern.has_tail ? goes_on : from.ends;
  }
  if (from.has_tail) return true;
  return is_any(pattern.segments[position]) ? meets_any(from, pattern, position, steps)
                                            : meets_literal(from, pattern, position, steps);
}

bool RouteGroup::meets_literal(const Place& place, const PathPattern& pattern, std::size_t position,
                               std::uint32_t& steps) const {
  const std::string& segment = pattern.segments[position];
  const auto same = place.literals.find(segment);
  if (same != place.literals.end() && meets_from(same->second, pattern, position + 1, steps)) return true;
  return place.any != 0 && !segment.empty() && meets_from(place.any, pattern, position + 1, steps);
}

/// A segment of a wildcard is not empty.
bool RouteGroup::meets_any(const Place& place, const PathPattern& pattern, std::size_t position,
                           std::uint32_t& steps) const {
  if (place.any != 0 && meets_from(place.any, pattern, position + 1, steps)) return true;
  return std::any_of(place.literals.begin(), place.literals.end(), [&](const auto& literal) {
    return !literal.first.empty() && meets_from(literal.second, pattern, position + 1, steps);
  });
}

}  // namespace ostiary::policy
