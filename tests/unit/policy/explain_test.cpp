#include "support/identity_builder.hpp"
#include "unit/policy/asked_door.hpp"

#include <ostiary/policy/explain.hpp>

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
using testing::HasSubstr;
using testing::Not;

/// A door whose verifier believes the claims of the question, or refuses whatever is shown to it.
class ExplainedDoor {
 public:
  explicit ExplainedDoor(const json& source) : source_(source.dump(1)), image_(compile_gate(source_).image) {
    gate_ = *Gate::load(image_);
  }

  [[nodiscard]] Explanation ask(const std::string& head, const std::optional<json>& claims, const std::string& source,
                                Facts facts = {}) const {
    std::vector<std::byte> memory(decide_request_scratch_size({}));
    Arena scratch(memory);
    const Inspection inspection = inspect_bytes(head, scratch, inspect_options_of(gate_, facts));
    const std::string image = claims ? test::identity_image(*claims) : std::string();
    const auto verify = [&](const Request&, const Credential&) {
      return claims ? Identity::load(image) : Result<Identity>(Error{Reason::kTokenExpired, 3});
    };
    ExplainOptions options;
    if (!source.empty()) options.source = source;
    return explain_request(gate_, inspection, facts, verify, options);
  }

  [[nodiscard]] json explain(const std::string& head, const std::optional<json>& claims = std::nullopt,
                             Facts facts = {}) const {
    const Explanation explanation = ask(head, claims, source_, facts);
    EXPECT_EQ(explanation.reason, Reason::kOk) << explanation.message;
    EXPECT_TRUE(std::all_of(explanation.text.begin(), explanation.text.end(),
                            [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
    return json::parse(explanation.json);
  }

  [[nodiscard]] const std::string& source() const { return source_; }

 private:
  std::string source_;
  std::string image_;
  Gate gate_;
};

std::string get(const std::string& target, const std::string& lines = {}) {
  return "GET " + target + " HTTP/1.1\r\nHost: h.example\r\n" + lines + "\r\n";
}

constexpr const char* kBearer = "Authorization: Bearer stub\r\n";

json rules() {
  return json::parse(R"([
    {"id": "x", "effect": "deny", "routes": ["a"], "identity": {}, "request": {"query": {"stop": {"present": true}}}},
    {"id": "b", "effect": "allow", "routes": ["a"], "owner": "team", "identity": {"claims": {"tier": {"equals": "gold"}, "groups": {"has_any": ["g"]}}},
     "request": {"headers": {"x-region": {"in": ["eu", "us"]}}}, "flags": {"beta": false}, "expires": "2030-01-01T00:00:00Z"},
    {"id": "own", "effect": "allow", "routes": ["own"], "identity": {}}])");
}

std::string stopped_at(const json& document) {
  for (const json& stage : document["stages"]) {
    if (stage["status"] == "stopped") return stage["stage"];
  }
  return {};
}

const json& by_id(const json& list, const std::string& id) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const json& one) { return one["id"] == id; });
  EXPECT_NE(found, list.end()) << id;
  return *found;
}

TEST(Explain, NamesTheStageThatDenied) {
  const ExplainedDoor door(test::door_source(rules()));
  const json gold = {{"tier", "gold"}, {"groups", {"g"}}};
  const std::string region = "X-Region: eu\r\n";
  EXPECT_EQ(stopped_at(door.explain("GET  / HTTP/1.1\r\n\r\n")), "inspect");
  EXPECT_EQ(stopped_at(door.explain(get("/nowhere/x"))), "route");
  EXPECT_EQ(stopped_at(door.explain(get("/a/x", "Authorization: Basic eA==\r\n"))), "credential");
  EXPECT_EQ(stopped_at(door.explain(get("/a/x", kBearer))), "token");
  EXPECT_EQ(stopped_at(door.explain(get("/a/x", kBearer + region + region), gold)), "inputs");
  EXPECT_EQ(stopped_at(door.explain(get("/a/x"))), "rules");
  EXPECT_EQ(stopped_at(door.explain(get("/a/x?stop", kBearer + region), gold)), "rules");
  const json allowed = door.explain(get("/a/x", kBearer + region), gold);
  EXPECT_EQ(stopped_at(allowed), "");
  EXPECT_EQ(allowed["decision"]["effect"], "allow");
  EXPECT_EQ(allowed["decision"]["rule"], "b");
}

