#include "lookalike_points.hpp"

#include <ostiary/http/lookalikes.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

namespace ostiary::test {
namespace {

TEST(Lookalikes, AreExactlyThoseOfTheCharacterDatabase) {
  for (char32_t point = 0; point <= 0x10ffff; ++point) {
    const bool expected =
        std::find(std::begin(kLookalikePoints), std::end(kLookalikePoints), point) != std::end(kLookalikePoints);
    ASSERT_EQ(is_lookalike(static_cast<std::uint32_t>(point)), expected) << std::hex << static_cast<unsigned>(point);
  }
}

TEST(Lookalikes, RangesAscendAndDoNotTouch) {
  for (std::size_t i = 0; i < std::size(kLookalikes); ++i) {
    EXPECT_LE(kLookalikes[i].first, kLookalikes[i].last);
    if (i > 0) {
      EXPECT_GT(kLookalikes[i].first, kLookalikes[i - 1].last + 1);
    }
  }
}

}  // namespace
}  // namespace ostiary::test
