// From questions to answers that people read: areas with an example each, decided again by the door before it is shown.
#pragma once

#include "policy/analysis/areas.hpp"
#include "policy/analysis/solver.hpp"
#include "policy/analysis/witness.hpp"
#include "policy/line_index.hpp"
#include "policy/source.hpp"

#include <ostiary/core/limits.hpp>
#include <ostiary/policy/analysis.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::policy::analysis {

/// A Gate that compiles, ready to be asked about; or what is wrong with it. Does not move: others borrow from it.
class ReadGate {
 public:
  ReadGate(std::string_view json, const Limits& limits);
  ReadGate(const ReadGate&) = delete;
  ReadGate& operator=(const ReadGate&) = delete;
  ~ReadGate() = default;

  std::vector<GateError> errors;
  std::optional<GateSource> source;  ///< there when there are no errors, as what is below
  std::optional<Witness> door;
  LineIndex lines;

  /// Where a rule stands.
  [[nodiscard]] SourcePlace place_of(std::string_view rule) const;
};

/// A question with what is said about its answers.
struct Asked {
  Question question;
  std::size_t gate = 0;                   ///< that allows
  std::optional<std::size_t> other;       ///< that does not
  std::vector<std::uint32_t> roles = {};  ///< of the first; empty: about access alone
};

/// Answers all of them as one. `gates` are those of the solver, in its order.
[[nodiscard]] AccessAnswer answer(Solver& solver, const std::vector<Asked>& questions,
                                  const std::vector<const ReadGate*>& gates, const AnalysisBudget& budget);

/// What a role mapping gives: equal for mappings that give the same but for the duration.
[[nodiscard]] std::string grant_of(const RoleSource& role);

/// Questions about each grant of `gate`: is there a request that gets it, which `other` lets in without one that is
/// at least as much? With `permits`, the other is a boundary.
[[nodiscard]] std::vector<Asked> role_questions(const Solver& solver, std::size_t gate, std::size_t other,
                                                bool permits);

/// The answer as part of a report.
[[nodiscard]] adapt::Outline outline_of(const AccessAnswer& answer);
[[nodiscard]] adapt::Outline outline_of(const std::vector<GateError>& errors);

}  // namespace ostiary::policy::analysis
