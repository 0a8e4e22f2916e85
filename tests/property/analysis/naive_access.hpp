// The relation that questions about Gates are about, read aloud from docs/language.md: which requests with which tokens
// are let in, and with which roles; whether values can be written and whether tokens were signed plays no part.
#pragma once

#include "property/policy/naive_conditions.hpp"
#include "property/policy/naive_roles.hpp"
#include "property/policy/naive_routes.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ostiary::test {

/// The array that is a member, or an empty one. Borrows `of`.
inline const nlohmann::json& naive_array(const nlohmann::json& of, const char* name) {
  static const nlohmann::json empty = nlohmann::json::array();
  return of.contains(name) ? of[name] : empty;
}

/// What a Gate has for one request.
struct NaiveAccess {
  bool rules_allow = false;
  bool role_required = false;
  std::vector<const nlohmann::json*> roles;  ///< the mappings that match; borrow the Gate
  bool session_told = true;                  ///< the token has what name and tags of their sessions are made of

  /// As a Gate: several roles are a denial, and so is none where the route wants one.
  [[nodiscard]] bool allowed() const {
    return rules_allow && roles.size() <= 1 && (!role_required || !roles.empty()) && session_told;
  }
};

/// The issuer's entry of a token; null when the Gate has none.
inline const nlohmann::json* naive_issuer(const nlohmann::json& gate, const nlohmann::json& claims) {
  for (const auto& [id, issuer] : gate["issuers"].items()) {
    if (issuer["issuer"] == claims.value("iss", nlohmann::json())) return &issuer;
  }
  return nullptr;
}

/// Whether a token with these claims is good for the Gate at this time.
inline bool naive_token_taken(const nlohmann::json& gate, const nlohmann::json& claims, std::int64_t now) {
  using nlohmann::json;
  const json* issuer = naive_issuer(gate, claims);
  if (issuer == nullptr) return false;
  const json given = claims.value(issuer->value("audience_claim", "aud"), json());
  const bool audience = std::any_of((*issuer)["audiences"].begin(), (*issuer)["audiences"].end(), [&](const json& one) {
    return given == one || (given.is_array() && std::find(given.begin(), given.end(), one) != given.end());
  });
  const std::int64_t skew = issuer->value("clock_skew_s", std::int64_t{0});
  const json expires = claims.value("exp", json());
  if (!audience || !expires.is_number_integer() || expires.get<std::int64_t>() + skew <= now) return false;
  for (const auto& [name, value] : naive_member(*issuer, "required_claims").items()) {
    if (claims.value(name, json()) != value) return false;
  }
  if (!issuer->contains("age_max_s")) return true;
  const json issued = claims.value("iat", json());
  return issued.is_number_integer() &&
         now - issued.get<std::int64_t>() <= (*issuer)["age_max_s"].get<std::int64_t>() + skew;
}

/// Whether name and tags of a session are there and texts.
inline bool naive_session_told(const NaiveQuestion& question, const nlohmann::json& mapping) {
  if (!naive_text(question, mapping["session_name"])) return false;
  const auto& tags = naive_member(mapping, "session_tags");
  return std::all_of(tags.begin(), tags.end(), [&](const nlohmann::json& tag) { return naive_text(question, tag); });
}

inline NaiveAccess naive_access(const nlohmann::json& gate, const NaiveRequest& request,
                                const std::optional<nlohmann::json>& claims) {
  using nlohmann::json;
  NaiveAccess access;
  const NaiveRoute match = naive_match_route(gate, request);
  if (match.route == nullptr || (claims && !naive_token_taken(gate, *claims, request.now))) return access;
  const NaiveQuestion question{gate, *match.route, request, claims};
  bool denied = false;
  for (const json& rule : gate["rules"]) {
    if (!question.names_route(rule)) continue;
    const bool allow = rule["effect"] == "allow";
    if (question.judge(rule, allow).none()) (allow ? access.rules_allow : denied) = true;
  }
  access.rules_allow = access.rules_allow && !denied;
  access.role_required = match.route->value("role", "optional") == "required";
  for (const json& mapping : naive_array(gate, "roles")) {
    if (!question.names_route(mapping) || !question.judge(mapping, true).none()) continue;
    access.roles.push_back(&mapping);
    access.session_told = access.session_told && naive_session_told(question, mapping);
  }
  return access;
}

/// Whether a role of a Gate is one that a mapping of the boundary gives: as long a session at least, otherwise the
/// same.
inline bool naive_role_covered(const nlohmann::json& role, const nlohmann::json& boundary) {
  return role["role_arn"] == boundary["role_arn"] && role["session_name"] == boundary["session_name"] &&
         naive_member(role, "session_tags") == naive_member(boundary, "session_tags") &&
         role.value("duration_s", 3600) <= boundary.value("duration_s", 3600);
}

/// Whether a Gate allows what the boundary does not, or gives a role that the boundary does not.
inline bool naive_outside(const NaiveAccess& gate, const NaiveAccess& boundary) {
  if (!gate.allowed()) return false;
  if (!boundary.rules_allow) return true;
  if (gate.roles.empty()) return false;
  return std::none_of(boundary.roles.begin(), boundary.roles.end(),
                      [&](const nlohmann::json* role) { return naive_role_covered(*gate.roles[0], *role); });
}

/// The same of two Gates: the other one may refuse what has several roles, or none.
inline bool naive_gained(const NaiveAccess& gate, const NaiveAccess& other) {
  return naive_outside(gate, other) || (gate.allowed() && !other.allowed());
}

}  // namespace ostiary::test
