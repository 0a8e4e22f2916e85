// Loading Gates that must have been proved inside a boundary.
#include "support/proved_gate.hpp"

#include "policy/compile_source.hpp"
#include "policy/seal.hpp"
#include "policy/write_image.hpp"

#include <ostiary/policy/gate.hpp>
#include <ostiary/policy/gate_text.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::int64_t kDate = 1767225599;  // 2025-12-31T23:59:59Z

/// The image with checksum and content hash made right again, without a signature.
std::string mended(std::string image) {
  const std::uint64_t checksum = detail::image_checksum(std::string_view(image).substr(sizeof(GateHeader)));
  std::memcpy(image.data() + offsetof(GateHeader, checksum), &checksum, sizeof(checksum));
  EXPECT_TRUE(policy::write_content_hash(image));
  return image;
}

template <typename Change>
std::string with_boundary(std::string image, Change change) {
  GateHeader header;
  std::memcpy(&header, image.data(), sizeof(header));
  change(header.boundary);
  std::memcpy(image.data(), &header, sizeof(header));
  return mended(std::move(image));
}

template <typename Change>
std::string with_review(std::string image, std::uint32_t row, Change change) {
  const Gate gate = Gate::load(image).value();
  GateReview review = gate.review(row);
  change(review);
  const std::size_t at = gate.header().boundary.reviews.offset + row * sizeof(GateReview);
  std::memcpy(image.data() + at, &review, sizeof(review));
  return mended(std::move(image));
}

class ProvedGate : public ::testing::Test {
 protected:
  ProvedGate() {
    const std::string first = *review_boundary(boundary_, ann_.pair.private_pem, kDate);
    receipt_ = *review_boundary(boundary_, bob_.pair.private_pem, kDate, first);
    image_ = proved_gate(small_gate("gate"), {boundary_, receipt_, {reviewers_}}).image;
  }

  [[nodiscard]] Reason load(const std::string& image) const {
    const GateTrust trust{.keys = makers_,
                          .version_min = version_min_,
                          .required = required_,
                          .boundary = pinned_,
                          .reviewer_keys = reviewers_,
                          .reviews_min = reviews_min_};
    return load_signed_gate(image, trust).reason();
  }
  /// As whoever makes Gates signs it.
  [[nodiscard]] Reason load_signed(const std::string& image) const {
    return load(*sign_gate(image, maker_.pair.private_pem));
  }

  Signer maker_{9};
  Signer ann_{1};
  Signer bob_{2};
  std::string boundary_ = small_gate("bound");
  std::string receipt_;
  std::string image_;
  std::string plain_ = compile_gate(small_gate("gate")).image;

  std::vector<GatePublicKey> makers_{maker_.key};
  std::vector<GatePublicKey> reviewers_{ann_.key, bob_.key};
  std::optional<GateBoundaryHash> pinned_ = boundary_hash(boundary_).value();
  std::uint32_t reviews_min_ = 2;
  std::uint64_t version_min_ = 0;
  bool required_ = true;
};

TEST_F(ProvedGate, LoadsWhereItsBoundaryIsPinned) {
  EXPECT_EQ(load_signed(image_), Reason::kOk);
  reviewers_.clear();
  reviews_min_ = 0;
  EXPECT_EQ(load_signed(image_), Reason::kOk) << "the pin alone";
  pinned_.reset();
  EXPECT_EQ(load_signed(image_), Reason::kOk) << "a proof that nobody asks for does no harm";
}

TEST_F(ProvedGate, AnImageWithoutProofDoesNotLoadOnceOneIsAskedFor) {
  EXPECT_EQ(load_signed(plain_), Reason::kImageUnproved);
  pinned_.reset();
  reviews_min_ = 0;
  EXPECT_EQ(load_signed(plain_), Reason::kImageUnproved) << "reviewers ask for one";
  reviewers_.clear();
  reviews_min_ = 1;
  EXPECT_EQ(load_signed(plain_), Reason::kImageUnproved) << "a number of reviews asks for one";
  reviews_min_ = 0;
  EXPECT_EQ(load_signed(plain_), Reason::kOk);
  pinned_ = GateBoundaryHash{};
  EXPECT_EQ(load_signed(plain_), Reason::kImageUnproved) << "its zeros are no boundary";
}

