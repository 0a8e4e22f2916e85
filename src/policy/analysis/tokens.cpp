#include "policy/analysis/tokens.hpp"

#include <ostiary/token/algorithm.hpp>
#include <ostiary/token/identity.hpp>

#include <algorithm>
#include <set>
#include <string_view>

namespace ostiary::policy::analysis {

namespace {

std::string_view profile_name(TokenProfile profile) {
  switch (profile) {
    case TokenProfile::kGeneric: return "generic";
    case TokenProfile::kAccessToken: return "access_token";
    case TokenProfile::kIdToken: return "id_token";
    case TokenProfile::kLogoutToken: return "logout_token";
    case TokenProfile::kTransactionToken: return "transaction_token";
  }
  return {};
}

/// Generic takes access tokens, and ID tokens without what only they must have; it does not take transaction tokens.
bool takes_all_of(TokenProfile profile, TokenProfile other) {
  return profile == other || (profile == TokenProfile::kGeneric && other == TokenProfile::kAccessToken);
}

std::string algorithm_names(std::uint32_t bits) {
  const AlgorithmSet algorithms = AlgorithmSet::from_bits(bits).value_or(AlgorithmSet{});
  std::set<std::string_view> seen;  // some have two names
  std::string names;
  for (const AlgorithmName& known : kAlgorithmNames) {
    const std::string_view name = algorithm_name(known.algorithm);
    if (algorithms.contains(known.algorithm) && seen.insert(name).second)
      names += (names.empty() ? "" : ", ") + std::string(name);
  }
  return names;
}

void compare(const IssuerSource& issuer, const IssuerSource& other, std::vector<std::string>& differences) {
  const std::string tokens = "tokens of " + issuer.issuer.value;
  if (const std::uint32_t more = issuer.algorithms & ~other.algorithms; more != 0) {
    differences.push_back(tokens + " may be signed with " + algorithm_names(more));
  }
  if (issuer.clock_skew_s > other.clock_skew_s) {
    differences.push_back(tokens + " are good for " + std::to_string(issuer.clock_skew_s) +
                          " s beyond their times, not " + std::to_string(other.clock_skew_s) + " s");
  }
  if (!takes_all_of(other.profile, issuer.profile)) {
    differences.push_back(tokens + " are judged by the profile " + std::string(profile_name(issuer.profile)) +
                          ", not " + std::string(profile_name(other.profile)));
  }
}

}  // namespace

std::vector<std::string> looser_tokens(const GateSource& gate, const GateSource& other) {
  std::vector<std::string> differences;
  for (const IssuerSource& issuer : gate.issuers) {
    const auto same = std::find_if(other.issuers.begin(), other.issuers.end(),
                                   [&](const IssuerSource& one) { return one.issuer.value == issuer.issuer.value; });
    // An issuer that the other has not lets nobody in there: that is a matter of requests.
    if (same != other.issuers.end()) compare(issuer, *same, differences);
  }
  return differences;
}

}  // namespace ostiary::policy::analysis
