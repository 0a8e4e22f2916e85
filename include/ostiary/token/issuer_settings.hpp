// The settings for one issuer's tokens as a host keeps them: the owned form of TokenPolicy.
#pragma once

#include <ostiary/token/token_policy.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ostiary {

/// As RequiredText, owned.
struct RequiredMember {
  std::string name;
  std::string value;
};

/// What TokenPolicy says, with memory of its own. The members mean what they mean there.
struct IssuerSettings {
  std::string issuer;
  std::vector<std::string> audiences;
  AlgorithmSet algorithms;
  std::int64_t clock_skew_s = 0;
  TokenProfile profile = TokenProfile::kGeneric;
  AudienceClaim audience_claim = AudienceClaim::kAud;
  TokenEncoding encoding = TokenEncoding::kBase64Url;
  std::int64_t age_max_s = 0;
  std::vector<RequiredMember> required_claims{};
  std::vector<RequiredMember> required_header{};
};

}  // namespace ostiary