TEST(Explain, NamesTheRoleThatDenied) {
  json source = test::door_source(rules(), json::parse(R"([{"id": "m", "routes": ["own"], "identity": {},
    "role_arn": "arn:aws:iam::123456789012:role/m", "session_name": {"claim": "team"}}])"));
  const ExplainedDoor door(source);
  const json denied = door.explain(get("/own/me/x", kBearer), json{{"sub", "me"}, {"exp", 100}});
  EXPECT_EQ(stopped_at(denied), "role");
  EXPECT_EQ(denied["decision"]["reason"]["name"], "ROLE_SESSION");
  EXPECT_EQ(by_id(denied["roles"], "m")["matches"], true);
  EXPECT_EQ(by_id(denied["rules"], "own")["decides"], true);
}

TEST(Explain, TellsOfEachConditionWhatTheRequestHad) {
  const ExplainedDoor door(test::door_source(rules()));
  const json document = door.explain(get("/a/x", kBearer + std::string("X-Region: asia\r\n")),
                                     json{{"tier", "gold"}, {"groups", {"h", "i"}}});
  const json& rule = by_id(document["rules"], "b");
  EXPECT_EQ(rule["matches"], false);
  EXPECT_EQ(rule["first_failing"], "header");
  EXPECT_EQ(rule["owner"], "team");
  std::map<std::string, std::pair<bool, std::string>> had;
  for (const json& one : rule["conditions"]) had[one["asks"]] = {one["holds"], one["had"]};
  using Pair = std::pair<bool, std::string>;
  EXPECT_EQ(had.at("identity.claims.tier equals \"gold\""), Pair(true, "gold"));
  EXPECT_EQ(had.at("identity.claims.groups has_any \"g\""), Pair(false, "[h, i]"));
  EXPECT_EQ(had.at("request.headers.x-region in \"eu\", \"us\""), Pair(false, "asia"));
  EXPECT_EQ(had.at("flags.beta false"), Pair(true, "false"));
  EXPECT_EQ(had.at("time until \"2030-01-01T00:00:00Z\""), Pair(true, "1970-01-01T00:00:00Z"));
}

TEST(Explain, FindsEveryConditionInTheSource) {
  const ExplainedDoor door(test::door_source(rules()));
  const json document = door.explain(get("/a/x"));
  const json& rule = by_id(document["rules"], "b");
  EXPECT_EQ(rule["place"]["pointer"], "/rules/1");
  std::map<std::string, std::string> pointers;
  for (const json& one : rule["conditions"]) {
    if (one["place"].is_null()) continue;
    pointers[one["asks"]] = one["place"]["pointer"];
    std::istringstream lines(door.source());
    std::string line;
    for (int i = 0; i < one["place"]["line"].get<int>(); ++i) std::getline(lines, line);
    const std::string pointer = one["place"]["pointer"];
    const std::string member = "\"" + pointer.substr(pointer.rfind('/') + 1) + "\"";
    EXPECT_EQ(line.find(member), one["place"]["column"].get<std::size_t>() - 1) << line;
  }
  EXPECT_EQ(pointers.at("identity.claims.tier equals \"gold\""), "/rules/1/identity/claims/tier/equals");
  EXPECT_EQ(pointers.at("time until \"2030-01-01T00:00:00Z\""), "/rules/1/expires");
  EXPECT_EQ(pointers.at("flags.beta false"), "/rules/1/flags/beta");
  EXPECT_EQ(pointers.size(), 5U);
  EXPECT_EQ(document["routing"]["place"]["pointer"], "/routes/0");
}

TEST(Explain, WithoutASourceThereAreNoPlaces) {
  const ExplainedDoor door(test::door_source(rules()));
  const Explanation explanation = door.ask(get("/a/x"), std::nullopt, "");
  ASSERT_EQ(explanation.reason, Reason::kOk);
  EXPECT_EQ(by_id(json::parse(explanation.json)["rules"], "b")["place"], nullptr);
}

