#include "argument_kinds.hpp"
#include "boundary.hpp"
#include "gate_signing.hpp"

#include <limits>

namespace ostiary::cli {

namespace {

constexpr const char* kKeygenExample =
    "Example:\n"
    "  ostiary gate keygen --private gate.key --public gate.pub\n"
    "\n"
    "The private key stays with whoever reviews Gates; doors get the public one. Files that exist are left alone.\n";

constexpr const char* kSignExample =
    "Example:\n"
    "  ostiary gate keygen --private gate.key --public gate.pub && \\\n"
    "    ostiary gate compile examples/shop/gate.json -o shop.gate && \\\n"
    "    ostiary gate sign shop.gate --key gate.key -o shop.gate\n";

constexpr const char* kVerifyExample =
    "Example:\n"
    "  ostiary gate keygen --private gate.key --public gate.pub && \\\n"
    "    ostiary gate compile examples/shop/gate.json -o shop.gate && \\\n"
    "    ostiary gate sign shop.gate --key gate.key -o shop.gate && \\\n"
    "    ostiary gate verify shop.gate --key gate.pub --version-min 0\n"
    "\n"
    "Ends with 1 when the image is not what its door should load.\n";

void add_keygen(CLI::App& gate, GateKeygenOptions& keygen, std::function<Exit()>& run) {
  CLI::App* const command = gate.add_subcommand("keygen", "Make a key that signs images, and the one that checks them");
  command->add_option("--private", keygen.private_file, "Where the private key goes; readable by its owner only")
      ->required()
      ->check(not_empty())
      ->type_name("FILE");
  command->add_option("--public", keygen.public_file, "Where the public key goes")
      ->required()
      ->check(not_empty())
      ->type_name("FILE");
  command->footer(kKeygenExample);
  command->callback([&keygen, &run] { run = [&keygen] { return run_gate_keygen(keygen); }; });
}

void add_sign(CLI::App& gate, GateSignOptions& sign, std::function<Exit()>& run) {
  CLI::App* const command = gate.add_subcommand("sign", "Sign an image");
  command->add_option("IMAGE", sign.image, "The image; - for standard input")->required()->type_name("");
  command->add_option("--key", sign.private_file, "The private key, as keygen writes it")
      ->required()
      ->check(not_empty())
      ->type_name("FILE");
  command->add_option("-o,--output", sign.output, "Where the signed image goes; - for standard output")
      ->required()
      ->check(not_empty())
      ->type_name("IMAGE");
  command->footer(kSignExample);
  command->callback([&sign, &run] { run = [&sign] { return run_gate_sign(sign); }; });
}

void add_verify(CLI::App& gate, GateVerifyOptions& verify, std::function<Exit()>& run) {
  CLI::App* const command = gate.add_subcommand("verify", "Check an image as a door does that asks for a signature");
  command->add_option("IMAGE", verify.image, "The image; - for standard input")->required()->type_name("");
  add_repeatable(*command, "--key", verify.public_files, "A public key whose images may load; repeatable")
      ->required()
      ->type_name("FILE");
  add_number(*command, "--version-min", verify.version_min, {0, std::numeric_limits<std::int64_t>::max()},
             "The oldest version that may load")
      ->type_name("NUMBER");
  command
      ->add_option("--boundary", verify.boundary, "The boundary that it must have been proved inside: hash or source")
      ->check(not_empty())
      ->type_name("HASH|FILE");
  add_reviewers(*command, verify.reviewers);
  command->add_flag("--json", verify.json, "JSON for programs");
  command->footer(kVerifyExample);
  command->callback([&verify, &run] { run = [&verify] { return run_gate_verify(verify); }; });
}

}  // namespace

void add_gate_signing(CLI::App& gate, GateSigningOptions& options, std::function<Exit()>& run) {
  add_keygen(gate, options.keygen, run);
  add_sign(gate, options.sign, run);
  add_verify(gate, options.verify, run);
}

}  // namespace ostiary::cli
