// Keys that are published one by one, as PEM at a URI that ends in the kid: AWS Application Load Balancer.
#include "unit/token/key_source_fixture.hpp"

#include <ostiary/token/verifier.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace ostiary::test {
namespace {

constexpr std::string_view kFirstId = "2c3f6b1e-6d5c-4f6a-9a3e-0f2f2d8a0001";
constexpr std::string_view kSecondId = "2c3f6b1e-6d5c-4f6a-9a3e-0f2f2d8a0002";

/// P-256, as the load balancers have.
const SigningKey& balancer_key(std::size_t number) {
  static const std::vector<SigningKey> keys{SigningKey::p256(), SigningKey::p256()};
  return keys.at(number);
}

class KeySourcePemTest : public KeySourceTest {
 protected:
  KeySourcePemTest() {
    options_.kind = KeySourceKind::kPemByKeyId;
    options_.issuer = "balancer";
    options_.uri = "https://public-keys.example/";
  }

  /// Reports the kid, waits for the cool-down and fetches `body`.
  Result<KeyChange> learn(std::string_view key_id, std::string_view body) {
    EXPECT_TRUE(source_->unknown_key(key_id));
    now_ = std::max(now_, next_fetch().not_before_s);
    EXPECT_EQ(due_fetch().uri, std::string(options_.uri).append(key_id));
    return fetch(body);
  }
};

TEST_F(KeySourcePemTest, NothingIsWantedUntilATokenNamesAKey) {
  make();
  EXPECT_FALSE(source_->wanted(now_));
  EXPECT_TRUE(source_->unknown_key(kFirstId));
  const std::optional<FetchWanted> wanted = due();
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted->kind, FetchKind::kPem);
  EXPECT_EQ(wanted->reason, FetchReason::kFirst);
  EXPECT_EQ(wanted->uri, "https://public-keys.example/2c3f6b1e-6d5c-4f6a-9a3e-0f2f2d8a0001");
}

TEST_F(KeySourcePemTest, AKeyThatWasFetchedVerifiesTokensWithItsKid) {
  make();
  const Result<KeyChange> change = learn(kFirstId, balancer_key(0).public_pem());
  ASSERT_EQ(change.reason(), Reason::kOk);
  EXPECT_EQ(ids_of(change->added), kFirstId);
  VerifyScratch scratch;
  const std::string header = R"({"alg":"ES256","kid":")" + std::string(kFirstId) + "\"}";
  EXPECT_EQ(
      verify_jws(token(header, "{}", balancer_key(0)), *source_->keys(now_), {Algorithm::kEs256}, scratch).reason(),
      Reason::kOk);
  EXPECT_EQ(next_fetch().reason, FetchReason::kSoftAge);
}

TEST_F(KeySourcePemTest, AKidThatCouldLeaveItsPlaceInThePathIsPassedOver) {
  make();
  for (const std::string_view key_id : {"", ".", "..", "../x", "a/b", "a%2fb", "a?b", "a#b", "a b", "a\\b", "a.b",
                                        "a_b", "a\xc3\xa9", "a:b", "a@b", "a\n"}) {
    EXPECT_FALSE(source_->unknown_key(key_id)) << key_id;
  }
  EXPECT_FALSE(source_->unknown_key(std::string_view("a\0b", 3)));
  EXPECT_FALSE(source_->unknown_key({}));
  EXPECT_FALSE(source_->unknown_key(std::string(65, 'a')));
  EXPECT_FALSE(source_->wanted(now_));
  EXPECT_TRUE(source_->unknown_key(std::string(64, 'a')));
}

TEST_F(KeySourcePemTest, SeveralKeysAreHeldSideBySide) {
  make();
  ASSERT_EQ(learn(kFirstId, balancer_key(0).public_pem()).reason(), Reason::kOk);
  ASSERT_EQ(learn(kSecondId, balancer_key(1).public_pem()).reason(), Reason::kOk);
  EXPECT_EQ(ids(), std::string(kFirstId).append(kSecondId));
  VerifyScratch scratch;
  const std::string header = R"({"alg":"ES256","kid":")" + std::string(kSecondId) + "\"}";
  EXPECT_EQ(
      verify_jws(token(header, "{}", balancer_key(1)), *source_->keys(now_), {Algorithm::kEs256}, scratch).reason(),
      Reason::kOk);
  EXPECT_EQ(
      verify_jws(token(header, "{}", balancer_key(0)), *source_->keys(now_), {Algorithm::kEs256}, scratch).reason(),
      Reason::kTokenSignature);
}

