#include "handles.hpp"

#include <ostiary/token/token_cache.hpp>

#include <limits>
#include <memory>

using ostiary::Reason;
using ostiary::Result;
using ostiary::TokenCache;
namespace capi = ostiary::capi;

namespace {

ostiary_reason read_options(const ostiary_token_cache_options& options, ostiary::TokenCacheOptions& read,
                            ostiary_error* error) noexcept {
  if (!capi::to_view(options.secret, read.key) || read.key.empty()) {
    return capi::refuse_argument(error, "secret: expected at least 16 random bytes");
  }
  if (options.entry_size_max > std::numeric_limits<std::uint32_t>::max() ||
      options.memory_size > std::numeric_limits<std::size_t>::max()) {
    return capi::refuse_argument(error, "memory_size or entry_size_max is out of range");
  }
  if (options.memory_size != 0) read.memory_size = static_cast<std::size_t>(options.memory_size);
  if (options.entry_size_max != 0) read.entry_size_max = static_cast<std::uint32_t>(options.entry_size_max);
  return OSTIARY_OK;
}

}  // namespace

extern "C" {

ostiary_reason ostiary_token_cache_new(const ostiary_token_cache_options* options, ostiary_token_cache** out,
                                       ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  if (options == nullptr) return capi::refuse_argument(error, "options is NULL");
  return capi::guarded(error, [&] {
    ostiary_token_cache_options copy{};
    if (const Reason copied = capi::copy_struct(options, copy); copied != Reason::kOk) {
      return capi::report(error, {copied, 0});
    }
    ostiary::TokenCacheOptions read;
    if (const ostiary_reason outcome = read_options(copy, read, error); outcome != OSTIARY_OK) return outcome;
    Result<std::unique_ptr<TokenCache>> cache = TokenCache::make(read);
    if (!cache) {
      return capi::report(error, cache.error(),
                          cache.reason() == Reason::kUsageArgument
                              ? "secret is shorter than 16 bytes, or a size holds not one entry"
                              : std::string_view());
    }
    auto handle = std::make_unique<ostiary_token_cache>();
    handle->cache = std::move(cache).value();
    *out = handle.release();
    return OSTIARY_OK;
  });
}

ostiary_token_cache* ostiary_token_cache_ref(ostiary_token_cache* cache) { return capi::add_reference(cache); }

void ostiary_token_cache_unref(ostiary_token_cache* cache) { capi::drop_reference(cache); }

void ostiary_token_cache_clear(ostiary_token_cache* cache) {
  if (cache != nullptr) cache->cache->clear();
}

ostiary_reason ostiary_token_cache_statistics(const ostiary_token_cache* cache, ostiary_token_cache_stats* out) {
  if (out == nullptr) return OSTIARY_USAGE_ARGUMENT;
  ostiary_token_cache_stats stats = OSTIARY_TOKEN_CACHE_STATS_INIT;
  if (cache != nullptr) {
    const ostiary::TokenCacheStatistics counts = cache->cache->statistics();
    stats.capacity = cache->cache->capacity();
    stats.hits = counts.hits;
    stats.misses = counts.misses;
    stats.expired = counts.expired;
    stats.busy = counts.busy;
    stats.admissions = counts.admissions;
    stats.evictions = counts.evictions;
    stats.too_large = counts.too_large;
  }
  const ostiary_reason filled = capi::fill_struct(stats, out);
  return cache != nullptr ? filled : OSTIARY_USAGE_ARGUMENT;
}

}  // extern "C"
