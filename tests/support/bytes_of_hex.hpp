// Bytes as publications print them, and as programs pass them on.
#pragma once

#include <ostiary/core/bytes.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
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

/// In lower case.
inline std::string hex_of_bytes(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const unsigned byte : bytes) hex += {kDigits[byte >> 4U], kDigits[byte & 15U]};
  return hex;
}
inline std::string hex_of_bytes(std::string_view bytes) {
  return hex_of_bytes({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

}  // namespace ostiary::test
