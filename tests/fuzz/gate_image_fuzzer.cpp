// Any bytes as a Gate image, with the checksum made right: it does not load, or it decides within bounds. Where a
// signature is asked for it never loads, since nobody has the key.
#include "policy/seal.hpp"

#include <ostiary/policy/decide.hpp>
#include <ostiary/policy/signed_gate.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace {

void repair(std::string& image) {
  if (image.size() < sizeof(ostiary::GateHeader)) return;
  const auto size = static_cast<std::uint32_t>(image.size());
  const std::uint64_t checksum =
      ostiary::detail::image_checksum(std::string_view(image).substr(sizeof(ostiary::GateHeader)));
  std::memcpy(image.data() + offsetof(ostiary::GateHeader, size), &size, sizeof(size));
  std::memcpy(image.data() + offsetof(ostiary::GateHeader, checksum), &checksum, sizeof(checksum));
}

void ask(const ostiary::Gate& gate, std::string_view path) {
  std::vector<std::byte> memory(64 * 1024);
  ostiary::Arena scratch(memory);
  ostiary::Request request;
  request.host = "api.shop.example";
  request.path = path;
  const ostiary::Decision decision =
      ostiary::decide(gate, request, ostiary::match_route(gate, request), nullptr, {0, "203.0.113.1"}, scratch);
  if (decision.allowed() != (decision.reason == ostiary::Reason::kAllowed)) __builtin_trap();
  (void)ostiary::encode_decision(decision, scratch);
}

/// The point that RFC 8032 §7.1 has in test 1; the fuzzer may find its private key, but not in our time.
void ask_for_a_signature(std::string image, const ostiary::Gate& gate) {
  constexpr ostiary::GatePublicKey kKey{0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe,
                                        0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6,
                                        0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a};
  ostiary::GateSeal seal = gate.header().seal;
  const auto hash = ostiary::policy::content_hash_of(image);
  if (!hash) return;
  seal.content_hash = *hash;
  seal.key_id = ostiary::gate_key_id(kKey);
  ostiary::policy::write_seal(image, seal);
  if (ostiary::load_signed_gate(image, {{&kKey, 1}}).reason() != ostiary::Reason::kImageSignature) __builtin_trap();
  const std::uint64_t version = gate.header().version;
  if (!ostiary::load_signed_gate(image, {{}, version, false})) __builtin_trap();
  const ostiary::Reason older = ostiary::load_signed_gate(image, {{}, version + 1, false}).reason();
  if (version + 1 != 0 && older != ostiary::Reason::kImageRollback) __builtin_trap();
}

/// With the hash made right as well: whoever has no key gets no further than the signature, whatever is inside; and
/// where no signature is asked for, what loads is what Gate::load loads.
void ask_with_the_hash_made_right(std::string image) {
  if (image.size() < sizeof(ostiary::GateHeader)) return;
  ostiary::GateSeal seal;
  const auto hash = ostiary::policy::content_hash_of(image);
  if (!hash) return;
  seal.content_hash = *hash;
  ostiary::policy::write_seal(image, seal);
  const ostiary::Reason stranger = ostiary::load_signed_gate(image, {}).reason();
  const bool is_gate = stranger != ostiary::Reason::kImageFormat && stranger != ostiary::Reason::kImageDamaged;
  if (is_gate && stranger != ostiary::Reason::kImageUnsigned) __builtin_trap();
  if (!is_gate && ostiary::Gate::load(image).ok()) __builtin_trap();
  const ostiary::GateTrust anyone{{}, 0, false};
  if (ostiary::load_signed_gate(image, anyone).reason() != ostiary::Gate::load(image).reason()) __builtin_trap();
}

/// Whatever the block says was proved: without a signature nothing is believed, and its rows are where they should be.
void ask_for_a_proof(std::string_view image, const ostiary::Gate& gate) {
  const ostiary::GateBoundary& boundary = gate.header().boundary;
  if (!boundary.is_proved() && !boundary.is_blank()) __builtin_trap();
  for (std::uint32_t row = 1; row < boundary.reviews.count; ++row) {
    if (gate.review(row - 1).key_id >= gate.review(row).key_id) __builtin_trap();
  }
  const ostiary::GateTrust trust{.required = false, .boundary = boundary.hash};
  if (ostiary::load_signed_gate(image, trust)) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string image(reinterpret_cast<const char*>(data), size);
  repair(image);
  ask_with_the_hash_made_right(image);
  const ostiary::Result<ostiary::Gate> gate = ostiary::Gate::load(image);
  if (!gate) return 0;
  for (const std::string_view path : {"/", "/orders", "/orders/1", "/catalog/a/b", "/admin/exports/1"})
    ask(*gate, path);
  ask_for_a_signature(image, *gate);
  ask_for_a_proof(image, *gate);
  return 0;
}
