// Time that only goes forward, made from a clock that may not.
#pragma once

#include <algorithm>
#include <cstdint>

namespace ostiary {

/// Counts the seconds that passed since the first reading. A clock that is set back makes no time pass, and none has to
/// pass twice. Confined.
class KeyClock {
 public:
  /// Steps back of up to this are waited out: threads may come with their readings in another order than they took
  /// them, and taking each pair for a step back and forth would make time run.
  static constexpr std::int64_t kWaitedOutMax_s = 60;

  /// True when the clock was set back, so that what was computed with wall() means something else now.
  [[nodiscard]] bool tell(std::int64_t now_s) noexcept {
    now_s = std::clamp<std::int64_t>(now_s, 0, kNowMax_s);
    if (!told_) {
      told_ = true;
      last_s_ = now_s;
    }
    const bool set_back = last_s_ - now_s > kWaitedOutMax_s;
    passed_s_ += std::max<std::int64_t>(now_s - last_s_, 0);
    if (set_back || now_s > last_s_) last_s_ = now_s;
    return set_back;
  }

  /// Seconds since the first reading.
  [[nodiscard]] std::int64_t passed_s() const noexcept { return passed_s_; }

  /// What the clock shows when `passed` seconds have passed since the first reading.
  [[nodiscard]] std::int64_t wall_s(std::int64_t passed) const noexcept { return last_s_ + (passed - passed_s_); }

 private:
  static constexpr std::int64_t kNowMax_s = (std::int64_t{1} << 53) - 1;

  bool told_ = false;
  std::int64_t last_s_ = 0;
  std::int64_t passed_s_ = 0;
};

}  // namespace ostiary
