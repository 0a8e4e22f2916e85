// Each finding is seen, and is not seen in the policy that differs in the one thing that matters.
#include <ostiary/authority/trust_policy.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace ostiary {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

const std::string kGithub = "token.actions.githubusercontent.com";
const std::string kEks = "oidc.eks.eu-west-1.amazonaws.com/id/ABC123";
const std::string kGood = R"(["repo:acme@1/shop@2:ref:refs/heads/main"])";

std::string conditions(const std::string& json) { return R"(, "Condition": )" + json; }

std::string statement(const std::string& provider, const std::string& more) {
  return R"({"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111111111111:oidc-provider/)" + provider +
         R"("}, "Action": "sts:AssumeRoleWithWebIdentity")" + more + "}";
}

/// With the audience tested, and this said of other claims.
std::string tested(const std::string& provider, const std::string& test) {
  return statement(provider, conditions(R"({"StringEqualsIgnoreCase": {")" + provider +
                                        R"(:aud": "sts.amazonaws.com"}, )" + test + "}"));
}

std::string subject(const std::string& provider, const std::string& operation, const std::string& values) {
  return tested(provider, "\"" + operation + R"(": {")" + provider + R"(:sub": )" + values + "}");
}

std::string document(const std::string& statements) {
  return R"({"Version": "2012-10-17", "Statement": [)" + statements + "]}";
}

TrustLintReport lint(const std::string& statements) {
  TrustLintReport report = lint_trust_policy(document(statements));
  for (const GateError& error : report.errors) ADD_FAILURE() << error.message << "\n" << statements;
  return report;
}

std::vector<std::string> ids(const std::string& statements) {
  std::vector<std::string> list;
  for (const TrustFinding& finding : lint(statements).findings) list.push_back(finding.id);
  return list;
}

/// What the first witness of this finding says in a claim; empty where there is none.
std::string witness(const std::string& statements, const std::string& id, const std::string& claim = "sub") {
  for (const TrustFinding& finding : lint(statements).findings) {
    if (finding.id != id) continue;
    for (const TokenClaim& one : finding.witness) {
      if (one.name == claim) return one.values.front();
    }
  }
  return {};
}

TEST(TrustLint, APolicyThatNamesNumbersAndAudienceIsClean) {
  EXPECT_THAT(ids(subject(kGithub, "StringEquals", kGood)), IsEmpty());
  EXPECT_THAT(ids(subject(kEks, "StringEquals", R"("system:serviceaccount:shop:deployer")")), IsEmpty());
  EXPECT_THAT(
      ids(subject("app.terraform.io", "StringLike", R"("organization:acme:project:shop:workspace:main:run_phase:*")")),
      IsEmpty());
  EXPECT_THAT(ids(subject("gitlab.com", "StringLike", R"("project_path:acme/shop:ref_type:branch:ref:*")")), IsEmpty());
  EXPECT_THAT(ids(subject("id.acme.example", "StringEquals", R"("00u1")")), IsEmpty());
}

TEST(TrustLint, M1NoClaimAboutTheHolder) {
  EXPECT_THAT(ids(tested(kGithub, R"("Null": {"token.actions.githubusercontent.com:aud": "false"})")),
              ElementsAre("M1"));
  EXPECT_EQ(witness(tested(kEks, R"("Null": {"a.b:c": "true"})"), "M1"), "system:serviceaccount:stranger:app");
  EXPECT_THAT(ids(subject(kGithub, "StringLike", "\"*\"")), testing::Contains("M1"));
  EXPECT_EQ(witness(subject(kGithub, "StringLike", "\"*\""), "M1"), "repo:stranger/app:ref:refs/heads/main");
}

TEST(TrustLint, ADenialOfStrangersIsSeen) {
  const std::string allow = tested("id.acme.example", R"("Null": {"id.acme.example:aud": "false"})");
  EXPECT_THAT(ids(allow), ElementsAre("M1"));
  const std::string deny = R"(, {"Effect": "Deny", "Principal": "*", "Action": "*", "Condition": {"StringNotEquals":
      {"id.acme.example:sub": "00u1"}}})";
  EXPECT_THAT(ids(allow + deny), IsEmpty());
}

