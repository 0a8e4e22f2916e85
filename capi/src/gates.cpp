#include "gates.hpp"

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

namespace ostiary::capi {

ostiary_reason report_gate_errors(ostiary_error* error, const CompiledGate& compiled) noexcept {
  const GateError& first = compiled.errors.front();
  const ostiary_reason reason = report(error, {first.reason, 0}, first.message);
  if (error != nullptr && error->struct_size >= sizeof(ostiary_error)) {
    error->line = first.line;
    error->column = first.column;
    error->count = static_cast<uint32_t>(compiled.errors.size());
  }
  return reason;
}

ostiary_reason make_gate(std::string image, ostiary_gate** out, ostiary_error* error) {
  auto handle = std::make_unique<ostiary_gate>();
  handle->image = std::move(image);
  const Result<Gate> gate = Gate::load(handle->image);
  if (!gate) return report(error, gate.error());
  handle->gate = *gate;
  *out = handle.release();
  return OSTIARY_OK;
}

ostiary_reason read_gate_keys(const ostiary_bytes* pems, std::size_t count, std::vector<GatePublicKey>& keys,
                              ostiary_error* error) {
  if (pems == nullptr && count != 0) return refuse_argument(error, "keys is NULL");
  for (std::size_t i = 0; i < count; ++i) {
    std::string_view pem;
    if (!to_view(pems[i], pem)) return refuse_argument(error, "keys: an entry is {NULL, n > 0}");
    const Result<GatePublicKey> key = read_gate_key(pem);
    if (!key) return report(error, {key.reason(), static_cast<std::uint32_t>(i)});
    keys.push_back(*key);
  }
  return OSTIARY_OK;
}

}  // namespace ostiary::capi
