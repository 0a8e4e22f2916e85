// Random hosts, issuers and clocks against a model that remembers everything and plans nothing: whatever happens, the
// promises of KeySource hold.
#include "unit/token/key_source_fixture.hpp"

#include <ostiary/token/key_source.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <string>

namespace ostiary::test {
namespace {

constexpr int kRuns = 200;
constexpr int kSteps = 400;
constexpr std::string_view kLetters = "abcdef";

/// What an observer with a good clock writes down. Times are seconds since the start.
struct Observer {
  std::int64_t now = 0;

  struct Fetch {
    std::uint64_t ticket = 0;
    std::int64_t begun = 0;
  };
  std::optional<Fetch> under_way;
  std::optional<std::int64_t> last_begun;
  std::int64_t quiet_until = 0;  ///< after failures
  int failures = 0;

  std::string letters;  ///< of the newest answer
  std::int64_t asked = 0;
  std::int64_t soft = 0;
  std::map<char, std::int64_t> leaving;  ///< removed letters and when they die

  [[nodiscard]] bool usable(std::int64_t hard_age) const { return !letters.empty() && now < asked + hard_age; }

  [[nodiscard]] std::string good(std::int64_t hard_age) const {
    std::string good = usable(hard_age) ? letters : "";
    for (const auto& [letter, dies] : leaving) {
      if (now < dies) good += letter;
    }
    std::sort(good.begin(), good.end());
    return good;
  }
};

class RandomHost {
 public:
  explicit RandomHost(std::uint32_t seed) : random_(seed) {
    options_.kind = KeySourceKind::kKeySet;
    options_.issuer = "issuer";
    options_.uri = kKeysUri;
    options_.soft_age_min_s = pick(1, 50);
    options_.soft_age_s = options_.soft_age_min_s + pick(0, 100);
    options_.soft_age_max_s = options_.soft_age_s + pick(0, 100);
    options_.fetch_timeout_s = pick(1, 20);
    options_.hard_age_s = options_.soft_age_max_s + options_.fetch_timeout_s + pick(0, 300);
    options_.unknown_key_cooldown_s = pick(1, 60);
    options_.retry_min_s = pick(1, 10);
    options_.retry_max_s = options_.retry_min_s * pick(1, 20);
    options_.removed_key_grace_s = pick(0, 1) == 0 ? 0 : pick(1, options_.hard_age_s);
    const auto made = KeySource::make(options_);
    EXPECT_EQ(made.reason(), Reason::kOk);
    source_ = *made;
    reader_.emplace(source_);
  }

  void step() {
    switch (pick(0, 9)) {
      case 0:
      case 1:
      case 2: pass_time(); break;
      case 3: set_clock_back(); break;
      case 4: report_unknown(); break;
      case 5:
      case 6: begin(); break;
      case 7:
      case 8: complete(); break;
      default: fail(); break;
    }
    check();
  }

 private:
  std::uint32_t pick(std::uint32_t least, std::uint32_t most) {
    return std::uniform_int_distribution<std::uint32_t>(least, most)(random_);
  }

  [[nodiscard]] std::int64_t clock() const { return kStart + offset_ + seen_.now; }

  /// The source learns the time, and the observer notices a fetch that takes too long.
  void tell() {
    static_cast<void>(source_->status(clock()));
    if (seen_.under_way && seen_.now - seen_.under_way->begun >= options_.fetch_timeout_s) note_failure();
  }

  void note_failure() {
    const std::int64_t wait = std::int64_t{options_.retry_min_s} << std::min(seen_.failures, 20);
    seen_.quiet_until = seen_.now + std::min<std::int64_t>(wait, options_.retry_max_s);
    ++seen_.failures;
    seen_.under_way.reset();
  }

  void pass_time() {
    seen_.now += pick(0, 20) == 0 ? pick(0, 2 * options_.hard_age_s) : pick(0, 15);
    tell();
  }

