// Any text as an address, against the C library; any text as a block, against its own parts.
#include <ostiary/http/ip_address.hpp>

#include <arpa/inet.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

void require(bool promise) {
  if (!promise) __builtin_trap();
}

/// inet_pton takes what we take, with the same numbers. It differs in one way that its manual tells of: text ends at a
/// NUL, which no address of ours contains.
void compare_with_c_library(std::string_view text) {
  const std::string terminated(text);
  std::array<unsigned char, 16> bytes{};
  const bool has_nul = text.find('\0') != std::string_view::npos;
  const bool is_ipv4 = !has_nul && inet_pton(AF_INET, terminated.c_str(), bytes.data()) == 1;
  require(ostiary::parse_ipv4(text).has_value() == is_ipv4);
  if (is_ipv4) {
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i) number = number << 8 | bytes[i];
    require(ostiary::parse_ipv4(text) == number);
  }
  const bool is_ipv6 = !has_nul && inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1;
  const auto groups = ostiary::parse_ipv6(text);
  require(groups.has_value() == is_ipv6);
  for (std::size_t i = 0; is_ipv6 && i < 8; ++i) require((*groups)[i] == (bytes[2 * i] << 8 | bytes[2 * i + 1]));
}

void check_round_trip(std::string_view text) {
  const auto address = ostiary::parse_address(text);
  require(address.has_value() == (ostiary::parse_ipv4(text) || ostiary::parse_ipv6(text)));
  if (!address) return;
  std::array<char, ostiary::kIpv6TextMax> buffer{};
  const std::string_view canonical(buffer.data(), ostiary::format_address(*address, buffer));
  require(ostiary::parse_address(canonical) == address);
}

void check_block(std::string_view text) {
  const ostiary::Result<ostiary::AddressBlock> block = ostiary::parse_address_block(text);
  require(block.ok() || block.error().offset <= text.size());
  if (!block) return;
  const std::size_t slash = text.find('/');
  require(ostiary::parse_address(text.substr(0, slash)) == block->first);
  require(std::to_string(block->length) == text.substr(slash + 1));
  require(block->contains(block->first));
  require(ostiary::block_of(block->first, block->length) == *block);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  compare_with_c_library(text);
  check_round_trip(text);
  check_block(text);
  return 0;
}
