#include "handles.hpp"

#include <memory>
#include <string>
#include <vector>

using ostiary::Engine;
using ostiary::EngineOptions;
using ostiary::IssuerKeys;
using ostiary::Reason;
using ostiary::Result;
namespace capi = ostiary::capi;

namespace {

ostiary_reason read_keys(const ostiary_issuer_keys* keys, size_t count, std::vector<IssuerKeys>& read,
                         ostiary_error* error) {
  if (keys == nullptr && count != 0) return capi::refuse_argument(error, "keys is NULL");
  for (size_t i = 0; i < count; ++i) {
    std::string_view id;
    if (!capi::to_view(keys[i].issuer_id, id) || keys[i].keys == nullptr) {
      return capi::refuse_argument(error, "keys: expected an issuer id and a key set in every entry");
    }
    read.push_back({std::string(id), keys[i].keys->keys});
  }
  return OSTIARY_OK;
}

ostiary_reason hand_out(Result<std::shared_ptr<const Engine>> engine, ostiary_engine** out, ostiary_error* error) {
  if (!engine) return capi::report(error, engine.error());
  auto handle = std::make_unique<ostiary_engine>();
  handle->engine = std::move(engine).value();
  *out = handle.release();
  return OSTIARY_OK;
}

ostiary_reason make_engine(const ostiary_engine_parts& parts, ostiary_engine** out, ostiary_error* error) {
  if (parts.gate == nullptr) return capi::refuse_argument(error, "gate is NULL");
  std::vector<IssuerKeys> keys;
  if (const ostiary_reason read = read_keys(parts.keys, parts.key_count, keys, error); read != OSTIARY_OK) return read;
  EngineOptions options{.limits = capi::kLimits};
  if (parts.revoked != nullptr) options.revoked = parts.revoked->list;
  if (parts.cache != nullptr) options.cache = parts.cache->cache;
  if (parts.rate_limiter != nullptr) options.rate = parts.rate_limiter->limiter;
  return hand_out(Engine::make(parts.gate->image, keys, std::move(options)), out, error);
}

/// An engine made of another one: whatever fails leaves `out` NULL.
template <typename Change>
ostiary_reason change(const ostiary_engine* engine, ostiary_engine** out, ostiary_error* error, Change&& changed) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  if (engine == nullptr) return capi::refuse_argument(error, "engine is NULL");
  return capi::guarded(error, [&] { return changed(*engine->engine); });
}

}  // namespace

extern "C" {

ostiary_reason ostiary_engine_from_parts(const ostiary_engine_parts* parts, ostiary_engine** out,
                                         ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  if (parts == nullptr) return capi::refuse_argument(error, "parts is NULL");
  return capi::guarded(error, [&] {
    ostiary_engine_parts copy{};
    const Reason copied = capi::copy_struct(parts, copy);
    return copied == Reason::kOk ? make_engine(copy, out, error) : capi::report(error, {copied, 0});
  });
}

ostiary_reason ostiary_engine_new(ostiary_gate* gate, const ostiary_issuer_keys* keys, size_t key_count,
                                  ostiary_engine** out, ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  ostiary_engine_parts parts = OSTIARY_ENGINE_PARTS_INIT;
  parts.gate = gate;
  parts.keys = keys;
  parts.key_count = key_count;
  return capi::guarded(error, [&] { return make_engine(parts, out, error); });
}

ostiary_reason ostiary_engine_with_keys(const ostiary_engine* engine, const ostiary_issuer_keys* keys, size_t key_count,
                                        ostiary_engine** out, ostiary_error* error) {
  return change(engine, out, error, [&](const Engine& old) {
    std::vector<IssuerKeys> read;
    const ostiary_reason outcome = read_keys(keys, key_count, read, error);
    return outcome == OSTIARY_OK ? hand_out(old.with_keys(read), out, error) : outcome;
  });
}

ostiary_reason ostiary_engine_with_revocation(const ostiary_engine* engine, ostiary_revocation_list* revoked,
                                              ostiary_engine** out, ostiary_error* error) {
  return change(engine, out, error, [&](const Engine& old) {
    return hand_out(old.with_revocation(revoked == nullptr ? nullptr : revoked->list), out, error);
  });
}

ostiary_reason ostiary_engine_with_gate(const ostiary_engine* engine, ostiary_gate* gate, ostiary_engine** out,
                                        ostiary_error* error) {
  return change(engine, out, error, [&](const Engine& old) {
    if (gate == nullptr) return capi::refuse_argument(error, "gate is NULL");
    return hand_out(old.with_gate(gate->image), out, error);
  });
}

ostiary_engine* ostiary_engine_ref(ostiary_engine* engine) { return capi::add_reference(engine); }

void ostiary_engine_unref(ostiary_engine* engine) { capi::drop_reference(engine); }

}  // extern "C"
