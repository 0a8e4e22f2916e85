#include "property/policy/naive_evaluator.hpp"
#include "support/identity_builder.hpp"

#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/decide.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace ostiary {
namespace {

using nlohmann::json;

/// Small, dense choices: few values each, so that patterns, requests and claims meet often.
class Chance {
 public:
  explicit Chance(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  std::string pick(const std::vector<std::string>& from) { return from[below(from.size())]; }
  /// A non-empty set of them.
  json some(const std::vector<std::string>& from) {
    json chosen = json::array();
    for (const std::string& value : from) {
      if (one_in(2)) chosen.push_back(value);
    }
    if (chosen.empty()) chosen.push_back(pick(from));
    return chosen;
  }

 private:
  std::mt19937 random_;
};

const std::vector<std::string> kHosts = {"a.example", "b.example", "x.a.example", "example"};
const std::vector<std::string> kHostPatterns = {"a.example", "b.example", "*.example", "*.a.example"};
const std::vector<std::string> kMethodChoices = {"GET", "POST", "DELETE"};
const std::vector<std::string> kSegments = {"a", "b", "*"};
const std::vector<std::string> kTexts = {"p", "q", "r"};

std::string random_pattern(Chance& chance) {
  std::string path;
  const std::size_t count = chance.below(4);
  for (std::size_t i = 0; i < count; ++i) path += "/" + chance.pick(kSegments);
  if (path.empty() || chance.one_in(3)) path += chance.one_in(2) ? "/**" : "/";
  return path;
}

std::string random_path(Chance& chance) {
  std::string path;
  const std::size_t count = chance.below(5);
  for (std::size_t i = 0; i < count; ++i) path += "/" + chance.pick({"a", "b", "c"});
  return path.empty() || chance.one_in(4) ? path + "/" : path;
}

json random_condition(Chance& chance, const std::string& claim) {
  if (chance.one_in(4)) return {{"present", chance.one_in(2)}};
  if (claim == "staff") return {{"equals", chance.one_in(2)}};
  if (claim == "level") {
    return chance.one_in(2) ? json{{"equals", chance.below(3)}}
                            : json{{"in", std::vector<std::size_t>{chance.below(2), 2}}};
  }
  if (claim == "groups") return {{chance.one_in(2) ? "has_any" : "has_all", chance.some(kTexts)}};
  return chance.one_in(2) ? json{{"equals", chance.pick(kTexts)}} : json{{"in", chance.some(kTexts)}};
}

json random_identity_condition(Chance& chance) {
  json identity = json::object();
  if (chance.one_in(4)) identity["issuers"] = chance.some({"one", "two"});
  if (chance.one_in(3)) identity["scopes"][chance.one_in(2) ? "all" : "any"] = chance.some(kTexts);
  for (const std::string claim : {"tier", "level", "staff", "groups"}) {
    if (chance.one_in(4)) identity["claims"][claim] = random_condition(chance, claim);
  }
  return identity;
}

json random_gate(Chance& chance) {
  json gate = {{"gate", 1},
               {"name", "random"},
               {"claims", {{"tier", "text"}, {"level", "integer"}, {"staff", "boolean"}, {"groups", "text_set"}}},
               {"origins", {{"o", {{"scheme", "http"}, {"host", "o.example"}, {"port", 1}}}}}};
  for (const std::string issuer : {"one", "two"}) {
    gate["issuers"][issuer] = {{"issuer", "https://" + issuer + ".example"},
                               {"audiences", std::vector<std::string>{"api"}},
                               {"algorithms", std::vector<std::string>{"RS256"}}};
  }
  std::vector<std::string> ids;
  const std::size_t routes = 1 + chance.below(6);
  for (std::size_t i = 0; i < routes; ++i) {
    ids.push_back("route" + std::to_string(i));
    gate["routes"].push_back({{"id", ids.back()},
                              {"hosts", chance.some(kHostPatterns)},
                              {"methods", chance.some(kMethodChoices)},
                              {"path", random_pattern(chance)},
                              {"origin", "o"}});
  }
  const std::size_t rules = 1 + chance.below(6);
  for (std::size_t i = 0; i < rules; ++i) {
    json rule = {{"id", "rule" + std::to_string(chance.below(1000) * 10 + i)},
                 {"effect", chance.one_in(3) ? "deny" : "allow"},
                 {"routes", chance.one_in(3) ? json(std::vector<std::string>{"*"}) : chance.some(ids)}};
    if (chance.one_in(4)) {
      rule["public"] = true;
    } else {
      rule["identity"] = random_identity_condition(chance);
    }
    gate["rules"].push_back(rule);
  }
  return gate;
}

std::optional<json> random_claims(Chance& chance) {
  if (chance.one_in(5)) return std::nullopt;
  json claims = {{"iss", chance.pick({"https://one.example", "https://two.example", "https://three.example"})}};
  if (chance.one_in(2)) claims["tier"] = chance.one_in(6) ? json(1) : json(chance.pick(kTexts));
  if (chance.one_in(2)) claims["level"] = chance.one_in(6) ? json("1") : json(chance.below(4));
  if (chance.one_in(2)) claims["staff"] = chance.one_in(6) ? json("true") : json(chance.one_in(2));
  if (chance.one_in(2)) claims["groups"] = chance.one_in(6) ? json("p") : chance.some(kTexts);
  if (chance.one_in(2)) claims["scope"] = chance.pick({"p", "p q", "q r p", "s", ""});
  return claims;
}

class CompiledPolicy {
 public:
  explicit CompiledPolicy(std::string image) : image_(std::move(image)), gate_(*Gate::load(image_)), memory_(4096) {}

