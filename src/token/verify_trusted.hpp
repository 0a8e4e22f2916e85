// Verification for whoever has checked what verify_token is asked, for the compiled half of this room only.
#pragma once

#include "token/scratch_parts.hpp"

#include <ostiary/core/result.hpp>
#include <ostiary/token/identity.hpp>
#include <ostiary/token/verifier.hpp>

#include <span>
#include <string_view>

namespace ostiary {

/// verify_token, except that the policies are known to be usable under the limits of the scratch, the time to be in its
/// range, and the scratch has forgotten the token before.
[[nodiscard]] Result<Identity> verify_trusted(std::string_view token, std::span<const TrustedIssuer> issuers,
                                              const TokenFacts& facts, ScratchParts::Impl& scratch) noexcept;

}  // namespace ostiary
