// What may be wrong with conditions and role mappings, and what a Gate that uses all of them says.
#include "support/broken_gate.hpp"

#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/gate.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary {
namespace {

using test::BrokenGate;

constexpr std::string_view kWhole = R"({
  "gate": 1,
  "name": "g",
  "version": 7,
  "issuers": {"idp": {"issuer": "https://id.example", "audiences": ["api"], "algorithms": ["RS256"]}},
  "claims": {
    "tier": {"type": "text", "one_of": ["gold", "silver", "bronze"]},
    "groups": {"type": "text_set", "one_of": ["ops", "dev"]},
    "level": "integer",
    "staff": {"type": "boolean"},
    "team": "text"
  },
  "headers": ["x-region"],
  "networks": {"office": ["192.0.2.0/24", "2001:db8::/32"]},
  "flags": ["beta"],
  "origins": {"o": {"scheme": "https", "host": "o.example", "port": 443}},
  "identity_headers": {"x-user": {"claim": "sub"}},
  "routes": [
    {"id": "a", "hosts": ["h.example"], "methods": ["GET", "PUT"], "path": "/a/*", "origin": "o", "role": "required"},
    {"id": "t", "hosts": ["h.example"], "methods": ["GET"], "path": "/t/{team}", "origin": "o", "role": "optional"}
  ],
  "rules": [
    {
      "id": "r", "effect": "allow", "routes": ["a"], "owner": "payments", "ticket": "T-1",
      "identity": {"audiences": ["api"], "token_age_max_s": 60, "scopes": {"none": ["none"]}, "claims": {
        "tier": {"in": ["gold"], "not_in": ["bronze"], "prefix": ["go"]}, "groups": {"has_none": ["dev"]},
        "level": {"not_in": [3]}}},
      "request": {
        "methods": ["GET"], "schemes": ["https"], "hosts": ["*.example"], "paths": ["/a/{sub}"],
        "query": {"q": {"present": true}}, "headers": {"x-region": {"in": ["eu"]}},
        "client": {"in": ["office", "203.0.113.0/24"]}
      },
      "time": {"from": "2026-01-01T00:00:00Z"}, "flags": {"beta": true}, "expires": "2026-12-31T23:59:59Z"
    },
    {"id": "p", "effect": "allow", "routes": ["a"], "public": true, "request": {"paths": ["/a/b"]}}
  ],
  "roles": [
    {
      "id": "m", "routes": ["a"], "identity": {}, "request": {"schemes": ["http"]}, "owner": "me", "ticket": "T-2",
      "role_arn": "arn:aws:iam::123456789012:role/app/reader", "session_name": {"claim": "sub"},
      "session_tags": {"team": {"claim": "team"}, "stage": {"text": "prod"}},
      "duration_s": 900, "expires": "2027-01-01T00:00:00Z"
    }
  ]
})";

class BrokenConditionTest : public testing::TestWithParam<BrokenGate> {};

TEST_P(BrokenConditionTest, NamesThePlaceAndTheFix) { test::expect_fault(kWhole, GetParam()); }

