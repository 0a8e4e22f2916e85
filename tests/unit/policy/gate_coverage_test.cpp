// What tests of Gates show of a Gate, and which changes of it they notice.
#include <ostiary/policy/gate_test.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace ostiary {
namespace {

using Json = nlohmann::ordered_json;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

/// A Gate with one route, and what else a test wants of it.
Json gate(const Json& rules, const Json& roles = nullptr, const Json& routes = nullptr) {
  Json gate = Json::parse(R"({
    "gate": 1, "name": "door",
    "issuers": {
      "one": {"issuer": "https://one.example", "audiences": ["api", "b"], "algorithms": ["RS256"]},
      "two": {"issuer": "https://two.example", "audiences": ["api"], "algorithms": ["RS256"]},
      "use": {"issuer": "https://use.example", "audiences": ["api"], "algorithms": ["RS256"],
              "required_claims": {"token_use": "access"}}
    },
    "claims": {"tier": "text", "level": "integer", "groups": "text_set", "tenant": "text"},
    "headers": ["x-region"],
    "networks": {"office": ["192.0.2.128/25", "2001:db8::/32"]},
    "flags": ["beta"],
    "origins": {"o": {"scheme": "https", "host": "o.example", "port": 443}},
    "routes": [{"id": "a", "hosts": ["h.example"], "methods": ["GET"], "path": "/a/*", "origin": "o"}]})");
  if (!routes.is_null()) gate["routes"] = routes;
  gate["rules"] = rules;
  if (!roles.is_null()) gate["roles"] = roles;
  return gate;
}

Json rule(const Json& members, const char* effect = "allow") {
  Json rule = {{"id", "r"}, {"effect", effect}, {"routes", {"a"}}};
  rule.update(members);
  return rule;
}

Json role(const Json& members) {
  Json role = {{"id", "m"},
               {"routes", {"*"}},
               {"identity", Json::object()},
               {"role_arn", "arn:aws:iam::000000000000:role/reader"},
               {"session_name", {{"text", "door"}}}};
  if (!members.is_null()) role.update(members);
  return role;
}

const Json kPublic = {{"public", true}};

/// A test that expects what is decided, so that mutants alone decide whether it passes.
struct Asked {
  Json request = Json::object();  ///< beside url
  Json claims = nullptr;          ///< null: no identity
  Json expect = {{"effect", "allow"}};
  const char* issuer = "one";
};

const Json kAllow = {{"effect", "allow"}};
const Json kDeny = {{"effect", "deny"}};

Json table(const std::vector<Asked>& tests) {
  Json table = {{"version", 1}, {"now", "2026-01-01T00:00:00Z"}, {"tests", Json::array()}};
  for (const Asked& asked : tests) {
    Json request = asked.request;
    if (!request.contains("url")) request["url"] = "https://h.example/a/x";
    Json test = {{"name", std::to_string(table["tests"].size())}, {"request", request}};
    if (!asked.claims.is_null()) test["identity"] = {{"issuer", asked.issuer}, {"claims", asked.claims}};
    test["expect"] = asked.expect;
    table["tests"].push_back(test);
  }
  return table;
}

GateTestReport run(const Json& gate, const std::vector<Asked>& tests) {
  GateTestReport report = test_gate(gate.dump(), table(tests).dump(), {.mutants = true});
  for (const GateError& error : report.gate_errors) ADD_FAILURE() << error.message;
  for (const GateError& error : report.table_errors) ADD_FAILURE() << error.message;
  for (const GateTestResult& result : report.results) {
    EXPECT_TRUE(result.passed()) << result.name << " " << reason_info(result.reason).name;
  }
  return report;
}

std::vector<std::string> uncovered(const Json& gate, const std::vector<Asked>& tests) {
  std::vector<std::string> texts;
  const GateCoverage coverage = run(gate, tests).coverage;
  for (const GateUncovered& one : coverage.uncovered) {
    texts.push_back(one.subject + " " + one.id + (one.condition.empty() ? "" : " " + one.condition) + ": " +
                    one.missing);
  }
  EXPECT_EQ(coverage.total - coverage.shown, texts.size());
  return texts;
}

// --- coverage -------------------------------------------------------------------------------------------------------

