#include "support/identity_builder.hpp"

#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/decide.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace ostiary {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;
using Texts = std::vector<std::string>;

/// A gate with the given routes and rules; everything else is common to the tests.
std::string image_of(const std::vector<json>& routes, const std::vector<json>& rules) {
  const json gate = {
      {"gate", 1},
      {"name", "test"},
      {"issuers",
       {{"one", {{"issuer", "https://one.example"}, {"audiences", Texts{"api"}}, {"algorithms", Texts{"RS256"}}}},
        {"two", {{"issuer", "https://two.example"}, {"audiences", Texts{"api"}}, {"algorithms", Texts{"ES256"}}}}}},
      {"claims", {{"tier", "text"}, {"level", "integer"}, {"staff", "boolean"}, {"groups", "text_set"}}},
      {"origins", {{"o", {{"scheme", "https"}, {"host", "o.example"}, {"port", 443}}}}},
      {"identity_headers",
       {{"x-groups", {{"claim", "groups"}}},
        {"x-level", {{"claim", "level"}}},
        {"x-peer", {{"from", "peer"}}},
        {"x-staff", {{"claim", "staff"}}},
        {"x-user", {{"claim", "sub"}}}}},
      {"routes", routes},
      {"rules", rules}};
  const CompiledGate compiled = compile_gate(gate.dump());
  EXPECT_TRUE(compiled.ok()) << compiled.errors.front().message;
  return compiled.image;
}

json route(const std::string& id, const std::string& path, const Texts& hosts = {"h.example"},
           const Texts& methods = {"GET"}) {
  return {{"id", id}, {"hosts", hosts}, {"methods", methods}, {"path", path}, {"origin", "o"}};
}

json public_rule(const std::string& id, const Texts& routes, const std::string& effect = "allow") {
  return {{"id", id}, {"effect", effect}, {"routes", routes}, {"public", true}};
}

json identity_rule(const std::string& id, const json& identity, const std::string& effect = "allow") {
  return {{"id", id}, {"effect", effect}, {"routes", Texts{"*"}}, {"identity", identity}};
}

/// A Decision with copies of its texts, so that it outlives the scratch.
struct Outcome {
  Reason reason;
  std::string route;
  std::string rule;
  std::string origin;
  std::vector<std::string> headers;
};

class Door {
 public:
  Door(const std::vector<json>& routes, const std::vector<json>& rules)
      : image_(image_of(routes, rules)), gate_(*Gate::load(image_)) {}

  Outcome ask(const std::string& host, const std::string& path, const std::optional<json>& claims = std::nullopt,
              Method method = Method::kGet, std::string_view peer = {}) {
    Request request;
    request.method = method;
    request.host = host;
    request.path = path;
    const std::string identity_bytes = claims ? test::identity_image(*claims) : std::string();
    const Result<Identity> identity = claims ? Identity::load(identity_bytes) : Result<Identity>(Identity());
    EXPECT_TRUE(identity.ok());
    std::vector<std::byte> memory(16 * 1024);
    Arena scratch(memory);
    const Facts facts{0, peer};
    const Decision decision =
        decide(gate_, request, match_route(gate_, request), claims ? &*identity : nullptr, facts, scratch);
    EXPECT_EQ(decision.allowed(), decision.reason == Reason::kAllowed);
    Outcome outcome{
        decision.reason, std::string(decision.route), std::string(decision.rule), std::string(decision.origin), {}};
    for (const HeaderEdit& edit : decision.headers) {
      const bool set = edit.kind == HeaderEditKind::kSet;
      outcome.headers.push_back((set ? "+" : "-") + std::string(edit.name) +
                                (set ? "=" + std::string(edit.value) : ""));
    }
    return outcome;
  }

  /// The reason alone, on the one host and path most tests use.
  Reason reason_for(const std::optional<json>& claims) { return ask("h.example", "/a", claims).reason; }

 private:
  std::string image_;
  Gate gate_;
};