const BrokenGate kDeclarations[] = {
    {"negative version", "\"version\": 7", "\"version\": -1", Reason::kGateValue, "-1", "from 0 to 9007199254740991"},
    {"version beyond doubles", "\"version\": 7", "\"version\": 9007199254740992", Reason::kGateValue,
     "9007199254740992", "from 0 to 9007199254740991"},
    {"claim object without type", "{\"type\": \"boolean\"}", "{}", Reason::kGateMissingMember, "{},",
     "missing member \"type\""},
    {"unknown type of claim", "{\"type\": \"boolean\"}", "{\"type\": \"bool\"}", Reason::kGateValue, "\"bool\"}",
     "expected \"text\", \"integer\", \"boolean\" or \"text_set\""},
    {"vocabulary of a boolean", "{\"type\": \"boolean\"}", "{\"one_of\": [\"yes\"], \"type\": \"boolean\"}",
     Reason::kGateValue, "[\"yes\"]", "only claims of type \"text\" and \"text_set\""},
    {"vocabulary twice", "\"silver\", \"bronze\"", "\"silver\", \"bronze\", \"gold\"", Reason::kGateValue, "\"gold\"]}",
     "stands twice"},
    {"empty vocabulary", "[\"ops\", \"dev\"]", "[]", Reason::kGateValue, "[]", "at least one element"},
    {"header in upper case", "\"headers\": [\"x-region\"]", "\"headers\": [\"x-region\", \"X-Zone\"]",
     Reason::kGateValue, "\"X-Zone\"", "lower-case"},
    {"header twice", "\"headers\": [\"x-region\"]", "\"headers\": [\"x-region\", \"x-region\"]", Reason::kGateValue,
     "\"x-region\"],", "stands twice"},
    {"credentials as a header", "\"headers\": [\"x-region\"]", "\"headers\": [\"x-region\", \"authorization\"]",
     Reason::kGateValue, "\"authorization\"", "may not be read"},
    {"cookie as a header", "\"headers\": [\"x-region\"]", "\"headers\": [\"x-region\", \"cookie\"]", Reason::kGateValue,
     "\"cookie\"", "may not be read"},
    {"host as a header", "\"headers\": [\"x-region\"]", "\"headers\": [\"x-region\", \"host\"]", Reason::kGateValue,
     "\"host\"]", "may not be read"},
    {"header of one connection", "\"headers\": [\"x-region\"]", "\"headers\": [\"x-region\", \"upgrade\"]",
     Reason::kGateValue, "\"upgrade\"", "may not be read"},
    {"header of trusted hops", "\"headers\": [\"x-region\"]", "\"headers\": [\"x-region\", \"x-forwarded-for\"]",
     Reason::kGateValue, "\"x-forwarded-for\"", "not believed from clients"},
    {"header that nobody may send", "\"headers\": [\"x-region\"]", "\"headers\": [\"x-region\", \"x-original-url\"]",
     Reason::kGateValue, "\"x-original-url\"", "not believed from clients"},
    {"header of the identity", "\"headers\": [\"x-region\"]", "\"headers\": [\"x-region\", \"x-user\"]",
     Reason::kGateValue, "\"x-user\"]", "read the claim instead"},
    {"network called as an address", "\"networks\": {", "\"networks\": {\"192.0.2.1\": [\"192.0.2.1/32\"], ",
     Reason::kGateValue, "\"192.0.2.1\"", "looks like an address"},
    {"network called as a block", "\"networks\": {", "\"networks\": {\"192.0.2.0/24\": [\"192.0.2.1/32\"], ",
     Reason::kGateValue, "\"192.0.2.0/24\"", "expected an id"},
    {"network of nothing", "[\"192.0.2.0/24\", \"2001:db8::/32\"]", "[]", Reason::kGateValue, "[]", "at least one"},
    {"block with bits behind its prefix", "\"192.0.2.0/24\"", "\"192.0.2.7/24\"", Reason::kGatePattern,
     "\"192.0.2.7/24\"", "perhaps \"192.0.2.0/24\" is meant"},
    {"block without a length", "\"192.0.2.0/24\"", "\"192.0.2.7\"", Reason::kGatePattern, "\"192.0.2.7\"",
     "perhaps \"192.0.2.7/32\" is meant"},
    {"block that is too long", "\"192.0.2.0/24\"", "\"192.0.2.0/33\"", Reason::kGatePattern, "\"192.0.2.0/33\"",
     "expected an address block"},
    {"block twice in two spellings", "\"192.0.2.0/24\"", "\"2001:0db8::/32\"", Reason::kGateValue, "\"2001:db8::/32\"",
     "stands twice"},
    {"flag twice", "[\"beta\"]", "[\"beta\", \"beta\"]", Reason::kGateValue, "\"beta\"],", "stands twice"},
    {"flag with a space", "[\"beta\"]", "[\"beta\", \"be ta\"]", Reason::kGateValue, "\"be ta\"", "expected an id"},
    {"unknown demand of a role", "\"role\": \"required\"", "\"role\": \"always\"", Reason::kGateValue, "\"always\"",
     "expected \"optional\" or \"required\""},
};
INSTANTIATE_TEST_SUITE_P(Declarations, BrokenConditionTest, testing::ValuesIn(kDeclarations), test::test_name);

