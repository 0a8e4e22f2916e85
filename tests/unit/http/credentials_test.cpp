#include "inspected.hpp"

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

}  // namespace
}  // namespace ostiary::test