TEST(Routing, TakesLiteralBeforeStarBeforeTailFromTheLeft) {
  Door door({route("literal", "/a/b/c"), route("star", "/a/*/c"), route("late-star", "/a/b/*"), route("tail", "/a/**"),
             route("root-tail", "/**"), route("root", "/")},
            {public_rule("all", {"*"})});
  const auto routed = [&](const std::string& path) { return door.ask("h.example", path).route; };
  EXPECT_EQ(routed("/a/b/c"), "literal");
  EXPECT_EQ(routed("/a/b/d"), "late-star");
  EXPECT_EQ(routed("/a/x/c"), "star");
  EXPECT_EQ(routed("/a/x/d"), "tail");
  EXPECT_EQ(routed("/a/"), "tail");
  EXPECT_EQ(routed("/a"), "root-tail");
  EXPECT_EQ(routed("/"), "root");
  EXPECT_EQ(routed("/a/b/c/"), "tail");
}

TEST(Routing, AStarNeedsANonEmptySegment) {
  Door door({route("star", "/a/*")}, {public_rule("all", {"*"})});
  EXPECT_EQ(door.ask("h.example", "/a/x").reason, Reason::kAllowed);
  EXPECT_EQ(door.ask("h.example", "/a/").reason, Reason::kRouteUnknown);
  EXPECT_EQ(door.ask("h.example", "/a/x/").reason, Reason::kRouteUnknown);
}

TEST(Routing, TakesAnExactHostBeforeAWildcardOne) {
  Door door(
      {route("exact", "/a", {"h.example"}), route("wild", "/a", {"*.example"}), route("wild-b", "/b", {"*.example"})},
      {public_rule("all", {"*"})});
  EXPECT_EQ(door.ask("h.example", "/a").route, "exact");
  EXPECT_EQ(door.ask("i.example", "/a").route, "wild");
  EXPECT_EQ(door.ask("h.example", "/b").route, "wild-b");
  EXPECT_EQ(door.ask("example", "/a").reason, Reason::kRouteHost);
  EXPECT_EQ(door.ask("x.h.example", "/a").reason, Reason::kRouteHost);
}

TEST(Routing, TellsAWrongMethodFromAnUnknownPath) {
  Door door({route("get", "/a"), route("put", "/*", {"h.example"}, {"PUT"})}, {public_rule("all", {"*"})});
  EXPECT_EQ(door.ask("h.example", "/a", std::nullopt, Method::kPost).reason, Reason::kRouteMethod);
  EXPECT_EQ(door.ask("h.example", "/a", std::nullopt, Method::kPut).route, "put");
  EXPECT_EQ(door.ask("h.example", "/a/b", std::nullopt, Method::kGet).reason, Reason::kRouteUnknown);
  EXPECT_EQ(door.ask("other.example", "/a").reason, Reason::kRouteHost);
}

TEST(Rules, NothingIsAllowedByDefault) {
  Door door({route("a", "/a"), route("b", "/b")}, {public_rule("only-b", {"b"})});
  EXPECT_EQ(door.reason_for(std::nullopt), Reason::kRuleNoMatch);
  EXPECT_EQ(door.reason_for(json{{"sub", "x"}}), Reason::kRuleNoMatch);
}

TEST(Rules, ADenialOverridesEveryPermission) {
  Door door({route("a", "/a")}, {public_rule("allow", {"a"}),
                                 identity_rule("zz-deny", {{"claims", {{"tier", {{"equals", "bad"}}}}}}, "deny")});
  EXPECT_EQ(door.reason_for(std::nullopt), Reason::kAllowed);
  EXPECT_EQ(door.reason_for(json{{"tier", "good"}}), Reason::kAllowed);
  const Outcome denied = door.ask("h.example", "/a", json{{"tier", "bad"}});
  EXPECT_EQ(denied.reason, Reason::kRuleDenied);
  EXPECT_EQ(denied.rule, "zz-deny");
  EXPECT_EQ(denied.route, "a");
  EXPECT_EQ(denied.origin, "");
  EXPECT_THAT(denied.headers, IsEmpty());
}

TEST(Rules, OfSeveralThatMatchTheFirstIdIsReported) {
  Door door({route("a", "/a")}, {public_rule("m", {"a"}), public_rule("b", {"*"}), public_rule("z", {"a"})});
  EXPECT_EQ(door.ask("h.example", "/a").rule, "b");
}

TEST(Rules, AnIdentityIsAskedForWhereOneCouldHelp) {
  Door door({route("a", "/a")}, {identity_rule("any", json::object())});
  EXPECT_EQ(door.reason_for(std::nullopt), Reason::kCredentialMissing);
  EXPECT_EQ(door.reason_for(json{{"sub", "x"}}), Reason::kAllowed);
}

