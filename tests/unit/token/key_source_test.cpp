// Keys of one issuer over time: when they are wanted, which are good, and what hostile answers do.
#include "unit/token/key_source_fixture.hpp"

#include <ostiary/token/verifier.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <thread>

namespace ostiary::test {
namespace {

// --- when something is wanted ---

TEST_F(KeySourceTest, KeysAreWantedAtOnceWhenThereWereNone) {
  make();
  const std::optional<FetchWanted> wanted = source_->wanted(now_);
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted->kind, FetchKind::kKeySet);
  EXPECT_EQ(wanted->reason, FetchReason::kFirst);
  EXPECT_EQ(wanted->uri, kKeysUri);
  EXPECT_EQ(wanted->issuer, "https://issuer.example");
  EXPECT_EQ(wanted->not_before_s, now_);
  EXPECT_EQ(source_->keys(now_), nullptr);
}

TEST_F(KeySourceTest, EveryAskerIsToldTheSameAndOneCanBegin) {
  make();
  const std::uint64_t ticket = next_fetch().ticket;
  EXPECT_EQ(source_->wanted(now_ + 1)->ticket, ticket);
  EXPECT_EQ(source_->begin(ticket, now_ + 1), Reason::kOk);
  EXPECT_EQ(source_->begin(ticket, now_ + 1), Reason::kKeySourceTicket);
}

TEST_F(KeySourceTest, NothingIsWantedWhileAFetchIsUnderWay) {
  make();
  const std::uint64_t ticket = begin();
  EXPECT_FALSE(source_->wanted(now_));
  now_ += options_.fetch_timeout_s - 1;
  EXPECT_FALSE(source_->wanted(now_));
  EXPECT_TRUE(source_->status(now_).under_way);
  EXPECT_EQ(source_->complete(ticket, jwks_of("a"), now_).reason(), Reason::kOk);
  EXPECT_FALSE(source_->status(now_).under_way);
}

TEST_F(KeySourceTest, AFetchThatDoesNotComeBackCountsAsFailed) {
  make();
  const std::uint64_t ticket = begin();
  now_ += options_.fetch_timeout_s;
  const std::optional<FetchWanted> wanted = source_->wanted(now_);
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted->reason, FetchReason::kRetry);
  EXPECT_EQ(wanted->not_before_s, now_ + options_.retry_min_s);
  EXPECT_EQ(source_->status(now_).last_error, Reason::kKeysNotFound);
  EXPECT_EQ(source_->complete(ticket, jwks_of("a"), now_).reason(), Reason::kKeySourceTicket);
  EXPECT_EQ(source_->keys(now_), nullptr);
}

TEST_F(KeySourceTest, ALateAnswerIsRefusedEvenWhenNobodyAskedMeanwhile) {
  make();
  const std::uint64_t ticket = begin();
  now_ += options_.fetch_timeout_s;
  EXPECT_EQ(source_->complete(ticket, jwks_of("a"), now_).reason(), Reason::kKeySourceTicket);
}

TEST_F(KeySourceTest, AnAnswerBelongsToTheFetchUnderWay) {
  make();
  EXPECT_EQ(source_->complete(1, jwks_of("a"), now_).reason(), Reason::kKeySourceTicket);
  EXPECT_EQ(source_->fail(1, now_), Reason::kKeySourceTicket);
  EXPECT_EQ(source_->begin(99, now_), Reason::kKeySourceTicket);
  const std::uint64_t ticket = begin();
  EXPECT_EQ(source_->complete(ticket + 1, jwks_of("a"), now_).reason(), Reason::kKeySourceTicket);
  EXPECT_EQ(source_->complete(ticket, jwks_of("a"), now_).reason(), Reason::kOk);
  EXPECT_EQ(source_->complete(ticket, jwks_of("b"), now_).reason(), Reason::kKeySourceTicket);
  EXPECT_EQ(ids(), "a");
}

TEST_F(KeySourceTest, KeysAreWantedAnewAtTheirSoftAgeAndStayGood) {
  make_with("a");
  const std::optional<FetchWanted> wanted = source_->wanted(now_);
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted->reason, FetchReason::kSoftAge);
  EXPECT_EQ(wanted->not_before_s, kStart + 600);
  EXPECT_EQ(source_->begin(wanted->ticket, kStart + 599), Reason::kKeySourceTicket);
  EXPECT_EQ(source_->begin(wanted->ticket, kStart + 600), Reason::kOk);
  now_ = kStart + 600;
  EXPECT_EQ(ids(), "a");
}

TEST_F(KeySourceTest, TheLifetimeOfAnAnswerHoldsWithinBounds) {
  using Bounds = std::numeric_limits<std::int64_t>;
  const auto soft_age = [this](std::optional<std::int64_t> lifetime_s) {
    make();
    EXPECT_EQ(fetch(jwks_of("a"), lifetime_s).reason(), Reason::kOk);
    return next_fetch().not_before_s - now_;
  };
  EXPECT_EQ(soft_age(std::nullopt), 600);
  EXPECT_EQ(soft_age(0), 60);
  EXPECT_EQ(soft_age(61), 61);
  EXPECT_EQ(soft_age(3599), 3599);
  EXPECT_EQ(soft_age(86400), 3600);
  EXPECT_EQ(soft_age(-1), 60);
  EXPECT_EQ(soft_age(Bounds::min()), 60);
  EXPECT_EQ(soft_age(Bounds::max()), 3600);
}

