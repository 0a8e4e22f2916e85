// From an identity to at most one role.
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
using testing::ElementsAre;
using testing::IsEmpty;
using Texts = std::vector<std::string>;

constexpr std::int64_t kNow = 1000;

json mapping(const std::string& id, const json& members = json::object()) {
  json role = {{"id", id},
               {"routes", Texts{"*"}},
               {"identity", json::object()},
               {"role_arn", "arn:aws:iam::123456789012:role/app/" + id},
               {"session_name", {{"claim", "sub"}}}};
  role.update(members);
  return role;
}

/// Everyone may pass; `role` is what the routes say about roles.
AskedDoor door_with(const json& mappings, const std::string& role = "optional") {
  const json anyone = {{"id", "anyone"}, {"effect", "allow"}, {"routes", Texts{"a"}}, {"public", true}};
  const json known = {{"id", "known"}, {"effect", "allow"}, {"routes", Texts{"*"}}, {"identity", json::object()}};
  json source = test::door_source(json::array({anyone, known}), mappings);
  for (json& route : source["routes"]) route["role"] = role;
  return AskedDoor(source);
}

Answer ask(const AskedDoor& door, const std::optional<json>& claims, const std::string& target = "/a/x",
           std::int64_t now_s = kNow) {
  return door.ask({.target = target, .claims = claims, .now_s = now_s});
}

json token(const json& more = json::object()) {
  json claims = {{"sub", "alice"}, {"exp", kNow + 100000}};
  claims.update(more);
  return claims;
}

TEST(Roles, OneMappingThatMatchesIsTheRole) {
  const AskedDoor door = door_with(json::array(
      {mapping("reader", {{"session_tags", {{"team", {{"claim", "team"}}}, {"Stage", {{"text", "prod"}}}}}}),
       mapping("other", {{"identity", {{"claims", {{"tier", {{"equals", "gold"}}}}}}}})}));
  const Answer answer = ask(door, token({{"team", "blue"}}));
  EXPECT_EQ(answer.reason, Reason::kAllowed);
  EXPECT_EQ(answer.role, "reader");
  EXPECT_EQ(answer.role_arn, "arn:aws:iam::123456789012:role/app/reader");
  EXPECT_EQ(answer.session_name, "alice");
  EXPECT_THAT(answer.session_tags, ElementsAre("Stage=prod", "team=blue"));
  EXPECT_EQ(answer.duration_s, 3600U);
}

TEST(Roles, SeveralThatMatchAreADenialEvenToTheSameRole) {
  const json same = {{"role_arn", "arn:aws:iam::123456789012:role/app/same"}};
  const AskedDoor door = door_with(json::array({mapping("one", same), mapping("two", same)}));
  const Answer answer = ask(door, token());
  EXPECT_EQ(answer.reason, Reason::kRoleAmbiguous);
  EXPECT_EQ(answer.role, "");
  EXPECT_EQ(ask(door, std::nullopt).reason, Reason::kAllowed);
}

TEST(Roles, NoneIsADenialOnlyWhereTheRouteDemandsOne) {
  const json gold = json::array({mapping("gold", {{"identity", {{"claims", {{"tier", {{"equals", "gold"}}}}}}}})});
  const Answer optional = ask(door_with(gold), token());
  EXPECT_EQ(optional.reason, Reason::kAllowed);
  EXPECT_EQ(optional.role, "");
  const AskedDoor demanding = door_with(gold, "required");
  EXPECT_EQ(ask(demanding, token()).reason, Reason::kRoleNone);
  EXPECT_EQ(ask(demanding, std::nullopt).reason, Reason::kRoleNone);
  EXPECT_EQ(ask(demanding, token({{"tier", "gold"}})).role, "gold");
}

