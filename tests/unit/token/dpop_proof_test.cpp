// Cases 37 and 40 of the must-reject list: what a proof says, and whether its own key signed it.
#include "support/dpop.hpp"
#include "unit/token/fixture.hpp"

#include <ostiary/token/dpop_proof.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace ostiary::test {
namespace {

class DpopProofTest : public ::testing::Test {
 protected:
  Reason reason(std::string_view proof) {
    const Result<DpopProof> verified = verify_dpop_proof(proof, algorithms_, scratch_);
    EXPECT_LE(verified.error().offset, proof.size());
    if (!verified) {
      EXPECT_EQ(verified->id.data(), nullptr);
      EXPECT_EQ(verified->key_thumbprint.data(), nullptr);
    }
    return verified.reason();
  }
  Reason header_reason(std::string_view header) { return reason(token(header, ProofClaims{}.json(), ec_)); }
  Reason claims_reason(const ProofClaims& claims) { return reason(token(proof_header(ec_), claims.json(), ec_)); }

  const SigningKey& ec_ = Keys::get().ec;
  AlgorithmSet algorithms_ = kProofAlgorithms;
  DpopScratch scratch_;
};

/// "{...}" with a further member.
std::string with_member(std::string object, std::string_view member) {
  return object.insert(object.size() - 1, "," + std::string(member));
}

TEST_F(DpopProofTest, TheExamplesOfTheRfcVerify) {
  const Result<DpopProof> first = verify_dpop_proof(kRfcTokenProof, {Algorithm::kEs256}, scratch_);
  ASSERT_EQ(first.reason(), Reason::kOk);
  EXPECT_EQ(first->id, "-BwC3ESc6acc2lTc");
  EXPECT_EQ(first->method, "POST");
  EXPECT_EQ(first->uri, "https://server.example.com/token");
  EXPECT_EQ(first->issued_at_s, 1562262616);
  EXPECT_EQ(first->access_token_hash.data(), nullptr);
  EXPECT_EQ(first->nonce.data(), nullptr);
  EXPECT_EQ(first->key_thumbprint, kRfcThumbprint);
  EXPECT_EQ(first->algorithm, Algorithm::kEs256);

  const Result<DpopProof> second = verify_dpop_proof(kRfcResourceProof, {Algorithm::kEs256}, scratch_);
  ASSERT_EQ(second.reason(), Reason::kOk);
  EXPECT_EQ(second->access_token_hash, "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
  EXPECT_EQ(second->key_thumbprint, kRfcThumbprint);
}

TEST_F(DpopProofTest, SaysWhatItHolds) {
  for (const SigningKey* key : {&Keys::get().ec, &Keys::get().ed, &Keys::get().rsa}) {
    ProofClaims claims;
    claims.more = R"(,"nonce":"n-1","ath":"h","exp":1700000009.9,"nbf":1699999990,"other":[1])";
    const std::string proof = token(proof_header(*key), claims.json(), *key);
    for (int round = 0; round < 2; ++round) {  // imported, then remembered
      const Result<DpopProof> verified = verify_dpop_proof(proof, algorithms_, scratch_);
      ASSERT_EQ(verified.reason(), Reason::kOk);
      EXPECT_EQ(verified->id, "a1");
      EXPECT_EQ(verified->method, "GET");
      EXPECT_EQ(verified->uri, "https://api.example/items");
      EXPECT_EQ(verified->issued_at_s, 1700000000);
      EXPECT_EQ(verified->expires_at_s, 1700000009);
      EXPECT_EQ(verified->not_before_s, 1699999990);
      EXPECT_EQ(verified->nonce, "n-1");
      EXPECT_EQ(verified->access_token_hash, "h");
      EXPECT_EQ(algorithm_name(verified->algorithm), key->algorithm());
      EXPECT_EQ(verified->key_thumbprint.size(), 43U);
    }
  }
}

TEST_F(DpopProofTest, SyntaxIsAsStrictAsThatOfTokens) {
  const std::string good = token(proof_header(ec_), ProofClaims{}.json(), ec_);
  ASSERT_EQ(reason(good), Reason::kOk);
  const std::string no_signature = good.substr(0, good.rfind('.') + 1);
  const std::string cases[] = {"",         "a",        good + ".",        "." + good,   good + "," + good,
                               good + "=", " " + good, good + "." + good, no_signature, "{}"};
  for (const std::string& bad : cases) {
    EXPECT_EQ(reason(bad), Reason::kDpopMalformed) << bad;
  }
  const std::string header = proof_header(ec_);
  for (const std::string& bad :
       {std::string("{}x"), std::string("[]"), header + " x", std::string("\xef\xbb\xbf") + header,
        with_member(header, R"("alg":"ES256")"), with_member(header, R"("al\u0067":"ES256")"),
        with_member(header, R"("jwk":{})"), proof_header("ES256", with_member(ec_.jwk(), R"("x":"a")")),
        with_member(header, R"("crit":["exp"],"exp":1)"), with_member(header, R"("crit":[])"),
        with_member(header, R"("b64":true)"), with_member(header, R"("zip":"DEF")"), with_member(header, R"("kid":1)"),
        proof_header("ES256", ec_.jwk(), "1"), proof_header("ES256", ec_.jwk(), "null")}) {
    EXPECT_EQ(header_reason(bad), Reason::kDpopMalformed) << bad;
  }
  for (const std::string& bad :
       {std::string("{}x"), std::string("[]"), std::string("1"), with_member(ProofClaims{}.json(), R"("jti":"b")"),
        with_member(ProofClaims{}.json(), R"("ht\u006d":"POST")")}) {
    EXPECT_EQ(reason(token(header, bad, ec_)), Reason::kDpopMalformed) << bad;
  }
}

TEST_F(DpopProofTest, TheTypeIsDpopJwtAndNothingElse) {
  for (const std::string_view typ : {R"("dpop+jwt")", R"("DPoP+JWT")", R"("application/dpop+jwt")"}) {
    EXPECT_EQ(header_reason(proof_header("ES256", ec_.jwk(), typ)), Reason::kOk) << typ;
  }
  for (const std::string_view typ : {R"("JWT")", R"("at+jwt")", R"("")", R"("dpop")", R"("dpop+jwt ")",
                                     R"("text/dpop+jwt")", R"("application/application/dpop+jwt")"}) {
    EXPECT_EQ(header_reason(proof_header("ES256", ec_.jwk(), typ)), Reason::kDpopType) << typ;
  }
  EXPECT_EQ(header_reason(R"({"alg":"ES256","jwk":)" + ec_.jwk() + "}"), Reason::kDpopType);
}

TEST_F(DpopProofTest, SymmetricUnknownAndNoAlgorithmsAreRefused) {
  for (const std::string_view alg :
       {"none", "None", "NONE", "HS256", "HS512", "es256", " ES256", "ES256K", "PS256", ""}) {
    EXPECT_EQ(header_reason(proof_header(alg, ec_.jwk())), Reason::kDpopAlgorithm) << alg;
  }
  EXPECT_EQ(header_reason(R"({"typ":"dpop+jwt","jwk":)" + ec_.jwk() + "}"), Reason::kDpopAlgorithm);
  EXPECT_EQ(header_reason(R"({"typ":"dpop+jwt","alg":null,"jwk":)" + ec_.jwk() + "}"), Reason::kDpopAlgorithm);
  algorithms_ = {Algorithm::kEdDsa};
  EXPECT_EQ(header_reason(proof_header(ec_)), Reason::kDpopAlgorithm);
  algorithms_ = {};
  EXPECT_EQ(header_reason(proof_header(ec_)), Reason::kUsageArgument);
  algorithms_ = {Algorithm::kEs256, Algorithm::kHs256};
  EXPECT_EQ(header_reason(proof_header(ec_)), Reason::kUsageArgument);
}

TEST_F(DpopProofTest, TheKeyServesTheAlgorithmThatTheHeaderNames) {
  for (const AlgorithmName& known : kAlgorithmNames) {
    if (!is_symmetric(known.algorithm)) algorithms_.add(known.algorithm);
  }
  const SigningKey& rsa = Keys::get().rsa;
  for (const std::string alg : {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}) {
    const std::string header = base64url(proof_header(alg, rsa.jwk())) + "." + base64url(ProofClaims{}.json());
    const Result<DpopProof> verified =
        verify_dpop_proof(header + "." + base64url(rsa.sign_as(alg, header)), algorithms_, scratch_);
    ASSERT_EQ(verified.reason(), Reason::kOk) << alg;
    EXPECT_EQ(algorithm_name(verified->algorithm), alg);
    // The key may name its algorithm, and then serves that one alone.
    const std::string named = with_member(rsa.jwk(), R"("alg":"RS384")");
    EXPECT_EQ(header_reason(proof_header(alg, named)), alg == "RS384" ? Reason::kDpopSignature : Reason::kDpopKey);
  }
  for (const std::string alg : {"ES384", "ES512", "ES256K", "Ed448"}) {
    const SigningKey key = SigningKey::of(alg);
    EXPECT_EQ(reason(token(proof_header(alg, key.jwk()), ProofClaims{}.json(), key)), Reason::kOk) << alg;
    EXPECT_EQ(header_reason(proof_header("ES256", key.jwk())), Reason::kDpopKey) << alg;
  }
  // RFC 8037 §3.1: EdDSA leaves the curve to the key, which the policy must still allow.
  const SigningKey ed448 = SigningKey::of("Ed448");
  const std::string proof = token(proof_header("EdDSA", ed448.jwk()), ProofClaims{}.json(), ed448);
  EXPECT_EQ(reason(proof), Reason::kOk);
  algorithms_ = {Algorithm::kEdDsa};
  EXPECT_EQ(reason(proof), Reason::kDpopKey);  // remembered
  DpopScratch other;
  EXPECT_EQ(verify_dpop_proof(proof, algorithms_, other).reason(), Reason::kDpopKey);
}

TEST_F(DpopProofTest, ARememberedKeyDoesNotWidenThePolicy) {
  const std::string proof = token(proof_header(ec_), ProofClaims{}.json(), ec_);
  ASSERT_EQ(reason(proof), Reason::kOk);
  algorithms_ = {Algorithm::kEdDsa};
  EXPECT_EQ(reason(proof), Reason::kDpopAlgorithm);
}

TEST_F(DpopProofTest, TheKeyIsOnePublicKeyInTheHeader) {
  const std::string jwk = ec_.jwk();
  const std::string bad[] = {
      "null",
      "1",
      R"("x")",
      "[]",
      "{}",
      "[" + jwk + "]",
      R"({"kid":"a"})",
      R"({"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})",
      with_member(jwk, R"("d":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")"),
      with_member(jwk, R"("k":"AA")"),
      with_member(jwk, R"("use":"enc")"),
      with_member(jwk, R"("key_ops":["sign"])"),
      with_member(jwk, R"("alg":"ES384")"),
      with_member(jwk, R"("alg":"EdDSA")"),
      Keys::get().ed.jwk(),  // of another type than alg says
      Keys::get().rsa.jwk(),
      R"({"kty":"EC","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})",
  };
  for (const std::string& key : bad) EXPECT_EQ(header_reason(proof_header("ES256", key)), Reason::kDpopKey) << key;
  EXPECT_EQ(header_reason(R"({"typ":"dpop+jwt","alg":"ES256"})"), Reason::kDpopKey);
  EXPECT_EQ(header_reason(R"({"typ":"dpop+jwt","alg":"ES256","kid":"a"})"), Reason::kDpopKey);
  EXPECT_EQ(header_reason(proof_header("RS256", SigningKey::rsa(1024).jwk())), Reason::kDpopKey);
  // What does not matter does not hurt.
  EXPECT_EQ(header_reason(proof_header("ES256", with_member(jwk, R"("use":"sig","key_ops":["verify"],"kid":"a")"))),
            Reason::kOk);
  EXPECT_EQ(header_reason(with_member(proof_header(ec_), R"("kid":"a","jku":"https://evil.example/","x5c":["AA"])")),
            Reason::kOk);
}

TEST_F(DpopProofTest, AnotherKeyThanTheOneShownDidNotSignIt) {
  const SigningKey other = SigningKey::p256();
  EXPECT_EQ(reason(token(proof_header(ec_), ProofClaims{}.json(), other)), Reason::kDpopSignature);
  // Neither before nor after the key was remembered.
  ASSERT_EQ(reason(token(proof_header(ec_), ProofClaims{}.json(), ec_)), Reason::kOk);
  EXPECT_EQ(reason(token(proof_header(ec_), ProofClaims{}.json(), other)), Reason::kDpopSignature);
  for (const std::size_t size : {std::size_t{1}, std::size_t{63}, std::size_t{64}, std::size_t{65}, std::size_t{128}}) {
    EXPECT_EQ(reason(token_with_signature(proof_header(ec_), ProofClaims{}.json(), std::string(size, '\0'))),
              Reason::kDpopSignature);
  }
}

TEST_F(DpopProofTest, ClaimsAreCompleteAndOfTheirType) {
  const auto changed = [](std::string ProofClaims::* claim, std::string_view value) {
    ProofClaims claims;
    claims.*claim = value;
    return claims;
  };
  for (const auto claim : {&ProofClaims::jti, &ProofClaims::htm, &ProofClaims::htu}) {
    for (const std::string_view value : {R"("")", "1", "null", "true", R"(["a"])", "{}"}) {
      EXPECT_EQ(claims_reason(changed(claim, value)), Reason::kDpopClaims) << value;
    }
  }
  for (const std::string_view value :
       {R"("1700000000")", "null", "-1", "9007199254740992", "1e999", "18446744073709551616", "[1700000000]"}) {
    const Reason refused = claims_reason(changed(&ProofClaims::iat, value));
    EXPECT_TRUE(refused == Reason::kDpopClaims || refused == Reason::kDpopMalformed) << value;
    EXPECT_NE(refused, Reason::kOk) << value;
  }
  for (const std::string_view more :
       {R"(,"nonce":1)", R"(,"nonce":null)", R"(,"ath":1)", R"(,"ath":["a"])", R"(,"exp":"1")", R"(,"nbf":null)"}) {
    EXPECT_EQ(claims_reason(changed(&ProofClaims::more, more)), Reason::kDpopClaims) << more;
  }
  for (const std::string_view name : {"jti", "htm", "htu", "iat"}) {
    std::string json = ProofClaims{}.json();
    json[json.find(name) + 1] = '_';
    EXPECT_EQ(reason(token(proof_header(ec_), json, ec_)), Reason::kDpopClaims) << name;
  }
}

TEST_F(DpopProofTest, TheIdIsBounded) {
  const auto with_id = [](std::size_t size) {
    ProofClaims claims;
    claims.jti = "\"" + std::string(size, 'a') + "\"";
    return claims;
  };
  EXPECT_EQ(claims_reason(with_id(256)), Reason::kOk);
  EXPECT_EQ(claims_reason(with_id(257)), Reason::kDpopClaims);
  EXPECT_EQ(claims_reason(with_id(10240)), Reason::kDpopMalformed);  // the proof as a whole is too long
}

TEST_F(DpopProofTest, KeysAreRememberedByEveryByteOfTheirHeader) {
  std::vector<SigningKey> keys;
  for (int i = 0; i < 5; ++i) keys.push_back(SigningKey::p256());
  DpopScratch few({}, 2);
  for (int round = 0; round < 3; ++round) {
    for (const SigningKey& key : keys) {
      const Result<DpopProof> proof =
          verify_dpop_proof(token(proof_header(key), ProofClaims{}.json(), key), algorithms_, few);
      ASSERT_EQ(proof.reason(), Reason::kOk);
      const std::string thumbprint(proof->key_thumbprint);
      const Result<DpopProof> again =
          verify_dpop_proof(token(proof_header(key), ProofClaims{}.json(), key), algorithms_, few);
      ASSERT_EQ(again.reason(), Reason::kOk);
      EXPECT_EQ(again->key_thumbprint, thumbprint);
      // The same key under a header that may not be: nothing of it is taken over.
      const std::string hidden = proof_header("ES256", with_member(key.jwk(), R"("d":"AA")"));
      EXPECT_EQ(verify_dpop_proof(token(hidden, ProofClaims{}.json(), key), algorithms_, few).reason(),
                Reason::kDpopKey);
    }
  }
  DpopScratch none({}, 0);
  EXPECT_EQ(verify_dpop_proof(kRfcTokenProof, algorithms_, none).reason(), Reason::kOk);
  EXPECT_EQ(verify_dpop_proof(kRfcTokenProof, algorithms_, none).reason(), Reason::kOk);
}

TEST_F(DpopProofTest, AScratchThatWasMovedFromHasNoMemory) {
  DpopScratch moved = std::move(scratch_);
  EXPECT_EQ(verify_dpop_proof(kRfcTokenProof, algorithms_, moved).reason(), Reason::kOk);
  // NOLINTNEXTLINE(bugprone-use-after-move)
  EXPECT_EQ(verify_dpop_proof(kRfcTokenProof, algorithms_, scratch_).reason(), Reason::kNoMemory);
}

}  // namespace
}  // namespace ostiary::test
