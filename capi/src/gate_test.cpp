#include "handles.hpp"

#include <ostiary/policy/gate_test.hpp>

#include <memory>
#include <string_view>

namespace capi = ostiary::capi;
using ostiary::Reason;

namespace {

Reason read_options(const ostiary_gate_test_options* from, ostiary::GateTestOptions& options) noexcept {
  if (from == nullptr) return Reason::kOk;
  ostiary_gate_test_options copy{};
  const Reason copied = capi::copy_struct(from, copy, OSTIARY_GATE_TEST_MUTANTS);
  if (copied != Reason::kOk) return copied;
  if (copy.reserved != 0) return Reason::kUsageUnknownOption;
  options.mutants = (copy.flags & OSTIARY_GATE_TEST_MUTANTS) != 0;
  if (copy.mutants_max != 0) options.mutants_max = copy.mutants_max;
  return Reason::kOk;
}

}  // namespace

extern "C" {

ostiary_reason ostiary_gate_test(ostiary_bytes gate_json, ostiary_bytes table_json,
                                 const ostiary_gate_test_options* options, ostiary_report** out, ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  return capi::guarded(error, [&] {
    std::string_view gate;
    std::string_view table;
    if (!capi::to_view(gate_json, gate) || !capi::to_view(table_json, table)) {
      return capi::refuse_argument(error, "gate_json or table_json is {NULL, n > 0}");
    }
    ostiary::GateTestOptions wanted;
    if (const Reason reason = read_options(options, wanted); reason != Reason::kOk) {
      return capi::report(error, {reason, 0}, "options: use OSTIARY_GATE_TEST_OPTIONS_INIT; reserved must be 0");
    }
    auto report = std::make_unique<ostiary_report>();
    report->text = ostiary::gate_test_json(ostiary::test_gate(gate, table, wanted, capi::kLimits));
    *out = report.release();
    return OSTIARY_OK;
  });
}

}  // extern "C"
