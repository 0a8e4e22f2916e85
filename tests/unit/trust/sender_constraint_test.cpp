// Cases 37 to 41 of the must-reject list: the whole verdict on a presented token.
#include "support/field_request.hpp"
#include "unit/trust/fixture.hpp"

#include <ostiary/trust/sender_constraint.hpp>

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

namespace ostiary::test {
namespace {

constexpr std::string_view kBearer = "Authorization: Bearer header.payload.signature\r\n";

/// Counts what it is asked, and answers what it is told to.
class CountingStore final : public ReplayStore {
 public:
  ReplayAnswer record(const ProofUse& use) noexcept override {
    ++count;
    last = use;
    return answer;
  }

  int count = 0;
  ProofUse last{};
  ReplayAnswer answer = ReplayAnswer::kFresh;
};

class SenderConstraint : public SenderTest {};

TEST_F(SenderConstraint, ABoundTokenWithItsProofIsAccepted) { EXPECT_EQ(verdict(), Reason::kOk); }

TEST_F(SenderConstraint, TheExampleOfRfc9449IsAccepted) {
  identity_ = R"({"cnf":{"jkt":")" + std::string(kRfcThumbprint) + "\"}}";
  authorization_ = "Authorization: DPoP " + std::string(kRfcAccessToken) + "\r\n";
  target_ = "/protectedresource";
  host_ = "resource.example.org";
  facts_.now_s = kRfcIssuedAt;
  EXPECT_EQ(verdict_on(kRfcResourceProof), Reason::kOk);
  EXPECT_EQ(verdict_on(kRfcResourceProof), Reason::kDpopReplay);
  EXPECT_EQ(verdict_on(kRfcTokenProof), Reason::kDpopMethod);
}

// --- 37: fields and syntax ----------------------------------------------------------------------------------------

TEST_F(SenderConstraint, ABoundTokenNeedsExactlyOneProof) {
  const std::string proof = token(proof_header(sender_key()), claims_.json(), sender_key());
  EXPECT_EQ(verdict_with(""), Reason::kDpopMissing);
  EXPECT_EQ(verdict_with("DPoP: " + proof + ", " + proof + "\r\n"), Reason::kDpopMultiple);
  EXPECT_EQ(verdict_with("DPoP: " + proof + ",\r\n"), Reason::kDpopMultiple);
  EXPECT_EQ(verdict_with("DPoP:\r\n"), Reason::kDpopMalformed);
  EXPECT_EQ(verdict_with("DPoP: " + proof + " " + proof + "\r\n"), Reason::kDpopMalformed);

  // The inspector refuses two fields before anyone asks; whoever makes a Request otherwise is told here.
  const Inspected two(with_lines("DPoP: " + proof + "\r\ndpop: " + proof + "\r\n"));
  EXPECT_EQ(two.reason(), Reason::kFieldDuplicate);
  const std::string authorization = "DPoP " + std::string(kToken);
  const FieldRequest made({{"authorization", authorization}, {"dpop", proof}, {"DPoP", proof}});
  EXPECT_EQ(verdict_on_request(made.request()), Reason::kDpopMultiple);
}

TEST_F(SenderConstraint, WhatTheProofVerifierRefusesIsRefused) {
  const SigningKey& key = sender_key();
  EXPECT_EQ(verdict_on(token(proof_header("ES256", key.jwk(), R"("JWT")"), claims_.json(), key)), Reason::kDpopType);
  EXPECT_EQ(verdict_on(token(proof_header("none", key.jwk()), claims_.json(), key)), Reason::kDpopAlgorithm);
  EXPECT_EQ(verdict_on(token(proof_header("ES256", R"({"kid":"a"})"), claims_.json(), key)), Reason::kDpopKey);
  claims_.jti = R"("")";
  EXPECT_EQ(verdict(), Reason::kDpopClaims);
}

// --- 38: bindings -------------------------------------------------------------------------------------------------

TEST_F(SenderConstraint, AnotherKeyThanTheTokenIsBoundToIsRefused) {
  const SigningKey other = SigningKey::p256();
  EXPECT_EQ(verdict_on(token(proof_header(other), claims_.json(), other)), Reason::kDpopBinding);
  // The right key shown, another one signing.
  EXPECT_EQ(verdict_on(token(proof_header(sender_key()), claims_.json(), other)), Reason::kDpopSignature);
}

TEST_F(SenderConstraint, TheSchemeFollowsTheBinding) {
  authorization_ = kBearer;
  EXPECT_EQ(verdict(), Reason::kDpopScheme);
  EXPECT_EQ(verdict_with(""), Reason::kDpopScheme);
  identity_ = R"({"sub":"a"})";
  EXPECT_EQ(verdict_with(""), Reason::kOk);
  EXPECT_EQ(verdict(), Reason::kOk);
  authorization_ = "Authorization: DPoP " + std::string(kToken) + "\r\n";
  EXPECT_EQ(verdict(), Reason::kDpopUnbound);
  EXPECT_EQ(verdict_with(""), Reason::kDpopUnbound);
  authorization_.clear();
  EXPECT_EQ(verdict_with(""), Reason::kCredentialMissing);
}

TEST_F(SenderConstraint, ABindingNobodyKnowsSatisfiesNobody) {
  for (const std::string_view cnf : {R"({"jwk":{}})", "{}", "1", R"({"x5t#S256":"AA"})", R"({"kid":"a"})"}) {
    identity_ = R"({"cnf":)" + std::string(cnf) + "}";
    EXPECT_EQ(verdict(), Reason::kConfirmationUnknown) << cnf;
    authorization_ = kBearer;
    EXPECT_EQ(verdict_with(""), Reason::kConfirmationUnknown) << cnf;
  }
}

// --- 39: token, method and URI --------------------------------------------------------------------------------------

TEST_F(SenderConstraint, TheProofIsForThisToken) {
  for (const std::string& ath : {base64url(sha256("another.token")), base64url(sha256(kToken)) + "=", std::string(),
                                 base64url(sha256(kToken)).substr(1), base64url(sha256(kToken).substr(0, 16))}) {
    claims_.more = R"(,"ath":)" + json_text(ath);
    EXPECT_EQ(verdict(), Reason::kDpopAccessToken) << ath;
  }
  claims_.more.clear();
  EXPECT_EQ(verdict(), Reason::kDpopAccessToken);
}

TEST_F(SenderConstraint, TheProofIsForThisMethodInThisCase) {
  for (const std::string_view htm : {"POST", "get", "Get", "GET ", "HEAD", "*"}) {
    claims_.htm = json_text(htm);
    EXPECT_EQ(verdict(), Reason::kDpopMethod) << htm;
  }
  method_ = "DELETE";
  claims_.htm = json_text("DELETE");
  EXPECT_EQ(verdict(), Reason::kOk);
}

TEST_F(SenderConstraint, TheProofIsForThisUri) {
  const std::string_view others[] = {
      "https://other.example/items",        // host
      "https://api.example.evil/items",     //
      "http://api.example/items",           // scheme
      "https://api.example:8443/items",     // port
      "https://api.example:80/items",       //
      "https://api.example/Items",          // path, its case, more or less of it
      "https://api.example/items/",         //
      "https://api.example/items/1",        //
      "https://api.example/",               //
      "https://api.example",                //
      "https://api.example/items%2F",       //
      "https://api.example/it%2525ems",     //
      "https://api.example/items;v=1",      //
      "https://user@api.example/items",     // user information, which the inspector refuses
      "https://user:pw@api.example/items",  //
      "/items",                             // not absolute
      "//api.example/items",                //
      "api.example/items",                  //
      "https:/api.example/items",           //
      "ftp://api.example/items",            //
      "https://api.example\\items",         //
      "https://api.example/items ",         //
      " https://api.example/items",         //
      "https:///items",                     //
      "https://api.example/../../items",    // above the root
  };
  for (std::string uri(1, ' '); const std::string_view other : others) {
    uri = other;
    for (std::size_t at = uri.find('\\'); at != std::string::npos; at = uri.find('\\', at + 2)) uri.insert(at, 1, '\\');
    claims_.htu = json_text(uri);
    EXPECT_EQ(verdict(), Reason::kDpopUri) << other;
  }
}

TEST_F(SenderConstraint, OtherSpellingsOfTheUriAreTheSame) {
  const std::string_view same[] = {
      "https://api.example/items?page=3", "https://api.example/items#top", "https://api.example/items?a=b#c?d",
      "https://api.example:443/items",    "HTTPS://API.Example/items",     "https://api.example./items",
      "https://api.example/x/../items",   "https://api.example/./items",   "https://api.example//items",
      "https://api.example/%69t%65ms",
  };
  int id = 0;
  for (const std::string_view uri : same) {
    claims_.htu = json_text(uri);
    claims_.jti = json_text("id" + std::to_string(id++));
    EXPECT_EQ(verdict(), Reason::kOk) << uri;
  }
}

TEST_F(SenderConstraint, TheHostMayKnowBetterWhereTheClientWent) {
  host_ = "backend.internal:8080";
  EXPECT_EQ(verdict(), Reason::kDpopUri);
  facts_.origin.authority = "API.example:443";
  EXPECT_EQ(verdict(), Reason::kOk);
  facts_.origin.authority = "api.example:444";
  EXPECT_EQ(verdict(), Reason::kDpopUri);
  facts_.origin.authority = "not a host";
  EXPECT_EQ(verdict(), Reason::kUsageArgument);
  const std::string endless(100'000, 'a');
  facts_.origin.authority = endless;
  EXPECT_EQ(verdict(), Reason::kUsageArgument);
}

TEST_F(SenderConstraint, SomebodyMustTellTheScheme) {
  facts_.origin.scheme = Scheme::kUnknown;
  EXPECT_EQ(verdict(), Reason::kUsageArgument);
  target_ = "https://api.example/items";
  EXPECT_EQ(verdict(), Reason::kOk);
}

TEST_F(SenderConstraint, OptionsOfTheServerHasAUriWithoutAPath) {
  method_ = "OPTIONS";
  target_ = "*";
  claims_.htm = json_text("OPTIONS");
  EXPECT_EQ(verdict(), Reason::kDpopUri);
  claims_.htu = json_text("https://api.example");
  EXPECT_EQ(verdict(), Reason::kOk);
}

TEST_F(SenderConstraint, ATunnelHasNoUri) {
  method_ = "CONNECT";
  target_ = "api.example:443";
  host_ = "api.example:443";
  claims_.htm = json_text("CONNECT");
  for (const std::string_view uri : {"https://api.example", "https://api.example/", "api.example:443"}) {
    claims_.htu = json_text(uri);
    EXPECT_EQ(verdict(), Reason::kDpopUri) << uri;
  }
}

// --- 40: time, nonce and replay
// ---------------------------------------------------------------------------------------

TEST_F(SenderConstraint, AProofIsYoungAndNotFromTheFuture) {
  const auto at = [&](std::int64_t now_s) {
    facts_.now_s = now_s;
    claims_.jti = json_text("t" + std::to_string(now_s));
    return verdict();
  };
  EXPECT_EQ(at(kNow + 65), Reason::kOk);
  EXPECT_EQ(at(kNow + 66), Reason::kDpopAge);
  EXPECT_EQ(at(kNow - 5), Reason::kOk);
  EXPECT_EQ(at(kNow - 6), Reason::kDpopAge);
  policy_.age_max_s = 0;
  policy_.clock_skew_s = 0;
  EXPECT_EQ(at(kNow), Reason::kOk);
  EXPECT_EQ(at(kNow + 1), Reason::kDpopAge);
  EXPECT_EQ(at(kNow - 1), Reason::kDpopAge);
  EXPECT_EQ(at(0), Reason::kDpopAge);
  EXPECT_EQ(at((std::int64_t{1} << 53) - 1), Reason::kDpopAge);
}

TEST_F(SenderConstraint, ExpiryAndStartOfAProofCountWhenItHasThem) {
  const std::string ath = claims_.more;
  const auto with = [&](std::string_view more) {
    claims_.more = ath + std::string(more);
    claims_.jti =
        json_text(std::to_string(more.size()) + std::string(more.substr(2, 3)) + std::string(more.substr(15)));
    return verdict();
  };
  EXPECT_EQ(with(R"(,"exp":1699999996)"), Reason::kOk);
  EXPECT_EQ(with(R"(,"exp":1699999995)"), Reason::kDpopAge);
  EXPECT_EQ(with(R"(,"nbf":1700000005)"), Reason::kOk);
  EXPECT_EQ(with(R"(,"nbf":1700000006)"), Reason::kDpopAge);
}

TEST_F(SenderConstraint, ANonceIsDemandedWhenThePolicyHasSome) {
  const std::array<std::byte, DpopNonces::kSecretSize> secret{};
  const DpopNonces nonces(secret, 60);
  const std::string ath = claims_.more;
  std::array<char, DpopNonces::kNonceSize> memory{};
  const auto with = [&](std::string_view nonce) {
    claims_.more = ath + R"(,"nonce":)" + json_text(nonce);
    return verdict();
  };
  policy_.nonces = &nonces;
  EXPECT_EQ(verdict(), Reason::kDpopNonce);
  EXPECT_EQ(with(""), Reason::kDpopNonce);
  EXPECT_EQ(with("wrong"), Reason::kDpopNonce);
  EXPECT_EQ(with(*nonces.write(kNow - 120, memory)), Reason::kDpopNonce);
  EXPECT_EQ(with(*nonces.write(kNow + 60, memory)), Reason::kDpopNonce);
  EXPECT_EQ(with(*nonces.write(kNow - 60, memory)), Reason::kOk);
  claims_.jti = json_text("another");
  EXPECT_EQ(with(*nonces.write(kNow, memory)), Reason::kOk);
  policy_.nonces = nullptr;
  claims_.jti = json_text("a third");
  EXPECT_EQ(with("whatever"), Reason::kOk);
}

TEST_F(SenderConstraint, AProofIsUsedOnce) {
  EXPECT_EQ(verdict(), Reason::kOk);
  EXPECT_EQ(verdict(), Reason::kDpopReplay);
  target_ = "/items?page=3";  // the query is no part of what is proved
  EXPECT_EQ(verdict(), Reason::kDpopReplay);
  claims_.htu = json_text("https://api.example/items?page=4");  // the same id in another proof of the same key
  EXPECT_EQ(verdict(), Reason::kDpopReplay);
  claims_.jti = json_text("fresh");
  EXPECT_EQ(verdict(), Reason::kOk);
}

TEST_F(SenderConstraint, TheIdOfAnotherKeyIsNoReplay) {
  EXPECT_EQ(verdict(), Reason::kOk);
  const SigningKey other = SigningKey::ed25519();
  identity_ = R"({"cnf":{"jkt":")" + thumbprint_of(other) + "\"}}";
  EXPECT_EQ(verdict_on(token(proof_header(other), claims_.json(), other)), Reason::kOk);
}

TEST_F(SenderConstraint, OnlyWhatIsRightOtherwiseIsRecorded) {
  CountingStore store;
  policy_.replay = &store;
  const SigningKey other = SigningKey::p256();
  const ProofClaims good = claims_;
  claims_.htm = json_text("POST");
  EXPECT_EQ(verdict(), Reason::kDpopMethod);
  claims_ = good;
  EXPECT_EQ(verdict_on(token(proof_header(sender_key()), claims_.json(), other)), Reason::kDpopSignature);
  EXPECT_EQ(verdict_on(token(proof_header(other), claims_.json(), other)), Reason::kDpopBinding);
  facts_.now_s = kNow + 100;
  EXPECT_EQ(verdict(), Reason::kDpopAge);
  facts_.now_s = kNow + 1;
  EXPECT_EQ(store.count, 0);
  EXPECT_EQ(verdict(), Reason::kOk);
  EXPECT_EQ(store.count, 1);
  EXPECT_EQ(store.last.issued_at_s, kNow);
  EXPECT_EQ(store.last.now_s, kNow + 1);
  EXPECT_EQ(store.last.refused_from_s, kNow + 66);
}

TEST_F(SenderConstraint, AStoreThatCannotTellAcceptsNothing) {
  CountingStore store;
  policy_.replay = &store;
  store.answer = ReplayAnswer::kUnknown;
  EXPECT_EQ(verdict(), Reason::kDpopReplayUnknown);
  store.answer = static_cast<ReplayAnswer>(77);
  EXPECT_EQ(verdict(), Reason::kDpopReplayUnknown);
  store.answer = ReplayAnswer::kSeen;
  EXPECT_EQ(verdict(), Reason::kDpopReplay);
}

TEST_F(SenderConstraint, GoingWithoutAStoreMustBeMeant) {
  policy_.replay = nullptr;
  EXPECT_EQ(verdict(), Reason::kUsageArgument);
  policy_.replay_unchecked = true;
  EXPECT_EQ(verdict(), Reason::kOk);
  EXPECT_EQ(verdict(), Reason::kOk);
}

// --- 41: certificates ---------------------------------------------------------------------------------------------

class CertificateBinding : public SenderTest {
 protected:
  CertificateBinding() {
    identity_ = R"({"cnf":{"x5t#S256":")" + base64url(hash_) + "\"}}";
    authorization_ = kBearer;
    facts_.certificate_sha256 = hash_;
  }

  const std::string hash_ = sha256("a certificate");
};

TEST_F(CertificateBinding, TheCertificateOfTheConnectionIsTheOneOfTheToken) {
  EXPECT_EQ(verdict_with(""), Reason::kOk);
  facts_.certificate_sha256 = {};
  EXPECT_EQ(verdict_with(""), Reason::kCertificateMissing);
  for (std::size_t i = 0; i < hash_.size(); ++i) {
    std::string other = hash_;
    other[i] = static_cast<char>(other[i] ^ 1);
    facts_.certificate_sha256 = other;
    EXPECT_EQ(verdict_with(""), Reason::kCertificateBinding) << i;
  }
}

TEST_F(CertificateBinding, AHashOfAnotherLengthIsAMistakeOfTheHost) {
  for (const std::string& wrong :
       {std::string(), hash_.substr(1), hash_ + "x", base64url(hash_), hash_.substr(0, 20)}) {
    facts_.certificate_sha256 = wrong;
    EXPECT_EQ(verdict_with(""), Reason::kUsageArgument) << wrong.size();
  }
}

TEST_F(CertificateBinding, OtherFormsInTheTokenAreUnknown) {
  // Padded, SHA-1, in hexadecimal, of the member for SHA-1, and with bits that stand for nothing, as RFC 8705 §3.1
  // prints its example.
  for (const std::string& cnf :
       {R"({"x5t#S256":")" + base64url(hash_) + R"(="})", R"({"x5t#S256":")" + base64url(hash_.substr(0, 20)) + R"("})",
        R"({"x5t#S256":")" + std::string(64, 'a') + R"("})", R"({"x5t":")" + base64url(hash_.substr(0, 20)) + R"("})",
        std::string(R"({"x5t#S256":"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"})")}) {
    identity_ = R"({"cnf":)" + cnf + "}";
    EXPECT_EQ(verdict_with(""), Reason::kConfirmationUnknown) << cnf;
  }
}

TEST_F(CertificateBinding, ATokenBoundToACertificateIsNoDpopToken) {
  authorization_ = "Authorization: DPoP " + std::string(kToken) + "\r\n";
  EXPECT_EQ(verdict(), Reason::kDpopUnbound);
}

TEST_F(CertificateBinding, BoundToBothNeedsBoth) {
  identity_ = bound_to_key(R"(,"x5t#S256":")" + base64url(hash_) + "\"");
  EXPECT_EQ(verdict_with(""), Reason::kDpopScheme);
  authorization_ = "Authorization: DPoP " + std::string(kToken) + "\r\n";
  EXPECT_EQ(verdict_with(""), Reason::kDpopMissing);
  EXPECT_EQ(verdict(), Reason::kOk);
  claims_.jti = json_text("b");
  facts_.certificate_sha256 = {};
  EXPECT_EQ(verdict(), Reason::kCertificateMissing);
  const std::string other = sha256("another");
  facts_.certificate_sha256 = other;
  EXPECT_EQ(verdict(), Reason::kCertificateBinding);
}

TEST_F(CertificateBinding, NeedsNoDpopPolicy) {
  policy_ = {};
  EXPECT_EQ(verdict_with(""), Reason::kOk);
}

// --- policies
// ---------------------------------------------------------------------------------------------------------

TEST_F(SenderConstraint, PoliciesAndTimesOutsideTheirBoundsAreMistakes) {
  const DpopPolicy good = policy_;
  const auto with = [&](auto change) {
    policy_ = good;
    change(policy_);
    return verdict();
  };
  EXPECT_EQ(with([](DpopPolicy& p) { p.algorithms = {}; }), Reason::kUsageArgument);
  EXPECT_EQ(with([](DpopPolicy& p) { p.algorithms.add(Algorithm::kHs256); }), Reason::kUsageArgument);
  EXPECT_EQ(with([](DpopPolicy& p) { p.age_max_s = -1; }), Reason::kUsageArgument);
  EXPECT_EQ(with([](DpopPolicy& p) { p.age_max_s = DpopPolicy::kSecondsMax + 1; }), Reason::kUsageArgument);
  EXPECT_EQ(with([](DpopPolicy& p) { p.clock_skew_s = -1; }), Reason::kUsageArgument);
  EXPECT_EQ(with([](DpopPolicy& p) { p.clock_skew_s = INT64_MAX; }), Reason::kUsageArgument);
  policy_ = good;
  facts_.now_s = -1;
  EXPECT_EQ(verdict(), Reason::kUsageArgument);
  facts_.now_s = std::int64_t{1} << 53;
  EXPECT_EQ(verdict(), Reason::kUsageArgument);
  facts_.now_s = kNow;
  EXPECT_EQ(with([](DpopPolicy& p) { p.age_max_s = p.clock_skew_s = DpopPolicy::kSecondsMax; }), Reason::kOk);
}

}  // namespace
}  // namespace ostiary::test