TEST(GateCoverage, ARouteIsShownByARequestThatReachesIt) {
  const Json two =
      gate(Json::array({rule(kPublic)}), nullptr,
           Json::parse(R"([{"id": "a", "hosts": ["h.example"], "methods": ["GET"], "path": "/a/*", "origin": "o"},
                                        {"id": "b", "hosts": ["h.example"], "methods": ["GET"], "path": "/b", "origin": "o"}])"));
  EXPECT_THAT(uncovered(two, {{}}), ElementsAre("route b: not reached"));
  EXPECT_THAT(uncovered(two, {{}, {.request = {{"url", "https://h.example/b"}}, .expect = kDeny}}), IsEmpty());
}

TEST(GateCoverage, AConditionIsShownTrueAndFalse) {
  const Json gold = gate(Json::array({rule({{"identity", {{"claims", {{"tier", {{"equals", "gold"}}}}}}}})}));
  EXPECT_THAT(uncovered(gold, {{.claims = {{"tier", "gold"}}}}),
              ElementsAre("rule r: always matched", "condition r claim tier in: never false"));
  EXPECT_THAT(uncovered(gold, {{.claims = {{"tier", "silver"}}, .expect = kDeny}}),
              ElementsAre("rule r: never matched", "condition r claim tier in: never true"));
  EXPECT_THAT(uncovered(gold, {{.claims = {{"tier", "gold"}}}, {.claims = {{"tier", "silver"}}, .expect = kDeny}}),
              IsEmpty());
}

TEST(GateCoverage, WithoutAnIdentityNothingIsLearntOfConditionsAboutIt) {
  const Json gold = gate(Json::array({rule({{"identity", {{"claims", {{"tier", {{"equals", "gold"}}}}}}}})}));
  EXPECT_THAT(uncovered(gold, {{.claims = {{"tier", "gold"}}}, {.expect = kDeny}}),
              ElementsAre("condition r claim tier in: never false"));
}

TEST(GateCoverage, RulesBehindTheOneThatDecidesAreAskedToo) {
  const Json both = gate(Json::array({rule({{"identity", Json::object()}, {"id", "deny"}}, "deny"), rule(kPublic)}));
  EXPECT_THAT(uncovered(both, {{.claims = Json::object(), .expect = kDeny}}), ElementsAre("rule deny: always matched"));
}

TEST(GateCoverage, ARequestThatIsRefusedBeforeTheRulesShowsTheRouteAlone) {
  const Json gold = gate(Json::array({rule({{"identity", Json::object()}})}));
  EXPECT_THAT(uncovered(gold, {{.claims = {{"exp", 1}}, .expect = {{"reason", "TOKEN_EXPIRED"}}}}),
              ElementsAre("rule r: never matched", "rule r: always matched"));
  EXPECT_THAT(uncovered(gold, {{.request = {{"url", "https://h.example/a/%zz"}}, .expect = kDeny}}),
              ElementsAre("route a: not reached", "rule r: never matched", "rule r: always matched"));
}

TEST(GateCoverage, WhatCannotBeSeenIsNotCounted) {
  EXPECT_THAT(uncovered(gate(Json::array({rule(kPublic)})), {{}}), IsEmpty());
  const Json every = {{"identity", {{"issuers", {"one", "two", "use"}}}}};
  EXPECT_THAT(uncovered(gate(Json::array({rule(every)})), {{.claims = Json::object()}, {.expect = kDeny}}), IsEmpty());
  const Json some = {{"identity", {{"issuers", {"one", "two"}}}}};
  EXPECT_THAT(uncovered(gate(Json::array({rule(some)})), {{.claims = Json::object()}, {.expect = kDeny}}),
              ElementsAre("condition r issuer: never false"));
}

TEST(GateCoverage, MappingsAndTheirConditionsAreWatched) {
  const Json mapped = gate(Json::array({rule({{"identity", Json::object()}})}),
                           Json::array({role({{"identity", {{"claims", {{"groups", {{"has_any", {"ops"}}}}}}}}})}));
  EXPECT_THAT(uncovered(mapped, {{.claims = {{"groups", {"ops"}}}}, {.expect = kDeny}}),
              ElementsAre("role m: always matched", "condition m claim groups has_any: never false"));
  EXPECT_THAT(uncovered(mapped, {{.claims = {{"groups", {"ops"}}}}, {.claims = Json::object()}, {.expect = kDeny}}),
              IsEmpty());
}

TEST(GateCoverage, ClaimsInThePathOfARouteAreWatched) {
  const Json own = gate(
      Json::array({rule({{"identity", Json::object()}})}), nullptr,
      Json::parse(R"([{"id": "a", "hosts": ["h.example"], "methods": ["GET"], "path": "/a/{sub}", "origin": "o"}])"));
  EXPECT_THAT(uncovered(own, {{.claims = {{"sub", "x"}}}, {.expect = kDeny}}),
              ElementsAre("condition a claims in the path: never false"));
  EXPECT_THAT(uncovered(own, {{.claims = {{"sub", "x"}}}, {.claims = {{"sub", "y"}}, .expect = kDeny}}), IsEmpty());
}

TEST(GateCoverage, PlacesAreThoseOfTheSource) {
  const std::string source =
      gate(Json::array({rule({{"identity", {{"claims", {{"tier", {{"equals", "gold"}}}}}}}})})).dump(1);
  const GateTestReport report = test_gate(source, table({{.claims = {{"tier", "gold"}}}}).dump());
  const auto line_of = [&source](const std::string& text) {
    return static_cast<std::uint32_t>(
        1 + std::count(source.begin(), source.begin() + static_cast<std::ptrdiff_t>(source.find(text)), '\n'));
  };
  ASSERT_EQ(report.coverage.uncovered.size(), 2U);
  EXPECT_EQ(report.coverage.uncovered[0].place.line, line_of("\"id\": \"r\""));
  EXPECT_EQ(report.coverage.uncovered[1].place.line, line_of("\"equals\""));
  EXPECT_EQ(report.coverage.percent(), 60U);
}

// --- mutants --------------------------------------------------------------------------------------------------------

/// The changes that survive, as "change: detail".
std::vector<std::string> survivors(const Json& gate, const std::vector<Asked>& tests) {
  const GateMutation mutation = run(gate, tests).mutation;
  EXPECT_TRUE(mutation.done);
  EXPECT_EQ(mutation.tried - mutation.killed, mutation.survivors.size());
  std::vector<std::string> texts;
  for (const GateMutant& one : mutation.survivors) {
    texts.push_back(one.change + (one.detail.empty() ? "" : ": " + one.detail));
  }
  return texts;
}

/// One operator: a table that notices it, and one that does not.
struct Operator {
  const char* change;
  Json gate;
  std::vector<Asked> blind;
  std::vector<Asked> seeing;  ///< beside the blind ones
};

Json identity(const char* claim, const Json& condition) { return {{"identity", {{"claims", {{claim, condition}}}}}}; }

std::vector<Operator> operators() {
  const auto one = [](const Json& members, const char* effect = "allow") {
    return gate(Json::array({rule(members, effect)}));
  };
  const Json scopes = {{"identity", {{"scopes", {{"all", {"a", "b"}}}}}}};
  const Json client = {{"public", true}, {"request", {{"client", {{"in", {"192.0.2.128/25"}}}}}}};
  const Json office = {{"public", true}, {"request", {{"client", {{"in", {"office"}}}}}}};
  const Json own = {{"identity", Json::object()}, {"request", {{"paths", {"/a/{tenant}"}}}}};
  const Json required = Json::parse(R"([{"id": "a", "hosts": ["h.example", "i.example"], "methods": ["GET", "PUT"],
                                         "path": "/a/*", "origin": "o", "role": "required"}])");
  const Json bound =
      Json::parse(R"([{"id": "a", "hosts": ["h.example"], "methods": ["GET"], "path": "/a/{sub}", "origin": "o"}])");
  const Json two =
      Json::parse(R"([{"id": "a", "hosts": ["h.example"], "methods": ["GET"], "path": "/a/*", "origin": "o"},
                                   {"id": "b", "hosts": ["h.example"], "methods": ["GET"], "path": "/b", "origin": "o"}])");
  const Json anyone = Json::array({rule({{"identity", Json::object()}})});
  const Json groups = {{"identity", {{"claims", {{"groups", {{"has_any", {"ops"}}}}}}}}};
  return {
      {"condition dropped: claim tier in",
       one(identity("tier", {{"equals", "gold"}})),
       {{.claims = {{"tier", "gold"}}}},
       {{.claims = {{"tier", "x"}}, .expect = kDeny}}},
      {"condition dropped: flag beta",
       one({{"public", true}, {"flags", {{"beta", true}}}}),
       {{.request = {{"flags", {"beta"}}}}},
       {{.expect = kDeny}}},
      {"condition dropped: time",
       one({{"public", true}, {"expires", "2026-02-01T00:00:00Z"}}),
       {{}},
       {{.request = {{"now", "2026-02-01T00:00:00Z"}}, .expect = kDeny}}},
      {"value dropped: claim tier in \"b\"",
       one(identity("tier", {{"in", {"a", "b"}}})),
       {{.claims = {{"tier", "a"}}}},
       {{.claims = {{"tier", "b"}}}}},
      {"value dropped: claim tier not_in \"b\"",
       one(identity("tier", {{"not_in", {"a", "b"}}})),
       {{.claims = {{"tier", "a"}}, .expect = kDeny}},
       {{.claims = {{"tier", "b"}}, .expect = kDeny}}},
      {"value dropped: claim level in 2",
       one(identity("level", {{"in", {1, 2}}})),
       {{.claims = {{"level", 1}}}},
       {{.claims = {{"level", 2}}}}},
      {"value dropped: method \"PUT\"",
       gate(Json::array({rule(kPublic)}), Json::array({role({})}), required),
       {{.expect = {{"reason", "ROLE_NONE"}}}},
       {{.request = {{"method", "PUT"}}, .expect = {{"reason", "ROLE_NONE"}}}}},
      {"value dropped: method \"POST\"",
       gate(Json::array({rule({{"public", true}, {"request", {{"methods", {"GET", "POST"}}}}})}), nullptr,
            Json::parse(
                R"([{"id": "a", "hosts": ["h.example"], "methods": ["GET", "POST"], "path": "/a/*", "origin": "o"}])")),
       {{}},
       {{.request = {{"method", "POST"}}}}},
      {"value dropped: scheme \"http\"",
       one({{"public", true}, {"request", {{"schemes", {"http", "https"}}}}}),
       {{}},
       {{.request = {{"url", "http://h.example/a/x"}}}}},
      {"value dropped: host \"i.example\"",
       gate(Json::array({rule(kPublic)}), Json::array({role({})}), required),
       {{.expect = {{"reason", "ROLE_NONE"}}}},
       {{.request = {{"url", "https://i.example/a/x"}}, .expect = {{"reason", "ROLE_NONE"}}}}},
      {"value dropped: block \"2001:db8::/32\"",
       one(office),
       {{.request = {{"peer", "192.0.2.129"}}}},
       {{.request = {{"peer", "2001:db8::1"}}}}},
      {"block widened by a bit: 192.0.2.128/25 to 192.0.2.0/24",
       one(client),
       {{.request = {{"peer", "192.0.2.129"}}}},
       {{.request = {{"peer", "192.0.2.1"}}, .expect = kDeny}}},
      {"block widened by a bit: 2001:db8::/32 to 2001:db8::/31",
       one(office),
       {{.request = {{"peer", "2001:db8::1"}}}},
       {{.request = {{"peer", "2001:db9::1"}}, .expect = kDeny}}},
      {"prefix shortened: claim tier prefix \"go\"",
       one(identity("tier", {{"prefix", {"go"}}})),
       {{.claims = {{"tier", "gold"}}}},
       {{.claims = {{"tier", "g"}}, .expect = kDeny}}},
      {"all made any: scope all",
       one(scopes),
       {{.claims = {{"scope", "a b"}}}},
       {{.claims = {{"scope", "a"}}, .expect = kDeny}}},
      {"all made any: claim groups has_all",
       one(identity("groups", {{"has_all", {"a", "b"}}})),
       {{.claims = {{"groups", {"a", "b"}}}}},
       {{.claims = {{"groups", {"a"}}}, .expect = kDeny}}},
      {"claim in the path not compared: /a/{tenant}",
       one(own),
       {{.claims = {{"tenant", "x"}}}},
       {{.claims = {{"tenant", "y"}}, .expect = kDeny}}},
      {"claim in the path not compared: /a/{sub}",
       gate(anyone, nullptr, bound),
       {{.claims = {{"sub", "x"}}}},
       {{.claims = {{"sub", "y"}}, .expect = kDeny}}},
      {"rule dropped", one(kPublic), {{.request = {{"url", "https://h.example/b"}}, .expect = kDeny}}, {{}}},
      {"denial dropped",
       gate(Json::array({rule(kPublic), rule({{"id", "d"}, {"identity", Json::object()}}, "deny")})),
       {{}},
       {{.claims = Json::object(), .expect = kDeny}}},
      {"route dropped: route \"b\"",
       gate(Json::array({rule({{"public", true}, {"routes", {"a", "b"}}})}), nullptr, two),
       {{}},
       {{.request = {{"url", "https://h.example/b"}}}}},
      {"made public", one({{"identity", Json::object()}}), {{.claims = Json::object()}}, {{.expect = kDeny}}},
      {"role dropped",
       gate(anyone, Json::array({role({})})),
       {{.claims = Json::object()}},
       {{.claims = Json::object(), .expect = {{"role", "m"}}}}},
      {"condition dropped: claim groups has_any",
       gate(anyone, Json::array({role(groups)})),
       {{.claims = {{"groups", {"ops"}}}}},
       {{.claims = Json::object(), .expect = {{"role", nullptr}}}}},
      {"role made optional",
       gate(Json::array({rule(kPublic)}), Json::array({role({})}), required),
       {{.request = {{"url", "https://h.example/b"}}, .expect = kDeny}},
       {{.expect = {{"reason", "ROLE_NONE"}}}}},
      {"required claim dropped: token_use",
       gate(anyone),
       {{.claims = {{"token_use", "access"}}, .issuer = "use"}},
       {{.claims = Json::object(), .expect = kDeny, .issuer = "use"}}},
  };
}

TEST(GateMutants, EachChangeIsNoticedByATableThatLooks) {
  for (const Operator& one : operators()) {
    SCOPED_TRACE(one.change);
    EXPECT_THAT(survivors(one.gate, one.blind), Contains(one.change));
    std::vector<Asked> all = one.blind;
    all.insert(all.end(), one.seeing.begin(), one.seeing.end());
    EXPECT_THAT(survivors(one.gate, all), Not(Contains(one.change)));
  }
}

TEST(GateMutants, NothingIsTriedWhereATestFails) {
  const GateTestReport report =
      test_gate(gate(Json::array({rule(kPublic)})).dump(), table({{.expect = kDeny}}).dump(), {.mutants = true});
  EXPECT_FALSE(report.passed());
  EXPECT_FALSE(report.mutation.done);
  EXPECT_EQ(report.mutation.tried, 0U);
}

TEST(GateMutants, NothingIsTriedUnlessItIsAskedFor) {
  const GateTestReport report = test_gate(gate(Json::array({rule(kPublic)})).dump(), table({{}}).dump());
  EXPECT_TRUE(report.passed());
  EXPECT_FALSE(report.mutation.done);
}

TEST(GateMutants, WhatIsNoOtherGateIsCountedApart) {
  // The claim in the path keeps such a rule from being public, and nothing reads the two blocks of the network, which
  // can be dropped or widened.
  const Json own = {{"identity", Json::object()}, {"request", {{"paths", {"/a/{tenant}"}}}}};
  const GateMutation mutation = run(gate(Json::array({rule(own)})), {{.claims = {{"tenant", "x"}}}}).mutation;
  EXPECT_EQ(mutation.unusable, 1U + 2U * 2U);
}

TEST(GateMutants, NoMoreAreTriedThanAskedForAndAlwaysTheSame) {
  const std::string source =
      gate(Json::array({rule(identity("tier", {{"in", {"a", "b", "c", "d", "e", "f"}}}))})).dump();
  const std::string tests = table({{.claims = {{"tier", "a"}}}}).dump();
  const GateMutation all = test_gate(source, tests, {.mutants = true}).mutation;
  const GateMutation some = test_gate(source, tests, {.mutants = true, .mutants_max = 4}).mutation;
  EXPECT_EQ(all.left_out, 0U);
  EXPECT_EQ(some.tried + some.unusable, 4U);
  EXPECT_EQ(some.left_out, all.tried + all.unusable - 4);
  const GateMutation again = test_gate(source, tests, {.mutants = true, .mutants_max = 4}).mutation;
  ASSERT_EQ(some.survivors.size(), again.survivors.size());
  for (std::size_t i = 0; i < some.survivors.size(); ++i)
    EXPECT_EQ(some.survivors[i].detail, again.survivors[i].detail);
}

TEST(GateTestJson, HoldsWhatTheReportHolds) {
  const GateTestReport report =
      run(gate(Json::array({rule(identity("tier", {{"equals", "gold"}}))})), {{.claims = {{"tier", "gold"}}}});
  const Json json = Json::parse(gate_test_json(report));
  EXPECT_EQ(json["passed"], true);
  EXPECT_EQ(json["results"].size(), 1U);
  EXPECT_EQ(json["coverage"]["uncovered"].size(), report.coverage.uncovered.size());
  EXPECT_EQ(json["coverage"]["uncovered"][0]["line"], report.coverage.uncovered[0].place.line);
  EXPECT_EQ(json["mutants"]["survivors"].size(), report.mutation.survivors.size());
  EXPECT_EQ(json["mutants"]["survivors"][0]["change"], report.mutation.survivors[0].change);
}

}  // namespace
}  // namespace ostiary
