#include <ostiary/policy/gate_test.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace ostiary {
namespace {

using Json = nlohmann::ordered_json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string file(const std::string& path) {
  std::ifstream stream(std::string(OSTIARY_SOURCE_DIR "/") + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// A Gate with a route of each kind that the tests need.
Json gate() {
  return Json::parse(R"({
    "gate": 1, "name": "door",
    "issuers": {
      "idp": {"issuer": "https://id.example", "audiences": ["api", "other"], "algorithms": ["RS256"],
              "required_claims": {"token_use": "access"}},
      "machines": {"issuer": "https://m.example", "audiences": ["bots"], "algorithms": ["RS256"], "profile": "access_token",
                   "audience_claim": "client_id", "age_max_s": 60}
    },
    "claims": {"tier": "text", "level": "integer", "groups": "text_set", "staff": "boolean"},
    "headers": ["x-region"],
    "flags": ["beta"],
    "origins": {"o": {"scheme": "https", "host": "o.example", "port": 443}},
    "routes": [
      {"id": "a", "hosts": ["h.example"], "methods": ["GET"], "path": "/a/*", "origin": "o", "rewrite": "/b/{2}"},
      {"id": "login", "hosts": ["h.example"], "methods": ["GET"], "path": "/login", "origin": "o",
       "login": "https://id.example/login"},
      {"id": "own", "hosts": ["h.example"], "methods": ["GET"], "path": "/own/{sub}", "origin": "o"}
    ],
    "rules": [
      {"id": "gold", "effect": "allow", "routes": ["a"], "identity": {"claims": {"tier": {"equals": "gold"}}}},
      {"id": "known", "effect": "allow", "routes": ["login", "own"], "identity": {}},
      {"id": "machines", "effect": "allow", "routes": ["a"], "identity": {"issuers": ["machines"]}},
      {"id": "office", "effect": "allow", "routes": ["a"], "public": true,
       "request": {"client": {"in": ["192.0.2.0/24"]}, "headers": {"x-region": {"equals": "eu"}}, "schemes": ["https"]}},
      {"id": "beta", "effect": "allow", "routes": ["a"], "public": true, "flags": {"beta": true},
       "time": {"from": "2026-02-01T00:00:00Z"}}
    ],
    "roles": [
      {"id": "reader", "routes": ["a"], "identity": {"claims": {"groups": {"has_any": ["ops"]}}},
       "role_arn": "arn:aws:iam::000000000000:role/reader", "session_name": {"claim": "sub"}}
    ]})");
}

Json table(Json tests) {
  Json table = Json::parse(R"({"version": 1, "now": "2026-01-01T00:00:00Z", "identities": {
    "gold": {"issuer": "idp", "claims": {"sub": "ada", "tier": "gold", "token_use": "access"}},
    "ops": {"issuer": "idp", "claims": {"sub": "ada", "tier": "gold", "groups": ["ops"], "token_use": "access"}}}})");
  table["tests"] = std::move(tests);
  return table;
}

Json test(const char* name, Json request, Json identity, Json expect) {
  Json test = {{"name", name}, {"request", std::move(request)}};
  if (!identity.is_null()) test["identity"] = std::move(identity);
  test["expect"] = std::move(expect);
  return test;
}

const Json kRequest = {{"url", "https://h.example/a/x"}};

/// The one result of a table of one test; its differences as "member=expected/found".
std::vector<std::string> differences(const Json& request, const Json& identity, const Json& expect) {
  const GateTestReport report =
      test_gate(gate().dump(), table(Json::array({test("t", request, identity, expect)})).dump());
  std::vector<std::string> texts;
  for (const GateError& error : report.gate_errors) texts.push_back("gate: " + error.message);
  for (const GateError& error : report.table_errors) texts.push_back("table: " + error.message);
  for (const GateTestResult& result : report.results) {
    for (const GateTestDifference& difference : result.differences) {
      texts.push_back(difference.member + "=" + difference.expected.value_or("none") + "/" +
                      difference.actual.value_or("none"));
    }
  }
  EXPECT_EQ(report.passed(), texts.empty());
  return texts;
}

