#include <ostiary/policy/analysis.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace ostiary {
namespace {

using Json = nlohmann::ordered_json;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

/// A Gate of which nothing is to be said.
Json gate() {
  return Json::parse(R"({
    "gate": 1, "name": "deploy",
    "issuers": {
      "ci": {"issuer": "https://ci.example", "audiences": ["aws"], "algorithms": ["RS256"]},
      "okta": {"issuer": "https://okta.example", "audiences": ["api"], "algorithms": ["RS256"]}
    },
    "claims": {"groups": "text_set", "repository": "text", "repository_id": "text", "email": "text",
               "email_verified": "boolean", "nickname": "text"},
    "origins": {"o": {"scheme": "https", "host": "o.example", "port": 443}},
    "routes": [
      {"id": "deploy", "hosts": ["h.example"], "methods": ["POST"], "path": "/deploy", "origin": "o"},
      {"id": "read", "hosts": ["h.example"], "methods": ["GET"], "path": "/read/**", "origin": "o"}
    ],
    "rules": [
      {"id": "deployers", "effect": "allow", "routes": ["deploy"], "identity": {"issuers": ["ci"]}},
      {"id": "readers", "effect": "allow", "routes": ["read"],
       "identity": {"issuers": ["okta"], "claims": {"groups": {"has_any": ["staff"]}}}},
      {"id": "blocked", "effect": "deny", "routes": ["read"], "identity": {"claims": {"groups": {"has_any": ["blocked"]}}}}
    ],
    "roles": [
      {"id": "shop", "routes": ["deploy"],
       "identity": {"issuers": ["ci"], "claims": {"sub": {"equals": "repo:acme/shop:environment:production"}}},
       "role_arn": "arn:aws:iam::111122223333:role/shop", "session_name": {"claim": "jti"}}
    ]
  })");
}

using Change = std::function<void(Json&)>;

GateLint lint(const Change& change, const LintOptions& options = {}) {
  Json changed = gate();
  change(changed);
  return lint_gate(changed.dump(1), options);
}

/// "name id" of each finding.
std::vector<std::string> names(const GateLint& lint) {
  std::vector<std::string> list;
  for (const LintFinding& finding : lint.findings) list.push_back(finding.name + " " + finding.id);
  return list;
}

TEST(LintGate, SaysNothingOfAGateThatIsSound) {
  const GateLint result = lint([](Json&) {});
  EXPECT_THAT(result.gate_errors, IsEmpty());
  EXPECT_THAT(names(result), IsEmpty());
  EXPECT_THAT(result.unknown, IsEmpty());
}

TEST(LintGate, FindsRulesThatDoNothing) {
  const Json more = {{"id", "more"}, {"effect", "allow"}, {"routes", {"read"}}};
  const auto with = [&](const Json& identity) {
    return lint([&](Json& g) {
      Json rule = more;
      rule["identity"] = identity;
      g["rules"].push_back(rule);
    });
  };
  EXPECT_THAT(names(with({{"claims", {{"groups", {{"has_all", {"staff", "x"}}}}}}, {"issuers", {"okta"}}})),
              UnorderedElementsAre("redundant more"));
  EXPECT_THAT(names(with({{"claims", {{"groups", {{"has_all", {"blocked", "x"}}}}}}})),
              UnorderedElementsAre("shadowed more"));
  const auto deny = [](Json& g) {
    g["rules"].push_back({{"id", "more"},
                          {"effect", "deny"},
                          {"routes", {"read"}},
                          {"identity", {{"claims", {{"groups", {{"has_all", {"blocked", "x"}}}}}}}}});
  };
  EXPECT_THAT(names(lint(deny)), Contains("redundant more"));
}

TEST(LintGate, FindsRulesThatMatchNothing) {
  const auto shadowed_by_route = [](Json& g) {
    g["routes"].push_back(
        {{"id", "one"}, {"hosts", {"h.example"}}, {"methods", {"GET"}}, {"path", "/read/one"}, {"origin", "o"}});
    g["rules"].push_back({{"id", "never"},
                          {"effect", "allow"},
                          {"routes", {"read"}},
                          {"public", true},
                          {"request", {{"paths", {"/read/one"}}}}});
  };
  EXPECT_THAT(names(lint(shadowed_by_route)), Contains("vacuous never"));
}

TEST(LintGate, FindsDenialsThatAnAbsentClaimDefeats) {
  const auto open = [](Json& g) { g["rules"][1]["identity"] = {{"issuers", {"okta"}}, {"scopes", {{"all", {"r"}}}}}; };
  const GateLint result = lint(open);
  ASSERT_THAT(names(result), UnorderedElementsAre("omission blocked"));
  EXPECT_EQ(result.findings[0].severity, LintSeverity::kBlocking);
  EXPECT_THAT(result.findings[0].request, Not(HasSubstr("groups")));
}

TEST(LintGate, FindsWhatIsOpenToAll) {
  const auto wide = [](Json& g) { g["rules"][1]["identity"] = Json::object(); };
  EXPECT_THAT(names(lint(wide)), Contains("over-wide readers"));
  const auto open = [](Json& g) {
    g["rules"][1].erase("identity");
    g["rules"][1]["public"] = true;
  };
  EXPECT_THAT(names(lint(open)), Contains("public read"));
}

