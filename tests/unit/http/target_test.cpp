#include "inspected.hpp"

#include <gtest/gtest.h>

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
  for (const std::string_view path :
       {"/", "/a", "/a/", "/.well-known/x", "/a/..b", "/a/...", "/a.", "/~-._!$&'()*+,=:@", "/a%20b", "/%C3%A9", "/%3F",
        "/100%25", "/%25zz", "/%25%25", "/%5B", "/a%2Cb"}) {
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
      {"/%20%3a", "/%20%3A", Reason::kPathNormalisedEscape, 4},
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
      {"/%252e", Reason::kPathDoubleEncoded, 1},
      {"/%2525", Reason::kPathDoubleEncoded, 1},
      {"/%25%32%65", Reason::kPathDoubleEncoded, 1},
      {"/%252%65", Reason::kPathDoubleEncoded, 1},
      {"/%25%32e", Reason::kPathDoubleEncoded, 1},
      {"/%25%61%46", Reason::kPathDoubleEncoded, 1},
      {"/a;b", Reason::kPathMatrixParameter, 2},
      {"/a%3bb", Reason::kPathMatrixParameter, 2},
      {"/a%3Bb", Reason::kPathMatrixParameter, 2},
      {"/%80", Reason::kPathUtf8, 1},
      {"/%c3", Reason::kPathUtf8, 1},
      {"/%c3a", Reason::kPathUtf8, 1},
      {"/a%c3%28", Reason::kPathUtf8, 2},
      {"/%c0%af", Reason::kPathUtf8, 1},
      {"/%c1%9c", Reason::kPathUtf8, 1},
      {"/%e0%80%af", Reason::kPathUtf8, 1},
      {"/%e0%9f%bf", Reason::kPathUtf8, 1},
      {"/%ed%a0%80", Reason::kPathUtf8, 1},
      {"/%ed%bf%bf", Reason::kPathUtf8, 1},
      {"/%f0%8f%bf%bf", Reason::kPathUtf8, 1},
      {"/%f4%90%80%80", Reason::kPathUtf8, 1},
      {"/%f5%80%80%80", Reason::kPathUtf8, 1},
      {"/%ff", Reason::kPathUtf8, 1},
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
                                      "/%F0%90%80%80", "/%F4%8F%BF%BF", "/%F1%80%80%80", "/%EF%BC%8E%EF%BC%8E"}) {
    EXPECT_TRUE(is_canonical_path(path)) << path;
  }
}

TEST(Target, WholePathFaultsAreReportedWithTheirSegment) {
  const RejectCase cases[] = {
      {"/..", Reason::kPathAboveRoot, 1},
      {"/../a", Reason::kPathAboveRoot, 1},
      {"/%2e%2e", Reason::kPathAboveRoot, 1},
      {"/a/../..", Reason::kPathAboveRoot, 6},
      {"/a/../../b", Reason::kPathAboveRoot, 6},
      {"/./..", Reason::kPathAboveRoot, 3},
      {"//..", Reason::kPathAmbiguousSlashes, 2},
      {"/a//../b", Reason::kPathAmbiguousSlashes, 4},
      {"/a/..//b", Reason::kPathAmbiguousSlashes, 6},
      {"/a/.//b", Reason::kPathAmbiguousSlashes, 5},
      {"/a//%2e", Reason::kPathAmbiguousSlashes, 4},
      {"/a/b/..//../c", Reason::kPathAmbiguousSlashes, 8},
  };
  for (const RejectCase& c : cases) expect_rejected(c);
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
  for (const std::string_view path : {"", "a", "*", "/a?b", "/?", "/a#", "/%2e", "/%c3%A9", "/a%2F", "/a;b", "/..",
                                      "/a//b", "http://a/", "/ ", "/\x80"}) {
    EXPECT_FALSE(is_canonical_path(path)) << path;
  }
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
