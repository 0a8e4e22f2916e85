// Stage 3: Request and Identity in, Decision out. Default deny, deny overrides, order-free, total.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/http/request.hpp>
#include <ostiary/policy/answer.hpp>
#include <ostiary/policy/block_truth.hpp>
#include <ostiary/policy/decision.hpp>
#include <ostiary/policy/evaluation.hpp>
#include <ostiary/policy/facts.hpp>
#include <ostiary/policy/gate.hpp>
#include <ostiary/policy/guarded_headers.hpp>
#include <ostiary/policy/nearest_miss.hpp>
#include <ostiary/policy/role.hpp>
#include <ostiary/policy/route_index.hpp>
#include <ostiary/policy/shaping.hpp>
#include <ostiary/token/identity.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostiary {

namespace detail {

/// The second field of this name, or nullptr.
[[nodiscard]] inline const Field* find_second(const Request& request, std::string_view lower_name) noexcept {
  bool seen = false;
  for (const Field& field : request.fields) {
    if (!equals_ignoring_case(request.name(field), lower_name)) continue;
    if (seen) return &field;
    seen = true;
  }
  return nullptr;
}

/// What would make a condition's answer a guess: names that the host made up, inputs of the route that reach the origin
/// under another name or not at all, inputs of its rules that stand twice.
[[nodiscard]] inline Error judge_inputs(const Gate& gate, const RouteRecord& route, const Request& request,
                                        const Facts& facts, const Limits& limits) noexcept {
  for (const std::string_view flag : facts.flags) {
    if (!gate.has_flag(flag)) return Error{Reason::kUsageFlag, 0};
  }
  if (const Error fault = judge_route_headers(gate, route, request); fault.reason != Reason::kOk) return fault;
  for (std::uint32_t i = 0; i < route.headers.count; ++i) {
    const std::string_view name = gate.header_name(gate.read_name(route.headers.first + i));
    const Field* const second = find_second(request, name);
    if (second != nullptr) return Error{Reason::kFieldDuplicate, second->name.offset};
  }
  for (std::uint32_t i = 0; i < route.parameters.count; ++i) {
    const std::string_view name = gate.parameter_name(gate.read_name(route.parameters.first + i));
    if (const auto found = find_parameter(request, name, limits); !found) return found.error();
  }
  return Error{Reason::kOk, 0};
}

struct RuleOutcome {
  Reason reason = Reason::kRuleNoMatch;
  std::string_view rule;
};

/// Deny rules stand first in a route's blocks, so the first match of either kind decides.
[[nodiscard]] inline RuleOutcome evaluate_rules(const Gate& gate, const RouteRecord& route,
                                                BlockTruth& truth) noexcept {
  RuleOutcome outcome;
  bool identity_could_help = false;
  for_each_rule(gate, route, truth, [&](const BlockRuleRecord& rule) {
    identity_could_help |= rule.allows() && rule.asks_identity();
    if (!truth.matches(rule)) return true;
    outcome = {rule.allows() ? Reason::kAllowed : Reason::kRuleDenied, gate.text(gate.rule(rule.rule).id)};
    return false;
  });
  const bool is_missing = outcome.reason == Reason::kRuleNoMatch && truth.identity() == nullptr && identity_could_help;
  if (is_missing) outcome.reason = Reason::kCredentialMissing;
  return outcome;
}

}  // namespace detail

/// The most specific route for a host, a method and a canonical path: an exact host before a wildcard one, then,
/// segment by segment from the left, a literal before `*` before `**`. The asterisk and the authority form reach no
/// route. Reasons in the match: OK, ROUTE_HOST, ROUTE_UNKNOWN, ROUTE_METHOD. Pure.
[[nodiscard]] inline RouteMatch match_route(const Gate& gate, Method method, std::string_view host_name,
                                            std::string_view path) noexcept {
  HostRecord exact;
  HostRecord wild;
  const bool may_be_wild = gate.header().wildcard_hosts.count != 0;
  const std::size_t dot = may_be_wild ? host_name.find('.') : std::string_view::npos;
  const bool has_exact = gate.find_host(gate.header().exact_hosts, host_name, exact);
  const bool has_wild = dot != std::string_view::npos && dot != 0 &&
                        gate.find_host(gate.header().wildcard_hosts, host_name.substr(dot + 1), wild);
  RouteMatch match{.reason = has_exact || has_wild ? Reason::kRouteUnknown : Reason::kRouteHost};
  if (!path.starts_with('/')) return match;
  detail::RouteWalk walk(gate.image(), gate.header().route_index, 1U << static_cast<unsigned>(method), path);
  if (has_exact) match = walk.from(exact.root);
  if (has_wild && match.reason != Reason::kOk) match = walk.from(wild.root);
  return match;
}

