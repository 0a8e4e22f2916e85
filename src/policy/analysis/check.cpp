// Whether a Gate stays inside a boundary.
#include "policy/analysis/answer.hpp"
#include "policy/analysis/tokens.hpp"

#include <ostiary/policy/analysis.hpp>

#include <array>

namespace ostiary {

namespace {

using namespace policy::analysis;

constexpr std::size_t kGate = 0;
constexpr std::size_t kBoundary = 1;

}  // namespace

GateCheck check_gate(std::string_view gate, std::string_view boundary, const AnalysisBudget& budget,
                     const Limits& limits) {
  GateCheck check;
  const ReadGate read_gate(gate, limits);
  const ReadGate read_boundary(boundary, limits);
  check.gate_errors = read_gate.errors;
  check.boundary_errors = read_boundary.errors;
  if (!read_gate.source || !read_boundary.source) return check;

  const std::array<const policy::GateSource*, 2> sources = {&*read_gate.source, &*read_boundary.source};
  Solver solver(sources, budget.steps_max);
  const Formula outside = Formula::all({allowed(kGate), Formula::none(permitted(kBoundary))});
  std::vector<Asked> questions{{{outside, {}, {}, {}}, kGate, kBoundary, {}}};
  for (Asked& asked : role_questions(solver, kGate, kBoundary, true)) questions.push_back(std::move(asked));
  check.outside = answer(solver, questions, {&read_gate, &read_boundary}, budget);
  check.outside.notes = looser_tokens(*sources[kGate], *sources[kBoundary]);
  if (!check.outside.notes.empty() && check.outside.proof == Proof::kNone) check.outside.proof = Proof::kSome;
  return check;
}

std::string gate_check_json(const GateCheck& check) {
  adapt::Outline outline = adapt::Outline::object();
  outline.set("inside", check.inside());
  outline.set("gate_errors", outline_of(check.gate_errors));
  outline.set("boundary_errors", outline_of(check.boundary_errors));
  outline.set("outside", outline_of(check.outside));
  return outline.json();
}

}  // namespace ostiary
