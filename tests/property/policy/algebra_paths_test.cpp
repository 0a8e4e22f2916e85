// The path automaton against every path over three segments up to a depth of four.
#include "policy/algebra/path_automaton.hpp"
#include "policy/algebra/paths.hpp"
#include "property/policy/chance.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace ostiary::policy::algebra {
namespace {

using Segments = std::vector<std::string>;

/// Every list of one to four segments, of which the last may be empty.
std::vector<Segments> all_paths() {
  std::vector<Segments> starts = {{}};
  std::vector<Segments> paths;
  for (int depth = 0; depth < 4; ++depth) {
    std::vector<Segments> longer;
    for (const Segments& start : starts) {
      for (const std::string segment : {"a", "b", "x", ""}) {
        Segments path = start;
        path.push_back(segment);
        paths.push_back(path);
        if (!segment.empty()) longer.push_back(path);
      }
    }
    starts = longer;
  }
  return paths;
}

std::string text_of(const Segments& segments) {
  std::string text;
  for (const std::string& segment : segments) text += "/" + segment;
  return text;
}

Segments segments_of(const std::string& path) {
  Segments segments;
  for (const char c : path) {
    if (c == '/') {
      segments.emplace_back();
    } else {
      segments.back() += c;
    }
  }
  return segments;
}

/// The sentence of the language reference, word by word.
bool fits(const Segments& pattern, std::size_t at, const Segments& path, std::size_t from) {
  if (at == pattern.size()) return from == path.size();
  if (from == path.size()) return false;
  if (pattern[at] == "**") return true;  // stands last: one or more segments
  const bool open = pattern[at] == "*" || pattern[at] == "{c}";
  if (open ? path[from].empty() : pattern[at] != path[from]) return false;
  return fits(pattern, at + 1, path, from + 1);
}

Segments random_pattern(DenseChance& chance) {
  Segments pattern;
  for (std::size_t left = chance.below(4); left > 0; --left)
    pattern.push_back(chance.pick<std::string>({"a", "b", "*", "{c}"}));
  if (pattern.empty() || chance.one_in(3)) pattern.push_back(chance.one_in(2) ? "**" : "");
  return pattern;
}

Bits fitting(const std::vector<Segments>& patterns, const Segments& path) {
  Bits holds(patterns.size());
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    if (fits(patterns[i], 0, path, 0)) holds.set(i);
  }
  return holds;
}

struct Drawn {
  std::vector<Segments> patterns;
  std::vector<PathShape> shapes;
};

Drawn draw(DenseChance& chance, std::size_t most) {
  Drawn drawn;
  for (std::size_t left = chance.below(most + 1); left > 0; --left) {
    drawn.patterns.push_back(random_pattern(chance));
    drawn.shapes.push_back(path_shape(text_of(drawn.patterns.back())));
  }
  return drawn;
}

void expect_automaton(const PathAutomaton& automaton, const std::vector<Segments>& patterns,
                      const std::vector<Segments>& universe) {
  std::map<std::uint32_t, std::size_t> shortest;
  for (const Segments& path : universe) {
    const std::uint32_t atom = automaton.find(text_of(path));
    ASSERT_LT(atom, automaton.atoms().size());
    ASSERT_EQ(automaton.atoms()[atom].holds, fitting(patterns, path)) << text_of(path);
    shortest.try_emplace(atom, path.size());
  }
  // Patterns have three steps at most, so whatever can be matched is matched within four segments.
  ASSERT_EQ(shortest.size(), automaton.atoms().size());
  for (std::uint32_t i = 0; i < automaton.atoms().size(); ++i) {
    const PathAtom& atom = automaton.atoms()[i];
    ASSERT_EQ(atom.holds, fitting(patterns, segments_of(atom.example))) << atom.example;
    ASSERT_EQ(segments_of(atom.example).size(), shortest[i]) << atom.example;
    for (std::uint32_t j = 0; j < i; ++j) ASSERT_FALSE(atom.holds == automaton.atoms()[j].holds);
  }
}

