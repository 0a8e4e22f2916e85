#include "policy/check_source.hpp"
#include "policy/compile_source.hpp"
#include "policy/json_node.hpp"
#include "policy/read_source.hpp"
#include "policy/seal.hpp"
#include "policy/write_image.hpp"

#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/gate.hpp>

#include <optional>
#include <string>
#include <utility>

namespace ostiary {

namespace policy {

adapt::JsonReader::Bounds json_bounds(const Limits& limits) noexcept {
  return {limits.gate_size_max, limits.gate_json_depth_max, limits.gate_json_values_max, false};
}

void report_json_fault(const adapt::JsonResult& parsed, const Limits& limits, Diagnostics& diagnostics) {
  switch (parsed.fault) {
    case adapt::JsonFault::kNone: return;
    case adapt::JsonFault::kSyntax:
      diagnostics.add(Reason::kGateJson, parsed.offset,
                      "expected strict JSON (RFC 8259): no comments, no trailing commas");
      return;
    case adapt::JsonFault::kDuplicate:
      diagnostics.add(Reason::kGateDuplicateMember, parsed.offset,
                      "this member name stands twice in its object; remove one");
      return;
    case adapt::JsonFault::kLimit:
      diagnostics.add(Reason::kGateLimit, parsed.offset,
                      "expected at most " + std::to_string(limits.gate_size_max) + " bytes, " +
                          std::to_string(limits.gate_json_depth_max) + " levels and " +
                          std::to_string(limits.gate_json_values_max) + " values");
      return;
  }
}

std::optional<GateSource> parse_source(std::string_view json, const Limits& limits, Diagnostics& diagnostics) {
  adapt::JsonReader reader(json_bounds(limits));
  const adapt::JsonResult parsed = reader.read(json);
  report_json_fault(parsed, limits, diagnostics);
  if (!diagnostics.empty()) return std::nullopt;
  return read_source(JsonNode(parsed.values, 0, diagnostics), limits);
}

std::string compile_source(const GateSource& source, const Limits& limits, Diagnostics& diagnostics,
                           const BoundaryMark& mark) {
  check_source(source, limits, diagnostics);
  if (!diagnostics.empty()) return {};
  std::string image = write_image(source, limits, diagnostics, mark);
  if (image.empty()) return {};
  if (!Gate::load(image)) {
    diagnostics.add(Reason::kInternal, 0, "the compiler wrote an image that does not load");
    return {};
  }
  if (write_content_hash(image)) return image;
  diagnostics.add(Reason::kInternal, 0, "the cryptographic library cannot hash the image");
  return {};
}

}  // namespace policy

CompiledGate compile_gate(std::string_view json, const Limits& limits) {
  policy::Diagnostics diagnostics(json);
  const std::optional<policy::GateSource> source = policy::parse_source(json, limits, diagnostics);
  std::string image;
  if (source) image = policy::compile_source(*source, limits, diagnostics);
  if (!diagnostics.empty()) return {{}, diagnostics.take()};
  return {std::move(image), {}};
}

}  // namespace ostiary
