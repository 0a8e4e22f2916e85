// All that makes a formula true, told as a few areas: requests with a few conditions in common, as few as can be.
#pragma once

#include "policy/analysis/solver.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace ostiary::policy::analysis {

struct Area {
  algebra::Verdict verdict = algebra::Verdict::kUnknown;
  Finding example = {};
  Cube conditions = {};  ///< in the order in which they are told
  bool is_whole = true;  ///< false: the budget did not suffice to say more than the example
};

/// Finds one area after the other. Areas are of requests that a Gate takes at all: with a token that is good there, or
/// none, and claims that can be sent; so no area has to say what a token of an issuer looks like. Borrows the solver.
/// Confined.
class AreaFinder {
 public:
  /// `gate`: whose door takes the requests.
  AreaFinder(Solver& solver, Question question, std::size_t gate)
      : solver_(solver), question_(std::move(question)), gate_(gate) {}

  /// One that holds a request in none of those before. kNone: there is none.
  [[nodiscard]] Area next();

 private:
  static constexpr GroupId kFound = kFreeGroup + 1;
  static constexpr GroupId kGrown = kFreeGroup + 2;

  [[nodiscard]] Finding outside(const Cube& area);
  [[nodiscard]] bool grow(const Finding& example, Cube& area);
  void shrink(Cube& area);
  [[nodiscard]] std::vector<Literal> at_route(const Finding& finding, const Point& truth_at) const;

  Solver& solver_;
  Question question_;
  std::size_t gate_;
  std::vector<Cube> found_;
};

}  // namespace ostiary::policy::analysis
