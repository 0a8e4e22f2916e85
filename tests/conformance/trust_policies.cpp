// The role trust policies of AWS's samples for policy checks: does the candidate let in nobody new?
#include "conformance/report.hpp"

#include <ostiary/authority/trust_policy.hpp>

#include <filesystem>
#include <string>

namespace ostiary::conformance {

namespace {

/// What the documents leave for their readers to fill in.
std::string filled(const nlohmann::json& policy) {
  std::string text = policy.dump();
  const std::string placeholder = "<ACCOUNT ID>";
  for (std::size_t at = text.find(placeholder); at != std::string::npos; at = text.find(placeholder)) {
    text.replace(at, placeholder.size(), "111111111111");
  }
  return text;
}

}  // namespace

void run_trust_policies(Suite& suite, const std::filesystem::path& file) {
  const nlohmann::json cases = read_json(file);
  for (const nlohmann::json& one : cases["cases"]) {
    const std::string document = one["document"];
    if (document.find("role-trust-policies/") == std::string::npos) {
      suite.leave_out("no trust policy", document);
      continue;
    }
    for (const nlohmann::json& candidate : one["candidates"]) {
      const std::string name = document.substr(document.rfind('/') + 1) + " " + candidate["id"].dump();
      const TrustDifference difference = compare_trust_policies(filled(candidate["policy"]), filled(one["reference"]));
      if (!difference.errors.empty()) suite.fail(name, difference.errors.front().message);
      suite.check(name, candidate["expected"] == "pass", difference.answer == TrustAnswer::kAgrees,
                  difference.asker + difference.reason);
    }
  }
}

}  // namespace ostiary::conformance
