#include "authority/mapped_door.hpp"

#include "adapt/json.hpp"
#include "authority/mapping.hpp"
#include "token/identity_writer.hpp"
#include "token/stub_identity.hpp"

#include <ostiary/http/request.hpp>
#include <ostiary/policy/evaluation.hpp>
#include <ostiary/token/token_policy.hpp>

namespace ostiary::authority {

namespace {

constexpr std::int64_t kNow_s = 1'767'225'600;
constexpr std::int64_t kLifetime_s = 3600;

/// What no token can be good without, and the question leaves open.
void add_what_goes_without_saying(StubClaims& claims, const policy::IssuerSource& issuer) {
  if (!claims.has("iss")) claims.add_text("iss", issuer.issuer.value);
  if (!claims.has("exp")) claims.add_integer("exp", kNow_s + kLifetime_s);
  if (!claims.has("iat")) claims.add_integer("iat", kNow_s);
  if (issuer.profile == TokenProfile::kAccessToken) {
    for (const std::string_view name : {"sub", "aud", "client_id", "jti"}) {
      if (!claims.has(name)) claims.add_text(name, "x");
    }
  }
  if (issuer.profile == TokenProfile::kIdToken && !claims.has("sub")) claims.add_text("sub", "x");
  claims.settle();
}

[[nodiscard]] bool meets_identity(const Gate& gate, const RoleRecord& role, detail::Evaluation& evaluation) {
  for (std::uint32_t i = 0; i < role.predicates.count; ++i) {
    const PredicateRecord condition = gate.condition(role.predicates.first + i);
    if (is_about_identity(condition.kind) && !evaluation.holds(condition)) return false;
  }
  return true;
}

}  // namespace

MappedDoor::MappedDoor(const Gate& gate, const Limits& limits)
    : gate_(gate), limits_(limits), memory_(identity_size_max(limits)) {}

bool MappedDoor::maps(const policy::IssuerSource& issuer, std::string_view claims, std::string_view role_arn) {
  adapt::JsonReader reader({limits_.gate_size_max, limits_.gate_json_depth_max, limits_.gate_json_values_max, false});
  const adapt::JsonResult parsed = reader.read(claims);
  if (parsed.fault != adapt::JsonFault::kNone) return false;
  StubClaims stub(parsed.values);
  add_what_goes_without_saying(stub, issuer);
  std::vector<std::string_view> audiences;
  for (const policy::Text& audience : issuer.audiences) audiences.push_back(audience.value);
  std::vector<RequiredText> required;
  for (const policy::RequiredClaimSource& claim : issuer.required_claims) {
    required.push_back({claim.name.value, claim.value.value});
  }
  TokenPolicy policy;
  policy.issuer = issuer.issuer.value;
  policy.audiences = audiences;
  policy.profile = issuer.profile;
  policy.audience_claim = issuer.audience_claim;
  policy.age_max_s = issuer.age_max_s;
  policy.required_claims = required;
  const Result<Identity> identity = stub_identity(stub, policy, kNow_s, limits_, memory_);
  if (!identity) return false;
  const Request request{};
  const Facts facts{.now_s = kNow_s};
  detail::Evaluation evaluation(gate_, request, &*identity, facts);
  for (std::uint32_t row = 0; row < gate_.header().roles.count; ++row) {
    const RoleRecord role = gate_.role(row);
    if (gate_.text(role.role_arn) == role_arn && meets_identity(gate_, role, evaluation)) return true;
  }
  return false;
}

}  // namespace ostiary::authority