TEST(GateTest, EveryExpectationIsComparedWithTheDecision) {
  EXPECT_THAT(differences(kRequest, "ops",
                          {{"effect", "allow"},
                           {"reason", "ALLOWED"},
                           {"route", "a"},
                           {"rule", "gold"},
                           {"role", "reader"},
                           {"origin", "o"},
                           {"target", "/b/x"},
                           {"location", nullptr},
                           {"nearest_rule", nullptr},
                           {"nearest_dimension", nullptr}}),
              IsEmpty());
  EXPECT_THAT(differences(kRequest, "ops",
                          {{"effect", "deny"},
                           {"reason", "RULE_DENIED"},
                           {"route", "own"},
                           {"rule", nullptr},
                           {"role", nullptr},
                           {"origin", nullptr},
                           {"target", "/c"},
                           {"status", 403},
                           {"location", "x"},
                           {"nearest_rule", "gold"},
                           {"nearest_dimension", "claim"}}),
              ElementsAre("effect=deny/allow", "reason=RULE_DENIED/ALLOWED", "route=own/a", "rule=none/gold",
                          "role=none/reader", "origin=none/o", "target=/c//b/x", "status=403/none", "location=x/none",
                          "nearest_rule=gold/none", "nearest_dimension=claim/none"));
}

TEST(GateTest, DenialsHaveAStatusALocationAndANearestMiss) {
  const Json silver = {{"issuer", "idp"}, {"claims", {{"tier", "silver"}, {"token_use", "access"}}}};
  EXPECT_THAT(differences(kRequest, silver,
                          {{"effect", "deny"},
                           {"reason", "RULE_NO_MATCH"},
                           {"status", 403},
                           {"rule", nullptr},
                           {"origin", nullptr},
                           {"nearest_rule", "gold"},
                           {"nearest_dimension", "claim"}}),
              IsEmpty());
  EXPECT_THAT(
      differences({{"url", "https://h.example/login"}}, nullptr,
                  {{"reason", "CREDENTIAL_MISSING"}, {"status", 302}, {"location", "https://id.example/login"}}),
      IsEmpty());
}

TEST(GateTest, TheRequestIsWhatTheTableSays) {
  const Json office = {{"effect", "allow"}, {"rule", "office"}};
  EXPECT_THAT(
      differences({{"url", "https://h.example:8443/a/x?q=1"}, {"peer", "192.0.2.7"}, {"headers", {{"X-Region", "eu"}}}},
                  nullptr, office),
      IsEmpty());
  EXPECT_THAT(differences({{"scheme", "https"},
                           {"host", "h.example"},
                           {"path", "/a/x"},
                           {"peer", "192.0.2.7"},
                           {"headers", {{"x-region", "eu"}}}},
                          nullptr, office),
              IsEmpty());
  const std::vector<std::string> refused = {"effect=allow/deny", "rule=office/none"};
  EXPECT_EQ(differences({{"url", "http://h.example/a/x"}, {"peer", "192.0.2.7"}, {"headers", {{"x-region", "eu"}}}},
                        nullptr, office),
            refused);
  EXPECT_EQ(
      differences({{"host", "h.example"}, {"path", "/a/x"}, {"peer", "192.0.2.7"}, {"headers", {{"x-region", "eu"}}}},
                  nullptr, office),
      refused);
  EXPECT_EQ(differences({{"url", "https://h.example/a/x"}, {"headers", {{"x-region", "eu"}}}}, nullptr, office),
            refused);
  EXPECT_THAT(differences({{"url", "https://h.example/a/x"}, {"headers", {{"x-region", {"eu", "eu"}}}}}, nullptr,
                          {{"reason", "FIELD_DUPLICATE"}}),
              IsEmpty());
  EXPECT_THAT(differences({{"method", "PUT"}, {"url", "https://h.example/a/x"}}, nullptr, {{"reason", "ROUTE_METHOD"}}),
              IsEmpty());
}

TEST(GateTest, FlagsAndTimesAreThoseOfTheRequest) {
  const Json beta = {{"url", "https://h.example/a/x"}, {"flags", {"beta"}}, {"now", "2026-02-01T00:00:00Z"}};
  EXPECT_THAT(differences(beta, nullptr, {{"rule", "beta"}}), IsEmpty());
  Json early = beta;
  early["now"] = "2026-01-31T23:59:59Z";
  EXPECT_THAT(differences(early, nullptr, {{"rule", nullptr}}), IsEmpty());
  early.erase("now");
  EXPECT_THAT(differences(early, nullptr, {{"rule", nullptr}}), IsEmpty());
  Json plain = beta;
  plain.erase("flags");
  EXPECT_THAT(differences(plain, nullptr, {{"rule", nullptr}}), IsEmpty());
}

