#include "adapt/json.hpp"
#include "policy/compile_source.hpp"
#include "policy/diagnostics.hpp"
#include "policy/gate_test/compare.hpp"
#include "policy/gate_test/read_table.hpp"
#include "policy/gate_test/stub_door.hpp"
#include "policy/json_node.hpp"
#include "policy/line_index.hpp"

#include <ostiary/policy/gate_test.hpp>

#include <algorithm>
#include <utility>

namespace ostiary {

namespace {

using policy::TestCase;
using policy::TestTable;

std::vector<GateTestResult> run_tests(const TestTable& table, const Gate& gate, const policy::GateSource& source,
                                      const std::vector<SourcePlace>& places, const Limits& limits) {
  policy::StubDoor door(gate, source, limits);
  std::vector<GateTestResult> results;
  for (const TestCase& test : table.cases) {
    door.ask(test, test.request.now_s.value_or(table.now_s), [&](const policy::AskedTest& asked) {
      const Decision& decision = asked.decision;
      results.push_back({test.name.value, places[results.size()], decision.effect, decision.reason,
                         std::string(decision.route), std::string(decision.rule), std::string(decision.role.id),
                         policy::differences_of(test, decision)});
    });
  }
  return results;
}

std::vector<SourcePlace> places_of(const TestTable& table, std::string_view text) {
  const policy::LineIndex lines(text);
  std::vector<SourcePlace> places;
  for (const TestCase& test : table.cases) places.push_back(lines.place(test.name.offset));
  return places;
}

}  // namespace

bool GateTestReport::passed() const noexcept {
  return gate_errors.empty() && table_errors.empty() && !results.empty() &&
         std::all_of(results.begin(), results.end(), [](const GateTestResult& result) { return result.passed(); });
}

GateTestReport test_gate(std::string_view source, std::string_view table, const Limits& limits) {
  GateTestReport report;
  policy::Diagnostics gate_diagnostics(source);
  const std::optional<policy::GateSource> gate_source = policy::parse_source(source, limits, gate_diagnostics);
  std::string image;
  if (gate_source) image = policy::compile_source(*gate_source, limits, gate_diagnostics);
  report.gate_errors = gate_diagnostics.take();
  if (!report.gate_errors.empty()) return report;

  policy::Diagnostics diagnostics(table);
  adapt::JsonReader reader(policy::json_bounds(limits));
  const adapt::JsonResult parsed = reader.read(table);
  policy::report_json_fault(parsed, limits, diagnostics);
  TestTable tests;
  if (diagnostics.empty()) {
    tests = policy::read_table(policy::JsonNode(parsed.values, 0, diagnostics), *gate_source);
  }
  report.table_errors = diagnostics.take();
  if (!report.table_errors.empty()) return report;
  const Result<Gate> gate = Gate::load(image);
  if (!gate) {
    report.gate_errors.push_back({gate.reason(), 1, 1, "the compiled image does not load"});
    return report;
  }
  report.results = run_tests(tests, *gate, *gate_source, places_of(tests, table), limits);
  return report;
}

std::string gate_named_by_table(std::string_view table, const Limits& limits) {
  adapt::JsonReader reader(policy::json_bounds(limits));
  const adapt::JsonResult parsed = reader.read(table);
  if (parsed.fault != adapt::JsonFault::kNone || parsed.values[0].kind != adapt::JsonKind::kObject) return {};
  const adapt::JsonValue* const file = adapt::find_member(parsed.values, 0, "gate");
  return file != nullptr && file->kind == adapt::JsonKind::kText ? std::string(file->text) : std::string();
}

}  // namespace ostiary
