#include "policy/algebra/texts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ostiary::policy::algebra {
namespace {

using testing::UnorderedElementsAre;

/// "text:predicates" of every atom; "-" for absent, "?" for another kind.
std::vector<std::string> shown(const std::vector<TextPredicate>& predicates, TextUniverse universe = {}) {
  std::vector<std::string> atoms;
  const TextPartition partition(predicates, universe);
  for (const TextAtom& atom : partition.atoms()) {
    std::string text = atom.example.state == TextState::kAbsent      ? "-"
                       : atom.example.state == TextState::kOtherKind ? "?"
                                                                     : atom.example.text;
    text += ':';
    for (std::size_t i = 0; i < atom.holds.size(); ++i) text += atom.holds.test(i) ? std::to_string(i) : "";
    atoms.push_back(text);
  }
  return atoms;
}

TEST(AlgebraTexts, ALiteralAndEveryOtherText) {
  EXPECT_THAT(shown({{TextTest::kEqualsAny, {"gold", "silver"}}, {TextTest::kEqualsAny, {"gold"}}}),
              UnorderedElementsAre("gold:01", "silver:0", "other:"));
}

TEST(AlgebraTexts, PresentTellsAbsentFromTheRest) {
  EXPECT_THAT(shown({{TextTest::kPresent}, {TextTest::kAbsent}}), UnorderedElementsAre("other:0", "-:1"));
  EXPECT_THAT(shown({{TextTest::kPresent}}, {.may_be_absent = false}), UnorderedElementsAre("other:0"));
}

TEST(AlgebraTexts, ANegationHoldsWhereTheTestIsAbsent) {
  EXPECT_THAT(shown({{TextTest::kEqualsAny, {"a"}, true}}), UnorderedElementsAre("a:", "other:0"));
}

TEST(AlgebraTexts, APrefixReachesDownToTheNextLongerOne) {
  EXPECT_THAT(shown({{TextTest::kHasAnyPrefix, {"dev-"}}, {TextTest::kHasAnyPrefix, {"dev-eu-"}}}),
              UnorderedElementsAre("dev-other:0", "dev-eu-other:01", "other:"));
}

TEST(AlgebraTexts, TheEmptyPrefixIsEveryTextButNotAnotherKind) {
  EXPECT_THAT(shown({{TextTest::kHasAnyPrefix, {""}}, {TextTest::kPresent}}),
              UnorderedElementsAre("other:01", "?:1", "-:"));
  EXPECT_THAT(shown({{TextTest::kHasAnyPrefix, {""}}, {TextTest::kPresent}}, {true, false}),
              UnorderedElementsAre("other:01", "-:"));
}

TEST(AlgebraTexts, AFreshTextCollidesWithNothing) {
  EXPECT_THAT(shown({{TextTest::kEqualsAny, {"other"}}, {TextTest::kHasAnyPrefix, {"ano"}}}),
              UnorderedElementsAre("other:0", "anoother:1", "example:"));
  EXPECT_THAT(shown({{TextTest::kEqualsAny, {"other", "another", "example", ""}}}), UnorderedElementsAre(":0", "x:"));
}

TEST(AlgebraTexts, WhereWordsFailAnyTextOfTheRegionDoes) {
  // Every first letter but x and the empty text are taken; x alone is taken as a literal, xx as a prefix.
  std::vector<TextPredicate> predicates(3);
  predicates[0] = {TextTest::kHasAnyPrefix, {}};
  for (int byte = 0; byte < 256; ++byte) {
    if (byte != 'x') predicates[0].values.emplace_back(1, static_cast<char>(byte));
  }
  predicates[1] = {TextTest::kEqualsAny, {"", "x"}};
  predicates[2] = {TextTest::kHasAnyPrefix, {"xx"}};
  EXPECT_THAT(shown(predicates), UnorderedElementsAre(":1", "xxother:2", testing::HasSubstr("other:0"), "xy:"));
}

TEST(AlgebraTexts, ARegionThatIsTakenWholeHasNoAtom) {
  std::vector<TextPredicate> predicates = {{TextTest::kHasAnyPrefix, {}}, {TextTest::kEqualsAny, {""}}};
  for (int byte = 0; byte < 256; ++byte) predicates[0].values.emplace_back(1, static_cast<char>(byte));
  EXPECT_THAT(shown(predicates, {false, false}), UnorderedElementsAre(std::string("\0other:0", 8), ":1"));
}

}  // namespace
}  // namespace ostiary::policy::algebra
