#include <ostiary/policy/rate_limiter.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::test {
namespace {

constexpr std::array<std::uint8_t, RateLimiter::kSecretSize> kSecret{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
constexpr std::uint64_t kMs = 1'000'000;
constexpr std::uint64_t kSecond = 1000 * kMs;
constexpr std::uint64_t kStart = 1'700'000'000 * kSecond;
constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint32_t kLargest32 = std::numeric_limits<std::uint32_t>::max();

/// A table of as many buckets as asked for, in sets of seven.
class Table {
 public:
  explicit Table(std::size_t sets) : bytes_(sets * 128 + 63), limiter(bytes_, kSecret) {
    EXPECT_EQ(limiter.capacity(), sets * RateLimiter::kWays);
  }

 private:
  std::vector<std::byte> bytes_;

 public:
  RateLimiter limiter;
};

std::string name_of(int i) { return "key" + std::to_string(i); }

TEST(RatePace, RoundsTheIntervalUpToANanosecond) {
  EXPECT_EQ(RatePace(RateQuota{3, 1000, 1}).interval_ns, 333'333'334U);
  EXPECT_EQ(RatePace(RateQuota{4, 1000, 1}).interval_ns, 250'000'000U);
  EXPECT_EQ(RatePace(RateQuota{kLargest32, 1, 1}).interval_ns, 1U);
}

TEST(RatePace, OfAnInvalidQuotaAllowsNothing) {
  Table table(4);
  const RateQuota good{1, 1, 1};
  ASSERT_TRUE(table.limiter.take("a", good, kStart).allowed);
  for (const RateQuota& quota : {RateQuota{}, RateQuota{0, 1, 1}, RateQuota{1, 0, 1}, RateQuota{1, 1, 0},
                                 RateQuota{1, kLargest32, kLargest32}}) {
    EXPECT_FALSE(RatePace(quota).is_valid());
    const RateVerdict verdict = table.limiter.take("b", quota, kStart);
    EXPECT_FALSE(verdict.allowed);
    EXPECT_EQ(verdict.retry_after_ns, RateVerdict::kNever);
    EXPECT_EQ(verdict.remaining, 0U);
  }
}

TEST(RatePace, HoldsTheLargestThatFits) {
  // 2^62 ns at an interval of 2^32 ms: the burst may be 1073 and a bit.
  EXPECT_TRUE(RatePace(RateQuota{1, kLargest32, 1073}).is_valid());
  EXPECT_FALSE(RatePace(RateQuota{1, kLargest32, 1074}).is_valid());
}

TEST(RateLimiter, AllowsABurstAndThenOneEveryInterval) {
  Table table(4);
  const RateQuota quota{10, 1000, 3};
  for (std::uint32_t left = 3; left-- > 0;) {
    const RateVerdict verdict = table.limiter.take("a", quota, kStart);
    EXPECT_TRUE(verdict.allowed);
    EXPECT_EQ(verdict.remaining, left);
    EXPECT_EQ(verdict.retry_after_ns, 0U);
    EXPECT_EQ(verdict.reset_after_ns, (3 - left) * 100 * kMs);
  }
  const RateVerdict refused = table.limiter.take("a", quota, kStart + kMs);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.remaining, 0U);
  EXPECT_EQ(refused.retry_after_ns, 99 * kMs);
  EXPECT_EQ(refused.reset_after_ns, 299 * kMs);
  EXPECT_FALSE(table.limiter.take("a", quota, kStart + 100 * kMs - 1).allowed);
  EXPECT_TRUE(table.limiter.take("a", quota, kStart + 100 * kMs).allowed);
  EXPECT_FALSE(table.limiter.take("a", quota, kStart + 100 * kMs).allowed);
}

TEST(RateLimiter, ReckonsWithACost) {
  Table table(4);
  const RateQuota quota{10, 1000, 5};
  EXPECT_EQ(table.limiter.take("a", quota, kStart, 4).remaining, 1U);
  const RateVerdict refused = table.limiter.take("a", quota, kStart, 3);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.retry_after_ns, 200 * kMs);
  EXPECT_EQ(refused.remaining, 1U);
  EXPECT_TRUE(table.limiter.take("a", quota, kStart, 1).allowed) << "what was refused took nothing";
}

TEST(RateLimiter, NeverAllowsWhatIsDearerThanTheBurst) {
  Table table(4);
  const RateVerdict verdict = table.limiter.take("a", RateQuota{10, 1000, 5}, kStart, 6);
  EXPECT_FALSE(verdict.allowed);
  EXPECT_EQ(verdict.retry_after_ns, RateVerdict::kNever);
}

