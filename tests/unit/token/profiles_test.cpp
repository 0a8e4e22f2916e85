// Each kind of token is good for its own purpose and for no other (RFC 8725 §3.12).
#include "unit/token/fixture.hpp"

#include <gtest/gtest.h>
#include <openssl/sha.h>

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::test {
namespace {

constexpr std::string_view kLogoutEvent = R"("events":{"http://schemas.openid.net/event/backchannel-logout":{}})";

struct Example {
  TokenProfile profile;
  std::string_view typ;
  std::string claims;  ///< besides iss, aud and exp
};

/// A good token of every kind.
const std::vector<Example>& examples() {
  static const std::vector<Example> all{
      {TokenProfile::kGeneric, "JWT", R"("sub":"ada","scope":"read","iat":1700000000)"},
      {TokenProfile::kAccessToken, "at+jwt",
       R"("sub":"ada","client_id":"app","iat":1700000000,"jti":"1","scope":"read")"},
      {TokenProfile::kIdToken, "JWT", R"("sub":"ada","iat":1700000000,"nonce":"n-0S6")"},
      {TokenProfile::kLogoutToken, "logout+jwt",
       R"("sub":"ada","iat":1700000000,"jti":"1",)" + std::string(kLogoutEvent)},
      {TokenProfile::kTransactionToken, "txntoken+jwt",
       R"("sub":"ada","iat":1700000000,"txn":"97053963","scope":"trade","req_wl":"gateway")"},
  };
  return all;
}

class TokenProfiles : public TokenTest {
 protected:
  Reason with(TokenProfile profile, std::string_view typ, std::string_view claims) {
    policy_.profile = profile;
    const std::string header = typ.empty() ? R"({"alg":"EdDSA","kid":"ed"})"
                                           : R"({"alg":"EdDSA","kid":"ed","typ":")" + std::string(typ) + "\"}";
    return signed_reason(header, payload_with(R"("exp":1700000600,"aud":"other",)" + std::string(claims)));
  }
  Reason id(std::string_view claims) {
    return with(TokenProfile::kIdToken, "JWT", R"("sub":"ada","iat":1700000000,)" + std::string(claims));
  }
  Reason logout(std::string_view claims) { return with(TokenProfile::kLogoutToken, "logout+jwt", claims); }
};

TEST_F(TokenProfiles, EachKindPassesItsOwnProfile) {
  for (const Example& example : examples()) {
    EXPECT_EQ(with(example.profile, example.typ, example.claims), Reason::kOk) << example.claims;
  }
}

// §3.3 item 35. An RFC 9068 token is an access token, so the generic profile, which is for access tokens, takes it too.
TEST_F(TokenProfiles, NoKindPassesAnother) {
  for (const Example& example : examples()) {
    for (const Example& other : examples()) {
      const bool access = example.profile == TokenProfile::kAccessToken && other.profile == TokenProfile::kGeneric;
      if (example.profile == other.profile || access) continue;
      const Reason reason = with(other.profile, example.typ, example.claims);
      EXPECT_TRUE(reason == Reason::kTokenType || reason == Reason::kTokenProfile)
          << example.claims << " as " << static_cast<int>(other.profile) << ": " << reason_info(reason).name;
    }
  }
}

TEST_F(TokenProfiles, TheMarksOfAnotherKindRefuseWhateverTypSays) {
  for (const std::string_view mark : {R"("nonce":"n")", R"("at_hash":"a")", R"("c_hash":"a")", R"("s_hash":"a")",
                                      R"("events":{})", R"("htm":"GET")", R"("htu":"https://a")", R"("req_wl":"a")"}) {
    EXPECT_EQ(with(TokenProfile::kGeneric, "", mark), Reason::kTokenProfile) << mark;
  }
  for (const std::string_view mark :
       {R"("scope":"read")", R"("scp":["read"])", R"("client_id":"app")", R"("events":{})", R"("htm":"GET")"}) {
    EXPECT_EQ(id(mark), Reason::kTokenProfile) << mark;
  }
  EXPECT_EQ(logout(R"("sub":"ada","iat":1700000000,"jti":"1","nonce":"n",)" + std::string(kLogoutEvent)),
            Reason::kTokenProfile);
}

// §3.3 item 17.
TEST_F(TokenProfiles, TypIsComparedAsAMediaType) {
  const std::string& claims = examples()[1].claims;
  for (const std::string_view typ : {"at+jwt", "AT+JWT", "application/at+jwt", "Application/AT+jwt"}) {
    EXPECT_EQ(with(TokenProfile::kAccessToken, typ, claims), Reason::kOk) << typ;
  }
  for (const std::string_view typ : {"", "JWT", "dpop+jwt", "logout+jwt", "secevent+jwt", "txntoken+jwt", "at+jwt "}) {
    EXPECT_EQ(with(TokenProfile::kAccessToken, typ, claims), Reason::kTokenType) << typ;
  }
}

// §3.3 item 36: RFC 9068 §2.2 asks for seven claims.
TEST_F(TokenProfiles, AnAccessTokenNeedsEachOfItsClaims) {
  const std::array<std::string, 4> claims{R"("sub":"ada")", R"("client_id":"app")", R"("iat":1700000000)",
                                          R"("jti":"1")"};
  for (const std::string& left_out : claims) {
    std::string rest = R"("x":1)";
    for (const std::string& claim : claims) rest += claim == left_out ? "" : "," + claim;
    EXPECT_EQ(with(TokenProfile::kAccessToken, "at+jwt", rest), Reason::kTokenClaimMissing) << left_out;
  }
  for (const std::string_view wrong : {R"("sub":1)", R"("client_id":[])", R"("jti":null)", R"("scope":["a"])"}) {
    EXPECT_EQ(with(TokenProfile::kAccessToken, "at+jwt", wrong), Reason::kTokenClaimType) << wrong;
  }
}

TEST_F(TokenProfiles, ATransactionTokenNeedsEachOfItsClaims) {
  EXPECT_EQ(with(TokenProfile::kTransactionToken, "txntoken+jwt", R"("sub":"ada","iat":1,"txn":"1","scope":"a")"),
            Reason::kTokenClaimMissing);
  EXPECT_EQ(with(TokenProfile::kTransactionToken, "txntoken+jwt", R"("sub":"ada","iat":1,"scope":"a","req_wl":"b")"),
            Reason::kTokenClaimMissing);
}

TEST(LoginNonce, MustBeTheOneThatWasSent) {
  VerifyScratch scratch;
  TokenPolicy asked = policy();
  asked.profile = TokenProfile::kIdToken;
  const auto keys = every_key();
  const std::array<TrustedIssuer, 1> issuers{{{asked, keys.get()}}};
  const auto reason = [&](std::string_view claims, std::string_view nonce) {
    const std::string text =
        token(R"({"alg":"EdDSA","kid":"ed"})",
              payload_with(R"("exp":1700000600,"aud":"other","sub":"ada","iat":1700000000)" + std::string(claims)),
              Keys::get().ed);
    return verify_token(text, issuers, {.now_s = kNow, .nonce = nonce}, scratch).reason();
  };
  EXPECT_EQ(reason(R"(,"nonce":"n-1")", "n-1"), Reason::kOk);
  EXPECT_EQ(reason(R"(,"nonce":"n-1")", "n-2"), Reason::kTokenNonce);
  EXPECT_EQ(reason(R"(,"nonce":"n-1")", "N-1"), Reason::kTokenNonce);
  EXPECT_EQ(reason(R"(,"nonce":"n-1")", ""), Reason::kTokenNonce);
  EXPECT_EQ(reason("", "n-1"), Reason::kTokenNonce);
  EXPECT_EQ(reason("", ""), Reason::kTokenNonce);  // an empty nonce is a nonce
  EXPECT_EQ(reason("", {}), Reason::kOk);
}

TEST_F(TokenProfiles, TheAuthorizedPartyOfALoginIsAClientOfOurs) {
  EXPECT_EQ(id(R"("azp":"other")"), Reason::kOk);
  EXPECT_EQ(id(R"("azp":"stranger")"), Reason::kTokenAuthorizedParty);
  EXPECT_EQ(id(R"("azp":1)"), Reason::kTokenClaimType);
  policy_.profile = TokenProfile::kIdToken;
  const auto several = [this](std::string_view more) {
    return payload_reason(R"({"iss":"https://issuer.example","exp":1700000600,"sub":"ada","iat":1700000000,)"
                          R"("aud":["other","second"])" +
                          std::string(more) + "}");
  };
  policy_.profile = TokenProfile::kIdToken;
  const std::string_view plain = R"({"alg":"EdDSA","kid":"ed"})";
  const auto signed_several = [&](std::string_view more) {
    return signed_reason(plain, R"({"iss":"https://issuer.example","exp":1700000600,"sub":"ada","iat":1700000000,)"
                                R"("aud":["other","second"])" +
                                    std::string(more) + "}");
  };
  EXPECT_EQ(signed_several(""), Reason::kTokenAuthorizedParty);
  EXPECT_EQ(signed_several(R"(,"azp":"other")"), Reason::kOk);
  EXPECT_EQ(several(R"(,"azp":"other")"), Reason::kTokenType);  // kHeader says at+jwt
}

// OpenID Connect Core §3.1.3.6: the left half of the hash of the algorithm, here SHA-256 and SHA-512.
std::string left_half(const unsigned char* digest, std::size_t size) {
  return base64url(std::string_view(reinterpret_cast<const char*>(digest), size / 2));
}

class LoginHashes : public TokenTest {
 protected:
  LoginHashes() {
    policy_.profile = TokenProfile::kIdToken;
    keys_ = every_key();
  }

  Reason verify_with(std::string_view alg, const SigningKey& key, std::string_view claim, std::string_view access_token,
                     std::string_view code) {
    const std::string text =
        token(R"({"alg":")" + std::string(alg) + "\"}",
              payload_with(R"("exp":1700000600,"aud":"other","sub":"ada","iat":1700000000)" + std::string(claim)), key);
    const std::array<TrustedIssuer, 1> issuers{{{policy_, keys_.get()}}};
    return verify_token(text, issuers, {.now_s = kNow, .access_token = access_token, .code = code}, scratch_).reason();
  }
};

TEST_F(LoginHashes, BelongToTheAccessTokenAndTheCode) {
  const std::string secret = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
  std::array<unsigned char, 64> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), digest.data());
  const std::string hash256 = left_half(digest.data(), 32);
  EXPECT_EQ(hash256, "77QmUPtjPfzWtF2AnpK9RQ");  // OpenID Connect Core A.4, there for another purpose
  const std::string at = R"(,"at_hash":")" + hash256 + "\"";
  const std::string c = R"(,"c_hash":")" + hash256 + "\"";
  EXPECT_EQ(verify_with("RS256", Keys::get().rsa, at, secret, {}), Reason::kOk);
  EXPECT_EQ(verify_with("ES256", Keys::get().ec, at, secret, {}), Reason::kOk);
  EXPECT_EQ(verify_with("RS256", Keys::get().rsa, c, {}, secret), Reason::kOk);
  EXPECT_EQ(verify_with("RS256", Keys::get().rsa, at, "another", {}), Reason::kTokenHash);
  EXPECT_EQ(verify_with("RS256", Keys::get().rsa, at, {}, secret), Reason::kTokenHash);
  EXPECT_EQ(verify_with("RS256", Keys::get().rsa, "", secret, {}), Reason::kTokenHash);
  EXPECT_EQ(verify_with("RS256", Keys::get().rsa, at, {}, {}), Reason::kOk);  // nobody asked
}

