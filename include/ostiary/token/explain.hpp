// Everything that is wrong with a token, for the one who has to find out why it is refused.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/token/verifier.hpp>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace ostiary {

/// What an explanation found. It holds numbers only, nothing of the token.
struct TokenExplanation {
  /// One entry for each rule the token fails, in the order in which verification asks them: the first is the verdict of
  /// verify_token. Empty: the token is good. The offset is the byte of the token where the part concerned begins.
  std::vector<Error> faults;
  /// Whose policy was asked: the issuer that iss names or, when iss names nobody and only one is trusted, that one;
  /// issuers.size() when none could be chosen.
  std::size_t issuer = 0;
  /// Whether the rules of the policy could be asked at all: not of a token whose parts cannot be read.
  bool is_complete = false;
  /// Whether a key was found and the signature checked with it. A wrong one is among the faults.
  bool is_signature_checked = false;
};

/// Asks every rule about a token, where verify_token stops at the first that fails. Checks the signature even when a
/// rule failed before. Off the request path: allocates, and takes as long as all checks together.
/// The faults' Reasons are those of verify_token, NO_MEMORY and USAGE_ARGUMENT included. Pure.
[[nodiscard]] TokenExplanation explain_token(std::string_view token, std::span<const TrustedIssuer> issuers,
                                             const TokenFacts& facts, const Limits& limits = {});

}  // namespace ostiary
