// `ostiary gate compile`: from the JSON that people review to the image that doors map.
#include "commands.hpp"
#include "input.hpp"
#include "load.hpp"
#include "output.hpp"

#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/gate.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace ostiary::cli {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void stop_unwritable(const std::string& file, const std::string& why) {
  throw Stop(Exit::kUsage, "ostiary: " + shown_file(file) + ": " + why);
}

/// `mode` as for fopen.
void write_bytes(const std::string& file, const char* mode, std::string_view bytes) {
  errno = 0;
  std::FILE* const stream = std::fopen(file.c_str(), mode);
  if (stream == nullptr) stop_unwritable(file, std::generic_category().message(errno));
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), stream) == bytes.size();
  const bool closed = std::fclose(stream) == 0;
  if (!written || !closed) stop_unwritable(file, std::generic_category().message(errno));
}

/// A door may have the old image mapped, so a file is never changed in place: it is replaced by a whole new one.
void replace_file(const std::string& file, std::string_view bytes) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (fs::exists(status) && !fs::is_regular_file(status)) return write_bytes(file, "wb", bytes);  // a pipe, a device
  const fs::path target = fs::exists(status) ? fs::canonical(file, error) : fs::path(file);
  if (error && fs::exists(status)) stop_unwritable(file, error.message());
  const auto ticks = std::chrono::system_clock::now().time_since_epoch().count();
  const std::string draft = target.string() + "." + std::to_string(ticks) + ".tmp";
  try {
    write_bytes(draft, "wbx", bytes);
  } catch (const Stop&) {
    fs::remove(draft, error);
    throw;
  }
  fs::rename(draft, target, error);
  if (!error) return;
  const std::string why = error.message();
  fs::remove(draft, error);
  stop_unwritable(file, why);
}

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
  Json json = {{"ok", true}, {"name", gate.name()}, {"image", file}, {"size", gate.image().size()}};
  for (const Count& count : counts_of(gate.header())) json["counts"][std::string(count.name)] = count.rows;
  return json;
}

[[nodiscard]] std::string summary_sheet(const Gate& gate, const std::string& file) {
  Sheet sheet;
  sheet.add("gate", escaped(gate.name()));
  sheet.add("image", file == kStandardStream ? "standard output" : shown_file(file));
  sheet.add("size", std::to_string(gate.image().size()) + " bytes");
  for (const Count& count : counts_of(gate.header())) {
    sheet.add(count.name, std::to_string(count.rows));
  }
  return sheet.text();
}

}  // namespace

Exit run_gate_compile(const GateCompileOptions& options) {
  const bool image_to_out = options.image == kStandardStream;
  if (image_to_out && options.json) {
    throw Stop(Exit::kUsage, "ostiary: --json and -o - both want standard output; give -o a file");
  }
  const CompiledGate compiled = compile_gate(read_gate_source(options.source));
  if (!compiled.ok()) {
    if (options.json) write_out(json_text(errors_json(compiled.errors)));
    if (!options.json) write_error(shown_gate_errors(options.source, compiled.errors));
    return Exit::kBroken;
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
