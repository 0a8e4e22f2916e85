#include "adapt/outline.hpp"

#include <ostiary/policy/gate_test.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ostiary {

namespace {

using adapt::Outline;

Outline unless_empty(const std::string& text) { return text.empty() ? Outline() : Outline(text); }
Outline or_null(const std::optional<std::string>& text) { return text ? Outline(*text) : Outline(); }

void set_place(Outline& object, SourcePlace place) {
  object.set("line", place.line);
  object.set("column", place.column);
}

Outline reason_of(Reason reason) {
  Outline object = Outline::object();
  object.set("number", static_cast<std::int32_t>(reason));
  object.set("name", reason_info(reason).name);
  return object;
}

template <typename Item>
Outline list_of(const std::vector<Item>& items, Outline (*outline)(const Item&)) {
  Outline list = Outline::list();
  for (const Item& item : items) list.add(outline(item));
  return list;
}

Outline error_of(const GateError& error) {
  Outline object = Outline::object();
  set_place(object, {error.line, error.column});
  object.set("reason", reason_of(error.reason));
  object.set("message", error.message);
  return object;
}

Outline difference_of(const GateTestDifference& difference) {
  Outline object = Outline::object();
  object.set("member", difference.member);
  object.set("expected", or_null(difference.expected));
  object.set("actual", or_null(difference.actual));
  return object;
}

Outline result_of(const GateTestResult& result) {
  Outline object = Outline::object();
  object.set("name", result.name);
  set_place(object, result.place);
  object.set("passed", result.passed());
  object.set("effect", result.effect == Effect::kAllow ? "allow" : "deny");
  object.set("reason", reason_of(result.reason));
  object.set("route", unless_empty(result.route));
  object.set("rule", unless_empty(result.rule));
  object.set("role", unless_empty(result.role));
  object.set("differences", list_of(result.differences, difference_of));
  return object;
}

Outline uncovered_of(const GateUncovered& uncovered) {
  Outline object = Outline::object();
  object.set("subject", uncovered.subject);
  object.set("id", uncovered.id);
  object.set("condition", unless_empty(uncovered.condition));
  object.set("missing", uncovered.missing);
  set_place(object, uncovered.place);
  return object;
}

Outline coverage_of(const GateCoverage& coverage) {
  Outline object = Outline::object();
  object.set("shown", coverage.shown);
  object.set("total", coverage.total);
  object.set("percent", coverage.percent());
  object.set("uncovered", list_of(coverage.uncovered, uncovered_of));
  return object;
}

Outline mutant_of(const GateMutant& mutant) {
  Outline object = Outline::object();
  object.set("change", mutant.change);
  object.set("subject", mutant.subject);
  object.set("id", mutant.id);
  object.set("detail", unless_empty(mutant.detail));
  set_place(object, mutant.place);
  return object;
}

Outline mutation_of(const GateMutation& mutation) {
  Outline object = Outline::object();
  object.set("done", mutation.done);
  object.set("tried", mutation.tried);
  object.set("killed", mutation.killed);
  object.set("unusable", mutation.unusable);
  object.set("left_out", mutation.left_out);
  object.set("survivors", list_of(mutation.survivors, mutant_of));
  return object;
}

}  // namespace

std::string gate_test_json(const GateTestReport& report) {
  Outline object = Outline::object();
  object.set("passed", report.passed());
  object.set("gate_errors", list_of(report.gate_errors, error_of));
  object.set("table_errors", list_of(report.table_errors, error_of));
  object.set("results", list_of(report.results, result_of));
  object.set("coverage", coverage_of(report.coverage));
  object.set("mutants", mutation_of(report.mutation));
  return object.json();
}

}  // namespace ostiary
