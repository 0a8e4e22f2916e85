#include "adapt/crypto.hpp"
#include "adapt/json.hpp"
#include "support/count_allocations.hpp"
#include "support/signing_key.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace ostiary::adapt {
namespace {

TEST(JsonAllocation, TheCounterCounts) {
  const test::AllocationCounter counter;
  const std::string text(100, 'x');
  EXPECT_EQ(counter.count(), 1U);
}

TEST(JsonAllocation, APreallocatedReaderTakesNoMemoryToRead) {
  JsonReader reader({.size_max = 8192, .depth_max = 8, .values_max = 512, .preallocate = true});
  std::string large = "{";
  for (int i = 0; i < 500; ++i) large += "\"k" + std::to_string(i) + "\":\"v\",";
  large.back() = '}';
  const std::string deep = R"({"a":[[[[{"b":1.5}]]]],"c":"\u00e9"})";
  const std::string broken = R"({"a":1,"a":2})";

  const test::AllocationCounter counter;
  EXPECT_EQ(reader.read(large).fault, JsonFault::kNone);
  EXPECT_EQ(reader.read(deep).fault, JsonFault::kNone);
  EXPECT_EQ(reader.read(broken).fault, JsonFault::kDuplicate);
  EXPECT_EQ(reader.read("[[[[[[[[[").fault, JsonFault::kSyntax);
  EXPECT_EQ(counter.count(), 0U);
}

// OpenSSL takes its memory from malloc, never from operator new: what is counted here is ours alone.
TEST(CryptoAllocation, VerifyingTakesNoMemoryOfOurs) {
  const std::array<test::SigningKey, 4> keys{test::SigningKey::of("PS256"), test::SigningKey::of("ES512"),
                                             test::SigningKey::of("EdDSA"), test::SigningKey::of("Ed448")};
  const std::array<std::string, 4> numbers{keys[0].modulus(), keys[1].x(), keys[2].x(), keys[3].x()};
  const std::array<std::string, 2> seconds{keys[0].exponent(), keys[1].y()};
  std::vector<std::string> signatures;
  for (const test::SigningKey& key : keys) signatures.push_back(key.sign("message"));
  const std::string tag = test::hmac("HS512", "secret", "message");
  const MacKey secret = std::move(MacKey::hmac(HashFunction::kSha512, "secret")).value();
  SignatureContext context;
  std::array<std::uint8_t, 64> hash{};
  std::size_t right = 0;

  const test::AllocationCounter counter;
  for (int round = 0; round < 2; ++round) {
    const std::array<Result<PublicKey>, 4> known{
        PublicKey::rsa(SignatureScheme::kRsaPssSha256, numbers[0], seconds[0]),
        PublicKey::ecdsa(SignatureScheme::kEcdsaP521Sha512, numbers[1], seconds[1]),
        PublicKey::edwards(SignatureScheme::kEd25519, numbers[2]),
        PublicKey::edwards(SignatureScheme::kEd448, numbers[3])};
    for (std::size_t i = 0; i < known.size(); ++i) {
      right += context.verify(*known[i], "message", signatures[i]) ? 1U : 0U;
      right += context.verify(*known[i], "another", signatures[i]) ? 100U : 0U;
    }
    right += context.verify(secret, "message", tag) ? 1U : 0U;
    right += context.digest(HashFunction::kSha384, "message", hash) ? 1U : 0U;
  }
  EXPECT_EQ(counter.count(), 0U);
  EXPECT_EQ(right, 12U);
}

}  // namespace
}  // namespace ostiary::adapt
