#include <ostiary/core/snapshot_cell.hpp>

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace ostiary {
namespace {

using Cell = SnapshotCell<int, 4>;
using Reader = SnapshotReader<int, 4>;

/// A cell on the heap, where its cache lines are aligned; the frames that GCC's AddressSanitizer makes are not.
template <typename SomeCell = Cell>
class OnHeap {
 public:
  [[nodiscard]] SomeCell& operator*() const { return *cell_; }

 private:
  std::unique_ptr<SomeCell> cell_ = std::make_unique<SomeCell>();
};

std::shared_ptr<const int> number(int value) { return std::make_shared<const int>(value); }

TEST(SnapshotCell, IsEmptyAtFirst) {
  const OnHeap<> owned;
  const Cell& cell = *owned;
  EXPECT_EQ(cell.load(), nullptr);
  EXPECT_EQ(cell.generation(), 0U);
  EXPECT_EQ(Reader(cell).get(), nullptr);
}

TEST(SnapshotCell, ShowsWhatWasStoredLast) {
  const OnHeap<> owned;
  Cell& cell = *owned;
  Reader reader(cell);
  for (int i = 1; i <= 100; ++i) {
    ASSERT_TRUE(cell.store(number(i)));
    EXPECT_EQ(*cell.load(), i);
    EXPECT_EQ(*reader.get(), i);
    EXPECT_EQ(cell.generation(), static_cast<std::uint64_t>(i));
  }
}

TEST(SnapshotCell, AnEmptyValueReplacesTheOneBefore) {
  const OnHeap<> owned;
  Cell& cell = *owned;
  Reader reader(cell);
  ASSERT_TRUE(cell.store(number(1)));
  EXPECT_NE(reader.get(), nullptr);
  ASSERT_TRUE(cell.store(nullptr));
  EXPECT_EQ(reader.get(), nullptr);
  EXPECT_EQ(cell.load(), nullptr);
}

TEST(SnapshotCell, AValueDiesWithItsLastHolder) {
  const OnHeap<> owned;
  Cell& cell = *owned;
  std::weak_ptr<const int> first;
  {
    const auto value = number(1);
    first = value;
    ASSERT_TRUE(cell.store(value));
  }
  const auto held = cell.load();
  ASSERT_TRUE(cell.store(number(2)));
  EXPECT_FALSE(first.expired());
  EXPECT_EQ(*held, 1);
}

TEST(SnapshotCell, AReplacedValueIsFreedAtOnceWhenNobodyHoldsIt) {
  const OnHeap<> owned;
  Cell& cell = *owned;
  std::weak_ptr<const int> first;
  {
    const auto value = number(1);
    first = value;
    ASSERT_TRUE(cell.store(value));
  }
  ASSERT_TRUE(cell.store(number(2)));
  EXPECT_TRUE(first.expired());
}

TEST(SnapshotCell, AReaderThatHasNotLookedAgainKeepsTheOldValueAlive) {
  const OnHeap<> owned;
  Cell& cell = *owned;
  std::weak_ptr<const int> first;
  {
    const auto value = number(1);
    first = value;
    ASSERT_TRUE(cell.store(value));
  }
  Reader reader(cell);
  EXPECT_EQ(*reader.get(), 1);
  ASSERT_TRUE(cell.store(number(2)));
  EXPECT_FALSE(first.expired());
  EXPECT_EQ(*reader.get(), 2);
  EXPECT_TRUE(first.expired());
}

TEST(SnapshotCell, APinnedSlotIsNotUsedAgainUntilItIsLeft) {
  const OnHeap<> owned;
  Cell& cell = *owned;
  std::array<std::optional<Cell::Pin>, 3> pins;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(cell.store(number(i)));
    pins[static_cast<std::size_t>(i)].emplace(cell);
  }
  // The first store replaced the empty value of slot 0, which is free again; after the third all others are pinned.
  ASSERT_TRUE(cell.store(number(3)));
  EXPECT_FALSE(cell.store(number(4)));
  EXPECT_EQ(*cell.load(), 3);
  EXPECT_EQ(cell.generation(), 4U);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(*pins[static_cast<std::size_t>(i)]->snapshot(), i);

  pins[1].reset();
  EXPECT_TRUE(cell.store(number(4)));
  EXPECT_EQ(*cell.load(), 4);
  EXPECT_TRUE(cell.store(number(5)));
  EXPECT_EQ(*pins[0]->snapshot(), 0);
  EXPECT_EQ(*pins[2]->snapshot(), 2);
}

TEST(SnapshotCell, CollectFreesWhatAPinHeldBack) {
  const OnHeap<> owned;
  Cell& cell = *owned;
  std::weak_ptr<const int> first;
  {
    const auto value = number(1);
    first = value;
    ASSERT_TRUE(cell.store(value));
  }
  {
    const Cell::Pin pin(cell);
    ASSERT_TRUE(cell.store(number(2)));
    EXPECT_FALSE(first.expired());
  }
  EXPECT_FALSE(first.expired());
  cell.collect();
  EXPECT_TRUE(first.expired());
}

/// Two halves that agree only in a value that is whole and alive.
class Pair {
 public:
  explicit Pair(std::uint64_t number) : number_(number), complement_(~number) { alive().fetch_add(1); }
  ~Pair() {
    complement_ = number_;
    alive().fetch_sub(1);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;

  [[nodiscard]] bool whole() const { return complement_ == ~number_; }
  [[nodiscard]] std::uint64_t number() const { return number_; }
  static std::atomic<int>& alive() {
    static std::atomic<int> count{0};
    return count;
  }

 private:
  std::uint64_t number_;
  std::uint64_t complement_;
};

constexpr std::uint64_t kStores = 20'000;

/// Every value seen is whole and none is older than the one before.
template <typename Read>
void watch(const Read& read, std::atomic<int>& faults) {
  std::uint64_t last = 0;
  while (last < kStores) {
    const auto [number, whole] = read();
    if (!whole || number < last) faults.fetch_add(1);
    last = number;
  }
}

TEST(SnapshotCell, ReadersSeeWholeValuesInOrderWhileAWriterReplacesThem) {
  std::atomic<int> faults{0};
  {
    const OnHeap<SnapshotCell<Pair, 8>> owned;
    SnapshotCell<Pair, 8>& cell = *owned;
    ASSERT_TRUE(cell.store(std::make_shared<const Pair>(0)));
    const auto load_each_time = [&cell, &faults] {
      watch(
          [&cell] {
            const auto pair = cell.load();
            return std::pair(pair->number(), pair->whole());
          },
          faults);
    };
    const auto keep_a_reference = [&cell, &faults] {
      SnapshotReader<Pair, 8> reader(cell);
      watch(
          [&reader] {
            const Pair* pair = reader.get();
            return std::pair(pair->number(), pair->whole());
          },
          faults);
    };
    std::vector<std::thread> readers;
    for (int i = 0; i < 2; ++i) {
      readers.emplace_back(load_each_time);
      readers.emplace_back(keep_a_reference);
    }
    for (std::uint64_t i = 1; i <= kStores; ++i) {
      while (!cell.store(std::make_shared<const Pair>(i))) std::this_thread::yield();
    }
    for (std::thread& reader : readers) reader.join();
  }
  EXPECT_EQ(faults.load(), 0);
  EXPECT_EQ(Pair::alive().load(), 0);
}

}  // namespace
}  // namespace ostiary
