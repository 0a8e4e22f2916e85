// Sets of small numbers: which predicates hold at an atom, which rules are still alive.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ostiary::policy::algebra {

/// A set of numbers below `size()`. Two sets of different sizes are never equal; in the operations below a set holds
/// nothing beyond its size, and the left operand keeps its own. Value type, confined to the thread that holds it.
class Bits {
 public:
  Bits() = default;
  explicit Bits(std::size_t size) : size_(size), words_((size + kWordBits - 1) / kWordBits, 0) {}

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool test(std::size_t bit) const {
    return bit < size_ && (words_[bit / kWordBits] >> bit % kWordBits & 1U) != 0;
  }
  /// `bit` must be below the size.
  void set(std::size_t bit) { words_[bit / kWordBits] |= std::uint64_t{1} << bit % kWordBits; }
  void reset(std::size_t bit) { words_[bit / kWordBits] &= ~(std::uint64_t{1} << bit % kWordBits); }

  Bits& operator&=(const Bits& other);
  Bits& operator|=(const Bits& other);
  Bits& operator^=(const Bits& other);
  /// Takes away what the other set holds.
  Bits& and_not(const Bits& other);

  [[nodiscard]] bool none() const;
  [[nodiscard]] std::size_t count() const;
  [[nodiscard]] bool intersects(const Bits& other) const;
  [[nodiscard]] bool within(const Bits& other) const;
  /// The least number in the set that is not below `from`, or size().
  [[nodiscard]] std::size_t next(std::size_t from = 0) const;
  [[nodiscard]] std::size_t hash() const;

  friend bool operator==(const Bits&, const Bits&) = default;

 private:
  static constexpr std::size_t kWordBits = 64;

  /// The word of a set that may be shorter.
  [[nodiscard]] std::uint64_t word(std::size_t i) const { return i < words_.size() ? words_[i] : 0; }
  /// Clears what lies behind the size, which a longer operand may have brought.
  void trim();

  std::size_t size_ = 0;
  std::vector<std::uint64_t> words_;
};

[[nodiscard]] inline Bits operator&(Bits a, const Bits& b) { return a &= b; }
[[nodiscard]] inline Bits operator|(Bits a, const Bits& b) { return a |= b; }

struct BitsHash {
  std::size_t operator()(const Bits& bits) const { return bits.hash(); }
};

}  // namespace ostiary::policy::algebra