TEST(TrustLint, M2TheAudience) {
  const std::string sub = R"("StringEquals": {")" + kEks + R"(:sub": "system:serviceaccount:a:b"})";
  EXPECT_THAT(ids(statement(kEks, conditions("{" + sub + "}"))), ElementsAre("M2"));
  const auto like = [&](const char* audience) {
    return statement(kEks, conditions("{" + sub + R"(, "StringLike": {")" + kEks + R"(:aud": )" + audience + "}}"));
  };
  EXPECT_THAT(ids(like("\"sts.*\"")), ElementsAre("M2"));
  EXPECT_THAT(ids(like("\"*\"")), ElementsAre("M2"));
  EXPECT_THAT(ids(like("\"sts.amazonaws.com\"")), IsEmpty());
  EXPECT_EQ(witness(like("\"sts.*\""), "M2", "sub"), "system:serviceaccount:a:b");
}

TEST(TrustLint, M3TheIssuer) {
  const std::string open =
      R"({"Effect": "Allow", "Principal": {"Federated": "*"}, "Action": "sts:AssumeRoleWithWebIdentity"})";
  EXPECT_THAT(ids(open), ElementsAre("M3"));
  EXPECT_EQ(witness(open, "M3", "iss"), "https://stranger.example");
  const std::string all_but =
      R"({"Effect": "Allow", "NotPrincipal": {"Service": "ec2.amazonaws.com"}, "NotAction": "s3:*"})";
  EXPECT_THAT(ids(all_but), testing::Contains("M3"));
  // A condition on a claim of one issuer pins it.
  const std::string pinned =
      R"({"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRoleWithWebIdentity", "Condition":
      {"StringEquals": {"id.acme.example:aud": "a", "id.acme.example:sub": "b"}}})";
  EXPECT_THAT(ids(pinned), IsEmpty());
  EXPECT_THAT(ids(R"({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"})"), ElementsAre("M3"));
}

TEST(TrustLint, M3ASharedIssuerWithoutTheTenant) {
  const auto of = [](const std::string& claim) {
    return tested(kGithub, R"("StringEquals": {")" + kGithub + ":" + claim + R"(": "x"})");
  };
  EXPECT_THAT(ids(of("job_workflow_ref")), ElementsAre("M3"));
  EXPECT_THAT(ids(of("environment")), ElementsAre("M12", "M3"));
  EXPECT_THAT(ids(of("repository_id")), ElementsAre("M18"));
}

TEST(TrustLint, M4AWildcardForTheTenant) {
  EXPECT_EQ(witness(subject(kGithub, "StringLike", "\"repo:ac*\""), "M4"), "repo:ac-evil/app:ref:refs/heads/main");
  EXPECT_EQ(witness(subject(kGithub, "StringLike", "\"repo:*\""), "M4"), "repo:stranger/app:ref:refs/heads/main");
  EXPECT_EQ(witness(subject(kEks, "StringLike", "\"*:default\""), "M4"), "system:serviceaccount:stranger:default");
  EXPECT_EQ(witness(subject("gitlab.com", "StringLike", "\"project_path:ac?\?/shop:*\""), "M4"),
            "project_path:acxx/shop:stranger/app:ref_type:branch:ref:main");
  EXPECT_THAT(ids(subject("id.acme.example", "StringLike", "\"auth0|*\"")), ElementsAre("M4"));
  EXPECT_THAT(ids(tested(kGithub, R"("StringLike": {")" + kGithub + R"(:repository": "a*/shop"})")),
              testing::Contains("M4"));
  // The same text compared literally takes nobody.
  EXPECT_THAT(ids(subject(kGithub, "StringEquals", "\"repo:ac*\"")), testing::Not(testing::Contains("M4")));
}

