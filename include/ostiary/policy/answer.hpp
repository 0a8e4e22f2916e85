// What the door says to a client that it does not let through.
#pragma once

#include <ostiary/http/request.hpp>
#include <ostiary/policy/decision.hpp>
#include <ostiary/policy/facts.hpp>
#include <ostiary/policy/gate.hpp>
#include <ostiary/policy/rate_limiter.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>

namespace ostiary {

namespace detail {

/// What the route says about its denials. A redirect is for requests that a browser can repeat as they were.
inline void answer_denial(const Gate& gate, const RouteRecord& route, Method method, Decision& decision) noexcept {
  const ShapeRecord shape = gate.shape(route);
  if (shape.hide == 1 && decision.http_status() == 403) decision.answer.status = 404;
  const bool repeats = method == Method::kGet || method == Method::kHead;
  if (decision.reason != Reason::kCredentialMissing || !repeats || !shape.login.present()) return;
  decision.answer.status = 302;
  decision.answer.location = gate.text(shape.login);
}

}  // namespace detail

/// The denial that becomes of an allowed Decision whose take from the bucket of `decision.rate.key` was refused:
/// nothing is left of what was to be forwarded. Any other Decision stays what it is. Reason in the Decision:
/// RATE_LIMITED. Pure.
[[nodiscard]] inline Decision limit_rate(const Decision& decision, const RateVerdict& verdict) noexcept {
  if (!decision.allowed() || verdict.allowed) return decision;
  Decision denied;
  denied.reason = Reason::kRateLimited;
  denied.route = decision.route;
  denied.rule = decision.rule;
  denied.rate = decision.rate;
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  denied.answer.retry_after_s = static_cast<std::uint32_t>(std::min(verdict.retry_after_s(), kMost));
  return denied;
}

/// The Decision after the limiter was asked, where an allowed one has a charge. A time before 1970 is taken as 1970.
/// Reason in the Decision: RATE_LIMITED. Synchronised by the limiter.
[[nodiscard]] inline Decision take_rate(const Decision& decision, const Facts& facts, RateLimiter& limiter) noexcept {
  const RateCharge& rate = decision.rate;
  if (!decision.allowed() || !rate.present()) return decision;
  constexpr std::int64_t kSecondsMax = std::int64_t{1} << 33;  // the limiter's time stands still at 2^63 ns
  const auto now_s = static_cast<std::uint64_t>(std::clamp<std::int64_t>(facts.now_s, 0, kSecondsMax));
  const RateQuota quota{rate.limit, rate.period_s * 1000, rate.burst};
  return limit_rate(decision, limiter.take(rate.key, quota, now_s * 1'000'000'000 + facts.now_ns));
}

}  // namespace ostiary