TEST_F(KeySourceTest, AgesCountFromTheQuestionNotFromTheAnswer) {
  make();
  const std::uint64_t ticket = begin();
  ASSERT_EQ(source_->complete(ticket, jwks_of("a"), kStart + 20).reason(), Reason::kOk);
  EXPECT_EQ(source_->wanted(kStart + 20)->not_before_s, kStart + 600);
  EXPECT_NE(source_->keys(kStart + 86399), nullptr);
  EXPECT_EQ(source_->keys(kStart + 86400), nullptr);
}

TEST_F(KeySourceTest, KeysEndAtTheirHardAgeThoughNobodyAsksTheControlSide) {
  make_with("a");
  KeyReader reader(source_);
  EXPECT_NE(reader.keys(kStart + 86399), nullptr);
  EXPECT_EQ(reader.keys(kStart + 86400), nullptr);
  EXPECT_EQ(source_->keys(kStart + 86400), nullptr);
}

TEST_F(KeySourceTest, AfterTheirHardAgeKeysAreWantedAtOnce) {
  make_with("a");
  now_ += 86400;
  const std::optional<FetchWanted> wanted = due();
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted->reason, FetchReason::kHardAge);
  EXPECT_EQ(wanted->not_before_s, now_);
  EXPECT_FALSE(source_->status(now_).usable);
  EXPECT_EQ(ids_of(fetch(jwks_of("a"))->added), "a");
  EXPECT_EQ(ids(), "a");
}

// --- failures ---

TEST_F(KeySourceTest, FailuresAreRetriedEverMoreRarely) {
  make();
  std::vector<std::int64_t> waits;
  for (int i = 0; i < 10; ++i) {
    fetch_nothing();
    const std::optional<FetchWanted> wanted = source_->wanted(now_);
    ASSERT_TRUE(wanted);
    EXPECT_EQ(wanted->reason, FetchReason::kRetry);
    waits.push_back(wanted->not_before_s - now_);
    EXPECT_EQ(source_->begin(wanted->ticket, wanted->not_before_s - 1), Reason::kKeySourceTicket);
    now_ = wanted->not_before_s;
  }
  EXPECT_EQ(waits, (std::vector<std::int64_t>{5, 10, 20, 40, 80, 160, 300, 300, 300, 300}));
  EXPECT_EQ(source_->status(now_).failures, 10U);
  ASSERT_EQ(fetch_reason(jwks_of("a")), Reason::kOk);
  EXPECT_EQ(source_->status(now_).failures, 0U);
  EXPECT_EQ(source_->status(now_).last_error, Reason::kOk);
  now_ += 600;
  fetch_nothing();
  EXPECT_EQ(next_fetch().not_before_s, now_ + 5);
}

TEST_F(KeySourceTest, AThousandFailuresOverflowNothing) {
  make();
  for (int i = 0; i < 1000; ++i) {
    fetch_nothing();
    now_ += 300;
  }
  EXPECT_EQ(source_->status(now_).failures, 1000U);
}

TEST_F(KeySourceTest, StaleKeysAreServedWhileTheIssuerIsAwayUntilTheirHardAge) {
  make_with("a");
  while (now_ < kStart + 86400) {
    EXPECT_EQ(ids(), "a");
    if (due()) fetch_nothing();
    now_ += 100;
  }
  EXPECT_EQ(ids(), "");
  EXPECT_EQ(next_fetch().reason, FetchReason::kRetry);
}

TEST_F(KeySourceTest, AnAbsentKeySetIsAFailureLikeAnyOther) {
  make_with("a");
  now_ += 600;
  EXPECT_EQ(source_->fail(begin(), now_, FetchFailure::kAbsent), Reason::kOk);
  EXPECT_EQ(ids(), "a");
  EXPECT_EQ(source_->status(now_).failures, 1U);
  EXPECT_EQ(source_->status(now_).last_error, Reason::kKeysNotFound);
}

// --- answers from someone who wishes us ill (tokens.md §3.3, 43) ---

TEST_F(KeySourceTest, ABodyOf100MiBIsRefusedBySize) {
  make_with("a");
  now_ += 600;
  EXPECT_EQ(fetch_reason(std::string(100 * 1024 * 1024, ' ')), Reason::kKeysLimit);
  EXPECT_EQ(ids(), "a");
  now_ += 5;
  EXPECT_EQ(fetch_reason(jwks_of("a") + std::string(Limits{}.key_set_size_max, ' ')), Reason::kKeysLimit);
}

