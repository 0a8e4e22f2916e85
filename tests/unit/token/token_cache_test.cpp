// The cache by itself: whom it takes in, whom it answers for, who has to go. The tokens here are only texts.
#include "token/token_cache_parts.hpp"

#include <ostiary/token/token_cache.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::test {
namespace {

constexpr std::string_view kKey = "0123456789abcdef";
constexpr TokenBinding kBinding{1};
constexpr TokenBinding kOther{2};
constexpr unsigned kWays = 8;
constexpr std::size_t kSetSize = 4 * 64 + kWays * 9 * 64;  // with the smallest entries

std::string text_of(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string text(size, ' ');
  for (char& c : text) c = "abcdefghijklmnopqrstuvwxyz012345"[random() % 32];
  return text;
}

class TokenCacheTest : public ::testing::Test {
 protected:
  void make(std::size_t memory_size, std::uint32_t entry_size_max = 512) {
    auto made = TokenCache::make({memory_size, entry_size_max, kKey});
    ASSERT_TRUE(made);
    cache_ = std::move(made).value();
  }

  CacheQuestion question(std::string_view token, const TokenBinding& binding = kBinding) {
    return {token, binding, now_, TokenCacheParts::hash(*cache_, token)};
  }

  CacheAnswer find(std::string_view token, const TokenBinding& binding = kBinding) {
    image_.fill(0);
    payload_.fill(0);
    return TokenCacheParts::find(*cache_, question(token, binding), {image_, payload_});
  }
  bool holds(std::string_view token, const TokenBinding& binding = kBinding) { return find(token, binding).found; }

  /// Tells the cache that the token verified.
  void tell(std::string_view token, const TokenBinding& binding = kBinding, const TokenLifetime& lifetime = {}) {
    TokenCacheParts::verified(*cache_, question(token, binding), {"image", "payload", lifetime});
  }
  void tell_twice(std::string_view token, const TokenBinding& binding = kBinding, const TokenLifetime& lifetime = {}) {
    tell(token, binding, lifetime);
    tell(token, binding, lifetime);
  }

