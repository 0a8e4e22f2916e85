#include "policy/algebra/bits.hpp"

#include <bit>

namespace ostiary::policy::algebra {

Bits& Bits::operator&=(const Bits& other) {
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.word(i);
  return *this;
}

Bits& Bits::operator|=(const Bits& other) {
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.word(i);
  trim();
  return *this;
}

Bits& Bits::operator^=(const Bits& other) {
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] ^= other.word(i);
  trim();
  return *this;
}

Bits& Bits::and_not(const Bits& other) {
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= ~other.word(i);
  return *this;
}

bool Bits::none() const {
  for (const std::uint64_t word : words_) {
    if (word != 0) return false;
  }
  return true;
}

std::size_t Bits::count() const {
  std::size_t count = 0;
  for (const std::uint64_t word : words_) count += static_cast<std::size_t>(std::popcount(word));
  return count;
}

bool Bits::intersects(const Bits& other) const {
  for (std::size_t i = 0; i < words_.size(); ++i) {
    if ((words_[i] & other.word(i)) != 0) return true;
  }
  return false;
}

bool Bits::within(const Bits& other) const {
  for (std::size_t i = 0; i < words_.size(); ++i) {
    if ((words_[i] & ~other.word(i)) != 0) return false;
  }
  return true;
}

std::size_t Bits::next(std::size_t from) const {
  if (from >= size_) return size_;
  std::size_t i = from / kWordBits;
  std::uint64_t word = words_[i] & ~std::uint64_t{0} << from % kWordBits;
  while (word == 0) {
    if (++i == words_.size()) return size_;
    word = words_[i];
  }
  return i * kWordBits + static_cast<std::size_t>(std::countr_zero(word));
}

std::size_t Bits::hash() const {
  // Multiply and fold each word, so that sets that differ in one number land in different buckets.
  std::uint64_t hash = size_ + 1;
  for (const std::uint64_t word : words_) {
    hash = (hash ^ word) * 0x9e3779b97f4a7c15U;
    hash ^= hash >> 32;
  }
  return hash;
}

void Bits::trim() {
  if (size_ % kWordBits != 0) words_.back() &= ~(~std::uint64_t{0} << size_ % kWordBits);
}

}  // namespace ostiary::policy::algebra
