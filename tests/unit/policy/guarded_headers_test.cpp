// Headers that a route reads: under no other name, and not for the next hop to drop.
#include "support/shaping_door.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace ostiary {
namespace {

using nlohmann::json;
using test::Asked;
using test::shaping_gate;
using test::ShapingDoor;

/// A Gate where "x-dry-run: 1" is asked for on "r", and nothing of that kind on "s".
json gate_with_rule(json members) {
  json gate = shaping_gate(json::object());
  json other = gate["routes"][0];
  other["id"] = "s";
  other["path"] = "/s";
  gate["routes"].push_back(other);
  gate["headers"] = {"x-dry-run"};
  members.update(json::parse(R"({"id": "all", "effect": "allow", "routes": ["*"]})"));
  gate["rules"][0] = members;
  gate["rules"][0]["routes"] = {"r"};
  gate["rules"].push_back(json::parse(R"({"id": "others", "effect": "allow", "routes": ["s"], "public": true})"));
  return gate;
}

/// Doors each of which reads "x-dry-run" on "r" for another purpose.
json gates() {
  const json rule = json::parse(R"({"public": true, "request": {"headers": {"x-dry-run": {"present": true}}}})");
  json denial = gate_with_rule(json::parse(R"({"public": true})"));
  denial["rules"].push_back(json::parse(R"({"id": "d", "effect": "deny", "routes": ["r"], "public": true,
                                            "request": {"headers": {"x-dry-run": {"equals": "2"}}}})"));
  json role = gate_with_rule(json::parse(R"({"public": true})"));
  role["roles"] = json::parse(R"([{"id": "m", "routes": ["r"], "identity": {},
    "request": {"headers": {"x-dry-run": {"equals": "1"}}},
    "role_arn": "arn:aws:iam::123456789012:role/a", "session_name": {"text": "ab"}}])");
  json made = json::array({gate_with_rule(rule), denial, role});
  for (const char* members : {R"({"rate": {"limit": 1, "period_s": 1, "key": [{"header": "x-dry-run"}]}})",
                              R"({"headers": {"remove": ["authorization", "cookie"]},
                                  "cache": {"class": "shared", "ttl_s": 1, "key": {"headers": ["x-dry-run"]}}})",
                              R"({"headers": {"rename": {"x-dry-run": "x-rehearsal"}}})"}) {
    json gate = gate_with_rule(json::parse(R"({"public": true})"));
    gate.erase("headers");
    gate["routes"][0].update(json::parse(members));
    made.push_back(gate);
  }
  return made;
}

constexpr std::string_view kRead = "/a/1/x";
constexpr std::uint32_t kLines = 38;  ///< where the lines begin in a head for kRead

TEST(GuardedHeaders, AnUnderscoreIsNoWayRoundThem) {
  for (const json& gate : gates()) {
    const ShapingDoor door(gate);
    EXPECT_EQ(door.ask(kRead, "X-Dry-Run: 1\r\n").reason(), "ALLOWED") << gate;
    EXPECT_EQ(door.ask(kRead, "X-Dry-Run: 1\r\nX_Dry_Runs: 0\r\n").reason(), "ALLOWED") << gate;
    for (const std::string name : {"X_Dry_Run", "x_dry-run", "X-Dry_Run"}) {
      const Asked asked = door.ask(kRead, "X-Dry-Run: 1\r\n" + name + ": 0\r\n");
      EXPECT_EQ(asked.reason(), "FIELD_NAME_UNDERSCORE") << name << gate;
      EXPECT_EQ(asked->offset, kLines + 14 + name.find('_')) << name << gate;
      EXPECT_EQ(door.ask(kRead, name + ": 1\r\n").reason(), "FIELD_NAME_UNDERSCORE") << name << gate;
    }
  }
}

TEST(GuardedHeaders, ConnectionMayNotNameThem) {
  for (const json& gate : gates()) {
    const ShapingDoor door(gate);
    EXPECT_EQ(door.ask(kRead, "X-Dry-Run: 1\r\nConnection: close, x-other\r\n").reason(), "ALLOWED") << gate;
    const Asked asked = door.ask(kRead, "X-Dry-Run: 1\r\nConnection: close, X-Dry-Run\r\n");
    EXPECT_EQ(asked.reason(), "FIELD_CONNECTION_SPECIFIC") << gate;
    EXPECT_EQ(asked->offset, kLines + 14 + 19) << gate;
    for (const char* lines : {"X-Dry-Run: 1\r\nConnection: close\r\nConnection: x_dry_run\r\n",
                              "Connection: x-dry-run\r\nX-Dry-Run: 1\r\n"}) {
      EXPECT_EQ(door.ask(kRead, lines).reason(), "FIELD_CONNECTION_SPECIFIC") << lines << gate;
    }
  }
}

TEST(GuardedHeaders, AreThoseOfTheirRouteOnly) {
  for (const json& gate : gates()) {
    const ShapingDoor door(gate);
    EXPECT_EQ(door.ask("/s", "X_Dry_Run: 1\r\nConnection: x-dry-run\r\n").reason(), "ALLOWED") << gate;
  }
}

// What the origin could read as x-a was keyed as x-a, so that a client could fill a cache for others.
TEST(GuardedHeaders, NoTwoSpellingsShareAKey) {
  const ShapingDoor door(shaping_gate(json::parse(R"({
    "headers": {"remove": ["authorization", "cookie"]},
    "cache": {"class": "shared", "ttl_s": 1, "key": {"headers": ["x-a"]}},
    "rate": {"limit": 1, "period_s": 1, "key": [{"header": "x-a"}]}})")));
  const Asked plain = door.ask(kRead, "X-A: 1\r\n");
  const Asked alias = door.ask(kRead, "X_A: 1\r\n");
  EXPECT_EQ(plain.reason(), "ALLOWED");
  EXPECT_EQ(alias.reason(), "FIELD_NAME_UNDERSCORE");
  EXPECT_NE(plain->cache.key, alias->cache.key);
  EXPECT_NE(plain->rate.key, alias->rate.key);
}

}  // namespace
}  // namespace ostiary
