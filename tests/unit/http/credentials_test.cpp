#include "inspected.hpp"
#include "support/field_request.hpp"

#include <ostiary/http/credentials.hpp>

#include <gtest/gtest.h>

namespace ostiary::test {
namespace {

constexpr std::uint32_t kValueOffset = kLinesOffset + 15;

TEST(BearerToken, IsAViewOfTheHead) {
  for (const std::string scheme : {"Bearer", "bearer", "BEARER", "bEaReR"}) {
    const Inspected seen(with_lines("Authorization: " + scheme + " abc.DEF-_~+/09==\r\n"));
    ASSERT_TRUE(seen.complete());
    const Result<std::string_view> token = bearer_token(seen.request());
    ASSERT_TRUE(token.ok()) << scheme;
    EXPECT_EQ(*token, "abc.DEF-_~+/09==");
    EXPECT_EQ(token->data(), seen.input() + kValueOffset + 7);
  }
}

TEST(BearerToken, AbsentFieldIsAbsentAndNotEmpty) {
  const Inspected seen(with_lines(""));
  const Result<std::string_view> token = bearer_token(seen.request());
  EXPECT_TRUE(token.ok());
  EXPECT_EQ(token->data(), nullptr);
}

TEST(BearerToken, FaultsAreReportedWithTheirByte) {
  const RejectCase cases[] = {
      {"", Reason::kCredentialMalformed, 0},
      {"Bearer", Reason::kCredentialMalformed, 6},
      {"Bearer  abc", Reason::kCredentialMalformed, 7},
      {"Bearer\tabc", Reason::kCredentialMalformed, 6},
      {"Bearer abc def", Reason::kCredentialMalformed, 10},
      {"Bearer abc,def", Reason::kCredentialMalformed, 10},
      {"Bearer abc, Bearer def", Reason::kCredentialMalformed, 10},
      {"Bearer =", Reason::kCredentialMalformed, 7},
      {"Bearer a=b", Reason::kCredentialMalformed, 9},
      {"Bearer \xa0"
       "abc",
       Reason::kCredentialMalformed, 7},
      {"Bearer \"abc\"", Reason::kCredentialMalformed, 7},
      {"Bearer=abc", Reason::kCredentialMalformed, 6},
      {"Basic YTpi", Reason::kCredentialScheme, 0},
      {"Basic", Reason::kCredentialScheme, 0},
      {"DPoP abc", Reason::kCredentialScheme, 0},
      {"Bearers abc", Reason::kCredentialScheme, 0},
      {"abc.def.ghi", Reason::kCredentialScheme, 0},
      {"\"Bearer\" abc", Reason::kCredentialMalformed, 0},
  };
  for (const RejectCase& c : cases) {
    const Inspected seen(with_lines("Authorization: " + c.input + "\r\n"));
    ASSERT_TRUE(seen.complete()) << c.input;
    const Result<std::string_view> token = bearer_token(seen.request());
    EXPECT_EQ(name_of(token.reason()), name_of(c.reason)) << c.input;
    const std::uint32_t value = seen.request().find("authorization")->value.offset;
    EXPECT_EQ(token.error().offset, value + c.offset) << c.input;
    EXPECT_TRUE(token.value().empty()) << c.input;
  }
}

TEST(BearerToken, IsFoundThroughTheFieldsDoor) {
  const FieldView fields[] = {{"authorization", " Bearer abc "}};
  const Inspected seen(ParsedHead{"GET", "a", "/", fields});
  ASSERT_TRUE(seen.complete());
  EXPECT_EQ(*bearer_token(seen.request()), "abc");
}

TEST(Credential, SaysHowTheTokenIsPresented) {
  struct Case {
    std::string_view value;
    CredentialScheme scheme;
  };
  for (const Case& c : {Case{"Bearer abc", CredentialScheme::kBearer}, Case{"bEARER abc", CredentialScheme::kBearer},
                        Case{"DPoP abc", CredentialScheme::kDpop}, Case{"dpop abc", CredentialScheme::kDpop}}) {
    const Inspected seen(with_lines("Authorization: " + std::string(c.value) + "\r\n"));
    ASSERT_TRUE(seen.complete());
    const Result<Credential> found = credential(seen.request());
    ASSERT_TRUE(found.ok()) << c.value;
    EXPECT_EQ(found->scheme, c.scheme) << c.value;
    EXPECT_EQ(found->token, "abc");
    EXPECT_EQ(found->token.data(), seen.input() + kValueOffset + c.value.size() - 3);
  }
  const Inspected without(with_lines(""));
  const Result<Credential> none = credential(without.request());
  EXPECT_TRUE(none.ok());
  EXPECT_EQ(none->scheme, CredentialScheme::kNone);
  EXPECT_EQ(none->token.data(), nullptr);
}

TEST(Credential, FaultsAreThoseOfABearerToken) {
  const RejectCase cases[] = {
      {"DPoP", Reason::kCredentialMalformed, 4},
      {"DPoP  abc", Reason::kCredentialMalformed, 5},
      {"DPoP abc, DPoP def", Reason::kCredentialMalformed, 8},
      {"DPoPs abc", Reason::kCredentialScheme, 0},
      {"Basic YTpi", Reason::kCredentialScheme, 0},
      {"", Reason::kCredentialMalformed, 0},
      {"Bearer a b", Reason::kCredentialMalformed, 8},
  };
  for (const RejectCase& c : cases) {
    const Inspected seen(with_lines("Authorization: " + c.input + "\r\n"));
    ASSERT_TRUE(seen.complete()) << c.input;
    const Result<Credential> found = credential(seen.request());
    EXPECT_EQ(name_of(found.reason()), name_of(c.reason)) << c.input;
    EXPECT_EQ(found.error().offset, seen.request().find("authorization")->value.offset + c.offset) << c.input;
    EXPECT_TRUE(found.value().token.empty()) << c.input;
  }
}

TEST(DpopField, IsOneProof) {
  const Inspected without(with_lines(""));
  EXPECT_EQ(dpop_field(without.request())->data(), nullptr);
  const Inspected one(with_lines("DPoP: a.b.c\r\n"));
  EXPECT_EQ(*dpop_field(one.request()), "a.b.c");
  const Inspected empty(with_lines("DPoP:\r\n"));
  ASSERT_TRUE(dpop_field(empty.request()).ok());
  EXPECT_NE(dpop_field(empty.request())->data(), nullptr);
  EXPECT_TRUE(dpop_field(empty.request())->empty());
  const Inspected joined(with_lines("DPoP: a.b.c, d.e.f\r\n"));
  EXPECT_EQ(dpop_field(joined.request()).error(), (Error{Reason::kDpopMultiple, kLinesOffset + 11}));
  const FieldRequest two({{"DPoP", "a.b.c"}, {"accept", "a, b"}, {"dpop", "a.b.c"}});
  EXPECT_EQ(dpop_field(two.request()).error(), (Error{Reason::kDpopMultiple, two.offset_of("dpop")}));
}

}  // namespace
}  // namespace ostiary::test
