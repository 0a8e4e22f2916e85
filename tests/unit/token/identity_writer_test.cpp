// From claims to the Identity image.
#include "token/identity_writer.hpp"

#include "adapt/json.hpp"
#include "unit/token/fixture.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ostiary::test {
namespace {

class IdentityWriter : public TokenTest {
 protected:
  Identity identity_of(std::string_view claims) {
    const auto identity = verify(
        token(kHeader, payload_with(R"("aud":"other","exp":1700000600,)" + std::string(claims)), Keys::get().ed));
    EXPECT_EQ(identity.reason(), Reason::kOk);
    return *identity;
  }

  std::vector<std::string> scopes_of(std::string_view claims) {
    const Identity identity = identity_of(claims);
    std::vector<std::string> scopes;
    for (std::uint32_t i = 0; i < identity.scope_count(); ++i) scopes.emplace_back(identity.scope(i));
    return scopes;
  }
};

using Scopes = std::vector<std::string>;

TEST_F(IdentityWriter, HoldsEveryShapeOfClaim) {
  const Identity identity = identity_of(
      R"("sub":"al\u0069ce","level":-3,"admin":true,"guest":false,"groups":["a","b"],"none":[],"mixed":["a",1],)"
      R"("address":{"x":1},"nothing":null,"ratio":1.5,"huge":18446744073709551615)");
  const auto kind_of = [&](std::string_view name) {
    ClaimRecord record;
    EXPECT_TRUE(identity.find(name, record)) << name;
    return record;
  };
  EXPECT_EQ(identity.text_claim("iss"), kIssuer);
  EXPECT_EQ(identity.text_claim("sub"), "alice");
  EXPECT_EQ(kind_of("exp").integer, 1700000600);
  EXPECT_EQ(kind_of("level").integer, -3);
  EXPECT_EQ(kind_of("admin").kind, ClaimKind::kBoolean);
  EXPECT_EQ(kind_of("admin").integer, 1);
  EXPECT_EQ(kind_of("guest").integer, 0);
  const ClaimRecord groups = kind_of("groups");
  ASSERT_EQ(groups.kind, ClaimKind::kTextSet);
  ASSERT_EQ(groups.text.length, 2U);
  EXPECT_EQ(identity.element(groups, 0), "a");
  EXPECT_EQ(identity.element(groups, 1), "b");
  EXPECT_EQ(kind_of("none").kind, ClaimKind::kTextSet);
  EXPECT_EQ(kind_of("none").text.length, 0U);
  for (const std::string_view name : {"mixed", "address", "nothing", "ratio", "huge"}) {
    EXPECT_EQ(kind_of(name).kind, ClaimKind::kOther) << name;
  }
  EXPECT_EQ(identity.claim_count(), 14U);
  ClaimRecord nested;
  EXPECT_FALSE(identity.find("x", nested));
}

TEST_F(IdentityWriter, ScopesComeFromScopeThenScp) {
  EXPECT_EQ(scopes_of(R"("scope":"read write")"), (Scopes{"read", "write"}));
  EXPECT_EQ(scopes_of(R"("scope":"read")"), (Scopes{"read"}));
  EXPECT_EQ(scopes_of(R"("scp":"a b c")"), (Scopes{"a", "b", "c"}));
  EXPECT_EQ(scopes_of(R"("scp":["a","b c"])"), (Scopes{"a", "b c"}));
  EXPECT_EQ(scopes_of(R"("scp":["a"],"scope":"b")"), (Scopes{"b"}));
  EXPECT_EQ(scopes_of(R"("scope":"b","scp":["a"])"), (Scopes{"b"}));
  EXPECT_EQ(scopes_of(R"("scope":"","scp":["a"])"), Scopes{});
  EXPECT_EQ(scopes_of(R"("sub":"x")"), Scopes{});
}

TEST_F(IdentityWriter, EmptyScopesGrantNothing) {
  EXPECT_EQ(scopes_of(R"("scope":"")"), Scopes{});
  EXPECT_EQ(scopes_of(R"("scope":"   ")"), Scopes{});
  EXPECT_EQ(scopes_of(R"("scope":" a  b ")"), (Scopes{"a", "b"}));
  EXPECT_EQ(scopes_of(R"("scope":"a\tb")"), (Scopes{"a\tb"}));
}

TEST_F(IdentityWriter, TheSameTokenGivesTheSameBytes) {
  const std::string good = token(kHeader, kPayload, Keys::get().ed);
  const std::string first((*verify(good)).image());
  VerifyScratch other;
  const std::array<TrustedIssuer, 1> issuers{{{policy(), keys_.get()}}};
  EXPECT_EQ((*verify_token(good, issuers, {.now_s = kNow}, other)).image(), first);
  EXPECT_TRUE(Identity::load(first));
}

TEST_F(IdentityWriter, ThePayloadIsKeptForTheHost) {
  EXPECT_TRUE(verify(token(kHeader, kPayload, Keys::get().ed)));
  EXPECT_EQ(scratch_.payload(), kPayload);
  EXPECT_EQ(reason("x"), Reason::kTokenSegments);
  EXPECT_TRUE(scratch_.payload().empty());
}

constexpr std::string_view kThumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
constexpr std::string_view kOtherThumbprint = "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2";

TEST_F(IdentityWriter, SaysWhatTheTokenIsBoundTo) {
  const std::string jkt = R"("jkt":")" + std::string(kThumbprint) + "\"";
  const std::string x5t = R"("x5t#S256":"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg0")";
  struct Case {
    std::string cnf;
    Confirmation confirmation;
    std::string_view key;
    std::string_view certificate;
  };
  const Case cases[] = {
      {R"("sub":"a")", Confirmation::kNone, {}, {}},
      {R"("cnf":{)" + jkt + "}", Confirmation::kPresent, kThumbprint, {}},
      {R"("cnf":{)" + x5t + "}", Confirmation::kPresent, {}, "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg0"},
      {R"("cnf":{)" + x5t + "," + jkt + "}", Confirmation::kPresent, kThumbprint,
       "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg0"},
  };
  for (const Case& c : cases) {
    const Identity identity = identity_of(c.cnf + R"(,"scope":"x y")");
    EXPECT_EQ(identity.confirmation(), c.confirmation) << c.cnf;
    EXPECT_EQ(identity.key_thumbprint(), c.key) << c.cnf;
    EXPECT_EQ(identity.key_thumbprint().data() == nullptr, c.key.data() == nullptr) << c.cnf;
    EXPECT_EQ(identity.certificate_thumbprint(), c.certificate) << c.cnf;
    EXPECT_EQ(identity.certificate_thumbprint().data() == nullptr, c.certificate.data() == nullptr) << c.cnf;
    EXPECT_EQ(identity.scope_count(), 2U) << c.cnf;
  }
}

