// Stage 3: Request and Identity in, Decision out. Default deny, deny overrides, order-free, total.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/http/request.hpp>
#include <ostiary/policy/decision.hpp>
#include <ostiary/policy/gate.hpp>
#include <ostiary/token/identity.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace ostiary {

/// What the host knows besides the bytes.
struct Facts {
  std::int64_t now_s = 0;  ///< seconds since 1970-01-01T00:00:00Z
  std::string_view peer;   ///< textual IP address of the other end of the connection; empty when unknown
  /// How the client reached the service, as behind a proxy that ends TLS; unknown leaves it to the request.
  Scheme scheme = Scheme::kUnknown;
  /// Host and perhaps port by which the client reached the service, where that is not the Host of the request;
  /// data() is nullptr otherwise.
  std::string_view authority{};
  /// SHA-256 of the client certificate in DER, 32 raw bytes; data() is nullptr when the connection has none.
  std::string_view certificate_sha256{};
};

/// The route that matched, or why none did. Plain data.
struct RouteMatch {
  Reason reason = Reason::kRouteUnknown;
  std::uint32_t row = 0;  ///< of Gate routes; meaningful when reason is kOk
};

namespace detail {

/// The next segment of `rest`, which starts with a slash; `rest` is left at the following slash or empty.
[[nodiscard]] inline std::string_view take_segment(std::string_view& rest) noexcept {
  rest.remove_prefix(1);
  const std::size_t end = std::min(rest.find('/'), rest.size());
  const std::string_view segment = rest.substr(0, end);
  rest.remove_prefix(end);
  return segment;
}

[[nodiscard]] inline bool path_matches(const Gate& gate, const RouteRecord& route, std::string_view path) noexcept {
  if (!path.starts_with('/')) return false;  // the asterisk and the authority form reach no route
  std::string_view rest = path;
  for (std::uint32_t i = 0; i < route.segments.count; ++i) {
    if (rest.empty()) return false;
    const SegmentRecord pattern = gate.segment(route.segments.first + i);
    const std::string_view segment = take_segment(rest);
    const bool fits = pattern.kind == SegmentKind::kAny ? !segment.empty() : segment == gate.text(pattern.text);
    if (!fits) return false;
  }
  // A tail stands for one or more further segments, so a slash must be left.
  return route.has_tail != 0 ? !rest.empty() : rest.empty();
}

/// Searches the routes of one host, most specific first.
inline void match_on_host(const Gate& gate, const HostRecord& host, Method method, std::string_view path,
                          RouteMatch& match) noexcept {
  for (std::uint32_t i = 0; i < host.routes.count; ++i) {
    const std::uint32_t row = gate.host_route(host.routes.first + i);
    const RouteRecord route = gate.route(row);
    if (!path_matches(gate, route, path)) continue;
    if ((route.methods & (1U << static_cast<unsigned>(method))) != 0) {
      match = {Reason::kOk, row};
      return;
    }
    match.reason = Reason::kRouteMethod;
  }
}

[[nodiscard]] inline bool text_listed(const Gate& gate, Range texts, std::string_view text) noexcept {
  for (std::uint32_t i = 0; i < texts.count; ++i) {
    if (gate.listed_text(texts.first + i) == text) return true;
  }
  return false;
}

[[nodiscard]] inline bool integer_listed(const Gate& gate, Range integers, std::int64_t value) noexcept {
  for (std::uint32_t i = 0; i < integers.count; ++i) {
    if (gate.integer(integers.first + i) == value) return true;
  }
  return false;
}

[[nodiscard]] inline bool set_holds(const Identity& identity, const ClaimRecord& set, std::string_view text) noexcept {
  for (std::uint32_t i = 0; i < set.text.length; ++i) {
    if (identity.element(set, i) == text) return true;
  }
  return false;
}

/// How many of the listed texts the set holds.
[[nodiscard]] inline std::uint32_t set_overlap(const Gate& gate, Range texts, const Identity& identity,
                                               const ClaimRecord& set) noexcept {
  std::uint32_t held = 0;
  for (std::uint32_t i = 0; i < texts.count; ++i) {
    if (set_holds(identity, set, gate.listed_text(texts.first + i))) ++held;
  }
  return held;
}

/// Total: a claim that is absent or of another kind satisfies nothing but kAbsent (absent) and kPresent (present).
[[nodiscard]] inline bool condition_holds(const Gate& gate, const ConditionRecord& condition,
                                          const Identity& identity) noexcept {
  ClaimRecord claim;
  const bool present = identity.find(gate.text(condition.claim), claim);
  switch (condition.kind) {
    case ConditionKind::kPresent: return present;
    case ConditionKind::kAbsent: return !present;
    case ConditionKind::kTextIn:
      return present && claim.kind == ClaimKind::kText &&
             text_listed(gate, condition.values, identity.text(claim.text));
    case ConditionKind::kIntegerIn:
      return present && claim.kind == ClaimKind::kInteger && integer_listed(gate, condition.values, claim.integer);
    case ConditionKind::kBooleanIs:
      return present && claim.kind == ClaimKind::kBoolean && claim.integer == condition.values.first;
    case ConditionKind::kHasAny:
      return present && claim.kind == ClaimKind::kTextSet && set_overlap(gate, condition.values, identity, claim) != 0;
    case ConditionKind::kHasAll:
      return present && claim.kind == ClaimKind::kTextSet &&
             set_overlap(gate, condition.values, identity, claim) == condition.values.count;
  }
  return false;
}

[[nodiscard]] inline bool issuer_fits(const Gate& gate, const RuleRecord& rule, const Identity& identity) noexcept {
  if (rule.issuers.count == 0) return true;
  const std::string_view issuer = identity.text_claim("iss");
  for (std::uint32_t i = 0; i < rule.issuers.count; ++i) {
    if (gate.text(gate.issuer(gate.rule_issuer(rule.issuers.first + i)).issuer) == issuer) return true;
  }
  return false;
}

[[nodiscard]] inline bool scopes_fit(const Gate& gate, const RuleRecord& rule, const Identity& identity) noexcept {
  for (std::uint32_t i = 0; i < rule.scopes_all.count; ++i) {
    if (!identity.has_scope(gate.listed_text(rule.scopes_all.first + i))) return false;
  }
  if (rule.scopes_any.count == 0) return true;
  for (std::uint32_t i = 0; i < rule.scopes_any.count; ++i) {
    if (identity.has_scope(gate.listed_text(rule.scopes_any.first + i))) return true;
  }
  return false;
}

[[nodiscard]] inline bool rule_matches(const Gate& gate, const RuleRecord& rule, const Identity* identity) noexcept {
  if (rule.subject == RuleSubject::kAnyone) return true;
  if (identity == nullptr || !issuer_fits(gate, rule, *identity) || !scopes_fit(gate, rule, *identity)) return false;
  for (std::uint32_t i = 0; i < rule.conditions.count; ++i) {
    if (!condition_holds(gate, gate.condition(rule.conditions.first + i), *identity)) return false;
  }
  return true;
}

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

struct RuleOutcome {
  Reason reason = Reason::kRuleNoMatch;
  std::string_view rule;
};

/// Deny rules stand first in a route's list, so the first match of either kind decides.
[[nodiscard]] inline RuleOutcome evaluate_rules(const Gate& gate, const RouteRecord& route,
                                                const Identity* identity) noexcept {
  bool identity_could_help = false;
  for (std::uint32_t i = 0; i < route.rules.count; ++i) {
    const RuleRecord rule = gate.rule(gate.route_rule(route.rules.first + i));
    if (rule_matches(gate, rule, identity)) {
      return {rule.effect == RuleEffect::kAllow ? Reason::kAllowed : Reason::kRuleDenied, gate.text(rule.id)};
    }
    identity_could_help |= rule.effect == RuleEffect::kAllow;
  }
  return {identity == nullptr && identity_could_help ? Reason::kCredentialMissing : Reason::kRuleNoMatch, {}};
}

}  // namespace detail

