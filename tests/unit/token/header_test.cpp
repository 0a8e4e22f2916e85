// The JOSE header.
#include "unit/token/fixture.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ostiary::test {
namespace {

class TokenHeader : public TokenTest {
 protected:
  std::string with(std::string_view members) { return R"({"alg":"EdDSA","kid":"ed",)" + std::string(members) + "}"; }
};

TEST_F(TokenHeader, AlgMustBeText) {
  for (const std::string_view alg : {"null", "1", "[\"EdDSA\"]", "{}", "true"}) {
    EXPECT_EQ(header_reason(R"({"kid":"ed","alg":)" + std::string(alg) + "}"), Reason::kTokenAlgorithmMissing) << alg;
  }
  EXPECT_EQ(header_reason(R"({"kid":"ed"})"), Reason::kTokenAlgorithmMissing);
  EXPECT_EQ(header_reason("{}"), Reason::kTokenAlgorithmMissing);
}

TEST_F(TokenHeader, NoneAndWhatLooksLikeAKnownNameIsRefused) {
  for (const std::string_view alg :
       {"",      "none",  "None",    "NONE",       "nOnE",  "none\\u0000", " RS256", "RS256 ", "rs256",
        "eddsa", "EDDSA", "ed25519", "ＲＳ２５６", "HS256", "HS384",       "HS512",  "RS384",  "RS512",
        "PS256", "ES384", "ES512",   "ES256K",     "Ed448", "RSA1_5",      "dir",    "A128KW", "EdDSA\\u0000"}) {
    EXPECT_EQ(header_reason(R"({"kid":"ed","alg":")" + std::string(alg) + "\"}"), Reason::kTokenAlgorithmRefused)
        << alg;
  }
}

TEST_F(TokenHeader, AnUnsignedTokenHasNoSignaturePart) {
  const std::string unsigned_token = base64url(R"({"alg":"none"})") + "." + base64url(kPayload) + ".";
  EXPECT_EQ(reason(unsigned_token), Reason::kTokenSegments);
  EXPECT_EQ(reason(unsigned_token + "AAAA"), Reason::kTokenAlgorithmRefused);
}

TEST_F(TokenHeader, BothNamesOfEd25519AreOneAlgorithm) {
  EXPECT_EQ(header_reason(R"({"alg":"Ed25519","kid":"ed"})"), Reason::kOk);
  EXPECT_EQ(header_reason(R"({"alg":"Ed448","kid":"ed"})"), Reason::kTokenAlgorithmRefused);
}

TEST_F(TokenHeader, NamesStandOnce) {
  for (const std::string_view header :
       {R"({"alg":"EdDSA","kid":"ed","alg":"none"})", R"({"alg":"none","kid":"ed","alg":"EdDSA"})",
        R"({"alg":"EdDSA","kid":"ed","kid":"ed"})", R"({"alg":"EdDSA","kid":"ed","crit":[],"crit":[]})",
        R"({"alg":"EdDSA","al\u0067":"EdDSA","kid":"ed"})", R"({"alg":"EdDSA","kid":"ed","x":{"y":1,"y":1}})"}) {
    EXPECT_EQ(header_reason(header), Reason::kTokenDuplicateMember) << header;
  }
}

TEST_F(TokenHeader, IsOneStrictJsonObject) {
  for (const std::string_view header :
       {"[]", "\"x\"", "1", "null", "[{\"alg\":\"EdDSA\"}]", R"({"alg":"EdDSA","kid":"ed"} x)",
        R"({"alg":"EdDSA","kid":"ed"}{})", R"({"alg":"EdDSA",/**/"kid":"ed"})", R"({"alg":"EdDSA","x":NaN})",
        R"({'alg':'EdDSA'})", R"({"alg":"EdDSA","kid":"\ud800"})", "{\"alg\":\"EdDSA\",\"kid\":\"\xff\"}",
        R"({"alg":"EdDSA","kid":"ed",})", "{\"alg\":\"EdDSA\",\"kid\":\"e\nd\"}", "{", " "}) {
    EXPECT_EQ(header_reason(header), Reason::kTokenHeaderJson) << header;
  }
  EXPECT_EQ(header_reason(std::string_view("{\0\"\0a\0\"\0:\0"
                                           "1\0}\0",
                                           14)),
            Reason::kTokenHeaderJson);  // UTF-16
}

