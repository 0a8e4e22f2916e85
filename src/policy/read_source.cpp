#include "policy/read_source.hpp"

#include <ostiary/core/result.hpp>
#include <ostiary/http/finding.hpp>
#include <ostiary/http/request.hpp>
#include <ostiary/token/algorithm.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ostiary::policy {

namespace {

constexpr std::int64_t kLanguage = 1;

/// Stores the text of a member into `target` when it is one.
auto text_into(Text& target) {
  return [&target](const JsonNode& node) {
    if (auto text = node.text()) target = std::move(*text);
  };
}

auto texts_into(std::vector<Text>& target) {
  return [&target](const JsonNode& node) { target = node.texts(); };
}

/// Positions in `names` of the listed names, each at most once.
std::vector<std::size_t> read_choices(const JsonNode& node, std::span<const std::string_view> names) {
  std::vector<std::size_t> chosen;
  node.for_each_element([&](const JsonNode& element) {
    const auto index = element.one_of(names);
    if (!index) return;
    if (std::find(chosen.begin(), chosen.end(), *index) != chosen.end()) {
      element.fail(Reason::kGateValue, "\"" + std::string(names[*index]) + "\" stands twice; remove one");
    }
    chosen.push_back(*index);
  });
  return chosen;
}

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
  for (const std::size_t index : read_choices(node, kNames)) algorithms.add(*parse_algorithm(kNames[index]));
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

void read_claim(const JsonNode& node, std::vector<ClaimSource>& claims) {
  static constexpr std::array<std::string_view, 4> kNames = {"text", "integer", "boolean", "text_set"};
  static constexpr std::array<ClaimKind, 4> kKinds = {ClaimKind::kText, ClaimKind::kInteger, ClaimKind::kBoolean,
                                                      ClaimKind::kTextSet};
  if (const auto index = node.one_of(kNames)) claims.push_back({node.key_text(), kKinds[*index], {}});
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
  for (const std::size_t index : read_choices(node, kMethodNames)) methods |= 1U << index;
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
  for (const std::size_t index : read_choices(node, kNames)) waivers.push_back(kRules[index]);
  return waivers;
}

RouteSource read_route(const JsonNode& node) {
  RouteSource route;
  node.read_members({
      {"id", true, text_into(route.id)},
      {"hosts", true, texts_into(route.hosts)},
      {"methods", true, [&](const JsonNode& child) { route.methods = read_methods(child); }},
      {"path", true, text_into(route.path)},
      {"origin", true, text_into(route.origin)},
      {"waive", false, [&](const JsonNode& child) { route.waivers = read_waivers(child); }},
  });
  return route;
}

/// The values of `equals` or `in`; their JSON kind says which kind of claim is meant.
void read_value(const JsonNode& node, PredicateSource& condition) {
  switch (node.value().kind) {
    case adapt::JsonKind::kText:
      condition.kind = PredicateKind::kTextIn;
      if (auto text = node.text()) condition.texts.push_back(std::move(*text));
      return;
    case adapt::JsonKind::kInteger:
      condition.kind = PredicateKind::kIntegerIn;
      condition.integers.push_back(node.value().integer);
      return;
    case adapt::JsonKind::kBoolean:
      condition.kind = PredicateKind::kBooleanIs;
      condition.integers = {node.value().boolean ? 1 : 0};
      return;
    default: node.fail(Reason::kGateType, "expected a string, an integer, true or false");
  }
}

/// The values of `in`: all of one kind, none twice.
void read_values(const JsonNode& node, PredicateSource& condition) {
  std::optional<adapt::JsonKind> kind;
  std::set<std::string> texts;
  std::set<std::int64_t> integers;
  node.for_each_element([&](const JsonNode& element) {
    const adapt::JsonValue& value = element.value();
    if (value.kind == adapt::JsonKind::kBoolean) {
      element.fail(Reason::kGateType, "expected a string or an integer; for a boolean claim use \"equals\"");
    } else if (value.kind != kind.value_or(value.kind)) {
      element.fail(Reason::kGateType, "expected values of one kind, found strings and integers together");
    } else if (value.kind == adapt::JsonKind::kText ? !texts.insert(std::string(value.text)).second
                                                    : !integers.insert(value.integer).second) {
      element.fail(Reason::kGateValue, "this value stands twice; remove one");
    } else {
      kind = value.kind;
      read_value(element, condition);
    }
  });
}

PredicateSource read_condition(const JsonNode& node) {
  PredicateSource condition;
  condition.subject = node.key_text();
  condition.offset = node.offset();
  int operators = 0;
  const auto operation = [&](auto read) {
    return [&operators, read](const JsonNode& child) {
      ++operators;
      read(child);
    };
  };
  const auto set_operation = [&](PredicateKind kind) {
    return operation([&condition, kind](const JsonNode& child) {
      condition.kind = kind;
      condition.texts = child.texts();
    });
  };
  node.read_members({
      {"equals", false, operation([&](const JsonNode& child) { read_value(child, condition); })},
      {"in", false, operation([&](const JsonNode& child) { read_values(child, condition); })},
      {"present", false, operation([&](const JsonNode& child) {
         if (const auto present = child.boolean()) {
           condition.kind = *present ? PredicateKind::kClaimPresent : PredicateKind::kClaimAbsent;
         }
       })},
      {"has_any", false, set_operation(PredicateKind::kHasAny)},
      {"has_all", false, set_operation(PredicateKind::kHasAll)},
  });
  if (operators != 1) node.fail(Reason::kGateValue, "expected exactly one operator");
  return condition;
}

/// A condition on a list of texts, unless the list is faulty.
auto texts_condition(std::vector<PredicateSource>& predicates, PredicateKind kind) {
  return
      [&predicates, kind](const JsonNode& node) { predicates.push_back({kind, {}, node.offset(), node.texts(), {}}); };
}

void read_scopes(const JsonNode& node, std::vector<PredicateSource>& predicates) {
  const std::size_t before = predicates.size();
  node.read_members({{"all", false, texts_condition(predicates, PredicateKind::kScopesAll)},
                     {"any", false, texts_condition(predicates, PredicateKind::kScopesAny)},
                     {"none", false, texts_condition(predicates, PredicateKind::kScopesNone)}});
  if (predicates.size() == before) node.fail(Reason::kGateValue, "expected \"all\", \"any\" or \"none\"");
}

void read_identity(const JsonNode& node, std::vector<PredicateSource>& predicates) {
  node.read_members({
      {"issuers", false, texts_condition(predicates, PredicateKind::kIssuerIn)},
      {"scopes", false, [&](const JsonNode& child) { read_scopes(child, predicates); }},
      {"claims", false,
       [&](const JsonNode& child) {
         child.for_each_member([&](const JsonNode& claim) { predicates.push_back(read_condition(claim)); });
       }},
  });
}

RuleSource read_rule(const JsonNode& node) {
  static constexpr std::array<std::string_view, 2> kEffects = {"allow", "deny"};
  RuleSource rule;
  int subjects = 0;
  node.read_members({
      {"id", true, text_into(rule.id)},
      {"effect", true,
       [&](const JsonNode& child) {
         if (const auto index = child.one_of(kEffects))
           rule.effect = *index == 0 ? RuleEffect::kAllow : RuleEffect::kDeny;
       }},
      {"routes", true, texts_into(rule.routes)},
      {"public", false,
       [&](const JsonNode& child) {
         ++subjects;
         rule.subject = RuleSubject::kAnyone;
         if (!child.boolean().value_or(true))
           child.fail(Reason::kGateValue, "expected true; leave the member out otherwise");
       }},
      {"identity", false,
       [&](const JsonNode& child) {
         ++subjects;
         read_identity(child, rule.predicates);
       }},
  });
  if (subjects != 1) {
    node.fail(Reason::kGateValue,
              "expected exactly one of \"public\": true (anyone) and \"identity\" (a verified identity)");
  }
  return rule;
}

}  // namespace

GateSource read_source(const JsonNode& root, const Limits& limits) {
  GateSource gate;
  Text name;
  root.read_members({
      {"gate", true, [](const JsonNode& node) { (void)node.integer(kLanguage, kLanguage); }},
      {"name", true, text_into(name)},
      {"issuers", false,
       [&](const JsonNode& node) {
         node.for_each_member([&](const JsonNode& child) { gate.issuers.push_back(read_issuer(child, limits)); });
       }},
      {"claims", false,
       [&](const JsonNode& node) {
         node.for_each_member([&](const JsonNode& child) { read_claim(child, gate.claims); });
       }},
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
  });
  gate.name = name.value;
  return gate;
}

}  // namespace ostiary::policy
