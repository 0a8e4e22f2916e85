#include "inspected.hpp"

#include <ostiary/http/authorization.hpp>

#include <gtest/gtest.h>

#include <array>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostiary::test {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs pairs_of(std::string_view text, const Authorization& from) {
  Pairs pairs;
  for (const AuthParameter& p : auth_parameters(text, from)) pairs.emplace_back(p.name.in(text), p.value.in(text));
  return pairs;
}

/// The parameters of a value that is a sound list.
Pairs pairs_of(std::string_view value) {
  const Result<Authorization> found = parse_authorization(value);
  EXPECT_TRUE(found.ok()) << value << " at " << found.error().offset;
  EXPECT_EQ(found->kind, CredentialsKind::kParameters) << value;
  return pairs_of(value, *found);
}

void expect_fault(std::string_view value, std::uint32_t offset) {
  const Result<Authorization> found = parse_authorization(value);
  EXPECT_EQ(name_of(found.reason()), "CREDENTIAL_MALFORMED") << value;
  EXPECT_EQ(found.error().offset, offset) << value;
  EXPECT_FALSE(found.value().present()) << value;
}

static_assert(std::ranges::forward_range<AuthParameters>);

TEST(Authorization, OfTheRequestIsSpansOfItsHead) {
  const Inspected seen(with_lines("Authorization: Basic YTpi\r\n"));
  ASSERT_TRUE(seen.complete());
  const Result<Authorization> found = authorization(seen.request());
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->scheme, (Span{kLinesOffset + 15, 5}));
  EXPECT_EQ(found->rest, (Span{kLinesOffset + 21, 4}));
  EXPECT_EQ(found->kind, CredentialsKind::kToken68);
  const Inspected bad(with_lines("Authorization: Digest a\r\nX: =\r\n"));
  EXPECT_EQ(authorization(bad.request())->kind, CredentialsKind::kToken68);
  const Inspected worse(with_lines("Authorization: Digest a=b c\r\n"));
  EXPECT_EQ(authorization(worse.request()).error(), (Error{Reason::kCredentialMalformed, kLinesOffset + 15 + 11}));
}

TEST(Authorization, AbsentFieldIsAbsent) {
  const Inspected seen(with_lines(""));
  const Result<Authorization> found = authorization(seen.request());
  EXPECT_TRUE(found.ok());
  EXPECT_FALSE(found->present());
  EXPECT_EQ(pairs_of(seen.request().head, *found), Pairs{});
}

TEST(Authorization, HasAToken68OrNothing) {
  const std::pair<std::string_view, CredentialsKind> cases[] = {
      {"Negotiate", CredentialsKind::kEmpty},    {"Bearer abc.DEF-_~+/09==", CredentialsKind::kToken68},
      {"DPoP a.b.c", CredentialsKind::kToken68}, {"Basic YTpi", CredentialsKind::kToken68},
      {"x a==", CredentialsKind::kToken68},      {"x a=b", CredentialsKind::kParameters},
      {"x a==b", CredentialsKind::kParameters},
  };
  for (const auto& [value, kind] : cases) {
    const Result<Authorization> found = parse_authorization(value);
    ASSERT_TRUE(found.ok()) << value;
    EXPECT_EQ(found->kind, kind) << value;
    EXPECT_EQ(found->scheme.in(value), value.substr(0, value.find(' '))) << value;
    EXPECT_EQ(found->rest.present(), kind != CredentialsKind::kEmpty) << value;
    if (kind != CredentialsKind::kParameters) {
      EXPECT_EQ(pairs_of(value, *found), Pairs{}) << value;
    }
  }
}

// RFC 7616 §3.9.1
TEST(Authorization, DigestIsAListOfTokensAndQuotedStrings) {
  const std::string_view value =
      R"(Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", algorithm=SHA-256,)"
      R"( nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, qop=auth)";
  EXPECT_EQ(pairs_of(value), (Pairs{{"username", "Mufasa"},
                                    {"realm", "http-auth@example.org"},
                                    {"uri", "/dir/index.html"},
                                    {"algorithm", "SHA-256"},
                                    {"nonce", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"},
                                    {"nc", "00000001"},
                                    {"qop", "auth"}}));
  const Result<Authorization> found = parse_authorization(value);
  EXPECT_TRUE(find_auth_parameter(value, *found, "username").quoted);
  EXPECT_FALSE(find_auth_parameter(value, *found, "qop").quoted);
  EXPECT_FALSE(find_auth_parameter(value, *found, "opaque").name.present());
}

