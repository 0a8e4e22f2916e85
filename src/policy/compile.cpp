#include "adapt/json.hpp"
#include "policy/check_source.hpp"
#include "policy/diagnostics.hpp"
#include "policy/json_node.hpp"
#include "policy/read_source.hpp"
#include "policy/seal.hpp"
#include "policy/write_image.hpp"

#include <ostiary/policy/compile.hpp>

#include <string>
#include <utility>

namespace ostiary {

namespace {

void report_json_fault(const adapt::JsonResult& parsed, const Limits& limits, policy::Diagnostics& diagnostics) {
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

}  // namespace

CompiledGate compile_gate(std::string_view json, const Limits& limits) {
  policy::Diagnostics diagnostics(json);
  adapt::JsonReader reader({limits.gate_size_max, limits.gate_json_depth_max, limits.gate_json_values_max, false});
  const adapt::JsonResult parsed = reader.read(json);
  report_json_fault(parsed, limits, diagnostics);
  if (!diagnostics.empty()) return {{}, diagnostics.take()};

  const policy::JsonNode root(parsed.values, 0, {}, diagnostics);
  const policy::GateSource source = policy::read_source(root, limits);
  policy::check_source(source, limits, diagnostics);
  if (!diagnostics.empty()) return {{}, diagnostics.take()};
  std::string image = policy::write_image(source);
  if (policy::write_content_hash(image)) return {std::move(image), {}};
  diagnostics.add(Reason::kInternal, 0, "the cryptographic library cannot hash the image");
  return {{}, diagnostics.take()};
}

}  // namespace ostiary