const BrokenGate kClaims[] = {
    {"presence among others", "\"prefix\": [\"go\"]", "\"present\": true", Reason::kGateValue, "{\"in\": [\"gold\"]",
     "may only stand alone"},
    {"value that does not exist", "{\"in\": [\"gold\"]", "{\"in\": [\"glod\"]", Reason::kGateValue, "\"glod\"",
     "perhaps \"gold\" is meant"},
    {"exclusion that does not exist", "\"not_in\": [\"bronze\"]", "\"not_in\": [\"bronce\"]", Reason::kGateValue,
     "\"bronce\"", "perhaps \"bronze\" is meant"},
    {"prefix of nothing that exists", "[\"go\"]", "[\"gi\"]", Reason::kGateValue, "\"gi\"", "begins with \"gi\""},
    {"element that does not exist", "\"has_none\": [\"dev\"]", "\"has_none\": [\"devs\"]", Reason::kGateValue,
     "\"devs\"", "perhaps \"dev\" is meant"},
    {"wildcard inside equality", "\"groups\": {\"has_none\": [\"dev\"]}", "\"team\": {\"equals\": \"blue-*\"}",
     Reason::kGateValue, "\"blue-*\"",
     "wildcard inside equality, where it would stand for itself; use \"prefix\": [\"blue-\"]"},
    {"wildcard alone", "\"groups\": {\"has_none\": [\"dev\"]}", "\"team\": {\"in\": [\"*\"]}", Reason::kGateValue,
     "\"*\"]", "use \"prefix\" or \"present\""},
    {"wildcard inside an exclusion", "\"groups\": {\"has_none\": [\"dev\"]}", "\"team\": {\"not_in\": [\"a*b\"]}",
     Reason::kGateValue, "\"a*b\"", "inside equality"},
    {"wildcard inside a prefix", "\"groups\": {\"has_none\": [\"dev\"]}", "\"team\": {\"prefix\": [\"a*\"]}",
     Reason::kGateValue, "\"a*\"", "inside a prefix"},
    {"exclusion of another kind", "{\"not_in\": [3]}", "{\"not_in\": [\"3\"]}", Reason::kGateType,
     "\"not_in\": [\"3\"]", "not declared as text"},
    {"prefix of an integer", "{\"not_in\": [3]}", "{\"prefix\": [\"3\"]}", Reason::kGateType, "\"prefix\": [\"3\"]",
     "not declared as text"},
    {"empty prefix", "[\"go\"]", "[\"\"]", Reason::kGateValue, "\"\"]", "non-empty"},
    {"null in a list", "{\"not_in\": [3]}", "{\"not_in\": [3, null]}", Reason::kGateType, "null",
     "a string or an integer"},
    {"fraction in a list", "{\"not_in\": [3]}", "{\"not_in\": [3.5]}", Reason::kGateType, "3.5",
     "a string or an integer"},
    {"integer twice", "{\"not_in\": [3]}", "{\"not_in\": [3, 3]}", Reason::kGateValue, "3]", "stands twice"},
    {"no age of a token", "\"token_age_max_s\": 60", "\"token_age_max_s\": -1", Reason::kGateValue, "-1, \"scopes\"",
     "from 0 to 2147483647"},
    {"age beyond 31 bits", "\"token_age_max_s\": 60", "\"token_age_max_s\": 2147483648", Reason::kGateValue,
     "2147483648", "from 0 to 2147483647"},
    {"no claim at all", "\"identity\": {}, \"request\"", "\"identity\": {\"claims\": {}}, \"request\"",
     Reason::kGateValue, "{}}, \"request\"", "at least one name"},
    {"scope with a space", "{\"none\": [\"none\"]}", "{\"none\": [\"no ne\"]}", Reason::kGateValue, "\"no ne\"",
     "expected one scope"},
    {"scope that must and must not be there", "{\"none\": [\"none\"]}", "{\"all\": [\"a\", \"b\"], \"none\": [\"b\"]}",
     Reason::kGateValue, "\"none\": [\"b\"]", "the rule never matches"},
    {"scopes of which none may be there", "{\"none\": [\"none\"]}",
     "{\"any\": [\"a\", \"b\"], \"none\": [\"b\", \"a\"]}", Reason::kGateValue, "\"none\": [\"b\"",
     "the rule never matches"},
    {"value that is excluded", "\"not_in\": [\"bronze\"]", "\"not_in\": [\"gold\"]", Reason::kGateValue,
     "\"not_in\": [\"gold\"]", "the rule never matches"},
    {"two values at once", "{\"in\": [\"gold\"], \"not_in\": [\"bronze\"]",
     "{\"equals\": \"gold\", \"in\": [\"silver\"]", Reason::kGateValue, "\"in\": [\"silver\"]",
     "the rule never matches"},
    {"value without the prefix", "[\"go\"]", "[\"si\"]", Reason::kGateValue, "\"prefix\": [\"si\"]",
     "the rule never matches"},
    {"integer that is excluded", "{\"not_in\": [3]}", "{\"in\": [3], \"not_in\": [4, 3]}", Reason::kGateValue,
     "\"not_in\": [4, 3]", "the rule never matches"},
    {"element that must and must not be there", "{\"has_none\": [\"dev\"]}",
     "{\"has_all\": [\"ops\", \"dev\"], \"has_none\": [\"dev\"]}", Reason::kGateValue, "\"has_none\": [\"dev\"]",
     "the rule never matches"},
    {"elements of which none may be there", "{\"has_none\": [\"dev\"]}",
     "{\"has_any\": [\"dev\"], \"has_none\": [\"dev\"]}", Reason::kGateValue, "\"has_none\": [\"dev\"]",
     "the rule never matches"},
    {"role with an empty part of its path", "role/app/reader", "role/app//reader", Reason::kGateValue,
     "\"arn:aws:", "the ARN of one role"},
    {"no audience", "\"audiences\": [\"api\"], \"token", "\"audiences\": [], \"token", Reason::kGateValue, "[]",
     "at least one element"},
};
TEST(Conditions, ThatExcludeOnlySomeOfEachOtherAreGood) {
  const std::string source = test::replaced(
      test::replaced(kWhole, "{\"none\": [\"none\"]}",
                     "{\"all\": [\"a\"], \"any\": [\"b\", \"c\"], \"none\": [\"c\"]}"),
      "{\"in\": [\"gold\"], \"not_in\": [\"bronze\"]", "{\"in\": [\"gold\", \"bronze\"], \"not_in\": [\"bronze\"]");
  const CompiledGate compiled = compile_gate(test::replaced(source, "arn:aws:iam", "arn:aws-iso-b:iam"));
  EXPECT_TRUE(compiled.ok()) << compiled.errors[0].message;
}

