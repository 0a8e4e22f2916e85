#include "policy/analysis/access_model.hpp"

#include "policy/pattern.hpp"

#include <ostiary/token/identity.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <set>
#include <string_view>

namespace ostiary::policy::analysis {

namespace {

std::vector<std::string> ascending(const std::vector<Text>& texts) {
  std::set<std::string> values;
  for (const Text& text : texts) values.insert(text.value);
  return {values.begin(), values.end()};
}

/// The pattern with `*` in place of `{claim}`.
std::string without_claims(const std::string& pattern) {
  std::string plain;
  const PathPattern split = split_path_pattern(pattern);
  for (const std::string& segment : split.segments) plain += '/' + (is_any(segment) ? std::string("*") : segment);
  return split.has_tail ? plain + "/**" : plain;
}

/// From the conditions of a source to predicates.
class Reader {
 public:
  Reader(const GateSource& source, PredicateTable& table) : source_(source), table_(table) {
    for (const NetworkSource& network : source.networks) networks_.emplace(network.id.value, &network);
    for (const IssuerSource& issuer : source.issuers) issuers_.emplace(issuer.id.value, &issuer);
  }

  [[nodiscard]] Literal literal(Subject subject, PredicateKind kind, std::vector<std::string> texts = {},
                                std::vector<std::int64_t> integers = {}) {
    return {table_.intern(make_predicate(std::move(subject), kind, std::move(texts), std::move(integers)))};
  }
  [[nodiscard]] Literal token() { return literal({Aspect::kToken}, PredicateKind::kClaimPresent); }
  [[nodiscard]] Literal text_claim(const std::string& name, std::vector<std::string> values) {
    return literal({Aspect::kClaim, name}, PredicateKind::kTextIn, std::move(values));
  }

  /// What `{claim}` segments ask; nothing is added for a pattern without.
  void add_binding(const std::string& pattern, Cube& cube) {
    const PathPattern split = split_path_pattern(pattern);
    for (std::size_t i = 0; i < split.segments.size(); ++i) {
      const std::string& segment = split.segments[i];
      if (!is_claim(segment)) continue;
      add_literal(cube, token());
      add_literal(cube,
                  literal({Aspect::kBinding, segment.substr(1, segment.size() - 2), static_cast<std::uint32_t>(i)},
                          PredicateKind::kPathIn));
    }
  }

  [[nodiscard]] std::vector<Cube> cubes_of(const std::vector<PredicateSource>& conditions, bool of_identity,
                                           bool denies) {
    std::vector<Cube> cubes(1);
    if (of_identity) add_literal(cubes.front(), token());
    for (const PredicateSource& condition : conditions) {
      if (condition.kind == PredicateKind::kPathIn) {
        cubes = split_by_path(cubes, condition);
      } else {
        for (Cube& cube : cubes) add_condition(cube, condition, denies);
      }
    }
    return cubes;
  }

  [[nodiscard]] std::vector<Cube> valid_tokens() {
    std::vector<Cube> cubes{{{token().predicate, true}}};
    for (const IssuerSource& issuer : source_.issuers) cubes.push_back(tokens_of(issuer));
    return cubes;
  }

  /// What a session's name and tags from claims need: that these are texts.
  [[nodiscard]] Cube session_of(const RoleSource& role) {
    Cube cube;
    const auto add = [&](const RoleTextSource& text) {
      if (text.is_claim) add_literal(cube, is_text(text.value.value));
    };
    add(role.session_name);
    for (const SessionTagSource& tag : role.session_tags) add(tag.value);
    return cube;
  }

  /// Where a claim is there and cannot be sent, being of another kind than declared: one cube for each claim.
  [[nodiscard]] std::vector<Cube> unsendable_on(const RouteSource& route) {
    std::set<std::string> claims;
    for (const IdentityHeaderSource& header : source_.identity_headers) {
      if (route.shape.identity_headers && header.source == HeaderSource::kClaim) claims.insert(header.claim.value);
    }
    for (const HeaderEditSource& edit : route.shape.edits) {
      if (edit.value_kind == EditValueKind::kClaim) claims.insert(edit.value.value);
    }
    for (const auto* key : {&route.shape.cache.key, &route.shape.rate.key}) {
      for (const KeyPartSource& part : *key) {
        if (part.kind == KeyPartKind::kClaim) claims.insert(part.name.value);
      }
    }
    std::vector<Cube> cubes;
    for (const std::string& claim : claims) cubes.push_back(of_other_kind(claim));
    return cubes;
  }

 private:
  [[nodiscard]] Literal is_text(const std::string& claim) {
    return literal({Aspect::kClaim, claim}, PredicateKind::kTextNotIn);
  }

