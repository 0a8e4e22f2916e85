#include "policy/check_context.hpp"

#include "policy/nearest_text.hpp"
#include "policy/pattern.hpp"
#include "policy/quote.hpp"

#include <ostiary/http/host.hpp>
#include <ostiary/http/ip_address.hpp>
#include <ostiary/http/request.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <utility>

namespace ostiary::policy {

namespace {

/// Claims that every issuer may send as text and that need no declaration (RFC 7519 §4.1, RFC 9068 §2.2).
constexpr std::array<std::string_view, 5> kBuiltInClaims = {"sub", "iss", "jti", "client_id", "azp"};

bool is_built_in(std::string_view claim) {
  return std::find(kBuiltInClaims.begin(), kBuiltInClaims.end(), claim) != kBuiltInClaims.end();
}

/// The block that was probably meant, for a message; empty when it cannot be told.
std::string nearest_block(std::string_view text) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  const std::optional<IpAddress> address = parse_address(text.substr(0, slash));
  if (!address || (address->is_ipv4() && text.substr(0, slash).find(':') != std::string_view::npos)) return {};
  unsigned length = address_bits(address->family);
  if (slash < text.size()) {
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (fault != std::errc() || end != digits.data() + digits.size() || length > address_bits(address->family))
      return {};
  }
  std::array<char, kIpv6TextMax> out{};
  const std::size_t size = format_address(block_of(*address, length).first, out);
  return std::string(out.data(), size) + "/" + std::to_string(length);
}

}  // namespace

bool is_reserved_header(std::string_view name) {
  const FieldId id = find_field(name);
  return has_trait(id, FieldTrait::kHopByHop) || id == FieldId::kAuthorization || id == FieldId::kContentLength ||
         id == FieldId::kCookie || id == FieldId::kExpect || id == FieldId::kHost;
}

bool is_untrusted_header(std::string_view name) {
  const FieldId id = find_field(name);
  return has_trait(id, FieldTrait::kTrustedOnly) || has_trait(id, FieldTrait::kForbidden);
}

bool is_plain_header_name(std::string_view name) {
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-'; });
}

void Names::declare(const Text& name) {
  check_syntax(name);
  if (!names_.insert(name.value).second) {
    diagnostics_.add(Reason::kGateDuplicateId, name.offset,
                     kind_ + " " + quote(name.value) + " is declared twice; give one of them another id");
  }
}

void Names::require(const Text& name) const {
  if (name.value.empty() || has(name)) return;
  diagnostics_.add(Reason::kGateReference, name.offset,
                   "no " + kind_ + " is called " + quote(name.value) + "; declare it or correct the name");
}

void Names::check_syntax(const Text& name) {
  constexpr std::size_t kSizeMax = 128;
  const bool plain = std::all_of(name.value.begin(), name.value.end(),
                                 [](char c) { return is_alpha(c) || is_digit(c) || c == '-' || c == '_' || c == '.'; });
  if (plain && name.value.size() <= kSizeMax) return;
  diagnostics_.add(Reason::kGateValue, name.offset,
                   "expected an id of at most 128 letters, digits, \"-\", \"_\" and \".\", found " + quote(name.value));
}

CheckContext::CheckContext(const GateSource& source, const Limits& bounds, Diagnostics& complaints)
    : gate(source),
      limits(bounds),
      diagnostics(complaints),
      issuers("issuer", complaints),
      networks("network", complaints),
      flags("flag", complaints),
      origins("origin", complaints),
      routes("route", complaints),
      rules("rule", complaints),
      roles("role mapping", complaints),
      everywhere_({}),
      named_({}) {
  declare_issuers();
  declare_claims();
  declare_networks();
  declare_flags();
  declare_headers();
  for (const OriginSource& origin : gate.origins) origins.declare(origin.id);
  declare_routes();
  for (const RuleSource& rule : gate.rules) {
    if (!rule.id.value.empty()) rules.declare(rule.id);
  }
  for (const RoleSource& role : gate.roles) {
    if (!role.id.value.empty()) roles.declare(role.id);
    for (const Text& route : role.routes) roles_by_route_.emplace(route.value, &role);
  }
}

void CheckContext::declare_headers() {
  for (const Text& header : gate.headers) readable_headers_.insert(header.value);
  for (const IdentityHeaderSource& header : gate.identity_headers) identity_headers_.insert(header.name.value);
}

void CheckContext::declare_routes() {
  std::vector<const RouteSource*> all;
  for (const RouteSource& route : gate.routes) {
    if (!route.id.value.empty()) routes.declare(route.id);
    routes_by_id_.emplace(route.id.value, &route);
    all.push_back(&route);
  }
  everywhere_ = RouteGroup(std::move(all));
}

void CheckContext::declare_issuers() {
  std::set<std::string_view> values;
  for (const IssuerSource& issuer : gate.issuers) {
    issuers.declare(issuer.id);
    if (!issuer.issuer.value.empty() && !values.insert(issuer.issuer.value).second) {
      fail(
          Reason::kGateDuplicateId, issuer.issuer,
          "the issuer " + quote(issuer.issuer.value) + " is declared twice; a token could not tell which one is meant");
    }
  }
}

void CheckContext::declare_claims() {
  for (const ClaimSource& claim : gate.claims) {
    if (is_built_in(claim.name.value)) {
      fail(Reason::kGateDuplicateId, claim.name, quote(claim.name.value) + " is a built-in text claim; leave it out");
    }
    claims_.emplace(claim.name.value, &claim);
    for (const Text& value : claim.one_of) vocabularies_[&claim].insert(value.value);
  }
}

