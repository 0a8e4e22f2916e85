// The head to forward.
#include "handles.hpp"

#include <ostiary/http/emit.hpp>

using ostiary::Arena;
using ostiary::EmitOptions;
using ostiary::Error;
using ostiary::HeaderEdit;
using ostiary::HeaderEditKind;
using ostiary::Reason;
using ostiary::Request;
using ostiary::Result;
namespace capi = ostiary::capi;

namespace {

constexpr uint32_t kEmitFlags = OSTIARY_EMIT_PEER_IS_TRUSTED | OSTIARY_EMIT_BODY_OF_UNKNOWN_LENGTH;

/// Reads the options; the edits of a decision become the first of `edits`.
ostiary_reason read_options(const ostiary_emit_options* from, EmitOptions& options, std::vector<HeaderEdit>& edits,
                            ostiary_error* error) {
  if (from == nullptr) return OSTIARY_OK;
  ostiary_emit_options copy{};
  const Reason copied = capi::copy_struct(from, copy, kEmitFlags);
  if (copied != Reason::kOk) {
    return capi::report(error, {copied, 0}, "options: use OSTIARY_EMIT_OPTIONS_INIT; flags: OSTIARY_EMIT_* only");
  }
  const Error fault = capi::read_waivers(copy.waived, copy.waived_count, options.waived);
  if (fault.reason != Reason::kOk) return capi::report(error, fault);
  options.peer_is_trusted = (copy.flags & OSTIARY_EMIT_PEER_IS_TRUSTED) != 0;
  options.body_of_unknown_length = (copy.flags & OSTIARY_EMIT_BODY_OF_UNKNOWN_LENGTH) != 0;
  if (copy.decision == nullptr) return OSTIARY_OK;
  const ostiary::Decision& decision = copy.decision->decision;
  if (!decision.allowed()) return capi::refuse_argument(error, "options.decision: a denied request is not forwarded");
  edits.assign(decision.headers.begin(), decision.headers.end());
  options.target = decision.target;
  return OSTIARY_OK;
}

ostiary_reason read_edits(const ostiary_header_edit* from, size_t count, std::vector<HeaderEdit>& edits,
                          ostiary_error* error) {
  if (from == nullptr && count != 0) return capi::refuse_argument(error, "edits is NULL");
  for (size_t i = 0; i < count; ++i) {
    HeaderEdit edit{static_cast<HeaderEditKind>(from[i].kind), {}, {}};
    if (from[i].reserved != 0 || !capi::to_view(from[i].name, edit.name) || !capi::to_view(from[i].value, edit.value)) {
      return capi::report(error, {Reason::kUsageHeaderEdit, static_cast<uint32_t>(edits.size())});
    }
    edits.push_back(edit);
  }
  return OSTIARY_OK;
}

}  // namespace

extern "C" {

ostiary_reason ostiary_inspection_emit(ostiary_inspection* inspection, const ostiary_header_edit* edits,
                                       size_t edit_count, const ostiary_emit_options* options, ostiary_bytes* out,
                                       ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = capi::kAbsent;
  const Request* const request = capi::request_of(inspection);
  if (request == nullptr) return capi::refuse_argument(error, "the inspection is not complete");
  return capi::guarded(*inspection, error, [&] {
    EmitOptions read;
    std::vector<HeaderEdit> all;
    ostiary_reason refused = read_options(options, read, all, error);
    if (refused == OSTIARY_OK) refused = read_edits(edits, edit_count, all, error);
    if (refused != OSTIARY_OK) return refused;
    const std::size_t size = ostiary::emit_scratch_size_max(capi::kLimits, all);
    if (inspection->emitted.size() < size) inspection->emitted.resize(size);
    Arena arena(inspection->emitted);
    const Result<std::string_view> head = ostiary::emit_head(*request, all, read, arena);
    if (!head) return capi::report(error, head.error());
    *out = capi::to_c(*head);
    return OSTIARY_OK;
  });
}

}  // extern "C"
