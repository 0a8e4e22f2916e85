#include "policy/algebra/diagram.hpp"
#include "policy/algebra/set_claims.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ostiary::policy::algebra {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(AlgebraDiagram, TheSameFunctionIsTheSameNode) {
  Diagram d;
  const Diagram::Node a = d.variable(0);
  const Diagram::Node b = d.variable(1);
  EXPECT_EQ(d.negate(d.both(a, b)), d.either(d.negate(a), d.negate(b)));
  EXPECT_EQ(d.either(a, d.negate(a)), Diagram::kTrue);
  EXPECT_EQ(d.both(a, d.negate(a)), Diagram::kFalse);
  EXPECT_EQ(d.choose(a, b, b), b);
  EXPECT_NE(a, b);
}

TEST(AlgebraDiagram, FewestTrue) {
  Diagram d;
  const Diagram::Node long_way = d.both(d.variable(0), d.both(d.variable(1), d.variable(2)));
  const Assignment one = d.fewest_true(d.either(long_way, d.both(d.variable(3), d.negate(d.variable(0)))));
  EXPECT_EQ(one.verdict, Verdict::kFound);
  EXPECT_THAT(one.variables, ElementsAre(3));
  EXPECT_THAT(d.fewest_true(long_way).variables, ElementsAre(0, 1, 2));
  EXPECT_EQ(d.fewest_true(Diagram::kFalse).verdict, Verdict::kNone);
  EXPECT_EQ(d.fewest_true(Diagram::kTrue).verdict, Verdict::kFound);
  EXPECT_THAT(d.fewest_true(Diagram::kTrue).variables, IsEmpty());
}

TEST(AlgebraDiagram, AnOverrunIsUnknownAndStaysSo) {
  Diagram d({.nodes_max = 4});
  const Diagram::Node a = d.variable(0);
  const Diagram::Node b = d.variable(1);
  const Diagram::Node over = d.variable(2);
  EXPECT_EQ(over, Diagram::kOverrun);
  EXPECT_EQ(d.both(a, over), Diagram::kOverrun);
  EXPECT_EQ(d.both(Diagram::kFalse, over), Diagram::kOverrun);
  EXPECT_EQ(d.negate(over), Diagram::kOverrun);
  EXPECT_EQ(d.fewest_true(over).verdict, Verdict::kUnknown);
  EXPECT_EQ(d.both(a, b), Diagram::kOverrun);
  EXPECT_EQ(d.fewest_true(a).verdict, Verdict::kFound);
}

TEST(AlgebraDiagram, StepsAndVariablesHaveBudgetsToo) {
  Diagram few_steps({.steps_max = 0});
  EXPECT_EQ(few_steps.both(few_steps.variable(0), few_steps.variable(1)), Diagram::kOverrun);
  Diagram few_variables({.variables_max = 2});
  EXPECT_NE(few_variables.variable(1), Diagram::kOverrun);
  EXPECT_EQ(few_variables.variable(2), Diagram::kOverrun);
}

SetWitness satisfied(const std::vector<SetPredicate>& predicates, SetClaim claim = {"groups"}) {
  return satisfy({std::move(claim)}, predicates);
}

SetPredicate test(SetTest kind, std::vector<std::string> values = {}, bool negated = false) {
  return {0, kind, std::move(values), negated};
}

SetPoint set_of(std::vector<std::string> values) { return {SetState::kSet, std::move(values)}; }

TEST(AlgebraSetClaims, WitnessesAreSmall) {
  EXPECT_THAT(satisfied({}).claims, ElementsAre(SetPoint{}));
  EXPECT_THAT(satisfied({test(SetTest::kHasAny, {"a", "b"})}).claims.at(0).values.size(), 1U);
  EXPECT_THAT(satisfied({test(SetTest::kHasAll, {"b", "a"})}).claims, ElementsAre(set_of({"a", "b"})));
  EXPECT_THAT(satisfied({test(SetTest::kHasAny, {"a", "b"}), test(SetTest::kHasAny, {"b", "c"})}).claims,
              ElementsAre(set_of({"b"})));
  EXPECT_THAT(satisfied({test(SetTest::kNoneOf, {"a"})}).claims, ElementsAre(set_of({})));
}

