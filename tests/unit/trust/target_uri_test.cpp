#include "unit/http/inspected.hpp"

#include <ostiary/trust/target_uri.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::test {
namespace {

struct Parsed {
  explicit Parsed(std::string_view text, Method method = Method::kGet)
      : memory(2 * text.size() + 2), arena(memory), uri(parse_target_uri(text, method, arena)) {}

  std::vector<std::byte> memory;
  Arena arena;
  Result<TargetUri> uri;
};

TEST(TargetUri, IsTakenApartAndMadeCanonical) {
  struct Case {
    std::string_view text;
    TargetUri uri;
  };
  const Case cases[] = {
      {"https://a.example/x", {Scheme::kHttps, "a.example", 443, "/x"}},
      {"http://a.example/x", {Scheme::kHttp, "a.example", 80, "/x"}},
      {"https://a.example", {Scheme::kHttps, "a.example", 443, "/"}},
      {"https://a.example?q", {Scheme::kHttps, "a.example", 443, "/"}},
      {"https://a.example:80/", {Scheme::kHttps, "a.example", 80, "/"}},
      {"http://a.example:443/", {Scheme::kHttp, "a.example", 443, "/"}},
      {"HTTPS://A.Example.:443/x/../%7ey%c3%a9?q=1#f", {Scheme::kHttps, "a.example", 443, "/~y%C3%A9"}},
      {"https://[2001:DB8:0::1]:8443/", {Scheme::kHttps, "[2001:db8::1]", 8443, "/"}},
      {"https://a.example/a%2fb", {Scheme::kHttps, "a.example", 443, "/a%2Fb"}},  // left to the route
      {"https://a.example/#?/../", {Scheme::kHttps, "a.example", 443, "/"}},
  };
  for (const Case& c : cases) {
    const Parsed parsed(c.text);
    ASSERT_EQ(name_of(parsed.uri.reason()), "OK") << c.text;
    EXPECT_EQ(*parsed.uri, c.uri) << c.text << " " << parsed.uri->path;
  }
  EXPECT_EQ(Parsed("https://a.example", Method::kOptions).uri->path, "*");
  EXPECT_EQ(Parsed("https://a.example/", Method::kOptions).uri->path, "/");
}

TEST(TargetUri, FaultsAreReportedWithTheirByte) {
  const RejectCase cases[] = {
      {"", Reason::kTargetForm, 0},
      {"/x", Reason::kTargetForm, 0},
      {"#https://a.example/", Reason::kTargetForm, 0},
      {"ftp://a.example/x", Reason::kTargetScheme, 0},
      {"https://u@a.example/", Reason::kTargetUserInformation, 8},
      {"https://", Reason::kTargetForm, 8},
      {"https:///x", Reason::kTargetForm, 8},
      {"https://a.example/%zz", Reason::kPathEscape, 18},
      {"https://a.example/?a b", Reason::kTargetCharacter, 20},
      {"https://a..example/", Reason::kHostMalformed, 10},
      {"https://a.example:0/", Reason::kHostMalformed, 17},
      {"https://a.example/../x", Reason::kPathAboveRoot, 18},
  };
  for (const RejectCase& c : cases) {
    const Parsed parsed(c.input);
    EXPECT_EQ(name_of(parsed.uri.reason()), name_of(c.reason)) << c.input;
    EXPECT_EQ(parsed.uri.error().offset, c.offset) << c.input;
  }
  EXPECT_EQ(Parsed("a.example:443", Method::kConnect).uri.reason(), Reason::kTargetForm);
  EXPECT_EQ(Parsed("*", Method::kOptions).uri.reason(), Reason::kTargetForm);
}

TEST(TargetUri, OfARequestTakesTheSchemeFromWhoeverKnowsIt) {
  std::array<std::byte, 64> memory{};
  Arena arena(memory);
  const Inspected seen("GET /x HTTP/1.1\r\nHost: A.example:443\r\n\r\n");
  ASSERT_TRUE(seen.complete());
  EXPECT_EQ(target_uri_of(seen.request(), {}, arena).reason(), Reason::kUsageArgument);
  EXPECT_EQ(*target_uri_of(seen.request(), {Scheme::kHttps, {}}, arena),
            (TargetUri{Scheme::kHttps, "a.example", 443, "/x"}));
  EXPECT_EQ(*target_uri_of(seen.request(), {Scheme::kHttp, "b.example"}, arena),
            (TargetUri{Scheme::kHttp, "b.example", 80, "/x"}));
  EXPECT_EQ(target_uri_of(seen.request(), {Scheme::kHttp, ""}, arena).reason(), Reason::kUsageArgument);
  Arena nothing;
  EXPECT_EQ(target_uri_of(seen.request(), {Scheme::kHttp, "B.example"}, nothing).reason(),
            Reason::kUsageScratchTooSmall);
  const Inspected tunnel("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n");
  ASSERT_TRUE(tunnel.complete());
  EXPECT_EQ(target_uri_of(tunnel.request(), {Scheme::kHttps, {}}, arena).reason(), Reason::kTargetForm);
}

}  // namespace
}  // namespace ostiary::test
