// Two oracles: the algorithm over numbers of 128 bits with unbounded memory, and what a quota means in words: within
// any stretch of time no more than the burst and what the rate lets through meanwhile.
#include <ostiary/policy/rate_limiter.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace ostiary::test {
namespace {

__extension__ using Wide = __int128;

constexpr std::array<std::uint8_t, RateLimiter::kSecretSize> kSecret{7, 7, 7};

struct Answer {
  bool allowed = false;
  Wide remaining = 0;
  Wide retry_after = 0;
  Wide reset_after = 0;
};

/// Remembers every key there ever was.
class NaiveLimiter {
 public:
  [[nodiscard]] Answer ask(const std::string& key, const RateQuota& quota, Wide now, Wide cost) const {
    const auto found = arrivals_.find(key);
    const Wide interval = (Wide{quota.period_ms} * 1'000'000 + quota.limit - 1) / quota.limit;
    const Wide span = interval * quota.burst;
    const Wide start = found == arrivals_.end() ? now : std::max(now, found->second);
    const Wide after = start + interval * cost;
    Answer answer;
    answer.allowed = after - now <= span;
    answer.reset_after = (answer.allowed ? after : start) - now;
    answer.retry_after = answer.allowed ? 0 : after - now - span;
    answer.remaining = answer.reset_after >= span ? 0 : (span - answer.reset_after) / interval;
    return answer;
  }

  void charge(const std::string& key, Wide arrival) { arrivals_[key] = arrival; }

 private:
  std::map<std::string, Wide> arrivals_;
};

struct Admission {
  Wide at = 0;
  Wide cost = 0;
};

/// Sums over every stretch between two admissions; exact, since limit / period is never divided.
bool keeps_quota(const std::vector<Admission>& admissions, const RateQuota& quota) {
  const Wide period = Wide{quota.period_ms} * 1'000'000;
  for (std::size_t first = 0; first < admissions.size(); ++first) {
    Wide sum = 0;
    for (std::size_t last = first; last < admissions.size(); ++last) {
      sum += admissions[last].cost;
      const Wide passed = admissions[last].at - admissions[first].at;
      if (sum * period > quota.burst * period + passed * quota.limit) return false;
    }
  }
  return true;
}

class RateOracle : public ::testing::TestWithParam<unsigned> {
 protected:
  RateOracle() : random_(GetParam()) {}

  std::uint64_t number(std::uint64_t least, std::uint64_t most) {
    return std::uniform_int_distribution<std::uint64_t>(least, most)(random_);
  }

  /// Of every magnitude.
  std::uint64_t any_number() { return random_() >> number(0, 63); }

  RateQuota quota() {
    return {static_cast<std::uint32_t>(number(1, 50)), static_cast<std::uint32_t>(number(1, 3000)),
            static_cast<std::uint32_t>(number(1, 6))};
  }

  std::string key(std::uint64_t keys) { return std::to_string(number(0, keys - 1)); }

  void expect_same(const RateVerdict& verdict, const Answer& answer) {
    ASSERT_EQ(verdict.allowed, answer.allowed);
    ASSERT_TRUE(verdict.remaining == answer.remaining) << verdict.remaining;
    ASSERT_TRUE(verdict.retry_after_ns == answer.retry_after) << verdict.retry_after_ns;
    ASSERT_TRUE(verdict.reset_after_ns == answer.reset_after) << verdict.reset_after_ns;
  }