TEST_F(LoginHashes, UseTheHashOfTheSignature) {
  const std::string secret = "access";
  std::array<unsigned char, 64> digest{};
  SHA512(reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), digest.data());
  const std::string claim = R"(,"at_hash":")" + left_half(digest.data(), 64) + "\"";
  EXPECT_EQ(verify_with("EdDSA", Keys::get().ed, claim, secret, {}), Reason::kOk);
  EXPECT_EQ(verify_with("RS256", Keys::get().rsa, claim, secret, {}), Reason::kTokenHash);
}

TEST_F(TokenProfiles, WhatWasRevokedIsRefusedBeforeTheSignature) {
  const auto list = RevocationList::from_json(
      R"({"revoked":[{"iss":"https://issuer.example","jti":"t1"},{"iss":"https://issuer.example","kid":"ec"},)"
      R"({"iss":"https://issuer.example","sub":"eve","issued_before":1700000001}]})");
  ASSERT_TRUE(list);
  const auto keys = every_key();
  const std::array<TrustedIssuer, 1> issuers{{{policy_, keys.get()}}};
  const auto reason = [&](std::string_view claims, const SigningKey& key, std::string_view kid = "ed") {
    const std::string text = token(R"({"alg":")" + key.algorithm() + R"(","kid":")" + std::string(kid) + "\"}",
                                   payload_with(R"("exp":1700000600,"aud":"other",)" + std::string(claims)), key);
    return verify_token(text, issuers, {.now_s = kNow, .revoked = list->get()}, scratch_).reason();
  };
  EXPECT_EQ(reason(R"("jti":"t2","sub":"ada")", Keys::get().ed), Reason::kOk);
  EXPECT_EQ(reason(R"("jti":"t1","sub":"ada")", Keys::get().ed), Reason::kTokenRevoked);
  EXPECT_EQ(reason(R"("jti":"t1","sub":"ada")", SigningKey::ed25519()), Reason::kTokenRevoked);
  EXPECT_EQ(reason(R"("sub":"eve","iat":1700000000)", Keys::get().ed), Reason::kTokenRevoked);
  EXPECT_EQ(reason(R"("sub":"ada")", Keys::get().ec, "ec"), Reason::kTokenRevoked);
}

