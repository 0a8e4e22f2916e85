#include "support/signing_key.hpp"

#include <ostiary/token/dpop_nonce.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <set>
#include <string>

namespace ostiary::test {
namespace {

constexpr std::array<std::byte, DpopNonces::kSecretSize> kSecret{std::byte{7}};
constexpr std::int64_t kStep = 60;

std::string nonce_of(const DpopNonces& nonces, std::int64_t now_s) {
  std::array<char, DpopNonces::kNonceSize> memory{};
  const Result<std::string_view> nonce = nonces.write(now_s, memory);
  EXPECT_EQ(nonce.reason(), Reason::kOk);
  return std::string(*nonce);
}

TEST(DpopNonces, AreTheMacOfTheStep) {
  const std::string secret = "\x07" + std::string(31, '\0');
  const std::string step("\0\0\0\0\0\0\0\x64", 8);
  const std::string expected = base64url(hmac_sha256(secret, "ostiary DPoP nonce " + step));
  EXPECT_EQ(nonce_of(DpopNonces(kSecret, kStep), 6000), expected);
  EXPECT_EQ(nonce_of(DpopNonces(kSecret, kStep), 6059), expected);
}

TEST(DpopNonces, AreGoodForTheirStepAndTheNext) {
  const DpopNonces nonces(kSecret, kStep);
  const std::string nonce = nonce_of(nonces, 6030);
  EXPECT_FALSE(nonces.accepts(nonce, 5999));
  EXPECT_TRUE(nonces.accepts(nonce, 6000));
  EXPECT_TRUE(nonces.accepts(nonce, 6119));
  EXPECT_FALSE(nonces.accepts(nonce, 6120));
  EXPECT_TRUE(nonces.accepts(nonce_of(nonces, 0), 0));
}

TEST(DpopNonces, ServersWithOneSecretKnowEachOthers) {
  const DpopNonces here(kSecret, kStep);
  const DpopNonces there = here;
  EXPECT_TRUE(there.accepts(nonce_of(here, 6000), 6001));
  std::array<std::byte, DpopNonces::kSecretSize> other = kSecret;
  other.back() = std::byte{1};
  EXPECT_FALSE(DpopNonces(other, kStep).accepts(nonce_of(here, 6000), 6001));
  EXPECT_FALSE(DpopNonces(kSecret, kStep + 1).accepts(nonce_of(here, 6000), 6001));
}

TEST(DpopNonces, AnythingElseIsRefused) {
  const DpopNonces nonces(kSecret, kStep);
  const std::string nonce = nonce_of(nonces, 6000);
  EXPECT_FALSE(nonces.accepts({}, 6000));
  EXPECT_FALSE(nonces.accepts(nonce.substr(1), 6000));
  EXPECT_FALSE(nonces.accepts(nonce + "=", 6000));
  for (std::size_t i = 0; i < nonce.size(); ++i) {
    std::string other = nonce;
    other[i] = other[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(nonces.accepts(other, 6000)) << i;
  }
}

TEST(DpopNonces, DifferFromStepToStep) {
  const DpopNonces nonces(kSecret, 1);
  std::set<std::string> seen;
  for (std::int64_t now = 0; now < 1000; ++now) seen.insert(nonce_of(nonces, now));
  EXPECT_EQ(seen.size(), 1000U);
}

TEST(DpopNonces, TimesAndStepsThatMakeNoSenseAreRefused) {
  std::array<char, DpopNonces::kNonceSize> memory{};
  EXPECT_EQ(DpopNonces(kSecret, 0).write(6000, memory).reason(), Reason::kUsageArgument);
  EXPECT_EQ(DpopNonces(kSecret, -1).write(6000, memory).reason(), Reason::kUsageArgument);
  EXPECT_EQ(DpopNonces(kSecret, kStep).write(-1, memory).reason(), Reason::kUsageArgument);
  const std::string nonce = nonce_of(DpopNonces(kSecret, kStep), 0);
  EXPECT_FALSE(DpopNonces(kSecret, 0).accepts(nonce, 0));
  EXPECT_FALSE(DpopNonces(kSecret, kStep).accepts(nonce, -1));
}

}  // namespace
}  // namespace ostiary::test
