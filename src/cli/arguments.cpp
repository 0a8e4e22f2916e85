#include "arguments.hpp"

#include "commands.hpp"
#include "output.hpp"

#include <ostiary/core/limits.hpp>

#include <CLI/CLI.hpp>

#include <charconv>
#include <cstdint>
#include <functional>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>

namespace ostiary::cli {

namespace {

constexpr const char* kAbout =
    "Ostiary inspects HTTP request heads, verifies tokens and decides what the verified may do.";

constexpr const char* kExitStatuses =
    "Exit status:\n"
    "  0  allowed, valid, complete\n"
    "  1  denied, refused, rejected, or not as expected: a verdict\n"
    "  2  wrong arguments, or a file that cannot be read or written\n"
    "  3  a Gate or a key set that is not sound; the message says where\n";

constexpr const char* kExamples =
    "Example:\n"
    "  printf 'GET /a/../b HTTP/1.1\\r\\nHost: api.shop.example\\r\\n\\r\\n' | ostiary inspect\n"
    "\n"
    "ostiary SUBCOMMAND --help has an example for each subcommand.\n";

constexpr const char* kInspectExample =
    "Example:\n"
    "  printf 'GET /orders/%%31?page=2 HTTP/1.1\\r\\nHost: api.shop.example\\r\\n\\r\\n' | ostiary inspect\n"
    "  ostiary inspect --json examples/shop/requests/062-path-dots.http\n"
    "\n"
    "Bytes outside printable ASCII, and the backslash, are shown as \\xNN. The values of Authorization, Cookie and\n"
    "other fields that carry credentials are not shown.\n";

constexpr const char* kVerifyExample =
    "Example:\n"
    "  ostiary verify --jwks examples/shop/keys.json --issuer https://id.shop.example \\\n"
    "    --audience https://api.shop.example --algorithm RS256 --algorithm ES256 \\\n"
    "    --now 1795429475 examples/shop/tokens/gold-rs256.jwt\n"
    "\n"
    "The token comes from a file or standard input, never from an argument, and is never printed.\n";

constexpr const char* kDecideExample =
    "Examples:\n"
    "  ostiary decide --gate examples/shop/gate.json --keys shop-id=examples/shop/keys.json \\\n"
    "    --now 1795429475 --peer 203.0.113.7 examples/shop/requests/003-curl-orders-list.http\n"
    "  ostiary decide --gate examples/shop/gate.json --keys shop-id=examples/shop/keys.json \\\n"
    "    --cases examples/shop/cases.json\n"
    "\n"
    "A cases file is {\"now\": SECONDS, \"cases\": [{\"name\", \"request\", \"peer\", \"expect\": {\"effect\", "
    "\"route\", \"rule\",\n"
    "\"reason\"}}]}; its paths count from the file itself. A case that differs from what it expects is marked, and "
    "the\n"
    "exit status is then 1. An issuer without --keys has none: its tokens are refused.\n";

constexpr const char* kGateExample =
    "Example:\n"
    "  ostiary gate compile examples/shop/gate.json -o shop.gate\n";

constexpr const char* kReasonsExample =
    "Example:\n"
    "  ostiary reasons | grep PATH_\n";

struct Options {
  InspectOptions inspect;
  VerifyOptions verify;
  DecideOptions decide;
  GateCompileOptions gate_compile;
  ReasonsOptions reasons;
  std::function<Exit()> run;  ///< the subcommand that was named
};

/// An option that is given must say something: an unset shell variable is no wish for the default.
[[nodiscard]] CLI::Validator not_empty() {
  return {[](std::string& text) { return text.empty() ? std::string("must not be empty") : std::string(); }, ""};
}

/// Whole decimal numbers only: CLI11 would also take octal and hexadecimal ones.
void add_number(CLI::App& app, const char* name, std::optional<std::int64_t>& number, std::int64_t number_max,
                const char* help) {
  const auto read = [name, &number, number_max](const CLI::results_t& results) {
    const std::string& text = results.front();
    std::int64_t value = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0 || value > number_max) {
      throw CLI::ValidationError(name, "expected a whole number from 0 to " + std::to_string(number_max));
    }
    number = value;
    return true;
  };
  app.add_option(name, read, help)->type_name("SECONDS");
}

void add_now(CLI::App& app, std::optional<std::int64_t>& now_s) {
  constexpr std::int64_t kNowMax = (std::int64_t{1} << 53) - 1;
  add_number(app, "--now", now_s, kNowMax, "Seconds since 1970; the system clock when absent");
}

/// One value each time it is given, so that it never takes a file name that follows.
CLI::Option* add_repeatable(CLI::App& app, const char* name, std::vector<std::string>& values, const char* help) {
  return app.add_option(name, values, help)->allow_extra_args(false)->check(not_empty());
}

void add_inspect(CLI::App& app, Options& options) {
  CLI::App* const inspect = app.add_subcommand("inspect", "Show what the inspector makes of a request head");
  inspect->add_option("FILE", options.inspect.file, "The request; standard input when absent or -")->type_name("");
  inspect->add_flag("--json", options.inspect.json, "JSON for programs");
  inspect->footer(kInspectExample);
  inspect->callback([&options] { options.run = [&options] { return run_inspect(options.inspect); }; });
}

void add_verify(CLI::App& app, Options& options) {
  VerifyOptions& verify = options.verify;
  CLI::App* const command = app.add_subcommand("verify", "Verify an access token against an issuer's key set");
  command->add_option("--jwks", verify.jwks, "The issuer's JWK Set")->required()->check(not_empty())->type_name("FILE");
  command->add_option("--issuer", verify.issuer, "What iss must be, byte for byte")
      ->required()
      ->check(not_empty())
      ->type_name("URL");
  add_repeatable(*command, "--audience", verify.audiences, "An audience the token may be meant for; repeatable")
      ->required()
      ->type_name("AUD");
  add_repeatable(*command, "--algorithm", verify.algorithms, "RS256, ES256 or EdDSA; repeatable")
      ->required()
      ->type_name("NAME");
  add_number(*command, "--skew", verify.skew_s, Limits().clock_skew_s_max, "How far clocks may differ; 0 when absent");
  add_now(*command, verify.now_s);
  command->add_option("TOKEN-FILE", verify.file, "The token; standard input when absent or -")->type_name("");
  command->add_flag("--json", verify.json, "JSON for programs");
  command->footer(kVerifyExample);
  command->callback([&options] { options.run = [&options] { return run_verify(options.verify); }; });
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
  command->footer(kDecideExample);
  command->callback([&options, file, cases, image, json] {
    // CLI11's own excludes() would fill the help with itself.
    if (*file && *cases) throw CLI::ExcludesError("--cases", "REQUEST-FILE");
    if (*image && *json) throw CLI::ExcludesError("--json", "--image");
    options.run = [&options] { return run_decide(options.decide); };
  });
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
  command->add_flag("--json", compile.json, "JSON for programs");
  command->footer(kGateExample);
  command->callback([&options] { options.run = [&options] { return run_gate_compile(options.gate_compile); }; });
}

void add_reasons(CLI::App& app, Options& options) {
  CLI::App* const command = app.add_subcommand("reasons", "List every outcome Ostiary reports");
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
  add_verify(app, options);
  add_decide(app, options);
  add_gate(app, options);
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
