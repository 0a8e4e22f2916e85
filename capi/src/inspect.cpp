// Both doors, and a head that arrives in parts.
#include "handles.hpp"

#include <memory>

using ostiary::Arena;
using ostiary::Error;
using ostiary::FindingRule;
using ostiary::GrowingHead;
using ostiary::Inspection;
using ostiary::InspectOptions;
using ostiary::ParsedHead;
using ostiary::Progress;
using ostiary::Reason;
using ostiary::RuleSet;
using ostiary::Scheme;
namespace capi = ostiary::capi;

namespace {

constexpr RuleSet kAllRules = RuleSet::where([](const FindingRule&) { return true; });

void clear(ostiary_inspection& inspection) noexcept {
  inspection.inspection = Inspection{};
  inspection.inspection.unseen = kAllRules;
  inspection.is_growing = false;
  inspection.arena.reset();
}

ostiary_reason read_options(const ostiary_inspect_options* from, InspectOptions& options,
                            ostiary_error* error) noexcept {
  options.limits = capi::kLimits;
  if (from == nullptr) return OSTIARY_OK;
  ostiary_inspect_options copy{};
  Error fault{capi::copy_struct(from, copy), 0};
  if (fault.reason == Reason::kOk && copy.reserved != 0) fault.reason = Reason::kUsageUnknownOption;
  if (fault.reason != Reason::kOk) {
    return capi::report(error, fault, "options: use OSTIARY_INSPECT_OPTIONS_INIT; flags and reserved must be 0");
  }
  if (copy.scheme < OSTIARY_SCHEME_UNKNOWN || copy.scheme > OSTIARY_SCHEME_HTTPS) {
    return capi::refuse_argument(error, "options.scheme: expected one of OSTIARY_SCHEME_*");
  }
  options.scheme = static_cast<Scheme>(copy.scheme);
  fault = capi::read_waivers(copy.waived, copy.waived_count, options.left_to_route);
  return fault.reason == Reason::kOk ? OSTIARY_OK : capi::report(error, fault);
}

bool same(const InspectOptions& left, const InspectOptions& right) noexcept {
  return left.scheme == right.scheme && left.left_to_route == right.left_to_route;
}

/// Takes up the head where it was left, or begins one.
ostiary_reason inspect_part(ostiary_inspection& inspection, std::string_view bytes, const InspectOptions& options,
                            ostiary_error* error) noexcept {
  if (!inspection.is_growing) {
    clear(inspection);
    inspection.growing = GrowingHead{};
    inspection.growing_options = options;
  } else if (bytes.size() < inspection.grown_to || !same(options, inspection.growing_options)) {
    clear(inspection);
    return capi::refuse_argument(error, "so_far: expected all bytes so far and the options of the first part");
  }
  inspection.inspection = ostiary::inspect_more(inspection.growing, bytes, inspection.arena, options);
  inspection.grown_to = bytes.size();
  inspection.is_growing = inspection.inspection.progress == Progress::kNeedMore;
  return OSTIARY_OK;
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
    clear(*inspection);
    *out = inspection.release();
    return OSTIARY_OK;
  });
}

void ostiary_inspection_free(ostiary_inspection* inspection) { delete inspection; }

void ostiary_inspection_reset(ostiary_inspection* inspection) {
  if (inspection != nullptr) clear(*inspection);
}

ostiary_reason ostiary_inspect_bytes(ostiary_inspection* inspection, ostiary_bytes head, ostiary_error* error) {
  return ostiary_inspect_bytes_with(inspection, head, nullptr, error);
}

ostiary_reason ostiary_inspect_fields(ostiary_inspection* inspection, const ostiary_head* head, ostiary_error* error) {
  return ostiary_inspect_fields_with(inspection, head, nullptr, error);
}

ostiary_reason ostiary_inspect_bytes_with(ostiary_inspection* inspection, ostiary_bytes head,
                                          const ostiary_inspect_options* options, ostiary_error* error) {
  if (inspection == nullptr) return capi::refuse_argument(error, "inspection is NULL");
  return capi::guarded(*inspection, error, [&] {
    clear(*inspection);
    std::string_view bytes;
    if (!capi::to_view(head, bytes)) return capi::refuse_argument(error, "head is {NULL, n > 0}");
    InspectOptions read;
    const ostiary_reason refused = read_options(options, read, error);
    if (refused == OSTIARY_OK) inspection->inspection = ostiary::inspect_bytes(bytes, inspection->arena, read);
    return refused;
  });
}

ostiary_reason ostiary_inspect_fields_with(ostiary_inspection* inspection, const ostiary_head* head,
                                           const ostiary_inspect_options* options, ostiary_error* error) {
  if (inspection == nullptr) return capi::refuse_argument(error, "inspection is NULL");
  return capi::guarded(*inspection, error, [&] {
    clear(*inspection);
    if (head == nullptr) return capi::refuse_argument(error, "head is NULL");
    InspectOptions read;
    const ostiary_reason refused = read_options(options, read, error);
    if (refused != OSTIARY_OK) return refused;
    ParsedHead parsed;
    const Reason adapted = inspection->adapter.adapt(head, parsed);
    if (adapted != Reason::kOk) return capi::report(error, {adapted, 0}, capi::kHeadMistake);
    inspection->inspection = ostiary::inspect_fields(parsed, inspection->arena, read);
    inspection->inspection.head_size = 0;  // of a copy that the caller never sees
    return OSTIARY_OK;
  });
}

ostiary_reason ostiary_inspect_more(ostiary_inspection* inspection, ostiary_bytes so_far,
                                    const ostiary_inspect_options* options, ostiary_error* error) {
  if (inspection == nullptr) return capi::refuse_argument(error, "inspection is NULL");
  return capi::guarded(*inspection, error, [&] {
    std::string_view bytes;
    InspectOptions read;
    const bool whole = capi::to_view(so_far, bytes);
    const ostiary_reason refused =
        whole ? read_options(options, read, error) : capi::refuse_argument(error, "so_far is {NULL, n > 0}");
    if (refused == OSTIARY_OK) return inspect_part(*inspection, bytes, read, error);
    clear(*inspection);
    return refused;
  });
}

}  // extern "C"