TEST(TrustLint, M5AWildcardThatReachesFurther) {
  EXPECT_EQ(witness(subject(kGithub, "StringLike", "\"repo:acme@1/app*\""), "M5"),
            "repo:acme@1/app-evil:ref:refs/heads/main");
  EXPECT_EQ(witness(subject(kGithub, "StringLike", "\"repo:acme@1/*:ref:refs/heads/main\""), "M5"),
            "repo:acme@1/other:part:ref:refs/heads/main");
  EXPECT_THAT(ids(subject(kGithub, "StringLike", "\"repo:acme@1/sh?p@2:ref:refs/heads/main\"")), ElementsAre("M5"));
  EXPECT_THAT(ids(subject(kGithub, "StringLike", "\"repo:acme@1/app@2:ref:refs/heads/release-*\"")), IsEmpty());
  EXPECT_THAT(ids(subject(kGithub, "StringLike", "\"repo:acme@1/*\"")), ElementsAre("M18"));
  EXPECT_THAT(ids(subject(kEks, "StringLike", "\"system:serviceaccount:shop:dep*\"")), ElementsAre("M5"));
  EXPECT_THAT(ids(subject(kEks, "StringLike", "\"system:serviceaccount:shop:*\"")), IsEmpty());
}

TEST(TrustLint, M6WhatHoldsWithoutTheClaim) {
  for (const char* operation :
       {"ForAllValues:StringEquals", "StringEqualsIfExists", "ForAllValues:StringLikeIfExists"}) {
    EXPECT_THAT(ids(subject(kEks, operation, "\"system:serviceaccount:a:b\"")), ElementsAre("M6")) << operation;
  }
  EXPECT_EQ(witness(subject(kEks, "ForAllValues:StringEquals", "\"system:serviceaccount:a:b\""), "M6"), "");
  const std::string guarded =
      tested(kEks, R"("ForAllValues:StringEquals": {")" + kEks + R"(:sub": "system:serviceaccount:a:b"}, "Null": {")" +
                       kEks + R"(:sub": "false"})");
  EXPECT_THAT(ids(guarded), IsEmpty());
  EXPECT_THAT(ids(subject(kEks, "ForAnyValue:StringEquals", "\"system:serviceaccount:a:b\"")), IsEmpty());
}

TEST(TrustLint, M7OnlyWhomItIsNot) {
  EXPECT_THAT(ids(subject(kEks, "StringNotEquals", "\"system:serviceaccount:a:b\"")), ElementsAre("M7"));
  EXPECT_THAT(ids(subject(kEks, "StringNotLike", "\"system:serviceaccount:a:*\"")), ElementsAre("M7"));
  const std::string both = tested(kEks, R"("StringNotEquals": {")" + kEks + R"(:sub": "system:serviceaccount:a:b"},
      "StringLike": {")" + kEks + R"(:sub": "system:serviceaccount:a:*"})");
  EXPECT_THAT(ids(both), IsEmpty());
}

TEST(TrustLint, M8OneValueBroaderThanTheOthersWhereverItStands) {
  const std::string good = "\"repo:acme@1/shop@2:ref:refs/heads/main\"";
  const std::string wide = "\"repo:acm*\"";
  for (const std::string& list : {"[" + good + "," + wide + "]", "[" + wide + "," + good + "]"}) {
    EXPECT_THAT(ids(subject(kGithub, "StringLike", list)), testing::IsSupersetOf({"M4", "M8"}));
  }
  EXPECT_THAT(ids(subject(kGithub, "StringLike", "[" + good + ", \"repo:acme@1/web@3:ref:refs/heads/main\"]")),
              IsEmpty());
  EXPECT_THAT(ids(subject(kGithub, "StringLike", wide)), testing::Not(testing::Contains("M8")));
}

