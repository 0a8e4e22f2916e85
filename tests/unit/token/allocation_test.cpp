// The verify path takes no memory of its own.
#include "support/count_allocations.hpp"
#include "unit/token/fixture.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

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

}  // namespace
}  // namespace ostiary::test
