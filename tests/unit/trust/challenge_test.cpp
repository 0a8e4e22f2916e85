#include <ostiary/trust/challenge.hpp>

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

namespace ostiary::test {
namespace {

constexpr AlgorithmSet kAlgorithms{Algorithm::kEs256, Algorithm::kPs256, Algorithm::kEdDsa};

std::string challenge(Reason reason, const ChallengeSchemes& schemes) {
  std::array<char, kChallengeSizeMax> memory{};
  const Result<std::string_view> text = write_challenge(reason, schemes, memory);
  EXPECT_EQ(text.reason(), Reason::kOk);
  return std::string(*text);
}

constexpr ChallengeSchemes kOnlyBearer{};
constexpr ChallengeSchemes kOnlyDpop{.bearer = false, .dpop_algorithms = kAlgorithms};
constexpr ChallengeSchemes kBoth{.dpop_algorithms = kAlgorithms};

TEST(Challenge, WithoutAnAttemptThereIsNoCode) {
  EXPECT_EQ(challenge(Reason::kCredentialMissing, kOnlyBearer), "Bearer");
  EXPECT_EQ(challenge(Reason::kCredentialMissing, kOnlyDpop), R"(DPoP algs="ES256 EdDSA PS256")");
  EXPECT_EQ(challenge(Reason::kCredentialScheme, kBoth), R"(Bearer, DPoP algs="ES256 EdDSA PS256")");
}

TEST(Challenge, TellsWhatIsWrongWithTheProof) {
  for (const Reason reason :
       {Reason::kDpopMissing, Reason::kDpopMultiple, Reason::kDpopMalformed, Reason::kDpopType, Reason::kDpopAlgorithm,
        Reason::kDpopKey, Reason::kDpopSignature, Reason::kDpopClaims, Reason::kDpopMethod, Reason::kDpopUri,
        Reason::kDpopAge, Reason::kDpopAccessToken, Reason::kDpopReplay}) {
    EXPECT_EQ(challenge(reason, kOnlyDpop), R"(DPoP error="invalid_dpop_proof", algs="ES256 EdDSA PS256")");
    EXPECT_EQ(challenge(reason, kBoth), R"(Bearer, DPoP error="invalid_dpop_proof", algs="ES256 EdDSA PS256")");
  }
  EXPECT_EQ(challenge(Reason::kDpopNonce, kOnlyDpop), R"(DPoP error="use_dpop_nonce", algs="ES256 EdDSA PS256")");
}

TEST(Challenge, TellsWhatIsWrongWithTheToken) {
  for (const Reason reason : {Reason::kTokenExpired, Reason::kTokenSignature, Reason::kCertificateBinding,
                              Reason::kCertificateMissing, Reason::kConfirmationUnknown, Reason::kDpopBinding}) {
    EXPECT_EQ(challenge(reason, kOnlyBearer), R"(Bearer error="invalid_token")");
    EXPECT_EQ(challenge(reason, kOnlyDpop), R"(DPoP error="invalid_token", algs="ES256 EdDSA PS256")");
    ChallengeSchemes schemes = kBoth;
    schemes.used = CredentialScheme::kBearer;
    EXPECT_EQ(challenge(reason, schemes), R"(Bearer error="invalid_token", DPoP algs="ES256 EdDSA PS256")");
    schemes.used = CredentialScheme::kDpop;
    EXPECT_EQ(challenge(reason, schemes), R"(Bearer, DPoP error="invalid_token", algs="ES256 EdDSA PS256")");
  }
}

TEST(Challenge, ABoundTokenAsABearerTokenIsToComeWithDpop) {
  ChallengeSchemes schemes = kBoth;
  schemes.used = CredentialScheme::kBearer;
  EXPECT_EQ(challenge(Reason::kDpopScheme, schemes), R"(Bearer, DPoP error="invalid_token", algs="ES256 EdDSA PS256")");
  schemes.used = CredentialScheme::kDpop;
  EXPECT_EQ(challenge(Reason::kDpopUnbound, schemes),
            R"(Bearer, DPoP error="invalid_token", algs="ES256 EdDSA PS256")");
  EXPECT_EQ(challenge(Reason::kDpopScheme, kOnlyBearer), R"(Bearer error="invalid_token")");
}

TEST(Challenge, MalformedCredentialsAreAnInvalidRequest) {
  EXPECT_EQ(challenge(Reason::kCredentialMalformed, kOnlyBearer), R"(Bearer error="invalid_request")");
}

TEST(Challenge, OnlyA401TakesOne) {
  for (const Reason reason : {Reason::kOk, Reason::kDpopReplayUnknown, Reason::kUsageArgument, Reason::kNoMemory,
                              Reason::kHostMalformed, Reason::kRuleDenied}) {
    EXPECT_EQ(challenge_error_of(reason), ChallengeError::kNoChallenge);
    EXPECT_EQ(challenge(reason, kBoth), "");
  }
}

TEST(Challenge, SomeSchemeMustBeTaken) {
  std::array<char, kChallengeSizeMax> memory{};
  EXPECT_EQ(write_challenge(Reason::kTokenExpired, {.bearer = false}, memory).reason(), Reason::kUsageArgument);
}

TEST(Challenge, TheLongestFits) {
  ChallengeSchemes schemes;
  for (const AlgorithmName& known : kAlgorithmNames) schemes.dpop_algorithms.add(known.algorithm);
  for (const ReasonInfo& info : kReasons) {
    for (const CredentialScheme used : {CredentialScheme::kNone, CredentialScheme::kBearer, CredentialScheme::kDpop}) {
      schemes.used = used;
      const std::string text = challenge(info.reason, schemes);
      EXPECT_LT(text.size(), kChallengeSizeMax);
      EXPECT_TRUE(text.empty() || text.ends_with('"')) << text;
    }
  }
  // Every algorithm once, under its first name.
  EXPECT_EQ(
      challenge(Reason::kCredentialMissing, schemes),
      R"(Bearer, DPoP algs="RS256 ES256 EdDSA RS384 RS512 PS256 PS384 PS512 ES384 ES512 ES256K Ed448 HS256 HS384 )"
      R"(HS512 ML-DSA-44 ML-DSA-65 ML-DSA-87")");
}

}  // namespace
}  // namespace ostiary::test
