// The steps that verifying a token and verifying a request share.
#pragma once

#include "handles.hpp"

namespace ostiary::capi {

/// Leaves nothing that a caller could take for proof.
void clear(ostiary_identity& identity) noexcept;

/// Reasons: USAGE_ARGUMENT, USAGE_STRUCT_SIZE, USAGE_UNKNOWN_OPTION.
[[nodiscard]] ostiary_reason read_facts(const ostiary_token_facts* facts, TokenFacts& read,
                                        ostiary_error* error) noexcept;

/// Verifies into a cleared identity.
[[nodiscard]] ostiary_reason verify(const ostiary_verifier& verifier, std::string_view text, const TokenFacts& facts,
                                    ostiary_identity& identity, ostiary_error* error) noexcept;

}  // namespace ostiary::capi