TEST(TrustLint, M9AStatementWithoutTheTestOfTheOther) {
  const std::string good = subject(kEks, "StringEquals", "\"system:serviceaccount:a:b\"");
  for (const std::string& both : {good + "," + statement(kEks, ""), statement(kEks, "") + "," + good}) {
    EXPECT_THAT(ids(both), UnorderedElementsAre("M1", "M2", "M9"));
  }
  EXPECT_THAT(ids(good + "," + subject(kEks, "StringEquals", "\"system:serviceaccount:a:c\"")), IsEmpty());
  EXPECT_THAT(ids(good + "," + tested("id.acme.example", R"("Null": {"id.acme.example:aud": "false"})")),
              ElementsAre("M1"));
}

TEST(TrustLint, M10AndM11NamesThatPassOn) {
  EXPECT_THAT(ids(subject(kGithub, "StringEquals", "\"repo:acme/shop:ref:refs/heads/main\"")),
              ElementsAre("M10", "M11"));
  const std::string both = R"(["repo:acme/shop:ref:refs/heads/main", "repo:acme@1/shop@2:ref:refs/heads/main"])";
  EXPECT_THAT(ids(subject(kGithub, "StringEquals", both)), ElementsAre("M10"));
  const std::string pinned = tested(
      kGithub, R"("StringEquals": {")" + kGithub + R"(:repository_id": "2", ")" + kGithub +
                   R"(:sub": ["repo:acme/shop:ref:refs/heads/main", "repo:acme@1/shop@2:ref:refs/heads/main"]})");
  EXPECT_THAT(ids(pinned), IsEmpty());
  EXPECT_THAT(ids(tested(kGithub, R"("StringEquals": {")" + kGithub + R"(:repository": "acme/shop"})")),
              testing::Contains("M10"));
}

TEST(TrustLint, M11BothFormatsByAccident) {
  const std::string wide = subject(kGithub, "StringLike", "\"repo:acm*\"");
  for (const TrustFinding& finding : lint(wide).findings) {
    if (finding.id == "M11") {
      EXPECT_TRUE(finding.blocking);
    }
  }
  EXPECT_EQ(witness(wide, "M11"), "repo:acmstranger@1000001/app@1000002:ref:refs/heads/main");
  EXPECT_FALSE(lint(subject(kGithub, "StringEquals", "\"repo:a/b:environment:x\"")).findings.back().blocking);
}

TEST(TrustLint, M12WhatUsersWrite) {
  const std::string mail = R"({"Effect": "Allow", "Principal": {"Federated": "accounts.google.com"},
      "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": {"accounts.google.com:aud": "a",
      "accounts.google.com:email": "ada@acme.example")";
  EXPECT_THAT(ids(mail + "}}}"), ElementsAre("M12"));
  EXPECT_THAT(ids(mail + R"(, "accounts.google.com:sub": "1"}}})"), IsEmpty());
  EXPECT_THAT(ids(tested(kGithub, R"("StringEquals": {")" + kGithub + R"(:actor": "ada"})")), testing::Contains("M12"));
  EXPECT_THAT(ids(subject(kGithub, "StringEquals", "\"repository_owner:acme:environment:x\"")),
              testing::Contains("M12"));
}

TEST(TrustLint, M17WhatNeverHolds) {
  EXPECT_THAT(ids(subject(kGithub, "StringEquals", "\"repo:acme@1/shop@2:*\"")), testing::Contains("M17"));
  const std::string contradiction = tested(kEks,
                                           R"("StringEquals": {")" + kEks + R"(:sub": "system:serviceaccount:a:b"},
      "StringLike": {")" + kEks + R"(:sub": "system:serviceaccount:c:*"})");
  EXPECT_THAT(ids(contradiction), ElementsAre("M17"));
  EXPECT_THAT(ids(tested(kEks, R"("StringEquals": {"other.example:sub": "b"})")), ElementsAre("M17"));
  EXPECT_THAT(ids(tested(kGithub, R"("StringEquals": {")" + kGithub + R"(:repository_owner_id": "1"})")),
              testing::Contains("M17"));
}