INSTANTIATE_TEST_SUITE_P(Claims, BrokenConditionTest, testing::ValuesIn(kClaims), test::test_name);

const BrokenGate kRequests[] = {
    {"no condition", "{\"paths\": [\"/a/b\"]}", "{}", Reason::kGateValue, "{}", "at least one condition"},
    {"only a why", "{\"paths\": [\"/a/b\"]}", "{\"why\": \"w\"}", Reason::kGateValue, "{\"why\"",
     "at least one condition"},
    {"unknown condition", "{\"paths\": [\"/a/b\"]}", "{\"path\": [\"/a/b\"]}", Reason::kGateUnknownMember,
     "\"path\": [", "expected \"methods\", \"schemes\", \"hosts\", \"paths\", \"query\", \"headers\", \"client\" or"},
    {"unknown scheme", "[\"https\"]", "[\"https\", \"ws\"]", Reason::kGateValue, "\"ws\"", "\"http\" or \"https\""},
    {"scheme twice", "[\"https\"]", "[\"https\", \"https\"]", Reason::kGateValue, "\"https\"],", "stands twice"},
    {"methods of no route", "\"methods\": [\"GET\"], \"schemes\"", "\"methods\": [\"POST\"], \"schemes\"",
     Reason::kGateValue, "\"methods\": [\"POST\"]", "no route that the rule names has any of these methods"},
    {"hosts of no route", "[\"*.example\"]", "[\"h.example.org\", \"*.h.example\"]", Reason::kGateValue,
     "\"hosts\": [\"h.example.org\"", "no route that the rule names has a host"},
    {"paths of no route", "[\"/a/{sub}\"]", "[\"/b/**\", \"/a\"]", Reason::kGateValue, "\"paths\": [\"/b",
     "no route that the rule names has a path"},
    {"schemes of a mapping are free but its methods are not", "{\"schemes\": [\"http\"]}", "{\"methods\": [\"TRACE\"]}",
     Reason::kGateValue, "\"methods\": [\"TRACE\"]", "no route that the role mapping names"},
    {"host with upper case", "[\"*.example\"]", "[\"*.example\", \"H.example\"]", Reason::kGatePattern, "\"H.example\"",
     "lower case"},
    {"path that is not canonical", "[\"/a/{sub}\"]", "[\"/a/{sub}\", \"/a/../b\"]", Reason::kGatePattern, "\"/a/../b\"",
     "canonical"},
    {"path with an undeclared claim", "[\"/a/{sub}\"]", "[\"/a/{who}\"]", Reason::kGateReference, "\"/a/{who}\"",
     "claim \"who\" is not declared"},
    {"path with a claim that is no text", "[\"/a/{sub}\"]", "[\"/a/{groups}\"]", Reason::kGateType, "\"/a/{groups}\"",
     "not declared as text"},
    {"path with a claim in a public rule", "[\"/a/b\"]", "[\"/a/b\", \"/a/{sub}\"]", Reason::kGatePattern,
     "\"/a/{sub}\"]}", "a public rule never matches it"},
    {"public rule on a bound route", "\"routes\": [\"a\"], \"public\": true, \"request\": {\"paths\": [\"/a/b\"]}",
     "\"routes\": [\"t\"], \"public\": true", Reason::kGateValue, "\"t\"], \"public\"", "the rule never matches"},
    {"parameter without operator", "{\"q\": {\"present\": true}}", "{\"q\": {}}", Reason::kGateValue, "{}}",
     "exactly one operator"},
    {"parameter with two operators", "{\"present\": true}", "{\"present\": true, \"equals\": \"x\"}",
     Reason::kGateValue, "{\"present\": true", "exactly one operator"},
    {"parameter with an operator of claims", "{\"present\": true}", "{\"not_in\": [\"x\"]}", Reason::kGateUnknownMember,
     "\"not_in\": [\"x\"]", "expected \"equals\", \"in\", \"present\" or"},
    {"parameter that is an integer", "{\"present\": true}", "{\"equals\": 1}", Reason::kGateType, "1}",
     "expected a string"},
    {"no parameter", "{\"q\": {\"present\": true}}", "{}", Reason::kGateValue, "{}", "at least one name"},
    {"undeclared header", "{\"x-region\": {", "{\"X-Region\": {", Reason::kGateReference, "\"X-Region\"",
     "not declared; add it to \"headers\", in lower case"},
    {"header value twice", "[\"eu\"]", "[\"eu\", \"eu\"]", Reason::kGateValue, "\"eu\"]", "stands twice"},
    {"client without operator", "{\"in\": [\"office\", \"203.0.113.0/24\"]}", "{}", Reason::kGateValue, "{}",
     "exactly one of \"in\" and \"not_in\""},
    {"client with both operators", "{\"in\": [\"office\", \"203.0.113.0/24\"]}",
     "{\"in\": [\"office\"], \"not_in\": [\"office\"]}", Reason::kGateValue, "{\"in\": [\"office\"]",
     "exactly one of \"in\" and \"not_in\""},
    {"unknown network", "[\"office\", ", "[\"ofice\", ", Reason::kGateReference, "\"ofice\"",
     "no network is called \"ofice\""},
    {"client block with bits behind", "\"203.0.113.0/24\"", "\"203.0.113.1/24\"", Reason::kGatePattern,
     "\"203.0.113.1/24\"", "perhaps \"203.0.113.0/24\" is meant"},
    {"client address without length", "\"203.0.113.0/24\"", "\"2001:db8::1\"", Reason::kGatePattern, "\"2001:db8::1\"",
     "perhaps \"2001:db8::1/128\" is meant"},
    {"client block twice", "\"203.0.113.0/24\"", "\"2001:db8::/48\", \"2001:0db8::/48\"", Reason::kGateValue,
     "\"2001:0db8::/48\"", "stands twice"},
};
INSTANTIATE_TEST_SUITE_P(Requests, BrokenConditionTest, testing::ValuesIn(kRequests), test::test_name);