TEST_F(KeySourceTest, AHundredThousandKeysAreRefused) {
  options_.limits.key_set_size_max = 64 * 1024 * 1024;
  make_with("a");
  now_ += 600;
  std::string body = R"({"keys":[{})";
  for (int i = 1; i < 100'000; ++i) body += ",{}";
  EXPECT_EQ(fetch_reason(body + "]}"), Reason::kKeysLimit);
  EXPECT_EQ(ids(), "a");
}

TEST_F(KeySourceTest, AnErrorPageIsRefusedAndTheOldKeysStay) {
  make_with("a");
  now_ += 600;
  EXPECT_EQ(fetch_reason("<!DOCTYPE html><html><body>Service unavailable</body></html>"), Reason::kKeysJson);
  EXPECT_EQ(ids(), "a");
  EXPECT_EQ(source_->status(now_).last_error, Reason::kKeysJson);
  EXPECT_EQ(source_->status(now_).failures, 1U);
  EXPECT_EQ(next_fetch().reason, FetchReason::kRetry);
  EXPECT_EQ(next_fetch().not_before_s, now_ + 5);
}

TEST_F(KeySourceTest, AnEmptySetIsRefusedAndTheOldKeysStay) {
  make_with("a");
  for (const std::string_view body : {R"({"keys":[]})", R"({"keys":[{"kty":"unknown"}]})", "{}", "", "[]"}) {
    now_ = next_fetch().not_before_s;
    EXPECT_NE(fetch_reason(body), Reason::kOk) << body;
    EXPECT_EQ(ids(), "a");
  }
}

TEST_F(KeySourceTest, ASetWithPrivateKeysIsRefusedAndTheOldKeysStay) {
  make_with("a");
  now_ += 600;
  EXPECT_EQ(fetch_reason(R"({"keys":[{"kty":"oct","k":"AAAA"},)" + jwk("b", 1) + "]}"), Reason::kKeyPrivate);
  EXPECT_EQ(ids(), "a");
}

TEST_F(KeySourceTest, OfAHalfBadSetTheGoodKeysAreUsedAndTheOthersListed) {
  make();
  const Result<KeyChange> change =
      fetch(R"({"keys":[{"kty":"unknown","kid":"x"},)" + jwk("a", 0) + R"(,{"kty":"OKP","crv":"Ed25519","kid":"y"}]})");
  ASSERT_EQ(change.reason(), Reason::kOk);
  EXPECT_EQ(ids(), "a");
  EXPECT_EQ(ids_of(change->added), "a");
  ASSERT_EQ(change->skipped.size(), 2U);
  EXPECT_EQ(change->skipped[0].index, 0U);
  EXPECT_EQ(change->skipped[0].reason, Reason::kKeyType);
  EXPECT_EQ(change->skipped[0].key_id, "x");
  EXPECT_EQ(change->skipped[1].index, 2U);
  EXPECT_EQ(change->skipped[1].reason, Reason::kKeyMember);
  EXPECT_EQ(change->skipped[1].key_id, "y");
}

// --- unknown keys ---

TEST_F(KeySourceTest, AnUnknownKeyIsWantedAfterTheCoolDown) {
  make_with("a");
  now_ += 10;
  EXPECT_TRUE(source_->unknown_key("b"));
  const std::optional<FetchWanted> wanted = source_->wanted(now_);
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted->reason, FetchReason::kUnknownKey);
  EXPECT_EQ(wanted->not_before_s, kStart + 30);
  EXPECT_EQ(source_->begin(wanted->ticket, kStart + 29), Reason::kKeySourceTicket);
  now_ = kStart + 30;
  EXPECT_EQ(ids_of(fetch(jwks_of("ab"))->added), "b");
  EXPECT_EQ(ids(), "ab");
}

TEST_F(KeySourceTest, AfterTheCoolDownAnUnknownKeyIsWantedAtOnce) {
  make_with("a");
  now_ += 100;
  EXPECT_EQ(source_->status(now_).unknown_keys, 0U);
  EXPECT_TRUE(source_->unknown_key("b"));
  EXPECT_EQ(next_fetch().not_before_s, now_);
}

TEST_F(KeySourceTest, AFloodOfUnknownKeysLeadsToOneFetchInACoolDown) {
  make_with("a");
  std::vector<std::int64_t> fetches;
  for (; now_ < kStart + 500; ++now_) {
    for (int i = 0; i < 50; ++i) source_->unknown_key("random-" + std::to_string(now_ * 50 + i));
    if (!due()) continue;
    fetches.push_back(now_ - kStart);
    ASSERT_EQ(fetch_reason(jwks_of("a")), Reason::kOk);
  }
  EXPECT_EQ(fetches,
            (std::vector<std::int64_t>{30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 330, 360, 390, 420, 450, 480}));
  EXPECT_EQ(source_->status(now_).unknown_keys, 25000U);
}

TEST_F(KeySourceTest, AFloodWhileTheIssuerIsAwayIsBoundByBackOffToo) {
  make_with("a");
  std::vector<std::int64_t> fetches;
  for (; now_ < kStart + 500; ++now_) {
    source_->unknown_key("b");
    if (!due()) continue;
    fetches.push_back(now_ - kStart);
    fetch_nothing();
  }
  EXPECT_EQ(fetches, (std::vector<std::int64_t>{30, 60, 90, 120, 160, 240, 400}));
}

TEST_F(KeySourceTest, OnlyTheFirstReportIsNews) {
  make_with("a");
  EXPECT_TRUE(source_->unknown_key("b"));
  EXPECT_FALSE(source_->unknown_key("b"));
  EXPECT_FALSE(source_->unknown_key("c"));
}

TEST_F(KeySourceTest, AKeyThatIsHeldIsNotUnknown) {
  make_with("a");
  EXPECT_FALSE(source_->unknown_key("a"));
  EXPECT_EQ(next_fetch().reason, FetchReason::kSoftAge);
}

TEST_F(KeySourceTest, AKidAboveTheLimitIsPassedOver) {
  make_with("a");
  EXPECT_FALSE(source_->unknown_key(std::string(129, 'x')));
  EXPECT_TRUE(source_->unknown_key(std::string(128, 'x')));
}

TEST_F(KeySourceTest, AnyKidMayBeUnknownToAKeySet) {
  make_with("a");
  EXPECT_TRUE(source_->unknown_key(std::string_view("../\0'; --", 9)));
  EXPECT_EQ(next_fetch().uri, kKeysUri);
}

TEST_F(KeySourceTest, ATokenWithoutKidMayAskForNewerKeys) {
  make_with("a");
  EXPECT_TRUE(source_->unknown_key({}));
  EXPECT_EQ(next_fetch().reason, FetchReason::kUnknownKey);
}

