// Policies, keys, revocation and the cache together: what the cache answers is what verification would.
#include "token/token_cache_parts.hpp"
#include "unit/token/fixture.hpp"

#include <ostiary/token/token_verifier.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace ostiary::test {
namespace {

using Verifier = std::shared_ptr<const TokenVerifier>;

IssuerSettings settings() {
  return {.issuer = std::string(kIssuer),
          .audiences = {kAudiences.begin(), kAudiences.end()},
          .algorithms = kEveryAlgorithm};
}

Verifier verifier_of(const IssuerSettings& issuer, std::shared_ptr<const KeySet> keys = every_key()) {
  const auto made = TokenVerifier::make({issuer});
  EXPECT_EQ(made.reason(), Reason::kOk);
  return *(*made)->with_keys(kIssuer, std::move(keys));
}

/// kPayload with these dates, relative to kNow.
std::string payload_in_time(std::int64_t expires_s, std::string_view more = "") {
  return payload_with(R"("aud":"other","sub":"alice","exp":)" + std::to_string(kNow + expires_s) + std::string(more));
}

std::string date(std::string_view name, std::int64_t from_now_s) {
  return ",\"" + std::string(name) + "\":" + std::to_string(kNow + from_now_s);
}

class TokenVerifierTest : public ::testing::Test {
 protected:
  TokenVerifierTest() {
    auto made = TokenCache::make({.memory_size = 1024 * 1024, .key = "a key of 16 bytes"});
    EXPECT_TRUE(made);
    cache_ = std::move(made).value();
  }

  /// The verdict with the cache. It must be the one without.
  Result<Identity> verify(std::string_view token) {
    const TokenFacts facts{.now_s = now_};
    const Result<Identity> plain = verifier_->verify(token, facts, other_scratch_);
    const Result<Identity> answer = verifier_->verify(token, facts, scratch_, cache_.get());
    EXPECT_EQ(answer.error(), plain.error());
    EXPECT_EQ(answer->image(), plain->image());
    EXPECT_EQ(scratch_.payload(), other_scratch_.payload());
    return answer;
  }
  Reason reason(std::string_view token) { return verify(token).reason(); }

  std::uint64_t hits() const { return cache_->statistics().hits; }

  /// Brings the token into the cache.
  void warm(std::string_view token) {
    for (int i = 0; i < 2; ++i) ASSERT_EQ(reason(token), Reason::kOk);
    const std::uint64_t before = hits();
    ASSERT_EQ(reason(token), Reason::kOk);
    ASSERT_EQ(hits(), before + 1);
  }

