// Random mappings and trust policies against every token of a small universe. The meaning of conditions is written here
// once more, from the documentation, and nothing of the solver is asked.
#include <ostiary/authority/trust_policy.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary {
namespace {

using Json = nlohmann::ordered_json;
using Claim = std::optional<std::string>;

constexpr std::string_view kRole = "arn:aws:iam::111111111111:role/reader";

struct Token {
  Claim sub;
  Claim aud;
};

struct Test {
  std::string claim;
  std::string operation;
  std::vector<std::string> values;
};

struct Statement {
  bool allow = true;
  std::vector<Test> tests;
};

struct Mapping {
  std::vector<std::string> prefixes;  ///< empty: not asked
  std::vector<std::string> in;
  std::vector<std::string> not_in;
  std::vector<std::string> audiences;
};

bool glob(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*') return glob(pattern.substr(1), text) || (!text.empty() && glob(pattern, text.substr(1)));
  return !text.empty() && (pattern[0] == '?' || pattern[0] == text[0]) && glob(pattern.substr(1), text.substr(1));
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

bool holds(const Test& test, const Claim& claim) {
  const std::string& name = test.operation;
  const bool negated = has(name, "Not");
  if (name == "Null") return (test.values[0] == "true") == !claim.has_value();
  if (!claim) {
    if (has(name, "IfExists") || has(name, "ForAllValues")) return true;
    return negated && !has(name, "ForAnyValue");
  }
  const bool is_like = has(name, "Like");
  const bool listed = std::any_of(test.values.begin(), test.values.end(), [&](const std::string& value) {
    return is_like ? glob(value, *claim) : value == *claim;
  });
  return listed != negated;
}

bool admits(const std::vector<Statement>& document, const Token& token) {
  bool allowed = false;
  for (const Statement& statement : document) {
    const bool meets = std::all_of(statement.tests.begin(), statement.tests.end(), [&](const Test& test) {
      return holds(test, test.claim == "sub" ? token.sub : token.aud);
    });
    if (meets && !statement.allow) return false;
    allowed = allowed || meets;
  }
  return allowed;
}

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

bool maps(const std::vector<Mapping>& mappings, const Token& token) {
  if (token.aud != Claim("x") && token.aud != Claim("y")) return false;
  return std::any_of(mappings.begin(), mappings.end(), [&](const Mapping& mapping) {
    const bool asks = !mapping.prefixes.empty() || !mapping.in.empty() || !mapping.not_in.empty();
    if (asks && !token.sub) return false;
    if (!mapping.audiences.empty() && !contains(mapping.audiences, *token.aud)) return false;
    if (!mapping.in.empty() && !contains(mapping.in, *token.sub)) return false;
    if (!mapping.not_in.empty() && contains(mapping.not_in, *token.sub)) return false;
    return mapping.prefixes.empty() || std::any_of(mapping.prefixes.begin(), mapping.prefixes.end(),
                                                   [&](const std::string& p) { return token.sub->starts_with(p); });
  });
}

class Draw {
 public:
  explicit Draw(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t bound) { return random_() % bound; }

  std::string text(std::size_t least, std::size_t most, std::string_view letters) {
    std::string result;
    for (std::size_t left = least + below(most - least + 1); left > 0; --left) result += letters[below(letters.size())];
    return result;
  }

  std::vector<std::string> texts(std::size_t most, std::size_t size_max, std::string_view letters) {
    std::vector<std::string> list;
    for (std::size_t left = 1 + below(most); left > 0; --left) {
      std::string one = text(1, size_max, letters);
      if (!contains(list, one)) list.push_back(std::move(one));
    }
    return list;
  }

  Test test() {
    static constexpr const char* kOperations[] = {
        "StringEquals",           "StringLike", "StringNotEquals",         "StringNotLike",
        "StringEqualsIfExists",   "StringLike", "ForAllValues:StringLike", "ForAnyValue:StringNotLike",
        "ForAnyValue:StringLike", "Null"};
    Test test{below(4) == 0 ? "aud" : "sub", kOperations[below(std::size(kOperations))], {}};
    if (test.operation == "Null") {
      test.values = {below(2) == 0 ? "true" : "false"};
    } else if (test.claim == "aud") {
      test.values = texts(2, 1, "xyz");
    } else {
      test.values = texts(3, 3, "ab*?*");
    }
    return test;
  }

  std::vector<Statement> document() {
    std::vector<Statement> list;
    for (std::size_t left = 1 + below(3); left > 0; --left) {
      Statement statement{list.empty() || below(3) != 0, {}};
      for (std::size_t tests = below(3); tests > 0; --tests) statement.tests.push_back(test());
      list.push_back(std::move(statement));
    }
    return list;
  }

  Mapping mapping() {
    Mapping mapping;
    const std::size_t kind = below(4);
    if (kind == 0) mapping.prefixes = texts(2, 2, "ab");
    if (kind == 1) mapping.in = texts(3, 3, "ab");
    if (kind == 2) mapping.not_in = texts(2, 2, "ab");
    if (below(3) == 0) mapping.audiences = {below(2) == 0 ? "x" : "y"};
    return mapping;
  }

 private:
  std::mt19937 random_;
};

std::string json_of(const std::vector<Statement>& document) {
  Json statements = Json::array();
  for (const Statement& statement : document) {
    Json conditions = Json::object();
    for (const Test& test : statement.tests) conditions[test.operation]["id.example:" + test.claim] = test.values;
    statements.push_back({{"Effect", statement.allow ? "Allow" : "Deny"},
                          {"Principal", {{"Federated", "arn:aws:iam::111111111111:oidc-provider/id.example"}}},
                          {"Action", "sts:AssumeRoleWithWebIdentity"},
                          {"Condition", conditions}});
  }
  return Json{{"Version", "2012-10-17"}, {"Statement", statements}}.dump();
}

/// A condition that stands twice has its last values: as the JSON that was made of it.
void drop_repeated(std::vector<Statement>& document) {
  for (Statement& statement : document) {
    std::vector<Test> kept;
    for (auto test = statement.tests.rbegin(); test != statement.tests.rend(); ++test) {
      const bool again = std::any_of(kept.begin(), kept.end(), [&](const Test& other) {
        return other.claim == test->claim && other.operation == test->operation;
      });
      if (!again) kept.push_back(*test);
    }
    statement.tests = kept;
  }
}

std::string json_of(const std::vector<Mapping>& mappings) {
  Json gate = Json::parse(R"({"gate": 1, "name": "door",
    "issuers": {"idp": {"issuer": "https://id.example", "audiences": ["x", "y"], "algorithms": ["RS256"]}},
    "origins": {"o": {"scheme": "https", "host": "o.example", "port": 443}},
    "routes": [{"id": "a", "hosts": ["h.example"], "methods": ["GET"], "path": "/a", "origin": "o"}],
    "rules": [{"id": "all", "effect": "allow", "routes": ["*"], "identity": {}}], "roles": []})");
  for (const Mapping& mapping : mappings) {
    Json identity = Json::object();
    if (!mapping.prefixes.empty()) identity["claims"]["sub"]["prefix"] = mapping.prefixes;
    if (!mapping.in.empty()) identity["claims"]["sub"]["in"] = mapping.in;
    if (!mapping.not_in.empty()) identity["claims"]["sub"]["not_in"] = mapping.not_in;
    if (!mapping.audiences.empty()) identity["audiences"] = mapping.audiences;
    gate["roles"].push_back({{"id", "m" + std::to_string(gate["roles"].size())},
                             {"routes", {"a"}},
                             {"identity", identity},
                             {"role_arn", kRole},
                             {"session_name", {{"text", "door"}}}});
  }
  return gate.dump();
}

/// c and w are in no pattern; star and question mark stand in values that are compared literally.
std::vector<Token> universe(const std::vector<Claim>& audiences) {
  std::vector<Claim> subjects{std::nullopt, ""};
  for (std::size_t first = 1; subjects[first]->size() < 4; ++first) {
    for (const char letter : {'a', 'b', 'c', '*', '?'}) subjects.push_back(*subjects[first] + letter);
  }
  std::vector<Token> tokens;
  for (const Claim& sub : subjects) {
    for (const Claim& aud : audiences) tokens.push_back({sub, aud});
  }
  return tokens;
}

Token token_of(const TokenExample& example) {
  Token token;
  for (const TokenClaim& claim : example) {
    if (claim.name == "sub") token.sub = claim.values.front();
    if (claim.name == "aud") token.aud = claim.values.front();
  }
  return token;
}

TEST(TrustCheckProperty, NoAnswerIsWrong) {
  // Every token has an audience.
  const std::vector<Token> tokens = universe({"x", "y", "z", "w"});
  Draw draw(42);
  int differing = 0;
  int agreeing = 0;
  for (int round = 0; round < 1000; ++round) {
    std::vector<Statement> document = draw.document();
    drop_repeated(document);
    const std::vector<Mapping> mappings(1 + draw.below(2), draw.mapping());
    const std::string gate = json_of(mappings);
    const std::string trust = json_of(document);
    const RoleTrust role{kRole, trust};
    const TrustCheckReport report = check_trust_policies(gate, {&role, 1});
    if (!report.gate_errors.empty()) continue;  // a mapping that contradicts itself
    ASSERT_TRUE(report.sound()) << trust;
    ASSERT_EQ(report.checks.size(), 1U);
    const TrustRoleCheck& check = report.checks[0];
    bool refused = false;
    bool around = false;
    for (const Token& token : tokens) {
      const bool in = admits(document, token);
      refused = refused || (maps(mappings, token) && !in);
      around = around || (in && !maps(mappings, token));
    }
    ASSERT_NE(check.refused.answer, TrustAnswer::kNotProved) << gate << trust << check.refused.reason;
    ASSERT_NE(check.around.answer, TrustAnswer::kNotProved) << gate << trust << check.around.reason;
    ASSERT_EQ(check.refused.answer == TrustAnswer::kDiffers, refused) << gate << trust;
    ASSERT_EQ(check.around.answer == TrustAnswer::kDiffers, around) << gate << trust;
    if (refused) {
      const Token token = token_of(check.refused.witness);
      ASSERT_TRUE(maps(mappings, token) && !admits(document, token)) << gate << trust;
    }
    differing += refused ? 1 : 0;
    agreeing += refused ? 0 : 1;
  }
  EXPECT_GT(differing, 100);
  EXPECT_GT(agreeing, 100);
}

TEST(TrustCompareProperty, NoAnswerIsWrong) {
  const std::vector<Token> tokens = universe({"x", "y", "z", "w", std::nullopt});
  Draw draw(7);
  int differing = 0;
  int agreeing = 0;
  for (int round = 0; round < 1000; ++round) {
    std::vector<Statement> candidate = draw.document();
    std::vector<Statement> reference = draw.below(3) == 0 ? candidate : draw.document();
    if (draw.below(2) == 0) reference.push_back({true, {draw.test()}});
    drop_repeated(candidate);
    drop_repeated(reference);
    const TrustDifference difference = compare_trust_policies(json_of(candidate), json_of(reference));
    ASSERT_TRUE(difference.errors.empty());
    const bool differs = std::any_of(tokens.begin(), tokens.end(), [&](const Token& token) {
      return admits(candidate, token) && !admits(reference, token);
    });
    ASSERT_EQ(difference.answer, differs ? TrustAnswer::kDiffers : TrustAnswer::kAgrees)
        << json_of(candidate) << json_of(reference) << difference.reason;
    differing += differs ? 1 : 0;
    agreeing += differs ? 0 : 1;
  }
  EXPECT_GT(differing, 100);
  EXPECT_GT(agreeing, 100);
}

}  // namespace
}  // namespace ostiary
