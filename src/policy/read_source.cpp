#include "policy/read_source.hpp"

#include "policy/quote.hpp"
#include "policy/read_rules.hpp"
#include "policy/read_shaping.hpp"

#include <ostiary/core/result.hpp>
#include <ostiary/http/finding.hpp>
#include <ostiary/http/request.hpp>
#include <ostiary/token/algorithm.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ostiary::policy {

namespace {

constexpr std::int64_t kLanguage = 1;
/// What every reader of JSON keeps exact (RFC 8259 §6).
constexpr std::int64_t kVersionMax = (std::int64_t{1} << 53) - 1;

/// Shared secrets have no place in a Gate: its issuers' keys are fetched.
std::uint32_t read_algorithms(const JsonNode& node) {
  static const auto kNames = [] {
    std::vector<std::string_view> names;
    for (const AlgorithmName& known : kAlgorithmNames) {
      if (!is_symmetric(known.algorithm)) names.push_back(known.name);
    }
    return names;
  }();
  AlgorithmSet algorithms;
  for (const std::size_t index : node.choices(kNames)) {
    const Algorithm algorithm = *parse_algorithm(kNames[index]);
    if (algorithms.contains(algorithm)) {
      node.fail(Reason::kGateValue, quote(kNames[index]) +
                                        " is another name of an algorithm that stands here already; "
                                        "remove one");
    }
    algorithms.add(algorithm);
  }
  return algorithms.bits();
}

/// The kinds of tokens that a request can carry.
TokenProfile read_profile(const JsonNode& node) {
  static constexpr std::array<std::string_view, 4> kNames = {"generic", "access_token", "id_token",
                                                             "transaction_token"};
  static constexpr std::array<TokenProfile, 4> kProfiles = {TokenProfile::kGeneric, TokenProfile::kAccessToken,
                                                            TokenProfile::kIdToken, TokenProfile::kTransactionToken};
  const auto index = node.one_of(kNames);
  return index ? kProfiles[*index] : TokenProfile::kGeneric;
}

AudienceClaim read_audience_claim(const JsonNode& node) {
  static constexpr std::array<std::string_view, 3> kNames = {"aud", "client_id", "azp"};
  static constexpr std::array<AudienceClaim, 3> kClaims = {AudienceClaim::kAud, AudienceClaim::kClientId,
                                                           AudienceClaim::kAuthorizedParty};
  const auto index = node.one_of(kNames);
  return index ? kClaims[*index] : AudienceClaim::kAud;
}

std::vector<RequiredClaimSource> read_required_claims(const JsonNode& node) {
  std::vector<RequiredClaimSource> claims;
  node.for_each_member([&claims](const JsonNode& child) {
    if (auto value = child.text()) claims.push_back({child.key_text(), std::move(*value)});
  });
  return claims;
}

IssuerSource read_issuer(const JsonNode& node, const Limits& limits) {
  IssuerSource issuer;
  issuer.id = node.key_text();
  node.read_members({
      {"issuer", true, text_into(issuer.issuer)},
      {"audiences", true, texts_into(issuer.audiences)},
      {"algorithms", true, [&](const JsonNode& child) { issuer.algorithms = read_algorithms(child); }},
      {"clock_skew_s", false,
       [&](const JsonNode& child) {
         issuer.clock_skew_s = static_cast<std::uint32_t>(child.integer(0, limits.clock_skew_s_max).value_or(0));
       }},
      {"profile", false, [&](const JsonNode& child) { issuer.profile = read_profile(child); }},
      {"audience_claim", false, [&](const JsonNode& child) { issuer.audience_claim = read_audience_claim(child); }},
      {"age_max_s", false,
       [&](const JsonNode& child) {
         issuer.age_max_s = static_cast<std::uint32_t>(child.integer(1, INT32_MAX).value_or(0));
       }},
      {"required_claims", false, [&](const JsonNode& child) { issuer.required_claims = read_required_claims(child); }},
  });
  return issuer;
}

void read_claim_kind(const JsonNode& node, std::optional<ClaimKind>& kind) {
  static constexpr std::array<std::string_view, 4> kNames = {"text", "integer", "boolean", "text_set"};
  static constexpr std::array<ClaimKind, 4> kKinds = {ClaimKind::kText, ClaimKind::kInteger, ClaimKind::kBoolean,
                                                      ClaimKind::kTextSet};
  if (const auto index = node.one_of(kNames)) kind = kKinds[*index];
}

/// A kind alone, or an object with the values that exist.
void read_claim(const JsonNode& node, std::vector<ClaimSource>& claims) {
  std::optional<ClaimKind> kind;
  std::vector<Text> one_of;
  if (node.value().kind != adapt::JsonKind::kObject) {
    read_claim_kind(node, kind);
  } else {
    std::optional<JsonNode> values;
    node.read_members({
        {"type", true, [&](const JsonNode& child) { read_claim_kind(child, kind); }},
        {"one_of", false,
         [&](const JsonNode& child) {
           values = child;
           one_of = child.texts();
         }},
    });
    if (values && kind && *kind != ClaimKind::kText && *kind != ClaimKind::kTextSet) {
      values->fail(Reason::kGateValue, "only claims of type \"text\" and \"text_set\" can have \"one_of\"; remove it");
    }
  }
  if (kind) claims.push_back({node.key_text(), *kind, std::move(one_of)});
}

void read_sign(const JsonNode& node, SignSource& sign) {
  static constexpr std::array<std::string_view, 2> kMethods = {"message_signature", "sigv4"};
  sign.offset = node.offset();
  node.read_members({
      {"with", true,
       [&](const JsonNode& child) {
         if (const auto index = child.one_of(kMethods)) sign.method = static_cast<HopSignature>(*index + 1);
       }},
      {"key", false, text_into(sign.key)},
      {"region", false, text_into(sign.region)},
      {"service", false, text_into(sign.service)},
  });
}

OriginSource read_origin(const JsonNode& node) {
  static constexpr std::array<std::string_view, 2> kSchemes = {"http", "https"};
  OriginSource origin;
  origin.id = node.key_text();
  node.read_members({
      {"scheme", true,
       [&](const JsonNode& child) {
         if (const auto index = child.one_of(kSchemes)) origin.scheme = kSchemes[*index];
       }},
      {"host", true, text_into(origin.host)},
      {"port", true,
       [&](const JsonNode& child) { origin.port = static_cast<std::uint32_t>(child.integer(1, 65535).value_or(0)); }},
      {"shield", false, text_into(origin.shield)},
      {"sign", false, [&](const JsonNode& child) { read_sign(child, origin.sign); }},
      {"connect_timeout_ms", false, timeout_into(origin.connect_timeout_ms)},
      {"first_byte_timeout_ms", false, timeout_into(origin.first_byte_timeout_ms)},
      {"between_bytes_timeout_ms", false, timeout_into(origin.between_bytes_timeout_ms)},
  });
  return origin;
}

IdentityHeaderSource read_identity_header(const JsonNode& node) {
  static constexpr std::array<std::string_view, 1> kOtherSources = {"peer"};
  IdentityHeaderSource header;
  header.name = node.key_text();
  int sources = 0;
  node.read_members({
      {"claim", false,
       [&](const JsonNode& child) {
         ++sources;
         text_into(header.claim)(child);
       }},
      {"from", false,
       [&](const JsonNode& child) {
         ++sources;
         if (child.one_of(kOtherSources)) header.source = HeaderSource::kPeer;
       }},
  });
  if (sources != 1) node.fail(Reason::kGateValue, "expected exactly one of \"claim\" and \"from\"");
  return header;
}

std::uint32_t read_methods(const JsonNode& node) {
  std::uint32_t methods = 0;
  for (const std::size_t index : node.choices(kMethodNames)) methods |= 1U << index;
  return methods;
}

/// The rules of the inspector that a route may waive, by name.
std::vector<Reason> read_waivers(const JsonNode& node) {
  static const auto kRules = [] {
    std::vector<Reason> rules;
    for (const FindingRule& rule : kFindingRules) {
      if (rule.waivable) rules.push_back(rule.reason);
    }
    return rules;
  }();
  static const auto kNames = [] {
    std::vector<std::string_view> names;
    for (const Reason rule : kRules) names.push_back(reason_info(rule).name);
    return names;
  }();
  std::vector<Reason> waivers;
  for (const std::size_t index : node.choices(kNames)) waivers.push_back(kRules[index]);
  return waivers;
}

RouteSource read_route(const JsonNode& node) {
  static constexpr std::array<std::string_view, 2> kRoleDemands = {"optional", "required"};
  RouteSource route;
  node.read_members({
      {"id", true, text_into(route.id)},
      {"hosts", true, texts_into(route.hosts)},
      {"methods", true, [&](const JsonNode& child) { route.methods = read_methods(child); }},
      {"path", true, text_into(route.path)},
      {"origin", true, text_into(route.origin)},
      {"waive", false, [&](const JsonNode& child) { route.waivers = read_waivers(child); }},
      {"role", false,
       [&](const JsonNode& child) { route.role_required = child.one_of(kRoleDemands).value_or(0) == 1; }},
      {"cache", false, [&](const JsonNode& child) { route.shape.cache = read_cache(child); }},
      {"rate", false, [&](const JsonNode& child) { route.shape.rate = read_rate(child); }},
      {"headers", false, [&](const JsonNode& child) { route.shape.edits = read_header_edits(child); }},
      {"rewrite", false, text_into(route.shape.rewrite)},
      {"query", false, [&](const JsonNode& child) { read_query_filter(child, route.shape); }},
      {"identity_headers", false, [&](const JsonNode& child) { read_identity_headers_choice(child, route.shape); }},
      {"hide", false, [&](const JsonNode& child) { read_hide(child, route.shape); }},
      {"login", false, text_into(route.shape.login)},
  });
  return route;
}

}  // namespace

