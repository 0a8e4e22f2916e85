#include "property/policy/compiled_policy.hpp"
#include "property/policy/json_chance.hpp"
#include "property/policy/naive_evaluator.hpp"
#include "property/policy/random_gate.hpp"
#include "property/policy/random_request.hpp"

#include <ostiary/policy/compile.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace ostiary {
namespace {

using nlohmann::json;
using test::Chance;
using test::ImagedClaims;
using test::InspectedRequest;

/// How many pairs of a Gate and a request are compared: OSTIARY_PROPERTY_PAIRS, or the default.
std::size_t pairs_wanted() {
  const char* const text = std::getenv("OSTIARY_PROPERTY_PAIRS");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : 100000;
}

std::string described(const InspectedRequest& request, const ImagedClaims& token, const json& gate) {
  const test::NaiveRequest& meaning = request.meaning();
  return request.head() + "scheme " + meaning.scheme + ", now " + std::to_string(meaning.now) + ", peer " +
         meaning.peer + ", flags " + json(meaning.flags).dump() + "\n" +
         (token.claims() ? token.claims()->dump() : "anonymous") + "\n" + gate.dump(1);
}

/// What a run came across, so that it can be seen to mean something.
struct Tally {
  std::size_t gates = 0;
  std::size_t refused = 0;
  std::size_t rules = 0;
  std::size_t dropped = 0;  ///< rules and mappings that never match
  std::size_t pairs = 0;
  std::size_t roles = 0;
  std::map<std::string, std::size_t> reasons;
  std::map<std::string, std::size_t> refusals;
  std::map<std::string, std::size_t> nearest;

  void add(const test::NaiveDecision& decision) {
    ++pairs;
    ++reasons[decision.reason];
    if (!decision.role.id.empty()) ++roles;
    if (!decision.nearest_dimension.empty()) ++nearest[decision.nearest_dimension];
  }
};

/// Compares on `count` random requests; false at the first that differs.
bool agrees(const json& gate, const std::string& image, std::size_t count, Chance& chance, Tally& tally) {
  test::CompiledPolicy policy(image);
  const test::NaiveEvaluator naive(gate);
  for (std::size_t i = 0; i < count; ++i) {
    const InspectedRequest request(test::random_request(chance, gate));
    const ImagedClaims token(test::random_claims(chance));
    const test::NaiveDecision expected = naive.decide(request.meaning(), token.claims());
    const test::NaiveDecision got = policy.decide(request, token.identity());
    tally.add(expected);
    EXPECT_EQ(got, expected) << described(request, token, gate);
    if (testing::Test::HasFailure()) return false;
  }
  return true;
}

/// Compiles, and takes out of the Gate the rules and mappings that the compiler refuses because they never match.
CompiledGate compile_what_matches(json& gate, Tally& tally) {
  CompiledGate compiled = compile_gate(test::text_by_line(gate));
  ++tally.gates;
  for (bool better = true; !compiled.ok() && better;) {
    // From the last line on, so that the lines before it keep their numbers.
    std::set<std::uint32_t, std::greater<>> lines;
    for (const GateError& error : compiled.errors) lines.insert(error.line);
    better = std::all_of(lines.begin(), lines.end(), [&](std::uint32_t line) { return test::remove_line(gate, line); });
    tally.dropped += better ? lines.size() : 0;
    if (better) compiled = compile_gate(test::text_by_line(gate));
  }
  tally.rules += gate["rules"].size();
  if (!compiled.ok()) {
    ++tally.refused;
    ++tally.refusals[std::string(reason_info(compiled.errors[0].reason).name)];
  }
  return compiled;
}

/// Random Gates of at most `rules` rules until `pairs` are compared.
Tally compare_random(unsigned first_seed, std::size_t rules, std::size_t pairs) {
  constexpr std::size_t kRequestsPerGate = 100;
  Tally tally;
  for (unsigned seed = first_seed; tally.pairs < pairs; ++seed) {
    Chance chance(seed);
    json gate = test::RandomGate(chance).make(rules);
    const CompiledGate compiled = compile_what_matches(gate, tally);
    if (compiled.ok() && !agrees(gate, compiled.image, kRequestsPerGate, chance, tally)) {
      ADD_FAILURE() << "seed " << seed;
      return tally;
    }
  }
  return tally;
}

TEST(Decide, AgreesWithTheLanguageReadAloud) {
  const Tally tally = compare_random(1, 8, pairs_wanted());
  if (HasFailure()) return;
  RecordProperty("pairs", static_cast<int>(tally.pairs));
  RecordProperty("gates", static_cast<int>(tally.gates));
  RecordProperty("refused_gates", static_cast<int>(tally.refused));
  RecordProperty("rules", static_cast<int>(tally.rules));
  RecordProperty("dropped_rules", static_cast<int>(tally.dropped));
  for (const auto& [reason, count] : tally.refusals) RecordProperty("refused_" + reason, static_cast<int>(count));
  for (const auto& [reason, count] : tally.reasons) RecordProperty(reason, static_cast<int>(count));
  for (const auto& [dimension, count] : tally.nearest) RecordProperty("nearest_" + dimension, static_cast<int>(count));
  // The universe must be dense enough to mean something.
  EXPECT_LT(tally.refused * 2, tally.gates);
  EXPECT_LT(tally.dropped * 2, tally.rules);
  for (const char* reason :
       {"ALLOWED", "RULE_DENIED", "RULE_NO_MATCH", "CREDENTIAL_MISSING", "ROUTE_UNKNOWN", "ROUTE_METHOD", "ROUTE_HOST",
        "FIELD_DUPLICATE", "PARAMETER_DUPLICATE", "ROLE_NONE", "ROLE_AMBIGUOUS", "ROLE_SESSION",
        "IDENTITY_HEADER_VALUE", "FIELD_NAME_UNDERSCORE", "FIELD_CONNECTION_SPECIFIC"}) {
    EXPECT_GT(tally.reasons.count(reason) != 0 ? tally.reasons.at(reason) : 0, tally.pairs / 2000) << reason;
  }
  for (const std::string& dimension : test::kNaiveDimensions) {
    EXPECT_GT(tally.nearest.count(dimension) != 0 ? tally.nearest.at(dimension) : 0, tally.pairs / 2000) << dimension;
  }
  EXPECT_GT(tally.roles, tally.pairs / 1000);
}

TEST(Decide, AgreesWhereManyRulesNameOneRoute) { compare_random(1000000, 200, pairs_wanted() / 50); }

}  // namespace
}  // namespace ostiary
