#include "policy/check_source.hpp"

#include "policy/pattern.hpp"

#include <ostiary/http/host.hpp>
#include <ostiary/http/request.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ostiary::policy {

namespace {

/// Claims that every issuer may send as text and that need no declaration (RFC 7519 §4.1, RFC 9068 §2.2).
constexpr std::array<std::string_view, 5> kBuiltInClaims = {"sub", "iss", "jti", "client_id", "azp"};

/// Whether a Gate may not set this field: it belongs to one connection, or decides framing, host or credentials.
bool is_reserved_header(std::string_view name) {
  const FieldId id = find_field(name);
  return has_trait(id, FieldTrait::kHopByHop) || id == FieldId::kAuthorization || id == FieldId::kContentLength ||
         id == FieldId::kCookie || id == FieldId::kExpect || id == FieldId::kHost;
}

template <std::size_t N>
bool listed(const std::array<std::string_view, N>& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

/// The declared names of one kind, and the complaint when one is missing.
class Names {
 public:
  Names(std::string_view kind, Diagnostics& diagnostics) : kind_(kind), diagnostics_(diagnostics) {}

  void declare(const Text& name) {
    check_syntax(name);
    if (!names_.insert(name.value).second) {
      diagnostics_.add(Reason::kGateDuplicateId, name.offset,
                       kind_ + " \"" + name.value + "\" is declared twice; give one of them another id");
    }
  }

  void require(const Text& name) const {
    if (name.value.empty() || names_.contains(name.value)) return;
    diagnostics_.add(Reason::kGateReference, name.offset,
                     "no " + kind_ + " is called \"" + name.value + "\"; declare it or correct the name");
  }

 private:
  void check_syntax(const Text& name) {
    constexpr std::size_t kSizeMax = 128;
    const bool plain = std::all_of(name.value.begin(), name.value.end(), [](char c) {
      return is_alpha(c) || is_digit(c) || c == '-' || c == '_' || c == '.';
    });
    if (plain && name.value.size() <= kSizeMax) return;
    diagnostics_.add(
        Reason::kGateValue, name.offset,
        "expected an id of at most 128 letters, digits, \"-\", \"_\" and \".\", found \"" + name.value + "\"");
  }

  std::string kind_;
  Diagnostics& diagnostics_;
  std::set<std::string, std::less<>> names_;
};

class SourceCheck {
 public:
  SourceCheck(const GateSource& gate, const Limits& limits, Diagnostics& diagnostics)
      : gate_(gate),
        limits_(limits),
        diagnostics_(diagnostics),
        issuers_("issuer", diagnostics),
        origins_("origin", diagnostics),
        routes_("route", diagnostics),
        rules_("rule", diagnostics) {}

  void run() {
    declare_names();
    for (const OriginSource& origin : gate_.origins) check_origin(origin);
    for (const IdentityHeaderSource& header : gate_.identity_headers) check_identity_header(header);
    check_identity_header_count();
    for (const RouteSource& route : gate_.routes) check_route(route);
    for (const RuleSource& rule : gate_.rules) check_rule(rule);
    // Patterns that are wrong in themselves cannot be compared.
    if (diagnostics_.empty()) check_ambiguity();
  }

 private:
  void declare_names() {
    std::set<std::string_view> issuer_values;
    for (const IssuerSource& issuer : gate_.issuers) {
      issuers_.declare(issuer.id);
      if (!issuer.issuer.value.empty() && !issuer_values.insert(issuer.issuer.value).second) {
        fail(Reason::kGateDuplicateId, issuer.issuer,
             "the issuer \"" + issuer.issuer.value + "\" is declared twice; a token could not tell which one is meant");
      }
    }
    for (const ClaimSource& claim : gate_.claims) {
      if (listed(kBuiltInClaims, claim.name.value)) {
        fail(Reason::kGateDuplicateId, claim.name,
             "\"" + claim.name.value + "\" is a built-in text claim; leave it out");
      }
      claims_[claim.name.value] = claim.kind;
    }
    for (const OriginSource& origin : gate_.origins) origins_.declare(origin.id);
    for (const RouteSource& route : gate_.routes) {
      if (!route.id.value.empty()) routes_.declare(route.id);
    }
    for (const RuleSource& rule : gate_.rules) {
      if (!rule.id.value.empty()) rules_.declare(rule.id);
    }
  }

  void check_origin(const OriginSource& origin) {
    if (origin.host.value.empty() || is_canonical_host(origin.host.value)) return;
    fail(Reason::kGatePattern, origin.host,
         "expected a host in lower case without port and trailing dot, found \"" + origin.host.value + "\"");
  }

  void check_identity_header(const IdentityHeaderSource& header) {
    const bool plain = std::all_of(header.name.value.begin(), header.name.value.end(),
                                   [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-'; });
    if (!plain) {
      fail(Reason::kGateValue, header.name,
           "expected a header name of lower-case letters, digits and \"-\", found \"" + header.name.value + "\"");
    } else if (is_reserved_header(header.name.value)) {
      fail(Reason::kGateValue, header.name,
           "\"" + header.name.value + "\" may not be set by a Gate; choose another name");
    }
    if (header.source == HeaderSource::kClaim) (void)claim_kind(header.claim);
  }

  /// More could need more scratch memory than every platform is promised to have.
  void check_identity_header_count() {
    if (gate_.identity_headers.size() <= limits_.identity_header_count_max) return;
    fail(Reason::kGateLimit, gate_.identity_headers[limits_.identity_header_count_max].name,
         "expected at most " + std::to_string(limits_.identity_header_count_max) + " identity headers, found " +
             std::to_string(gate_.identity_headers.size()));
  }

  void check_route(const RouteSource& route) {
    for (const Text& host : route.hosts) check_host_pattern(host);
    if (!route.path.value.empty()) {
      const std::string fault = path_pattern_fault(route.path.value, limits_.path_segments_max);
      if (!fault.empty()) fail(Reason::kGatePattern, route.path, "\"" + route.path.value + "\": " + fault);
    }
    origins_.require(route.origin);
  }

  void check_host_pattern(const Text& host) {
    std::string_view exact = host.value;
    if (exact.starts_with("*.")) exact.remove_prefix(2);
    if (is_canonical_host(exact)) return;
    fail(Reason::kGatePattern, host,
         "expected a host in lower case without port and trailing dot, or \"*.\" and such a host, found \"" +
             host.value + "\"");
  }

  void check_rule(const RuleSource& rule) {
    const bool everywhere = rule.routes.size() == 1 && rule.routes.front().value == "*";
    for (const Text& route : rule.routes) {
      if (!everywhere) routes_.require(route);
    }
    for (const PredicateSource& predicate : rule.predicates) check_predicate(predicate);
    if (rule.subject == RuleSubject::kIdentity && gate_.issuers.empty()) {
      fail(Reason::kGateReference, rule.id,
           "the rule needs an identity, but the Gate trusts no issuer; declare one in \"issuers\"");
    }
  }

  void check_predicate(const PredicateSource& predicate) {
    if (predicate.kind == PredicateKind::kIssuerIn) {
      for (const Text& issuer : predicate.texts) issuers_.require(issuer);
    }
    if (dimension_of(predicate.kind) == Dimension::kClaim) check_claim_condition(predicate);
  }

  void check_claim_condition(const PredicateSource& condition) {
    const ClaimKind* const kind = claim_kind(condition.subject);
    if (kind == nullptr) return;
    static const std::map<PredicateKind, std::pair<ClaimKind, std::string_view>> kNeeded = {
        {PredicateKind::kTextIn, {ClaimKind::kText, "text"}},
        {PredicateKind::kTextNotIn, {ClaimKind::kText, "text"}},
        {PredicateKind::kTextPrefix, {ClaimKind::kText, "text"}},
        {PredicateKind::kIntegerIn, {ClaimKind::kInteger, "integer"}},
        {PredicateKind::kIntegerNotIn, {ClaimKind::kInteger, "integer"}},
        {PredicateKind::kBooleanIs, {ClaimKind::kBoolean, "boolean"}},
        {PredicateKind::kHasAny, {ClaimKind::kTextSet, "text_set"}},
        {PredicateKind::kHasAll, {ClaimKind::kTextSet, "text_set"}},
        {PredicateKind::kHasNone, {ClaimKind::kTextSet, "text_set"}}};
    const auto needed = kNeeded.find(condition.kind);
    if (needed == kNeeded.end() || *kind == needed->second.first) return;
    diagnostics_.add(Reason::kGateType, condition.offset,
                     "claim \"" + condition.subject.value + "\" is not declared as " +
                         std::string(needed->second.second) +
                         ", which this condition needs; declare it so or use another operator");
  }

  /// The declared kind, or nullptr after a diagnostic.
  const ClaimKind* claim_kind(const Text& claim) {
    static constexpr ClaimKind kText = ClaimKind::kText;
    if (claim.value.empty()) return nullptr;
    if (listed(kBuiltInClaims, claim.value)) return &kText;
    const auto declared = claims_.find(claim.value);
    if (declared != claims_.end()) return &declared->second;
    fail(Reason::kGateReference, claim,
         "claim \"" + claim.value + "\" is not declared; add it to \"claims\" with its kind");
    return nullptr;
  }

  struct Pattern {
    const RouteSource* route;
    PathPattern path;
  };

  void check_ambiguity() {
    std::map<std::string_view, std::vector<Pattern>> by_host;
    for (const RouteSource& route : gate_.routes) {
      for (const Text& host : route.hosts)
        by_host[host.value].push_back({&route, split_path_pattern(route.path.value)});
    }
    for (auto& [host, patterns] : by_host) {
      std::stable_sort(patterns.begin(), patterns.end(),
                       [](const Pattern& a, const Pattern& b) { return compare_specificity(a.path, b.path) < 0; });
      for (std::size_t i = 0; i < patterns.size(); ++i) check_equals_after(host, patterns, i);
    }
  }

  /// Patterns of equal specificity stand side by side after sorting.
  void check_equals_after(std::string_view host, const std::vector<Pattern>& patterns, std::size_t first) {
    const Pattern& a = patterns[first];
    for (std::size_t i = first + 1; i < patterns.size() && compare_specificity(a.path, patterns[i].path) == 0; ++i) {
      const RouteSource& other = *patterns[i].route;
      const std::uint32_t shared = a.route->methods & other.methods;
      if (shared == 0) continue;
      std::string example_host(host);
      if (host.starts_with('*')) example_host.front() = 'x';
      fail(Reason::kGateAmbiguous, other.path,
           "routes \"" + a.route->id.value + "\" and \"" + other.id.value + "\" both match " +
               std::string(kMethodNames[static_cast<std::size_t>(std::countr_zero(shared))]) + " http://" +
               example_host + example_path(a.path) + " and neither is more specific; merge them or change one");
    }
  }

  void fail(Reason reason, const Text& place, const std::string& message) {
    diagnostics_.add(reason, place.offset, message);
  }

  const GateSource& gate_;
  const Limits& limits_;
  Diagnostics& diagnostics_;
  Names issuers_;
  Names origins_;
  Names routes_;
  Names rules_;
  std::map<std::string, ClaimKind, std::less<>> claims_;
};

}  // namespace

void check_source(const GateSource& gate, const Limits& limits, Diagnostics& diagnostics) {
  SourceCheck(gate, limits, diagnostics).run();
}

}  // namespace ostiary::policy
