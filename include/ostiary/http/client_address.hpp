// Who is asking: the address of the client, and on whose word.
//
// The peer is whoever the connection comes from. What it says about earlier hops (X-Forwarded-For, Forwarded, a field
// of the platform) is believed only as far as the policy names trusted hops: the list is read from the right, where
// trusted hops append, and never beyond the first hop that is not trusted or cannot be read. So nothing that a client
// puts on the left can change the result.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/limits.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/address_set.hpp>
#include <ostiary/http/characters.hpp>
#include <ostiary/http/ip_address.hpp>
#include <ostiary/http/known_fields.hpp>
#include <ostiary/http/request.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ostiary {

/// Whom to believe about the client's address.
enum class ClientStrategy : std::uint8_t {
  kPeer,           ///< nobody: the client is the peer
  kTrustedHops,    ///< a known number of proxies, of which the peer is the last
  kTrustedBlocks,  ///< proxies whose addresses are in `trusted_blocks`
  kPlatformField,  ///< the platform, which sets one field of every request and lets no client set it
};

/// The list of hops. Only the one named is read, because a proxy maintains one and passes the other on as it came.
enum class ForwardedField : std::uint8_t { kXForwardedFor, kForwarded };

/// Where the client's address is taken from. The default believes nobody.
struct ClientPolicy {
  ClientStrategy strategy = ClientStrategy::kPeer;
  ForwardedField field = ForwardedField::kXForwardedFor;  ///< kTrustedHops, kTrustedBlocks

  /// kTrustedHops: proxies between client and door, the peer included. Each appends the address it is asked from, so
  /// that with 1 the client is the last element. It holds only when nobody can reach the door past these proxies.
  std::uint32_t trusted_hops = 0;

  /// kTrustedBlocks: the trusted proxies. The other strategies: unless empty, the peer must be in it to be believed.
  AddressSet trusted_blocks;

  /// kPlatformField: one of the trusted-only fields, which an untrusted peer cannot get past the door.
  FieldId platform_field = FieldId::kUnknown;
};

/// On whose word the address is the client's.
enum class ClientSource : std::uint8_t { kPeer, kXForwardedFor, kForwarded, kPlatformField };

/// The address of the client. The only thing that access lists, rate limits and cache keys may ask for.
struct ClientAddress {
  static constexpr std::size_t kFindingsMax = 2;

  IpAddress address;  ///< none when the client is the peer and the host does not know the peer
  ClientSource source = ClientSource::kPeer;

  /// The peer is trusted to have set forwarding fields. Unless it is, they must be removed before forwarding.
  bool trusted_peer = false;

  /// A trusted peer did not say legibly who is asking, so `address` is its own. It will do for limits and logs, but an
  /// allow rule must not match it: proxies live in privileged networks.
  bool fell_back = false;

  std::uint32_t hops_skipped = 0;  ///< elements of the list right of the client's; 0 unless it comes from a list

  std::array<Finding, kFindingsMax> findings{};  ///< flags, with offsets in Request::head
  std::uint8_t finding_count = 0;
};

namespace detail {

/// What one element says of the hop before it.
struct Hop {
  enum class Kind : std::uint8_t {
    kAddress,
    kWithheld,   ///< "unknown" or an obfuscated identifier (RFC 7239 §6.2, §6.3)
    kMalformed,  ///< nothing further left can be relied on either
  };

