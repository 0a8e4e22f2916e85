// What an inspection came to, and the canonical view of a complete one.
#include "handles.hpp"

#include <ostiary/http/lenses.hpp>

#include <span>

using ostiary::Arena;
using ostiary::Field;
using ostiary::Finding;
using ostiary::Lens;
using ostiary::Reason;
using ostiary::Request;
using ostiary::Result;
using ostiary::Span;
namespace capi = ostiary::capi;
using capi::request_of;

static_assert(static_cast<int>(Lens::kDoubleDecode) + 1 == OSTIARY_LENS_COUNT);

namespace {

ostiary_bytes span_of(const ostiary_inspection* inspection, Span Request::* member) noexcept {
  const Request* const request = request_of(inspection);
  return request == nullptr ? capi::kAbsent : capi::to_c(request->*member, request->head);
}

/// A plain member of the request, or what stands for none: zero.
template <typename Number, typename Member>
Number number_of(const ostiary_inspection* inspection, Member Request::* member) noexcept {
  const Request* const request = request_of(inspection);
  return request == nullptr ? Number{0} : static_cast<Number>(request->*member);
}

bool same_name(std::string_view left, std::string_view right) noexcept {
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (ostiary::ascii_lower(left[i]) != ostiary::ascii_lower(right[i])) return false;
  }
  return true;
}

}  // namespace

extern "C" {

ostiary_progress ostiary_inspection_progress(const ostiary_inspection* inspection) {
  return inspection == nullptr ? OSTIARY_PROGRESS_REJECTED
                               : static_cast<ostiary_progress>(inspection->inspection.progress);
}

ostiary_finding ostiary_inspection_verdict(const ostiary_inspection* inspection) {
  return capi::to_c(inspection == nullptr ? Finding{Reason::kUsageArgument, ostiary::Disposition::kReject, 0}
                                          : inspection->inspection.finding);
}

size_t ostiary_inspection_finding_count(const ostiary_inspection* inspection) {
  return number_of<size_t>(inspection, &Request::finding_count);
}

ostiary_finding ostiary_inspection_finding_at(const ostiary_inspection* inspection, size_t index) {
  return capi::to_c(index < ostiary_inspection_finding_count(inspection) ? request_of(inspection)->findings[index]
                                                                         : Finding{});
}

uint32_t ostiary_inspection_findings_truncated(const ostiary_inspection* inspection) {
  return number_of<uint32_t>(inspection, &Request::findings_truncated);
}

size_t ostiary_inspection_waived_count(const ostiary_inspection* inspection) {
  const Request* const request = request_of(inspection);
  return request == nullptr ? 0 : capi::count_rules(request->to_waive);
}

ostiary_reason ostiary_inspection_waived_at(const ostiary_inspection* inspection, size_t index) {
  const Request* const request = request_of(inspection);
  return request == nullptr ? OSTIARY_OK : capi::rule_at(request->to_waive, index);
}

uint32_t ostiary_inspection_sees(const ostiary_inspection* inspection, ostiary_reason rule) {
  const auto reason = static_cast<Reason>(rule);
  const bool is_rule = ostiary::find_rule(reason) < ostiary::kFindingRuleCount;
  return inspection != nullptr && is_rule && !inspection->inspection.unseen.has(reason) ? 1 : 0;
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
  return number_of<uint32_t>(inspection, &Request::port);
}

uint32_t ostiary_inspection_version_minor(const ostiary_inspection* inspection) {
  const Request* const request = request_of(inspection);
  return request == nullptr || request->version == ostiary::HttpVersion::kHttp10 ? 0 : 1;
}

ostiary_http_version ostiary_inspection_version(const ostiary_inspection* inspection) {
  return number_of<ostiary_http_version>(inspection, &Request::version);
}

ostiary_scheme ostiary_inspection_scheme(const ostiary_inspection* inspection) {
  return number_of<ostiary_scheme>(inspection, &Request::scheme);
}

ostiary_target_form ostiary_inspection_target_form(const ostiary_inspection* inspection) {
  return number_of<ostiary_target_form>(inspection, &Request::form);
}

ostiary_bytes ostiary_inspection_authority(const ostiary_inspection* inspection) {
  return span_of(inspection, &Request::authority);
}

ostiary_bytes ostiary_inspection_raw_path(const ostiary_inspection* inspection) {
  return span_of(inspection, &Request::raw_path);
}

uint32_t ostiary_inspection_path_is_ambiguous(const ostiary_inspection* inspection) {
  return number_of<uint32_t>(inspection, &Request::ambiguous_path);
}

ostiary_reason ostiary_inspection_lens_path(const ostiary_inspection* inspection, ostiary_lens lens, char* memory,
                                            size_t memory_size, ostiary_bytes* out, ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = capi::kAbsent;
  if (lens < 0 || lens >= OSTIARY_LENS_COUNT)
    return capi::refuse_argument(error, "lens: expected one of OSTIARY_LENS_*");
  if (memory == nullptr && memory_size != 0) return capi::refuse_argument(error, "memory is {NULL, n > 0}");
  const Request* const request = request_of(inspection);
  if (request == nullptr) return OSTIARY_OK;
  *out = capi::to_c(request->path);
  const std::string_view raw = request->raw_path.in(request->head);
  if (!raw.starts_with('/')) return OSTIARY_OK;  // no path was sent: every lens reads the same
  Arena arena(std::as_writable_bytes(std::span(memory, memory_size)));
  const Result<std::string_view> path = ostiary::lens_path(raw, static_cast<Lens>(lens), arena);
  *out = path ? capi::to_c(*path) : capi::kAbsent;
  return path ? OSTIARY_OK : capi::report(error, path.error());
}

uint32_t ostiary_inspection_has_underscore_names(const ostiary_inspection* inspection) {
  return number_of<uint32_t>(inspection, &Request::underscore_names);
}

ostiary_framing ostiary_inspection_framing(const ostiary_inspection* inspection) {
  return number_of<ostiary_framing>(inspection, &Request::framing);
}

uint64_t ostiary_inspection_content_length(const ostiary_inspection* inspection) {
  return number_of<uint64_t>(inspection, &Request::content_length);
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

size_t ostiary_inspection_field_find(const ostiary_inspection* inspection, ostiary_bytes name, size_t from) {
  std::string_view wanted;
  if (!capi::to_view(name, wanted)) return OSTIARY_NOT_FOUND;
  for (size_t i = from; i < ostiary_inspection_field_count(inspection); ++i) {
    const Request& request = *request_of(inspection);
    if (same_name(request.name(request.fields[i]), wanted)) return i;
  }
  return OSTIARY_NOT_FOUND;
}

}  // extern "C"