TEST(Authorization, Aws4HasSlashesAndSemicolonsInItsValues) {
  const std::string_view value =
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
      "SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79";
  EXPECT_EQ(pairs_of(value), (Pairs{{"Credential", "AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request"},
                                    {"SignedHeaders", "content-type;host;x-amz-date"},
                                    {"Signature", "5d672d79"}}));
  EXPECT_EQ(find_auth_parameter(value, *parse_authorization(value), "signedheaders").value.in(value),
            "content-type;host;x-amz-date");
}

TEST(Authorization, SignatureHasCommasAndEqualsSignsInQuotes) {
  EXPECT_EQ(pairs_of(R"(Signature keyId="k,1",headers="(request-target) host",signature="a+/b==")"),
            (Pairs{{"keyId", "k,1"}, {"headers", "(request-target) host"}, {"signature", "a+/b=="}}));
  EXPECT_EQ(pairs_of("Signature signature=a+/b==,x=1"), (Pairs{{"signature", "a+/b=="}, {"x", "1"}}));
}

TEST(Authorization, BlanksAndEmptyMembersAreToleratedWhereTheClauseDemandsIt) {
  EXPECT_EQ(pairs_of("x a = b ,\tc\t=\t\"d\" "), (Pairs{{"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(pairs_of("x ,, a=b , ,c=d,"), (Pairs{{"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(pairs_of("x a=\"\""), (Pairs{{"a", ""}}));
}

TEST(Authorization, FaultsAreReportedWithTheirByte) {
  expect_fault("", 0);
  expect_fault(" x", 0);
  expect_fault("x\ta=b", 1);
  expect_fault("x ", 2);
  expect_fault("x  a=b", 2);
  expect_fault("x \ta=b", 2);
  expect_fault("x ,", 2);
  expect_fault("x =b", 2);
  expect_fault("x a=b c", 6);
  expect_fault("x a=b;c d", 8);
  expect_fault("x a b", 4);
  expect_fault("x a, b=c", 3);
  expect_fault("x b=c, a", 8);
  expect_fault("x b=c, a=", 9);
  expect_fault("x b=c, a=,d=e", 9);
  expect_fault("x a=b\"", 5);
  expect_fault("x a=\"b\"c", 7);
  expect_fault("x a=\"b", 6);
  expect_fault("x a=\"b\\", 7);
  expect_fault("x a=\"b\\\"", 8);
  expect_fault("x a=\"b\x01\"", 6);
  expect_fault("x a=b\x80", 5);
  expect_fault("x a/b=c", 3);
  expect_fault("x \"a\"=c", 2);
}

TEST(Authorization, AParameterThatStandsTwiceIsRefused) {
  expect_fault("x a=b, a=b", 7);
  expect_fault("x a=b, c=d, A=e", 12);
  expect_fault("Digest Response=\"1\", response=\"2\"", 21);
  EXPECT_EQ(pairs_of("x a=b, aa=b, a-=b").size(), 3U);
}

TEST(Authorization, ParametersAreBounded) {
  std::string value = "x ";
  for (std::size_t i = 0; i < kAuthParametersMax; ++i) value += "p" + std::to_string(i) + "=1,";
  EXPECT_EQ(pairs_of(value).size(), kAuthParametersMax);
  expect_fault(value + "q=1", static_cast<std::uint32_t>(value.size()));
}

TEST(Authorization, QuotedPairsAreUndoneOnDemand) {
  const std::string_view value = R"(x a="b\"c\\d\e,f")";
  const AuthParameter found = find_auth_parameter(value, *parse_authorization(value), "a");
  EXPECT_EQ(found.value.in(value), R"(b\"c\\d\e,f)");
  Arena none;
  EXPECT_EQ(unquote(found.value.in(value), none).reason(), Reason::kUsageScratchTooSmall);
  std::array<std::byte, 11> memory;
  Arena scratch(memory);
  EXPECT_EQ(*unquote(found.value.in(value), scratch), R"(b"c\de,f)");
  const std::string_view plain = "plain";
  EXPECT_EQ(unquote(plain, none)->data(), plain.data());
}

}  // namespace
}  // namespace ostiary::test
