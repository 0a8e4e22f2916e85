// The classes of attack that concern heads, targets and hosts, each with a concrete input and the required verdict.
// The names carry the row of the table in which they were collected.
#include "inspected.hpp"

#include <ostiary/http/lenses.hpp>

#include <gtest/gtest.h>

#include <array>

namespace ostiary::test {
namespace {

struct Attack {
  int row;
  std::string head;
  Reason reason;
};

std::string post(std::string_view lines) {
  return "POST / HTTP/1.1\r\nHost: a.example\r\n" + std::string(lines) + "\r\n";
}

std::vector<Attack> framing_attacks() {
  return {
      {1, post("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n"), Reason::kLengthWithEncoding},
      {2, post("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n"), Reason::kEncodingUnsupported},
      {3,
       post("Transfer-Encoding:\x0b"
            "chunked\r\n"),
       Reason::kFieldValue},
      {3, post("Transfer-Encoding\x0b: chunked\r\n"), Reason::kFieldName},
      {3, post("Transfer-Encoding: chunked\x1f\r\n"), Reason::kFieldValue},
      {3, post("Transfer-Encoding: chunked\x7f\r\n"), Reason::kFieldValue},
      {3,
       post("Transfer-Encoding: \xff"
            "chunked\r\n"),
       Reason::kEncodingUnsupported},
      {4, post("Transfer-Encoding: ,chunked\r\n"), Reason::kEncodingUnsupported},
      {4, post("Transfer-Encoding: chunked,chunked\r\n"), Reason::kEncodingUnsupported},
      {4, post("Transfer-Encoding: chunked, identity\r\n"), Reason::kEncodingUnsupported},
      {4, post("Transfer-Encoding: \"chunked\"\r\n"), Reason::kEncodingUnsupported},
      {5, "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", Reason::kEncodingVersion},
      {6, post("Content-Length: +5\r\n"), Reason::kLengthMalformed},
      {6, post("Content-Length: -1\r\n"), Reason::kLengthMalformed},
      {6, post("Content-Length: 0x5\r\n"), Reason::kLengthMalformed},
      {6, post("Content-Length: 5_0\r\n"), Reason::kLengthMalformed},
      {6, post("Content-Length: 05\r\n"), Reason::kLengthMalformed},
      {6, post("Content-Length: 5,5\r\n"), Reason::kLengthMalformed},
      {6, post("Content-Length: \r\n"), Reason::kLengthMalformed},
      {6, post("Content-Length: 18446744073709551621\r\n"), Reason::kLengthMalformed},
      {7, post("Content-Length: 5\r\nContent-Length: 6\r\n"), Reason::kLengthDuplicate},
      {7, post("Content-Length: 5\r\nContent-Length: 5\r\n"), Reason::kLengthDuplicate},
      {9, post("X: y\r\n Content-Length: 44\r\n"), Reason::kFieldFolded},
      {27, post("Connection: close, X-Forwarded-For, Authorization\r\n"), Reason::kFieldConnectionSpecific},
  };
}

std::vector<Attack> line_attacks() {
  return {
      {14, "GET /x\nHost: a\r\n\r\n", Reason::kHeadBareLf},
      {14, "GET /x HTTP/1.1\nHost: a\n\n", Reason::kHeadBareLf},
      {15, post("X: a\rHost: evil\r\n"), Reason::kHeadBareCr},
      {16, with_host(raw("good.example\0.evil.example")), Reason::kFieldValue},
      {17, post("X: a\r\n b\r\n"), Reason::kFieldFolded},
      {18, post("Content-Length : 5\r\n"), Reason::kFieldSpaceBeforeColon},
      {19, post("Content-Length 5\r\n"), Reason::kFieldColon},
      {19, post(": x\r\n"), Reason::kFieldName},
      {20,
       post("Transfer-Encoding: \x85"
            "chunked\xa0\r\n"),
       Reason::kEncodingUnsupported},
      {20, post("Content-Length\x85: 5\r\n"), Reason::kFieldName},
      {21, post("Content_Length: 5\r\n"), Reason::kFieldNameUnderscore},
      {21, post("X_Forwarded_For: 1.2.3.4\r\n"), Reason::kFieldNameUnderscore},
      {22, "GET / HTTP/1.10\r\nHost: a\r\n\r\n", Reason::kVersionUnsupported},
      {22, "GET / HTTP/01.1\r\nHost: a\r\n\r\n", Reason::kVersionUnsupported},
      {22, "GET / HTTP/1.1x\r\nHost: a\r\n\r\n", Reason::kVersionUnsupported},
      {22, "GET / HTTP/4294967297.1\r\nHost: a\r\n\r\n", Reason::kVersionUnsupported},
      {23, "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", Reason::kMethodMalformed},
      {23, raw("\0GET / HTTP/1.1\r\nHost: a\r\n\r\n"), Reason::kMethodMalformed},
      {24, "XYZ\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", Reason::kRequestLineMalformed},
      {28, get("/ x"), Reason::kRequestLineMalformed},
      {28, post(":path: /x\r\n"), Reason::kFieldName},
      {90, post(std::string(70 * 1024, 'x')), Reason::kHeadTooLarge},
  };
}

std::vector<Attack> path_attacks() {
  return {
      {30, get("/../admin"), Reason::kPathAboveRoot},
      {33, get("/x%2fadmin"), Reason::kPathEncodedSeparator},
      {33, get("/x%5cadmin"), Reason::kPathEncodedSeparator},
      {34, get("/x\\..\\admin"), Reason::kPathBackslash},
      {37, get("/%c0%ae%c0%ae/admin"), Reason::kPathOverlong},
      {37, get("/%e0%80%af"), Reason::kPathOverlong},
      {37, get("/%c1%9c"), Reason::kPathOverlong},
      {38, get("/%ed%a0%80"), Reason::kPathUtf8},
      {38, get("/%ff"), Reason::kPathUtf8},
      {39, get("/%ef%bc%8e%ef%bc%8e/admin"), Reason::kPathLookalike},
      {39, get("/%E2%80%A4%E2%80%A4"), Reason::kPathLookalike},
      {40, get("/a%00.css"), Reason::kPathControl},
      {40, get("/a%0d%0aSet-Cookie:x"), Reason::kPathControl},
      {40, get("/a%09"), Reason::kPathControl},
      {41, get("/%"), Reason::kPathEscape},
      {41, get("/%zz"), Reason::kPathEscape},
      {41, get("/%u002e"), Reason::kPathEscape},
      {41, get("/%%32%65"), Reason::kPathEscape},
      {42, get("/admin#x"), Reason::kTargetFragment},
      {46, get("/account%0Ax.css"), Reason::kPathControl},
      {46, get("/static/..%2faccount"), Reason::kPathEncodedSeparator},
  };
}

std::vector<Attack> host_attacks() {
  return {
      {47, get("http://b/x"), Reason::kHostDisagrees},
      {48, get("ftp://a/"), Reason::kTargetScheme},
      {48, get("http://u@a/"), Reason::kTargetUserInformation},
      {48, get("a:80"), Reason::kTargetForm},
      {49, with_host("a/b"), Reason::kHostMalformed},
      {49, with_host("a:99999"), Reason::kHostMalformed},
      {49, with_host("a:80:80"), Reason::kHostMalformed},
      {49, with_host("[::1"), Reason::kHostMalformed},
      {49, with_host("a b"), Reason::kHostMalformed},
      {49, with_host("..a"), Reason::kHostMalformed},
      {49, with_host("a..b"), Reason::kHostMalformed},
      {51, post("Host: a.example\r\n"), Reason::kHostDuplicate},
      {51, with_host("a, b"), Reason::kHostMalformed},
  };
}

TEST(AttackTable, EveryRowHasItsVerdict) {
  for (const std::vector<Attack>& attacks : {framing_attacks(), line_attacks(), path_attacks(), host_attacks()}) {
    for (const Attack& attack : attacks) {
      const Inspected seen(attack.head);
      EXPECT_TRUE(seen.rejected()) << "row " << attack.row << ": " << attack.head.substr(0, 200);
      EXPECT_EQ(name_of(seen.reason()), name_of(attack.reason)) << "row " << attack.row << ": " << attack.head;
    }
  }
}

TEST(AttackTable, Row8BodyOfAGetIsLeftToARouteThatWaivesIt) {
  const std::string head = with_lines("Content-Length: 44\r\n");
  EXPECT_EQ(Inspected(head).reason(), Reason::kBodyUnexpected);
  InspectOptions options;
  options.left_to_route.add(Reason::kBodyUnexpected);
  const Inspected seen(head, options);
  ASSERT_TRUE(seen.complete());
  EXPECT_EQ(seen.request().content_length, 44U);
  EXPECT_TRUE(seen.request().to_waive.has(Reason::kBodyUnexpected));
  EXPECT_EQ(seen.found(Reason::kBodyUnexpected), static_cast<std::int64_t>(head.find("Content-Length")));
}

TEST(AttackTable, Row28InjectionThroughPiecesIsRefused) {
  const FieldView value[] = {{"x", "a\r\nTransfer-Encoding: chunked"}};
  EXPECT_EQ(Inspected(ParsedHead{"POST", "a", "/", value}).reason(), Reason::kFieldValue);
  const FieldView name[] = {{"x: y\r\nz", "a"}};
  EXPECT_EQ(Inspected(ParsedHead{"POST", "a", "/", name}).reason(), Reason::kFieldName);
  const FieldView pseudo[] = {{":path", "/admin"}};
  EXPECT_EQ(Inspected(ParsedHead{"POST", "a", "/", pseudo}).reason(), Reason::kFieldName);
  EXPECT_EQ(Inspected(ParsedHead{"GET", "a", "/ HTTP/1.1\r\nX: y", {}}).reason(), Reason::kTargetCharacter);
  EXPECT_EQ(Inspected(ParsedHead{"GET / HTTP/1.1\r\nX:", "a", "/", {}}).reason(), Reason::kMethodMalformed);
}

TEST(AttackTable, Row31EncodedDotsAreRemovedAndNoted) {
  for (const std::string_view target : {"/x/%2e%2e/admin", "/x/.%2E/admin"}) {
    const Inspected seen(get(target));
    ASSERT_TRUE(seen.complete());
    EXPECT_EQ(seen.request().path, "/admin");
    EXPECT_GE(seen.found(Reason::kPathDotSegment), 0);
  }
}

TEST(AttackTable, Row36DuplicateSlashIsMergedAndNoted) {
  const Inspected seen(get("//admin"));
  EXPECT_EQ(seen.request().path, "/admin");
  EXPECT_GE(seen.found(Reason::kPathEmptySegment), 0);
}

struct Reading {
  std::string_view target;
  Reason flag;
  Lens lens;
  std::string_view path;
};

// Whether the other reading reaches another route is the Gate's matter.
TEST(AttackTable, Rows32And35And36And46AreFlaggedAndTheirLensShowsTheOtherPath) {
  const Reading readings[] = {
      {"/x/%252e%252e/admin", Reason::kPathDoubleEncoded, Lens::kDoubleDecode, "/admin"},
      {"/x/..;/admin", Reason::kPathMatrixParameter, Lens::kMatrix, "/admin"},
      {"/admin;a=b", Reason::kPathMatrixParameter, Lens::kMatrix, "/admin"},
      {"/x//..//admin", Reason::kPathAmbiguousSlashes, Lens::kNginx, "/admin"},
      {"/account;x.css", Reason::kPathMatrixParameter, Lens::kMatrix, "/account"},
  };
  for (const Reading& reading : readings) {
    const Inspected seen(get(reading.target));
    ASSERT_TRUE(seen.complete()) << reading.target;
    EXPECT_TRUE(seen.request().ambiguous_path) << reading.target;
    EXPECT_GE(seen.found(reading.flag), 0) << reading.target;
    EXPECT_NE(seen.request().path, reading.path) << reading.target;
    std::array<std::byte, 64> memory;
    Arena arena(memory);
    EXPECT_EQ(*lens_path(reading.target, reading.lens, arena), reading.path) << reading.target;
  }
}

TEST(AttackTable, Row47AbsoluteTargetIsTakenApartAndNoted) {
  const Inspected seen(get("http://A.example:80/x"));
  ASSERT_TRUE(seen.complete());
  EXPECT_EQ(seen.request().path, "/x");
  EXPECT_GE(seen.found(Reason::kTargetAbsolute), 0);
}

TEST(AttackTable, Row43EncodedDelimiterIsKeptAndFlagged) {
  const Inspected seen(get("/public%3f/../admin"));
  EXPECT_EQ(seen.request().path, "/admin");
  EXPECT_GE(seen.found(Reason::kPathEncodedDelimiter), 0);
  EXPECT_EQ(Inspected(get("/public%3Fx")).request().path, "/public%3Fx");
}

TEST(AttackTable, Row44CaseIsKept) { EXPECT_EQ(Inspected(get("/ADMIN")).request().path, "/ADMIN"); }

TEST(AttackTable, Row45EndingsAreKeptAndFlagged) {
  for (const std::string_view target : {"/admin.", "/admin%20", "/admin./x"}) {
    const Inspected seen(get(target));
    EXPECT_EQ(seen.request().path, target);
    EXPECT_GE(seen.found(Reason::kPathTrailingDotOrSpace), 0) << target;
  }
  EXPECT_EQ(Inspected(get("/admin/")).request().path, "/admin/");
}

// No default port is stripped: the scheme is not known at this stage.
TEST(AttackTable, Row50EquivalentHostsAreOne) {
  EXPECT_EQ(Inspected(with_host("A.Example.")).request().host, "a.example");
  EXPECT_EQ(Inspected(with_host("a.example:443")).request().host, "a.example");
  EXPECT_EQ(Inspected(with_host("a.example:443")).request().port, 443);
}

TEST(AttackTable, Row95PercentBombIsDecodedOnceInPlace) {
  std::string target = "/";
  for (int i = 0; i < 2700; ++i) target += "%2e";
  const Inspected seen(get(target));
  ASSERT_TRUE(seen.complete());
  EXPECT_EQ(seen.request().path, "/" + std::string(2700, '.'));
}

}  // namespace
}  // namespace ostiary::test
