#include "heads.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ostiary::test {
namespace {

std::string_view name_of(Reason reason) { return reason_info(reason).name; }

void expect_same_fields(const Request& left, const Request& right, const std::string& text) {
  ASSERT_EQ(left.fields.size(), right.fields.size()) << text;
  for (std::size_t i = 0; i < left.fields.size(); ++i) {
    EXPECT_EQ(left.name(left.fields[i]), right.name(right.fields[i])) << text;
    EXPECT_EQ(left.value(left.fields[i]), right.value(right.fields[i])) << text;
  }
}

void expect_same_findings(const Request& left, const Request& right, const std::string& text) {
  ASSERT_EQ(left.finding_count, right.finding_count) << text;
  for (std::size_t i = 0; i < left.finding_count; ++i) {
    EXPECT_EQ(name_of(left.findings[i].reason), name_of(right.findings[i].reason)) << text;
    EXPECT_EQ(left.findings[i].disposition, right.findings[i].disposition) << text;
  }
}

void expect_same_request(const Request& left, const Request& right, const std::string& text) {
  EXPECT_EQ(left.method, right.method) << text;
  EXPECT_EQ(left.framing, right.framing) << text;
  EXPECT_EQ(left.content_length, right.content_length) << text;
  EXPECT_EQ(left.target.in(left.head), right.target.in(right.head)) << text;
  EXPECT_EQ(left.raw_path.in(left.head), right.raw_path.in(right.head)) << text;
  EXPECT_EQ(left.query.present(), right.query.present()) << text;
  EXPECT_EQ(left.query.in(left.head), right.query.in(right.head)) << text;
  EXPECT_EQ(left.path, right.path) << text;
  EXPECT_EQ(left.host, right.host) << text;
  EXPECT_EQ(left.port, right.port) << text;
  expect_same_fields(left, right, text);
  expect_same_findings(left, right, text);
}

class Doors {
 public:
  Doors() : bytes_memory_(inspect_scratch_size_max({})), fields_memory_(bytes_memory_.size()) {}

  Inspection bytes(std::string_view text) {
    Arena arena(bytes_memory_);
    return inspect_bytes(text, arena);
  }
  Inspection fields(const Pieces& pieces) {
    const std::vector<FieldView> views = views_of(pieces);
    const std::string_view authority = pieces.has_authority ? std::string_view(pieces.authority) : std::string_view();
    Arena arena(fields_memory_);
    return inspect_fields({pieces.method, authority, pieces.target, views}, arena);
  }

 private:
  std::vector<std::byte> bytes_memory_;
  std::vector<std::byte> fields_memory_;
};

bool has_second_authority(const Pieces& pieces) {
  bool has_host = false;
  for (const auto& [name, value] : pieces.fields) has_host = has_host || equals_ignoring_case(name, "host");
  return pieces.has_authority && has_host;
}

TEST(Doors, GiveTheSameVerdictAndTheSameRequest) {
  HeadGenerator generator(9110);
  Doors doors;
  int complete = 0;
  for (int i = 0; i < 100000; ++i) {
    const Pieces pieces = generator.next();
    if (has_second_authority(pieces)) continue;  // bytes have no second authority to disagree with
    const std::string text = text_of(pieces, generator);
    const Inspection from_bytes = doors.bytes(text);
    const Inspection from_fields = doors.fields(pieces);
    ASSERT_EQ(from_bytes.progress, from_fields.progress) << text;
    ASSERT_EQ(name_of(from_bytes.finding.reason), name_of(from_fields.finding.reason)) << text;
    if (from_bytes.progress != Progress::kComplete) continue;
    ++complete;
    expect_same_request(from_bytes.request, from_fields.request, text);
    if (HasFailure()) return;
  }
  EXPECT_GT(complete, 20000);
}

TEST(Doors, TheCopyOfTheFieldsDoorReadsAsTheSameRequestAtTheSameBytes) {
  HeadGenerator generator(9113);
  Doors doors;
  for (int i = 0; i < 100000; ++i) {
    const Pieces pieces = generator.next();
    if (has_second_authority(pieces)) continue;
    const Inspection from_fields = doors.fields(pieces);
    const std::string text(from_fields.request.head);
    const Inspection from_bytes = doors.bytes(text);
    ASSERT_EQ(from_bytes.progress, from_fields.progress) << text;
    ASSERT_EQ(name_of(from_bytes.finding.reason), name_of(from_fields.finding.reason)) << text;
    ASSERT_EQ(from_bytes.finding.offset, from_fields.finding.offset) << text;
    if (from_bytes.progress != Progress::kComplete) continue;
    ASSERT_EQ(from_bytes.head_size, from_fields.head_size) << text;
    expect_same_request(from_bytes.request, from_fields.request, text);
    for (std::size_t k = 0; k < from_bytes.request.finding_count; ++k) {
      ASSERT_EQ(from_bytes.request.findings[k].offset, from_fields.request.findings[k].offset) << text;
    }
    if (HasFailure()) return;
  }
}

TEST(Doors, AnAuthorityBesidesTheHostChangesNothingButDisagreement) {
  HeadGenerator generator(8740);
  Doors doors;
  int agreed = 0;
  for (int i = 0; i < 50000; ++i) {
    Pieces pieces = generator.next();
    if (pieces.has_authority) continue;
    const Inspection without = doors.fields(pieces);
    const std::string host(without.request.host);
    pieces.has_authority = true;
    if (!has_second_authority(pieces)) continue;
    const Inspection with = doors.fields(pieces);
    if (with.finding.reason == Reason::kHostDisagrees) continue;
    ASSERT_EQ(name_of(with.finding.reason), name_of(without.finding.reason));
    if (with.progress != Progress::kComplete) continue;
    ++agreed;
    ASSERT_EQ(with.request.host, host);
  }
  EXPECT_GT(agreed, 500);
}

}  // namespace
}  // namespace ostiary::test
