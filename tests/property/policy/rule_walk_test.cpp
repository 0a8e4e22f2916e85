#include "property/policy/compiled_policy.hpp"
#include "property/policy/json_chance.hpp"
#include "property/policy/naive_evaluator.hpp"
#include "property/policy/random_gate.hpp"
#include "property/policy/random_request.hpp"

#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/decide_request.hpp>
#include <ostiary/policy/explain.hpp>
#include <ostiary/policy/rule_walk.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
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

/// What became of one rule or mapping: whether it matches, and the dimensions of what fails, in any order.
struct Outcome {
  bool matches = false;
  std::multiset<std::string> failing;

  bool operator==(const Outcome&) const = default;

  friend std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
    return out << (outcome.matches ? "matches" : "fails on") << " " << json(outcome.failing);
  }
};

using Outcomes = std::map<std::string, Outcome>;  // by id

Outcome outcome_of(const AskedRule& rule) {
  Outcome outcome{rule.matches, {}};
  for (const AskedCondition& asked : rule.conditions) {
    if (!asked.holds) outcome.failing.emplace(dimension_name(asked.dimension));
  }
  return outcome;
}

struct Walked {
  Outcomes rules;
  Outcomes roles;
  std::vector<std::string> matching;  ///< rules, in order
};

Walked walk(const Gate& gate, std::uint32_t route_row, const InspectedRequest& request, const Identity* identity) {
  detail::Evaluation evaluation(gate, request.request(), identity, request.facts());
  const RouteRecord route = gate.route(route_row);
  Walked walked;
  walk_rules(gate, route, evaluation, [&](const AskedRule& rule) {
    const std::string id(gate.text(gate.rule(rule.row).id));
    walked.rules.emplace(id, outcome_of(rule));
    if (rule.matches) walked.matching.push_back(id);
  });
  walk_roles(gate, route, evaluation,
             [&](const AskedRule& role) { walked.roles.emplace(gate.text(gate.role(role.row).id), outcome_of(role)); });
  return walked;
}

Outcomes expected(const test::NaiveQuestion& question, const char* list) {
  Outcomes outcomes;
  for (const json& rule : test::naive_member(question.gate, list)) {
    if (!question.names_route(rule)) continue;
    const bool bound = std::string(list) == "roles" || rule["effect"] == "allow";
    const test::NaiveFailures failures = question.judge(rule, bound);
    outcomes[rule["id"]] = {failures.none(), {failures.all().begin(), failures.all().end()}};
  }
  return outcomes;
}

/// The Gate without the rules that the compiler refuses because they never match; an empty image when that is not all.
std::string image_of(json& gate) {
  CompiledGate compiled = compile_gate(test::text_by_line(gate));
  for (bool better = true; !compiled.ok() && better;) {
    std::set<std::uint32_t, std::greater<>> lines;
    for (const GateError& error : compiled.errors) lines.insert(error.line);
    better = std::all_of(lines.begin(), lines.end(), [&](std::uint32_t line) { return test::remove_line(gate, line); });
    if (better) compiled = compile_gate(test::text_by_line(gate));
  }
  return compiled.image;
}

TEST(RuleWalk, FindsOfEachConditionWhatTheLanguageSays) {
  constexpr std::size_t kWanted = 10000;
  std::size_t walked_rules = 0;
  std::size_t walked_roles = 0;
  for (unsigned seed = 3000000; walked_rules < kWanted; ++seed) {
    Chance chance(seed);
    json gate = test::RandomGate(chance).make(8);
    const std::string image = image_of(gate);
    if (image.empty()) continue;
    test::CompiledPolicy policy(image);
    for (int i = 0; i < 20; ++i) {
      const InspectedRequest request(test::random_request(chance, gate));
      const ImagedClaims token(test::random_claims(chance));
      const test::NaiveDecision decision = policy.decide(request, token.identity());
      const RouteMatch match = match_route(policy.gate(), request.request());
      const bool asked = !decision.reason.starts_with("FIELD_") && !decision.reason.starts_with("PARAMETER_") &&
                         !decision.reason.starts_with("USAGE_");
      if (match.reason != Reason::kOk || !asked) continue;
      const test::NaiveRoute route = test::naive_match_route(gate, request.meaning());
      const test::NaiveQuestion question{gate, *route.route, request.meaning(), token.claims()};
      const Walked walked = walk(policy.gate(), match.row, request, token.identity());
      ASSERT_EQ(walked.rules, expected(question, "rules")) << "seed " << seed << "\n" << request.head() << gate.dump(1);
      ASSERT_EQ(walked.roles, expected(question, "roles")) << "seed " << seed << "\n" << request.head() << gate.dump(1);
      ASSERT_EQ(walked.matching.empty() ? "" : walked.matching.front(), decision.rule) << "seed " << seed;
      walked_rules += walked.rules.size();
      walked_roles += walked.roles.size();
    }
  }
  EXPECT_GT(walked_roles, 500U);
}

