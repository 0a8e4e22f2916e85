#include "policy/gate_test/coverage.hpp"

#include "policy/gate_test/describe.hpp"
#include "policy/write_conditions.hpp"

#include <ostiary/policy/evaluation.hpp>
#include <ostiary/policy/predicate.hpp>

#include <algorithm>

namespace ostiary::policy {

namespace {

/// The sources in the order of their rows in the image.
template <typename Source>
std::vector<const Source*> by_row(const std::vector<Source>& sources) {
  std::vector<const Source*> sorted;
  for (const Source& source : sources) sorted.push_back(&source);
  std::sort(sorted.begin(), sorted.end(), [](const Source* a, const Source* b) { return a->id.value < b->id.value; });
  return sorted;
}

/// Whether the request came as far as the rules of its route.
bool asked_rules(const Decision& decision) {
  return decision.rule.data() != nullptr || decision.reason == Reason::kRuleNoMatch ||
         decision.reason == Reason::kCredentialMissing;
}

bool asked_roles(const Decision& decision) {
  return decision.rule.data() != nullptr && decision.reason != Reason::kRuleDenied;
}

}  // namespace

CoverageCount::CoverageCount(const Gate& gate, const GateSource& source) : gate_(gate), source_(source) {
  add_routes(source);
  add_rules(source);
  add_roles(source);
}

std::size_t CoverageCount::add(GateUncovered what, std::uint32_t offset) {
  points_.push_back({std::move(what), offset});
  return points_.size() - 1;
}

CoverageCount::Pair CoverageCount::add_pair(const GateUncovered& what, std::uint32_t offset,
                                            std::array<const char*, 2> missing) {
  Pair pair;
  std::array<std::size_t*, 2> places = {&pair.yes, &pair.no};
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (missing[i] == nullptr) continue;
    GateUncovered point = what;
    point.missing = missing[i];
    *places[i] = add(std::move(point), offset);
  }
  return pair;
}

/// Every identity is of one of the Gate's issuers.
bool CoverageCount::can_be_false(const PredicateSource& condition) const {
  return condition.kind != PredicateKind::kIssuerIn || condition.texts.size() < source_.issuers.size();
}

void CoverageCount::add_conditions(Watched& watched, std::string_view subject, const std::string& id,
                                   const std::vector<PredicateSource>& conditions, Range rows) {
  std::uint32_t place = rows.first;
  for (const PredicateSource* condition : in_order(conditions)) {
    const std::uint32_t row = gate_.condition_row(place++);
    if (watched.conditions.contains(row)) continue;  // asks what another of them asks
    const GateUncovered what{std::string(subject), id, describe(*condition), {}, {}};
    watched.conditions[row] =
        add_pair(what, condition->offset, {"never true", can_be_false(*condition) ? "never false" : nullptr});
  }
}

void CoverageCount::add_routes(const GateSource& source) {
  for (const RouteSource* route : by_row(source.routes)) {
    const auto row = static_cast<std::uint32_t>(reached_.size());
    route_rows_.emplace(gate_.text(gate_.route(row).id), row);
    const GateUncovered what{"route", route->id.value, {}, "not reached", {}};
    reached_.push_back(add(what, route->id.offset));
    bindings_.emplace_back();
    if (gate_.route(row).binding == kNoRow) continue;
    const GateUncovered binding{"condition", route->id.value, "claims in the path", {}, {}};
    bindings_.back() = add_pair(binding, route->path.offset, {"never true", "never false"});
  }
}

void CoverageCount::add_rules(const GateSource& source) {
  for (const RuleSource* rule : by_row(source.rules)) {
    const RuleRecord record = gate_.rule(static_cast<std::uint32_t>(rules_.size()));
    Watched& watched = rules_.emplace_back();
    const bool always = rule->subject == RuleSubject::kAnyone && rule->predicates.empty();
    const GateUncovered what{"rule", rule->id.value, {}, {}, {}};
    watched.matches = add_pair(what, rule->id.offset, {"never matched", always ? nullptr : "always matched"});
    add_conditions(watched, "condition", rule->id.value, rule->predicates, record.predicates);
  }
}

void CoverageCount::add_roles(const GateSource& source) {
  for (const RoleSource* role : by_row(source.roles)) {
    const RoleRecord record = gate_.role(static_cast<std::uint32_t>(roles_.size()));
    Watched& watched = roles_.emplace_back();
    const GateUncovered what{"role", role->id.value, {}, {}, {}};
    watched.matches = add_pair(what, role->id.offset, {"never matched", "always matched"});
    add_conditions(watched, "condition", role->id.value, role->predicates, record.predicates);
  }
}

void CoverageCount::see_asked(Watched& watched, const AskedRule& rule, Pair& binding, bool has_identity) {
  see(watched.matches, rule.matches);
  for (const AskedCondition& asked : rule.conditions) {
    if (asked.demand == Demand::kBinding && has_identity) see(binding, asked.holds);
    if (asked.demand != Demand::kCondition) continue;
    if (is_about_identity(gate_.predicate(asked.predicate).kind) && !has_identity) continue;
    const auto condition = watched.conditions.find(asked.predicate);
    if (condition != watched.conditions.end()) see(condition->second, asked.holds);
  }
}

void CoverageCount::note(const AskedTest& asked) {
  if (asked.request == nullptr || asked.decision.route.data() == nullptr) return;
  const std::uint32_t row = route_rows_.at(asked.decision.route);
  see(reached_[row]);
  if (!asked_rules(asked.decision)) return;
  const RouteRecord route = gate_.route(row);
  detail::Evaluation evaluation(gate_, *asked.request, asked.identity, asked.facts);
  const bool has_identity = asked.identity != nullptr;
  walk_rules(gate_, route, evaluation,
             [&](const AskedRule& rule) { see_asked(rules_[rule.row], rule, bindings_[row], has_identity); });
  if (!asked_roles(asked.decision)) return;
  walk_roles(gate_, route, evaluation,
             [&](const AskedRule& role) { see_asked(roles_[role.row], role, bindings_[row], has_identity); });
}

GateCoverage CoverageCount::report(const LineIndex& lines) const {
  GateCoverage coverage;
  std::vector<const Point*> uncovered;
  for (const Point& point : points_) {
    ++coverage.total;
    if (point.shown) ++coverage.shown;
    if (!point.shown) uncovered.push_back(&point);
  }
  std::stable_sort(uncovered.begin(), uncovered.end(),
                   [](const Point* a, const Point* b) { return a->offset < b->offset; });
  for (const Point* point : uncovered) {
    coverage.uncovered.push_back(point->what);
    coverage.uncovered.back().place = lines.place(point->offset);
  }
  return coverage;
}

}  // namespace ostiary::policy