  [[nodiscard]] Cube of_other_kind(const std::string& claim) {
    const Subject subject{Aspect::kClaim, claim};
    Cube cube{token()};
    add_literal(cube, literal(subject, PredicateKind::kClaimPresent));
    const auto is_not = [&](Literal one) { add_literal(cube, {one.predicate, true}); };
    const auto declared = std::find_if(source_.claims.begin(), source_.claims.end(),
                                       [&](const ClaimSource& one) { return one.name.value == claim; });
    switch (declared == source_.claims.end() ? ClaimKind::kText : declared->kind) {
      case ClaimKind::kInteger: is_not(literal(subject, PredicateKind::kIntegerNotIn)); break;
      case ClaimKind::kBoolean:
        is_not(literal(subject, PredicateKind::kBooleanIs, {}, {0}));
        is_not(literal(subject, PredicateKind::kBooleanIs, {}, {1}));
        break;
      case ClaimKind::kTextSet: is_not(literal(subject, PredicateKind::kHasAny)); break;
      default: is_not(is_text(claim)); break;
    }
    return cube;
  }

  /// Patterns without `{claim}` are one predicate together; each of the others is another way to match.
  std::vector<Cube> split_by_path(const std::vector<Cube>& cubes, const PredicateSource& condition) {
    std::vector<Text> plain;
    std::vector<Cube> ways;
    for (const Text& pattern : condition.texts) {
      Cube way;
      add_binding(pattern.value, way);
      if (way.empty()) {
        plain.push_back(pattern);
        continue;
      }
      add_literal(way, literal({Aspect::kPath}, PredicateKind::kPathIn, {without_claims(pattern.value)}));
      ways.push_back(std::move(way));
    }
    if (!plain.empty()) ways.push_back({literal({Aspect::kPath}, PredicateKind::kPathIn, ascending(plain))});
    std::vector<Cube> split;
    for (const Cube& cube : cubes) {
      for (const Cube& way : ways) split.push_back(both(cube, way));
    }
    return split;
  }

  void add_condition(Cube& cube, const PredicateSource& condition, bool denies) {
    const std::string& name = condition.subject.value;
    const auto add = [&](Subject subject, std::vector<std::string> texts) {
      add_literal(cube, literal(std::move(subject), condition.kind, std::move(texts), condition.integers));
    };
    switch (dimension_of(condition.kind)) {
      case Dimension::kMethod: return add({Aspect::kMethod}, {});
      case Dimension::kScheme: return add_scheme(cube, condition, denies);
      case Dimension::kHost: return add({Aspect::kHost}, ascending(condition.texts));
      case Dimension::kQuery: return add({Aspect::kQuery, name}, ascending(condition.texts));
      case Dimension::kHeader: return add({Aspect::kHeader, name}, ascending(condition.texts));
      case Dimension::kClient: return add_client(cube, condition);
      case Dimension::kTime: return add({Aspect::kTime}, {});
      case Dimension::kFlag: return add({Aspect::kFlag, name}, {});
      case Dimension::kIssuer: return add_literal(cube, text_claim("iss", issuers_named(condition.texts)));
      case Dimension::kAudience: return add({Aspect::kAudience}, ascending(condition.texts));
      case Dimension::kScope: return add({Aspect::kScopes}, ascending(condition.texts));
      case Dimension::kTokenAge: return add({Aspect::kAge}, {});
      case Dimension::kClaim: return add_claim(cube, condition);
      case Dimension::kNone:
      case Dimension::kPath:
      case Dimension::kIdentity: return;
    }
  }

  /// A scheme that nobody tells is each of those that a denial lists.
  void add_scheme(Cube& cube, const PredicateSource& condition, bool denies) {
    const std::int64_t unknown = denies ? std::int64_t{1} << static_cast<unsigned>(Scheme::kUnknown) : 0;
    add_literal(cube, literal({Aspect::kScheme}, condition.kind, {}, {condition.integers.front() | unknown}));
  }

  void add_client(Cube& cube, const PredicateSource& condition) {
    std::set<AddressBlock> blocks;
    for (const Text& name : condition.texts) {
      const auto network = networks_.find(name.value);
      if (network == networks_.end()) {
        blocks.insert(*parse_address_block(name.value));
        continue;
      }
      for (const Text& block : network->second->blocks) blocks.insert(*parse_address_block(block.value));
    }
    Predicate predicate = make_predicate({Aspect::kClient}, condition.kind);
    predicate.blocks.assign(blocks.begin(), blocks.end());
    add_literal(cube, {table_.intern(std::move(predicate))});
  }

  void add_claim(Cube& cube, const PredicateSource& condition) {
    const std::string& name = condition.subject.value;
    std::vector<std::int64_t> integers = condition.integers;
    std::sort(integers.begin(), integers.end());
    const bool of_set = condition.kind == PredicateKind::kHasAny || condition.kind == PredicateKind::kHasAll ||
                        condition.kind == PredicateKind::kHasNone;
    if (of_set) add_literal(cube, literal({Aspect::kClaim, name}, PredicateKind::kHasAny));
    add_literal(cube, literal({of_set ? Aspect::kSet : Aspect::kClaim, name}, condition.kind,
                              ascending(condition.texts), std::move(integers)));
  }

  std::vector<std::string> issuers_named(const std::vector<Text>& ids) const {
    std::set<std::string> issuers;
    for (const Text& id : ids) {
      if (const auto found = issuers_.find(id.value); found != issuers_.end()) {
        issuers.insert(found->second->issuer.value);
      }
    }
    return {issuers.begin(), issuers.end()};
  }

