// Role mappings against trust policies: both questions, each answer of them.
#include <ostiary/authority/trust_policy.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace ostiary {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Json = nlohmann::ordered_json;

constexpr std::string_view kRole = "arn:aws:iam::111111111111:role/reader";

/// A Gate with one mapping, whose identity and routes are given.
Json gate(const std::string& identity, const std::string& routes = R"(["a"])") {
  Json json = Json::parse(R"({
    "gate": 1, "name": "door",
    "issuers": {
      "idp": {"issuer": "https://id.example", "audiences": ["api", "other"], "algorithms": ["RS256"]},
      "party": {"issuer": "https://p.example", "audiences": ["web"], "algorithms": ["RS256"], "audience_claim": "azp"}
    },
    "claims": {"level": "integer", "groups": "text_set", "staff": "boolean", "team": "text"},
    "origins": {"o": {"scheme": "https", "host": "o.example", "port": 443}},
    "routes": [
      {"id": "a", "hosts": ["h.example"], "methods": ["GET"], "path": "/a", "origin": "o"},
      {"id": "own", "hosts": ["h.example"], "methods": ["GET"], "path": "/own/{sub}", "origin": "o"}
    ],
    "rules": [{"id": "all", "effect": "allow", "routes": ["*"], "identity": {}}]})");
  json["roles"] = Json::array();
  json["roles"].push_back({{"id", "m"},
                           {"routes", Json::parse(routes)},
                           {"identity", Json::parse(identity)},
                           {"role_arn", kRole},
                           {"session_name", {{"claim", "sub"}}}});
  return json;
}

std::string policy(const std::string& conditions, const std::string& host = "id.example") {
  return R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Federated":
    "arn:aws:iam::111111111111:oidc-provider/)" +
         host + R"("}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": )" + conditions + "}}";
}

TrustCheckReport check(const Json& gate, const std::string& document) {
  const std::string source = gate.dump();
  const RoleTrust role{kRole, document};
  TrustCheckReport report = check_trust_policies(source, {&role, 1});
  for (const GateError& error : report.gate_errors) ADD_FAILURE() << error.message;
  return report;
}

/// Of the issuer "idp".
TrustRoleCheck idp(const std::string& identity, const std::string& conditions, const std::string& routes = R"(["a"])") {
  const TrustCheckReport report = check(gate(identity, routes), policy(conditions));
  for (const TrustRoleCheck& one : report.checks) {
    if (one.issuer == "https://id.example") return one;
  }
  ADD_FAILURE() << "not there";
  return {};
}

std::string claim(const TokenExample& token, const std::string& name) {
  for (const TokenClaim& one : token) {
    if (one.name == name) return one.values.empty() ? "[]" : one.values.front();
  }
  return "absent";
}

const std::string kAudiences = R"("id.example:aud": ["api", "other"])";

std::string equals(const std::string& sub) {
  return R"({"StringEquals": {)" + kAudiences + R"(, "id.example:sub": )" + sub + "}}";
}
std::string like(const std::string& sub) {
  return R"({"StringLike": {)" + kAudiences + R"(, "id.example:sub": )" + sub + "}}";
}

TEST(TrustCheck, TheSameSetsAgreeBothWays) {
  for (const auto& [identity, conditions] : std::vector<std::pair<std::string, std::string>>{
           {R"({"issuers": ["idp"], "claims": {"sub": {"in": ["a", "b"]}}})", equals(R"(["b", "a"])")},
           {R"({"issuers": ["idp"], "claims": {"sub": {"prefix": ["a", "b"]}}})", like(R"(["a*", "b*"])")},
           {R"({"issuers": ["idp"], "audiences": ["api"], "claims": {"sub": {"equals": "a"}}})",
            R"({"StringEquals": {"id.example:aud": "api", "id.example:sub": "a"}})"},
           {R"({"issuers": ["idp"], "claims": {"sub": {"prefix": ["a"], "not_in": ["ab"]}}})",
            R"({"StringLike": {)" + kAudiences +
                R"(, "id.example:sub": "a*"}, "StringNotEquals": {"id.example:sub": "ab"}})"}}) {
    const TrustRoleCheck one = idp(identity, conditions);
    EXPECT_EQ(one.refused.answer, TrustAnswer::kAgrees) << identity;
    EXPECT_EQ(one.around.answer, TrustAnswer::kAgrees) << identity;
    EXPECT_THAT(one.mappings, ElementsAre("m"));
  }
}

