// The claims: issuer, time, audience, types.
#include "unit/token/fixture.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace ostiary::test {
namespace {

class TokenClaims : public TokenTest {
 protected:
  Reason with_exp(std::string_view exp) {
    return payload_reason(payload_with(R"("aud":"other","exp":)" + std::string(exp)));
  }
  Reason with_aud(std::string_view aud) {
    return payload_reason(payload_with(R"("exp":1700000600,"aud":)" + std::string(aud)));
  }
};

TEST_F(TokenClaims, ThePayloadIsOneStrictJsonObject) {
  for (const std::string_view payload : {"[]", "x", "null", "{}x", "{\"iss\":1,}", "{\"a\":\"\xff\"}", "{} {}"}) {
    EXPECT_EQ(payload_reason(payload), Reason::kTokenPayloadJson) << payload;
  }
}

TEST_F(TokenClaims, NamesStandOnce) {
  EXPECT_EQ(payload_reason(R"({"iss":"a","iss":"https://issuer.example"})"), Reason::kTokenDuplicateMember);
  EXPECT_EQ(claims_reason(R"("sub":"a","su\u0062":"b")"), Reason::kTokenDuplicateMember);
  EXPECT_EQ(claims_reason(R"("x":{"y":1,"y":2})"), Reason::kTokenDuplicateMember);
}

TEST_F(TokenClaims, NamesOfOtherLanguagesAreHarmless) {
  EXPECT_EQ(claims_reason(R"("__proto__":{"iss":"x"},"constructor":1,"":2)"), Reason::kOk);
}

TEST_F(TokenClaims, DepthAndCountAreLimited) {
  const auto nested = [](std::size_t depth) { return "\"x\":" + std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(claims_reason(nested(7)), Reason::kOk);
  EXPECT_EQ(claims_reason(nested(8)), Reason::kTokenJsonLimit);
  EXPECT_EQ(claims_reason(nested(1000)), Reason::kTokenJsonLimit);
  const auto many = [](std::size_t count) {
    std::string list = "\"x\":[0";
    for (std::size_t i = 1; i < count; ++i) list += ",0";
    return list + "]";
  };
  // Root, iss, exp, aud and the array are five of 512.
  EXPECT_EQ(claims_reason(many(507)), Reason::kOk);
  EXPECT_EQ(claims_reason(many(508)), Reason::kTokenJsonLimit);
}

TEST_F(TokenClaims, TheIssuerIsComparedByteForByte) {
  for (const std::string_view iss : {"https://issuer.example/", "https://issuer.exampl", "https://ISSUER.example",
                                     "http://issuer.example", "", "issuer.example", "https://issuer.example\\u0000"}) {
    EXPECT_EQ(payload_reason(R"({"aud":"other","exp":1700000600,"iss":")" + std::string(iss) + "\"}"),
              Reason::kTokenIssuerUnknown)
        << iss;
  }
  for (const std::string_view iss : {"1", "null", R"(["https://issuer.example"])", "{}"}) {
    EXPECT_EQ(payload_reason(R"({"aud":"other","exp":1700000600,"iss":)" + std::string(iss) + "}"),
              Reason::kTokenIssuerMissing)
        << iss;
  }
  EXPECT_EQ(payload_reason(R"({"aud":"other","exp":1700000600})"), Reason::kTokenIssuerMissing);
}

TEST_F(TokenClaims, AnIssuerNeedsKeys) {
  keys_ = nullptr;
  EXPECT_EQ(payload_reason(kPayload), Reason::kTokenIssuerKeys);
}

TEST_F(TokenClaims, KeysBelongToTheirIssuer) {
  const SigningKey other_key = SigningKey::ed25519();
  const auto other_keys = import_keys(jwks({other_key.jwk(R"("kid":"ed",)")}));
  const auto only_here = import_keys(jwks({SigningKey::ed25519().jwk(R"("kid":"here",)")}));
  TokenPolicy second = policy();
  second.issuer = "https://second.example";
  const std::array<TrustedIssuer, 2> issuers{{{policy(), keys_.get()}, {second, other_keys.get()}}};
  const std::string first_claims(kPayload);
  const std::string second_claims = R"({"iss":"https://second.example","aud":"other","exp":1700000600})";

  EXPECT_TRUE(verify_token(token(kHeader, first_claims, Keys::get().ed), issuers, {.now_s = kNow}, scratch_));
  EXPECT_TRUE(verify_token(token(kHeader, second_claims, other_key), issuers, {.now_s = kNow}, scratch_));
  EXPECT_EQ(verify_token(token(kHeader, second_claims, Keys::get().ed), issuers, {.now_s = kNow}, scratch_).reason(),
            Reason::kTokenSignature);
  const std::array<TrustedIssuer, 2> apart{{{policy(), keys_.get()}, {second, only_here.get()}}};
  EXPECT_EQ(verify_token(token(kHeader, second_claims, Keys::get().ed), apart, {.now_s = kNow}, scratch_).reason(),
            Reason::kTokenKeyUnknown);
}

TEST_F(TokenClaims, ExpiryIsRequired) {
  EXPECT_EQ(payload_reason(payload_with(R"("aud":"other")")), Reason::kTokenExpiryMissing);
}

TEST_F(TokenClaims, DatesAreNumbersFromZeroTo2To53) {
  const std::string digits(400, '9');
  for (const std::string_view date :
       {"\"1700000600\"", "null", "true", "[1700000600]", "{}", "-1", "-1700000600", "9007199254740992",
        "9223372036854775808", "18446744073709551616", "1e300", "-0.5", "9.1e15"}) {
    EXPECT_EQ(with_exp(date), Reason::kTokenDate) << date;
    EXPECT_EQ(claims_reason("\"nbf\":" + std::string(date)), Reason::kTokenDate) << date;
    EXPECT_EQ(claims_reason("\"iat\":" + std::string(date)), Reason::kTokenDate) << date;
  }
  // Beyond double there is no JSON number at all (RFC 8259 §6 allows the limit).
  EXPECT_EQ(with_exp("1e999"), Reason::kTokenPayloadJson);
  EXPECT_EQ(with_exp(digits), Reason::kTokenPayloadJson);
  EXPECT_EQ(with_exp("9007199254740991"), Reason::kOk);
  EXPECT_EQ(with_exp("1.7000006e9"), Reason::kOk);
  EXPECT_EQ(with_exp("1e10"), Reason::kOk);
}

TEST_F(TokenClaims, FractionsAreCutOff) {
  EXPECT_EQ(with_exp("1700000000.9"), Reason::kTokenExpired);
  EXPECT_EQ(with_exp("1700000001.1"), Reason::kOk);
  EXPECT_EQ(claims_reason("\"nbf\":1700000000.9"), Reason::kOk);
  EXPECT_EQ(claims_reason("\"nbf\":1700000001.0"), Reason::kTokenNotYetValid);
}

TEST_F(TokenClaims, ATokenExpiresAtItsExpiry) {
  EXPECT_EQ(with_exp("0"), Reason::kTokenExpired);
  EXPECT_EQ(with_exp("-0"), Reason::kTokenExpired);
  EXPECT_EQ(with_exp("1699999999"), Reason::kTokenExpired);
  EXPECT_EQ(with_exp("1700000000"), Reason::kTokenExpired);
  EXPECT_EQ(with_exp("1700000001"), Reason::kOk);
}

TEST_F(TokenClaims, SkewWidensBothEnds) {
  policy_.clock_skew_s = 60;
  EXPECT_EQ(with_exp("1699999940"), Reason::kTokenExpired);
  EXPECT_EQ(with_exp("1699999941"), Reason::kOk);
  EXPECT_EQ(claims_reason("\"nbf\":1700000060"), Reason::kOk);
  EXPECT_EQ(claims_reason("\"nbf\":1700000061"), Reason::kTokenNotYetValid);
  EXPECT_EQ(claims_reason("\"iat\":1700000060"), Reason::kOk);
  EXPECT_EQ(claims_reason("\"iat\":1700000061"), Reason::kTokenNotYetValid);
}

TEST_F(TokenClaims, ATokenFromTheFutureIsNotValidYet) {
  EXPECT_EQ(claims_reason("\"nbf\":1700000000"), Reason::kOk);
  EXPECT_EQ(claims_reason("\"nbf\":1700000001"), Reason::kTokenNotYetValid);
  EXPECT_EQ(claims_reason("\"iat\":1700000000"), Reason::kOk);
  EXPECT_EQ(claims_reason("\"iat\":1700000001"), Reason::kTokenNotYetValid);
}

TEST_F(TokenClaims, TheAudienceIsRequired) {
  EXPECT_EQ(payload_reason(payload_with(R"("exp":1700000600)")), Reason::kTokenAudienceMissing);
  for (const std::string_view aud :
       {"1", "null", "{}", "[]", "[1]", R"(["other",1])", R"([1,"other"])", R"([["other"]])"}) {
    EXPECT_EQ(with_aud(aud), Reason::kTokenAudienceMissing) << aud;
  }
}

TEST_F(TokenClaims, TheAudienceIsComparedByteForByte) {
  for (const std::string_view aud :
       {"\"\"", "\"othe\"", "\"others\"", "\"Other\"", "\"https://api.example/\"", "\"http://api.example\"",
        "\"https://аpi.example\"", R"(["https://api"])", R"(["a","b"])", R"([""])"}) {
    EXPECT_EQ(with_aud(aud), Reason::kTokenAudience) << aud;
  }
  EXPECT_EQ(with_aud("\"other\""), Reason::kOk);
  EXPECT_EQ(with_aud(R"(["x","https://api.example","y"])"), Reason::kOk);
}

TEST_F(TokenClaims, AudiencesAreLimited) {
  const auto list = [](std::size_t count) {
    std::string text = "[\"other\"";
    for (std::size_t i = 1; i < count; ++i) text += ",\"x\"";
    return text + "]";
  };
  EXPECT_EQ(with_aud(list(16)), Reason::kOk);
  EXPECT_EQ(with_aud(list(17)), Reason::kTokenJsonLimit);
}

TEST_F(TokenClaims, RegisteredClaimsHaveTheirType) {
  for (const std::string_view claim : {"sub", "jti", "client_id", "scope"}) {
    for (const std::string_view value : {"1", "null", "true", "[]", "[\"a\"]", "{}"}) {
      EXPECT_EQ(claims_reason("\"" + std::string(claim) + "\":" + std::string(value)), Reason::kTokenClaimType)
          << claim << value;
    }
    EXPECT_EQ(claims_reason("\"" + std::string(claim) + "\":\"x\""), Reason::kOk);
  }
}

TEST_F(TokenClaims, ScpIsTextOrTextsUnlessScopeSpeaks) {
  EXPECT_EQ(claims_reason(R"("scp":"a b")"), Reason::kOk);
  EXPECT_EQ(claims_reason(R"("scp":["a","b"])"), Reason::kOk);
  EXPECT_EQ(claims_reason(R"("scp":["a",1])"), Reason::kTokenClaimType);
  EXPECT_EQ(claims_reason(R"("scp":7)"), Reason::kTokenClaimType);
  EXPECT_EQ(claims_reason(R"("scp":7,"scope":"a")"), Reason::kOk);
}

TEST_F(TokenClaims, NothingIsBelievedBeforeTheSignature) {
  const auto unsigned_reason = [this](std::string_view payload) {
    return reason(token_with_signature(kHeader, payload, std::string(64, '\0')));
  };
  // Cheap refusals come first; they save the cost of a signature and reveal nothing that the token does not say.
  EXPECT_EQ(unsigned_reason(payload_with(R"("aud":"other","exp":1)")), Reason::kTokenExpired);
  EXPECT_EQ(unsigned_reason(kPayload), Reason::kTokenSignature);
}

TEST_F(TokenClaims, FaultsOfThePayloadPointAtIt) {
  const std::string bad = token(kHeader, payload_with(R"("aud":"other","exp":1)"), Keys::get().ed);
  EXPECT_EQ(verify(bad).error(), (Error{Reason::kTokenExpired, static_cast<std::uint32_t>(bad.find('.') + 1)}));
}

TEST_F(TokenClaims, APolicyThatAllowsEverythingOrNothingIsAMistake) {
  const std::string good = token(kHeader, kPayload, Keys::get().ed);
  policy_.audiences = {};
  EXPECT_EQ(reason(good), Reason::kUsageArgument);
  const std::array<std::string_view, 2> with_empty{"other", ""};
  policy_.audiences = with_empty;
  EXPECT_EQ(reason(good), Reason::kUsageArgument);
  policy_ = policy();
  policy_.algorithms = {};
  EXPECT_EQ(reason(good), Reason::kUsageArgument);
  policy_ = policy();
  policy_.issuer = "";
  EXPECT_EQ(reason(good), Reason::kUsageArgument);
}

TEST_F(TokenClaims, TheSkewAndTheTimeHaveBounds) {
  const std::string good = token(kHeader, kPayload, Keys::get().ed);
  policy_.clock_skew_s = -1;
  EXPECT_EQ(reason(good), Reason::kUsageArgument);
  policy_.clock_skew_s = 301;
  EXPECT_EQ(reason(good), Reason::kUsageArgument);
  policy_.clock_skew_s = 300;
  EXPECT_EQ(reason(good), Reason::kOk);
  now_ = -1;
  EXPECT_EQ(reason(good), Reason::kUsageArgument);
  now_ = std::int64_t{1} << 53;
  EXPECT_EQ(reason(good), Reason::kUsageArgument);
  now_ = (std::int64_t{1} << 53) - 1;
  EXPECT_EQ(reason(good), Reason::kTokenExpired);
  now_ = 0;
  EXPECT_EQ(reason(good), Reason::kTokenNotYetValid);
}

TEST_F(TokenClaims, WithoutIssuersNothingIsTrusted) {
  EXPECT_EQ(verify_token(token(kHeader, kPayload, Keys::get().ed), {}, {.now_s = kNow}, scratch_).reason(),
            Reason::kTokenIssuerUnknown);
}

}  // namespace
}  // namespace ostiary::test
