#include "policy/reviews.hpp"

#include "adapt/crypto.hpp"
#include "policy/time_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace ostiary::policy {

namespace {

template <std::size_t kSize>
std::string_view text_of(const std::array<std::uint8_t, kSize>& bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool is_by(const GatePublicKey& key, const GateBoundaryHash& boundary, const GateReview& review,
           adapt::SignatureContext& context) {
  if (gate_key_id(key) != review.key_id) return false;
  const auto prepared = adapt::PublicKey::edwards(adapt::SignatureScheme::kEd25519, text_of(key));
  return prepared && context.verify(*prepared, reviewed_text(boundary, review.date_s), text_of(review.signature));
}

}  // namespace

std::string reviewed_text(const GateBoundaryHash& boundary, std::int64_t date_s) {
  return std::string(kReviewContext).append(text_of(boundary)).append(time_text(date_s));
}

std::vector<GateReview> trusted_reviews(const GateBoundaryHash& boundary, std::span<const GateReview> reviews,
                                        std::span<const GatePublicKey> keys) {
  adapt::SignatureContext context;
  std::vector<GateReview> trusted;
  for (const GateReview& review : reviews) {
    const auto made_it = [&](const GatePublicKey& key) { return is_by(key, boundary, review, context); };
    if (std::any_of(keys.begin(), keys.end(), made_it)) trusted.push_back(review);
  }
  return trusted;
}

}  // namespace ostiary::policy
