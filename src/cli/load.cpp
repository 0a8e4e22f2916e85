#include "load.hpp"

#include "exit.hpp"
#include "input.hpp"
#include "output.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>
#include <utility>

namespace ostiary::cli {

namespace {

/// Longer than any Gate needs, short enough to read into memory without a thought.
constexpr std::size_t kGateFileSizeMax = 64 * 1024 * 1024;

[[nodiscard]] bool is_image(std::string_view bytes) {
  std::uint32_t magic = 0;
  if (bytes.size() < sizeof(magic)) return false;
  std::memcpy(&magic, bytes.data(), sizeof(magic));
  return magic == GateHeader::kMagic;
}

[[nodiscard]] std::vector<std::string> issuer_ids(const Gate& gate) {
  std::vector<std::string> ids;
  ids.reserve(gate.header().issuers.count);
  for (std::uint32_t row = 0; row < gate.header().issuers.count; ++row) {
    ids.emplace_back(gate.text(gate.issuer(row).id));
  }
  return ids;
}

[[nodiscard]] std::string listed(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ", ") + escaped(text);
  return list.empty() ? "none" : list;
}

/// The parts of ISSUER-ID=FILE.
[[nodiscard]] std::pair<std::string, std::string> split_keys_argument(const std::string& argument) {
  const std::size_t equals = argument.find('=');
  if (equals == 0 || equals == std::string::npos || equals + 1 == argument.size()) {
    throw Stop(Exit::kUsage, "ostiary: --keys " + escaped(argument) + ": expected ISSUER-ID=FILE");
  }
  return {argument.substr(0, equals), argument.substr(equals + 1)};
}

[[nodiscard]] std::vector<IssuerKeys> load_all_keys(const std::vector<std::string>& arguments,
                                                    const std::vector<std::string>& known_ids) {
  std::vector<IssuerKeys> all;
  for (const std::string& argument : arguments) {
    const auto [id, file] = split_keys_argument(argument);
    const auto same_id = [&id = id](const IssuerKeys& keys) { return keys.issuer_id == id; };
    if (std::any_of(all.begin(), all.end(), same_id)) {
      throw Stop(Exit::kUsage, "ostiary: --keys " + escaped(argument) + ": this issuer has been given keys already");
    }
    if (std::find(known_ids.begin(), known_ids.end(), id) == known_ids.end()) {
      throw Stop(Exit::kUsage, "ostiary: --keys " + escaped(argument) + ": " +
                                   explained_reason(Reason::kUsageIssuerUnknown) +
                                   " Its issuers: " + listed(known_ids));
    }
    all.push_back({id, load_keys(file)});
  }
  return all;
}

[[nodiscard]] Stop refused(const std::string& file, Reason reason) {
  return {Exit::kBroken, "ostiary: " + shown_file(file) + ": " + explained_reason(reason)};
}

}  // namespace

std::string read_gate_source(const std::string& file) { return read_input(file, kGateFileSizeMax, Excess::kRefuse); }

std::string shown_gate_errors(const std::string& file, const std::vector<GateError>& errors) {
  std::string text;
  for (const GateError& error : errors) {
    if (!text.empty()) text += "\n";
    text += shown_file(file) + ":" + std::to_string(error.line) + ":" + std::to_string(error.column) + ": " +
            std::string(reason_info(error.reason).name) + ": " + escaped(error.message);
  }
  return text;
}

std::string load_gate_image(const std::string& file) {
  std::string bytes = read_input(file, kGateFileSizeMax, Excess::kRefuse);
  if (is_image(bytes)) return bytes;
  CompiledGate compiled = compile_gate(bytes);
  if (!compiled.ok()) throw Stop(Exit::kBroken, shown_gate_errors(file, compiled.errors));
  return std::move(compiled.image);
}

std::optional<std::string> load_gate_source(const std::string& file) {
  std::string bytes = read_file(file, kGateFileSizeMax, Excess::kRefuse);
  if (is_image(bytes)) return std::nullopt;
  return bytes;
}

