// The life of one request, cheap before dear: structure, route, credential syntax, verification, rules.
//
// The one place where the steps are joined. The native engine verifies tokens itself; a guest without cryptography is
// told what its host's verifier said. Both come through here, so they cannot drift apart.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/credentials.hpp>
#include <ostiary/http/inspect.hpp>
#include <ostiary/http/ip_address.hpp>
#include <ostiary/policy/consensus.hpp>
#include <ostiary/policy/decide.hpp>
#include <ostiary/policy/decision.hpp>
#include <ostiary/policy/facts.hpp>
#include <ostiary/policy/gate.hpp>
#include <ostiary/token/identity.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostiary {

namespace detail {

[[nodiscard]] inline Decision denied(Reason reason, std::uint32_t offset) noexcept {
  Decision decision;
  decision.reason = reason;
  decision.offset = offset;
  return decision;
}

/// A credential that is there and bad is a denial, whatever the route would allow without one.
[[nodiscard]] inline Decision refused_credential(const Gate& gate, RouteMatch match, Method method,
                                                 Error error) noexcept {
  Decision decision = denied(error.reason, error.offset);
  const RouteRecord route = gate.route(match.row);
  decision.route = gate.text(route.id);
  answer_denial(gate, route, method, decision);
  return decision;
}

}  // namespace detail

/// Scratch memory, in bytes, with which a Gate within these limits never runs out, whatever the request and the
/// identity: so no platform denies what another allows. Beside inspecting, one reading of the path, the tags of a
/// role's session, two edits and one value for each identity header, the same for each edit of a route, its query and
/// its target, its keys and its surrogate keys. Pure.
[[nodiscard]] constexpr std::size_t decide_request_scratch_size(const Limits& limits) noexcept {
  const std::size_t per_header = 2 * sizeof(HeaderEdit) + limits.identity_header_size_max;
  const std::size_t headers = (limits.identity_header_count_max + kShapeEditsMax) * per_header + alignof(HeaderEdit);
  const std::size_t tags = kSessionTagsMax * sizeof(SessionTag) + alignof(SessionTag);
  const std::size_t surrogates = kSurrogateKeysMax * sizeof(std::string_view) + alignof(std::string_view);
  constexpr std::size_t kReadingQueryAndTarget = 3;
  return inspect_scratch_size_max(limits) + kReadingQueryAndTarget * limits.target_size_max + headers + tags +
         2 * detail::key_size_max(limits) + surrogates;
}

/// How to inspect a request that this Gate is to decide about with these facts: what some route waives is left to the
/// route, and a target that names another scheme is refused. Takes time with the number of waivers: hosts keep the
/// options for a Gate, and change nothing but the scheme from request to request. Pure.
[[nodiscard]] inline InspectOptions inspect_options_of(const Gate& gate, const Facts& facts,
                                                       const Limits& limits = {}) noexcept {
  InspectOptions options;
  options.limits = limits;
  options.scheme = facts.scheme;
  options.left_to_route = gate.waived_rules();
  return options;
}

/// Decides about an inspected request. `verify(request, credential)` answers Result<Identity>, its offset a byte of the
/// token; it is asked at most once, and only for a well-formed credential on a route that matched. Its Identity is
/// believed: whether the sender is the one the token is bound to is for `verify` to ask as well.
/// The Decision borrows the gate, the request, what verify returned, facts and scratch. Offsets are bytes of the head.
/// A rejection that the inspection left to the route stands unless the route waives it; what it did not leave stands.
/// Reasons in the Decision: those of the inspection, judge_identity_headers, judge_readings, credential, verify and
/// decide, and USAGE_PEER. Pure but for scratch and verify.
template <typename Verify>
[[nodiscard]] Decision decide_request(const Gate& gate, const Inspection& inspection, const Facts& facts,
                                      const Verify& verify, Arena& scratch, const Limits& limits = {}) noexcept {
  if (!facts.peer.empty() && !parse_address(facts.peer)) return detail::denied(Reason::kUsagePeer, 0);
  if (inspection.progress != Progress::kComplete) {
    return detail::denied(inspection.finding.reason, inspection.finding.offset);
  }
  const Request& request = inspection.request;
  Error fault = judge_identity_headers(gate, request);
  const RouteMatch match = match_route(gate, request);
  if (fault.reason == Reason::kOk) fault = judge_waivers(gate, request, match);
  if (fault.reason == Reason::kOk) fault = judge_readings(gate, request, match, scratch);
  if (fault.reason != Reason::kOk) return detail::denied(fault.reason, fault.offset);
  if (match.reason != Reason::kOk) return detail::unrouted(gate, request, match.reason, request.target.offset);

  const Result<Credential> presented = credential(request);
  if (!presented) return detail::refused_credential(gate, match, request.method, presented.error());
  if (presented->scheme == CredentialScheme::kNone)
    return decide(gate, request, match, nullptr, facts, scratch, limits);

  const Result<Identity> identity = verify(request, *presented);
  if (!identity) {
    const auto token_offset = static_cast<std::uint32_t>(presented->token.data() - request.head.data());
    return detail::refused_credential(gate, match, request.method,
                                      {identity.reason(), token_offset + identity.error().offset});
  }
  return decide(gate, request, match, &*identity, facts, scratch, limits);
}

}  // namespace ostiary
