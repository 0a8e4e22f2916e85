#include "adapt/signing.hpp"
#include "policy/receipt.hpp"
#include "policy/reviews.hpp"

#include <ostiary/policy/boundary.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace ostiary {

namespace {

/// The receipt to which a review of this boundary is added.
Result<ReviewReceipt> receipt_so_far(const GateBoundaryHash& boundary, std::string_view receipt) {
  if (receipt.empty()) return ReviewReceipt{boundary, {}};
  Result<ReviewReceipt> read = read_receipt(receipt);
  if (read && read->boundary != boundary) return Reason::kReceiptBoundary;
  return read;
}

Result<GateReview> sign_review(const GateBoundaryHash& boundary, std::string_view private_pem, std::int64_t date_s) {
  if (date_s < 0 || date_s > kReviewDateMax) return Reason::kUsageArgument;
  const Result<adapt::SigningKey> key = adapt::SigningKey::from_pem(private_pem);
  if (!key) return key.error();
  const auto public_key = key->public_key();
  const auto signature = key->sign(policy::reviewed_text(boundary, date_s));
  if (!public_key || !signature) return Reason::kInternal;
  return GateReview{date_s, gate_key_id(*public_key), *signature};
}

/// In its place, in order of key id.
void put_review(std::vector<GateReview>& reviews, const GateReview& review) {
  std::erase_if(reviews, [&](const GateReview& old) { return old.key_id == review.key_id; });
  const auto is_before = [&](const GateReview& other) { return other.key_id < review.key_id; };
  reviews.insert(std::find_if_not(reviews.begin(), reviews.end(), is_before), review);
}

}  // namespace

Result<GateBoundaryHash> boundary_hash(std::string_view json, const Limits& limits) {
  const CompiledGate compiled = compile_gate(json, limits);
  if (!compiled.ok()) return compiled.errors.front().reason;
  const Result<Gate> gate = Gate::load(compiled.image);
  if (!gate) return gate.error();
  return gate->header().seal.content_hash;
}

Result<std::string> review_boundary(std::string_view json, std::string_view private_pem, std::int64_t date_s,
                                    std::string_view receipt, const Limits& limits) {
  const Result<GateBoundaryHash> hash = boundary_hash(json, limits);
  if (!hash) return hash.error();
  Result<ReviewReceipt> extended = receipt_so_far(*hash, receipt);
  if (!extended) return extended.error();
  const Result<GateReview> review = sign_review(*hash, private_pem, date_s);
  if (!review) return review.error();
  put_review(extended.value().reviews, *review);
  if (extended->reviews.size() > kReviewsMax) return Reason::kUsageArgument;
  return policy::receipt_json(*extended);
}

Result<std::vector<GateReview>> check_receipt(const GateBoundaryHash& boundary, std::string_view receipt,
                                              const ReviewTrust& trust) {
  const Result<ReviewReceipt> read = read_receipt(receipt);
  if (!read) return read.error();
  if (read->boundary != boundary) return Reason::kReceiptBoundary;
  std::vector<GateReview> trusted = policy::trusted_reviews(boundary, read->reviews, trust.keys);
  if (trusted.size() < std::max(trust.reviews_min, 1U)) return Reason::kReceiptReview;
  return trusted;
}

}  // namespace ostiary
