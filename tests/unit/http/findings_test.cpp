// Every rule of the registry is caused by some request, with the disposition the registry gives it, through the doors
// that the registry says can see its evidence.
#include "inspected.hpp"

#include <gtest/gtest.h>

#include <map>

namespace ostiary::test {
namespace {

std::string repeated(std::string_view text, std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

/// A head for each rule that the bytes door can see.
std::map<Reason, std::string> heads() {
  return {
      {Reason::kHeadTooLarge, with_lines("X: " + std::string(70 * 1024, 'x') + "\r\n")},
      {Reason::kHeadBareLf, "GET / HTTP/1.1\nHost: a\n\n"},
      {Reason::kHeadBareCr, with_lines("X: a\rb\r\n")},
      {Reason::kHeadLeadingEmptyLine, "\r\n" + get("/")},
      {Reason::kMethodMalformed, "G(T / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {Reason::kMethodUnsupported, "BREW / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {Reason::kRequestLineMalformed, "GET /\r\nHost: a\r\n\r\n"},
      {Reason::kVersionUnsupported, "GET / HTTP/1.2\r\nHost: a\r\n\r\n"},
      {Reason::kTargetTooLong, get("/" + std::string(9000, 'a'))},
      {Reason::kTargetForm, get("a")},
      {Reason::kTargetCharacter, get("/\"")},
      {Reason::kTargetFragment, get("/#a")},
      {Reason::kTargetScheme, get("ftp://a.example/")},
      {Reason::kTargetUserInformation, get("http://u@a.example/")},
      {Reason::kTargetAbsolute, get("http://a.example/")},
      {Reason::kPathEscape, get("/%zz")},
      {Reason::kPathEncodedSeparator, get("/a%2fb")},
      {Reason::kPathBackslash, get("/a\\b")},
      {Reason::kPathControl, get("/a%00")},
      {Reason::kPathDoubleEncoded, get("/%2541")},
      {Reason::kPathAboveRoot, get("/../a")},
      {Reason::kPathMatrixParameter, get("/a;b")},
      {Reason::kPathAmbiguousSlashes, get("/a//../b")},
      {Reason::kPathUtf8, get("/%ff")},
      {Reason::kPathDotSegment, get("/a/../b")},
      {Reason::kPathEmptySegment, get("//b")},
      {Reason::kPathNormalisedEscape, get("/%41")},
      {Reason::kPathNonAscii, get("/%C3%A9")},
      {Reason::kPathEncodedDelimiter, get("/%3F")},
      {Reason::kPathTrailingDotOrSpace, get("/a.")},
      {Reason::kPathLookalike, get("/%EF%BC%8E")},
      {Reason::kPathOverlong, get("/%C0%AE")},
      {Reason::kFieldName, with_lines("(: x\r\n")},
      {Reason::kFieldColon, with_lines("x\r\n")},
      {Reason::kFieldSpaceBeforeColon, with_lines("x : y\r\n")},
      {Reason::kFieldFolded, with_lines(" x: y\r\n")},
      {Reason::kFieldValue, with_lines("x: \x01\r\n")},
      {Reason::kFieldTooMany, with_lines(repeated("x: y\r\n", 200))},
      {Reason::kFieldDuplicate, with_lines("From: a\r\nFrom: b\r\n")},
      {Reason::kFieldNameUnderscore, with_lines("Content_Length: 5\r\n")},
      {Reason::kFieldValueObsText, with_lines("x: \x80\r\n")},
      {Reason::kFieldConnectionSpecific, with_lines("Connection: host\r\n")},
      {Reason::kFieldTrustedOnly, with_lines("X-Forwarded-For: 1.2.3.4\r\n")},
      {Reason::kFieldForbidden, with_lines("X-Original-URL: /admin\r\n")},
      {Reason::kFieldListTooLong, with_lines("Range: bytes=" + repeated("0-1,", 17) + "\r\n")},
      {Reason::kExpectUnsupported, with_lines("Expect: 100-continue, x\r\n")},
      {Reason::kUpgradeH2c, with_lines("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n")},
      {Reason::kUpgradeRefused, with_lines("Connection: Upgrade\r\nUpgrade: websocket\r\n")},
      {Reason::kUpgradeWithBody, post_with("Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 1\r\n")},
      {Reason::kHostMissing, "GET / HTTP/1.1\r\n\r\n"},
      {Reason::kHostDuplicate, with_lines("Host: a.example\r\n")},
      {Reason::kHostMalformed, with_host("a b")},
      {Reason::kHostDisagrees, get("http://b.example/")},
      {Reason::kLengthMalformed, post_with("Content-Length: +5\r\n")},
      {Reason::kLengthDuplicate, post_with("Content-Length: 5\r\nContent-Length: 5\r\n")},
      {Reason::kLengthWithEncoding, post_with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")},
      {Reason::kEncodingUnsupported, post_with("Transfer-Encoding: gzip\r\n")},
      {Reason::kEncodingVersion, "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {Reason::kBodyUnexpected, with_lines("Content-Length: 5\r\n")},
      {Reason::kCookieLegacy, with_lines("Cookie: $Version=1; a=b\r\n")},
      {Reason::kCookieTooMany, with_lines("Cookie: " + repeated("a=b;", 300) + "\r\n")},
  };
}

/// What an inspection says of a rule: the disposition of its first Finding, or nothing.
std::optional<Disposition> disposition_of(const Inspected& seen, Reason rule) {
  if (seen.rejected() && seen.reason() == rule) return Disposition::kReject;
  for (std::size_t i = 0; i < seen.request().finding_count; ++i) {
    if (seen.request().findings[i].reason == rule) return seen.request().findings[i].disposition;
  }
  return std::nullopt;
}

TEST(Findings, EveryRuleIsCausedWithTheDispositionOfTheRegistry) {
  const std::map<Reason, std::string> causes = heads();
  for (const FindingRule& rule : kFindingRules) {
    if (!rule.bytes_door) continue;
    const auto cause = causes.find(rule.reason);
    ASSERT_NE(cause, causes.end()) << name_of(rule.reason);
    const std::optional<Disposition> seen = disposition_of(Inspected(cause->second), rule.reason);
    ASSERT_TRUE(seen.has_value()) << name_of(rule.reason) << " " << name_of(Inspected(cause->second).reason());
    EXPECT_EQ(*seen, rule.disposition) << name_of(rule.reason);
  }
}

TEST(Findings, WaivableRulesAreLeftToTheRouteAndOthersAreNot) {
  InspectOptions all;
  all.left_to_route = RuleSet::where([](const FindingRule&) { return true; });
  for (const auto& [reason, head] : heads()) {
    const FindingRule& rule = kFindingRules[find_rule(reason)];
    if (rule.disposition != Disposition::kReject) continue;
    const Inspected seen(head, all);
    EXPECT_EQ(seen.complete(), rule.waivable) << name_of(reason);
    EXPECT_EQ(seen.request().to_waive.has(reason), rule.waivable) << name_of(reason);
    EXPECT_EQ(seen.found(reason) >= 0, rule.waivable) << name_of(reason);
  }
}

Reason http2_verdict(std::string_view name, std::string_view value) {
  const FieldView field[] = {{name, value}};
  return Inspected(ParsedHead{"GET", "a", "/", field, HttpVersion::kHttp2}).reason();
}

TEST(Findings, Http2HasRulesOfItsOwn) {
  EXPECT_EQ(http2_verdict("X-A", "y"), Reason::kFieldNameCase);
  EXPECT_EQ(http2_verdict("transfer-encoding", "chunked"), Reason::kFieldNotInHttp2);
  EXPECT_EQ(http2_verdict("connection", "close"), Reason::kFieldNotInHttp2);
  EXPECT_EQ(http2_verdict("upgrade", "h2c"), Reason::kFieldNotInHttp2);
  EXPECT_EQ(http2_verdict("te", "gzip"), Reason::kFieldNotInHttp2);
  EXPECT_EQ(http2_verdict("te", "trailers"), Reason::kOk);
  const FieldView upper[] = {{"X-A", "y"}};
  EXPECT_TRUE(Inspected(ParsedHead{"GET", "a", "/", upper}).complete());
}

TEST(Findings, EachDoorSaysWhatItCannotSee) {
  const Inspected bytes(get("/"));
  const Inspected fields(ParsedHead{"GET", "a", "/", {}});
  for (const FindingRule& rule : kFindingRules) {
    EXPECT_EQ(bytes->unseen.has(rule.reason), !rule.bytes_door) << name_of(rule.reason);
    EXPECT_EQ(fields->unseen.has(rule.reason), !rule.fields_door) << name_of(rule.reason);
  }
  EXPECT_TRUE(fields->unseen.has(Reason::kHeadBareLf));
  EXPECT_TRUE(bytes->unseen.has(Reason::kFieldNotInHttp2));
}

TEST(Findings, UnderscoreThatStandsForNothingKnownIsOnlyTold) {
  const Inspected seen(with_lines("X_Custom: y\r\n"));
  ASSERT_TRUE(seen.complete());
  EXPECT_TRUE(seen.request().underscore_names);
  EXPECT_EQ(disposition_of(seen, Reason::kFieldNameUnderscore), Disposition::kFlag);
}

TEST(Findings, TheSchemeTakesItsDefaultPortOffTheHost) {
  InspectOptions https;
  https.scheme = Scheme::kHttps;
  EXPECT_EQ(Inspected(with_host("a.example:443"), https).request().port, 0);
  EXPECT_EQ(Inspected(with_host("a.example:80"), https).request().port, 80);
  EXPECT_EQ(Inspected(with_host("a.example:443")).request().port, 443);
}

TEST(Findings, NoRouteCanWaiveABodyOfConnectOrTrace) {
  InspectOptions options;
  options.left_to_route.add(Reason::kBodyUnexpected);
  for (const std::string start : {"CONNECT a.example:443", "TRACE /", "HEAD /", "GET /"}) {
    const bool may_be_waived = start.ends_with("/") && start[0] != 'T';
    const std::string host = start[0] == 'C' ? "a.example:443" : "a.example";
    const Inspected seen(start + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 1\r\n\r\n", options);
    EXPECT_EQ(seen.complete(), may_be_waived) << start;
    EXPECT_TRUE(may_be_waived || seen.reason() == Reason::kBodyUnexpected) << start;
  }
}

TEST(Findings, AnUpgradeToNoProtocolIsRefusedWhateverIsWaived) {
  InspectOptions options;
  options.left_to_route.add(Reason::kUpgradeRefused);
  for (const std::string value : {"", ",", " , ,", "web socket", "\"a,h2c\"", "a/", "a/b/c", "w\xc3\xa9"}) {
    EXPECT_EQ(Inspected(with_lines("Upgrade:" + value + "\r\n"), options).reason(), Reason::kUpgradeWithBody);
  }
  EXPECT_TRUE(Inspected(with_lines("Upgrade: websocket\r\n"), options).complete());
}

}  // namespace
}  // namespace ostiary::test