TEST(TrustLint, M18PullRequests) {
  EXPECT_EQ(witness(subject(kGithub, "StringLike", "\"repo:acme@1/shop@2:*\""), "M18"),
            "repo:acme@1/shop@2:pull_request");
  EXPECT_THAT(ids(subject(kGithub, "StringEquals", "\"repo:acme@1/shop@2:pull_request\"")), ElementsAre("M18"));
  EXPECT_THAT(ids(subject(kGithub, "StringLike", "\"repo:acme@1/shop@2:ref:*\"")), IsEmpty());
  const auto with = [](const std::string& claim, const std::string& value) {
    return tested(kGithub, R"("StringEquals": {")" + kGithub + R"(:repository_id": "2", ")" + kGithub + ":" + claim +
                               "\": \"" + value + "\"}");
  };
  EXPECT_THAT(ids(with("ref", "refs/heads/main")), IsEmpty());
  EXPECT_THAT(ids(with("environment", "production")), IsEmpty());
  EXPECT_THAT(ids(with("ref", "refs/pull/1/merge")), ElementsAre("M18"));
}

TEST(TrustLint, M23ServicesAndAccounts) {
  const auto caller = [](const std::string& who, const std::string& more = "") {
    return R"({"Effect": "Allow", "Principal": )" + who + R"(, "Action": "sts:AssumeRole")" + more + "}";
  };
  EXPECT_THAT(ids(caller(R"({"Service": ["glue.amazonaws.com", "ec2.amazonaws.com"]})")), ElementsAre("M23"));
  EXPECT_THAT(ids(caller(R"({"Service": "glue.amazonaws.com"})",
                         R"(, "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:glue:*"}})")),
              IsEmpty());
  EXPECT_THAT(ids(caller(R"({"AWS": "222222222222"})")), ElementsAre("M23"));
  EXPECT_THAT(ids(caller(R"({"AWS": "arn:aws:iam::222222222222:role/x"})")), IsEmpty());
  EXPECT_THAT(ids(caller(R"({"AWS": "222222222222"})", R"(, "Condition": {"StringEquals": {"sts:ExternalId": "x"}})")),
              IsEmpty());
}

TEST(TrustLint, WhatIsNotModelledNeverMakesAPolicyFine) {
  const std::string from = R"(, "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}})";
  const TrustLintReport report = lint(statement(kEks, from));
  ASSERT_THAT(report.findings, testing::SizeIs(2));
  EXPECT_TRUE(report.blocked());
  EXPECT_FALSE(report.findings[0].proved);
  EXPECT_THAT(report.findings[0].witness, IsEmpty());
  ASSERT_THAT(report.unmodelled, testing::SizeIs(1));
  EXPECT_THAT(report.unmodelled[0].reason, HasSubstr("aws:SourceIp"));
  EXPECT_TRUE(lint(subject(kEks, "StringEquals", "\"${aws:username}\"")).blocked());
}

TEST(TrustLint, WhatIsTrueOfSeveralPrincipalsIsToldOnce) {
  EXPECT_THAT(ids(R"({"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": [
      "arn:aws:iam::111111111111:oidc-provider/id.example", "arn:aws:iam::222222222222:oidc-provider/id.example"]}})"),
              UnorderedElementsAre("M1", "M2"));
}

TEST(TrustCompare, AccountsAndTheirPrincipals) {
  const auto allow = [](const std::string& who) {
    return R"({"Effect": "Allow", "Principal": {"AWS": ")" + who + R"("}, "Action": "sts:AssumeRole"})";
  };
  const auto answer = [&](const std::string& candidate, const std::string& reference) {
    return compare_trust_policies(document(allow(candidate)), document(allow(reference))).answer;
  };
  EXPECT_EQ(answer("arn:aws:iam::111111111111:role/x", "111111111111"), TrustAnswer::kAgrees);
  EXPECT_EQ(answer("arn:aws:iam::111111111111:root", "111111111111"), TrustAnswer::kAgrees);
  EXPECT_EQ(answer("111111111111", "arn:aws:iam::111111111111:root"), TrustAnswer::kAgrees);
  EXPECT_EQ(answer("111111111111", "arn:aws:iam::111111111111:role/x"), TrustAnswer::kDiffers);
  EXPECT_EQ(answer("*", "111111111111"), TrustAnswer::kDiffers);
  EXPECT_EQ(answer("arn:aws:iam::222222222222:role/x", "111111111111"), TrustAnswer::kDiffers);
}

