#include <ostiary/core/memory.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <span>

namespace ostiary {
namespace {

struct alignas(16) Wide {
  std::array<std::uint8_t, 16> bytes;
};

bool aligned(const void* address, std::size_t alignment) {
  return reinterpret_cast<std::uintptr_t>(address) % alignment == 0;
}

TEST(Arena, WithoutMemoryHandsOutNothing) {
  Arena arena;
  EXPECT_EQ(arena.allocate<char>(1), nullptr);
  EXPECT_EQ(arena.used(), 0U);
}

TEST(Arena, UsesTheBufferToTheLastByteAndNotBeyond) {
  alignas(16) std::array<std::byte, 16> memory{};
  Arena arena{memory};
  EXPECT_NE(arena.allocate<char>(16), nullptr);
  EXPECT_EQ(arena.used(), 16U);
  EXPECT_EQ(arena.allocate<char>(1), nullptr);
}

TEST(Arena, AFailedAllocationTakesNothing) {
  alignas(16) std::array<std::byte, 16> memory{};
  Arena arena{memory};
  EXPECT_EQ(arena.allocate<char>(17), nullptr);
  EXPECT_EQ(arena.used(), 0U);
  EXPECT_NE(arena.allocate<char>(16), nullptr);
}

TEST(Arena, PiecesDoNotOverlap) {
  alignas(16) std::array<std::byte, 64> memory{};
  Arena arena{memory};
  const char* first = arena.allocate<char>(3);
  const auto* second = arena.allocate<std::uint32_t>(2);
  ASSERT_NE(first, nullptr);
  ASSERT_NE(second, nullptr);
  EXPECT_GE(reinterpret_cast<std::uintptr_t>(second), reinterpret_cast<std::uintptr_t>(first) + 3);
}

// Every start position, every alignment: the piece is aligned, lies inside, and fits exactly when arithmetic says so.
TEST(Arena, AlignsWhereverTheBufferStarts) {
  alignas(64) std::array<std::byte, 64> memory{};
  for (std::size_t start = 0; start <= memory.size(); ++start) {
    const std::span<std::byte> rest = std::span(memory).subspan(start);
    Arena arena{rest};
    const std::size_t padding = (16 - start % 16) % 16;
    const bool fits = rest.size() >= padding + sizeof(Wide);
    const Wide* wide = arena.allocate<Wide>(1);
    ASSERT_EQ(wide != nullptr, fits) << start;
    if (wide == nullptr) continue;
    EXPECT_TRUE(aligned(wide, 16)) << start;
    EXPECT_LE(reinterpret_cast<std::uintptr_t>(wide) + sizeof(Wide),
              reinterpret_cast<std::uintptr_t>(memory.data()) + memory.size());
  }
}

TEST(Arena, ACountThatWouldOverflowIsRefused) {
  alignas(16) std::array<std::byte, 64> memory{};
  Arena arena{memory};
  constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();
  EXPECT_EQ(arena.allocate<std::uint64_t>(kMost), nullptr);
  EXPECT_EQ(arena.allocate<std::uint64_t>(kMost / sizeof(std::uint64_t)), nullptr);
  EXPECT_EQ(arena.allocate<std::uint64_t>(kMost / sizeof(std::uint64_t) + 1), nullptr);
  EXPECT_EQ(arena.allocate<std::uint64_t>(kMost / sizeof(std::uint64_t) + 2), nullptr);
  EXPECT_EQ(arena.used(), 0U);
}

TEST(Arena, ResetGivesTheSameMemoryAgain) {
  alignas(16) std::array<std::byte, 64> memory{};
  Arena arena{memory};
  const auto* first = arena.allocate<std::uint64_t>(8);
  ASSERT_NE(first, nullptr);
  ASSERT_EQ(arena.allocate<std::uint64_t>(1), nullptr);
  arena.reset();
  EXPECT_EQ(arena.allocate<std::uint64_t>(8), first);
}

TEST(Arena, DefaultMemberValuesAreSet) {
  struct Denied {
    int effect = 403;
  };
  alignas(16) std::array<std::byte, 64> memory{};
  memory.fill(std::byte{0xAA});
  Arena arena{memory};
  const Denied* denied = arena.allocate<Denied>(4);
  ASSERT_NE(denied, nullptr);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(denied[i].effect, 403);
}

}  // namespace
}  // namespace ostiary