TEST(AlgebraSetClaims, ContradictionsHaveNone) {
  EXPECT_EQ(satisfied({test(SetTest::kHasAny, {"a"}), test(SetTest::kNoneOf, {"a", "b"})}).verdict, Verdict::kNone);
  EXPECT_EQ(satisfied({test(SetTest::kHasAll, {"a", "b"}), test(SetTest::kHasAny, {"b"}, true)}).verdict,
            Verdict::kNone);
  EXPECT_EQ(satisfied({test(SetTest::kHasAny, {})}).verdict, Verdict::kNone);
  EXPECT_EQ(satisfied({test(SetTest::kPresent), test(SetTest::kAbsent)}).verdict, Verdict::kNone);
}

TEST(AlgebraSetClaims, WhatIsNoSetSatisfiesNegationsOnly) {
  EXPECT_THAT(satisfied({test(SetTest::kNoneOf, {"a"}, true), test(SetTest::kHasAny, {"a"}, true)}).claims,
              ElementsAre(SetPoint{SetState::kAbsent}));
  EXPECT_THAT(satisfied({test(SetTest::kHasAll, {}, true), test(SetTest::kPresent)}).claims,
              ElementsAre(SetPoint{SetState::kOtherKind}));
  EXPECT_EQ(satisfied({test(SetTest::kHasAll, {}, true), test(SetTest::kPresent)}, {"groups", true, false}).verdict,
            Verdict::kNone);
}

TEST(AlgebraSetClaims, AClaimThatIsAlwaysASetIsOneInTheWitness) {
  EXPECT_THAT(satisfied({}, {"scopes", false, false}).claims, ElementsAre(set_of({})));
  EXPECT_EQ(satisfied({test(SetTest::kAbsent)}, {"scopes", false, false}).verdict, Verdict::kNone);
}

TEST(AlgebraSetClaims, EqualValuesOfTwoClaimsAreTwoThings) {
  const std::vector<SetPredicate> predicates = {{0, SetTest::kHasAny, {"a"}}, {1, SetTest::kNoneOf, {"a"}}};
  EXPECT_THAT(satisfy({{"groups"}, {"roles"}}, predicates).claims, ElementsAre(set_of({"a"}), set_of({})));
}

TEST(AlgebraSetClaims, WhatTheBudgetDoesNotSettleIsUnknown) {
  // Thirteen values of which twelve lists say that each has one of its pairs: more than 40 nodes whatever the answer.
  std::vector<SetPredicate> predicates;
  for (int i = 0; i < 12; ++i) {
    predicates.push_back(test(SetTest::kHasAny, {"l" + std::to_string(i), "r" + std::to_string(11 - i)}));
  }
  EXPECT_EQ(satisfy({{"groups"}}, predicates, {.nodes_max = 40}).verdict, Verdict::kUnknown);
  EXPECT_EQ(satisfy({{"groups"}}, predicates).verdict, Verdict::kFound);
}

TEST(AlgebraSetClaims, ALongListTakesAStepForEachValue) {
  std::vector<std::string> values;
  for (int i = 0; i < 1'000; ++i) values.push_back("group" + std::to_string(i));
  const std::vector<SetPredicate> predicates = {test(SetTest::kHasAny, values), test(SetTest::kHasAll, values)};
  EXPECT_EQ(satisfy({{"groups"}}, predicates, {.steps_max = 4'000}).verdict, Verdict::kFound);
}

TEST(AlgebraSetClaims, FormulasOfRulesAreSettledAsAWhole) {
  // One of two allows and no deny: the witness must take the second allow, because the first trips the deny.
  SetClaims sets({{"groups"}});
  Diagram& d = sets.diagram();
  const auto allow = d.either(sets.node_of(test(SetTest::kHasAny, {"staff"})),
                              sets.node_of(test(SetTest::kHasAll, {"admin", "oncall"})));
  const auto deny = sets.node_of(test(SetTest::kHasAny, {"staff", "blocked"}));
  EXPECT_THAT(sets.witness(d.both(allow, d.negate(deny))).claims, ElementsAre(set_of({"admin", "oncall"})));
}

}  // namespace
}  // namespace ostiary::policy::algebra
