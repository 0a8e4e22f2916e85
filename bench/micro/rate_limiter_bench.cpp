// Taking from a bucket. `one` is the same key over and over, `refused` the same when it is empty; `many` draws from a
// million keys, the popular ones more often (Zipf), in a table made for as many; `storm` never sees a key twice, in a
// table whose buckets are all taken or (`storm_idle`) all full. Keys are of 15 bytes. Times are per take.
#include "bench/frame/task.hpp"

#include <ostiary/policy/rate_limiter.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <string_view>
#include <vector>

namespace {

using namespace ostiary;
using bench::keep;

constexpr std::array<std::uint8_t, RateLimiter::kSecretSize> kSecret{5};
constexpr std::uint64_t kStart = 1'700'000'000'000'000'000;
constexpr std::size_t kQueries = 1U << 20U;

class Table {
 public:
  explicit Table(std::size_t keys) : bytes_(RateLimiter::size_for(keys)), limiter_(bytes_, kSecret) {}
  [[nodiscard]] RateLimiter& limiter() { return limiter_; }

 private:
  std::vector<std::byte> bytes_;
  RateLimiter limiter_;
};

using Key = std::array<char, 15>;

Key key_of(std::uint64_t number) {
  Key key{};
  std::memcpy(key.data() + 4, &number, sizeof number);
  return key;
}

std::string_view text(const Key& key) { return {key.data(), key.size()}; }

/// Ranks with a weight of 1 / rank, by inversion of the harmonic sum's integral.
std::vector<Key> zipf_keys(std::size_t keys) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> uniform(0, std::log(static_cast<double>(keys)));
  std::vector<Key> drawn(kQueries);
  for (Key& key : drawn) key = key_of(static_cast<std::uint64_t>(std::exp(uniform(random))));
  return drawn;
}

void one(benchmark::State& state, RateQuota quota, std::uint64_t step_ns) {
  Table table(100);
  const Key key = key_of(1);
  std::uint64_t now = kStart;
  for ([[maybe_unused]] auto _ : state) keep(table.limiter().take(text(key), quota, now += step_ns));
}

void many(benchmark::State& state) {
  constexpr std::size_t kKeys = 1'000'000;
  Table table(kKeys);
  const std::vector<Key> keys = zipf_keys(kKeys);
  std::uint64_t now = kStart;
  std::size_t i = 0;
  for ([[maybe_unused]] auto _ : state) {
    keep(table.limiter().take(text(keys[i++ % kQueries]), RateQuota{10, 1000, 20}, now += 1000));
  }
}

void storm(benchmark::State& state, std::uint64_t step_ns) {
  Table table(100'000);
  std::uint64_t now = kStart;
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < table.limiter().capacity() * 4; ++i) {
    keep(table.limiter().take(text(key_of(++number)), RateQuota{1, 3'600'000, 1}, now));
  }
  now += step_ns == 0 ? 0 : 3'600'000'000'000U * 1'000'000;
  for ([[maybe_unused]] auto _ : state) {
    keep(table.limiter().take(text(key_of(++number)), RateQuota{1, 1, 1}, now += step_ns));
  }
}

void hash(benchmark::State& state) {
  const SipKey secret{1, 2};
  Key key = key_of(1);
  for ([[maybe_unused]] auto _ : state) keep(sip_hash(secret, text(key)));
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::RegisterBenchmark("rate/one", [](benchmark::State& s) { one(s, {1000, 1, 100}, 1000); });
  benchmark::RegisterBenchmark("rate/refused", [](benchmark::State& s) { one(s, {1, 3'600'000, 1}, 1); });
  benchmark::RegisterBenchmark("rate/many", many);
  benchmark::RegisterBenchmark("rate/storm", [](benchmark::State& s) { storm(s, 0); });
  benchmark::RegisterBenchmark("rate/storm_idle", [](benchmark::State& s) { storm(s, 1'000'000); });
  benchmark::RegisterBenchmark("rate/hash", hash);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