TEST(AlgebraPathsProperty, EveryPathHasTheAtomOfThePatternsThatMatch) {
  std::vector<Segments> universe = all_paths();
  std::stable_sort(universe.begin(), universe.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
  DenseChance chance(5);
  for (int round = 0; round < 1'000; ++round) {
    const Drawn drawn = draw(chance, 6);
    const auto built = build_path_automaton(drawn.shapes);
    ASSERT_TRUE(std::holds_alternative<PathAutomaton>(built));
    expect_automaton(std::get<PathAutomaton>(built), drawn.patterns, universe);
    if (HasFatalFailure()) FAIL() << "round " << round;
  }
}

/// Which patterns fit a start of a path so far, and how many segments it has, as far as that matters.
using Residue = std::pair<std::vector<std::size_t>, std::size_t>;

Residue residue(const std::vector<PathShape>& shapes, const Segments& start) {
  Residue residue{{}, 0};
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const std::vector<PathStep>& steps = shapes[i].steps;
    bool fits = start.size() <= steps.size() || shapes[i].has_tail;
    for (std::size_t at = 0; fits && at < std::min(steps.size(), start.size()); ++at) {
      fits = steps[at].kind != PathStepKind::kLiteral || steps[at].text == start[at];
    }
    if (!fits) continue;
    residue.first.push_back(i);
    residue.second = std::max(residue.second, steps.size() + 1);
  }
  residue.second = std::min(residue.second, start.size());
  return residue;
}

TEST(AlgebraPathsProperty, StatesAreAsManyAsStartsThatDiffer) {
  std::vector<Segments> starts = {{}};
  for (std::size_t i = 0; i < starts.size() && starts[i].size() < 5; ++i) {
    for (const std::string segment : {"a", "b", "x"}) {
      starts.push_back(starts[i]);
      starts.back().push_back(segment);
    }
  }
  DenseChance chance(12);
  for (int round = 0; round < 200; ++round) {
    const Drawn drawn = draw(chance, 6);
    std::set<Residue> residues;
    for (std::size_t i = 1; i < starts.size(); ++i) residues.insert(residue(drawn.shapes, starts[i]));
    const auto built = build_path_automaton(drawn.shapes);
    ASSERT_EQ(std::get<PathAutomaton>(built).state_count(), residues.size() + 1) << "round " << round;
  }
}

TEST(AlgebraPathsProperty, TwoPatternsMeetWhereAPathFitsBoth) {
  const std::vector<Segments> universe = all_paths();
  DenseChance chance(6);
  for (int round = 0; round < 3'000; ++round) {
    const Segments a = random_pattern(chance);
    const Segments b = random_pattern(chance);
    const auto both = [&](const Segments& path) { return fits(a, 0, path, 0) && fits(b, 0, path, 0); };
    const auto common = common_path(path_shape(text_of(a)), path_shape(text_of(b)));
    ASSERT_EQ(common.has_value(), std::any_of(universe.begin(), universe.end(), both))
        << text_of(a) << " " << text_of(b);
    if (!common) continue;
    ASSERT_TRUE(both(segments_of(*common))) << text_of(a) << " " << text_of(b) << " " << *common;
  }
}

TEST(AlgebraPathsProperty, OnePatternMatchesWhatTheReferenceSays) {
  const std::vector<Segments> universe = all_paths();
  DenseChance chance(7);
  for (int round = 0; round < 200; ++round) {
    const Segments pattern = random_pattern(chance);
    for (const Segments& path : universe) {
      ASSERT_EQ(path_matches(path_shape(text_of(pattern)), text_of(path)), fits(pattern, 0, path, 0))
          << text_of(pattern) << " " << text_of(path);
    }
  }
}

TEST(AlgebraPathsProperty, ABudgetIsMetExactlyOrThePatternThatBreaksItIsNamed) {
  DenseChance chance(8);
  for (int round = 0; round < 300; ++round) {
    const Drawn drawn = draw(chance, 6);
    const std::span<const PathShape> shapes(drawn.shapes);
    const std::size_t needed = std::get<PathAutomaton>(build_path_automaton(shapes)).state_count();
    ASSERT_TRUE(std::holds_alternative<PathAutomaton>(build_path_automaton(shapes, {.states_max = needed})));
    if (shapes.empty()) continue;
    const PathBudget budget{.states_max = 1 + chance.below(needed - 1)};
    const auto built = build_path_automaton(shapes, budget);
    ASSERT_TRUE(std::holds_alternative<PathOverrun>(built));
    const PathOverrun overrun = std::get<PathOverrun>(built);
    ASSERT_LT(overrun.pattern, shapes.size());
    ASSERT_LE(overrun.partner, overrun.pattern);
    ASSERT_TRUE(std::holds_alternative<PathOverrun>(build_path_automaton(shapes.first(overrun.pattern + 1), budget)));
    if (overrun.pattern == 0) continue;
    ASSERT_TRUE(std::holds_alternative<PathAutomaton>(build_path_automaton(shapes.first(overrun.pattern), budget)));
  }
}

}  // namespace
}  // namespace ostiary::policy::algebra
