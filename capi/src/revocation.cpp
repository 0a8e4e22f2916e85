#include "handles.hpp"

#include <memory>

using ostiary::Result;
using ostiary::RevocationList;
namespace capi = ostiary::capi;

extern "C" {

ostiary_reason ostiary_revocation_list_from_json(ostiary_bytes json, ostiary_revocation_list** out,
                                                 ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  return capi::guarded(error, [&] {
    std::string_view text;
    if (!capi::to_view(json, text)) return capi::refuse_argument(error, "json is {NULL, n > 0}");
    Result<std::shared_ptr<const RevocationList>> list = RevocationList::from_json(text, capi::kLimits);
    if (!list) return capi::report(error, list.error());
    auto handle = std::make_unique<ostiary_revocation_list>();
    handle->list = std::move(list).value();
    *out = handle.release();
    return OSTIARY_OK;
  });
}

ostiary_revocation_list* ostiary_revocation_list_ref(ostiary_revocation_list* list) {
  return capi::add_reference(list);
}

void ostiary_revocation_list_unref(ostiary_revocation_list* list) { capi::drop_reference(list); }

size_t ostiary_revocation_list_count(const ostiary_revocation_list* list) {
  return list == nullptr ? 0 : list->list->size();
}

}  // extern "C"