const BrokenGate kTimes[] = {
    {"no bound", "{\"from\": \"2026-01-01T00:00:00Z\"}", "{}", Reason::kGateValue, "{},",
     "\"from\", \"until\" or both"},
    {"nothing between", "{\"from\": \"2026-01-01T00:00:00Z\"}",
     "{\"from\": \"2026-01-01T00:00:00Z\", \"until\": \"2026-01-01T00:00:00Z\"}", Reason::kGateValue, "\"time\"",
     "\"from\" to be before \"until\""},
    {"expired before it begins", "\"2026-12-31T23:59:59Z\"", "\"2026-01-01T00:00:00Z\"", Reason::kGateValue,
     "\"expires\": \"2026-01-01T00:00:00Z\"", "expires before \"time\" begins"},
    {"leap second", "\"2026-12-31T23:59:59Z\"", "\"2026-12-31T23:59:60Z\"", Reason::kGateValue,
     "\"2026-12-31T23:59:60Z\"", "expected a time in UTC"},
    {"hour 24", "\"2026-12-31T23:59:59Z\"", "\"2026-12-31T24:00:00Z\"", Reason::kGateValue, "\"2026-12-31T24:00:00Z\"",
     "expected a time in UTC"},
    {"February 29 of a common year", "\"2026-12-31T23:59:59Z\"", "\"2026-02-29T00:00:00Z\"", Reason::kGateValue,
     "\"2026-02-29T00:00:00Z\"", "expected a time in UTC"},
    {"month 13", "\"2026-12-31T23:59:59Z\"", "\"2026-13-01T00:00:00Z\"", Reason::kGateValue, "\"2026-13-01T00:00:00Z\"",
     "expected a time in UTC"},
    {"day zero", "\"2026-12-31T23:59:59Z\"", "\"2026-12-00T00:00:00Z\"", Reason::kGateValue, "\"2026-12-00T00:00:00Z\"",
     "expected a time in UTC"},
    {"small letters", "\"2026-12-31T23:59:59Z\"", "\"2026-12-31t23:59:59z\"", Reason::kGateValue,
     "\"2026-12-31t23:59:59z\"", "expected a time in UTC"},
    {"an offset", "\"2026-12-31T23:59:59Z\"", "\"2026-12-31T23:59:59+00:00\"", Reason::kGateValue,
     "\"2026-12-31T23:59:59+00:00\"", "expected a time in UTC"},
    {"a fraction", "\"2026-12-31T23:59:59Z\"", "\"2026-12-31T23:59:59.0Z\"", Reason::kGateValue,
     "\"2026-12-31T23:59:59.0Z\"", "expected a time in UTC"},
    {"a date alone", "\"2026-12-31T23:59:59Z\"", "\"2026-12-31\"", Reason::kGateValue, "\"2026-12-31\"",
     "expected a time in UTC"},
    {"a number", "\"2026-12-31T23:59:59Z\"", "1798761599", Reason::kGateType, "1798761599", "expected a string"},
    {"no flag", "{\"beta\": true}", "{}", Reason::kGateValue, "{},", "at least one name"},
    {"undeclared flag", "{\"beta\": true}", "{\"alpha\": true}", Reason::kGateReference, "\"alpha\"",
     "no flag is called \"alpha\""},
    {"flag that is no boolean", "{\"beta\": true}", "{\"beta\": 1}", Reason::kGateType, "1}", "expected true or false"},
    {"owner that is no text", "\"owner\": \"payments\"", "\"owner\": [\"payments\"]", Reason::kGateType,
     "[\"payments\"]", "expected a string"},
    {"empty ticket", "\"ticket\": \"T-1\"", "\"ticket\": \"\"", Reason::kGateValue, "\"\"", "non-empty"},
};
INSTANTIATE_TEST_SUITE_P(Times, BrokenConditionTest, testing::ValuesIn(kTimes), test::test_name);

