// The replay memory beside one that never forgets, and under many threads.
#include <ostiary/token/replay_memory.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace ostiary::test {
namespace {

constexpr std::array<std::byte, ReplayMemory::kSecretSize> kSecret{std::byte{42}};
constexpr std::int64_t kWindow = 30;
constexpr std::int64_t kSkew = 5;

struct Proof {
  std::string key;
  std::string id;
  std::int64_t issued_s = 0;

  friend auto operator<=>(const Proof&, const Proof&) = default;
};

/// Remembers every use there ever was.
class NaiveMemory {
 public:
  /// How often the id was used with the key.
  int& uses(const Proof& proof) { return uses_[{proof.key, proof.id}]; }

  [[nodiscard]] std::size_t fresh_within(std::int64_t first_s, std::int64_t last_s) const {
    return static_cast<std::size_t>(
        std::count_if(fresh_.begin(), fresh_.end(), [&](std::int64_t t) { return t >= first_s && t <= last_s; }));
  }
  void add_fresh(std::int64_t now_s) { fresh_.push_back(now_s); }

 private:
  std::map<std::pair<std::string, std::string>, int> uses_;
  std::vector<std::int64_t> fresh_;
};

class ReplayOracle : public ::testing::TestWithParam<unsigned> {
 protected:
  ReplayOracle() : random_(GetParam()), bytes_(ReplayMemory::size_for(1 + random_() % 40)), memory_(bytes_, kSecret) {}

  std::int64_t number(std::int64_t least, std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(least, most)(random_);
  }

  /// A new proof, or one that was made before.
  Proof next_proof(std::int64_t now_s) {
    if (!made_.empty() && random_() % 2 == 0) return made_[static_cast<std::size_t>(number(0, std::ssize(made_) - 1))];
    const Proof proof{"key" + std::to_string(number(0, 2)), std::to_string(made_.size()),
                      number(now_s - kWindow, now_s + kSkew)};
    made_.push_back(proof);
    return proof;
  }

  /// As check_sender asks it: never about a proof that is too old or from the future.
  static bool is_good(const Proof& proof, std::int64_t now_s) {
    return proof.issued_s <= now_s + kSkew && now_s < proof.issued_s + kWindow + kSkew;
  }

  ReplayAnswer ask(const Proof& proof, std::int64_t now_s) {
    return memory_.record({proof.key, proof.id, proof.issued_s, now_s, proof.issued_s + kWindow + kSkew});
  }

  std::mt19937 random_;
  std::vector<std::byte> bytes_;
  ReplayMemory memory_;
  NaiveMemory naive_;
  std::vector<Proof> made_;
};

TEST_P(ReplayOracle, AgreesWhileTheClockGoesForward) {
  std::int64_t now_s = 1000;
  std::size_t told = 0;
  for (int step = 0; step < 4000; ++step) {
    now_s += number(0, 6) / 4;
    const Proof proof = next_proof(now_s);
    if (!is_good(proof, now_s)) continue;
    const ReplayAnswer answer = ask(proof, now_s);
    if (answer == ReplayAnswer::kUnknown) {
      // Only a full memory may say so: the longest any proof of a generation stays is a window and two skews.
      ASSERT_GE(naive_.fresh_within(now_s - kWindow - 2 * kSkew, now_s), memory_.capacity()) << step;
      continue;
    }
    ++told;
    const bool seen = naive_.uses(proof)++ > 0;
    ASSERT_EQ(answer, seen ? ReplayAnswer::kSeen : ReplayAnswer::kFresh) << step;
    if (!seen) naive_.add_fresh(now_s);
  }
  EXPECT_GT(told, 0U);
}

TEST_P(ReplayOracle, AcceptsNothingTwiceWhateverTheClockDoes) {
  std::int64_t now_s = 1'000'000;
  for (int step = 0; step < 4000; ++step) {
    const bool jump = random_() % 100 == 0;
    now_s += jump ? number(-500, 500) : number(0, 1);
    const Proof proof = next_proof(now_s);
    const ReplayAnswer answer = ask(proof, now_s);  // too old or too new ones as well
    int& uses = naive_.uses(proof);
    if (answer == ReplayAnswer::kFresh) {
      ASSERT_EQ(uses++, 0) << step;
    } else if (answer == ReplayAnswer::kSeen) {
      ASSERT_GT(uses, 0) << step;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ReplayOracle, ::testing::Range(1U, 41U));

TEST(ReplayThreads, OneOfManyCallsForTheSameProofIsFresh) {
  constexpr std::size_t kThreads = 4;
  constexpr int kProofs = 2000;
  std::vector<std::byte> bytes(ReplayMemory::size_for(kProofs));
  ReplayMemory memory(bytes, kSecret);
  std::array<std::array<bool, kProofs>, kThreads> fresh{};
  std::atomic<int> ready{0};
  const auto run = [&](std::size_t thread) {
    ++ready;
    while (ready < static_cast<int>(kThreads)) std::this_thread::yield();
    for (int i = 0; i < kProofs; ++i) {
      // Every thread meets the proofs in another order, while old generations pass away.
      const int proof = static_cast<int>((static_cast<std::size_t>(i) * 7 + thread * 501) % kProofs);
      const std::int64_t issued_s = 1000 + proof / 200;
      fresh[thread][static_cast<std::size_t>(proof)] =
          memory.record({"key", std::to_string(proof), issued_s, 1010, 1100}) == ReplayAnswer::kFresh;
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t thread = 0; thread < kThreads; ++thread) threads.emplace_back(run, thread);
  for (std::thread& thread : threads) thread.join();
  for (std::size_t proof = 0; proof < kProofs; ++proof) {
    int times = 0;
    for (const auto& seen : fresh) times += seen[proof] ? 1 : 0;
    EXPECT_EQ(times, 1) << proof;
  }
}

TEST(ReplayThreads, GenerationsTurnUnderManyThreads) {
  constexpr std::size_t kThreads = 4;
  std::vector<std::byte> bytes(ReplayMemory::size_for(64));
  ReplayMemory memory(bytes, kSecret);
  std::atomic<std::int64_t> clock_s{1000};
  std::atomic<std::size_t> twice{0};
  std::atomic<std::size_t> fresh{0};
  const auto run = [&](std::size_t thread) {
    for (int i = 0; i < 2000; ++i) {
      const std::int64_t now_s = clock_s += 1;
      const std::string id = std::to_string(thread) + "-" + std::to_string(i);
      const ProofUse use{"key", id, now_s, now_s, now_s + 20};
      if (memory.record(use) != ReplayAnswer::kFresh) continue;
      ++fresh;
      if (memory.record(use) == ReplayAnswer::kFresh) ++twice;
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t thread = 0; thread < kThreads; ++thread) threads.emplace_back(run, thread);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(twice, 0U);
  EXPECT_GT(fresh, 0U);
}

}  // namespace
}  // namespace ostiary::test
