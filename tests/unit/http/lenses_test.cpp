#include <ostiary/http/lenses.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <string_view>

namespace ostiary::test {
namespace {

constexpr std::string_view kRefused = "refused";

struct Reading {
  std::string_view raw;
  std::string_view path;
};

std::string_view read(std::string_view raw, Lens lens, std::array<std::byte, 256>& memory) {
  Arena arena(memory);
  const Result<std::string_view> path = lens_path(raw, lens, arena);
  EXPECT_EQ(arena.used(), raw.size());
  return path.ok() ? *path : path.reason() == Reason::kPathAboveRoot ? kRefused : "fault";
}

template <std::size_t count>
void expect_readings(Lens lens, const Reading (&readings)[count]) {
  for (const Reading& reading : readings) {
    std::array<std::byte, 256> memory;
    EXPECT_EQ(read(reading.raw, lens, memory), reading.path) << reading.raw;
  }
}

TEST(Lenses, NginxDecodesOnceThenMergesThenRemovesDots) {
  const Reading readings[] = {
      {"/a%2fb", "/a/b"},
      {"/a%2F..%2Fb", "/b"},
      {"/a/b/..//../c", "/c"},
      {"/a//../b", "/b"},
      {"//../a", kRefused},
      {"/..%2fa", kRefused},
      {"/%252e%252e/b", "/%252e%252e/b"},
      {"/a%5cb", "/a%5Cb"},
      {"/a/..;/b", "/a/..;/b"},
      {"/a%3fb%23", "/a%3Fb%23"},
      {"/%41%7e%2C,", "/A~,,"},
      {"/a/.%2f", "/a/"},
      {"/a/%2f", "/a/"},
      {"/%ff", "/%FF"},
  };
  expect_readings(Lens::kNginx, readings);
}

TEST(Lenses, BackslashIsASlashRawOrEncoded) {
  const Reading readings[] = {
      {"/a%5c..%5Cb", "/b"}, {"/a\\..\\b", "/b"},  {"/..%5ca", "/a"},     {"/x%2F..%5Cadmin", "/admin"},
      {"/a;b", "/a;b"},      {"/%255c", "/%255c"}, {"/a%5c%5c..", "/a/"},
  };
  expect_readings(Lens::kBackslash, readings);
}

TEST(Lenses, MatrixCutsSegmentsBeforeDotsAreRemoved) {
  const Reading readings[] = {
      {"/x/..;/admin", "/admin"},
      {"/x/..;a=b/admin", "/admin"},
      {"/admin;a=b", "/admin"},
      {"/x/%2e.%3Bq/y", "/y"},
      {"/a;x/b;y", "/a/b"},
      {"/..;/a", "/a"},
      {"/;/a", "/a"},
      {"/a/;", "/a/"},
      {"/a/;/../b", "/b"},
      {"/a;%2F../b", "/a/b"},
      {"/a%2Fb;c", "/a%2Fb"},
      {"/a;.;../b", "/a/b"},
  };
  expect_readings(Lens::kMatrix, readings);
}

TEST(Lenses, DoubleDecodeDecodesTwiceAndNoMore) {
  const Reading readings[] = {
      {"/x/%252e%252e/admin", "/admin"},
      {"/x/%25%32%65./admin", "/admin"},
      {"/x%252fy", "/x/y"},
      {"/x%25%32%66y", "/x/y"},
      {"/x%2fy", "/x/y"},
      {"/%2541", "/A"},
      {"/%25252e", "/%252e"},
      {"/%2525", "/%25"},
      {"/%25zz", "/%25zz"},
      {"/%252E%252E/a", "/a"},
      {"/%2500", "/%00"},
      {"/%25c3%25a9", "/%C3%A9"},
      {"/a%25", "/a%25"},
      {"/a%252", "/a%252"},
      {"/%253b", "/%3B"},
  };
  expect_readings(Lens::kDoubleDecode, readings);
}

TEST(Lenses, Rfc3986IsTheCanonicalPath) {
  const Reading readings[] = {
      {"/a//../b", "/a/b"}, {"/a/b/..//../c", "/a/c"}, {"/a%2Fb", "/a%2Fb"}, {"/%2e%2e;/a", "/..;/a"}, {"//", "/"},
  };
  expect_readings(Lens::kRfc3986, readings);
}

TEST(Lenses, ScratchThatIsTooSmallIsSaid) {
  Arena nothing;
  EXPECT_EQ(lens_path("/a", Lens::kNginx, nothing).reason(), Reason::kUsageScratchTooSmall);
  EXPECT_EQ(notes_of_path("/a/..", nothing).reason(), Reason::kUsageScratchTooSmall);
  EXPECT_EQ(lens_path("a", Lens::kNginx, nothing).reason(), Reason::kTargetForm);
}

TEST(Lenses, EveryRuleWithLensesHasOneAndNoOtherHas) {
  for (const FindingRule& rule : kFindingRules) {
    bool served = false;
    for (const LensRule& row : kLensRules) served = served || row.rule == rule.reason;
    EXPECT_EQ(served, rule.lenses) << reason_info(rule.reason).name;
  }
}

}  // namespace
}  // namespace ostiary::test
