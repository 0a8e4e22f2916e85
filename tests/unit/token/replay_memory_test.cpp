#include <ostiary/token/replay_memory.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ostiary::test {
namespace {

constexpr std::array<std::byte, ReplayMemory::kSecretSize> kSecret{std::byte{1}, std::byte{2}, std::byte{3}};
constexpr std::string_view kAda = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
constexpr std::string_view kBob = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
constexpr std::int64_t kWindow = 60;

/// Everything heap-allocated and of exact size, so that a sanitizer sees every step outside.
struct Owned {
  explicit Owned(std::size_t size, std::int64_t forgotten = ReplayMemory::kNothingForgotten)
      : bytes(size), memory(bytes, kSecret, forgotten) {}

  ReplayAnswer use(std::string_view id, std::int64_t now_s, std::string_view key = kAda) {
    return issued(id, now_s, now_s, key);
  }
  ReplayAnswer issued(std::string_view id, std::int64_t issued_s, std::int64_t now_s, std::string_view key = kAda) {
    return memory.record({key, id, issued_s, now_s, issued_s + kWindow});
  }

  std::vector<std::byte> bytes;
  ReplayMemory memory;
};

TEST(ReplayMemory, ASecondUseIsSeen) {
  Owned owned(ReplayMemory::size_for(100));
  EXPECT_EQ(owned.use("a", 1000), ReplayAnswer::kFresh);
  EXPECT_EQ(owned.use("a", 1000), ReplayAnswer::kSeen);
  EXPECT_EQ(owned.use("a", 1059), ReplayAnswer::kSeen);
  EXPECT_EQ(owned.use("b", 1059), ReplayAnswer::kFresh);
}

TEST(ReplayMemory, AnIdBelongsToItsKey) {
  Owned owned(ReplayMemory::size_for(100));
  EXPECT_EQ(owned.use("a", 1000, kAda), ReplayAnswer::kFresh);
  EXPECT_EQ(owned.use("a", 1000, kBob), ReplayAnswer::kFresh);
  EXPECT_EQ(owned.use("a", 1000, kBob), ReplayAnswer::kSeen);
  // Where the one ends and the other begins counts.
  EXPECT_EQ(owned.use("bc", 1000, "a"), ReplayAnswer::kFresh);
  EXPECT_EQ(owned.use("c", 1000, "ab"), ReplayAnswer::kFresh);
  EXPECT_EQ(owned.use("", 1000, "abc"), ReplayAnswer::kFresh);
}

TEST(ReplayMemory, CapacityProofsFitIntoOneWindowWhateverCameBefore) {
  for (const std::size_t proofs :
       {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{50}, std::size_t{1000}}) {
    Owned owned(ReplayMemory::size_for(proofs));
    const auto capacity = static_cast<std::int64_t>(owned.memory.capacity());
    EXPECT_GE(owned.memory.capacity(), proofs);
    EXPECT_LE(owned.memory.capacity(), proofs + 2);
    // A steady stream: in every stretch of kWindow seconds there are `capacity` of them.
    for (std::int64_t i = 0; i < 20 * capacity; ++i) {
      ASSERT_EQ(owned.use(std::to_string(i), 1000 + i * kWindow / capacity), ReplayAnswer::kFresh)
          << proofs << " " << i;
    }
  }
}

TEST(ReplayMemory, AfterAQuietTimeABurstFindsBothGenerationsFree) {
  Owned owned(ReplayMemory::size_for(20));
  const std::size_t capacity = owned.memory.capacity();
  for (std::size_t i = 1; i < capacity; ++i) {
    ASSERT_EQ(owned.use("old" + std::to_string(i), 1000), ReplayAnswer::kFresh);
  }
  for (std::size_t i = 0; i < 2 * capacity; ++i) {
    ASSERT_EQ(owned.use(std::to_string(i), 2000), ReplayAnswer::kFresh) << i;
  }
  EXPECT_EQ(owned.use("one more", 2000), ReplayAnswer::kUnknown);
}

TEST(ReplayMemory, AFullMemoryCannotTellAndNeverAccepts) {
  Owned owned(ReplayMemory::size_for(10));
  std::size_t fresh = 0;
  while (fresh < 1000 && owned.use(std::to_string(fresh), 1000) == ReplayAnswer::kFresh) ++fresh;
  EXPECT_EQ(fresh, 2 * owned.memory.capacity());  // both generations, when they are empty
  EXPECT_EQ(owned.use("one more", 1000), ReplayAnswer::kUnknown);
  EXPECT_EQ(owned.use("one more", 1059), ReplayAnswer::kUnknown);
  for (std::size_t i = 0; i < fresh; ++i) {
    EXPECT_EQ(owned.use(std::to_string(i), 1059), ReplayAnswer::kSeen) << i;
  }
  EXPECT_EQ(owned.use("one more", 1060), ReplayAnswer::kFresh);  // the others are too old now
}

TEST(ReplayMemory, NothingIsForgottenWithinItsWindow) {
  Owned owned(ReplayMemory::size_for(8));
  EXPECT_EQ(owned.use("a", 1000), ReplayAnswer::kFresh);
  for (int i = 0; i < 200; ++i) static_cast<void>(owned.use("x" + std::to_string(i), 1000 + i % kWindow));
  EXPECT_EQ(owned.use("a", 1059), ReplayAnswer::kSeen);
}

TEST(ReplayMemory, AClockThatGoesBackReadmitsNothing) {
  Owned owned(ReplayMemory::size_for(4));
  EXPECT_EQ(owned.issued("a", 1000, 1000), ReplayAnswer::kFresh);
  // Far ahead everything is too old, and is forgotten twice over.
  for (int i = 0; i < 40; ++i) static_cast<void>(owned.use("x" + std::to_string(i), 100'000 + i * 1000));
  EXPECT_EQ(owned.issued("a", 1000, 1001), ReplayAnswer::kUnknown);
  EXPECT_EQ(owned.issued("b", 999, 1001), ReplayAnswer::kUnknown);
}

TEST(ReplayMemory, ASlowClockGoesOnWithNewProofs) {
  Owned owned(ReplayMemory::size_for(4));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(owned.use(std::to_string(i), 1000), ReplayAnswer::kFresh);
  EXPECT_EQ(owned.issued("later", 2000, 2000), ReplayAnswer::kFresh);
  EXPECT_EQ(owned.issued("again", 1001, 1001), ReplayAnswer::kFresh);  // issued after all that may have been forgotten
  EXPECT_EQ(owned.issued("again", 1001, 1001), ReplayAnswer::kSeen);
}

TEST(ReplayMemory, ARestartSaysFromWhenOnItCanTell) {
  Owned owned(ReplayMemory::size_for(4), 1000);
  EXPECT_EQ(owned.issued("a", 999, 1000), ReplayAnswer::kUnknown);
  EXPECT_EQ(owned.issued("a", 1000, 1000), ReplayAnswer::kUnknown);
  EXPECT_EQ(owned.issued("a", 1001, 1001), ReplayAnswer::kFresh);
}

TEST(ReplayMemory, MemoryThatIsTooSmallOrCrookedCannotTell) {
  for (std::size_t size = 0; size < 60; ++size) {
    Owned owned(size);
    const ReplayAnswer answer = owned.use("a", 1000);
    EXPECT_EQ(answer, owned.memory.capacity() > 0 ? ReplayAnswer::kFresh : ReplayAnswer::kUnknown) << size;
  }
  std::vector<std::byte> bytes(ReplayMemory::size_for(16) + 8);
  for (std::size_t shift = 0; shift < 8; ++shift) {
    const std::span<std::byte> part = std::span(bytes).subspan(shift, ReplayMemory::size_for(16));
    ReplayMemory memory(part, kSecret);
    EXPECT_GE(memory.capacity(), 16U);
    EXPECT_EQ(memory.record({kAda, "a", 1, 1, 2}), ReplayAnswer::kFresh);
    EXPECT_EQ(memory.record({kAda, "a", 1, 1, 2}), ReplayAnswer::kSeen);
  }
}

TEST(ReplayMemory, PlacesDependOnTheSecret) {
  std::vector<std::byte> first(ReplayMemory::size_for(100));
  std::vector<std::byte> second(first.size());
  std::array<std::byte, ReplayMemory::kSecretSize> other = kSecret;
  other.back() = std::byte{9};
  ReplayMemory one(first, kSecret);
  ReplayMemory two(second, other);
  EXPECT_EQ(one.record({kAda, "a", 1, 1, 2}), ReplayAnswer::kFresh);
  EXPECT_EQ(two.record({kAda, "a", 1, 1, 2}), ReplayAnswer::kFresh);
  EXPECT_NE(first, second);
}

}  // namespace
}  // namespace ostiary::test
