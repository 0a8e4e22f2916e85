// `ostiary gate check`, `gate diff`, `gate who-can` and `gate lint`: what Gates let in, proved.
#include "gate_analysis.hpp"

#include "argument_kinds.hpp"
#include "input.hpp"
#include "load.hpp"
#include "output.hpp"

#include <ostiary/policy/analysis.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string_view>
#include <vector>

namespace ostiary::cli {

namespace {

constexpr const char* kCheckExample =
    "Example:\n"
    "  ostiary gate check examples/tenants/gate.json --within examples/tenants/gate.json\n"
    "\n"
    "Ends with 0 when it is proved that whatever the Gate allows the boundary allows too, with 1 when something is\n"
    "outside, which is shown, and with 13 when neither could be proved within --steps-max.\n";

constexpr const char* kDiffExample =
    "Example:\n"
    "  ostiary gate diff examples/tenants/gate.json examples/tenants/gate.json --markdown\n"
    "\n"
    "Ends with 0 when both give the same access, 10 when the new one is narrower, 11 when it is wider, 12 when it is\n"
    "both, and 13 when that could not be proved within --steps-max.\n";

constexpr const char* kWhoCanExample =
    "Example:\n"
    "  ostiary gate who-can examples/tenants/gate.json --method PUT --path '/t/*/settings'\n"
    "\n"
    "Ends with 0 when somebody can, 1 when it is proved that nobody can, and 13 when neither could be proved.\n";

constexpr const char* kLintExample =
    "Example:\n"
    "  ostiary gate lint examples/github-deploy/gate.json --table examples/github-deploy/gate-tests.json\n"
    "\n"
    "Ends with 0 when nothing blocking was found, with 1 when something was, and with 13 when something could not be\n"
    "settled within --steps-max. docs/analysis.md lists the findings.\n";

[[nodiscard]] AnalysisBudget budget_of(const AnalysisLimits& limits) {
  AnalysisBudget budget;
  if (limits.steps_max) budget.steps_max = static_cast<std::uint64_t>(*limits.steps_max);
  if (limits.areas_max) budget.areas_max = static_cast<std::uint32_t>(*limits.areas_max);
  return budget;
}

void add_limits(CLI::App& command, AnalysisLimits& limits) {
  constexpr std::int64_t kStepsMax = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t kAreasMax = 10'000;
  add_number(command, "--steps-max", limits.steps_max, {1, kStepsMax}, "Stop the search after so many steps")
      ->type_name("COUNT");
  add_number(command, "--areas-max", limits.areas_max, {1, kAreasMax}, "Tell so many areas; 8 when absent")
      ->type_name("COUNT");
}

[[nodiscard]] std::string indented(const std::string& text) {
  std::string all;
  std::size_t from = 0;
  while (from < text.size()) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    all += "      " + text.substr(from, end - from) + "\n";
    from = end + 1;
  }
  return all;
}

/// One area: its conditions, a request, who allows it, why the other side does not, and the test.
[[nodiscard]] std::string shown_area(const AccessArea& area, std::size_t number, const std::string& file) {
  std::string text = "\n" + std::to_string(number) + ". ";
  if (!area.role.empty()) text += "the role " + escaped(area.role) + ", where\n   ";
  if (area.conditions.empty()) text += "every request\n";
  for (std::size_t i = 0; i < area.conditions.size(); ++i) {
    text += (i == 0 ? "" : "   and ") + escaped(area.conditions[i]) + "\n";
  }
  text += "   for example: " + escaped(area.request) + "\n   allowed by:  " + escaped(area.rule) + " (" +
          shown_file(file) + ":" + std::to_string(area.place.line) + ":" + std::to_string(area.place.column) + ")\n";
  if (!area.obstacle.empty()) text += "   but:         " + escaped(area.obstacle) + "\n";
  return text + "   as a test:\n" + indented(area.test);
}

[[nodiscard]] std::string shown_answer(const AccessAnswer& answer, const std::string& file) {
  std::string text;
  for (std::size_t i = 0; i < answer.areas.size(); ++i) text += shown_area(answer.areas[i], i + 1, file);
  for (const std::string& note : answer.notes) text += "\n" + escaped(note) + "\n";
  if (answer.more) text += "\nand more" + (answer.unknown.empty() ? "" : "; " + escaped(answer.unknown)) + "\n";
  return text;
}

[[nodiscard]] std::string unproved(const AccessAnswer& answer) {
  return "not proved: " + escaped(answer.unknown) + "\n";
}

/// What is wrong with a source, on standard error; false when nothing is.
[[nodiscard]] bool report_errors(const std::string& file, const std::vector<GateError>& errors) {
  if (!errors.empty()) write_error(shown_gate_errors(file, errors));
  return !errors.empty();
}

[[nodiscard]] Exit exit_of(GateChange change) {
  switch (change) {
    case GateChange::kUnknown: return Exit::kNotProved;
    case GateChange::kSame: return Exit::kYes;
    case GateChange::kNarrower: return Exit::kNarrower;
    case GateChange::kWider: return Exit::kWider;
    case GateChange::kBoth: return Exit::kBoth;
  }
  return Exit::kNotProved;
}

[[nodiscard]] std::string shown_part(std::string_view what, const AccessAnswer& answer, const std::string& file) {
  std::string text = "\n" + std::string(what) + ": ";
  switch (answer.proof) {
    case Proof::kUnknown: return text + unproved(answer);
    case Proof::kNone: return text + "nothing, for every request\n";
    case Proof::kSome: break;
  }
  return text + "\n" + shown_answer(answer, file);
}

[[nodiscard]] std::string diff_text(const GateDiff& diff, const GateDiffOptions& options) {
  std::string text =
      shown_part("opened", diff.gained, options.new_gate) + shown_part("closed", diff.lost, options.old_gate);
  if (diff.handled.empty()) return text;
  text += "\ntreated otherwise once let through:\n";
  for (const std::string& route : diff.handled) text += "  the route " + escaped(route) + "\n";
  return text;
}

void add_check(CLI::App& gate, GateCheckOptions& options, std::function<Exit()>& run) {
  CLI::App* const command = gate.add_subcommand("check", "Prove that a Gate stays inside a boundary");
  command->add_option("GATE", options.gate, "The Gate's JSON source; - for standard input")->required()->type_name("");
  command->add_option("--within", options.boundary, "The boundary: a Gate in JSON, the most that may be allowed")
      ->required()
      ->check(not_empty())
      ->type_name("FILE");
  add_limits(*command, options.limits);
  command->add_flag("--json", options.json, "JSON for programs");
  command->footer(kCheckExample);
  command->callback([&options, &run] { run = [&options] { return run_gate_check(options); }; });
}

void add_diff(CLI::App& gate, GateDiffOptions& options, std::function<Exit()>& run) {
  CLI::App* const command = gate.add_subcommand("diff", "Say what a change of a Gate opens and closes");
  command->add_option("OLD", options.old_gate, "The Gate's JSON source before")->required()->type_name("");
  command->add_option("NEW", options.new_gate, "The Gate's JSON source after; - for standard input")
      ->required()
      ->type_name("");
  add_limits(*command, options.limits);
  CLI::Option* const markdown = command->add_flag("--markdown", options.markdown, "Markdown, for a pull request");
  command->add_flag("--json", options.json, "JSON for programs")->excludes(markdown);
  command->footer(kDiffExample);
  command->callback([&options, &run] { run = [&options] { return run_gate_diff(options); }; });
}

void add_who_can(CLI::App& gate, GateWhoCanOptions& options, std::function<Exit()>& run) {
  CLI::App* const command = gate.add_subcommand("who-can", "Say who reaches a place, or is given a role");
  command->add_option("GATE", options.gate, "The Gate's JSON source; - for standard input")->required()->type_name("");
  command->add_option("--host", options.host, "A host, or a pattern as in a Gate")
      ->check(not_empty())
      ->type_name("HOST");
  command->add_option("--path", options.path, "A path in canonical form, or a pattern")
      ->check(not_empty())
      ->type_name("PATH");
  command->add_option("--method", options.method, "A method")->check(not_empty())->type_name("NAME");
  command->add_option("--role", options.role, "The ARN of a role")->check(not_empty())->type_name("ARN");
  add_limits(*command, options.limits);
  command->add_flag("--json", options.json, "JSON for programs");
  command->footer(kWhoCanExample);
  command->callback([&options, &run] { run = [&options] { return run_gate_who_can(options); }; });
}

void add_lint(CLI::App& gate, GateLintOptions& options, std::function<Exit()>& run) {
  CLI::App* const command = gate.add_subcommand("lint", "Look for rules that do nothing, and for what gives too much");
  command->add_option("GATE", options.gate, "The Gate's JSON source; - for standard input")->required()->type_name("");
  command->add_option("--table", options.table, "Tests of the Gate, to find what they do not show")
      ->check(not_empty())
      ->type_name("FILE");
  add_now(*command, options.now_s);
  add_number(*command, "--steps-max", options.steps_max, {1, std::numeric_limits<std::int64_t>::max()},
             "Stop the search after so many steps")
      ->type_name("COUNT");
  command->add_flag("--json", options.json, "JSON for programs");
  command->footer(kLintExample);
  command->callback([&options, &run] { run = [&options] { return run_gate_lint(options); }; });
}

[[nodiscard]] std::string shown_lint(const GateLint& lint, const std::string& file) {
  std::string text;
  for (const LintFinding& one : lint.findings) {
    text += shown_file(file) + ":" + std::to_string(one.place.line) + ":" + std::to_string(one.place.column) + ": " +
            (one.severity == LintSeverity::kBlocking ? "blocking: " : "warning: ") + escaped(one.name) + ": " +
            one.subject + " " + escaped(one.id) + ": " + escaped(one.message) + "\n";
    if (!one.request.empty()) text += "    for example: " + escaped(one.request) + "\n";
  }
  for (const std::string& one : lint.unknown) text += "not settled: " + escaped(one) + "\n";
  const auto blocking = std::count_if(lint.findings.begin(), lint.findings.end(),
                                      [](const LintFinding& one) { return one.severity == LintSeverity::kBlocking; });
  return text + std::to_string(lint.findings.size()) + (lint.findings.size() == 1 ? " finding, " : " findings, ") +
         std::to_string(blocking) + " blocking\n";
}

}  // namespace

