#include "support/shop.hpp"

#include <ostiary/engine.hpp>
#include <ostiary/policy/compile.hpp>

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace ostiary {
namespace {

using test::read_shop;
using test::shop_cases;

std::shared_ptr<const KeySet> shop_keys() { return KeySet::from_jwks(read_shop("keys.json")).value(); }

std::string shop_image() { return compile_gate(read_shop("gate.json")).image; }

std::shared_ptr<const Engine> shop_engine() { return Engine::make(shop_image(), {{"shop-id", shop_keys()}}).value(); }

std::string bytes_of(const Decision& decision) {
  std::vector<std::byte> memory(64 * 1024);
  Arena arena(memory);
  return std::string(encode_decision(decision, arena));
}

TEST(Engine, DecidesEveryShopCaseAsItsAuthorMeantIt) {
  const auto engine = shop_engine();
  const auto cases = shop_cases();
  RequestScratch scratch;
  for (const auto& entry : cases["cases"]) {
    const std::string head = read_shop(entry["request"]);
    const std::string peer = entry.value("peer", "");
    const Decision decision =
        engine->decide_bytes(head, {entry.value("now", cases["now"].get<std::int64_t>()), peer}, scratch);
    const auto& expect = entry["expect"];
    const std::string name = entry["name"];
    EXPECT_EQ(decision.allowed(), expect["effect"] == "allow") << name << " " << reason_info(decision.reason).name;
    EXPECT_EQ(std::string(decision.route), expect["route"].is_null() ? "" : expect["route"].get<std::string>()) << name;
    if (!expect["reason"].is_null()) {
      EXPECT_EQ(reason_info(decision.reason).name, expect["reason"].get<std::string>()) << name;
    }
    if (!expect["rule"].is_null()) {
      EXPECT_EQ(decision.rule, expect["rule"].get<std::string>()) << name;
    }
  }
}

TEST(Engine, BothDoorsDecideAlike) {
  const auto engine = shop_engine();
  const auto cases = shop_cases();
  RequestScratch bytes_scratch;
  RequestScratch fields_scratch;
  std::vector<std::byte> memory(inspect_scratch_size_max({}));
  int compared = 0;
  for (const auto& entry : cases["cases"]) {
    const std::string head = read_shop(entry["request"]);
    Arena arena(memory);
    const Inspection inspection = inspect_bytes(head, arena);
    if (inspection.progress != Progress::kComplete) continue;
    const Request& request = inspection.request;
    std::vector<FieldView> fields;
    for (const Field& field : request.fields) fields.push_back({request.name(field), request.value(field)});
    const ParsedHead parsed{
        kMethodNames[static_cast<std::size_t>(request.method)], {}, request.target.in(head), fields};
    const Facts facts{cases["now"].get<std::int64_t>(), "203.0.113.7"};
    Decision from_bytes = engine->decide_bytes(head, facts, bytes_scratch);
    Decision from_fields = engine->decide_fields(parsed, facts, fields_scratch);
    // Offsets count in the caller's buffer on one side and in the copy on the other.
    from_bytes.offset = from_fields.offset = 0;
    EXPECT_EQ(bytes_of(from_bytes), bytes_of(from_fields)) << entry["name"];
    ++compared;
  }
  EXPECT_GT(compared, 80);
}

TEST(Engine, ATokenOfAnIssuerWithoutKeysIsRefused) {
  const auto engine = Engine::make(shop_image(), {}).value();
  RequestScratch scratch;
  const std::string head = "GET /orders HTTP/1.1\r\nHost: api.shop.example\r\nAuthorization: Bearer " +
                           read_shop("tokens/gold-rs256.jwt") + "\r\n\r\n";
  const Decision decision = engine->decide_bytes(head, {shop_cases()["now"].get<std::int64_t>(), {}}, scratch);
  EXPECT_EQ(decision.reason, Reason::kTokenIssuerKeys);
  EXPECT_EQ(decision.route, "orders-list");
}

TEST(Engine, ABadCredentialOnAPublicRouteIsADenial) {
  const auto engine = shop_engine();
  RequestScratch scratch;
  const std::string head = "GET /health HTTP/1.1\r\nHost: api.shop.example\r\nAuthorization: Bearer a.b.c\r\n\r\n";
  const Decision decision = engine->decide_bytes(head, {}, scratch);
  EXPECT_FALSE(decision.allowed());
  EXPECT_EQ(reason_info(decision.reason).reason_class, ReasonClass::kToken);
  EXPECT_EQ(decision.route, "health");
  // The offset is a byte of the head, inside the token.
  EXPECT_GE(decision.offset, head.find("a.b.c"));
  EXPECT_LE(decision.offset, head.find("a.b.c") + 5);
}

TEST(Engine, KeysForAnUnknownIssuerAreAMistakeOfTheHost) {
  EXPECT_EQ(Engine::make(shop_image(), {{"other", shop_keys()}}).reason(), Reason::kUsageIssuerUnknown);
  EXPECT_EQ(Engine::make("no image", {}).reason(), Reason::kImageFormat);
}

TEST(Engine, APeerThatIsNoAddressDeniesTheRequest) {
  const auto engine = shop_engine();
  RequestScratch scratch;
  const std::string head = read_shop("requests/001-curl-health.http");
  for (const std::string_view peer :
       {"localhost", "1.2.3", "203.0.113.7:80", "::1%eth0", "[::1]", "010.0.0.1", " 1.1.1.1"}) {
    EXPECT_EQ(engine->decide_bytes(head, {0, peer}, scratch).reason, Reason::kUsagePeer) << peer;
  }
  for (const std::string_view peer : {"", "203.0.113.7", "::1", "2001:db8::1", "::ffff:10.0.0.1"}) {
    EXPECT_TRUE(engine->decide_bytes(head, {0, peer}, scratch).allowed()) << peer;
  }
}

TEST(Engine, EveryTruncationOfAGoodRequestIsDenied) {
  const auto engine = shop_engine();
  RequestScratch scratch;
  const std::string whole = read_shop("requests/001-curl-health.http");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::vector<char> exact(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(engine->decide_bytes({exact.data(), exact.size()}, {}, scratch).allowed()) << size;
  }
}

TEST(Engine, IsSharedByThreadsThatEachHaveTheirScratch) {
  const auto engine = shop_engine();
  const std::int64_t now = shop_cases()["now"].get<std::int64_t>();
  const std::string head = "GET /orders HTTP/1.1\r\nHost: api.shop.example\r\nAuthorization: Bearer " +
                           read_shop("tokens/gold-rs256.jwt") + "\r\n\r\n";
  std::vector<int> allowed(4, 0);
  std::vector<std::thread> threads;
  for (int& count : allowed) {
    threads.emplace_back([&engine, &head, &count, now] {
      RequestScratch scratch;
      for (int i = 0; i < 200; ++i)
        count += engine->decide_bytes(head, {now, "203.0.113.7"}, scratch).allowed() ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(allowed, std::vector<int>(4, 200));
}

}  // namespace
}  // namespace ostiary
