#include "policy/analysis/local_search.hpp"

#include <algorithm>
#include <utility>

namespace ostiary::policy::analysis {

namespace {

using algebra::Bits;
using algebra::Diagram;
using algebra::Verdict;

bool is_a_set(const DimensionValue& value) { return value.value.kind == ValueKind::kSet; }

constexpr std::uint32_t kWithoutToken = UINT32_MAX;  // as the chosen atom: there is no token to have the claim

GroupId group_count(const std::vector<GroupedCube>& cubes) {
  GroupId count = 0;
  for (const GroupedCube& one : cubes) count = std::max(count, one.group + 1);
  return count;
}

}  // namespace

std::size_t LocalSearch::KeyHash::operator()(const Key& key) const {
  std::size_t hash = key.alive.hash() * 31 + key.level * 2 + (key.has_token ? 1 : 0);
  for (const std::uint32_t atom : key.linked) hash = (hash ^ atom) * 0x9e3779b97f4a7c15U;
  return hash;
}

LocalSearch::LocalSearch(const PredicateTable& table, const std::vector<GroupedCube>& cubes, const Formula& formula,
                         const PathAtPlace& path, StepBudget& budget)
    : table_(table), cubes_(cubes), formula_(formula), path_(path), budget_(budget) {
  groups_.assign(group_count(cubes), Bits(cubes.size()));
  for (std::size_t i = 0; i < cubes.size(); ++i) {
    groups_[cubes[i].group].set(i);
    for (const Literal& literal : cubes[i].cube) {
      std::vector<PredicateId>& predicates = asked_[table[literal.predicate].subject];
      if (std::find(predicates.begin(), predicates.end(), literal.predicate) == predicates.end()) {
        predicates.push_back(literal.predicate);
      }
    }
  }
  // Without a token nothing about one holds, so whether there is one comes first and is always asked.
  asked_.try_emplace(Subject{Aspect::kToken});
}

/// The cubes that do not fail at the value; at nullptr: where there is no token.
Bits LocalSearch::survivors(const std::vector<PredicateId>& predicates, const DimensionValue* value) const {
  std::map<PredicateId, bool> truths;
  for (const PredicateId id : predicates) truths.emplace(id, value != nullptr && holds_at(table_[id], *value));
  Bits alive(cubes_.size());
  for (std::size_t i = 0; i < cubes_.size(); ++i) {
    const bool fails = std::any_of(cubes_[i].cube.begin(), cubes_[i].cube.end(), [&](const Literal& literal) {
      const auto truth = truths.find(literal.predicate);
      return truth != truths.end() && truth->second == literal.negated;
    });
    if (!fails) alive.set(i);
  }
  return alive;
}

std::vector<std::string> LocalSearch::pinned_texts(const std::string& claim) const {
  std::vector<std::string> texts;
  for (const auto& [subject, predicates] : asked_) {
    if (subject.aspect != Aspect::kBinding || subject.name != claim) continue;
    if (const auto text = path_.pinned(subject.segment)) texts.push_back(*text);
  }
  return texts;
}

bool LocalSearch::add_dimension(const Subject& subject, const std::vector<PredicateId>& predicates) {
  const auto is_bound = [&](const auto& asked) {
    return asked.first.aspect == Aspect::kBinding && asked.first.name == subject.name;
  };
  Dimension dimension;
  dimension.subject = subject;
  dimension.linked = subject.aspect == Aspect::kBinding ||
                     (subject.aspect == Aspect::kClaim && std::any_of(asked_.begin(), asked_.end(), is_bound));
  std::vector<const Predicate*> records;
  for (const PredicateId id : predicates) records.push_back(&table_[id]);
  const std::vector<std::string> pinned =
      dimension.linked && subject.aspect == Aspect::kClaim ? pinned_texts(subject.name) : std::vector<std::string>();
  const auto values = values_of(subject, records, pinned);
  if (!values || !budget_.take(values->size())) return false;
  dimension.has_set = asked_.contains({Aspect::kSet, subject.name}) && subject.aspect == Aspect::kClaim;
  for (const DimensionValue& value : *values) {
    Bits alive = survivors(predicates, &value);
    const auto is_same = [&](const DimensionAtom& atom) {
      const bool same_kind = !dimension.has_set || is_a_set(atom.value) == is_a_set(value);
      return same_kind && atom.survivors == alive;
    };
    const bool known = !dimension.linked && std::any_of(dimension.atoms.begin(), dimension.atoms.end(), is_same);
    if (!known) dimension.atoms.push_back({value, std::move(alive)});
  }
  dimension.without_token = survivors(predicates, nullptr);
  dimensions_.push_back(std::move(dimension));
  return true;
}

bool LocalSearch::add_dimensions() {
  // A claim that stands in the path or has elements is a dimension, asked for or not.
  std::vector<Subject> claims;
  for (const auto& [subject, predicates] : asked_) {
    const bool needs_claim = subject.aspect == Aspect::kBinding || subject.aspect == Aspect::kSet;
    if (needs_claim) claims.push_back({Aspect::kClaim, subject.name});
  }
  for (Subject& claim : claims) asked_.try_emplace(std::move(claim));
  for (const auto& [subject, predicates] : asked_) {
    if (!is_set(subject.aspect) && !add_dimension(subject, predicates)) return false;
  }
  return true;
}

void LocalSearch::find_completions() {
  std::map<Subject, std::size_t> levels;
  for (std::size_t i = 0; i < dimensions_.size(); ++i) levels.emplace(dimensions_[i].subject, i);
  complete_.assign(dimensions_.size() + 1, Bits(cubes_.size()));
  for (std::size_t i = 0; i < cubes_.size(); ++i) {
    std::size_t from = 0;
    for (const Literal& literal : cubes_[i].cube) {
      const auto level = levels.find(table_[literal.predicate].subject);
      from = std::max(from, level == levels.end() ? dimensions_.size() + 1 : level->second + 1);
    }
    for (std::size_t level = from; level < complete_.size(); ++level) complete_[level].set(i);
  }
}

LocalSearch::Verdict LocalSearch::run(Point& point) {
  Bits alive(cubes_.size());
  for (std::size_t i = 0; i < cubes_.size(); ++i) alive.set(i);
  complete_.assign(1, Bits(cubes_.size()));
  for (std::size_t i = 0; i < cubes_.size(); ++i) {
    if (cubes_[i].cube.empty()) complete_[0].set(i);
  }
  if (!budget_.take()) return Verdict::kUnknown;
  // Most places need no look at their dimensions.
  if (truth(0, alive) == Truth::kFalse) return Verdict::kNone;
  if (!add_dimensions()) return Verdict::kUnknown;
  find_completions();
  chosen_.assign(dimensions_.size(), 0);
  found_ = point;
  const Verdict verdict = descend(0, alive);
  if (verdict == Verdict::kFound) point = found_;
  return verdict;
}

Truth LocalSearch::truth(std::size_t level, const Bits& alive) const {
  return formula_.evaluate([&](GroupId group) {
    if (group >= groups_.size()) return Truth::kFalse;
    const Bits left = alive & groups_[group];
    if (left.none()) return Truth::kFalse;
    return left.intersects(complete_[level]) ? Truth::kTrue : Truth::kOpen;
  });
}

bool LocalSearch::has_token() const {
  // The first dimension: no aspect of a dimension is below it.
  return dimensions_.front().atoms[chosen_.front()].value.value.integer != 0;
}

LocalSearch::Key LocalSearch::key_of(std::size_t level, const Bits& alive) const {
  Key key{level, level > 0 && has_token(), alive, {}};
  for (std::size_t i = 0; i < level; ++i) {
    const Dimension& dimension = dimensions_[i];
    if (dimension.linked) key.linked.push_back(chosen_[i]);
    if (dimension.has_set && key.has_token) key.linked.push_back(is_a_set(dimension.atoms[chosen_[i]].value) ? 1 : 0);
  }
  return key;
}

Verdict LocalSearch::descend(std::size_t level, const Bits& alive) {
  if (!budget_.take(1 + alive.size() / 1024)) return Verdict::kUnknown;
  if (truth(level, alive) == Truth::kFalse) return Verdict::kNone;
  if (level == dimensions_.size()) return settle_sets(alive);
  Key key = key_of(level, alive);
  if (failed_.contains(key)) return Verdict::kNone;
  const Verdict verdict = try_atoms(level, alive);
  if (verdict == Verdict::kNone) failed_.insert(std::move(key));
  return verdict;
}

Verdict LocalSearch::try_atoms(std::size_t level, const Bits& alive) {
  const Dimension& dimension = dimensions_[level];
  if (level > 0 && is_of_token(dimension.subject.aspect) && !has_token()) {
    chosen_[level] = kWithoutToken;
    return descend(level + 1, alive & dimension.without_token);
  }
  Verdict verdict = Verdict::kNone;
  for (std::uint32_t i = 0; i < dimension.atoms.size(); ++i) {
    chosen_[level] = i;
    const Verdict one = descend(level + 1, alive & dimension.atoms[i].survivors);
    if (one == Verdict::kFound) return one;
    if (one == Verdict::kUnknown) verdict = one;
    if (budget_.left == 0) return Verdict::kUnknown;
  }
  return verdict;
}

std::uint32_t LocalSearch::variable_of(const Subject& subject, const std::string& element) {
  const auto [at, is_new] = variables_.try_emplace({subject, element}, static_cast<std::uint32_t>(elements_.size()));
  if (is_new) elements_.push_back(at->first);
  return at->second;
}

/// Whether there is a set to have elements: every token has scopes and an audience, if empty ones.
bool LocalSearch::has_elements(const Subject& subject) const {
  if (!has_token() || subject.aspect != Aspect::kSet) return has_token();
  const Subject claim{Aspect::kClaim, subject.name};
  const auto dimension =
      std::find_if(dimensions_.begin(), dimensions_.end(), [&](const Dimension& one) { return one.subject == claim; });
  return is_a_set(dimension->atoms[chosen_[static_cast<std::size_t>(dimension - dimensions_.begin())]].value);
}

Diagram::Node LocalSearch::node_of(const Literal& literal, Diagram& diagram) {
  const Predicate& predicate = table_[literal.predicate];
  Diagram::Node node = Diagram::kFalse;
  if (has_elements(predicate.subject)) {
    const PredicateKind kind = predicate.kind;
    const bool all = kind == PredicateKind::kScopesAll || kind == PredicateKind::kHasAll;
    const bool none = kind == PredicateKind::kScopesNone || kind == PredicateKind::kHasNone;
    node = all ? Diagram::kTrue : Diagram::kFalse;
    for (const std::string& text : predicate.texts) {
      const Diagram::Node element = diagram.variable(variable_of(predicate.subject, text));
      node = all ? diagram.both(node, element) : diagram.either(node, element);
    }
    if (none) node = diagram.negate(node);
  }
  return literal.negated ? diagram.negate(node) : node;
}

/// The dimensions are settled: is there a choice of sets?
Verdict LocalSearch::settle_sets(const Bits& alive) {
  Diagram diagram({65'536, std::min<std::size_t>(1'000'000, budget_.left), 4'096});
  const auto of_group = [&](GroupId group) {
    Diagram::Node any = Diagram::kFalse;
    if (group >= groups_.size()) return any;
    const Bits left = alive & groups_[group];
    for (std::size_t i = left.next(); i < left.size(); i = left.next(i + 1)) {
      Diagram::Node all = Diagram::kTrue;
      for (const Literal& literal : cubes_[i].cube) {
        if (is_set(table_[literal.predicate].subject.aspect)) all = diagram.both(all, node_of(literal, diagram));
      }
      any = diagram.either(any, all);
    }
    return any;
  };
  const Diagram::Node node = formula_.build(diagram, of_group);
  budget_.take(diagram.node_count());
  const algebra::Assignment assignment = diagram.fewest_true(node);
  if (assignment.verdict != Verdict::kFound) return assignment.verdict;
  return settle(assignment.variables);
}

/// Everything is decided but the texts of claims that stand in the path.
Verdict LocalSearch::settle(const std::vector<std::uint32_t>& elements) {
  Point point = found_;
  std::vector<Equality> equalities;
  std::vector<BoundClaim> claims;
  for (std::size_t i = 0; i < dimensions_.size(); ++i) {
    if (chosen_[i] == kWithoutToken) continue;
    const Dimension& dimension = dimensions_[i];
    const DimensionValue& value = dimension.atoms[chosen_[i]].value;
    put_value(dimension.subject, value, point);
    if (dimension.subject.aspect == Aspect::kBinding) {
      equalities.push_back({dimension.subject.segment, dimension.subject.name, value.value.integer != 0});
    } else if (dimension.linked) {
      BoundClaim claim{dimension.subject.name, value, {}};
      for (const PredicateId id : asked_[dimension.subject]) claim.predicates.push_back(&table_[id]);
      claims.push_back(std::move(claim));
    }
  }
  for (const std::uint32_t element : elements) point.sets[elements_[element].first].insert(elements_[element].second);
  const Verdict verdict = analysis::bind(path_, equalities, claims, point);
  if (verdict == Verdict::kFound) found_ = std::move(point);
  return verdict;
}

}  // namespace ostiary::policy::analysis
