#include "heads.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <vector>

namespace ostiary::test {
namespace {

/// A verdict on a prefix is final: every longer prefix has the same one.
TEST(Prefixes, OnceRejectedStayRejectedForTheSameReason) {
  HeadGenerator generator(9112);
  Limits limits;
  limits.head_size_max = 220;
  limits.field_count_max = 6;
  limits.target_size_max = 24;
  std::vector<std::byte> memory(inspect_scratch_size_max(limits));
  for (int i = 0; i < 3000; ++i) {
    const std::string text = mutated(text_of(generator.next(), generator), generator) + "body";
    Progress progress = Progress::kNeedMore;
    Finding finding;
    for (std::size_t size = 1; size <= text.size(); ++size) {
      const std::unique_ptr<char[]> copy(new char[size]);  // exactly sized, so that an over-read is caught
      text.copy(copy.get(), size);
      Arena arena(memory);
      const Inspection seen =
          inspect_bytes(std::string_view(copy.get(), size), arena, InspectOptions{.limits = limits});
      ASSERT_NE(seen.finding.reason, Reason::kUsageScratchTooSmall);
      if (progress != Progress::kNeedMore) {
        ASSERT_EQ(seen.progress, progress) << text.substr(0, size);
        ASSERT_EQ(seen.finding.reason, finding.reason) << text.substr(0, size);
        ASSERT_EQ(seen.finding.offset, finding.offset) << text.substr(0, size);
      }
      ASSERT_LE(seen.finding.offset, size);
      progress = seen.progress;
      finding = seen.finding;
    }
  }
}

}  // namespace
}  // namespace ostiary::test