TEST(TrustCheck, ATokenThatThePolicyRefuses) {
  const TrustRoleCheck one = idp(R"({"claims": {"sub": {"in": ["a", "b"]}}})", equals("\"a\""));
  ASSERT_EQ(one.refused.answer, TrustAnswer::kDiffers);
  EXPECT_EQ(claim(one.refused.witness, "sub"), "b");
  EXPECT_EQ(claim(one.refused.witness, "iss"), "https://id.example");
  EXPECT_EQ(one.around.answer, TrustAnswer::kAgrees);
}

TEST(TrustCheck, AnAudienceThatThePolicyRefuses) {
  const TrustRoleCheck one = idp(R"({"claims": {"sub": {"equals": "a"}}})",
                                 R"({"StringEquals": {"id.example:aud": "api", "id.example:sub": "a"}})");
  ASSERT_EQ(one.refused.answer, TrustAnswer::kDiffers);
  EXPECT_EQ(claim(one.refused.witness, "aud"), "other");
}

TEST(TrustCheck, AWayAround) {
  const TrustRoleCheck one = idp(R"({"claims": {"sub": {"prefix": ["team/"]}}})", like("\"team*\""));
  EXPECT_EQ(one.refused.answer, TrustAnswer::kAgrees);
  ASSERT_EQ(one.around.answer, TrustAnswer::kDiffers);
  EXPECT_FALSE(one.around_is_unseen);
  EXPECT_TRUE(claim(one.around.witness, "sub").starts_with("team"));
  EXPECT_FALSE(claim(one.around.witness, "sub").starts_with("team/"));
}

TEST(TrustCheck, ClaimsThatStsDoesNotSee) {
  for (const char* asked :
       {R"("groups": {"has_any": ["ops"]})", R"("groups": {"has_all": ["ops", "x"], "has_none": ["y"]})",
        R"("level": {"in": [1, 2]})", R"("level": {"not_in": [0]})", R"("staff": {"equals": true})",
        R"("team": {"present": true})", R"("team": {"prefix": ["a"]})"}) {
    const TrustRoleCheck one =
        idp(R"({"claims": {"sub": {"equals": "a"}, )" + std::string(asked) + "}}", equals("\"a\""));
    EXPECT_EQ(one.refused.answer, TrustAnswer::kAgrees) << asked;
    EXPECT_EQ(one.around.answer, TrustAnswer::kDiffers) << asked;
    EXPECT_TRUE(one.around_is_unseen) << asked;
    EXPECT_THAT(one.unseen, SizeIs(1)) << asked;
    const TrustRoleCheck wide =
        idp(R"({"claims": {"sub": {"equals": "a"}, )" + std::string(asked) + "}}", like("\"a*\""));
    EXPECT_EQ(wide.around.answer, TrustAnswer::kDiffers) << asked;
    EXPECT_FALSE(wide.around_is_unseen) << asked;
    const TrustRoleCheck narrow =
        idp(R"({"claims": {"sub": {"in": ["a", "b"]}, )" + std::string(asked) + "}}", equals("\"a\""));
    EXPECT_EQ(narrow.refused.answer, TrustAnswer::kDiffers) << asked;
    EXPECT_EQ(claim(narrow.refused.witness, "sub"), "b") << asked;
  }
  const TrustRoleCheck scopes =
      idp(R"({"scopes": {"all": ["r", "w"], "none": ["x"]}, "claims": {"sub": {"in": ["a", "b"]}}})", equals("\"a\""));
  EXPECT_EQ(scopes.refused.answer, TrustAnswer::kDiffers);
  EXPECT_THAT(scopes.unseen, ElementsAre("scope"));
}