TEST(GateTest, HeadsGoThroughTheRealInspector) {
  EXPECT_THAT(
      differences({{"url", "https://h.example/a/%zz"}}, nullptr, {{"reason", "PATH_ESCAPE"}, {"route", nullptr}}),
      IsEmpty());
  EXPECT_THAT(differences({{"url", "https://h.example/a/x"}, {"headers", {{"host", "h.example"}}}}, nullptr,
                          {{"effect", "deny"}, {"route", nullptr}}),
              IsEmpty());
  EXPECT_THAT(differences({{"url", "https://h.example/a/x"}, {"headers", {{"authorization", "Basic YTpi"}}}}, nullptr,
                          {{"reason", "CREDENTIAL_SCHEME"}}),
              IsEmpty());
}

TEST(GateTest, ATokenOfTheTableItselfIsRefusedForWantOfKeys) {
  // {"alg":"RS256"} and {"iss":"https://id.example"}
  const std::string token = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUifQ.AAAA";
  EXPECT_THAT(differences({{"url", "https://h.example/a/x"}, {"headers", {{"authorization", "Bearer " + token}}}},
                          nullptr, {{"effect", "deny"}, {"status", 401}, {"route", "a"}}),
              IsEmpty());
}

TEST(GateTest, WhatTheIssuerDemandsOfClaimsIsAsked) {
  const auto reason = [](const Json& claims, const char* issuer = "idp") {
    const std::vector<std::string> found =
        differences(kRequest, {{"issuer", issuer}, {"claims", claims}}, {{"reason", "NOT_DECIDED"}});
    return found.front().substr(found.front().find('/') + 1);
  };
  EXPECT_EQ(reason({{"tier", "gold"}, {"token_use", "access"}}), "ALLOWED");
  EXPECT_EQ(reason({{"tier", "gold"}}), "TOKEN_CLAIM_VALUE");
  EXPECT_EQ(reason({{"tier", "gold"}, {"token_use", "id"}}), "TOKEN_CLAIM_VALUE");
  EXPECT_EQ(reason({{"aud", "other"}, {"tier", "gold"}, {"token_use", "access"}}), "ALLOWED");
  EXPECT_EQ(reason({{"aud", {"x", "other"}}, {"tier", "gold"}, {"token_use", "access"}}), "ALLOWED");
  EXPECT_EQ(reason({{"aud", "x"}, {"token_use", "access"}}), "TOKEN_AUDIENCE");
  EXPECT_EQ(reason({{"iss", "https://id.example.evil"}, {"token_use", "access"}}), "TOKEN_ISSUER_UNKNOWN");
  EXPECT_EQ(reason({{"exp", 1767225600 - 1}, {"token_use", "access"}}), "TOKEN_EXPIRED");
  EXPECT_EQ(reason({{"exp", "soon"}, {"token_use", "access"}}), "TOKEN_DATE");
  EXPECT_EQ(reason({{"nbf", 1767225601}, {"token_use", "access"}}), "TOKEN_NOT_YET_VALID");
  EXPECT_EQ(reason({{"sub", 7}, {"token_use", "access"}}), "TOKEN_CLAIM_TYPE");

  const Json machine = {{"sub", "m"}, {"client_id", "bots"}, {"iat", 1767225600 - 60}, {"jti", "1"}};
  EXPECT_EQ(reason(machine, "machines"), "ALLOWED");
  Json old = machine;
  old["iat"] = 1767225600 - 61;
  EXPECT_EQ(reason(old, "machines"), "TOKEN_TOO_OLD");
  Json nameless = machine;
  nameless.erase("jti");
  EXPECT_EQ(reason(nameless, "machines"), "TOKEN_CLAIM_MISSING");
}

TEST(GateTest, ClaimsAreOfTheKindsThatTokensHave) {
  const auto own = [](const Json& claims, const char* path) {
    Json all = claims;
    all["token_use"] = "access";
    return differences({{"url", std::string("https://h.example/own/") + path}}, {{"issuer", "idp"}, {"claims", all}},
                       {{"effect", "allow"}});
  };
  EXPECT_THAT(own({{"sub", "ada"}}, "ada"), IsEmpty());
  EXPECT_THAT(own({{"sub", "ada"}, {"nested", {{"a", {1, 2, {{"b", "c"}}}}}}, {"empty", ""}, {"none", nullptr}}, "ada"),
              IsEmpty());
  EXPECT_THAT(own({{"sub", "ada"}, {"groups", {"", "x"}}}, "ada"), IsEmpty());
  EXPECT_THAT(own({{"sub", "ada"}}, "bob"), ElementsAre("effect=allow/deny"));
}

