#include "inspected.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <vector>

namespace ostiary::test {
namespace {

struct AcceptCase {
  std::string_view raw;
  std::string_view canonical;
  Reason noted = Reason::kOk;     ///< kOk: nothing is noted
  std::uint32_t note_offset = 0;  ///< in the raw path
};

void expect_rejected(const RejectCase& c) {
  const Inspected seen(get(c.input));
  EXPECT_TRUE(seen.rejected()) << c.input;
  EXPECT_EQ(name_of(seen.reason()), name_of(c.reason)) << c.input;
  EXPECT_EQ(seen.offset(), kTargetOffset + c.offset) << c.input;
}

TEST(Target, CanonicalPathIsAViewOfTheHeadAndTakesNoScratch) {
  for (const std::string_view path : {"/", "/a", "/a/", "/.well-known/x", "/a/..b", "/~-._!$&'()*+,=:@", "/a%20b",
                                      "/%C3%A9", "/%3F", "/100%25", "/%25zz", "/%25%25", "/%5B", "/a,b"}) {
    const std::string head = get(path);
    const Inspected seen(head);
    ASSERT_TRUE(seen.complete()) << path;
    EXPECT_EQ(seen.request().path, path);
    EXPECT_EQ(seen.request().path.data(), seen.input() + kTargetOffset) << path;
    EXPECT_EQ(seen.scratch_used(), kScratchForFields) << path;
    EXPECT_TRUE(is_canonical_path(path)) << path;
  }
}

TEST(Target, EqualPathsHaveOneForm) {
  const AcceptCase cases[] = {
      {"/%41", "/A", Reason::kPathNormalisedEscape, 1},
      {"/%7e", "/~", Reason::kPathNormalisedEscape, 1},
      {"/a%2d%5f", "/a-_", Reason::kPathNormalisedEscape, 2},
      {"/%c3%a9", "/%C3%A9", Reason::kPathNormalisedEscape, 1},
      {"/%20%5b", "/%20%5B", Reason::kPathNormalisedEscape, 4},
      {"/.", "/", Reason::kPathDotSegment, 1},
      {"/a/.", "/a/", Reason::kPathDotSegment, 3},
      {"/a/./b", "/a/b", Reason::kPathDotSegment, 3},
      {"/a/..", "/", Reason::kPathDotSegment, 3},
      {"/a/b/..", "/a/", Reason::kPathDotSegment, 5},
      {"/a/b/../", "/a/", Reason::kPathDotSegment, 5},
      {"/a/b/../../c", "/c", Reason::kPathDotSegment, 5},
      {"/mid/content=5/../6", "/mid/6", Reason::kPathDotSegment, 15},  // RFC 3986 §5.2.4
      {"/a/b/c/./../../g", "/a/g", Reason::kPathDotSegment, 7},        // RFC 3986 §5.2.4
      {"//", "/", Reason::kPathEmptySegment, 1},
      {"//a", "/a", Reason::kPathEmptySegment, 1},
      {"/a//b", "/a/b", Reason::kPathEmptySegment, 3},
      {"/a//", "/a/", Reason::kPathEmptySegment, 3},
      {"/a///b//", "/a/b/", Reason::kPathEmptySegment, 3},
  };
  for (const AcceptCase& c : cases) {
    const Inspected seen(get(c.raw));
    ASSERT_TRUE(seen.complete()) << c.raw;
    EXPECT_EQ(seen.request().path, c.canonical) << c.raw;
    ASSERT_EQ(seen.request().finding_count, 1 + (seen.found(Reason::kPathNonAscii) >= 0)) << c.raw;
    EXPECT_EQ(name_of(seen.request().findings[0].reason), name_of(c.noted)) << c.raw;
    EXPECT_EQ(seen.request().findings[0].disposition, Disposition::kShape) << c.raw;
    EXPECT_EQ(seen.request().findings[0].offset, kTargetOffset + c.note_offset) << c.raw;
    EXPECT_FALSE(is_canonical_path(c.raw)) << c.raw;
    EXPECT_TRUE(is_canonical_path(c.canonical)) << c.raw;
  }
}

TEST(Target, EncodedDotsAreDotsAndBothChangesAreNoted) {
  const Inspected seen(get("/x/.%2E/a"));
  ASSERT_TRUE(seen.complete());
  EXPECT_EQ(seen.request().path, "/a");
  EXPECT_EQ(seen.found(Reason::kPathDotSegment), kTargetOffset + 3);
  EXPECT_EQ(seen.found(Reason::kPathNormalisedEscape), kTargetOffset + 4);
}

TEST(Target, DotSegmentBeforeAQueryIsRemoved) {
  EXPECT_EQ(Inspected(get("/a/..?q=/..")).request().path, "/");
  EXPECT_EQ(Inspected(get("/a/.?q")).request().path, "/a/");
}

TEST(Target, WhatIsUnusualButClearIsFlagged) {
  const Inspected unicode(get("/a/%C3%A9"));
  EXPECT_EQ(unicode.found(Reason::kPathNonAscii), kTargetOffset + 3);
  EXPECT_EQ(unicode.request().findings[0].disposition, Disposition::kFlag);
  const Inspected delimiter(get("/a%23b"));
  EXPECT_EQ(delimiter.found(Reason::kPathEncodedDelimiter), kTargetOffset + 2);
  EXPECT_EQ(delimiter.request().path, "/a%23b");
}

TEST(Target, ByteFaultsAreReportedWithTheirByte) {
  const RejectCase cases[] = {
      {"/%", Reason::kPathEscape, 1},
      {"/%4", Reason::kPathEscape, 1},
      {"/%zz", Reason::kPathEscape, 1},
      {"/a%4g", Reason::kPathEscape, 2},
      {"/%u002e", Reason::kPathEscape, 1},
      {"/%%32%65", Reason::kPathEscape, 1},
      {"/%4?1", Reason::kPathEscape, 1},
      {"/x%2fy", Reason::kPathEncodedSeparator, 2},
      {"/x%2Fy", Reason::kPathEncodedSeparator, 2},
      {"/x%5cy", Reason::kPathEncodedSeparator, 2},
      {"/x%5Cy", Reason::kPathEncodedSeparator, 2},
      {"/x\\y", Reason::kPathBackslash, 2},
      {"/%00", Reason::kPathControl, 1},
      {"/%1f", Reason::kPathControl, 1},
      {"/%7F", Reason::kPathControl, 1},
      {"/%80", Reason::kPathUtf8, 1},
      {"/%c3", Reason::kPathUtf8, 1},
      {"/%c3a", Reason::kPathUtf8, 1},
      {"/a%c3%28", Reason::kPathUtf8, 2},
      {"/%c0%af", Reason::kPathOverlong, 1},
      {"/%c1%9c", Reason::kPathOverlong, 1},
      {"/%e0%80%af", Reason::kPathOverlong, 1},
      {"/%e0%9f%bf", Reason::kPathOverlong, 1},
      {"/%ed%a0%80", Reason::kPathUtf8, 1},
      {"/%ed%bf%bf", Reason::kPathUtf8, 1},
      {"/%f0%8f%bf%bf", Reason::kPathOverlong, 1},
      {"/%f4%90%80%80", Reason::kPathUtf8, 1},
      {"/%f5%80%80%80", Reason::kPathUtf8, 1},
      {"/%ff", Reason::kPathUtf8, 1},
      {"/%c0", Reason::kPathOverlong, 1},
      {"/%f8%80%80%80%af", Reason::kPathOverlong, 1},
      {"/%f8%88%80%80%80", Reason::kPathUtf8, 1},
      {"/%fc%83%80%80%80%af", Reason::kPathOverlong, 1},
      {"/a%ef%bc%8e", Reason::kPathLookalike, 2},
      {"/%E2%80%A4", Reason::kPathLookalike, 1},
      {"/%ef%bc%8f", Reason::kPathLookalike, 1},
      {"/%e2%82", Reason::kPathUtf8, 1},
      {"/%f0%9f%98", Reason::kPathUtf8, 1},
      {"/\x80", Reason::kTargetCharacter, 1},
      {"/\xc3\xa9", Reason::kTargetCharacter, 1},
      {"/\x01", Reason::kTargetCharacter, 1},
      {"/\t", Reason::kTargetCharacter, 1},
      {"/\x7f", Reason::kTargetCharacter, 1},
      {raw("/a\0"), Reason::kTargetCharacter, 2},
      {"/\"", Reason::kTargetCharacter, 1},
      {"/<", Reason::kTargetCharacter, 1},
      {"/>", Reason::kTargetCharacter, 1},
      {"/[", Reason::kTargetCharacter, 1},
      {"/]", Reason::kTargetCharacter, 1},
      {"/{", Reason::kTargetCharacter, 1},
      {"/}", Reason::kTargetCharacter, 1},
      {"/|", Reason::kTargetCharacter, 1},
      {"/^", Reason::kTargetCharacter, 1},
      {"/`", Reason::kTargetCharacter, 1},
      {"/a#", Reason::kTargetFragment, 2},
      {"/?a#b", Reason::kTargetFragment, 3},
      {"/?\"", Reason::kTargetCharacter, 2},
      {"/?<", Reason::kTargetCharacter, 2},
      {"/?>", Reason::kTargetCharacter, 2},
      {"/?\x80", Reason::kTargetCharacter, 2},
      {"/?\x1f", Reason::kTargetCharacter, 2},
      {"/?\x7f", Reason::kTargetCharacter, 2},
      {"/?a=%", Reason::kPathEscape, 4},
      {"/?a=%2", Reason::kPathEscape, 4},
      {"/?a=%2x", Reason::kPathEscape, 4},
  };
  for (const RejectCase& c : cases) expect_rejected(c);
}

TEST(Target, ValidMultiByteSequencesAtTheEdgesOfTheirRangesPass) {
  for (const std::string_view path : {"/%C2%80", "/%DF%BF", "/%E0%A0%80", "/%ED%9F%BF", "/%EE%80%80", "/%EF%BF%BF",
                                      "/%F0%90%80%80", "/%F4%8F%BF%BF", "/%F1%80%80%80", "/%EF%BC%8D", "/%EF%BC%90"}) {
    EXPECT_TRUE(is_canonical_path(path)) << path;
  }
}

TEST(Target, WholePathFaultsAreReportedWithTheirSegment) {
  const RejectCase cases[] = {
      {"/..", Reason::kPathAboveRoot, 1},        {"/../a", Reason::kPathAboveRoot, 1},
      {"/%2e%2e", Reason::kPathAboveRoot, 1},    {"/a/../..", Reason::kPathAboveRoot, 6},
      {"/a/../../b", Reason::kPathAboveRoot, 6}, {"/./..", Reason::kPathAboveRoot, 3},
      {"//../..", Reason::kPathAboveRoot, 5},
  };
  for (const RejectCase& c : cases) expect_rejected(c);
}

struct FlagCase {
  std::string_view raw;
  std::string_view canonical;
  Reason flag;
  std::uint32_t offset;
  bool ambiguous;
};

TEST(Target, WhatBackEndsReadDifferentlyIsFlagged) {
  const FlagCase cases[] = {
      {"/%252e", "/%252e", Reason::kPathDoubleEncoded, 1, true},
      {"/%2525", "/%2525", Reason::kPathDoubleEncoded, 1, true},
      {"/%25%32%65", "/%252e", Reason::kPathDoubleEncoded, 1, true},
      {"/%252%65", "/%252e", Reason::kPathDoubleEncoded, 1, true},
      {"/%25%32e", "/%252e", Reason::kPathDoubleEncoded, 1, true},
      {"/%25%61%46", "/%25aF", Reason::kPathDoubleEncoded, 1, true},
      {"/a;b", "/a;b", Reason::kPathMatrixParameter, 2, true},
      {"/a%3bb", "/a%3Bb", Reason::kPathMatrixParameter, 2, true},
      {"/x/..;/a", "/x/..;/a", Reason::kPathMatrixParameter, 5, true},
      {"//..", "/", Reason::kPathAmbiguousSlashes, 2, true},
      {"/a//../b", "/a/b", Reason::kPathAmbiguousSlashes, 4, true},
      {"/a/..//b", "/b", Reason::kPathAmbiguousSlashes, 6, true},
      {"/a/.//b", "/a/b", Reason::kPathAmbiguousSlashes, 5, true},
      {"/a//%2e", "/a/", Reason::kPathAmbiguousSlashes, 4, true},
      {"/a/b/..//../c", "/a/c", Reason::kPathAmbiguousSlashes, 8, true},
      {"//../a", "/a", Reason::kPathAmbiguousSlashes, 2, true},
      {"/a///../../b", "/a/b", Reason::kPathAmbiguousSlashes, 5, true},
      {"/a.", "/a.", Reason::kPathTrailingDotOrSpace, 2, false},
      {"/a./b", "/a./b", Reason::kPathTrailingDotOrSpace, 2, false},
      {"/...", "/...", Reason::kPathTrailingDotOrSpace, 3, false},
      {"/a%2e", "/a.", Reason::kPathTrailingDotOrSpace, 2, false},
      {"/a%20", "/a%20", Reason::kPathTrailingDotOrSpace, 2, false},
      {"/%20/b?c.", "/%20/b", Reason::kPathTrailingDotOrSpace, 1, false},
      {"/0123456789012345678901234567890./a", "/0123456789012345678901234567890./a", Reason::kPathTrailingDotOrSpace,
       32, false},
      {"/01234567890123456789012345678.", "/01234567890123456789012345678.", Reason::kPathTrailingDotOrSpace, 30,
       false},
      {"/012345678901234567890123456789.", "/012345678901234567890123456789.", Reason::kPathTrailingDotOrSpace, 31,
       false},
  };
  for (const FlagCase& c : cases) {
    const Inspected seen(get(c.raw));
    ASSERT_TRUE(seen.complete()) << c.raw;
    EXPECT_EQ(seen.request().path, c.canonical) << c.raw;
    EXPECT_EQ(seen.found(c.flag), kTargetOffset + c.offset) << c.raw;
    EXPECT_EQ(seen.request().ambiguous_path, c.ambiguous) << c.raw;
    EXPECT_TRUE(seen.request().to_waive.empty()) << c.raw;
  }
}

TEST(Target, NothingIsFlaggedWithoutCause) {
  for (const std::string_view path :
       {"/.a", "/a.b", "/a..b/c", "/%20a", "/a/%25", "/%25zz", "/a?b;c//d/../%2f.", "/.a/"}) {
    const Inspected seen(get(path));
    ASSERT_TRUE(seen.complete()) << path;
    EXPECT_EQ(seen.request().finding_count, 0) << path;
    EXPECT_FALSE(seen.request().ambiguous_path) << path;
  }
}

/// A head and everything its Inspection borrows, where rules are left to the route.
struct Left {
  explicit Left(std::string text, std::initializer_list<Reason> rules, Scheme scheme = Scheme::kUnknown)
      : head(std::move(text)), memory(inspect_scratch_size_max({})) {
    InspectOptions options;
    options.scheme = scheme;
    for (const Reason rule : rules) options.left_to_route.add(rule);
    Arena arena(memory);
    inspection = inspect_bytes(head, arena, options);
  }
  [[nodiscard]] const Request& request() const { return inspection.request; }

