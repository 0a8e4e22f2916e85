// The signatures of reviewers, in receipts and in images alike.
#pragma once

#include <ostiary/policy/gate_boundary.hpp>
#include <ostiary/policy/signed_gate.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ostiary::policy {

/// What a review of this date signs.
[[nodiscard]] std::string reviewed_text(const GateBoundaryHash& boundary, std::int64_t date_s);

/// Those by one of the keys whose signatures are right, in their order.
[[nodiscard]] std::vector<GateReview> trusted_reviews(const GateBoundaryHash& boundary,
                                                      std::span<const GateReview> reviews,
                                                      std::span<const GatePublicKey> keys);

}  // namespace ostiary::policy