TEST_F(IdentityWriter, ABindingThatNobodyCanCheckIsUnknown) {
  const std::string good(kThumbprint);
  const std::string cases[] = {
      "null",
      "true",
      "1",
      R"("x")",
      "[]",
      "{}",
      R"(["jkt"])",
      R"({"jkt":null})",
      R"({"jkt":1})",
      R"({"jkt":["x"]})",
      R"({"jkt":""})",
      R"({"jkt":")" + good.substr(1) + R"("})",                 // 42 characters
      R"({"jkt":")" + good + R"(="})",                          // padded
      R"({"jkt":")" + good + R"(A"})",                          // 44 characters
      R"({"jkt":")" + std::string(kOtherThumbprint) + R"("})",  // unused bits
      R"({"jkt":"+)" + good.substr(1) + R"("})",                // the other alphabet
      R"({"x5t#S256":"2jmj7l5rSw0yVb_vlWAYkK_YBwk"})",          // SHA-1
      R"({"x5t":")" + good + R"("})",                           // another member
      R"({"jwk":{"kty":"OKP"}})",
      R"({"kid":"a"})",
      R"({"jkt":")" + good + R"(","kid":"a"})",  // one that holds and one unknown
      R"({"jkt":")" + good + R"(","x5t#S256":"short"})",
  };
  for (const std::string& cnf : cases) {
    const Identity identity = identity_of(R"("cnf":)" + cnf);
    EXPECT_EQ(identity.confirmation(), Confirmation::kUnknown) << cnf;
    EXPECT_EQ(identity.key_thumbprint().data(), nullptr) << cnf;
    EXPECT_EQ(identity.certificate_thumbprint().data(), nullptr) << cnf;
  }
}

TEST_F(IdentityWriter, TheLargestPayloadsFit) {
  // The worst mixtures of claims, elements and scopes that a token of 8 KiB can hold.
  std::string claims = R"("scope":")";
  while (claims.size() < 5800) claims += "a ";
  EXPECT_EQ(scopes_of(claims + "\"").size(), 2896U);
  std::string many = R"("scp":[)";
  for (int i = 0; i < 507; ++i) many += i == 0 ? R"("a")" : R"(,"a")";
  EXPECT_EQ(scopes_of(many + "]").size(), 507U);
  std::string members = "\"x\":1";
  for (int i = 0; i < 506; ++i) members += ",\"" + std::to_string(i) + "\":1";
  EXPECT_EQ(identity_of(members).claim_count(), 510U);
}

TEST_F(IdentityWriter, MemoryThatIsTooSmallGivesNothing) {
  adapt::JsonReader reader({.size_max = 1024, .depth_max = 8, .values_max = 64, .preallocate = true});
  const auto parsed = reader.read(
      R"({"a":"b","c":["d","e"],"scope":"x y z","cnf":{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}})");
  std::vector<char> memory(1024);
  const std::size_t size = write_identity(parsed.values, reader.texts(), memory).size();
  ASSERT_GT(size, 0U);
  for (std::size_t room = 0; room < size; ++room) {
    EXPECT_TRUE(write_identity(parsed.values, reader.texts(), {memory.data(), room}).empty()) << room;
  }
  EXPECT_EQ(write_identity(parsed.values, reader.texts(), {memory.data(), size}).size(), size);
  EXPECT_TRUE(Identity::load({memory.data(), size}));
  EXPECT_TRUE(write_identity(parsed.values, "other texts", memory).empty());
}

TEST_F(IdentityWriter, DamagedImagesAreRefused) {
  EXPECT_TRUE(verify(token(kHeader, kPayload, Keys::get().ed)));
  const std::string image((*verify(token(kHeader, kPayload, Keys::get().ed))).image());
  EXPECT_EQ(Identity::load({}).reason(), Reason::kIdentityImage);
  for (std::size_t size = 0; size < image.size(); ++size) {
    EXPECT_EQ(Identity::load(std::string_view(image).substr(0, size)).reason(), Reason::kIdentityImage);
  }
  for (std::size_t i = 0; i < image.size(); ++i) {
    std::string damaged = image;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x80);
    const Result<Identity> loaded = Identity::load(damaged);
    for (std::uint32_t c = 0; loaded && c < loaded->claim_count(); ++c) {
      static_cast<void>(loaded->text_claim(loaded->text(loaded->claim(c).name)));
    }
  }
}

}  // namespace
}  // namespace ostiary::test