/// The request as one that carries a token, where there is an identity.
test::RandomRequest presenting(test::RandomRequest made, const Identity* identity) {
  if (identity != nullptr) made.head.insert(made.head.size() - 2, "Authorization: Bearer stub\r\n");
  return made;
}

Outcomes told(const json& list) {
  Outcomes outcomes;
  for (const json& rule : list) {
    Outcome& outcome = outcomes[rule["id"]];
    outcome.matches = rule["matches"];
    for (const json& condition : rule["conditions"]) {
      if (!condition["holds"]) outcome.failing.insert(condition["dimension"]);
    }
  }
  return outcomes;
}

/// The line of text_by_line in which each rule stands.
void expect_places(const json& rules, const std::string& source) {
  for (const json& rule : rules) {
    const auto until = static_cast<std::ptrdiff_t>(source.find("\"id\":" + rule["id"].dump()));
    EXPECT_EQ(rule["place"]["line"], 1 + std::count(source.begin(), source.begin() + until, '\n')) << rule;
    const json there = json::parse(source).at(json::json_pointer(rule["place"]["pointer"].get<std::string>()));
    EXPECT_EQ(there["id"], rule["id"]);
    for (const json& condition : rule["conditions"]) {
      if (condition["place"].is_null()) continue;
      const std::string pointer = condition["place"]["pointer"];
      EXPECT_TRUE(pointer.starts_with(rule["place"]["pointer"].get<std::string>() + "/")) << rule;
      EXPECT_TRUE(json::parse(source).contains(json::json_pointer(pointer))) << pointer;
    }
  }
}

TEST(Explain, TellsWhatTheLanguageSaysAndWhatIsDecided) {
  constexpr std::size_t kWanted = 3000;
  std::size_t compared = 0;
  for (unsigned seed = 4000000; compared < kWanted; ++seed) {
    Chance chance(seed);
    json gate_source = test::RandomGate(chance).make(8);
    const std::string image = image_of(gate_source);
    if (image.empty()) continue;
    const std::string text = test::text_by_line(gate_source);
    const Gate gate = *Gate::load(image);
    for (int i = 0; i < 10; ++i) {
      const test::RandomRequest made = test::random_request(chance, gate_source);
      const ImagedClaims token(test::random_claims(chance));
      const InspectedRequest request(presenting(made, token.identity()));
      const auto verify = [&](const Request&, const Credential&) { return Result<Identity>(*token.identity()); };
      const Explanation explanation =
          explain_request(gate, request.inspection(), request.facts(), verify, {.source = text});
      ASSERT_EQ(explanation.reason, Reason::kOk) << explanation.message << " seed " << seed << request.head();
      std::vector<std::byte> memory(decide_request_scratch_size({}));
      Arena scratch(memory);
      const Decision decision = decide_request(gate, request.inspection(), request.facts(), verify, scratch);
      EXPECT_EQ(explanation.decided, decision.reason);
      EXPECT_EQ(explanation.allowed, decision.allowed());
      const json document = json::parse(explanation.json);
      if (!document.contains("rules")) continue;
      const test::NaiveRoute route = test::naive_match_route(gate_source, request.meaning());
      const test::NaiveQuestion question{gate_source, *route.route, request.meaning(), token.claims()};
      ASSERT_EQ(told(document["rules"]), expected(question, "rules")) << "seed " << seed << "\n" << request.head();
      if (document.contains("roles")) {
        ASSERT_EQ(told(document["roles"]), expected(question, "roles")) << "seed " << seed << "\n" << request.head();
      }
      expect_places(document["rules"], text);
      ++compared;
    }
  }
}

}  // namespace
}  // namespace ostiary
