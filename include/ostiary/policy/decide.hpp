// Stage 3: Request and Identity in, Decision out. Default deny, deny overrides, order-free, total.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/http/request.hpp>
#include <ostiary/policy/decision.hpp>
#include <ostiary/policy/evaluation.hpp>
#include <ostiary/policy/facts.hpp>
#include <ostiary/policy/gate.hpp>
#include <ostiary/policy/nearest_miss.hpp>
#include <ostiary/policy/role.hpp>
#include <ostiary/policy/route_index.hpp>
#include <ostiary/token/identity.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace ostiary {

namespace detail {

/// Visible ASCII and inner spaces: nothing that a next program could read as a line end or trim away.
[[nodiscard]] inline bool is_plain_header_value(std::string_view value) noexcept {
  if (value.empty() || value.front() == ' ' || value.back() == ' ') return false;
  for (const char c : value) {
    if (c < ' ' || c > '~') return false;
  }
  return true;
}

/// A set as a comma-separated list; absent when it is too long, or an element could be read as two or as none.
[[nodiscard]] inline std::string_view join_set(const Identity& identity, const ClaimRecord& set, Arena& scratch,
                                               const Limits& limits) noexcept {
  std::size_t size = 0;
  for (std::uint32_t i = 0; i < set.text.length; ++i) {
    const std::string_view element = identity.element(set, i);
    if (!is_plain_header_value(element) || element.find(',') != std::string_view::npos) return {};
    size += element.size() + (i == 0 ? 0 : 1);
    if (size > limits.identity_header_size_max) return {};
  }
  char* const joined = scratch.allocate<char>(size);
  if (joined == nullptr) return {};
  char* next = joined;
  for (std::uint32_t i = 0; i < set.text.length; ++i) {
    if (i != 0) *next++ = ',';
    const std::string_view element = identity.element(set, i);
    next = std::copy(element.begin(), element.end(), next);
  }
  return {joined, size};
}

/// The claim as a header value; empty when it has no faithful one.
[[nodiscard]] inline std::string_view claim_header_value(const Identity& identity, const ClaimRecord& claim,
                                                         Arena& scratch, const Limits& limits) noexcept {
  switch (claim.kind) {
    case ClaimKind::kText: return identity.text(claim.text);
    case ClaimKind::kBoolean: return claim.integer != 0 ? "true" : "false";
    case ClaimKind::kTextSet: return join_set(identity, claim, scratch, limits);
    case ClaimKind::kInteger: {
      constexpr std::size_t kDigitsMax = 20;  // of a 64-bit integer with its sign
      char* const digits = scratch.allocate<char>(kDigitsMax);
      if (digits == nullptr) return {};
      return {digits, static_cast<std::size_t>(std::to_chars(digits, digits + kDigitsMax, claim.integer).ptr - digits)};
    }
    case ClaimKind::kOther: return {};
  }
  return {};
}

struct HeaderValue {
  Reason reason = Reason::kOk;
  std::string_view text;  ///< absent (null) when the header is only removed
};

[[nodiscard]] inline HeaderValue identity_header_value(const Gate& gate, const IdentityHeaderRecord& header,
                                                       const Identity* identity, const Facts& facts, Arena& scratch,
                                                       const Limits& limits) noexcept {
  if (header.source == HeaderSource::kPeer) {
    return {Reason::kOk, facts.peer.empty() ? std::string_view() : facts.peer};
  }
  ClaimRecord claim;
  if (identity == nullptr || !identity->find(gate.text(header.claim), claim)) return {};
  const std::string_view value = claim_header_value(*identity, claim, scratch, limits);
  const bool faithful = is_plain_header_value(value) && value.size() <= limits.identity_header_size_max;
  return faithful ? HeaderValue{Reason::kOk, value} : HeaderValue{Reason::kIdentityHeaderValue, {}};
}

/// First every removal, then every addition, so that nothing the client sent survives under these names.
[[nodiscard]] inline Reason edit_headers(const Gate& gate, const Identity* identity, const Facts& facts, Arena& scratch,
                                         const Limits& limits, Decision& decision) noexcept {
  const std::uint32_t count = gate.header().identity_headers.count;
  HeaderEdit* const edits = scratch.allocate<HeaderEdit>(std::size_t{count} * 2);
  if (edits == nullptr) return Reason::kUsageScratchTooSmall;
  std::size_t used = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    edits[used++] = {HeaderEditKind::kRemove, gate.text(gate.identity_header(i).name), {}};
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    const IdentityHeaderRecord header = gate.identity_header(i);
    const HeaderValue value = identity_header_value(gate, header, identity, facts, scratch, limits);
    if (value.reason != Reason::kOk) return value.reason;
    if (value.text.data() != nullptr) edits[used++] = {HeaderEditKind::kSet, gate.text(header.name), value.text};
  }
  decision.headers = {edits, used};
  return Reason::kOk;
}

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