// --- what is written wrong ------------------------------------------------------------------------------------------

struct Mistake {
  const char* pointer;  ///< where in the table (RFC 6901); a whole member when it does not exist yet
  Json value;
  const char* says;
};

TEST(GateTestTable, MistakesAreNamedWithTheirPlace) {
  const std::vector<Mistake> mistakes = {
      {"/version", 2, "version: expected an integer from 1 to 1, found 2"},
      {"/extra", 1, R"(unknown member "extra"; expected "version", "gate", "now", "identities", "tests" or "why")"},
      {"/now", "yesterday", "now: expected a time in UTC"},
      {"/now", "1969-12-31T23:59:59Z", "now: expected a time in UTC from 1970 on"},
      {"/tests", Json::array(), "tests: expected at least one element"},
      {"/identities/gold/issuer", "ipd", R"(identities.gold.issuer: no issuer "ipd"; did you mean "idp"?)"},
      {"/identities/gold/claims", "x", "identities.gold.claims: expected an object"},
      {"/identities/gold/extra", 1, "unknown member \"extra\""},
      {"/tests/0/identity", "gould", R"(tests[0].identity: no identity "gould"; did you mean "gold"?)"},
      {"/tests/0/identity", 1, "tests[0].identity: expected an object, found an integer"},
      {"/tests/0/extra", 1, "tests[0]: unknown member \"extra\""},
      {"/tests/0/request/extra", 1, "tests[0].request: unknown member \"extra\""},
      {"/tests/0/request/url", "h.example/a", "tests[0].request.url: expected a URL"},
      {"/tests/0/request/url", "https://h.example/a#b", "without a fragment"},
      {"/tests/0/request/url", "https://h.example/a\r\nx: y", "no line break"},
      {"/tests/0/request/host", "h.example", "expected either \"url\", or \"host\", \"path\""},
      {"/tests/0/request/scheme", "https", "expected either \"url\", or \"host\", \"path\""},
      {"/tests/0/request/peer", "nobody", "tests[0].request.peer: expected an IP address"},
      {"/tests/0/request/flags", {"betta"}, R"(no flag "betta"; did you mean "beta"?)"},
      {"/tests/0/request/flags", {"beta", "beta"}, R"("beta" stands twice)"},
      {"/tests/0/request/headers", {{"a:b", "c"}}, "expected a header name"},
      {"/tests/0/request/headers", {{"a", "b\nc"}}, "no line break"},
      {"/tests/0/request/headers", {{"Authorization", "Bearer x"}}, "found both; remove one"},
      {"/tests/0/expect", Json::object(), "tests[0].expect: expected at least one expectation"},
      {"/tests/0/expect/effect", "permit", R"(no effect "permit")"},
      {"/tests/0/expect/effect", nullptr, "tests[0].expect.effect: expected a string, found null"},
      {"/tests/0/expect/reason", "RULE_DENID", R"(no reason "RULE_DENID"; did you mean "RULE_DENIED"?)"},
      {"/tests/0/expect/route", "b", R"(no route "b")"},
      {"/tests/0/expect/rule", "golden", R"(no rule "golden"; did you mean "gold"?)"},
      {"/tests/0/expect/role", "raeder", R"(no role mapping "raeder"; did you mean "reader"?)"},
      {"/tests/0/expect/origin", "p", R"(no origin "p")"},
      {"/tests/0/expect/status", 99, "expected an integer from 100 to 599"},
      {"/tests/0/expect/nearest_dimension", "claims", R"(no dimension "claims"; did you mean "claim"?)"},
      {"/tests/0/expect/session", "x", "unknown member \"session\""},
      {"/tests/1/name", "first", R"(tests[1].name: another test is named "first"; rename one)"},
  };
  const Json sound = table(Json::array({test("first", kRequest, "gold", {{"effect", "allow"}}),
                                        test("second", kRequest, nullptr, {{"effect", "deny"}})}));
  ASSERT_TRUE(test_gate(gate().dump(), sound.dump()).passed());
  for (const Mistake& mistake : mistakes) {
    Json wrong = sound;
    wrong[Json::json_pointer(mistake.pointer)] = mistake.value;
    const GateTestReport report = test_gate(gate().dump(), wrong.dump());
    EXPECT_THAT(report.results, IsEmpty()) << mistake.says;
    EXPECT_FALSE(report.passed());
    ASSERT_EQ(report.table_errors.size(), 1U) << mistake.pointer << " " << mistake.says;
    EXPECT_THAT(report.table_errors[0].message, HasSubstr(mistake.says));
  }
}

