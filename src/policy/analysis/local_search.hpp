// Whether some request at one place makes a formula true, and which: the cubes that are left there, dimension by
// dimension, as a decision diagram that is built as far as it is needed.
#pragma once

#include "policy/algebra/bits.hpp"
#include "policy/algebra/diagram.hpp"
#include "policy/analysis/bindings.hpp"
#include "policy/analysis/dimensions.hpp"
#include "policy/analysis/formula.hpp"
#include "policy/analysis/point.hpp"
#include "policy/analysis/predicates.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace ostiary::policy::analysis {

/// A cube without its literals about the place, and what it counts for.
struct GroupedCube {
  GroupId group = 0;
  Cube cube;
};

/// Steps left, shared by all searches of a question.
struct StepBudget {
  std::uint64_t left = 0;
  std::uint64_t spent = 0;

  bool take(std::uint64_t steps = 1) {
    if (left < steps) {
      left = 0;
      return false;
    }
    left -= steps;
    spent += steps;
    return true;
  }
};

/// Borrows everything. One search. Confined.
class LocalSearch {
 public:
  using Verdict = algebra::Verdict;

  LocalSearch(const PredicateTable& table, const std::vector<GroupedCube>& cubes, const Formula& formula,
              const PathAtPlace& path, StepBudget& budget);

  /// kFound: `point` gets everything but host and method.
  [[nodiscard]] Verdict run(Point& point);

 private:
  /// What the rest of a descent depends on.
  struct Key {
    std::size_t level = 0;
    bool has_token = false;
    algebra::Bits alive;
    std::vector<std::uint32_t> linked;  ///< atoms chosen where claims in paths depend on them

    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  /// An element that a set has or has not.
  using Element = std::pair<Subject, std::string>;

  [[nodiscard]] bool add_dimensions();
  [[nodiscard]] bool add_dimension(const Subject& subject, const std::vector<PredicateId>& predicates);
  void find_completions();
  [[nodiscard]] std::vector<std::string> pinned_texts(const std::string& claim) const;
  [[nodiscard]] algebra::Bits survivors(const std::vector<PredicateId>& predicates, const DimensionValue* value) const;

  [[nodiscard]] Truth truth(std::size_t level, const algebra::Bits& alive) const;
  [[nodiscard]] Key key_of(std::size_t level, const algebra::Bits& alive) const;
  [[nodiscard]] Verdict descend(std::size_t level, const algebra::Bits& alive);
  [[nodiscard]] Verdict try_atoms(std::size_t level, const algebra::Bits& alive);
  [[nodiscard]] Verdict settle_sets(const algebra::Bits& alive);
  [[nodiscard]] algebra::Diagram::Node node_of(const Literal& literal, algebra::Diagram& diagram);
  [[nodiscard]] std::uint32_t variable_of(const Subject& subject, const std::string& element);
  [[nodiscard]] Verdict settle(const std::vector<std::uint32_t>& elements);
  [[nodiscard]] bool has_token() const;
  [[nodiscard]] bool has_elements(const Subject& subject) const;

  const PredicateTable& table_;
  const std::vector<GroupedCube>& cubes_;
  const Formula& formula_;
  const PathAtPlace& path_;
  StepBudget& budget_;
  std::vector<algebra::Bits> groups_;  ///< by group: its cubes
  std::map<Subject, std::vector<PredicateId>> asked_;
  std::vector<Dimension> dimensions_;
  std::vector<algebra::Bits> complete_;  ///< by level: the cubes without literals at or beyond it
  std::vector<std::uint32_t> chosen_;    ///< by level: which atom
  std::map<Element, std::uint32_t> variables_;
  std::vector<Element> elements_;  ///< by variable
  std::unordered_set<Key, KeyHash> failed_;
  Point found_;
};

}  // namespace ostiary::policy::analysis
