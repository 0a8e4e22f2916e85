// The options of one issuer as settings.
#pragma once

#include "handles.hpp"

namespace ostiary::capi {

/// Reads the caller's options. On failure `error` names the member.
/// Reasons: USAGE_ARGUMENT, USAGE_STRUCT_SIZE, USAGE_UNKNOWN_OPTION; NO_MEMORY by exception.
[[nodiscard]] ostiary_reason read_options(const ostiary_verifier_options* options, IssuerSettings& settings,
                                          ostiary_error* error);

}  // namespace ostiary::capi
