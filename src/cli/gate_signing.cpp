// Who made an image: `ostiary gate keygen`, `sign` and `verify`.
#include "gate_signing.hpp"

#include "boundary.hpp"
#include "commands.hpp"
#include "input.hpp"
#include "load.hpp"
#include "output.hpp"
#include "output_file.hpp"

#include <ostiary/policy/signed_gate.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <cstddef>
#include <cstring>

namespace ostiary::cli {

namespace {

[[nodiscard]] Stop refused(const std::string& file, Reason reason) {
  return {Exit::kBroken, "ostiary: " + shown_file(file) + ": " + explained_reason(reason)};
}

/// From the operating system, which never runs out.
[[nodiscard]] std::array<std::uint8_t, 32> random_seed() {
  std::array<std::uint8_t, 32> seed{};
  const std::string file = "/dev/urandom";
  const std::string bytes = read_file(file, seed.size(), Excess::kCut);
  if (bytes.size() != seed.size()) throw Stop(Exit::kUsage, "ostiary: " + file + ": too short");
  std::memcpy(seed.data(), bytes.data(), seed.size());
  return seed;
}

[[nodiscard]] Json seal_json(const Gate& gate) {
  const GateSeal& seal = gate.header().seal;
  return {{"version", gate.header().version},
          {"content_hash", hex(seal.content_hash)},
          {"key_id", seal.is_signed() ? Json(hex(seal.key_id)) : Json()},
          {"boundary", boundary_json(gate)}};
}

/// `header` is null when the image is none.
[[nodiscard]] std::string seal_sheet(const GateHeader* header, Reason reason) {
  Sheet sheet;
  sheet.add("verdict", reason == Reason::kOk ? "valid" : "refused", reason == Reason::kOk ? Tone::kGood : Tone::kBad);
  sheet.add("reason", explained_reason(reason));
  if (header == nullptr) return sheet.text();
  sheet.add("version", std::to_string(header->version));
  sheet.add("content hash", hex(header->seal.content_hash));
  sheet.add("key id", header->seal.is_signed() ? hex(header->seal.key_id) : "");
  const GateBoundary& boundary = header->boundary;
  sheet.add("boundary", boundary.is_proved() ? hex(boundary.hash) : "");
  sheet.add("reviews", boundary.is_proved() ? std::to_string(boundary.reviews.count) : "");
  return sheet.text();
}

}  // namespace

Exit run_gate_keygen(const GateKeygenOptions& options) {
  const Result<GateKeyPair> pair = make_gate_keys(random_seed());
  if (!pair) throw Stop(Exit::kUsage, "ostiary: " + explained_reason(pair.reason()));
  create_secret_file(options.private_file, pair->private_pem);
  create_file(options.public_file, pair->public_pem);
  const Result<GatePublicKey> key = read_gate_key(pair->public_pem);
  write_out("key id " + hex(gate_key_id(*key)) + "\n");
  return Exit::kYes;
}

Exit run_gate_sign(const GateSignOptions& options) {
  const std::string image = read_gate_source(options.image);
  const std::string private_pem = read_file(options.private_file, kKeyFileSizeMax, Excess::kRefuse);
  const Result<std::string> signed_image = sign_gate(image, private_pem);
  if (!signed_image) {
    const bool key_is_wrong = reason_info(signed_image.reason()).reason_class == ReasonClass::kKey;
    throw refused(key_is_wrong ? options.private_file : options.image, signed_image.reason());
  }
  if (options.output == kStandardStream) {
    write_bytes_out(*signed_image);
  } else {
    replace_file(options.output, *signed_image);
  }
  return Exit::kYes;
}

Exit run_gate_verify(const GateVerifyOptions& options) {
  const std::vector<GatePublicKey> keys = load_gate_keys(options.public_files);
  const std::vector<GatePublicKey> reviewers = load_gate_keys(options.reviewers.public_files);
  const std::string image = read_gate_source(options.image);
  GateTrust trust{.keys = keys, .version_min = static_cast<std::uint64_t>(options.version_min.value_or(0))};
  if (!options.boundary.empty()) trust.boundary = boundary_hash_of(options.boundary);
  trust.reviewer_keys = reviewers;
  trust.reviews_min = reviews_min_of(options.reviewers, 0);
  const Reason reason = load_signed_gate(image, trust).reason();
  const Result<Gate> gate = Gate::load(image);
  if (options.json) {
    Json json = {{"valid", reason == Reason::kOk}, {"reason", reason_json(reason)}};
    if (gate) json.update(seal_json(*gate));
    write_out(json_text(json));
  } else {
    write_out(seal_sheet(gate ? &gate->header() : nullptr, reason));
  }
  return reason == Reason::kOk ? Exit::kYes : Exit::kNo;
}

}  // namespace ostiary::cli