TEST(Explain, RefusesASourceOfAnotherGate) {
  const ExplainedDoor door(test::door_source(rules()));
  json other = json::parse(door.source());
  other["rules"][1]["identity"]["claims"]["tier"]["equals"] = "silver";
  const Explanation mismatch = door.ask(get("/a/x"), std::nullopt, other.dump());
  EXPECT_EQ(mismatch.reason, Reason::kUsageArgument);
  EXPECT_THAT(mismatch.message, HasSubstr("not the source of the Gate"));
  EXPECT_EQ(mismatch.text, "");
  const Explanation broken = door.ask(get("/a/x"), std::nullopt, "{");
  EXPECT_EQ(broken.reason, Reason::kGateJson);
  EXPECT_THAT(broken.message, HasSubstr("line 1"));
  std::reverse(other["rules"].begin(), other["rules"].end());
  other["rules"][1]["identity"]["claims"]["tier"]["equals"] = "gold";
  EXPECT_EQ(door.ask(get("/a/x"), std::nullopt, other.dump()).reason, Reason::kOk);
}

TEST(Explain, TellsWhyNoRouteWasTaken) {
  const ExplainedDoor door(test::door_source(rules()));
  const json unknown = door.explain(get("/a/x/y"));
  EXPECT_EQ(unknown["routing"]["hosts"], json({"h.example"}));
  const json& first = unknown["routing"]["candidates"][0];
  EXPECT_EQ(first["route"], "a");
  EXPECT_EQ(first["segments_matched"], 2);
  EXPECT_EQ(first["taken"], false);
  EXPECT_EQ(first["refused"], "the path goes on");
  const json method = door.explain("POST /a/x HTTP/1.1\r\nHost: h.example\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(method["routing"]["candidates"][0]["refused"], "not its method");
  const json host = door.explain("GET /a/x HTTP/1.1\r\nHost: other.example\r\n\r\n");
  EXPECT_EQ(host["routing"]["hosts"], json::array());
  const json taken = door.explain(get("/a/x"));
  EXPECT_EQ(taken["routing"]["candidates"][0]["taken"], true);
  EXPECT_THAT(taken["routing"]["candidates"][1]["refused"].get<std::string>(), HasSubstr("segment 1"));
}

TEST(Explain, TellsNoSecret) {
  json source = test::door_source(json::parse(R"([
    {"id": "r", "effect": "allow", "routes": ["a"], "identity": {"claims": {"tier": {"in": ["t"]}, "team": {"in": ["t"]}}},
     "request": {"query": {"session_token": {"in": ["no"]}, "next": {"in": ["no"]}}, "headers": {"x-region": {"in": ["eu"]}, "x-api-key": {"in": ["no"]}}}}])"));
  source["headers"].push_back("x-api-key");
  const ExplainedDoor door(source);
  const std::string token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl";
  const std::string lines = "Authorization: Bearer " + token + "\r\nCookie: session=hushhush1\r\nX-Region: " + token +
                            "\r\nX-Api-Key: hushhush2\r\n";
  const std::string head = get("/a/" + token + "?session_token=hushhush3&next=" + token, lines);
  const json claims = {{"tier", token}, {"team", std::string(5000, 'w')}};
  const Explanation explanation = door.ask(head, claims, door.source());
  ASSERT_EQ(explanation.reason, Reason::kOk) << explanation.message;
  EXPECT_EQ(json::parse(explanation.json)["rules"].size(), 1U);
  for (const std::string* said : {&explanation.text, &explanation.json}) {
    EXPECT_THAT(*said, Not(HasSubstr("eyJ")));
    EXPECT_THAT(*said, Not(HasSubstr("hushhush")));
    EXPECT_THAT(*said, Not(HasSubstr(std::string(100, 'w'))));
    EXPECT_THAT(*said, HasSubstr("5000 bytes"));
  }
}

TEST(Explain, TellsWhatFollowsAnAllowance) {
  json source = test::door_source(rules());
  source["identity_headers"] = {{"x-tier", {{"claim", "tier"}}}};
  source["routes"][0]["rewrite"] = "/moved/{2}";
  source["routes"][0]["rate"] = {{"limit", 5}, {"period_s", 60}, {"key", {"client"}}};
  const json shaping = ExplainedDoor(source).explain(get("/a/x?q=1", std::string(kBearer) + "X-Region: eu\r\n"),
                                                     json{{"tier", "gold"}, {"groups", {"g"}}})["shaping"];
  EXPECT_EQ(shaping["target"], "/moved/x? (3 bytes, not shown)");
  EXPECT_EQ(shaping["rate_limit"], 5);
  EXPECT_THAT(shaping["headers"].dump(), HasSubstr("set x-tier to gold"));
}

}  // namespace
}  // namespace ostiary
