#include "support/broken_gate.hpp"

#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/gate.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

namespace ostiary {
namespace {

constexpr std::string_view kGood = R"({
  "gate": 1,
  "name": "g",
  "issuers": {"idp": {"issuer": "https://id.example", "audiences": ["api"], "algorithms": ["RS256"]}},
  "claims": {"tier": "text", "level": "integer", "staff": "boolean", "groups": "text_set"},
  "origins": {"o": {"scheme": "https", "host": "o.example", "port": 443}},
  "identity_headers": {"x-user": {"claim": "sub"}},
  "routes": [
    {"id": "a", "hosts": ["h.example"], "methods": ["GET"], "path": "/a", "origin": "o"}
  ],
  "rules": [
    {"id": "r", "effect": "allow", "routes": ["a"], "identity": {"claims": {"tier": {"equals": "gold"}}}}
  ]
})";

std::string with(std::string_view from, std::string_view to) { return test::replaced(kGood, from, to); }

using test::BrokenGate;

class BrokenGateTest : public testing::TestWithParam<BrokenGate> {};

TEST_P(BrokenGateTest, NamesThePlaceAndTheFix) { test::expect_fault(kGood, GetParam()); }

const BrokenGate kBroken[] = {
    {"comment", "\"gate\": 1,", "\"gate\": 1, // one", Reason::kGateJson, "// one", "strict JSON"},
    {"duplicate member", "\"name\": \"g\",", "\"name\": \"g\", \"name\": \"h\",", Reason::kGateDuplicateMember,
     "\"name\": \"h\"", "twice"},
    {"duplicate after unescaping", "\"name\": \"g\",", "\"name\": \"g\", \"n\\u0061me\": \"h\",",
     Reason::kGateDuplicateMember, "\"n\\u0061me\"", "twice"},
    {"unknown member", "\"methods\": [\"GET\"]", "\"methods\": [\"GET\"], \"metods\": []", Reason::kGateUnknownMember,
     "\"metods\"",
     "expected \"id\", \"hosts\", \"methods\", \"path\", \"origin\", \"waive\", \"role\", "
     "\"cache\", "
     "\"rate\", \"headers\", \"rewrite\", \"query\", \"identity_headers\", \"hide\", \"login\" or \"why\""},
    {"waiver of a rule that cannot be waived", "\"methods\": [\"GET\"]",
     "\"waive\": [\"PATH_CONTROL\"], \"methods\": [\"GET\"]", Reason::kGateValue, "\"PATH_CONTROL\"",
     "expected \"PATH_ENCODED_SEPARATOR\", \"PATH_UTF8\", \"PATH_LOOKALIKE\", \"UPGRADE_REFUSED\" or "
     "\"BODY_UNEXPECTED\""},
    {"waiver of a flag", "\"methods\": [\"GET\"]", "\"waive\": [\"PATH_MATRIX_PARAMETER\"], \"methods\": [\"GET\"]",
     Reason::kGateValue, "\"PATH_MATRIX_PARAMETER\"", "routes[0].waive[0]"},
    {"repeated waiver", "\"methods\": [\"GET\"]", "\"waive\": [\"PATH_UTF8\", \"PATH_UTF8\"], \"methods\": [\"GET\"]",
     Reason::kGateValue, "\"PATH_UTF8\"]", "stands twice"},
    {"no waiver", "\"methods\": [\"GET\"]", "\"waive\": [], \"methods\": [\"GET\"]", Reason::kGateValue, "[]",
     "at least one element"},
    {"unknown member at the top", "\"name\": \"g\",", "\"name\": \"g\", \"cors\": {},", Reason::kGateUnknownMember,
     "\"cors\"", "unknown member \"cors\""},
    {"missing member", ", \"origin\": \"o\"}", "}", Reason::kGateMissingMember, "{\"id\": \"a\"",
     "routes[0]: missing member \"origin\""},
    {"wrong language", "\"gate\": 1", "\"gate\": 2", Reason::kGateValue, "2", "gate: expected an integer from 1 to 1"},
    {"wrong type", "\"methods\": [\"GET\"]", "\"methods\": \"GET\"", Reason::kGateType, "\"GET\"",
     "routes[0].methods: expected an array, found a string"},
    {"null", "\"name\": \"g\"", "\"name\": null", Reason::kGateType, "null", "expected a string, found null"},
    {"empty list", "[\"GET\"]", "[]", Reason::kGateValue, "[]", "at least one element"},
    {"empty text", "\"name\": \"g\"", "\"name\": \"\"", Reason::kGateValue, "\"\"", "non-empty"},
    {"unknown method", "[\"GET\"]", "[\"get\"]", Reason::kGateValue, "\"get\"", "expected \"GET\", \"HEAD\""},
    {"repeated host", "[\"h.example\"]", "[\"h.example\", \"h.example\"]", Reason::kGateValue,
     "\"h.example\"], \"methods\"", "stands twice"},
    {"repeated method", "[\"GET\"]", "[\"GET\", \"PUT\", \"GET\"]", Reason::kGateValue, "\"GET\"], \"path",
     "stands twice"},
    {"repeated value", "{\"equals\": \"gold\"}", "{\"in\": [\"gold\", \"gold\"]}", Reason::kGateValue, "\"gold\"]}",
     "stands twice"},
    {"unknown algorithm", "[\"RS256\"]", "[\"none\"]", Reason::kGateValue, "\"none\"", "expected \"RS256\""},
    {"shared secret", "[\"RS256\"]", "[\"HS256\"]", Reason::kGateValue, "\"HS256\"", "expected \"RS256\""},
    {"unknown profile", "\"algorithms\": [\"RS256\"]", "\"algorithms\": [\"RS256\"], \"profile\": \"logout_token\"",
     Reason::kGateValue, "\"logout_token\"", "expected \"generic\", \"access_token\""},
    {"unknown audience claim", "\"algorithms\": [\"RS256\"]",
     "\"algorithms\": [\"RS256\"], \"audience_claim\": \"scope\"", Reason::kGateValue, "\"scope\"", "\"client_id\""},
    {"no age at all", "\"algorithms\": [\"RS256\"]", "\"algorithms\": [\"RS256\"], \"age_max_s\": 0",
     Reason::kGateValue, "0}", "from 1 to"},
    {"required claim that is no text", "\"algorithms\": [\"RS256\"]",
     "\"algorithms\": [\"RS256\"], \"required_claims\": {\"a\": 1}", Reason::kGateType, "1}", "expected a string"},
    {"required claim without a name", "\"algorithms\": [\"RS256\"]",
     "\"algorithms\": [\"RS256\"], \"required_claims\": {\"\": \"b\"}", Reason::kGateValue, "\"\": \"b\"",
     "expected a name"},
    {"empty audiences", "[\"api\"]", "[]", Reason::kGateValue, "[]", "at least one"},
    {"large skew", "\"algorithms\": [\"RS256\"]", "\"algorithms\": [\"RS256\"], \"clock_skew_s\": 301",
     Reason::kGateValue, "301", "from 0 to 300"},
    {"fractional skew", "\"algorithms\": [\"RS256\"]", "\"algorithms\": [\"RS256\"], \"clock_skew_s\": 1.5",
     Reason::kGateType, "1.5", "expected an integer"},
    {"port zero", "\"port\": 443", "\"port\": 0", Reason::kGateValue, "0}", "from 1 to 65535"},
    {"origin host with upper case", "\"o.example\"", "\"O.example\"", Reason::kGatePattern, "\"O.example\"",
     "lower case"},
    {"host with port", "[\"h.example\"]", "[\"h.example:80\"]", Reason::kGatePattern, "\"h.example:80\"",
     "without port"},
    {"wildcard inside host", "[\"h.example\"]", "[\"a.*.example\"]", Reason::kGatePattern, "\"a.*.example\"", "\"*.\""},
    {"path without slash", "\"path\": \"/a\"", "\"path\": \"a\"", Reason::kGatePattern, "\"a\", \"origin\"",
     "starts with a slash"},
    {"partial wildcard", "\"path\": \"/a\"", "\"path\": \"/a*\"", Reason::kGatePattern, "\"/a*\"", "whole segment"},
    {"tail in the middle", "\"path\": \"/a\"", "\"path\": \"/**/a\"", Reason::kGatePattern, "\"/**/a\"",
     "last segment"},
    {"claim inside a segment", "\"path\": \"/a\"", "\"path\": \"/a{sub}\"", Reason::kGatePattern, "\"/a{sub}\"",
     "whole segment"},
    {"claim without a name", "\"path\": \"/a\"", "\"path\": \"/{}\"", Reason::kGatePattern, "\"/{}\"", "whole segment"},
    {"claim without an end", "\"path\": \"/a\"", "\"path\": \"/{\"", Reason::kGatePattern, "\"/{\"", "whole segment"},
    {"braces in braces", "\"path\": \"/a\"", "\"path\": \"/{{sub}}\"", Reason::kGatePattern, "\"/{{sub}}\"",
     "whole segment"},
    {"undeclared claim in a path", "\"path\": \"/a\"", "\"path\": \"/{tenant}\"", Reason::kGateReference,
     "\"/{tenant}\"", "claim \"tenant\" is not declared"},
    {"claim in a path that is no text", "\"path\": \"/a\"", "\"path\": \"/{level}\"", Reason::kGateType, "\"/{level}\"",
     "not declared as text"},
    {"dot segment", "\"path\": \"/a\"", "\"path\": \"/a/../b\"", Reason::kGatePattern, "\"/a/../b\"", "canonical"},
    {"empty segment", "\"path\": \"/a\"", "\"path\": \"/a//b\"", Reason::kGatePattern, "\"/a//b\"", "canonical"},
    {"needless escape", "\"path\": \"/a\"", "\"path\": \"/%61\"", Reason::kGatePattern, "\"/%61\"", "canonical"},
    {"lower-case escape", "\"path\": \"/a\"", "\"path\": \"/%c3%a9\"", Reason::kGatePattern, "\"/%c3%a9\"",
     "canonical"},
    {"seventeen segments", "\"path\": \"/a\"", "\"path\": \"/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17\"",
     Reason::kGatePattern, "\"/1/2", "at most 16 segments, found 17"},
    {"unknown origin", "\"origin\": \"o\"", "\"origin\": \"p\"", Reason::kGateReference, "\"p\"",
     "no origin is called \"p\""},
    {"unknown route", "\"routes\": [\"a\"]", "\"routes\": [\"b\"]", Reason::kGateReference, "\"b\"",
     "no route is called \"b\""},
    {"star beside a route", "\"routes\": [\"a\"]", "\"routes\": [\"a\", \"*\"]", Reason::kGateReference, "\"*\"",
     "no route"},
    {"unknown issuer", "\"identity\": {", "\"identity\": {\"issuers\": [\"x\"], ", Reason::kGateReference, "\"x\"",
     "no issuer is called \"x\""},
    {"undeclared claim", "{\"tier\": {\"equals\"", "{\"teir\": {\"equals\"", Reason::kGateReference, "\"teir\"",
     "\"teir\" is not declared"},
    {"undeclared claim in a header", "{\"claim\": \"sub\"}", "{\"claim\": \"mail\"}", Reason::kGateReference,
     "\"mail\"", "\"mail\" is not declared"},
    {"condition of another kind", "{\"tier\": {\"equals\": \"gold\"}}", "{\"tier\": {\"equals\": 1}}",
     Reason::kGateType, "\"equals\": 1}", "not declared as integer"},
    {"set operator on text", "{\"equals\": \"gold\"}", "{\"has_any\": [\"gold\"]}", Reason::kGateType, "\"has_any\"",
     "not declared as text_set"},
    {"mixed values", "{\"equals\": \"gold\"}", "{\"in\": [\"gold\", 1]}", Reason::kGateType, "1]}", "of one kind"},
    {"boolean in a list", "{\"equals\": \"gold\"}", "{\"in\": [true]}", Reason::kGateType, "true]", "use \"equals\""},
    {"presence beside another operator", "{\"equals\": \"gold\"}", "{\"equals\": \"gold\", \"present\": true}",
     Reason::kGateValue, "{\"equals\": \"gold\"", "may only stand alone"},
    {"no operator", "{\"equals\": \"gold\"}", "{}", Reason::kGateValue, "{}", "at least one operator"},
    {"only a why", "{\"equals\": \"gold\"}", "{\"why\": \"w\"}", Reason::kGateValue, "{\"why\"",
     "at least one operator"},
    {"scopes without a list", "{\"claims\": {\"tier\": {\"equals\": \"gold\"}}}", "{\"scopes\": {\"why\": \"none\"}}",
     Reason::kGateValue, "{\"why\": \"none\"}", "\"all\", \"any\" or \"none\""},
    {"public false", "\"identity\": {\"claims\": {\"tier\": {\"equals\": \"gold\"}}}", "\"public\": false",
     Reason::kGateValue, "false", "expected true"},
    {"public and identity", "\"identity\": {", "\"public\": true, \"identity\": {", Reason::kGateValue,
     "{\"id\": \"r\"", "exactly one of \"public\""},
    {"neither public nor identity", ", \"identity\": {\"claims\": {\"tier\": {\"equals\": \"gold\"}}}", "",
     Reason::kGateValue, "{\"id\": \"r\"", "exactly one of \"public\""},
    {"unknown effect", "\"effect\": \"allow\"", "\"effect\": \"permit\"", Reason::kGateValue, "\"permit\"",
     "expected \"allow\" or \"deny\""},
    {"header in upper case", "\"x-user\"", "\"X-User\"", Reason::kGateValue, "\"X-User\"", "lower-case"},
    {"reserved header", "\"x-user\"", "\"host\"", Reason::kGateValue, "\"host\": {\"claim\"", "may not be set"},
    {"header that changes the method", "\"x-user\"", "\"x-http-method-override\"", Reason::kGateValue,
     "\"x-http-method-override\"", "choose a name of your own"},
    {"header that says where the request went", "\"x-user\"", "\"x-forwarded-host\"", Reason::kGateValue,
     "\"x-forwarded-host\"", "choose a name of your own"},
    {"header of the content", "\"x-user\"", "\"content-type\"", Reason::kGateValue, "\"content-type\"",
     "choose a name of your own"},
    {"address that is a claim", "\"x-user\"", "\"x-forwarded-for\"", Reason::kGateValue, "\"x-forwarded-for\"",
     "choose a name of your own"},
    {"two names of one algorithm", "[\"RS256\"]", "[\"EdDSA\", \"Ed25519\"]", Reason::kGateValue, "[\"EdDSA\"",
     "another name of an algorithm"},
    {"header without source", "{\"claim\": \"sub\"}", "{}", Reason::kGateValue, "{}",
     "exactly one of \"claim\" and \"from\""},
    {"built-in claim declared", "\"tier\": \"text\"", "\"tier\": \"text\", \"sub\": \"text\"", Reason::kGateDuplicateId,
     "\"sub\": \"text\"", "built-in"},
    {"bad id", "{\"id\": \"r\"", "{\"id\": \"r r\"", Reason::kGateValue, "\"r r\"", "letters, digits"},
    {"star as id", "{\"id\": \"r\"", "{\"id\": \"*\"", Reason::kGateValue, "\"*\"", "letters, digits"},
};