TEST(GateTestTable, PlacesAreLinesAndColumnsOfTheTable) {
  const GateTestReport report = test_gate(gate().dump(), "{\n  \"version\": 1,\n  \"now\": 7, \"now\": 8}");
  ASSERT_EQ(report.table_errors.size(), 1U);
  EXPECT_EQ(report.table_errors[0].reason, Reason::kGateDuplicateMember);
  EXPECT_EQ(report.table_errors[0].line, 3U);
  EXPECT_EQ(report.table_errors[0].column, 13U);

  const GateTestReport passed =
      test_gate(gate().dump(),
                "{\"version\": 1, \"now\": \"2026-01-01T00:00:00Z\", \"tests\": [\n {\"name\": \"t\", \"request\": "
                "{\"url\": \"https://h.example/\"}, \"expect\": {\"reason\": \"ROUTE_UNKNOWN\"}}]}");
  ASSERT_TRUE(passed.passed());
  EXPECT_EQ(passed.results[0].place.line, 2U);
  EXPECT_EQ(passed.results[0].place.column, 11U);
}

TEST(GateTestTable, AFaultOfTheGateIsReportedAsOne) {
  Json broken = gate();
  broken["routes"][0]["path"] = "a";
  const GateTestReport report = test_gate(broken.dump(), "not JSON");
  EXPECT_FALSE(report.passed());
  EXPECT_THAT(report.table_errors, IsEmpty());
  ASSERT_FALSE(report.gate_errors.empty());
  EXPECT_THAT(test_gate("no JSON either", "{}").gate_errors, testing::SizeIs(1));
}

TEST(GateTestTable, TheGateThatATableNames) {
  EXPECT_EQ(gate_named_by_table(R"({"gate": "door.json", "tests": 7})"), "door.json");
  EXPECT_EQ(gate_named_by_table("{}"), "");
  EXPECT_EQ(gate_named_by_table("[]"), "");
  EXPECT_EQ(gate_named_by_table(R"({"gate": 7})"), "");
  EXPECT_EQ(gate_named_by_table("{"), "");
}

TEST(GateTestTable, AClaimSetLargerThanATokenIsRefusedAsOne) {
  Json claims = {{"token_use", "access"}, {"many", Json::array()}};
  for (int i = 0; i < 600; ++i) claims["many"].push_back("x");
  EXPECT_THAT(differences(kRequest, {{"issuer", "idp"}, {"claims", claims}}, {{"reason", "TOKEN_JSON_LIMIT"}}),
              IsEmpty());
}

// --- what is published ----------------------------------------------------------------------------------------------

TEST(GateTestExamples, TheShopKeepsWhatItPromises) {
  const GateTestReport report =
      test_gate(file("examples/shop/gate.json"), file("examples/shop/gate-tests.json"), {.mutants = true});
  for (const GateUncovered& one : report.coverage.uncovered) ADD_FAILURE() << one.id << " " << one.missing;
  for (const GateMutant& one : report.mutation.survivors) ADD_FAILURE() << one.id << " " << one.change << one.detail;
  EXPECT_GT(report.mutation.tried, 50U);
  for (const GateError& error : report.table_errors) ADD_FAILURE() << error.line << ": " << error.message;
  for (const GateTestResult& result : report.results) EXPECT_TRUE(result.passed()) << result.name;
  EXPECT_TRUE(report.passed());
}

TEST(GateTestExamples, TheManualIsRight) {
  const auto example = [](const std::string& text) {
    const std::size_t start = text.find("```json\n") + 8;
    return text.substr(start, text.find("```", start) - start);
  };
  const GateTestReport report = test_gate(example(file("docs/language.md")), example(file("docs/gate-tests.md")));
  for (const GateError& error : report.table_errors) ADD_FAILURE() << error.line << ": " << error.message;
  for (const GateTestResult& result : report.results) EXPECT_TRUE(result.passed()) << result.name;
  EXPECT_TRUE(report.passed());
}

}  // namespace
}  // namespace ostiary
