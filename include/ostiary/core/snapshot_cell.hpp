// A shared immutable value that one writer replaces while any number of readers go on reading.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

namespace ostiary {

/// Holds a std::shared_ptr<const T>, empty at first. Readers are wait-free: they neither block nor wait for the writer
/// or for each other. The writer never waits either; see store(). Nothing here allocates. Synchronised, except that
/// there is one writer at a time.
///
/// How it works. The value lies in one of kSlots slots. One atomic word holds the number of the current slot and how
/// many readers have entered it since it became current. A reader enters by adding one to that word, which tells it
/// the slot in the same step, copies the pointer, and leaves by adding one to the slot's own count. The writer fills a
/// free slot and exchanges the word for {new slot, 0 entered}; what it gets back says how many readers entered the
/// old slot altogether. The old slot is emptied once as many have left, which the writer looks for at its next call.
///
/// Why it is right. (1) A reader touches only slot s of the word it added to. Its entry is part of the number the
/// writer gets for s, since additions and the exchange are totally ordered on one word; it leaves after its last
/// access. So while it is inside, fewer have left than entered, and the writer does not touch s. (2) The writer
/// reads the count of those who left with acquire and they add to it with release, so all they did in s is before
/// the slot is emptied or filled again. (3) A reader's addition acquires what the writer released with the exchange,
/// so it sees the slot filled; additions of other readers between the two do not break that (release sequence).
/// (4) Enough bits: 56 bits of entries are used up only by 2^56 loads of one value.
template <typename T, std::size_t kSlots = 16>
class SnapshotCell {
  struct Slot;

 public:
  using Snapshot = std::shared_ptr<const T>;

  SnapshotCell() = default;
  SnapshotCell(const SnapshotCell&) = delete;
  SnapshotCell& operator=(const SnapshotCell&) = delete;

  /// No reader may be inside any more, nor come.
  ~SnapshotCell() = default;

  /// Keeps the value that was current from being freed, without counting a reference. Hold it for a few instructions
  /// only: it takes a slot from the writer. Borrows the cell. Confined.
  class Pin {
   public:
    explicit Pin(const SnapshotCell& cell) noexcept : slot_(&cell.enter()) {}
    ~Pin() { slot_->left.fetch_add(1, std::memory_order_release); }
    Pin(const Pin&) = delete;
    Pin& operator=(const Pin&) = delete;

    [[nodiscard]] const Snapshot& snapshot() const noexcept { return slot_->value; }

   private:
    Slot* slot_;
  };

  /// The current value; empty when there is none. Wait-free.
  [[nodiscard]] Snapshot load() const noexcept { return Pin(*this).snapshot(); }

  /// How often a value was stored. A reader that saw this number has nothing newer to load. Wait-free.
  [[nodiscard]] std::uint64_t generation() const noexcept { return generation_.load(std::memory_order_acquire); }

  /// Replaces the value; an empty one is a value too. Loads that begin after this returned see it. False, and nothing
  /// is changed, when readers are inside all other slots: then each of kSlots - 1 of them was stopped in the middle of
  /// a load by a different store. Try again later.
  [[nodiscard]] bool store(Snapshot value) noexcept {
    collect();
    const std::size_t index = free_slot();
    if (index == kSlots) return false;
    slots_[index].value = std::move(value);
    slots_[index].left.store(0, std::memory_order_relaxed);
    const std::uint64_t before = word_.exchange(std::uint64_t{index} << kEnteredBits, std::memory_order_acq_rel);
    slots_[current_].entered = before & kEnteredMask;
    slots_[current_].retired = true;
    current_ = index;
    generation_.store(generation_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    collect();
    return true;
  }

  /// Frees replaced values that no reader is inside of. The writer's; store() does it too.
  void collect() noexcept {
    for (Slot& slot : slots_) {
      if (!slot.retired || slot.left.load(std::memory_order_acquire) != slot.entered) continue;
      slot.value.reset();
      slot.retired = false;
    }
  }

 private:
  static constexpr unsigned kEnteredBits = 56;
  static constexpr std::uint64_t kEnteredMask = (std::uint64_t{1} << kEnteredBits) - 1;
  static_assert(kSlots >= 2 && kSlots <= 256, "the number of a slot is one byte of the word");
  static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

  struct Slot {
    Snapshot value;
    std::atomic<std::uint64_t> left{0};
    std::uint64_t entered = 0;  ///< of a retired slot; the writer's
    bool retired = false;       ///< the writer's
  };

  [[nodiscard]] Slot& enter() const noexcept {
    return slots_[word_.fetch_add(1, std::memory_order_acquire) >> kEnteredBits];
  }

  [[nodiscard]] std::size_t free_slot() const noexcept {
    for (std::size_t i = 0; i < kSlots; ++i) {
      if (i != current_ && !slots_[i].retired) return i;
    }
    return kSlots;
  }

  // Each on a cache line of its own: readers that hold what is current touch only the first.
  alignas(64) std::atomic<std::uint64_t> generation_{0};
  alignas(64) mutable std::atomic<std::uint64_t> word_{0};
  alignas(64) mutable std::array<Slot, kSlots> slots_;
  std::size_t current_ = 0;  ///< the writer's
};

/// One thread's view of a SnapshotCell. It keeps a reference to the value it saw last, so that a read is one acquire
/// load until the value changes; the old value lives on until every reader has looked again. Borrows the cell.
/// Confined.
template <typename T, std::size_t kSlots = 16>
class SnapshotReader {
 public:
  explicit SnapshotReader(const SnapshotCell<T, kSlots>& cell) noexcept : cell_(&cell) {}

  /// The current value, or nullptr when there is none. Borrows the reader until its next get(). Wait-free, except that
  /// the last to let go of an old value destroys it.
  [[nodiscard]] const T* get() noexcept {
    const std::uint64_t generation = cell_->generation();
    if (generation != seen_) [[unlikely]] {
      // What is loaded is at least as new as the generation; if it is newer, the next call loads it once more.
      held_ = cell_->load();
      seen_ = generation;
    }
    return held_.get();
  }

 private:
  const SnapshotCell<T, kSlots>* cell_;
  std::uint64_t seen_ = 0;
  std::shared_ptr<const T> held_;
};

}  // namespace ostiary