TEST(RateLimiter, ACostOfZeroOnlyAsks) {
  Table table(1);
  const RateQuota quota{1, 1000, 1};
  EXPECT_EQ(table.limiter.take("a", quota, kStart, 0).remaining, 1U);
  EXPECT_TRUE(table.limiter.take("a", quota, kStart).allowed);
  const RateVerdict verdict = table.limiter.take("a", quota, kStart, 0);
  EXPECT_TRUE(verdict.allowed);
  EXPECT_EQ(verdict.remaining, 0U);
  EXPECT_EQ(verdict.reset_after_ns, kSecond);
}

TEST(RateLimiter, TellsKeysApart) {
  Table table(64);
  const RateQuota quota{1, 1000, 1};
  for (const char* key : {"", "a", "b", "ab", "abcdefgh", "abcdefghi"}) {
    EXPECT_TRUE(table.limiter.take(key, quota, kStart).allowed) << key;
    EXPECT_FALSE(table.limiter.take(key, quota, kStart).allowed) << key;
  }
  EXPECT_TRUE(table.limiter.take(std::string_view("\0", 1), quota, kStart).allowed);
}

TEST(RateLimiter, RoundsSecondsUp) {
  RateVerdict verdict;
  EXPECT_EQ(verdict.retry_after_s(), 0U);
  verdict.retry_after_ns = 1;
  verdict.reset_after_ns = kSecond;
  EXPECT_EQ(verdict.retry_after_s(), 1U);
  EXPECT_EQ(verdict.reset_after_s(), 1U);
  verdict.retry_after_ns = kSecond + 1;
  EXPECT_EQ(verdict.retry_after_s(), 2U);
  verdict.retry_after_ns = RateVerdict::kNever;
  EXPECT_EQ(verdict.retry_after_s(), 18'446'744'074U);
}

TEST(RateLimiter, AClockThatGoesBackGivesNothingBack) {
  Table table(4);
  const RateQuota quota{10, 1000, 2};
  ASSERT_TRUE(table.limiter.take("a", quota, kStart, 2).allowed);
  const RateVerdict earlier = table.limiter.take("a", quota, kStart - kSecond);
  EXPECT_FALSE(earlier.allowed);
  EXPECT_EQ(earlier.retry_after_ns, kSecond + 100 * kMs);
  EXPECT_FALSE(table.limiter.take("a", quota, 0).allowed);
  EXPECT_TRUE(table.limiter.take("a", quota, kStart + 100 * kMs).allowed);
}

TEST(RateLimiter, WhatWasForgottenStaysTakenWhenTheClockGoesBack) {
  Table table(1);
  const RateQuota quota{1, 1000, 1};
  ASSERT_TRUE(table.limiter.take("a", quota, kStart).allowed);
  // Ten seconds later seven others need all the buckets.
  for (int i = 0; i < 7; ++i) ASSERT_TRUE(table.limiter.take(name_of(i), quota, kStart + 10 * kSecond).allowed);
  const RateVerdict verdict = table.limiter.take("a", quota, kStart);
  EXPECT_FALSE(verdict.allowed);
  EXPECT_TRUE(verdict.crowded);
}

TEST(RateLimiter, NewcomersToAFullSetShareOneBucket) {
  Table table(1);
  const RateQuota quota{1, 1000, 2};
  for (int i = 0; i < 7; ++i) {
    const RateVerdict verdict = table.limiter.take(name_of(i), quota, kStart, 2);
    ASSERT_TRUE(verdict.allowed);
    ASSERT_FALSE(verdict.crowded);
  }
  const RateVerdict first = table.limiter.take("first", quota, kStart);
  EXPECT_TRUE(first.allowed);
  EXPECT_TRUE(first.crowded);
  EXPECT_EQ(first.remaining, 1U);
  EXPECT_TRUE(table.limiter.take("second", quota, kStart).allowed);
  const RateVerdict third = table.limiter.take("third", quota, kStart);
  EXPECT_FALSE(third.allowed);
  EXPECT_TRUE(third.crowded);
  EXPECT_EQ(third.retry_after_ns, kSecond);
  EXPECT_FALSE(table.limiter.take("first", quota, kStart).allowed);
  for (int i = 0; i < 7; ++i) EXPECT_FALSE(table.limiter.take(name_of(i), quota, kStart).allowed) << "nothing refilled";
}

TEST(RateLimiter, ABucketThatIsMadeAfterSharingBeginsWithTheDebt) {
  Table table(1);
  const RateQuota slow{1, 10'000, 2};
  const RateQuota fast{1, 1000, 1};
  for (int i = 0; i < 7; ++i) ASSERT_TRUE(table.limiter.take(name_of(i), fast, kStart).allowed);
  ASSERT_TRUE(table.limiter.take("a", slow, kStart, 2).allowed);
  // The seven are full again, so there is room, but the key owes until 20 seconds after the start.
  const RateVerdict verdict = table.limiter.take("a", slow, kStart + 5 * kSecond);
  EXPECT_FALSE(verdict.allowed);
  EXPECT_EQ(verdict.retry_after_ns, 5 * kSecond);
  EXPECT_TRUE(table.limiter.take("a", slow, kStart + 10 * kSecond).allowed);
  EXPECT_FALSE(table.limiter.take("a", slow, kStart + 10 * kSecond).allowed);
}

TEST(RateLimiter, AFloodOfKeysRefillsNoBucket) {
  Table table(2);
  const RateQuota quota{1, 60'000, 1};
  ASSERT_TRUE(table.limiter.take("victim", quota, kStart).allowed);
  for (int i = 0; i < 100'000; ++i) {
    static_cast<void>(table.limiter.take(name_of(i), quota, kStart + static_cast<std::uint64_t>(i)));
  }
  EXPECT_FALSE(table.limiter.take("victim", quota, kStart + 59 * kSecond).allowed);
  EXPECT_TRUE(table.limiter.take("victim", quota, kStart + 60 * kSecond).allowed);
}

TEST(RateLimiter, IsExactAgainWhenAFloodIsOver) {
  Table table(2);
  const RateQuota quota{1, 1000, 1};
  for (int i = 0; i < 1000; ++i) static_cast<void>(table.limiter.take(name_of(i), quota, kStart));
  const std::uint64_t later = kStart + kSecond;
  for (int i = 2000; i < 2007; ++i) {
    const RateVerdict verdict = table.limiter.take(name_of(i), quota, later);
    EXPECT_TRUE(verdict.allowed);
    EXPECT_EQ(verdict.reset_after_ns, kSecond);
  }
}

TEST(RateLimiter, TakesAnyTime) {
  Table table(1);
  const RatePace widest = RateQuota{1, kLargest32, 1073};
  EXPECT_TRUE(table.limiter.take("a", widest, kLargest, 1073).allowed);
  EXPECT_FALSE(table.limiter.take("a", widest, kLargest).allowed) << "time stands still from 2^63 on";
  const RateVerdict verdict = table.limiter.take("a", widest, 0);
  EXPECT_FALSE(verdict.allowed);
  EXPECT_EQ(verdict.retry_after_ns, (std::uint64_t{1} << 63U) + widest.interval_ns);
}

TEST(RateLimiter, WithoutMemoryAllowsNothing) {
  RateLimiter none;
  EXPECT_EQ(none.capacity(), 0U);
  EXPECT_FALSE(none.take("a", RateQuota{1, 1000, 1}, kStart).allowed);
  std::vector<std::byte> few(127);
  RateLimiter small(few, kSecret);
  EXPECT_EQ(small.capacity(), 0U);
  EXPECT_FALSE(small.take("a", RateQuota{1, 1000, 1}, kStart).allowed);
}

TEST(RateLimiter, ACopySeesTheSameTable) {
  Table table(4);
  RateLimiter copy = table.limiter;
  EXPECT_TRUE(copy.take("a", RateQuota{1, 1000, 1}, kStart).allowed);
  EXPECT_FALSE(table.limiter.take("a", RateQuota{1, 1000, 1}, kStart).allowed);
}

TEST(RateLimiter, SizeForKeepsSharingRare) {
  for (const int keys : {1, 7, 1000, 10'000}) {
    std::vector<std::byte> bytes(RateLimiter::size_for(static_cast<std::size_t>(keys)));
    RateLimiter limiter(bytes, kSecret);
    int crowded = 0;
    for (int i = 0; i < keys; ++i) crowded += limiter.take(name_of(i), RateQuota{1, 1000, 1}, kStart).crowded ? 1 : 0;
    EXPECT_LE(crowded, keys / 50) << keys;
  }
}

TEST(RateLimiter, AnotherSecretSpreadsKeysOtherwise) {
  std::array<std::uint8_t, RateLimiter::kSecretSize> other = kSecret;
  other[15] ^= 1;
  std::vector<std::byte> here(2 * 128 + 63);
  std::vector<std::byte> there(2 * 128 + 63);
  RateLimiter one(here, kSecret);
  RateLimiter two(there, other);
  bool differs = false;
  for (int i = 0; i < 14; ++i) {
    const bool crowded = one.take(name_of(i), RateQuota{1, 1000, 1}, kStart).crowded;
    differs = differs || crowded != two.take(name_of(i), RateQuota{1, 1000, 1}, kStart).crowded;
  }
  EXPECT_TRUE(differs);
}

}  // namespace
}  // namespace ostiary::test
