// The verify path takes no memory of its own.
#include "adapt/json.hpp"
#include "support/count_allocations.hpp"
#include "token/jwk.hpp"
#include "unit/token/fixture.hpp"

#include <ostiary/token/token_verifier.hpp>

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>

namespace ostiary::test {
namespace {

TEST(TokenAllocation, TheCounterCounts) {
  const AllocationCounter counter;
  const std::string text(100, 'x');
  EXPECT_EQ(counter.count(), 1U);
}

// OpenSSL takes its memory from malloc, never from operator new: what is counted here is ours alone.
TEST(TokenAllocation, VerifyingAllocatesNothing) {
  const auto keys = every_key();
  const std::array<std::string, 6> tokens{
      token(R"({"alg":"RS256","kid":"rsa"})", kPayload, Keys::get().rsa),
      token(R"({"alg":"ES256","kid":"ec"})", kPayload, Keys::get().ec),
      token(R"({"alg":"EdDSA","kid":"ed"})", kPayload, Keys::get().ed),
      token_with_signature(kHeader, kPayload, std::string(64, '\0')),
      token(kHeader, R"({"iss":1,"iss":2})", Keys::get().ed),
      "garbage",
  };
  VerifyScratch scratch;
  const std::array<TrustedIssuer, 1> issuers{{{policy(), keys.get()}}};
  std::size_t verified = 0;
  const AllocationCounter counter;
  for (const std::string& text : tokens) {
    const Result<Identity> identity = verify_token(text, issuers, {.now_s = kNow}, scratch);
    verified += identity.ok() ? 1U : 0U;
    const Result<VerifiedJws> jws = verify_jws(text, *keys, kEveryAlgorithm, scratch);
    verified += jws.ok() ? 1U : 0U;
  }
  EXPECT_EQ(counter.count(), 0U);
  EXPECT_EQ(verified, 7U);  // the payload with a duplicate is no business of verify_jws
}

TEST(TokenAllocation, TheCacheAllocatesNothingOnAMissAnAdmissionAHitAndAnExpiry) {
  const auto made = TokenVerifier::make(
      {{.issuer = std::string(kIssuer), .audiences = {std::string(kAudiences[0])}, .algorithms = kEveryAlgorithm}});
  const auto verifier = *(*made)->with_keys(kIssuer, every_key());
  const auto list = RevocationList::from_json(R"({"revoked":[{"iss":"https://issuer.example","sub":"eve"}]})");
  const auto revoking = *verifier->with_revocation(*list);
  const auto cache = std::move(TokenCache::make({.memory_size = 100'000, .key = "0123456789abcdef"})).value();
  const std::string text = token(kHeader, kPayload, Keys::get().ed);
  VerifyScratch scratch;
  std::size_t verified = 0;
  std::size_t expired = 0;
  const AllocationCounter counter;
  for (int i = 0; i < 4; ++i) {
    for (const auto& one : {verifier, revoking}) {
      verified += one->verify(text, {.now_s = kNow}, scratch, cache.get()).ok() ? 1U : 0U;
    }
  }
  for (const auto& one : {verifier, revoking}) {
    expired += one->verify(text, {.now_s = kNow + 600}, scratch, cache.get()).reason() == Reason::kTokenExpired;
  }
  cache->clear();
  const TokenCacheStatistics counts = cache->statistics();
  EXPECT_EQ(counter.count(), 0U);
  EXPECT_EQ(verified, 8U);
  EXPECT_EQ(expired, 2U);
  EXPECT_EQ(counts.misses, 3U);
  EXPECT_EQ(counts.admissions, 2U);
  EXPECT_EQ(counts.hits, 5U);
  EXPECT_EQ(counts.expired, 2U);
}

// A DPoP proof brings its key along, so this stands on the path of a request.
TEST(TokenAllocation, ImportingAJwkTakesNoMemoryOfOurs) {
  adapt::JsonReader reader({.size_max = 8192, .depth_max = 8, .values_max = 64, .preallocate = true});
  const std::array<std::string, 4> keys{Keys::get().rsa.jwk(), Keys::get().ec.jwk(R"("alg":"ES256","kid":"a",)"),
                                        Keys::get().ed.jwk(), R"({"kty":"EC","crv":"P-256","x":"AA","y":"AA"})"};
  const Limits limits;
  std::size_t imported = 0;
  const AllocationCounter counter;
  for (const std::string& key : keys) {
    const adapt::JsonResult parsed = reader.read(key);
    imported += import_jwk(parsed.values, 0, limits).ok() ? 1U : 0U;
  }
  EXPECT_EQ(counter.count(), 0U);
  EXPECT_EQ(imported, 3U);
}

}  // namespace
}  // namespace ostiary::test
