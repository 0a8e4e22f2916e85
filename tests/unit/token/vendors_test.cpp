// Tokens of the shape each vendor issues, under the settings for that vendor.
#include "unit/token/fixture.hpp"

#include <ostiary/token/vendors.hpp>

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::test {
namespace {

/// TokenPolicy over owned settings.
Reason reason_under(const IssuerSettings& settings, std::string_view text, const KeySet& keys) {
  const std::vector<std::string_view> audiences(settings.audiences.begin(), settings.audiences.end());
  const auto views = [](const std::vector<RequiredMember>& members) {
    std::vector<RequiredText> texts;
    for (const RequiredMember& member : members) texts.push_back({member.name, member.value});
    return texts;
  };
  const std::vector<RequiredText> claims = views(settings.required_claims);
  const std::vector<RequiredText> header = views(settings.required_header);
  const TokenPolicy policy{settings.issuer,
                           audiences,
                           settings.algorithms,
                           settings.clock_skew_s,
                           settings.profile,
                           settings.audience_claim,
                           settings.encoding,
                           settings.age_max_s,
                           claims,
                           header};
  const std::array<TrustedIssuer, 1> issuers{{{policy, &keys}}};
  VerifyScratch scratch;
  return verify_token(text, issuers, {.now_s = kNow}, scratch).reason();
}

class Vendors : public ::testing::Test {
 protected:
  /// A token signed with the RSA key "rsa". `typ` is a whole member with its comma, or nothing.
  Reason rs256(const Result<IssuerSettings>& settings, std::string_view typ, std::string_view claims) {
    EXPECT_TRUE(settings);
    return reason_under(*settings,
                        token(R"({)" + std::string(typ) + R"("alg":"RS256","kid":"rsa"})",
                              "{" + std::string(claims) + R"(,"iat":1700000000,"exp":1700003600})", Keys::get().rsa),
                        *every_key());
  }
};

TEST_F(Vendors, OktaAccessTokensHaveNoTypAndAListOfScopes) {
  const auto access = okta_settings("acme.okta.com", "default", "api://default");
  const std::string claims =
      R"("ver":1,"jti":"AT.0mP4JKAZX1iACIT4vbEDF7LpvDVjxypPMf0D7uX39RE","iss":"https://acme.okta.com/oauth2/default",)"
      R"("aud":"api://default","cid":"0oa1","uid":"00u1","scp":["openid","email"],"sub":"ada@acme.example")";
  EXPECT_EQ(rs256(access, "", claims), Reason::kOk);
  EXPECT_EQ(rs256(okta_settings("acme.okta.com", "other", "api://default"), "", claims), Reason::kTokenIssuerUnknown);
  const std::string login =
      R"("sub":"00u1","ver":1,"iss":"https://acme.okta.com/oauth2/default","aud":"0oa1","jti":"ID.1","amr":["pwd"],)"
      R"("idp":"00o1","nonce":"n","auth_time":1700000000,"at_hash":"preview_at_hash")";
  EXPECT_EQ(rs256(okta_settings("acme.okta.com", "default", "0oa1", TokenUse::kLogin), "", login), Reason::kOk);
  EXPECT_EQ(rs256(okta_settings("acme.okta.com", "default", "0oa1"), "", login), Reason::kTokenProfile);
}

TEST_F(Vendors, Auth0IssuersEndInASlash) {
  const auto access = auth0_settings("acme.eu.auth0.com", "https://api.acme.example");
  const std::string claims =
      R"("iss":"https://acme.eu.auth0.com/","sub":"auth0|123","aud":["https://api.acme.example",)"
      R"("https://acme.eu.auth0.com/userinfo"],"azp":"my_client","scope":"openid read:orders")";
  EXPECT_EQ(rs256(access, R"("typ":"JWT",)", claims), Reason::kOk);
  EXPECT_EQ(rs256(access, R"("typ":"at+jwt",)", claims + R"(,"client_id":"my_client","jti":"1")"), Reason::kOk);
  const std::string without_slash = R"("iss":"https://acme.eu.auth0.com","sub":"a","aud":"https://api.acme.example")";
  EXPECT_EQ(rs256(access, R"("typ":"JWT",)", without_slash), Reason::kTokenIssuerUnknown);
}

TEST_F(Vendors, EntraHasTwoFormatsAndNamesTheTenant) {
  constexpr std::string_view kTenant = "72f988bf-86f1-41af-91ab-2d7cd011db47";
  const std::string tail =
      R"("aud":"6e74172b-be56-4843-9ff4-e66a39bb12e3","sub":"x","oid":"o","tid":"72f988bf-86f1-41af-91ab-2d7cd011db47")";
  const std::string second = R"("iss":"https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0",)";
  const std::string first = R"("iss":"https://sts.windows.net/72f988bf-86f1-41af-91ab-2d7cd011db47/",)";
  constexpr std::string_view kAudience = "6e74172b-be56-4843-9ff4-e66a39bb12e3";
  const std::string typ = R"("typ":"JWT","x5t":"nOo3ZDrODXEK1jKWhXslHR_KXEg",)";
  EXPECT_EQ(rs256(entra_settings(kTenant, kAudience), typ, second + tail + R"(,"ver":"2.0","scp":"Read Write")"),
            Reason::kOk);
  EXPECT_EQ(rs256(entra_settings(kTenant, kAudience, EntraVersion::kV1), typ,
                  first + tail + R"(,"ver":"1.0","appid":"a","roles":["Admin"])"),
            Reason::kOk);
  EXPECT_EQ(rs256(entra_settings(kTenant, kAudience), typ, second + tail + R"(,"ver":"1.0")"),
            Reason::kTokenClaimValue);
  EXPECT_EQ(rs256(entra_settings(kTenant, kAudience), typ, first + tail + R"(,"ver":"2.0")"),
            Reason::kTokenIssuerUnknown);
  EXPECT_EQ(rs256(entra_settings(kTenant, kAudience, EntraVersion::kV2, TokenUse::kLogin), typ,
                  second + tail + R"(,"ver":"2.0","nonce":"n","preferred_username":"ada@acme.example")"),
            Reason::kOk);
  for (const std::string_view tenant : {"common", "organizations", "acme.onmicrosoft.com", ""}) {
    EXPECT_EQ(entra_settings(tenant, kAudience).reason(), Reason::kUsageArgument) << tenant;
  }
}

TEST_F(Vendors, CognitoAccessTokensHaveNoAudience) {
  const std::string issuer = R"("iss":"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12",)";
  const std::string access =
      issuer + R"("sub":"aaa","client_id":"app1","token_use":"access","scope":"aws.cognito.signin.user.admin",)"
               R"("auth_time":1700000000,"jti":"j","username":"ada","origin_jti":"o","event_id":"e")";
  const std::string login = issuer + R"("sub":"aaa","aud":"app1","token_use":"id","auth_time":1700000000,)"
                                     R"("cognito:username":"ada","email_verified":true,"at_hash":"x")";
  const auto for_access = cognito_settings("eu-west-1", "eu-west-1_Ab12", "app1");
  const auto for_login = cognito_settings("eu-west-1", "eu-west-1_Ab12", "app1", TokenUse::kLogin);
  EXPECT_EQ(rs256(for_access, "", access), Reason::kOk);
  EXPECT_EQ(rs256(for_login, "", login), Reason::kOk);
  EXPECT_EQ(rs256(for_access, "", login), Reason::kTokenAudienceMissing);
  EXPECT_EQ(rs256(for_login, "", access), Reason::kTokenAudienceMissing);
  EXPECT_EQ(rs256(cognito_settings("eu-west-1", "eu-west-1_Ab12", "app2"), "", access), Reason::kTokenAudience);
  EXPECT_EQ(rs256(for_access, "", issuer + R"("sub":"a","client_id":"app1","token_use":"id")"),
            Reason::kTokenClaimValue);
}

TEST_F(Vendors, GoogleWritesItsNameInTwoWays) {
  const auto settings = google_settings("1234.apps.googleusercontent.com", "acme.example");
  ASSERT_TRUE(settings);
  ASSERT_EQ(settings->size(), 2U);
  const std::string tail =
      R"("azp":"1234.apps.googleusercontent.com","aud":"1234.apps.googleusercontent.com","sub":"10769150350006150715113082367",)"
      R"("email":"ada@acme.example","email_verified":true)";
  EXPECT_EQ(rs256((*settings)[0], R"("typ":"JWT",)",
                  R"("iss":"https://accounts.google.com",)" + tail + R"(,"hd":"acme.example")"),
            Reason::kOk);
  EXPECT_EQ(
      rs256((*settings)[1], R"("typ":"JWT",)", R"("iss":"accounts.google.com",)" + tail + R"(,"hd":"acme.example")"),
      Reason::kOk);
  EXPECT_EQ(rs256((*settings)[0], R"("typ":"JWT",)", R"("iss":"https://accounts.google.com",)" + tail),
            Reason::kTokenClaimValue);
}

TEST_F(Vendors, GitHubActionsTokensAreOfOneRepository) {
  const std::string claims =
      R"("jti":"example-id","sub":"repo:acme/shop:ref:refs/heads/main","aud":"https://acme.example",)"
      R"("ref":"refs/heads/main","repository":"acme/shop","repository_owner":"acme","run_id":"1","actor":"ada",)"
      R"("iss":"https://token.actions.githubusercontent.com","nbf":1700000000)";
  EXPECT_EQ(
      rs256(github_actions_settings("https://acme.example", "acme/shop"), R"("typ":"JWT","x5t":"example",)", claims),
      Reason::kOk);
  EXPECT_EQ(rs256(github_actions_settings("https://acme.example", "acme/other"), R"("typ":"JWT",)", claims),
            Reason::kTokenClaimValue);
  EXPECT_EQ(github_actions_settings("https://acme.example", "acme").reason(), Reason::kUsageArgument);
  EXPECT_EQ(github_actions_settings("https://acme.example", "acme/a/b").reason(), Reason::kUsageArgument);
}

TEST_F(Vendors, KeycloakSaysTheKindInAClaim) {
  const std::string issuer = R"("iss":"https://login.acme.example/realms/shop",)";
  const std::string access =
      issuer + R"("aud":"orders","sub":"f1","typ":"Bearer","azp":"web","sid":"s","scope":"email")";
  const std::string login =
      issuer + R"("aud":"web","sub":"f1","typ":"ID","azp":"web","nonce":"n","sid":"s","at_hash":"a")";
  const auto for_access = keycloak_settings("https://login.acme.example", "shop", "orders");
  EXPECT_EQ(rs256(for_access, R"("typ":"JWT",)", access), Reason::kOk);
  EXPECT_EQ(
      rs256(keycloak_settings("https://login.acme.example", "shop", "web", TokenUse::kLogin), R"("typ":"JWT",)", login),
      Reason::kOk);
  const std::string refresh = issuer + R"("aud":"orders","sub":"f1","typ":"Refresh","azp":"web","sid":"s")";
  EXPECT_EQ(rs256(for_access, R"("typ":"JWT",)", refresh), Reason::kTokenClaimValue);
  EXPECT_EQ(keycloak_settings("login.acme.example", "shop", "web").reason(), Reason::kUsageArgument);
}

// --- AWS Application Load Balancer
// ------------------------------------------------------------------------------------

constexpr std::string_view kArn =
    "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shop/50dc6c495c0c9188";

std::string padded(std::string text) {
  while (text.size() % 4 != 0) text += '=';
  return text;
}

/// As the load balancer writes it: every part padded, and the padding signed.
std::string alb_token(std::string_view header, std::string_view payload, bool pad = true) {
  const auto part = [pad](std::string text) { return pad ? padded(std::move(text)) : text; };
  const std::string input = part(base64url(header)) + "." + part(base64url(payload));
  return input + "." + part(base64url(Keys::get().ec.sign(input)));
}

std::string alb_header(std::string_view signer = kArn, std::string_view client = "app1") {
  return R"({"typ":"JWT","kid":"ec","alg":"ES256","iss":"https://login.acme.example","client":")" +
         std::string(client) + R"(","signer":")" + std::string(signer) + R"(","exp":1700000120})";
}

constexpr std::string_view kAlbPayload =
    R"({"sub":"ada","email":"ada@acme.example","exp":1700000120,"iss":"https://login.acme.example"})";

TEST(LoadBalancer, PaddingIsTakenInItsOwnProfileOnly) {
  const auto settings = alb_settings("https://login.acme.example", "app1", kArn);
  ASSERT_TRUE(settings);
  const std::string text = alb_token(alb_header(), kAlbPayload);
  ASSERT_NE(text.find('='), std::string::npos);
  EXPECT_EQ(reason_under(*settings, text, *every_key()), Reason::kOk);
  IssuerSettings strict = *settings;
  strict.encoding = TokenEncoding::kBase64Url;
  EXPECT_EQ(reason_under(strict, text, *every_key()), Reason::kTokenCharacter);
  // And nothing unpadded in that profile: one spelling.
  EXPECT_EQ(reason_under(*settings, alb_token(alb_header(), kAlbPayload, false), *every_key()), Reason::kTokenBase64);
}

TEST(LoadBalancer, OnlyThisBalancerMaySign) {
  const auto settings = alb_settings("https://login.acme.example", "app1", kArn);
  const std::string other = std::string(kArn.substr(0, kArn.size() - 1)) + "9";
  EXPECT_EQ(reason_under(*settings, alb_token(alb_header(other), kAlbPayload), *every_key()), Reason::kTokenClaimValue);
  EXPECT_EQ(reason_under(*settings, alb_token(alb_header(kArn, "app2"), kAlbPayload), *every_key()),
            Reason::kTokenAudience);
  EXPECT_EQ(alb_settings("https://login.acme.example", "app1", "loadbalancer/app/shop").reason(),
            Reason::kUsageArgument);
}

TEST(LoadBalancer, PaddingHasOneForm) {
  const auto settings = alb_settings("https://login.acme.example", "app1", kArn);
  const std::string good = alb_token(alb_header(), kAlbPayload);
  for (std::size_t i = 0; i <= good.size(); ++i) {
    std::string more = good;
    more.insert(i, "=");
    EXPECT_NE(reason_under(*settings, more, *every_key()), Reason::kOk) << i;
    if (i < good.size()) {
      std::string less = good;
      less.erase(i, 1);
      EXPECT_NE(reason_under(*settings, less, *every_key()), Reason::kOk) << i;
    }
  }
  for (const std::string_view wrong : {"=", "====.====.====", "a===.a.a", "YQ==.YQ==", "YQ==.YQ==.YQ==.",
                                       "YQ=Q.YQ==.YQ==", "..", "=.=.=", "YR==.YQ==.YQ=="}) {
    EXPECT_NE(reason_under(*settings, wrong, *every_key()), Reason::kOk) << wrong;
  }
}

TEST(VendorParts, WhatCouldEndANameIsRefused) {
  for (const std::string_view name : {"", "a/b", "a?b", "a#b", "a b", "a@b", "a:1", "é"}) {
    EXPECT_EQ(okta_settings(name, "default", "x").reason(), Reason::kUsageArgument) << name;
    EXPECT_EQ(okta_settings("a.okta.com", name, "x").reason(), Reason::kUsageArgument) << name;
    EXPECT_EQ(auth0_settings(name, "x").reason(), Reason::kUsageArgument) << name;
    EXPECT_EQ(cognito_settings(name, "p", "x").reason(), Reason::kUsageArgument) << name;
    EXPECT_EQ(keycloak_settings("https://a", name, "x").reason(), Reason::kUsageArgument) << name;
  }
  EXPECT_EQ(google_settings("").reason(), Reason::kUsageArgument);
}

}  // namespace
}  // namespace ostiary::test