const BrokenGate kRoles[] = {
    {"mapping without identity", "\"identity\": {}, ", "", Reason::kGateMissingMember, "{\n      \"id\": \"m\"",
     "missing member \"identity\""},
    {"mapping of an unknown route", "\"id\": \"m\", \"routes\": [\"a\"]", "\"id\": \"m\", \"routes\": [\"b\"]",
     Reason::kGateReference, "\"b\"]", "no route is called \"b\""},
    {"mapping for flags", "\"duration_s\": 900", "\"duration_s\": 900, \"flags\": {\"beta\": true}",
     Reason::kGateUnknownMember, "\"flags\": {\"beta\": true}, \"expires\": \"2027", "unknown member \"flags\""},
    {"role of another partition", "arn:aws:iam", "arn:aws-moon:iam", Reason::kGateValue, "\"arn:aws-moon",
     "expected the ARN of one role"},
    {"user in place of a role", ":role/app/reader", ":user/app/reader", Reason::kGateValue, "\"arn:aws",
     "expected the ARN of one role"},
    {"account of eleven digits", "123456789012", "12345678901", Reason::kGateValue, "\"arn:aws", "ARN of one role"},
    {"role that ends in its account", "123456789012:role/app/reader", "1234", Reason::kGateValue, "\"arn:aws",
     "ARN of one role"},
    {"account of letters", "123456789012", "12345678901x", Reason::kGateValue, "\"arn:aws", "ARN of one role"},
    {"role without a name", "role/app/reader", "role/app/", Reason::kGateValue, "\"arn:aws", "ARN of one role"},
    {"role of a pattern", "role/app/reader", "role/app/*", Reason::kGateValue, "\"arn:aws", "ARN of one role"},
    {"path of a pattern", "role/app/reader", "role/*/reader", Reason::kGateValue, "\"arn:aws", "ARN of one role"},
    {"role with a space", "role/app/reader", "role/app/a b", Reason::kGateValue, "\"arn:aws", "ARN of one role"},
    {"role with an empty path", "role/app/reader", "role//reader", Reason::kGateValue, "\"arn:aws", "ARN of one role"},
    {"role name of 65", "role/app/reader", "role/a23456789012345678901234567890123456789012345678901234567890123456",
     Reason::kGateValue, "\"arn:aws", "ARN of one role"},
    {"session without a name", "{\"claim\": \"sub\"},\n      \"session_tags\"", "{},\n      \"session_tags\"",
     Reason::kGateValue, "{},\n      \"session_tags\"", "exactly one of \"claim\" and \"text\""},
    {"session with two names", "{\"text\": \"prod\"}", "{\"text\": \"prod\", \"claim\": \"sub\"}", Reason::kGateValue,
     "{\"text\": \"prod\"", "exactly one of \"claim\" and \"text\""},
    {"session name of one letter", "\"session_name\": {\"claim\": \"sub\"}", "\"session_name\": {\"text\": \"x\"}",
     Reason::kGateValue, "\"x\"}", "the name of a session"},
    {"session name with a space", "\"session_name\": {\"claim\": \"sub\"}", "\"session_name\": {\"text\": \"x y\"}",
     Reason::kGateValue, "\"x y\"}", "the name of a session"},
    {"session name from a set", "\"session_name\": {\"claim\": \"sub\"}", "\"session_name\": {\"claim\": \"groups\"}",
     Reason::kGateType, "\"groups\"},\n", "not declared as text"},
    {"tag from an undeclared claim", "{\"claim\": \"team\"}", "{\"claim\": \"crew\"}", Reason::kGateReference,
     "\"crew\"", "claim \"crew\" is not declared"},
    {"tag with a bad value", "{\"text\": \"prod\"}", "{\"text\": \"prod;\"}", Reason::kGateValue, "\"prod;\"",
     "the value of a tag"},
    {"tag with a bad key", "\"stage\":", "\"sta;ge\":", Reason::kGateValue, "\"sta;ge\"", "the key of a tag"},
    {"tag of AWS", "\"stage\":", "\"AWS:stage\":", Reason::kGateValue, "\"AWS:stage\"", "belong to AWS"},
    {"tag twice but for case", "\"stage\":", "\"Team\":", Reason::kGateValue, "\"Team\"", "AWS ignores case"},
    {"short duration", "\"duration_s\": 900", "\"duration_s\": 899", Reason::kGateValue, "899", "from 900 to 43200"},
    {"long duration", "\"duration_s\": 900", "\"duration_s\": 43201", Reason::kGateValue, "43201", "from 900 to 43200"},
};
INSTANTIATE_TEST_SUITE_P(Roles, BrokenConditionTest, testing::ValuesIn(kRoles), test::test_name);