TEST(TrustLint, PlacesAreThoseOfTheElement) {
  const TrustLintReport report = lint_trust_policy(
      "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", \"Principal\": {\"Federated\":\n"
      "  \"arn:aws:iam::1:oidc-provider/id.example\"}, \"Action\": \"sts:AssumeRoleWithWebIdentity\", \"Condition\": "
      "{\n"
      "  \"StringLike\": {\"id.example:aud\": \"a\", \"id.example:sub\": [\"b\",\n"
      "    \"c*\"]}}}}");
  ASSERT_THAT(report.findings, testing::SizeIs(2));
  EXPECT_EQ(report.findings[0].id, "M4");
  EXPECT_EQ(report.findings[0].place.line, 4U);
  EXPECT_EQ(report.findings[0].place.column, 5U);
  EXPECT_EQ(report.findings[0].statement, 1U);
}

std::vector<std::string> errors(const std::string& json) {
  std::vector<std::string> names;
  for (const GateError& error : lint_trust_policy(json).errors) {
    names.emplace_back(std::to_string(error.line) + ":" + std::to_string(error.column) + " " +
                       std::string(reason_info(error.reason).name));
  }
  return names;
}

TEST(TrustLint, ReadingIsStrict) {
  EXPECT_THAT(errors("{"), ElementsAre("1:2 GATE_JSON"));
  EXPECT_THAT(errors(R"({"Statement": [], "Statement": []})"), ElementsAre("1:19 GATE_DUPLICATE_MEMBER"));
  EXPECT_THAT(errors("{}"), ElementsAre("1:1 GATE_MISSING_MEMBER"));
  EXPECT_THAT(errors(R"({"Version": "2012-10-18", "Statement": []})"),
              ElementsAre("1:13 GATE_VALUE", "1:40 GATE_VALUE"));
  EXPECT_THAT(errors(R"({"why": "x", "Statement": 1})"), ElementsAre("1:2 GATE_UNKNOWN_MEMBER", "1:27 GATE_TYPE"));
  const auto in = [](const std::string& members) { return errors(R"({"Statement": {)" + members + "}}"); };
  const std::string rest = R"("Effect": "Allow", "Principal": "*", "Action": "sts:*")";
  EXPECT_THAT(in(rest), IsEmpty());
  EXPECT_THAT(in(rest + R"(, "Resource": "*")"), ElementsAre("1:72 GATE_UNKNOWN_MEMBER"));
  EXPECT_THAT(in(rest + R"(, "NotAction": "*")"), ElementsAre("1:15 GATE_VALUE"));
  EXPECT_THAT(in(R"("Effect": "allow", "Principal": "me", "Action": [])"), testing::SizeIs(3));
  EXPECT_THAT(in(R"("Principal": {"aws": "*"}, "Action": 1)"), testing::SizeIs(3));
  EXPECT_THAT(in(rest + R"(, "Condition": {"StringEqual": {"a": "b"}})"), ElementsAre("1:86 GATE_UNKNOWN_MEMBER"));
  EXPECT_THAT(in(rest + R"(, "Condition": {"StringLike": {"a.b:c": "b", "A.b:c": "d"}})"), testing::SizeIs(1));
  EXPECT_THAT(in(rest + R"(, "Condition": {"Null": {"a.b:c": "maybe"}})"), testing::SizeIs(1));
  EXPECT_THAT(in(rest + R"(, "Condition": {"Bool": {"aws:x": true}, "NumericLessThan": {"aws:y": [1, null]}})"),
              testing::SizeIs(1));
  EXPECT_THAT(errors(R"({"Statement": [{"Sid": "a", )" + rest + R"(}, {"Sid": "a", )" + rest + "}]}"),
              testing::SizeIs(1));
}

