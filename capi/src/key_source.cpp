#include "handles.hpp"

#include <limits>
#include <memory>
#include <optional>

using ostiary::KeySource;
using ostiary::Reason;
using ostiary::Result;
namespace capi = ostiary::capi;

namespace {

/// Of options in which 0 stands for the default.
void take(std::uint32_t given, std::uint32_t& option) noexcept {
  if (given != 0) option = given;
}

ostiary_reason read_options(const ostiary_key_source_options& given, ostiary::KeySourceOptions& options,
                            ostiary_error* error) noexcept {
  if (given.kind < OSTIARY_KEY_SOURCE_DISCOVERY || given.kind > OSTIARY_KEY_SOURCE_PEM_BY_KEY_ID) {
    return capi::refuse_argument(error, "kind: expected one of OSTIARY_KEY_SOURCE_*");
  }
  if (given.reserved != 0 || given.reserved2 != 0) {
    return capi::report(error, {Reason::kUsageUnknownOption, 0}, "reserved must be 0");
  }
  if (!capi::to_view(given.issuer, options.issuer) || !capi::to_view(given.uri, options.uri)) {
    return capi::refuse_argument(error, "issuer or uri is {NULL, n > 0}");
  }
  options.kind = static_cast<ostiary::KeySourceKind>(given.kind);
  options.allow_loopback_http = (given.flags & OSTIARY_KEY_SOURCE_LOOPBACK_HTTP) != 0;
  take(given.soft_age_s, options.soft_age_s);
  take(given.soft_age_min_s, options.soft_age_min_s);
  take(given.soft_age_max_s, options.soft_age_max_s);
  take(given.hard_age_s, options.hard_age_s);
  take(given.unknown_key_cooldown_s, options.unknown_key_cooldown_s);
  take(given.retry_min_s, options.retry_min_s);
  take(given.retry_max_s, options.retry_max_s);
  take(given.fetch_timeout_s, options.fetch_timeout_s);
  take(given.removed_key_grace_s, options.removed_key_grace_s);
  take(given.discovery_age_s, options.discovery_age_s);
  take(given.pem_key_count_max, options.pem_key_count_max);
  return OSTIARY_OK;
}

ostiary_key_change to_c(const ostiary::KeyChange& change) noexcept {
  ostiary_key_change counts = OSTIARY_KEY_CHANGE_INIT;
  counts.added = static_cast<std::uint32_t>(change.added.size());
  counts.removed = static_cast<std::uint32_t>(change.removed.size());
  counts.replaced = static_cast<std::uint32_t>(change.replaced.size());
  counts.skipped = static_cast<std::uint32_t>(change.skipped.size());
  return counts;
}

}  // namespace

