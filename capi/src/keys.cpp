#include "handles.hpp"

#include <memory>
#include <optional>

using ostiary::Algorithm;
using ostiary::KeySet;
using ostiary::Result;
using ostiary::SecretKeys;
namespace capi = ostiary::capi;

namespace {

using KeySetResult = Result<std::shared_ptr<const KeySet>>;

ostiary_reason hand_out(KeySetResult keys, ostiary_key_set** out, ostiary_error* error) {
  if (!keys) return capi::report(error, keys.error());
  auto handle = std::make_unique<ostiary_key_set>();
  handle->keys = std::move(keys).value();
  *out = handle.release();
  return OSTIARY_OK;
}

ostiary_skipped_key to_c(const ostiary::KeySetReport::Skipped& skipped) noexcept {
  ostiary_skipped_key key{};
  key.index = skipped.index;
  key.offset = skipped.offset;
  key.reason = capi::to_c(skipped.reason);
  const std::size_t size = std::min<std::size_t>(skipped.key_id.size(), OSTIARY_KEY_ID_MAX);
  key.key_id_len = static_cast<std::uint32_t>(size);
  std::memcpy(key.key_id, skipped.key_id.data(), size);
  return key;
}

/// False for views that are {NULL, n > 0} and for an unknown algorithm.
bool read_pem_key(const ostiary_pem_key& given, KeySet::PemKey& key) noexcept {
  std::string_view algorithm;
  const bool whole = capi::to_view(given.pem, key.pem) && capi::to_view(given.key_id, key.key_id) &&
                     capi::to_view(given.algorithm, algorithm);
  if (!whole) return false;
  if (algorithm.data() == nullptr) return true;
  key.algorithm = ostiary::parse_algorithm(algorithm);
  return key.algorithm.has_value();
}

bool read_secret_key(const ostiary_secret_key& given, ostiary::SecretKey& key) noexcept {
  std::string_view algorithm;
  const bool whole = capi::to_view(given.bytes, key.bytes) && capi::to_view(given.key_id, key.key_id) &&
                     capi::to_view(given.algorithm, algorithm);
  const std::optional<Algorithm> named = ostiary::parse_algorithm(algorithm);
  if (!whole || !named) return false;
  key.algorithm = *named;
  return true;
}

ostiary_reason refuse_entry(ostiary_error* error, std::size_t index, std::string_view message) noexcept {
  return capi::report(error, {ostiary::Reason::kUsageArgument, static_cast<std::uint32_t>(index)}, message);
}

}  // namespace

extern "C" {

ostiary_reason ostiary_key_set_from_jwks(ostiary_bytes json, ostiary_key_set** out, ostiary_error* error) {
  std::size_t skipped = 0;
  return ostiary_key_set_from_jwks_with(json, nullptr, 0, &skipped, out, error);
}

ostiary_reason ostiary_key_set_from_jwks_with(ostiary_bytes json, ostiary_skipped_key* skipped, size_t capacity,
                                              size_t* count, ostiary_key_set** out, ostiary_error* error) {
  if (count != nullptr) *count = 0;
  if (out != nullptr) *out = nullptr;
  if (out == nullptr || count == nullptr) return capi::refuse_argument(error, "out or count is NULL");
  if (skipped == nullptr && capacity != 0) return capi::refuse_argument(error, "skipped is {NULL, n > 0}");
  return capi::guarded(error, [&] {
    std::string_view text;
    if (!capi::to_view(json, text)) return capi::refuse_argument(error, "json is {NULL, n > 0}");
    ostiary::KeySetReport report;
    KeySetResult keys = KeySet::from_jwks(text, capi::kLimits, report);
    *count = report.skipped.size();
    for (std::size_t i = 0; i < std::min(*count, capacity); ++i) skipped[i] = to_c(report.skipped[i]);
    return hand_out(std::move(keys), out, error);
  });
}

ostiary_reason ostiary_key_set_from_jwk(ostiary_bytes json, ostiary_key_set** out, ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  return capi::guarded(error, [&] {
    std::string_view text;
    if (!capi::to_view(json, text)) return capi::refuse_argument(error, "json is {NULL, n > 0}");
    return hand_out(KeySet::from_jwk(text, capi::kLimits), out, error);
  });
}

ostiary_reason ostiary_key_set_from_pem(const ostiary_pem_key* keys, size_t count, ostiary_key_set** out,
                                        ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  if (keys == nullptr && count != 0) return capi::refuse_argument(error, "keys is {NULL, n > 0}");
  return capi::guarded(error, [&] {
    std::vector<KeySet::PemKey> views(std::min<std::size_t>(count, capi::kLimits.key_count_max + 1));
    for (std::size_t i = 0; i < views.size(); ++i) {
      if (!read_pem_key(keys[i], views[i]))
        return refuse_entry(error, i, "keys: a view {NULL, n > 0}, or no algorithm");
    }
    return hand_out(KeySet::from_pem(views, capi::kLimits), out, error);
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

ostiary_reason ostiary_key_set_key_at(const ostiary_key_set* key_set, size_t index, ostiary_key_info* out) {
  if (out == nullptr) return OSTIARY_USAGE_ARGUMENT;
  ostiary_key_info info = OSTIARY_KEY_INFO_INIT;
  const bool exists = index < ostiary_key_set_count(key_set);
  if (exists) {
    const KeySet::KeyInfo key = key_set->keys->key(index);
    info.bits = key.bits;
    if (key.has_key_id) info.key_id = {key.key_id.data() == nullptr ? "" : key.key_id.data(), key.key_id.size()};
    info.algorithm = capi::to_c(ostiary::algorithm_name(key.algorithm));
    std::memcpy(info.thumbprint, key.thumbprint.data(), sizeof(info.thumbprint));
  }
  const ostiary_reason filled = capi::fill_struct(info, out);
  return exists ? filled : OSTIARY_USAGE_ARGUMENT;
}

ostiary_reason ostiary_secret_keys_new(const ostiary_secret_key* keys, size_t count, ostiary_secret_keys** out,
                                       ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  if (keys == nullptr && count != 0) return capi::refuse_argument(error, "keys is {NULL, n > 0}");
  return capi::guarded(error, [&] {
    std::vector<ostiary::SecretKey> views(std::min<std::size_t>(count, capi::kLimits.key_count_max + 1));
    for (std::size_t i = 0; i < views.size(); ++i) {
      if (!read_secret_key(keys[i], views[i])) {
        return refuse_entry(error, i, "keys: a view {NULL, n > 0}, or no algorithm; expected HS256, HS384 or HS512");
      }
    }
    Result<std::shared_ptr<const SecretKeys>> secrets = SecretKeys::make(views, capi::kLimits);
    if (!secrets) return capi::report(error, secrets.error());
    auto handle = std::make_unique<ostiary_secret_keys>();
    handle->secrets = std::move(secrets).value();
    *out = handle.release();
    return OSTIARY_OK;
  });
}

ostiary_secret_keys* ostiary_secret_keys_ref(ostiary_secret_keys* secrets) { return capi::add_reference(secrets); }

void ostiary_secret_keys_unref(ostiary_secret_keys* secrets) { capi::drop_reference(secrets); }

size_t ostiary_secret_keys_count(const ostiary_secret_keys* secrets) {
  return secrets == nullptr ? 0 : secrets->secrets->size();
}

}  // extern "C"