TEST(WholeGate, CompilesAndLoads) {
  const CompiledGate compiled = compile_gate(kWhole);
  ASSERT_TRUE(compiled.ok()) << compiled.errors.front().message;
  const Result<Gate> gate = Gate::load(compiled.image);
  ASSERT_TRUE(gate);
  EXPECT_EQ(gate->header().version, 7U);
  const RuleRecord rule = gate->rule(1);
  EXPECT_EQ(gate->text(rule.owner), "payments");
  EXPECT_EQ(gate->text(rule.ticket), "T-1");
  const RoleRecord role = gate->role(0);
  EXPECT_EQ(gate->text(role.owner), "me");
  EXPECT_EQ(gate->text(role.ticket), "T-2");
  EXPECT_EQ(role.duration_s, 900U);
}

TEST(WholeGate, TimesAreSecondsOfUtc) {
  // Known instants: the epoch, the billionth second, the last of 32 bits, and a leap day of a century.
  const std::pair<std::string_view, std::int64_t> kKnown[] = {{"1970-01-01T00:00:00Z", 0},
                                                              {"2001-09-09T01:46:40Z", 1000000000},
                                                              {"2038-01-19T03:14:07Z", 2147483647},
                                                              {"2000-02-29T12:00:00Z", 951825600},
                                                              {"1969-12-31T23:59:59Z", -1}};
  for (const auto& [text, seconds] : kKnown) {
    nlohmann::json document = nlohmann::json::parse(kWhole);
    document["rules"][0]["time"] = {{"from", text}};
    document["rules"][0]["expires"] = "9999-12-31T23:59:59Z";
    const CompiledGate compiled = compile_gate(document.dump());
    ASSERT_TRUE(compiled.ok()) << compiled.errors.front().message;
    const Gate gate = *Gate::load(compiled.image);
    std::vector<std::int64_t> beginnings;
    for (std::uint32_t i = 0; i < gate.header().predicates.count; ++i) {
      const PredicateRecord predicate = gate.predicate(i);
      if (predicate.kind == PredicateKind::kTimeIn) beginnings.push_back(gate.integer(predicate.values.first));
    }
    EXPECT_THAT(beginnings, testing::Contains(seconds)) << text;
  }
}