  std::string head;
  std::vector<std::byte> memory;
  Inspection inspection;
};

struct LeftCase {
  std::string_view raw;
  std::string_view canonical;
  Reason rule;
  std::uint32_t offset;
  bool ambiguous;
};

TEST(Target, AWaivableRuleIsLeftToTheRouteWhenAskedFor) {
  const LeftCase cases[] = {
      {"/x%2fy", "/x%2Fy", Reason::kPathEncodedSeparator, 2, true},
      {"/x%5Cy", "/x%5Cy", Reason::kPathEncodedSeparator, 2, true},
      {"/x/..%2f..%2fy", "/x/..%2F..%2Fy", Reason::kPathEncodedSeparator, 5, true},
      {"/%ff", "/%FF", Reason::kPathUtf8, 1, false},
      {"/a%c3%28", "/a%C3(", Reason::kPathUtf8, 2, false},
      {"/%ed%a0%80", "/%ED%A0%80", Reason::kPathUtf8, 1, false},
      {"/%ef%bc%8e", "/%EF%BC%8E", Reason::kPathLookalike, 1, false},
  };
  for (const LeftCase& c : cases) {
    const Left seen(get(c.raw), {c.rule});
    ASSERT_EQ(seen.inspection.progress, Progress::kComplete) << c.raw;
    EXPECT_EQ(seen.request().path, c.canonical) << c.raw;
    EXPECT_TRUE(seen.request().to_waive.has(c.rule)) << c.raw;
    EXPECT_EQ(seen.request().ambiguous_path, c.ambiguous) << c.raw;
    const Finding* const end = seen.request().findings.data() + seen.request().finding_count;
    const Finding* const told = std::find_if(seen.request().findings.data(), end,
                                             [&c](const Finding& finding) { return finding.reason == c.rule; });
    ASSERT_NE(told, end) << c.raw;
    EXPECT_EQ(told->disposition, Disposition::kReject) << c.raw;
    EXPECT_EQ(told->offset, kTargetOffset + c.offset) << c.raw;
    EXPECT_EQ(Inspected(get(c.raw)).reason(), c.rule) << c.raw;
  }
}

TEST(Target, WhatIsNotWaivableIsRefusedWhateverIsLeft) {
  for (const std::string_view raw : {"/%c0%af", "/%e0%80%af", "/%f0%80%80%af", "/%00", "/a\\b", "/..", "/%zz"}) {
    InspectOptions options;
    options.left_to_route = RuleSet::where([](const FindingRule&) { return true; });
    std::vector<std::byte> memory(inspect_scratch_size_max({}));
    Arena arena(memory);
    EXPECT_EQ(inspect_bytes(get(raw), arena, options).progress, Progress::kRejected) << raw;
  }
}

TEST(Target, ARejectionLeftToTheRouteIsToldHoweverMuchElseIs) {
  const Left seen("GET http://a.example/;a.//./%61%c3%a9%23%252e/%ff%2f%ef%bc%8e HTTP/1.1\r\nHost: a.example\r\n\r\n",
                  {Reason::kPathEncodedSeparator, Reason::kPathUtf8, Reason::kPathLookalike});
  ASSERT_EQ(seen.inspection.progress, Progress::kComplete);
  EXPECT_TRUE(seen.request().findings_truncated);
  for (const Reason rule : {Reason::kPathEncodedSeparator, Reason::kPathUtf8, Reason::kPathLookalike}) {
    const auto& findings = seen.request().findings;
    EXPECT_TRUE(std::any_of(findings.begin(), findings.end(), [rule](const Finding& finding) {
      return finding.reason == rule;
    })) << name_of(rule);
  }
}

TEST(Target, ByteFaultsComeBeforeWholePathFaults) {
  expect_rejected({"/../%zz", Reason::kPathEscape, 4});
  expect_rejected({"/..?#", Reason::kTargetFragment, 4});
  expect_rejected({"/a%2fb%zz", Reason::kPathEncodedSeparator, 2});
  expect_rejected({"/a%zz%2fb", Reason::kPathEscape, 2});
}

TEST(Target, QueryKeepsWhatBrowsersLeaveRaw) {
  const Inspected seen(get("/?a[]={x}|^`\\'();:@/?%41%00%2f&b=1"));
  ASSERT_TRUE(seen.complete());
  EXPECT_EQ(seen.request().query.in(seen.request().head), "a[]={x}|^`\\'();:@/?%41%00%2f&b=1");
  EXPECT_EQ(seen.request().finding_count, 0);
}

TEST(Target, OnlyAcceptedUnchangedPathsAreCanonical) {
  for (const std::string_view path : {"", "a", "*", "/a?b", "/?", "/a#", "/%2e", "/%c3%A9", "/a%2F", "/a;b", "/a%3Bb",
                                      "/%252e", "/..", "/a//b", "http://a/", "/ ", "/\x80"}) {
    EXPECT_FALSE(is_canonical_path(path)) << path;
  }
}

std::string request_of(std::string_view method, std::string_view target, std::string_view host) {
  return std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n";
}

struct FormCase {
  std::string_view method;
  std::string_view target;
  std::string_view host;
  TargetForm form;
  std::string_view authority;
  std::string_view path;
  std::string_view query;
};

TEST(Target, EveryFormIsTakenApart) {
  const FormCase cases[] = {
      {"GET", "/a?b", "x.example", TargetForm::kOrigin, "", "/a", "b"},
      {"GET", "http://x.example/a/../b?c", "x.example", TargetForm::kAbsolute, "x.example", "/b", "c"},
      {"GET", "HTTPS://X.Example:443/", "x.example", TargetForm::kAbsolute, "X.Example:443", "/", ""},
      {"GET", "http://x.example", "x.example:80", TargetForm::kAbsolute, "x.example", "/", ""},
      {"GET", "http://x.example?q=/", "x.example", TargetForm::kAbsolute, "x.example", "/", "q=/"},
      {"GET", "http://[::1]:8080/a", "[::1]:8080", TargetForm::kAbsolute, "[::1]:8080", "/a", ""},
      {"OPTIONS", "*", "x.example", TargetForm::kAsterisk, "", "*", ""},
      {"OPTIONS", "http://x.example", "x.example", TargetForm::kAsterisk, "x.example", "*", ""},
      {"OPTIONS", "http://x.example/", "x.example", TargetForm::kAbsolute, "x.example", "/", ""},
      {"OPTIONS", "http://x.example?", "x.example", TargetForm::kAbsolute, "x.example", "/", ""},
      {"CONNECT", "x.example:443", "x.example:443", TargetForm::kAuthority, "x.example:443", "", ""},
      {"CONNECT", "[::1]:443", "[0::1]:443", TargetForm::kAuthority, "[::1]:443", "", ""},
  };
  for (const FormCase& c : cases) {
    const Inspected seen(request_of(c.method, c.target, c.host));
    ASSERT_TRUE(seen.complete()) << c.method << " " << c.target << " " << name_of(seen.reason());
    const Request& request = seen.request();
    EXPECT_EQ(request.form, c.form) << c.target;
    EXPECT_EQ(request.authority.in(request.head), c.authority) << c.target;
    EXPECT_EQ(request.path, c.path) << c.target;
    EXPECT_EQ(request.query.in(request.head), c.query) << c.target;
    const bool absolute = c.target.find("://") != std::string_view::npos;
    EXPECT_EQ(seen.found(Reason::kTargetAbsolute), absolute ? static_cast<std::int64_t>(c.method.size() + 1) : -1);
  }
}

TEST(Target, AFormThatTheMethodDoesNotTakeIsRefused) {
  struct Case {
    std::string_view method;
    std::string_view target;
    Reason reason;
    std::uint32_t offset;
  };
  const Case cases[] = {
      {"GET", "*", Reason::kTargetForm, 0},
      {"OPTIONS", "*x", Reason::kTargetForm, 0},
      {"GET", "x.example:443", Reason::kTargetForm, 0},
      {"GET", "x.example", Reason::kTargetForm, 0},
      {"GET", "http:/a", Reason::kTargetForm, 0},
      {"GET", "mailto:a", Reason::kTargetForm, 0},
      {"GET", "1http://a/", Reason::kTargetForm, 0},
      {"GET", "http:///a", Reason::kTargetForm, 7},
      {"GET", "ftp://x.example/", Reason::kTargetScheme, 0},
      {"GET", "ws://x.example/", Reason::kTargetScheme, 0},
      {"GET", "http://u@x.example/", Reason::kTargetUserInformation, 7},
      {"GET", "http://u:p@x.example/", Reason::kTargetUserInformation, 7},
      {"GET", "http://x.example#f", Reason::kTargetFragment, 16},
      {"GET", "http://x.example\\a", Reason::kTargetCharacter, 16},
      {"GET", "http://x%41/", Reason::kTargetCharacter, 8},
      {"GET", "http://x.example/%zz", Reason::kPathEscape, 17},
      {"GET", "http://x.example/../a", Reason::kPathAboveRoot, 17},
      {"GET", "http://x.example?\"", Reason::kTargetCharacter, 17},
      {"CONNECT", "/", Reason::kTargetForm, 0},
      {"CONNECT", "*", Reason::kTargetForm, 0},
      {"CONNECT", "x.example", Reason::kTargetForm, 0},
      {"CONNECT", "x.example:", Reason::kTargetForm, 0},
      {"CONNECT", ":443", Reason::kTargetForm, 0},
      {"CONNECT", "x.example:44a", Reason::kTargetForm, 0},
      {"CONNECT", "u@x.example:443", Reason::kTargetForm, 0},
      {"CONNECT", "http://x.example:443", Reason::kTargetForm, 0},
  };
  for (const Case& c : cases) {
    const Inspected seen(request_of(c.method, c.target, "x.example"));
    EXPECT_EQ(name_of(seen.reason()), name_of(c.reason)) << c.method << " " << c.target;
    EXPECT_EQ(seen.offset(), c.method.size() + 1 + c.offset) << c.method << " " << c.target;
  }
}

TEST(Target, ItsAuthorityMustBeTheHost) {
  const auto reason = [](std::string_view method, std::string_view target, std::string_view host) {
    return Inspected(request_of(method, target, host)).reason();
  };
  EXPECT_EQ(reason("GET", "http://X.example./", "x.example"), Reason::kOk);
  EXPECT_EQ(reason("GET", "http://x.example:80/", "x.example"), Reason::kOk);
  EXPECT_EQ(reason("GET", "https://x.example:80/", "x.example"), Reason::kHostDisagrees);
  EXPECT_EQ(reason("GET", "http://y.example/", "x.example"), Reason::kHostDisagrees);
  EXPECT_EQ(reason("GET", "http://x.example:8080/", "x.example"), Reason::kHostDisagrees);
  EXPECT_EQ(reason("GET", "http://x..example/", "x.example"), Reason::kHostDisagrees);
  EXPECT_EQ(reason("CONNECT", "x.example:443", "x.example"), Reason::kHostDisagrees);
  EXPECT_EQ(reason("OPTIONS", "http://y.example", "x.example"), Reason::kHostDisagrees);
}

TEST(Target, TheSchemeItNamesMustBeTheOneTheRequestCameBy) {
  const std::string head = request_of("GET", "http://x.example/", "x.example");
  EXPECT_EQ(Left(head, {}).request().scheme, Scheme::kHttp);
  EXPECT_EQ(Left(head, {}, Scheme::kHttp).inspection.progress, Progress::kComplete);
  const Left disagrees(head, {}, Scheme::kHttps);
  EXPECT_EQ(disagrees.inspection.finding.reason, Reason::kTargetScheme);
  EXPECT_EQ(disagrees.inspection.finding.offset, kTargetOffset);
}

TEST(Target, TheFieldsDoorComparesEveryAuthority) {
  const FieldView host[] = {{"host", "x.example"}};
  EXPECT_TRUE(Inspected(ParsedHead{"GET", {}, "http://x.example/", host}).complete());
  EXPECT_EQ(Inspected(ParsedHead{"GET", {}, "http://y.example/", host}).reason(), Reason::kHostDisagrees);
  EXPECT_EQ(Inspected(ParsedHead{"GET", "x.example", "http://y.example/", host}).reason(), Reason::kHostDisagrees);
  EXPECT_EQ(Inspected(ParsedHead{"GET", "y.example", "http://y.example/", host}).reason(), Reason::kHostDisagrees);
  EXPECT_EQ(Inspected(ParsedHead{"GET", "x.example", "http://y.example/", {}}).reason(), Reason::kHostDisagrees);
}

TEST(Target, Http2HasNoAbsoluteFormAndItsConnectHasNoPath) {
  const Inspected tunnel(ParsedHead{"CONNECT", "x.example:443", {}, {}, HttpVersion::kHttp2});
  ASSERT_TRUE(tunnel.complete()) << name_of(tunnel.reason());
  EXPECT_EQ(tunnel.request().form, TargetForm::kAuthority);
  EXPECT_EQ(tunnel.request().host, "x.example");
  EXPECT_EQ(tunnel.request().port, 443);
  EXPECT_EQ(tunnel.request().path.data(), nullptr);
  EXPECT_EQ(Inspected(ParsedHead{"CONNECT", "x.example", {}, {}, HttpVersion::kHttp2}).reason(), Reason::kTargetForm);
  EXPECT_EQ(Inspected(ParsedHead{"CONNECT", "x.example:443", "/", {}, HttpVersion::kHttp2}).reason(),
            Reason::kTargetForm);
  EXPECT_EQ(Inspected(ParsedHead{"GET", "x.example", "http://x.example/", {}, HttpVersion::kHttp2}).reason(),
            Reason::kTargetForm);
  EXPECT_EQ(Inspected(ParsedHead{"GET", "x.example", {}, {}, HttpVersion::kHttp2}).reason(), Reason::kTargetForm);
  EXPECT_EQ(Inspected(ParsedHead{"OPTIONS", "x.example", "*", {}, HttpVersion::kHttp3}).request().path, "*");
}

TEST(Target, RewrittenPathNeedsScratch) {
  std::byte memory[4];
  Arena small{std::span<std::byte>(memory)};
  EXPECT_EQ(canonical_path("/a/../b", small).reason(), Reason::kUsageScratchTooSmall);
  Arena enough{std::span<std::byte>(memory)};
  EXPECT_EQ(canonical_path("/./b", enough)->path, "/b");
}

}  // namespace
}  // namespace ostiary::test
