// Any bytes as a trust policy: errors with a place, or a report that comes out the same again and agrees with itself.
#include <ostiary/authority/trust_policy.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

constexpr std::string_view kRole = "arn:aws:iam::111111111111:role/r";

constexpr std::string_view kGate = R"({
  "gate": 1, "name": "door",
  "issuers": {
    "github": {"issuer": "https://token.actions.githubusercontent.com", "audiences": ["sts.amazonaws.com"], "algorithms": ["RS256"]},
    "other": {"issuer": "https://a.b", "audiences": ["x"], "algorithms": ["RS256"], "audience_claim": "azp"}
  },
  "claims": {"groups": "text_set", "level": "integer"},
  "origins": {"o": {"scheme": "https", "host": "o.example", "port": 443}},
  "routes": [{"id": "a", "hosts": ["h.example"], "methods": ["GET"], "path": "/a/{sub}", "origin": "o"},
             {"id": "b", "hosts": ["h.example"], "methods": ["GET"], "path": "/b", "origin": "o"}],
  "rules": [{"id": "all", "effect": "allow", "routes": ["*"], "identity": {}}],
  "roles": [{"id": "m", "routes": ["a"], "identity": {"claims": {"sub": {"prefix": ["repo:acme"]}}},
             "role_arn": "arn:aws:iam::111111111111:role/r", "session_name": {"claim": "sub"}},
            {"id": "n", "routes": ["b"], "identity": {"claims": {"groups": {"has_any": ["x"]}, "level": {"not_in": [1]}}},
             "role_arn": "arn:aws:iam::111111111111:role/r", "session_name": {"claim": "sub"}}]
})";

void check_against_gate(std::string_view document) {
  const ostiary::RoleTrust role{kRole, document};
  const ostiary::TrustCheckReport report = ostiary::check_trust_policies(kGate, {&role, 1});
  if (!report.gate_errors.empty()) __builtin_trap();
  if (report.sound() && report.checks.size() < 2) __builtin_trap();
  for (const ostiary::TrustRoleCheck& check : report.checks) {
    for (const ostiary::TrustVerdict* verdict : {&check.refused, &check.around}) {
      if ((verdict->answer == ostiary::TrustAnswer::kDiffers) == verdict->witness.empty()) __builtin_trap();
      if ((verdict->answer == ostiary::TrustAnswer::kNotProved) == verdict->reason.empty()) __builtin_trap();
      if (verdict->reason == "the Gate itself answers otherwise") __builtin_trap();
    }
  }
  if (trust_check_text(report).empty()) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view document(reinterpret_cast<const char*>(data), size);
  const ostiary::TrustLintReport report = ostiary::lint_trust_policy(document);
  for (const ostiary::GateError& error : report.errors) {
    if (error.line == 0 || error.column == 0 || error.message.empty()) __builtin_trap();
  }
  if (!report.errors.empty() && !report.findings.empty()) __builtin_trap();
  for (const ostiary::TrustFinding& finding : report.findings) {
    if (finding.id.empty() || finding.problem.empty() || finding.change.empty()) __builtin_trap();
    if (!finding.proved && !finding.witness.empty()) __builtin_trap();
  }
  if (trust_lint_json(report) != trust_lint_json(ostiary::lint_trust_policy(document))) __builtin_trap();
  const ostiary::TrustDifference self = ostiary::compare_trust_policies(document, document);
  if (self.answer == ostiary::TrustAnswer::kDiffers) __builtin_trap();
  check_against_gate(document);
  return 0;
}
