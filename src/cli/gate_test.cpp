// `ostiary gate test`: a Gate against a table of requests, claims and what must be decided about them.
#include "gate_test.hpp"

#include "argument_kinds.hpp"
#include "commands.hpp"
#include "decision_output.hpp"
#include "input.hpp"
#include "junit.hpp"
#include "load.hpp"
#include "output.hpp"
#include "output_file.hpp"

#include <ostiary/policy/gate_test.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace ostiary::cli {

namespace {

constexpr const char* kExample =
    "Examples:\n"
    "  ostiary gate test examples/shop/gate-tests.json\n"
    "  ostiary gate test examples/shop/gate-tests.json --coverage-min 100 --mutants --junit report.xml\n"
    "\n"
    "docs/gate-tests.md tells what a table holds. No keys are needed: identities are given as claims. The exit\n"
    "status is 1 when a test fails, when less than --coverage-min is shown, or when more mutants survive than\n"
    "--survivors-max. Mutants are Gates that differ in one thing; one survives when no test notices.\n";

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

[[nodiscard]] std::string shown_in(const std::string& file, SourcePlace place) {
  return shown_file(file) + ":" + std::to_string(place.line) + ":" + std::to_string(place.column) + ": ";
}

[[nodiscard]] std::string coverage_summary(const GateCoverage& coverage) {
  return std::to_string(coverage.shown) + " of " + std::to_string(coverage.total) + " shown (" +
         std::to_string(coverage.percent()) + " %)";
}

[[nodiscard]] std::string uncovered_text(const GateCoverage& coverage, const std::string& gate) {
  std::string text;
  for (const GateUncovered& one : coverage.uncovered) {
    text += shown_in(gate, one.place) + one.subject + " ";
    text += one.condition.empty() ? escaped(one.id) : escaped(one.condition) + " of " + escaped(one.id);
    text += ": " + one.missing + "\n";
  }
  return text.empty() ? text : "\n" + text;
}

[[nodiscard]] std::string survivors_text(const GateMutation& mutation, const std::string& gate) {
  std::string text;
  for (const GateMutant& one : mutation.survivors) {
    text += shown_in(gate, one.place) + one.subject + " " + escaped(one.id) + ": " + one.change;
    text += (one.detail.empty() ? "" : ": " + escaped(one.detail)) + "\n";
  }
  return text.empty() ? text : "\n" + text;
}

[[nodiscard]] std::string mutation_summary(const GateMutation& mutation) {
  if (!mutation.done) return "not tried, because a test failed";
  return std::to_string(mutation.tried) + " tried, " + std::to_string(mutation.killed) + " killed, " +
         std::to_string(mutation.survivors.size()) + " survived; " + std::to_string(mutation.unusable) +
         " could not be used, " + std::to_string(mutation.left_out) + " left out";
}

/// The options that ask something of the whole, and whether it is so.
class Verdict {
 public:
  Verdict(const GateTestReport& report, const GateTestOptions& options) : passed_(report.passed()) {
    if (options.coverage_min) {
      const std::int64_t shown = std::int64_t{report.coverage.shown} * 100;
      const bool enough = shown >= *options.coverage_min * std::int64_t{report.coverage.total};
      demands_.coverage =
          enough ? std::string()
                 : coverage_summary(report.coverage) + ", less than " + std::to_string(*options.coverage_min) + " %";
      passed_ = passed_ && enough;
    }
    if (options.survivors_max) {
      const auto survivors = static_cast<std::int64_t>(report.mutation.survivors.size());
      const bool few = report.mutation.done && survivors <= *options.survivors_max;
      demands_.survivors = few ? std::string() : mutation_summary(report.mutation);
      passed_ = passed_ && few;
    }
  }

  [[nodiscard]] const WholeDemands& demands() const { return demands_; }
  [[nodiscard]] Exit exit() const { return passed_ ? Exit::kYes : Exit::kNo; }

 private:
  WholeDemands demands_;
  bool passed_;
};

[[nodiscard]] std::string report_text(const GateTestReport& report, const GateTestOptions& options,
                                      const std::string& gate) {
  const std::size_t failed = failures(report);
  std::string text = results_text(report) + failures_text(report, options.table);
  if (options.coverage || options.coverage_min) text += uncovered_text(report.coverage, gate);
  text += survivors_text(report.mutation, gate) + "\n" + std::to_string(report.results.size()) +
          (report.results.size() == 1 ? " test: " : " tests: ") + std::to_string(report.results.size() - failed) +
          " passed, " + std::to_string(failed) + " failed\ncoverage: " + coverage_summary(report.coverage) + "\n";
  return options.mutants ? text + "mutants: " + mutation_summary(report.mutation) + "\n" : text;
}

[[nodiscard]] ostiary::GateTestOptions library_options(const GateTestOptions& options) {
  ostiary::GateTestOptions wanted;
  wanted.mutants = options.mutants;
  if (options.mutants_max) wanted.mutants_max = static_cast<std::uint32_t>(*options.mutants_max);
  return wanted;
}

[[nodiscard]] Exit report_errors(const GateTestReport& report, const GateTestOptions& options,
                                 const std::string& gate) {
  if (options.json) {
    write_out(gate_test_json(report));
  } else if (!report.gate_errors.empty()) {
    write_error(shown_gate_errors(gate, report.gate_errors));
  } else {
    write_error(shown_gate_errors(options.table, report.table_errors));
  }
  return Exit::kBroken;
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
  command->add_option("--junit", options.junit, "JUnit XML for CI systems, besides")
      ->check(not_empty())
      ->type_name("FILE");
  command->add_flag("--coverage", options.coverage, "List what of the Gate no test shows");
  add_number(*command, "--coverage-min", options.coverage_min, {0, 100}, "Fail when less is shown; lists it too")
      ->type_name("PERCENT");
  command->add_flag("--mutants", options.mutants, "Try Gates that differ in one thing, and list those that pass too");
  constexpr std::int64_t kCountMax = 1'000'000;
  add_number(*command, "--mutants-max", options.mutants_max, {1, kCountMax}, "Try at most so many; 1000 when absent")
      ->type_name("COUNT");
  add_number(*command, "--survivors-max", options.survivors_max, {0, kCountMax}, "Fail when more mutants survive")
      ->type_name("COUNT");
  command->add_flag("--json", options.json, "JSON for programs");
  command->footer(kExample);
  command->callback([&options, &run] {
    if (!options.mutants && options.mutants_max) throw CLI::RequiresError("--mutants-max", "--mutants");
    if (!options.mutants && options.survivors_max) throw CLI::RequiresError("--survivors-max", "--mutants");
    run = [&options] { return run_gate_test(options); };
  });
}

Exit run_gate_test(const GateTestOptions& options) {
  const std::string table = read_gate_source(options.table);
  const std::string gate = gate_file(options, table);
  const GateTestReport report = test_gate(read_gate_source(gate), table, library_options(options));
  if (!report.gate_errors.empty() || !report.table_errors.empty()) return report_errors(report, options, gate);
  const Verdict verdict(report, options);
  if (!options.junit.empty()) replace_file(options.junit, junit_text(report, options.table, verdict.demands()));
  write_out(options.json ? gate_test_json(report) : report_text(report, options, gate));
  return verdict.exit();
}

}  // namespace ostiary::cli
