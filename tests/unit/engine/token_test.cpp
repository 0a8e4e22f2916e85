// What the engine adds to deciding: keys and revocations that change, a cache, and senders who must be the right ones.
#include "support/dpop.hpp"
#include "support/signing_key.hpp"

#include <ostiary/engine.hpp>
#include <ostiary/policy/compile.hpp>

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary {
namespace {

using test::base64url;
using test::SigningKey;

constexpr std::int64_t kNow = 1'700'000'000;

constexpr std::string_view kGate = R"({
  "gate": 1, "name": "g",
  "issuers": {"idp": {"issuer": "https://id.example", "audiences": ["api"], "algorithms": ["EdDSA"]}},
  "origins": {"o": {"scheme": "https", "host": "o.example", "port": 443}},
  "routes": [{"id": "items", "hosts": ["api.example"], "methods": ["GET"], "path": "/items", "origin": "o"}],
  "rules": [{"id": "anyone-known", "effect": "allow", "routes": ["items"], "identity": {}}]
})";

std::string sha256(std::string_view bytes) {
  std::string digest(32, '\0');
  std::size_t size = 0;
  EXPECT_EQ(EVP_Q_digest(nullptr, "SHA256", nullptr, bytes.data(), bytes.size(),
                         reinterpret_cast<unsigned char*>(digest.data()), &size),
            1);
  return digest;
}

/// RFC 7638 for an EC key of the tests.
std::string thumbprint_of(const SigningKey& key) {
  return base64url(
      sha256(R"({"crv":"P-256","kty":"EC","x":")" + base64url(key.x()) + R"(","y":")" + base64url(key.y()) + "\"}"));
}

class EngineTokens : public ::testing::Test {
 protected:
  [[nodiscard]] std::shared_ptr<const KeySet> keys_of(const SigningKey& key) const {
    return KeySet::from_jwks(test::jwks({key.jwk(R"("kid":"a",)")})).value();
  }
  [[nodiscard]] std::shared_ptr<const Engine> engine(EngineOptions options = {}) const {
    const CompiledGate gate = compile_gate(kGate);
    EXPECT_TRUE(gate.ok());
    return Engine::make(gate.image, {{"idp", keys_of(key_)}}, std::move(options)).value();
  }
  [[nodiscard]] std::string token(std::string_view more = "") const {
    return test::token(
        R"({"alg":"EdDSA","kid":"a"})",
        R"({"iss":"https://id.example","aud":"api","exp":1700000600,"sub":"ada","jti":"t1")" + std::string(more) + "}",
        key_);
  }
  Reason decide(const Engine& engine, std::string_view credential, std::string_view fields = "",
                Facts facts = {.now_s = kNow, .peer = {}, .scheme = Scheme::kHttps}) {
    const std::string head = "GET /items HTTP/1.1\r\nHost: api.example\r\nAuthorization: " + std::string(credential) +
                             "\r\n" + std::string(fields) + "\r\n";
    const Decision decision = engine.decide_bytes(head, facts, scratch_);
    EXPECT_EQ(decision.allowed(), decision.reason == Reason::kAllowed);
    return decision.reason;
  }
  [[nodiscard]] std::string proof_for(std::string_view access_token, std::string_view id = "\"p1\"") const {
    test::ProofClaims claims;
    claims.jti = id;
    claims.more = R"(,"ath":")" + base64url(sha256(access_token)) + "\"";
    return test::token(test::proof_header(sender_), claims.json(), sender_);
  }
  [[nodiscard]] std::string bound_token() const { return token(R"(,"cnf":{"jkt":")" + thumbprint_of(sender_) + "\"}"); }

  SigningKey key_ = SigningKey::ed25519();
  SigningKey sender_ = SigningKey::p256();
  RequestScratch scratch_;
};