GateSource read_source(const JsonNode& root, const Limits& limits) {
  GateSource gate;
  Text name;
  root.read_members({
      {"gate", true, [](const JsonNode& node) { (void)node.integer(kLanguage, kLanguage); }},
      {"name", true, text_into(name)},
      {"version", false,
       [&](const JsonNode& node) {
         gate.version = static_cast<std::uint64_t>(node.integer(0, kVersionMax).value_or(0));
       }},
      {"issuers", false,
       [&](const JsonNode& node) {
         node.for_each_member([&](const JsonNode& child) { gate.issuers.push_back(read_issuer(child, limits)); });
       }},
      {"claims", false,
       [&](const JsonNode& node) {
         node.for_each_member([&](const JsonNode& child) { read_claim(child, gate.claims); });
       }},
      {"headers", false, texts_into(gate.headers)},
      {"networks", false,
       [&](const JsonNode& node) {
         node.for_each_member(
             [&](const JsonNode& child) { gate.networks.push_back({child.key_text(), child.texts()}); });
       }},
      {"flags", false, texts_into(gate.flags)},
      {"origins", true,
       [&](const JsonNode& node) {
         node.for_each_member([&](const JsonNode& child) { gate.origins.push_back(read_origin(child)); });
       }},
      {"identity_headers", false,
       [&](const JsonNode& node) {
         node.for_each_member(
             [&](const JsonNode& child) { gate.identity_headers.push_back(read_identity_header(child)); });
       }},
      {"routes", true,
       [&](const JsonNode& node) {
         node.for_each_element([&](const JsonNode& child) { gate.routes.push_back(read_route(child)); });
       }},
      {"rules", true,
       [&](const JsonNode& node) {
         node.for_each_element([&](const JsonNode& child) { gate.rules.push_back(read_rule(child)); });
       }},
      {"roles", false,
       [&](const JsonNode& node) {
         node.for_each_element([&](const JsonNode& child) { gate.roles.push_back(read_role(child)); });
       }},
  });
  gate.name = name.value;
  return gate;
}

}  // namespace ostiary::policy
