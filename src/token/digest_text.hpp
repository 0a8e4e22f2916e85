// Text to be hashed, written so that different values never make the same text.
#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ostiary {

/// Everything has a fixed size or is preceded by its size. Little-endian.
class DigestText {
 public:
  /// `kind` tells texts of one purpose from those of another.
  explicit DigestText(std::string_view kind) { text(kind); }

  template <std::integral Number>
  void number(Number value) {
    const auto bytes = std::bit_cast<std::array<char, sizeof(Number)>>(value);
    text_.append(bytes.data(), bytes.size());
  }

  void text(std::string_view value) {
    number(std::uint64_t{value.size()});
    text_.append(value);
  }

  void bytes(std::span<const std::uint8_t> value) {
    number(std::uint64_t{value.size()});
    for (const std::uint8_t byte : value) number(byte);
  }

  [[nodiscard]] std::string_view written() const noexcept { return text_; }

 private:
  std::string text_;
};

}  // namespace ostiary