void add_gate_analysis(CLI::App& gate, GateAnalysisOptions& options, std::function<Exit()>& run) {
  add_check(gate, options.check, run);
  add_diff(gate, options.diff, run);
  add_who_can(gate, options.who_can, run);
  add_lint(gate, options.lint, run);
}

Exit run_gate_check(const GateCheckOptions& options) {
  const GateCheck check =
      check_gate(read_gate_source(options.gate), read_gate_source(options.boundary), budget_of(options.limits));
  const bool gate_is_broken = report_errors(options.gate, check.gate_errors);
  const bool is_broken = report_errors(options.boundary, check.boundary_errors) || gate_is_broken;
  if (options.json) write_out(gate_check_json(check));
  if (is_broken) return Exit::kBroken;
  if (!options.json) {
    switch (check.outside.proof) {
      case Proof::kUnknown: write_out(unproved(check.outside)); break;
      case Proof::kNone: write_out("inside: proved for every request\n"); break;
      case Proof::kSome: write_out("outside\n" + shown_answer(check.outside, options.gate)); break;
    }
  }
  if (check.outside.proof == Proof::kUnknown) return Exit::kNotProved;
  return check.inside() ? Exit::kYes : Exit::kNo;
}

Exit run_gate_diff(const GateDiffOptions& options) {
  const GateDiff diff =
      diff_gates(read_gate_source(options.old_gate), read_gate_source(options.new_gate), budget_of(options.limits));
  const bool old_is_broken = report_errors(options.old_gate, diff.old_errors);
  const bool is_broken = report_errors(options.new_gate, diff.new_errors) || old_is_broken;
  if (options.json) write_out(gate_diff_json(diff));
  if (is_broken) return Exit::kBroken;
  if (!options.json) write_out(options.markdown ? gate_diff_markdown(diff) : diff_text(diff, options));
  return exit_of(diff.change());
}