TEST_F(TokenProfiles, AKeyThatWasRevokedIsSoForTokensThatDoNotNameIt) {
  const auto list = RevocationList::from_json(R"({"revoked":[{"iss":"https://issuer.example","kid":"ed"}]})");
  ASSERT_TRUE(list);
  const auto keys = every_key();
  const std::array<TrustedIssuer, 1> issuers{{{policy_, keys.get()}}};
  const auto reason = [&](const SigningKey& key) {
    const std::string text = token(R"({"alg":")" + key.algorithm() + "\"}",
                                   payload_with(R"("exp":1700000600,"aud":"other","sub":"ada")"), key);
    return verify_token(text, issuers, {.now_s = kNow, .revoked = list->get()}, scratch_).reason();
  };
  EXPECT_EQ(reason(Keys::get().ec), Reason::kOk);
  EXPECT_EQ(reason(Keys::get().ed), Reason::kTokenRevoked);

  const std::string secret(32, 's');
  const SecretKey secret_key{.bytes = secret, .algorithm = Algorithm::kHs256, .key_id = "ed"};
  const auto secrets = SecretKeys::make(std::span(&secret_key, 1));
  ASSERT_TRUE(secrets);
  policy_.algorithms = {Algorithm::kHs256};
  const std::array<TrustedIssuer, 1> symmetric{{{policy_, nullptr, secrets->get()}}};
  const std::string input =
      base64url(R"({"alg":"HS256"})") + "." + base64url(payload_with(R"("exp":1700000600,"aud":"other","sub":"ada")"));
  const std::string text = input + "." + base64url(hmac_sha256(secret, input));
  EXPECT_EQ(verify_token(text, symmetric, {.now_s = kNow}, scratch_).reason(), Reason::kOk);
  EXPECT_EQ(verify_token(text, symmetric, {.now_s = kNow, .revoked = list->get()}, scratch_).reason(),
            Reason::kTokenRevoked);
}

