// `ostiary gate inspect`: an image as people and programs read it.
#include "gate_inspect.hpp"

#include "input.hpp"
#include "load.hpp"
#include "output.hpp"

#include <ostiary/policy/gate.hpp>
#include <ostiary/policy/gate_text.hpp>

namespace ostiary::cli {

namespace {

constexpr const char* kExample =
    "Example:\n"
    "  ostiary gate compile examples/shop/gate.json -o shop.gate && ostiary gate inspect shop.gate\n"
    "\n"
    "A JSON source is compiled first. Who signed an image is told, not checked; ostiary gate verify checks.\n";

}  // namespace

void add_gate_inspect(CLI::App& gate, GateInspectOptions& options, std::function<Exit()>& run) {
  CLI::App* const command = gate.add_subcommand("inspect", "Show what an image holds");
  command->add_option("IMAGE", options.gate, "The image, or a JSON source; - for standard input")
      ->required()
      ->type_name("");
  command->add_flag("--json", options.json, "JSON for programs");
  command->footer(kExample);
  command->callback([&options, &run] { run = [&options] { return run_gate_inspect(options); }; });
}

Exit run_gate_inspect(const GateInspectOptions& options) {
  const std::string image = load_gate_image(options.gate);
  const Result<Gate> gate = Gate::load(image);
  if (!gate) throw Stop(Exit::kBroken, "ostiary: " + shown_file(options.gate) + ": " + explained_reason(gate.reason()));
  write_out(options.json ? gate_json(*gate) : gate_text(*gate));
  return Exit::kYes;
}

}  // namespace ostiary::cli