extern "C" {

ostiary_reason ostiary_key_source_new(const ostiary_key_source_options* options, ostiary_key_source** out,
                                      ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  if (options == nullptr) return capi::refuse_argument(error, "options is NULL");
  return capi::guarded(error, [&] {
    ostiary_key_source_options copy{};
    if (const Reason copied = capi::copy_struct(options, copy, OSTIARY_KEY_SOURCE_LOOPBACK_HTTP);
        copied != Reason::kOk) {
      return capi::report(error, {copied, 0});
    }
    ostiary::KeySourceOptions read;
    if (const ostiary_reason outcome = read_options(copy, read, error); outcome != OSTIARY_OK) return outcome;
    Result<std::shared_ptr<KeySource>> source = KeySource::make(read);
    if (!source) {
      return capi::report(error, source.error(),
                          source.reason() == Reason::kUsageArgument
                              ? "issuer and uri: expected https URIs; ages: bounds in the wrong order or out of range"
                              : std::string_view());
    }
    auto handle = std::make_unique<ostiary_key_source>();
    handle->source = std::move(source).value();
    *out = handle.release();
    return OSTIARY_OK;
  });
}

ostiary_key_source* ostiary_key_source_ref(ostiary_key_source* source) { return capi::add_reference(source); }

void ostiary_key_source_unref(ostiary_key_source* source) { capi::drop_reference(source); }

ostiary_reason ostiary_key_source_wanted(ostiary_key_source* source, int64_t now_s, ostiary_fetch** out,
                                         ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  if (source == nullptr) return capi::refuse_argument(error, "source is NULL");
  return capi::guarded(error, [&] {
    std::optional<ostiary::FetchWanted> wanted = source->source->wanted(now_s);
    if (wanted) *out = std::make_unique<ostiary_fetch>(ostiary_fetch{*std::move(wanted)}).release();
    return OSTIARY_OK;
  });
}

void ostiary_fetch_free(ostiary_fetch* fetch) { delete fetch; }

ostiary_reason ostiary_fetch_get(const ostiary_fetch* fetch, ostiary_fetch_wanted* out) {
  if (out == nullptr) return OSTIARY_USAGE_ARGUMENT;
  ostiary_fetch_wanted wanted = OSTIARY_FETCH_WANTED_INIT;
  if (fetch != nullptr) {
    wanted.kind = static_cast<ostiary_fetch_kind>(fetch->wanted.kind);
    wanted.reason = static_cast<ostiary_fetch_reason>(fetch->wanted.reason);
    wanted.ticket = fetch->wanted.ticket;
    wanted.not_before_s = fetch->wanted.not_before_s;
    wanted.issuer = capi::to_c(std::string_view(fetch->wanted.issuer));
    wanted.uri = capi::to_c(std::string_view(fetch->wanted.uri));
  }
  const ostiary_reason filled = capi::fill_struct(wanted, out);
  return fetch != nullptr ? filled : OSTIARY_USAGE_ARGUMENT;
}

ostiary_reason ostiary_key_source_begin(ostiary_key_source* source, uint64_t ticket, int64_t now_s,
                                        ostiary_error* error) {
  if (source == nullptr) return capi::refuse_argument(error, "source is NULL");
  const Reason begun = source->source->begin(ticket, now_s);
  return begun == Reason::kOk ? OSTIARY_OK : capi::report(error, {begun, 0});
}

ostiary_reason ostiary_key_source_complete(ostiary_key_source* source, uint64_t ticket, ostiary_bytes body,
                                           int64_t lifetime_s, int64_t now_s, ostiary_key_change* change,
                                           ostiary_error* error) {
  const ostiary_reason told =
      change == nullptr ? OSTIARY_OK : capi::fill_struct(ostiary_key_change(OSTIARY_KEY_CHANGE_INIT), change);
  if (told != OSTIARY_OK) return capi::report(error, {Reason::kUsageStructSize, 0});
  if (source == nullptr) return capi::refuse_argument(error, "source is NULL");
  return capi::guarded(error, [&] {
    std::string_view text;
    if (!capi::to_view(body, text)) return capi::refuse_argument(error, "body is {NULL, n > 0}");
    const Result<ostiary::KeyChange> taken = source->source->complete(
        ticket, text, now_s, lifetime_s < 0 ? std::nullopt : std::optional<std::int64_t>(lifetime_s));
    if (!taken) return capi::report(error, taken.error());
    return change == nullptr ? OSTIARY_OK : capi::fill_struct(to_c(*taken), change);
  });
}

ostiary_reason ostiary_key_source_fail(ostiary_key_source* source, uint64_t ticket, ostiary_fetch_failure failure,
                                       int64_t now_s, ostiary_error* error) {
  if (source == nullptr) return capi::refuse_argument(error, "source is NULL");
  if (failure != OSTIARY_FETCH_UNREACHABLE && failure != OSTIARY_FETCH_ABSENT) {
    return capi::refuse_argument(error, "failure: expected one of OSTIARY_FETCH_UNREACHABLE and _ABSENT");
  }
  const Reason failed = source->source->fail(ticket, now_s, static_cast<ostiary::FetchFailure>(failure));
  return failed == Reason::kOk ? OSTIARY_OK : capi::report(error, {failed, 0});
}

uint32_t ostiary_key_source_unknown_key(ostiary_key_source* source, ostiary_bytes key_id) {
  std::string_view named;
  if (source == nullptr || !capi::to_view(key_id, named)) return 0;
  return source->source->unknown_key(named) ? 1 : 0;
}

ostiary_reason ostiary_key_source_keys(const ostiary_key_source* source, int64_t now_s, ostiary_key_set** out,
                                       ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  if (source == nullptr) return capi::refuse_argument(error, "source is NULL");
  return capi::guarded(error, [&] {
    std::shared_ptr<const ostiary::KeySet> keys = source->source->keys(now_s);
    if (keys == nullptr) return OSTIARY_OK;
    auto handle = std::make_unique<ostiary_key_set>();
    handle->keys = std::move(keys);
    *out = handle.release();
    return OSTIARY_OK;
  });
}

ostiary_reason ostiary_key_source_get_status(ostiary_key_source* source, int64_t now_s,
                                             ostiary_key_source_status* out) {
  if (out == nullptr) return OSTIARY_USAGE_ARGUMENT;
  ostiary_key_source_status told = OSTIARY_KEY_SOURCE_STATUS_INIT;
  if (source != nullptr) {
    const ostiary::KeySourceStatus status = source->source->status(now_s);
    told.usable = status.usable ? 1 : 0;
    told.under_way = status.under_way ? 1 : 0;
    told.failures = status.failures;
    told.last_error = capi::to_c(status.last_error);
    told.age_s = status.age_s;
    told.fetches = status.fetches;
    told.answers = status.answers;
    told.changes = status.changes;
    told.unknown_keys = status.unknown_keys;
  }
  const ostiary_reason filled = capi::fill_struct(told, out);
  return source != nullptr ? filled : OSTIARY_USAGE_ARGUMENT;
}

}  // extern "C"
