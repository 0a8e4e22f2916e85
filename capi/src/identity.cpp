#include "handles.hpp"

#include <memory>

namespace capi = ostiary::capi;

extern "C" {

ostiary_reason ostiary_identity_new(ostiary_identity** out, ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  return capi::guarded(error, [&] {
    *out = std::make_unique<ostiary_identity>().release();
    return OSTIARY_OK;
  });
}

void ostiary_identity_free(ostiary_identity* identity) { delete identity; }

ostiary_bytes ostiary_identity_claims_json(const ostiary_identity* identity) {
  return identity == nullptr ? capi::kAbsent : capi::to_c(identity->claims_json);
}

ostiary_bytes ostiary_identity_image(const ostiary_identity* identity) {
  return identity == nullptr ? capi::kAbsent : capi::to_c(identity->identity.image());
}

ostiary_bytes ostiary_identity_text_claim(const ostiary_identity* identity, ostiary_bytes name) {
  std::string_view wanted;
  if (identity == nullptr || !capi::to_view(name, wanted)) return capi::kAbsent;
  return capi::to_c(identity->identity.text_claim(wanted));
}

size_t ostiary_identity_scope_count(const ostiary_identity* identity) {
  return identity == nullptr ? 0 : identity->identity.scope_count();
}

ostiary_bytes ostiary_identity_scope_at(const ostiary_identity* identity, size_t index) {
  if (index >= ostiary_identity_scope_count(identity)) return capi::kAbsent;
  return capi::to_c(identity->identity.scope(static_cast<std::uint32_t>(index)));
}

ostiary_confirmation ostiary_identity_confirmation(const ostiary_identity* identity) {
  if (identity == nullptr) return OSTIARY_SENDER_UNKNOWN;
  return static_cast<ostiary_confirmation>(identity->identity.confirmation());
}

ostiary_bytes ostiary_identity_key_thumbprint(const ostiary_identity* identity) {
  return identity == nullptr ? capi::kAbsent : capi::to_c(identity->identity.key_thumbprint());
}

ostiary_bytes ostiary_identity_certificate_thumbprint(const ostiary_identity* identity) {
  return identity == nullptr ? capi::kAbsent : capi::to_c(identity->identity.certificate_thumbprint());
}

}  // extern "C"
