// Rate limits in memory of the caller: exact, bounded, and no request ever gets more than its quota.
#pragma once

#include <ostiary/core/memory.hpp>
#include <ostiary/core/sip_hash.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace ostiary {

/// `limit` requests in `period_ms`, evenly: one more every `period_ms / limit`, after at most `burst` at once. None may
/// be 0.
struct RateQuota {
  std::uint32_t limit = 0;
  std::uint32_t period_ms = 0;
  std::uint32_t burst = 0;

  friend constexpr bool operator==(const RateQuota&, const RateQuota&) noexcept = default;
};

/// A quota as the limiter reckons with it. The interval is rounded up to a whole nanosecond, so that rounding never
/// gives more. Default-constructed, and made of a quota that is not valid, it allows nothing. Plain data.
struct RatePace {
  /// Full buckets are full within 146 years, which keeps all sums within 64 bits.
  static constexpr std::uint64_t kSpanMax = std::uint64_t{1} << 62U;

  std::uint64_t interval_ns = 0;
  std::uint32_t burst = 0;

  constexpr RatePace() noexcept = default;
  // NOLINTNEXTLINE(google-explicit-constructor): a quota may be given where a pace is asked
  constexpr RatePace(const RateQuota& quota) noexcept {
    if (quota.limit == 0 || quota.period_ms == 0 || quota.burst == 0) return;
    const std::uint64_t period_ns = std::uint64_t{quota.period_ms} * 1'000'000;
    const std::uint64_t interval = (period_ns + quota.limit - 1) / quota.limit;
    if (quota.burst > kSpanMax / interval) return;
    interval_ns = interval;
    burst = quota.burst;
  }

  [[nodiscard]] constexpr bool is_valid() const noexcept { return interval_ns != 0; }

  /// How long an empty bucket takes to fill.
  [[nodiscard]] constexpr std::uint64_t span_ns() const noexcept { return interval_ns * burst; }
};

/// The answer to one take. Times count from the `now_ns` of the take, and hold if nobody takes from the bucket
/// meanwhile. Plain data.
struct RateVerdict {
  static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

  bool allowed = false;
  /// The bucket is, or began as, the one that newcomers share where no bucket is free: the memory is too small for the
  /// keys that are in use, or somebody makes up keys.
  bool crowded = false;
  /// Refused because another thread that was making a bucket did not get done; nothing was reckoned.
  bool busy = false;
  std::uint32_t remaining = 0;       ///< how many more of cost 1 would be allowed now
  std::uint64_t retry_after_ns = 0;  ///< until the same take would be allowed; 0 when it was; kNever: too dear
  std::uint64_t reset_after_ns = 0;  ///< until the bucket is full again

  /// For Retry-After (RFC 9110 §10.2.3): whole seconds, rounded up. 0 when allowed. A take that is never allowed waits
  /// longest.
  [[nodiscard]] constexpr std::uint64_t retry_after_s() const noexcept { return seconds(retry_after_ns); }
  [[nodiscard]] constexpr std::uint64_t reset_after_s() const noexcept { return seconds(reset_after_ns); }

 private:
  [[nodiscard]] static constexpr std::uint64_t seconds(std::uint64_t ns) noexcept {
    return ns / 1'000'000'000 + (ns % 1'000'000'000 == 0 ? 0 : 1);
  }
};

/// The generic cell rate algorithm (ITU-T I.371 annex A) over a table of fixed size. A bucket is one number, its
/// theoretical arrival time: when it will be full again. A take that fits moves it by `cost` intervals; one that does
/// not fit changes nothing.
///
/// The table has sets of kWays buckets, and a key has its place in one of them. What makes it safe to forget:
///
///   For every key that has no bucket of its own, its true arrival time is at most `shared` of its set.      (1)
///
/// At first every arrival time is 0. A bucket is given away only when its arrival time t is not after now, and then
/// shared becomes max(shared, t). A key that gets a bucket starts it at max(now, shared), at least its true time, and a
/// key that gets none takes from `shared` itself, as from a bucket. Every arrival time that is reckoned with is thus at
/// least the true one: nobody ever gets more than the quota, whatever other keys do. While the clock goes forward and
/// sets are not full, shared is in the past and every verdict is exact. A clock that goes back gives nothing back
/// either, since arrival times stay.
///
/// Keys are told apart by a keyed hash of 64 bits: whoever does not know the secret cannot choose keys of one set. Two
/// keys of the same hash share a bucket. All quotas that one key is used with take from the same bucket: put the name
/// of the limit in front of the key where they are to count apart.
///
/// Synchronised. Take is one compare-and-swap for a key that has a bucket; it is tried again only when another take
/// from the bucket came between. Only a newcomer to a set waits for another one there, a bounded number of looks. No
/// take allocates. The same calls give the same verdicts everywhere. A copy is another view of the same table.
///
/// Use it as RateLimiter. The word is a parameter only so that tests can come in between any two accesses.
template <typename Word>
class BasicRateLimiter {
 public:
  static constexpr std::size_t kWays = 7;
  static constexpr std::size_t kSecretSize = 16;