TEST_F(TokenHeader, DepthAndCountAreLimited) {
  const auto nested = [this](std::size_t depth) {
    return with("\"x\":" + std::string(depth, '[') + std::string(depth, ']'));
  };
  EXPECT_EQ(header_reason(nested(7)), Reason::kOk);
  EXPECT_EQ(header_reason(nested(8)), Reason::kTokenJsonLimit);
  EXPECT_EQ(header_reason(nested(400)), Reason::kTokenJsonLimit);
  const auto many = [this](std::size_t values) {
    std::string list = "\"x\":[";
    for (std::size_t i = 0; i < values; ++i) list += i == 0 ? "1" : ",1";
    return with(list + "]");
  };
  // The object, alg, kid and the array itself count too.
  EXPECT_EQ(header_reason(many(0)), Reason::kOk);
  EXPECT_EQ(header_reason(many(60)), Reason::kOk);
  EXPECT_EQ(header_reason(many(61)), Reason::kTokenJsonLimit);
}

TEST_F(TokenHeader, CriticalExtensionsAreRefusedInEveryForm) {
  for (const std::string_view crit : {"[]", "{}", "null", "\"exp\"", "[1]", R"(["exp","exp"])", R"(["unknown"])",
                                      R"(["alg"])", R"(["absent"])", R"(["b64"])"}) {
    EXPECT_EQ(header_reason(with("\"crit\":" + std::string(crit))), Reason::kTokenCritical) << crit;
  }
  EXPECT_EQ(header_reason(with(R"("crit":["b64"],"b64":false)")), Reason::kTokenCritical);
  EXPECT_EQ(header_reason(with(R"("b64":false)")), Reason::kTokenCritical);
  EXPECT_EQ(header_reason(with(R"("b64":true)")), Reason::kTokenCritical);
}

TEST_F(TokenHeader, KeysInTheHeaderHaveNoEffect) {
  const SigningKey attacker = SigningKey::ed25519();
  const std::string embedded = R"({"alg":"EdDSA","kid":"ed","jwk":)" + attacker.jwk() + "}";
  EXPECT_EQ(reason(token(embedded, kPayload, attacker)), Reason::kTokenSignature);
  EXPECT_EQ(header_reason(embedded), Reason::kOk);
  EXPECT_EQ(
      header_reason(with(R"("jku":"https://evil.example/","x5u":"https://evil.example/","x5c":["AA=="],"x5t":"x")")),
      Reason::kOk);
  EXPECT_EQ(reason(token(R"({"alg":"EdDSA","jwk":)" + attacker.jwk(R"("kid":"new",)") + R"(,"kid":"new"})", kPayload,
                         attacker)),
            Reason::kTokenKeyUnknown);
}

TEST_F(TokenHeader, KidMustBeTextWithinTheLimit) {
  for (const std::string_view kid : {"1", "null", "[\"ed\"]", "{}", "true"}) {
    EXPECT_EQ(header_reason(R"({"alg":"EdDSA","kid":)" + std::string(kid) + "}"), Reason::kTokenHeaderMember) << kid;
  }
  const auto of_size = [](std::size_t size) { return R"({"alg":"EdDSA","kid":")" + std::string(size, 'k') + "\"}"; };
  EXPECT_EQ(header_reason(of_size(128)), Reason::kTokenKeyUnknown);
  EXPECT_EQ(header_reason(of_size(129)), Reason::kTokenHeaderMember);
  EXPECT_EQ(header_reason(of_size(10000)), Reason::kTokenTooLong);
}

TEST_F(TokenHeader, KidIsComparedAsItStands) {
  for (const std::string_view kid : {"../ed", "ED", "ed ", "ed\\u0000", "' OR 1=1 --", "e", "", "no"}) {
    EXPECT_EQ(header_reason(R"({"alg":"EdDSA","kid":")" + std::string(kid) + "\"}"), Reason::kTokenKeyUnknown) << kid;
  }
  EXPECT_EQ(header_reason(R"({"alg":"EdDSA","kid":"\u0065d"})"), Reason::kOk);
}