TEST_F(TokenProfiles, ALogoutTokenNamesTheEventAndWhoLeaves) {
  const std::string both = R"("iat":1700000000,"jti":"1",)";
  const std::string event(kLogoutEvent);
  EXPECT_EQ(logout(both + R"("sid":"s1",)" + event), Reason::kOk);
  EXPECT_EQ(logout(both + event), Reason::kTokenEvents);
  EXPECT_EQ(logout(both + R"("sub":"ada")"), Reason::kTokenEvents);
  for (const std::string_view events :
       {"{}", "[]", R"("x")", R"({"http://schemas.openid.net/event/backchannel-logout":true})", R"({"other":{}})"}) {
    EXPECT_EQ(logout(both + R"("sub":"ada","events":)" + std::string(events)), Reason::kTokenEvents) << events;
  }
  EXPECT_EQ(logout(R"("jti":"1","sub":"ada",)" + event), Reason::kTokenClaimMissing);
  EXPECT_EQ(logout(R"("iat":1700000000,"sub":"ada",)" + event), Reason::kTokenClaimMissing);
}

TEST_F(TokenProfiles, TheAgeIsBoundedWhenThePolicySaysSo) {
  policy_.age_max_s = 300;
  const auto issued = [this](std::string_view iat) { return claims_reason(R"("iat":)" + std::string(iat)); };
  EXPECT_EQ(issued("1699999700"), Reason::kOk);
  EXPECT_EQ(issued("1699999699"), Reason::kTokenTooOld);
  EXPECT_EQ(claims_reason(R"("x":1)"), Reason::kTokenClaimMissing);
  policy_.clock_skew_s = 10;
  EXPECT_EQ(issued("1699999690"), Reason::kOk);
  EXPECT_EQ(issued("1699999689"), Reason::kTokenTooOld);
}

TEST_F(TokenProfiles, ClaimsAndHeaderMembersCanBeFixed) {
  const std::array<RequiredText, 2> claims{{{"token_use", "access"}, {"tid", "t1"}}};
  policy_.required_claims = claims;
  EXPECT_EQ(claims_reason(R"("token_use":"access","tid":"t1")"), Reason::kOk);
  for (const std::string_view wrong :
       {R"("token_use":"access")", R"("token_use":"id","tid":"t1")", R"("token_use":"access","tid":["t1"])",
        R"("token_use":"access","tid":"T1")", R"("token_use":"access","x":{"tid":"t1"})"}) {
    EXPECT_EQ(claims_reason(wrong), Reason::kTokenClaimValue) << wrong;
  }
  policy_.required_claims = {};
  const std::array<RequiredText, 1> header{{{"signer", "arn:x"}}};
  policy_.required_header = header;
  EXPECT_EQ(header_reason(R"({"alg":"EdDSA","kid":"ed","signer":"arn:x"})"), Reason::kOk);
  EXPECT_EQ(header_reason(R"({"alg":"EdDSA","kid":"ed","signer":"arn:y"})"), Reason::kTokenClaimValue);
  EXPECT_EQ(header_reason(R"({"alg":"EdDSA","kid":"ed"})"), Reason::kTokenClaimValue);
}

TEST_F(TokenProfiles, TheAudienceCanStandElsewhere) {
  policy_.audience_claim = AudienceClaim::kClientId;
  EXPECT_EQ(claims_reason(R"("client_id":"other")"), Reason::kOk);
  EXPECT_EQ(claims_reason(R"("client_id":"stranger")"), Reason::kTokenAudience);
  EXPECT_EQ(claims_reason(R"("client_id":["other"])"), Reason::kTokenAudienceMissing);
  EXPECT_EQ(claims_reason(R"("x":1)"), Reason::kTokenAudienceMissing);
  policy_.audience_claim = AudienceClaim::kAuthorizedParty;
  EXPECT_EQ(claims_reason(R"("azp":"other")"), Reason::kOk);
  EXPECT_EQ(claims_reason(R"("client_id":"other")"), Reason::kTokenAudienceMissing);
  policy_.audience_claim = AudienceClaim::kHeaderClient;
  EXPECT_EQ(header_reason(R"({"alg":"EdDSA","kid":"ed","client":"other"})"), Reason::kOk);
  EXPECT_EQ(header_reason(R"({"alg":"EdDSA","kid":"ed","client":"stranger"})"), Reason::kTokenAudience);
  EXPECT_EQ(header_reason(R"({"alg":"EdDSA","kid":"ed"})"), Reason::kTokenAudienceMissing);
}

TEST_F(TokenProfiles, PoliciesThatMixSecretsAndPublicKeysAreRefused) {
  policy_.algorithms = {Algorithm::kHs256, Algorithm::kRs256};
  EXPECT_EQ(reason(token(kHeader, kPayload, Keys::get().ed)), Reason::kUsageArgument);
  policy_ = policy();
  policy_.profile = static_cast<TokenProfile>(200);
  EXPECT_EQ(reason(token(kHeader, kPayload, Keys::get().ed)), Reason::kUsageArgument);
  policy_ = policy();
  policy_.age_max_s = -1;
  EXPECT_EQ(reason(token(kHeader, kPayload, Keys::get().ed)), Reason::kUsageArgument);
}

}  // namespace
}  // namespace ostiary::test