/// What would make a condition's answer a guess: names that the host made up, inputs of the route's rules that stand
/// twice.
[[nodiscard]] inline Error judge_inputs(const Gate& gate, const RouteRecord& route, const Request& request,
                                        const Facts& facts, const Limits& limits) noexcept {
  for (const std::string_view flag : facts.flags) {
    if (!gate.has_flag(flag)) return Error{Reason::kUsageFlag, 0};
  }
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

/// Deny rules stand first in a route's list, so the first match of either kind decides.
[[nodiscard]] inline RuleOutcome evaluate_rules(const Gate& gate, const RouteRecord& route,
                                                Evaluation& evaluation) noexcept {
  bool identity_could_help = false;
  for (std::uint32_t i = 0; i < route.rules.count; ++i) {
    const RuleRecord rule = gate.rule(gate.route_rule(route.rules.first + i));
    const bool allows = rule.effect == RuleEffect::kAllow;
    if (rule_matches(gate, rule, evaluation) && (!allows || is_bound(gate, route, rule, evaluation))) {
      return {allows ? Reason::kAllowed : Reason::kRuleDenied, gate.text(rule.id)};
    }
    identity_could_help |= allows && rule.subject == RuleSubject::kIdentity;
  }
  const bool is_missing = evaluation.identity() == nullptr && identity_could_help;
  return {is_missing ? Reason::kCredentialMissing : Reason::kRuleNoMatch, {}};
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

/// Decides about a request on the route that `match_route` found. `identity` is null when the request
/// carries no credential; a credential that failed to verify must never arrive here as null.
/// The Decision borrows gate, request, identity, facts and scratch.
/// Reasons in the Decision: ALLOWED, ROUTE_UNKNOWN, ROUTE_HOST, ROUTE_METHOD, FIELD_DUPLICATE, PARAMETER_DUPLICATE,
/// PARAMETER_TOO_MANY, CREDENTIAL_MISSING, RULE_DENIED, RULE_NO_MATCH, ROLE_NONE, ROLE_AMBIGUOUS, ROLE_SESSION,
/// IDENTITY_HEADER_VALUE, USAGE_FLAG, USAGE_SCRATCH_TOO_SMALL. Pure but for scratch.
[[nodiscard]] inline Decision decide(const Gate& gate, const Request& request, RouteMatch match,
                                     const Identity* identity, const Facts& facts, Arena& scratch,
                                     const Limits& limits = {}) noexcept {
  Decision decision;
  decision.reason = match.reason;
  if (match.reason != Reason::kOk) return decision;
  const RouteRecord route = gate.route(match.row);
  decision.route = gate.text(route.id);
  if (const Error fault = detail::judge_inputs(gate, route, request, facts, limits); fault.reason != Reason::kOk) {
    decision.reason = fault.reason;
    decision.offset = fault.offset;
    return decision;
  }
  detail::Evaluation evaluation(gate, request, identity, facts);
  const detail::RuleOutcome outcome = detail::evaluate_rules(gate, route, evaluation);
  decision.reason = outcome.reason;
  decision.rule = outcome.rule;
  if (outcome.reason != Reason::kAllowed) {
    if (outcome.reason != Reason::kRuleDenied) decision.nearest = detail::nearest_miss(gate, route, evaluation);
    return decision;
  }
  Reason fault = detail::grant_role(gate, route, evaluation, facts, scratch, decision.role);
  if (fault == Reason::kOk) fault = detail::edit_headers(gate, identity, facts, scratch, limits, decision);
  if (fault != Reason::kOk) {
    decision.reason = fault;
    decision.role = {};
    decision.headers = {};
    return decision;
  }
  decision.origin = gate.text(gate.origin(route.origin).id);
  decision.effect = Effect::kAllow;
  return decision;
}

}  // namespace ostiary