  /// Bytes for a table in which about one of a hundred keys has to share when `keys` of them are not full at once.
  [[nodiscard]] static constexpr std::size_t size_for(std::size_t keys) noexcept {
    return (keys / kWays * 2 + 2) * sizeof(Set) + alignof(Set) - 1;
  }

  /// Allows nothing.
  BasicRateLimiter() = default;

  /// Writes all of the memory, which must outlive every copy. The secret is random, and copied.
  BasicRateLimiter(std::span<std::byte> memory, std::span<const std::uint8_t, kSecretSize> secret) noexcept
      : secret_(SipKey::from(secret.data())) {
    const std::size_t usable = memory.size() - std::min(memory.size(), alignof(Set) - 1);
    const std::size_t count = std::min<std::size_t>(usable / sizeof(Set), std::numeric_limits<std::uint32_t>::max());
    Arena arena(memory);
    sets_ = arena.allocate<Set>(count);
    if (sets_ != nullptr) set_count_ = count;
  }

  /// How many buckets there are. 0: the memory is too small for any, and nothing is allowed.
  [[nodiscard]] std::size_t capacity() const noexcept { return set_count_ * kWays; }

  /// Takes `cost` from the bucket of `key`, or nothing at all; a cost of 0 only asks. `now_ns` counts from any moment
  /// that stays the same, up to 2^63, at which time stands still. Denied on doubt. No system call, no clock.
  [[nodiscard]] RateVerdict take(std::string_view key, const RatePace& pace, std::uint64_t now_ns,
                                 std::uint32_t cost = 1) noexcept {
    if (set_count_ == 0 || !pace.is_valid() || cost > pace.burst) return refused();
    const std::uint64_t hash = sip_hash(secret_, key);
    Set& set = sets_[(hash >> 32U) * set_count_ >> 32U];
    const Take take{hash == kNobody ? 1 : hash, std::min(now_ns, kNowMax), pace, cost * pace.interval_ns};
    RateVerdict verdict;
    if (take_own(set, take, verdict)) return verdict;
    if (!lock(set)) return busy();
    if (!take_own(set, take, verdict)) verdict = take_as_newcomer(set, take);
    set.locked.store(0, std::memory_order_release);
    return verdict;
  }

 private:
  static constexpr std::uint64_t kNobody = 0;
  static constexpr std::uint64_t kNowMax = std::uint64_t{1} << 63U;
  static constexpr int kLooksMax = 10'000;

  /// Two cache lines. Owners and `shared` change only under the lock, arrivals at any time, and they only grow.
  struct alignas(64) Set {
    std::array<Word, kWays> owners{};  ///< hash of the key, or kNobody
    Word locked{0};
    std::array<Word, kWays> arrivals{};  ///< ns
    std::uint64_t shared = 0;            ///< ns; see (1)
  };
  static_assert(sizeof(Set) == 128);
  static_assert(Word::is_always_lock_free);

  struct Take {
    std::uint64_t owner;
    std::uint64_t now_ns;
    const RatePace& pace;
    std::uint64_t charge_ns;
  };

  [[nodiscard]] static RateVerdict refused() noexcept {
    RateVerdict verdict;
    verdict.retry_after_ns = RateVerdict::kNever;
    return verdict;
  }

  [[nodiscard]] static RateVerdict busy() noexcept {
    RateVerdict verdict;
    verdict.busy = true;
    verdict.retry_after_ns = 1;
    return verdict;
  }