TEST_F(ProvedGate, AnImageOfAnotherBoundaryDoesNotLoad) {
  pinned_ = boundary_hash(small_gate("other")).value();
  EXPECT_EQ(load_signed(image_), Reason::kImageBoundary);
  pinned_.reset();
  EXPECT_EQ(load_signed(image_), Reason::kOk) << "any that these reviewers have reviewed";
}

TEST_F(ProvedGate, EnoughTrustedReviewersMustHaveSigned) {
  reviews_min_ = 3;
  EXPECT_EQ(load_signed(image_), Reason::kImageReview);
  reviews_min_ = 2;
  reviewers_ = {ann_.key, ann_.key};
  EXPECT_EQ(load_signed(image_), Reason::kImageReview);
  reviews_min_ = 1;
  EXPECT_EQ(load_signed(image_), Reason::kOk);
  reviews_min_ = 0;
  reviewers_ = {Signer(3).key};
  EXPECT_EQ(load_signed(image_), Reason::kImageReview) << "whoever is named must have signed";
  reviewers_.clear();
  reviews_min_ = 1;
  EXPECT_EQ(load_signed(image_), Reason::kImageReview) << "nobody is trusted";
}

TEST_F(ProvedGate, ReviewsOfAnotherBoundaryDoNotCount) {
  const GateBoundaryHash other = boundary_hash(small_gate("other")).value();
  pinned_ = other;
  EXPECT_EQ(load_signed(with_boundary(image_, [&](GateBoundary& block) { block.hash = other; })), Reason::kImageReview);
}

TEST_F(ProvedGate, AReviewWithAnotherDateDoesNotCount) {
  EXPECT_EQ(load_signed(with_review(image_, 0, [](GateReview& review) { ++review.date_s; })), Reason::kImageReview);
  EXPECT_EQ(load_signed(with_review(image_, 1, [](GateReview& review) { review.signature[5] ^= 1; })),
            Reason::kImageReview);
}

TEST_F(ProvedGate, AProofIsWorthWhatTheSignatureIsWorth) {
  EXPECT_EQ(load(image_), Reason::kImageUnsigned);
  required_ = false;
  EXPECT_EQ(load(image_), Reason::kImageUnsigned);
  makers_.clear();
  EXPECT_EQ(load(image_), Reason::kImageUnsigned) << "else anybody could write that it was proved";
  EXPECT_EQ(load_signed(image_), Reason::kImageSignature);
}

TEST_F(ProvedGate, IsRefusedForAuthenticityAndAgeFirst) {
  EXPECT_EQ(load(*sign_gate(plain_, Signer(8).pair.private_pem)), Reason::kImageSignature);
  version_min_ = 2;
  EXPECT_EQ(load_signed(plain_), Reason::kImageRollback);
}

TEST_F(ProvedGate, TheSignatureCoversTheProof) {
  const std::string image = *sign_gate(image_, maker_.pair.private_pem);
  for (std::size_t at = offsetof(GateHeader, boundary); at < offsetof(GateHeader, boundary) + sizeof(GateBoundary);
       ++at) {
    std::string changed = image;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    ASSERT_EQ(load(changed), Reason::kImageDamaged) << at;
    GateSeal seal = Gate::load(image)->header().seal;
    seal.content_hash = policy::content_hash_of(changed).value();
    policy::write_seal(changed, seal);
    ASSERT_EQ(load(changed), Reason::kImageSignature) << at;
  }
}

TEST_F(ProvedGate, AProverThatIsTooOldHasProvedNothing) {
  static_assert(kGateProver >= kGateProverMin && kGateProverMin > 0);
  EXPECT_EQ(load_signed(with_boundary(image_, [](GateBoundary& b) { b.prover = kGateProverMin; })), Reason::kOk);
  EXPECT_EQ(load_signed(with_boundary(image_, [](GateBoundary& b) { b.prover = kGateProver + 1; })), Reason::kOk);
  const std::string blank = with_boundary(image_, [](GateBoundary& b) { b = {}; });
  EXPECT_EQ(load_signed(blank), Reason::kImageUnproved);
}

