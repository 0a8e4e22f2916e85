// What a source may cost its compiler: errors are short and counted, and what would take too long or too much is
// refused.
#include <ostiary/policy/compile.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace ostiary {
namespace {

using nlohmann::json;
using testing::HasSubstr;

json sound_gate() {
  return json::parse(R"({
    "gate": 1, "name": "g",
    "issuers": {"idp": {"issuer": "https://id.example", "audiences": ["api"], "algorithms": ["RS256"]}},
    "origins": {"o": {"scheme": "https", "host": "o.example", "port": 443}},
    "routes": [{"id": "r", "hosts": ["h.example"], "methods": ["GET"], "path": "/r", "origin": "o"}],
    "rules": [{"id": "p", "effect": "allow", "routes": ["*"], "public": true}]})");
}

json route_to(const std::string& id, const std::string& path) {
  json route = sound_gate()["routes"][0];
  route["id"] = id;
  route["path"] = path;
  return route;
}

TEST(GateErrors, BeyondAHundredAreCounted) {
  json gate = sound_gate();
  for (int i = 0; i < 400; ++i) gate["routes"].push_back(route_to("s" + std::to_string(i), "/r"));
  const CompiledGate compiled = compile_gate(gate.dump(1));
  ASSERT_EQ(compiled.errors.size(), 101U);
  EXPECT_EQ(compiled.errors.front().reason, Reason::kGateAmbiguous);
  EXPECT_THAT(compiled.errors.front().message, HasSubstr("routes[1].path: routes \"r\" and \"s0\""));
  EXPECT_THAT(compiled.errors[99].message, HasSubstr("routes[100].path: routes \"r\" and \"s99\""));
  EXPECT_EQ(compiled.errors.back().reason, Reason::kGateLimit);
  EXPECT_THAT(compiled.errors.back().message, HasSubstr("and 300 more"));
  EXPECT_GT(compiled.errors.back().line, compiled.errors[99].line);
}

TEST(GateErrors, AreShortAndOnOneLineWhateverNamesTheyRepeat) {
  const std::string loud = "n\n\x1b[31m\xc2\x85\x7f";
  json gate = sound_gate();
  gate["claims"] = {{loud + std::string(1 << 20, 'n'), "nothing"}};
  gate["rules"][0]["routes"] = {loud + std::string(1 << 20, 'r')};
  gate["origins"][std::string(700, 'o') + "\xc3\xa9"] = {{std::string(1 << 20, 'p'), 1}};
  const CompiledGate compiled = compile_gate(gate.dump());
  ASSERT_GE(compiled.errors.size(), 3U);
  for (const GateError& error : compiled.errors) {
    EXPECT_LE(error.message.size(), kGateErrorSizeMax);
    EXPECT_EQ(error.message.find_first_of("\n\x1b\x7f"), std::string::npos) << error.message;
    EXPECT_NO_THROW((void)json(error.message).dump()) << "not UTF-8";
  }
  EXPECT_THAT(compiled.errors[0].message, HasSubstr("n\\u000a\\u001b[31m\\u0085\\u007fnn"));
}

TEST(GateErrors, NameTheWayToThem) {
  json gate = sound_gate();
  gate["rules"].push_back({{"id", "q"}, {"effect", "allow"}, {"routes", {"r", "s"}}, {"public", true}});
  EXPECT_THAT(compile_gate(gate.dump()).errors.front().message, testing::StartsWith("rules[1].routes[1]: no route"));
  gate = sound_gate();
  gate["origins"]["o"]["host"] = "O.example";
  EXPECT_THAT(compile_gate(gate.dump()).errors.front().message, testing::StartsWith("origins.o.host: expected"));
}

TEST(GateErrors, GuessesAreMadeForSomeAndNotForAll) {
  json gate = sound_gate();
  json known = json::array();
  json wanted = json::array();
  for (int i = 0; i < 50; ++i) {
    known.push_back("value-" + std::to_string(i));
    wanted.push_back("valve-" + std::to_string(i));
  }
  gate["claims"]["c"] = {{"type", "text"}, {"one_of", known}};
  gate["rules"] = {
      {{"id", "q"}, {"effect", "allow"}, {"routes", {"*"}}, {"identity", {{"claims", {{"c", {{"in", wanted}}}}}}}}};
  const CompiledGate compiled = compile_gate(gate.dump());
  ASSERT_EQ(compiled.errors.size(), 50U);
  EXPECT_THAT(compiled.errors[3].message, HasSubstr("; perhaps \"value-3\" is meant, else add it to \"one_of\""));
  EXPECT_THAT(compiled.errors[49].message, HasSubstr("has no value \"valve-49\"; add it to \"one_of\""));
}

// Each rule of every route stands with each route that has a rule of its own.
TEST(GateBounds, AnImageThatWouldBeTooLargeIsRefusedWhereItBecomesSo) {
  json gate = sound_gate();
  gate["routes"].clear();
  for (int i = 0; i < 100; ++i) {
    const std::string id = std::to_string(i);
    gate["routes"].push_back(route_to("r" + id, "/" + id));
    json rule = gate["rules"][0];
    rule["id"] = "everywhere" + id;
    gate["rules"].push_back(rule);
    rule["id"] = "own" + id;
    rule["routes"] = {"r" + id};
    gate["rules"].push_back(rule);
  }
  const CompiledGate whole = compile_gate(gate.dump());
  ASSERT_TRUE(whole.ok()) << whole.errors[0].message;
  Limits limits;
  limits.gate_image_size_max = static_cast<std::uint32_t>(whole.image.size());
  EXPECT_EQ(compile_gate(gate.dump(), limits).image, whole.image);
  limits.gate_image_size_max -= 1;
  EXPECT_EQ(compile_gate(gate.dump(), limits).errors.size(), 1U);
  limits.gate_image_size_max = 100'000;
  const CompiledGate compiled = compile_gate(gate.dump(), limits);
  ASSERT_EQ(compiled.errors.size(), 1U);
  EXPECT_EQ(compiled.errors[0].reason, Reason::kGateLimit);
  EXPECT_THAT(compiled.errors[0].message, testing::ContainsRegex("^routes.[0-9]+..id: with \"r[0-9]+\" the image"));
}

TEST(GateBounds, AddressBlocksCountInEachListThatNamesTheirNetwork) {
  json gate = sound_gate();
  json blocks = json::array();
  for (int i = 0; i < 20'000; ++i) {
    blocks.push_back("10." + std::to_string(i / 256) + "." + std::to_string(i % 256) + ".0/24");
  }
  gate["networks"] = {{"large", blocks}, {"all", {"10.0.0.0/8"}}};
  for (int i = 0; i < 60; ++i) {
    json rule = gate["rules"][0];
    rule["id"] = "q" + std::to_string(i);
    rule["request"]["client"]["in"] = {"large", "all", "192.0.2." + std::to_string(i) + "/32"};
    gate["rules"].push_back(rule);
  }
  const CompiledGate compiled = compile_gate(gate.dump());
  ASSERT_EQ(compiled.errors.size(), 1U);
  EXPECT_EQ(compiled.errors[0].reason, Reason::kGateLimit);
  EXPECT_THAT(compiled.errors[0].message, HasSubstr("at most 1048576 address blocks"));
  for (json& rule : gate["rules"]) {
    if (rule.contains("request")) rule["request"]["client"]["in"] = {"large", "all"};
  }
  EXPECT_TRUE(compile_gate(gate.dump()).ok()) << "the same list counts once";
}

}  // namespace
}  // namespace ostiary
