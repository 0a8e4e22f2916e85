// `ostiary gate test`: a Gate against a table of requests, claims and what must be decided about them.
#include "gate_test.hpp"

#include "argument_kinds.hpp"
#include "commands.hpp"
#include "decision_output.hpp"
#include "input.hpp"
#include "load.hpp"
#include "output.hpp"

#include <ostiary/policy/gate_test.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace ostiary::cli {

namespace {

constexpr const char* kExample =
    "Example:\n"
    "  ostiary gate test examples/shop/gate-tests.json\n"
    "\n"
    "docs/gate-tests.md tells what a table holds. No keys are needed: identities are given as claims. The exit\n"
    "status is 1 when a test fails.\n";

/// The Gate that the table names counts from the table.
[[nodiscard]] std::string gate_file(const GateTestOptions& options, const std::string& table) {
  if (!options.gate.empty()) return options.gate;
  const std::string named = gate_named_by_table(table);
  if (named.empty()) {
    throw Stop(Exit::kUsage, "ostiary: " + shown_file(options.table) + ": names no \"gate\"; give --gate FILE");
  }
  const std::filesystem::path folder =
      options.table == kStandardStream ? std::filesystem::path() : std::filesystem::path(options.table).parent_path();
  return (folder / named).string();
}

[[nodiscard]] std::string shown_value(const std::optional<std::string>& value) {
  return value ? escaped(*value) : "none";
}

[[nodiscard]] std::string shown_differences(const GateTestResult& result) {
  std::string text;
  for (const GateTestDifference& difference : result.differences) {
    if (!text.empty()) text += ", ";
    text += difference.member + ": expected " + shown_value(difference.expected) + ", found " +
            shown_value(difference.actual);
  }
  return text;
}

[[nodiscard]] std::string or_hyphen(const std::string& text) { return text.empty() ? "-" : escaped(text); }

[[nodiscard]] std::size_t failures(const GateTestReport& report) {
  std::size_t count = 0;
  for (const GateTestResult& result : report.results) count += result.passed() ? 0U : 1U;
  return count;
}

[[nodiscard]] std::string results_text(const GateTestReport& report) {
  Table table({{"test"}, {}, {"effect"}, {"route"}, {"rule"}, {"reason"}});
  for (const GateTestResult& result : report.results) {
    table.add({{escaped(result.name)},
               result.passed() ? Cell{"ok", Tone::kGood} : Cell{"FAILED", Tone::kBad},
               {std::string(effect_name(result.effect))},
               {or_hyphen(result.route)},
               {or_hyphen(result.rule)},
               {std::string(reason_info(result.reason).name)}});
  }
  return table.text();
}

[[nodiscard]] std::string failures_text(const GateTestReport& report, const std::string& file) {
  std::string text;
  for (const GateTestResult& result : report.results) {
    if (result.passed()) continue;
    text += "\n" + shown_file(file) + ":" + std::to_string(result.place.line) + ":" +
            std::to_string(result.place.column) + ": " + escaped(result.name) + ": " + shown_differences(result);
  }
  return text.empty() ? text : text + "\n";
}

[[nodiscard]] std::string report_text(const GateTestReport& report, const GateTestOptions& options) {
  const std::size_t failed = failures(report);
  return results_text(report) + failures_text(report, options.table) + "\n" + std::to_string(report.results.size()) +
         (report.results.size() == 1 ? " test: " : " tests: ") + std::to_string(report.results.size() - failed) +
         " passed, " + std::to_string(failed) + " failed\n";
}

}  // namespace

void add_gate_test(CLI::App& gate, GateTestOptions& options, std::function<Exit()>& run) {
  CLI::App* const command = gate.add_subcommand("test", "Test a Gate with a table of requests and claims");
  command->add_option("TABLE", options.table, "The JSON table; - for standard input")
      ->required()
      ->check(not_empty())
      ->type_name("");
  command->add_option("--gate", options.gate, "The Gate's JSON source; that of the table when absent")
      ->check(not_empty())
      ->type_name("FILE");
  command->footer(kExample);
  command->callback([&options, &run] { run = [&options] { return run_gate_test(options); }; });
}

Exit run_gate_test(const GateTestOptions& options) {
  const std::string table = read_gate_source(options.table);
  const std::string gate = gate_file(options, table);
  const GateTestReport report = test_gate(read_gate_source(gate), table);
  if (!report.gate_errors.empty()) throw Stop(Exit::kBroken, shown_gate_errors(gate, report.gate_errors));
  if (!report.table_errors.empty()) throw Stop(Exit::kBroken, shown_gate_errors(options.table, report.table_errors));
  write_out(report_text(report, options));
  return report.passed() ? Exit::kYes : Exit::kNo;
}

}  // namespace ostiary::cli
