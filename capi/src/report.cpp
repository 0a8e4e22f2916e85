#include "handles.hpp"

#include <ostiary/policy/gate_text.hpp>

#include <memory>
#include <string>
#include <utility>

namespace capi = ostiary::capi;

extern "C" {

ostiary_reason ostiary_gate_report(const ostiary_gate* gate, ostiary_report_form form, ostiary_report** out,
                                   ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  if (gate == nullptr) return capi::refuse_argument(error, "gate is NULL");
  if (form != OSTIARY_REPORT_TEXT && form != OSTIARY_REPORT_JSON) {
    return capi::refuse_argument(error, "form is not one of OSTIARY_REPORT_*");
  }
  return capi::guarded(error, [&] {
    auto report = std::make_unique<ostiary_report>();
    report->text = form == OSTIARY_REPORT_JSON ? ostiary::gate_json(gate->gate) : ostiary::gate_text(gate->gate);
    *out = report.release();
    return OSTIARY_OK;
  });
}

void ostiary_report_free(ostiary_report* report) { delete report; }

ostiary_bytes ostiary_report_text(const ostiary_report* report) {
  return report == nullptr ? capi::kAbsent : capi::to_c(report->text);
}

}  // extern "C"
