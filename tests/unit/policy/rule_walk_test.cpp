#include "support/identity_builder.hpp"
#include "unit/policy/asked_door.hpp"

#include <ostiary/policy/rule_walk.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ostiary {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::Pair;

constexpr const char* kHolds = "+";
constexpr const char* kFails = "-";

/// By id: what each rule or mapping asks, in order, as "+" or "-", the demand's number and the dimension.
struct Asked {
  std::vector<std::pair<std::string, std::vector<std::string>>> rules;
  std::map<std::string, bool> matches;
};

std::vector<std::string> words_of(const AskedRule& rule) {
  std::vector<std::string> words;
  for (const AskedCondition& asked : rule.conditions) {
    words.push_back(std::string(asked.holds ? kHolds : kFails) + std::to_string(static_cast<int>(asked.demand)) + " " +
                    std::string(dimension_name(asked.dimension)));
  }
  return words;
}

Asked walk(const json& source, const std::string& target, const std::optional<json>& claims, bool roles = false) {
  const CompiledGate compiled = compile_gate(source.dump());
  EXPECT_TRUE(compiled.ok()) << compiled.errors.front().message;
  const Gate gate = *Gate::load(compiled.image);
  const std::string head = "GET " + target + " HTTP/1.1\r\nHost: h.example\r\n\r\n";
  std::vector<std::byte> memory(decide_request_scratch_size({}));
  Arena scratch(memory);
  const Inspection inspection = inspect_bytes(head, scratch, inspect_options_of(gate, Facts{}));
  const std::string image = claims ? test::identity_image(*claims) : std::string();
  const Identity identity = claims ? *Identity::load(image) : Identity();
  const Facts facts;
  detail::Evaluation evaluation(gate, inspection.request, claims ? &identity : nullptr, facts);
  Asked asked;
  const auto note = [&](std::string_view id, const AskedRule& rule) {
    asked.rules.emplace_back(id, words_of(rule));
    asked.matches.emplace(id, rule.matches);
  };
  const RouteRecord route = gate.route(match_route(gate, inspection.request).row);
  if (roles) {
    walk_roles(gate, route, evaluation, [&](const AskedRule& role) { note(gate.text(gate.role(role.row).id), role); });
  } else {
    walk_rules(gate, route, evaluation, [&](const AskedRule& rule) { note(gate.text(gate.rule(rule.row).id), rule); });
  }
  return asked;
}

TEST(RuleWalk, AsksRulesBehindTheOneThatDecides) {
  const json rules = json::parse(R"([
    {"id": "x", "effect": "deny", "routes": ["a"], "public": true},
    {"id": "b", "effect": "allow", "routes": ["a"], "identity": {"claims": {"tier": {"equals": "gold"}}}},
    {"id": "c", "effect": "allow", "routes": ["a"], "public": true}])");
  const Asked asked = walk(test::door_source(rules), "/a/x", json{{"tier", "gold"}});
  EXPECT_THAT(asked.rules, ElementsAre(Pair("x", ElementsAre()), Pair("b", ElementsAre("+1 identity", "+4 claim")),
                                       Pair("c", ElementsAre())));
  EXPECT_THAT(asked.matches, ElementsAre(Pair("b", true), Pair("c", true), Pair("x", true)));
}

TEST(RuleWalk, AsksEveryConditionBehindOneThatFails) {
  const json rules = json::parse(R"([{"id": "b", "effect": "allow", "routes": ["a"], "flags": {"beta": true},
    "identity": {"claims": {"tier": {"equals": "gold"}, "groups": {"has_any": ["x"]}}}}])");
  const Asked asked = walk(test::door_source(rules), "/a/x", json{{"tier", "gold"}});
  EXPECT_THAT(asked.rules, ElementsAre(Pair("b", ElementsAre("+1 identity", "-4 flag", "+4 claim", "-4 claim"))));
}

TEST(RuleWalk, TellsWhatTheRouteItselfBinds) {
  const json rules = json::parse(R"([
    {"id": "all", "effect": "allow", "routes": ["*"], "public": true},
    {"id": "own", "effect": "allow", "routes": ["own"], "identity": {}},
    {"id": "too", "effect": "allow", "routes": ["own"], "identity": {}, "request": {"paths": ["/own/{sub}/**"]}}])");
  const json source = test::door_source(rules);
  EXPECT_THAT(walk(source, "/own/me/x", json{{"sub", "me"}}).rules,
              ElementsAre(Pair("all", ElementsAre("-2 path")), Pair("own", ElementsAre("+1 identity", "+3 path")),
                          Pair("too", ElementsAre("+1 identity", "+4 path"))));
  EXPECT_THAT(walk(source, "/own/you/x", std::nullopt).rules,
              ElementsAre(Pair("all", ElementsAre("-2 path")), Pair("own", ElementsAre("-1 identity", "-3 path")),
                          Pair("too", ElementsAre("-1 identity", "-4 path"))));
}

TEST(RuleWalk, AsksMappingsAsRules) {
  const json rules = json::parse(R"([{"id": "r", "effect": "allow", "routes": ["own"], "identity": {}}])");
  const json roles = json::parse(R"([
    {"id": "m", "routes": ["own"], "identity": {"claims": {"tier": {"equals": "gold"}}},
     "role_arn": "arn:aws:iam::123456789012:role/m", "session_name": {"claim": "sub"}}])");
  const json source = test::door_source(rules, roles);
  const Asked gold = walk(source, "/own/me/x", json{{"sub", "me"}, {"tier", "gold"}}, true);
  EXPECT_THAT(gold.rules, ElementsAre(Pair("m", ElementsAre("+1 identity", "+4 claim", "+3 path"))));
  EXPECT_THAT(gold.matches, ElementsAre(Pair("m", true)));
  const Asked other = walk(source, "/own/you/x", json{{"sub", "me"}, {"tier", "gold"}}, true);
  EXPECT_THAT(other.rules, ElementsAre(Pair("m", ElementsAre("+1 identity", "+4 claim", "-3 path"))));
  EXPECT_THAT(other.matches, ElementsAre(Pair("m", false)));
}

TEST(RuleWalk, CountsWhatAMappingAndItsRouteAskAlikeOnce) {
  const json rules = json::parse(R"([{"id": "r", "effect": "allow", "routes": ["own"], "identity": {}}])");
  const json roles = json::parse(R"([
    {"id": "m", "routes": ["own"], "identity": {}, "request": {"paths": ["/own/{sub}/**"]},
     "role_arn": "arn:aws:iam::123456789012:role/m", "session_name": {"claim": "sub"}}])");
  const Asked asked = walk(test::door_source(rules, roles), "/own/you/x", json{{"sub", "me"}}, true);
  EXPECT_THAT(asked.rules, ElementsAre(Pair("m", ElementsAre("+1 identity", "-4 path"))));
}

}  // namespace
}  // namespace ostiary
