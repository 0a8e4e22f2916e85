#include "inspected.hpp"

#include <gtest/gtest.h>

namespace ostiary::test {
namespace {

Limits small_limits() {
  Limits limits;
  limits.head_size_max = 100;
  limits.field_count_max = 4;
  limits.target_size_max = 16;
  return limits;
}

std::string head_of_size(std::size_t size) {
  const std::string start = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
  return start + std::string(size - start.size() - 4, 'x') + "\r\n\r\n";
}

TEST(Limits, HeadMayBeAsLongAsTheLimit) {
  const Inspected at_limit(head_of_size(100) + "body", small_limits());
  EXPECT_TRUE(at_limit.complete());
  EXPECT_EQ(at_limit->head_size, 100U);
  const Inspected over(head_of_size(101), small_limits());
  EXPECT_EQ(over.reason(), Reason::kHeadTooLarge);
  EXPECT_TRUE(over.rejected());
  EXPECT_EQ(over.offset(), 100U);
}

TEST(Limits, HeadWithoutItsEndIsRefusedAsSoonAsItCannotFit) {
  const std::string head = head_of_size(101);
  EXPECT_EQ(Inspected(head.substr(0, 99), small_limits())->progress, Progress::kNeedMore);
  EXPECT_EQ(Inspected(head.substr(0, 100), small_limits()).reason(), Reason::kHeadTooLarge);
}

TEST(Limits, EndlessMethodIsGivenUpBeforeTheHeadIsFull) {
  EXPECT_EQ(Inspected(std::string(90, 'G'), small_limits()).reason(), Reason::kMethodUnsupported);
}

TEST(Limits, TargetMayBeAsLongAsTheLimit) {
  const std::string path16 = "/" + std::string(15, 'a');
  EXPECT_TRUE(Inspected(get(path16), small_limits()).complete());
  const Inspected over(get(path16 + "?"), small_limits());
  EXPECT_EQ(over.reason(), Reason::kTargetTooLong);
  EXPECT_EQ(over.offset(), kTargetOffset + 16);
  EXPECT_EQ(Inspected("GET " + path16, small_limits())->progress, Progress::kNeedMore);
  // the line is judged when it is finished, or so long that it cannot be good any more
  EXPECT_EQ(Inspected("GET " + path16 + std::string(70, 'a'), small_limits()).reason(), Reason::kTargetTooLong);
}

TEST(Limits, FieldsMayBeAsManyAsTheLimit) {
  EXPECT_TRUE(Inspected(with_lines("A: \r\nB: \r\nC: \r\n"), small_limits()).complete());
  const Inspected over(with_lines("A: \r\nB: \r\nC: \r\nD: \r\n"), small_limits());
  EXPECT_EQ(over.reason(), Reason::kFieldTooMany);
  EXPECT_EQ(over.offset(), kLinesOffset + 15);
}

TEST(Limits, DefaultsHoldForBothDoors) {
  const Limits limits;
  std::string lines;
  for (std::uint32_t i = 1; i < limits.field_count_max; ++i) lines += "X: y\r\n";
  EXPECT_TRUE(Inspected(with_lines(lines)).complete());
  EXPECT_EQ(Inspected(with_lines(lines + "X: y\r\n")).reason(), Reason::kFieldTooMany);
  const std::string path = "/" + std::string(limits.target_size_max - 1, 'a');
  EXPECT_TRUE(Inspected(get(path)).complete());
  EXPECT_EQ(Inspected(get(path + "a")).reason(), Reason::kTargetTooLong);
  EXPECT_TRUE(Inspected(head_of_size(limits.head_size_max)).complete());
  EXPECT_EQ(Inspected(head_of_size(limits.head_size_max + 1)).reason(), Reason::kHeadTooLarge);
}

TEST(Limits, FieldsDoorCountsTheHeadAsItWouldStandInBytes) {
  const std::string value(100 - std::string_view("GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n").size(), 'x');
  const FieldView fields[] = {{"Host", "a"}, {"X", value}};
  const Inspected at_limit(ParsedHead{"GET", {}, "/", fields}, small_limits());
  ASSERT_TRUE(at_limit.complete());
  EXPECT_EQ(at_limit->head_size, 100U);
  const std::string longer = value + "x";
  const FieldView more[] = {{"Host", "a"}, {"X", longer}};
  EXPECT_EQ(Inspected(ParsedHead{"GET", {}, "/", more}, small_limits()).reason(), Reason::kHeadTooLarge);
}

TEST(Limits, FieldsDoorCountsTheAuthorityAsAField) {
  const FieldView four[] = {{"a", ""}, {"b", ""}, {"c", ""}, {"host", "x"}};
  EXPECT_TRUE(Inspected(ParsedHead{"GET", "x", "/", four}, small_limits()).complete());
  EXPECT_TRUE(Inspected(ParsedHead{"GET", "x", "/", std::span(four).first(3)}, small_limits()).complete());
  const FieldView other[] = {{"a", ""}, {"b", ""}, {"c", ""}, {"d", ""}};
  EXPECT_EQ(Inspected(ParsedHead{"GET", "x", "/", other}, small_limits()).reason(), Reason::kFieldTooMany);
}

TEST(Limits, FieldsDoorBoundsTheTarget) {
  const std::string path16 = "/" + std::string(15, 'a');
  EXPECT_TRUE(Inspected(ParsedHead{"GET", "x", path16, {}}, small_limits()).complete());
  const std::string path17 = path16 + "a";
  const Inspected over(ParsedHead{"GET", "x", path17, {}}, small_limits());
  EXPECT_EQ(over.reason(), Reason::kTargetTooLong);
  EXPECT_EQ(over.offset(), kTargetOffset + 16);
}

TEST(Limits, TooLittleScratchIsAUsageFaultAndNeverAVerdict) {
  const std::string head = "GET /a/../%41 HTTP/1.1\r\nHost: A\r\nX: y\r\n\r\n";
  std::vector<std::byte> memory(4096);
  std::size_t enough = 0;
  for (std::size_t size = 0; size <= memory.size() && enough == 0; ++size) {
    Arena arena(std::span<std::byte>(memory.data(), size));
    const Inspection seen = inspect_bytes(head, arena);
    if (seen.progress == Progress::kComplete) {
      enough = size;
    } else {
      EXPECT_EQ(seen.finding.reason, Reason::kUsageScratchTooSmall) << size;
      EXPECT_EQ(seen.progress, Progress::kRejected);
    }
  }
  EXPECT_GE(enough, kScratchForFields + 9 + 1);
}

TEST(Limits, TooLittleScratchIsAUsageFaultAtTheFieldsDoor) {
  const FieldView fields[] = {{"Host", "A"}};
  std::vector<std::byte> memory(4096);
  bool completed = false;
  for (std::size_t size = 0; size <= memory.size(); ++size) {
    Arena arena(std::span<std::byte>(memory.data(), size));
    const Inspection seen = inspect_fields(ParsedHead{"GET", "B", "/%41", fields}, arena);
    completed = seen.finding.reason == Reason::kHostDisagrees;
    EXPECT_TRUE(completed || seen.finding.reason == Reason::kUsageScratchTooSmall) << size;
  }
  EXPECT_TRUE(completed);
}

std::string list_of(std::string_view name, std::string_view member, std::size_t count) {
  std::string line = std::string(name) + ": ";
  for (std::size_t i = 0; i < count; ++i) line += std::string(i == 0 ? "" : ", ") + std::string(member);
  return with_lines(line + "\r\n");
}

TEST(Limits, ListsMayBeAsLongAsTheirLimit) {
  const Limits limits;
  struct ListCase {
    std::string_view name;
    std::string_view member;
    std::uint32_t limit;
  };
  for (const ListCase& c :
       {ListCase{"Range", "0-1", limits.range_count_max}, ListCase{"If-Match", "\"a\"", limits.entity_tag_count_max},
        ListCase{"If-None-Match", "W/\"a\"", limits.entity_tag_count_max},
        ListCase{"Connection", "x-a", limits.connection_option_count_max}}) {
    EXPECT_TRUE(Inspected(list_of(c.name, c.member, c.limit)).complete()) << c.name;
    EXPECT_EQ(Inspected(list_of(c.name, c.member, c.limit + 1)).reason(), Reason::kFieldListTooLong) << c.name;
  }
}

TEST(Limits, LinesOfOneListAreCountedTogether) {
  std::string lines;
  for (std::uint32_t i = 0; i < Limits{}.entity_tag_count_max; ++i) lines += "If-Match: \"a\"\r\n";
  EXPECT_TRUE(Inspected(with_lines(lines)).complete());
  EXPECT_EQ(Inspected(with_lines(lines + "If-Match: \"a\"\r\n")).reason(), Reason::kFieldListTooLong);
}

TEST(Limits, AHeadOfNoBytesIsTooLargeAndNothingIsRead) {
  Limits limits;
  limits.head_size_max = 0;
  EXPECT_EQ(Inspected("\r", limits).reason(), Reason::kHeadTooLarge);
  EXPECT_EQ(Inspected(get("/"), limits).reason(), Reason::kHeadTooLarge);
}

// The number of a field must fit its slot; beyond that no limit can be raised.
TEST(Limits, FieldsBeyondTheirSlotsAreRefusedAtBothDoors) {
  Limits limits;
  limits.field_count_max = 100000;
  limits.head_size_max = 8U << 20U;
  const std::vector<FieldView> most(Request::kNoField - 1, FieldView{"a", "b"});
  const std::vector<FieldView> more(Request::kNoField, FieldView{"a", "b"});
  EXPECT_TRUE(Inspected(ParsedHead{"GET", "h.example", "/", most}, limits).complete());
  EXPECT_EQ(Inspected(ParsedHead{"GET", "h.example", "/", more}, limits).reason(), Reason::kFieldTooMany);
  std::string lines;
  for (std::uint32_t i = 0; i < Request::kNoField; ++i) lines += "a: b\r\n";
  EXPECT_EQ(Inspected(with_lines(lines), limits).reason(), Reason::kFieldTooMany);
}

}  // namespace
}  // namespace ostiary::test