/// The most specific route for a host, a method and a canonical path: an exact host before a wildcard one, then,
/// segment by segment from the left, a literal before `*` before `**`. The asterisk and the authority form reach no
/// route. Reasons in the match: OK, ROUTE_UNKNOWN, ROUTE_METHOD. Pure.
[[nodiscard]] inline RouteMatch match_route(const Gate& gate, Method method, std::string_view host_name,
                                            std::string_view path) noexcept {
  RouteMatch match;
  HostRecord host;
  if (gate.find_host(gate.header().exact_hosts, host_name, host)) {
    detail::match_on_host(gate, host, method, path, match);
  }
  const std::size_t dot = host_name.find('.');
  if (match.reason != Reason::kOk && dot != std::string_view::npos && dot != 0 &&
      gate.find_host(gate.header().wildcard_hosts, host_name.substr(dot + 1), host)) {
    detail::match_on_host(gate, host, method, path, match);
  }
  return match;
}

/// The same for a request, by its canonical path alone; see consensus.hpp. Pure.
[[nodiscard]] inline RouteMatch match_route(const Gate& gate, const Request& request) noexcept {
  return match_route(gate, request.method, request.host, request.path);
}

/// Decides about a request on the route that `match_route` found. `identity` is null when the request
/// carries no credential; a credential that failed to verify must never arrive here as null.
/// The Decision borrows gate, identity, facts and scratch.
/// Reasons in the Decision: ALLOWED, ROUTE_UNKNOWN, ROUTE_METHOD, CREDENTIAL_MISSING, RULE_DENIED,
/// RULE_NO_MATCH, IDENTITY_HEADER_VALUE, USAGE_SCRATCH_TOO_SMALL. Pure but for scratch.
[[nodiscard]] inline Decision decide(const Gate& gate, RouteMatch match, const Identity* identity, const Facts& facts,
                                     Arena& scratch, const Limits& limits = {}) noexcept {
  Decision decision;
  decision.reason = match.reason;
  if (match.reason != Reason::kOk) return decision;
  const RouteRecord route = gate.route(match.row);
  decision.route = gate.text(route.id);
  const detail::RuleOutcome outcome = detail::evaluate_rules(gate, route, identity);
  decision.reason = outcome.reason;
  decision.rule = outcome.rule;
  if (outcome.reason != Reason::kAllowed) return decision;
  const Reason edited = detail::edit_headers(gate, identity, facts, scratch, limits, decision);
  if (edited != Reason::kOk) {
    decision.reason = edited;
    return decision;
  }
  decision.origin = gate.text(gate.origin(route.origin).id);
  decision.effect = Effect::kAllow;
  return decision;
}

}  // namespace ostiary
