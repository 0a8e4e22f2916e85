// Each condition on requests, the host and tokens: for which requests it holds.
#include "asked_door.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace ostiary {
namespace {

using nlohmann::json;
using test::Answer;
using test::AskedDoor;
using test::Question;
using Texts = std::vector<std::string>;

/// A door with one rule for anyone and these further members of it.
AskedDoor public_door(const json& members) {
  json rule = {{"id", "r"}, {"effect", "allow"}, {"routes", Texts{"a"}}, {"public", true}};
  rule.update(members);
  return AskedDoor(test::door_source(json::array({rule})));
}

AskedDoor identity_door(const json& identity) {
  const json rule = {{"id", "r"}, {"effect", "allow"}, {"routes", Texts{"*"}}, {"identity", identity}};
  return AskedDoor(test::door_source(json::array({rule})));
}

struct RequestCase {
  std::string name;
  json members;  ///< of the rule
  std::vector<Question> holds;
  std::vector<Question> fails;
  Dimension dimension;  ///< that a failure is laid to
};

class RequestConditionTest : public testing::TestWithParam<RequestCase> {};

TEST_P(RequestConditionTest, HoldsForExactlyTheseRequests) {
  const AskedDoor door = public_door(GetParam().members);
  for (const Question& question : GetParam().holds) {
    EXPECT_EQ(door.reason(question), Reason::kAllowed) << question.target << question.lines;
  }
  for (const Question& question : GetParam().fails) {
    const Answer answer = door.ask(question);
    EXPECT_EQ(answer.reason, Reason::kRuleNoMatch) << question.target << question.lines;
    EXPECT_EQ(answer.nearest_rule, "r");
    EXPECT_EQ(dimension_name(answer.nearest), dimension_name(GetParam().dimension));
  }
}

json request(const std::string& text) { return {{"request", json::parse(text)}}; }
Question to(std::string target) { return {.target = std::move(target)}; }
Question with_method(std::string method) { return {.method = std::move(method)}; }
Question with_lines(std::string lines) { return {.lines = std::move(lines)}; }
Question by(Scheme scheme, std::string target = "/a/x") { return {.target = std::move(target), .scheme = scheme}; }
Question from(std::string peer) { return {.peer = std::move(peer)}; }
Question at(std::int64_t now_s) { return {.now_s = now_s}; }
Question flagged(std::vector<std::string_view> flags) { return {.flags = std::move(flags)}; }

INSTANTIATE_TEST_SUITE_P(
    Requests, RequestConditionTest,
    testing::Values(
        RequestCase{"methods",
                    request(R"({"methods": ["PUT", "DELETE"]})"),
                    {with_method("PUT"), with_method("DELETE")},
                    {with_method("GET")},
                    Dimension::kMethod},
        // A target tells what its sender likes.
        RequestCase{"schemes",
                    request(R"({"schemes": ["https"]})"),
                    {by(Scheme::kHttps), by(Scheme::kHttps, "https://h.example/a/x")},
                    {by(Scheme::kHttp), to("/a/x"), to("https://h.example/a/x"), to("http://h.example/a/x")},
                    Dimension::kScheme},
        RequestCase{"both_schemes",
                    request(R"({"schemes": ["http", "https"]})"),
                    {by(Scheme::kHttps), by(Scheme::kHttp)},
                    {to("/a/x"), to("http://h.example/a/x")},
                    Dimension::kScheme},
        RequestCase{"paths",
                    request(R"({"paths": ["/a/x", "/a/y%20z"]})"),
                    {to("/a/x"), to("/a/%78"), to("/a/y%20z")},
                    {to("/a/z"), to("/a/X"), to("/a/y+z")},
                    Dimension::kPath},
        RequestCase{"path_with_star", request(R"({"paths": ["/*/x"]})"), {to("/a/x")}, {to("/a/y")}, Dimension::kPath},
        RequestCase{"path_with_tail", request(R"({"paths": ["/a/**"]})"), {to("/a/x")}, {}, Dimension::kPath},
        RequestCase{"query_equals",
                    request(R"({"query": {"q": {"equals": "a+b"}}})"),
                    {to("/a/x?q=a+b"), to("/a/x?p=1&q=a%2Bb"), to("/a/x?%71=a+b")},
                    {to("/a/x"), to("/a/x?q"), to("/a/x?q="), to("/a/x?q=a%20b"), to("/a/x?Q=a+b"), to("/a/x?q=a+bc")},
                    Dimension::kQuery},
        RequestCase{"query_equals_with_spaces",
                    request(R"({"query": {"q": {"equals": "a b "}}})"),
                    {to("/a/x?q=a%20b%20"), to("/a/x?q=a+b+"), to("/a/x?q=a+b%20")},
                    {to("/a/x?q=a%2Bb%20"), to("/a/x?q=a+b"), to("/a/x?q=ab+"), to("/a/x?q=a+b++")},
                    Dimension::kQuery},
        // A program reads every plus in one way.
        RequestCase{"query_equals_with_space_and_plus",
                    request(R"({"query": {"q": {"equals": "a b+c"}}})"),
                    {to("/a/x?q=a%20b%2Bc"), to("/a/x?q=a+b%2Bc"), to("/a/x?q=a%20b+c")},
                    {to("/a/x?q=a+b+c"), to("/a/x?q=a%2Bb+c")},
                    Dimension::kQuery},
        RequestCase{"query_in",
                    request(R"({"query": {"q": {"in": ["1", "2"]}}})"),
                    {to("/a/x?q=1"), to("/a/x?q=2")},
                    {to("/a/x?q=12"), to("/a/x?q=01")},
                    Dimension::kQuery},
        RequestCase{"query_present",
                    request(R"({"query": {"q": {"present": true}}})"),
                    {to("/a/x?q"), to("/a/x?q="), to("/a/x?q=1")},
                    {to("/a/x"), to("/a/x?p")},
                    Dimension::kQuery},
        RequestCase{"query_absent",
                    request(R"({"query": {"q": {"present": false}}})"),
                    {to("/a/x"), to("/a/x?p=q")},
                    {to("/a/x?q"), to("/a/x?%71")},
                    Dimension::kQuery},
        RequestCase{"header_equals",
                    request(R"({"headers": {"x-region": {"equals": "eu"}}})"),
                    {with_lines("X-Region: eu\r\n"), with_lines("x-region:  eu  \r\n")},
                    {with_lines(""), with_lines("X-Region: EU\r\n"), with_lines("X-Region:\r\n")},
                    Dimension::kHeader},
        RequestCase{"header_present",
                    request(R"({"headers": {"x-region": {"present": true}}})"),
                    {with_lines("X-Region: eu\r\n"), with_lines("X-Region:\r\n")},
                    {with_lines(""), with_lines("X-Region-2: eu\r\n")},
                    Dimension::kHeader},
        RequestCase{"header_absent",
                    request(R"({"headers": {"x-region": {"present": false}}})"),
                    {with_lines("")},
                    {with_lines("X-Region:\r\n")},
                    Dimension::kHeader},
        RequestCase{"client_in",
                    request(R"({"client": {"in": ["office", "203.0.113.7/32"]}})"),
                    {from("192.0.2.0"), from("192.0.2.255"), from("2001:db8::1"), from("203.0.113.7"),
                     from("::ffff:192.0.2.9")},
                    {from(""), from("192.0.3.0"), from("203.0.113.8"), from("2001:db9::1")},
                    Dimension::kClient},
        RequestCase{"client_not_in",
                    request(R"({"client": {"not_in": ["office"]}})"),
                    {from("192.0.3.0"), from("2001:db9::1")},
                    {from(""), from("192.0.2.1"), from("2001:db8::1"), from("::ffff:192.0.2.9")},
                    Dimension::kClient},
        RequestCase{"time",
                    {{"time", {{"from", "1970-01-01T00:00:10Z"}, {"until", "1970-01-01T00:00:20Z"}}}},
                    {at(10), at(19)},
                    {at(9), at(20), at(INT64_MIN), at(INT64_MAX)},
                    Dimension::kTime},
        RequestCase{"from_alone",
                    {{"time", {{"from", "1970-01-01T00:00:10Z"}}}},
                    {at(10), at(INT64_MAX - 1)},
                    {at(9)},
                    Dimension::kTime},
        RequestCase{"until_alone",
                    {{"time", {{"until", "1970-01-01T00:00:10Z"}}}},
                    {at(9), at(INT64_MIN)},
                    {at(10)},
                    Dimension::kTime},
        RequestCase{"expires", {{"expires", "1970-01-01T00:00:10Z"}}, {at(9)}, {at(10), at(11)}, Dimension::kTime},
        RequestCase{"time_and_expires",
                    {{"time", {{"from", "1970-01-01T00:00:05Z"}, {"until", "1970-01-01T00:00:30Z"}}},
                     {"expires", "1970-01-01T00:00:10Z"}},
                    {at(5), at(9)},
                    {at(4), at(10), at(29)},
                    Dimension::kTime},
        RequestCase{"flags",
                    {{"flags", {{"beta", true}, {"closed", false}}}},
                    {flagged({"beta"}), flagged({"beta", "beta"})},
                    {flagged({}), flagged({"beta", "closed"}), flagged({"closed"})},
                    Dimension::kFlag}),
    [](const testing::TestParamInfo<RequestCase>& test) { return test.param.name; });

TEST(RequestConditions, HostsMatchAsThoseOfRoutesDo) {
  const auto reason = [](const Texts& hosts, const std::string& host) {
    return public_door({{"request", {{"hosts", hosts}}}}).reason(to("http://" + host + "/a/x"));
  };
  EXPECT_EQ(reason({"h.example"}, "h.example"), Reason::kAllowed);
  EXPECT_EQ(reason({"i.example"}, "h.example"), Reason::kRuleNoMatch);
  EXPECT_EQ(reason({"*.example"}, "h.example"), Reason::kAllowed);
  EXPECT_EQ(reason({"*.other", "i.example"}, "h.example"), Reason::kRuleNoMatch);
}

TEST(RequestConditions, AllOfThemMustHold) {
  const AskedDoor door = public_door(
      {{"request", {{"methods", Texts{"PUT"}}, {"query", {{"q", {{"equals", "1"}}}}}}}, {"flags", {{"beta", true}}}});
  EXPECT_EQ(door.reason({.method = "PUT", .target = "/a/x?q=1", .flags = {"beta"}}), Reason::kAllowed);
  EXPECT_EQ(door.reason({.method = "GET", .target = "/a/x?q=1", .flags = {"beta"}}), Reason::kRuleNoMatch);
  EXPECT_EQ(door.reason({.method = "PUT", .target = "/a/x?q=2", .flags = {"beta"}}), Reason::kRuleNoMatch);
  EXPECT_EQ(door.reason({.method = "PUT", .target = "/a/x?q=1"}), Reason::kRuleNoMatch);
}

TEST(RequestConditions, WhatARuleReadsMayNotStandTwice) {
  const AskedDoor door = public_door(request(R"({"query": {"q": {"present": false}}})"));
  for (const char* target : {"/a/x?q=1&q=1", "/a/x?q&%71", "/a/x?q=1&q[]=2", "/a/x?q[a]=2"}) {
    EXPECT_EQ(door.reason(to(target)), Reason::kParameterDuplicate) << target;
  }
  EXPECT_EQ(door.reason(to("/a/x?p=1&p=2")), Reason::kAllowed);
  const AskedDoor headers = public_door(request(R"({"headers": {"x-region": {"equals": "eu"}}})"));
  EXPECT_EQ(headers.reason(with_lines("x-region: eu\r\nX-REGION: eu\r\n")), Reason::kFieldDuplicate);
  EXPECT_EQ(headers.reason(with_lines("x-region: eu\r\nx-zone: a\r\nx-zone: b\r\n")), Reason::kAllowed);
}

TEST(RequestConditions, AFlagThatTheGateDoesNotKnowIsAFaultOfTheHost) {
  const AskedDoor door = public_door(json::object());
  EXPECT_EQ(door.reason(flagged({"beta"})), Reason::kAllowed);
  EXPECT_EQ(door.reason(flagged({"bet"})), Reason::kUsageFlag);
  EXPECT_EQ(door.reason(flagged({"beta", ""})), Reason::kUsageFlag);
}

TEST(RequestConditions, ADenialMayDependOnThem) {
  const json allow = {{"id", "allow"}, {"effect", "allow"}, {"routes", Texts{"a"}}, {"public", true}};
  const json deny = {
      {"id", "deny"}, {"effect", "deny"}, {"routes", Texts{"*"}}, {"public", true}, {"flags", {{"closed", true}}}};
  const AskedDoor door(test::door_source(json::array({allow, deny})));
  EXPECT_EQ(door.reason({}), Reason::kAllowed);
  EXPECT_EQ(door.ask(flagged({"closed"})).rule, "deny");
}

/// A door that allows everyone on "a" save whom this rule denies.
AskedDoor denying_door(const json& members) {
  const json allow = {{"id", "allow"}, {"effect", "allow"}, {"routes", Texts{"a"}}, {"public", true}};
  json deny = {{"id", "deny"}, {"effect", "deny"}, {"routes", Texts{"a"}}};
  if (!members.contains("identity")) deny["public"] = true;
  deny.update(members);
  return AskedDoor(test::door_source(json::array({allow, deny})));
}

TEST(RequestConditions, ASchemeThatNobodyTellsIsDeniedWhatAnySchemeIs) {
  const AskedDoor door = denying_door(request(R"({"schemes": ["http"]})"));
  EXPECT_EQ(door.reason(by(Scheme::kHttps)), Reason::kAllowed);
  EXPECT_EQ(door.reason(by(Scheme::kHttp)), Reason::kRuleDenied);
  EXPECT_EQ(door.reason(to("/a/x")), Reason::kRuleDenied);
  EXPECT_EQ(door.reason(to("https://h.example/a/x")), Reason::kRuleDenied);
}

TEST(RequestConditions, ADenialOfAValueIsNotPassedByEitherReadingOfAPlus) {
  const AskedDoor spaces = denying_door(request(R"({"query": {"role": {"equals": "super admin"}}})"));
  for (const char* target : {"/a/x?role=super+admin", "/a/x?role=super%20admin", "/a/x?r%6fle=super+%61dmin"}) {
    EXPECT_EQ(spaces.reason(to(target)), Reason::kRuleDenied) << target;
  }
  EXPECT_EQ(spaces.reason(to("/a/x?role=super%2Badmin")), Reason::kAllowed);
  const AskedDoor pluses = denying_door(request(R"({"query": {"role": {"equals": "a+b"}}})"));
  EXPECT_EQ(pluses.reason(to("/a/x?role=a+b")), Reason::kRuleDenied);
  EXPECT_EQ(pluses.reason(to("/a/x?role=a%2Bb")), Reason::kRuleDenied);
  EXPECT_EQ(pluses.reason(to("/a/x?role=a%20b")), Reason::kAllowed);
}

struct TokenCase {
  std::string name;
  json identity;
  std::vector<json> holds;
  std::vector<json> fails;
};

class TokenConditionTest : public testing::TestWithParam<TokenCase> {};

TEST_P(TokenConditionTest, HoldsForExactlyTheseTokens) {
  const AskedDoor door = identity_door(GetParam().identity);
  for (const json& claims : GetParam().holds) {
    EXPECT_EQ(door.reason({.claims = claims, .now_s = 1000}), Reason::kAllowed) << claims;
  }
  for (const json& claims : GetParam().fails) {
    EXPECT_EQ(door.reason({.claims = claims, .now_s = 1000}), Reason::kRuleNoMatch) << claims;
  }
  EXPECT_EQ(door.reason({.now_s = 1000}), Reason::kCredentialMissing);
}

json claims(const std::string& text) { return {{"claims", json::parse(text)}}; }

INSTANTIATE_TEST_SUITE_P(
    Tokens, TokenConditionTest,
    testing::Values(
        TokenCase{"audiences",
                  {{"audiences", Texts{"one", "two"}}},
                  {{{"aud", "one"}}, {{"aud", Texts{"x", "two"}}}},
                  {json::object(), {{"aud", "on"}}, {{"aud", Texts{"x"}}}, {{"aud", json::array()}}, {{"aud", 1}}}},
        TokenCase{"scopes_none",
                  {{"scopes", {{"none", Texts{"admin", "root"}}}}},
                  {json::object(), {{"scope", "read administrator"}}},
                  {{{"scope", "read admin"}}, {{"scope", "root"}}}},
        TokenCase{"token_age",
                  {{"token_age_max_s", 100}},
                  {{{"iat", 900}}, {{"iat", 1000}}, {{"iat", 2000}}},
                  {{{"iat", 899}}, json::object(), {{"iat", "900"}}, {{"iat", INT64_MIN}}}},
        TokenCase{"not_in",
                  claims(R"({"tier": {"not_in": ["a", "b"]}})"),
                  {{{"tier", "c"}}, {{"tier", "A"}}, {{"tier", ""}}},
                  {{{"tier", "a"}}, {{"tier", "b"}}, json::object(), {{"tier", 1}}, {{"tier", Texts{"c"}}}}},
        TokenCase{"integer_not_in",
                  claims(R"({"level": {"not_in": [1, 2]}})"),
                  {{{"level", 3}}, {{"level", -1}}},
                  {{{"level", 1}}, {{"level", 2}}, {{"level", "3"}}, json::object(), {{"level", true}}}},
        TokenCase{"prefix",
                  claims(R"({"tier": {"prefix": ["go", "si"]}})"),
                  {{{"tier", "go"}}, {{"tier", "gold"}}, {{"tier", "silver"}}},
                  {{{"tier", "g"}}, {{"tier", "ago"}}, {{"tier", "Go"}}, {{"tier", Texts{"gold"}}}, json::object()}},
        TokenCase{"has_none",
                  claims(R"({"groups": {"has_none": ["a", "b"]}})"),
                  {{{"groups", Texts{"c"}}}, {{"groups", json::array()}}},
                  {{{"groups", Texts{"c", "b"}}}, {{"groups", "c"}}, json::object()}},
        TokenCase{"several_operators",
                  claims(R"({"tier": {"prefix": ["go"], "not_in": ["gold"], "in": ["gold", "goat", "goose"]}})"),
                  {{{"tier", "goat"}}, {{"tier", "goose"}}},
                  {{{"tier", "gold"}}, {{"tier", "gone"}}, {{"tier", "silver"}}, json::object()}},
        TokenCase{"equals_beside_in",
                  claims(R"({"tier": {"equals": "a", "in": ["a", "b"]}})"),
                  {{{"tier", "a"}}},
                  {{{"tier", "b"}}, json::object()}},
        TokenCase{"several_operators_on_a_set",
                  claims(R"({"groups": {"has_any": ["a", "b"], "has_all": ["c"], "has_none": ["d"]}})"),
                  {{{"groups", Texts{"a", "c"}}}, {{"groups", Texts{"c", "b", "x"}}}},
                  {{{"groups", Texts{"a"}}}, {{"groups", Texts{"c"}}}, {{"groups", Texts{"a", "c", "d"}}}}}),
    [](const testing::TestParamInfo<TokenCase>& test) { return test.param.name; });

TEST(ClaimsInPaths, OfARuleEqualTheSegment) {
  const json rule = {{"id", "r"},
                     {"effect", "allow"},
                     {"routes", Texts{"a"}},
                     {"identity", json::object()},
                     {"request", {{"paths", Texts{"/a/{team}"}}}}};
  const AskedDoor door(test::door_source(json::array({rule})));
  const auto reason = [&](const char* target, const json& identity) {
    return door.reason({.target = target, .claims = identity});
  };
  EXPECT_EQ(reason("/a/blue", {{"team", "blue"}}), Reason::kAllowed);
  EXPECT_EQ(reason("/a/bl%75e", {{"team", "blue"}}), Reason::kAllowed);
  EXPECT_EQ(reason("/a/blue", {{"team", "red"}}), Reason::kRuleNoMatch);
  EXPECT_EQ(reason("/a/Blue", {{"team", "blue"}}), Reason::kRuleNoMatch);
  EXPECT_EQ(reason("/a/blue", {{"team", Texts{"blue"}}}), Reason::kRuleNoMatch);
  EXPECT_EQ(reason("/a/blue", json::object()), Reason::kRuleNoMatch);
}

TEST(ClaimsInPaths, AreComparedWithTheSegmentDecodedOnce) {
  const json rule = {{"id", "r"}, {"effect", "allow"}, {"routes", Texts{"*"}}, {"identity", json::object()}};
  const AskedDoor door(test::door_source(json::array({rule})));
  const auto reason = [&](const std::string& segment, const char* sub) {
    return door.reason({.target = "/own/" + segment + "/x", .claims = json{{"sub", sub}}});
  };
  EXPECT_EQ(reason("a%20b", "a b"), Reason::kAllowed);
  EXPECT_EQ(reason("a%20b", "a%20b"), Reason::kRuleNoMatch);
  EXPECT_EQ(reason("%C3%A9", "\xc3\xa9"), Reason::kAllowed);
  EXPECT_EQ(reason("%C3%A9", "%C3%A9"), Reason::kRuleNoMatch);
  EXPECT_EQ(reason("d%3fe", "d?e"), Reason::kAllowed);
  EXPECT_EQ(reason("a%2520b", "a%20b"), Reason::kAllowed);  // a reading that decodes twice is refused before
  EXPECT_EQ(reason("a%2520b", "a b"), Reason::kRuleNoMatch);
  EXPECT_EQ(reason("a+b", "a+b"), Reason::kAllowed);
  EXPECT_EQ(reason("a+b", "a b"), Reason::kRuleNoMatch);
  EXPECT_EQ(reason("a%40b", "a@b"), Reason::kAllowed);
  EXPECT_EQ(reason("a", ""), Reason::kRuleNoMatch);
}

TEST(ClaimsInPaths, OfADenialAreMetByWhoeverTheClaimNames) {
  const AskedDoor door = denying_door({{"identity", json::object()}, {"request", {{"paths", Texts{"/a/{team}"}}}}});
  EXPECT_EQ(door.reason({.target = "/a/a%20b", .claims = json{{"team", "a b"}}}), Reason::kRuleDenied);
  EXPECT_EQ(door.reason({.target = "/a/%C3%A9", .claims = json{{"team", "\xc3\xa9"}}}), Reason::kRuleDenied);
  EXPECT_EQ(door.reason({.target = "/a/a%20b", .claims = json{{"team", "ab"}}}), Reason::kAllowed);
}

TEST(ClaimsInPaths, OfARouteBindWhoeverIsAllowedButNotADenial) {
  const json allow = {{"id", "allow"}, {"effect", "allow"}, {"routes", Texts{"*"}}, {"identity", json::object()}};
  const json anyone = {{"id", "anyone"}, {"effect", "allow"}, {"routes", Texts{"*"}}, {"public", true}};
  const json deny = {
      {"id", "deny"}, {"effect", "deny"}, {"routes", Texts{"own"}}, {"public", true}, {"flags", {{"closed", true}}}};
  const AskedDoor door(test::door_source(json::array({allow, anyone, deny})));
  EXPECT_EQ(door.reason({.target = "/own/me/x", .claims = json{{"sub", "me"}}}), Reason::kAllowed);
  EXPECT_EQ(door.reason({.target = "/own/me/x", .claims = json{{"sub", "you"}}}), Reason::kRuleNoMatch);
  EXPECT_EQ(door.reason({.target = "/own/me/x", .claims = json::object()}), Reason::kRuleNoMatch);
  EXPECT_EQ(door.reason({.target = "/own/me/x"}), Reason::kCredentialMissing);
  EXPECT_EQ(door.reason({.target = "/own/me/x", .claims = json{{"sub", "you"}}, .flags = {"closed"}}),
            Reason::kRuleDenied);
  EXPECT_EQ(door.reason({.target = "/own/me/x", .flags = {"closed"}}), Reason::kRuleDenied);
}

}  // namespace
}  // namespace ostiary