std::vector<GatePublicKey> load_gate_keys(const std::vector<std::string>& files) {
  std::vector<GatePublicKey> keys;
  for (const std::string& file : files) {
    const Result<GatePublicKey> key = read_gate_key(read_file(file, kKeyFileSizeMax, Excess::kRefuse));
    if (!key) throw Stop(Exit::kBroken, "ostiary: " + shown_file(file) + ": " + explained_reason(key.reason()));
    keys.push_back(*key);
  }
  return keys;
}

std::shared_ptr<const KeySet> load_keys(const std::string& file) {
  const Limits limits;
  const std::string json = read_file(file, std::size_t{limits.key_set_size_max} + 1, Excess::kCut);
  KeySetReport report;
  const Result<std::shared_ptr<const KeySet>> keys = KeySet::from_jwks(json, limits, report);
  if (keys) return *keys;
  std::string skipped;
  for (const KeySetReport::Skipped& key : report.skipped) {
    skipped += "; keys[" + std::to_string(key.index) + "] skipped: " + shown_reason(key.reason);
  }
  throw Stop(Exit::kBroken, "ostiary: " + shown_file(file) + ": " + shown_place(json, keys.error().offset) + ": " +
                                explained_reason(keys.reason()) + skipped);
}

std::shared_ptr<const KeySet> load_pem(const std::string& file, AlgorithmSet algorithms) {
  const Limits limits;
  const std::string pem = read_file(file, std::size_t{limits.key_set_size_max} + 1, Excess::kCut);
  KeySet::PemKey key{.pem = pem, .algorithm = std::nullopt};
  if (std::has_single_bit(algorithms.bits())) {
    key.algorithm = static_cast<Algorithm>(std::countr_zero(algorithms.bits()));
  }
  const Result<std::shared_ptr<const KeySet>> keys = KeySet::from_pem({&key, 1}, limits);
  if (!keys) throw refused(file, keys.reason());
  return *keys;
}

std::shared_ptr<const SecretKeys> load_secret(const std::string& file, AlgorithmSet algorithms) {
  constexpr std::size_t kSecretSizeMax = 64 * 1024;
  const std::string bytes = read_file(file, kSecretSizeMax, Excess::kRefuse);
  const AlgorithmSet symmetric = algorithms.common_with(kSymmetricAlgorithms);
  if (symmetric.empty()) {
    throw Stop(Exit::kUsage, "ostiary: --secret-file is for HS256, HS384 and HS512; no --algorithm is one of them");
  }
  const SecretKey key{bytes, static_cast<Algorithm>(std::countr_zero(symmetric.bits()))};
  const Result<std::shared_ptr<const SecretKeys>> keys = SecretKeys::make({&key, 1});
  if (!keys) throw refused(file, keys.reason());
  return *keys;
}

std::shared_ptr<const RevocationList> load_revocation(const std::string& file) {
  const Limits limits;
  const std::string json = read_file(file, std::size_t{limits.revocation_size_max} + 1, Excess::kCut);
  const Result<std::shared_ptr<const RevocationList>> list = RevocationList::from_json(json, limits);
  if (!list) {
    throw Stop(Exit::kBroken, "ostiary: " + shown_file(file) + ": " + shown_place(json, list.error().offset) + ": " +
                                  explained_reason(list.reason()));
  }
  return *list;
}

std::shared_ptr<const Engine> load_engine(const std::string& gate_file, const std::vector<std::string>& keys) {
  std::string image = load_gate_image(gate_file);
  const Result<Gate> gate = Gate::load(image);
  const auto broken = [&gate_file](Reason reason) {
    return Stop(Exit::kBroken, "ostiary: " + shown_file(gate_file) + ": " + explained_reason(reason));
  };
  if (!gate) throw broken(gate.reason());
  std::vector<IssuerKeys> all_keys = load_all_keys(keys, issuer_ids(*gate));
  const Result<std::shared_ptr<const Engine>> engine = Engine::make(std::move(image), all_keys);
  if (!engine) throw broken(engine.reason());
  return *engine;
}

}  // namespace ostiary::cli
