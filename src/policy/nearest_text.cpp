#include "policy/nearest_text.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>

namespace ostiary::policy {

namespace {

constexpr std::size_t kCompared = 64;
constexpr std::size_t kCandidatesMax = 1024;

/// The edit distance (V. I. Levenshtein, 1966), with one row of the table at a time.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t change = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({change, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string nearest_text(std::string_view text, const std::vector<Text>& known) {
  const auto cut = [](std::string_view whole) { return whole.substr(0, kCompared); };
  const Text* nearest = nullptr;
  std::size_t fewest = 0;
  for (const Text& candidate : std::span(known).first(std::min(known.size(), kCandidatesMax))) {
    const std::size_t edits = distance(cut(text), cut(candidate.value));
    if (nearest != nullptr && edits >= fewest) continue;
    nearest = &candidate;
    fewest = edits;
  }
  return nearest == nullptr ? std::string() : nearest->value;
}

}  // namespace ostiary::policy
