// Literals in plain words, for people who review.
#pragma once

#include "policy/analysis/predicates.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ostiary::policy::analysis {

[[nodiscard]] std::string words_of(const Predicate& predicate, bool negated);

/// All that a cube asks, in its order; what it asks of the method is put into one. `methods`: the mask of those with
/// which its requests reach a route.
[[nodiscard]] std::vector<std::string> words_of(const PredicateTable& table, const Cube& cube, std::uint32_t methods);

}  // namespace ostiary::policy::analysis