  Verifier verifier_ = verifier_of(settings());
  std::int64_t now_ = kNow;
  std::unique_ptr<TokenCache> cache_;
  VerifyScratch scratch_;
  VerifyScratch other_scratch_;
  const std::string token_ = token(kHeader, kPayload, Keys::get().ed);
};

TEST_F(TokenVerifierTest, AnswersFromTheCacheFromTheThirdTimeOn) {
  for (int i = 0; i < 5; ++i) {
    const Result<Identity> identity = verify(token_);
    ASSERT_TRUE(identity);
    EXPECT_EQ(identity->text_claim("sub"), "alice");
    EXPECT_TRUE(Identity::load(identity->image()));
    EXPECT_EQ(scratch_.payload(), kPayload);
  }
  const TokenCacheStatistics counts = cache_->statistics();
  EXPECT_EQ(counts.misses, 2U);
  EXPECT_EQ(counts.admissions, 1U);
  EXPECT_EQ(counts.hits, 3U);
}

TEST_F(TokenVerifierTest, AnAnswerOutlivesTheCache) {
  warm(token_);
  const Result<Identity> identity = verifier_->verify(token_, {.now_s = kNow}, scratch_, cache_.get());
  cache_.reset();
  EXPECT_EQ(identity->text_claim("sub"), "alice");
  EXPECT_EQ(scratch_.payload(), kPayload);
}

TEST_F(TokenVerifierTest, OneTokenUnderTwoPoliciesIsTwoQuestions) {
  warm(token_);
  IssuerSettings elsewhere = settings();
  elsewhere.audiences = {"https://elsewhere.example"};
  verifier_ = verifier_of(elsewhere);
  EXPECT_EQ(reason(token_), Reason::kTokenAudience);
  elsewhere.audiences.emplace_back(kAudiences[0]);
  verifier_ = verifier_of(elsewhere);
  warm(token_);
  verifier_ = verifier_of(settings());
  EXPECT_EQ(reason(token_), Reason::kOk);
}

TEST_F(TokenVerifierTest, ATokenInTheCacheExpiresToTheSecond) {
  IssuerSettings lenient = settings();
  lenient.clock_skew_s = 60;
  verifier_ = verifier_of(lenient);
  warm(token_);
  now_ = kNow + 600 + 59;
  EXPECT_EQ(reason(token_), Reason::kOk);
  EXPECT_EQ(hits(), 2U);
  now_ = kNow + 600 + 60;
  EXPECT_EQ(reason(token_), Reason::kTokenExpired);
  EXPECT_EQ(cache_->statistics().expired, 1U);
  EXPECT_EQ(reason(token_), Reason::kTokenExpired);
  EXPECT_EQ(cache_->statistics().expired, 1U);
}

TEST_F(TokenVerifierTest, ATokenWithoutIssueDateExpiresToo) {
  const std::string undated = token(kHeader, payload_in_time(2), Keys::get().ed);
  warm(undated);
  now_ = kNow + 2;
  EXPECT_EQ(reason(undated), Reason::kTokenExpired);
}

TEST_F(TokenVerifierTest, WhenTheClockGoesBackATokenIsNotYetValid) {
  const std::string dated = token(kHeader, payload_in_time(600, date("nbf", -10)), Keys::get().ed);
  warm(dated);
  now_ = kNow - 10;
  EXPECT_EQ(reason(dated), Reason::kOk);
  now_ = kNow - 11;
  EXPECT_EQ(reason(dated), Reason::kTokenNotYetValid);
  now_ = kNow;
  EXPECT_EQ(reason(dated), Reason::kOk);
  EXPECT_EQ(cache_->statistics().misses, 2U);
}

TEST_F(TokenVerifierTest, AnotherSkewIsAnotherPolicy) {
  IssuerSettings lenient = settings();
  lenient.clock_skew_s = 30;
  verifier_ = verifier_of(lenient);
  const std::string early = token(kHeader, payload_in_time(600, date("nbf", 20)), Keys::get().ed);
  const std::string late = token(kHeader, payload_in_time(-20), Keys::get().ed);
  warm(early);
  warm(late);
  verifier_ = verifier_of(settings());
  EXPECT_EQ(reason(early), Reason::kTokenNotYetValid);
  EXPECT_EQ(reason(late), Reason::kTokenExpired);
}

TEST_F(TokenVerifierTest, ATokenInTheCacheGrowsTooOld) {
  IssuerSettings young = settings();
  young.age_max_s = 100;
  young.clock_skew_s = 5;
  verifier_ = verifier_of(young);
  warm(token_);
  now_ = kNow + 105;
  EXPECT_EQ(reason(token_), Reason::kOk);
  now_ = kNow + 106;
  EXPECT_EQ(reason(token_), Reason::kTokenTooOld);
  EXPECT_EQ(cache_->statistics().expired, 1U);
}

TEST_F(TokenVerifierTest, ARemovedKeyTakesItsTokensAlong) {
  warm(token_);
  verifier_ = *verifier_->with_keys(kIssuer, import_keys(jwks({Keys::get().rsa.jwk(R"("kid":"rsa",)")})));
  EXPECT_EQ(reason(token_), Reason::kTokenKeyUnknown);
  verifier_ = *verifier_->with_keys(kIssuer, nullptr);
  EXPECT_EQ(reason(token_), Reason::kTokenIssuerKeys);
}

TEST_F(TokenVerifierTest, ANewKeyUnderAnOldKidTakesTheTokensOfTheOldOneAlong) {
  warm(token_);
  const SigningKey fresh = SigningKey::ed25519();
  verifier_ = *verifier_->with_keys(kIssuer, import_keys(jwks({fresh.jwk(R"("kid":"ed",)")})));
  EXPECT_EQ(reason(token_), Reason::kTokenSignature);
  EXPECT_EQ(reason(token(kHeader, kPayload, fresh)), Reason::kOk);
}

TEST_F(TokenVerifierTest, TheSameKeysFetchedAgainVoidNothing) {
  const std::string json = jwks({Keys::get().ed.jwk(R"("kid":"ed",)")});
  verifier_ = verifier_of(settings(), import_keys(json));
  warm(token_);
  verifier_ = *verifier_->with_keys(kIssuer, import_keys(" " + json + "\n"));
  EXPECT_EQ(reason(token_), Reason::kOk);
  EXPECT_EQ(hits(), 2U);
}

std::shared_ptr<const RevocationList> revoked(std::string_view entry) {
  return *RevocationList::from_json(R"({"revoked":[{"iss":"https://issuer.example",)" + std::string(entry) + "}]}");
}

TEST_F(TokenVerifierTest, ARevokedTokenIsRefusedThoughItIsInTheCache) {
  const std::string full =
      token(kHeader, payload_in_time(600, R"(,"jti":"t","sid":"s")" + date("iat", -100)), Keys::get().ed);
  for (const std::string& entry :
       {std::string(R"("jti":"t")"), std::string(R"("sid":"s")"), std::string(R"("sub":"alice")"),
        std::string(R"("kid":"ed")"), R"("sub":"alice","issued_before":)" + std::to_string(kNow - 99)}) {
    verifier_ = verifier_of(settings());
    warm(full);
    verifier_ = *verifier_->with_revocation(revoked(entry));
    EXPECT_EQ(reason(full), Reason::kTokenRevoked) << entry;
    EXPECT_EQ(reason(full), Reason::kTokenRevoked) << entry;
    verifier_ = *verifier_->with_revocation(revoked(R"("jti":"another")"));
    EXPECT_EQ(reason(full), Reason::kOk) << entry;
    verifier_ = *verifier_->with_revocation(nullptr);
    EXPECT_EQ(reason(full), Reason::kOk) << entry;
  }
}

TEST_F(TokenVerifierTest, EverythingThatDecidesIsBoundTo) {
  const std::vector<std::function<void(IssuerSettings&)>> changes{
      [](IssuerSettings& s) { s.audiences.pop_back(); },
      [](IssuerSettings& s) { s.audiences = {s.audiences[0] + s.audiences[1]}; },
      [](IssuerSettings& s) { s.algorithms = {Algorithm::kEdDsa}; },
      [](IssuerSettings& s) { s.clock_skew_s = 1; },
      [](IssuerSettings& s) { s.profile = TokenProfile::kAccessToken; },
      [](IssuerSettings& s) { s.audience_claim = AudienceClaim::kClientId; },
      [](IssuerSettings& s) { s.encoding = TokenEncoding::kPaddedBase64Url; },
      [](IssuerSettings& s) { s.age_max_s = 1; },
      [](IssuerSettings& s) { s.required_claims = {{"a", "b"}}; },
      [](IssuerSettings& s) { s.required_claims = {{"ab", ""}}; },
      [](IssuerSettings& s) { s.required_header = {{"a", "b"}}; },
      [](IssuerSettings& s) { s.required_header = {{"a", "b"}, {"c", "d"}}; },
      [](IssuerSettings&) {},
  };
  std::vector<TokenBinding> bindings;
  for (const auto& change : changes) {
    IssuerSettings changed = settings();
    change(changed);
    bindings.push_back(verifier_of(changed)->binding());
  }
  Limits limits;
  limits.token_audiences_max -= 1;
  bindings.push_back((*(*TokenVerifier::make({settings()}, limits))->with_keys(kIssuer, every_key()))->binding());
  bindings.push_back((*TokenVerifier::make({settings()}))->binding());
  bindings.push_back((*verifier_->with_revocation(revoked(R"("jti":"t")")))->binding());
  bindings.push_back((*verifier_->with_revocation(*RevocationList::from_json(R"({"revoked":[]})")))->binding());
  bindings.push_back(verifier_of(settings(), import_keys(jwks({Keys::get().ed.jwk()})))->binding());
  IssuerSettings second = settings();
  second.issuer += "/2";
  bindings.push_back((*TokenVerifier::make({settings(), second}))->binding());
  bindings.push_back((*(*TokenVerifier::make({settings(), second}))->with_keys(kIssuer, every_key()))->binding());
  bindings.push_back((*(*TokenVerifier::make({settings(), second}))->with_keys(second.issuer, every_key()))->binding());
  for (std::size_t i = 0; i < bindings.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(bindings[i], bindings[j]) << i << ' ' << j;
  }
  EXPECT_EQ(verifier_->binding(), verifier_of(settings())->binding());
}

TEST_F(TokenVerifierTest, ATokenThatDiffersInOneByteIsNeverAHit) {
  warm(token_);
  const std::uint64_t before = hits();
  for (std::size_t i = 0; i < token_.size(); ++i) {
    std::string other = token_;
    other[i] = other[i] == 'A' ? 'B' : 'A';
    EXPECT_NE(reason(other), Reason::kOk) << i;
    EXPECT_NE(reason(std::string(token_).erase(i, 1)), Reason::kOk) << i;
  }
  EXPECT_EQ(hits(), before);
  EXPECT_EQ(reason(token_), Reason::kOk);
  EXPECT_EQ(hits(), before + 1);
}

TEST_F(TokenVerifierTest, WhatDoesNotVerifyLeavesNoTrace) {
  const std::string forged = token_with_signature(kHeader, kPayload, std::string(64, '\1'));
  for (int i = 0; i < 4; ++i) EXPECT_EQ(reason(forged), Reason::kTokenSignature);
  EXPECT_EQ(cache_->statistics().admissions, 0U);
  EXPECT_EQ(cache_->statistics().misses, 4U);
  // Nor does it pass for the first sight of the good token.
  now_ = kNow + 600;
  for (int i = 0; i < 4; ++i) EXPECT_EQ(reason(token_), Reason::kTokenExpired);
  now_ = kNow;
  EXPECT_EQ(reason(token_), Reason::kOk);
  EXPECT_EQ(cache_->statistics().admissions, 0U);
}

TEST_F(TokenVerifierTest, QuestionsAboutOnePresentationPassTheCacheBy) {
  IssuerSettings login = settings();
  login.profile = TokenProfile::kIdToken;
  verifier_ = verifier_of(login);
  const std::string id_token =
      token(R"({"alg":"EdDSA","kid":"ed"})", payload_in_time(600, R"(,"nonce":"n")" + date("iat", 0)), Keys::get().ed);
  warm(id_token);
  const TokenCacheStatistics before = cache_->statistics();
  const auto asked = [&](TokenFacts facts) {
    facts.now_s = kNow;
    return verifier_->verify(id_token, facts, scratch_, cache_.get()).reason();
  };
  EXPECT_EQ(asked({.nonce = "n"}), Reason::kOk);
  EXPECT_EQ(asked({.nonce = "m"}), Reason::kTokenNonce);
  EXPECT_EQ(asked({.nonce = ""}), Reason::kTokenNonce);
  EXPECT_EQ(asked({.access_token = "a"}), Reason::kTokenHash);
  EXPECT_EQ(asked({.code = "c"}), Reason::kTokenHash);
  EXPECT_EQ(cache_->statistics().hits, before.hits);
  EXPECT_EQ(cache_->statistics().misses, before.misses);
}

TEST_F(TokenVerifierTest, RefusesArgumentsThatDoNotBelongTogether) {
  warm(token_);
  const auto list = revoked(R"("jti":"t")");
  for (TokenCache* cache : {cache_.get(), static_cast<TokenCache*>(nullptr)}) {
    const auto reason = [&](const TokenFacts& facts, VerifyScratch& scratch) {
      const Result<Identity> identity = verifier_->verify(token_, facts, scratch, cache);
      EXPECT_EQ(identity->claim_count(), 0U);
      EXPECT_TRUE(scratch.payload().empty());
      return identity.reason();
    };
    EXPECT_EQ(reason({.now_s = kNow, .revoked = list.get()}, scratch_), Reason::kUsageArgument);
    EXPECT_EQ(reason({.now_s = -1}, scratch_), Reason::kUsageArgument);
    EXPECT_EQ(reason({.now_s = std::int64_t{1} << 53}, scratch_), Reason::kUsageArgument);
    Limits limits;
    limits.token_size_max -= 1;
    VerifyScratch smaller(limits);
    EXPECT_EQ(reason({.now_s = kNow}, smaller), Reason::kUsageArgument);
    VerifyScratch empty = std::move(smaller);
    EXPECT_EQ(reason({.now_s = kNow}, smaller), Reason::kNoMemory);  // NOLINT(bugprone-use-after-move): what is tested
  }
}

TEST_F(TokenVerifierTest, GarbageAndShortTextPassTheCacheUnharmed) {
  for (const std::string_view text :
       {"", "a", "..", "a.b.c", "garbage of more than thirty-two characters, and spaces"}) {
    EXPECT_NE(reason(text), Reason::kOk);
  }
  const std::string dots(8192, '.');
  EXPECT_EQ(reason(dots), Reason::kTokenSegments);
  EXPECT_EQ(reason(dots + "."), Reason::kTokenTooLong);
}

TEST_F(TokenVerifierTest, ABusyCacheCostsASignatureAndNothingElse) {
  warm(token_);
  const std::uint64_t hash = TokenCacheParts::hash(*cache_, token_);
  TokenCacheParts::hold(*cache_, hash);
  EXPECT_EQ(reason(token_), Reason::kOk);
  TokenCacheParts::release(*cache_, hash);
  EXPECT_EQ(cache_->statistics().busy, 2U);
  EXPECT_EQ(hits(), 1U);
}

TEST_F(TokenVerifierTest, ATokenLargerThanAnEntryIsVerifiedEveryTime) {
  const std::string large =
      token(kHeader, payload_in_time(600, R"(,"groups":")" + std::string(4000, 'g') + "\""), Keys::get().ed);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(reason(large), Reason::kOk);
  EXPECT_EQ(cache_->statistics().too_large, 3U);
  EXPECT_EQ(hits(), 0U);
}

TEST(TokenVerifierSettings, AreCheckedOnceAndTheWrongOneIsNamed) {
  const auto error = [](std::vector<IssuerSettings> all) {
    const auto made = TokenVerifier::make(std::move(all));
    EXPECT_EQ(*made == nullptr, !made.ok());
    return made.error();
  };
  IssuerSettings other = settings();
  other.issuer = "https://other.example";
  EXPECT_EQ(error({settings(), other}).reason, Reason::kOk);
  EXPECT_EQ(error({}), (Error{Reason::kUsageArgument, 0}));
  EXPECT_EQ(error({settings(), other, settings()}), (Error{Reason::kUsageArgument, 2}));
  const std::vector<std::function<void(IssuerSettings&)>> faults{
      [](IssuerSettings& s) { s.issuer.clear(); },
      [](IssuerSettings& s) { s.audiences.clear(); },
      [](IssuerSettings& s) { s.audiences.emplace_back(); },
      [](IssuerSettings& s) { s.algorithms = {}; },
      [](IssuerSettings& s) { s.algorithms = {Algorithm::kRs256, Algorithm::kHs256}; },
      [](IssuerSettings& s) { s.clock_skew_s = -1; },
      [](IssuerSettings& s) { s.clock_skew_s = 301; },
      [](IssuerSettings& s) { s.age_max_s = -1; },
      [](IssuerSettings& s) { s.age_max_s = std::int64_t{1} << 53; },
      [](IssuerSettings& s) { s.required_claims = {{"", "v"}}; },
      [](IssuerSettings& s) { s.required_header = {{"", "v"}}; },
      [](IssuerSettings& s) { s.profile = static_cast<TokenProfile>(9); },
      [](IssuerSettings& s) { s.audience_claim = static_cast<AudienceClaim>(9); },
      [](IssuerSettings& s) { s.encoding = static_cast<TokenEncoding>(9); },
  };
  for (std::size_t i = 0; i < faults.size(); ++i) {
    IssuerSettings bad = settings();
    faults[i](bad);
    EXPECT_EQ(error({other, bad}), (Error{Reason::kUsageArgument, 1})) << i;
  }
}

TEST(TokenVerifierSettings, KeysGoToTheirIssuerAndToTheirKind) {
  IssuerSettings symmetric = settings();
  symmetric.issuer = "https://symmetric.example";
  symmetric.algorithms = {Algorithm::kHs256};
  const Verifier verifier = *TokenVerifier::make({settings(), symmetric});
  EXPECT_EQ(verifier->with_keys("https://unknown.example", every_key()).reason(), Reason::kUsageIssuerUnknown);
  EXPECT_EQ(verifier->with_secrets("https://unknown.example", nullptr).reason(), Reason::kUsageIssuerUnknown);
  EXPECT_EQ(verifier->with_keys(symmetric.issuer, every_key()).reason(), Reason::kUsageArgument);
  EXPECT_EQ(verifier->with_secrets(kIssuer, nullptr).reason(), Reason::kUsageArgument);
  EXPECT_EQ(verifier->with_keys(kIssuer, every_key()).reason(), Reason::kOk);
  EXPECT_EQ(verifier->issuers()[0].keys, nullptr);
  EXPECT_EQ((*verifier->with_keys(kIssuer, every_key()))->issuers()[0].keys, every_key().get());
}

TEST(TokenVerifierSettings, PoliciesOutliveTheVerifierTheyCameFrom) {
  Verifier verifier = *TokenVerifier::make({settings()});
  verifier = *verifier->with_keys(kIssuer, every_key());
  const auto list = revoked(R"("jti":"t")");
  verifier = *verifier->with_revocation(list);
  EXPECT_EQ(verifier->revoked(), list.get());
  VerifyScratch scratch;
  EXPECT_TRUE(verifier->verify(token(kHeader, kPayload, Keys::get().ed), {.now_s = kNow}, scratch));
}

/// A pointer that one thread replaces while others read it.
class Current {
 public:
  explicit Current(Verifier verifier) : verifier_(std::move(verifier)) {}
  Verifier get() {
    const std::lock_guard lock(mutex_);
    return verifier_;
  }
  void set(Verifier verifier) {
    const std::lock_guard lock(mutex_);
    verifier_ = std::move(verifier);
  }

