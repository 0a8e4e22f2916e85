#include "handles.hpp"

#include <ostiary/token/algorithm.hpp>

#include <memory>

using ostiary::Identity;
using ostiary::KeySet;
using ostiary::Reason;
using ostiary::Result;
namespace capi = ostiary::capi;

namespace {

/// Copies a list of views; false when one is {NULL, n > 0} or empty.
bool copy_texts(const ostiary_bytes* texts, size_t count, std::vector<std::string>& copies) {
  if (texts == nullptr || count == 0) return false;
  for (size_t i = 0; i < count; ++i) {
    std::string_view text;
    if (!capi::to_view(texts[i], text) || text.empty()) return false;
    copies.emplace_back(text);
  }
  return true;
}

bool read_algorithms(const ostiary_verifier_options& options, ostiary::AlgorithmSet& algorithms) {
  std::vector<std::string> names;
  if (!copy_texts(options.algorithms, options.algorithm_count, names)) return false;
  for (const std::string& name : names) {
    const auto algorithm = ostiary::parse_algorithm(name);
    if (!algorithm) return false;
    algorithms.add(*algorithm);
  }
  return true;
}

ostiary_reason fill(ostiary_verifier& verifier, const ostiary_verifier_options& options, ostiary_error* error) {
  std::string_view issuer;
  if (!capi::to_view(options.issuer, issuer) || issuer.empty()) {
    return capi::refuse_argument(error, "issuer: expected the exact iss value, found nothing");
  }
  if (!copy_texts(options.audiences, options.audience_count, verifier.audiences)) {
    return capi::refuse_argument(error, "audiences: expected at least one non-empty audience");
  }
  if (!read_algorithms(options, verifier.trusted.policy.algorithms)) {
    return capi::refuse_argument(error, "algorithms: expected at least one of RS256, ES256, EdDSA");
  }
  if (options.clock_skew_s < 0 || options.clock_skew_s > capi::kLimits.clock_skew_s_max) {
    return capi::refuse_argument(error, "clock_skew_s: expected 0 to 300 seconds");
  }
  verifier.issuer = issuer;
  verifier.audience_views.assign(verifier.audiences.begin(), verifier.audiences.end());
  verifier.trusted.policy.issuer = verifier.issuer;
  verifier.trusted.policy.audiences = verifier.audience_views;
  verifier.trusted.policy.clock_skew_s = options.clock_skew_s;
  verifier.trusted.keys = verifier.keys.get();
  return OSTIARY_OK;
}

void clear(ostiary_identity& identity) noexcept {
  identity.identity = Identity{};
  identity.claims_json = {};
}

}  // namespace

extern "C" {

ostiary_reason ostiary_key_set_from_jwks(ostiary_bytes json, ostiary_key_set** out, ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  return capi::guarded(error, [&] {
    std::string_view text;
    if (!capi::to_view(json, text)) return capi::refuse_argument(error, "json is {NULL, n > 0}");
    Result<std::shared_ptr<const KeySet>> keys = KeySet::from_jwks(text, capi::kLimits);
    if (!keys) return capi::report(error, keys.error());
    auto handle = std::make_unique<ostiary_key_set>();
    handle->keys = std::move(keys).value();
    *out = handle.release();
    return OSTIARY_OK;
  });
}

ostiary_key_set* ostiary_key_set_ref(ostiary_key_set* key_set) { return capi::add_reference(key_set); }

void ostiary_key_set_unref(ostiary_key_set* key_set) { capi::drop_reference(key_set); }

size_t ostiary_key_set_count(const ostiary_key_set* key_set) { return key_set == nullptr ? 0 : key_set->keys->size(); }

size_t ostiary_key_set_skipped_count(const ostiary_key_set* key_set) {
  return key_set == nullptr ? 0 : key_set->keys->skipped().size();
}

ostiary_reason ostiary_key_set_skipped_at(const ostiary_key_set* key_set, size_t index) {
  if (index >= ostiary_key_set_skipped_count(key_set)) return OSTIARY_USAGE_ARGUMENT;
  return capi::to_c(key_set->keys->skipped()[index].reason);
}

ostiary_reason ostiary_verifier_new(const ostiary_verifier_options* options, ostiary_key_set* keys,
                                    ostiary_verifier** out, ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  if (options == nullptr || keys == nullptr) return capi::refuse_argument(error, "options or keys is NULL");
  return capi::guarded(error, [&] {
    ostiary_verifier_options copy;
    const Reason copied = capi::copy_struct(options, copy);
    if (copied != Reason::kOk) return capi::report(error, {copied, 0});
    auto verifier = std::make_unique<ostiary_verifier>();
    verifier->keys = keys->keys;
    const ostiary_reason filled = fill(*verifier, copy, error);
    if (filled == OSTIARY_OK) *out = verifier.release();
    return filled;
  });
}

ostiary_verifier* ostiary_verifier_ref(ostiary_verifier* verifier) { return capi::add_reference(verifier); }

void ostiary_verifier_unref(ostiary_verifier* verifier) { capi::drop_reference(verifier); }

ostiary_reason ostiary_identity_new(ostiary_identity** out, ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  return capi::guarded(error, [&] {
    *out = std::make_unique<ostiary_identity>().release();
    return OSTIARY_OK;
  });
}

void ostiary_identity_free(ostiary_identity* identity) { delete identity; }

ostiary_reason ostiary_verifier_verify(const ostiary_verifier* verifier, ostiary_bytes token, int64_t now_s,
                                       ostiary_identity* identity, ostiary_error* error) {
  if (identity == nullptr) return capi::refuse_argument(error, "identity is NULL");
  clear(*identity);
  if (verifier == nullptr) return capi::refuse_argument(error, "verifier is NULL");
  return capi::guarded(*identity, error, [&] {
    std::string_view text;
    if (!capi::to_view(token, text)) return capi::refuse_argument(error, "token is {NULL, n > 0}");
    const Result<Identity> verified = ostiary::verify_token(text, {&verifier->trusted, 1}, {.now_s = now_s}, identity->scratch);
    if (!verified) return capi::report(error, verified.error());
    identity->identity = *verified;
    identity->claims_json = identity->scratch.payload();
    return OSTIARY_OK;
  });
}

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

}  // extern "C"
