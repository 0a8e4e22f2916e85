#include "handles.hpp"

#include <memory>

using ostiary::Arena;
using ostiary::Field;
using ostiary::Finding;
using ostiary::Inspection;
using ostiary::ParsedHead;
using ostiary::Progress;
using ostiary::Reason;
using ostiary::Request;
using ostiary::Span;
namespace capi = ostiary::capi;

namespace {

ostiary_finding to_c(const Finding& finding) noexcept {
  return {capi::to_c(finding.reason), static_cast<ostiary_disposition>(finding.disposition), finding.offset, 0};
}

/// The request when there is a complete one, else nullptr.
const Request* request_of(const ostiary_inspection* inspection) noexcept {
  const bool complete = inspection != nullptr && inspection->inspection.progress == Progress::kComplete;
  return complete ? &inspection->inspection.request : nullptr;
}

ostiary_bytes span_of(const ostiary_inspection* inspection, Span Request::* member) noexcept {
  const Request* const request = request_of(inspection);
  if (request == nullptr || !(request->*member).present()) return capi::kAbsent;
  return capi::to_c((request->*member).in(request->head));
}

void clear(ostiary_inspection& inspection) noexcept {
  inspection.inspection = Inspection{};
  inspection.arena.reset();
}

}  // namespace

extern "C" {

ostiary_reason ostiary_inspection_new(ostiary_inspection** out, ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  return capi::guarded(error, [&] {
    auto inspection = std::make_unique<ostiary_inspection>();
    inspection->memory.resize(ostiary::inspect_scratch_size_max(capi::kLimits));
    inspection->arena = Arena(inspection->memory);
    *out = inspection.release();
    return OSTIARY_OK;
  });
}

void ostiary_inspection_free(ostiary_inspection* inspection) { delete inspection; }

ostiary_reason ostiary_inspect_bytes(ostiary_inspection* inspection, ostiary_bytes head, ostiary_error* error) {
  if (inspection == nullptr) return capi::refuse_argument(error, "inspection is NULL");
  return capi::guarded(*inspection, error, [&] {
    clear(*inspection);
    std::string_view bytes;
    if (!capi::to_view(head, bytes)) return capi::refuse_argument(error, "head is {NULL, n > 0}");
    inspection->inspection = ostiary::inspect_bytes(bytes, inspection->arena);
    return OSTIARY_OK;
  });
}

ostiary_reason ostiary_inspect_fields(ostiary_inspection* inspection, const ostiary_head* head, ostiary_error* error) {
  if (inspection == nullptr || head == nullptr) return capi::refuse_argument(error, "inspection or head is NULL");
  return capi::guarded(*inspection, error, [&] {
    clear(*inspection);
    ParsedHead parsed;
    const Reason adapted = inspection->adapter.adapt(head, parsed);
    if (adapted != Reason::kOk) return capi::report(error, {adapted, 0});
    inspection->inspection = ostiary::inspect_fields(parsed, inspection->arena);
    inspection->inspection.head_size = 0;  // of a copy that the caller never sees
    return OSTIARY_OK;
  });
}

ostiary_progress ostiary_inspection_progress(const ostiary_inspection* inspection) {
  return inspection == nullptr ? OSTIARY_PROGRESS_REJECTED
                               : static_cast<ostiary_progress>(inspection->inspection.progress);
}

ostiary_finding ostiary_inspection_verdict(const ostiary_inspection* inspection) {
  return to_c(inspection == nullptr ? Finding{Reason::kUsageArgument, ostiary::Disposition::kReject, 0}
                                    : inspection->inspection.finding);
}

size_t ostiary_inspection_finding_count(const ostiary_inspection* inspection) {
  const Request* const request = request_of(inspection);
  return request == nullptr ? 0 : request->finding_count;
}

ostiary_finding ostiary_inspection_finding_at(const ostiary_inspection* inspection, size_t index) {
  return to_c(index < ostiary_inspection_finding_count(inspection) ? request_of(inspection)->findings[index]
                                                                   : Finding{});
}

size_t ostiary_inspection_head_size(const ostiary_inspection* inspection) {
  return request_of(inspection) == nullptr ? 0 : inspection->inspection.head_size;
}

ostiary_bytes ostiary_inspection_method(const ostiary_inspection* inspection) {
  const Request* const request = request_of(inspection);
  if (request == nullptr) return capi::kAbsent;
  return capi::to_c(ostiary::kMethodNames[static_cast<std::size_t>(request->method)]);
}

ostiary_bytes ostiary_inspection_target(const ostiary_inspection* inspection) {
  return span_of(inspection, &Request::target);
}

ostiary_bytes ostiary_inspection_path(const ostiary_inspection* inspection) {
  const Request* const request = request_of(inspection);
  return request == nullptr ? capi::kAbsent : capi::to_c(request->path);
}

ostiary_bytes ostiary_inspection_query(const ostiary_inspection* inspection) {
  return span_of(inspection, &Request::query);
}

ostiary_bytes ostiary_inspection_host(const ostiary_inspection* inspection) {
  const Request* const request = request_of(inspection);
  return request == nullptr ? capi::kAbsent : capi::to_c(request->host);
}

uint32_t ostiary_inspection_port(const ostiary_inspection* inspection) {
  const Request* const request = request_of(inspection);
  return request == nullptr ? 0 : request->port;
}

uint32_t ostiary_inspection_version_minor(const ostiary_inspection* inspection) {
  const Request* const request = request_of(inspection);
  return request == nullptr || request->version == ostiary::HttpVersion::kHttp10 ? 0 : 1;
}

ostiary_framing ostiary_inspection_framing(const ostiary_inspection* inspection) {
  const Request* const request = request_of(inspection);
  return request == nullptr ? OSTIARY_FRAMING_NO_BODY : static_cast<ostiary_framing>(request->framing);
}

uint64_t ostiary_inspection_content_length(const ostiary_inspection* inspection) {
  const Request* const request = request_of(inspection);
  return request == nullptr ? 0 : request->content_length;
}

size_t ostiary_inspection_field_count(const ostiary_inspection* inspection) {
  const Request* const request = request_of(inspection);
  return request == nullptr ? 0 : request->fields.size();
}

ostiary_field ostiary_inspection_field_at(const ostiary_inspection* inspection, size_t index) {
  if (index >= ostiary_inspection_field_count(inspection)) return {capi::kAbsent, capi::kAbsent};
  const Request& request = *request_of(inspection);
  const Field& field = request.fields[index];
  return {capi::to_c(request.name(field)), capi::to_c(request.value(field))};
}

}  // extern "C"
