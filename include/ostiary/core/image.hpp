// Flat little-endian images: the one layout shared by native code, wasm and every binding.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace ostiary {

static_assert(std::endian::native == std::endian::little,
              "images are read in place and are little-endian; this target is not");

/// One table inside an image: `count` records of a fixed size from byte `offset` on.
struct ImageTable {
  std::uint32_t offset = 0;
  std::uint32_t count = 0;
};

/// Copies the record `index` of `table` out of `image`, so that no alignment is assumed. The caller
/// has proved with `table_fits` and a range check that the record lies inside. Pure.
template <typename Record>
[[nodiscard]] Record image_record(std::string_view image, ImageTable table, std::uint32_t index) noexcept {
  static_assert(std::is_trivially_copyable_v<Record>);
  Record record;
  std::memcpy(&record, image.data() + table.offset + std::size_t{index} * sizeof(Record), sizeof(Record));
  return record;
}

/// True when the whole table lies inside an image of `image_size` bytes. Pure.
template <typename Record>
[[nodiscard]] constexpr bool table_fits(ImageTable table, std::size_t image_size) noexcept {
  return table.offset <= image_size && table.count <= (image_size - table.offset) / sizeof(Record);
}

}  // namespace ostiary
