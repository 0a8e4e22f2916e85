#include "policy/analysis/places.hpp"

#include "policy/analysis/segments.hpp"
#include "policy/pattern.hpp"
#include "policy/quote.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>
#include <variant>

namespace ostiary::policy::analysis {

namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

/// The patterns with `{claim}`, as they are written.
std::set<std::string> claiming_patterns(std::span<const AccessModel> gates) {
  std::set<std::string> patterns;
  const auto add = [&](const Text& pattern) {
    if (!claims_of(split_path_pattern(pattern.value)).empty()) patterns.insert(pattern.value);
  };
  const auto add_of = [&](const std::vector<PredicateSource>& conditions) {
    for (const PredicateSource& condition : conditions) {
      if (condition.kind != PredicateKind::kPathIn) continue;
      for (const Text& pattern : condition.texts) add(pattern);
    }
  };
  for (const AccessModel& gate : gates) {
    for (const RouteSource& route : gate.source.routes) add(route.path);
    for (const RuleSource& rule : gate.source.rules) add_of(rule.predicates);
    for (const RoleSource& role : gate.source.roles) add_of(role.predicates);
  }
  return patterns;
}

/// By claim, the values that conditions name: what a segment may be compared with besides any other text.
std::map<std::string, std::set<std::string>> values_named(const PredicateTable& table) {
  std::map<std::string, std::set<std::string>> values;
  for (PredicateId id = 0; id < table.size(); ++id) {
    const Predicate& predicate = table[id];
    if (predicate.subject.aspect != Aspect::kClaim) continue;
    if (predicate.kind != PredicateKind::kTextIn && predicate.kind != PredicateKind::kTextNotIn) continue;
    values[predicate.subject.name].insert(predicate.texts.begin(), predicate.texts.end());
  }
  return values;
}

bool waives_paths(const AccessModel& gate) {
  return std::any_of(gate.source.routes.begin(), gate.source.routes.end(), [](const RouteSource& route) {
    return std::any_of(route.waivers.begin(), route.waivers.end(),
                       [](Reason rule) { return rule != Reason::kBodyUnexpected && rule != Reason::kUpgradeRefused; });
  });
}

std::string text_of(const algebra::PathShape& shape) {
  std::string text;
  for (const algebra::PathStep& step : shape.steps) {
    text += '/' + (step.kind == algebra::PathStepKind::kLiteral ? step.text : std::string("*"));
  }
  return shape.has_tail ? text + "/**" : text;
}

}  // namespace

std::optional<Places> Places::make(const PredicateTable& table, std::span<const AccessModel> gates,
                                   std::string& fault) {
  Places places(table, gates);
  places.has_waived_paths_ = std::any_of(gates.begin(), gates.end(), waives_paths);
  places.cut_hosts();
  fault = places.cut_paths();
  if (!fault.empty()) return std::nullopt;
  return places;
}

void Places::cut_hosts() {
  std::vector<std::vector<std::string>> sets;
  host_sets_.assign(table_.size(), kNone);
  for (PredicateId id = 0; id < table_.size(); ++id) {
    if (table_[id].subject.aspect != Aspect::kHost) continue;
    host_sets_[id] = static_cast<std::uint32_t>(sets.size());
    sets.push_back(table_[id].texts);
  }
  hosts_.emplace(sets);
}