TEST_F(KeySourcePemTest, AFloodOfKidsLeadsToOneFetchInACoolDown) {
  make();
  std::vector<std::int64_t> fetches;
  for (; now_ < kStart + 100; ++now_) {
    for (int i = 0; i < 50; ++i) source_->unknown_key("random-" + std::to_string(now_ * 50 + i));
    if (!due()) continue;
    fetches.push_back(now_ - kStart);
    EXPECT_EQ(source_->fail(begin(), now_, FetchFailure::kAbsent), Reason::kOk);
  }
  EXPECT_EQ(fetches, (std::vector<std::int64_t>{0, 30, 60, 90}));
  EXPECT_EQ(source_->status(now_).failures, 0U);
  EXPECT_EQ(source_->status(now_).last_error, Reason::kKeysNotFound);
}

TEST_F(KeySourcePemTest, AnAbsentKeyIsForgottenAtOnce) {
  make();
  ASSERT_EQ(learn(kFirstId, balancer_key(0).public_pem()).reason(), Reason::kOk);
  ASSERT_EQ(learn(kSecondId, balancer_key(1).public_pem()).reason(), Reason::kOk);
  now_ = next_fetch().not_before_s;
  EXPECT_EQ(due_fetch().uri, std::string(options_.uri).append(kFirstId));
  EXPECT_EQ(source_->fail(begin(), now_, FetchFailure::kAbsent), Reason::kOk);
  EXPECT_EQ(ids(), kSecondId);
  now_ = next_fetch().not_before_s;
  EXPECT_EQ(source_->fail(begin(), now_, FetchFailure::kAbsent), Reason::kOk);
  EXPECT_EQ(source_->keys(now_), nullptr);
  EXPECT_FALSE(source_->wanted(now_));
  EXPECT_TRUE(source_->unknown_key(kFirstId));
  EXPECT_EQ(next_fetch().reason, FetchReason::kUnknownKey);
}

TEST_F(KeySourcePemTest, AnUnreachableServerLeavesTheKeyUntilItsHardAge) {
  make();
  ASSERT_EQ(learn(kFirstId, balancer_key(0).public_pem()).reason(), Reason::kOk);
  const std::int64_t asked = now_;
  while (now_ < asked + 86400) {
    EXPECT_EQ(ids(), kFirstId);
    if (due()) fetch_nothing();
    now_ += 100;
  }
  EXPECT_EQ(ids(), "");
  EXPECT_FALSE(source_->wanted(now_));
}

TEST_F(KeySourcePemTest, KeysAreFetchedAnewOneByOne) {
  make();
  ASSERT_EQ(learn(kFirstId, balancer_key(0).public_pem()).reason(), Reason::kOk);
  ASSERT_EQ(learn(kSecondId, balancer_key(1).public_pem()).reason(), Reason::kOk);
  const std::shared_ptr<const KeySet> before = source_->keys(now_);
  for (const std::string_view key_id : {kFirstId, kSecondId, kFirstId, kSecondId}) {
    now_ = next_fetch().not_before_s;
    EXPECT_EQ(due_fetch().reason, FetchReason::kSoftAge);
    EXPECT_EQ(due_fetch().uri, std::string(options_.uri).append(key_id));
    const Result<KeyChange> change = fetch(balancer_key(key_id == kFirstId ? 0 : 1).public_pem());
    ASSERT_EQ(change.reason(), Reason::kOk);
    EXPECT_TRUE(change->same_keys());
    EXPECT_EQ(source_->keys(now_), before);
  }
}

TEST_F(KeySourcePemTest, FetchingKnownKeysAnewDoesNotPutOffUnknownOnes) {
  make();
  ASSERT_EQ(learn(kFirstId, balancer_key(0).public_pem()).reason(), Reason::kOk);
  now_ += 600;
  ASSERT_EQ(fetch_reason(balancer_key(0).public_pem()), Reason::kOk);
  EXPECT_TRUE(source_->unknown_key(kSecondId));
  EXPECT_EQ(due_fetch().reason, FetchReason::kUnknownKey);
}

