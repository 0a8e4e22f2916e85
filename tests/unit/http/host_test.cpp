#include "inspected.hpp"

#include <gtest/gtest.h>

namespace ostiary::test {
namespace {

struct HostCase {
  std::string_view raw;
  std::string_view host;
  std::uint16_t port = 0;
};

const std::string kLabel63(63, 'a');

TEST(Host, EqualHostsHaveOneForm) {
  const HostCase cases[] = {
      {"a.example", "a.example"},
      {"A.Example", "a.example"},
      {"A.Example.", "a.example"},
      {"a.example.", "a.example"},
      {"a.example:443", "a.example", 443},
      {"a.example.:1", "a.example", 1},
      {"a:65535", "a", 65535},
      {"xn--bcher-kva.example", "xn--bcher-kva.example"},
      {"1a.2b", "1a.2b"},
      {"0x7f.example", "0x7f.example"},
      {"127.0.0.1:8080", "127.0.0.1", 8080},
      {"255.255.255.255", "255.255.255.255"},
      {"1.2.3.4.", "1.2.3.4"},
      {"[::1]", "[::1]"},
      {"[::1]:443", "[::1]", 443},
      {"[::]", "[::]"},
      {"[2001:DB8::A]", "[2001:db8::a]"},
      {"[0:0:0:0:0:0:0:1]", "[::1]"},
      {"[2001:0db8:0:0:1:0:0:1]", "[2001:db8::1:0:0:1]"},
      {"[1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:7:8]"},
      {"[1::3:4:5:6:7:8]", "[1:0:3:4:5:6:7:8]"},
      {"[1:2:3:4:5:6:7::]", "[1:2:3:4:5:6:7:0]"},
      {"[1:0:0:2:0:0:0:3]", "[1:0:0:2::3]"},
      {"[1::]", "[1::]"},
      {"[::ffff:1.2.3.4]", "[::ffff:102:304]"},
      {"[1:2:3:4:5:6:1.2.3.4]", "[1:2:3:4:5:6:102:304]"},
      {"[::1.2.3.4]", "[::102:304]"},
  };
  for (const HostCase& c : cases) {
    const Inspected seen(with_host(c.raw));
    ASSERT_TRUE(seen.complete()) << c.raw;
    EXPECT_EQ(seen.request().host, c.host) << c.raw;
    EXPECT_EQ(seen.request().port, c.port) << c.raw;
    EXPECT_TRUE(is_canonical_host(c.host)) << c.host;
  }
}

TEST(Host, CanonicalHostIsAViewOfTheHead) {
  for (const std::string_view raw : {"a.example", "a.example.", "a.example:1", "[::1]:1", "1.2.3.4"}) {
    const Inspected seen(with_host(raw));
    EXPECT_EQ(seen.request().host.data(), seen.input() + kHostOffset) << raw;
    EXPECT_EQ(seen.scratch_used(), kScratchForFields) << raw;
  }
}

TEST(Host, LabelsAndNamesMayBeAsLongAsDnsAllows) {
  const std::string name253 = kLabel63 + "." + kLabel63 + "." + kLabel63 + "." + std::string(61, 'b');
  EXPECT_TRUE(is_canonical_host(kLabel63));
  EXPECT_FALSE(is_canonical_host(kLabel63 + "a"));
  EXPECT_EQ(name253.size(), 253U);
  EXPECT_TRUE(is_canonical_host(name253));
  EXPECT_TRUE(Inspected(with_host(name253 + ".")).complete());
  EXPECT_EQ(Inspected(with_host(name253 + "b")).offset(), kHostOffset + 253);
}

TEST(Host, FaultsAreReportedWithTheirByte) {
  const std::pair<std::string, std::uint32_t> cases[] = {
      {"", 0},
      {".", 0},
      {"..a", 0},
      {".a", 0},
      {"a..b", 2},
      {"a..", 2},
      {"a/b", 1},
      {"a b", 1},
      {"u@a", 1},
      {"a_b", 1},
      {"a,b", 1},
      {"a, b", 1},
      {"-a", 0},
      {"a-", 1},
      {"a-.b", 1},
      {"a.-b", 2},
      {"a%41", 1},
      {"\xc3\xa9", 0},
      {kLabel63 + "a", 63},
      {"a:", 1},
      {"a:0", 1},
      {"a:080", 1},
      {"a:65536", 1},
      {"a:99999", 1},
      {"a:123456", 1},
      {"a:8x", 3},
      {"a:80:80", 4},
      {"a:+80", 2},
      {":80", 0},
      {"1.2.3", 0},
      {"1.2.3.256", 0},
      {"1.2.3.04", 0},
      {"1.2.3.4.5", 0},
      {"2130706433", 0},
      {"a.1", 0},
      {"0x7f000001", 0},
      {"127.0.0.0x1", 0},
      {"a.0x", 0},
      {"[", 0},
      {"[]", 1},
      {"[::1", 0},
      {"[::1]x", 5},
      {"[::1]:", 5},
      {"[:::]", 1},
      {"[::1::]", 1},
      {"[1]", 1},
      {"[:1:2:3:4:5:6:7]", 1},
      {"[1:2:3:4:5:6:7:]", 1},
      {"[1:2:3:4:5:6:7:8:9]", 1},
      {"[1::2:3:4:5:6:7:8]", 1},
      {"[12345::]", 1},
      {"[g::]", 1},
      {"[fe80::1%25eth0]", 1},
      {"[fe80::1%eth0]", 1},
      {"[::1.2.3]", 1},
      {"[::1.2.3.04]", 1},
      {"[1.2.3.4::]", 1},
      {"[1:2:3:4:5:6:7:1.2.3.4]", 1},
      {"[v1.a]", 1},
      {"::1", 0},
  };
  for (const auto& [raw_host, offset] : cases) {
    const Inspected seen(with_host(raw_host));
    EXPECT_TRUE(seen.rejected()) << raw_host;
    EXPECT_EQ(name_of(seen.reason()), "HOST_MALFORMED") << raw_host;
    EXPECT_EQ(seen.offset(), kHostOffset + offset) << raw_host;
  }
}

TEST(Host, BothVersionsNeedExactlyOne) {
  for (const std::string version : {"1.1", "1.0"}) {
    const Inspected none("GET / HTTP/" + version + "\r\nX: y\r\n\r\n");
    EXPECT_EQ(none.reason(), Reason::kHostMissing);
    EXPECT_EQ(none.offset(), 0U);
    const Inspected two("GET / HTTP/" + version + "\r\nHost: a\r\nhOST: a\r\n\r\n");
    EXPECT_EQ(two.reason(), Reason::kHostDuplicate);
    EXPECT_EQ(two.offset(), 25U);
  }
}

TEST(Host, OnlyAcceptedUnchangedHostsAreCanonical) {
  for (const std::string_view host : {"", "A", "a.", "a:1", "[::A]", "[0::1]", "a_b", "1.2"}) {
    EXPECT_FALSE(is_canonical_host(host)) << host;
  }
}

}  // namespace
}  // namespace ostiary::test
