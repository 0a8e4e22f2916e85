// Keys, settings, verifiers, caches and explanations through the C interface.
#include "support/signing_key.hpp"
#include "unit/capi/tokens.hpp"

#include <ostiary.h>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary_c {
namespace {

using ostiary::test::jwks;
using ostiary::test::SigningKey;

// ---- keys ---------------------------------------------------------------------------------------------------

TEST(CapiKeys, TellWhatTheyAre) {
  const KeySet keys = import_keys(jwks({Signer::get().ec.jwk(R"("kid":"a",)"), Signer::get().rsa.jwk()}));
  ASSERT_EQ(ostiary_key_set_count(keys.get()), 2U);
  ostiary_key_info info = OSTIARY_KEY_INFO_INIT;
  ASSERT_EQ(ostiary_key_set_key_at(keys.get(), 0, &info), OSTIARY_OK);
  EXPECT_EQ(text(info.key_id), "a");
  EXPECT_EQ(text(info.algorithm), "ES256");
  EXPECT_EQ(info.bits, 256U);
  ASSERT_EQ(ostiary_key_set_key_at(keys.get(), 1, &info), OSTIARY_OK);
  EXPECT_EQ(text(info.key_id), "<absent>");
  EXPECT_EQ(text(info.algorithm), "RS256");
  EXPECT_EQ(info.bits, 2048U);
  EXPECT_EQ(ostiary_key_set_key_at(keys.get(), 2, &info), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(text(info.algorithm), "<absent>");
  EXPECT_EQ(ostiary_key_set_key_at(nullptr, 0, &info), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_key_set_key_at(keys.get(), 0, nullptr), OSTIARY_USAGE_ARGUMENT);
  info.struct_size = 8;
  EXPECT_EQ(ostiary_key_set_key_at(keys.get(), 0, &info), OSTIARY_USAGE_STRUCT_SIZE);
}

TEST(CapiKeys, HaveTheThumbprintOfRfc7638) {
  // RFC 8037 appendix A.3.
  const KeySet keys =
      import_keys(R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})");
  ostiary_key_info info = OSTIARY_KEY_INFO_INIT;
  ASSERT_EQ(ostiary_key_set_key_at(keys.get(), 0, &info), OSTIARY_OK);
  const std::string raw(reinterpret_cast<const char*>(info.thumbprint), sizeof(info.thumbprint));
  EXPECT_EQ(ostiary::test::base64url(raw), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

TEST(CapiKeys, AreExplainedEvenWhenNoneIsLeft) {
  const std::string json = R"({"keys":[{"kty":"unheard-of","kid":"x"},{"kty":"RSA","n":"AQAB","e":"AQAB"}]})";
  std::array<ostiary_skipped_key, 1> skipped{};
  std::size_t count = 0;
  ostiary_key_set* keys = nullptr;
  ASSERT_EQ(ostiary_key_set_from_jwks_with(bytes(json), skipped.data(), skipped.size(), &count, &keys, nullptr),
            OSTIARY_KEYS_EMPTY);
  EXPECT_EQ(keys, nullptr);
  EXPECT_EQ(count, 2U);  // one more than fits
  EXPECT_EQ(skipped[0].reason, OSTIARY_KEY_TYPE);
  EXPECT_EQ(skipped[0].index, 0U);
  EXPECT_EQ(std::string(skipped[0].key_id, skipped[0].key_id_len), "x");
  EXPECT_EQ(ostiary_key_set_from_jwks_with(bytes(json), nullptr, 0, &count, &keys, nullptr), OSTIARY_KEYS_EMPTY);
  EXPECT_EQ(count, 2U);
  EXPECT_EQ(ostiary_key_set_from_jwks_with(bytes("{}"), nullptr, 0, &count, &keys, nullptr), OSTIARY_KEYS_JSON);
  EXPECT_EQ(count, 0U);
  EXPECT_EQ(ostiary_key_set_from_jwks_with(bytes(json), nullptr, 1, &count, &keys, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_key_set_from_jwks_with(bytes(json), nullptr, 0, nullptr, &keys, nullptr), OSTIARY_USAGE_ARGUMENT);
}

TEST(CapiKeys, ComeAsAJwkOrPem) {
  ostiary_key_set* out = nullptr;
  ASSERT_EQ(ostiary_key_set_from_jwk(bytes(Signer::get().ec.jwk()), &out, nullptr), OSTIARY_OK);
  const KeySet jwk(out);
  const std::string public_pem = Signer::get().ec.public_pem();
  const std::string certificate = Signer::get().rsa.certificate_pem();
  const std::array<ostiary_pem_key, 2> pem{
      {{bytes(public_pem), bytes("one"), kNone}, {bytes(certificate), bytes("two"), bytes("PS256")}}};
  ASSERT_EQ(ostiary_key_set_from_pem(pem.data(), pem.size(), &out, nullptr), OSTIARY_OK);
  const KeySet keys(out);
  ostiary_key_info info = OSTIARY_KEY_INFO_INIT;
  ASSERT_EQ(ostiary_key_set_key_at(keys.get(), 1, &info), OSTIARY_OK);
  EXPECT_EQ(text(info.key_id) + text(info.algorithm), "twoPS256");
}

TEST(CapiKeys, OfAWrongKindAreRefusedWithTheirIndex) {
  const std::string good = Signer::get().ec.public_pem();
  const std::string secret = Signer::get().ec.private_pem();
  ostiary_key_set* out = nullptr;
  const auto refused = [&](ostiary_pem_key second) {
    const std::array<ostiary_pem_key, 2> keys{{{bytes(good), bytes("one"), kNone}, second}};
    ostiary_error error = OSTIARY_ERROR_INIT;
    const ostiary_reason reason = ostiary_key_set_from_pem(keys.data(), keys.size(), &out, &error);
    EXPECT_EQ(out, nullptr);
    EXPECT_EQ(error.offset, 1U);
    return reason;
  };
  EXPECT_EQ(refused({bytes(secret), kNone, kNone}), OSTIARY_KEY_PRIVATE);
  EXPECT_EQ(refused({bytes("-----BEGIN"), kNone, kNone}), OSTIARY_KEY_PEM);
  EXPECT_EQ(refused({bytes(good), bytes("two"), bytes("ES999")}), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(refused({kDangling, kNone, kNone}), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_key_set_from_pem(nullptr, 1, &out, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_key_set_from_pem(nullptr, 0, &out, nullptr), OSTIARY_KEYS_EMPTY);
  EXPECT_EQ(ostiary_key_set_from_pem(nullptr, 0, nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_key_set_from_jwk(kDangling, &out, nullptr), OSTIARY_USAGE_ARGUMENT);
}

TEST(CapiKeys, ThatAreSecretAreAnotherType) {
  ostiary_secret_keys* out = nullptr;
  const ostiary_secret_key good{bytes(kSecret), bytes("HS256"), bytes("s")};
  ASSERT_EQ(ostiary_secret_keys_new(&good, 1, &out, nullptr), OSTIARY_OK);
  EXPECT_EQ(ostiary_secret_keys_count(out), 1U);
  ostiary_secret_keys_unref(ostiary_secret_keys_ref(out));
  ostiary_secret_keys_unref(out);

  const auto refused = [&](ostiary_secret_key key) {
    const ostiary_reason reason = ostiary_secret_keys_new(&key, 1, &out, nullptr);
    EXPECT_EQ(out, nullptr);
    return reason;
  };
  const std::string pem = Signer::get().rsa.public_pem();
  EXPECT_EQ(refused({bytes("short"), bytes("HS256"), kNone}), OSTIARY_KEY_SECRET_SIZE);
  EXPECT_EQ(refused({bytes(pem), bytes("HS256"), kNone}), OSTIARY_KEY_SECRET_PUBLIC);
  EXPECT_EQ(refused({bytes(kSecret), bytes("RS256"), kNone}), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(refused({bytes(kSecret), kNone, kNone}), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(refused({kDangling, bytes("HS256"), kNone}), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_secret_keys_new(nullptr, 1, &out, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_secret_keys_new(&good, 1, nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
}

// ---- settings -----------------------------------------------------------------------------------------------

TEST(CapiSettings, OfEveryVendorNameTheirIssuers) {
  const auto issuer = [](auto make) {
    ostiary_issuer_settings* out = nullptr;
    EXPECT_EQ(make(&out), OSTIARY_OK);
    const Settings settings(out);
    return text(ostiary_issuer_settings_issuer_at(out, 0));
  };
  const ostiary_bytes a = bytes("a");
  EXPECT_EQ(issuer([&](auto out) {
              return ostiary_issuer_settings_okta(bytes("acme.okta.com"), bytes("default"), a, 0, out, nullptr);
            }),
            "https://acme.okta.com/oauth2/default");
  EXPECT_EQ(issuer([&](auto out) {
              return ostiary_issuer_settings_auth0(bytes("acme.auth0.com"), a, OSTIARY_USE_LOGIN, out, nullptr);
            }),
            "https://acme.auth0.com/");
  constexpr std::string_view kTenant = "72f988bf-86f1-41af-91ab-2d7cd011db47";
  EXPECT_EQ(issuer([&](auto out) {
              return ostiary_issuer_settings_entra(bytes(kTenant), a, OSTIARY_ENTRA_V1, 0, out, nullptr);
            }),
            "https://sts.windows.net/72f988bf-86f1-41af-91ab-2d7cd011db47/");
  EXPECT_EQ(issuer([&](auto out) {
              return ostiary_issuer_settings_cognito(bytes("eu-west-1"), bytes("eu-west-1_x"), a, 0, out, nullptr);
            }),
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x");
  EXPECT_EQ(
      issuer([&](auto out) { return ostiary_issuer_settings_github_actions(a, bytes("acme/shop"), out, nullptr); }),
      "https://token.actions.githubusercontent.com");
  EXPECT_EQ(issuer([&](auto out) {
              return ostiary_issuer_settings_keycloak(bytes("https://login.example"), bytes("r"), a, 0, out, nullptr);
            }),
            "https://login.example/realms/r");
  constexpr std::string_view kArn = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/x/1";
  EXPECT_EQ(issuer([&](auto out) {
              return ostiary_issuer_settings_alb(bytes("https://idp.example"), a, bytes(kArn), out, nullptr);
            }),
            "https://idp.example");
}

TEST(CapiSettings, OfGoogleAreForTwoNames) {
  ostiary_issuer_settings* out = nullptr;
  ASSERT_EQ(ostiary_issuer_settings_google(bytes("client"), bytes("acme.example"), &out, nullptr), OSTIARY_OK);
  const Settings settings(out);
  ASSERT_EQ(ostiary_issuer_settings_issuer_count(out), 2U);
  EXPECT_EQ(text(ostiary_issuer_settings_issuer_at(out, 1)), "accounts.google.com");
  EXPECT_EQ(text(ostiary_issuer_settings_issuer_at(out, 2)), "<absent>");

  const KeySet keys = import_keys(jwks({Signer::get().ec.jwk(R"("alg":"ES256",)")}));
  ostiary_verifier_options changes = OSTIARY_VERIFIER_OPTIONS_INIT;
  const ostiary_bytes es256 = bytes("ES256");
  changes.algorithms = &es256;
  changes.algorithm_count = 1;
  ASSERT_EQ(ostiary_issuer_settings_with(out, &changes, &out, nullptr), OSTIARY_OK);
  const Settings changed(out);
  const Verifier verifier = make_verifier({{changed.get(), keys.get(), nullptr}});
  Tokens tokens;
  for (const std::string_view iss : {"https://accounts.google.com", "accounts.google.com"}) {
    const std::string claims = R"({"iss":")" + std::string(iss) + R"(","aud":"client","sub":"1","hd":"acme.example",)" +
                               R"("iat":1700000000,"exp":1700000600})";
    EXPECT_EQ(tokens.reason(verifier, tokens.es256(claims)), OSTIARY_OK) << iss;
  }
}

TEST(CapiSettings, RefusePartsThatCouldEndTheIssuer) {
  ostiary_issuer_settings* out = nullptr;
  const ostiary_bytes a = bytes("a");
  EXPECT_EQ(ostiary_issuer_settings_okta(bytes("a/b"), a, a, 0, &out, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_issuer_settings_okta(a, a, kNone, 0, &out, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_issuer_settings_okta(a, a, kDangling, 0, &out, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_issuer_settings_okta(a, a, a, 2, &out, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_issuer_settings_okta(a, a, a, -1, &out, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_issuer_settings_okta(a, a, a, 0, nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_issuer_settings_entra(bytes("common"), a, OSTIARY_ENTRA_V2, 0, &out, nullptr),
            OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_issuer_settings_entra(bytes("72f988bf-86f1-41af-91ab-2d7cd011db47"), a, 3, 0, &out, nullptr),
            OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(out, nullptr);
}

TEST(CapiSettings, RefuseWhatTheyDoNotKnow) {
  const auto refused = [](auto change) {
    Options options;
    change(options.options);
    ostiary_issuer_settings* out = nullptr;
    const ostiary_reason reason = ostiary_issuer_settings_new(&options.options, &out, nullptr);
    EXPECT_EQ(out, nullptr);
    return reason;
  };
  EXPECT_EQ(refused([](auto& o) { o.profile = 5; }), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(refused([](auto& o) { o.profile = -1; }), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(refused([](auto& o) { o.audience_claim = 4; }), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(refused([](auto& o) { o.encoding = 2; }), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(refused([](auto& o) { o.reserved = 1; }), OSTIARY_USAGE_UNKNOWN_OPTION);
  EXPECT_EQ(refused([](auto& o) { o.flags = 1; }), OSTIARY_USAGE_UNKNOWN_OPTION);
  EXPECT_EQ(refused([](auto& o) { o.age_max_s = -1; }), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(refused([](auto& o) { o.required_claim_count = 1; }), OSTIARY_USAGE_ARGUMENT);
  static const ostiary_pair nameless{bytes(""), bytes("v")};
  EXPECT_EQ(refused([](auto& o) {
              o.required_header = &nameless;
              o.required_header_count = 1;
            }),
            OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(refused([](auto& o) { o.struct_size = 60; }), OSTIARY_USAGE_STRUCT_SIZE);
  ostiary_issuer_settings* out = nullptr;
  EXPECT_EQ(ostiary_issuer_settings_new(nullptr, &out, nullptr), OSTIARY_USAGE_ARGUMENT);
}

TEST(CapiSettings, OfTheFirstReleaseGoOnAsTheyWere) {
  Options options;
  options.options.profile = 77;  // behind the end of the struct that an old caller knows
  options.options.struct_size = offsetof(ostiary_verifier_options, profile);
  ostiary_issuer_settings* out = nullptr;
  ASSERT_EQ(ostiary_issuer_settings_new(&options.options, &out, nullptr), OSTIARY_OK);
  const Settings settings(out);
}

TEST(CapiSettings, ChangeBoundsAndNothingElse) {
  const Settings settings = make_settings(Options());
  ostiary_issuer_settings* out = nullptr;
  ostiary_verifier_options changes = OSTIARY_VERIFIER_OPTIONS_INIT;
  changes.issuer = bytes("https://other.example");
  EXPECT_EQ(ostiary_issuer_settings_with(settings.get(), &changes, &out, nullptr), OSTIARY_USAGE_ARGUMENT);
  changes = OSTIARY_VERIFIER_OPTIONS_INIT;
  changes.profile = OSTIARY_PROFILE_ID_TOKEN;
  EXPECT_EQ(ostiary_issuer_settings_with(settings.get(), &changes, &out, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_issuer_settings_with(nullptr, &changes, &out, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(out, nullptr);

  changes = OSTIARY_VERIFIER_OPTIONS_INIT;
  changes.clock_skew_s = 60;
  const ostiary_pair tier{bytes("tier"), bytes("gold")};
  changes.required_claims = &tier;
  changes.required_claim_count = 1;
  ASSERT_EQ(ostiary_issuer_settings_with(settings.get(), &changes, &out, nullptr), OSTIARY_OK);
  const Settings changed(out);
  const Verifier verifier = make_verifier({{changed.get(), every_key(), nullptr}});
  Tokens tokens;
  tokens.facts.now_s = kNow + 659;
  EXPECT_EQ(tokens.reason(verifier, tokens.es256()), OSTIARY_TOKEN_CLAIM_VALUE);
  EXPECT_EQ(tokens.reason(verifier, tokens.es256(claims_with(R"("tier":"gold")"))), OSTIARY_OK);
}

// ---- verifiers ----------------------------------------------------------------------------------------------

TEST(CapiVerifier, TrustsSeveralIssuersAndBothKindsOfKeys) {
  Options shared;
  shared.set_issuer("https://secret.example");
  shared.set_algorithm("HS256");
  const ostiary_secret_key secret{bytes(kSecret), bytes("HS256"), kNone};
  ostiary_secret_keys* out = nullptr;
  ASSERT_EQ(ostiary_secret_keys_new(&secret, 1, &out, nullptr), OSTIARY_OK);
  const Secrets secrets(out);
  const Settings by_key = make_settings(Options());
  const Settings by_secret = make_settings(shared);
  const Verifier verifier =
      make_verifier({{by_key.get(), every_key(), nullptr}, {by_secret.get(), nullptr, secrets.get()}});
  Tokens tokens;
  EXPECT_EQ(tokens.reason(verifier, tokens.es256()), OSTIARY_OK);
  const std::string claims =
      R"({"iss":"https://secret.example","aud":"api","iat":1700000000,"exp":1700000600,"sub":"a"})";
  EXPECT_EQ(tokens.reason(verifier, tokens.hs256(claims)), OSTIARY_OK);
  EXPECT_EQ(tokens.reason(verifier, tokens.hs256(kClaims)), OSTIARY_TOKEN_ALGORITHM_REFUSED);
  EXPECT_EQ(tokens.reason(verifier, tokens.es256(claims)), OSTIARY_TOKEN_ALGORITHM_REFUSED);
}

TEST(CapiVerifier, RefusesPartsThatDoNotFit) {
  const Settings settings = make_settings(Options());
  Options shared;
  shared.set_algorithm("HS256");
  const Settings by_secret = make_settings(shared);
  const auto refused = [](std::vector<ostiary_trusted_issuer> issuers) {
    ostiary_verifier_parts parts = OSTIARY_VERIFIER_PARTS_INIT;
    parts.issuers = issuers.data();
    parts.issuer_count = issuers.size();
    ostiary_verifier* out = nullptr;
    const ostiary_reason reason = ostiary_verifier_from_parts(&parts, &out, nullptr);
    EXPECT_EQ(out, nullptr);
    return reason;
  };
  const ostiary_trusted_issuer good{settings.get(), every_key(), nullptr};
  EXPECT_EQ(refused({}), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(refused({{nullptr, every_key(), nullptr}}), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(refused({good, good}), OSTIARY_USAGE_ARGUMENT);  // the same iss twice
  EXPECT_EQ(refused({{by_secret.get(), every_key(), nullptr}}), OSTIARY_USAGE_ARGUMENT);
  ostiary_verifier* out = nullptr;
  EXPECT_EQ(ostiary_verifier_from_parts(nullptr, &out, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_verifier_from_parts(nullptr, nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
}

TEST(CapiVerifier, RotatesKeysInANewVerifier) {
  const Settings settings = make_settings(Options());
  const Verifier empty = make_verifier({{settings.get(), nullptr, nullptr}});
  Tokens tokens;
  EXPECT_EQ(tokens.reason(empty, tokens.es256()), OSTIARY_TOKEN_ISSUER_KEYS);
  ostiary_verifier* out = nullptr;
  ASSERT_EQ(ostiary_verifier_with_keys(empty.get(), 0, every_key(), &out, nullptr), OSTIARY_OK);
  const Verifier full(out);
  EXPECT_EQ(tokens.reason(full, tokens.es256()), OSTIARY_OK);
  EXPECT_EQ(tokens.reason(empty, tokens.es256()), OSTIARY_TOKEN_ISSUER_KEYS);
  ASSERT_EQ(ostiary_verifier_with_keys(full.get(), 0, nullptr, &out, nullptr), OSTIARY_OK);
  const Verifier emptied(out);
  EXPECT_EQ(tokens.reason(emptied, tokens.es256()), OSTIARY_TOKEN_ISSUER_KEYS);

  EXPECT_EQ(ostiary_verifier_with_keys(full.get(), 1, every_key(), &out, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(out, nullptr);
  EXPECT_EQ(ostiary_verifier_with_keys(nullptr, 0, every_key(), &out, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_verifier_with_keys(full.get(), 0, every_key(), nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  const ostiary_secret_key secret{bytes(kSecret), bytes("HS256"), kNone};
  ostiary_secret_keys* made = nullptr;
  ASSERT_EQ(ostiary_secret_keys_new(&secret, 1, &made, nullptr), OSTIARY_OK);
  const Secrets secrets(made);
  EXPECT_EQ(ostiary_verifier_with_secrets(full.get(), 0, secrets.get(), &out, nullptr), OSTIARY_USAGE_ARGUMENT);
}

TEST(CapiVerifier, RefusesWhatWasRevoked) {
  const std::string json = R"({"revoked":[{"iss":"https://issuer.example","sub":"alice"},)"
                           R"({"iss":"https://issuer.example","sub":"alice"}]})";
  ostiary_revocation_list* list = nullptr;
  ASSERT_EQ(ostiary_revocation_list_from_json(bytes(json), &list, nullptr), OSTIARY_OK);
  EXPECT_EQ(ostiary_revocation_list_count(list), 1U);
  const Settings settings = make_settings(Options());
  const Verifier before = make_verifier({{settings.get(), every_key(), nullptr}});
  ostiary_verifier* out = nullptr;
  ASSERT_EQ(ostiary_verifier_with_revocation(before.get(), list, &out, nullptr), OSTIARY_OK);
  ostiary_revocation_list_unref(ostiary_revocation_list_ref(list));
  ostiary_revocation_list_unref(list);
  const Verifier after(out);
  Tokens tokens;
  EXPECT_EQ(tokens.reason(before, tokens.es256()), OSTIARY_OK);
  EXPECT_EQ(tokens.reason(after, tokens.es256()), OSTIARY_TOKEN_REVOKED);
  EXPECT_EQ(ostiary_verifier_with_revocation(nullptr, nullptr, &out, nullptr), OSTIARY_USAGE_ARGUMENT);

  EXPECT_EQ(ostiary_revocation_list_from_json(bytes("{}"), &list, nullptr), OSTIARY_REVOCATION_JSON);
  EXPECT_EQ(list, nullptr);
  EXPECT_EQ(ostiary_revocation_list_from_json(kDangling, &list, nullptr), OSTIARY_USAGE_ARGUMENT);
}

TEST(CapiVerifier, AsksForTheFactsOfALogin) {
  Options login;
  login.options.profile = OSTIARY_PROFILE_ID_TOKEN;
  const Settings settings = make_settings(login);
  const Verifier verifier = make_verifier({{settings.get(), every_key(), nullptr}});
  Tokens tokens;
  const std::string token = tokens.es256(claims_with(R"("nonce":"n-1")"));
  EXPECT_EQ(tokens.reason(verifier, token), OSTIARY_OK);
  tokens.facts.nonce = bytes("n-1");
  EXPECT_EQ(tokens.reason(verifier, token), OSTIARY_OK);
  tokens.facts.nonce = bytes("n-2");
  EXPECT_EQ(tokens.reason(verifier, token), OSTIARY_TOKEN_NONCE);
  tokens.facts.nonce = bytes("");  // present and empty: what was sent with the login
  EXPECT_EQ(tokens.reason(verifier, token), OSTIARY_TOKEN_NONCE);
  tokens.facts.nonce = kNone;
  tokens.facts.code = bytes("c");
  EXPECT_EQ(tokens.reason(verifier, token), OSTIARY_TOKEN_HASH);
  tokens.facts.code = kDangling;
  EXPECT_EQ(tokens.reason(verifier, token), OSTIARY_USAGE_ARGUMENT);
  tokens.facts = OSTIARY_TOKEN_FACTS_INIT;
  tokens.facts.flags = 1;
  EXPECT_EQ(tokens.reason(verifier, token), OSTIARY_USAGE_UNKNOWN_OPTION);
}

TEST(CapiVerifier, TellsScopesAndWhomATokenIsBoundTo) {
  const Settings settings = make_settings(Options());
  const Verifier verifier = make_verifier({{settings.get(), every_key(), nullptr}});
  Tokens tokens;
  const std::string thumbprint(43, 'A');
  ASSERT_EQ(tokens.reason(verifier,
                          tokens.es256(claims_with(R"("scope":"read write","cnf":{"jkt":")" + thumbprint + R"("})"))),
            OSTIARY_OK);
  EXPECT_EQ(ostiary_identity_scope_count(tokens.identity.get()), 2U);
  EXPECT_EQ(text(ostiary_identity_scope_at(tokens.identity.get(), 1)), "write");
  EXPECT_EQ(text(ostiary_identity_scope_at(tokens.identity.get(), 2)), "<absent>");
  EXPECT_EQ(ostiary_identity_confirmation(tokens.identity.get()), OSTIARY_SENDER_BOUND);
  EXPECT_EQ(text(ostiary_identity_key_thumbprint(tokens.identity.get())), thumbprint);
  EXPECT_EQ(text(ostiary_identity_certificate_thumbprint(tokens.identity.get())), "<absent>");
  ASSERT_EQ(tokens.reason(verifier, tokens.es256()), OSTIARY_OK);
  EXPECT_EQ(ostiary_identity_confirmation(tokens.identity.get()), OSTIARY_SENDER_ANY);
  EXPECT_EQ(ostiary_identity_confirmation(nullptr), OSTIARY_SENDER_UNKNOWN);
  EXPECT_EQ(ostiary_identity_scope_count(nullptr), 0U);
  EXPECT_EQ(text(ostiary_identity_key_thumbprint(nullptr)), "<absent>");
}

// ---- cache --------------------------------------------------------------------------------------------------

ostiary_token_cache_stats stats_of(const ostiary_token_cache* cache) {
  ostiary_token_cache_stats stats = OSTIARY_TOKEN_CACHE_STATS_INIT;
  EXPECT_EQ(ostiary_token_cache_statistics(cache, &stats), OSTIARY_OK);
  return stats;
}

TEST(CapiTokenCache, AnswersAfterTheSecondTimeAndNeverBeyondTheDates) {
  const Cache cache = make_cache();
  const Settings settings = make_settings(Options());
  const Verifier verifier = make_verifier({{settings.get(), every_key(), nullptr}}, cache.get());
  Tokens tokens;
  const std::string token = tokens.es256();
  for (int i = 0; i < 3; ++i) ASSERT_EQ(tokens.reason(verifier, token), OSTIARY_OK);
  EXPECT_EQ(stats_of(cache.get()).hits, 1U);
  EXPECT_EQ(stats_of(cache.get()).admissions, 1U);
  EXPECT_EQ(text(ostiary_identity_text_claim(tokens.identity.get(), bytes("sub"))), "alice");
  EXPECT_EQ(text(ostiary_identity_claims_json(tokens.identity.get())), kClaims);
  tokens.facts.now_s = kNow + 600;
  EXPECT_EQ(tokens.reason(verifier, token), OSTIARY_TOKEN_EXPIRED);
  EXPECT_EQ(ostiary_identity_claims_json(tokens.identity.get()).data, nullptr);
}

TEST(CapiTokenCache, ForgetsWhenItIsTold) {
  const Cache cache = make_cache();
  const Settings settings = make_settings(Options());
  const Verifier verifier = make_verifier({{settings.get(), every_key(), nullptr}}, cache.get());
  Tokens tokens;
  for (int i = 0; i < 3; ++i) ASSERT_EQ(tokens.reason(verifier, tokens.es256()), OSTIARY_OK);
  const std::uint64_t hits = stats_of(cache.get()).hits;
  ostiary_token_cache_clear(cache.get());
  ASSERT_EQ(tokens.reason(verifier, tokens.es256()), OSTIARY_OK);
  EXPECT_EQ(stats_of(cache.get()).hits, hits);
  ostiary_token_cache_clear(nullptr);
}

TEST(CapiTokenCache, WantsASecretAndRoomForOneEntry) {
  const auto refused = [](auto change) {
    ostiary_token_cache_options options = OSTIARY_TOKEN_CACHE_OPTIONS_INIT;
    options.secret = bytes(kSecret);
    change(options);
    ostiary_token_cache* out = nullptr;
    const ostiary_reason reason = ostiary_token_cache_new(&options, &out, nullptr);
    EXPECT_EQ(out, nullptr);
    return reason;
  };
  EXPECT_EQ(refused([](auto& o) { o.secret = kNone; }), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(refused([](auto& o) { o.secret = bytes("short"); }), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(refused([](auto& o) { o.secret = kDangling; }), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(refused([](auto& o) { o.memory_size = 100; }), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(refused([](auto& o) { o.entry_size_max = 1; }), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(refused([](auto& o) { o.entry_size_max = std::uint64_t{1} << 33; }), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(refused([](auto& o) { o.flags = 1; }), OSTIARY_USAGE_UNKNOWN_OPTION);
  EXPECT_EQ(refused([](auto& o) { o.struct_size = 8; }), OSTIARY_USAGE_STRUCT_SIZE);
  ostiary_token_cache* out = nullptr;
  EXPECT_EQ(ostiary_token_cache_new(nullptr, &out, nullptr), OSTIARY_USAGE_ARGUMENT);
  ostiary_token_cache_stats stats = OSTIARY_TOKEN_CACHE_STATS_INIT;
  EXPECT_EQ(ostiary_token_cache_statistics(nullptr, &stats), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_token_cache_statistics(make_cache().get(), nullptr), OSTIARY_USAGE_ARGUMENT);
}

// ---- explain ------------------------------------------------------------------------------------------------

TEST(CapiExplain, ListsEveryFaultWithTheVerdictFirst) {
  const Settings settings = make_settings(Options());
  const Verifier verifier = make_verifier({{settings.get(), every_key(), nullptr}});
  Tokens tokens;
  tokens.facts.now_s = kNow + 1000;
  std::string token = tokens.es256(R"({"iss":"https://issuer.example","aud":"other","exp":1700000600})");
  token[token.size() - 10] = token[token.size() - 10] == 'A' ? 'B' : 'A';
  std::array<ostiary_token_fault, 8> faults{};
  std::size_t count = 0;
  ostiary_explanation known = OSTIARY_EXPLANATION_INIT;
  ASSERT_EQ(ostiary_verifier_explain(verifier.get(), bytes(token), &tokens.facts, faults.data(), faults.size(), &count,
                                     &known, nullptr),
            OSTIARY_OK);
  ASSERT_EQ(count, 3U);
  EXPECT_EQ(faults[0].reason, tokens.reason(verifier, token));
  std::vector<ostiary_reason> reasons;
  for (std::size_t i = 0; i < count; ++i) reasons.push_back(faults[i].reason);
  EXPECT_EQ(reasons,
            (std::vector<ostiary_reason>{OSTIARY_TOKEN_EXPIRED, OSTIARY_TOKEN_AUDIENCE, OSTIARY_TOKEN_SIGNATURE}));
  EXPECT_EQ(faults[0].offset, token.find('.') + 1);
  EXPECT_EQ(known.issuer, 0U);
  EXPECT_EQ(known.is_complete, 1U);
  EXPECT_EQ(known.is_signature_checked, 1U);

  ASSERT_EQ(ostiary_verifier_explain(verifier.get(), bytes("a.b"), &tokens.facts, nullptr, 0, &count, &known, nullptr),
            OSTIARY_OK);
  EXPECT_EQ(count, 1U);
  EXPECT_EQ(known.is_complete, 0U);
  EXPECT_EQ(known.issuer, OSTIARY_NO_ISSUER);
  tokens.facts.now_s = kNow;
  ASSERT_EQ(ostiary_verifier_explain(verifier.get(), bytes(tokens.es256()), &tokens.facts, nullptr, 0, &count, nullptr,
                                     nullptr),
            OSTIARY_OK);
  EXPECT_EQ(count, 0U);
}

TEST(CapiExplain, RefusesCallsThatMakeNoSense) {
  const Settings settings = make_settings(Options());
  const Verifier verifier = make_verifier({{settings.get(), every_key(), nullptr}});
  const Tokens tokens;
  std::size_t count = 7;
  const auto explain = [&](const ostiary_verifier* with, ostiary_bytes token, const ostiary_token_facts* facts,
                           std::size_t capacity) {
    return ostiary_verifier_explain(with, token, facts, nullptr, capacity, &count, nullptr, nullptr);
  };
  EXPECT_EQ(explain(nullptr, bytes("a"), &tokens.facts, 0), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(count, 0U);
  EXPECT_EQ(explain(verifier.get(), kDangling, &tokens.facts, 0), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(explain(verifier.get(), bytes("a"), nullptr, 0), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(explain(verifier.get(), bytes("a"), &tokens.facts, 1), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_verifier_explain(verifier.get(), bytes("a"), &tokens.facts, nullptr, 0, nullptr, nullptr, nullptr),
            OSTIARY_USAGE_ARGUMENT);
}

}  // namespace
}  // namespace ostiary_c
