// What a host may join with a Gate besides keys: a rate limiter, the keys of those who make Gates; and another Gate.
#include "support/proved_gate.hpp"
#include "support/shop.hpp"

#include <ostiary/core/snapshot_cell.hpp>
#include <ostiary/engine.hpp>
#include <ostiary/policy/boundary.hpp>
#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/signed_gate.hpp>

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace ostiary {
namespace {

using test::read_shop;

constexpr std::array<std::uint8_t, 16> kSecret = {7, 1, 2, 3};
constexpr std::array<std::uint8_t, 32> kSeed = {9, 9, 9};

std::shared_ptr<RateLimiter> limiter() { return make_rate_limiter(1000, kSecret).value(); }

/// One public route; the id of its rule says which policy it is.
std::string policy(std::string_view rule, int version, std::string_view more = {}) {
  std::string json = R"({"gate": 1, "name": "small", "version": )" + std::to_string(version);
  json += R"(, "origins": {"o": {"scheme": "http", "host": "o.example", "port": 80}}, "routes": [{"id": "home", )";
  json += R"("hosts": ["a.example"], "methods": ["GET"], "path": "/**", "origin": "o")" + std::string(more);
  json += R"(}], "rules": [{"id": ")" + std::string(rule);
  json += R"(", "effect": "allow", "routes": ["home"], "public": true}]})";
  return json;
}

std::string image_of(const std::string& json) {
  const CompiledGate compiled = compile_gate(json);
  EXPECT_TRUE(compiled.ok()) << (compiled.ok() ? "" : compiled.errors.front().message);
  return compiled.image;
}

std::shared_ptr<const Engine> engine_of(const std::string& json, EngineOptions options = {}) {
  return Engine::make(image_of(json), {}, std::move(options)).value();
}

constexpr std::string_view kHead = "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n";
constexpr std::string_view kTwoAMinute = R"(, "rate": {"limit": 2, "period_s": 60, "burst": 2, "key": ["client"]})";

TEST(EngineRate, TakesFromTheBucketOfTheClient) {
  const auto engine = engine_of(policy("all", 1, kTwoAMinute), {.rate = limiter()});
  RequestScratch scratch;
  const Facts first{.now_s = 1000, .peer = "192.0.2.1"};
  EXPECT_TRUE(engine->decide_bytes(kHead, first, scratch).allowed());
  EXPECT_TRUE(engine->decide_bytes(kHead, first, scratch).allowed());
  const Decision denied = engine->decide_bytes(kHead, first, scratch);
  EXPECT_EQ(denied.reason, Reason::kRateLimited);
  EXPECT_EQ(denied.http_status(), 429);
  EXPECT_EQ(denied.answer.retry_after_s, 30U);
  EXPECT_EQ(denied.route, "home");
  EXPECT_TRUE(denied.origin.empty());
  EXPECT_TRUE(engine->decide_bytes(kHead, {.now_s = 1000, .peer = "192.0.2.2"}, scratch).allowed());
  EXPECT_FALSE(engine->decide_bytes(kHead, {.now_s = 1029, .peer = "192.0.2.1"}, scratch).allowed());
  EXPECT_TRUE(engine->decide_bytes(kHead, {.now_s = 1030, .peer = "192.0.2.1"}, scratch).allowed());
}

TEST(EngineRate, CountsInPartsOfASecond) {
  const std::string_view ten = R"(, "rate": {"limit": 10, "period_s": 1, "burst": 1, "key": ["client"]})";
  const auto engine = engine_of(policy("all", 1, ten), {.rate = limiter()});
  RequestScratch scratch;
  Facts facts{.now_s = 1000, .peer = "192.0.2.1"};
  EXPECT_TRUE(engine->decide_bytes(kHead, facts, scratch).allowed());
  facts.now_ns = 99'999'999;
  EXPECT_FALSE(engine->decide_bytes(kHead, facts, scratch).allowed());
  facts.now_ns = 100'000'000;
  EXPECT_TRUE(engine->decide_bytes(kHead, facts, scratch).allowed());
}

TEST(EngineRate, IsTheHostsOwnWithoutALimiter) {
  const auto engine = engine_of(policy("all", 1, kTwoAMinute));
  RequestScratch scratch;
  for (int i = 0; i < 5; ++i) {
    const Decision decision = engine->decide_bytes(kHead, {.now_s = 1000, .peer = "192.0.2.1"}, scratch);
    EXPECT_TRUE(decision.allowed());
    EXPECT_EQ(decision.rate.limit, 2U);
  }
}

TEST(EngineRate, TakesNothingForARequestThatIsDeniedAnyway) {
  const auto engine = engine_of(policy("all", 1, kTwoAMinute), {.rate = limiter()});
  RequestScratch scratch;
  const Facts facts{.now_s = 1000, .peer = "192.0.2.1"};
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(engine->decide_bytes("POST / HTTP/1.1\r\nHost: a.example\r\n\r\n", facts, scratch).allowed());
  }
  EXPECT_TRUE(engine->decide_bytes(kHead, facts, scratch).allowed());
}

TEST(EngineRate, BucketsOutliveTheGate) {
  const auto before = engine_of(policy("all", 1, kTwoAMinute), {.rate = limiter()});
  const auto after = before->with_gate(image_of(policy("all", 2, kTwoAMinute))).value();
  RequestScratch scratch;
  const Facts facts{.now_s = 1000, .peer = "192.0.2.1"};
  EXPECT_TRUE(before->decide_bytes(kHead, facts, scratch).allowed());
  EXPECT_TRUE(before->decide_bytes(kHead, facts, scratch).allowed());
  EXPECT_EQ(after->decide_bytes(kHead, facts, scratch).reason, Reason::kRateLimited);
}

TEST(EngineRate, TimesOutsideTheLimitersAreItsFirstAndLast) {
  const auto engine = engine_of(policy("all", 1, kTwoAMinute), {.rate = limiter()});
  RequestScratch scratch;
  EXPECT_TRUE(engine->decide_bytes(kHead, {.now_s = INT64_MIN, .peer = "192.0.2.1"}, scratch).allowed());
  EXPECT_TRUE(engine->decide_bytes(kHead, {.now_s = INT64_MAX, .peer = "192.0.2.1"}, scratch).allowed());
}

TEST(MakeRateLimiter, RefusesNoKeysAndMoreThanThereIsMemory) {
  EXPECT_EQ(make_rate_limiter(0, kSecret).reason(), Reason::kUsageArgument);
  EXPECT_EQ(make_rate_limiter(SIZE_MAX, kSecret).reason(), Reason::kUsageArgument);
  EXPECT_GE(limiter()->capacity(), 1000U);
}

struct Maker {
  GateKeyPair keys = make_gate_keys(kSeed).value();
  GatePublicKey public_key = read_gate_key(keys.public_pem).value();
};

TEST(EngineTrust, LoadsOnlyWhatATrustedKeySigned) {
  const Maker maker;
  const EngineOptions options{.gate_keys = {maker.public_key}};
  const std::string image = image_of(policy("all", 1));
  EXPECT_EQ(Engine::make(image, {}, options).reason(), Reason::kImageUnsigned);
  const std::string signed_image = sign_gate(image, maker.keys.private_pem).value();
  EXPECT_EQ(Engine::make(signed_image, {}, options).reason(), Reason::kOk);
  const auto other = make_gate_keys(std::array<std::uint8_t, 32>{1}).value();
  EXPECT_EQ(Engine::make(sign_gate(image, other.private_pem).value(), {}, options).reason(), Reason::kImageSignature);
}

TEST(EngineTrust, HoldsForTheNextGateToo) {
  const Maker maker;
  const auto engine = Engine::make(sign_gate(image_of(policy("all", 5)), maker.keys.private_pem).value(), {},
                                   {.gate_keys = {maker.public_key}})
                          .value();
  const std::string next = image_of(policy("all", 6));
  EXPECT_EQ(engine->with_gate(next).reason(), Reason::kImageUnsigned);
  EXPECT_EQ(engine->with_gate(sign_gate(next, maker.keys.private_pem).value()).reason(), Reason::kOk);
}

TEST(EngineTrust, AsksTheNextGateForTheSameBoundaryAndReviewers) {
  const Maker maker;
  const test::Signer ann(1);
  const std::string boundary = policy("bound", 1);
  const auto proved = [&](const std::string& bound, int version) {
    const std::string receipt = review_boundary(bound, ann.pair.private_pem, 0).value();
    const std::vector<GatePublicKey> keys{ann.key};
    const std::string image = test::proved_gate(policy("all", version), {bound, receipt, {keys}}).image;
    return sign_gate(image, maker.keys.private_pem).value();
  };
  const EngineOptions options{.gate_keys = {maker.public_key},
                              .boundary = boundary_hash(boundary).value(),
                              .reviewer_keys = {ann.key},
                              .reviews_min = 1};
  const std::string plain = sign_gate(image_of(policy("all", 3)), maker.keys.private_pem).value();
  EXPECT_EQ(Engine::make(plain, {}, options).reason(), Reason::kImageUnproved);
  const auto engine = Engine::make(proved(boundary, 1), {}, options).value();
  EXPECT_EQ(engine->with_gate(plain).reason(), Reason::kImageUnproved);
  EXPECT_EQ(engine->with_gate(proved(policy("bound", 2), 3)).reason(), Reason::kImageBoundary);
  EXPECT_EQ(engine->with_gate(proved(boundary, 2)).reason(), Reason::kOk);
  EngineOptions more = options;
  more.reviews_min = 2;
  EXPECT_EQ(Engine::make(proved(boundary, 1), {}, more).reason(), Reason::kImageReview);
  more.gate_keys.clear();
  EXPECT_EQ(Engine::make(image_of(policy("all", 3)), {}, more).reason(), Reason::kImageUnsigned);
}

TEST(EngineSwap, RefusesAnOlderGateAndTakesTheSameVersionAgain) {
  const auto engine = engine_of(policy("five", 5));
  EXPECT_EQ(engine->with_gate(image_of(policy("four", 4))).reason(), Reason::kImageRollback);
  EXPECT_EQ(engine->with_gate("no image").reason(), Reason::kImageFormat);
  EXPECT_EQ(engine->with_gate(image_of(policy("other", 5))).value()->gate().header().version, 5U);
  EXPECT_EQ(Engine::make(image_of(policy("five", 5)), {}, {.version_min = 6}).reason(), Reason::kImageRollback);
}

std::string shop_policy(std::string_view from, std::string_view to) {
  std::string json = read_shop("gate.json");
  if (!from.empty()) json.replace(json.find(from), from.size(), to);
  return json;
}

TEST(EngineSwap, KeepsKeysOnlyForTheSameIssuer) {
  const auto keys = KeySet::from_jwks(read_shop("keys.json")).value();
  const auto engine = Engine::make(image_of(shop_policy({}, {})), {{"shop-id", keys}}).value();
  RequestScratch scratch;
  const std::string head = "GET /orders HTTP/1.1\r\nHost: api.shop.example\r\nAuthorization: Bearer " +
                           read_shop("tokens/gold-rs256.jwt") + "\r\n\r\n";
  const Facts facts{.now_s = test::shop_cases()["now"].get<std::int64_t>(), .peer = "203.0.113.7"};
  EXPECT_TRUE(engine->decide_bytes(head, facts, scratch).allowed());
  const auto same = engine->with_gate(image_of(shop_policy({}, {}))).value();
  EXPECT_TRUE(same->decide_bytes(head, facts, scratch).allowed());
  // The same id, but somebody else: his tokens must not be judged by these keys.
  const auto other =
      engine->with_gate(image_of(shop_policy("\"https://id.shop.example\"", "\"https://id.other.example\""))).value();
  const Decision denied = other->decide_bytes(head, facts, scratch);
  EXPECT_FALSE(denied.allowed());
  const auto back = other->with_gate(image_of(shop_policy({}, {}))).value();
  EXPECT_EQ(back->decide_bytes(head, facts, scratch).reason, Reason::kTokenIssuerKeys);
}

/// Every decision is of one Gate from beginning to end: rule and target belong together.
TEST(EngineSwap, WhileOtherThreadsDecide) {
  const std::array<std::string, 2> images = {image_of(policy("even", 1, R"(, "rewrite": "/even")")),
                                             image_of(policy("odd", 1, R"(, "rewrite": "/odd")"))};
  // Not on the stack: sanitizers do not align frames to the cell's 64 bytes.
  const auto owned = std::make_unique<SnapshotCell<Engine>>();
  SnapshotCell<Engine>& cell = *owned;
  ASSERT_TRUE(cell.store(Engine::make(images[0], {}).value()));
  std::atomic<bool> stop{false};
  std::atomic<int> torn{0};
  std::atomic<std::uint64_t> decided{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      SnapshotReader<Engine> reader(cell);
      RequestScratch scratch;
      for (int turn = 0; turn < 1'000'000 && !stop.load(std::memory_order_relaxed); ++turn) {
        const Decision decision = reader.get()->decide_bytes(kHead, {}, scratch);
        if (!decision.allowed() || decision.target != "/" + std::string(decision.rule)) torn.fetch_add(1);
        decided.fetch_add(1, std::memory_order_relaxed);
      }
    });
  }
  int swaps = 0;
  for (int i = 1; i <= 300; ++i) {
    auto next = cell.load()->with_gate(images[static_cast<std::size_t>(i % 2)]);
    if (next && cell.store(std::move(next).value())) ++swaps;
  }
  while (decided.load() < 300) std::this_thread::yield();
  stop.store(true);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(torn.load(), 0);
  EXPECT_EQ(swaps, 300);
}

}  // namespace
}  // namespace ostiary
