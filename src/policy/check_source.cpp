#include "policy/check_source.hpp"

#include "policy/check_conditions.hpp"
#include "policy/check_context.hpp"
#include "policy/check_roles.hpp"
#include "policy/check_shaping.hpp"
#include "policy/pattern.hpp"
#include "policy/quote.hpp"
#include "policy/write_routes.hpp"

#include <ostiary/http/host.hpp>
#include <ostiary/http/request.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ostiary::policy {

namespace {

constexpr std::size_t kExampleMax = 512;  // bytes of a path in a message

/// Not what changes how a next program reads the request: its method, where it went, its content. What only a program
/// in front may say, such as "x-forwarded-user", is for an identity; the peer may also be what the client's address is.
bool may_carry_identity(const IdentityHeaderSource& header) {
  const std::string& name = header.name.value;
  const FieldId id = find_field(name);
  if (id == FieldId::kUnknown) return true;
  if (!has_trait(id, FieldTrait::kTrustedOnly)) return false;
  if (name == "x-forwarded-user") return true;
  if (name == "x-forwarded-for") return header.source == HeaderSource::kPeer;
  return !name.starts_with("forwarded") && !name.starts_with("x-forwarded") && !name.starts_with("x-original") &&
         !name.starts_with("x-rewrite") && name != "x-host";
}

class SourceCheck {
 public:
  SourceCheck(const GateSource& gate, const Limits& limits, Diagnostics& diagnostics)
      : gate_(gate), limits_(limits), diagnostics_(diagnostics), context_(gate, limits, diagnostics) {}

  void run() {
    for (const Text& header : gate_.headers) check_header(header);
    for (const OriginSource& origin : gate_.origins) check_origin(origin);
    for (const IdentityHeaderSource& header : gate_.identity_headers) check_identity_header(header);
    check_identity_header_count();
    for (const RouteSource& route : gate_.routes) check_route(route);
    for (const RuleSource& rule : gate_.rules) check_rule(rule);
    for (const RoleSource& role : gate_.roles) check_role(context_, role);
    check_shaping(context_);
    // Patterns that are wrong in themselves cannot be compared.
    if (diagnostics_.empty()) check_ambiguity();
  }

 private:
  /// Rules may not read what decides framing, host and credentials, nor what this door itself sets.
  void check_header(const Text& header) {
    const std::string& name = header.value;
    if (!is_plain_header_name(name)) {
      fail(Reason::kGateValue, header,
           "expected a header name of lower-case letters, digits and \"-\", found \"" + name + "\"");
    } else if (is_reserved_header(name)) {
      fail(Reason::kGateValue, header, "\"" + name + "\" may not be read by rules; remove it");
    } else if (is_untrusted_header(name)) {
      fail(Reason::kGateValue, header,
           "\"" + name +
               "\" is not believed from clients, so rules may not read it; use \"client\", \"schemes\" or "
               "\"hosts\", or a flag that the host sets");
    } else if (std::any_of(gate_.identity_headers.begin(), gate_.identity_headers.end(),
                           [&](const IdentityHeaderSource& own) { return own.name.value == name; })) {
      fail(Reason::kGateValue, header,
           "\"" + name + "\" is an identity header, and rules would read what the client sent; read the claim instead");
    }
  }

  void check_origin(const OriginSource& origin) {
    if (origin.host.value.empty() || is_canonical_host(origin.host.value)) return;
    fail(Reason::kGatePattern, origin.host,
         "expected a host in lower case without port and trailing dot, found " + quote(origin.host.value));
  }

  void check_identity_header(const IdentityHeaderSource& header) {
    if (!is_plain_header_name(header.name.value)) {
      fail(Reason::kGateValue, header.name,
           "expected a header name of lower-case letters, digits and \"-\", found " + quote(header.name.value));
    } else if (is_reserved_header(header.name.value)) {
      fail(Reason::kGateValue, header.name,
           quote(header.name.value) + " may not be set by a Gate; choose another name");
    } else if (!may_carry_identity(header)) {
      fail(Reason::kGateValue, header.name,
           quote(header.name.value) +
               " says something else than who asks to programs that know it; choose a name of your own, as "
               "\"x-user\"");
    }
    if (header.source == HeaderSource::kClaim) (void)context_.claim(header.claim);
  }

  /// More could need more scratch memory than every platform is promised to have.
  void check_identity_header_count() {
    if (gate_.identity_headers.size() <= limits_.identity_header_count_max) return;
    fail(Reason::kGateLimit, gate_.identity_headers[limits_.identity_header_count_max].name,
         "expected at most " + std::to_string(limits_.identity_header_count_max) + " identity headers, found " +
             std::to_string(gate_.identity_headers.size()));
  }

  void check_route(const RouteSource& route) {
    for (const Text& host : route.hosts) context_.check_host_pattern(host);
    context_.check_path_pattern(route.path);
    context_.origins.require(route.origin);
  }

