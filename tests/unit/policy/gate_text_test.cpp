#include "support/whole_gate.hpp"

#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/gate_text.hpp>
#include <ostiary/policy/signed_gate.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace ostiary {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

std::string image_of(const json& source) {
  const CompiledGate compiled = compile_gate(source.dump());
  for (const GateError& error : compiled.errors) ADD_FAILURE() << error.message;
  return compiled.image;
}

struct Inspected {
  std::string text;
  json document;
};

Inspected inspect(const std::string& image) {
  const Result<Gate> gate = Gate::load(image);
  EXPECT_TRUE(gate.ok());
  return {gate_text(*gate), json::parse(gate_json(*gate))};
}

Inspected inspect(const json& source) { return inspect(image_of(source)); }

/// Names of members, without those that stand for themselves.
void collect_names(const json& node, std::set<std::string>& names) {
  for (const auto& [name, value] : node.items()) {
    if (node.is_object()) names.insert(name);
    if (value.is_structured()) collect_names(value, names);
  }
}

/// Members that the schema lists anywhere.
void collect_properties(const json& schema, std::set<std::string>& names) {
  for (const auto& [name, value] : schema.items()) {
    if (name == "properties" && value.is_object()) {
      for (const auto& [property, of] : value.items()) names.insert(property);
    }
    if (value.is_structured()) collect_properties(value, names);
  }
}

/// Texts and numbers.
void collect_values(const json& node, std::vector<std::string>& values) {
  if (node.is_string()) values.push_back(node);
  if (node.is_number()) values.push_back(node.dump());
  if (!node.is_structured()) return;
  for (const json& value : node) collect_values(value, values);
}

const json& by_id(const json& list, const std::string& id) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const json& one) { return one["id"] == id; });
  EXPECT_NE(found, list.end()) << id;
  return *found;
}

/// The condition of a rule that is about `member` and `subject`, with `operation` where there are several.
json condition(const json& rule, const std::string& member, const json& subject, const json& operation) {
  for (const json& one : rule["conditions"]) {
    if (one["member"] == member && one["subject"] == subject && one["operation"] == operation) return one["values"];
  }
  return "none";
}

TEST(WholeGate, UsesEveryMemberOfTheLanguage) {
  std::ifstream file(std::string(OSTIARY_SOURCE_DIR) + "/docs/gate.schema.json");
  std::set<std::string> properties;
  collect_properties(json::parse(file), properties);
  std::set<std::string> used;
  collect_names(test::whole_gate_source(), used);
  used.insert("type");
  std::vector<std::string> missing;
  std::set_difference(properties.begin(), properties.end(), used.begin(), used.end(), std::back_inserter(missing));
  EXPECT_THAT(missing, testing::IsEmpty());
}

TEST(GateText, ShowsEveryValueThatTheImageHolds) {
  json source = test::whole_gate_source();
  const Inspected inspected = inspect(source);
  // What only the compiler needs: kinds of claims and their values, names of networks, `gate`, every `why`.
  for (const char* member : {"why", "gate", "claims", "networks"}) source.erase(member);
  source["rules"][0]["request"]["client"]["in"] = {"192.0.2.0/24", "2001:db8:7::/48", "198.51.100.7/32"};
  source["routes"][2]["why"] = nullptr;
  std::vector<std::string> values;
  collect_values(source, values);
  EXPECT_GT(values.size(), 110U);
  const std::string document = inspected.document.dump();
  for (const std::string& value : values) {
    const std::string in_json = json(value).dump();
    EXPECT_THAT(document, HasSubstr(in_json.substr(1, in_json.size() - 2))) << value;
    const bool is_quoted = value.find('"') != std::string::npos;
    const bool is_default = value == "none" || value == "optional";
    if (is_quoted || is_default) continue;
    EXPECT_THAT(inspected.text, HasSubstr(value)) << value;
  }
}