/// The same for a request, by its canonical path alone; see consensus.hpp. Pure.
[[nodiscard]] inline RouteMatch match_route(const Gate& gate, const Request& request) noexcept {
  return match_route(gate, request.method, request.host, request.path);
}

namespace detail {

/// The methods with which a route has the request's host and path.
[[nodiscard]] inline std::uint32_t methods_of(const Gate& gate, const Request& request) noexcept {
  std::uint32_t methods = 0;
  for (std::size_t i = 0; i < kMethodNames.size(); ++i) {
    const RouteMatch match = match_route(gate, static_cast<Method>(i), request.host, request.path);
    if (match.reason == Reason::kOk) methods |= 1U << i;
  }
  return methods;
}

[[nodiscard]] inline Decision unrouted(const Gate& gate, const Request& request, Reason reason,
                                       std::uint32_t offset) noexcept {
  Decision decision;
  decision.reason = reason;
  decision.offset = offset;
  if (reason == Reason::kRouteMethod) decision.answer.allow_methods = methods_of(gate, request);
  return decision;
}

/// Removes what only an allowed Decision has: what was found before something refused the request after all.
inline void take_back(Decision& decision) noexcept {
  decision.origin = {};
  decision.headers = {};
  decision.hop = {};
  decision.target = {};
  decision.role = {};
  decision.cache = {};
  decision.rate = {};
}

/// The Reason, and what belongs to it. What a denial leaves behind is removed by the caller.
[[nodiscard]] inline Error judge(const Gate& gate, const RouteRecord& route, const Request& request,
                                 const Identity* identity, const Facts& facts, Arena& scratch, const Limits& limits,
                                 Decision& decision) noexcept {
  if (const Error fault = judge_inputs(gate, route, request, facts, limits); fault.reason != Reason::kOk) return fault;
  Evaluation evaluation(gate, request, identity, facts);
  BlockTruth truth(gate, evaluation);
  const RuleOutcome outcome = evaluate_rules(gate, route, truth);
  decision.rule = outcome.rule;
  if (outcome.reason != Reason::kAllowed) {
    if (outcome.reason != Reason::kRuleDenied) decision.nearest = nearest_miss(gate, route, truth);
    return Error{outcome.reason, 0};
  }
  Reason fault = grant_role(gate, route, evaluation, facts, scratch, decision.role);
  const ShapeRecord shape = gate.shape(route);
  const ShapeInputs inputs{gate, route, shape, request, identity, facts, limits};
  if (fault == Reason::kOk) fault = shape_request(inputs, scratch, decision);
  return Error{fault == Reason::kOk ? Reason::kAllowed : fault, 0};
}

}  // namespace detail

/// Decides about a request on the route that `match_route` found. `identity` is null when the request
/// carries no credential; a credential that failed to verify must never arrive here as null.
/// The Decision borrows gate, request, identity, facts and scratch.
/// Reasons in the Decision: ALLOWED, ROUTE_UNKNOWN, ROUTE_HOST, ROUTE_METHOD, FIELD_DUPLICATE, PARAMETER_DUPLICATE,
/// PARAMETER_TOO_MANY, CREDENTIAL_MISSING, RULE_DENIED, RULE_NO_MATCH, ROLE_NONE, ROLE_AMBIGUOUS, ROLE_SESSION,
/// IDENTITY_HEADER_VALUE, TARGET_TOO_LONG (rewritten), HEAD_TOO_LARGE (to be counted by it), USAGE_FLAG,
/// USAGE_SCRATCH_TOO_SMALL. Pure but for scratch.
[[nodiscard]] inline Decision decide(const Gate& gate, const Request& request, RouteMatch match,
                                     const Identity* identity, const Facts& facts, Arena& scratch,
                                     const Limits& limits = {}) noexcept {
  if (match.reason != Reason::kOk) return detail::unrouted(gate, request, match.reason, 0);
  const RouteRecord route = gate.route(match.row);
  Decision decision;
  decision.route = gate.text(route.id);
  const Error outcome = detail::judge(gate, route, request, identity, facts, scratch, limits, decision);
  decision.reason = outcome.reason;
  if (outcome.reason == Reason::kAllowed) {
    decision.effect = Effect::kAllow;
  } else {
    detail::take_back(decision);
    decision.offset = outcome.offset;
    detail::answer_denial(gate, route, request.method, decision);
  }
  return decision;
}

}  // namespace ostiary