TEST_F(KeySourceTest, BeforeTheFirstKeysNoneIsUnknown) {
  make();
  EXPECT_FALSE(source_->unknown_key("a"));
  EXPECT_EQ(next_fetch().reason, FetchReason::kFirst);
  EXPECT_EQ(next_fetch().not_before_s, now_);
}

TEST_F(KeySourceTest, AnAnswerSettlesReportsMadeWhileItWasOnItsWay) {
  make_with("a");
  now_ += 600;
  const std::uint64_t ticket = begin();
  EXPECT_TRUE(source_->unknown_key("b"));
  ASSERT_EQ(source_->complete(ticket, jwks_of("ab"), now_).reason(), Reason::kOk);
  EXPECT_EQ(next_fetch().reason, FetchReason::kSoftAge);
}

TEST_F(KeySourceTest, AReportThatTheAnswerDoesNotSettleWaitsForTheCoolDown) {
  make_with("a");
  now_ += 600;
  const std::uint64_t ticket = begin();
  EXPECT_TRUE(source_->unknown_key("c"));
  ASSERT_EQ(source_->complete(ticket, jwks_of("ab"), now_).reason(), Reason::kOk);
  EXPECT_EQ(next_fetch().reason, FetchReason::kUnknownKey);
  EXPECT_EQ(next_fetch().not_before_s, now_ + 30);
}

TEST_F(KeySourceTest, TheAnswerForAnUnknownKeyMakesAllKeysYoungAgain) {
  make_with("a");
  now_ += 599;
  EXPECT_TRUE(source_->unknown_key("b"));
  EXPECT_EQ(due_fetch().reason, FetchReason::kUnknownKey);
  ASSERT_EQ(fetch_reason(jwks_of("a")), Reason::kOk);
  EXPECT_EQ(next_fetch().reason, FetchReason::kSoftAge);
  EXPECT_EQ(next_fetch().not_before_s, now_ + 600);
}

// --- what changes ---

TEST_F(KeySourceTest, ARemovedKeyDiesAtOnce) {
  make_with("ab");
  KeyReader reader(source_);
  EXPECT_EQ(ids_of(reader.keys(now_)), "ab");
  now_ += 600;
  const Result<KeyChange> change = fetch(jwks_of("b"));
  ASSERT_EQ(change.reason(), Reason::kOk);
  EXPECT_EQ(ids_of(change->removed), "a");
  EXPECT_EQ(ids(), "b");
  EXPECT_EQ(ids_of(reader.keys(now_)), "b");
}

TEST_F(KeySourceTest, ATokenOfARemovedKeyIsRefused) {
  make_with("ab");
  VerifyScratch scratch;
  const std::string signed_by_a = token(R"({"alg":"EdDSA","kid":"a"})", "{}", key_number(0));
  const AlgorithmSet algorithms{Algorithm::kEdDsa};
  EXPECT_EQ(verify_jws(signed_by_a, *source_->keys(now_), algorithms, scratch).reason(), Reason::kOk);
  now_ += 600;
  ASSERT_EQ(fetch_reason(jwks_of("b")), Reason::kOk);
  EXPECT_EQ(verify_jws(signed_by_a, *source_->keys(now_), algorithms, scratch).reason(), Reason::kTokenKeyUnknown);
}

TEST_F(KeySourceTest, TheSameKeysAgainLeaveTheKeySetInPlace) {
  make_with("ab");
  const std::shared_ptr<const KeySet> before = source_->keys(now_);
  now_ += 600;
  const Result<KeyChange> change = fetch(jwks_of("ab") + "\n");
  ASSERT_EQ(change.reason(), Reason::kOk);
  EXPECT_TRUE(change->same_keys());
  EXPECT_EQ(source_->keys(now_), before);
  EXPECT_EQ(source_->status(now_).changes, 1U);
  EXPECT_EQ(source_->status(now_).answers, 2U);
  // But they are young again.
  EXPECT_EQ(source_->keys(kStart + 86400), before);
  EXPECT_EQ(source_->keys(kStart + 600 + 86400), nullptr);
}

// tokens.md §3.3, 23: the fingerprint is what caches of verified tokens are bound to.
TEST_F(KeySourceTest, AKidThatHasAnotherKeyNowIsReportedAndChangesTheFingerprint) {
  make_with("ab");
  const std::shared_ptr<const KeySet> before = source_->keys(now_);
  now_ += 600;
  const Result<KeyChange> change = fetch("{\"keys\":[" + jwk("a", 5) + "," + jwk("b", 1) + "]}");
  ASSERT_EQ(change.reason(), Reason::kOk);
  EXPECT_TRUE(change->added.empty() && change->removed.empty());
  ASSERT_EQ(ids_of(change->replaced), "a");
  EXPECT_EQ(change->replaced[0].thumbprint, source_->keys(now_)->key(0).thumbprint);
  EXPECT_NE(change->replaced[0].thumbprint, before->key(0).thumbprint);
  EXPECT_NE(source_->keys(now_)->fingerprint(), before->fingerprint());
  VerifyScratch scratch;
  const std::string signed_by_old = token(R"({"alg":"EdDSA","kid":"a"})", "{}", key_number(0));
  EXPECT_EQ(verify_jws(signed_by_old, *source_->keys(now_), {Algorithm::kEdDsa}, scratch).reason(),
            Reason::kTokenSignature);
}

