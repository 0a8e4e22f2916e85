#include "inspect_client.hpp"

#include "exit.hpp"
#include "inspect_parts.hpp"
#include "output.hpp"

#include <ostiary/http/address_set.hpp>
#include <ostiary/http/ip_address.hpp>
#include <ostiary/http/known_fields.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace ostiary::cli {

namespace {

[[nodiscard]] Stop wrong_option(const char* option, const std::string& argument, const std::string& why) {
  return {Exit::kUsage, "ostiary: " + std::string(option) + " " + escaped(argument) + ": " + why};
}

/// A field that the platform may be believed to have set.
[[nodiscard]] FieldId platform_field(const std::string& name) {
  const FieldId id = find_field(name);
  if (has_trait(id, FieldTrait::kTrustedOnly)) return id;
  std::string known;
  for (const KnownField& field : kKnownFields) {
    const bool trusted = (field.traits & static_cast<std::uint8_t>(FieldTrait::kTrustedOnly)) != 0;
    if (trusted) known += (known.empty() ? "" : ", ") + std::string(field.name);
  }
  throw wrong_option("--platform-field", name, "expected one of " + known);
}

[[nodiscard]] ClientStrategy strategy_of(const ClientOptions& options) {
  if (!options.platform_field.empty()) return ClientStrategy::kPlatformField;
  if (options.trusted_hops) return ClientStrategy::kTrustedHops;
  return options.trusted_blocks.empty() ? ClientStrategy::kPeer : ClientStrategy::kTrustedBlocks;
}

[[nodiscard]] std::string_view family_name(AddressFamily family) {
  switch (family) {
    case AddressFamily::kNone: return {};
    case AddressFamily::kIpv4: return "ipv4";
    case AddressFamily::kIpv6: return "ipv6";
  }
  return {};
}

[[nodiscard]] std::string_view source_name(ClientSource source) {
  switch (source) {
    case ClientSource::kPeer: return "peer";
    case ClientSource::kXForwardedFor: return "x-forwarded-for";
    case ClientSource::kForwarded: return "forwarded";
    case ClientSource::kPlatformField: return "platform-field";
  }
  return {};
}

[[nodiscard]] std::string shown_address(const IpAddress& address) {
  std::array<char, kIpv6TextMax> text{};
  return {text.data(), format_address(address, text)};
}

}  // namespace

ClientQuestion::ClientQuestion(const ClientOptions& options) : options_(options) {
  policy_.strategy = strategy_of(options);
  policy_.field = options.forwarded ? ForwardedField::kForwarded : ForwardedField::kXForwardedFor;
  policy_.trusted_hops = static_cast<std::uint32_t>(options.trusted_hops.value_or(0));
  if (!options.platform_field.empty()) policy_.platform_field = platform_field(options.platform_field);
  if (!options.trusted_blocks.empty()) read_blocks();
}

void ClientQuestion::read_blocks() {
  std::vector<AddressSetEntry> entries;
  for (const std::string& text : options_.trusted_blocks) {
    const Result<AddressBlock> block = parse_address_block(text);
    if (!block) throw wrong_option("--trusted-block", text, explained_reason(block.reason()));
    const AddressSetEntry entry{*block, 0};
    // To name a block twice is harmless here.
    if (std::find(entries.begin(), entries.end(), entry) == entries.end()) entries.push_back(entry);
  }
  image_.resize(address_set_size_max(static_cast<std::uint32_t>(entries.size())));
  const Result<std::string_view> image = build_address_set(entries, image_);
  const Result<AddressSet> set = image ? AddressSet::load(*image) : image.error();
  if (!set) throw Stop(Exit::kUsage, "ostiary: --trusted-block: " + explained_reason(set.reason()));
  policy_.trusted_blocks = *set;
}

ClientAddress ClientQuestion::ask(const Request& request) const {
  const Result<ClientAddress> client = client_address(request, std::string_view(options_.peer), policy_);
  if (!client) throw wrong_option("--peer", options_.peer, explained_reason(client.reason()));
  return *client;
}

Json client_json(const ClientAddress& client) {
  Json json;
  json["address"] = client.address.present() ? Json(shown_address(client.address)) : Json();
  json["family"] = client.address.present() ? Json(family_name(client.address.family)) : Json();
  json["source"] = source_name(client.source);
  json["trusted_peer"] = client.trusted_peer;
  json["fell_back"] = client.fell_back;
  json["hops_skipped"] = client.hops_skipped;
  json["findings"] = findings_json({client.findings.begin(), client.findings.begin() + client.finding_count});
  return json;
}

std::string shown_client(const ClientAddress& client) {
  const std::string address = client.address.present() ? shown_address(client.address) : "unknown";
  if (client.fell_back) return address + ", the trusted peer, which does not say who is asking";
  if (client.source == ClientSource::kPeer) return client.address.present() ? address + ", the peer" : address;
  std::string text = address + ", from " + std::string(source_name(client.source));
  if (client.source == ClientSource::kPlatformField) return text;
  return text + ", " + std::to_string(client.hops_skipped) + (client.hops_skipped == 1 ? " hop" : " hops") + " skipped";
}

}  // namespace ostiary::cli
