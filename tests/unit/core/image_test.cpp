#include <ostiary/core/image.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>

namespace ostiary {
namespace {

struct Row {
  std::uint32_t number;
  std::uint16_t small;
  std::uint16_t reserved;
};
static_assert(sizeof(Row) == 8);

TEST(Image, RecordsAreLittleEndianAndNeedNoAlignment) {
  const std::string_view bytes("\x01\x02\x03\x04\x05\x06\x00\x00", 8);
  for (std::uint32_t start = 0; start < 8; ++start) {
    const std::string image = std::string(start, 'x') + std::string(bytes) + std::string(bytes);
    for (std::uint32_t index = 0; index < 2; ++index) {
      const Row row = image_record<Row>(image, {start, 2}, index);
      EXPECT_EQ(row.number, 0x04030201U);
      EXPECT_EQ(row.small, 0x0605U);
    }
  }
}

TEST(Image, ATableFitsExactlyWhenItsLastByteIsInside) {
  EXPECT_TRUE(table_fits<Row>({0, 0}, 0));
  EXPECT_FALSE(table_fits<Row>({1, 0}, 0));
  EXPECT_TRUE(table_fits<Row>({8, 0}, 8));
  EXPECT_FALSE(table_fits<Row>({9, 0}, 8));
  EXPECT_TRUE(table_fits<Row>({0, 1}, 8));
  EXPECT_FALSE(table_fits<Row>({0, 1}, 7));
  EXPECT_FALSE(table_fits<Row>({1, 1}, 8));
  EXPECT_TRUE(table_fits<Row>({4, 2}, 20));
  EXPECT_FALSE(table_fits<Row>({4, 2}, 19));
}

// The oracle computes in 128 bits, where nothing can wrap.
TEST(Image, FittingAgreesWithWideArithmeticAtTheEdges) {
  constexpr std::uint32_t kMost = std::numeric_limits<std::uint32_t>::max();
  const std::uint32_t edges[] = {0, 1, 7, 8, 9, 15, 16, 17, kMost / 8, kMost / 8 + 1, kMost - 8, kMost - 1, kMost};
  for (const std::uint32_t offset : edges) {
    for (const std::uint32_t count : edges) {
      for (const std::size_t size : {std::size_t{0}, std::size_t{8}, std::size_t{16}, std::size_t{kMost}}) {
        __extension__ using Wide = unsigned __int128;
        const bool expected = Wide{offset} + Wide{count} * sizeof(Row) <= Wide{size};
        EXPECT_EQ(table_fits<Row>({offset, count}, size), expected) << offset << ' ' << count << ' ' << size;
      }
    }
  }
}

}  // namespace
}  // namespace ostiary
