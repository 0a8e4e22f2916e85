// Whatever the claims are, the image written for them passes the checks of Identity::load, which verification leaves
// out, and says of every claim what another JSON parser says.
#include "token/identity_writer.hpp"

#include "adapt/json.hpp"

#include <ostiary/core/limits.hpp>
#include <ostiary/token/identity.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::test {
namespace {

using nlohmann::json;

class Claimant {
 public:
  explicit Claimant(unsigned seed) : random_(seed) {}

  std::string claims() {
    std::string text = "{";
    const std::size_t count = below(12);
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) text += ',';
      text += (below(6) == 0 ? name(i) : quoted(std::to_string(i))) + ':' + value(3);
    }
    return text + '}';
  }

 private:
  std::size_t below(std::size_t bound) { return random_() % bound; }

  static std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

  static std::string name(std::size_t i) {
    constexpr std::array<std::string_view, 12> kNames{"scope", "scp",     "cnf", "",    "\\u0063laim", "iss",
                                                      "a.b",   "\\u0000", "é",   "aud", "sub",         "jkt"};
    return quoted(kNames[i % kNames.size()]);
  }

  std::string text() {
    constexpr std::array<std::string_view, 8> kTexts{"",
                                                     " ",
                                                     "a b",
                                                     "\\ud83d\\ude00 x",
                                                     "\\\\ \\\"",
                                                     "  a  b  ",
                                                     "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I",
                                                     "a long text that says nothing, twice as long as a register"};
    return quoted(kTexts[below(kTexts.size())]);
  }

  std::string value(std::size_t depth) {
    switch (below(depth > 0 ? 9 : 6)) {
      case 0: return std::to_string(random_());
      case 1: return below(2) == 0 ? "true" : "false";
      case 2: return below(2) == 0 ? "null" : "-1.5";
      case 3:
      case 4:
      case 5: return text();
      case 6: return "{" + name(below(12)) + ":" + value(depth - 1) + "}";
      default: return list(depth - 1);
    }
  }

  std::string list(std::size_t depth) {
    std::string made = "[";
    const bool only_text = below(2) == 0;
    for (std::size_t i = below(5); i > 0; --i) made += (only_text ? text() : value(depth)) + ',';
    if (made.back() == ',') made.pop_back();
    return made + ']';
  }

  std::mt19937 random_;
};

bool is_text(const json& value) { return value.is_string(); }

void expect_claim(const Identity& identity, const ClaimRecord& record, const json& value) {
  if (value.is_string()) {
    ASSERT_EQ(record.kind, ClaimKind::kText);
    ASSERT_EQ(identity.text(record.text), value.get<std::string>());
  } else if (value.is_boolean()) {
    ASSERT_EQ(record.kind, ClaimKind::kBoolean);
    ASSERT_EQ(record.integer != 0, value.get<bool>());
  } else if (value.is_number_integer()) {
    ASSERT_EQ(record.kind, ClaimKind::kInteger);
    ASSERT_EQ(record.integer, value.get<std::int64_t>());
  } else if (value.is_array() && std::all_of(value.begin(), value.end(), is_text)) {
    ASSERT_EQ(record.kind, ClaimKind::kTextSet);
    ASSERT_EQ(record.text.length, value.size());
    for (std::uint32_t i = 0; i < value.size(); ++i) {
      ASSERT_EQ(identity.element(record, i), value[i].get<std::string>());
    }
  } else {
    ASSERT_EQ(record.kind, ClaimKind::kOther);
  }
}

void expect_claims(const Identity& identity, const json& claims) {
  ASSERT_EQ(identity.claim_count(), claims.size());
  for (const auto& [name, value] : claims.items()) {
    ClaimRecord record;
    ASSERT_TRUE(identity.find(name, record)) << name;
    expect_claim(identity, record, value);
  }
}

/// Words between spaces; a list as it is.
std::vector<std::string> scopes_of(const json& claims) {
  const json none = json::array();
  const json& source = claims.contains("scope") ? claims["scope"] : claims.contains("scp") ? claims["scp"] : none;
  std::vector<std::string> scopes;
  if (source.is_string()) {
    for (const char c : source.get<std::string>() + ' ') {
      if (scopes.empty() || c == ' ') {
        if (scopes.empty() || !scopes.back().empty()) scopes.emplace_back();
        if (c == ' ') continue;
      }
      scopes.back() += c;
    }
    if (scopes.back().empty()) scopes.pop_back();
  } else if (source.is_array() && std::all_of(source.begin(), source.end(), is_text)) {
    for (const json& scope : source) scopes.push_back(scope.get<std::string>());
  }
  return scopes;
}

TEST(IdentityWriter, WritesWhatAnotherParserReads) {
  Claimant claimant(7519);
  const Limits limits;
  adapt::JsonReader reader({.size_max = 8192, .depth_max = 8, .values_max = 512, .preallocate = true});
  std::vector<char> memory(identity_size_max(limits));
  std::size_t written = 0;
  for (int round = 0; round < 20000; ++round) {
    const std::string text = claimant.claims();
    const adapt::JsonResult parsed = reader.read(text);
    if (parsed.fault != adapt::JsonFault::kNone) continue;  // one name twice
    const std::string_view image = write_identity(parsed.values, reader.texts(), memory);
    const Result<Identity> identity = Identity::load(image);
    ASSERT_TRUE(identity) << text;
    const json claims = json::parse(text);
    expect_claims(*identity, claims);
    const std::vector<std::string> scopes = scopes_of(claims);
    ASSERT_EQ(identity->scope_count(), scopes.size()) << text;
    for (std::uint32_t i = 0; i < scopes.size(); ++i) ASSERT_EQ(identity->scope(i), scopes[i]) << text;
    if (HasFatalFailure()) FAIL() << text;
    ++written;
  }
  EXPECT_GT(written, 15000U);
}

}  // namespace
}  // namespace ostiary::test