  std::unique_ptr<TokenCache> cache_;
  std::int64_t now_ = 1000;
  std::array<char, 64> image_{};
  std::array<char, 64> payload_{};
};

TEST(TokenCacheOptions, AreBounded) {
  const auto reason = [](const TokenCacheOptions& options) {
    const auto made = TokenCache::make(options);
    EXPECT_EQ(*made == nullptr, !made.ok());
    return made.reason();
  };
  EXPECT_EQ(reason({.key = kKey}), Reason::kOk);
  EXPECT_EQ(reason({.key = kKey.substr(1)}), Reason::kUsageArgument);
  EXPECT_EQ(reason({}), Reason::kUsageArgument);
  EXPECT_EQ(reason({.entry_size_max = 511, .key = kKey}), Reason::kUsageArgument);
  EXPECT_EQ(reason({.memory_size = kSetSize, .entry_size_max = 512, .key = kKey}), Reason::kOk);
  EXPECT_EQ(reason({.memory_size = kSetSize - 1, .entry_size_max = 512, .key = kKey}), Reason::kUsageArgument);
  EXPECT_EQ(reason({.memory_size = 0, .key = kKey}), Reason::kUsageArgument);
}

TEST(TokenCacheOptions, MemoryDecidesHowManyEntriesThereAre) {
  const auto capacity = [](std::size_t memory_size) {
    return (*TokenCache::make({memory_size, 512, kKey}))->capacity();
  };
  EXPECT_EQ(capacity(kSetSize), kWays);
  EXPECT_EQ(capacity(2 * kSetSize - 1), kWays);
  EXPECT_EQ(capacity(10 * kSetSize), 10 * kWays);
}

TEST_F(TokenCacheTest, TakesATokenInAtSecondSight) {
  make(kSetSize);
  const std::string token = text_of(100, 1);
  EXPECT_FALSE(holds(token));
  tell(token);
  EXPECT_FALSE(holds(token));
  tell(token);
  const CacheAnswer answer = find(token);
  EXPECT_TRUE(answer.found);
  EXPECT_EQ(answer.reason, Reason::kOk);
  EXPECT_EQ(std::string_view(image_.data(), answer.image_size), "image");
  EXPECT_EQ(std::string_view(payload_.data(), answer.payload_size), "payload");
  const TokenCacheStatistics counts = cache_->statistics();
  EXPECT_EQ(counts.hits, 1U);
  EXPECT_EQ(counts.misses, 2U);
  EXPECT_EQ(counts.admissions, 1U);
  EXPECT_EQ(counts.evictions, 0U);
}

TEST_F(TokenCacheTest, ToldAgainItChangesNothing) {
  make(kSetSize);
  const std::string token = text_of(100, 1);
  for (int i = 0; i < 5; ++i) tell(token);
  EXPECT_EQ(cache_->statistics().admissions, 1U);
}

TEST_F(TokenCacheTest, ATokenThatDiffersInOneByteOrInLengthIsAnotherOne) {
  make(64 * kSetSize);
  const std::string token = text_of(200, 1);
  tell_twice(token);
  for (std::size_t i = 0; i < token.size(); ++i) {
    for (const int change : {1, 0x20, 0x80}) {
      std::string other = token;
      other[i] = static_cast<char>(other[i] ^ change);
      ASSERT_FALSE(holds(other)) << i;
    }
    ASSERT_FALSE(holds(std::string(token).erase(i, 1)));
    ASSERT_FALSE(holds(std::string(token).insert(i, 1, token[i])));
  }
  EXPECT_TRUE(holds(token));
}

// The hash is all of these tokens' that is equal, which no stranger can bring about: the comparison must do.
TEST_F(TokenCacheTest, TokensThatEndAlikeAreToldApart) {
  make(kSetSize);
  const std::string tail = text_of(TokenCacheParts::kTailSize, 9);
  const std::string first = text_of(100, 1) + tail;
  const std::string second = text_of(100, 2) + tail;
  tell_twice(first);
  EXPECT_FALSE(holds(second));
  tell_twice(second);
  EXPECT_TRUE(holds(first));
  EXPECT_TRUE(holds(second));
}

TEST_F(TokenCacheTest, AnswersOnlyForTheBindingOfTheEntry) {
  make(kSetSize);
  const std::string token = text_of(100, 1);
  tell_twice(token);
  EXPECT_FALSE(holds(token, kOther));
  for (std::size_t i = 0; i < kBinding.size(); ++i) {
    TokenBinding near = kBinding;
    near[i] ^= 0x10;
    EXPECT_FALSE(holds(token, near)) << i;
  }
}

// The tokens in use come back at once after a rotation.
TEST_F(TokenCacheTest, ATokenHeldForAnotherBindingNeedsNoSecondSight) {
  make(kSetSize);
  const std::string token = text_of(100, 1);
  tell_twice(token);
  tell(token, kOther);
  EXPECT_TRUE(holds(token, kOther));
  EXPECT_TRUE(holds(token));
}

TEST_F(TokenCacheTest, AsksTheDatesOnEveryHit) {
  make(kSetSize);
  const std::string token = text_of(100, 1);
  tell_twice(token, kBinding, {.not_before_s = 900, .expires_at_s = 1100, .too_old_at_s = INT64_MAX});
  const auto at = [&](std::int64_t now_s) {
    now_ = now_s;
    return find(token).reason;
  };
  EXPECT_EQ(at(900), Reason::kOk);
  EXPECT_EQ(at(1099), Reason::kOk);
  EXPECT_EQ(at(899), Reason::kTokenNotYetValid);
  EXPECT_EQ(at(1000), Reason::kOk);
  EXPECT_EQ(at(1100), Reason::kTokenExpired);
  EXPECT_FALSE(holds(token));
  EXPECT_EQ(cache_->statistics().expired, 1U);
  EXPECT_EQ(cache_->statistics().hits, 4U);
}

TEST_F(TokenCacheTest, ATooOldEntryIsDropped) {
  make(kSetSize);
  const std::string token = text_of(100, 1);
  tell_twice(token, kBinding, {.expires_at_s = 5000, .too_old_at_s = 2000});
  now_ = 1999;
  EXPECT_EQ(find(token).reason, Reason::kOk);
  now_ = 2000;
  EXPECT_EQ(find(token).reason, Reason::kTokenTooOld);
  now_ = 1999;
  EXPECT_FALSE(holds(token));
}

TEST_F(TokenCacheTest, WhatDoesNotFitIsNotTakenIn) {
  make(kSetSize);
  const std::string fits = text_of(512 - 72 - 12, 1);
  const std::string large = text_of(512 - 72 - 11, 2);
  tell_twice(fits);
  tell_twice(large);
  EXPECT_TRUE(holds(fits));
  EXPECT_FALSE(holds(large));
  EXPECT_EQ(cache_->statistics().too_large, 2U);
}

TEST_F(TokenCacheTest, WhatDoesNotFitTheRoomOfTheCallerIsNoAnswer) {
  make(kSetSize);
  const std::string token = text_of(100, 1);
  tell_twice(token);
  const std::span<char> image = image_;
  EXPECT_FALSE(TokenCacheParts::find(*cache_, question(token), {image.first(4), payload_}).found);
  EXPECT_FALSE(TokenCacheParts::find(*cache_, question(token), {image, std::span(payload_).first(6)}).found);
  EXPECT_TRUE(TokenCacheParts::find(*cache_, question(token), {image.first(5), std::span(payload_).first(7)}).found);
}

class FullSet : public TokenCacheTest {
 protected:
  void SetUp() override {
    make(kSetSize);
    for (unsigned i = 0; i < kWays; ++i) tokens_.push_back(text_of(100, i));
  }
  void fill(const TokenBinding& binding = kBinding, const TokenLifetime& lifetime = {}) {
    for (const std::string& token : tokens_) tell_twice(token, binding, lifetime);
  }
  unsigned held(const TokenBinding& binding = kBinding) {
    unsigned count = 0;
    for (const std::string& token : tokens_) count += holds(token, binding) ? 1U : 0U;
    return count;
  }

