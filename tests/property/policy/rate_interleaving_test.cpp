// Two takes at once, in every order in which one comes in between two accesses of the other: no thread is needed, since
// the one that comes in between runs to its end there.
#include <ostiary/policy/rate_limiter.hpp>

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ostiary::test {
namespace {

/// Runs an action once, at the access with the number it was given.
class Interruption {
 public:
  static void at(std::size_t access, std::function<void()> action) {
    left_ = access;
    action_ = std::move(action);
  }

  /// Whether there were so many accesses.
  static bool happened() { return action_ == nullptr; }
  static void forget() { action_ = nullptr; }

  static void access() {
    if (action_ == nullptr || left_-- != 0) return;
    std::exchange(action_, nullptr)();
  }

 private:
  static inline std::size_t left_ = 0;
  static inline std::function<void()> action_;
};

/// Allows an interruption before each access.
class InterruptibleWord {
 public:
  static constexpr bool is_always_lock_free = true;

  constexpr InterruptibleWord() = default;
  constexpr InterruptibleWord(std::uint64_t value) : word_(value) {}  // NOLINT(google-explicit-constructor)

  std::uint64_t load(std::memory_order order) const { return visited().load(order); }
  void store(std::uint64_t value, std::memory_order order) { visited().store(value, order); }
  std::uint64_t exchange(std::uint64_t value, std::memory_order order) { return visited().exchange(value, order); }
  bool compare_exchange_weak(std::uint64_t& expected, std::uint64_t value, std::memory_order good,
                             std::memory_order bad) {
    return visited().compare_exchange_strong(expected, value, good, bad);
  }
  bool compare_exchange_strong(std::uint64_t& expected, std::uint64_t value, std::memory_order good,
                               std::memory_order bad) {
    return visited().compare_exchange_strong(expected, value, good, bad);
  }

 private:
  std::atomic<std::uint64_t>& visited() const {
    Interruption::access();
    return word_;
  }

  mutable std::atomic<std::uint64_t> word_{0};
};

using Limiter = BasicRateLimiter<InterruptibleWord>;

constexpr std::array<std::uint8_t, Limiter::kSecretSize> kSecret{9};
constexpr RateQuota kQuota{1, 1000, 2};
constexpr std::uint64_t kIntervalNs = 1'000'000'000;
constexpr std::uint64_t kNow = 100 * kIntervalNs;

/// One set, where "old" has a bucket that is full again and `free` more buckets are empty; all others are taken.
class Scene {
 public:
  explicit Scene(std::size_t free) : bytes_(128 + 63), limiter_(bytes_, kSecret) {
    static_cast<void>(limiter_.take("old", kQuota, kNow - 5 * kIntervalNs));
    for (std::size_t i = free + 1; i < Limiter::kWays; ++i) {
      static_cast<void>(limiter_.take("other" + std::to_string(i), kQuota, kNow, 2));
    }
  }

  void take(const std::string& key) {
    const RateVerdict verdict = limiter_.take(key, kQuota, kNow);
    allowed_[key] += verdict.allowed ? 1 : 0;
    disturbed_ = disturbed_ || verdict.crowded || verdict.busy;
  }

  /// Whatever was not yet allowed to it.
  int total(const std::string& key) {
    for (int i = 0; i < 4; ++i) take(key);
    return allowed_[key];
  }

  [[nodiscard]] bool disturbed() const { return disturbed_; }

 private:
  std::vector<std::byte> bytes_;
  Limiter limiter_;
  std::map<std::string, int> allowed_;
  bool disturbed_ = false;
};

struct Meeting {
  std::string first;
  std::vector<std::string> between;
  std::size_t free;
};

/// How many orders there are.
std::size_t try_every_order(const Meeting& meeting) {
  for (std::size_t access = 0;; ++access) {
    Scene scene(meeting.free);
    Interruption::at(access, [&] {
      for (const std::string& key : meeting.between) scene.take(key);
    });
    scene.take(meeting.first);
    if (!Interruption::happened()) {
      Interruption::forget();
      return access;
    }
    for (const std::string key : {"old", "new"}) {
      const int total = scene.total(key);
      EXPECT_LE(total, 2) << key << ", interrupted at access " << access;
      EXPECT_TRUE(scene.disturbed() || total == 2) << key << ", interrupted at access " << access;
    }
  }
}

TEST(RateInterleaving, NobodyGetsMoreInAnyOrder) {
  const std::vector<std::vector<std::string>> visits{
      {"old"}, {"new"}, {"old", "old"}, {"new", "new"}, {"old", "new"}, {"new", "old"}, {"new", "new", "old"}};
  for (const std::string first : {"old", "new"}) {
    for (const std::vector<std::string>& between : visits) {
      for (const std::size_t free : {0U, 1U, 6U}) {
        SCOPED_TRACE(first + " meets " + between.front() + " and " + std::to_string(between.size() - 1) +
                     " more, free " + std::to_string(free));
        EXPECT_GT(try_every_order({first, between, free}), 3U);
      }
    }
  }
}

}  // namespace
}  // namespace ostiary::test