TEST_F(KeySourceTest, KeysWithoutKidAreToldApartByThemselves) {
  make();
  const std::string first = key_number(0).jwk();
  const std::string second = key_number(1).jwk();
  ASSERT_EQ(fetch_reason("{\"keys\":[" + first + "]}"), Reason::kOk);
  now_ += 600;
  const Result<KeyChange> change = fetch("{\"keys\":[" + second + "]}");
  ASSERT_EQ(change.reason(), Reason::kOk);
  EXPECT_EQ(change->added.size(), 1U);
  EXPECT_EQ(change->removed.size(), 1U);
  EXPECT_TRUE(change->replaced.empty());
  EXPECT_FALSE(change->added[0].has_key_id);
  EXPECT_EQ(change->added[0].thumbprint, source_->keys(now_)->key(0).thumbprint);
}

// --- grace ---

TEST_F(KeySourceTest, ARemovedKeyStaysForTheGraceThatWasAskedFor) {
  options_.removed_key_grace_s = 100;
  make_with("ab");
  now_ += 600;
  EXPECT_EQ(ids_of(fetch(jwks_of("bc"))->removed), "a");
  KeyReader reader(source_);
  EXPECT_EQ(ids(), "bca");
  now_ += 99;
  EXPECT_EQ(ids(), "bca");
  EXPECT_EQ(ids_of(reader.keys(now_)), "bca");
  now_ += 1;
  EXPECT_EQ(ids(), "bc");
  EXPECT_EQ(ids_of(reader.keys(now_)), "bc");
  EXPECT_EQ(next_fetch().reason, FetchReason::kSoftAge);
  EXPECT_EQ(ids(), "bc");
}

TEST_F(KeySourceTest, AKeyInItsGraceVerifies) {
  options_.removed_key_grace_s = 100;
  make_with("ab");
  now_ += 600;
  ASSERT_EQ(fetch_reason(jwks_of("b")), Reason::kOk);
  VerifyScratch scratch;
  for (const std::size_t number : {0U, 1U}) {
    const std::string header = number == 0 ? R"({"alg":"EdDSA","kid":"a"})" : R"({"alg":"EdDSA","kid":"b"})";
    EXPECT_EQ(verify_jws(token(header, "{}", key_number(number)), *source_->keys(now_), {Algorithm::kEdDsa}, scratch)
                  .reason(),
              Reason::kOk);
  }
}

TEST_F(KeySourceTest, AKidThatHasAnotherKeyNowGetsNoGrace) {
  options_.removed_key_grace_s = 100;
  make_with("a");
  now_ += 600;
  EXPECT_EQ(ids_of(fetch("{\"keys\":[" + jwk("a", 5) + "]}")->replaced), "a");
  EXPECT_EQ(source_->keys(now_)->size(), 1U);
}

TEST_F(KeySourceTest, AKeyWithoutKidGetsNoGrace) {
  options_.removed_key_grace_s = 100;
  make();
  ASSERT_EQ(fetch_reason("{\"keys\":[" + key_number(0).jwk() + "]}"), Reason::kOk);
  now_ += 600;
  ASSERT_EQ(fetch_reason("{\"keys\":[" + key_number(1).jwk() + "]}"), Reason::kOk);
  EXPECT_EQ(source_->keys(now_)->size(), 1U);
}

TEST_F(KeySourceTest, GraceEndsForEachKeyOnItsOwn) {
  options_.removed_key_grace_s = 1000;
  make_with("abc");
  now_ += 600;
  ASSERT_EQ(fetch_reason(jwks_of("bc")), Reason::kOk);
  now_ += 600;
  ASSERT_EQ(fetch_reason(jwks_of("c")), Reason::kOk);
  EXPECT_EQ(ids(), "cba");
  now_ = kStart + 1600;
  // Readers alone fall back to what is in the newest answer; asking the control side gives b back.
  EXPECT_EQ(ids(), "c");
  EXPECT_TRUE(source_->wanted(now_));
  EXPECT_EQ(ids(), "cb");
  now_ = kStart + 2200;
  EXPECT_EQ(ids(), "c");
}

TEST_F(KeySourceTest, AKeyThatComesBackInItsGraceIsAddedAgain) {
  options_.removed_key_grace_s = 5000;
  make_with("ab");
  now_ += 600;
  ASSERT_EQ(fetch_reason(jwks_of("b")), Reason::kOk);
  now_ += 600;
  EXPECT_EQ(ids_of(fetch(jwks_of("ab"))->added), "a");
  EXPECT_EQ(ids(), "ab");
}

TEST_F(KeySourceTest, GraceDoesNotOutliveTheHardAge) {
  options_.removed_key_grace_s = 86400;
  make_with("ab");
  now_ += 600;
  ASSERT_EQ(fetch_reason(jwks_of("b")), Reason::kOk);
  now_ = kStart + 86399;
  EXPECT_EQ(ids(), "ba");
  now_ = kStart + 86400;
  EXPECT_EQ(ids(), "b");
}

TEST_F(KeySourceTest, TheSameKeysInTheSameGraceLeaveTheKeySetInPlace) {
  options_.removed_key_grace_s = 5000;
  make_with("ab");
  now_ += 600;
  ASSERT_EQ(fetch_reason(jwks_of("b")), Reason::kOk);
  const std::shared_ptr<const KeySet> before = source_->keys(now_);
  now_ += 600;
  ASSERT_EQ(fetch_reason(jwks_of("b")), Reason::kOk);
  EXPECT_EQ(source_->keys(now_), before);
}