TEST(GateText, TellsWhatEachConditionAsks) {
  const json document = inspect(test::whole_gate_source()).document;
  const json& rule = by_id(document["rules"], "everything");
  const json none;
  const auto asks = [&](const char* member, const json& subject, const json& operation) {
    return condition(rule, member, subject, operation);
  };
  EXPECT_EQ(asks("request.methods", none, none), json({"GET"}));
  EXPECT_EQ(asks("request.schemes", none, none), json({"https"}));
  EXPECT_EQ(asks("request.hosts", none, none), json({"*.wild.example"}));
  EXPECT_EQ(asks("request.paths", none, none), json({"/files/x/**", "/files/{sub}/y"}));
  EXPECT_EQ(asks("request.query", "page", "in"), json({"1", "2"}));
  EXPECT_EQ(asks("request.query", "size", "present"), json({true}));
  EXPECT_EQ(asks("request.query", "no page", "present"), json({false}));
  EXPECT_EQ(asks("request.query", "sort", "equals"), json({"up"}));
  EXPECT_EQ(asks("request.headers", "x-region", "equals"), json({"eu"}));
  EXPECT_EQ(asks("request.headers", "x-plan", "present"), json({false}));
  EXPECT_EQ(asks("request.client", none, "in"), json({"192.0.2.0/24", "198.51.100.7/32", "2001:db8:7::/48"}));
  EXPECT_EQ(asks("flags", "beta", none), json({true}));
  EXPECT_EQ(asks("flags", "closed", none), json({false}));
  EXPECT_EQ(asks("identity.issuers", none, none), json({"idp"}));
  EXPECT_EQ(asks("identity.audiences", none, none), json({"api-audience"}));
  EXPECT_EQ(asks("identity.scopes", none, "all"), json({"s:all"}));
  EXPECT_EQ(asks("identity.scopes", none, "any"), json({"s:any"}));
  EXPECT_EQ(asks("identity.scopes", none, "none"), json({"s:none"}));
  EXPECT_EQ(asks("identity.token_age_max_s", none, none), json({301}));
  EXPECT_EQ(asks("identity.claims", "client_id", "present"), json({false}));
  EXPECT_EQ(asks("identity.claims", "jti", "present"), json({true}));
  EXPECT_EQ(asks("identity.claims", "tier", "in"), json({"gold", "silver"}));
  EXPECT_EQ(asks("identity.claims", "team", "not_in"), json({"core-x"}));
  EXPECT_EQ(asks("identity.claims", "team", "prefix"), json({"core-"}));
  EXPECT_EQ(asks("identity.claims", "level", "not_in"), json({8, 9}));
  EXPECT_EQ(asks("identity.claims", "staff", "equals"), json({true}));
  EXPECT_EQ(asks("identity.claims", "groups", "has_any"), json({"g-any"}));
  EXPECT_EQ(asks("identity.claims", "groups", "has_all"), json({"g-all"}));
  EXPECT_EQ(asks("identity.claims", "groups", "has_none"), json({"g-none"}));
  EXPECT_EQ(rule["conditions"].size(), 31U);
}

TEST(GateText, TellsHowARouteShapesRequests) {
  const json routes = inspect(test::whole_gate_source()).document["routes"];
  const json& shaping = by_id(routes, "files")["shaping"];
  EXPECT_EQ(shaping["rewrite"], "/v2/{2}/**");
  EXPECT_EQ(shaping["query"], json({{"keep", {"page", "size"}}}));
  EXPECT_EQ(shaping["identity_headers"], false);
  EXPECT_EQ(shaping["hide"], true);
  EXPECT_EQ(shaping["cache"]["class"], "shared");
  EXPECT_EQ(shaping["cache"]["whole_query_in_key"], false);
  EXPECT_EQ(shaping["cache"]["key"],
            json({"claim tier (text)", "header x-new", "header x-old", "header x-region", "query page", "query size"}));
  EXPECT_EQ(shaping["rate"]["key"], json({"client", "route", "claim sub (text)", "header x-plan"}));
  EXPECT_EQ(shaping["headers"],
            json::parse(R"([{"do": "remove", "name": "authorization"}, {"do": "remove", "name": "cookie"},
    {"do": "rename", "name": "x-old", "to": "x-new"}, {"do": "set", "name": "x-set", "text": "a b\"c"},
    {"do": "append", "name": "x-tier", "claim": "tier", "claim_kind": "text"}])"));
  EXPECT_EQ(by_id(routes, "own")["shaping"]["query"], json({{"drop", {"debug"}}}));
}

TEST(GateText, TellsTimesWithTheirOpenEnds) {
  const json document = inspect(test::whole_gate_source()).document;
  std::vector<json> times;
  for (const json& rule : document["rules"]) {
    for (const json& one : rule["conditions"]) {
      if (one["member"] == "time") times.push_back(one["values"]);
    }
  }
  EXPECT_THAT(times, testing::UnorderedElementsAre(json({nullptr, "2028-03-04T05:06:07Z"}),
                                                   json({"2026-01-02T03:04:05Z", "2027-02-03T04:05:06Z"}),
                                                   json({"2029-01-01T00:00:00Z", nullptr})));
}

TEST(GateText, TellsWhichHostsLeadToARoute) {
  const json routes = inspect(test::whole_gate_source()).document["routes"];
  EXPECT_EQ(by_id(routes, "files")["hosts"], json({"h.whole.example", "*.wild.example"}));
  EXPECT_EQ(by_id(routes, "own")["hosts"], json({"h.whole.example"}));
  EXPECT_EQ(by_id(routes, "own")["path"], "/own/{sub}/");
  EXPECT_EQ(by_id(routes, "root")["path"], "/");
  EXPECT_EQ(by_id(routes, "files")["path"], "/files/*/**");
}

