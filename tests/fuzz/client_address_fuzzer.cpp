// Any bytes as the lines of a list of hops: the client is a hop that was there or the peer, places lie in the head, and
// what a trusted hop appends decides whatever stands left of it.
#include "support/address_set_image.hpp"
#include "support/field_request.hpp"

#include <ostiary/http/client_address.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace ostiary;

void require(bool promise) {
  if (!promise) __builtin_trap();
}

const AddressSet& ours() {
  static const test::OwnedAddressSet set{"10.0.0.0/8", "::1/128"};
  return *set;
}

ClientPolicy policy_of(unsigned choice) {
  ClientPolicy policy;
  policy.field = (choice & 1U) != 0 ? ForwardedField::kForwarded : ForwardedField::kXForwardedFor;
  policy.trusted_hops = choice >> 1U & 7U;
  policy.strategy = policy.trusted_hops == 0 ? ClientStrategy::kTrustedBlocks : ClientStrategy::kTrustedHops;
  if (policy.trusted_hops == 0) policy.trusted_blocks = ours();
  return policy;
}

ClientAddress ask(const std::vector<test::FieldRequest::Line>& lines, const ClientPolicy& policy) {
  const test::FieldRequest request(lines);
  const Result<ClientAddress> client = client_address(request.request(), "10.0.0.9", policy);
  require(client.ok() && client->trusted_peer && client->address.present());
  require(client->finding_count <= ClientAddress::kFindingsMax);
  for (std::size_t i = 0; i < client->finding_count; ++i) {
    require(client->findings[i].offset <= request.request().head.size());
  }
  const bool is_peer = client->source == ClientSource::kPeer;
  require(!is_peer || (client->address == *parse_address("10.0.0.9") && client->hops_skipped == 0));
  require(!client->fell_back || (is_peer && client->finding_count == 1));
  return *client;
}

/// Line breaks part the bytes into lines.
std::vector<test::FieldRequest::Line> lines_of(std::string_view text, std::string_view name) {
  std::vector<test::FieldRequest::Line> lines;
  for (;;) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(name, text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

void require_decided_by_the_right(std::string_view spoof, const ClientPolicy& policy) {
  const bool is_forwarded = policy.field == ForwardedField::kForwarded;
  const std::string_view name = is_forwarded ? "Forwarded" : "X-Forwarded-For";
  const std::string value =
      std::string(spoof) + (is_forwarded ? ",for=\"203.0.113.7:_p\";x=\"a,\\\"\"" : ",203.0.113.7:80");
  const ClientAddress client = ask({{name, value}}, policy);
  const bool is_first = policy.trusted_hops <= 1;
  if (is_first) require(client.address == *parse_address("203.0.113.7") && client.hops_skipped == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ClientPolicy policy = policy_of(data[0]);
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string_view name = policy.field == ForwardedField::kForwarded ? "forwarded" : "x-forwarded-for";
  (void)ask(lines_of(text, name), policy);
  require_decided_by_the_right(text, policy);
  ClientPolicy platform;
  platform.strategy = ClientStrategy::kPlatformField;
  platform.platform_field = FieldId::kXRealIp;
  (void)ask(lines_of(text, "X-Real-IP"), platform);
  return 0;
}