INSTANTIATE_TEST_SUITE_P(Gate, BrokenGateTest, testing::ValuesIn(kBroken), test::test_name);

TEST(Gate, TheGoodOneCompilesAndLoads) {
  const CompiledGate compiled = compile_gate(kGood);
  ASSERT_TRUE(compiled.ok()) << compiled.errors.front().message;
  const Result<Gate> gate = Gate::load(compiled.image);
  ASSERT_TRUE(gate.ok());
  EXPECT_EQ(gate->name(), "g");
  EXPECT_EQ(gate->header().routes.count, 1U);
}

TEST(Gate, AnIdentityHeaderMayBeOneThatOnlyProgramsInFrontSet) {
  EXPECT_TRUE(compile_gate(with("\"x-user\"", "\"x-forwarded-user\"")).ok());
  EXPECT_TRUE(compile_gate(with(R"("x-user": {"claim": "sub"})", R"("x-forwarded-for": {"from": "peer"})")).ok());
  EXPECT_TRUE(compile_gate(with("[\"RS256\"]", "[\"EdDSA\", \"Ed448\"]")).ok());
}

TEST(Gate, KeepsWhatAnIssuersTokensMustBe) {
  const CompiledGate compiled =
      compile_gate(with(R"("algorithms": ["RS256"])",
                        R"("algorithms": ["ES384", "Ed448"], "profile": "id_token", "audience_claim": "client_id",)"
                        R"( "age_max_s": 600, "required_claims": {"tid": "t", "hd": "d"})"));
  ASSERT_TRUE(compiled.ok()) << compiled.errors[0].message;
  const Result<Gate> gate = Gate::load(compiled.image);
  ASSERT_TRUE(gate);
  const IssuerRecord issuer = gate->issuer(0);
  EXPECT_EQ(issuer.algorithms, AlgorithmSet({Algorithm::kEs384, Algorithm::kEd448}).bits());
  EXPECT_EQ(issuer.profile, TokenProfile::kIdToken);
  EXPECT_EQ(issuer.audience_claim, AudienceClaim::kClientId);
  EXPECT_EQ(issuer.age_max_s, 600U);
  ASSERT_EQ(issuer.required_claims.count, 4U);
  EXPECT_EQ(gate->listed_text(issuer.required_claims.first), "hd");
  EXPECT_EQ(gate->listed_text(issuer.required_claims.first + 1), "d");
}

