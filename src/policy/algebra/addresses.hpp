// Client addresses as one dimension: no address, IPv4, IPv6.
#pragma once

#include "policy/algebra/intervals.hpp"

#include <ostiary/http/ip_address.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace ostiary {

/// Within a family only; see algebra::address_universe.
constexpr IpAddress value_after(IpAddress address) noexcept {
  if (address.is_ipv4()) {
    address.high += std::uint64_t{1} << 32;
  } else if (++address.low == 0) {
    ++address.high;
  }
  return address;
}

constexpr IpAddress value_before(IpAddress address) noexcept {
  if (address.is_ipv4()) {
    address.high -= std::uint64_t{1} << 32;
  } else if (address.low-- == 0) {
    --address.high;
  }
  return address;
}

}  // namespace ostiary

namespace ostiary::policy::algebra {

using AddressPartition = IntervalPartition<IpAddress>;

/// Whether a request may come without a client address (a host that tells none).
enum class Absence : std::uint8_t { kNever, kPossible };

/// Every value a client address can have. ::ffff:0:0/96 is no part of it: such an address is held as IPv4. Pure.
[[nodiscard]] std::vector<Interval<IpAddress>> address_universe(Absence absence);

/// The addresses that share the first `length` bits with an address of 4 or 16 bytes in network order; bits behind them
/// do not matter. A block inside ::ffff:0:0/96 is the block of IPv4 addresses that it stands for. Nothing when there
/// are neither 4 nor 16 bytes, or the length is more than they have. Pure.
[[nodiscard]] std::optional<AddressBlock> network_block(std::span<const std::uint8_t> bytes, unsigned length);

/// From the first to the last address of a block. Pure.
[[nodiscard]] Interval<IpAddress> interval_of(const AddressBlock& block);

/// Cuts the client addresses into atoms by lists of blocks. Examples are addresses for documentation (RFC 5737,
/// RFC 3849) where an atom has one. Pure.
[[nodiscard]] AddressPartition partition_addresses(std::span<const std::vector<AddressBlock>> sets, Absence absence);

}  // namespace ostiary::policy::algebra
