// Every rule of few conditions, alone and beside another, against every request of a small universe.
#include "property/policy/compiled_policy.hpp"
#include "property/policy/naive_evaluator.hpp"
#include "property/policy/random_request.hpp"
#include "property/policy/small_universe.hpp"

#include <ostiary/policy/compile.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace ostiary {
namespace {

using nlohmann::json;
using test::ImagedClaims;
using test::InspectedRequest;

const std::vector<json>& conditions() {
  static const std::vector<json> all = {
      json::parse(R"({"request": {"methods": ["GET"]}})"),
      json::parse(R"({"request": {"schemes": ["https"]}})"),
      json::parse(R"({"request": {"hosts": ["*.a.example"]}})"),
      json::parse(R"({"request": {"paths": ["/a/{tier}", "/b"]}})"),
      json::parse(R"({"request": {"query": {"q": {"equals": "a"}}}})"),
      json::parse(R"({"request": {"headers": {"x-tier": {"present": false}}}})"),
      json::parse(R"({"request": {"client": {"not_in": ["192.0.2.0/25"]}}})"),
      json::parse(R"({"time": {"from": "2027-01-15T08:00:10Z"}})"),
      json::parse(R"({"flags": {"beta": true}})"),
      json::parse(R"({"identity": {"scopes": {"all": ["read"], "none": ["admin"]}}})"),
      json::parse(R"({"identity": {"claims": {"tier": {"not_in": ["a"]}}}})"),
      json::parse(R"({"expires": "2027-01-15T08:00:11Z"})"),
  };
  return all;
}

json completed(json rule) {
  rule["routes"] = {"*"};
  // Paths that name a claim ask for an identity.
  const bool binds = rule.contains("request") && rule["request"].contains("paths");
  if (binds && !rule.contains("identity")) rule["identity"] = json::object();
  if (!rule.contains("identity")) rule["public"] = true;
  return rule;
}

/// Rules with none of the conditions, or one.
std::vector<json> rules_of_one_at_most() {
  std::vector<json> rules = {completed(json::object())};
  for (const json& condition : conditions()) rules.push_back(completed(condition));
  return rules;
}

std::vector<json> rules_of_two() {
  std::vector<json> rules;
  for (std::size_t i = 0; i < conditions().size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      json both = conditions()[i];
      both.merge_patch(conditions()[j]);
      rules.push_back(completed(both));
    }
  }
  return rules;
}

json gate_of(const std::vector<json>& rules) {
  json gate = json::parse(R"({
    "gate": 1, "name": "exhaustive",
    "issuers": {"one": {"issuer": "https://one.example", "audiences": ["api"], "algorithms": ["RS256"]}},
    "claims": {"tier": "text"}, "headers": ["x-tier"], "flags": ["beta"],
    "origins": {"one": {"scheme": "http", "host": "one.example", "port": 1}},
    "routes": [
      {"id": "bound", "hosts": ["x.a.example"], "methods": ["GET", "POST"], "path": "/{tier}/*", "origin": "one"},
      {"id": "tree", "hosts": ["x.a.example", "a.example"], "methods": ["GET", "POST"], "path": "/**", "origin": "one"}]
  })");
  gate["rules"] = rules;
  return gate;
}

/// The values that the conditions tell apart, in all combinations of four or more dimensions at a time.
class Universe {
 public:
  Universe() {
    for (const std::string method : {"GET", "POST"})
      for (const std::string host : {"a.example", "x.a.example"})
        for (const std::string path : {"/a/a", "/a/b", "/b"}) add_inputs({method, "", host, path});
    for (const char* text : {R"({"tier": "a"})", R"({"tier": "b", "scope": "read"})", R"({"tier": 1, "scope": "read"})",
                             R"({"scope": "read admin"})"}) {
      tokens_.push_back(std::make_unique<ImagedClaims>(json::parse(text)));
    }
    tokens_.push_back(std::make_unique<ImagedClaims>(std::nullopt));
  }

  [[nodiscard]] std::size_t size() const { return requests_.size() * tokens_.size(); }

  template <typename Visit>
  void for_each(Visit visit) const {
    for (const auto& request : requests_) {
      for (const auto& token : tokens_) visit(*request, *token);
    }
  }

 private:
  /// The other inputs take turns: each of the eight combinations stands with every method, host and path.
  void add_inputs(const test::NaiveRequest& base) {
    for (unsigned bits = 0; bits < 8; ++bits) {
      test::RandomRequest made{.head = "", .meaning = base};
      test::NaiveRequest& meaning = made.meaning;
      meaning.scheme = (bits & 1) != 0 ? "https" : "";
      if ((bits & 2) != 0) meaning.query = "q=a";
      if ((bits & 4) != 0) meaning.fields = {{"X-Tier", "a"}};
      meaning.peer = std::vector<std::string>{"192.0.2.1", "192.0.2.200", ""}[requests_.size() % 3];
      meaning.now = test::kBase + 9 + static_cast<std::int64_t>(requests_.size() / 3 % 3);
      if (requests_.size() / 5 % 2 == 0) meaning.flags = {"beta"};
      made.head = meaning.method + " " + meaning.path + (meaning.query ? "?q=a" : "") +
                  " HTTP/1.1\r\nHost: " + meaning.host + (meaning.fields.empty() ? "" : "\r\nX-Tier: a") + "\r\n\r\n";
      requests_.push_back(std::make_unique<InspectedRequest>(std::move(made)));
    }
  }

  std::vector<std::unique_ptr<InspectedRequest>> requests_;
  std::vector<std::unique_ptr<ImagedClaims>> tokens_;
};

class Exhaustive : public testing::Test {
 protected:
  void compare(const std::vector<json>& rules) {
    const json gate = gate_of(rules);
    const CompiledGate compiled = compile_gate(gate.dump());
    ASSERT_TRUE(compiled.ok()) << compiled.errors[0].message << gate.dump(1);
    test::CompiledPolicy policy(compiled.image);
    const test::NaiveEvaluator naive(gate);
    universe_.for_each([&](const InspectedRequest& request, const ImagedClaims& token) {
      if (HasFailure()) return;
      EXPECT_EQ(policy.decide(request, token.identity()), naive.decide(request.meaning(), token.claims()))
          << request.head() << json(rules).dump(1);
    });
  }

  static json with_effect(json rule, const char* id, bool allow) {
    rule["id"] = id;
    rule["effect"] = allow ? "allow" : "deny";
    return rule;
  }

  Universe universe_;
};

TEST_F(Exhaustive, OneRuleOfTwoConditions) {
  EXPECT_EQ(universe_.size(), 480U);
  for (const json& rule : rules_of_two()) {
    for (const bool allow : {true, false}) {
      compare({with_effect(rule, "r", allow)});
      if (HasFailure()) return;
    }
  }
}

TEST_F(Exhaustive, TwoRulesOfOneConditionAtMost) {
  const std::vector<json> rules = rules_of_one_at_most();
  for (std::size_t i = 0; i < rules.size(); ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      for (unsigned effects = 0; effects < 4; ++effects) {
        compare({with_effect(rules[i], "one", (effects & 1) != 0), with_effect(rules[j], "two", (effects & 2) != 0)});
        if (HasFailure()) return;
      }
    }
  }
}

}  // namespace
}  // namespace ostiary