  std::vector<std::string> tokens_;
  const std::string more_ = text_of(100, 10);
  const std::string most_ = text_of(100, 11);
};

TEST_F(FullSet, OneInUseStaysAndOneThatIsNotGoes) {
  fill();
  const auto use = [this] {
    for (unsigned i = 0; i < kWays; ++i) EXPECT_TRUE(i == 2 || holds(tokens_[i])) << i;
  };
  use();
  tell_twice(more_);
  EXPECT_TRUE(holds(more_));
  use();
  EXPECT_FALSE(holds(tokens_[2]));
  EXPECT_EQ(cache_->statistics().evictions, 1U);
}

TEST_F(FullSet, WhenAllAreInUseOneGoesAndTheNextIsNotTheNewcomer) {
  fill();
  EXPECT_EQ(held(), kWays);
  tell_twice(more_);
  EXPECT_TRUE(holds(more_));
  EXPECT_EQ(held(), kWays - 1);
  tell_twice(most_);
  EXPECT_TRUE(holds(more_));
  EXPECT_TRUE(holds(most_));
}

TEST_F(FullSet, WhatHasExpiredGoesFirstAndCountsAsNoEviction) {
  for (unsigned i = 0; i < kWays; ++i) {
    const TokenLifetime lifetime{.expires_at_s = i == 1 ? 2000 : 3000, .too_old_at_s = i == 3 ? 2000 : 3000};
    tell_twice(tokens_[i], kBinding, lifetime);
  }
  for (unsigned i : {1U, 3U}) EXPECT_TRUE(holds(tokens_[i]));
  now_ = 2000;
  tell_twice(more_);
  tell_twice(most_);
  for (unsigned i = 0; i < kWays; ++i) EXPECT_TRUE(i == 1 || i == 3 || holds(tokens_[i])) << i;
  EXPECT_TRUE(holds(more_));
  EXPECT_TRUE(holds(most_));
  EXPECT_EQ(cache_->statistics().evictions, 0U);
}

TEST_F(FullSet, EntriesFromBeforeARotationGoFirst) {
  const auto is_old = [](unsigned i) { return i == 3 || i + 1 == kWays; };
  for (unsigned i = 0; i < kWays; ++i) tell_twice(tokens_[i], is_old(i) ? kOther : kBinding);
  tell_twice(more_);
  tell_twice(most_);
  for (unsigned i = 0; i < kWays; ++i) EXPECT_EQ(holds(tokens_[i]), !is_old(i)) << i;
  EXPECT_TRUE(holds(more_));
  EXPECT_TRUE(holds(most_));
}

TEST_F(FullSet, EntriesThatWereInUseBeforeARotationGoSoon) {
  fill(kOther);
  EXPECT_EQ(held(kOther), kWays);
  for (unsigned i = 0; i < kWays + 1; ++i) {
    const std::string token = text_of(100, 20 + i);
    tell_twice(token);
    EXPECT_TRUE(holds(token));
  }
  EXPECT_EQ(held(kOther), 0U);
}

TEST_F(FullSet, EntriesThatWereInUseBeforeARotationDoNotStayWhereNewOnesComeAndGo) {
  for (unsigned i = 0; i < kWays; ++i) tell_twice(tokens_[i], i < 4 ? kOther : kBinding);
  EXPECT_EQ(held(kOther), 4U);
  for (unsigned i = 0; i < 5; ++i) tell_twice(text_of(100, 20 + i));
  EXPECT_EQ(held(kOther), 0U);
}

TEST_F(FullSet, TwoVerifiersThatShareTheCacheKeepWhatIsInUse) {
  for (unsigned i = 0; i < kWays; ++i) tell_twice(tokens_[i], i < 4 ? kOther : kBinding);
  for (unsigned round = 0; round < 40; ++round) {
    for (unsigned i = 0; i + 1 < kWays; ++i) EXPECT_TRUE(holds(tokens_[i], i < 4 ? kOther : kBinding)) << round;
    tell_twice(text_of(100, 100 + round));
  }
}

TEST_F(FullSet, ClearingForgetsEverything) {
  fill();
  tell(more_);
  cache_->clear();
  EXPECT_EQ(held(), 0U);
  tell(more_);
  EXPECT_FALSE(holds(more_));
  fill();
  EXPECT_EQ(held(), kWays);
  EXPECT_EQ(cache_->statistics().evictions, 0U);
}

TEST_F(FullSet, ABusySetIsAMissAndTakesNothingIn) {
  fill();
  const std::uint64_t hash = TokenCacheParts::hash(*cache_, tokens_[0]);
  TokenCacheParts::hold(*cache_, hash);
  EXPECT_FALSE(holds(tokens_[0]));
  tell_twice(more_);
  TokenCacheParts::release(*cache_, hash);
  EXPECT_EQ(cache_->statistics().busy, 3U);
  EXPECT_EQ(cache_->statistics().misses, 0U);
  EXPECT_TRUE(holds(tokens_[0]));
  EXPECT_FALSE(holds(more_));
}

// No signature is checked here: the cache is told of tokens as if they had verified.
TEST_F(TokenCacheTest, AMillionTokensSeenOncePushNobodyOut) {
  make(128 * kSetSize);
  std::vector<std::string> hot;
  for (unsigned i = 0; i < 200; ++i) hot.push_back(text_of(120, i));
  for (const std::string& token : hot) tell_twice(token);
  const auto count = [&] {
    std::size_t held = 0;
    for (const std::string& token : hot) held += holds(token) ? 1U : 0U;
    return held;
  };
  const std::size_t before = count();
  EXPECT_GT(before, 190U);
  std::mt19937_64 random(1);
  std::string token = text_of(120, 1000);
  for (int i = 0; i < 1'000'000; ++i) {
    const std::uint64_t number = random();
    std::memcpy(token.data() + 100, &number, sizeof number);
    tell(token);
  }
  EXPECT_EQ(count(), before);
  // The ring compares 32 bits of the hash, so a few strangers pass for each other.
  EXPECT_LT(cache_->statistics().admissions, 300U);
  EXPECT_GE(cache_->statistics().admissions, 200U);
}

TEST_F(TokenCacheTest, TheKeyDecidesWhereATokenStands) {
  make(kSetSize);
  const auto other = TokenCache::make({kSetSize, 512, "0123456789abcdeF"});
  const auto longer = TokenCache::make({kSetSize, 512, "0123456789abcdef0"});
  const std::string token = text_of(100, 1);
  EXPECT_NE(TokenCacheParts::hash(*cache_, token), TokenCacheParts::hash(**other, token));
  EXPECT_NE(TokenCacheParts::hash(*cache_, token), TokenCacheParts::hash(**longer, token));
  EXPECT_NE(TokenCacheParts::hash(*cache_, token), TokenCacheParts::hash(*cache_, "x" + token));
  EXPECT_FALSE(TokenCacheParts::may_hold(token.substr(0, TokenCacheParts::kTailSize - 1)));
  EXPECT_TRUE(TokenCacheParts::may_hold(token.substr(0, TokenCacheParts::kTailSize)));
}

}  // namespace
}  // namespace ostiary::test
