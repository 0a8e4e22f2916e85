#include <ostiary/policy/analysis.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <functional>
#include <string>
#include <vector>

namespace ostiary {
namespace {

using Json = nlohmann::ordered_json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

/// A Gate with something of each dimension.
Json gate() {
  return Json::parse(R"({
    "gate": 1, "name": "door",
    "issuers": {"idp": {"issuer": "https://id.example", "audiences": ["api"], "algorithms": ["RS256"]}},
    "claims": {"tier": "text", "level": "integer", "groups": "text_set"},
    "headers": ["x-region"],
    "networks": {"office": ["192.0.2.0/24"]},
    "flags": ["beta"],
    "origins": {"o": {"scheme": "https", "host": "o.example", "port": 443}},
    "routes": [
      {"id": "user", "hosts": ["api.example"], "methods": ["GET", "PUT"], "path": "/users/{sub}/**", "origin": "o"},
      {"id": "files", "hosts": ["api.example", "*.files.example"], "methods": ["GET"], "path": "/files/**", "origin": "o"},
      {"id": "secret", "hosts": ["api.example"], "methods": ["GET"], "path": "/files/secret", "origin": "o"}
    ],
    "rules": [
      {"id": "self", "effect": "allow", "routes": ["user"], "identity": {"scopes": {"all": ["read"]}}},
      {"id": "office", "effect": "allow", "routes": ["files"], "public": true, "request": {"client": {"in": ["office"]}}},
      {"id": "gold", "effect": "allow", "routes": ["secret"],
       "identity": {"claims": {"tier": {"in": ["gold", "silver"]}, "groups": {"has_all": ["a", "b"]}}}},
      {"id": "blocked", "effect": "deny", "routes": ["*"], "identity": {"claims": {"groups": {"has_any": ["blocked"]}}}}
    ],
    "roles": [
      {"id": "reader", "routes": ["secret"], "identity": {"claims": {"tier": {"equals": "gold"}}},
       "role_arn": "arn:aws:iam::111122223333:role/reader", "session_name": {"claim": "sub"}, "duration_s": 1800}
    ]
  })");
}

Json changed(const std::function<void(Json&)>& change) {
  Json copy = gate();
  change(copy);
  return copy;
}

GateCheck check(const Json& candidate, const Json& boundary) { return check_gate(candidate.dump(1), boundary.dump(1)); }

TEST(CheckGate, IsInsideItself) {
  const GateCheck result = check(gate(), gate());
  EXPECT_TRUE(result.inside());
  EXPECT_THAT(result.outside.areas, IsEmpty());
}

TEST(CheckGate, TellsTheErrorsOfBothSources) {
  const GateCheck result = check_gate("{", "[]");
  EXPECT_FALSE(result.inside());
  EXPECT_THAT(result.gate_errors, Not(IsEmpty()));
  EXPECT_THAT(result.boundary_errors, Not(IsEmpty()));
}

/// A change that opens something, and what the first area must say.
struct Widening {
  const char* name;
  std::function<void(Json&)> change;
  const char* condition;
  const char* rule;
};

class Widened : public testing::TestWithParam<Widening> {};

TEST_P(Widened, IsShownWithARequestAndTheRule) {
  const GateCheck result = check(changed(GetParam().change), gate());
  ASSERT_EQ(result.outside.proof, Proof::kSome) << result.outside.unknown;
  ASSERT_THAT(result.outside.areas, Not(IsEmpty()));
  const AccessArea& area = result.outside.areas.front();
  EXPECT_THAT(area.conditions, Contains(HasSubstr(GetParam().condition)));
  EXPECT_EQ(area.rule, GetParam().rule);
  EXPECT_THAT(area.obstacle, Not(IsEmpty()));
  // Nothing that was allowed before is outside.
  EXPECT_TRUE(check(gate(), changed(GetParam().change)).inside());
}

TEST_P(Widened, IsATestThatPasses) {
  const Json candidate = changed(GetParam().change);
  const GateCheck result = check(candidate, gate());
  Json table = {{"version", 1}, {"now", "2026-01-01T00:00:00Z"}, {"tests", Json::array()}};
  for (const AccessArea& area : result.outside.areas) table["tests"].push_back(Json::parse(area.test));
  const GateTestReport report = test_gate(candidate.dump(), table.dump());
  EXPECT_TRUE(report.passed());
  for (const GateTestResult& one : report.results) EXPECT_EQ(one.effect, Effect::kAllow);
}

INSTANTIATE_TEST_SUITE_P(
    CheckGate, Widened,
    testing::Values(
        Widening{"method", [](Json& g) { g["routes"][1]["methods"].push_back("POST"); }, "the method is POST",
                 "office"},
        Widening{"host", [](Json& g) { g["routes"][1]["hosts"].push_back("other.example"); }, "the host is", "office"},
        Widening{"path", [](Json& g) { g["routes"][0]["path"] = "/users/*/**"; }, "is not the claim sub", "self"},
        Widening{"scope", [](Json& g) { g["rules"][0]["identity"] = Json::object(); }, "the scopes lack", "self"},
        Widening{"network", [](Json& g) { g["networks"]["office"] = {"192.0.2.0/23"}; }, "the client", "office"},
        Widening{"set", [](Json& g) { g["rules"][2]["identity"]["claims"]["groups"] = {{"has_any", {"a", "b"}}}; },
                 "the elements of the claim groups lack", "gold"},
        Widening{"value", [](Json& g) { g["rules"][2]["identity"]["claims"]["tier"]["in"].push_back("tin"); },
                 "the claim tier is not", "gold"},
        Widening{"denial", [](Json& g) { g["rules"].erase(3); }, "have any of blocked", "gold"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(CheckGate, KnowsThatAMoreSpecificRouteTakesRequestsAway) {
  const Json open = changed([](Json& g) {
    g["routes"].erase(2);
    g["rules"].erase(2);
    g.erase("roles");
  });
  const GateCheck result = check(open, gate());
  ASSERT_THAT(result.outside.areas, Not(IsEmpty()));
  EXPECT_THAT(result.outside.areas.front().conditions, Contains("the path is /files/secret"));
  EXPECT_EQ(result.outside.areas.front().rule, "office");
}

TEST(CheckGate, TellsSegmentsApartThatLookAlike) {
  const auto with_path = [](const char* path) {
    return changed([&](Json& g) {
      g.erase("roles");
      g["routes"] = {
          {{"id", "one"}, {"hosts", {"api.example"}}, {"methods", {"GET"}}, {"path", "/aa"}, {"origin", "o"}},
          {{"id", "two"}, {"hosts", {"api.example"}}, {"methods", {"GET"}}, {"path", path}, {"origin", "o"}},
          {{"id", "rest"}, {"hosts", {"api.example"}}, {"methods", {"GET"}}, {"path", "/*/**"}, {"origin", "o"}}};
      g["rules"] = {{{"id", "any"}, {"effect", "allow"}, {"routes", {"two"}}, {"identity", Json::object()}}};
    });
  };
  EXPECT_EQ(check(with_path("/*/{tier}"), with_path("/{tier}/aa")).outside.proof, Proof::kSome);
  EXPECT_EQ(check(with_path("/{tier}/aa"), with_path("/*/{tier}")).outside.proof, Proof::kSome);
}

TEST(CheckGate, LooksAtWhatARoleIsWorth) {
  const auto role_change = [](const char* member, const Json& value) {
    return changed([&](Json& g) { g["roles"][0][member] = value; });
  };
  EXPECT_TRUE(check(role_change("duration_s", 900), gate()).inside());
  for (const auto& [member, value] :
       std::vector<std::pair<const char*, Json>>{{"duration_s", 3600},
                                                 {"role_arn", "arn:aws:iam::111122223333:role/writer"},
                                                 {"session_name", {{"text", "anybody"}}},
                                                 {"session_tags", {{"team", {{"text", "x"}}}}}}) {
    const GateCheck result = check(role_change(member, value), gate());
    ASSERT_EQ(result.outside.proof, Proof::kSome) << member;
    EXPECT_THAT(result.outside.areas.front().role, HasSubstr("arn:aws:iam")) << member;
  }
  const Json without = changed([](Json& g) { g.erase("roles"); });
  EXPECT_TRUE(check(without, gate()).inside());
  EXPECT_FALSE(check(gate(), without).inside());
}

TEST(CheckGate, LooksAtHowTokensAreTaken) {
  const auto issuer_change = [](const char* member, const Json& value) {
    return changed([&](Json& g) { g["issuers"]["idp"][member] = value; });
  };
  for (const auto& [member, value] : std::vector<std::pair<const char*, Json>>{
           {"algorithms", {"RS256", "ES256"}}, {"clock_skew_s", 10}, {"profile", "id_token"}}) {
    const GateCheck result = check(issuer_change(member, value), gate());
    EXPECT_EQ(result.outside.proof, Proof::kSome) << member;
    EXPECT_THAT(result.outside.notes, SizeIs(1)) << member;
  }
  const GateCheck audience = check(issuer_change("audiences", {"api", "web"}), gate());
  ASSERT_THAT(audience.outside.areas, Not(IsEmpty()));
  EXPECT_THAT(audience.outside.areas.front().conditions, Contains("the token is not for api"));
}

TEST(CheckGate, SaysWhenItDoesNotKnow) {
  const GateCheck result = check_gate(gate().dump(), gate().dump(), {.steps_max = 3, .areas_max = 8});
  EXPECT_EQ(result.outside.proof, Proof::kUnknown);
  EXPECT_FALSE(result.inside());
  EXPECT_THAT(result.outside.unknown, Not(IsEmpty()));
}

TEST(CheckGate, TellsSoManyAreas) {
  const Json wide = changed([](Json& g) {
    g["rules"] = {{{"id", "all"}, {"effect", "allow"}, {"routes", {"files", "secret"}}, {"public", true}},
                  {{"id", "any"}, {"effect", "allow"}, {"routes", {"user"}}, {"identity", Json::object()}}};
  });
  const GateCheck result = check_gate(wide.dump(), gate().dump(), {.areas_max = 1});
  EXPECT_THAT(result.outside.areas, SizeIs(1));
  EXPECT_TRUE(result.outside.more);
}

TEST(DiffGates, SaysWhichWayAChangeGoes) {
  const Json wider = changed([](Json& g) { g["rules"][2]["identity"]["claims"].erase("groups"); });
  const Json other = changed([](Json& g) {
    g["rules"][2]["identity"]["claims"].erase("groups");
    g["rules"].erase(0);
  });
  const auto change = [](const Json& a, const Json& b) { return diff_gates(a.dump(1), b.dump(1)).change(); };
  EXPECT_EQ(change(gate(), gate()), GateChange::kSame);
  EXPECT_EQ(change(gate(), wider), GateChange::kWider);
  EXPECT_EQ(change(wider, gate()), GateChange::kNarrower);
  EXPECT_EQ(change(gate(), other), GateChange::kBoth);
  EXPECT_EQ(diff_gates(gate().dump(), gate().dump(), {.steps_max = 3}).change(), GateChange::kUnknown);
}

TEST(DiffGates, NamesRoutesThatTreatRequestsOtherwise) {
  const Json moved = changed([](Json& g) { g["origins"]["o"]["host"] = "p.example"; });
  const Json shaped = changed([](Json& g) { g["routes"][1]["rewrite"] = "/v2/**"; });
  EXPECT_THAT(diff_gates(gate().dump(), moved.dump()).handled, ElementsAre("files", "secret", "user"));
  EXPECT_THAT(diff_gates(gate().dump(), shaped.dump()).handled, ElementsAre("files"));
  EXPECT_EQ(diff_gates(gate().dump(), shaped.dump()).change(), GateChange::kSame);
}

TEST(DiffGates, WritesMarkdownThatNothingInAGateCanBreak) {
  const Json wide = changed([](Json& g) {
    g["rules"].push_back({{"id", "x"},
                          {"effect", "allow"},
                          {"routes", {"files"}},
                          {"public", true},
                          {"request", {{"headers", {{"x-region", {{"equals", "`<b>*"}}}}}}}});
  });
  const std::string text = gate_diff_markdown(diff_gates(gate().dump(), wide.dump()));
  EXPECT_THAT(text, HasSubstr("## Access: wider"));
  EXPECT_THAT(text, Not(HasSubstr("`<b>")));
  EXPECT_THAT(text, Not(HasSubstr(" <b>")));
}

TEST(WhoCan, TellsWhoReachesAPlace) {
  const WhoCan secret = who_can(gate().dump(), {.host = {}, .path = "/files/secret", .method = "GET", .role = {}});
  ASSERT_THAT(secret.answer.areas, Not(IsEmpty()));
  std::vector<std::string> rules;
  for (const AccessArea& area : secret.answer.areas) rules.push_back(area.rule);
  EXPECT_THAT(rules, Contains("gold"));
  EXPECT_THAT(rules, Contains("office"));  // other hosts have no more specific route
  EXPECT_THAT(rules, Not(Contains("self")));
  EXPECT_EQ(who_can(gate().dump(), {.host = "api.example", .path = "/files/secret", .method = "PUT", .role = {}})
                .answer.proof,
            Proof::kNone);
}

TEST(WhoCan, TellsWhoIsGivenARole) {
  const WhoCan reader =
      who_can(gate().dump(), {.host = {}, .path = {}, .method = {}, .role = "arn:aws:iam::111122223333:role/reader"});
  ASSERT_THAT(reader.answer.areas, SizeIs(1));
  EXPECT_THAT(reader.answer.areas[0].conditions, Contains("the claim tier is gold"));
  EXPECT_EQ(who_can(gate().dump(), {.host = {}, .path = {}, .method = {}, .role = "arn:x"}).answer.proof, Proof::kNone);
}

TEST(WhoCan, RefusesQuestionsThatNoRequestMeets) {
  EXPECT_THAT(who_can(gate().dump(), {.host = {}, .path = "files", .method = {}, .role = {}}).question_errors,
              SizeIs(1));
  EXPECT_THAT(who_can(gate().dump(), {.host = {}, .path = "/{sub}", .method = {}, .role = {}}).question_errors,
              SizeIs(1));
  EXPECT_THAT(who_can(gate().dump(), {.host = {}, .path = {}, .method = "FETCH", .role = {}}).question_errors,
              SizeIs(1));
}

TEST(Reports, AreJson) {
  const Json check_json = Json::parse(gate_check_json(check(gate(), gate())));
  EXPECT_EQ(check_json["inside"], true);
  EXPECT_EQ(check_json["outside"]["proof"], "none");
  const Json diff_json = Json::parse(gate_diff_json(diff_gates(gate().dump(), gate().dump())));
  EXPECT_EQ(diff_json["change"], "same");
  const Json who_json = Json::parse(who_can_json(who_can("{}", {})));
  EXPECT_FALSE(who_json["gate_errors"].empty());
}

}  // namespace
}  // namespace ostiary
