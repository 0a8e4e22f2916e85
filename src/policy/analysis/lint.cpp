// What the author of a Gate should look at.
#include "policy/analysis/answer.hpp"
#include "policy/analysis/lint_roles.hpp"
#include "policy/analysis/lint_rules.hpp"

#include <ostiary/policy/analysis.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>

namespace ostiary {

namespace {

using namespace policy;
using namespace policy::analysis;

/// What the table leaves unshown, once for each rule, mapping and route.
void add_untested(std::string_view gate, const LintOptions& options, const Limits& limits, GateLint& lint) {
  const GateTestReport report = test_gate(gate, options.table, {}, limits);
  lint.table_errors = report.table_errors;
  for (const GateUncovered& one : report.coverage.uncovered) {
    const bool is_condition = one.subject == "condition";
    const std::string what = is_condition ? "the condition " + one.condition : "it";
    lint.findings.push_back({"untested",
                             LintSeverity::kWarning,
                             is_condition ? "rule" : one.subject,
                             one.id,
                             one.place,
                             "no test of the table shows " + what + ": " + one.missing + "; add one",
                             {},
                             {}});
  }
}

adapt::Outline outline_of_finding(const LintFinding& finding) {
  adapt::Outline one = adapt::Outline::object();
  one.set("name", finding.name);
  one.set("severity", finding.severity == LintSeverity::kBlocking ? "blocking" : "warning");
  one.set("subject", finding.subject);
  one.set("id", finding.id);
  one.set("line", finding.place.line);
  one.set("column", finding.place.column);
  one.set("message", finding.message);
  if (!finding.request.empty()) one.set("request", finding.request);
  if (!finding.test.empty()) one.set("test", finding.test);
  return one;
}

}  // namespace

GateLint lint_gate(std::string_view gate, const LintOptions& options, const AnalysisBudget& budget,
                   const Limits& limits) {
  GateLint lint;
  const ReadGate read(gate, limits);
  lint.gate_errors = read.errors;
  if (!read.source) return lint;
  if (options.table.data() != nullptr) add_untested(gate, options, limits, lint);
  if (!lint.table_errors.empty()) return lint;
  const std::array<const GateSource*, 1> sources = {&*read.source};
  Solver solver(sources, budget.steps_max);
  RoleLint roles(solver, read, lint);
  solver.cut();
  if (!solver.fault().empty()) {
    lint.unknown.push_back(solver.fault());
    return lint;
  }
  lint_rules(solver, read, options, lint);
  roles.run();
  std::stable_sort(lint.findings.begin(), lint.findings.end(), [](const LintFinding& a, const LintFinding& b) {
    return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
  });
  return lint;
}

std::string gate_lint_json(const GateLint& lint) {
  adapt::Outline findings = adapt::Outline::list();
  for (const LintFinding& finding : lint.findings) findings.add(outline_of_finding(finding));
  adapt::Outline unknown = adapt::Outline::list();
  for (const std::string& one : lint.unknown) unknown.add(one);
  adapt::Outline outline = adapt::Outline::object();
  outline.set("gate_errors", outline_of(lint.gate_errors));
  outline.set("table_errors", outline_of(lint.table_errors));
  outline.set("findings", std::move(findings));
  outline.set("unknown", std::move(unknown));
  return outline.json();
}

}  // namespace ostiary
