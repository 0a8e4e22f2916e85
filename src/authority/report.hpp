// Parts that the reports about trust policies share.
#pragma once

#include "adapt/outline.hpp"

#include <ostiary/authority/trust_policy.hpp>

#include <string>
#include <vector>

namespace ostiary::authority {

/// "4:7".
[[nodiscard]] std::string place_text(SourcePlace place);
void tell_place(adapt::Outline& object, SourcePlace place);
[[nodiscard]] adapt::Outline token_outline(const TokenExample& token);
[[nodiscard]] adapt::Outline errors_outline(const std::vector<GateError>& errors);
[[nodiscard]] adapt::Outline unmodelled_outline(const std::vector<TrustUnmodelled>& unmodelled);

}  // namespace ostiary::authority