  void check_rule(const RuleSource& rule) {
    RouteGroup& routes = context_.check_routes(rule.routes);
    const ConditionScope scope{"rule", routes, rule.subject};
    check_conditions(context_, rule.predicates, scope);
    check_condition_count(rule);
    if (rule.subject == RuleSubject::kAnyone && rule.effect == RuleEffect::kAllow) check_binding(rule, routes);
    if (rule.subject == RuleSubject::kIdentity && gate_.issuers.empty()) {
      fail(Reason::kGateReference, rule.id,
           "the rule needs an identity, but the Gate trusts no issuer; declare one in \"issuers\"");
    }
  }

  /// One place of a block is kept for the claims in the route's path.
  void check_condition_count(const RuleSource& rule) {
    constexpr std::size_t kMax = kBlockConditionsMax - 1;
    if (rule.predicates.size() <= kMax) return;
    fail(Reason::kGateLimit, rule.id,
         "expected at most " + std::to_string(kMax) + " conditions in a rule, found " +
             std::to_string(rule.predicates.size()) + "; make several rules of it");
  }

  /// A claim in the path of a route binds whoever is allowed there to an identity.
  void check_binding(const RuleSource& rule, RouteGroup& routes) {
    if (!routes.all_bind_claims()) return;
    fail(Reason::kGateValue, rule.routes.front(),
         "each route that this public rule names has a claim in its path, so that the rule never matches; use "
         "\"identity\" or name other routes");
  }

  struct Pattern {
    const RouteSource* route;
    std::shared_ptr<const PathPattern> path;
  };

  void check_ambiguity() {
    std::map<std::string_view, std::vector<Pattern>> by_host;
    for (const RouteSource& route : gate_.routes) {
      const auto path = std::make_shared<const PathPattern>(split_path_pattern(route.path.value));
      for (const Text& host : route.hosts) by_host[host.value].push_back({&route, path});
    }
    for (auto& [host, patterns] : by_host) {
      std::stable_sort(patterns.begin(), patterns.end(),
                       [](const Pattern& a, const Pattern& b) { return compare_specificity(*a.path, *b.path) < 0; });
      check_equals(host, patterns);
      check_steps(host, patterns);
    }
  }

  /// Patterns of equal specificity stand side by side after sorting. Each is held against the one before it that first
  /// has the method.
  void check_equals(std::string_view host, const std::vector<Pattern>& patterns) {
    std::array<const RouteSource*, kMethodNames.size()> first_with{};
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      if (i != 0 && compare_specificity(*patterns[i - 1].path, *patterns[i].path) != 0) first_with = {};
      const RouteSource& route = *patterns[i].route;
      const RouteSource* other = nullptr;
      for (std::size_t method = kMethodNames.size(); method-- > 0;) {
        if ((route.methods >> method & 1U) == 0) continue;
        if (first_with[method] != nullptr) {
          other = first_with[method];
        } else {
          first_with[method] = &route;
        }
      }
      if (other != nullptr) fail_ambiguous(host, *other, patterns[i]);
    }
  }

  void fail_ambiguous(std::string_view host, const RouteSource& other, const Pattern& pattern) {
    const std::uint32_t shared = other.methods & pattern.route->methods;
    std::string example_host(host);
    if (host.starts_with('*')) example_host.front() = 'x';
    fail(Reason::kGateAmbiguous, pattern.route->path,
         "routes " + quote(other.id.value) + " and " + quote(pattern.route->id.value) + " both match " +
             std::string(kMethodNames[static_cast<std::size_t>(std::countr_zero(shared))]) + " http://" + example_host +
             cut_text(example_path(*pattern.path), kExampleMax) +
             " and neither is more specific; merge them or change one");
  }

  /// A path could make the walk over such routes take too long; see route_index.hpp.
  void check_steps(std::string_view host, const std::vector<Pattern>& patterns) {
    std::vector<HostRoute> routes;
    for (const Pattern& pattern : patterns) routes.push_back({pattern.path, 0, 0});
    const std::uint64_t steps = route_steps(routes);
    if (steps <= kRouteStepsMax) return;
    constexpr std::size_t kNamed = 4;
    std::string named;
    for (const std::string& pattern : costly_patterns(std::move(routes), kNamed)) {
      named += (named.empty() ? "" : ", ") + quote(pattern);
    }
    fail(Reason::kGateLimit, patterns.front().route->path,
         "for some path on " + cut_text(host, kExampleMax) + " it would take " + std::to_string(steps) +
             " steps to find its route among " + named + " and others like them, and at most " +
             std::to_string(kRouteStepsMax) +
             " are allowed; write literals where \"*\" and literals stand for one another in many segments");
  }

  void fail(Reason reason, const Text& place, const std::string& message) {
    diagnostics_.add(reason, place.offset, message);
  }

  const GateSource& gate_;
  const Limits& limits_;
  Diagnostics& diagnostics_;
  CheckContext context_;
};

}  // namespace

void check_source(const GateSource& gate, const Limits& limits, Diagnostics& diagnostics) {
  SourceCheck(gate, limits, diagnostics).run();
}

}  // namespace ostiary::policy