TEST(TrustCheck, RequiredClaimsAreAskedForToo) {
  Json json = gate(R"({"claims": {"sub": {"prefix": ["a"]}}})");
  json["issuers"]["idp"]["required_claims"] = {{"email", "ada@acme.example"}};
  const TrustCheckReport report = check(
      json, policy(R"({"StringLike": {)" + kAudiences + R"(, "id.example:sub": "a*", "id.example:email": "bob@*"}})"));
  ASSERT_EQ(report.checks.front().refused.answer, TrustAnswer::kDiffers);
  EXPECT_EQ(claim(report.checks.front().refused.witness, "email"), "ada@acme.example");
  EXPECT_FALSE(report.agrees());
}

TEST(TrustCheck, TheAuthorizedPartyIsTheAudienceOfSts) {
  const std::string identity = R"({"issuers": ["party"], "claims": {"sub": {"equals": "a"}}})";
  const auto of = [&](const std::string& audience) {
    return check(gate(identity),
                 policy(R"({"StringEquals": {"p.example:aud": ")" + audience + R"(", "p.example:sub": "a"}})",
                        "p.example"))
        .checks.front();
  };
  EXPECT_EQ(of("web").refused.answer, TrustAnswer::kAgrees);
  EXPECT_EQ(of("web").around.answer, TrustAnswer::kAgrees);
  EXPECT_EQ(claim(of("app").refused.witness, "azp"), "web");
}

TEST(TrustCheck, APathThatHoldsAClaimIsNoReasonForAFalseAlarm) {
  const TrustRoleCheck bound = idp(R"({"claims": {"sub": {"prefix": ["a"]}}})", like("\"a*\""), R"(["own"])");
  EXPECT_EQ(bound.refused.answer, TrustAnswer::kAgrees);
  EXPECT_EQ(bound.around.answer, TrustAnswer::kNotProved) << "a/b stands in no segment, unless the route waives it";
  const TrustRoleCheck slash = idp(R"({"claims": {"sub": {"prefix": ["a/"]}}})", like("\"b*\""), R"(["own"])");
  EXPECT_EQ(slash.refused.answer, TrustAnswer::kNotProved);
  const TrustRoleCheck either = idp(R"({"claims": {"sub": {"prefix": ["a"]}}})", like("\"a*\""), R"(["a", "own"])");
  EXPECT_EQ(either.around.answer, TrustAnswer::kAgrees);
}

TEST(TrustCheck, WhatIsNotModelledIsNotProved) {
  const TrustRoleCheck one =
      idp(R"({"claims": {"sub": {"equals": "a"}}})",
          R"({"StringEquals": {"id.example:sub": "a"}, "IpAddress": {"aws:SourceIp": "192.0.2.0/24"}})");
  EXPECT_EQ(one.refused.answer, TrustAnswer::kNotProved);
  EXPECT_THAT(one.refused.reason, HasSubstr("not modelled"));
  const TrustCheckReport report = check(gate("{}"), policy(R"({"Bool": {"aws:SecureTransport": "true"}})"));
  EXPECT_FALSE(report.agrees());
}

TEST(TrustCheck, ADenialIsSeenBothWays) {
  const std::string document = R"({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111111111111:oidc-provider/id.example"},
     "Action": "sts:AssumeRoleWithWebIdentity", "Condition": )" +
                               like("\"a*\"") + R"(},
    {"Effect": "Deny", "Principal": "*", "Action": "*", "Condition": {"StringEquals": {"id.example:sub": "ab"}}}]})";
  const TrustCheckReport all = check(gate(R"({"issuers": ["idp"], "claims": {"sub": {"prefix": ["a"]}}})"), document);
  EXPECT_EQ(claim(all.checks.front().refused.witness, "sub"), "ab");
  const TrustCheckReport others =
      check(gate(R"({"issuers": ["idp"], "claims": {"sub": {"prefix": ["a"], "not_in": ["ab"]}}})"), document);
  EXPECT_EQ(others.checks.front().refused.answer, TrustAnswer::kAgrees);
  EXPECT_EQ(others.checks.front().around.answer, TrustAnswer::kAgrees);
}

