#include "adapt/json.hpp"
#include "policy/compile_source.hpp"
#include "policy/diagnostics.hpp"
#include "policy/gate_test/compare.hpp"
#include "policy/gate_test/coverage.hpp"
#include "policy/gate_test/mutants.hpp"
#include "policy/gate_test/read_table.hpp"
#include "policy/gate_test/stub_door.hpp"
#include "policy/json_node.hpp"
#include "policy/line_index.hpp"

#include <ostiary/policy/gate_test.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace ostiary {

namespace {

using policy::AskedTest;
using policy::GateSource;
using policy::LineIndex;
using policy::Mutation;
using policy::TestCase;
using policy::TestTable;

std::int64_t time_of(const TestCase& test, const TestTable& table) { return test.request.now_s.value_or(table.now_s); }

/// Everything that is known about a sound Gate and a sound table. Borrows.
struct Subject {
  const GateSource& source;
  const std::string& image;
  const TestTable& table;
  const LineIndex& gate_lines;
  const LineIndex& table_lines;
  const Limits& limits;
};

void run_tests(const Subject& subject, const Gate& gate, GateTestReport& report) {
  policy::StubDoor door(gate, subject.source, subject.limits);
  policy::CoverageCount coverage(gate, subject.source);
  for (const TestCase& test : subject.table.cases) {
    door.ask(test, time_of(test, subject.table), [&](const AskedTest& asked) {
      const Decision& decision = asked.decision;
      report.results.push_back({test.name.value, subject.table_lines.place(test.name.offset), decision.effect,
                                decision.reason, std::string(decision.route), std::string(decision.rule),
                                std::string(decision.role.id), policy::differences_of(test, decision)});
      coverage.note(asked);
    });
  }
  report.coverage = coverage.report(subject.gate_lines);
}

/// Whether some test fails with this Gate.
bool is_killed(const TestTable& table, const Gate& gate, const GateSource& source, const Limits& limits) {
  policy::StubDoor door(gate, source, limits);
  return std::any_of(table.cases.begin(), table.cases.end(), [&](const TestCase& test) {
    bool differs = false;
    door.ask(test, time_of(test, table),
             [&](const AskedTest& asked) { differs = !policy::differences_of(test, asked.decision).empty(); });
    return differs;
  });
}

void try_mutant(const Subject& subject, const Mutation& mutation, GateMutation& done) {
  GateSource changed = subject.source;
  mutation.apply(changed);
  policy::Diagnostics diagnostics({});
  const std::string image = policy::compile_source(changed, subject.limits, diagnostics);
  const Result<Gate> gate = Gate::load(image);
  if (!diagnostics.empty() || image == subject.image || !gate) {
    ++done.unusable;
    return;
  }
  ++done.tried;
  if (is_killed(subject.table, *gate, changed, subject.limits)) {
    ++done.killed;
    return;
  }
  done.survivors.push_back({std::string(mutation.change), std::string(mutation.subject), mutation.id, mutation.detail,
                            subject.gate_lines.place(mutation.offset)});
}

/// When there are too many, those that are tried are spread evenly over the source.
GateMutation try_mutants(const Subject& subject, std::uint32_t most) {
  GateMutation done{.done = true, .survivors = {}};
  const std::vector<Mutation> all = policy::mutations_of(subject.source);
  const std::size_t count = std::min<std::size_t>(all.size(), most);
  for (std::size_t i = 0; i < count; ++i) try_mutant(subject, all[i * all.size() / count], done);
  done.left_out = static_cast<std::uint32_t>(all.size() - count);
  return done;
}

std::optional<TestTable> parse_table(std::string_view json, adapt::JsonReader& reader, const GateSource& gate,
                                     const Limits& limits, policy::Diagnostics& diagnostics) {
  const adapt::JsonResult parsed = reader.read(json);
  policy::report_json_fault(parsed, limits, diagnostics);
  if (!diagnostics.empty()) return std::nullopt;
  return policy::read_table(policy::JsonNode(parsed.values, 0, diagnostics), gate);
}

}  // namespace

bool GateTestReport::passed() const noexcept {
  return gate_errors.empty() && table_errors.empty() && !results.empty() &&
         std::all_of(results.begin(), results.end(), [](const GateTestResult& result) { return result.passed(); });
}

GateTestReport test_gate(std::string_view source, std::string_view table, const GateTestOptions& options,
                         const Limits& limits) {
  GateTestReport report;
  policy::Diagnostics gate_diagnostics(source);
  const std::optional<GateSource> gate_source = policy::parse_source(source, limits, gate_diagnostics);
  std::string image;
  if (gate_source) image = policy::compile_source(*gate_source, limits, gate_diagnostics);
  report.gate_errors = gate_diagnostics.take();
  if (!report.gate_errors.empty()) return report;

  policy::Diagnostics table_diagnostics(table);
  adapt::JsonReader reader(policy::json_bounds(limits));
  const std::optional<TestTable> tests = parse_table(table, reader, *gate_source, limits, table_diagnostics);
  report.table_errors = table_diagnostics.take();
  if (!report.table_errors.empty()) return report;

  const Result<Gate> gate = Gate::load(image);
  if (!gate) {
    report.gate_errors.push_back({gate.reason(), 1, 1, "the compiled image does not load"});
    return report;
  }
  const LineIndex gate_lines(source);
  const LineIndex table_lines(table);
  const Subject subject{*gate_source, image, *tests, gate_lines, table_lines, limits};
  run_tests(subject, *gate, report);
  if (options.mutants && report.passed()) report.mutation = try_mutants(subject, options.mutants_max);
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
