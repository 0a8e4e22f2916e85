// `ostiary trust`: trust policies of IAM roles, alone and against a Gate.
#include "trust.hpp"

#include "argument_kinds.hpp"
#include "input.hpp"
#include "load.hpp"
#include "output.hpp"

#include <ostiary/authority/trust_policy.hpp>

namespace ostiary::cli {

namespace {

constexpr const char* kLintExample =
    "Example:\n"
    "  ostiary trust lint examples/github-deploy/staging-trust.json\n"
    "\n"
    "docs/trust-policies.md tells what the findings are. The exit status is 1 when one is blocking.\n";

/// A little more than may be read, so that its own limit speaks.
[[nodiscard]] std::string read_document(const std::string& file) {
  return read_input(file, std::size_t{kTrustPolicySizeMax} + 1, Excess::kCut);
}

}  // namespace

void add_trust(CLI::App& app, TrustOptions& options, std::function<Exit()>& run) {
  CLI::App* const trust = app.add_subcommand("trust", "Judge trust policies of IAM roles");
  trust->require_subcommand(1);
  trust->footer(kLintExample);
  CLI::App* const lint =
      trust->add_subcommand("lint", "Show what is wrong with a trust policy, with tokens that get in");
  lint->add_option("DOCUMENT", options.lint.document, "The JSON of the policy; - for standard input")
      ->required()
      ->check(not_empty())
      ->type_name("");
  lint->add_flag("--json", options.lint.json, "JSON for programs");
  lint->footer(kLintExample);
  lint->callback([&options, &run] { run = [&options] { return run_trust_lint(options.lint); }; });
}

Exit run_trust_lint(const TrustLintOptions& options) {
  const TrustLintReport report = lint_trust_policy(read_document(options.document));
  if (!report.errors.empty() && !options.json) {
    write_error(shown_gate_errors(options.document, report.errors));
    return Exit::kBroken;
  }
  write_out(options.json ? trust_lint_json(report) : trust_lint_text(report));
  if (!report.errors.empty()) return Exit::kBroken;
  return report.blocked() ? Exit::kNo : Exit::kYes;
}

}  // namespace ostiary::cli
