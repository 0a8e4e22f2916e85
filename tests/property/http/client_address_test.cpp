// The walk over X-Forwarded-For against a second one, which joins and splits strings from left to right.
#include "support/address_set_image.hpp"
#include "support/field_request.hpp"

#include <ostiary/http/client_address.hpp>

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace ostiary::test {
namespace {

/// Sixteen bytes; an IPv4 address as ::ffff:0:0/96.
using Bytes = std::array<unsigned char, 16>;

bool is_port(const std::string& text) {
  return !text.empty() && text.size() <= 5 && text.find_first_not_of("0123456789") == std::string::npos &&
         std::stoi(text) <= 65535;
}

std::optional<Bytes> read_ipv4(const std::string& text) {
  Bytes bytes{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return inet_pton(AF_INET, text.c_str(), bytes.data() + 12) == 1 ? std::optional(bytes) : std::nullopt;
}

std::optional<Bytes> read_ipv6(const std::string& text) {
  Bytes bytes{};
  return inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1 ? std::optional(bytes) : std::nullopt;
}

/// The address of an element, if it has one. The C library reads the numbers.
std::optional<Bytes> reference_address(std::string element) {
  element.erase(0, element.find_first_not_of(" \t"));
  element.erase(element.find_last_not_of(" \t") + 1);
  const std::size_t colon = element.rfind(':');
  if (element.starts_with('[') && element.ends_with(']')) return read_ipv6(element.substr(1, element.size() - 2));
  if (colon == std::string::npos) return read_ipv4(element);
  const std::string name = element.substr(0, colon);
  const bool has_port = is_port(element.substr(colon + 1));
  if (element.starts_with('[')) {
    return has_port && name.ends_with(']') ? read_ipv6(name.substr(1, name.size() - 2)) : std::nullopt;
  }
  if (name.find(':') != std::string::npos || name.empty()) return read_ipv6(element);
  return has_port ? read_ipv4(name) : std::nullopt;
}

Bytes bytes_of(const IpAddress& address) {
  Bytes bytes{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  for (std::size_t i = 0; i < 8; ++i) {
    if (address.is_ipv4() && i < 4) bytes[12 + i] = static_cast<unsigned char>(address.high >> (56 - 8 * i));
    if (!address.is_ipv6()) continue;
    bytes[i] = static_cast<unsigned char>(address.high >> (56 - 8 * i));
    bytes[8 + i] = static_cast<unsigned char>(address.low >> (56 - 8 * i));
  }
  return bytes;
}

struct Expected {
  std::optional<Bytes> address;  ///< none: falls back
  std::size_t skipped = 0;
};

/// In 10.0.0.0/8.
bool is_trusted(const Bytes& address) {
  return std::equal(address.begin(), address.begin() + 13, read_ipv4("10.0.0.0")->begin());
}

Expected reference(const std::vector<std::string>& lines, std::size_t trusted_hops) {
  std::vector<std::string> elements;
  for (const std::string& line : lines) {
    std::size_t begin = 0;
    for (std::size_t comma = line.find(','); comma != std::string::npos; comma = line.find(',', begin)) {
      elements.push_back(line.substr(begin, comma - begin));
      begin = comma + 1;
    }
    elements.push_back(line.substr(begin));
  }
  Expected expected;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const std::optional<Bytes> address = reference_address(elements[elements.size() - 1 - i]);
    if (!address) return {};
    expected = {address, i};
    if (trusted_hops == 0 ? !is_trusted(*address) : i + 1 == trusted_hops) return expected;
  }
  return trusted_hops == 0 ? expected : Expected{};
}

class Lines {
 public:
  explicit Lines(std::mt19937& random) : random_(random) {
    const std::size_t count = 1 + random_() % 3;
    for (std::size_t i = 0; i < count; ++i) lines_.push_back(line());
  }

  [[nodiscard]] const std::vector<std::string>& all() const { return lines_; }

 private:
  std::string line() {
    std::string text;
    const std::size_t count = 1 + random_() % 4;
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) text += random_() % 2 == 0 ? ", " : ",";
      text += random_() % 8 == 0 ? mutated(element()) : element();
    }
    return text;
  }

  std::string element() {
    static const std::array<std::string, 16> kElements = {
        "10.0.0.1",       "10.255.255.255", "10.0.0.1:80",         "::ffff:10.0.0.7", "203.0.113.7",
        "192.0.2.1:443",  "2001:db8::1",    "[2001:db8::1]",       "[::1]:8080",      "::ffff:203.0.113.7",
        "10.1.2.3",       "10.9.9.9",       "[::ffff:10.0.0.1]:1", "10.4.4.4",        " \t10.5.5.5 ",
        "1:2:3:4:5:6:7:8"};
    return kElements[random_() % kElements.size()];
  }

  std::string mutated(std::string text) {
    static const std::string kBytes = "0123456789abcdefF.:[]% \t\"_x";
    const std::size_t at = random_() % text.size();
    switch (random_() % 4) {
      case 0: text.erase(at, 1); break;
      case 1: text.insert(at, 1, kBytes[random_() % kBytes.size()]); break;
      case 2: text[at] = kBytes[random_() % kBytes.size()]; break;
      default: text.clear();
    }
    return text;
  }

  std::mt19937& random_;
  std::vector<std::string> lines_;
};

TEST(ClientAddressProperty, WalksAsTheReferenceDoes) {
  const OwnedAddressSet ours{"10.0.0.0/8"};
  std::mt19937 random(56);
  std::size_t fell_back = 0;
  for (int round = 0; round < 40000; ++round) {
    const Lines lines(random);
    std::vector<FieldRequest::Line> fields = {{"Host", "a"}};
    for (const std::string& line : lines.all()) fields.emplace_back("X-Forwarded-For", line);
    const FieldRequest request(fields);
    ClientPolicy policy;
    policy.trusted_hops = static_cast<std::uint32_t>(random() % 5);
    policy.strategy = policy.trusted_hops == 0 ? ClientStrategy::kTrustedBlocks : ClientStrategy::kTrustedHops;
    if (policy.trusted_hops == 0) policy.trusted_blocks = *ours;
    const ClientAddress client = client_address(request.request(), "10.0.0.9", policy).value();
    const Expected expected = reference(lines.all(), policy.trusted_hops);
    const std::string shown = lines.all().front() + " | " + lines.all().back();
    ASSERT_EQ(client.fell_back, !expected.address) << shown;
    ASSERT_EQ(bytes_of(client.address), expected.address.value_or(*read_ipv4("10.0.0.9"))) << shown;
    ASSERT_EQ(client.hops_skipped, expected.skipped) << shown;
    fell_back += client.fell_back ? 1U : 0U;
  }
  EXPECT_GT(fell_back, 4000U);
  EXPECT_LT(fell_back, 36000U);
}

/// Whatever stands left of what trusted hops appended, the client is the same.
TEST(ClientAddressProperty, NothingOnTheLeftChangesTheClient) {
  const OwnedAddressSet ours{"10.0.0.0/8"};
  const std::string bytes = "\"\\,;=for_x.1: []\t";
  std::mt19937 random(58);
  for (int round = 0; round < 40000; ++round) {
    std::string spoof;
    for (std::size_t size = random() % 24; size > 0; --size) spoof += bytes[random() % bytes.size()];
    const bool is_forwarded = round % 2 == 0;
    const bool has_own_line = random() % 3 == 0;
    const std::string appended =
        is_forwarded ? "for=\"203.0.113.7:_p\";ext=\"a, \\\"b\", for=10.0.0.1" : "203.0.113.7:80, 10.0.0.1";
    const std::string joined = spoof + ", " + appended;
    const std::string_view name = is_forwarded ? "Forwarded" : "X-Forwarded-For";
    const FieldRequest request(has_own_line ? std::vector<FieldRequest::Line>{{name, spoof}, {name, appended}}
                                            : std::vector<FieldRequest::Line>{{name, joined}});
    ClientPolicy policy;
    policy.strategy = ClientStrategy::kTrustedBlocks;
    policy.field = is_forwarded ? ForwardedField::kForwarded : ForwardedField::kXForwardedFor;
    policy.trusted_blocks = *ours;
    const ClientAddress client = client_address(request.request(), "10.0.0.9", policy).value();
    ASSERT_EQ(client.address, *parse_address("203.0.113.7")) << spoof;
    ASSERT_EQ(client.hops_skipped, 1U) << spoof;
  }
}

}  // namespace
}  // namespace ostiary::test