void CheckContext::declare_networks() {
  for (const NetworkSource& network : gate.networks) {
    networks.declare(network.id);
    network_sizes_.emplace(network.id.value, network.blocks.size());
    // In a list of networks and address blocks nobody may take the one for the other.
    if (parse_address(network.id.value)) {
      fail(Reason::kGateValue, network.id,
           quote(network.id.value) + " looks like an address; give the network another id");
    }
    std::set<AddressBlock> seen;
    for (const Text& text : network.blocks) {
      check_address_block(text);
      const auto block = parse_address_block(text.value);
      if (block && !seen.insert(*block).second) {
        fail(Reason::kGateValue, text, "the block " + quote(text.value) + " stands twice; remove one");
      }
    }
  }
}

void CheckContext::declare_flags() {
  for (const Text& flag : gate.flags) flags.declare(flag);
  if (gate.flags.size() <= kFlagsMax) return;
  fail(Reason::kGateLimit, gate.flags[kFlagsMax],
       "expected at most " + std::to_string(kFlagsMax) + " flags, found " + std::to_string(gate.flags.size()));
}

const ClaimSource* CheckContext::claim(const Text& name) {
  static const ClaimSource kBuiltIn = {};
  if (name.value.empty()) return nullptr;
  if (is_built_in(name.value)) return &kBuiltIn;
  const auto declared = claims_.find(name.value);
  if (declared != claims_.end()) return declared->second;
  fail(Reason::kGateReference, name,
       "claim " + quote(name.value) + " is not declared; add it to \"claims\" with its kind");
  return nullptr;
}

const ClaimSource* CheckContext::read_claim(const Text& name) {
  const ClaimSource* const found = claim(name);
  if (found == nullptr || !claims_read_.insert(name.value).second) return found;
  if (claims_read_.size() == kClaimNamesMax + 1) {
    fail(Reason::kGateLimit, name,
         "expected at most " + std::to_string(kClaimNamesMax) +
             " claims that rules, role mappings and path patterns read; " + quote(name.value) + " is one more");
  }
  return found;
}

void CheckContext::require_text_claim(const Text& name, std::string_view use) {
  const ClaimSource* const found = read_claim(name);
  if (found == nullptr || found->kind == ClaimKind::kText) return;
  fail(Reason::kGateType, name,
       "claim " + quote(name.value) + " is not declared as text, which " + std::string(use) +
           " needs; declare it so or use another claim");
}

void CheckContext::check_host_pattern(const Text& host) {
  std::string_view exact = host.value;
  if (exact.starts_with("*.")) exact.remove_prefix(2);
  if (is_canonical_host(exact)) return;
  fail(Reason::kGatePattern, host,
       "expected a host in lower case without port and trailing dot, or \"*.\" and such a host, found " +
           quote(host.value));
}

void CheckContext::check_path_pattern(const Text& path) {
  if (path.value.empty()) return;
  const std::string fault = path_pattern_fault(path.value, limits.path_segments_max);
  if (!fault.empty()) {
    fail(Reason::kGatePattern, path, quote(path.value) + ": " + fault);
    return;
  }
  for (const std::string& name : claims_of(split_path_pattern(path.value))) {
    require_text_claim({name, path.offset}, "a segment of a path");
  }
}

void CheckContext::check_address_block(const Text& block) {
  if (parse_address_block(block.value).ok()) return;
  const std::string meant = nearest_block(block.value);
  fail(Reason::kGatePattern, block,
       "expected an address block as \"192.0.2.0/24\" or \"2001:db8::/32\" with no bit set behind the prefix, found " +
           quote(block.value) +
           (meant.empty() || meant == block.value ? "" : "; perhaps " + quote(meant) + " is meant"));
}

RouteGroup& CheckContext::check_routes(const std::vector<Text>& names) {
  if (names.size() == 1 && names.front().value == "*") return everywhere_;
  std::vector<const RouteSource*> found;
  for (const Text& name : names) {
    routes.require(name);
    const auto route = routes_by_id_.find(name.value);
    if (route != routes_by_id_.end()) found.push_back(route->second);
  }
  return named_ = RouteGroup(std::move(found));
}

const RoleSource* CheckContext::role_on(const RouteSource& route) const {
  for (const std::string_view name : {std::string_view("*"), std::string_view(route.id.value)}) {
    if (const auto role = roles_by_route_.find(name); role != roles_by_route_.end()) return role->second;
  }
  return nullptr;
}

bool CheckContext::has_value(const ClaimSource& claim, const Text& value, bool is_prefix) const {
  const auto known = vocabularies_.find(&claim);
  if (known == vocabularies_.end()) return true;
  const auto found = known->second.lower_bound(value.value);
  return found != known->second.end() && (is_prefix ? found->starts_with(value.value) : *found == value.value);
}

std::string CheckContext::guess(const Text& value, const ClaimSource& claim) {
  if (guesses_left_ == 0) return {};
  --guesses_left_;
  return "perhaps " + quote(nearest_text(value.value, claim.one_of)) + " is meant, else ";
}

void CheckContext::count_blocks(const PredicateSource& condition) {
  constexpr std::size_t kMax = std::size_t{1} << 20U;
  std::set<std::string_view> list;
  for (const Text& text : condition.texts) list.insert(text.value);
  if (block_count_ > kMax || !client_lists_.insert(std::move(list)).second) return;
  for (const Text& text : condition.texts) {
    const auto network = network_sizes_.find(text.value);
    block_count_ += network == network_sizes_.end() ? 1 : network->second;
  }
  if (block_count_ <= kMax) return;
  diagnostics.add(Reason::kGateLimit, condition.offset,
                  "expected at most " + std::to_string(kMax) +
                      " address blocks in all different lists of clients together, those of a network in each list "
                      "that names it; say with one network what several lists repeat");
}

}  // namespace ostiary::policy
