// Who is asking.
#include "handles.hpp"

#include <ostiary/http/fields.hpp>

#include <memory>
#include <span>

using ostiary::AddressBlock;
using ostiary::AddressSet;
using ostiary::AddressSetEntry;
using ostiary::ClientAddress;
using ostiary::ClientPolicy;
using ostiary::ClientStrategy;
using ostiary::ForwardedField;
using ostiary::IpAddress;
using ostiary::Request;
using ostiary::Result;
namespace capi = ostiary::capi;

namespace {

/// Makes the set of trusted blocks. The offset of a fault is the index that the caller gave the block.
ostiary_reason build_blocks(ostiary_client_policy& policy, const ostiary_bytes* texts, size_t count,
                            ostiary_error* error) {
  if (texts == nullptr && count != 0) return capi::refuse_argument(error, "trusted_blocks is NULL");
  if (count > AddressSet::kBlocksMax) return capi::refuse_argument(error, "trusted_blocks: too many");
  std::vector<AddressSetEntry> entries;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string_view text;
    if (!capi::to_view(texts[i], text)) return capi::refuse_argument(error, "a trusted block is {NULL, n > 0}");
    const Result<AddressBlock> block = ostiary::parse_address_block(text);
    if (!block) return capi::report(error, {block.reason(), i});
    entries.push_back({*block, i});
  }
  if (entries.empty()) return OSTIARY_OK;
  policy.image.resize(ostiary::address_set_size_max(static_cast<std::uint32_t>(entries.size())));
  const Result<std::string_view> image = ostiary::build_address_set(entries, policy.image);
  if (!image) return capi::report(error, {image.reason(), entries[image.error().offset].value}, "a block stands twice");
  const Result<AddressSet> set = AddressSet::load(*image);
  if (!set) return capi::report(error, set.error());
  policy.policy.trusted_blocks = *set;
  return OSTIARY_OK;
}

/// What the strategy does not use must not be set: it would look like a constraint that holds.
const char* find_contradiction(const ostiary_client_policy_options& options) noexcept {
  const bool reads_hops = options.strategy == OSTIARY_CLIENT_TRUSTED_HOPS;
  const bool reads_blocks = options.strategy == OSTIARY_CLIENT_TRUSTED_BLOCKS;
  const bool reads_platform = options.strategy == OSTIARY_CLIENT_PLATFORM_FIELD;
  if (options.strategy != OSTIARY_CLIENT_PEER && !reads_hops && !reads_blocks && !reads_platform) {
    return "strategy: expected one of OSTIARY_CLIENT_*";
  }
  if (options.field != OSTIARY_X_FORWARDED_FOR && options.field != OSTIARY_FORWARDED) {
    return "field: expected OSTIARY_X_FORWARDED_FOR or OSTIARY_FORWARDED";
  }
  if (options.field != OSTIARY_X_FORWARDED_FOR && !reads_hops && !reads_blocks) return "field: nothing reads it";
  if (options.trusted_hops != 0 && !reads_hops) return "trusted_hops: nothing reads it";
  if (options.trusted_block_count != 0 && options.strategy == OSTIARY_CLIENT_PEER) {
    return "trusted_blocks: nothing reads them";
  }
  if (options.platform_field.len != 0 && !reads_platform) return "platform_field: nothing reads it";
  return nullptr;
}

ostiary_reason fill(ostiary_client_policy& policy, const ostiary_client_policy_options& options, ostiary_error* error) {
  if (const char* const mistake = find_contradiction(options); mistake != nullptr) {
    return capi::refuse_argument(error, mistake);
  }
  const ostiary_reason built = build_blocks(policy, options.trusted_blocks, options.trusted_block_count, error);
  if (built != OSTIARY_OK) return built;
  std::string_view name;
  if (!capi::to_view(options.platform_field, name)) {
    return capi::refuse_argument(error, "platform_field is {NULL, n > 0}");
  }
  ClientPolicy& made = policy.policy;
  made.strategy = static_cast<ClientStrategy>(options.strategy);
  made.field = static_cast<ForwardedField>(options.field);
  made.trusted_hops = options.trusted_hops;
  if (ostiary::detail::is_token(name)) made.platform_field = ostiary::find_field(name);
  // Whoever asks with a policy that lacks something is told so; ask once with a request that has nothing.
  if (!ostiary::client_address(Request{}, IpAddress{}, made, capi::kLimits)) {
    return capi::refuse_argument(
        error, "strategy: expected 1 to 64 trusted_hops, trusted_blocks, or a platform_field that is trusted-only");
  }
  return OSTIARY_OK;
}

void fill(ostiary_client& out, const ClientAddress& client) noexcept {
  char text[ostiary::kIpv6TextMax] = {};
  out.address_len = static_cast<uint32_t>(ostiary::format_address(client.address, text));
  std::memcpy(out.address, text, out.address_len);
  out.family = static_cast<uint32_t>(client.address.family);
  out.source = static_cast<ostiary_client_source>(client.source);
  out.hops_skipped = client.hops_skipped;
  out.trusted_peer = client.trusted_peer ? 1 : 0;
  out.fell_back = client.fell_back ? 1 : 0;
  out.finding_count = client.finding_count;
  for (std::size_t i = 0; i < client.finding_count; ++i) out.findings[i] = capi::to_c(client.findings[i]);
}

static_assert(OSTIARY_CLIENT_FINDINGS_MAX == ClientAddress::kFindingsMax);
static_assert(sizeof(ostiary_client::address) > ostiary::kIpv6TextMax);

}  // namespace

extern "C" {

ostiary_reason ostiary_client_policy_new(const ostiary_client_policy_options* options, ostiary_client_policy** out,
                                         ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  if (options == nullptr) return capi::refuse_argument(error, "options is NULL");
  return capi::guarded(error, [&] {
    ostiary_client_policy_options copy{};
    ostiary::Reason copied = capi::copy_struct(options, copy);
    if (copied == ostiary::Reason::kOk && copy.reserved != 0) copied = ostiary::Reason::kUsageUnknownOption;
    if (copied != ostiary::Reason::kOk) {
      return capi::report(error, {copied, 0},
                          "options: use OSTIARY_CLIENT_POLICY_OPTIONS_INIT; flags and reserved must be 0");
    }
    auto policy = std::make_unique<ostiary_client_policy>();
    const ostiary_reason filled = fill(*policy, copy, error);
    if (filled == OSTIARY_OK) *out = policy.release();
    return filled;
  });
}

ostiary_client_policy* ostiary_client_policy_ref(ostiary_client_policy* policy) { return capi::add_reference(policy); }

void ostiary_client_policy_unref(ostiary_client_policy* policy) { capi::drop_reference(policy); }

ostiary_reason ostiary_inspection_client(const ostiary_inspection* inspection, const ostiary_client_policy* policy,
                                         ostiary_bytes peer, ostiary_client* out, ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = ostiary_client{};
  const Request* const request = capi::request_of(inspection);
  if (request == nullptr || policy == nullptr) {
    return capi::refuse_argument(error, "policy is NULL, or the inspection is not complete");
  }
  std::string_view text;
  if (!capi::to_view(peer, text)) return capi::refuse_argument(error, "peer is {NULL, n > 0}");
  const Result<ClientAddress> client = ostiary::client_address(*request, text, policy->policy, capi::kLimits);
  if (!client) return capi::report(error, client.error());
  fill(*out, *client);
  return OSTIARY_OK;
}

}  // extern "C"
