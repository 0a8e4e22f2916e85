// The instants between which a verified token is good, the policy's skew included.
#pragma once

#include <ostiary/core/reason.hpp>

#include <cstdint>

namespace ostiary {

/// Seconds since 1970. Plain data.
struct TokenLifetime {
  std::int64_t not_before_s = INT64_MIN;  ///< the first second in which it is good
  std::int64_t expires_at_s = INT64_MAX;  ///< the first in which it is no longer
  std::int64_t too_old_at_s = INT64_MAX;  ///< the first in which it is older than the policy allows

  /// OK, TOKEN_EXPIRED, TOKEN_NOT_YET_VALID or TOKEN_TOO_OLD: the verdict of the rules at `now_s`.
  [[nodiscard]] constexpr Reason at(std::int64_t now_s) const noexcept {
    if (now_s >= expires_at_s) return Reason::kTokenExpired;
    if (now_s < not_before_s) return Reason::kTokenNotYetValid;
    return now_s >= too_old_at_s ? Reason::kTokenTooOld : Reason::kOk;
  }
};

}  // namespace ostiary
