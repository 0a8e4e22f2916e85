#include <ostiary/http/ip_address.hpp>

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

namespace ostiary::test {
namespace {

std::string text_of(const IpAddress& address) {
  std::array<char, kIpv6TextMax> buffer{};
  return std::string(buffer.data(), format_address(address, buffer));
}

/// The canonical text of what was read, or "refused".
std::string reread(std::string_view text) {
  const std::optional<IpAddress> address = parse_address(text);
  return address ? text_of(*address) : "refused";
}

TEST(IpAddress, HasOneTextPerValue) {
  EXPECT_EQ(reread("0.0.0.0"), "0.0.0.0");
  EXPECT_EQ(reread("255.255.255.255"), "255.255.255.255");
  EXPECT_EQ(reread("192.0.2.10"), "192.0.2.10");
  EXPECT_EQ(reread("::"), "::");
  EXPECT_EQ(reread("0:0:0:0:0:0:0:1"), "::1");
  EXPECT_EQ(reread("2001:DB8:0:0:1:0:0:1"), "2001:db8::1:0:0:1");
  EXPECT_EQ(reread("2001:0db8::0001"), "2001:db8::1");
  EXPECT_EQ(reread("2001:db8:0:1:1:1:1:1"), "2001:db8:0:1:1:1:1:1");
  EXPECT_EQ(reread("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
  EXPECT_EQ(reread("64:ff9b::192.0.2.33"), "64:ff9b::c000:221");
  EXPECT_EQ(reread("0000:0000:0000:0000:0000:0001:255.255.255.255"), "::1:ffff:ffff");
}

TEST(IpAddress, BitsStartAtTheMostSignificant) {
  EXPECT_EQ(parse_address("10.1.2.3"), (IpAddress{AddressFamily::kIpv4, 0x0a01'0203'0000'0000ULL, 0}));
  EXPECT_EQ(parse_address("10.1.2.3")->ipv4(), 0x0a010203U);
  EXPECT_EQ(parse_address("2001:db8:1:2:3:4:5:6"),
            (IpAddress{AddressFamily::kIpv6, 0x2001'0db8'0001'0002ULL, 0x0003'0004'0005'0006ULL}));
  EXPECT_LT(*parse_address("9.255.255.255"), *parse_address("10.0.0.0"));
  EXPECT_LT(*parse_address("255.255.255.255"), *parse_address("::"));
}

TEST(IpAddress, DefaultIsNoAddress) {
  EXPECT_FALSE(IpAddress{}.present());
  EXPECT_EQ(text_of({}), "");
  EXPECT_NE(IpAddress{}, *parse_address("0.0.0.0"));
  EXPECT_NE(*parse_address("::"), *parse_address("0.0.0.0"));
}

// Row 59 of the attack table.
TEST(IpAddress, Row59MappedIsUnmappedZoneAndOctalAreRefused) {
  EXPECT_EQ(reread("::ffff:10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(reread("::FFFF:a00:1"), "10.0.0.1");
  EXPECT_EQ(reread("0:0:0:0:0:ffff:10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(reread("::fffe:10.0.0.1"), "::fffe:a00:1");
  EXPECT_EQ(reread("::10.0.0.1"), "::a00:1");
  EXPECT_EQ(reread("fe80::1%eth0"), "refused");
  EXPECT_EQ(reread("fe80::1%25eth0"), "refused");
  EXPECT_EQ(reread("010.0.0.1"), "refused");
  EXPECT_EQ(reread("::ffff:010.0.0.1"), "refused");
}

TEST(IpAddress, OtherFormsAreRefused) {
  for (const std::string_view text : {"",
                                      " ",
                                      "1",
                                      "1.2.3",
                                      "1.2.3.4.5",
                                      "1.2.3.256",
                                      "1.2.3.",
                                      ".1.2.3",
                                      "1..2.3",
                                      "0x1.2.3.4",
                                      "1.2.3.4 ",
                                      " 1.2.3.4",
                                      "+1.2.3.4",
                                      "1.2.3.-4",
                                      "2130706433",
                                      "1.2.3.4:80",
                                      "[::1]",
                                      ":",
                                      ":::",
                                      "::1::",
                                      "1::2::3",
                                      ":1",
                                      "1:",
                                      "1:2:3:4:5:6:7",
                                      "1:2:3:4:5:6:7:8:9",
                                      "1:2:3:4:5:6:7:8::",
                                      "::1:2:3:4:5:6:7:8",
                                      "12345::",
                                      "g::",
                                      "::1.2.3",
                                      "1.2.3.4::",
                                      "::1.2.3.4:5",
                                      "1:2:3:4:5:6:7:1.2.3.4",
                                      "::1/128",
                                      "localhost",
                                      "_x",
                                      "unknown"}) {
    EXPECT_EQ(reread(text), "refused") << text;
  }
  EXPECT_EQ(reread(std::string_view("1.2.3.4\0", 8)), "refused");
  EXPECT_EQ(reread(std::string(1000, ':')), "refused");
}

TEST(AddressBlock, IsReadWhenNoBitIsSetBehindThePrefix) {
  EXPECT_EQ(parse_address_block("10.0.0.0/8").value(), (AddressBlock{*parse_address("10.0.0.0"), 8}));
  EXPECT_EQ(parse_address_block("0.0.0.0/0").value(), (AddressBlock{*parse_address("0.0.0.0"), 0}));
  EXPECT_EQ(parse_address_block("192.0.2.1/32").value(), (AddressBlock{*parse_address("192.0.2.1"), 32}));
  EXPECT_EQ(parse_address_block("2001:db8::/32").value(), (AddressBlock{*parse_address("2001:db8::"), 32}));
  EXPECT_EQ(parse_address_block("2001:db8:0:0:8000::/65").value(),
            (AddressBlock{*parse_address("2001:db8:0:0:8000::"), 65}));
  EXPECT_EQ(parse_address_block("::/0").value(), (AddressBlock{*parse_address("::"), 0}));
  EXPECT_EQ(parse_address_block("::1/128").value(), (AddressBlock{*parse_address("::1"), 128}));
}

TEST(AddressBlock, OtherTextsAreRefusedWithTheirPlace) {
  struct Case {
    std::string_view text;
    std::uint32_t offset;
  };
  for (const auto& [text, offset] :
       {Case{"10.0.0.1/8", 8}, Case{"10.0.0.0/33", 8}, Case{"10.0.0.0/08", 8}, Case{"10.0.0.0/", 8},
        Case{"10.0.0.0", 8}, Case{"10.0.0.0/-1", 8}, Case{"10.0.0.0/8/8", 8}, Case{"10.0.0.0/255.0.0.0", 8},
        Case{"10.0.0/8", 0}, Case{"10/8", 0}, Case{"/8", 0}, Case{"", 0}, Case{"2001:db8::1/127", 11},
        Case{"2001:db8::/129", 10}, Case{"fe80::%1/64", 0}, Case{"::ffff:10.0.0.0/104", 0}, Case{"::ffff:0:0/96", 0},
        Case{"[::]/0", 0}}) {
    const Result<AddressBlock> block = parse_address_block(text);
    EXPECT_EQ(block.error(), (Error{Reason::kUsageAddressBlock, offset})) << text;
  }
}

TEST(AddressBlock, HoldsItsAddressesOnly) {
  const auto holds = [](std::string_view block, std::string_view address) {
    return parse_address_block(block)->contains(*parse_address(address));
  };
  EXPECT_TRUE(holds("10.0.0.0/8", "10.0.0.0"));
  EXPECT_TRUE(holds("10.0.0.0/8", "10.255.255.255"));
  EXPECT_FALSE(holds("10.0.0.0/8", "9.255.255.255"));
  EXPECT_FALSE(holds("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(holds("10.0.0.0/8", "::ffff:10.0.0.1"));
  EXPECT_FALSE(holds("::/0", "10.0.0.1"));
  EXPECT_FALSE(holds("0.0.0.0/0", "::1"));
  EXPECT_TRUE(holds("2001:db8::/65", "2001:db8::7fff:ffff:ffff:ffff"));
  EXPECT_FALSE(holds("2001:db8::/65", "2001:db8::8000:0:0:0"));
  EXPECT_TRUE(holds("2001:db8::/64", "2001:db8::ffff:0:0:1"));
  EXPECT_FALSE(holds("2001:db8::/64", "2001:db8:0:1::"));
  EXPECT_FALSE(parse_address_block("0.0.0.0/0")->contains({}));
  EXPECT_FALSE(AddressBlock{}.contains({}));
}

// Row 60 of the attack table.
TEST(PrefixKey, Row60AddressesOfOneIpv6NetworkShareAKey) {
  const auto key = [](std::string_view address, PrefixLengths lengths = {}) {
    return prefix_key(*parse_address(address), lengths);
  };
  EXPECT_EQ(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff:ffff:ffff:ffff"));
  EXPECT_NE(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
  EXPECT_EQ(key("2001:db8:1:2::1"), parse_address_block("2001:db8:1:2::/64").value());
  EXPECT_EQ(key("192.0.2.1"), parse_address_block("192.0.2.1/32").value());
  EXPECT_EQ(key("::ffff:192.0.2.1"), key("192.0.2.1"));
  EXPECT_EQ(key("2001:db8:1:2::1", {24, 48}), parse_address_block("2001:db8:1::/48").value());
  EXPECT_EQ(key("192.0.2.1", {24, 48}), parse_address_block("192.0.2.0/24").value());
  EXPECT_EQ(key("2001:db8::1", {255, 255}), parse_address_block("2001:db8::1/128").value());
  EXPECT_EQ(key("192.0.2.1", {255, 255}), parse_address_block("192.0.2.1/32").value());
  EXPECT_EQ(prefix_key({}), AddressBlock{});
}

}  // namespace
}  // namespace ostiary::test
