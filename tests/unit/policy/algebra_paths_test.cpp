#include "policy/algebra/overlap.hpp"
#include "policy/algebra/path_automaton.hpp"
#include "policy/algebra/paths.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ostiary::policy::algebra {
namespace {

using testing::ElementsAre;

std::vector<PathShape> shapes(const std::vector<std::string_view>& patterns) {
  std::vector<PathShape> shapes;
  for (const std::string_view pattern : patterns) shapes.push_back(path_shape(pattern));
  return shapes;
}

PathAutomaton automaton(const std::vector<std::string_view>& patterns) {
  auto built = build_path_automaton(shapes(patterns));
  EXPECT_TRUE(std::holds_alternative<PathAutomaton>(built));
  return std::get<PathAutomaton>(std::move(built));
}

/// "example:patterns" of every atom, the shortest first.
std::vector<std::string> shown(const std::vector<std::string_view>& patterns) {
  std::vector<std::string> atoms;
  const PathAutomaton built = automaton(patterns);
  for (const PathAtom& atom : built.atoms()) {
    std::string text = atom.example + ":";
    for (std::size_t i = 0; i < atom.holds.size(); ++i) text += atom.holds.test(i) ? std::to_string(i) : "";
    atoms.push_back(text);
  }
  return atoms;
}

TEST(AlgebraPaths, PatternsComeApart) {
  const PathShape shape = path_shape("/users/{id}/*/**");
  ASSERT_EQ(shape.steps.size(), 3U);
  EXPECT_EQ(shape.steps[0], (PathStep{PathStepKind::kLiteral, "users"}));
  EXPECT_EQ(shape.steps[1], (PathStep{PathStepKind::kClaim, "id"}));
  EXPECT_EQ(shape.steps[2], (PathStep{PathStepKind::kAny}));
  EXPECT_TRUE(shape.has_tail);
  EXPECT_EQ(path_shape("/"), (PathShape{{{PathStepKind::kLiteral, ""}}, false}));
  EXPECT_EQ(path_shape("/**"), (PathShape{{}, true}));
  EXPECT_EQ(path_shape("/a/"), (PathShape{{{PathStepKind::kLiteral, "a"}, {PathStepKind::kLiteral, ""}}, false}));
}

TEST(AlgebraPaths, MatchingIsThatOfTheLanguage) {
  EXPECT_TRUE(path_matches(path_shape("/files/**"), "/files/"));
  EXPECT_TRUE(path_matches(path_shape("/files/**"), "/files/a/b"));
  EXPECT_FALSE(path_matches(path_shape("/files/**"), "/files"));
  EXPECT_TRUE(path_matches(path_shape("/**"), "/"));
  EXPECT_FALSE(path_matches(path_shape("/*"), "/"));
  EXPECT_FALSE(path_matches(path_shape("/*"), "/a/"));
  EXPECT_TRUE(path_matches(path_shape("/{id}"), "/a"));
  EXPECT_FALSE(path_matches(path_shape("/a"), "/a/"));
  EXPECT_TRUE(path_matches(path_shape("/a/"), "/a/"));
}

TEST(AlgebraPaths, AtomsHaveTheShortestExample) {
  EXPECT_THAT(shown({"/a", "/*", "/a/**"}), ElementsAre("/a:01", "/x:1", "/:", "/a/x:2"));
  EXPECT_THAT(shown({"/files/**", "/files/", "/files/*"}),
              ElementsAre("/files:", "/files/x:02", "/files/:01", "/files/x/x:0"));
}

TEST(AlgebraPaths, NoPatternsAreOneAtom) { EXPECT_THAT(shown({}), ElementsAre("/x:")); }

TEST(AlgebraPaths, ATailForEveryPathLeavesNoOther) { EXPECT_THAT(shown({"/**"}), ElementsAre("/x:0")); }

TEST(AlgebraPaths, FreshSegmentsAreNoLiterals) {
  EXPECT_THAT(shown({"/x", "/x1"}), ElementsAre("/x:0", "/x1:1", "/x2:"));
}

TEST(AlgebraPaths, ALiteralEmptySegmentInsideMatchesNothing) {
  const PathShape inside{{{PathStepKind::kLiteral, ""}, {PathStepKind::kLiteral, "a"}}, false};
  const PathShape before_tail{{{PathStepKind::kLiteral, ""}}, true};
  const std::vector<PathShape> patterns = {inside, before_tail};
  const auto built = build_path_automaton(patterns);
  const PathAutomaton& paths = std::get<PathAutomaton>(built);
  EXPECT_EQ(paths.atoms().size(), 1U);
  EXPECT_EQ(common_path(inside, inside), std::nullopt);
  EXPECT_EQ(common_path(before_tail, before_tail), std::nullopt);
}

TEST(AlgebraPaths, APatternWithoutSegmentsMatchesNothing) {
  const PathShape nothing;
  EXPECT_FALSE(path_matches(nothing, ""));
  EXPECT_EQ(common_path(nothing, nothing), std::nullopt);
  const auto built = build_path_automaton(std::span(&nothing, 1));
  const PathAutomaton& paths = std::get<PathAutomaton>(built);
  EXPECT_EQ(paths.atoms().size(), 1U);
  EXPECT_TRUE(paths.atoms()[0].holds.none());
}

TEST(AlgebraPaths, RestLikePatternsNeedFewStates) {
  std::vector<std::string> texts;
  for (int i = 0; i < 100; ++i) texts.push_back("/v1/resource" + std::to_string(i) + "/{id}/items/*");
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  EXPECT_LT(automaton(views).state_count(), 500U);
}

/// `count` patterns of as many segments, of which the i-th pins the i-th segment and leaves the others open.
std::vector<PathShape> pinning(std::size_t count) {
  std::vector<PathShape> patterns;
  for (std::size_t i = 0; i < count; ++i) {
    PathShape shape{std::vector<PathStep>(count, {PathStepKind::kAny}), false};
    shape.steps[i] = {PathStepKind::kLiteral, "a"};
    patterns.push_back(shape);
  }
  return patterns;
}

TEST(AlgebraPaths, AnOverrunIsReportedAndNeverAnswered) {
  // After each segment the patterns that pinned it are alive or not: 1 + 2 + 4 + ... + 1,024 states.
  const std::vector<PathShape> patterns = pinning(10);
  const auto enough = build_path_automaton(patterns, {.states_max = 2'047});
  EXPECT_TRUE(std::holds_alternative<PathAutomaton>(enough));
  EXPECT_EQ(std::get<PathAutomaton>(enough).state_count(), 2'047U);
  const auto short_of = build_path_automaton(patterns, {.states_max = 2'046});
  ASSERT_TRUE(std::holds_alternative<PathOverrun>(short_of));
  EXPECT_EQ(std::get<PathOverrun>(short_of).pattern, 9U);
  EXPECT_LT(std::get<PathOverrun>(short_of).partner, 9U);
}

TEST(AlgebraPaths, AnOverrunNamesThePatternsThatMultiply) {
  std::vector<PathShape> patterns = shapes({"/v1/a", "/v1/b", "/*/c/d/e/f", "/v1/c"});
  patterns.push_back(path_shape("/a/*/*/*/f"));
  patterns.push_back(path_shape("/v1/d"));
  std::size_t before = 0;
  std::size_t with = 0;
  before = std::get<PathAutomaton>(build_path_automaton(std::span(patterns).first(4))).state_count();
  with = std::get<PathAutomaton>(build_path_automaton(std::span(patterns).first(5))).state_count();
  ASSERT_GT(with, before);
  const auto overrun = build_path_automaton(patterns, {.states_max = with - 1});
  ASSERT_TRUE(std::holds_alternative<PathOverrun>(overrun));
  EXPECT_EQ(std::get<PathOverrun>(overrun).pattern, 4U);
  EXPECT_EQ(std::get<PathOverrun>(overrun).partner, 2U);
}

TEST(AlgebraPaths, APatternThatOverrunsAloneIsItsOwnPartner) {
  const auto built = build_path_automaton(shapes({"/a/b/c"}), {.states_max = 3});
  ASSERT_TRUE(std::holds_alternative<PathOverrun>(built));
  EXPECT_EQ(std::get<PathOverrun>(built).pattern, 0U);
  EXPECT_EQ(std::get<PathOverrun>(built).partner, 0U);
}

TEST(AlgebraPaths, TheBudgetAlsoBoundsPatternsAlive) {
  EXPECT_TRUE(std::holds_alternative<PathOverrun>(build_path_automaton(pinning(8), {.entries_max = 100})));
}

RequestPattern request(std::uint32_t methods, std::string host, std::string_view path) {
  return {methods, std::move(host), path_shape(path)};
}

TEST(AlgebraOverlap, NeedsMethodHostAndPathInCommon) {
  const auto common = overlap(request(3, "api.example", "/a/*/c"), request(6, "*.example", "/*/b/**"));
  ASSERT_TRUE(common.has_value());
  EXPECT_EQ(common->methods, 2U);
  EXPECT_EQ(common->host, "api.example");
  EXPECT_EQ(common->path, "/a/b/c");
  EXPECT_FALSE(overlap(request(1, "h", "/a"), request(2, "h", "/a")).has_value());
  EXPECT_FALSE(overlap(request(1, "h", "/a"), request(1, "g", "/a")).has_value());
  EXPECT_FALSE(overlap(request(1, "h", "/a"), request(1, "h", "/b")).has_value());
}

TEST(AlgebraOverlap, CommonPaths) {
  const auto common = [](std::string_view a, std::string_view b) {
    return common_path(path_shape(a), path_shape(b)).value_or("none");
  };
  EXPECT_EQ(common("/a/*", "/*/b"), "/a/b");
  EXPECT_EQ(common("/a/*", "/{id}/*"), "/a/x");
  EXPECT_EQ(common("/a/*", "/a/"), "none");
  EXPECT_EQ(common("/a/**", "/a/"), "/a/");
  EXPECT_EQ(common("/a/**", "/a"), "none");
  EXPECT_EQ(common("/**", "/a/**"), "/a/x");
  EXPECT_EQ(common("/a/b", "/a/*/**"), "none");
  EXPECT_EQ(common("/a", "/a/b"), "none");
}

}  // namespace
}  // namespace ostiary::policy::algebra