TEST_F(KeySourceTest, KeysInTheirGraceAreBounded) {
  options_.removed_key_grace_s = 80000;
  options_.limits.key_count_max = 2;
  options_.pem_key_count_max = 1;
  make();
  for (const std::string_view letters : {"ab", "cd", "ef", "gh"}) {
    ASSERT_EQ(fetch_reason(jwks_of(letters)), Reason::kOk);
    EXPECT_LE(source_->keys(now_)->size(), 4U);
    now_ += 600;
  }
}

// --- clocks ---

TEST_F(KeySourceTest, AClockThatIsSetBackCausesNoFetchAndNoEternalTrust) {
  make_with("a");
  now_ -= 1'000'000;
  EXPECT_EQ(next_fetch().reason, FetchReason::kSoftAge);
  EXPECT_EQ(next_fetch().not_before_s, now_ + 600);
  EXPECT_EQ(ids(), "a");
  EXPECT_EQ(ids_of(source_->keys(now_ + 86399).get()), "a");
  EXPECT_EQ(source_->keys(now_ + 86400), nullptr);
  EXPECT_EQ(source_->keys(kStart), nullptr);
}

TEST_F(KeySourceTest, ReadersDoNotTrustKeysThatAreFarFromTheirClock) {
  make_with("a");
  EXPECT_NE(source_->keys(kStart - 86400), nullptr);
  EXPECT_EQ(source_->keys(kStart - 86401), nullptr);
  EXPECT_EQ(source_->keys(0), nullptr);
  EXPECT_EQ(source_->keys(std::numeric_limits<std::int64_t>::min()), nullptr);
  EXPECT_EQ(source_->keys(std::numeric_limits<std::int64_t>::max()), nullptr);
}

TEST_F(KeySourceTest, SmallStepsBackAreWaitedOut) {
  make_with("a");
  for (int i = 0; i < 1000; ++i) {
    ASSERT_FALSE(due());
    now_ += i % 2 == 0 ? -60 : 60;
  }
  EXPECT_EQ(source_->wanted(kStart)->not_before_s, kStart + 600);
}

TEST_F(KeySourceTest, AClockThatJumpsForwardAndBackCausesOneFetch) {
  make_with("a");
  now_ += 1'000'000;
  EXPECT_EQ(due_fetch().reason, FetchReason::kHardAge);
  ASSERT_EQ(fetch_reason(jwks_of("a")), Reason::kOk);
  now_ -= 1'000'000;
  EXPECT_FALSE(due());
  EXPECT_EQ(ids(), "a");
  EXPECT_EQ(source_->status(now_).fetches, 2U);
}

TEST_F(KeySourceTest, AFetchEndsInTimeThoughTheClockIsSetBackMeanwhile) {
  make();
  const std::uint64_t ticket = begin();
  now_ -= 10'000;
  EXPECT_FALSE(source_->wanted(now_));
  EXPECT_EQ(source_->complete(ticket, jwks_of("a"), now_ + 29).reason(), Reason::kOk);
}

TEST_F(KeySourceTest, TimesOutsideTheRangeAreTakenForTheNearest) {
  using Bounds = std::numeric_limits<std::int64_t>;
  for (const std::int64_t odd : {Bounds::min(), Bounds::max(), std::int64_t{-1}, std::int64_t{1} << 53}) {
    make();
    now_ = odd;
    const std::optional<FetchWanted> wanted = source_->wanted(odd);
    ASSERT_TRUE(wanted);
    EXPECT_EQ(source_->begin(wanted->ticket, odd), Reason::kOk);
    EXPECT_EQ(source_->complete(wanted->ticket, jwks_of("a"), odd).reason(), Reason::kOk);
    EXPECT_TRUE(source_->wanted(kStart));
    EXPECT_TRUE(source_->wanted(odd));
  }
}

// --- discovery ---

class KeyDiscoveryTest : public KeySourceTest {
 protected:
  KeyDiscoveryTest() {
    options_.kind = KeySourceKind::kDiscovery;
    options_.uri = {};
  }

  static std::string document(std::string_view uri) {
    return R"({"issuer":"https://issuer.example","jwks_uri":")" + std::string(uri) + "\"}";
  }

  std::optional<FetchKind> due_kind() {
    const std::optional<FetchWanted> wanted = due();
    return wanted ? std::optional(wanted->kind) : std::nullopt;
  }
};

TEST_F(KeyDiscoveryTest, TheDocumentComesFirstAndTheKeysAtOnceAfterIt) {
  make();
  const std::optional<FetchWanted> document_wanted = due();
  ASSERT_TRUE(document_wanted);
  EXPECT_EQ(document_wanted->kind, FetchKind::kDiscovery);
  EXPECT_EQ(document_wanted->uri, "https://issuer.example/.well-known/openid-configuration");
  ASSERT_EQ(fetch_reason(document(kKeysUri)), Reason::kOk);
  EXPECT_EQ(source_->keys(now_), nullptr);

  const std::optional<FetchWanted> keys_wanted = due();
  ASSERT_TRUE(keys_wanted);
  EXPECT_EQ(keys_wanted->kind, FetchKind::kKeySet);
  EXPECT_EQ(keys_wanted->reason, FetchReason::kFirst);
  EXPECT_EQ(keys_wanted->uri, kKeysUri);
  EXPECT_NE(keys_wanted->ticket, document_wanted->ticket);
  ASSERT_EQ(fetch_reason(jwks_of("a")), Reason::kOk);
  EXPECT_EQ(ids(), "a");
}

