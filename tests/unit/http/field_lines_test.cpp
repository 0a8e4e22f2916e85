#include "inspected.hpp"

#include <gtest/gtest.h>

namespace ostiary::test {
namespace {

void expect_rejected(const RejectCase& c) {
  const Inspected seen(with_lines(c.input));
  EXPECT_TRUE(seen.rejected()) << c.input;
  EXPECT_EQ(name_of(seen.reason()), name_of(c.reason)) << c.input;
  EXPECT_EQ(seen.offset(), kLinesOffset + c.offset) << c.input;
}

TEST(FieldLines, AreKeptInOrderWithBlanksTrimmed) {
  const Inspected seen(
      with_lines("X-One:1\r\nx-two: \t two words\t \r\nX-Empty:\r\nX-Blank: \t\r\nX!#$%&'*+-.^`|~9: y\r\n"));
  ASSERT_TRUE(seen.complete());
  const Request& request = seen.request();
  ASSERT_EQ(request.fields.size(), 6U);
  EXPECT_EQ(request.name(request.fields[1]), "X-One");
  EXPECT_EQ(request.value(request.fields[1]), "1");
  EXPECT_EQ(request.value(request.fields[2]), "two words");
  EXPECT_TRUE(request.fields[3].value.present());
  EXPECT_EQ(request.value(request.fields[3]), "");
  EXPECT_EQ(request.value(request.fields[4]), "");
  EXPECT_EQ(request.name(request.fields[5]), "X!#$%&'*+-.^`|~9");
}

TEST(FieldLines, AreFoundInAnyCase) {
  const Inspected seen(with_lines("X-Key: one\r\nx-key: two\r\n"));
  ASSERT_NE(seen.request().find("x-key"), nullptr);
  EXPECT_EQ(seen.request().value(*seen.request().find("x-key")), "one");
  EXPECT_EQ(seen.request().find("x-ke"), nullptr);
}

TEST(FieldLines, BytesOutsideAsciiInAValueAreFlaggedOncePerField) {
  const Inspected seen(with_lines("X: a\x80\xff\r\nY: \xa0\r\n"));
  ASSERT_TRUE(seen.complete());
  ASSERT_EQ(seen.request().finding_count, 2);
  EXPECT_EQ(seen.request().findings[0].reason, Reason::kFieldValueObsText);
  EXPECT_EQ(seen.request().findings[0].disposition, Disposition::kFlag);
  EXPECT_EQ(seen.request().findings[0].offset, kLinesOffset + 4);
  EXPECT_EQ(seen.request().findings[1].offset, kLinesOffset + 11);
}

TEST(FieldLines, MoreFindingsThanFitAreCountedAsTruncated) {
  std::string lines;
  for (std::size_t i = 0; i < Request::kFindingsMax; ++i) lines += "X: \x80\r\n";
  const Inspected full(with_lines(lines));
  EXPECT_EQ(full.request().finding_count, Request::kFindingsMax);
  EXPECT_FALSE(full.request().findings_truncated);
  const Inspected over(with_lines(lines + "X: \x80\r\n"));
  EXPECT_TRUE(over.complete());
  EXPECT_EQ(over.request().finding_count, Request::kFindingsMax);
  EXPECT_TRUE(over.request().findings_truncated);
}

TEST(FieldLines, FaultsAreReportedWithTheirByte) {
  const RejectCase cases[] = {
      {": x\r\n", Reason::kFieldName, 0},
      {"X(Y): x\r\n", Reason::kFieldName, 1},
      {"X\x85: x\r\n", Reason::kFieldName, 1},
      {"X\x01: x\r\n", Reason::kFieldName, 1},
      {raw("X\0: x\r\n"), Reason::kFieldName, 1},
      {"X Y: x\r\n", Reason::kFieldName, 1},
      {"X\tY: x\r\n", Reason::kFieldName, 1},
      {"X\r\n", Reason::kFieldColon, 1},
      {"X y\r\n", Reason::kFieldColon, 3},
      {"X y\n", Reason::kHeadBareLf, 3},
      {"X y\rz", Reason::kHeadBareCr, 3},
      {"X\n", Reason::kHeadBareLf, 1},
      {"X\rY: x\r\n", Reason::kHeadBareCr, 1},
      {"X : x\r\n", Reason::kFieldSpaceBeforeColon, 1},
      {"X\t : x\r\n", Reason::kFieldSpaceBeforeColon, 1},
      {" X: x\r\n", Reason::kFieldFolded, 0},
      {"X: a\r\n b\r\n", Reason::kFieldFolded, 6},
      {"X: a\r\n\tb\r\n", Reason::kFieldFolded, 6},
      {"X: a\nY: b\r\n", Reason::kHeadBareLf, 4},
      {"X: a\rY: b\r\n", Reason::kHeadBareCr, 4},
      {"X: a\r\r\n", Reason::kHeadBareCr, 4},
      {raw("X: a\0b\r\n"), Reason::kFieldValue, 4},
      {"X: \x01\r\n", Reason::kFieldValue, 3},
      {"X:\x0b"
       "a\r\n",
       Reason::kFieldValue, 2},
      {"X: a\x7f\r\n", Reason::kFieldValue, 4},
      {"X_Host: a\r\n", Reason::kFieldNameUnderscore, 1},
      {"\nX: a\r\n", Reason::kHeadBareLf, 0},
      {"\rX: a\r\n", Reason::kHeadBareCr, 0},
  };
  for (const RejectCase& c : cases) expect_rejected(c);
}

TEST(FieldLines, EveryControlByteInAValueIsRefusedAndEveryOtherByteIsNot) {
  for (int c = 0; c < 256; ++c) {
    const bool allowed = c == '\t' || (c >= 0x20 && c != 0x7f);
    const std::string line = std::string("X: a") + static_cast<char>(c) + "b\r\n";
    EXPECT_EQ(Inspected(with_lines(line)).complete(), allowed) << c;
  }
}

TEST(FieldLines, EveryTokenByteInANameIsTakenAndEveryOtherByteIsNot) {
  const std::string_view symbols = "!#$%&'*+-.^_`|~";
  for (int c = 0; c < 256; ++c) {
    const char byte = static_cast<char>(c);
    const bool allowed =
        is_alpha(byte) || is_digit(byte) || (c != 0 && symbols.find(byte) != symbols.npos) || byte == ':';
    const std::string line = std::string("X") + byte + "b: y\r\n";
    EXPECT_EQ(Inspected(with_lines(line)).complete(), allowed) << c;
  }
}

TEST(FieldLines, FieldsThatMayStandOnceAreRefusedTwice) {
  for (const std::string name : {"Authorization",
                                 "Content-Type",
                                 "Expect",
                                 "User-Agent",
                                 "Referer",
                                 "From",
                                 "Max-Forwards",
                                 "If-Modified-Since",
                                 "If-Unmodified-Since",
                                 "If-Range",
                                 "Range",
                                 "Date",
                                 "Origin",
                                 "Cookie",
                                 "DPoP",
                                 "Upgrade-Insecure-Requests",
                                 "Proxy-Authorization",
                                 "HTTP2-Settings",
                                 "Early-Data",
                                 "Client-Cert",
                                 "Sec-WebSocket-Key",
                                 "Access-Control-Request-Method"}) {
    std::string lower = name;
    for (char& c : lower) c = ascii_lower(c);
    const std::string value = name == "Expect" ? "100-continue" : "a";
    const std::string line = ": " + value + "\r\n";
    EXPECT_TRUE(Inspected(with_lines(name + line)).complete()) << name;
    expect_rejected({name + line + "Forwarded: b\r\n" + lower + line, Reason::kFieldDuplicate,
                     static_cast<std::uint32_t>(name.size() + line.size() + 14)});
  }
}

TEST(FieldLines, ListFieldsMayRepeat) {
  EXPECT_TRUE(Inspected(with_lines("X-Forwarded-For: a\r\nX-Forwarded-For: b\r\nForwarded: a\r\nForwarded: b\r\n"
                                   "Accept: a\r\nAccept: b\r\nConnection: close\r\nConnection: te\r\n"
                                   "Signature: a\r\nSignature: b\r\n"))
                  .complete());
}

TEST(FieldLines, ConnectionMayNameHopByHopFields) {
  for (const std::string value :
       {"close", "keep-alive", "Upgrade, HTTP2-Settings", "TE", "", ",, close ,\t", "x-trace"}) {
    EXPECT_TRUE(Inspected(with_lines("Connection: " + value + "\r\n")).complete()) << value;
  }
}

TEST(FieldLines, ConnectionMayNotNameEndToEndFields) {
  const std::pair<std::string, std::uint32_t> cases[] = {
      {"Host", 0},
      {"close, Authorization", 7},
      {"Content-Length", 0},
      {"transfer-encoding", 0},
      {"close,\tCOOKIE ", 7},
      {"dpop", 0},
      {"X-Forwarded-For", 0},
      {"x-forwarded-anything", 0},
      {"forwarded", 0},
      {"signature-input", 0},
      {"clo se", 0},
      {"close,\xa0"
       "authorization",
       6},
      {"\"host\"", 0},
      {"close;host", 0},
  };
  for (const auto& [value, offset] : cases) {
    expect_rejected({"Connection: " + value + "\r\n", Reason::kFieldConnectionSpecific, offset + 12});
  }
}

TEST(FieldLines, SecondConnectionFieldIsJudgedAsWell) {
  expect_rejected({"Connection: close\r\nConnection: host\r\n", Reason::kFieldConnectionSpecific, 31});
}

TEST(FieldLines, EveryKnownNameIsFoundInAnyCaseAndNoOther) {
  for (std::size_t row = 1; row < kFieldIdCount; ++row) {
    const std::string name(kKnownFields[row].name);
    std::string upper = name;
    for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    EXPECT_EQ(static_cast<std::size_t>(find_field(name)), row) << name;
    EXPECT_EQ(static_cast<std::size_t>(find_field(upper)), row) << upper;
    EXPECT_EQ(find_field(name + "x"), FieldId::kUnknown);
    EXPECT_EQ(find_field(std::string_view(name).substr(1) == "host" ? "ost" : "x" + name), FieldId::kUnknown);
  }
  EXPECT_EQ(find_field(std::string(33, 'a')), FieldId::kUnknown);
}

}  // namespace
}  // namespace ostiary::test
