// Intervals and addresses against every value of a small universe.
#include "policy/algebra/addresses.hpp"
#include "policy/algebra/intervals.hpp"
#include "property/policy/chance.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <span>
#include <vector>

namespace ostiary::policy::algebra {
namespace {

template <typename T, typename Sets, typename Contains>
void expect_partition(const IntervalPartition<T>& partition, const std::vector<T>& universe, const Sets& sets,
                      Contains&& contains) {
  const auto holds_at = [&](const T& value) {
    Bits holds(sets.size());
    for (std::size_t i = 0; i < sets.size(); ++i) {
      if (contains(sets[i], value)) holds.set(i);
    }
    return holds;
  };
  std::set<std::uint32_t> found;
  for (const T& value : universe) {
    const auto atom = partition.find(value);
    ASSERT_TRUE(atom.has_value());
    ASSERT_EQ(partition.atoms[*atom].holds, holds_at(value));
    found.insert(*atom);
  }
  for (std::size_t i = 0; i < partition.atoms.size(); ++i) {
    EXPECT_EQ(partition.atoms[i].holds, holds_at(partition.atoms[i].example));
    for (std::size_t j = 0; j < i; ++j) EXPECT_FALSE(partition.atoms[i].holds == partition.atoms[j].holds);
  }
  for (std::size_t i = 0; i < partition.cells.size(); ++i) {
    EXPECT_LE(partition.cells[i].span.first, partition.cells[i].span.last);
    if (i == 0) continue;
    EXPECT_LT(partition.cells[i - 1].span.last, partition.cells[i].span.first);
  }
}

TEST(AlgebraIntervalsProperty, EveryValueHasTheAtomOfTheSetsThatHoldIt) {
  DenseChance chance(1);
  std::vector<std::int64_t> universe;
  for (std::int64_t value = -2; value < 18; ++value) universe.push_back(value);
  const std::vector<std::int64_t> ends = {0, 1, 2, 3, 5, 8, 9, 12, 15};
  for (int round = 0; round < 3'000; ++round) {
    std::vector<std::vector<Interval<std::int64_t>>> sets(chance.below(5));
    for (auto& set : sets) {
      for (std::size_t left = chance.below(4); left > 0; --left) set.push_back({chance.pick(ends), chance.pick(ends)});
    }
    const auto partition =
        partition_intervals<std::int64_t>(std::span<const std::vector<Interval<std::int64_t>>>(sets), universe);
    expect_partition(partition, universe, sets, [](const auto& set, std::int64_t value) {
      for (const auto& interval : set) {
        if (interval.first <= value && value <= interval.last) return true;
      }
      return false;
    });
    if (HasFatalFailure() || HasNonfatalFailure()) FAIL() << "round " << round;
  }
}

/// The blocks of 28 to 32 bits, or 124 to 128, that hold one of sixteen neighbours, and the two blocks of everything.
std::vector<AddressBlock> blocks_of(const std::vector<IpAddress>& addresses) {
  std::vector<AddressBlock> blocks = {block_of(ipv4_address(0), 0), block_of({AddressFamily::kIpv6, 0, 0}, 0)};
  for (const IpAddress& address : addresses) {
    if (!address.present()) continue;
    for (unsigned host_bits = 0; host_bits <= 4; ++host_bits) {
      blocks.push_back(block_of(address, address_bits(address.family) - host_bits));
    }
  }
  return blocks;
}

std::vector<IpAddress> sixteen_of_each() {
  std::vector<IpAddress> addresses = {IpAddress{}};
  for (std::uint32_t i = 0; i < 16; ++i) {
    addresses.push_back(ipv4_address(0xffffff00U + i));
    addresses.push_back(ipv4_address(0xfffffff0U + i));
    addresses.push_back({AddressFamily::kIpv6, 0x20010db8ffffffffU, 0xfffffffffffffff0U + i});
    addresses.push_back({AddressFamily::kIpv6, 0x20010db900000000U, i});
  }
  return addresses;
}

TEST(AlgebraAddressesProperty, EveryAddressHasTheAtomOfTheBlocksThatHoldIt) {
  DenseChance chance(2);
  const std::vector<IpAddress> universe = sixteen_of_each();
  const std::vector<AddressBlock> blocks = blocks_of(universe);
  for (int round = 0; round < 2'000; ++round) {
    std::vector<std::vector<AddressBlock>> sets(chance.below(5));
    for (auto& set : sets) set = chance.some(blocks, 5);
    const AddressPartition partition = partition_addresses(sets, Absence::kPossible);
    expect_partition(partition, universe, sets, [](const auto& set, const IpAddress& address) {
      for (const AddressBlock& block : set) {
        if (block.contains(address)) return true;
      }
      return false;
    });
    if (HasFatalFailure() || HasNonfatalFailure()) FAIL() << "round " << round;
  }
}

}  // namespace
}  // namespace ostiary::policy::algebra