TEST(LintGate, FindsWhatHasExpired) {
  const auto old = [](Json& g) { g["rules"][0]["expires"] = "2025-01-01T00:00:00Z"; };
  EXPECT_THAT(names(lint(old, {.now_s = 1767225600, .table = {}})), Contains("expired deployers"));
  EXPECT_THAT(names(lint(old, {.now_s = 1700000000, .table = {}})), IsEmpty());
  EXPECT_THAT(names(lint(old)), IsEmpty());
}

TEST(LintGate, FindsWhatNoTestShows) {
  const std::string table = R"({"version": 1, "now": "2026-01-01T00:00:00Z", "tests": [
    {"name": "t", "request": {"url": "https://h.example/read/x"}, "expect": {"effect": "deny"}}]})";
  EXPECT_THAT(names(lint([](Json&) {}, {.now_s = {}, .table = table})), Contains("untested deploy"));
  EXPECT_THAT(lint([](Json&) {}, {.now_s = {}, .table = "{"}).table_errors, Not(IsEmpty()));
}

/// A change of the mapping, and the finding that it must give with or without a request.
struct Mapping {
  const char* name;
  Json identity;
  const char* finding;
  bool is_shown;
};

class Mapped : public testing::TestWithParam<Mapping> {};

TEST_P(Mapped, IsFound) {
  const GateLint result = lint([](Json& g) { g["roles"][0]["identity"] = GetParam().identity; });
  ASSERT_THAT(result.gate_errors, IsEmpty());
  const auto found = std::find_if(result.findings.begin(), result.findings.end(),
                                  [](const LintFinding& one) { return one.name == GetParam().finding; });
  ASSERT_NE(found, result.findings.end());
  EXPECT_EQ(found->subject, "role");
  EXPECT_EQ(!found->request.empty(), GetParam().is_shown);
}

TEST_P(Mapped, IsShownByATestThatPasses) {
  Json changed = gate();
  changed["roles"][0]["identity"] = GetParam().identity;
  const GateLint result = lint_gate(changed.dump(1));
  for (const LintFinding& one : result.findings) {
    if (one.test.empty()) continue;
    const Json table = {{"version", 1}, {"now", "2026-01-01T00:00:00Z"}, {"tests", {Json::parse(one.test)}}};
    EXPECT_TRUE(test_gate(changed.dump(), table.dump()).passed()) << one.test;
  }
}

Json claims(Json conditions) { return {{"issuers", {"ci"}}, {"claims", std::move(conditions)}}; }

INSTANTIATE_TEST_SUITE_P(
    LintGate, Mapped,
    testing::Values(
        Mapping{"no_subject", {{"issuers", {"ci"}}}, "M1", true},
        Mapping{"no_issuer", {{"claims", {{"sub", {{"equals", "x"}}}}}}, "M3", true},
        Mapping{"part_of_an_owner", claims({{"sub", {{"prefix", {"repo:ac"}}}}}), "M4", true},
        Mapping{"all_of_an_owner", claims({{"sub", {{"prefix", {"repo:acme/"}}}}}), "M4", true},
        Mapping{"no_delimiter", claims({{"sub", {{"prefix", {"repo:acme/shop"}}}}}), "M5", true},
        Mapping{"only_negative", claims({{"sub", {{"not_in", {"x"}}}}}), "M7", true},
        Mapping{"name_that_changes_hands", claims({{"repository", {{"equals", "acme/shop"}}}}), "M10", false},
        Mapping{"email", claims({{"email", {{"equals", "a@acme.example"}}}}), "M12", false},
        Mapping{"nickname", claims({{"nickname", {{"equals", "a"}}}}), "M12", false},
        Mapping{"pull_requests", claims({{"sub", {{"prefix", {"repo:acme/shop:"}}}}}), "M18", true},
        Mapping{"pull_request", claims({{"sub", {{"equals", "repo:acme/shop:pull_request"}}}}), "M18", true}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(LintGate, LeavesAloneWhatALastingClaimPins) {
  const auto pinned = [](Json& g) {
    g["roles"][0]["identity"] = claims({{"repository", {{"equals", "acme/shop"}}},
                                        {"repository_id", {{"equals", "1"}}},
                                        {"email", {{"equals", "a@acme.example"}}},
                                        {"email_verified", {{"equals", true}}}});
  };
  EXPECT_THAT(names(lint(pinned)), IsEmpty());
}

TEST(LintGate, FindsAmbiguityAndNamelessSessions) {
  const auto twice = [](Json& g) {
    Json second = g["roles"][0];
    second["id"] = "other";
    second["role_arn"] = "arn:aws:iam::111122223333:role/other";
    second["session_name"] = {{"text", "ci-bot"}};
    second["duration_s"] = 7200;
    g["roles"].push_back(second);
  };
  EXPECT_THAT(names(lint(twice)), UnorderedElementsAre("M13 shop", "M13 other", "M19 other", "M20 other"));
}

TEST(LintGate, IsReportedAsJson) {
  const Json json = Json::parse(gate_lint_json(lint([](Json& g) { g["rules"][1]["identity"] = Json::object(); })));
  EXPECT_EQ(json["findings"][0]["severity"], "warning");
  EXPECT_FALSE(Json::parse(gate_lint_json(lint_gate("{")))["gate_errors"].empty());
}

}  // namespace
}  // namespace ostiary
