// Discovery documents from someone who wishes us ill, and where they lie.
#include "token/fetch_uri.hpp"

#include <ostiary/token/discovery.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace ostiary::test {
namespace {

constexpr std::string_view kIssuer = "https://login.example/tenant";
constexpr DiscoveryOptions kLoopback{.allow_loopback_http = true};

std::string document(std::string_view members) {
  return R"({"issuer":"https://login.example/tenant","jwks_uri":"https://keys.example/jwks")" + std::string(members) +
         "}";
}

Error fault(std::string_view json, std::string_view issuer = kIssuer, const DiscoveryOptions& options = {}) {
  const Result<Discovery> read = read_discovery(json, issuer, options);
  if (!read) {
    EXPECT_TRUE(read->issuer.empty() && read->jwks_uri.empty() && read->id_token_algorithms.empty());
    EXPECT_LE(read.error().offset, json.size());
  }
  return read.error();
}

Reason reason(std::string_view json, std::string_view issuer = kIssuer, const DiscoveryOptions& options = {}) {
  return fault(json, issuer, options).reason;
}

Reason uri_reason(std::string_view uri, const DiscoveryOptions& options = {}) {
  return reason(R"({"issuer":"i","jwks_uri":")" + std::string(uri) + "\"}", "i", options);
}

TEST(Discovery, ReadsIssuerKeysAndAlgorithms) {
  const Result<Discovery> read = read_discovery(
      document(R"(,"id_token_signing_alg_values_supported":["RS256","ES256","none","HS256","XY1","EdDSA"],"x":[{}])"),
      kIssuer);
  ASSERT_EQ(read.reason(), Reason::kOk);
  EXPECT_EQ(read->issuer, kIssuer);
  EXPECT_EQ(read->jwks_uri, "https://keys.example/jwks");
  EXPECT_EQ(read->id_token_algorithms,
            (AlgorithmSet{Algorithm::kRs256, Algorithm::kEs256, Algorithm::kEdDsa, Algorithm::kEd448}));
}

TEST(Discovery, ADocumentMayNotNameAlgorithms) {
  const Result<Discovery> read = read_discovery(document(""), kIssuer);
  ASSERT_EQ(read.reason(), Reason::kOk);
  EXPECT_TRUE(read->id_token_algorithms.empty());
}

TEST(Discovery, AlgorithmsMustBeAListOfTexts) {
  for (const std::string_view value : {"null", "\"RS256\"", "{}", "[1]", "[\"RS256\",null]", "[[\"RS256\"]]"}) {
    EXPECT_EQ(reason(document(",\"id_token_signing_alg_values_supported\":" + std::string(value))),
              Reason::kDiscoveryJson)
        << value;
  }
}

TEST(Discovery, TheIssuerMustBeTheAskedOneByteForByte) {
  for (const std::string_view asked :
       {"https://login.example/tenant/", "https://login.example/Tenant", "https://login.example/tenan",
        "https://login.example/tenant2", "https://LOGIN.example/tenant", "http://login.example/tenant",
        "https://login.example:443/tenant", "https://login.example/%74enant", ""}) {
    EXPECT_EQ(reason(document(""), asked), Reason::kDiscoveryIssuer) << asked;
  }
}