TEST_F(KeyDiscoveryTest, TheDocumentMayLieElsewhere) {
  options_.uri = "https://issuer.example/.well-known/oauth-authorization-server";
  make();
  EXPECT_EQ(due_fetch().uri, options_.uri);
}

TEST_F(KeyDiscoveryTest, ADocumentOfAnotherIssuerIsRefused) {
  make();
  EXPECT_EQ(fetch_reason(R"({"issuer":"https://evil.example","jwks_uri":"https://evil.example/jwks"})"),
            Reason::kDiscoveryIssuer);
  EXPECT_EQ(source_->status(now_).failures, 1U);
  now_ += 5;
  EXPECT_EQ(due_kind(), FetchKind::kDiscovery);
  EXPECT_EQ(fetch_reason(document("http://keys.example/jwks")), Reason::kDiscoveryUri);
  now_ += 10;
  EXPECT_EQ(fetch_reason("<html>"), Reason::kDiscoveryJson);
}

TEST_F(KeyDiscoveryTest, YoungDocumentsAreNotFetchedAgain) {
  make();
  ASSERT_EQ(fetch_reason(document(kKeysUri)), Reason::kOk);
  ASSERT_EQ(fetch_reason(jwks_of("a")), Reason::kOk);
  now_ += 600;
  EXPECT_EQ(due_kind(), FetchKind::kKeySet);
}

TEST_F(KeyDiscoveryTest, OldDocumentsAreFetchedBeforeTheKeys) {
  options_.discovery_age_s = 1000;
  make();
  ASSERT_EQ(fetch_reason(document(kKeysUri)), Reason::kOk);
  ASSERT_EQ(fetch_reason(jwks_of("a")), Reason::kOk);
  now_ += 600;
  ASSERT_EQ(fetch_reason(jwks_of("a")), Reason::kOk);
  now_ += 600;
  EXPECT_EQ(due_kind(), FetchKind::kDiscovery);
  ASSERT_EQ(fetch_reason(document("https://moved.example/")), Reason::kOk);
  EXPECT_EQ(due_fetch().uri, "https://moved.example/");
  EXPECT_EQ(due_fetch().reason, FetchReason::kSoftAge);
  EXPECT_EQ(ids(), "a");
}

TEST_F(KeyDiscoveryTest, AfterAFailureTheDocumentSaysWhereTheKeysAreNow) {
  make();
  ASSERT_EQ(fetch_reason(document(kKeysUri)), Reason::kOk);
  ASSERT_EQ(fetch_reason(jwks_of("a")), Reason::kOk);
  now_ += 600;
  fetch_nothing();
  EXPECT_FALSE(due());
  now_ += 5;
  EXPECT_EQ(due_kind(), FetchKind::kDiscovery);
  ASSERT_EQ(fetch_reason(document("https://moved.example/")), Reason::kOk);
  ASSERT_EQ(due_fetch().uri, "https://moved.example/");
  // That the document came is no success yet: the next failure is the second in a row.
  fetch_nothing();
  EXPECT_EQ(next_fetch().not_before_s, now_ + 10);
}

TEST_F(KeyDiscoveryTest, TheCoolDownDoesNotStandBetweenDocumentAndKeys) {
  options_.discovery_age_s = 50;
  make();
  ASSERT_EQ(fetch_reason(document(kKeysUri)), Reason::kOk);
  ASSERT_EQ(fetch_reason(jwks_of("a")), Reason::kOk);
  now_ += 60;
  EXPECT_TRUE(source_->unknown_key("b"));
  EXPECT_EQ(due_kind(), FetchKind::kDiscovery);
  ASSERT_EQ(fetch_reason(document(kKeysUri)), Reason::kOk);
  EXPECT_EQ(due_kind(), FetchKind::kKeySet);
  EXPECT_EQ(due_fetch().reason, FetchReason::kUnknownKey);
  ASSERT_EQ(fetch_reason(jwks_of("ab")), Reason::kOk);
}

// --- options ---

class KeySourceOptionsTest : public KeySourceTest {
 protected:
  Reason reason() {
    const Result<std::shared_ptr<KeySource>> made = KeySource::make(options_);
    EXPECT_EQ(*made == nullptr, !made.ok());
    return made.reason();
  }
  /// With one option set.
  template <typename Value>
  Reason reason_with(Value KeySourceOptions::* option, Value value) {
    const Value before = std::exchange(options_.*option, value);
    const Reason answer = reason();
    options_.*option = before;
    return answer;
  }
};

TEST_F(KeySourceOptionsTest, AnAgeOfZeroIsRefused) {
  EXPECT_EQ(reason(), Reason::kOk);
  for (auto option :
       {&KeySourceOptions::soft_age_s, &KeySourceOptions::soft_age_min_s, &KeySourceOptions::soft_age_max_s,
        &KeySourceOptions::hard_age_s, &KeySourceOptions::unknown_key_cooldown_s, &KeySourceOptions::retry_min_s,
        &KeySourceOptions::retry_max_s, &KeySourceOptions::fetch_timeout_s, &KeySourceOptions::discovery_age_s,
        &KeySourceOptions::pem_key_count_max}) {
    EXPECT_EQ(reason_with(option, std::uint32_t{0}), Reason::kUsageArgument);
    EXPECT_EQ(reason_with(option, std::numeric_limits<std::uint32_t>::max()), Reason::kUsageArgument);
  }
}

TEST_F(KeySourceOptionsTest, BoundsInTheWrongOrderAreRefused) {
  EXPECT_EQ(reason_with(&KeySourceOptions::soft_age_s, 59U), Reason::kUsageArgument);
  EXPECT_EQ(reason_with(&KeySourceOptions::soft_age_s, 60U), Reason::kOk);
  EXPECT_EQ(reason_with(&KeySourceOptions::soft_age_s, 3600U), Reason::kOk);
  EXPECT_EQ(reason_with(&KeySourceOptions::soft_age_s, 3601U), Reason::kUsageArgument);
  EXPECT_EQ(reason_with(&KeySourceOptions::hard_age_s, 3599U), Reason::kUsageArgument);
  EXPECT_EQ(reason_with(&KeySourceOptions::hard_age_s, 3600U), Reason::kOk);
  EXPECT_EQ(reason_with(&KeySourceOptions::retry_min_s, 301U), Reason::kUsageArgument);
  EXPECT_EQ(reason_with(&KeySourceOptions::retry_min_s, 300U), Reason::kOk);
  EXPECT_EQ(reason_with(&KeySourceOptions::removed_key_grace_s, 86401U), Reason::kUsageArgument);
  EXPECT_EQ(reason_with(&KeySourceOptions::removed_key_grace_s, 86400U), Reason::kOk);
  EXPECT_EQ(reason_with(&KeySourceOptions::fetch_timeout_s, 86400U), Reason::kUsageArgument);
  EXPECT_EQ(reason_with(&KeySourceOptions::discovery_age_s, 30U), Reason::kUsageArgument);
  EXPECT_EQ(reason_with(&KeySourceOptions::discovery_age_s, 31U), Reason::kOk);
  EXPECT_EQ(reason_with(&KeySourceOptions::pem_key_count_max, Limits{}.key_count_max + 1), Reason::kUsageArgument);
}

TEST_F(KeySourceOptionsTest, AUriIsHttps) {
  for (const std::string_view uri :
       {"", "http://keys.example/", "file:///etc/keys", "https://u@keys.example/", "http://127.0.0.1/jwks"}) {
    EXPECT_EQ(reason_with(&KeySourceOptions::uri, uri), Reason::kUsageArgument) << uri;
  }
  EXPECT_EQ(reason_with(&KeySourceOptions::uri, std::string_view()), Reason::kUsageArgument);
  EXPECT_EQ(reason_with(&KeySourceOptions::issuer, std::string_view()), Reason::kUsageArgument);
  options_.allow_loopback_http = true;
  EXPECT_EQ(reason_with(&KeySourceOptions::uri, std::string_view("http://127.0.0.1:3000/jwks")), Reason::kOk);
}

TEST_F(KeySourceOptionsTest, ADiscoveredIssuerIsAnHttpsUri) {
  options_.kind = KeySourceKind::kDiscovery;
  options_.uri = {};
  EXPECT_EQ(reason(), Reason::kOk);
  EXPECT_EQ(reason_with(&KeySourceOptions::issuer, std::string_view("accounts.example")), Reason::kUsageArgument);
  EXPECT_EQ(reason_with(&KeySourceOptions::issuer, std::string_view("https://a?b")), Reason::kUsageArgument);
  options_.kind = KeySourceKind::kKeySet;
  options_.uri = kKeysUri;
  EXPECT_EQ(reason_with(&KeySourceOptions::issuer, std::string_view("accounts.example")), Reason::kOk);
}

TEST_F(KeySourceOptionsTest, WhatStandsBeforeAKidEndsInASlash) {
  options_.kind = KeySourceKind::kPemByKeyId;
  EXPECT_EQ(reason(), Reason::kUsageArgument);
  EXPECT_EQ(reason_with(&KeySourceOptions::uri, std::string_view("https://keys.example/k/")), Reason::kOk);
  EXPECT_EQ(reason_with(&KeySourceOptions::uri, std::string_view("https://keys.example/?k=/")), Reason::kUsageArgument);
}

// --- both sides at once ---

TEST_F(KeySourceTest, VerifyingThreadsReadWhileKeysRotate) {
  constexpr int kRotations = 300;
  make_with("a");
  const std::string tokens[] = {token(R"({"alg":"EdDSA","kid":"a"})", "{}", key_number(0)),
                                token(R"({"alg":"EdDSA","kid":"b"})", "{}", key_number(1))};
  std::atomic<bool> done{false};
  std::atomic<int> faults{0};
  const auto verify = [&](bool by_reader) {
    KeyReader reader(source_);
    VerifyScratch scratch;
    while (!done.load()) {
      const std::shared_ptr<const KeySet> loaded = by_reader ? nullptr : source_->keys(kStart);
      const KeySet* keys = by_reader ? reader.keys(kStart) : loaded.get();
      int verified = 0;
      for (const std::string& signed_token : tokens) {
        const Reason reason = verify_jws(signed_token, *keys, {Algorithm::kEdDsa}, scratch).reason();
        if (reason == Reason::kOk) ++verified;
        if (reason == Reason::kTokenKeyUnknown) source_->unknown_key("b");
      }
      if (verified != 1) faults.fetch_add(1);
    }
  };
  std::thread with_reader(verify, true);
  std::thread without_reader(verify, false);
  for (int i = 1; i <= kRotations; ++i) {
    now_ += 600;
    EXPECT_EQ(fetch_reason(jwks_of(i % 2 == 0 ? "a" : "b")), Reason::kOk);
    // The readers stay at kStart: the clock goes back for them with each answer.
    now_ = kStart;
    EXPECT_TRUE(source_->wanted(now_));
  }
  done = true;
  with_reader.join();
  without_reader.join();
  EXPECT_EQ(faults.load(), 0);
}

}  // namespace
}  // namespace ostiary::test
