#include "policy/analysis/areas.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace ostiary::policy::analysis {

namespace {

using algebra::Verdict;

/// The order in which conditions are told and, other things being equal, chosen: where, who, then the rest.
int rank_of(Aspect aspect) {
  switch (aspect) {
    case Aspect::kPath: return 0;
    case Aspect::kHost: return 1;
    case Aspect::kMethod: return 2;
    case Aspect::kBinding: return 3;
    case Aspect::kSet: return 4;
    case Aspect::kScopes: return 5;
    case Aspect::kAudience: return 6;
    case Aspect::kClaim: return 7;
    case Aspect::kAge: return 8;
    case Aspect::kClient: return 9;
    case Aspect::kHeader: return 10;
    case Aspect::kQuery: return 11;
    case Aspect::kTime: return 12;
    case Aspect::kFlag: return 13;
    case Aspect::kScheme: return 14;
    case Aspect::kToken: return 15;
  }
  return 16;
}

}  // namespace

/// A request of the area that the question is not about.
Finding AreaFinder::outside(const Cube& area) {
  Question question = question_;
  question.formula = Formula::all({Formula::group(kGrown), Formula::group(group_of(gate_, Part::kValid)),
                                   Formula::none(Formula::group(group_of(gate_, Part::kUnsendable))),
                                   Formula::none(question_.formula)});
  question.cubes.push_back({kGrown, area});
  question.within = {area};
  return solver_.find(question);
}

/// What the routes reached and their rules ask, as it is at a point.
std::vector<Literal> AreaFinder::at_route(const Finding& finding, const Point& truth_at) const {
  std::vector<Literal> literals;
  const auto add = [&](const Cube& cube) {
    for (const Literal& literal : cube) {
      const Literal here{literal.predicate, !holds(solver_.predicates()[literal.predicate], truth_at)};
      if (std::find(literals.begin(), literals.end(), here) == literals.end()) literals.push_back(here);
    }
  };
  for (std::size_t gate = 0; gate < finding.routes.size(); ++gate) {
    const std::uint32_t route = finding.routes[gate];
    if (route == AccessModel::kNoRoute) continue;
    const AccessModel& model = solver_.gate(gate);
    add(model.routes[route].place);
    for (const std::uint32_t rule : model.routes[route].rules) {
      for (const Cube& cube : solver_.cubes_on(gate, route, model.rules[rule])) add(cube);
    }
    for (const std::uint32_t role : model.routes[route].roles) {
      for (const Cube& cube : solver_.cubes_on(gate, route, model.roles[role]))
        add(both(cube, model.roles[role].session));
    }
    for (const Cube& cube : model.routes[route].unsendable) add(cube);
    for (const Cube& cube : model.valid) add(cube);
  }
  for (const GroupedCube& cube : question_.cubes) add(cube.cube);
  std::stable_sort(literals.begin(), literals.end(), [&](const Literal& a, const Literal& b) {
    const auto rank = [&](const Literal& one) {
      return std::pair(one.negated, rank_of(solver_.predicates()[one.predicate].subject.aspect));
    };
    return rank(a) < rank(b);
  });
  return literals;
}

/// Adds conditions that the example meets until all that meet them are what the question is about. False when the
/// budget ran out.
bool AreaFinder::grow(const Finding& example, Cube& area) {
  const std::vector<Literal> preferred = at_route(example, example.point);
  for (;;) {
    const Finding other = outside(area);
    if (other.verdict == Verdict::kNone) return true;
    if (other.verdict == Verdict::kUnknown) return false;
    const auto separates = [&](const Literal& literal) {
      return holds(solver_.predicates()[literal.predicate], other.point) == literal.negated;
    };
    auto found = std::find_if(preferred.begin(), preferred.end(), separates);
    if (found != preferred.end()) {
      area.push_back(*found);
      continue;
    }
    const std::vector<Literal> others = at_route(other, example.point);
    found = std::find_if(others.begin(), others.end(), separates);
    if (found != others.end()) {
      area.push_back(*found);
      continue;
    }
    std::optional<Literal> any;
    for (PredicateId id = 0; id < solver_.predicates().size() && !any; ++id) {
      const bool here = holds(solver_.predicates()[id], example.point);
      if (here != holds(solver_.predicates()[id], other.point)) any = Literal{id, !here};
    }
    if (!any) return false;
    area.push_back(*any);
  }
}

/// Leaves out the conditions that are not needed.
void AreaFinder::shrink(Cube& area) {
  for (std::size_t i = 0; i < area.size();) {
    Cube fewer = area;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (outside(fewer).verdict == Verdict::kNone) {
      area = std::move(fewer);
    } else {
      ++i;
    }
  }
}

Area AreaFinder::next() {
  Question question = question_;
  question.formula = Formula::all({question_.formula, Formula::none(Formula::group(kFound))});
  for (const Cube& one : found_) question.cubes.push_back({kFound, one});
  Area area;
  area.example = solver_.find(question);
  area.verdict = area.example.verdict;
  if (area.verdict != Verdict::kFound) return area;
  area.is_whole = grow(area.example, area.conditions);
  if (area.is_whole) {
    shrink(area.conditions);
    std::stable_sort(area.conditions.begin(), area.conditions.end(), [&](const Literal& a, const Literal& b) {
      return rank_of(solver_.predicates()[a.predicate].subject.aspect) <
             rank_of(solver_.predicates()[b.predicate].subject.aspect);
    });
    found_.push_back(area.conditions);
  }
  return area;
}

}  // namespace ostiary::policy::analysis
