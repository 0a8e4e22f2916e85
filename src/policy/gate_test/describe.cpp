#include "policy/gate_test/describe.hpp"

#include <ostiary/policy/predicate.hpp>

#include <string_view>

namespace ostiary::policy {

namespace {

/// As the language calls it; empty where the dimension says it all.
std::string_view operator_name(PredicateKind kind) {
  switch (kind) {
    case PredicateKind::kMethodIn:
    case PredicateKind::kSchemeIn:
    case PredicateKind::kHostIn:
    case PredicateKind::kPathIn:
    case PredicateKind::kTimeIn:
    case PredicateKind::kFlagIs:
    case PredicateKind::kIssuerIn:
    case PredicateKind::kAudienceIn:
    case PredicateKind::kTokenAge: return {};
    case PredicateKind::kQueryPresent:
    case PredicateKind::kHeaderPresent:
    case PredicateKind::kClaimPresent: return "present";
    case PredicateKind::kQueryAbsent:
    case PredicateKind::kHeaderAbsent:
    case PredicateKind::kClaimAbsent: return "absent";
    case PredicateKind::kQueryIn:
    case PredicateKind::kHeaderIn:
    case PredicateKind::kClientIn:
    case PredicateKind::kTextIn:
    case PredicateKind::kIntegerIn: return "in";
    case PredicateKind::kClientNotIn:
    case PredicateKind::kTextNotIn:
    case PredicateKind::kIntegerNotIn: return "not_in";
    case PredicateKind::kScopesAll: return "all";
    case PredicateKind::kScopesAny: return "any";
    case PredicateKind::kScopesNone: return "none";
    case PredicateKind::kTextPrefix: return "prefix";
    case PredicateKind::kBooleanIs: return "equals";
    case PredicateKind::kHasAny: return "has_any";
    case PredicateKind::kHasAll: return "has_all";
    case PredicateKind::kHasNone: return "has_none";
  }
  return {};
}

}  // namespace

std::string describe(const PredicateSource& condition) {
  std::string text(dimension_name(dimension_of(condition.kind)));
  if (!condition.subject.value.empty()) text += " " + condition.subject.value;
  const std::string_view name = operator_name(condition.kind);
  return name.empty() ? text : text + " " + std::string(name);
}

}  // namespace ostiary::policy