TEST(Gate, EveryErrorIsReportedInTheOrderOfTheText) {
  const CompiledGate compiled = compile_gate(R"({"gate": 1, "nam": "g",
"origins": {"o": {"scheme": "ftp", "host": "o.example", "port": 443}},
"routes": [{"id": "a", "hosts": ["h.example"], "methods": [], "path": "x", "origin": "p"}],
"rules": [{"id": "r", "effect": "allow", "routes": ["q"], "public": true}]})");
  std::vector<Reason> reasons;
  std::vector<std::uint32_t> lines;
  for (const GateError& error : compiled.errors) {
    reasons.push_back(error.reason);
    lines.push_back(error.line);
  }
  EXPECT_THAT(reasons, testing::ElementsAre(Reason::kGateMissingMember, Reason::kGateUnknownMember, Reason::kGateValue,
                                            Reason::kGateValue, Reason::kGatePattern, Reason::kGateReference,
                                            Reason::kGateReference));
  EXPECT_THAT(lines, testing::ElementsAre(1, 1, 2, 3, 3, 3, 4));
}

TEST(Gate, EqualSpecificityIsAnErrorWithAnExampleRequest) {
  const std::string route = R"({"id": "a", "hosts": ["h.example"], "methods": ["GET"], "path": "/a", "origin": "o"})";
  const std::string source =
      with(route, R"({"id": "x", "hosts": ["*.example"], "methods": ["GET", "PUT"], "path": "/a/*/c/**", "origin": "o"},
                {"id": "a", "hosts": ["h.example", "*.example"], "methods": ["PUT", "HEAD"], "path": "/a/*/c/**", "origin": "o"})");
  const CompiledGate compiled = compile_gate(source);
  ASSERT_EQ(compiled.errors.size(), 1U);
  EXPECT_EQ(compiled.errors.front().reason, Reason::kGateAmbiguous);
  EXPECT_THAT(compiled.errors.front().message,
              testing::HasSubstr("\"x\" and \"a\" both match PUT http://x.example/a/x/c/x"));
}

TEST(Gate, SamePatternWithOtherMethodsOrHostsIsNotAmbiguous) {
  const std::string route = R"({"id": "a", "hosts": ["h.example"], "methods": ["GET"], "path": "/a", "origin": "o"})";
  const CompiledGate compiled = compile_gate(
      with(route, route + R"(, {"id": "b", "hosts": ["h.example"], "methods": ["PUT"], "path": "/a", "origin": "o"},
                               {"id": "c", "hosts": ["i.example"], "methods": ["GET"], "path": "/a", "origin": "o"},
                               {"id": "d", "hosts": ["*.example"], "methods": ["GET"], "path": "/a", "origin": "o"})"));
  EXPECT_TRUE(compiled.ok()) << compiled.errors.front().message;
}

TEST(Gate, DuplicateIdsAndIssuersAreErrors) {
  const std::string rule = R"({"id": "r", "effect": "allow", "routes": ["a"], "public": true})";
  const std::string twice_rule = with(R"("rules": [)", R"("rules": [)" + rule + ",");
  ASSERT_EQ(compile_gate(twice_rule).errors.size(), 1U);
  EXPECT_EQ(compile_gate(twice_rule).errors.front().reason, Reason::kGateDuplicateId);
  const std::string idp = R"({"issuer": "https://id.example", "audiences": ["api"], "algorithms": ["RS256"]})";
  const std::string twice_issuer = with(R"("issuers": {)", R"("issuers": {"other": )" + idp + ",");
  ASSERT_EQ(compile_gate(twice_issuer).errors.size(), 1U);
  EXPECT_THAT(compile_gate(twice_issuer).errors.front().message, testing::HasSubstr("declared twice"));
}

TEST(Gate, AnIdentityRuleNeedsAnIssuer) {
  const std::string source = with(
      R"("issuers": {"idp": {"issuer": "https://id.example", "audiences": ["api"], "algorithms": ["RS256"]}},)", "");
  ASSERT_EQ(compile_gate(source).errors.size(), 1U);
  EXPECT_THAT(compile_gate(source).errors.front().message, testing::HasSubstr("trusts no issuer"));
}

TEST(Gate, EachLimitHoldsOnBothSides) {
  Limits limits;
  limits.gate_size_max = static_cast<std::uint32_t>(kGood.size());
  EXPECT_TRUE(compile_gate(kGood, limits).ok());
  limits.gate_size_max -= 1;
  ASSERT_FALSE(compile_gate(kGood, limits).ok());
  EXPECT_EQ(compile_gate(kGood, limits).errors.front().reason, Reason::kGateLimit);

  limits = {};
  limits.gate_json_depth_max = 6;  // rules[0].identity.claims.tier
  EXPECT_TRUE(compile_gate(kGood, limits).ok());
  limits.gate_json_depth_max = 5;
  ASSERT_FALSE(compile_gate(kGood, limits).ok());
  EXPECT_EQ(compile_gate(kGood, limits).errors.front().reason, Reason::kGateLimit);

  const auto document = nlohmann::json::parse(kGood);
  std::uint32_t values = 0;
  const auto count = [&values](const auto& self, const nlohmann::json& value) -> void {
    ++values;
    if (value.is_structured()) {
      for (const auto& child : value) self(self, child);
    }
  };
  count(count, document);
  limits = {};
  limits.gate_json_values_max = values;
  EXPECT_TRUE(compile_gate(kGood, limits).ok());
  limits.gate_json_values_max = values - 1;
  EXPECT_FALSE(compile_gate(kGood, limits).ok());

  limits = {};
  limits.identity_header_count_max = 1;
  EXPECT_TRUE(compile_gate(kGood, limits).ok());
  limits.identity_header_count_max = 0;
  ASSERT_FALSE(compile_gate(kGood, limits).ok());
  EXPECT_EQ(compile_gate(kGood, limits).errors.front().reason, Reason::kGateLimit);

  limits = {};
  limits.path_segments_max = 1;
  EXPECT_TRUE(compile_gate(kGood, limits).ok());
  limits.path_segments_max = 0;
  EXPECT_FALSE(compile_gate(kGood, limits).ok());
}

TEST(Gate, EmptyHugeAndBinaryInputsAreErrors) {
  for (const std::string& source : {std::string(), std::string("\0", 1), std::string("[]"), std::string("7"),
                                    std::string(100000, '['), std::string("\xff\xfe")}) {
    EXPECT_FALSE(compile_gate(source).ok());
  }
}

TEST(Gate, TheOrderOfTheSourceLeavesNoTrace) {
  std::ifstream file(OSTIARY_SOURCE_DIR "/examples/shop/gate.json");
  auto document = nlohmann::ordered_json::parse(file);
  const std::string image = compile_gate(document.dump()).image;
  ASSERT_FALSE(image.empty());
  std::reverse(document["routes"].begin(), document["routes"].end());
  std::reverse(document["rules"].begin(), document["rules"].end());
  for (auto& route : document["routes"]) {
    std::reverse(route["methods"].begin(), route["methods"].end());
    std::reverse(route["hosts"].begin(), route["hosts"].end());
  }
  for (auto& rule : document["rules"]) std::reverse(rule["routes"].begin(), rule["routes"].end());
  // nlohmann::json sorts the members of objects, ordered_json keeps them: both orders are tried.
  EXPECT_EQ(compile_gate(document.dump(2)).image, image);
  EXPECT_EQ(compile_gate(nlohmann::json::parse(document.dump()).dump()).image, image);
}

}  // namespace
}  // namespace ostiary
