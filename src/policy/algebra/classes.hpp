// The joint equivalence classes of one dimension, numbered in the order in which they are met.
#pragma once

#include "policy/algebra/bits.hpp"

#include <cstdint>
#include <unordered_map>

namespace ostiary::policy::algebra {

/// Gives every distinct set of predicates one number, from 0. Confined.
class Classes {
 public:
  struct Entry {
    std::uint32_t number = 0;
    bool is_new = false;
  };

  Entry number(const Bits& holds) {
    const auto [at, is_new] = numbers_.try_emplace(holds, static_cast<std::uint32_t>(numbers_.size()));
    return {at->second, is_new};
  }

 private:
  std::unordered_map<Bits, std::uint32_t, BitsHash> numbers_;
};

}  // namespace ostiary::policy::algebra
