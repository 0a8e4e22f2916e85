// Questions about all requests: is there one that makes a formula true?
#pragma once

#include "policy/analysis/access_model.hpp"
#include "policy/analysis/formula.hpp"
#include "policy/analysis/local_search.hpp"
#include "policy/analysis/places.hpp"
#include "policy/analysis/point.hpp"
#include "policy/analysis/predicates.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ostiary::policy::analysis {

/// The groups of one Gate. Those of Gate g begin at g * kGroupsOfGate.
enum class Part : std::uint8_t {
  kAllow,       ///< rules that allow
  kDeny,        ///< rules that deny
  kValid,       ///< the credential is no reason to refuse
  kUnsendable,  ///< a claim cannot be sent as the route says
  kRoleFree,    ///< the route needs no role
  kRole,        ///< some role mapping matches
  kSession,     ///< some does, and its session has the texts it needs
  kTwoRoles,    ///< several match
  kAskedRole,   ///< one of those that the question names does, and its session has its texts
  kAskedRule,   ///< one of the rules that the question names matches
};
inline constexpr GroupId kGroupsOfGate = 10;
inline constexpr std::size_t kGatesMax = 2;
/// The first group that no Gate has.
inline constexpr GroupId kFreeGroup = kGatesMax * kGroupsOfGate;

[[nodiscard]] constexpr GroupId group_of(std::size_t gate, Part part) {
  return static_cast<GroupId>(gate) * kGroupsOfGate + static_cast<GroupId>(part);
}

/// Rules left out of a question, and rules and role mappings that it names.
struct Selection {
  std::vector<std::uint32_t> without_rules = {};  ///< places in AccessModel::rules
  std::vector<std::uint32_t> roles = {};          ///< places in AccessModel::roles
  std::vector<std::uint32_t> rules = {};          ///< places in AccessModel::rules, asked for besides
  std::vector<std::uint32_t> routes = {};         ///< not empty: only requests that reach one of these
};

/// What is asked: a formula of the groups of the Gates, and of cubes besides.
struct Question {
  Formula formula;
  std::vector<Selection> selections;    ///< by Gate; may be empty
  std::vector<GroupedCube> cubes = {};  ///< groups beyond those of the Gates
  std::vector<Cube> within = {};        ///< not empty: only requests of one of these
};

/// Access as a door gives it (docs/language.md, steps 3 to 6).
[[nodiscard]] Formula allowed(std::size_t gate);
/// The same of a boundary: roles play no part.
[[nodiscard]] Formula permitted(std::size_t gate);

/// What was found.
struct Finding {
  algebra::Verdict verdict = algebra::Verdict::kUnknown;
  Point point = {};
  std::vector<std::uint32_t> routes = {};  ///< by Gate: which one the request reaches
};

/// Some Gates and all questions about them. Borrows the sources. Confined.
class Solver {
 public:
  Solver(std::span<const GateSource* const> gates, std::uint64_t steps_max);

  /// Empty, or why no question can be answered.
  [[nodiscard]] const std::string& fault() const { return fault_; }
  [[nodiscard]] const AccessModel& gate(std::size_t number) const { return models_[number]; }
  [[nodiscard]] PredicateTable& predicates() { return table_; }
  [[nodiscard]] std::uint64_t steps() const { return budget_.spent; }

  /// The predicates of the question must be among those of the Gates, or interned before `cut`.
  [[nodiscard]] Finding find(const Question& question);

  /// Cuts requests into places. Before the first `find`, after the last predicate.
  void cut();

  /// The methods with which requests of a cube reach some route of a Gate, as a mask.
  [[nodiscard]] std::uint32_t methods_within(const Cube& cube, std::size_t gate) const;

  /// The cubes of one of its rules or mappings on a route, whose path may bind them.
  [[nodiscard]] std::vector<Cube> cubes_on(std::size_t gate, std::uint32_t route, const RuleCubes& rule) const;

 private:
  [[nodiscard]] bool is_within(const Question& question, const Place& place) const;
  void add_gate(std::size_t gate, const Place& place, const Selection* selection,
                std::vector<GroupedCube>& cubes) const;
  void add_roles(std::size_t gate, const Place& place, const Selection* selection,
                 std::vector<GroupedCube>& cubes) const;
  void add(GroupId group, const Cube& cube, const Place& place, std::vector<GroupedCube>& cubes) const;
  [[nodiscard]] std::optional<Cube> at(const Cube& cube, const Place& place) const;

  std::vector<AccessModel> models_;
  PredicateTable table_;
  std::optional<Places> places_;
  std::string fault_;
  StepBudget budget_;
};

}  // namespace ostiary::policy::analysis