TEST_F(EngineTokens, RotationAndRevocationMakeAnotherEngine) {
  TokenCacheOptions options;
  options.key = "0123456789abcdef";
  const std::shared_ptr<TokenCache> cache = TokenCache::make(options).value();
  const auto first = engine({.cache = cache});
  const std::string bearer = "Bearer " + token();
  for (int i = 0; i < 4; ++i) EXPECT_EQ(decide(*first, bearer), Reason::kAllowed);
  EXPECT_GT(cache->statistics().hits, 0U);

  const auto other_key = first->with_keys({{"idp", keys_of(SigningKey::ed25519())}}).value();
  EXPECT_EQ(decide(*other_key, bearer), Reason::kTokenSignature);
  EXPECT_EQ(decide(*first, bearer), Reason::kAllowed);

  const auto list = RevocationList::from_json(R"({"revoked":[{"iss":"https://id.example","jti":"t1"}]})").value();
  const auto revoked = first->with_revocation(list).value();
  EXPECT_EQ(decide(*revoked, bearer), Reason::kTokenRevoked);
  EXPECT_EQ(decide(*revoked->with_revocation(nullptr).value(), bearer), Reason::kAllowed);
  EXPECT_EQ(first->with_keys({{"other", keys_of(key_)}}).reason(), Reason::kUsageIssuerUnknown);
}

TEST_F(EngineTokens, ATokenBoundToAKeyNeedsAProof) {
  std::vector<std::byte> memory(ReplayMemory::size_for(16));
  std::array<std::byte, ReplayMemory::kSecretSize> secret{};
  ReplayMemory replay(memory, secret);
  const auto door = engine({.dpop = {.algorithms = {Algorithm::kEs256}, .replay = &replay}});
  const std::string bound = bound_token();
  const std::string proof = "DPoP: " + proof_for(bound) + "\r\n";
  EXPECT_EQ(decide(*door, "DPoP " + bound, proof), Reason::kAllowed);
  EXPECT_EQ(decide(*door, "DPoP " + bound, proof), Reason::kDpopReplay);
  EXPECT_EQ(decide(*door, "DPoP " + bound), Reason::kDpopMissing);
  EXPECT_EQ(decide(*door, "Bearer " + bound, proof), Reason::kDpopScheme);
  EXPECT_EQ(decide(*door, "DPoP " + token(), proof), Reason::kDpopUnbound);
  EXPECT_EQ(decide(*door, "Bearer " + token()), Reason::kAllowed);
  // Behind a proxy that ends TLS and renames the host, the host says how the client came.
  const std::string elsewhere = "DPoP: " + proof_for(bound, "\"p2\"") + "\r\n";
  EXPECT_EQ(decide(*door, "DPoP " + bound, elsewhere, {.now_s = kNow, .peer = {}, .scheme = Scheme::kHttp}),
            Reason::kDpopUri);
  EXPECT_EQ(decide(*door, "DPoP " + bound, elsewhere,
                   {.now_s = kNow, .peer = {}, .scheme = Scheme::kHttps, .authority = "api.example"}),
            Reason::kAllowed);
}

TEST_F(EngineTokens, TheSenderIsAskedOnEveryHitOfTheCache) {
  std::vector<std::byte> memory(ReplayMemory::size_for(16));
  std::array<std::byte, ReplayMemory::kSecretSize> secret{};
  ReplayMemory replay(memory, secret);
  TokenCacheOptions options;
  options.key = "0123456789abcdef";
  const std::shared_ptr<TokenCache> cache = TokenCache::make(options).value();
  const auto door = engine({.cache = cache, .dpop = {.algorithms = {Algorithm::kEs256}, .replay = &replay}});
  const std::string bound = bound_token();
  for (int i = 0; i < 4; ++i) {
    const std::string proof = "DPoP: " + proof_for(bound, "\"n" + std::to_string(i) + "\"") + "\r\n";
    EXPECT_EQ(decide(*door, "DPoP " + bound, proof), Reason::kAllowed);
    EXPECT_EQ(decide(*door, "Bearer " + bound, proof), Reason::kDpopScheme);
    EXPECT_EQ(decide(*door, "DPoP " + bound, proof), Reason::kDpopReplay);
  }
  EXPECT_GT(cache->statistics().hits, 0U);
}

TEST_F(EngineTokens, WithoutADpopPolicyBoundTokensAreRefused) {
  const auto door = engine();
  const std::string bound = bound_token();
  EXPECT_EQ(decide(*door, "DPoP " + bound, "DPoP: " + proof_for(bound) + "\r\n"), Reason::kConfirmationUnknown);
  EXPECT_EQ(decide(*door, "Bearer " + bound), Reason::kConfirmationUnknown);
  EXPECT_EQ(decide(*door, "Bearer " + token(R"(,"cnf":{"other":"x"})")), Reason::kConfirmationUnknown);
}

TEST_F(EngineTokens, ATokenBoundToACertificateNeedsIt) {
  const auto door = engine();
  const std::string hash = sha256("a certificate");
  const std::string bearer = "Bearer " + token(R"(,"cnf":{"x5t#S256":")" + base64url(hash) + "\"}");
  const auto with = [&](std::string_view certificate) {
    return decide(*door, bearer, "", {.now_s = kNow, .peer = {}, .certificate_sha256 = certificate});
  };
  EXPECT_EQ(with(hash), Reason::kAllowed);
  EXPECT_EQ(with({}), Reason::kCertificateMissing);
  EXPECT_EQ(with(sha256("another")), Reason::kCertificateBinding);
}

}  // namespace
}  // namespace ostiary
