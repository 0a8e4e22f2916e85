// Rules that do nothing, or more than they seem to.
#pragma once

#include "policy/analysis/answer.hpp"
#include "policy/analysis/solver.hpp"

#include <ostiary/policy/analysis.hpp>

namespace ostiary::policy::analysis {

/// The solver has the one Gate, and is cut. Findings are added in no particular order.
void lint_rules(Solver& solver, const ReadGate& gate, const LintOptions& options, GateLint& lint);

/// Fills in what shows a finding: the request is decided by the door first. False when the door sees it otherwise.
[[nodiscard]] bool show(const ReadGate& gate, const Point& point, Effect expected, LintFinding& finding);

}  // namespace ostiary::policy::analysis
