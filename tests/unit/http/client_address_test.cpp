#include "support/address_set_image.hpp"
#include "support/field_request.hpp"

#include <ostiary/http/client_address.hpp>

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::test {
namespace {

using Lines = std::vector<FieldRequest::Line>;

/// Addresses of ours: 10.0.0.0/8 and 2001:db8:ff::/48.
ClientPolicy trusting(const OwnedAddressSet& blocks, ForwardedField field = ForwardedField::kXForwardedFor) {
  ClientPolicy policy;
  policy.strategy = ClientStrategy::kTrustedBlocks;
  policy.field = field;
  policy.trusted_blocks = *blocks;
  return policy;
}

ClientPolicy counting(std::uint32_t hops, ForwardedField field = ForwardedField::kXForwardedFor) {
  ClientPolicy policy;
  policy.strategy = ClientStrategy::kTrustedHops;
  policy.field = field;
  policy.trusted_hops = hops;
  return policy;
}

ClientPolicy platform(FieldId field) {
  ClientPolicy policy;
  policy.strategy = ClientStrategy::kPlatformField;
  policy.platform_field = field;
  return policy;
}

std::string text_of(const IpAddress& address) {
  std::array<char, kIpv6TextMax> buffer{};
  return std::string(buffer.data(), format_address(address, buffer));
}

class Client : public testing::Test {
 protected:
  ClientAddress ask(const Lines& lines, const ClientPolicy& policy, std::string_view peer = "10.0.0.9",
                    const Limits& limits = {}) {
    request_.emplace(lines);
    const Result<ClientAddress> client = client_address(request_->request(), peer, policy, limits);
    EXPECT_TRUE(client.ok());
    return client.value();
  }

  /// The address, after "fell back:" when it had to.
  std::string address(const Lines& lines, const ClientPolicy& policy, std::string_view peer = "10.0.0.9") {
    const ClientAddress client = ask(lines, policy, peer);
    if (!client.fell_back) return text_of(client.address);
    EXPECT_EQ(client.source, ClientSource::kPeer);
    EXPECT_EQ(client.hops_skipped, 0U);
    EXPECT_EQ(client.finding_count, 1);
    return "fell back: " + text_of(client.address);
  }

  std::string last_for(std::string_view value) { return address({{"X-Forwarded-For", value}}, counting(1)); }
  std::string last_forwarded(std::string_view value) {
    return address({{"Forwarded", value}}, counting(1, ForwardedField::kForwarded));
  }

  void expect_flag(const ClientAddress& client, Reason reason, std::string_view place) {
    ASSERT_EQ(client.finding_count, 1);
    EXPECT_EQ(client.findings[0].reason, reason);
    EXPECT_EQ(client.findings[0].disposition, Disposition::kFlag);
    EXPECT_EQ(client.findings[0].offset, place.empty() ? 0 : request_->offset_of(place));
  }

  std::optional<FieldRequest> request_;
  OwnedAddressSet ours_{"10.0.0.0/8", "2001:db8:ff::/48"};
};

TEST_F(Client, IsThePeerByDefaultWhateverTheFieldsSay) {
  const ClientAddress client = ask(
      {{"X-Forwarded-For", "1.2.3.4"}, {"Forwarded", "for=1.2.3.4"}, {"Fastly-Client-IP", "1.2.3.4"}}, {}, "192.0.2.1");
  EXPECT_EQ(text_of(client.address), "192.0.2.1");
  EXPECT_EQ(client.source, ClientSource::kPeer);
  EXPECT_FALSE(client.trusted_peer);
  EXPECT_FALSE(client.fell_back);
  EXPECT_EQ(client.finding_count, 0);
}

TEST_F(Client, PeerMayBeUnknownButNotNonsense) {
  EXPECT_FALSE(ask({}, {}, "").address.present());
  EXPECT_EQ(address({{"X-Forwarded-For", "1.2.3.4"}}, counting(1), ""), "1.2.3.4");
  const ClientAddress distrusted = ask({{"X-Forwarded-For", "1.2.3.4"}}, trusting(ours_), "");
  EXPECT_FALSE(distrusted.address.present());
  EXPECT_FALSE(distrusted.trusted_peer);
  for (const std::string_view peer : {"localhost", "fe80::1%eth0", "1.2.3.4:80", " "}) {
    EXPECT_EQ(client_address(Request(), peer, {}).reason(), Reason::kUsagePeer) << peer;
  }
}

TEST_F(Client, PolicyThatNamesNobodyIsAMistake) {
  const IpAddress peer = *parse_address("10.0.0.9");
  EXPECT_EQ(client_address(Request(), peer, counting(0)).reason(), Reason::kUsageArgument);
  EXPECT_EQ(client_address(Request(), peer, counting(65)).reason(), Reason::kUsageArgument);
  EXPECT_TRUE(client_address(Request(), peer, counting(64)).ok());
  EXPECT_EQ(client_address(Request(), peer, platform(FieldId::kUnknown)).reason(), Reason::kUsageArgument);
  EXPECT_EQ(client_address(Request(), peer, platform(FieldId::kHost)).reason(), Reason::kUsageArgument);
  ClientPolicy policy;
  policy.strategy = ClientStrategy::kTrustedBlocks;
  EXPECT_EQ(client_address(Request(), peer, policy).reason(), Reason::kUsageArgument);
  policy.strategy = static_cast<ClientStrategy>(77);
  EXPECT_EQ(client_address(Request(), peer, policy).reason(), Reason::kUsageArgument);
}

// Row 52 of the attack table: the fields of an untrusted peer are not read, and the caller is told to remove them.
TEST_F(Client, Row52UntrustedPeerIsToldApart) {
  const Lines lines = {{"X-Forwarded-For", "1.2.3.4"}, {"Forwarded", "for=1.2.3.4;host=evil"}};
  EXPECT_FALSE(ask(lines, trusting(ours_), "192.0.2.1").trusted_peer);
  EXPECT_EQ(address(lines, trusting(ours_), "192.0.2.1"), "192.0.2.1");
  EXPECT_TRUE(ask(lines, trusting(ours_), "10.0.0.9").trusted_peer);
  EXPECT_TRUE(ask(lines, trusting(ours_), "::ffff:10.0.0.9").trusted_peer);
}

TEST_F(Client, Row55LeftmostElementIsNotBelieved) {
  const ClientAddress client = ask({{"X-Forwarded-For", "10.0.0.1, 203.0.113.7"}}, trusting(ours_));
  EXPECT_EQ(text_of(client.address), "203.0.113.7");
  EXPECT_EQ(client.source, ClientSource::kXForwardedFor);
  EXPECT_EQ(client.hops_skipped, 0U);
  EXPECT_TRUE(client.trusted_peer);
  EXPECT_EQ(address({{"X-Forwarded-For", "10.0.0.1, 203.0.113.7"}}, counting(1)), "203.0.113.7");
}

TEST_F(Client, FirstUntrustedFromTheRightIsTaken) {
  const ClientAddress client =
      ask({{"X-Forwarded-For", "1.1.1.1, 203.0.113.7, 2001:db8:ff::1, 10.0.0.2"}}, trusting(ours_));
  EXPECT_EQ(text_of(client.address), "203.0.113.7");
  EXPECT_EQ(client.hops_skipped, 2U);
  EXPECT_EQ(client.finding_count, 0);
}

TEST_F(Client, LeftmostIsTakenWhenAllAreTrusted) {
  const ClientAddress client = ask({{"X-Forwarded-For", "10.0.0.1, 10.0.0.2"}}, trusting(ours_));
  EXPECT_EQ(text_of(client.address), "10.0.0.1");
  EXPECT_EQ(client.hops_skipped, 1U);
  EXPECT_FALSE(client.fell_back);
}

TEST_F(Client, TrustedPeerThatNamesNobodyIsTheClient) {
  const ClientAddress client = ask({{"Forwarded", "for=1.2.3.4"}}, trusting(ours_));
  EXPECT_EQ(text_of(client.address), "10.0.0.9");
  EXPECT_EQ(client.source, ClientSource::kPeer);
  EXPECT_FALSE(client.fell_back);
  EXPECT_TRUE(client.trusted_peer);
}

TEST_F(Client, Row56LinesAreJoinedInOrder) {
  const Lines lines = {{"X-Forwarded-For", "10.6.6.6, 1.1.1.1"}, {"Accept", "*/*"}, {"x-forwarded-for", "203.0.113.7"}};
  EXPECT_EQ(address(lines, trusting(ours_)), "203.0.113.7");
  EXPECT_EQ(address(lines, counting(1)), "203.0.113.7");
  EXPECT_EQ(address(lines, counting(2)), "1.1.1.1");
  EXPECT_EQ(address(lines, counting(3)), "10.6.6.6");
  EXPECT_EQ(address({{"Forwarded", "for=1.1.1.1"}, {"Forwarded", "for=\"[2001:db8::7]\""}},
                    trusting(ours_, ForwardedField::kForwarded)),
            "2001:db8::7");
}

TEST_F(Client, HopsAreCountedFromTheDoorThePeerIncluded) {
  const Lines lines = {{"X-Forwarded-For", "1.1.1.1, 2.2.2.2, 3.3.3.3"}};
  EXPECT_EQ(address(lines, counting(1)), "3.3.3.3");
  EXPECT_EQ(address(lines, counting(2)), "2.2.2.2");
  EXPECT_EQ(ask(lines, counting(2)).hops_skipped, 1U);
  EXPECT_EQ(address(lines, counting(3)), "1.1.1.1");
}

TEST_F(Client, FewerHopsThanTrustedAreMissed) {
  EXPECT_EQ(address({{"X-Forwarded-For", "1.1.1.1, 2.2.2.2"}}, counting(3)), "fell back: 10.0.0.9");
  expect_flag(ask({{"X-Forwarded-For", "1.1.1.1, 2.2.2.2"}}, counting(3)), Reason::kClientHopsMissing, "1.1.1.1");
  expect_flag(ask({}, counting(1)), Reason::kClientHopsMissing, "");
}

TEST_F(Client, Row57UnreadableHopEndsTheWalk) {
  const Lines broken_last = {{"Forwarded", "for=\"_x, 1.2.3.4"}};
  EXPECT_EQ(address(broken_last, trusting(ours_, ForwardedField::kForwarded)), "fell back: 10.0.0.9");
  expect_flag(ask(broken_last, trusting(ours_, ForwardedField::kForwarded)), Reason::kClientHopMalformed, "1.2.3.4");
  for (const std::string_view value : {"1.2.3.4, nonsense, 10.0.0.2", "1.2.3.4, , 10.0.0.2", "1.2.3.4,,10.0.0.2",
                                       "1.2.3.4, unknown, 10.0.0.2", "1.2.3.4, fe80::1%eth0, 10.0.0.2"}) {
    EXPECT_EQ(address({{"X-Forwarded-For", value}}, trusting(ours_)), "fell back: 10.0.0.9") << value;
    EXPECT_EQ(address({{"X-Forwarded-For", value}}, counting(3)), "fell back: 10.0.0.9") << value;
  }
  expect_flag(ask({{"X-Forwarded-For", "1.2.3.4, nonsense, 10.0.0.2"}}, trusting(ours_)), Reason::kClientHopMalformed,
              "nonsense");
}

TEST_F(Client, Row57EmptyElementIsAHopAndNoAddress) {
  EXPECT_EQ(last_for(""), "fell back: 10.0.0.9");
  EXPECT_EQ(last_for("6.6.6.6,"), "fell back: 10.0.0.9");
  EXPECT_EQ(last_for("6.6.6.6, "), "fell back: 10.0.0.9");
  EXPECT_EQ(last_forwarded("for=6.6.6.6,"), "fell back: 10.0.0.9");
  EXPECT_EQ(address({{"X-Forwarded-For", "6.6.6.6"}, {"X-Forwarded-For", ""}}, counting(1)), "fell back: 10.0.0.9");
}

TEST_F(Client, Row58OpenQuoteCannotSwallowTrustedHops) {
  const ClientAddress client =
      ask({{"Forwarded", "for=a;by=\", for=9.9.9.9"}}, trusting(ours_, ForwardedField::kForwarded));
  EXPECT_EQ(text_of(client.address), "9.9.9.9");
  EXPECT_EQ(client.source, ClientSource::kForwarded);
  EXPECT_FALSE(client.fell_back);
  expect_flag(client, Reason::kClientHopMalformed, "for=a;by");
  const ClientPolicy policy = trusting(ours_, ForwardedField::kForwarded);
  for (const std::string_view spoof : {"\"", "for=\"", "for=\"\\", "x=\"a, b\", y=\"", "for=1.1.1.1;ext=\"\\\"", "\\",
                                       "for=\"a\"b\"", ",\"", "for=_x;for=_y", "nonsense", "=", ";;;="}) {
    const std::string value = std::string(spoof) + ", for=\"[2001:db8::9]:47011\";by=10.0.0.3, for=10.0.0.2";
    const ClientAddress found = ask({{"Forwarded", value}}, policy);
    EXPECT_EQ(text_of(found.address), "2001:db8::9") << value;
    EXPECT_EQ(found.hops_skipped, 1U);
    EXPECT_EQ(found.finding_count, 1) << value;
  }
}

TEST_F(Client, QuotedCommasPartNothing) {
  const Lines lines = {{"Forwarded", "for=1.1.1.1, for=9.9.9.9;ext=\"a, for=10.0.0.1, \\\"b\""}};
  const ClientAddress client = ask(lines, trusting(ours_, ForwardedField::kForwarded));
  EXPECT_EQ(text_of(client.address), "9.9.9.9");
  EXPECT_EQ(client.finding_count, 0);
  EXPECT_EQ(address({{"Forwarded", "for=1.1.1.1, for=9.9.9.9;ext=\"a\\\\\", for=10.0.0.1"}},
                    trusting(ours_, ForwardedField::kForwarded)),
            "9.9.9.9");
}

TEST_F(Client, Row59MappedHopIsIpv4) {
  EXPECT_EQ(last_for("::ffff:203.0.113.7"), "203.0.113.7");
  EXPECT_EQ(last_forwarded("for=\"[::ffff:cb00:7107]\""), "203.0.113.7");
  EXPECT_EQ(address({{"X-Forwarded-For", "203.0.113.7, ::ffff:10.0.0.2"}}, trusting(ours_)), "203.0.113.7");
  EXPECT_EQ(last_for("fe80::1%eth0"), "fell back: 10.0.0.9");
  EXPECT_EQ(last_for("010.0.0.1"), "fell back: 10.0.0.9");
}

TEST_F(Client, Row60KeyOfTheClientIsItsNetwork) {
  const ClientAddress one = ask({{"X-Forwarded-For", "2001:db8:1:2::1"}}, counting(1));
  const ClientAddress other = ask({{"X-Forwarded-For", "2001:db8:1:2:dead:beef::"}}, counting(1));
  EXPECT_NE(one.address, other.address);
  EXPECT_EQ(prefix_key(one.address), prefix_key(other.address));
}

TEST_F(Client, ElementsOfXForwardedForMayCarryAPort) {
  EXPECT_EQ(last_for("203.0.113.7"), "203.0.113.7");
  EXPECT_EQ(last_for("\t203.0.113.7 \t"), "203.0.113.7");
  EXPECT_EQ(last_for("203.0.113.7:65535"), "203.0.113.7");
  EXPECT_EQ(last_for("2001:db8::7"), "2001:db8::7");
  EXPECT_EQ(last_for("[2001:db8::7]"), "2001:db8::7");
  EXPECT_EQ(last_for("[2001:db8::7]:1"), "2001:db8::7");
  for (const std::string_view value : {"203.0.113.7:",
                                       "203.0.113.7:65536",
                                       "203.0.113.7:000001",
                                       "203.0.113.7:_p",
                                       "203.0.113.7:80:80",
                                       "[203.0.113.7]",
                                       "[203.0.113.7]:80",
                                       "[2001:db8::7",
                                       "2001:db8::7]",
                                       "[2001:db8::7]80",
                                       "[2001:db8::7]:",
                                       "[]",
                                       "[",
                                       "]",
                                       ":",
                                       ":80",
                                       "\"203.0.113.7\"",
                                       "for=203.0.113.7",
                                       "203.0.113.7 203.0.113.8",
                                       "_hidden",
                                       "unknown",
                                       "unix:",
                                       "203.0.113.7;x",
                                       "example.org",
                                       "-",
                                       "203.0.113.0/24"}) {
    EXPECT_EQ(last_for(value), "fell back: 10.0.0.9") << value;
  }
}

TEST_F(Client, ElementsOfForwardedFollowTheStandard) {
  EXPECT_EQ(last_forwarded("for=203.0.113.7"), "203.0.113.7");
  EXPECT_EQ(last_forwarded("For=\"203.0.113.7\""), "203.0.113.7");
  EXPECT_EQ(last_forwarded("proto=https;FOR=\"203.0.113.7:47011\";by=_ours"), "203.0.113.7");
  EXPECT_EQ(last_forwarded("for=\"[2001:db8::7]\""), "2001:db8::7");
  EXPECT_EQ(last_forwarded("for=\"[2001:db8::7]:47011\""), "2001:db8::7");
  EXPECT_EQ(last_forwarded("for=\"203.0.113.7:_port.1-x\""), "203.0.113.7");
  EXPECT_EQ(last_forwarded(";for=203.0.113.7;;proto=http;"), "203.0.113.7");
  EXPECT_EQ(last_forwarded("for=203.0.113.7;host=\"a\\\"b;for=_c\""), "203.0.113.7");
  for (const std::string_view value : {"for=2001:db8::7",
                                       "for=\"2001:db8::7\"",
                                       "for=[2001:db8::7]",
                                       "for=203.0.113.7:80",
                                       "for=\"[203.0.113.7]\"",
                                       "for=\"203.0.113.7:_\"",
                                       "for=\"203.0.113.7:\"",
                                       "for=\"203.0.113.7:_a b\"",
                                       "for=\"2\\03.0.113.7\"",
                                       "for=",
                                       "for=\"\"",
                                       "for",
                                       "=203.0.113.7",
                                       "for =203.0.113.7",
                                       "for= 203.0.113.7",
                                       "for=203.0.113.7 ;proto=http",
                                       "for=203.0.113.7; proto=http",
                                       "for=203.0.113.7;for=203.0.113.7",
                                       "for=203.0.113.7;FOR=_x",
                                       "proto=https",
                                       "for=\"203.0.113.7",
                                       "for=203.0.113.7\"",
                                       "for=\"203.0.113.7\"x",
                                       "for=\"203.0.113.7\\\"",
                                       "for=unknown",
                                       "for=_hidden",
                                       "for=\"_hidden:_port\"",
                                       "for=\"unknown:80\"",
                                       "203.0.113.7",
                                       ";"}) {
    EXPECT_EQ(last_forwarded(value), "fell back: 10.0.0.9") << value;
  }
}

TEST_F(Client, WithheldHopLeftOfTheClientIsNoAnomaly) {
  EXPECT_EQ(ask({{"X-Forwarded-For", "unknown, 1.2.3.4"}}, counting(1)).finding_count, 0);
  EXPECT_EQ(
      ask({{"Forwarded", "for=_hidden, for=\"unknown:_p\", for=1.2.3.4"}}, counting(1, ForwardedField::kForwarded))
          .finding_count,
      0);
  const ClientAddress client = ask({{"X-Forwarded-For", "1.1.1.1, <script>, 1.2.3.4"}}, counting(1));
  EXPECT_EQ(text_of(client.address), "1.2.3.4");
  expect_flag(client, Reason::kClientHopMalformed, "<script>");
}

TEST_F(Client, OnlyTheNamedListIsRead) {
  const Lines lines = {{"Forwarded", "for=1.1.1.1"}, {"X-Forwarded-For", "2.2.2.2"}, {"X-Forwarded", "for=3.3.3.3"}};
  EXPECT_EQ(address(lines, counting(1)), "2.2.2.2");
  EXPECT_EQ(address(lines, counting(1, ForwardedField::kForwarded)), "1.1.1.1");
}

TEST_F(Client, BlocksMayLimitWhoseCountIsBelieved) {
  ClientPolicy policy = counting(1);
  policy.trusted_blocks = *ours_;
  EXPECT_EQ(address({{"X-Forwarded-For", "1.1.1.1"}}, policy, "10.0.0.9"), "1.1.1.1");
  EXPECT_EQ(address({{"X-Forwarded-For", "1.1.1.1"}}, policy, "192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(address({{"X-Forwarded-For", "1.1.1.1"}}, policy, ""), "");
  policy = platform(FieldId::kFastlyClientIp);
  policy.trusted_blocks = *ours_;
  EXPECT_EQ(address({{"Fastly-Client-IP", "1.1.1.1"}}, policy, "10.0.0.9"), "1.1.1.1");
  EXPECT_EQ(address({{"Fastly-Client-IP", "1.1.1.1"}}, policy, "192.0.2.1"), "192.0.2.1");
}

TEST_F(Client, PlatformFieldIsOneAddress) {
  const ClientPolicy policy = platform(FieldId::kFastlyClientIp);
  const ClientAddress client = ask({{"Fastly-Client-IP", "2001:db8::7"}, {"X-Forwarded-For", "1.1.1.1"}}, policy);
  EXPECT_EQ(text_of(client.address), "2001:db8::7");
  EXPECT_EQ(client.source, ClientSource::kPlatformField);
  EXPECT_TRUE(client.trusted_peer);
  EXPECT_EQ(client.finding_count, 0);
  for (const std::string_view value : {"", "1.1.1.1, 2.2.2.2", "1.1.1.1:80", "[::1]", "unknown", "fe80::1%1"}) {
    EXPECT_EQ(address({{"Fastly-Client-IP", value}}, policy), "fell back: 10.0.0.9") << value;
  }
  expect_flag(ask({{"Fastly-Client-IP", "nonsense"}}, policy), Reason::kClientFieldMalformed, "nonsense");
  expect_flag(ask({{"Fastly-Client-IP", "1.1.1.1"}, {"fastly-client-ip", "1.1.1.1"}}, policy),
              Reason::kClientFieldMalformed, "");
  expect_flag(ask({}, policy), Reason::kClientFieldMalformed, "");
}

TEST_F(Client, HopsAreLookedAtUpToTheLimit) {
  Limits limits;
  limits.forwarded_hop_count_max = 3;
  const Lines three = {{"X-Forwarded-For", "<>, 1.1.1.1, 10.0.0.2, 10.0.0.1"}};
  EXPECT_EQ(text_of(ask(three, trusting(ours_), "10.0.0.9", limits).address), "1.1.1.1");
  EXPECT_EQ(ask(three, trusting(ours_), "10.0.0.9", limits).finding_count, 0) << "the fourth is not looked at";
  const ClientAddress over =
      ask({{"X-Forwarded-For", "1.1.1.1, 10.0.0.3, 10.0.0.2, 10.0.0.1"}}, trusting(ours_), "10.0.0.9", limits);
  EXPECT_TRUE(over.fell_back);
  EXPECT_EQ(text_of(over.address), "10.0.0.9");
  expect_flag(over, Reason::kFieldListTooLong, "1.1.1.1");
  const ClientAddress all_trusted =
      ask({{"X-Forwarded-For", "10.0.0.3, 10.0.0.2, 10.0.0.1"}}, trusting(ours_), "10.0.0.9", limits);
  EXPECT_EQ(text_of(all_trusted.address), "10.0.0.3");
  EXPECT_FALSE(all_trusted.fell_back);
  EXPECT_EQ(client_address(Request(), "10.0.0.9", counting(4), limits).reason(), Reason::kUsageArgument);
}

TEST_F(Client, LongListsAreReadFromTheRightOnly) {
  std::string value;
  for (int i = 0; i < 10000; ++i) value += "\\\", \"for=\"6.6.6.6\\\\\", ";
  const ClientAddress client = ask({{"Forwarded", value + "for=1.2.3.4"}}, counting(1, ForwardedField::kForwarded));
  EXPECT_EQ(text_of(client.address), "1.2.3.4");
}

}  // namespace
}  // namespace ostiary::test