  Cube tokens_of(const IssuerSource& issuer) {
    Cube cube{token()};
    add_literal(cube, text_claim("iss", {issuer.issuer.value}));
    switch (issuer.audience_claim) {
      case AudienceClaim::kAud:
        add_literal(cube, literal({Aspect::kAudience}, PredicateKind::kAudienceIn, ascending(issuer.audiences)));
        break;
      case AudienceClaim::kClientId: add_literal(cube, text_claim("client_id", ascending(issuer.audiences))); break;
      case AudienceClaim::kAuthorizedParty: add_literal(cube, text_claim("azp", ascending(issuer.audiences))); break;
      case AudienceClaim::kHeaderClient: break;  // no Gate has it
    }
    for (const RequiredClaimSource& claim : issuer.required_claims) {
      add_literal(cube, text_claim(claim.name.value, {claim.value.value}));
    }
    if (issuer.age_max_s != 0) {
      // The verifier allows for clocks that differ.
      const std::int64_t age_max_s = std::int64_t{issuer.age_max_s} + issuer.clock_skew_s;
      add_literal(cube, literal({Aspect::kAge}, PredicateKind::kTokenAge, {}, {age_max_s}));
    }
    return cube;
  }

  const GateSource& source_;
  PredicateTable& table_;
  std::map<std::string_view, const NetworkSource*> networks_;
  std::map<std::string_view, const IssuerSource*> issuers_;
};

/// Which routes each id means; "*" means all.
class RouteNames {
 public:
  explicit RouteNames(const GateSource& source) : all_(source.routes.size()) {
    std::iota(all_.begin(), all_.end(), 0U);
    for (std::uint32_t i = 0; i < source.routes.size(); ++i) numbers_.emplace(source.routes[i].id.value, i);
  }

  [[nodiscard]] std::vector<std::uint32_t> named(const std::vector<Text>& ids) const {
    if (ids.size() == 1 && ids.front().value == "*") return all_;
    std::set<std::uint32_t> routes;
    for (const Text& id : ids) {
      if (const auto found = numbers_.find(id.value); found != numbers_.end()) routes.insert(found->second);
    }
    return {routes.begin(), routes.end()};
  }

 private:
  std::vector<std::uint32_t> all_;
  std::map<std::string_view, std::uint32_t> numbers_;
};

void rank_routes(const GateSource& source, std::vector<RouteModel>& routes) {
  std::vector<PathPattern> patterns;
  for (const RouteSource& route : source.routes) patterns.push_back(split_path_pattern(route.path.value));
  std::vector<std::uint32_t> order(routes.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return compare_specificity(patterns[a], patterns[b]) == std::strong_ordering::less;
  });
  for (std::uint32_t i = 0; i < order.size(); ++i) routes[order[i]].rank = i;
}

}  // namespace

AccessModel::AccessModel(const GateSource& gate, PredicateTable& table) : source(gate) {
  Reader reader(gate, table);
  for (const RouteSource& route : gate.routes) {
    RouteModel model;
    model.methods = route.methods;
    model.hosts = reader.literal({Aspect::kHost}, PredicateKind::kHostIn, ascending(route.hosts)).predicate;
    std::vector<Text> exact;
    std::copy_if(route.hosts.begin(), route.hosts.end(), std::back_inserter(exact),
                 [](const Text& host) { return !host.value.starts_with('*'); });
    model.exact_hosts = reader.literal({Aspect::kHost}, PredicateKind::kHostIn, ascending(exact)).predicate;
    model.path = reader.literal({Aspect::kPath}, PredicateKind::kPathIn, {without_claims(route.path.value)}).predicate;
    model.place = {
        {model.hosts}, {model.path}, reader.literal({Aspect::kMethod}, PredicateKind::kMethodIn, {}, {route.methods})};
    reader.add_binding(route.path.value, model.binding);
    model.unsendable = reader.unsendable_on(route);
    routes.push_back(std::move(model));
  }
  rank_routes(gate, routes);
  const RouteNames names(gate);
  for (std::uint32_t i = 0; i < gate.rules.size(); ++i) {
    const RuleSource& rule = gate.rules[i];
    const bool denies = rule.effect == RuleEffect::kDeny;
    const bool is_public = rule.subject != RuleSubject::kIdentity;
    rules.push_back({rule.effect, !denies, is_public, reader.cubes_of(rule.predicates, !is_public, denies), {}});
    for (const std::uint32_t route : names.named(rule.routes)) routes[route].rules.push_back(i);
  }
  for (std::uint32_t i = 0; i < gate.roles.size(); ++i) {
    const RoleSource& role = gate.roles[i];
    roles.push_back(
        {RuleEffect::kAllow, true, false, reader.cubes_of(role.predicates, true, false), reader.session_of(role)});
    for (const std::uint32_t route : names.named(role.routes)) routes[route].roles.push_back(i);
  }
  valid = reader.valid_tokens();
}

}  // namespace ostiary::policy::analysis
