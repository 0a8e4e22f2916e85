#include "adapt/json.hpp"
#include "support/count_allocations.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ostiary::adapt {
namespace {

TEST(JsonAllocation, TheCounterCounts) {
  const test::AllocationCounter counter;
  const std::string text(100, 'x');
  EXPECT_EQ(counter.count(), 1U);
}

TEST(JsonAllocation, APreallocatedReaderTakesNoMemoryToRead) {
  JsonReader reader({.size_max = 8192, .depth_max = 8, .values_max = 512, .preallocate = true});
  std::string large = "{";
  for (int i = 0; i < 500; ++i) large += "\"k" + std::to_string(i) + "\":\"v\",";
  large.back() = '}';
  const std::string deep = R"({"a":[[[[{"b":1.5}]]]],"c":"\u00e9"})";
  const std::string broken = R"({"a":1,"a":2})";

  const test::AllocationCounter counter;
  EXPECT_EQ(reader.read(large).fault, JsonFault::kNone);
  EXPECT_EQ(reader.read(deep).fault, JsonFault::kNone);
  EXPECT_EQ(reader.read(broken).fault, JsonFault::kDuplicate);
  EXPECT_EQ(reader.read("[[[[[[[[[").fault, JsonFault::kSyntax);
  EXPECT_EQ(counter.count(), 0U);
}

}  // namespace
}  // namespace ostiary::adapt
