// `ostiary gate compile`: from the JSON that people review to the image that doors map.
#include "boundary.hpp"
#include "commands.hpp"
#include "input.hpp"
#include "load.hpp"
#include "output.hpp"
#include "output_file.hpp"

#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/gate.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace ostiary::cli {

namespace {

struct Count {
  std::string_view name;  ///< of the table, as a member of the JSON output
  std::uint32_t rows;
};

[[nodiscard]] std::array<Count, 7> counts_of(const GateHeader& header) {
  return {{{"issuers", header.issuers.count},
           {"origins", header.origins.count},
           {"identity_headers", header.identity_headers.count},
           {"exact_hosts", header.exact_hosts.count},
           {"wildcard_hosts", header.wildcard_hosts.count},
           {"routes", header.routes.count},
           {"rules", header.rules.count}}};
}

[[nodiscard]] Json errors_json(const std::vector<GateError>& errors) {
  Json list = Json::array();
  for (const GateError& error : errors) {
    list.push_back({{"line", error.line},
                    {"column", error.column},
                    {"reason", reason_json(error.reason)},
                    {"message", error.message}});
  }
  return {{"ok", false}, {"errors", std::move(list)}};
}

[[nodiscard]] Json summary_json(const Gate& gate, const std::string& file) {
  Json json = {{"ok", true},
               {"name", gate.name()},
               {"image", file},
               {"size", gate.image().size()},
               {"version", gate.header().version},
               {"content_hash", hex(gate.header().seal.content_hash)},
               {"boundary", boundary_json(gate)}};
  for (const Count& count : counts_of(gate.header())) json["counts"][std::string(count.name)] = count.rows;
  return json;
}

[[nodiscard]] std::string summary_sheet(const Gate& gate, const std::string& file) {
  Sheet sheet;
  sheet.add("gate", escaped(gate.name()));
  sheet.add("image", file == kStandardStream ? "standard output" : shown_file(file));
  sheet.add("size", std::to_string(gate.image().size()) + " bytes");
  sheet.add("version", std::to_string(gate.header().version));
  sheet.add("content hash", hex(gate.header().seal.content_hash));
  if (gate.header().boundary.is_proved()) sheet.add("boundary", hex(gate.header().boundary.hash));
  for (const Count& count : counts_of(gate.header())) {
    sheet.add(count.name, std::to_string(count.rows));
  }
  return sheet.text();
}

[[nodiscard]] CompiledGate compiled_gate(const GateCompileOptions& options) {
  const std::string source = read_gate_source(options.source);
  if (options.within.empty()) return compile_gate(source);
  const std::vector<GatePublicKey> reviewers = load_gate_keys(options.reviewers.public_files);
  const LoadedBoundary boundary = load_boundary(options.within);
  const std::string receipt = read_receipt_file(options.receipt);
  if (const Result<ReviewReceipt> read = read_receipt(receipt); !read) {
    throw Stop(Exit::kBroken, "ostiary: " + shown_file(options.receipt) + ": " + explained_reason(read.reason()));
  }
  return compile_gate_within(source, {boundary.json, receipt, {reviewers, reviews_min_of(options.reviewers, 1)}});
}

/// A verdict is about a source that is sound, whereas all other errors are of one that is not.
[[nodiscard]] Exit exit_of(Reason reason) {
  if (reason == Reason::kGateNotProved) return Exit::kNotProved;
  const bool verdict =
      reason == Reason::kGateOutside || reason == Reason::kReceiptBoundary || reason == Reason::kReceiptReview;
  return verdict ? Exit::kNo : Exit::kBroken;
}

}  // namespace

Exit run_gate_compile(const GateCompileOptions& options) {
  const bool image_to_out = options.image == kStandardStream;
  if (image_to_out && options.json) {
    throw Stop(Exit::kUsage, "ostiary: --json and -o - both want standard output; give -o a file");
  }
  const CompiledGate compiled = compiled_gate(options);
  if (!compiled.ok()) {
    if (options.json) write_out(json_text(errors_json(compiled.errors)));
    if (!options.json) write_error(shown_gate_errors(options.source, compiled.errors));
    return exit_of(compiled.errors.front().reason);
  }
  const Result<Gate> gate = Gate::load(compiled.image);
  if (!gate)
    throw Stop(Exit::kBroken, "ostiary: " + shown_file(options.source) + ": " + explained_reason(gate.reason()));
  if (image_to_out) {
    write_bytes_out(compiled.image);
    write_error(summary_sheet(*gate, options.image));
    return Exit::kYes;
  }
  replace_file(options.image, compiled.image);
  write_out(options.json ? json_text(summary_json(*gate, options.image)) : summary_sheet(*gate, options.image));
  return Exit::kYes;
}

}  // namespace ostiary::cli
