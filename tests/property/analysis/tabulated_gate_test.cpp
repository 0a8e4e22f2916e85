// The tables are held to the naive evaluator, and what it says about access to its own Decisions.
#include "property/analysis/tabulated_gate.hpp"

#include "property/analysis/pair_maker.hpp"
#include "property/policy/naive_evaluator.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <set>
#include <string>

namespace ostiary::test {
namespace {

using nlohmann::json;

void expect_same(const TabulatedGate& gate, const NaiveRequest& request, const std::optional<json>& claims,
                 const TabulatedAccess& tabulated) {
  const NaiveAccess access = naive_access(gate.source(), request, claims);
  ASSERT_EQ(tabulated.rules_allow, access.rules_allow);
  ASSERT_EQ(tabulated.allowed(), access.allowed());
  if (!access.rules_allow) return;
  std::uint32_t roles = 0;
  for (const json* role : access.roles) roles |= 1U << (role - &gate.source()["roles"][0]);
  ASSERT_EQ(tabulated.roles, roles);
}

TEST(TabulatedGate, SaysOfEveryPointWhatTheNaiveEvaluatorSays) {
  std::size_t allowed = 0;
  std::size_t refused_tokens = 0;
  std::size_t with_role = 0;
  constexpr std::size_t kPoints = 6000;
  for (unsigned seed = 0; seed < kPoints / 20; ++seed) {
    Chance chance(seed);
    PairMaker maker(chance, 4000);
    const TabulatedGate gate(chance.one_in(2) ? maker.gate() : maker.changed(maker.gate()), maker.universe());
    const NaiveEvaluator evaluator(gate.source());
    for (int i = 0; i < 20; ++i) {
      const Point point = maker.universe().random_point(chance);
      const NaiveRequest request = maker.universe().request(point);
      const std::optional<json> claims = maker.universe().claims(point);
      const TabulatedAccess access = gate.access(point);
      expect_same(gate, request, claims, access);
      if (claims && !naive_token_taken(gate.source(), *claims, request.now)) {
        ++refused_tokens;
        ASSERT_FALSE(access.rules_allow);
      } else {
        ASSERT_EQ(evaluator.decide(request, claims).reason == "ALLOWED", access.allowed());
      }
      if (HasFatalFailure()) FAIL() << "seed " << seed << "\n" << gate.source().dump(1);
      allowed += access.allowed() ? 1U : 0U;
      with_role += access.allowed() && access.roles != 0 ? 1U : 0U;
    }
  }
  EXPECT_GT(allowed, kPoints / 20);
  EXPECT_GT(refused_tokens, kPoints / 50);
  EXPECT_GT(with_role, kPoints / 200);
}

TEST(TabulatedGate, PairsDifferAsTheNaiveEvaluatorSays) {
  std::size_t outside = 0;
  std::size_t covered = 0;
  constexpr std::size_t kPoints = 6000;
  for (unsigned seed = 0; seed < kPoints / 20; ++seed) {
    Chance chance(seed);
    PairMaker maker(chance, 4000);
    const json first = maker.gate();
    const TabulatedPair pair(first, maker.changed(first), maker.universe());
    for (int i = 0; i < 20; ++i) {
      const Point point = maker.universe().random_point(chance);
      const NaiveRequest request = maker.universe().request(point);
      const std::optional<json> claims = maker.universe().claims(point);
      const NaiveAccess access = naive_access(pair.gate().source(), request, claims);
      const bool expected = naive_outside(access, naive_access(pair.boundary().source(), request, claims));
      ASSERT_EQ(pair.outside(point), expected) << "seed " << seed;
      outside += expected ? 1U : 0U;
      covered += access.allowed() && !access.roles.empty() && !expected ? 1U : 0U;
    }
  }
  EXPECT_GT(outside, kPoints / 200);
  EXPECT_GT(covered, kPoints / 400);
}

TEST(TabulatedGate, TheUniverseIsVisitedWhole) {
  const PairUniverse universe({Axis::kMethod, Axis::kScope, Axis::kIssuer}, false);
  std::set<std::pair<std::string, std::string>> seen;
  universe.for_each([&](const Point& point) {
    const auto claims = universe.claims(point);
    seen.emplace(universe.request(point).method, claims ? claims->dump() : "");
    return true;
  });
  EXPECT_EQ(seen.size(), 3U * (1 + 2 * 8));
  EXPECT_EQ(universe.size(), seen.size());
}

}  // namespace
}  // namespace ostiary::test
