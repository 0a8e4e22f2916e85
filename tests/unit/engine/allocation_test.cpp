// The request path allocates nothing of ours. OpenSSL's own allocations go through malloc and are not ours to avoid.
#include "support/count_allocations.hpp"
#include "support/shop.hpp"

#include <ostiary/engine.hpp>
#include <ostiary/policy/compile.hpp>

#include <gtest/gtest.h>

#include <string>

namespace ostiary {
namespace {

TEST(Allocation, NoShopRequestAllocates) {
  auto keys = KeySet::from_jwks(test::read_shop("keys.json")).value();
  const auto engine =
      Engine::make(compile_gate(test::read_shop("gate.json")).image, {{"shop-id", std::move(keys)}}).value();
  const auto cases = test::shop_cases();
  RequestScratch scratch;
  std::size_t requests = 0;
  for (const auto& entry : cases["cases"]) {
    const std::string head = test::read_shop(entry["request"]);
    const Facts facts{cases["now"].get<std::int64_t>(), "203.0.113.7"};
    const test::AllocationCounter counter;
    (void)engine->decide_bytes(head, facts, scratch).allowed();
    EXPECT_EQ(counter.count(), 0U) << entry["name"];
    ++requests;
  }
  EXPECT_GT(requests, 100U);
  const test::AllocationCounter counter;
  const std::string long_text(1000, 'x');
  EXPECT_GT(counter.count(), 0U) << "the counter does not count " << long_text.size();
}

}  // namespace
}  // namespace ostiary
