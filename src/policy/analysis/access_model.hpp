// A Gate as cubes: what each rule, role mapping and issuer asks, per route.
#pragma once

#include "policy/analysis/predicates.hpp"
#include "policy/source.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace ostiary::policy::analysis {

/// One way in which a rule or a mapping can match: it matches where any of its cubes does.
struct RuleCubes {
  RuleEffect effect = RuleEffect::kDeny;  ///< of rules
  bool binds = false;                     ///< whether the claims in a route's path count
  bool is_public = false;                 ///< needs no identity, and so never matches where it would be bound
  std::vector<Cube> cubes;
  Cube session;  ///< of role mappings: what the name and the tags of the session ask besides
};

struct RouteModel {
  std::vector<Literal> place;  ///< methods, hosts, path
  std::uint32_t methods = 0;
  PredicateId hosts = 0;
  PredicateId exact_hosts = 0;  ///< those without a wildcard, for which the route comes before others
  PredicateId path = 0;
  std::uint32_t rank = 0;            ///< by its path among the routes of the Gate; the least is the most specific
  Cube binding;                      ///< what its path asks of the identity; empty: nothing
  std::vector<Cube> unsendable;      ///< a claim that a header or a key of the route takes is of another kind
  std::vector<std::uint32_t> rules;  ///< places in AccessModel::rules, ascending
  std::vector<std::uint32_t> roles;  ///< the same in AccessModel::roles
};

/// Borrows the source. Confined.
struct AccessModel {
  static constexpr std::uint32_t kNoRoute = std::numeric_limits<std::uint32_t>::max();

  AccessModel(const GateSource& source, PredicateTable& table);

  const GateSource& source;
  std::vector<RouteModel> routes;  ///< in the order of the source, here and below
  std::vector<RuleCubes> rules;
  std::vector<RuleCubes> roles;
  std::vector<Cube> valid;  ///< requests whose credential is no reason to refuse: none, or a token of some issuer
};

}  // namespace ostiary::policy::analysis
