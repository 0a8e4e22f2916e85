#include "support/address_set_image.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <limits>

namespace ostiary::test {
namespace {

AddressSetEntry entry(std::string_view block, std::uint32_t value = 0) {
  return {parse_address_block(block).value(), value};
}

/// The value of the longest block that holds the address, or -1.
std::int64_t look_up(const AddressSet& set, std::string_view address) {
  const std::uint32_t row = set.find(*parse_address(address));
  return row == AddressSet::kNoRow ? -1 : std::int64_t{set.entry(row).value};
}

TEST(AddressSet, DefaultHoldsNothing) {
  EXPECT_TRUE(AddressSet().empty());
  EXPECT_FALSE(AddressSet().contains(*parse_address("10.0.0.1")));
  EXPECT_FALSE(AddressSet().contains(*parse_address("::1")));
}

TEST(AddressSet, WithoutBlocksHoldsNothing) {
  const OwnedAddressSet set(std::vector<AddressSetEntry>{});
  EXPECT_EQ(set.reason(), Reason::kOk);
  EXPECT_EQ(set->size(), 0U);
  EXPECT_EQ(look_up(*set, "0.0.0.0"), -1);
  EXPECT_EQ(look_up(*set, "::"), -1);
}

TEST(AddressSet, NoAddressIsInNoBlock) {
  const OwnedAddressSet set{"0.0.0.0/0", "::/0"};
  EXPECT_TRUE(set->contains(*parse_address("0.0.0.0")));
  EXPECT_FALSE(set->contains(IpAddress{}));
}

TEST(AddressSet, LongestBlockWins) {
  const OwnedAddressSet set{"10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.1.2.3/32", "0.0.0.0/0"};
  EXPECT_EQ(look_up(*set, "10.1.2.3"), 3);
  EXPECT_EQ(look_up(*set, "10.1.2.2"), 2);
  EXPECT_EQ(look_up(*set, "10.1.2.4"), 2);
  EXPECT_EQ(look_up(*set, "10.1.3.0"), 1);
  EXPECT_EQ(look_up(*set, "10.1.1.255"), 1);
  EXPECT_EQ(look_up(*set, "10.2.0.0"), 0);
  EXPECT_EQ(look_up(*set, "10.255.255.255"), 0);
  EXPECT_EQ(look_up(*set, "11.0.0.0"), 4);
  EXPECT_EQ(look_up(*set, "255.255.255.255"), 4);
  EXPECT_EQ(look_up(*set, "::1"), -1);
}

TEST(AddressSet, TouchingBlocksDoNotHoldEachOther) {
  const OwnedAddressSet set{"10.0.0.0/9", "10.128.0.0/10", "10.192.0.0/11", "255.255.255.254/32", "255.255.255.255/32"};
  EXPECT_EQ(look_up(*set, "10.127.255.255"), 0);
  EXPECT_EQ(look_up(*set, "10.128.0.0"), 1);
  EXPECT_EQ(look_up(*set, "10.191.255.255"), 1);
  EXPECT_EQ(look_up(*set, "10.192.0.0"), 2);
  EXPECT_EQ(look_up(*set, "10.224.0.0"), -1);
  EXPECT_EQ(look_up(*set, "255.255.255.253"), -1);
  EXPECT_EQ(look_up(*set, "255.255.255.254"), 3);
  EXPECT_EQ(look_up(*set, "255.255.255.255"), 4);
}

TEST(AddressSet, BlocksOnBothSidesOfA64AreTold) {
  const OwnedAddressSet set{"2001:db8::/32",   "2001:db8::/64",   "2001:db8::8000:0:0:0/65",
                            "2001:db8::1/128", "2001:db8::3/128", "ffff::/16",
                            "::1/128"};
  EXPECT_EQ(look_up(*set, "2001:db8::"), 1);
  EXPECT_EQ(look_up(*set, "2001:db8::1"), 3);
  EXPECT_EQ(look_up(*set, "2001:db8::2"), 1);
  EXPECT_EQ(look_up(*set, "2001:db8::3"), 4);
  EXPECT_EQ(look_up(*set, "2001:db8::4"), 1);
  EXPECT_EQ(look_up(*set, "2001:db8::7fff:ffff:ffff:ffff"), 1);
  EXPECT_EQ(look_up(*set, "2001:db8::8000:0:0:0"), 2);
  EXPECT_EQ(look_up(*set, "2001:db8:0:1::"), 0);
  EXPECT_EQ(look_up(*set, "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff"), -1);
  EXPECT_EQ(look_up(*set, "2001:db9::"), -1);
  EXPECT_EQ(look_up(*set, "::1"), 6);
  EXPECT_EQ(look_up(*set, "::"), -1);
  EXPECT_EQ(look_up(*set, "::2"), -1);
  EXPECT_EQ(look_up(*set, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), 5);
  EXPECT_EQ(look_up(*set, "fffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), -1);
}

TEST(AddressSet, NestsAsDeepAsThereAreLengths) {
  std::vector<AddressSetEntry> entries;
  for (std::uint32_t length = 0; length <= 128; ++length) {
    entries.push_back({block_of(*parse_address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), length), length});
    if (length <= 32) entries.push_back({block_of(*parse_address("255.255.255.255"), length), length});
  }
  const OwnedAddressSet set(entries);
  ASSERT_EQ(set->size(), 129U + 33U);
  EXPECT_EQ(look_up(*set, "255.255.255.255"), 32);
  EXPECT_EQ(look_up(*set, "255.255.255.254"), 31);
  EXPECT_EQ(look_up(*set, "127.255.255.255"), 0);
  EXPECT_EQ(look_up(*set, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), 128);
  EXPECT_EQ(look_up(*set, "ffff:ffff:ffff:ffff:7fff::"), 64);
  EXPECT_EQ(look_up(*set, "::"), 0);
}

TEST(AddressSet, EntryGivesBlockAndValueBack) {
  const OwnedAddressSet set(std::vector{entry("2001:db8::/32", 7), entry("10.0.0.0/8", 9)});
  EXPECT_EQ(set->entry(set->find(*parse_address("10.2.3.4"))), entry("10.0.0.0/8", 9));
  EXPECT_EQ(set->entry(set->find(*parse_address("2001:db8::1"))), entry("2001:db8::/32", 7));
}

TEST(AddressSet, SameBlocksMakeTheSameImage) {
  const std::string image = address_set_image({entry("10.0.0.0/8", 1), entry("::/0", 2), entry("10.0.0.0/9", 3)});
  EXPECT_EQ(image, address_set_image({entry("10.0.0.0/9", 3), entry("10.0.0.0/8", 1), entry("::/0", 2)}));
  EXPECT_LE(image.size(), address_set_size_max(3));
}

TEST(AddressSet, ImageMayStandAtAnyAddress) {
  const std::string image = address_set_image({entry("10.0.0.0/8", 1), entry("2001:db8::/32", 2)});
  for (std::size_t shift = 0; shift < 8; ++shift) {
    const std::string moved = std::string(shift, 'x') + image;
    const Result<AddressSet> set = AddressSet::load(std::string_view(moved).substr(shift));
    ASSERT_TRUE(set) << shift;
    EXPECT_EQ(look_up(*set, "10.0.0.1"), 1);
    EXPECT_EQ(look_up(*set, "2001:db8::1"), 2);
  }
}

Error build_error(std::vector<AddressSetEntry> entries, std::size_t memory_size = 4096) {
  std::vector<std::byte> memory(memory_size);
  return build_address_set(entries, memory).error();
}

TEST(BuildAddressSet, RefusesABlockThatIsThereTwice) {
  EXPECT_EQ(build_error({entry("10.0.0.0/8", 1), entry("1.0.0.0/8", 3), entry("10.0.0.0/8", 2)}),
            (Error{Reason::kUsageAddressBlock, 2}));
  EXPECT_EQ(build_error({entry("::/0", 1), entry("::/0", 1)}), (Error{Reason::kUsageAddressBlock, 1}));
  EXPECT_EQ(build_error({entry("10.0.0.0/8"), entry("10.0.0.0/9")}).reason, Reason::kOk);
}

TEST(BuildAddressSet, RefusesWhatIsNoBlock) {
  const IpAddress mapped{AddressFamily::kIpv6, 0, 0xffff'0a00'0000ULL};
  for (const AddressBlock& block :
       {AddressBlock{}, AddressBlock{*parse_address("10.0.0.1"), 8}, AddressBlock{*parse_address("10.0.0.0"), 33},
        AddressBlock{*parse_address("::"), 129}, AddressBlock{mapped, 104},
        AddressBlock{{AddressFamily::kIpv4, 0, 1}, 32}, AddressBlock{{static_cast<AddressFamily>(5), 0, 0}, 0}}) {
    EXPECT_EQ(build_error({{block, 0}}).reason, Reason::kUsageAddressBlock);
  }
  // Mapped addresses are looked up as IPv4; a block that merely covers theirs is as good as any.
  EXPECT_EQ(build_error({{block_of(mapped, 95), 0}}).reason, Reason::kOk);
}

TEST(BuildAddressSet, SaysWhenThereIsTooLittleMemory) {
  const std::vector<AddressSetEntry> entries = {entry("10.0.0.0/8"), entry("2001:db8::/32")};
  const std::size_t size = address_set_image(entries).size();
  EXPECT_EQ(build_error(entries, size).reason, Reason::kOk);
  EXPECT_EQ(build_error(entries, size - 1).reason, Reason::kUsageScratchTooSmall);
  EXPECT_EQ(build_error(entries, 0).reason, Reason::kUsageScratchTooSmall);
}

TEST(LoadAddressSet, RefusesWhatIsNoImage) {
  EXPECT_EQ(AddressSet::load("").reason(), Reason::kImageFormat);
  std::string image = address_set_image({entry("10.0.0.0/8")});
  EXPECT_EQ(AddressSet::load(image.substr(0, 119)).reason(), Reason::kImageFormat);
  EXPECT_EQ(AddressSet::load(image.substr(0, image.size() - 1)).reason(), Reason::kImageDamaged);
  EXPECT_EQ(AddressSet::load(image + '\0').reason(), Reason::kImageDamaged);
  image[4] = 2;
  EXPECT_EQ(AddressSet::load(image).reason(), Reason::kImageFormat);
}

/// Every bit of an image is needed: to flip one makes another set, a set with another value, or none.
TEST(LoadAddressSet, NoticesEveryFlippedBitOutsideOfValues) {
  const std::vector<AddressSetEntry> entries = {entry("10.0.0.0/8"), entry("10.64.0.0/10"), entry("192.0.2.1/32"),
                                                entry("2001:db8::/32"), entry("2001:db8::1/128")};
  const std::string image = address_set_image(entries);
  ASSERT_TRUE(AddressSet::load(image));
  for (std::size_t bit = 0; bit < image.size() * 8; ++bit) {
    std::string damaged = image;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    const std::size_t at = bit / 8 - std::min(bit / 8, sizeof(AddressSetHeader));
    const bool is_value = bit / 8 >= sizeof(AddressSetHeader) && at < entries.size() * sizeof(AddressBlockRecord) &&
                          at % sizeof(AddressBlockRecord) / 4 == 4;
    EXPECT_EQ(AddressSet::load(damaged).ok(), is_value) << "byte " << bit / 8 << " bit " << bit % 8;
  }
}

TEST(LoadAddressSet, RefusesCountsThatWouldWrapTheSizes) {
  const std::string image = address_set_image({entry("10.0.0.0/8")});
  for (const std::size_t offset : {offsetof(AddressSetHeader, blocks) + 4, offsetof(AddressSetHeader, ipv4) + 4,
                                   offsetof(AddressSetHeader, ipv6) + 4}) {
    for (const std::uint32_t count :
         {0U, 1U << 24, (1U << 24) + 1, 1U << 31, std::numeric_limits<std::uint32_t>::max()}) {
      std::string hostile = image;
      std::memcpy(hostile.data() + offset, &count, sizeof(count));
      EXPECT_EQ(AddressSet::load(hostile).reason(), Reason::kImageDamaged) << offset << ' ' << count;
    }
  }
}

}  // namespace
}  // namespace ostiary::test
