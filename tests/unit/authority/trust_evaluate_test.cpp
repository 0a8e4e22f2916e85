// The meaning of conditions and statements against answers taken from AWS's documentation, row by row.
#include "authority/evaluate.hpp"
#include "policy/diagnostics.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace ostiary::authority {
namespace {

constexpr std::string_view kGithub = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com";

Document document_of(const std::string& json) {
  policy::Diagnostics diagnostics(json);
  std::optional<Document> document = read_document(json, {}, diagnostics);
  for (const GateError& error : diagnostics.take()) ADD_FAILURE() << error.message;
  return document.value_or(Document{});
}

Value absent() { return {}; }
Value text(const std::string& value) { return text_value(value); }
Value set(std::vector<std::string> values) { return {ValueKind::kTextSet, std::move(values), 0}; }

struct Row {
  const char* operation;
  std::vector<std::string> listed;
  Value value;
  Truth expected;
};

Truth truth_of_row(const Row& row) {
  Condition condition;
  const std::optional<Operator> test = parse_operator(row.operation);
  if (!test) {
    ADD_FAILURE() << row.operation;
    return Truth::kUnknown;
  }
  condition.test = *test;
  for (const std::string& value : row.listed) condition.values.push_back({value, 0});
  Document document;
  document.has_variables = true;
  prepare(document, condition);
  return holds(condition, row.value);
}

void expect_rows(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    EXPECT_EQ(truth_of_row(row), row.expected) << row.operation << " " << (&row - rows.data());
  }
}

constexpr Truth kNo = Truth::kNo;
constexpr Truth kYes = Truth::kYes;
constexpr Truth kUnknown = Truth::kUnknown;

TEST(TrustEvaluate, TextOperatorsCompareAsDocumented) {
  expect_rows({{"StringEquals", {"a", "b"}, text("b"), kYes},
               {"StringEquals", {"a", "b"}, text("B"), kNo},
               {"StringEquals", {"a*"}, text("ab"), kNo},
               {"StringEquals", {"a*"}, text("a*"), kYes},
               {"StringEqualsIgnoreCase", {"Ab"}, text("aB"), kYes},
               {"StringNotEquals", {"a", "b"}, text("b"), kNo},
               {"StringNotEquals", {"a", "b"}, text("c"), kYes},
               {"StringNotEqualsIgnoreCase", {"A"}, text("a"), kNo},
               {"StringLike", {"a*c"}, text("abbc"), kYes},
               {"StringLike", {"a?c"}, text("ac"), kNo},
               {"StringLike",
                {"a?c"},
                text("a\xC3\xA4"
                     "c"),
                kYes},
               {"StringLike", {"A*"}, text("ab"), kNo},
               {"StringNotLike", {"a*", "b*"}, text("bx"), kNo},
               {"StringNotLike", {"a*", "b*"}, text("cx"), kYes}});
}

TEST(TrustEvaluate, AnAbsentKeyMeetsWhatIsNegatedOrSaysIfExists) {
  expect_rows({{"StringEquals", {"a"}, absent(), kNo},
               {"StringLike", {"*"}, absent(), kNo},
               {"StringNotEquals", {"a"}, absent(), kYes},
               {"StringNotLike", {"a"}, absent(), kYes},
               {"StringEqualsIfExists", {"a"}, absent(), kYes},
               {"StringEqualsIfExists", {"a"}, text("b"), kNo},
               {"Bool", {"true"}, absent(), kNo},
               {"ArnNotLike", {"a"}, absent(), kYes},
               {"Null", {"true"}, absent(), kYes},
               {"Null", {"true"}, text("a"), kNo},
               {"Null", {"false"}, absent(), kNo},
               {"Null", {"false"}, text("a"), kYes}});
}

