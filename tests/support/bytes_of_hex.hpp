// Bytes as publications print them.
#pragma once

#include <ostiary/core/bytes.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace ostiary::test {

inline std::string bytes_of_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(hex_value(hex[i]) * 16 + hex_value(hex[i + 1]));
  }
  return bytes;
}

}  // namespace ostiary::test