  Kind kind = Kind::kMalformed;
  IpAddress address;
  std::uint32_t offset = 0;  ///< of the element, in Request::head
};

constexpr std::string_view trim(std::string_view text) noexcept {
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

constexpr bool is_decimal_port(std::string_view text) noexcept {
  if (text.empty() || text.size() > 5) return false;
  std::uint32_t port = 0;
  for (const char c : text) {
    if (!is_digit(c)) return false;
    port = port * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return port <= 0xffff;
}

/// obfnode and obfport: an underscore and at least one of ALPHA, DIGIT, ".", "_", "-" (RFC 7239 §6.3).
constexpr bool is_obfuscated(std::string_view text) noexcept {
  if (text.size() < 2 || text[0] != '_') return false;
  for (const char c : text) {
    if (!is_alpha(c) && !is_digit(c) && c != '.' && c != '_' && c != '-') return false;
  }
  return true;
}

/// A node name and what follows its colon; a port is absent, or text that is still to be judged.
struct SplitNode {
  std::string_view name;
  std::optional<std::string_view> port;
};

/// `text` splits at the colon behind the bracket, or at its only colon.
constexpr SplitNode split_node(std::string_view text) noexcept {
  const std::size_t bracket = text.rfind(']');
  const std::size_t from = bracket == std::string_view::npos ? 0 : bracket + 1;
  const std::size_t colon = text.find(':', from);
  const bool is_bare_ipv6 = from == 0 && colon != std::string_view::npos && text.find(':', colon + 1) < text.size();
  if (colon == std::string_view::npos || is_bare_ipv6) return {text, std::nullopt};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

/// An IPv4 address, or an IPv6 address in brackets. Anything else is kMalformed.
constexpr Hop address_hop(std::string_view name) noexcept {
  const bool is_bracketed = name.size() > 2 && name.front() == '[' && name.back() == ']';
  const std::string_view inner = is_bracketed ? name.substr(1, name.size() - 2) : name;
  const bool has_colon = inner.find(':') != std::string_view::npos;
  const std::optional<IpAddress> address = is_bracketed == has_colon ? parse_address(inner) : std::nullopt;
  return address ? Hop{Hop::Kind::kAddress, *address, 0} : Hop{};
}

/// A node of RFC 7239 §6.
constexpr Hop read_node(std::string_view text) noexcept {
  const SplitNode node = split_node(text);
  if (node.port && !is_decimal_port(*node.port) && !is_obfuscated(*node.port)) return {};
  if (equals_ignoring_case(node.name, "unknown") || is_obfuscated(node.name)) return {Hop::Kind::kWithheld, {}, 0};
  return address_hop(node.name);
}

/// An element of X-Forwarded-For, which no standard describes: an IPv4 or IPv6 address, either with a decimal port,
/// the IPv6 address then in brackets; or the word "unknown".
constexpr Hop read_plain_element(std::string_view text) noexcept {
  if (equals_ignoring_case(text, "unknown")) return {Hop::Kind::kWithheld, {}, 0};
  const SplitNode node = split_node(text);
  if (node.port) return is_decimal_port(*node.port) ? address_hop(node.name) : Hop{};
  if (text.starts_with('[')) return address_hop(text);
  const std::optional<IpAddress> address = parse_address(text);
  return address ? Hop{Hop::Kind::kAddress, *address, 0} : Hop{};
}

/// Bytes of the quoted-string that `text` starts with (RFC 9110 §5.6.4), 0 when it has no end.
constexpr std::size_t quoted_size(std::string_view text) noexcept {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') return i + 1;
    if (text[i] == '\\') ++i;
  }
  return 0;
}

constexpr std::size_t token_size(std::string_view text) noexcept {
  std::size_t size = 0;
  while (size < text.size() && has_class(text[size], CharClass::kToken)) ++size;
  return size;
}

/// `token "=" ( token / quoted-string )`, taken off the front of an element.
struct ForwardedPair {
  std::string_view name;
  std::string_view value;  ///< without quotes, escapes left in it
};

constexpr std::optional<ForwardedPair> take_pair(std::string_view& text) noexcept {
  const std::string_view name = text.substr(0, token_size(text));
  if (name.empty() || name.size() == text.size() || text[name.size()] != '=') return std::nullopt;
  text.remove_prefix(name.size() + 1);
  const bool is_quoted = text.starts_with('"');
  const std::size_t size = is_quoted ? quoted_size(text) : token_size(text);
  if (size == 0) return std::nullopt;
  const std::string_view value = is_quoted ? text.substr(1, size - 2) : text.substr(0, size);
  text.remove_prefix(size);
  return ForwardedPair{name, value};
}

/// `[ forwarded-pair ] *( ";" [ forwarded-pair ] )` with exactly one "for" (RFC 7239 §4). An escape inside a node makes
/// it malformed: no node needs one. Other parameters are not judged beyond their syntax.
constexpr Hop read_forwarded_element(std::string_view text) noexcept {
  std::optional<std::string_view> node;
  while (!text.empty()) {
    if (text.front() != ';') {
      const std::optional<ForwardedPair> pair = take_pair(text);
      if (!pair) return {};
      const bool is_for = equals_ignoring_case(pair->name, "for");
      if (is_for && node) return {};
      if (is_for) node = pair->value;
    }
    if (text.empty()) break;
    if (text.front() != ';') return {};
    text.remove_prefix(1);
  }
  return node ? read_node(*node) : Hop{};
}

/// Where the quoted-string that ends at the quote `close` begins, or npos: the nearest quote to the left that is not
/// escaped, because inside one every quote is.
constexpr std::size_t opening_quote(std::string_view text, std::size_t close) noexcept {
  for (std::size_t at = close; at-- > 0;) {
    if (text[at] != '"') continue;
    std::size_t backslashes = 0;
    while (backslashes < at && text[at - 1 - backslashes] == '\\') ++backslashes;
    if (backslashes % 2 == 0) return at;
    at -= backslashes;
  }
  return std::string_view::npos;
}

/// Where the last element of a list begins. Commas in quotes part nothing; npos when a quote has no partner. Read from
/// the right, so that a quote left open by a client cannot swallow what trusted hops appended.
constexpr std::size_t last_element(std::string_view list, bool has_quotes) noexcept {
  for (std::size_t at = list.size(); at > 0; --at) {
    if (list[at - 1] == ',') return at;
    if (!has_quotes || list[at - 1] != '"') continue;
    const std::size_t open = opening_quote(list, at - 1);
    if (open == std::string_view::npos) return open;
    at = open + 1;
  }
  return 0;
}

/// Walks over the elements of a list field, all its lines joined in order (RFC 9110 §5.3), from right to left.
class HopWalk {
 public:
  HopWalk(const Request& request, ForwardedField field) noexcept
      : request_(request), field_(field), line_(request.find(id()) != nullptr ? request.fields.size() : 0) {}

  /// The next element to the left, or nothing when there is none. An empty element is a hop that cannot be read: to
  /// pass over it would be to believe one hop too many. After a malformed one the walk is over.
  std::optional<Hop> next() noexcept {
    if (!has_rest_ && !enter_line()) return std::nullopt;
    const bool has_quotes = field_ == ForwardedField::kForwarded;
    const std::size_t begin = last_element(rest_, has_quotes);
    const bool is_split = begin != std::string_view::npos;
    const std::string_view element = trim(is_split ? rest_.substr(begin) : rest_);
    Hop hop = !is_split ? Hop{} : has_quotes ? read_forwarded_element(element) : read_plain_element(element);
    hop.offset = static_cast<std::uint32_t>(element.data() - request_.head.data());
    has_rest_ = is_split && begin > 0;
    if (has_rest_) rest_ = rest_.substr(0, begin - 1);
    if (hop.kind == Hop::Kind::kMalformed) end();
    return hop;
  }

 private:
  [[nodiscard]] FieldId id() const noexcept {
    return field_ == ForwardedField::kForwarded ? FieldId::kForwarded : FieldId::kXForwardedFor;
  }

  bool enter_line() noexcept {
    while (line_ > 0) {
      const Field& field = request_.fields[--line_];
      if (field.id != id()) continue;
      rest_ = request_.value(field);
      return true;
    }
    return false;
  }

  void end() noexcept {
    has_rest_ = false;
    line_ = 0;
  }

  const Request& request_;
  ForwardedField field_;
  std::size_t line_;  ///< lines from here on have been walked over
  std::string_view rest_;
  bool has_rest_ = false;  ///< there is an element in `rest_`, possibly an empty one
};

constexpr void add_finding(ClientAddress& client, Reason reason, std::uint32_t offset) noexcept {
  if (client.finding_count == ClientAddress::kFindingsMax) return;
  client.findings[client.finding_count++] = Finding{reason, Disposition::kFlag, offset};
}

constexpr ClientAddress fall_back(ClientAddress client, Reason reason, std::uint32_t offset) noexcept {
  client.fell_back = true;
  add_finding(client, reason, offset);
  return client;
}

constexpr ClientSource source_of(ForwardedField field) noexcept {
  return field == ForwardedField::kForwarded ? ClientSource::kForwarded : ClientSource::kXForwardedFor;
}

/// Reads what stands left of the client's element only to notice what no honest client sends.
inline void flag_rest(ClientAddress& client, HopWalk& walk, std::uint32_t hops_left) noexcept {
  while (hops_left-- > 0) {
    const std::optional<Hop> hop = walk.next();
    if (!hop) return;
    if (hop->kind == Hop::Kind::kMalformed) add_finding(client, Reason::kClientHopMalformed, hop->offset);
  }
}

/// `client` is the peer, which is trusted. One element is taken per trusted hop, and all of them must be addresses.
inline ClientAddress walk_hops(ClientAddress client, const Request& request, const ClientPolicy& policy,
                               const Limits& limits) noexcept {
  const bool by_count = policy.strategy == ClientStrategy::kTrustedHops;
  ClientAddress found = client;
  HopWalk walk(request, policy.field);
  std::uint32_t offset = 0;
  for (std::uint32_t walked = 0;; ++walked) {
    const std::optional<Hop> hop = walk.next();
    if (!hop && !by_count) return found;  // every hop is trusted: the first of them is the client
    if (!hop) return fall_back(client, Reason::kClientHopsMissing, offset);
    offset = hop->offset;
    if (walked == limits.forwarded_hop_count_max) return fall_back(client, Reason::kFieldListTooLong, offset);
    if (hop->kind != Hop::Kind::kAddress) return fall_back(client, Reason::kClientHopMalformed, offset);
    found.address = hop->address;
    found.source = source_of(policy.field);
    found.hops_skipped = walked;
    const bool is_client = by_count ? walked + 1 == policy.trusted_hops : !policy.trusted_blocks.contains(hop->address);
    if (!is_client) continue;
    flag_rest(found, walk, limits.forwarded_hop_count_max - walked - 1);
    return found;
  }
}

/// The field when there is exactly one, else nullptr.
constexpr const Field* only_field(const Request& request, FieldId id) noexcept {
  const Field* found = nullptr;
  for (const Field& field : request.fields) {
    if (field.id != id) continue;
    if (found != nullptr) return nullptr;
    found = &field;
  }
  return found;
}

/// `client` is the peer, which is trusted.
inline ClientAddress read_platform_field(ClientAddress client, const Request& request,
                                         const ClientPolicy& policy) noexcept {
  const Field* field = only_field(request, policy.platform_field);
  if (field == nullptr) return fall_back(client, Reason::kClientFieldMalformed, 0);
  const std::optional<IpAddress> address = parse_address(request.value(*field));
  if (!address) return fall_back(client, Reason::kClientFieldMalformed, field->value.offset);
  client.address = *address;
  client.source = ClientSource::kPlatformField;
  return client;
}

/// A policy that says how but not whom to believe is a mistake, not a policy that believes nobody.
constexpr bool is_complete(const ClientPolicy& policy, const Limits& limits) noexcept {
  switch (policy.strategy) {
    case ClientStrategy::kPeer: return true;
    case ClientStrategy::kTrustedHops:
      return policy.trusted_hops > 0 && policy.trusted_hops <= limits.forwarded_hop_count_max;
    case ClientStrategy::kTrustedBlocks: return !policy.trusted_blocks.empty();
    case ClientStrategy::kPlatformField: return has_trait(policy.platform_field, FieldTrait::kTrustedOnly);
  }
  return false;
}

inline bool trusts_peer(const IpAddress& peer, const ClientPolicy& policy) noexcept {
  switch (policy.strategy) {
    case ClientStrategy::kPeer: return false;
    case ClientStrategy::kTrustedHops:
    case ClientStrategy::kPlatformField: return policy.trusted_blocks.empty() || policy.trusted_blocks.contains(peer);
    case ClientStrategy::kTrustedBlocks: return policy.trusted_blocks.contains(peer);
  }
  return false;
}

}  // namespace detail

/// The client of a request that came from `peer`, which is none when the host does not know it.
///
/// kTrustedHops takes the element number `trusted_hops` from the right; kTrustedBlocks the first from the right that is
/// not in the blocks, or the leftmost when all are. Every element up to there must be an address, an empty element is
/// none, and at most Limits::forwarded_hop_count_max elements are looked at. Otherwise, and when the platform's field
/// is not there exactly once with one address, the result is the peer with `fell_back` set and a flag that says why:
/// CLIENT_HOP_MALFORMED, CLIENT_HOPS_MISSING, FIELD_LIST_TOO_LONG (offset: the element that the walk stopped at, 0 when
/// there is none) or CLIENT_FIELD_MALFORMED (offset: its value, 0 when it is absent or doubled). A malformed element
/// left of the client's is flagged CLIENT_HOP_MALFORMED and changes nothing.
///
/// Allocates nothing; O(size of the field lines). Reasons: kUsageArgument for a policy that names no hops, blocks or
/// trusted-only field, or more hops than the limit. Pure.
[[nodiscard]] inline Result<ClientAddress> client_address(const Request& request, const IpAddress& peer,
                                                          const ClientPolicy& policy,
                                                          const Limits& limits = {}) noexcept {
  if (!detail::is_complete(policy, limits)) return Reason::kUsageArgument;
  ClientAddress client;
  client.address = peer;
  client.trusted_peer = detail::trusts_peer(peer, policy);
  if (!client.trusted_peer) return client;
  if (policy.strategy == ClientStrategy::kPlatformField) return detail::read_platform_field(client, request, policy);
  return detail::walk_hops(client, request, policy, limits);
}

/// As above, with the peer as text as parse_address takes it; empty when the host does not know it.
/// Reasons: also kUsagePeer. Pure.
[[nodiscard]] inline Result<ClientAddress> client_address(const Request& request, std::string_view peer,
                                                          const ClientPolicy& policy,
                                                          const Limits& limits = {}) noexcept {
  const std::optional<IpAddress> address = parse_address(peer);
  if (!address && !peer.empty()) return Reason::kUsagePeer;
  return client_address(request, address.value_or(IpAddress{}), policy, limits);
}

}  // namespace ostiary
