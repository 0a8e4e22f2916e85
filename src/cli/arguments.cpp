#include "arguments.hpp"

#include "argument_kinds.hpp"
#include "arguments_verify.hpp"
#include "boundary.hpp"
#include "commands.hpp"
#include "gate_analysis.hpp"
#include "gate_inspect.hpp"
#include "gate_signing.hpp"
#include "gate_test.hpp"
#include "output.hpp"
#include "trust.hpp"

#include <ostiary/core/limits.hpp>

#include <CLI/CLI.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <sstream>
#include <string>

namespace ostiary::cli {

namespace {

constexpr const char* kAbout =
    "Ostiary inspects HTTP request heads, verifies tokens and decides what the verified may do.";

constexpr const char* kExitStatuses =
    "Exit status:\n"
    "  0  allowed, valid, complete\n"
    "  1  denied, refused, rejected, or not as expected: a verdict\n"
    "  2  wrong arguments, or a file that cannot be read or written\n"
    "  3  a Gate or a key set that is not sound; the message says where\n"
    "  10, 11, 12, 13  of gate diff and the proofs: narrower, wider, both, not proved\n";

constexpr const char* kExamples =
    "Example:\n"
    "  printf 'GET /a/../b HTTP/1.1\\r\\nHost: api.shop.example\\r\\n\\r\\n' | ostiary inspect\n"
    "\n"
    "ostiary SUBCOMMAND --help has an example for each subcommand.\n";

constexpr const char* kInspectExample =
    "Example:\n"
    "  printf 'GET /orders/%%31?page=2 HTTP/1.1\\r\\nHost: api.shop.example\\r\\n\\r\\n' | ostiary inspect\n"
    "  ostiary inspect --json examples/shop/requests/062-path-dots.http\n"
    "  printf 'GET / HTTP/1.1\\r\\nHost: a.example\\r\\nX-Forwarded-For: 192.0.2.9\\r\\n\\r\\n' | \\\n"
    "    ostiary inspect --peer 10.0.0.8 --trusted-block 10.0.0.0/8\n"
    "  ostiary inspect --emit examples/shop/requests/062-path-dots.http | cat -A\n"
    "\n"
    "Bytes outside printable ASCII, and the backslash, are shown as \\xNN. The values of cookies, of Authorization "
    "and\n"
    "of other fields and query parameters that carry credentials are not shown, unless --show-values asks for them;\n"
    "--emit writes every byte of the forwarded head. Without --trusted-hops, --trusted-block and --platform-field the\n"
    "client is the peer. ostiary reasons --findings lists the rules.\n";

constexpr const char* kDecideExample =
    "Examples:\n"
    "  ostiary decide --gate examples/shop/gate.json --keys shop-id=examples/shop/keys.json \\\n"
    "    --now 1795429475 --peer 203.0.113.7 examples/shop/requests/003-curl-orders-list.http\n"
    "  ostiary decide --gate examples/shop/gate.json --keys shop-id=examples/shop/keys.json \\\n"
    "    --cases examples/shop/cases.json\n"
    "  ostiary decide --gate examples/shop/gate.json --keys shop-id=examples/shop/keys.json \\\n"
    "    --now 1795429475 --explain examples/shop/requests/003-curl-orders-list.http\n"
    "\n"
    "A cases file is {\"now\": SECONDS, \"cases\": [{\"name\", \"request\", \"peer\", \"scheme\", \"expect\": "
    "{\"effect\",\n"
    "\"route\", \"rule\", \"reason\"}}]}; its paths count from the file itself. A case that differs from what it "
    "expects is marked, and "
    "the\n"
    "exit status is then 1. An issuer without --keys has none: its tokens are refused.\n";

constexpr const char* kGateExample =
    "Example:\n"
    "  ostiary gate compile examples/shop/gate.json -o shop.gate\n";

constexpr const char* kReasonsExample =
    "Example:\n"
    "  ostiary reasons | grep PATH_\n"
    "  ostiary reasons --findings | grep waivable\n";

struct Options {
  InspectOptions inspect;
  VerifyOptions verify;
  DecideOptions decide;
  GateCompileOptions gate_compile;
  GateAnalysisOptions gate_analysis;
  GateInspectOptions gate_inspect;
  GateSigningOptions gate_signing;
  GateTestOptions gate_test;
  TrustOptions trust;
  BoundaryOptions boundary;
  ReasonsOptions reasons;
  std::function<Exit()> run;  ///< the subcommand that was named
};

void add_client(CLI::App& command, ClientOptions& client) {
  command.add_option("--peer", client.peer, "Whom the connection comes from")->check(not_empty())->type_name("ADDR");
  add_number(command, "--trusted-hops", client.trusted_hops, {1, Limits().forwarded_hop_count_max},
             "Proxies before this door, the peer included, that each name the one before them")
      ->type_name("COUNT");
  add_repeatable(command, "--trusted-block", client.trusted_blocks,
                 "Addresses of trusted proxies; the peer must be one of them; repeatable")
      ->type_name("CIDR");
  command.add_option("--platform-field", client.platform_field, "The field in which the platform names the client")
      ->check(not_empty())
      ->type_name("NAME");
  command.add_flag("--forwarded", client.forwarded, "The proxies write Forwarded, not X-Forwarded-For");
}

/// What cannot stand together. CLI11's own excludes() would fill the help with itself.
void check_inspect(const InspectOptions& inspect) {
  const ClientOptions& client = inspect.client;
  if (inspect.emit && inspect.json) throw CLI::ExcludesError("--json", "--emit");
  if (inspect.emit && inspect.show_values) throw CLI::ExcludesError("--show-values", "--emit");
  const bool by_field = !client.platform_field.empty();
  if (by_field && client.trusted_hops) throw CLI::ExcludesError("--trusted-hops", "--platform-field");
  if (by_field && client.forwarded) throw CLI::ExcludesError("--forwarded", "--platform-field");
  if (client.forwarded && !client.trusted_hops && client.trusted_blocks.empty()) {
    throw CLI::RequiresError("--forwarded", "--trusted-hops or --trusted-block");
  }
  // Blocks say which peers to believe, and nobody is believed whom nobody knows.
  if (!client.trusted_blocks.empty() && client.peer.empty()) throw CLI::RequiresError("--trusted-block", "--peer");
}

void add_inspect(CLI::App& app, Options& options) {
  InspectOptions& inspect = options.inspect;
  CLI::App* const command = app.add_subcommand("inspect", "Show what the inspector makes of a request head");
  command->add_option("FILE", inspect.file, "The request; standard input when absent or -")->type_name("");
  command->add_option("--scheme", inspect.scheme, "How the request came: http or https; not known when absent")
      ->check(one_of({"http", "https"}))
      ->type_name("NAME");
  add_repeatable(*command, "--waive", inspect.waivers, "A rule that the route waives; repeatable")->type_name("RULE");
  add_client(*command, inspect.client);
  command->add_flag("--emit", inspect.emit, "The head that would be forwarded, and nothing else");
  command->add_flag("--show-values", inspect.show_values, "Credentials and cookies too");
  command->add_flag("--json", inspect.json, "JSON for programs");
  command->footer(kInspectExample);
  command->callback([&options] {
    check_inspect(options.inspect);
    options.run = [&options] { return run_inspect(options.inspect); };
  });
}

void add_decide(CLI::App& app, Options& options) {
  DecideOptions& decide = options.decide;
  CLI::App* const command = app.add_subcommand("decide", "Let a Gate decide about a request, or about many");
  command->add_option("--gate", decide.gate, "The Gate: JSON source or image")
      ->required()
      ->check(not_empty())
      ->type_name("FILE");
  add_repeatable(*command, "--keys", decide.keys, "The JWK Set of an issuer, by its id in the Gate; repeatable")
      ->type_name("ISSUER-ID=FILE");
  add_now(*command, decide.now_s);
  command->add_option("--peer", decide.peer, "The client's IP address")->check(not_empty())->type_name("ADDR");
  command->add_option("--scheme", decide.scheme, "How the request came: http or https; not known when absent")
      ->check(one_of({"http", "https"}))
      ->type_name("NAME");
  add_repeatable(*command, "--flag", decide.flags, "A flag of the Gate that is true; repeatable")->type_name("NAME");
  const CLI::Option* const file =
      command->add_option("REQUEST-FILE", decide.file, "The request; standard input when absent or -")->type_name("");
  const CLI::Option* const cases =
      command->add_option("--cases", decide.cases, "Decide every case of this file instead")
          ->check(not_empty())
          ->type_name("FILE");
  CLI::Option* const image =
      command->add_flag("--image", decide.image,
                        "The Decision as its flat image; with --cases one line of name, tab and hexadecimal each");
  const CLI::Option* const json = command->add_flag("--json", decide.json, "JSON for programs");
  const CLI::Option* const explain = command->add_flag(
      "--explain", decide.explain, "Every stage and every rule that was asked, and what the request had");
  const CLI::Option* const source =
      command->add_option("--source", decide.source, "With --explain and an image: its JSON source, to tell places")
          ->check(not_empty())
          ->type_name("FILE");
  command->footer(kDecideExample);
  command->callback([&options, file, cases, image, json, explain, source] {
    if (*explain && *cases) throw CLI::ExcludesError("--cases", "--explain");
    if (*explain && *image) throw CLI::ExcludesError("--image", "--explain");
    if (*source && !*explain) throw CLI::RequiresError("--source", "--explain");
    // CLI11's own excludes() would fill the help with itself.
    if (*file && *cases) throw CLI::ExcludesError("--cases", "REQUEST-FILE");
    if (*image && *json) throw CLI::ExcludesError("--json", "--image");
    options.run = [&options] { return run_decide(options.decide); };
  });
}

/// A boundary that nobody reviewed bounds nothing, and reviews of none say nothing.
void check_gate_compile(const GateCompileOptions& compile) {
  const ReviewerOptions& reviewers = compile.reviewers;
  if (compile.within.empty()) {
    if (!compile.receipt.empty()) throw CLI::RequiresError("--receipt", "--within");
    if (!reviewers.public_files.empty()) throw CLI::RequiresError("--reviewer-key", "--within");
    if (reviewers.reviews_min) throw CLI::RequiresError("--reviews-min", "--within");
    return;
  }
  if (compile.receipt.empty()) throw CLI::RequiresError("--within", "--receipt");
  if (reviewers.public_files.empty()) throw CLI::RequiresError("--within", "--reviewer-key");
}

void add_gate(CLI::App& app, Options& options) {
  GateCompileOptions& compile = options.gate_compile;
  CLI::App* const gate = app.add_subcommand("gate", "Work on Gates");
  gate->require_subcommand(1);
  gate->footer(kGateExample);
  CLI::App* const command = gate->add_subcommand("compile", "Compile a Gate's JSON source into its image");
  command->add_option("SOURCE", compile.source, "The JSON source; - for standard input")->required()->type_name("");
  command->add_option("-o,--output", compile.image, "Where the image goes; - for standard output")
      ->required()
      ->type_name("IMAGE");
  command->add_option("--within", compile.within, "Prove that it stays inside this boundary, or write no image")
      ->check(not_empty())
      ->type_name("BOUNDARY");
  command->add_option("--receipt", compile.receipt, "Who has reviewed the boundary")
      ->check(not_empty())
      ->type_name("FILE");
  add_reviewers(*command, compile.reviewers);
  command->add_flag("--json", compile.json, "JSON for programs");
  command->footer(kGateExample);
  command->callback([&options] {
    check_gate_compile(options.gate_compile);
    options.run = [&options] { return run_gate_compile(options.gate_compile); };
  });
  add_gate_inspect(*gate, options.gate_inspect, options.run);
  add_gate_signing(*gate, options.gate_signing, options.run);
  add_gate_test(*gate, options.gate_test, options.run);
  add_gate_analysis(*gate, options.gate_analysis, options.run);
}

void add_reasons(CLI::App& app, Options& options) {
  CLI::App* const command = app.add_subcommand("reasons", "List every outcome Ostiary reports");
  command->add_flag("--findings", options.reasons.findings, "The rules of the inspector instead");
  command->add_flag("--json", options.reasons.json, "JSON for programs");
  command->footer(kReasonsExample);
  command->callback([&options] { options.run = [&options] { return run_reasons(options.reasons); }; });
}

/// The words that lead to the subcommand's help.
[[nodiscard]] std::string named_command(const CLI::App& app) {
  std::string name = "ostiary";
  for (const CLI::App* level = &app; !level->get_subcommands().empty();) {
    level = level->get_subcommands().front();
    name += " " + level->get_name();
  }
  return name;
}

}  // namespace

Exit run_command_line(int count, const char* const* arguments) {
  CLI::App app(kAbout, "ostiary");
  Options options;
  app.set_version_flag("--version", "ostiary " OSTIARY_VERSION, "Print the version");
  app.require_subcommand(1);
  app.footer(std::string(kExamples) + "\n" + kExitStatuses);
  add_inspect(app, options);
  add_verify(app, options.verify, [&options] { options.run = [&options] { return run_verify(options.verify); }; });
  add_decide(app, options);
  add_gate(app, options);
  add_trust(app, options.trust, options.run);
  add_boundary(app, options.boundary, options.run);
  add_reasons(app, options);
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    std::ostringstream text;
    if (app.exit(error, text, text) == 0) {
      write_out(text.str());
      return Exit::kYes;
    }
    throw Stop(Exit::kUsage, "ostiary: " + escaped(error.what()) + "\nTry: " + named_command(app) + " --help");
  }
  return options.run();
}

}  // namespace ostiary::cli
