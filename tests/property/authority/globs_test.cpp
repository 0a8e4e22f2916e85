// Patterns walked together against patterns asked one by one, over every text of a small alphabet.
#include "authority/globs.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::authority {
namespace {

/// From the definition and nothing else: what each symbol may take, one after the other.
bool naive(std::string_view pattern, std::string_view text, bool is_glob) {
  if (pattern.empty()) return text.empty();
  if (is_glob && pattern[0] == '*') {
    return naive(pattern.substr(1), text, is_glob) || (!text.empty() && naive(pattern, text.substr(1), is_glob));
  }
  if (text.empty()) return false;
  return ((is_glob && pattern[0] == '?') || pattern[0] == text[0]) && naive(pattern.substr(1), text.substr(1), is_glob);
}

std::vector<std::string> texts_up_to(std::size_t length, std::string_view letters) {
  std::vector<std::string> texts{""};
  for (std::size_t first = 0; texts[first].size() < length; ++first) {
    for (const char letter : letters) texts.push_back(texts[first] + letter);
  }
  return texts;
}

struct Pattern {
  std::string text;
  bool is_glob;
};

std::vector<Pattern> draw_patterns(std::mt19937& random) {
  std::vector<Pattern> patterns(1 + random() % 4);
  for (Pattern& pattern : patterns) {
    pattern.is_glob = random() % 4 != 0;
    for (std::size_t left = random() % 4; left > 0; --left) pattern.text += "ab*?*"[random() % 5];
  }
  return patterns;
}

std::vector<bool> truth(const std::vector<Pattern>& patterns, std::string_view text) {
  std::vector<bool> row;
  for (const Pattern& pattern : patterns) row.push_back(naive(pattern.text, text, pattern.is_glob));
  return row;
}

TEST(GlobsProperty, ClassesAreThoseThatTextsHave) {
  std::mt19937 random(7);
  // c and d are letters that no pattern names; * and ? stand in literals.
  const std::vector<std::string> universe = texts_up_to(5, "abc*?");
  for (int round = 0; round < 400; ++round) {
    const std::vector<Pattern> patterns = draw_patterns(random);
    std::vector<Glob> globs;
    for (const Pattern& one : patterns) globs.push_back(one.is_glob ? pattern_glob(one.text) : literal_glob(one.text));
    std::uint64_t steps = 1'000'000;
    const auto classes = text_classes(globs, steps);
    ASSERT_TRUE(classes);
    std::set<std::vector<bool>> found;
    for (const std::string& text : *classes) {
      EXPECT_TRUE(found.insert(truth(patterns, text)).second) << "two of one class";
    }
    for (const std::string& text : universe) EXPECT_TRUE(found.contains(truth(patterns, text))) << text;
  }
}

TEST(GlobsProperty, MatchingIsTheDefinition) {
  std::mt19937 random(11);
  const std::vector<std::string> universe = texts_up_to(5, "abc");
  for (int round = 0; round < 400; ++round) {
    for (const Pattern& pattern : draw_patterns(random)) {
      const Glob glob = pattern.is_glob ? pattern_glob(pattern.text) : literal_glob(pattern.text);
      for (const std::string& text : universe) {
        ASSERT_EQ(matches(glob, text), naive(pattern.text, text, pattern.is_glob)) << pattern.text << " " << text;
      }
    }
  }
}

TEST(GlobsProperty, FoldingGlobsTakeBothCases) {
  Glob glob = literal_glob("aB");
  glob.folds = true;
  for (const char* text : {"ab", "AB", "Ab", "aB"}) EXPECT_TRUE(matches(glob, text));
  std::uint64_t steps = 10'000;
  const std::vector<Glob> globs{glob, literal_glob("AB")};
  const auto classes = text_classes(globs, steps);
  ASSERT_TRUE(classes);
  EXPECT_EQ(classes->size(), 3U) << "AB, another case of it, anything else";
  for (const char* letter : {"b", "B"}) {
    Glob one = literal_glob(letter);
    one.folds = true;
    const std::vector<Glob> both{one, literal_glob(letter)};
    EXPECT_EQ(text_classes(both, steps)->size(), 3U) << letter;
  }
}

TEST(GlobsProperty, TheEmptyTextStandsOnlyForItself) {
  std::uint64_t steps = 10'000;
  const std::vector<Glob> any{pattern_glob("*")};
  EXPECT_EQ(text_classes(any, steps), std::vector<std::string>{"x"});
  const std::vector<Glob> some{pattern_glob("?*")};
  EXPECT_EQ(text_classes(some, steps)->size(), 2U);
}

TEST(GlobsProperty, TheBudgetEndsTheWalk) {
  std::vector<Glob> globs;
  for (char c = 'a'; c <= 'z'; ++c) globs.push_back(pattern_glob("*" + std::string(1, c) + "*"));
  std::uint64_t steps = 100'000;
  EXPECT_FALSE(text_classes(globs, steps));
}

}  // namespace
}  // namespace ostiary::authority
