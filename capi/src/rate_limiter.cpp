#include "handles.hpp"

#include <ostiary/policy/rate_limiter.hpp>

#include <cstdint>
#include <memory>
#include <span>

using ostiary::RateLimiter;
using ostiary::RateQuota;
using ostiary::RateVerdict;
namespace capi = ostiary::capi;

extern "C" {

ostiary_reason ostiary_rate_limiter_new(size_t keys, ostiary_bytes secret, ostiary_rate_limiter** out,
                                        ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  return capi::guarded(error, [&] {
    std::string_view bytes;
    if (!capi::to_view(secret, bytes) || bytes.size() != RateLimiter::kSecretSize) {
      return capi::refuse_argument(error, "secret: expected 16 random bytes");
    }
    const auto* const first = reinterpret_cast<const std::uint8_t*>(bytes.data());
    auto limiter = ostiary::make_rate_limiter(
        keys, std::span<const std::uint8_t, RateLimiter::kSecretSize>(first, RateLimiter::kSecretSize));
    if (!limiter) return capi::report(error, limiter.error(), "keys: expected at least 1, and memory for them");
    auto handle = std::make_unique<ostiary_rate_limiter>();
    handle->limiter = std::move(limiter).value();
    *out = handle.release();
    return OSTIARY_OK;
  });
}

ostiary_rate_limiter* ostiary_rate_limiter_ref(ostiary_rate_limiter* limiter) { return capi::add_reference(limiter); }

void ostiary_rate_limiter_unref(ostiary_rate_limiter* limiter) { capi::drop_reference(limiter); }

ostiary_rate_verdict ostiary_rate_limiter_take(ostiary_rate_limiter* limiter, ostiary_bytes key,
                                               ostiary_rate_quota quota, uint64_t now_ns) {
  std::string_view name;
  if (limiter == nullptr || !capi::to_view(key, name)) return {0, 0, RateVerdict::kNever, 0};
  const RateQuota pace{quota.limit, quota.period_ms, quota.burst};
  const RateVerdict verdict = limiter->limiter->take(name, pace, now_ns, quota.cost);
  return {verdict.allowed ? 1U : 0U, verdict.remaining, verdict.retry_after_ns, verdict.reset_after_ns};
}

}  // extern "C"
