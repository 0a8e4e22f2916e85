// Every back end of the pass over the lines finds the same as the portable one, and the inspector that uses it gives
// the same answer as the exact reader alone, wherever the head ends in memory and however it was cut.
#include "heads.hpp"
#include "support/guarded_pages.hpp"
#include "support/scanned_lines.hpp"

#include <ostiary/http/inspect.hpp>

#include <gtest/gtest.h>

#include <memory>

namespace ostiary::test {
namespace {

TEST(Scan, EveryBackEndReadsTheSameLines) {
  const GuardedPages pages;
  ASSERT_TRUE(pages.ready());
  HeadGenerator generator(512);
  const auto back_ends = detail::scan_back_ends();
  for (int i = 0; i < 40000; ++i) {
    const std::string made = generator.one_in(2) ? noise(generator) : text_of(generator.next(), generator);
    const std::string_view text = pages.hold(std::string_view(made).substr(0, 4096));
    if (text.empty()) continue;
    const auto from = static_cast<std::uint32_t>(generator.one_in(3) ? generator.below(text.size()) : 0);
    const ScannedLines expected(back_ends.back(), text, from);
    for (const detail::ScanBackEnd& back_end : back_ends) {
      if (!back_end.usable) continue;
      const std::string_view difference = difference_of(ScannedLines(back_end, text, from), expected);
      ASSERT_EQ(difference, "") << back_end.name << ": " << text;
    }
  }
}

/// The inspector without its fast half: every line is given to the exact reader.
Inspection inspect_exactly(std::string_view bytes, Arena& scratch) {
  Inspection inspection;
  inspection.unseen = kUnseenByBytesDoor;
  Request& request = inspection.request;
  request.head = bytes;
  detail::HeadLines lines;
  Error fault = detail::reserve_fields(lines, scratch, Limits{});
  if (fault.reason == Reason::kOk) fault = detail::skip_leading_line(bytes, lines, request);
  if (fault.reason == Reason::kOk) fault = detail::read_first_line(lines, request, scratch, kStrictestOptions, true);
  for (bool ended = false; fault.reason == Reason::kOk && !ended;) {
    fault = detail::read_odd_line(lines, request, ended);
  }
  if (fault.reason == Reason::kOk) {
    fault = detail::judge_meaning(request, lines, detail::target_authority(request), false, scratch, kStrictestOptions);
  }
  detail::conclude(inspection, bytes, lines, fault, Limits{});
  return inspection;
}

void expect_same(const Inspection& seen, const Inspection& expected, std::string_view text) {
  ASSERT_EQ(seen.progress, expected.progress) << text;
  ASSERT_EQ(seen.finding.reason, expected.finding.reason) << text;
  ASSERT_EQ(seen.finding.offset, expected.finding.offset) << text;
  ASSERT_EQ(seen.head_size, expected.head_size) << text;
  const Request& a = seen.request;
  const Request& b = expected.request;
  ASSERT_EQ(a.method, b.method) << text;
  ASSERT_EQ(a.version, b.version) << text;
  ASSERT_EQ(a.target, b.target) << text;
  ASSERT_EQ(a.raw_path, b.raw_path) << text;
  ASSERT_EQ(a.query, b.query) << text;
  ASSERT_EQ(a.path, b.path) << text;
  ASSERT_EQ(a.host, b.host) << text;
  ASSERT_EQ(a.port, b.port) << text;
  ASSERT_EQ(a.framing, b.framing) << text;
  ASSERT_EQ(a.content_length, b.content_length) << text;
  ASSERT_EQ(a.finding_count, b.finding_count) << text;
  for (std::size_t i = 0; i < a.finding_count; ++i) {
    ASSERT_EQ(a.findings[i].reason, b.findings[i].reason) << text;
    ASSERT_EQ(a.findings[i].offset, b.findings[i].offset) << text;
  }
  ASSERT_EQ(a.fields.size(), b.fields.size()) << text;
  for (std::size_t i = 0; i < a.fields.size(); ++i) {
    ASSERT_EQ(a.fields[i].name, b.fields[i].name) << text;
    ASSERT_EQ(a.fields[i].value, b.fields[i].value) << text;
    ASSERT_EQ(a.fields[i].id, b.fields[i].id) << text;
    const Field* const first = a.find(a.fields[i].id);
    ASSERT_EQ(first == nullptr ? -1 : first - a.fields.data(),
              b.find(b.fields[i].id) == nullptr ? -1 : b.find(b.fields[i].id) - b.fields.data())
        << text;
  }
}

/// A progress of kNeedMore may come earlier from the exact reader's own faults in a line that is not finished.
bool is_comparable(const Inspection& exact, std::string_view text) {
  return exact.progress == Progress::kComplete || text.find("\r\n", exact.finding.offset) != std::string_view::npos;
}

TEST(Scan, TheExactReaderAloneAnswersTheSame) {
  const GuardedPages pages;
  ASSERT_TRUE(pages.ready());
  HeadGenerator generator(9110);
  std::vector<std::byte> memory(inspect_scratch_size_max({}));
  std::vector<std::byte> other_memory(memory.size());
  for (int i = 0; i < 40000; ++i) {
    const std::string plain = text_of(generator.next(), generator);
    const std::string made = generator.one_in(2) ? mutated(plain, generator) : plain;
    const std::string_view text = pages.hold(made);
    if (text.empty()) continue;
    Arena arena(memory);
    Arena other_arena(other_memory);
    const Inspection exact = inspect_exactly(text, other_arena);
    if (!is_comparable(exact, text)) continue;
    expect_same(inspect_bytes(text, arena), exact, text);
    if (HasFatalFailure()) return;
  }
}

/// Gives the head in parts of random sizes, each time at another place in memory.
Inspection inspect_in_parts(std::string_view text, HeadGenerator& generator, Arena& scratch,
                            std::unique_ptr<char[]>& last) {
  GrowingHead growing;
  Inspection seen;
  for (std::size_t size = 0; size < text.size();) {
    size = std::min(text.size(), size + 1 + generator.below(generator.one_in(3) ? 3 : 90));
    std::unique_ptr<char[]> copy(new char[size]);
    text.copy(copy.get(), size);
    seen = inspect_more(growing, std::string_view(copy.get(), size), scratch);
    last = std::move(copy);  // what was given before is gone
    if (seen.progress != Progress::kNeedMore) break;
  }
  return seen;
}

TEST(Scan, WhereAHeadIsCutChangesNothing) {
  HeadGenerator generator(9112);
  std::vector<std::byte> memory(inspect_scratch_size_max({}));
  std::vector<std::byte> other_memory(memory.size());
  for (int i = 0; i < 20000; ++i) {
    const std::string plain = text_of(generator.next(), generator);
    const std::string text = (generator.one_in(2) ? mutated(plain, generator) : plain) + "body\r\n\r\n";
    Arena arena(memory);
    Arena other_arena(other_memory);
    std::unique_ptr<char[]> last;
    const Inspection whole = inspect_bytes(text, arena);
    expect_same(inspect_in_parts(text, generator, other_arena, last), whole, text);
    if (HasFatalFailure()) return;
  }
}

/// How often the pass starts over is not seen from outside; where it goes on from is.
TEST(Scan, AnOddLineIsNotReadAgainForEveryByteOfIt) {
  for (const std::string start :
       {"GET / HTTP/1.1\r\nHost: a\r\na: \t", "GET / HTTP/1.1\r\nHost: a\r\na: \x80", "GET /\x80"}) {
    const std::string text = start + std::string(6000, 'x');
    std::vector<std::byte> memory(inspect_scratch_size_max({}));
    Arena arena(memory);
    GrowingHead growing;
    for (std::size_t size = start.size(); size < text.size(); ++size) {
      ASSERT_EQ(inspect_more(growing, std::string_view(text).substr(0, size), arena).progress, Progress::kNeedMore);
      ASSERT_EQ(growing.lines.scanned, size);
    }
  }
}

}  // namespace
}  // namespace ostiary::test
