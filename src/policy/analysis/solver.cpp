#include "policy/analysis/solver.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace ostiary::policy::analysis {

namespace {

using algebra::Verdict;

Formula part(std::size_t gate, Part which) { return Formula::group(group_of(gate, which)); }

bool lists(const std::vector<std::uint32_t>& numbers, std::uint32_t number) {
  return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

}  // namespace

Formula permitted(std::size_t gate) {
  return Formula::all({part(gate, Part::kAllow), Formula::none(part(gate, Part::kDeny)), part(gate, Part::kValid)});
}

Formula allowed(std::size_t gate) {
  const Formula no_role = Formula::all({part(gate, Part::kRoleFree), Formula::none(part(gate, Part::kRole))});
  const Formula neither = Formula::all({Formula::none(no_role), Formula::none(part(gate, Part::kSession))});
  return Formula::all({permitted(gate), Formula::none(part(gate, Part::kUnsendable)), Formula::none(neither),
                       Formula::none(part(gate, Part::kTwoRoles))});
}

Solver::Solver(std::span<const GateSource* const> gates, std::uint64_t steps_max) : budget_{steps_max, 0} {
  models_.reserve(gates.size());
  for (const GateSource* gate : gates) models_.emplace_back(*gate, table_);
}

void Solver::cut() {
  auto places = Places::make(table_, models_, fault_);
  places_.reset();
  if (places) places_.emplace(*std::move(places));
}

/// What is left of a cube at the place; nothing when it does not hold there.
std::optional<Cube> Solver::at(const Cube& cube, const Place& place) const {
  Cube left;
  for (const Literal& literal : cube) {
    if (!is_place(table_[literal.predicate].subject.aspect)) {
      left.push_back(literal);
    } else if (places_->holds(literal.predicate, place) == literal.negated) {
      return std::nullopt;
    }
  }
  return left;
}

void Solver::add(GroupId group, const Cube& cube, const Place& place, std::vector<GroupedCube>& cubes) const {
  if (auto left = at(cube, place)) cubes.push_back({group, *std::move(left)});
}

std::vector<Cube> Solver::cubes_on(std::size_t gate, std::uint32_t route, const RuleCubes& rule) const {
  const Cube& binding = models_[gate].routes[route].binding;
  if (!rule.binds || binding.empty()) return rule.cubes;
  std::vector<Cube> cubes;
  if (rule.is_public) return cubes;
  for (const Cube& cube : rule.cubes) cubes.push_back(both(cube, binding));
  return cubes;
}

void Solver::add_roles(std::size_t gate, const Place& place, const Selection* selection,
                       std::vector<GroupedCube>& cubes) const {
  const AccessModel& model = models_[gate];
  const std::uint32_t route = place.routes[gate];
  std::vector<std::pair<std::uint32_t, Cube>> matching;
  for (const std::uint32_t role : model.routes[route].roles) {
    for (const Cube& cube : cubes_on(gate, route, model.roles[role])) {
      auto left = at(cube, place);
      if (left) matching.emplace_back(role, *std::move(left));
    }
  }
  if (!model.source.routes[route].role_required) cubes.push_back({group_of(gate, Part::kRoleFree), {}});
  for (const Cube& cube : model.routes[route].unsendable) add(group_of(gate, Part::kUnsendable), cube, place, cubes);
  for (std::size_t i = 0; i < matching.size(); ++i) {
    const auto& [role, cube] = matching[i];
    const Cube with_session = both(cube, model.roles[role].session);
    cubes.push_back({group_of(gate, Part::kRole), cube});
    cubes.push_back({group_of(gate, Part::kSession), with_session});
    if (selection != nullptr && lists(selection->roles, role)) {
      cubes.push_back({group_of(gate, Part::kAskedRole), with_session});
    }
    for (std::size_t j = i + 1; j < matching.size(); ++j) {
      if (matching[j].first != role) cubes.push_back({group_of(gate, Part::kTwoRoles), both(cube, matching[j].second)});
    }
  }
}

void Solver::add_gate(std::size_t gate, const Place& place, const Selection* selection,
                      std::vector<GroupedCube>& cubes) const {
  const AccessModel& model = models_[gate];
  const std::uint32_t route = place.routes[gate];
  if (route == AccessModel::kNoRoute) return;
  for (const std::uint32_t number : model.routes[route].rules) {
    const RuleCubes& rule = model.rules[number];
    const Part which = rule.effect == RuleEffect::kAllow ? Part::kAllow : Part::kDeny;
    const bool is_left_out = selection != nullptr && lists(selection->without_rules, number);
    const bool is_asked = selection != nullptr && lists(selection->rules, number);
    if (is_left_out && !is_asked) continue;
    for (const Cube& cube : cubes_on(gate, route, rule)) {
      if (!is_left_out) add(group_of(gate, which), cube, place, cubes);
      if (is_asked) add(group_of(gate, Part::kAskedRule), cube, place, cubes);
    }
  }
  for (const Cube& cube : model.valid) add(group_of(gate, Part::kValid), cube, place, cubes);
  add_roles(gate, place, selection, cubes);
}

bool Solver::is_within(const Question& question, const Place& place) const {
  for (std::size_t gate = 0; gate < question.selections.size(); ++gate) {
    const std::vector<std::uint32_t>& routes = question.selections[gate].routes;
    if (!routes.empty() && !lists(routes, place.routes[gate])) return false;
  }
  if (question.within.empty()) return true;
  return std::any_of(question.within.begin(), question.within.end(),
                     [&](const Cube& cube) { return at(cube, place).has_value(); });
}

Finding Solver::find(const Question& question) {
  if (!places_) return {};
  bool unknown = false;
  Finding finding;
  const bool found = places_->each([&](const Place& place) {
    if (budget_.left == 0) return true;
    if (!is_within(question, place)) return false;
    std::vector<GroupedCube> cubes;
    for (std::size_t gate = 0; gate < models_.size(); ++gate) {
      add_gate(gate, place, gate < question.selections.size() ? &question.selections[gate] : nullptr, cubes);
    }
    for (const GroupedCube& one : question.cubes) add(one.group, one.cube, place, cubes);
    const PathAtPlace path(*places_, place);
    Point point;
    point.method = place.method;
    point.host = places_->host(place);
    point.path = places_->path(place);
    const Verdict verdict = LocalSearch(table_, cubes, question.formula, path, budget_).run(point);
    if (verdict == Verdict::kUnknown) unknown = true;
    if (verdict != Verdict::kFound) return false;
    finding = {verdict, std::move(point), place.routes};
    return true;
  });
  if (found && finding.verdict == Verdict::kFound) return finding;
  return {unknown || budget_.left == 0 ? Verdict::kUnknown : Verdict::kNone};
}

std::uint32_t Solver::methods_within(const Cube& cube, std::size_t gate) const {
  std::uint32_t methods = 0;
  (void)places_->each([&](const Place& place) {
    const bool reaches = place.routes[gate] != AccessModel::kNoRoute;
    if (reaches && at(cube, place)) methods |= std::uint32_t{1} << static_cast<unsigned>(place.method);
    return false;
  });
  return methods;
}

}  // namespace ostiary::policy::analysis
