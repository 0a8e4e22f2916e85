// A source of keys and a host that fetches for it, without a network.
#pragma once

#include "support/signing_key.hpp"

#include <ostiary/token/key_source.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostiary::test {

inline constexpr std::int64_t kStart = 1'700'000'000;
inline constexpr std::string_view kKeysUri = "https://keys.example/jwks";

/// Ed25519 keys are quick to make and to import.
inline const SigningKey& key_number(std::size_t index) {
  static const std::vector<SigningKey> keys = [] {
    std::vector<SigningKey> made;
    for (int i = 0; i < 8; ++i) made.push_back(SigningKey::ed25519());
    return made;
  }();
  return keys.at(index);
}

inline std::string jwk(std::string_view key_id, std::size_t number) {
  return key_number(number).jwk(R"("kid":")" + std::string(key_id) + "\",");
}

/// A JWK Set of one key for each letter: 'a' is kid "a" with key 0, and so on.
inline std::string jwks_of(std::string_view letters) {
  std::string keys;
  for (const char letter : letters) {
    if (!keys.empty()) keys += ',';
    keys += jwk(std::string(1, letter), static_cast<std::size_t>(letter - 'a'));
  }
  return R"({"keys":[)" + keys + "]}";
}

/// The kids of a set, one behind the other.
inline std::string ids_of(const KeySet* keys) {
  std::string ids;
  for (std::size_t i = 0; keys != nullptr && i < keys->size(); ++i) ids += keys->key(i).key_id;
  return ids;
}

inline std::string ids_of(const std::vector<KeyMark>& keys) {
  std::string ids;
  for (const KeyMark& key : keys) ids += key.key_id;
  return ids;
}

class KeySourceTest : public ::testing::Test {
 protected:
  KeySourceTest() {
    options_.kind = KeySourceKind::kKeySet;
    options_.issuer = "https://issuer.example";
    options_.uri = kKeysUri;
  }

  void make() {
    const Result<std::shared_ptr<KeySource>> made = KeySource::make(options_);
    ASSERT_EQ(made.reason(), Reason::kOk);
    source_ = *made;
  }

  /// What should be fetched now or earlier.
  std::optional<FetchWanted> due() {
    std::optional<FetchWanted> wanted = source_->wanted(now_);
    return wanted && wanted->not_before_s <= now_ ? wanted : std::nullopt;
  }

  /// The same two where there must be an answer.
  FetchWanted next_fetch() { return some(source_->wanted(now_)); }
  FetchWanted due_fetch() { return some(due()); }

  std::uint64_t begin() {
    const std::optional<FetchWanted> wanted = due();
    EXPECT_TRUE(wanted);
    const std::uint64_t ticket = wanted ? wanted->ticket : 0;
    EXPECT_EQ(source_->begin(ticket, now_), Reason::kOk);
    return ticket;
  }

  /// Fetches what is due and gets `body`.
  Result<KeyChange> fetch(std::string_view body, std::optional<std::int64_t> lifetime_s = std::nullopt) {
    return source_->complete(begin(), body, now_, lifetime_s);
  }
  Reason fetch_reason(std::string_view body) { return fetch(body).reason(); }
  void fetch_nothing() { EXPECT_EQ(source_->fail(begin(), now_), Reason::kOk); }

  /// A source that has the keys of these letters since `now_`.
  void make_with(std::string_view letters) {
    make();
    ASSERT_EQ(fetch_reason(jwks_of(letters)), Reason::kOk);
  }

  std::string ids() { return ids_of(source_->keys(now_).get()); }

  static FetchWanted some(std::optional<FetchWanted> wanted) {
    EXPECT_TRUE(wanted);
    return std::move(wanted).value_or(FetchWanted{});
  }

  KeySourceOptions options_;
  std::shared_ptr<KeySource> source_;
  std::int64_t now_ = kStart;
};

}  // namespace ostiary::test
