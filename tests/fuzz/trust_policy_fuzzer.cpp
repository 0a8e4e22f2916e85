// Any bytes as a trust policy: errors with a place, or a report that comes out the same again and agrees with itself.
#include <ostiary/authority/trust_policy.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

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
  return 0;
}
