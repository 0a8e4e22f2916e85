#include "authority/mapping.hpp"

#include "policy/pattern.hpp"

#include <algorithm>
#include <utility>

namespace ostiary::authority {

namespace {

using policy::IssuerSource;
using policy::PredicateSource;
using policy::Text;

[[nodiscard]] std::vector<std::string> values_of(const std::vector<Text>& texts) {
  std::vector<std::string> values;
  for (const Text& text : texts) values.push_back(text.value);
  return values;
}

[[nodiscard]] bool is_among(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

/// How many of the listed are among the elements.
[[nodiscard]] std::size_t held(const std::vector<std::string>& listed, const Value& value) {
  return static_cast<std::size_t>(
      std::count_if(listed.begin(), listed.end(), [&](const std::string& one) { return is_among(value.texts, one); }));
}

/// A text that the segment of a path can stand for.
[[nodiscard]] ClaimTest segment_test(std::string claim) {
  ClaimTest test{std::move(claim), ValueKind::kText, {}, {}, {}};
  for (const char* pattern : {"", ".", "..", "*/*", "*\\*"}) test.globs.push_back(pattern_glob(pattern));
  test.holds = [globs = test.globs](const Value& value) {
    return value.kind == ValueKind::kText && std::none_of(globs.begin(), globs.end(), [&](const Glob& glob) {
             return matches(glob, value.texts.front());
           });
  };
  return test;
}

[[nodiscard]] ClaimTest one_of_test(std::string_view claim, const std::vector<std::string>& listed) {
  ClaimTest test{std::string(claim), ValueKind::kText, {}, {}, {}};
  for (const std::string& text : listed) test.globs.push_back(literal_glob(text));
  test.holds = [listed](const Value& value) {
    return value.kind == ValueKind::kText && is_among(listed, value.texts.front());
  };
  return test;
}

}  // namespace

std::string_view audience_claim(const IssuerSource& issuer) {
  switch (issuer.audience_claim) {
    case AudienceClaim::kAud: return "aud";
    case AudienceClaim::kClientId: return "client_id";
    case AudienceClaim::kAuthorizedParty: return "azp";
    case AudienceClaim::kHeaderClient: break;  // no Gate has it
  }
  return "aud";
}

ClaimNames claim_names(const IssuerSource& issuer) {
  const bool has_party = issuer.audience_claim == AudienceClaim::kAuthorizedParty;
  return [has_party](std::string_view claim) -> std::string {
    if (claim == "aud" && has_party) return "azp";
    return claim == "oaud" ? "aud" : std::string(claim);
  };
}

Mapping::Mapping(const policy::GateSource& gate, const policy::RoleSource& role, const IssuerSource& issuer)
    : gate_(gate), role_(role) {
  add_issuer(issuer);
  for (const PredicateSource& predicate : role.predicates) add_predicate(predicate, issuer);
  add_routes();
}

void Mapping::add_issuer(const IssuerSource& issuer) {
  tests_.push_back(one_of_test(audience_claim(issuer), values_of(issuer.audiences)));
  for (const policy::RequiredClaimSource& claim : issuer.required_claims) {
    tests_.push_back(one_of_test(claim.name.value, {claim.value.value}));
  }
}

ValueKind Mapping::kind_of(std::string_view claim) const {
  for (const policy::ClaimSource& declared : gate_.claims) {
    if (declared.name.value != claim) continue;
    switch (declared.kind) {
      case ClaimKind::kInteger: return ValueKind::kInteger;
      case ClaimKind::kBoolean: return ValueKind::kBoolean;
      case ClaimKind::kTextSet: return ValueKind::kTextSet;
      case ClaimKind::kText:
      case ClaimKind::kOther: return ValueKind::kText;
    }
  }
  return ValueKind::kText;
}

void Mapping::add_predicate(const PredicateSource& predicate, const IssuerSource& issuer) {
  const std::string& claim = predicate.subject.value;
  switch (predicate.kind) {
    case PredicateKind::kIssuerIn:
      takes_issuer_ = takes_issuer_ && is_among(values_of(predicate.texts), issuer.id.value);
      return;
    case PredicateKind::kAudienceIn: tests_.push_back(one_of_test("aud", values_of(predicate.texts))); return;
    case PredicateKind::kScopesAll:
    case PredicateKind::kScopesAny:
    case PredicateKind::kScopesNone: add_set("scope", predicate); return;
    case PredicateKind::kClaimPresent:
    case PredicateKind::kClaimAbsent: add_presence(predicate); return;
    case PredicateKind::kTextIn:
    case PredicateKind::kTextNotIn:
    case PredicateKind::kTextPrefix: add_texts(claim, predicate); return;
    case PredicateKind::kIntegerIn:
    case PredicateKind::kIntegerNotIn:
    case PredicateKind::kBooleanIs: add_integers(predicate); return;
    case PredicateKind::kHasAny:
    case PredicateKind::kHasAll:
    case PredicateKind::kHasNone: add_set(claim, predicate); return;
    case PredicateKind::kPathIn:
      for (const Text& path : predicate.texts) {
        if (path.value.find('{') != std::string::npos) is_exact_ = false;
      }
      return;
    case PredicateKind::kMethodIn:
    case PredicateKind::kSchemeIn:
    case PredicateKind::kHostIn:
    case PredicateKind::kQueryPresent:
    case PredicateKind::kQueryAbsent:
    case PredicateKind::kQueryIn:
    case PredicateKind::kHeaderPresent:
    case PredicateKind::kHeaderAbsent:
    case PredicateKind::kHeaderIn:
    case PredicateKind::kClientIn:
    case PredicateKind::kClientNotIn:
    case PredicateKind::kTimeIn:
    case PredicateKind::kFlagIs:
    case PredicateKind::kTokenAge: return;  // of the request and its time, which are as they must be
  }
}

void Mapping::add_texts(std::string_view claim, const PredicateSource& predicate) {
  const std::vector<std::string> listed = values_of(predicate.texts);
  ClaimTest test = one_of_test(claim, listed);
  if (predicate.kind == PredicateKind::kTextNotIn) {
    test.holds = [listed](const Value& value) {
      return value.kind == ValueKind::kText && !is_among(listed, value.texts.front());
    };
  } else if (predicate.kind == PredicateKind::kTextPrefix) {
    test.globs.clear();
    for (const std::string& prefix : listed) test.globs.push_back(prefix_glob(prefix));
    test.holds = [listed](const Value& value) {
      return value.kind == ValueKind::kText &&
             std::any_of(listed.begin(), listed.end(),
                         [&](const std::string& prefix) { return value.texts.front().starts_with(prefix); });
    };
  }
  tests_.push_back(std::move(test));
}

void Mapping::add_set(std::string_view claim, const PredicateSource& predicate) {
  const std::vector<std::string> listed = values_of(predicate.texts);
  ClaimTest test = one_of_test(claim, listed);
  test.kind = ValueKind::kTextSet;
  const bool all = predicate.kind == PredicateKind::kHasAll || predicate.kind == PredicateKind::kScopesAll;
  const bool none = predicate.kind == PredicateKind::kHasNone || predicate.kind == PredicateKind::kScopesNone;
  // A token without scopes has none of them; one without a claim that is a set satisfies nothing about it.
  const bool absent = predicate.kind == PredicateKind::kScopesNone;
  test.holds = [listed, all, none, absent](const Value& value) {
    if (value.kind != ValueKind::kTextSet) return absent && value.kind == ValueKind::kAbsent;
    const std::size_t count = held(listed, value);
    if (all) return count == listed.size();
    return none ? count == 0 : count != 0;
  };
  tests_.push_back(std::move(test));
}

void Mapping::add_integers(const PredicateSource& predicate) {
  const bool is_boolean = predicate.kind == PredicateKind::kBooleanIs;
  const bool negated = predicate.kind == PredicateKind::kIntegerNotIn;
  const ValueKind kind = is_boolean ? ValueKind::kBoolean : ValueKind::kInteger;
  ClaimTest test{predicate.subject.value, kind, {}, predicate.integers, {}};
  test.holds = [kind, negated, listed = predicate.integers](const Value& value) {
    const bool is_listed = std::find(listed.begin(), listed.end(), value.integer) != listed.end();
    return value.kind == kind && is_listed != negated;
  };
  tests_.push_back(std::move(test));
}

void Mapping::add_presence(const PredicateSource& predicate) {
  const bool present = predicate.kind == PredicateKind::kClaimPresent;
  const std::string& claim = predicate.subject.value;
  tests_.push_back({claim, kind_of(claim), {}, {}, [present](const Value& value) {
                      return (value.kind != ValueKind::kAbsent) == present;
                    }});
}

/// A route whose path holds a claim is reached with a token whose claim can stand there.
void Mapping::add_routes() {
  const std::vector<std::string> ids = values_of(role_.routes);
  for (const policy::RouteSource& route : gate_.routes) {
    if (!is_among(ids, "*") && !is_among(ids, route.id.value)) continue;
    std::vector<ClaimTest> binding;
    for (std::string& claim : policy::claims_of(policy::split_path_pattern(route.path.value))) {
      binding.push_back(segment_test(std::move(claim)));
    }
    bindings_.push_back(std::move(binding));
  }
}

bool Mapping::add_to(Space& space) const {
  const auto add = [&](const ClaimTest& test) {
    const bool is_new = !space.find(test.claim);
    Dimension& dimension = space.dimension(test.claim);
    if (is_new) dimension.kind = test.kind;
    dimension.globs.insert(dimension.globs.end(), test.globs.begin(), test.globs.end());
    dimension.integers.insert(dimension.integers.end(), test.integers.begin(), test.integers.end());
    return dimension.kind == test.kind;
  };
  bool agrees = std::all_of(tests_.begin(), tests_.end(), add);
  for (const std::vector<ClaimTest>& binding : bindings_) {
    agrees = std::all_of(binding.begin(), binding.end(), add) && agrees;
  }
  return agrees;
}

Box Mapping::box_of(const Space& space, const Ignored& ignored, const std::vector<ClaimTest>& more) const {
  Box box(space);
  const auto restrict = [&](const ClaimTest& test) {
    const auto dimension = space.find(test.claim);
    if (dimension && !ignored(test.claim)) box.restrict(space, *dimension, test.holds);
  };
  std::for_each(tests_.begin(), tests_.end(), restrict);
  std::for_each(more.begin(), more.end(), restrict);
  return box;
}

void Mapping::add_bounds(const Space& space, const Ignored& ignored, std::vector<Box>& lower,
                         std::vector<Box>& upper) const {
  for (const std::vector<ClaimTest>& binding : bindings_) {
    Box box = box_of(space, ignored, binding);
    // A route may waive what keeps a text out of its path, so all that is sure is that it takes no more than this.
    upper.push_back(binding.empty() ? box : box_of(space, ignored, {}));
    if (is_exact_) lower.push_back(std::move(box));
  }
}

}  // namespace ostiary::authority
