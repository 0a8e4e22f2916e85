// A Gate as its author wrote it: names and values with their place in the text, nothing resolved.
#pragma once

#include <ostiary/policy/gate.hpp>
#include <ostiary/token/identity.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ostiary::policy {

/// A string of the source and the byte where it stands.
struct Text {
  std::string value;
  std::uint32_t offset = 0;
};

/// A claim that must be text of exactly this value.
struct RequiredClaimSource {
  Text name;
  Text value;
};

struct IssuerSource {
  Text id;
  Text issuer;
  std::vector<Text> audiences;
  std::uint32_t algorithms = 0;
  std::uint32_t clock_skew_s = 0;
  TokenProfile profile = TokenProfile::kGeneric;
  AudienceClaim audience_claim = AudienceClaim::kAud;
  std::uint32_t age_max_s = 0;
  std::vector<RequiredClaimSource> required_claims;
};

struct ClaimSource {
  Text name;
  ClaimKind kind = ClaimKind::kText;
  std::vector<Text> one_of;  ///< the values that exist; empty: any
};

/// Address blocks under a name.
struct NetworkSource {
  Text id;
  std::vector<Text> blocks;
};

/// How the request to an origin is signed; `method` is kNone where nothing is said.
struct SignSource {
  HopSignature method = HopSignature::kNone;
  std::uint32_t offset = 0;
  Text key;
  Text region;
  Text service;
};

struct OriginSource {
  Text id;
  std::string scheme;
  Text host;
  std::uint32_t port = 0;
  Text shield;  ///< empty: none
  SignSource sign;
  std::uint32_t connect_timeout_ms = 0;
  std::uint32_t first_byte_timeout_ms = 0;
  std::uint32_t between_bytes_timeout_ms = 0;
};

struct IdentityHeaderSource {
  Text name;
  HeaderSource source = HeaderSource::kClaim;
  Text claim;
};

struct HeaderEditSource {
  HeaderEditKind kind = HeaderEditKind::kRemove;
  Text name;
  EditValueKind value_kind = EditValueKind::kText;
  Text value;  ///< what to set or append, the claim's name, or the other name
};

struct KeyPartSource {
  KeyPartKind kind = KeyPartKind::kRoute;
  Text name;  ///< its value is empty where the kind has none
};

struct CacheSource {
  CacheClass cache_class = CacheClass::kNone;
  std::uint32_t offset = 0;
  std::uint32_t ttl_s = 0;
  std::vector<Text> surrogate_keys;
  bool has_key = false;
  bool whole_query = true;
  std::uint32_t query_offset = 0;  ///< of the list of parameters
  std::vector<KeyPartSource> key;
};

struct RateSource {
  std::uint32_t limit = 0;  ///< 0: none
  std::uint32_t period_s = 0;
  std::uint32_t burst = 0;
  std::uint32_t burst_offset = 0;
  std::vector<KeyPartSource> key;
};

/// What a route says about shaping.
struct ShapeSource {
  CacheSource cache;
  RateSource rate;
  std::vector<HeaderEditSource> edits;  ///< in the order of the source
  Text rewrite;                         ///< empty: none
  QueryFilter query_filter = QueryFilter::kAll;
  std::vector<Text> query_names;
  bool identity_headers = true;
  bool hide = false;
  Text login;  ///< empty: none
};

struct RouteSource {
  Text id;
  std::vector<Text> hosts;
  std::uint32_t methods = 0;
  Text path;
  Text origin;
  std::vector<Reason> waivers;
  bool role_required = false;
  ShapeSource shape;
};

/// One condition of a rule or a role mapping. What it uses depends on its kind.
struct PredicateSource {
  PredicateKind kind = PredicateKind::kClaimPresent;
  Text subject;                        ///< the claim, header, parameter or flag that it is about
  std::uint32_t offset = 0;            ///< of the operator
  std::vector<Text> texts;             ///< values, patterns, ids of issuers, networks and address blocks
  std::vector<std::int64_t> integers;  ///< values; a mask of methods or schemes; seconds; from and until; 0 or 1
};

struct RuleSource {
  Text id;
  RuleEffect effect = RuleEffect::kDeny;
  RuleSubject subject = RuleSubject::kIdentity;
  std::vector<Text> routes;  ///< ids, or one "*"
  std::vector<PredicateSource> predicates;
  std::string owner;
  std::string ticket;
};

/// A session name or tag value: a constant, or the text of a claim.
struct RoleTextSource {
  bool is_claim = false;
  Text value;  ///< the constant, or the claim's name
};

struct SessionTagSource {
  Text key;
  RoleTextSource value;
};

struct RoleSource {
  Text id;
  std::vector<Text> routes;  ///< ids, or one "*"
  std::vector<PredicateSource> predicates;
  Text role_arn;
  RoleTextSource session_name;
  std::vector<SessionTagSource> session_tags;
  std::uint32_t duration_s = 3600;
  std::string owner;
  std::string ticket;
};

struct GateSource {
  std::string name;
  std::uint64_t version = 0;
  std::vector<IssuerSource> issuers;
  std::vector<ClaimSource> claims;
  std::vector<Text> headers;  ///< that rules may read
  std::vector<NetworkSource> networks;
  std::vector<Text> flags;
  std::vector<OriginSource> origins;
  std::vector<IdentityHeaderSource> identity_headers;
  std::vector<RouteSource> routes;
  std::vector<RuleSource> rules;
  std::vector<RoleSource> roles;
};

/// A path pattern taken apart.
struct PathPattern {
  std::vector<std::string> segments;  ///< "*" for any one segment, "{name}" for that of a claim
  bool has_tail = false;              ///< ends in "**"
};

}  // namespace ostiary::policy
