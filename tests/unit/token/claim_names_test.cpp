// Which claim a name is: only the name itself, to the last byte.
#include "adapt/json.hpp"
#include "token/claims.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace ostiary::test {
namespace {

struct Known {
  std::string_view name;
  ClaimId id;
};

constexpr std::array<Known, kClaimIdCount> kKnown{{
    {"iss", ClaimId::kIss},       {"sub", ClaimId::kSub},      {"aud", ClaimId::kAud},
    {"exp", ClaimId::kExp},       {"nbf", ClaimId::kNbf},      {"iat", ClaimId::kIat},
    {"jti", ClaimId::kJti},       {"scp", ClaimId::kScp},      {"azp", ClaimId::kAzp},
    {"sid", ClaimId::kSid},       {"txn", ClaimId::kTxn},      {"htm", ClaimId::kHtm},
    {"htu", ClaimId::kHtu},       {"scope", ClaimId::kScope},  {"nonce", ClaimId::kNonce},
    {"c_hash", ClaimId::kCHash},  {"s_hash", ClaimId::kSHash}, {"at_hash", ClaimId::kAtHash},
    {"events", ClaimId::kEvents}, {"req_wl", ClaimId::kReqWl}, {"client_id", ClaimId::kClientId},
}};

bool is_known(std::string_view name) {
  return std::any_of(kKnown.begin(), kKnown.end(), [name](const Known& known) { return known.name == name; });
}

class ClaimNames : public testing::Test {
 protected:
  /// The claims of an object with this one member.
  Claims claims_of(std::string_view name) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string json = "{\"";
    for (const char c : name) {
      json += "\\u00";
      json += kHex[static_cast<unsigned char>(c) >> 4];
      json += kHex[static_cast<unsigned char>(c) & 15U];
    }
    const adapt::JsonResult result = reader_.read(json + "\":1}");
    EXPECT_EQ(result.fault, adapt::JsonFault::kNone) << json;
    return Claims(result.values);
  }

  int count_of(std::string_view name) {
    const Claims claims = claims_of(name);
    int count = 0;
    for (const Known& known : kKnown) count += claims.has(known.id) ? 1 : 0;
    return count;
  }

 private:
  adapt::JsonReader reader_{{.size_max = 4096, .depth_max = 2, .values_max = 8, .preallocate = true}};
};

TEST_F(ClaimNames, EveryKnownNameIsFoundAndNothingElseWithIt) {
  for (const Known& known : kKnown) {
    EXPECT_TRUE(claims_of(known.name).has(known.id)) << known.name;
    EXPECT_EQ(count_of(known.name), 1) << known.name;
  }
}

TEST_F(ClaimNames, NamesThatAreNearlyKnownAreNot) {
  for (const Known& known : kKnown) {
    const std::string name(known.name);
    for (const std::string& other : {name + '\0', '\0' + name, name + ' ', name + name, name.substr(1),
                                     name.substr(0, name.size() - 1), name + std::string(8, '\0')}) {
      EXPECT_EQ(count_of(other), 0) << other;
    }
    for (std::size_t place = 0; place < name.size(); ++place) {
      for (int bit = 0; bit < 7; ++bit) {
        std::string other = name;
        other[place] = static_cast<char>(other[place] ^ (1 << bit));
        EXPECT_EQ(count_of(other), is_known(other) ? 1 : 0) << other;  // c_hash is near s_hash
      }
    }
  }
}

TEST_F(ClaimNames, NoNameOfNulsIsKnown) {
  for (std::size_t size = 0; size < 300; ++size) EXPECT_EQ(count_of(std::string(size, '\0')), 0) << size;
}

}  // namespace
}  // namespace ostiary::test