 private:
  std::mutex mutex_;
  Verifier verifier_;
};

// Whoever holds a verifier gets its verdict, whatever the others have put into the cache they share.
TEST(TokenVerifierThreads, SixtyFourShareACacheWhileKeysAndRevocationsChange) {
  constexpr int kThreads = 64;
  constexpr int kRounds = 60;
  const Verifier good = verifier_of(settings());
  const Verifier without_key = *good->with_keys(kIssuer, import_keys(jwks({Keys::get().ec.jwk(R"("kid":"ec",)")})));
  const Verifier revoking = *good->with_revocation(revoked(R"("sub":"user1")"));
  std::vector<std::string> tokens;
  for (int i = 0; i < 4; ++i) {
    const std::string payload =
        payload_with(R"("aud":"other","exp":1700000600,"sub":"user)" + std::to_string(i) + "\"");
    tokens.push_back(token(R"({"alg":"RS256","kid":"rsa"})", payload, Keys::get().rsa));
  }
  const std::unique_ptr<TokenCache> cache =
      std::move(TokenCache::make({.memory_size = 200'000, .key = "0123456789abcdef"})).value();
  Current current(good);
  std::atomic<int> wrong{0};
  const auto work = [&](int thread) {
    VerifyScratch scratch;
    for (int round = 0; round < kRounds; ++round) {
      const int number = (thread + round) % 4;
      if (thread == 0) current.set(round % 3 == 0 ? good : round % 3 == 1 ? revoking : without_key);
      if (thread == 1 && round % 20 == 0) cache->clear();
      const Verifier verifier = current.get();
      const Result<Identity> identity =
          verifier->verify(tokens[static_cast<std::size_t>(number)], {.now_s = kNow}, scratch, cache.get());
      const Reason expected = verifier == without_key               ? Reason::kTokenKeyUnknown
                              : verifier == revoking && number == 1 ? Reason::kTokenRevoked
                                                                    : Reason::kOk;
      const bool is_right = identity.reason() == expected &&
                            (!identity || identity->text_claim("sub") == "user" + std::to_string(number));
      if (!is_right) ++wrong;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  const TokenCacheStatistics counts = cache->statistics();
  EXPECT_GT(counts.hits, 0U);
  EXPECT_GE(counts.hits + counts.misses + counts.busy, std::uint64_t{kThreads} * kRounds);
}

// Without a pointer to swap nothing orders the threads but the cache itself, so that a race in it shows.
TEST(TokenVerifierThreads, ShareNothingButTheCache) {
  constexpr int kThreads = 8;
  constexpr int kRounds = 500;
  const Verifier verifier = verifier_of(settings());
  std::vector<std::string> tokens;
  for (int i = 0; i < 3; ++i) {
    const std::string payload =
        payload_with(R"("aud":"other","exp":1700000600,"sub":"user)" + std::to_string(i) + "\"");
    tokens.push_back(token(R"({"alg":"RS256","kid":"rsa"})", payload, Keys::get().rsa));
  }
  // One set, so that everybody meets there.
  const std::unique_ptr<TokenCache> cache =
      std::move(TokenCache::make({.memory_size = 100'000, .key = "0123456789abcdef"})).value();
  std::atomic<int> wrong{0};
  std::atomic<int> ready{0};
  const auto work = [&](int thread) {
    VerifyScratch scratch;
    ready.fetch_add(1, std::memory_order_relaxed);
    while (ready.load(std::memory_order_relaxed) < kThreads) std::this_thread::yield();
    for (int round = 0; round < kRounds; ++round) {
      const int number = (thread + round) % 3;
      // Every now and then the token is seen after its end, and its entry goes.
      const std::int64_t now_s = round % 50 == 49 ? kNow + 600 : kNow;
      const Result<Identity> identity =
          verifier->verify(tokens[static_cast<std::size_t>(number)], {.now_s = now_s}, scratch, cache.get());
      const bool is_right = now_s == kNow ? identity->text_claim("sub") == "user" + std::to_string(number)
                                          : identity.reason() == Reason::kTokenExpired;
      if (!is_right) wrong.fetch_add(1, std::memory_order_relaxed);
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(cache->capacity(), 8U);
  EXPECT_GT(cache->statistics().hits, 0U);
}

}  // namespace
}  // namespace ostiary::test
