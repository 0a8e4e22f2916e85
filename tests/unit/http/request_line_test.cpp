#include "inspected.hpp"

#include <gtest/gtest.h>

namespace ostiary::test {
namespace {

TEST(RequestLine, EveryMethodInUpperCaseIsRead) {
  for (std::size_t i = 0; i < kMethodNames.size(); ++i) {
    const auto method = static_cast<Method>(i);
    if (method == Method::kConnect) continue;
    const Inspected seen(std::string(kMethodNames[i]) + " / HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(seen.complete()) << kMethodNames[i];
    EXPECT_EQ(seen.request().method, method);
  }
}

TEST(RequestLine, BothMinorVersionsAreRead) {
  EXPECT_EQ(Inspected("GET / HTTP/1.1\r\nHost: a\r\n\r\n").request().version, HttpVersion::kHttp11);
  EXPECT_EQ(Inspected("GET / HTTP/1.0\r\nHost: a\r\n\r\n").request().version, HttpVersion::kHttp10);
}

TEST(RequestLine, TargetIsSplitAtTheFirstQuestionMark) {
  const Inspected seen(get("/a/b?x=1?y=/2"));
  ASSERT_TRUE(seen.complete());
  const Request& request = seen.request();
  EXPECT_EQ(request.target.in(request.head), "/a/b?x=1?y=/2");
  EXPECT_EQ(request.raw_path.in(request.head), "/a/b");
  EXPECT_EQ(request.query.in(request.head), "x=1?y=/2");
}

TEST(RequestLine, EmptyQueryIsPresentAndNoQueryIsAbsent) {
  EXPECT_TRUE(Inspected(get("/a?")).request().query.present());
  EXPECT_EQ(Inspected(get("/a?")).request().query.length, 0U);
  EXPECT_FALSE(Inspected(get("/a")).request().query.present());
}

TEST(RequestLine, WhatFollowsTheHeadIsNotLookedAt) {
  const std::string head = post_with("Content-Length: 3\r\n");
  const Inspected seen(head + raw("\0\n\xff"));
  ASSERT_TRUE(seen.complete());
  EXPECT_EQ(seen->head_size, head.size());
  EXPECT_EQ(seen.request().head.size(), head.size());
  EXPECT_EQ(seen.request().head.data(), seen.input());
}

TEST(RequestLine, NoBytesNeedMoreAndSaySo) {
  const Inspected seen("");
  EXPECT_EQ(seen->progress, Progress::kNeedMore);
  EXPECT_EQ(seen.reason(), Reason::kHeadEmpty);
}

TEST(RequestLine, FaultsAreReportedWithTheirByte) {
  const std::string tail = "\r\nHost: a\r\n\r\n";
  const RejectCase cases[] = {
      {"\r\n\r\nGET / HTTP/1.1" + tail, Reason::kMethodMalformed, 2},
      {"\nGET / HTTP/1.1" + tail, Reason::kMethodMalformed, 0},
      {" GET / HTTP/1.1" + tail, Reason::kMethodMalformed, 0},
      {raw("\0GET / HTTP/1.1") + tail, Reason::kMethodMalformed, 0},
      {"G\"T / HTTP/1.1" + tail, Reason::kMethodMalformed, 1},
      {"GET\x80 / HTTP/1.1" + tail, Reason::kMethodMalformed, 3},
      {"get / HTTP/1.1" + tail, Reason::kMethodUnsupported, 0},
      {"FOO / HTTP/1.1" + tail, Reason::kMethodUnsupported, 0},
      {"GETS / HTTP/1.1" + tail, Reason::kMethodUnsupported, 0},
      {"GET\t/ HTTP/1.1" + tail, Reason::kRequestLineMalformed, 3},
      {"GET" + tail, Reason::kRequestLineMalformed, 3},
      {"GET\n/ HTTP/1.1" + tail, Reason::kHeadBareLf, 3},
      {"GET\r/ HTTP/1.1" + tail, Reason::kHeadBareCr, 3},
      {"GET  / HTTP/1.1" + tail, Reason::kRequestLineMalformed, 4},
      {"GET \r\n", Reason::kRequestLineMalformed, 4},
      {"GET /" + tail, Reason::kRequestLineMalformed, 5},
      {"GET /\nHost: a\r\n\r\n", Reason::kHeadBareLf, 5},
      {"GET /\rHTTP/1.1" + tail, Reason::kHeadBareCr, 5},
      {"GET /  HTTP/1.1" + tail, Reason::kRequestLineMalformed, 6},
      {"GET /a b HTTP/1.1" + tail, Reason::kRequestLineMalformed, 7},
      {"GET / " + tail, Reason::kRequestLineMalformed, 6},
      {"GET / http/1.1" + tail, Reason::kRequestLineMalformed, 6},
      {"GET / HTTQ/1.1" + tail, Reason::kRequestLineMalformed, 9},
      {"GET / HTTP/1.1 " + tail, Reason::kRequestLineMalformed, 14},
      {"GET / HTTP/1.1\t" + tail, Reason::kRequestLineMalformed, 14},
      {"GET / HTTP/1.2" + tail, Reason::kVersionUnsupported, 13},
      {"GET / HTTP/2.0" + tail, Reason::kVersionUnsupported, 11},
      {"GET / HTTP/1" + tail, Reason::kVersionUnsupported, 12},
      {"GET / HTTP/1.1\nHost: a\r\n\r\n", Reason::kHeadBareLf, 14},
      {"GET / HTTP/1.1\rHost: a\r\n\r\n", Reason::kHeadBareCr, 14},
      {"CONNECT a HTTP/1.1" + tail, Reason::kTargetForm, 8},
      {"CONNECT / HTTP/1.1" + tail, Reason::kTargetForm, 8},
      {"GET * HTTP/1.1" + tail, Reason::kTargetForm, 4},
      {"GET ftp://a/ HTTP/1.1" + tail, Reason::kTargetScheme, 4},
      {"GET a HTTP/1.1" + tail, Reason::kTargetForm, 4},
      {"GET ?x HTTP/1.1" + tail, Reason::kTargetForm, 4},
  };
  for (const RejectCase& c : cases) {
    const Inspected seen(c.input);
    EXPECT_TRUE(seen.rejected()) << c.input;
    EXPECT_EQ(name_of(seen.reason()), name_of(c.reason)) << c.input;
    EXPECT_EQ(seen.offset(), c.offset) << c.input;
  }
}

TEST(RequestLine, RejectedRequestIsLeftEmptyButForItsText) {
  const Inspected seen("POST /secret?q HTTP/1.1\r\nHost: a\r\nX Y: z\r\n\r\n");
  ASSERT_TRUE(seen.rejected());
  EXPECT_EQ(seen.request().method, Method::kGet);
  EXPECT_FALSE(seen.request().target.present());
  EXPECT_TRUE(seen.request().path.empty());
  EXPECT_TRUE(seen.request().fields.empty());
  EXPECT_EQ(seen.request().head.data(), seen.input());
}

}  // namespace
}  // namespace ostiary::test