Exit run_gate_who_can(const GateWhoCanOptions& options) {
  const WhoCanQuestion question{options.host, options.path, options.method, options.role};
  const WhoCan result = who_can(read_gate_source(options.gate), question, budget_of(options.limits));
  if (options.json) write_out(who_can_json(result));
  if (report_errors(options.gate, result.gate_errors)) return Exit::kBroken;
  if (!result.question_errors.empty()) throw Stop(Exit::kUsage, "ostiary: " + result.question_errors.front().message);
  if (!options.json) {
    switch (result.answer.proof) {
      case Proof::kUnknown: write_out(unproved(result.answer)); break;
      case Proof::kNone: write_out("nobody: proved for every request\n"); break;
      case Proof::kSome: write_out(shown_answer(result.answer, options.gate)); break;
    }
  }
  if (result.answer.proof == Proof::kUnknown) return Exit::kNotProved;
  return result.answer.proof == Proof::kSome ? Exit::kYes : Exit::kNo;
}

Exit run_gate_lint(const GateLintOptions& options) {
  const std::string gate = read_gate_source(options.gate);
  const std::string table = options.table.empty() ? std::string() : read_gate_source(options.table);
  LintOptions wanted;
  wanted.now_s = options.now_s.value_or(clock_s());
  if (!options.table.empty()) wanted.table = table;
  const GateLint lint = lint_gate(gate, wanted, budget_of({options.steps_max, {}}));
  const bool gate_is_broken = report_errors(options.gate, lint.gate_errors);
  const bool is_broken = report_errors(options.table, lint.table_errors) || gate_is_broken;
  if (options.json) write_out(gate_lint_json(lint));
  if (is_broken) return Exit::kBroken;
  if (!options.json) write_out(shown_lint(lint, options.gate));
  const bool blocks = std::any_of(lint.findings.begin(), lint.findings.end(),
                                  [](const LintFinding& one) { return one.severity == LintSeverity::kBlocking; });
  if (blocks) return Exit::kNo;
  return lint.unknown.empty() ? Exit::kYes : Exit::kNotProved;
}

}  // namespace ostiary::cli
