// An explanation lists every rule a token fails and begins with the verdict.
#include "unit/token/fixture.hpp"

#include <ostiary/token/explain.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace ostiary::test {
namespace {

class Explain : public TokenTest {
 protected:
  TokenExplanation explain(std::string_view text) {
    const std::array<TrustedIssuer, 1> issuers{{{policy_, keys_.get()}}};
    TokenExplanation explanation = explain_token(text, issuers, {.now_s = now_});
    const Result<Identity> verdict = verify(text);
    EXPECT_EQ(verdict.ok(), explanation.faults.empty());
    const Error first = explanation.faults.empty() ? Error{Reason::kOk, 0} : explanation.faults.front();
    EXPECT_EQ(verdict.error(), first);
    return explanation;
  }
  std::vector<Reason> faults(std::string_view text) {
    std::vector<Reason> reasons;
    for (const Error& fault : explain(text).faults) reasons.push_back(fault.reason);
    return reasons;
  }
};

TEST_F(Explain, AGoodTokenHasNoFaults) {
  const TokenExplanation explanation = explain(token(kHeader, kPayload, Keys::get().ed));
  EXPECT_TRUE(explanation.is_complete);
  EXPECT_TRUE(explanation.is_signature_checked);
  EXPECT_EQ(explanation.issuer, 0U);
}

TEST_F(Explain, EveryFailingRuleIsListedInOrder) {
  policy_.profile = TokenProfile::kAccessToken;
  const std::string text = token(
      R"({"alg":"EdDSA","kid":"ed","typ":"JWT"})",
      R"({"iss":"https://issuer.example","aud":"elsewhere","exp":1600000000,"nbf":1800000000,"nonce":"n","sub":7})",
      SigningKey::ed25519());
  EXPECT_EQ(faults(text), (std::vector{Reason::kTokenType, Reason::kTokenExpired, Reason::kTokenNotYetValid,
                                       Reason::kTokenAudience, Reason::kTokenClaimType, Reason::kTokenProfile,
                                       Reason::kTokenClaimMissing, Reason::kTokenSignature}));
}

TEST_F(Explain, AStrangersTokenIsHeldAgainstTheOnlyPolicy) {
  const std::string text =
      token(kHeader, R"({"iss":"https://other.example","aud":"x","exp":1600000000})", Keys::get().ed);
  EXPECT_EQ(faults(text), (std::vector{Reason::kTokenIssuerUnknown, Reason::kTokenExpired, Reason::kTokenAudience}));
}

TEST_F(Explain, AnUnknownKeyDoesNotHideTheClaims) {
  const std::string text = token(R"({"alg":"EdDSA","kid":"no"})",
                                 R"({"iss":"https://issuer.example","aud":"x","exp":1600000000})", Keys::get().ed);
  EXPECT_EQ(faults(text), (std::vector{Reason::kTokenKeyUnknown, Reason::kTokenExpired, Reason::kTokenAudience}));
  EXPECT_FALSE(explain(text).is_signature_checked);
}

TEST_F(Explain, AHeaderThatCannotBeReadDoesNotHideTheClaims) {
  const std::string text =
      token(R"({"alg":"none"})", R"({"iss":"https://issuer.example","aud":"other","exp":1})", Keys::get().ed);
  EXPECT_EQ(faults(text), (std::vector{Reason::kTokenAlgorithmRefused, Reason::kTokenExpired}));
  EXPECT_FALSE(explain(text).is_complete);
}

TEST_F(Explain, WhatIsNoTokenHasOneFault) {
  EXPECT_EQ(faults("a.b"), std::vector{Reason::kTokenSegments});
  EXPECT_EQ(faults(""), std::vector{Reason::kTokenEmpty});
}

TEST(ExplainUsage, AnUnusablePolicyIsSaid) {
  const std::array<TrustedIssuer, 1> issuers{};
  const TokenExplanation explanation = explain_token("a.b.c", issuers, {.now_s = kNow});
  ASSERT_EQ(explanation.faults.size(), 1U);
  EXPECT_EQ(explanation.faults[0].reason, Reason::kUsageArgument);
}

}  // namespace
}  // namespace ostiary::test