std::string Places::cut_paths() {
  std::vector<algebra::PathShape> shapes;
  std::map<std::string, std::uint32_t, std::less<>> numbers;
  const auto number = [&](const std::string& pattern) {
    const auto [at, is_new] = numbers.try_emplace(pattern, static_cast<std::uint32_t>(shapes.size()));
    if (is_new) shapes.push_back(algebra::path_shape(pattern));
    return at->second;
  };
  path_patterns_.resize(table_.size());
  for (PredicateId id = 0; id < table_.size(); ++id) {
    if (table_[id].subject.aspect != Aspect::kPath) continue;
    for (const std::string& pattern : table_[id].texts) path_patterns_[id].push_back(number(pattern));
  }
  // Where a claim is compared with a segment, the values that conditions name are segments of their own.
  const std::map<std::string, std::set<std::string>> named = values_named(table_);
  for (const std::string& pattern : claiming_patterns(gates_)) {
    const algebra::PathShape shape = algebra::path_shape(pattern);
    for (std::size_t i = 0; i < shape.steps.size(); ++i) {
      if (shape.steps[i].kind != algebra::PathStepKind::kClaim) continue;
      const auto values = named.find(shape.steps[i].text);
      if (values == named.end()) continue;
      for (const std::string& value : values->second) {
        for (const std::string& segment : segments_saying(value, has_waived_paths_)) {
          algebra::PathShape with_value = shape;
          with_value.steps[i] = {algebra::PathStepKind::kLiteral, segment};
          const auto [at, is_new] = numbers.try_emplace("=" + std::to_string(i) + text_of(with_value),
                                                        static_cast<std::uint32_t>(shapes.size()));
          if (is_new) shapes.push_back(std::move(with_value));
        }
      }
    }
  }
  auto built = algebra::build_path_automaton(shapes);
  if (const auto* overrun = std::get_if<algebra::PathOverrun>(&built)) {
    return "the path patterns " + quote(text_of(shapes[overrun->pattern])) + " and " +
           quote(text_of(shapes[overrun->partner])) + " multiply beyond what is looked at";
  }
  paths_.emplace(std::get<algebra::PathAutomaton>(std::move(built)));
  for (const AccessModel& gate : gates_) {
    routes_by_pattern_.emplace_back(shapes.size());
    for (std::uint32_t i = 0; i < gate.routes.size(); ++i) {
      for (const std::uint32_t pattern : path_patterns_[gate.routes[i].path])
        routes_by_pattern_.back()[pattern].push_back(i);
    }
  }
  return {};
}

bool Places::holds(PredicateId predicate, const Place& place) const {
  switch (table_[predicate].subject.aspect) {
    case Aspect::kMethod:
      return (static_cast<std::uint64_t>(table_[predicate].integers.front()) >> static_cast<unsigned>(place.method) &
              1U) != 0;
    case Aspect::kHost: return hosts_->atoms()[place.host].holds.test(host_sets_[predicate]);
    default: break;
  }
  const algebra::Bits& matching = paths_->atoms()[place.path].holds;
  const std::vector<std::uint32_t>& patterns = path_patterns_[predicate];
  return std::any_of(patterns.begin(), patterns.end(), [&](std::uint32_t pattern) { return matching.test(pattern); });
}

std::vector<Places::RouteAt> Places::routes_at(std::uint32_t path, std::size_t gate) const {
  std::vector<RouteAt> routes;
  const algebra::Bits& matching = paths_->atoms()[path].holds;
  for (std::size_t pattern = matching.next(); pattern < matching.size(); pattern = matching.next(pattern + 1)) {
    for (const std::uint32_t number : routes_by_pattern_[gate][pattern]) {
      routes.push_back({&gates_[gate].routes[number], number});
    }
  }
  return routes;
}

/// docs/language.md, step 2: an exact host before a wildcard, then the more specific path.
std::uint32_t Places::reached(const std::vector<RouteAt>& routes, std::uint32_t host, Method method) const {
  std::uint32_t best = AccessModel::kNoRoute;
  std::pair<bool, std::uint32_t> best_rank;
  for (const RouteAt& route : routes) {
    if ((route.model->methods >> static_cast<unsigned>(method) & 1U) == 0) continue;
    if (!hosts_->atoms()[host].holds.test(host_sets_[route.model->hosts])) continue;
    const bool is_exact = hosts_->atoms()[host].holds.test(host_sets_[route.model->exact_hosts]);
    const std::pair<bool, std::uint32_t> rank{!is_exact, route.model->rank};
    if (best == AccessModel::kNoRoute || rank < best_rank) {
      best = route.number;
      best_rank = rank;
    }
  }
  return best;
}

}  // namespace ostiary::policy::analysis