TEST_F(ProvedGate, ABlockThatContradictsItselfIsDamaged) {
  const auto damaged = [&](auto change) { return Gate::load(with_boundary(image_, change)).reason(); };
  EXPECT_EQ(damaged([](GateBoundary&) {}), Reason::kOk);
  EXPECT_EQ(damaged([](GateBoundary& b) { b.prover = 0; }), Reason::kImageDamaged);
  EXPECT_EQ(damaged([](GateBoundary& b) { b.reserved = 1; }), Reason::kImageDamaged);
  EXPECT_EQ(damaged([](GateBoundary& b) { b.reviews.count = kReviewsMax + 1; }), Reason::kImageDamaged);
  EXPECT_EQ(damaged([](GateBoundary& b) { b.reviews.count = UINT32_MAX; }), Reason::kImageDamaged);
  EXPECT_EQ(damaged([](GateBoundary& b) { b.reviews.offset = UINT32_MAX; }), Reason::kImageDamaged);
  EXPECT_EQ(damaged([](GateBoundary& b) { b = {{}, 0, 0, {}}; }), Reason::kOk);
  EXPECT_EQ(damaged([](GateBoundary& b) { b = {{1}, 0, 0, {}}; }), Reason::kImageDamaged);
  EXPECT_EQ(damaged([](GateBoundary& b) { b = {{}, 0, 1, {}}; }), Reason::kImageDamaged);
  EXPECT_EQ(damaged([](GateBoundary& b) { b = {{}, 0, 0, {1, 0}}; }), Reason::kImageDamaged);
  EXPECT_EQ(damaged([](GateBoundary& b) { b = {{}, 0, 0, {0, 1}}; }), Reason::kImageDamaged);
}

TEST_F(ProvedGate, ThereAreNoMoreReviewsThanTheLimit) {
  policy::Diagnostics diagnostics(boundary_);
  const policy::GateSource source = policy::parse_source(boundary_, {}, diagnostics).value();
  policy::BoundaryMark mark{{}, kGateProver, {}};
  const auto loaded = [&] { return Gate::load(policy::write_image(source, {}, diagnostics, mark)).reason(); };
  for (std::uint8_t i = 0; i < kReviewsMax; ++i) mark.reviews.push_back({0, {1, i}, {}});
  EXPECT_EQ(loaded(), Reason::kOk);
  mark.reviews.push_back({0, {2}, {}});
  EXPECT_EQ(loaded(), Reason::kImageDamaged);
}

TEST_F(ProvedGate, ReviewsAreDatedAndOfDifferentKeysInOrder) {
  const auto damaged = [&](std::uint32_t row, auto change) {
    return Gate::load(with_review(image_, row, change)).reason();
  };
  const GateReview first = Gate::load(image_)->review(0);
  EXPECT_EQ(damaged(1, [](GateReview&) {}), Reason::kOk);
  EXPECT_EQ(damaged(1, [&](GateReview& r) { r.key_id = first.key_id; }), Reason::kImageDamaged);
  EXPECT_EQ(damaged(1, [](GateReview& r) { r.key_id = {}; }), Reason::kImageDamaged);
  EXPECT_EQ(damaged(0, [](GateReview& r) { r.date_s = -1; }), Reason::kImageDamaged);
  EXPECT_EQ(damaged(0, [](GateReview& r) { r.date_s = 0; }), Reason::kOk);
  EXPECT_EQ(damaged(1, [](GateReview& r) { r.date_s = kReviewDateMax; }), Reason::kOk);
  EXPECT_EQ(damaged(1, [](GateReview& r) { r.date_s = kReviewDateMax + 1; }), Reason::kImageDamaged);
}

TEST_F(ProvedGate, IsShownWithItsBoundary) {
  const std::string text = gate_text(Gate::load(image_).value());
  EXPECT_THAT(text, HasSubstr("boundary"));
  EXPECT_THAT(text, HasSubstr("2025-12-31T23:59:59Z"));
  EXPECT_THAT(gate_json(Gate::load(image_).value()), HasSubstr("\"prover\": 1"));
  EXPECT_THAT(gate_text(Gate::load(plain_).value()), Not(HasSubstr("boundary")));
  EXPECT_THAT(gate_json(Gate::load(plain_).value()), HasSubstr("\"boundary\": null"));
}

}  // namespace
}  // namespace ostiary::test
