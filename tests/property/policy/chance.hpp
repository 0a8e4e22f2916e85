// Small, dense random choices for property tests: few values each, so that what is drawn often meets.
#pragma once

#include <cstddef>
#include <random>
#include <vector>

namespace ostiary {

class DenseChance {
 public:
  explicit DenseChance(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
  bool one_in(std::size_t n) { return below(n) == 0; }

  template <typename T>
  T pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }

  /// None to `most` of them, perhaps one twice.
  template <typename T>
  std::vector<T> some(const std::vector<T>& from, std::size_t most) {
    std::vector<T> chosen;
    for (std::size_t left = below(most + 1); left > 0; --left) chosen.push_back(pick(from));
    return chosen;
  }

 private:
  std::mt19937 random_;
};

}  // namespace ostiary
