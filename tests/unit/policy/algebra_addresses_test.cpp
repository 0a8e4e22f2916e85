#include "policy/algebra/addresses.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::policy::algebra {
namespace {

AddressBlock block(std::string_view text) {
  const Result<AddressBlock> parsed = parse_address_block(text);
  EXPECT_TRUE(parsed.ok()) << text;
  return *parsed;
}

IpAddress address(std::string_view text) { return parse_address(text).value_or(IpAddress{}); }

std::string text_of(const IpAddress& address) {
  std::array<char, kIpv6TextMax> out{};
  return {out.data(), format_address(address, out)};
}

std::string example(const AddressPartition& partition, const IpAddress& inside) {
  const auto atom = partition.find(inside);
  return atom ? text_of(partition.atoms[*atom].example) : "outside";
}

TEST(AlgebraAddresses, ABlockSpansItsAddresses) {
  const auto span = [](std::string_view text) {
    const Interval<IpAddress> interval = interval_of(block(text));
    return text_of(interval.first) + " " + text_of(interval.last);
  };
  EXPECT_EQ(span("0.0.0.0/0"), "0.0.0.0 255.255.255.255");
  EXPECT_EQ(span("10.0.0.0/8"), "10.0.0.0 10.255.255.255");
  EXPECT_EQ(span("192.0.2.7/32"), "192.0.2.7 192.0.2.7");
  EXPECT_EQ(span("::/0"), ":: ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
  EXPECT_EQ(span("2001:db8::/32"), "2001:db8:: 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff");
  EXPECT_EQ(span("2001:db8:0:1::/64"), "2001:db8:0:1:: 2001:db8:0:1:ffff:ffff:ffff:ffff");
  EXPECT_EQ(span("2001:db8::8/125"), "2001:db8::8 2001:db8::f");
}

TEST(AlgebraAddresses, NetworksComeFromBytes) {
  constexpr std::array<std::uint8_t, 4> kV4 = {10, 1, 2, 3};
  EXPECT_EQ(network_block(kV4, 8), block("10.0.0.0/8"));
  EXPECT_FALSE(network_block(kV4, 33).has_value());
  std::array<std::uint8_t, 16> v6{};
  v6[0] = 0x20;
  v6[1] = 0x01;
  v6[15] = 1;
  EXPECT_EQ(network_block(v6, 16), block("2001::/16"));
  EXPECT_EQ(network_block(v6, 128), block("2001::1/128"));
  EXPECT_FALSE(network_block(v6, 129).has_value());
  EXPECT_FALSE(network_block(std::span(v6).first(15), 8).has_value());
}

TEST(AlgebraAddresses, AMappedNetworkIsTheIpv4NetworkItStandsFor) {
  std::array<std::uint8_t, 16> mapped{};
  mapped[10] = mapped[11] = 0xff;
  mapped[12] = 10;
  EXPECT_EQ(network_block(mapped, 104), block("10.0.0.0/8"));
  EXPECT_EQ(network_block(mapped, 96), block("0.0.0.0/0"));
  EXPECT_EQ(network_block(mapped, 95), block("::fffe:0:0/95"));
}

TEST(AlgebraAddresses, NoExampleIsAMappedAddressThatCannotCome) {
  // Within the first block and outside the second only ::ffff:0:0/96 is left, which holds no IPv6 address.
  const std::vector<std::vector<AddressBlock>> sets = {{block("::fffe:0:0/95")}, {block("::fffe:0:0/96")}};
  const AddressPartition partition = partition_addresses(sets, Absence::kNever);
  EXPECT_EQ(partition.atoms.size(), 2U);
  EXPECT_FALSE(partition.find({AddressFamily::kIpv6, 0, std::uint64_t{0xffff} << 32}).has_value());
  EXPECT_EQ(example(partition, address("::1")), "192.0.2.1");
}

TEST(AlgebraAddresses, ExamplesAreForDocumentationWhereTheyCanBe) {
  const std::vector<std::vector<AddressBlock>> sets = {
      {block("192.0.2.0/24")}, {block("10.0.0.0/8")}, {block("2001:db8::/32")}, {block("2001:db8:1::/48")}};
  const AddressPartition partition = partition_addresses(sets, Absence::kNever);
  EXPECT_EQ(example(partition, address("192.0.2.77")), "192.0.2.1");
  EXPECT_EQ(example(partition, address("10.1.1.1")), "10.0.0.0");
  EXPECT_EQ(example(partition, address("8.8.8.8")), "198.51.100.1");
  EXPECT_EQ(example(partition, address("2001:db8::99")), "2001:db8::1");
  EXPECT_EQ(example(partition, address("2001:db8:1::99")), "2001:db8:1::");
}

TEST(AlgebraAddresses, NoAddressIsAValueOfItsOwn) {
  const std::vector<std::vector<AddressBlock>> sets = {{block("0.0.0.0/0"), block("::/0")}};
  EXPECT_EQ(partition_addresses(sets, Absence::kNever).atoms.size(), 1U);
  const AddressPartition partition = partition_addresses(sets, Absence::kPossible);
  ASSERT_EQ(partition.atoms.size(), 2U);
  EXPECT_TRUE(partition.atoms[*partition.find(IpAddress{})].holds.none());
}

TEST(AlgebraAddresses, ABlockOfNoFamilyHoldsNothing) {
  const std::vector<std::vector<AddressBlock>> sets = {{AddressBlock{}}};
  EXPECT_EQ(partition_addresses(sets, Absence::kPossible).atoms.size(), 1U);
}

}  // namespace
}  // namespace ostiary::policy::algebra
