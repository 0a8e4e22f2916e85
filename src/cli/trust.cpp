// `ostiary trust`: trust policies of IAM roles, alone and against a Gate.
#include "trust.hpp"

#include "argument_kinds.hpp"
#include "input.hpp"
#include "load.hpp"
#include "output.hpp"

#include <ostiary/authority/trust_policy.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace ostiary::cli {

namespace {

constexpr const char* kLintExample =
    "Example:\n"
    "  ostiary trust lint examples/github-deploy/staging-trust.json\n"
    "\n"
    "docs/trust-policies.md tells what the findings are. The exit status is 1 when one is blocking.\n";

constexpr const char* kCheckExample =
    "Example:\n"
    "  ostiary trust check examples/github-deploy/gate.json \\\n"
    "    --role arn:aws:iam::222233334444:role/shop-deployer=examples/github-deploy/staging-trust.json\n"
    "\n"
    "The exit status is 1 when a policy refuses a token that the Gate maps to its role, or when that is not proved.\n"
    "A token that the policy lets in and the Gate does not is a warning: docs/trust-policies.md tells why.\n";

/// A little more than may be read, so that its own limit speaks.
[[nodiscard]] std::string read_document(const std::string& file) {
  return read_input(file, std::size_t{kTrustPolicySizeMax} + 1, Excess::kCut);
}

struct RoleFile {
  std::string arn;
  std::string file;
  std::string document;
};

[[nodiscard]] RoleFile read_role(const std::string& pair) {
  const std::size_t equals = pair.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == pair.size()) {
    throw Stop(Exit::kUsage, "ostiary: --role " + escaped(pair) + ": expected ARN=FILE");
  }
  const std::string file = pair.substr(equals + 1);
  return {pair.substr(0, equals), file, read_document(file)};
}

[[nodiscard]] std::string shown_errors(const TrustCheckReport& report, const TrustCheckOptions& options,
                                       const std::vector<RoleFile>& files) {
  if (!report.gate_errors.empty()) return shown_gate_errors(options.gate, report.gate_errors);
  std::string text;
  for (const TrustDocumentErrors& one : report.document_errors) {
    const auto file =
        std::find_if(files.begin(), files.end(), [&](const RoleFile& f) { return f.arn == one.role_arn; });
    text += (text.empty() ? "" : "\n") + shown_gate_errors(file->file, one.errors);
  }
  return text;
}

void add_check(CLI::App& trust, TrustCheckOptions& options, std::function<Exit()>& run) {
  CLI::App* const check =
      trust.add_subcommand("check", "Compare a Gate's role mappings with the roles' trust policies");
  check->add_option("GATE", options.gate, "The Gate's JSON source; - for standard input")
      ->required()
      ->check(not_empty())
      ->type_name("");
  add_repeatable(*check, "--role", options.roles, "A role and the JSON of its trust policy; repeatable")
      ->required()
      ->type_name("ARN=FILE");
  check->add_flag("--json", options.json, "JSON for programs");
  check->footer(kCheckExample);
  check->callback([&options, &run] { run = [&options] { return run_trust_check(options); }; });
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
  add_check(*trust, options.check, run);
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

Exit run_trust_check(const TrustCheckOptions& options) {
  std::vector<RoleFile> files;
  for (const std::string& pair : options.roles) files.push_back(read_role(pair));
  std::vector<RoleTrust> roles;
  for (const RoleFile& file : files) roles.push_back({file.arn, file.document});
  const TrustCheckReport report = check_trust_policies(read_gate_source(options.gate), roles);
  if (!report.sound() && !options.json) {
    write_error(shown_errors(report, options, files));
    return Exit::kBroken;
  }
  write_out(options.json ? trust_check_json(report) : trust_check_text(report));
  if (!report.sound()) return Exit::kBroken;
  return report.agrees() ? Exit::kYes : Exit::kNo;
}

}  // namespace ostiary::cli