TEST_F(KeySourcePemTest, FetchingKnownKeysAnewDoesNotForgetUnknownOnes) {
  options_.unknown_key_cooldown_s = 700;
  make();
  ASSERT_EQ(learn(kFirstId, balancer_key(0).public_pem()).reason(), Reason::kOk);
  EXPECT_TRUE(source_->unknown_key(kSecondId));
  now_ += 600;
  EXPECT_EQ(due_fetch().reason, FetchReason::kSoftAge);
  ASSERT_EQ(fetch_reason(balancer_key(0).public_pem()), Reason::kOk);
  EXPECT_EQ(next_fetch().reason, FetchReason::kUnknownKey);
  EXPECT_EQ(next_fetch().not_before_s, kStart + 700);
}

TEST_F(KeySourcePemTest, AKidThatHasAnotherKeyNowIsReported) {
  make();
  ASSERT_EQ(learn(kFirstId, balancer_key(0).public_pem()).reason(), Reason::kOk);
  const auto fingerprint = source_->keys(now_)->fingerprint();
  now_ += 600;
  EXPECT_EQ(ids_of(fetch(balancer_key(1).public_pem())->replaced), kFirstId);
  EXPECT_NE(source_->keys(now_)->fingerprint(), fingerprint);
}

TEST_F(KeySourcePemTest, AnErrorPageIsRefusedAndTheKeyStays) {
  make();
  ASSERT_EQ(learn(kFirstId, balancer_key(0).public_pem()).reason(), Reason::kOk);
  now_ += 600;
  EXPECT_EQ(fetch_reason("<html>503</html>"), Reason::kKeyPem);
  EXPECT_EQ(ids(), kFirstId);
  EXPECT_EQ(source_->status(now_).failures, 1U);
  now_ += 5;
  EXPECT_EQ(due_fetch().reason, FetchReason::kRetry);
  EXPECT_EQ(fetch_reason(std::string(100 * 1024 * 1024, '-')), Reason::kKeysLimit);
  EXPECT_EQ(ids(), kFirstId);
}

TEST_F(KeySourcePemTest, AsManyKeysAreHeldAsTheOptionSays) {
  options_.pem_key_count_max = 3;
  make();
  const std::string pem = balancer_key(0).public_pem();
  for (const std::string_view key_id : {"k1", "k2", "k3"}) ASSERT_EQ(learn(key_id, pem).reason(), Reason::kOk);
  EXPECT_EQ(ids(), "k1k2k3");
  const Result<KeyChange> change = learn("k4", pem);
  EXPECT_EQ(ids_of(change->added), "k4");
  EXPECT_EQ(ids_of(change->removed), "k1");
  EXPECT_EQ(ids(), "k2k3k4");
}

TEST_F(KeySourcePemTest, ATicketIsNoLongerGoodWhenSomethingElseIsWanted) {
  make();
  ASSERT_EQ(learn(kFirstId, balancer_key(0).public_pem()).reason(), Reason::kOk);
  now_ += 700;
  const std::optional<FetchWanted> known = source_->wanted(now_);
  ASSERT_TRUE(known);
  EXPECT_EQ(source_->fail(begin(), now_), Reason::kOk);
  const std::optional<FetchWanted> again = source_->wanted(now_);
  now_ = again->not_before_s;
  EXPECT_EQ(source_->fail(begin(), now_, FetchFailure::kAbsent), Reason::kOk);
  EXPECT_TRUE(source_->unknown_key(kSecondId));
  EXPECT_NE(next_fetch().ticket, again->ticket);
  EXPECT_EQ(source_->begin(known->ticket, now_), Reason::kKeySourceTicket);
  EXPECT_EQ(source_->begin(again->ticket, now_), Reason::kKeySourceTicket);
}

TEST_F(KeySourcePemTest, AReportThatComesBetweenAskingAndBeginningIsNotMistaken) {
  make();
  ASSERT_EQ(learn(kFirstId, balancer_key(0).public_pem()).reason(), Reason::kOk);
  const std::optional<FetchWanted> known = source_->wanted(now_);
  ASSERT_TRUE(known);
  EXPECT_TRUE(source_->unknown_key(kSecondId));
  now_ += 600;
  // Both are due, the unknown one longer.
  EXPECT_EQ(source_->begin(known->ticket, now_), Reason::kKeySourceTicket);
  EXPECT_EQ(due_fetch().uri, std::string(options_.uri).append(kSecondId));
}

}  // namespace
}  // namespace ostiary::test
