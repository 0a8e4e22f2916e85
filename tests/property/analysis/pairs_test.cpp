// What is proved about two Gates, against every request of a small universe: no wrong proof, no false counterexample.
#include "property/analysis/case.hpp"
#include "property/analysis/pair_maker.hpp"
#include "property/analysis/tabulated_gate.hpp"

#include <ostiary/policy/analysis.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

namespace ostiary {
namespace {

using nlohmann::json;
using test::Chance;

/// How many pairs are compared: OSTIARY_PROPERTY_GATE_PAIRS, or the default; from the seed OSTIARY_PROPERTY_SEED on.
std::size_t number_from(const char* variable, std::size_t otherwise) {
  const char* const text = std::getenv(variable);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// Two Gates that compile, and their universe.
class Pair {
 public:
  Pair(Chance& chance, std::size_t points_max) : maker_(chance, points_max) {
    gate_ = maker_.gate();
    boundary_ = chance.one_in(5) ? maker_.gate() : maker_.changed(gate_);
    if (chance.one_in(2)) std::swap(gate_, boundary_);
    sound_ = test::settle(gate_) && test::settle(boundary_);
  }

  [[nodiscard]] bool sound() const { return sound_; }
  [[nodiscard]] const json& gate() const { return gate_; }
  [[nodiscard]] const json& boundary() const { return boundary_; }
  [[nodiscard]] const test::PairUniverse& universe() const { return maker_.universe(); }
  [[nodiscard]] std::string described() const { return gate_.dump() + "\nwithin\n" + boundary_.dump(); }

 private:
  test::PairMaker maker_;
  json gate_;
  json boundary_;
  bool sound_ = false;
};

struct Tally {
  std::size_t pairs = 0;
  std::size_t refused = 0;
  std::size_t inside = 0;
  std::size_t outside = 0;
  std::size_t areas = 0;
  std::size_t points = 0;

  void record(testing::Test&) const {
    testing::Test::RecordProperty("pairs", static_cast<int>(pairs));
    testing::Test::RecordProperty("refused_pairs", static_cast<int>(refused));
    testing::Test::RecordProperty("inside", static_cast<int>(inside));
    testing::Test::RecordProperty("outside", static_cast<int>(outside));
    testing::Test::RecordProperty("areas", static_cast<int>(areas));
    testing::Test::RecordProperty("points", std::to_string(points));
  }
};

std::string described(const test::PairUniverse& universe, const test::Point& point) {
  const test::NaiveRequest request = universe.request(point);
  const std::optional<json> claims = universe.claims(point);
  json fields = json::array();
  for (const auto& [name, value] : request.fields) fields.push_back({{name, value}});
  return request.method + " " + request.scheme + "://" + request.host + request.path + "?" +
         request.query.value_or("") + " " + fields.dump() + " peer " + request.peer + " now " +
         std::to_string(request.now) + " flags " + json(request.flags).dump() + " " +
         (claims ? claims->dump() : "anonymous");
}

/// One answer against what the tables found.
void compare(const AccessAnswer& answer, const std::optional<test::Point>& found, const Pair& pair,
             test::Difference differs, Tally& tally) {
  ASSERT_NE(answer.proof, Proof::kUnknown) << answer.unknown;
  if (answer.proof == Proof::kNone) {
    ++tally.inside;
    ASSERT_FALSE(found) << "a wrong proof: " << described(pair.universe(), *found);
    return;
  }
  ++tally.outside;
  ASSERT_FALSE(answer.areas.empty());
  for (const AccessArea& area : answer.areas) test::expect_shown(area, pair.gate(), pair.boundary(), differs);
  tally.areas += answer.areas.size();
  ASSERT_TRUE(found) << "no point is outside, not even like " << answer.areas[0].test;
}

/// The answers about one pair against all points of its universe.
void compare(const Pair& pair, Tally& tally) {
  const test::TabulatedPair tables(pair.gate(), pair.boundary(), pair.universe());
  const test::TabulatedPair::Found found = tables.first();
  tally.points += pair.universe().size();
  const GateCheck check = check_gate(pair.gate().dump(), pair.boundary().dump());
  ASSERT_TRUE(check.gate_errors.empty() && check.boundary_errors.empty());
  compare(check.outside, found.outside, pair, test::naive_outside, tally);
  const GateDiff diff = diff_gates(pair.boundary().dump(), pair.gate().dump());
  ASSERT_TRUE(diff.old_errors.empty() && diff.new_errors.empty());
  compare(diff.gained, found.gained, pair, test::naive_gained, tally);
}

TEST(AnalysisPairs, NoWrongProofAndNoFalseCounterexample) {
  Tally tally;
  const std::size_t wanted = number_from("OSTIARY_PROPERTY_GATE_PAIRS", 200);
  const auto first = static_cast<unsigned>(number_from("OSTIARY_PROPERTY_SEED", 1));
  for (unsigned seed = first; tally.pairs < wanted; ++seed) {
    Chance chance(seed);
    const Pair pair(chance, chance.one_in(8) ? 20000 : 3000);
    if (!pair.sound()) {
      ++tally.refused;
      continue;
    }
    ++tally.pairs;
    compare(pair, tally);
    if (HasFailure()) FAIL() << "seed " << seed << "\n" << pair.described();
  }
  tally.record(*this);
  // Both answers must come up often enough to mean something.
  EXPECT_LT(tally.refused, tally.pairs);
  EXPECT_GT(tally.inside, tally.pairs / 4);
  EXPECT_GT(tally.outside, tally.pairs / 4);
}

}  // namespace
}  // namespace ostiary
