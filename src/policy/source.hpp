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
};

struct OriginSource {
  Text id;
  std::string scheme;
  Text host;
  std::uint32_t port = 0;
};

struct IdentityHeaderSource {
  Text name;
  HeaderSource source = HeaderSource::kClaim;
  Text claim;
};

struct RouteSource {
  Text id;
  std::vector<Text> hosts;
  std::uint32_t methods = 0;
  Text path;
  Text origin;
  std::vector<Reason> waivers;
};

struct ConditionSource {
  Text claim;
  ConditionKind kind = ConditionKind::kPresent;
  std::uint32_t offset = 0;  ///< of the operator
  std::vector<Text> texts;
  std::vector<std::int64_t> integers;
  bool boolean = false;
};

struct RuleSource {
  Text id;
  RuleEffect effect = RuleEffect::kDeny;
  RuleSubject subject = RuleSubject::kIdentity;
  std::vector<Text> routes;  ///< ids, or one "*"
  std::vector<Text> issuers;
  std::vector<Text> scopes_all;
  std::vector<Text> scopes_any;
  std::vector<ConditionSource> conditions;
};

struct GateSource {
  std::string name;
  std::vector<IssuerSource> issuers;
  std::vector<ClaimSource> claims;
  std::vector<OriginSource> origins;
  std::vector<IdentityHeaderSource> identity_headers;
  std::vector<RouteSource> routes;
  std::vector<RuleSource> rules;
};

/// A path pattern taken apart.
struct PathPattern {
  std::vector<std::string> segments;  ///< "*" for any one segment
  bool has_tail = false;              ///< ends in "**"
};

}  // namespace ostiary::policy