TEST(Rules, ADenialForEveryoneNeedsNoIdentity) {
  Door door({route("a", "/a")}, {public_rule("allow", {"a"}), public_rule("closed", {"a"}, "deny")});
  EXPECT_EQ(door.reason_for(std::nullopt), Reason::kRuleDenied);
}

TEST(Conditions, IssuersAreComparedByTheirExactName) {
  Door door({route("a", "/a")}, {identity_rule("r", {{"issuers", Texts{"two"}}})});
  EXPECT_EQ(door.reason_for(json{{"iss", "https://two.example"}}), Reason::kAllowed);
  EXPECT_EQ(door.reason_for(json{{"iss", "https://one.example"}}), Reason::kRuleNoMatch);
  EXPECT_EQ(door.reason_for(json{{"iss", "https://two.example/"}}), Reason::kRuleNoMatch);
  EXPECT_EQ(door.reason_for(json::object()), Reason::kRuleNoMatch);
}

TEST(Conditions, ScopesNeedAllOfOneListAndOneOfTheOther) {
  Door door({route("a", "/a")},
            {identity_rule("r", {{"scopes", {{"all", Texts{"x", "y"}}, {"any", Texts{"p", "q"}}}}})});
  EXPECT_EQ(door.reason_for(json{{"scope", "y q x"}}), Reason::kAllowed);
  EXPECT_EQ(door.reason_for(json{{"scope", "x p q"}}), Reason::kRuleNoMatch);
  EXPECT_EQ(door.reason_for(json{{"scope", "x y"}}), Reason::kRuleNoMatch);
  EXPECT_EQ(door.reason_for(json{{"scope", "xy x p"}}), Reason::kRuleNoMatch);
}

struct ConditionCase {
  std::string name;
  json condition;  ///< {claim: {operator: operand}}
  std::vector<json> holds;
  std::vector<json> fails;
};

class ConditionTest : public testing::TestWithParam<ConditionCase> {};

TEST_P(ConditionTest, HoldsForExactlyTheseClaims) {
  Door door({route("a", "/a")}, {identity_rule("r", {{"claims", GetParam().condition}})});
  for (const json& claims : GetParam().holds) EXPECT_EQ(door.reason_for(claims), Reason::kAllowed) << claims;
  for (const json& claims : GetParam().fails) EXPECT_EQ(door.reason_for(claims), Reason::kRuleNoMatch) << claims;
}

INSTANTIATE_TEST_SUITE_P(
    Claims, ConditionTest,
    testing::Values(
        ConditionCase{
            "text_equals",
            {{"tier", {{"equals", "gold"}}}},
            {{{"tier", "gold"}}},
            {{{"tier", "Gold"}}, {{"tier", "golden"}}, {{"tier", Texts{"gold"}}}, {{"tier", true}}, json::object()}},
        ConditionCase{"text_in",
                      {{"tier", {{"in", Texts{"a", "b"}}}}},
                      {{{"tier", "a"}}, {{"tier", "b"}}},
                      {{{"tier", "ab"}}, {{"tier", ""}}}},
        ConditionCase{"integer_equals",
                      {{"level", {{"equals", -3}}}},
                      {{{"level", -3}}},
                      {{{"level", 3}}, {{"level", "-3"}}, {{"level", -3.5}}, {{"level", nullptr}}}},
        ConditionCase{"integer_in",
                      {{"level", {{"in", std::vector<std::int64_t>{1, 9007199254740993}}}}},
                      {{{"level", 9007199254740993}}},
                      {{{"level", 9007199254740992}}}},
        ConditionCase{"boolean_true",
                      {{"staff", {{"equals", true}}}},
                      {{{"staff", true}}},
                      {{{"staff", false}}, {{"staff", 1}}, {{"staff", "true"}}}},
        ConditionCase{"boolean_false",
                      {{"staff", {{"equals", false}}}},
                      {{{"staff", false}}},
                      {{{"staff", true}}, {{"staff", 0}}, json::object()}},
        ConditionCase{
            "present", {{"tier", {{"present", true}}}}, {{{"tier", "x"}}, {{"tier", nullptr}}}, {json::object()}},
        ConditionCase{"absent",
                      {{"tier", {{"present", false}}}},
                      {json::object(), {{"level", 1}}},
                      {{{"tier", "x"}}, {{"tier", nullptr}}}},
        ConditionCase{"has_any",
                      {{"groups", {{"has_any", Texts{"a", "b"}}}}},
                      {{{"groups", Texts{"x", "b"}}}},
                      {{{"groups", Texts{"x"}}}, {{"groups", json::array()}}, {{"groups", "a"}}}},
        ConditionCase{"has_all",
                      {{"groups", {{"has_all", Texts{"a", "b"}}}}},
                      {{{"groups", Texts{"b", "x", "a"}}}},
                      {{{"groups", Texts{"a", "a"}}}, {{"groups", json::array()}}}},
        ConditionCase{"two_claims",
                      {{"tier", {{"equals", "a"}}}, {"level", {{"equals", 1}}}},
                      {{{"tier", "a"}, {"level", 1}}},
                      {{{"tier", "a"}}, {{"level", 1}}}}),
    [](const testing::TestParamInfo<ConditionCase>& test) { return test.param.name; });