TEST(WholeGate, TheOrderOfMembersLeavesNoTrace) {
  const std::string both =
      test::replaced(kWhole, R"({"in": ["gold"])", R"({"equals": "gold", "in": ["silver", "gold"])");
  const std::string other =
      test::replaced(kWhole, R"({"in": ["gold"])", R"({"in": ["gold", "silver"], "equals": "gold")");
  const std::string image = compile_gate(both).image;
  ASSERT_FALSE(image.empty());
  EXPECT_EQ(compile_gate(other).image, image);
  // nlohmann::json sorts the members of objects.
  EXPECT_EQ(compile_gate(nlohmann::json::parse(both).dump()).image, image);
}

TEST(WholeGate, EachLimitHoldsOnBothSides) {
  const auto fault_with = [](const char* pointer, nlohmann::json value) {
    nlohmann::json document = nlohmann::json::parse(kWhole);
    document[nlohmann::json::json_pointer(pointer)] = std::move(value);
    const CompiledGate compiled = compile_gate(document.dump());
    return compiled.ok() ? Reason::kOk : compiled.errors.front().reason;
  };
  std::vector<std::string> flags = {"beta"};
  nlohmann::json tags = nlohmann::json::object();
  nlohmann::json claims = nlohmann::json::parse(kWhole)["claims"];
  nlohmann::json conditions = nlohmann::json::object();
  for (int i = 0; i < 63; ++i) flags.push_back("f" + std::to_string(i));
  EXPECT_EQ(fault_with("/flags", flags), Reason::kOk);
  flags.emplace_back("one-more");
  EXPECT_EQ(fault_with("/flags", flags), Reason::kGateLimit);

  for (int i = 0; i < 50; ++i) tags["k" + std::to_string(i)] = {{"text", "v"}};
  EXPECT_EQ(fault_with("/roles/0/session_tags", tags), Reason::kOk);
  tags["one-more"] = {{"text", "v"}};
  EXPECT_EQ(fault_with("/roles/0/session_tags", tags), Reason::kGateLimit);
  EXPECT_EQ(fault_with("/version", 9007199254740991), Reason::kOk);
}

TEST(WholeGate, SixtyFourClaimsMayBeRead) {
  const auto with_claims = [](int count) {
    nlohmann::json document = nlohmann::json::parse(kWhole);
    document["rules"][0]["identity"].erase("claims");
    nlohmann::json& conditions = document["roles"][0]["identity"]["claims"];
    conditions.clear();
    for (int i = 0; i < count; ++i) {
      document["claims"]["c" + std::to_string(i)] = "integer";
      conditions["c" + std::to_string(i)] = {{"equals", i}};
    }
    return compile_gate(document.dump());
  };
  // The paths and the role mapping read sub and team besides.
  const CompiledGate most = with_claims(62);
  ASSERT_TRUE(most.ok()) << most.errors.front().message;
  EXPECT_TRUE(Gate::load(most.image).ok());
  const CompiledGate more = with_claims(63);
  ASSERT_EQ(more.errors.size(), 1U);
  EXPECT_EQ(more.errors.front().reason, Reason::kGateLimit);
}

TEST(WholeGate, AMappingNeedsAnIssuer) {
  nlohmann::json document = nlohmann::json::parse(kWhole);
  document.erase("issuers");
  document["rules"].erase(0);
  const CompiledGate compiled = compile_gate(document.dump());
  ASSERT_EQ(compiled.errors.size(), 1U);
  EXPECT_THAT(compiled.errors.front().message, testing::HasSubstr("the role mapping needs an identity"));
}

TEST(WholeGate, ClaimsInPathsRankAsStars) {
  const std::string source = test::replaced(kWhole, R"("path": "/t/{team}")", R"("path": "/a/{team}")");
  const CompiledGate compiled = compile_gate(source);
  ASSERT_EQ(compiled.errors.size(), 1U);
  EXPECT_EQ(compiled.errors.front().reason, Reason::kGateAmbiguous);
  EXPECT_THAT(compiled.errors.front().message, testing::HasSubstr("http://h.example/a/x and neither"));
}

}  // namespace
}  // namespace ostiary
