// The instants between which a token is good, the policy's skew included.
#pragma once

#include <ostiary/core/reason.hpp>

#include <cstdint>

namespace ostiary {

/// Seconds since 1970. Plain data.
struct TokenLifetime {
  std::int64_t not_before_s = INT64_MIN;  ///< the first second in which it is good
  std::int64_t expires_at_s = INT64_MAX;  ///< the first in which it is no longer
  std::int64_t too_old_at_s = INT64_MAX;  ///< the first in which it is older than the policy allows

  [[nodiscard]] constexpr bool has_begun(std::int64_t now_s) const noexcept { return now_s >= not_before_s; }
  [[nodiscard]] constexpr bool is_over(std::int64_t now_s) const noexcept { return now_s >= expires_at_s; }
  [[nodiscard]] constexpr bool is_too_old(std::int64_t now_s) const noexcept { return now_s >= too_old_at_s; }

  /// OK, TOKEN_EXPIRED, TOKEN_NOT_YET_VALID or TOKEN_TOO_OLD: the verdict of the rules at `now_s`.
  [[nodiscard]] constexpr Reason at(std::int64_t now_s) const noexcept {
    if (is_over(now_s)) return Reason::kTokenExpired;
    if (!has_begun(now_s)) return Reason::kTokenNotYetValid;
    return is_too_old(now_s) ? Reason::kTokenTooOld : Reason::kOk;
  }
};

}  // namespace ostiary