TEST(Shaping, RemovesEveryIdentityHeaderThenSetsWhatIsKnown) {
  Door door({route("a", "/a")}, {public_rule("r", {"a"})});
  EXPECT_THAT(door.ask("h.example", "/a").headers,
              ElementsAre("-x-groups", "-x-level", "-x-peer", "-x-staff", "-x-user"));
  EXPECT_THAT(
      door.ask("h.example", "/a", json{{"sub", "u 1"}, {"level", -7}, {"staff", false}, {"groups", Texts{"b", "a"}}},
               Method::kGet, "203.0.113.9")
          .headers,
      ElementsAre("-x-groups", "-x-level", "-x-peer", "-x-staff", "-x-user", "+x-groups=b,a", "+x-level=-7",
                  "+x-peer=203.0.113.9", "+x-staff=false", "+x-user=u 1"));
}

TEST(Shaping, DeniesAClaimThatCannotBeSentFaithfully) {
  Door door({route("a", "/a")}, {public_rule("r", {"a"})});
  for (const json& claims :
       {json{{"sub", "a\r\nx-admin: 1"}}, json{{"sub", ""}}, json{{"sub", " a"}}, json{{"sub", "a "}},
        json{{"sub", "\xc3\xa9"}}, json{{"sub", std::string(4097, 'a')}}, json{{"sub", nullptr}},
        json{{"groups", Texts{"a,b"}}}, json{{"groups", Texts{""}}}, json{{"groups", json::array()}},
        json{{"groups", Texts(1000, "abcd")}}, json{{"sub", std::string("a\0b", 3)}}, json{{"sub", "a\tb"}}}) {
    const Outcome outcome = door.ask("h.example", "/a", claims);
    EXPECT_EQ(outcome.reason, Reason::kIdentityHeaderValue) << claims;
    EXPECT_EQ(outcome.rule, "r");
    EXPECT_THAT(outcome.headers, IsEmpty());
  }
  EXPECT_EQ(door.reason_for(json{{"sub", std::string(4096, 'a')}}), Reason::kAllowed);
}

TEST(Decide, FailsClosedWhenScratchIsTooSmall) {
  const std::string image = image_of({route("a", "/a")}, {public_rule("r", {"a"})});
  const Gate gate = *Gate::load(image);
  Request request;
  request.host = "h.example";
  request.path = "/a";
  std::vector<std::byte> memory(4096);
  Arena scratch(memory);
  ASSERT_NE(scratch.allocate<char>(4000), nullptr);  // what is left is less than five edits need
  const Decision decision = decide(gate, request, match_route(gate, request), nullptr, {}, scratch);
  EXPECT_FALSE(decision.allowed());
  EXPECT_EQ(decision.reason, Reason::kUsageScratchTooSmall);
}

TEST(Decide, AnEmptyGateDeniesEverything) {
  Request request;
  request.host = "h.example";
  request.path = "/";
  std::vector<std::byte> memory(64);
  Arena scratch(memory);
  EXPECT_EQ(decide(Gate(), request, match_route(Gate(), request), nullptr, {}, scratch).reason, Reason::kRouteHost);
  EXPECT_EQ(Decision().reason, Reason::kNotDecided);
  EXPECT_FALSE(Decision().allowed());
}

}  // namespace
}  // namespace ostiary