  test::NaiveDecision decide(const std::string& method, const std::string& host, const std::string& path,
                             const std::optional<json>& claims) {
    Request request;
    request.method =
        static_cast<Method>(std::find(kMethodNames.begin(), kMethodNames.end(), method) - kMethodNames.begin());
    request.host = host;
    request.path = path;
    const std::string identity_bytes = claims ? test::identity_image(*claims) : std::string();
    const Result<Identity> identity = claims ? Identity::load(identity_bytes) : Result<Identity>(Identity());
    Arena scratch(memory_);
    const Decision decision =
        ostiary::decide(gate_, request, match_route(gate_, request), claims ? &*identity : nullptr, {}, scratch);
    return {std::string(reason_info(decision.reason).name), std::string(decision.route), std::string(decision.rule)};
  }

 private:
  std::string image_;
  Gate gate_;
  std::vector<std::byte> memory_;
};

TEST(Decide, AgreesWithTheLanguageReadAloud) {
  constexpr unsigned kGates = 1500;
  constexpr int kRequestsPerGate = 60;
  unsigned compiled_gates = 0;
  std::map<std::string, unsigned> reasons;
  for (unsigned seed = 0; seed < kGates; ++seed) {
    Chance chance(seed);
    const json gate = random_gate(chance);
    const CompiledGate compiled = compile_gate(gate.dump());
    if (!compiled.ok()) {
      for (const GateError& error : compiled.errors)
        ASSERT_EQ(error.reason, Reason::kGateAmbiguous) << error.message << gate;
      continue;
    }
    ++compiled_gates;
    CompiledPolicy policy(compiled.image);
    const test::NaiveEvaluator naive(gate);
    for (int i = 0; i < kRequestsPerGate; ++i) {
      const std::string method = chance.pick(kMethodChoices);
      const std::string host = chance.pick(kHosts);
      const std::string path = random_path(chance);
      const std::optional<json> claims = random_claims(chance);
      const test::NaiveDecision expected = naive.decide(method, host, path, claims);
      ++reasons[expected.reason];
      ASSERT_EQ(policy.decide(method, host, path, claims), expected) << expected.reason << " " << expected.rule << "\n"
                                                                     << method << " " << host << path << "\n"
                                                                     << (claims ? claims->dump() : "anonymous") << "\n"
                                                                     << gate.dump(1);
    }
  }
  // The universe must be dense enough to mean something.
  EXPECT_GT(compiled_gates, kGates / 2);
  for (const char* reason :
       {"ALLOWED", "RULE_DENIED", "RULE_NO_MATCH", "CREDENTIAL_MISSING", "ROUTE_UNKNOWN", "ROUTE_METHOD"}) {
    EXPECT_GT(reasons[reason], 500U) << reason;
  }
}

}  // namespace
}  // namespace ostiary
