// Any bytes as a Gate's source: errors with a place, or an image that loads and is reproducible.
#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/gate.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  const ostiary::CompiledGate compiled = ostiary::compile_gate(json);
  if (compiled.ok()) {
    if (!ostiary::Gate::load(compiled.image).ok()) __builtin_trap();
    if (ostiary::compile_gate(json).image != compiled.image) __builtin_trap();
  } else if (!compiled.image.empty()) {
    __builtin_trap();
  }
  for (const ostiary::GateError& error : compiled.errors) {
    if (error.line == 0 || error.column == 0 || error.message.empty()) __builtin_trap();
  }
  return 0;
}
