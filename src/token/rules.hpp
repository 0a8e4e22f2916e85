// What a policy asks of a token whose parts could be read: one small rule for each question. Verification stops at the
// first that fails, an explanation asks them all.
#pragma once

#include "adapt/json.hpp"
#include "token/claims.hpp"
#include "token/header.hpp"
#include "token/token_lifetime.hpp"

#include <ostiary/core/limits.hpp>
#include <ostiary/core/reason.hpp>
#include <ostiary/token/algorithm.hpp>
#include <ostiary/token/jws.hpp>
#include <ostiary/token/token_policy.hpp>
#include <ostiary/token/verifier.hpp>

#include <span>
#include <string_view>

namespace ostiary {

/// A token before its signature is checked: everything a rule may look at. Borrows all of it.
struct Presented {
  const CompactJws& jws;
  bool is_padded;  ///< the parts were written with padding
  const Header& header;
  Algorithm algorithm;                       ///< of the key that would check the signature
  std::string_view key_id;                   ///< of that key, whether the header names it or not
  std::span<const adapt::JsonValue> values;  ///< of the payload
  const Claims& claims;
  TokenLifetime lifetime;  ///< see lifetime_of
  const TokenPolicy& policy;
  const TokenFacts& facts;
  const Limits& limits;
};

/// OK or the Reason for which the token is refused.
using TokenRule = Reason (*)(const Presented&) noexcept;

/// Rules about the header, and about the claims, in the order in which they are asked. Static.
[[nodiscard]] std::span<const TokenRule> header_rules() noexcept;
[[nodiscard]] std::span<const TokenRule> claim_rules() noexcept;

/// What the first rule says that does not say OK: the same rules in the same order, as one function.
[[nodiscard]] Reason ask_header_rules(const Presented& token) noexcept;
[[nodiscard]] Reason ask_claim_rules(const Presented& token) noexcept;

/// When a token of these claims is good. A date that is absent, or is none, bounds nothing here: rules ask for it.
[[nodiscard]] TokenLifetime lifetime_of(const Claims& claims, const TokenPolicy& policy) noexcept;

/// Whether a policy is one that TokenPolicy allows.
[[nodiscard]] bool is_usable(const TokenPolicy& policy, const Limits& limits) noexcept;

}  // namespace ostiary
