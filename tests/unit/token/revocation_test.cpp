// Lists of what was taken back: their form, what they revoke, their epoch.

#include <ostiary/core/sip_hash.hpp>
#include <ostiary/token/revocation.hpp>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ostiary::test {
namespace {

constexpr std::string_view kList = R"({"revoked": [
  {"iss": "https://a.example", "jti": "a1"},
  {"iss": "https://a.example", "sub": "ada", "issued_before": 1760000000},
  {"sub": "bob", "iss": "https://a.example"},
  {"iss": "https://a.example", "sid": "s7"},
  {"iss": "https://b.example", "kid": "2024"}]})";

Error error_of(std::string_view json, const Limits& limits = {}) {
  const auto list = RevocationList::from_json(json, limits);
  EXPECT_EQ(*list == nullptr, !list.ok());
  return list.error();
}

std::shared_ptr<const RevocationList> list_of(std::string_view json) {
  const auto list = RevocationList::from_json(json);
  EXPECT_EQ(list.reason(), Reason::kOk) << json;
  return *list;
}

/// A list with this one entry.
std::string with_entry(std::string_view entry) { return R"({"revoked":[)" + std::string(entry) + "]}"; }

TEST(RevocationList, RevokesTokensSubjectsSessionsAndKeys) {
  const auto list = list_of(kList);
  EXPECT_EQ(list->size(), 5U);
  EXPECT_TRUE(list->revokes({.issuer = "https://a.example", .token_id = "a1"}));
  EXPECT_TRUE(list->revokes({.issuer = "https://a.example", .subject = "bob", .issued_at_s = 1'900'000'000}));
  EXPECT_TRUE(list->revokes({.issuer = "https://a.example", .session = "s7"}));
  EXPECT_TRUE(list->revokes({.issuer = "https://b.example", .key_id = "2024"}));
  EXPECT_TRUE(list->revokes({.issuer = "https://a.example",
                             .key_id = "k",
                             .token_id = "t",
                             .subject = "eve",
                             .session = "s7",
                             .issued_at_s = 1}));
}

TEST(RevocationList, AMarkOfAnotherKindOrIssuerIsNone) {
  const auto list = list_of(kList);
  for (const char* issuer : {"https://b.example", "https://a.exampl", "https://a.example/", "", "a1"}) {
    EXPECT_FALSE(list->revokes({.issuer = issuer, .token_id = "a1", .subject = "bob", .session = "s7"})) << issuer;
  }
  EXPECT_FALSE(list->revokes(
      {.issuer = "https://a.example", .key_id = "a1", .token_id = "s7", .subject = "a1", .session = "bob"}));
  EXPECT_FALSE(list->revokes({.issuer = "https://a.example", .token_id = "A1"}));
  EXPECT_FALSE(list->revokes({.issuer = "https://a.example"}));
  EXPECT_FALSE(list->revokes({}));
}

TEST(RevocationList, ASubjectsTokensFromBeforeAnInstantAreRevokedAndTheUndatedToo) {
  const auto list = list_of(kList);
  const auto revoked = [&list](std::optional<std::int64_t> issued_at_s) {
    return list->revokes({.issuer = "https://a.example", .subject = "ada", .issued_at_s = issued_at_s});
  };
  EXPECT_TRUE(revoked(1'759'999'999));
  EXPECT_FALSE(revoked(1'760'000'000));
  EXPECT_FALSE(revoked(1'760'000'001));
  EXPECT_TRUE(revoked(std::nullopt));
  EXPECT_TRUE(revoked(0));
}

TEST(RevocationList, AnEmptyTextIsAMarkAndAnAbsentOneIsNot) {
  const auto list = list_of(with_entry(R"({"iss":"i","kid":""})"));
  EXPECT_TRUE(list->revokes({.issuer = "i", .key_id = ""}));
  EXPECT_FALSE(list->revokes({.issuer = "i"}));
}

TEST(RevocationList, OfSeveralEntriesForASubjectTheWidestHolds) {
  const std::string early = R"({"iss":"i","sub":"s","issued_before":10})";
  const std::string late = R"({"iss":"i","sub":"s","issued_before":20})";
  const std::string always = R"({"iss":"i","sub":"s"})";
  const TokenMarks at_15{.issuer = "i", .subject = "s", .issued_at_s = 15};
  const TokenMarks at_25{.issuer = "i", .subject = "s", .issued_at_s = 25};
  for (const std::string& both : {early + "," + late, late + "," + early}) {
    const auto list = list_of(with_entry(both));
    EXPECT_EQ(list->size(), 1U);
    EXPECT_TRUE(list->revokes(at_15));
    EXPECT_FALSE(list->revokes(at_25));
    EXPECT_EQ(list->fingerprint(), list_of(with_entry(late))->fingerprint());
  }
  for (const std::string& all : {early + "," + always, always + "," + late}) {
    EXPECT_TRUE(list_of(with_entry(all))->revokes(at_25));
    EXPECT_EQ(list_of(with_entry(all))->fingerprint(), list_of(with_entry(always))->fingerprint());
  }
}

TEST(RevocationList, AnEmptyListRevokesNothing) {
  const auto list = list_of(R"({"revoked":[]})");
  EXPECT_EQ(list->size(), 0U);
  EXPECT_FALSE(list->revokes({.issuer = "i", .key_id = "", .token_id = "", .subject = "", .session = ""}));
}

TEST(RevocationList, TheEpochFollowsTheEntriesAndNotTheirOrder) {
  const auto same = list_of(R"({"revoked": [
    {"kid": "2024", "iss": "https://b.example"}, {"iss": "https://a.example", "sid": "s7"},
    {"iss": "https://a.example", "sid": "\u0073\u0037"},
    {"iss": "https://a.example", "sub": "bob"}, {"iss": "https://a.example", "jti": "a1"},
    {"issued_before": 1760000000, "iss": "https://a.example", "sub": "ada"}]})");
  EXPECT_EQ(same->size(), 5U);
  EXPECT_EQ(same->fingerprint(), list_of(kList)->fingerprint());
}

TEST(RevocationList, TheEpochDiffersWheneverTheListRevokesOtherThings) {
  const std::array<std::string_view, 12> entries{
      R"({"iss":"a","jti":"\u0000b"})",
      R"({"iss":"a\u0000","jti":"b"})",
      R"({"iss":"ab","jti":"c"})",
      R"({"iss":"a","jti":"bc"})",
      R"({"iss":"ab","sub":"c"})",
      R"({"iss":"ab","sid":"c"})",
      R"({"iss":"ab","kid":"c"})",
      R"({"iss":"ab","sub":"c","issued_before":1})",
      R"({"iss":"ab","sub":"c","issued_before":2})",
      R"({"iss":"ab","jti":"c"},{"iss":"ab","jti":"d"})",
      R"({"iss":"ab","jti":""})",
      "",
  };
  for (std::size_t i = 0; i < entries.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_NE(list_of(with_entry(entries[i]))->fingerprint(), list_of(with_entry(entries[j]))->fingerprint())
          << entries[i] << entries[j];
    }
  }
}

TEST(RevocationList, TheFormIsStrictAndTheFaultHasAPlace) {
  struct Case {
    std::string_view json;
    std::uint32_t offset;
  };
  for (const Case& bad : {
           Case{"", 0},
           Case{"[]", 0},
           Case{"null", 0},
           Case{"{}", 0},
           Case{R"({"revoked":{}})", 11},
           Case{R"({"revoked":null})", 11},
           Case{R"({"revoked":[],"next":1})", 14},
           Case{R"({"Revoked":[]})", 1},
           Case{R"({"revoked":[],"revoked":[]})", 14},
           Case{R"({"revoked":["a"]})", 12},
           Case{R"({"revoked":[{}]})", 12},
           Case{R"({"revoked":[{"iss":"i"}]})", 12},
           Case{R"({"revoked":[{"jti":"t"}]})", 12},
           Case{R"({"revoked":[{"iss":"","jti":"t"}]})", 12},
           Case{R"({"revoked":[{"iss":1,"jti":"t"}]})", 19},
           Case{R"({"revoked":[{"iss":"i","jti":null}]})", 29},
           Case{R"({"revoked":[{"iss":"i","jti":["t"]}]})", 29},
           Case{R"({"revoked":[{"iss":"i","jti":"t","sub":"s"}]})", 33},
           Case{R"({"revoked":[{"iss":"i","jti":"t","jti":"u"}]})", 33},
           Case{R"({"revoked":[{"iss":"i","jti":"t","why":"lost"}]})", 33},
           Case{R"({"revoked":[{"iss":"i","aud":"t"}]})", 23},
           Case{R"({"revoked":[{"iss":"i","jti":"t","issued_before":1}]})", 12},
           Case{R"({"revoked":[{"iss":"i","sub":"s","issued_before":-1}]})", 49},
           Case{R"({"revoked":[{"iss":"i","sub":"s","issued_before":9007199254740992}]})", 49},
           Case{R"({"revoked":[{"iss":"i","sub":"s","issued_before":1.5}]})", 49},
           Case{R"({"revoked":[{"iss":"i","sub":"s","issued_before":"1"}]})", 49},
           Case{R"({"revoked":[{"iss":"i","issued_before":1}]})", 12},
       }) {
    EXPECT_EQ(error_of(bad.json), (Error{Reason::kRevocationJson, bad.offset})) << bad.json;
  }
  EXPECT_EQ(error_of(with_entry(R"({"iss":"i","sub":"s","issued_before":9007199254740991})")).reason, Reason::kOk);
  EXPECT_EQ(error_of(R"({"revoked":[]} x)").reason, Reason::kRevocationJson);
  EXPECT_EQ(error_of(with_entry("{\"iss\":\"i\",\"sub\":\"\xff\"}")).reason, Reason::kRevocationJson);
}

TEST(RevocationList, KeepsItsLimits) {
  const std::string two = R"({"revoked":[{"iss":"i","jti":"t"},{"iss":"i","jti":"u"}]})";
  Limits limits;
  limits.revocation_count_max = 2;
  EXPECT_EQ(error_of(two, limits).reason, Reason::kOk);
  limits.revocation_count_max = 1;
  EXPECT_EQ(error_of(two, limits).reason, Reason::kRevocationLimit);
  EXPECT_EQ(error_of(two, limits).offset, 34U);
  limits = {};
  limits.revocation_size_max = static_cast<std::uint32_t>(two.size());
  EXPECT_EQ(error_of(two, limits).reason, Reason::kOk);
  --limits.revocation_size_max;
  EXPECT_EQ(error_of(two, limits).reason, Reason::kRevocationLimit);
}

TEST(RevocationList, HoldsAsManyEntriesAsTheLimitsAllow) {
  const Limits limits;
  std::string entries;
  for (std::uint32_t i = 0; i < limits.revocation_count_max; ++i) {
    entries +=
        (i == 0 ? "" : ",") + (R"({"iss":"i)" + std::to_string(i % 7) + R"(","jti":"t)") + std::to_string(i) + "\"}";
  }
  const auto list = list_of(with_entry(entries));
  EXPECT_EQ(list->size(), limits.revocation_count_max);
  for (std::uint32_t i = 0; i < limits.revocation_count_max; ++i) {
    const std::string id = "t" + std::to_string(i);
    ASSERT_TRUE(list->revokes({.issuer = "i" + std::to_string(i % 7), .token_id = id}));
    ASSERT_FALSE(list->revokes({.issuer = "i" + std::to_string((i + 1) % 7), .token_id = id}));
    ASSERT_FALSE(list->revokes({.issuer = "i" + std::to_string(i % 7), .subject = id}));
  }
}

/// SipHash by OpenSSL, little-endian.
std::uint64_t sip_hash_of_openssl(SipKey key, std::string_view message) {
  EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "SIPHASH", nullptr);
  EVP_MAC_CTX* const context = EVP_MAC_CTX_new(mac);
  std::size_t size = 8;
  unsigned c_rounds = 1;
  unsigned d_rounds = 3;
  std::array<OSSL_PARAM, 4> settings{OSSL_PARAM_construct_size_t("size", &size),
                                     OSSL_PARAM_construct_uint("c-rounds", &c_rounds),
                                     OSSL_PARAM_construct_uint("d-rounds", &d_rounds), OSSL_PARAM_construct_end()};
  std::array<unsigned char, 16> key_bytes{};
  std::memcpy(key_bytes.data(), &key, key_bytes.size());
  std::array<unsigned char, 8> out{};
  EXPECT_EQ(EVP_MAC_CTX_set_params(context, settings.data()), 1);
  EXPECT_EQ(EVP_MAC_init(context, key_bytes.data(), key_bytes.size(), nullptr), 1);
  EXPECT_EQ(EVP_MAC_update(context, reinterpret_cast<const unsigned char*>(message.data()), message.size()), 1);
  EXPECT_EQ(EVP_MAC_final(context, out.data(), &size, out.size()), 1);
  EVP_MAC_CTX_free(context);
  EVP_MAC_free(mac);
  std::uint64_t hash = 0;
  std::memcpy(&hash, out.data(), out.size());
  return hash;
}

TEST(SipHash, IsTheFunctionThatOpensslKnowsByThisName) {
  std::string message;
  for (unsigned i = 0; i < 70; ++i) {
    const SipKey key{0x0706050403020100U + i, 0x0f0e0d0c0b0a0908U * (i + 1)};
    ASSERT_EQ(sip_hash(key, message), sip_hash_of_openssl(key, message)) << i;
    message.push_back(static_cast<char>(i * 37));
  }
}

}  // namespace
}  // namespace ostiary::test
