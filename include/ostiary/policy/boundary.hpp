// Boundaries: what people review, so that a program can prove that every Gate stays inside. See docs/boundaries.md.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/gate_boundary.hpp>
#include <ostiary/policy/signed_gate.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary {

/// Bytes of a review receipt.
inline constexpr std::uint32_t kReceiptSizeMax = 16 * 1024;

/// The content hash of the boundary compiled as a Gate: white space and the order of routes and rules change nothing,
/// and two boundaries of one hash allow the same. Allocates. Pure. Reasons: that of the first error of compile_gate,
/// which says where it is.
[[nodiscard]] Result<GateBoundaryHash> boundary_hash(std::string_view json, const Limits& limits = {});

/// From 64 hexadecimal digits in lower case, as commands and receipts write it. Pure. Reasons: USAGE_ARGUMENT.
[[nodiscard]] Result<GateBoundaryHash> read_boundary_hash(std::string_view digits) noexcept;

/// Who has read which boundary, and when.
struct ReviewReceipt {
  GateBoundaryHash boundary{};
  std::vector<GateReview> reviews;  ///< ascending by key id: one of each reviewer
};

/// Reads the strict JSON of docs/boundaries.md. Whether its signatures are right, check_receipt tells. Allocates. Pure.
/// Reasons: RECEIPT_FORMAT.
[[nodiscard]] Result<ReviewReceipt> read_receipt(std::string_view json);

/// The boundary's receipt with a review by this key besides those that `receipt` holds (empty: there are none yet), in
/// the place of an older one by the same key. The same input gives the same text, whoever signs first. The key is a
/// block PRIVATE KEY (RFC 8410 §7) without password. `date_s` counts seconds since 1970-01-01T00:00:00Z. Allocates.
/// Pure. Reasons: those of boundary_hash, RECEIPT_FORMAT, RECEIPT_BOUNDARY, KEY_PEM, KEY_TYPE (not Ed25519),
/// USAGE_ARGUMENT (a date before 1970 or after 9999, or one more than kReviewsMax reviews), NO_MEMORY, INTERNAL.
[[nodiscard]] Result<std::string> review_boundary(std::string_view json, std::string_view private_pem,
                                                  std::int64_t date_s, std::string_view receipt = {},
                                                  const Limits& limits = {});

/// Whose reviews count. Borrows the keys. Plain data.
struct ReviewTrust {
  std::span<const GatePublicKey> keys{};
  std::uint32_t reviews_min = 1;  ///< by different keys; 0 is taken as 1
};

/// The reviews in the receipt that are by one of these keys and whose signatures are right, ascending by key id: at
/// least as many as are asked for. Others are passed over. Allocates. Pure.
/// Reasons: RECEIPT_FORMAT, RECEIPT_BOUNDARY (it is of another), RECEIPT_REVIEW (too few), INTERNAL.
[[nodiscard]] Result<std::vector<GateReview>> check_receipt(const GateBoundaryHash& boundary, std::string_view receipt,
                                                            const ReviewTrust& trust);

/// A boundary and the proof that it was reviewed. Borrows everything.
struct ReviewedBoundary {
  std::string_view json;
  std::string_view receipt;
  ReviewTrust trust;
};

/// Compiles a Gate that is proved to stay inside the boundary. The image holds the boundary's hash, the reviews that
/// count and the version of the prover; otherwise it is what compile_gate makes of the same JSON. The errors are those
/// of compile_gate; where there are none, those of the boundary; where there are none either, one of RECEIPT_FORMAT,
/// RECEIPT_BOUNDARY, RECEIPT_REVIEW, GATE_OUTSIDE, GATE_NOT_PROVED. Allocates. Pure.
[[nodiscard]] CompiledGate compile_gate_within(std::string_view json, const ReviewedBoundary& boundary,
                                               const Limits& limits = {});

}  // namespace ostiary
