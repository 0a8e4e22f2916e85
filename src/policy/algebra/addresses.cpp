#include "policy/algebra/addresses.hpp"

#include <array>
#include <cstddef>

namespace ostiary::policy::algebra {

namespace {

constexpr std::uint64_t kAll = ~std::uint64_t{0};
constexpr std::uint64_t kMappedLow = std::uint64_t{0xffff} << 32;  // ::ffff:0:0 (RFC 4291 §2.5.5.2)
constexpr unsigned kMappedLength = 96;

constexpr IpAddress ipv6(std::uint64_t high, std::uint64_t low) { return {AddressFamily::kIpv6, high, low}; }

constexpr std::array<IpAddress, 4> kDocumentation = {
    ipv4_address(0xc0000201),      // 192.0.2.1
    ipv4_address(0xc6336401),      // 198.51.100.1
    ipv4_address(0xcb007101),      // 203.0.113.1
    ipv6(0x20010db800000000U, 1),  // 2001:db8::1
};

std::uint64_t read_big_endian(std::span<const std::uint8_t> bytes) {
  std::uint64_t number = 0;
  for (const std::uint8_t byte : bytes) number = number << 8 | byte;
  return number;
}

}  // namespace

std::vector<Interval<IpAddress>> address_universe(Absence absence) {
  std::vector<Interval<IpAddress>> universe;
  if (absence == Absence::kPossible) universe.push_back({IpAddress{}, IpAddress{}});
  universe.push_back({ipv4_address(0), ipv4_address(0xffffffff)});
  universe.push_back({ipv6(0, 0), ipv6(0, kMappedLow - 1)});
  universe.push_back({ipv6(0, kMappedLow + (std::uint64_t{1} << 32)), ipv6(kAll, kAll)});
  return universe;
}

std::optional<AddressBlock> network_block(std::span<const std::uint8_t> bytes, unsigned length) {
  if (bytes.size() == 4 && length <= 32) {
    return block_of(ipv4_address(static_cast<std::uint32_t>(read_big_endian(bytes))), length);
  }
  if (bytes.size() != 16 || length > 128) return std::nullopt;
  const std::uint64_t high = read_big_endian(bytes.first(8));
  const std::uint64_t low = read_big_endian(bytes.subspan(8));
  if (high == 0 && low >> 32 == 0xffff && length >= kMappedLength) {
    return block_of(ipv4_address(static_cast<std::uint32_t>(low)), length - kMappedLength);
  }
  return block_of(ipv6(high, low), length);
}

Interval<IpAddress> interval_of(const AddressBlock& block) {
  IpAddress last = block.first;
  if (last.is_ipv4()) {
    last = ipv4_address(last.ipv4() | static_cast<std::uint32_t>(~ostiary::detail::leading_bits(block.length) >> 32));
  } else if (last.is_ipv6()) {
    last.high |= ~ostiary::detail::leading_bits(block.length < 64 ? block.length : 64);
    last.low |= ~ostiary::detail::leading_bits(block.length < 64 ? 0 : block.length - 64);
  }
  return {block.first, last};
}

AddressPartition partition_addresses(std::span<const std::vector<AddressBlock>> sets, Absence absence) {
  std::vector<std::vector<Interval<IpAddress>>> intervals(sets.size());
  for (std::size_t set = 0; set < sets.size(); ++set) {
    for (const AddressBlock& block : sets[set]) {
      // A block of no family holds no address (AddressBlock::contains).
      if (block.first.present()) intervals[set].push_back(interval_of(block));
    }
  }
  const std::vector<Interval<IpAddress>> universe = address_universe(absence);
  return partition_intervals<IpAddress>(universe, intervals, kDocumentation);
}

}  // namespace ostiary::policy::algebra