/// The index is read back in full: every route of a table with shared prefixes, wildcards and tails is found again.
TEST(GateText, FindsTheHostsOfEveryRoute) {
  json source =
      json::parse(R"({"gate": 1, "name": "n", "origins": {"o": {"scheme": "http", "host": "o.example", "port": 80}},
    "routes": [], "rules": [{"id": "r", "effect": "allow", "routes": ["*"], "public": true}]})");
  std::map<std::string, json> expected;
  for (int i = 0; i < 300; ++i) {
    const std::string number = std::to_string(i);
    const std::vector<std::string> paths = {"/p/" + number, "/p/*/a" + number, "/q" + number + "/**",
                                            "/p/x/y/z/" + number, "/*/b" + number + "/**"};
    json hosts = {"a" + std::to_string(i % 7) + ".example"};
    if (i % 3 == 0) hosts.push_back("*.w" + std::to_string(i % 2) + ".example");
    const std::string id = "r" + number;
    const json methods = i % 2 == 0 ? json({"GET"}) : json({"GET", "PUT"});
    source["routes"].push_back({{"id", id},
                                {"hosts", hosts},
                                {"methods", methods},
                                {"path", paths[static_cast<std::size_t>(i) % 5]},
                                {"origin", "o"}});
    expected[id] = hosts;
  }
  const json document = inspect(source).document;
  ASSERT_EQ(document["routes"].size(), expected.size());
  for (const json& route : document["routes"]) EXPECT_EQ(route["hosts"], expected[route["id"]]) << route["id"];
}

TEST(GateText, ListsTheRulesOfARouteInTheOrderOfEvaluation) {
  const json routes = inspect(test::whole_gate_source()).document["routes"];
  const json& rules = by_id(routes, "own")["rules"];
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_EQ(rules[0]["id"], "far");
  EXPECT_EQ(rules[0]["effect"], "deny");
  EXPECT_EQ(rules[1]["id"], "level");
  EXPECT_THAT(rules[1]["conditions"].dump(), HasSubstr("/own/{sub}/"));
  EXPECT_THAT(rules[0]["conditions"].dump(), Not(HasSubstr("/own/{sub}/")));
  EXPECT_EQ(by_id(routes, "own")["roles"], json({"writer"}));
}

TEST(GateText, IsTheSameInWhateverOrderTheSourceIs) {
  const json source = test::whole_gate_source();
  json turned = source;
  for (const char* list : {"routes", "rules"}) std::reverse(turned[list].begin(), turned[list].end());
  EXPECT_EQ(inspect(turned).text, inspect(source).text);
  EXPECT_EQ(inspect(turned).document, inspect(source).document);
}

TEST(GateText, TellsWhoSigned) {
  std::array<std::uint8_t, 32> seed{};
  seed[0] = 7;
  const Result<GateKeyPair> keys = make_gate_keys(seed);
  ASSERT_TRUE(keys.ok());
  const std::string image = image_of(test::whole_gate_source());
  EXPECT_EQ(inspect(image).document["signed"], false);
  EXPECT_EQ(inspect(image).document["key_id"], nullptr);
  const Result<std::string> signed_image = sign_gate(image, keys->private_pem);
  ASSERT_TRUE(signed_image.ok());
  const json document = inspect(*signed_image).document;
  std::string id;
  for (const unsigned byte : gate_key_id(*read_gate_key(keys->public_pem))) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    id += {kDigits[byte >> 4U], kDigits[byte & 15U]};
  }
  EXPECT_EQ(document["signed"], true);
  EXPECT_EQ(document["key_id"], id);
  EXPECT_EQ(document["content_hash"], inspect(image).document["content_hash"]);
}

TEST(GateText, CannotDriveATerminal) {
  json source = test::whole_gate_source();
  source["name"] = "a\x1b[31m\nb\\";
  source["rules"][0]["owner"] = "\xc3\xa9\x7f";
  const Inspected inspected = inspect(source);
  EXPECT_THAT(inspected.text, HasSubstr("a\\x1b[31m\\x0ab\\x5c"));
  EXPECT_TRUE(std::all_of(inspected.text.begin(), inspected.text.end(),
                          [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
  EXPECT_EQ(inspected.document["gate"], source["name"]);
}

TEST(ConditionText, IsOneLine) {
  const std::string image = image_of(test::whole_gate_source());
  const Gate gate = *Gate::load(image);
  std::set<std::string> lines;
  for (std::uint32_t row = 0; row < gate.header().predicates.count; ++row) lines.insert(condition_text(gate, row));
  EXPECT_THAT(lines, testing::IsSupersetOf({"identity.claims.groups has_any \"g-any\"", "flags.beta true",
                                            "request.query.\"no page\" present false", "identity.claims.level in -4, 3",
                                            "time from \"2029-01-01T00:00:00Z\"", "identity.token_age_max_s 301"}));
}

TEST(GateText, OfAGateWithoutAnythingIsAHeader) {
  const Gate gate;
  EXPECT_EQ(json::parse(gate_json(gate))["routes"], json::array());
  EXPECT_THAT(gate_text(gate), HasSubstr("version"));
}

}  // namespace
}  // namespace ostiary