  std::mt19937_64 random_;
};

TEST_P(RateOracle, AgreesWhileThereIsRoom) {
  std::vector<std::byte> bytes(RateLimiter::size_for(4000));
  RateLimiter limiter(bytes, kSecret);
  NaiveLimiter naive;
  std::map<std::string, RateQuota> quotas;
  std::uint64_t now = number(0, 1U << 20U);
  for (int step = 0; step < 5000; ++step) {
    now += number(0, 40'000'000);
    const std::string name = key(40);
    const RateQuota& limit = quotas.try_emplace(name, quota()).first->second;
    const auto cost = static_cast<std::uint32_t>(number(0, limit.burst));
    const Answer answer = naive.ask(name, limit, now, cost);
    const RateVerdict verdict = limiter.take(name, limit, now, cost);
    ASSERT_FALSE(verdict.crowded || verdict.busy);
    expect_same(verdict, answer);
    if (HasFatalFailure()) return;
    if (answer.allowed && cost != 0) naive.charge(name, Wide{now} + answer.reset_after);
  }
}

TEST_P(RateOracle, AgreesOnNumbersOfAnySize) {
  std::vector<std::byte> bytes(RateLimiter::size_for(4000));
  RateLimiter limiter(bytes, kSecret);
  NaiveLimiter naive;
  for (int step = 0; step < 5000; ++step) {
    const auto word = [this] { return static_cast<std::uint32_t>(any_number() >> 32U >> number(0, 31)); };
    const RateQuota limit{word(), word(), word()};
    const std::uint64_t now = std::min(any_number(), std::uint64_t{1} << 63U);
    const std::string name = key(10);
    const auto cost = static_cast<std::uint32_t>(number(0, std::min(limit.burst, 10U)));
    const RateVerdict verdict = limiter.take(name, limit, now, cost);
    const bool invalid =
        limit.limit == 0 || limit.period_ms == 0 || limit.burst == 0 ||
        (Wide{limit.period_ms} * 1'000'000 + limit.limit - 1) / limit.limit * limit.burst > Wide{RatePace::kSpanMax};
    ASSERT_EQ(RatePace(limit).is_valid(), !invalid);
    if (invalid) {
      ASSERT_FALSE(verdict.allowed);
      continue;
    }
    if (verdict.crowded) continue;
    const Answer answer = naive.ask(name, limit, now, cost);
    expect_same(verdict, answer);
    if (HasFatalFailure()) return;
    if (answer.allowed && cost != 0) naive.charge(name, Wide{now} + answer.reset_after);
  }
}

/// One or two sets, many keys, two quotas, a clock that now and then goes back. What the limiter allowed is all that
/// counts: the naive one is charged with that.
TEST_P(RateOracle, IsNeverMoreGenerousWhateverOtherKeysDo) {
  std::vector<std::byte> bytes(number(1, 2) * 128 + 63);
  RateLimiter limiter(bytes, kSecret);
  NaiveLimiter naive;
  const std::array<RateQuota, 2> quotas{quota(), quota()};
  const std::uint64_t step_most = std::max(RatePace(quotas[0]).span_ns(), RatePace(quotas[1]).span_ns()) / 15;
  const std::uint64_t keys = number(24, 60);
  std::map<std::string, std::vector<Admission>> admissions;
  const bool jumps = GetParam() % 2 == 0;
  std::uint64_t now = 1'000'000'000'000;
  std::size_t alone = 0;
  std::size_t crowded = 0;
  for (int step = 0; step < 6000; ++step) {
    const bool jump = jumps && number(0, 200) == 0;
    now = jump ? now - number(0, 10 * step_most) : now + number(0, step_most);
    const std::string name = key(keys);
    const RateQuota& limit = quotas[std::hash<std::string>{}(name) % 2];
    const auto cost = static_cast<std::uint32_t>(number(0, limit.burst));
    const Answer answer = naive.ask(name, limit, now, cost);
    const RateVerdict verdict = limiter.take(name, limit, now, cost);
    alone += verdict.allowed && !verdict.crowded ? 1 : 0;
    crowded += verdict.crowded ? 1 : 0;
    if (!verdict.allowed) continue;
    ASSERT_TRUE(answer.allowed) << step;
    ASSERT_TRUE(verdict.remaining <= answer.remaining) << step;
    if (cost == 0) continue;
    naive.charge(name, Wide{now} + answer.reset_after);
    admissions[name].push_back({now, cost});
  }
  EXPECT_GT(std::min(alone, crowded), 10U) << "too little was tried";
  for (const auto& [name, list] : admissions) {
    if (jumps) break;  // stretches of time mean nothing then
    EXPECT_TRUE(keeps_quota(list, quotas[std::hash<std::string>{}(name) % 2])) << name;
  }
}

TEST_P(RateOracle, SaysWhenToComeBack) {
  std::vector<std::byte> bytes(2 * 128 + 63);
  RateLimiter limiter(bytes, kSecret);
  const RateQuota limit = quota();
  std::uint64_t now = 1'000'000'000'000;
  for (int step = 0; step < 2000; ++step) {
    now += number(0, 10'000'000);
    const std::string name = key(40);
    const auto cost = static_cast<std::uint32_t>(number(1, limit.burst));
    const RateVerdict verdict = limiter.take(name, limit, now, cost);
    if (verdict.allowed) continue;
    ASSERT_FALSE(limiter.take(name, limit, now + verdict.retry_after_ns - 1, cost).allowed) << step;
    now += verdict.retry_after_ns;
    ASSERT_TRUE(limiter.take(name, limit, now, cost).allowed) << step;
  }
}

TEST_P(RateOracle, AnswersTheSameEveryTime) {
  std::vector<std::byte> one(3 * 128 + 63);
  std::vector<std::byte> two(3 * 128 + 70);
  RateLimiter first(one, kSecret);
  RateLimiter second(std::span<std::byte>(two).subspan(7), kSecret);
  for (int step = 0; step < 2000; ++step) {
    const std::string name = key(60);
    const std::uint64_t now = 1'000'000'000 + number(0, 20'000) * static_cast<std::uint64_t>(step);
    const RateQuota limit{5, 100, 2};
    const RateVerdict a = first.take(name, limit, now);
    const RateVerdict b = second.take(name, limit, now);
    ASSERT_EQ(a.allowed, b.allowed);
    ASSERT_EQ(a.crowded, b.crowded);
    ASSERT_EQ(a.remaining, b.remaining);
    ASSERT_EQ(a.retry_after_ns, b.retry_after_ns);
    ASSERT_EQ(a.reset_after_ns, b.reset_after_ns);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RateOracle, ::testing::Range(1U, 33U));

/// Runs `run(thread)` on four threads that begin together.
template <typename Run>
void on_threads(const Run& run) {
  constexpr std::size_t kThreads = 4;
  std::atomic<std::size_t> ready{0};
  std::vector<std::thread> threads;
  for (std::size_t thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      ++ready;
      while (ready < kThreads) std::this_thread::yield();
      run(thread);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(RateThreads, ABucketIsNeverOverdrawn) {
  std::vector<std::byte> bytes(RateLimiter::size_for(10));
  RateLimiter limiter(bytes, kSecret);
  std::atomic<int> allowed{0};
  on_threads([&](std::size_t) {
    for (int i = 0; i < 5000; ++i) allowed += limiter.take("one", RateQuota{1, 1000, 10'000}, 5).allowed ? 1 : 0;
  });
  EXPECT_EQ(allowed, 10'000);
}

/// Many more keys than buckets, on a clock that every thread pushes on: buckets are given away all the time, and each
/// key may have its burst and what time brought, no more.
TEST(RateThreads, NobodyGetsMoreWhileBucketsAreGivenAway) {
  constexpr std::size_t kKeys = 40;
  constexpr RateQuota kQuota{1, 1, 2};  // one in a million nanoseconds
  std::vector<std::byte> bytes(2 * 128 + 63);
  RateLimiter limiter(bytes, kSecret);
  std::atomic<std::uint64_t> clock{1'000'000'000};
  std::array<std::atomic<std::uint64_t>, kKeys> allowed{};
  std::atomic<std::uint64_t> own{0};
  on_threads([&](std::size_t thread) {
    std::mt19937 random(static_cast<unsigned>(thread));
    for (int i = 0; i < 60'000; ++i) {
      const std::size_t key = random() % kKeys;
      const RateVerdict verdict = limiter.take(std::to_string(key), kQuota, clock.fetch_add(random() % 100'000));
      if (verdict.allowed) ++allowed[key];
      if (verdict.allowed && !verdict.crowded) ++own;
    }
  });
  const std::uint64_t passed = clock - 1'000'000'000;
  for (const auto& count : allowed) EXPECT_LE(count, 2 + passed / 1'000'000);
  EXPECT_GT(own, 100U);
}

/// The sharpest form. Time goes in steps of an interval, and within a step a key may be allowed no more than its burst.
/// A key is in use for two steps: at the second its bucket is full again, and changes hands while its owner takes.
TEST(RateThreads, ABucketThatChangesHandsIsNobodysTwice) {
  constexpr std::size_t kTakes = 400'000;
  constexpr std::size_t kTakesPerStep = 128;
  constexpr std::size_t kNames = 9;
  constexpr std::uint64_t kIntervalNs = 1'000'000'000;
  std::vector<std::byte> bytes(128 + 63);
  RateLimiter limiter(bytes, kSecret);
  std::atomic<std::size_t> next{0};
  std::vector<char> allowed(kTakes);
  const auto name_of = [](std::size_t take) {  // four threads meet at the same name
    const std::size_t visit = take / 4;
    const std::size_t group = take / kTakesPerStep + visit % 2;  // this step's or the next one's
    return group * kNames + visit * 7 % 16 % kNames;
  };
  on_threads([&](std::size_t) {
    for (std::size_t take = next++; take < kTakes; take = next++) {
      const std::uint64_t now = (1 + take / kTakesPerStep) * kIntervalNs;
      allowed[take] = limiter.take(std::to_string(name_of(take)), RateQuota{1, 1000, 2}, now).allowed ? 1 : 0;
    }
  });
  std::map<std::pair<std::size_t, std::size_t>, int> sums;
  for (std::size_t take = 0; take < kTakes; ++take) sums[{take / kTakesPerStep, name_of(take)}] += allowed[take];
  for (const auto& [of, sum] : sums) ASSERT_LE(sum, 2) << "step " << of.first << ", name " << of.second;
}

}  // namespace
}  // namespace ostiary::test
