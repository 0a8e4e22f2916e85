#include "policy/algebra/intervals.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace ostiary::policy::algebra {
namespace {

using Times = std::vector<Interval<std::int64_t>>;
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

/// "first..last:sets" of every cell.
std::string shown(const std::vector<Times>& sets) {
  const auto partition = partition_intervals<std::int64_t>(std::span<const Times>(sets));
  std::string text;
  for (const auto& cell : partition.cells) {
    const auto name = [](std::int64_t v) { return v == kMin ? "min" : v == kMax ? "max" : std::to_string(v); };
    text += name(cell.span.first) + ".." + name(cell.span.last) + ":";
    const Bits& holds = partition.atoms[cell.atom].holds;
    for (std::size_t i = holds.next(); i < holds.size(); i = holds.next(i + 1)) text += std::to_string(i);
    text += ' ';
  }
  return text;
}

TEST(AlgebraIntervals, NoSetsLeaveOneAtom) { EXPECT_EQ(shown(std::vector<Times>{}), "min..max: "); }

TEST(AlgebraIntervals, EndsAreIncluded) {
  EXPECT_EQ(shown({{{10, 20}}, {{20, 30}}}), "min..9: 10..19:0 20..20:01 21..30:1 31..max: ");
}

TEST(AlgebraIntervals, TheEndsOfTheLineNeedNoNeighbours) {
  EXPECT_EQ(shown({{{kMin, kMax}}, {{kMin, kMin}}, {{kMax, kMax}}}),
            "min..min:01 -9223372036854775807..9223372036854775806:0 max..max:02 ");
}

TEST(AlgebraIntervals, OverlapsAndNeighboursWithinASetAreOneCell) {
  EXPECT_EQ(shown({{{1, 5}, {3, 4}, {6, 9}, {8, 8}}}), "min..0: 1..9:0 10..max: ");
}

TEST(AlgebraIntervals, IntervalsThatEndBeforeTheyBeginAreEmpty) {
  EXPECT_EQ(shown({{{5, 1}}}), "min..max: ");
  EXPECT_EQ(shown({{{5, 1}, {0, 9}}}), "min..-1: 0..9:0 10..max: ");
}

TEST(AlgebraIntervals, DistantValuesWithTheSameSetsShareAnAtom) {
  const std::vector<Times> sets = {{{1, 2}, {5, 6}}};
  const auto partition = partition_intervals<std::int64_t>(std::span<const Times>(sets));
  EXPECT_EQ(partition.cells.size(), 5U);
  EXPECT_EQ(partition.atoms.size(), 2U);
  EXPECT_EQ(partition.find(2), partition.find(5));
  EXPECT_NE(partition.find(2), partition.find(4));
}

TEST(AlgebraIntervals, TheFirstPreferredValueOfAnAtomIsItsExample) {
  const std::vector<Times> sets = {{{0, 100}}, {{40, 60}}};
  const std::vector<std::int64_t> preferred = {70, 0, 50};
  const auto partition = partition_intervals<std::int64_t>(std::span<const Times>(sets), preferred);
  EXPECT_EQ(partition.atoms[*partition.find(1)].example, 70);
  EXPECT_EQ(partition.atoms[*partition.find(41)].example, 50);
  EXPECT_EQ(partition.atoms[*partition.find(101)].example, kMin);
}

TEST(AlgebraIntervals, PiecesOfAUniverseAreKeptApartAndNothingElseIsFound) {
  const std::vector<Interval<std::uint32_t>> universe = {{10, 19}, {20, 29}, {40, 49}};
  const std::vector<std::vector<Interval<std::uint32_t>>> sets = {{{15, 45}}};
  const auto partition = partition_intervals<std::uint32_t>(universe, sets);
  const std::vector<Interval<std::uint32_t>> expected = {{10, 14}, {15, 19}, {20, 29}, {40, 45}, {46, 49}};
  ASSERT_EQ(partition.cells.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(partition.cells[i].span, expected[i]);
  EXPECT_FALSE(partition.find(9).has_value());
  EXPECT_FALSE(partition.find(30).has_value());
  EXPECT_FALSE(partition.find(50).has_value());
  EXPECT_TRUE(partition.find(40).has_value());
}

}  // namespace
}  // namespace ostiary::policy::algebra