  void set_clock_back() {
    tell();
    offset_ -= pick(61, 100'000);
    tell();
  }

  void report_unknown() { source_->unknown_key(std::string(1, kLetters[pick(0, 5)])); }

  void begin() {
    const std::optional<FetchWanted> wanted = source_->wanted(clock());
    ASSERT_EQ(wanted.has_value(), !seen_.under_way) << "single flight";
    const std::uint64_t ticket = wanted ? wanted->ticket : pick(0, 1000);
    const Reason reason = source_->begin(ticket, clock());
    if (reason == Reason::kKeySourceTicket) {
      ASSERT_TRUE(!wanted || wanted->not_before_s > clock()) << "what is due can be begun";
      return;
    }
    ASSERT_EQ(reason, Reason::kOk);
    ASSERT_FALSE(seen_.under_way) << "single flight";
    ASSERT_LE(wanted->not_before_s, clock());
    ASSERT_GE(seen_.now, seen_.quiet_until) << "back-off";
    const bool needed = !seen_.usable(options_.hard_age_s) || seen_.now >= seen_.soft;
    if (!needed || wanted->reason == FetchReason::kUnknownKey) {
      ASSERT_TRUE(seen_.last_begun) << "no key is unknown before the first fetch";
      ASSERT_GE(seen_.now, *seen_.last_begun + options_.unknown_key_cooldown_s) << "cool-down";
    }
    seen_.under_way = Observer::Fetch{ticket, seen_.now};
    seen_.last_begun = seen_.now;
    if (pick(0, 3) == 0) pass_time();
  }

  std::string random_letters() {
    std::string letters;
    for (const char letter : kLetters) {
      if (pick(0, 1) == 0) letters += letter;
    }
    return letters;
  }

  void complete() {
    if (!seen_.under_way) {
      ASSERT_EQ(source_->complete(pick(0, 1000), jwks_of("a"), clock()).reason(), Reason::kKeySourceTicket);
      return;
    }
    const Observer::Fetch fetch = *seen_.under_way;
    const std::string letters = pick(0, 2) == 0 ? seen_.letters : random_letters();
    const bool garbage = pick(0, 5) == 0 || letters.empty();
    const std::optional<std::int64_t> lifetime =
        pick(0, 1) == 0 ? std::nullopt : std::optional<std::int64_t>(pick(0, 400));
    const std::shared_ptr<const KeySet> before = source_->keys(clock());
    const Result<KeyChange> change =
        source_->complete(fetch.ticket, garbage ? "<html>" : jwks_of(letters), clock(), lifetime);
    ASSERT_EQ(change.ok(), !garbage);
    if (garbage) {
      note_failure();
      return;
    }
    const bool same = seen_.usable(options_.hard_age_s) && letters == seen_.letters;
    ASSERT_EQ(change->same_keys(), same);
    if (same) {
      ASSERT_EQ(source_->keys(clock()), before) << "the same keys stay in place";
    }
    note_answer(fetch, letters, lifetime);
  }

  void note_answer(const Observer::Fetch& fetch, const std::string& letters, std::optional<std::int64_t> lifetime) {
    if (seen_.usable(options_.hard_age_s)) {
      for (const char letter : seen_.letters) {
        seen_.leaving[letter] =
            std::min<std::int64_t>(seen_.asked + options_.hard_age_s, seen_.now + options_.removed_key_grace_s);
      }
    }
    for (const char letter : letters) seen_.leaving.erase(letter);
    seen_.letters = letters;
    seen_.asked = fetch.begun;
    seen_.soft = fetch.begun + std::clamp<std::int64_t>(lifetime.value_or(options_.soft_age_s), options_.soft_age_min_s,
                                                        options_.soft_age_max_s);
    seen_.under_way.reset();
    seen_.failures = 0;
    seen_.quiet_until = 0;
  }

  void fail() {
    if (!seen_.under_way) {
      ASSERT_EQ(source_->fail(pick(0, 1000), clock()), Reason::kKeySourceTicket);
      return;
    }
    ASSERT_EQ(source_->fail(seen_.under_way->ticket, clock()), Reason::kOk);
    note_failure();
  }

  void check() {
    tell();
    const std::shared_ptr<const KeySet> keys = source_->keys(clock());
    std::string good = ids_of(keys.get());
    std::sort(good.begin(), good.end());
    ASSERT_EQ(good, seen_.good(options_.hard_age_s)) << "the newest keys and those in their grace, until they are old";
    ASSERT_EQ(reader_->keys(clock()), keys.get());
    ASSERT_EQ(source_->keys(clock() + options_.hard_age_s), nullptr) << "readers alone find keys too old";

    const KeySourceStatus status = source_->status(clock());
    ASSERT_EQ(status.under_way, seen_.under_way.has_value());
    ASSERT_EQ(status.failures, static_cast<std::uint32_t>(seen_.failures));
    ASSERT_EQ(status.usable, seen_.usable(options_.hard_age_s));
    const bool needed = !seen_.usable(options_.hard_age_s) || seen_.now >= seen_.soft;
    if (!needed || seen_.under_way || seen_.now < seen_.quiet_until) return;
    const std::optional<FetchWanted> wanted = source_->wanted(clock());
    ASSERT_TRUE(wanted && wanted->not_before_s <= clock()) << "what is needed is wanted";
  }

  std::mt19937 random_;
  KeySourceOptions options_;
  std::shared_ptr<KeySource> source_;
  std::optional<KeyReader> reader_;
  Observer seen_;
  std::int64_t offset_ = 0;
};

TEST(KeySourceModel, PromisesHoldForRandomHostsIssuersAndClocks) {
  for (std::uint32_t seed = 0; seed < kRuns; ++seed) {
    SCOPED_TRACE(seed);
    RandomHost host(seed);
    for (int i = 0; i < kSteps && !::testing::Test::HasFailure(); ++i) host.step();
    ASSERT_FALSE(::testing::Test::HasFailure());
  }
}

}  // namespace
}  // namespace ostiary::test