TEST(TrustCheck, OtherIssuersOfThePolicyAreWaysAround) {
  const std::string document =
      R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Federated": [
    "arn:aws:iam::111111111111:oidc-provider/id.example", "arn:aws:iam::111111111111:oidc-provider/Else.example/X"]},
    "Action": "sts:AssumeRoleWithWebIdentity"}})";
  const TrustCheckReport report = check(gate(R"({"issuers": ["idp"]})"), document);
  ASSERT_THAT(report.checks, SizeIs(2));
  EXPECT_EQ(report.checks[1].issuer, "https://Else.example/X");
  EXPECT_THAT(report.checks[1].mappings, IsEmpty());
  EXPECT_EQ(report.checks[1].around.answer, TrustAnswer::kDiffers);
  EXPECT_TRUE(report.agrees()) << "a way around is a warning";
  const TrustCheckReport open =
      check(gate(R"({"issuers": ["idp"]})"), R"({"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*"}})");
  ASSERT_THAT(open.checks, SizeIs(2));
  EXPECT_EQ(open.checks[1].issuer, "https://stranger.example");
}

TEST(TrustCheck, AProviderOfAnotherAccountIsNoneForTheRole) {
  std::string document = policy(equals("\"a\""));
  document.replace(document.find("111111111111"), 12, "222222222222");
  const TrustCheckReport report = check(gate(R"({"issuers": ["idp"], "claims": {"sub": {"equals": "a"}}})"), document);
  EXPECT_EQ(report.checks.front().refused.answer, TrustAnswer::kDiffers);
}

TEST(TrustCheck, ErrorsAreTold) {
  const RoleTrust good{kRole, R"({"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*"}})"};
  EXPECT_THAT(check_trust_policies("{", {&good, 1}).gate_errors, SizeIs(1));
  const std::string source = gate("{}").dump();
  const RoleTrust bad{kRole, "{}"};
  ASSERT_THAT(check_trust_policies(source, {&bad, 1}).document_errors, SizeIs(1));
  const RoleTrust unknown{"arn:aws:iam::111111111111:role/other", good.document};
  ASSERT_THAT(check_trust_policies(source, {&unknown, 1}).document_errors, SizeIs(1));
  EXPECT_EQ(check_trust_policies(source, {&unknown, 1}).document_errors[0].errors[0].reason, Reason::kGateReference);
  const RoleTrust twice[] = {good, good};
  EXPECT_THAT(check_trust_policies(source, twice).document_errors, SizeIs(1));
  EXPECT_THAT(check_trust_policies(source, {}).unchecked, ElementsAre(std::string(kRole)));
}

TEST(TrustCheck, ReportsAreOneTree) {
  const TrustCheckReport report =
      check(gate(R"({"issuers": ["idp"], "claims": {"sub": {"in": ["a", "b"]}}})"), policy(equals("\"a\"")));
  const nlohmann::json json = nlohmann::json::parse(trust_check_json(report));
  EXPECT_EQ(json["agrees"], false);
  EXPECT_EQ(json["checks"][0]["refused"]["answer"], "differs");
  EXPECT_EQ(json["checks"][0]["refused"]["witness"]["sub"], "b");
  EXPECT_EQ(json["checks"][0]["around"]["answer"], "agrees");
  EXPECT_THAT(trust_check_text(report), HasSubstr("the Gate maps this token to the role, and the policy refuses it"));
}

}  // namespace
}  // namespace ostiary
