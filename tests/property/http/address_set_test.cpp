// Address sets against a list of blocks that is searched from end to end, over random sets and the edges of blocks.
#include "support/address_set_image.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace ostiary::test {
namespace {

/// The bits of an address as '0' and '1': the reference shares no arithmetic with what it checks.
using Bits = std::string;

Bits bits_of(const IpAddress& address) {
  Bits bits;
  for (unsigned i = 0; i < address_bits(address.family); ++i) {
    bits += ((i < 64 ? address.high >> (63 - i) : address.low >> (127 - i)) & 1U) != 0 ? '1' : '0';
  }
  return bits;
}

IpAddress address_of(const Bits& bits) {
  IpAddress address{bits.size() == 32 ? AddressFamily::kIpv4 : AddressFamily::kIpv6, 0, 0};
  for (unsigned i = 0; i < bits.size(); ++i) {
    if (bits[i] == '1') (i < 64 ? address.high : address.low) |= std::uint64_t{1} << (63 - i % 64);
  }
  return address;
}

struct Listed {
  Bits first;
  unsigned length;
  std::uint32_t value;
};

/// The longest listed block that starts with the same bits.
std::int64_t reference(const std::vector<Listed>& list, const IpAddress& address) {
  const Bits bits = bits_of(address);
  std::int64_t value = -1;
  unsigned longest = 0;
  for (const Listed& listed : list) {
    if (listed.first.size() != bits.size() || (value >= 0 && listed.length < longest)) continue;
    if (bits.compare(0, listed.length, listed.first, 0, listed.length) != 0) continue;
    value = listed.value;
    longest = listed.length;
  }
  return value;
}

class RandomSet {
 public:
  /// Few distinct leading bits, so that blocks nest, touch and share buckets.
  RandomSet(std::mt19937_64& random, std::size_t count) : random_(random) {
    std::set<std::tuple<Bits, unsigned>> seen;
    for (std::size_t i = 0; i < count; ++i) {
      Bits first = random_bits();
      const unsigned length = static_cast<unsigned>(random_() % (first.size() + 1));
      for (unsigned bit = length; bit < first.size(); ++bit) first[bit] = '0';
      if (first.size() == 128 && address_of(first).high == 0 && address_of(first).low >> 32 == 0xffff) continue;
      if (!seen.emplace(first, length).second) continue;
      list_.push_back({first, length, static_cast<std::uint32_t>(i)});
    }
  }

  [[nodiscard]] const std::vector<Listed>& list() const { return list_; }

  [[nodiscard]] std::vector<AddressSetEntry> entries() const {
    std::vector<AddressSetEntry> entries;
    for (const Listed& listed : list_) entries.push_back({{address_of(listed.first), listed.length}, listed.value});
    return entries;
  }

  /// An address at an edge of a block, one beside it, or any.
  IpAddress query() {
    if (list_.empty() || random_() % 4 == 0) return address_of(random_bits());
    const Listed& listed = list_[random_() % list_.size()];
    Bits bits = listed.first;
    const bool filled = random_() % 2 == 0;
    for (std::size_t bit = listed.length; bit < bits.size(); ++bit) bits[bit] = filled ? '1' : '0';
    if (random_() % 2 == 0) step(bits, random_() % 2 == 0);
    return address_of(bits);
  }

 private:
  Bits random_bits() {
    Bits bits(random_() % 2 == 0 ? 32 : 128, '0');
    const std::uint64_t pattern = random_() % 4;
    for (std::size_t i = 0; i < bits.size(); ++i) {
      const bool is_set = pattern == 0 ? random_() % 2 != 0 : (random_() % 16 == 0) == (pattern == 1);
      bits[i] = is_set ? '1' : '0';
    }
    return bits;
  }

  /// The next or the previous address; the last is followed by the first.
  static void step(Bits& bits, bool up) {
    std::size_t bit = bits.size();
    while (bit-- > 0) {
      const bool carries = bits[bit] == (up ? '1' : '0');
      bits[bit] = bits[bit] == '0' ? '1' : '0';
      if (!carries) return;
    }
  }

  std::mt19937_64& random_;
  std::vector<Listed> list_;
};

bool is_mapped(const IpAddress& address) {
  return address.is_ipv6() && address.high == 0 && address.low >> 32 == 0xffff;
}

std::int64_t look_up(const AddressSet& set, const IpAddress& address) {
  const std::uint32_t row = set.find(address);
  return row == AddressSet::kNoRow ? -1 : std::int64_t{set.entry(row).value};
}

void compare(std::mt19937_64& random, std::size_t blocks, std::size_t queries) {
  RandomSet listed(random, blocks);
  const OwnedAddressSet set(listed.entries());
  ASSERT_EQ(set.reason(), Reason::kOk);
  ASSERT_LE(set.image().size(), address_set_size_max(set->size()));
  for (std::size_t i = 0; i < queries; ++i) {
    const IpAddress address = listed.query();
    if (is_mapped(address)) continue;  // no such value exists
    ASSERT_EQ(look_up(*set, address), reference(listed.list(), address))
        << std::hex << address.high << ' ' << address.low << " among " << std::dec << blocks;
  }
}

TEST(AddressSetProperty, SmallSetsAnswerAsTheListDoes) {
  std::mt19937_64 random(55);
  for (int round = 0; round < 4000; ++round) compare(random, random() % 24, 30);
}

TEST(AddressSetProperty, LargeSetsAnswerAsTheListDoes) {
  std::mt19937_64 random(60);
  for (const std::size_t blocks : {100U, 300U, 1000U, 3000U}) compare(random, blocks, 400);
}

TEST(AddressSetProperty, ManyHostsOfOneNetworkAnswerAsTheListDoes) {
  std::vector<AddressSetEntry> entries;
  std::vector<Listed> list;
  for (std::uint32_t i = 0; i < 200; ++i) {
    const AddressBlock block{{AddressFamily::kIpv6, 0x2001'0db8'0000'0000ULL, std::uint64_t{i} * 3}, 128};
    entries.push_back({block, i});
    list.push_back({bits_of(block.first), 128, i});
  }
  const OwnedAddressSet set(entries);
  for (std::uint64_t low = 0; low < 610; ++low) {
    const IpAddress address{AddressFamily::kIpv6, 0x2001'0db8'0000'0000ULL, low};
    ASSERT_EQ(look_up(*set, address), reference(list, address)) << low;
  }
}

}  // namespace
}  // namespace ostiary::test
