// Diagrams and set claims against every assignment of a few variables and every subset of a few values.
#include "policy/algebra/diagram.hpp"
#include "policy/algebra/set_claims.hpp"
#include "property/policy/chance.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string>
#include <vector>

namespace ostiary::policy::algebra {
namespace {

/// A function of five variables as a table: bit i is its value where the variables are the bits of i.
using Table = std::uint32_t;
constexpr unsigned kVariables = 5;

Table table_of_variable(unsigned variable) {
  Table table = 0;
  for (unsigned i = 0; i < 32; ++i) table |= (i >> variable & 1U) << i;
  return table;
}

struct Function {
  Diagram::Node node = Diagram::kFalse;
  Table table = 0;
};

/// Every function that a few random steps make of the variables.
std::vector<Function> random_functions(DenseChance& chance, Diagram& diagram) {
  std::vector<Function> functions = {{Diagram::kFalse, 0}, {Diagram::kTrue, ~Table{0}}};
  for (unsigned i = 0; i < kVariables; ++i) functions.push_back({diagram.variable(i), table_of_variable(i)});
  for (int step = 0; step < 24; ++step) {
    const Function a = chance.pick(functions);
    const Function b = chance.pick(functions);
    const Function c = chance.pick(functions);
    switch (chance.below(4)) {
      case 0: functions.push_back({diagram.negate(a.node), ~a.table}); break;
      case 1: functions.push_back({diagram.both(a.node, b.node), a.table & b.table}); break;
      case 2: functions.push_back({diagram.either(a.node, b.node), a.table | b.table}); break;
      default:
        functions.push_back({diagram.choose(a.node, b.node, c.node), (a.table & b.table) | (~a.table & c.table)});
    }
  }
  return functions;
}

/// The fewest bits of a place at which the table is 1, or -1.
int fewest_bits(Table table) {
  int fewest = -1;
  for (unsigned i = 0; i < 32; ++i) {
    if ((table >> i & 1U) != 0 && (fewest < 0 || std::popcount(i) < fewest)) fewest = std::popcount(i);
  }
  return fewest;
}

void expect_solved(const Diagram& diagram, const Function& function) {
  const Assignment assignment = diagram.fewest_true(function.node);
  const int fewest = fewest_bits(function.table);
  ASSERT_EQ(assignment.verdict, fewest < 0 ? Verdict::kNone : Verdict::kFound);
  if (fewest < 0) return;
  unsigned place = 0;
  for (const std::uint32_t variable : assignment.variables) place |= 1U << variable;
  ASSERT_EQ(function.table >> place & 1U, 1U);
  ASSERT_EQ(std::popcount(place), fewest);
}

TEST(AlgebraDiagramProperty, NodesAreFunctions) {
  DenseChance chance(9);
  for (int round = 0; round < 300; ++round) {
    Diagram diagram;
    const std::vector<Function> functions = random_functions(chance, diagram);
    for (const Function& a : functions) {
      expect_solved(diagram, a);
      for (const Function& b : functions) ASSERT_EQ(a.node == b.node, a.table == b.table);
      if (HasFatalFailure()) FAIL() << "round " << round;
    }
  }
}

TEST(AlgebraDiagramProperty, ABudgetMakesAnswersUnknownAndNeverWrong) {
  DenseChance chance(10);
  std::size_t unknown = 0;
  std::size_t known = 0;
  for (int round = 0; round < 1'000; ++round) {
    Diagram diagram({.nodes_max = 2 + chance.below(30), .steps_max = chance.below(60)});
    for (const Function& function : random_functions(chance, diagram)) {
      const bool overran = function.node == Diagram::kOverrun;
      (overran ? unknown : known) += 1;
      if (!overran) expect_solved(diagram, function);
      if (HasFatalFailure()) FAIL() << "round " << round;
    }
  }
  EXPECT_GT(unknown, 1'000U);
  EXPECT_GT(known, 1'000U);
}

const std::vector<std::string> kValues = {"a", "b", "c", "d"};

/// Every value of a claim within its declaration: no set, or a subset of the four.
std::vector<SetPoint> all_points(const SetClaim& claim) {
  std::vector<SetPoint> points;
  if (claim.may_be_absent) points.push_back({SetState::kAbsent});
  if (claim.may_be_other_kind) points.push_back({SetState::kOtherKind});
  for (unsigned subset = 0; subset < 16; ++subset) {
    points.push_back({SetState::kSet});
    for (std::size_t i = 0; i < kValues.size(); ++i) {
      if ((subset >> i & 1U) != 0) points.back().values.push_back(kValues[i]);
    }
  }
  return points;
}

bool holds(const SetPredicate& predicate, const std::vector<SetPoint>& claims) {
  const SetPoint& point = claims[predicate.claim];
  const auto in_set = [&](const std::string& value) {
    return std::find(point.values.begin(), point.values.end(), value) != point.values.end();
  };
  std::size_t held = 0;
  for (const std::string& value : predicate.values) held += in_set(value) ? 1U : 0U;
  const bool is_set = point.state == SetState::kSet;
  bool result = false;
  if (predicate.test == SetTest::kHasAny) result = is_set && held > 0;
  if (predicate.test == SetTest::kHasAll) result = is_set && held == predicate.values.size();
  if (predicate.test == SetTest::kNoneOf) result = is_set && held == 0;
  if (predicate.test == SetTest::kPresent) result = point.state != SetState::kAbsent;
  if (predicate.test == SetTest::kAbsent) result = point.state == SetState::kAbsent;
  return result != predicate.negated;
}

std::vector<SetPredicate> random_predicates(DenseChance& chance) {
  std::vector<SetPredicate> predicates(chance.below(7));
  for (SetPredicate& predicate : predicates) {
    predicate = {chance.below(2), static_cast<SetTest>(chance.below(chance.one_in(4) ? 5 : 3)), {}, chance.one_in(2)};
    if (predicate.test <= SetTest::kNoneOf) predicate.values = chance.some(kValues, 3);
  }
  return predicates;
}

std::size_t size_of(const std::vector<SetPoint>& claims) { return claims[0].values.size() + claims[1].values.size(); }

/// The fewest values with which all predicates hold, or -1.
int fewest_values(const std::vector<SetClaim>& claims, const std::vector<SetPredicate>& predicates) {
  int fewest = -1;
  for (const SetPoint& first : all_points(claims[0])) {
    for (const SetPoint& second : all_points(claims[1])) {
      const std::vector<SetPoint> point = {first, second};
      const auto size = static_cast<int>(size_of(point));
      if (fewest >= 0 && size >= fewest) continue;
      const bool all =
          std::all_of(predicates.begin(), predicates.end(), [&](const auto& p) { return holds(p, point); });
      if (all) fewest = size;
    }
  }
  return fewest;
}

TEST(AlgebraSetClaimsProperty, AWitnessIsFoundWhereverASubsetSatisfies) {
  DenseChance chance(11);
  std::size_t unknown = 0;
  for (int round = 0; round < 2'000; ++round) {
    const std::vector<SetClaim> claims = {{"one", chance.one_in(2), chance.one_in(2)},
                                          {"two", chance.one_in(2), chance.one_in(2)}};
    const std::vector<SetPredicate> predicates = random_predicates(chance);
    const int fewest = fewest_values(claims, predicates);
    const SetWitness witness = satisfy(claims, predicates);
    ASSERT_EQ(witness.verdict, fewest < 0 ? Verdict::kNone : Verdict::kFound) << "round " << round;
    const SetWitness hurried = satisfy(claims, predicates, {.nodes_max = 2 + chance.below(40)});
    ASSERT_TRUE(hurried.verdict == witness.verdict || hurried.verdict == Verdict::kUnknown) << "round " << round;
    unknown += hurried.verdict == Verdict::kUnknown ? 1U : 0U;
    if (fewest < 0) continue;
    for (const SetPredicate& predicate : predicates) ASSERT_TRUE(holds(predicate, witness.claims)) << "round " << round;
    for (std::size_t i = 0; i < 2; ++i) {
      const std::vector<SetPoint> points = all_points(claims[i]);
      ASSERT_NE(std::find(points.begin(), points.end(), witness.claims[i]), points.end()) << "round " << round;
    }
    ASSERT_EQ(static_cast<int>(size_of(witness.claims)), fewest) << "round " << round;
  }
  EXPECT_GT(unknown, 100U);
}

}  // namespace
}  // namespace ostiary::policy::algebra