TEST(TrustEvaluate, QuantifiersSayWhatSetsNeed) {
  expect_rows({{"ForAllValues:StringEquals", {"a"}, absent(), kYes},
               {"ForAllValues:StringEquals", {"a"}, set({}), kYes},
               {"ForAllValues:StringEquals", {"a", "b"}, set({"a", "b"}), kYes},
               {"ForAllValues:StringEquals", {"a"}, set({"a", "b"}), kNo},
               {"ForAllValues:StringEquals", {"a"}, text("b"), kNo},
               {"ForAllValues:StringNotEquals", {"a"}, set({"b", "c"}), kYes},
               {"ForAllValues:StringNotEquals", {"a"}, set({"a", "c"}), kNo},
               {"ForAnyValue:StringLike", {"a*"}, set({"b", "ax"}), kYes},
               {"ForAnyValue:StringLike", {"a*"}, set({"b"}), kNo},
               {"ForAnyValue:StringLike", {"a*"}, absent(), kNo},
               {"ForAnyValue:StringNotEquals", {"a"}, set({"a", "b"}), kYes},
               {"ForAnyValue:StringNotEquals", {"a"}, set({"a"}), kNo},
               {"ForAnyValue:StringNotEquals", {"a"}, absent(), kNo}});
}

TEST(TrustEvaluate, WhatIsNotModelledIsUnknownAndNeverYes) {
  expect_rows({{"Bool", {"true"}, text("true"), kUnknown},
               {"NumericLessThan", {"5"}, text("4"), kUnknown},
               {"DateGreaterThan", {"2020-01-01T00:00:00Z"}, text("x"), kUnknown},
               {"IpAddress", {"192.0.2.0/24"}, text("192.0.2.1"), kUnknown},
               {"ArnLike", {"arn:aws:iam::1:role/*"}, text("x"), kUnknown},
               {"StringEquals", {"${aws:username}"}, text("x"), kUnknown},
               {"StringNotEquals", {"${aws:username}"}, text("x"), kUnknown},
               {"StringEquals", {"${aws:username}", "x"}, text("x"), kYes},
               {"StringEquals", {"${*}"}, text("*"), kYes},
               {"StringLike", {"${*}"}, text("x"), kNo},
               {"StringEquals", {"a"}, set({"a"}), kUnknown}});
}

TEST(TrustEvaluate, VariablesAreTextInTheOldVersion) {
  Condition condition;
  condition.test = *parse_operator("StringEquals");
  condition.values = {{"${a}", 0}};
  prepare(Document{}, condition);
  EXPECT_EQ(holds(condition, text("${a}")), kYes);
}

TEST(TrustEvaluate, OperatorsThatIamDoesNotHave) {
  for (const char* name : {"stringEquals", "StringEqual", "NullIfExists", "ForAnyValue:Null", "IfExists", "",
                           "ForAnyValue:ForAllValues:StringLike", "StringLikeIfExistsIfExists"}) {
    EXPECT_FALSE(parse_operator(name)) << name;
  }
}

Claims claims_of(std::map<std::string, std::string> map) {
  return [map](std::string_view claim) {
    const auto found = map.find(std::string(claim));
    return found == map.end() ? Value{} : text_value(found->second);
  };
}

Truth ask(const std::string& statements, std::map<std::string, std::string> claims,
          std::string_view federated = kGithub) {
  return admits(document_of(R"({"Version": "2012-10-17", "Statement": )" + statements + "}"), web_identity(federated),
                claims_of(std::move(claims)));
}

const std::string kAllowShop = R"({"Effect": "Allow", "Principal": {"Federated": ")" + std::string(kGithub) +
                               R"("}, "Action": "sts:assumerolewithWEBidentity",
       "Condition": {"StringEquals": {"TOKEN.actions.githubusercontent.com:SUB": "shop"}}})";

TEST(TrustEvaluate, KeysAndActionsFoldCaseAndValuesDoNot) {
  EXPECT_EQ(ask(kAllowShop, {{"sub", "shop"}}), kYes);
  EXPECT_EQ(ask(kAllowShop, {{"sub", "Shop"}}), kNo);
}

TEST(TrustEvaluate, ADenialOverridesWhereverItStands) {
  const std::string deny = R"({"Effect": "Deny", "Principal": "*", "Action": "*",
      "Condition": {"StringLike": {"token.actions.githubusercontent.com:ref": "refs/pull/*"}}})";
  for (const std::string& both : {"[" + kAllowShop + "," + deny + "]", "[" + deny + "," + kAllowShop + "]"}) {
    EXPECT_EQ(ask(both, {{"sub", "shop"}}), kYes);
    EXPECT_EQ(ask(both, {{"sub", "shop"}, {"ref", "refs/pull/1"}}), kNo);
  }
}