TEST(Discovery, TheIssuerMustBeAText) {
  for (const std::string_view value : {"null", "1", "[]", "[\"i\"]", "\"\"", "{}"}) {
    const std::string json = R"({"jwks_uri":"https://a","issuer":)" + std::string(value) + "}";
    EXPECT_EQ(reason(json, "i"), Reason::kDiscoveryIssuer) << value;
    EXPECT_EQ(reason(json, ""), Reason::kDiscoveryIssuer) << value;
  }
  EXPECT_EQ(reason(R"({"jwks_uri":"https://a"})", "i"), Reason::kDiscoveryIssuer);
  EXPECT_EQ(fault(R"({"jwks_uri":"https://a","issuer":"j"})", "i").offset, 33U);
}

TEST(Discovery, EscapesInTheIssuerAreReadBeforeItIsCompared) {
  EXPECT_EQ(reason(R"({"issuer":"\u0069","jwks_uri":"https://a"})", "i"), Reason::kOk);
  EXPECT_EQ(reason(R"({"issuer":"i\u0000","jwks_uri":"https://a"})", "i"), Reason::kDiscoveryIssuer);
}

TEST(Discovery, KeysMustLieAtAnHttpsUri) {
  for (const std::string_view uri : {"https://a", "https://a.example:8443/jwks?x=1&y=%20", "https://192.0.2.1/",
                                     "https://[2001:db8::1]:444/k", "https://a_b.example/~x;y,z"}) {
    EXPECT_EQ(uri_reason(uri), Reason::kOk) << uri;
  }
  for (const std::string_view uri : {"",
                                     "a",
                                     "/jwks",
                                     "//a/jwks",
                                     "http://a/jwks",
                                     "http://127.0.0.1/jwks",
                                     "HTTPS://a",
                                     "https:a",
                                     "https:/a",
                                     "https://",
                                     "https:///jwks",
                                     "https://u@a",
                                     "https://u:p@a",
                                     "https://a/#f",
                                     "https://a\\\\b",
                                     "https://a/ b",
                                     "https://a/%",
                                     "https://a/%2",
                                     "https://a/%zz",
                                     "https://a:",
                                     "https://a:0",
                                     "https://a:065",
                                     "https://a:65536",
                                     "https://a:443443",
                                     "https://a:x",
                                     "https://.a",
                                     "https://a.",
                                     "https://-a",
                                     "https://a..b",
                                     "https://[::1",
                                     "https://[]",
                                     "https://[::g]",
                                     "https://[::1]x",
                                     "https://[::1]:",
                                     "https://[::1]]",
                                     "https://a/\\u0000",
                                     "https://a/\\u00e9",
                                     "https://a\\n",
                                     "file:///etc/passwd",
                                     "https://a/{tenant}",
                                     "https://a[b]",
                                     "https://a%2f"}) {
    EXPECT_EQ(uri_reason(uri), Reason::kDiscoveryUri) << uri;
  }
}

TEST(Discovery, TheUriOfTheKeysMustBeAText) {
  for (const std::string_view value : {"null", "1", "[]", "[\"https://a\"]", "{}"}) {
    EXPECT_EQ(reason(R"({"issuer":"i","jwks_uri":)" + std::string(value) + "}", "i"), Reason::kDiscoveryUri) << value;
  }
  EXPECT_EQ(reason(R"({"issuer":"i"})", "i"), Reason::kDiscoveryUri);
  EXPECT_EQ(fault(R"({"issuer":"i","jwks_uri":"http://a"})", "i").offset, 25U);
}

TEST(Discovery, PlainHttpIsTakenForLoopbackHostsWhenTheOptionSaysSo) {
  for (const std::string_view uri : {"http://127.0.0.1/jwks", "http://127.0.0.1:8080/jwks", "http://[::1]:1/jwks",
                                     "http://localhost:3000/jwks", "https://a/jwks"}) {
    EXPECT_EQ(uri_reason(uri, kLoopback), Reason::kOk) << uri;
  }
  for (const std::string_view uri :
       {"http://a/jwks", "http://127.0.0.2/", "http://127.0.0.1.example/", "http://localhost.example/",
        "http://LOCALHOST/", "http://127.1/", "http://2130706433/", "http://[::01]/", "http://[0:0:0:0:0:0:0:1]/",
        "http://127.0.0.1@a/", "http://a#127.0.0.1/", "http://a/127.0.0.1", "http://a?localhost"}) {
    EXPECT_EQ(uri_reason(uri, kLoopback), Reason::kDiscoveryUri) << uri;
  }
}

TEST(Discovery, OnlyOneStrictJsonObjectIsRead) {
  for (const std::string_view json :
       {"", " ", "<!DOCTYPE html><html></html>", "[]", "null", "\"x\"", "{", "{} {}", R"({"issuer":"i",})",
        R"({'issuer':'i'})", R"({"issuer":"i","jwks_uri":"https://a"}x)", "\xEF\xBB\xBF{}"}) {
    EXPECT_EQ(reason(json, "i"), Reason::kDiscoveryJson) << json;
  }
}

TEST(Discovery, AMemberMayStandOnce) {
  EXPECT_EQ(reason(R"({"issuer":"i","jwks_uri":"https://a","issuer":"i"})", "i"), Reason::kDiscoveryJson);
  EXPECT_EQ(reason(R"({"issuer":"i","jwks_uri":"https://a","jwks\u005furi":"https://b"})", "i"),
            Reason::kDiscoveryJson);
  EXPECT_EQ(reason(R"({"issuer":"i","jwks_uri":"https://a","x":{"y":1,"y":1}})", "i"), Reason::kDiscoveryJson);
}

TEST(Discovery, HoldsItsLimits) {
  const std::string good = document("");
  const auto padded = [&good](std::size_t size) { return good + std::string(size - good.size(), ' '); };
  EXPECT_EQ(reason(padded(Limits{}.discovery_size_max)), Reason::kOk);
  EXPECT_EQ(reason(padded(Limits{}.discovery_size_max + 1)), Reason::kDiscoveryJson);

  const auto nested = [](std::size_t depth) {
    return document(",\"x\":" + std::string(depth - 1, '[') + std::string(depth - 1, ']'));
  };
  EXPECT_EQ(reason(nested(Limits{}.discovery_json_depth_max)), Reason::kOk);
  EXPECT_EQ(reason(nested(Limits{}.discovery_json_depth_max + 1)), Reason::kDiscoveryJson);

  // Besides the elements: the object, its two texts and the list.
  const auto wide = [](std::size_t values) {
    std::string list = "1";
    for (std::size_t i = 5; i < values; ++i) list += ",1";
    return document(",\"x\":[" + list + "]");
  };
  EXPECT_EQ(reason(wide(Limits{}.discovery_json_values_max)), Reason::kOk);
  EXPECT_EQ(reason(wide(Limits{}.discovery_json_values_max + 1)), Reason::kDiscoveryJson);

  const auto uri = [](std::size_t size) { return "https://a/" + std::string(size - 10, 'x'); };
  EXPECT_EQ(uri_reason(uri(Limits{}.fetch_uri_size_max)), Reason::kOk);
  EXPECT_EQ(uri_reason(uri(Limits{}.fetch_uri_size_max + 1)), Reason::kDiscoveryUri);
}

TEST(Discovery, AHostHasAtMost255Bytes) {
  EXPECT_TRUE(is_fetch_uri("https://" + std::string(255, 'a'), false));
  EXPECT_FALSE(is_fetch_uri("https://" + std::string(256, 'a'), false));
}

std::string place(std::string_view issuer, DiscoveryPlace kind = DiscoveryPlace::kOpenId,
                  const DiscoveryOptions& options = {}) {
  const Result<std::string> uri = discovery_uri(issuer, kind, options);
  return uri ? *uri : std::string(reason_info(uri.reason()).name);
}

// The examples of OpenID Connect Discovery §4.1 and RFC 8414 §3.1.
TEST(Discovery, TheDocumentOfAnOpenIdIssuerLiesBehindItsPath) {
  EXPECT_EQ(place("https://example.com"), "https://example.com/.well-known/openid-configuration");
  EXPECT_EQ(place("https://example.com/"), "https://example.com/.well-known/openid-configuration");
  EXPECT_EQ(place("https://example.com/issuer1"), "https://example.com/issuer1/.well-known/openid-configuration");
  EXPECT_EQ(place("https://example.com/issuer1/"), "https://example.com/issuer1/.well-known/openid-configuration");
}

TEST(Discovery, TheDocumentOfAnOAuthServerLiesBeforeItsPath) {
  const auto oauth = [](std::string_view issuer) { return place(issuer, DiscoveryPlace::kOAuth); };
  EXPECT_EQ(oauth("https://example.com"), "https://example.com/.well-known/oauth-authorization-server");
  EXPECT_EQ(oauth("https://example.com/"), "https://example.com/.well-known/oauth-authorization-server");
  EXPECT_EQ(oauth("https://example.com/issuer1"), "https://example.com/.well-known/oauth-authorization-server/issuer1");
  EXPECT_EQ(oauth("https://example.com:8443/a/b/"),
            "https://example.com:8443/.well-known/oauth-authorization-server/a/b");
}

TEST(Discovery, AnIssuerIsAnHttpsUriWithoutQueryAndFragment) {
  for (const std::string_view issuer : {"", "accounts.google.com", "http://a", "https://a?x", "https://a/b?",
                                        "https://a#f", "http://127.0.0.1", "https://u@a", "urn:x"}) {
    EXPECT_EQ(place(issuer), "USAGE_ARGUMENT") << issuer;
  }
  EXPECT_EQ(place("http://localhost:3000", DiscoveryPlace::kOpenId, kLoopback),
            "http://localhost:3000/.well-known/openid-configuration");
  EXPECT_EQ(place("https://a/" + std::string(Limits{}.fetch_uri_size_max, 'x')), "USAGE_ARGUMENT");
}

}  // namespace
}  // namespace ostiary::test