TEST(Roles, ASessionEndsWithTheToken) {
  const AskedDoor door = door_with(json::array({mapping("m", {{"duration_s", 900}})}));
  const auto seconds = [&](const json& expiry) { return ask(door, token({{"exp", expiry}})).duration_s; };
  EXPECT_EQ(seconds(kNow + 901), 900U);
  EXPECT_EQ(seconds(kNow + 899), 899U);
  EXPECT_EQ(seconds(kNow + 1), 1U);
  for (const json& expiry : {json(kNow), json(kNow - 1), json(INT64_MIN), json("2000"), json(nullptr)}) {
    const Answer answer = ask(door, token({{"exp", expiry}}));
    EXPECT_EQ(answer.reason, Reason::kRoleNone) << expiry;
    EXPECT_EQ(answer.role, "");
  }
  EXPECT_EQ(ask(door, json{{"sub", "alice"}}).reason, Reason::kRoleNone);
}

TEST(Roles, ASessionNameThatAwsDoesNotTakeIsADenial) {
  const AskedDoor door = door_with(json::array({mapping("m")}));
  for (const json& name : {json("a"), json(""), json("a b"), json("a/b"), json("a:b"), json("\xc3\xa9\xc3\xa9"),
                           json(std::string(65, 'a')), json(12), json(Texts{"alice"})}) {
    EXPECT_EQ(ask(door, token({{"sub", name}})).reason, Reason::kRoleSession) << name;
  }
  EXPECT_EQ(ask(door, json{{"exp", kNow + 1}}).reason, Reason::kRoleSession);
  for (const std::string& name : {std::string("ab"), std::string(64, 'a'), std::string("a_+=,.@-B9")}) {
    EXPECT_EQ(ask(door, token({{"sub", name}})).session_name, name);
  }
}

TEST(Roles, ATagThatAwsDoesNotTakeIsADenial) {
  const AskedDoor door = door_with(json::array({mapping("m", {{"session_tags", {{"team", {{"claim", "team"}}}}}})}));
  EXPECT_EQ(ask(door, token()).reason, Reason::kRoleSession);
  for (const json& value : {json("a;b"), json("a\tb"), json("a*"), json(std::string(257, 'a')), json(true)}) {
    EXPECT_EQ(ask(door, token({{"team", value}})).reason, Reason::kRoleSession) << value;
  }
  EXPECT_THAT(ask(door, token({{"team", "a b_.:/=+-@"}})).session_tags, ElementsAre("team=a b_.:/=+-@"));
  EXPECT_THAT(ask(door, token({{"team", ""}})).session_tags, ElementsAre("team="));
}

TEST(Roles, MappingsLookAtRequestsAndExpireAsRulesDo) {
  const AskedDoor door = door_with(json::array({mapping(
      "m", {{"request", {{"query", {{"role", {{"equals", "yes"}}}}}}}, {"expires", "1970-01-01T01:00:00Z"}})}));
  EXPECT_EQ(ask(door, token(), "/a/x?role=yes").role, "m");
  EXPECT_EQ(ask(door, token(), "/a/x").role, "");
  EXPECT_EQ(ask(door, token(), "/a/x?role=yes&role=yes").reason, Reason::kParameterDuplicate);
  EXPECT_EQ(ask(door, token(), "/a/x?role=yes", 3599).role, "m");
  EXPECT_EQ(ask(door, token(), "/a/x?role=yes", 3600).role, "");
}

TEST(Roles, MappingsSpeakOnlyForTheirRoutesAndAreBoundByClaimsInPaths) {
  const AskedDoor door = door_with(json::array({mapping("own", {{"routes", Texts{"own"}}})}));
  EXPECT_EQ(ask(door, token(), "/a/x").role, "");
  EXPECT_EQ(ask(door, token(), "/own/alice/x").role, "own");
  EXPECT_EQ(ask(door, token(), "/own/bob/x").reason, Reason::kRuleNoMatch);
}

TEST(Roles, ADenialGivesNone) {
  const AskedDoor door = door_with(json::array({mapping("m")}));
  const Answer answer = ask(door, token(), "/own/bob/x");
  EXPECT_EQ(answer.reason, Reason::kRuleNoMatch);
  EXPECT_EQ(answer.role, "");
  EXPECT_THAT(answer.session_tags, IsEmpty());
}

}  // namespace
}  // namespace ostiary