  /// `start_ns` is not before now. Compares differences: they cannot overflow, as sums of three times could.
  [[nodiscard]] static RateVerdict judge(const Take& take, std::uint64_t start_ns) noexcept {
    const std::uint64_t span_ns = take.pace.span_ns();
    const std::uint64_t most_ns = span_ns - take.charge_ns;
    std::uint64_t debt_ns = start_ns - take.now_ns;
    RateVerdict verdict;
    verdict.allowed = debt_ns <= most_ns;
    if (verdict.allowed) {
      debt_ns += take.charge_ns;
    } else {
      verdict.retry_after_ns = debt_ns - most_ns;
    }
    verdict.reset_after_ns = debt_ns;
    if (debt_ns < span_ns) verdict.remaining = static_cast<std::uint32_t>((span_ns - debt_ns) / take.pace.interval_ns);
    return verdict;
  }

  /// False when the key has no bucket, or it was given away meanwhile. An arrival time says whose the bucket is: it
  /// grows whenever anybody takes, also with a new owner, who is written only before and after (see give). So when the
  /// owner is read after the time and the time is still the same at the exchange, the bucket was the owner's then.
  [[nodiscard]] static bool take_own(Set& set, const Take& take, RateVerdict& verdict) noexcept {
    std::size_t way = 0;
    while (set.owners[way].load(std::memory_order_acquire) != take.owner) {
      if (++way == kWays) return false;
    }
    std::uint64_t arrival_ns = set.arrivals[way].load(std::memory_order_acquire);
    for (;;) {
      if (set.owners[way].load(std::memory_order_acquire) != take.owner) return false;
      verdict = judge(take, std::max(arrival_ns, take.now_ns));
      if (!verdict.allowed || take.charge_ns == 0) return true;
      if (set.arrivals[way].compare_exchange_weak(arrival_ns, take.now_ns + verdict.reset_after_ns,
                                                  std::memory_order_acq_rel, std::memory_order_acquire)) {
        return true;
      }
    }
  }

  [[nodiscard]] static bool lock(Set& set) noexcept {
    for (int looks = 0; looks < kLooksMax; ++looks) {
      if (set.locked.load(std::memory_order_relaxed) == 0 && set.locked.exchange(1, std::memory_order_acquire) == 0) {
        return true;
      }
    }
    return false;
  }

  [[nodiscard]] static std::size_t fullest(const Set& set) noexcept {
    std::size_t best = 0;
    for (std::size_t way = 1; way < kWays; ++way) {
      const std::uint64_t arrival_ns = set.arrivals[way].load(std::memory_order_relaxed);
      if (arrival_ns < set.arrivals[best].load(std::memory_order_relaxed)) best = way;
    }
    return best;
  }

  /// Under the lock: makes the bucket the newcomer's with its first arrival time. False when the owner took from it.
  [[nodiscard]] static bool give(Set& set, std::size_t way, std::uint64_t before_ns, const Take& take,
                                 std::uint64_t arrival_ns) noexcept {
    const std::uint64_t owner = set.owners[way].load(std::memory_order_relaxed);
    set.owners[way].store(kNobody, std::memory_order_relaxed);
    const bool given = set.arrivals[way].compare_exchange_strong(before_ns, arrival_ns, std::memory_order_acq_rel,
                                                                 std::memory_order_relaxed);
    if (given) set.shared = std::max(set.shared, before_ns);
    set.owners[way].store(given ? take.owner : owner, std::memory_order_release);
    return given;
  }

  /// Under the lock, for a key that has no bucket.
  [[nodiscard]] static RateVerdict take_as_newcomer(Set& set, const Take& take) noexcept {
    RateVerdict verdict = judge(take, std::max(take.now_ns, set.shared));
    verdict.crowded = set.shared > take.now_ns;
    if (!verdict.allowed || take.charge_ns == 0) return verdict;
    const std::uint64_t arrival_ns = take.now_ns + verdict.reset_after_ns;
    // Each failure is a take of somebody else's; after a few it is no harm to share.
    for (std::size_t tries = 0; tries < kWays; ++tries) {
      const std::size_t way = fullest(set);
      const std::uint64_t before_ns = set.arrivals[way].load(std::memory_order_relaxed);
      if (before_ns > take.now_ns) break;  // giving it away would refill it
      if (give(set, way, before_ns, take, arrival_ns)) return verdict;
    }
    set.shared = arrival_ns;
    verdict.crowded = true;
    return verdict;
  }

  Set* sets_ = nullptr;
  std::size_t set_count_ = 0;
  SipKey secret_;
};

using RateLimiter = BasicRateLimiter<std::atomic<std::uint64_t>>;

}  // namespace ostiary