TEST(TrustEvaluate, ADenialThatIsNotModelledLeavesItOpen) {
  const std::string deny = R"({"Effect": "Deny", "Principal": "*", "Action": "sts:*",
      "Condition": {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}})";
  EXPECT_EQ(ask("[" + kAllowShop + "," + deny + "]", {{"sub", "shop"}}), kUnknown);
  EXPECT_EQ(ask("[" + kAllowShop + "," + deny + "]", {{"sub", "other"}}), kNo);
}

TEST(TrustEvaluate, KeysOfAnotherIssuerAreAbsent) {
  const auto statement = [](const char* operation) {
    return R"({"Effect": "Allow", "Principal": {"Federated": "accounts.google.com"}, "Action": "sts:*", "Condition": {")" +
           std::string(operation) + R"(": {"token.actions.githubusercontent.com:sub": "shop"}}})";
  };
  EXPECT_EQ(ask(statement("StringEquals"), {{"sub", "shop"}}, "accounts.google.com"), kNo);
  EXPECT_EQ(ask(statement("StringNotEquals"), {{"sub", "shop"}}, "accounts.google.com"), kYes);
  EXPECT_EQ(ask(statement("StringEquals"), {{"sub", "shop"}}), kNo) << "another principal";
}

TEST(TrustEvaluate, AClaimThatAwsDoesNotDocumentIsUnknown) {
  const std::string statement =
      R"({"Effect": "Allow", "Principal": "*", "Action": "sts:*",
          "Condition": {"StringEquals": {"token.actions.githubusercontent.com:repository_owner_id": "1"}}})";
  EXPECT_EQ(ask(statement, {{"repository_owner_id", "1"}}), kUnknown);
}

TEST(TrustEvaluate, PrincipalsActionsAndTheirNegations) {
  const auto allow = [](const std::string& who, const std::string& what) {
    return R"({"Effect": "Allow", )" + who + ", " + what + "}";
  };
  const std::string any_action = R"("Action": "*")";
  EXPECT_EQ(ask(allow(R"("Principal": {"AWS": "*"})", any_action), {}), kYes);
  EXPECT_EQ(ask(allow(R"("Principal": {"Federated": "*"})", any_action), {}), kYes);
  EXPECT_EQ(ask(allow(R"("Principal": {"Service": "*"})", any_action), {}), kNo);
  EXPECT_EQ(ask(allow(R"("NotPrincipal": {"Service": "ec2.amazonaws.com"})", any_action), {}), kYes);
  EXPECT_EQ(ask(allow(R"("NotPrincipal": {"Federated": ")" + std::string(kGithub) + "\"}", any_action), {}), kNo);
  EXPECT_EQ(ask(allow(R"("Principal": "*")", R"("NotAction": "sts:AssumeRole")"), {}), kYes);
  EXPECT_EQ(ask(allow(R"("Principal": "*")", R"("NotAction": ["sts:Tag*", "sts:AssumeRoleWith*"])"), {}), kNo);
  EXPECT_EQ(ask(allow(R"("Principal": "*")", R"("Action": "sts:AssumeRole")"), {}), kNo);
  EXPECT_EQ(ask(allow(R"("Principal": "*")", R"("Action": ["sts:TagSession", "sts:AssumeRole*"])"), {}), kYes);
}

TEST(TrustEvaluate, ProvidersByTheirNames) {
  EXPECT_EQ(provider_of("arn:aws-cn:iam::1:oidc-provider/Id.Example/a"), "id.example/a");
  EXPECT_EQ(provider_of("cognito-identity.amazonaws.com"), "cognito-identity.amazonaws.com");
  EXPECT_EQ(provider_of("arn:aws:iam::1:saml-provider/x"), "");
  EXPECT_EQ(provider_of("id.example"), "");
}

}  // namespace
}  // namespace ostiary::authority
