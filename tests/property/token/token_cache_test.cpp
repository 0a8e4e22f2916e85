// With a cache or without, every verdict is the same: random tokens, times, policies, keys and revocations.
#include "unit/token/fixture.hpp"

#include <ostiary/token/token_verifier.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

namespace ostiary::test {
namespace {

using Verifier = std::shared_ptr<const TokenVerifier>;

class TokenCacheProperty : public ::testing::Test {
 protected:
  std::uint32_t below(std::uint32_t end) { return static_cast<std::uint32_t>(random_() % end); }
  template <typename T>
  const T& any_of(const std::vector<T>& all) {
    return all[below(static_cast<std::uint32_t>(all.size()))];
  }

  std::string date_member(const char* name) {
    return below(2) == 0 ? "" : ",\"" + std::string(name) + "\":" + std::to_string(kNow - 30 + below(40));
  }

  std::string random_token() {
    std::string payload = R"("exp":)" + std::to_string(kNow + below(60)) + R"(,"aud":")" + any_of(audiences_) + "\"";
    payload += date_member("nbf") + date_member("iat");
    payload += R"(,"sub":"u)" + std::to_string(below(3)) + R"(","jti":"t)" + std::to_string(below(20)) + "\"";
    if (below(4) == 0) payload += R"(,"groups":[")" + std::string(below(4000), 'g') + R"(","h"])";
    // Another key under the same kid; a key that comes and goes.
    const SigningKey& key = below(4) == 0 ? other_ : Keys::get().rsa;
    return token(R"({"alg":"RS256","kid":"rsa"})", payload_with(payload), key);
  }

  IssuerSettings random_settings() {
    IssuerSettings made{.issuer = std::string(kIssuer), .audiences = {audiences_[0]}, .algorithms = kEveryAlgorithm};
    if (below(2) == 0) made.audiences.push_back(audiences_[1]);
    made.clock_skew_s = below(3) * 5;
    made.age_max_s = below(3) == 0 ? 20 : 0;
    return made;
  }

  std::shared_ptr<const KeySet> random_keys() {
    const std::string rsa = (below(4) == 0 ? other_ : Keys::get().rsa).jwk(R"("kid":"rsa",)");
    const std::string ec = Keys::get().ec.jwk(R"("kid":"ec",)");
    switch (below(8)) {
      case 0: return nullptr;
      case 1: return import_keys(jwks({ec}));
      case 2: return import_keys(jwks({ec, rsa}));
      default: return import_keys(jwks({rsa}));
    }
  }

  std::shared_ptr<const RevocationList> random_list() {
    if (below(2) == 0) return nullptr;
    const std::string start = R"({"revoked":[{"iss":")" + std::string(kIssuer) + "\",";
    const std::string subject = R"("sub":"u)" + std::to_string(below(3)) + "\"";
    switch (below(4)) {
      case 0: return *RevocationList::from_json(start + subject + "}]}");
      case 1:
        return *RevocationList::from_json(start + subject + R"(,"issued_before":)" + std::to_string(kNow - below(30)) +
                                          "}]}");
      case 2: return *RevocationList::from_json(start + R"("kid":"ec"}]})");
      default: return *RevocationList::from_json(start + R"("jti":"t)" + std::to_string(below(20)) + "\"}]}");
    }
  }

  /// The verifier after one random change.
  Verifier changed(const Verifier& verifier) {
    switch (below(4)) {
      case 0: return *verifier->with_revocation(random_list());
      case 1: return *verifier->with_keys(kIssuer, random_keys());
      case 2: return *(*TokenVerifier::make({random_settings()}))->with_keys(kIssuer, random_keys());
      default: return *(*verifier->with_revocation(nullptr))->with_keys(kIssuer, every_key());
    }
  }

  std::mt19937 random_{20261124};
  const std::vector<std::string> audiences_{"a", "b"};
  const SigningKey other_ = SigningKey::rsa();
};

TEST_F(TokenCacheProperty, ChangesNoVerdict) {
  std::vector<std::string> tokens;
  for (int i = 0; i < 24; ++i) tokens.push_back(random_token());
  const std::unique_ptr<TokenCache> cache =
      std::move(TokenCache::make({.memory_size = 300'000, .key = "0123456789abcdef"})).value();
  std::vector<Verifier> verifiers{*(*TokenVerifier::make({random_settings()}))->with_keys(kIssuer, every_key())};
  for (int i = 0; i < 6; ++i) verifiers.push_back(changed(any_of(verifiers)));
  VerifyScratch with_cache;
  VerifyScratch without_cache;
  std::size_t hit_reasons[3] = {};
  for (int round = 0; round < 30'000; ++round) {
    if (below(400) == 0) verifiers[below(7)] = changed(any_of(verifiers));
    const Verifier& verifier = any_of(verifiers);
    const std::string& text = any_of(tokens);
    const TokenFacts facts{.now_s = kNow - 20 + below(80)};
    const TokenCacheStatistics before = cache->statistics();
    const Result<Identity> answer = verifier->verify(text, facts, with_cache, cache.get());
    const TokenCacheStatistics after = cache->statistics();
    const Result<Identity> expected = verifier->verify(text, facts, without_cache);
    ASSERT_EQ(answer.error(), expected.error()) << round;
    ASSERT_EQ(answer->image(), expected->image()) << round;
    ASSERT_EQ(with_cache.payload(), without_cache.payload()) << round;
    hit_reasons[0] += after.hits > before.hits && answer ? 1U : 0U;
    hit_reasons[1] += after.hits > before.hits && !answer ? 1U : 0U;
    hit_reasons[2] += after.expired > before.expired ? 1U : 0U;
  }
  // The cache had its part in it.
  EXPECT_GT(hit_reasons[0], 500U);
  EXPECT_GT(hit_reasons[1], 20U);
  EXPECT_GT(hit_reasons[2], 50U);
  EXPECT_GT(cache->statistics().evictions, 20U);
}

}  // namespace
}  // namespace ostiary::test