TEST_F(TokenHeader, TheKidThatIsMissingIsToldUntilTheNextToken) {
  EXPECT_EQ(header_reason(R"({"alg":"EdDSA","kid":"new"})"), Reason::kTokenKeyUnknown);
  EXPECT_EQ(scratch_.missing_key().issuer, kIssuer);
  EXPECT_EQ(scratch_.missing_key().key_id, "new");
  EXPECT_EQ(header_reason(R"({"alg":"EdDSA","kid":"ed"})"), Reason::kOk);
  EXPECT_EQ(scratch_.missing_key().issuer.data(), nullptr);
  keys_ = nullptr;
  EXPECT_EQ(header_reason(R"({"alg":"EdDSA"})"), Reason::kTokenIssuerKeys);
  EXPECT_EQ(scratch_.missing_key().issuer, kIssuer);
  EXPECT_EQ(scratch_.missing_key().key_id.data(), nullptr);
  EXPECT_EQ(reason("a.b"), Reason::kTokenSegments);
  EXPECT_EQ(scratch_.missing_key().issuer.data(), nullptr);
}

TEST_F(TokenHeader, WithoutKidTheAlgorithmMustNameOneKey) {
  EXPECT_EQ(header_reason(R"({"alg":"EdDSA"})"), Reason::kOk);
  const SigningKey second = SigningKey::ed25519();
  keys_ = import_keys(jwks({Keys::get().ed.jwk(R"("kid":"ed",)"), second.jwk(R"("kid":"two",)")}));
  EXPECT_EQ(header_reason(R"({"alg":"EdDSA"})"), Reason::kTokenKeyIdMissing);
  EXPECT_EQ(header_reason(R"({"alg":"RS256"})"), Reason::kTokenKeyUnknown);
  EXPECT_EQ(header_reason(R"({"alg":"EdDSA","kid":"ed"})"), Reason::kOk);
}

TEST_F(TokenHeader, AKidDoesNotFindAKeyThatHasNone) {
  keys_ = import_keys(jwks({Keys::get().ed.jwk()}));
  EXPECT_EQ(header_reason(R"({"alg":"EdDSA"})"), Reason::kOk);
  EXPECT_EQ(header_reason(R"({"alg":"EdDSA","kid":""})"), Reason::kTokenKeyUnknown);
}

TEST_F(TokenHeader, MembersOfEncryptedTokensAreRefused) {
  for (const std::string_view name : {"zip", "enc", "epk", "p2c", "p2s", "apu", "apv", "iv", "tag"}) {
    EXPECT_EQ(header_reason(with("\"" + std::string(name) + "\":1")), Reason::kTokenHeaderMember) << name;
  }
}

TEST_F(TokenHeader, UnknownMembersAreIgnored) {
  EXPECT_EQ(header_reason(with(R"("nonce":"x","__proto__":{"alg":"none"},"ALG":"none")")), Reason::kOk);
}

TEST_F(TokenHeader, TypIsThatOfAnAccessToken) {
  for (const std::string_view typ : {"JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt", "Application/JWT"}) {
    EXPECT_EQ(header_reason(with("\"typ\":\"" + std::string(typ) + "\"")), Reason::kOk) << typ;
  }
  EXPECT_EQ(header_reason(R"({"alg":"EdDSA","kid":"ed"})"), Reason::kOk);
  for (const std::string_view typ : {"dpop+jwt", "logout+jwt", "secevent+jwt", "JOSE", "", "application/", "at+jwt ",
                                     "text/jwt", "application/application/jwt", "jwt/at+jwt"}) {
    EXPECT_EQ(header_reason(with("\"typ\":\"" + std::string(typ) + "\"")), Reason::kTokenType) << typ;
  }
  EXPECT_EQ(header_reason(with("\"typ\":1")), Reason::kTokenHeaderMember);
  EXPECT_EQ(header_reason(with("\"typ\":null")), Reason::kTokenHeaderMember);
}

TEST_F(TokenHeader, CtyIsTextAndNotATokenAgain) {
  EXPECT_EQ(header_reason(with(R"("cty":"example")")), Reason::kOk);
  EXPECT_EQ(header_reason(with(R"("cty":"JWT")")), Reason::kTokenType);
  EXPECT_EQ(header_reason(with(R"("cty":"application/jwt")")), Reason::kTokenType);
  EXPECT_EQ(header_reason(with(R"("cty":[])")), Reason::kTokenHeaderMember);
}

TEST_F(TokenHeader, FaultsInTheHeaderPointAtIt) {
  EXPECT_EQ(verify(token("[]", kPayload, Keys::get().ed)).error(), (Error{Reason::kTokenHeaderJson, 0}));
}

}  // namespace
}  // namespace ostiary::test
