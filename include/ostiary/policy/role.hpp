// From an identity to at most one role of AWS.
#pragma once

#include <ostiary/core/memory.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/policy/decision.hpp>
#include <ostiary/policy/evaluation.hpp>
#include <ostiary/policy/facts.hpp>
#include <ostiary/policy/gate.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostiary {

/// Whether STS takes this as RoleSessionName (AWS STS API reference, AssumeRoleWithWebIdentity). Pure.
[[nodiscard]] constexpr bool is_session_name(std::string_view name) noexcept {
  constexpr std::string_view kOthers = "_+=,.@-";
  return name.size() >= 2 && name.size() <= 64 && std::all_of(name.begin(), name.end(), [&](char c) {
           return is_alpha(c) || is_digit(c) || kOthers.find(c) != std::string_view::npos;
         });
}

/// Whether STS takes this as the value of a session tag, as far as it is ASCII (AWS STS API reference, Tag). Pure.
[[nodiscard]] constexpr bool is_session_tag_value(std::string_view value) noexcept {
  constexpr std::string_view kOthers = " _.:/=+-@";
  return value.size() <= 256 && std::all_of(value.begin(), value.end(), [&](char c) {
           return is_alpha(c) || is_digit(c) || kOthers.find(c) != std::string_view::npos;
         });
}

namespace detail {

/// The constant, or the claim's text; absent (null) when there is no such claim.
[[nodiscard]] inline std::string_view role_text(const Gate& gate, const RoleTextRecord& text,
                                                Evaluation& evaluation) noexcept {
  switch (text.kind) {
    case RoleTextKind::kText: return gate.text(text.text);
    case RoleTextKind::kClaim: return evaluation.text_claim(text.claim);
  }
  return {};
}

[[nodiscard]] inline Reason tag_session(const Gate& gate, const RoleRecord& role, Evaluation& evaluation,
                                        Arena& scratch, RoleGrant& grant) noexcept {
  SessionTag* const tags = scratch.allocate<SessionTag>(role.session_tags.count);
  if (tags == nullptr) return Reason::kUsageScratchTooSmall;
  for (std::uint32_t i = 0; i < role.session_tags.count; ++i) {
    const SessionTagRecord record = gate.session_tag(role.session_tags.first + i);
    tags[i] = {gate.text(record.key), role_text(gate, record.value, evaluation)};
    if (tags[i].value.data() == nullptr || !is_session_tag_value(tags[i].value)) return Reason::kRoleSession;
  }
  grant.session_tags = {tags, role.session_tags.count};
  return Reason::kOk;
}

/// The seconds until the token expires, at most `most`; 0 when it has no expiry or is past it.
[[nodiscard]] inline std::uint32_t seconds_left(const Identity& identity, std::int64_t now_s,
                                                std::uint32_t most) noexcept {
  ClaimRecord expiry;
  if (!identity.find("exp", expiry) || expiry.kind != ClaimKind::kInteger || expiry.integer <= now_s) return 0;
  const std::uint64_t left = static_cast<std::uint64_t>(expiry.integer) - static_cast<std::uint64_t>(now_s);
  return left < most ? static_cast<std::uint32_t>(left) : most;
}

[[nodiscard]] inline Reason fill_grant(const Gate& gate, const RoleRecord& role, Evaluation& evaluation,
                                       std::int64_t now_s, Arena& scratch, RoleGrant& grant) noexcept {
  grant.id = gate.text(role.id);
  grant.role_arn = gate.text(role.role_arn);
  grant.session_name = role_text(gate, role.session_name, evaluation);
  grant.duration_s = seconds_left(*evaluation.identity(), now_s, role.duration_s);
  if (grant.duration_s == 0) return Reason::kRoleNone;
  if (!is_session_name(grant.session_name)) return Reason::kRoleSession;
  return tag_session(gate, role, evaluation, scratch, grant);
}

[[nodiscard]] inline bool role_matches(const Gate& gate, const RouteRecord& route, const RoleRecord& role,
                                       Evaluation& evaluation) noexcept {
  return evaluation.identity() != nullptr && all_hold(gate, role.predicates, evaluation) &&
         is_bound(gate, route, evaluation);
}

/// Several mappings that match are a denial, even to the same role: their sessions could differ.
[[nodiscard]] inline Reason grant_role(const Gate& gate, const RouteRecord& route, Evaluation& evaluation,
                                       const Facts& facts, Arena& scratch, RoleGrant& grant) noexcept {
  std::uint32_t matching = 0;
  RoleRecord chosen;
  for (std::uint32_t i = 0; i < route.roles.count; ++i) {
    const RoleRecord role = gate.role(gate.route_role(route.roles.first + i));
    if (!role_matches(gate, route, role, evaluation)) continue;
    if (++matching > 1) return Reason::kRoleAmbiguous;
    chosen = role;
  }
  if (matching == 0) return route.role_required == 1 ? Reason::kRoleNone : Reason::kOk;
  return fill_grant(gate, chosen, evaluation, facts.now_s, scratch, grant);
}

}  // namespace detail

}  // namespace ostiary
