// Random choices for documents.
#pragma once

#include "property/policy/chance.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace ostiary::test {

/// Confined.
class Chance : public DenseChance {
 public:
  using DenseChance::DenseChance;
  using DenseChance::pick;

  std::string pick(std::initializer_list<const char*> from) { return from.begin()[below(from.size())]; }

  /// A non-empty array of some of them.
  template <typename Value>
  nlohmann::json subset(const std::vector<Value>& from) {
    nlohmann::json chosen = nlohmann::json::array();
    for (const Value& value : from) {
      if (one_in(3)) chosen.push_back(value);
    }
    if (chosen.empty()) chosen.push_back(pick(from));
    return chosen;
  }

  template <typename List>
  void shuffle(List& list) {
    for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[below(i)]);
  }
};

}  // namespace ostiary::test
