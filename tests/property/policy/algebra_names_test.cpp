// Texts and hosts against every value of a small universe, by oracles that know the meaning of one pattern only.
#include "policy/algebra/hosts.hpp"
#include "policy/algebra/texts.hpp"
#include "property/policy/chance.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace ostiary::policy::algebra {
namespace {

/// Every word over the letters with `least` to `most` of them, joined by `join`.
std::vector<std::string> words(const std::string& letters, std::size_t least, std::size_t most,
                               const std::string& join) {
  std::vector<std::string> all = {""};
  std::size_t begin = 0;
  for (std::size_t size = 1; size <= most; ++size) {
    const std::size_t end = all.size();
    for (std::size_t i = begin; i < end; ++i) {
      for (const char letter : letters) all.push_back(all[i] + (all[i].empty() ? "" : join) + letter);
    }
    begin = end;
  }
  if (least > 0) all.erase(all.begin());
  return all;
}

template <typename Partition, typename Point, typename HoldsAt>
void expect_partition(const Partition& partition, const std::vector<Point>& universe, HoldsAt&& holds_at) {
  const auto& atoms = partition.atoms();
  for (const Point& point : universe) {
    const Bits holds = holds_at(point);
    ASSERT_EQ(partition.holds_at(point), holds);
    const auto same = std::count_if(atoms.begin(), atoms.end(), [&](const auto& atom) { return atom.holds == holds; });
    ASSERT_EQ(same, 1);
  }
  for (const auto& atom : atoms) {
    ASSERT_EQ(atom.holds, holds_at(atom.example));
  }
}

bool text_holds(const TextPredicate& predicate, const TextPoint& point) {
  bool holds = false;
  for (const std::string& value : predicate.values) {
    const bool equal = point.text == value;
    const bool starts = point.text.compare(0, value.size(), value) == 0;
    if (predicate.test == TextTest::kEqualsAny) holds = holds || equal;
    if (predicate.test == TextTest::kHasAnyPrefix) holds = holds || starts;
  }
  holds = holds && point.state == TextState::kText;
  if (predicate.test == TextTest::kPresent) holds = point.state != TextState::kAbsent;
  if (predicate.test == TextTest::kAbsent) holds = point.state == TextState::kAbsent;
  return holds != predicate.negated;
}

TEST(AlgebraTextsProperty, EveryTextHasTheAtomOfThePredicatesThatHold) {
  DenseChance chance(3);
  const std::vector<std::string> values = words("abo", 0, 2, "");
  for (int round = 0; round < 3'000; ++round) {
    std::vector<TextPredicate> predicates(chance.below(5));
    for (TextPredicate& predicate : predicates) {
      predicate = {static_cast<TextTest>(chance.below(4)), {}, chance.one_in(4)};
      if (predicate.test <= TextTest::kHasAnyPrefix) predicate.values = chance.some(values, 4);
    }
    const TextUniverse limits{chance.one_in(2), chance.one_in(2)};
    std::vector<TextPoint> universe;
    for (const std::string& text : words("abox", 0, 3, "")) universe.push_back({TextState::kText, text});
    if (limits.may_be_absent) universe.push_back({TextState::kAbsent});
    if (limits.may_be_other_kind) universe.push_back({TextState::kOtherKind});
    const TextPartition partition(predicates, limits);
    expect_partition(partition, universe, [&](const TextPoint& point) {
      Bits holds(predicates.size());
      for (std::size_t i = 0; i < predicates.size(); ++i) {
        if (text_holds(predicates[i], point)) holds.set(i);
      }
      return holds;
    });
    if (HasFatalFailure()) FAIL() << "round " << round;
  }
}

bool host_fits(const std::string& pattern, const std::string& host) {
  if (pattern[0] != '*') return pattern == host;
  const std::string rest = pattern.substr(1);
  if (host.size() <= rest.size() || host.substr(host.size() - rest.size()) != rest) return false;
  return host.substr(0, host.size() - rest.size()).find('.') == std::string::npos;
}

std::vector<std::string> host_patterns() {
  std::vector<std::string> patterns = words("ab", 1, 3, ".");
  for (const std::string& host : words("ab", 1, 2, ".")) patterns.push_back("*." + host);
  return patterns;
}

TEST(AlgebraHostsProperty, EveryHostHasTheAtomOfThePatternsThatMatch) {
  DenseChance chance(4);
  const std::vector<std::string> universe = words("abc", 1, 4, ".");
  const std::vector<std::string> patterns = host_patterns();
  for (int round = 0; round < 2'000; ++round) {
    std::vector<std::vector<std::string>> sets(chance.below(5));
    for (auto& set : sets) set = chance.some(patterns, 4);
    const HostPartition partition(sets);
    expect_partition(partition, universe, [&](const std::string& host) {
      Bits holds(sets.size());
      for (std::size_t i = 0; i < sets.size(); ++i) {
        if (std::any_of(sets[i].begin(), sets[i].end(),
                        [&](const auto& pattern) { return host_fits(pattern, host); })) {
          holds.set(i);
        }
      }
      return holds;
    });
    if (HasFatalFailure()) FAIL() << "round " << round;
  }
}

TEST(AlgebraHostsProperty, TwoPatternsMeetWhereAHostFitsBoth) {
  const std::vector<std::string> universe = words("abc", 1, 3, ".");
  for (const std::string& a : host_patterns()) {
    for (const std::string& b : host_patterns()) {
      const bool meet = std::any_of(universe.begin(), universe.end(),
                                    [&](const auto& host) { return host_fits(a, host) && host_fits(b, host); });
      const auto common = common_host(a, b);
      ASSERT_EQ(common.has_value(), meet) << a << " " << b;
      if (!common) continue;
      EXPECT_TRUE(host_fits(a, *common) && host_fits(b, *common)) << a << " " << b << " " << *common;
    }
  }
}

}  // namespace
}  // namespace ostiary::policy::algebra