TEST(TrustLint, ReportsAreOneTree) {
  const TrustLintReport report = lint(subject(kGithub, "StringLike", "\"repo:ac*\""));
  const nlohmann::json json = nlohmann::json::parse(trust_lint_json(report));
  EXPECT_EQ(json["blocking"], 2);
  EXPECT_EQ(json["findings"][0]["id"], "M4");
  EXPECT_EQ(json["findings"][0]["witness"]["sub"], "repo:ac-evil/app:ref:refs/heads/main");
  EXPECT_THAT(trust_lint_text(report), HasSubstr("M4 blocking: A wildcard in \"repo:ac*\""));
  EXPECT_EQ(nlohmann::json::parse(trust_lint_json(lint_trust_policy("[]")))["errors"][0]["reason"]["name"],
            "GATE_TYPE");
}

TrustAnswer compare(const std::string& candidate, const std::string& reference) {
  return compare_trust_policies(document(candidate), document(reference)).answer;
}

TEST(TrustCompare, PatternsAreComparedAsSets) {
  const auto like = [](const char* values) { return subject(kGithub, "StringLike", values); };
  EXPECT_EQ(compare(like("\"repo:acme/shop:*\""), like("\"repo:acme/*\"")), TrustAnswer::kAgrees);
  EXPECT_EQ(compare(like("\"repo:acme/*\""), like("\"repo:acme/shop:*\"")), TrustAnswer::kDiffers);
  EXPECT_EQ(compare(like("\"a*b\""), like("[\"a*\", \"*b\"]")), TrustAnswer::kAgrees);
  EXPECT_EQ(compare(like("\"*\""), like("[\"a*\", \"?*\"]")), TrustAnswer::kDiffers) << "the empty subject";
  EXPECT_EQ(compare(like("\"a?\""), like("[\"ab\", \"a?\"]")), TrustAnswer::kAgrees);
}

TEST(TrustCompare, AWitnessIsLetInByOneAndNotByTheOther) {
  const TrustDifference difference =
      compare_trust_policies(document(subject(kGithub, "StringLike", "\"ab*\"")),
                             document(subject(kGithub, "StringLike", "[\"abc*\", \"ab\"]")));
  ASSERT_EQ(difference.answer, TrustAnswer::kDiffers);
  EXPECT_EQ(difference.action, "sts:AssumeRoleWithWebIdentity");
  ASSERT_THAT(difference.witness, testing::SizeIs(3));
  EXPECT_THAT(difference.witness[1].values.front() + difference.witness[2].values.front(), HasSubstr("ab"));
}

TEST(TrustCompare, WhatIsNotModelledIsNotProved) {
  const std::string from = statement(kEks, R"(, "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}})");
  EXPECT_EQ(compare(from, from), TrustAnswer::kNotProved);
  EXPECT_EQ(compare(from, statement(kEks, "")), TrustAnswer::kAgrees);
  EXPECT_EQ(compare(statement(kEks, ""), from), TrustAnswer::kNotProved);
  EXPECT_EQ(compare(from, statement(kGithub, "")), TrustAnswer::kNotProved);
}

TEST(TrustCompare, TooManyPatternsAreNotProved) {
  std::string values = "[";
  for (int i = 0; i < 24; ++i)
    values += (i == 0 ? "\"" : ", \"") + std::string("*") + std::string(1, static_cast<char>('a' + i)) + "*\"";
  values += "]";
  EXPECT_EQ(compare(subject(kGithub, "StringLike", values), subject(kGithub, "StringLike", "\"a*\"")),
            TrustAnswer::kNotProved);
}

}  // namespace
}  // namespace ostiary
