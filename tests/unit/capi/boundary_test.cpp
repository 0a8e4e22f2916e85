// Boundaries, their receipts and the gates within them through the C interface.
#include "handles.hpp"
#include "support/shop.hpp"
#include "support/signing_key.hpp"

#include <ostiary.h>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using ostiary::test::read_shop;
using ostiary::test::SigningKey;
using ostiary_c::bytes;
using ostiary_c::kDangling;
using ostiary_c::text;

constexpr std::int64_t kDate = 1767225599;

/// PEM blocks as the interface takes them.
struct Keys {
  explicit Keys(std::vector<std::string> blocks) : pems(std::move(blocks)) {
    for (const std::string& pem : pems) views.push_back(bytes(pem));
  }
  Keys(const Keys&) = delete;
  Keys& operator=(const Keys&) = delete;

  std::vector<std::string> pems;
  std::vector<ostiary_bytes> views;
};

struct Reviewed : ::testing::Test {
  [[nodiscard]] ostiary_reason review(const SigningKey& key, std::string& into, std::string_view json) const {
    ostiary_report* report = nullptr;
    const std::string pem = key.private_pem();
    const ostiary_reason reason =
        ostiary_boundary_review(bytes(json), bytes(pem), kDate, bytes(into), &report, nullptr);
    EXPECT_EQ(report != nullptr, reason == OSTIARY_OK);
    if (report != nullptr) into = text(ostiary_report_text(report));
    ostiary_report_free(report);
    return reason;
  }

  [[nodiscard]] ostiary_review_trust trust(std::uint32_t reviews_min = 0) const {
    ostiary_review_trust trust = OSTIARY_REVIEW_TRUST_INIT;
    trust.keys = reviewers.views.data();
    trust.key_count = reviewers.views.size();
    trust.reviews_min = reviews_min;
    return trust;
  }

  ostiary_reason compile(std::string_view json, const ostiary_review_trust& demands, ostiary_gate** out,
                         ostiary_error* error = nullptr) const {
    return ostiary_gate_from_json_within(bytes(json), bytes(boundary), bytes(receipt), &demands, out, error);
  }

  void SetUp() override {
    ASSERT_EQ(review(ann, receipt, boundary), OSTIARY_OK);
    ASSERT_EQ(review(bob, receipt, boundary), OSTIARY_OK);
  }

  SigningKey ann = SigningKey::ed25519();
  SigningKey bob = SigningKey::ed25519();
  SigningKey maker = SigningKey::ed25519();
  Keys reviewers{{ann.public_pem(), bob.public_pem()}};
  std::string boundary = read_shop("boundary.json");
  std::string source = read_shop("gate.json");
  std::string receipt;
};

using CBoundary = Reviewed;

TEST_F(CBoundary, HashIsThatOfItsImage) {
  std::array<std::uint8_t, OSTIARY_BOUNDARY_HASH_SIZE> hash{};
  ASSERT_EQ(ostiary_boundary_hash(bytes(boundary), hash.data(), nullptr), OSTIARY_OK);
  ostiary_gate* gate = nullptr;
  ASSERT_EQ(ostiary_gate_from_json(bytes(boundary), &gate, nullptr), OSTIARY_OK);
  constexpr std::size_t kContentHashAt = 32;
  EXPECT_EQ(text(ostiary_gate_image(gate)).substr(kContentHashAt, hash.size()), std::string(hash.begin(), hash.end()));
  EXPECT_EQ(ostiary_gate_boundary(gate).data, nullptr) << "it was not compiled within one";
  EXPECT_EQ(ostiary_gate_boundary(nullptr).data, nullptr);
  ostiary_gate_unref(gate);
  ostiary_error error = OSTIARY_ERROR_INIT;
  EXPECT_EQ(ostiary_boundary_hash(bytes("\n{"), hash.data(), &error), OSTIARY_GATE_JSON);
  EXPECT_EQ(error.line, 2U);
  EXPECT_EQ(hash, decltype(hash){});
  hash.fill(1);
  EXPECT_EQ(ostiary_boundary_hash(kDangling, hash.data(), nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(hash, decltype(hash){});
  EXPECT_EQ(ostiary_boundary_hash(bytes(boundary), nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
}

TEST_F(CBoundary, ReviewsAreCheckedAsTheTrustSays) {
  ostiary_review_trust demands = trust(2);
  const auto check = [&](std::string_view json, std::string_view what) {
    return ostiary_boundary_check(bytes(json), bytes(what), &demands, nullptr);
  };
  EXPECT_EQ(check(boundary, receipt), OSTIARY_OK);
  EXPECT_EQ(check(source, receipt), OSTIARY_RECEIPT_BOUNDARY);
  EXPECT_EQ(check(boundary, "{}"), OSTIARY_RECEIPT_FORMAT);
  EXPECT_EQ(check("{", receipt), OSTIARY_GATE_JSON);
  demands.reviews_min = 3;
  EXPECT_EQ(check(boundary, receipt), OSTIARY_RECEIPT_REVIEW);
  demands.reviews_min = 0;
  demands.key_count = 0;
  EXPECT_EQ(check(boundary, receipt), OSTIARY_RECEIPT_REVIEW);
  demands.reserved = 1;
  EXPECT_EQ(check(boundary, receipt), OSTIARY_USAGE_UNKNOWN_OPTION);
  demands = trust();
  demands.flags = 1;
  EXPECT_EQ(check(boundary, receipt), OSTIARY_USAGE_UNKNOWN_OPTION);
  demands = trust();
  demands.struct_size = 8;
  EXPECT_EQ(check(boundary, receipt), OSTIARY_USAGE_STRUCT_SIZE);
  demands = trust();
  EXPECT_EQ(ostiary_boundary_check(kDangling, bytes(receipt), &demands, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_boundary_check(bytes(boundary), bytes(receipt), nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  demands.keys = nullptr;
  EXPECT_EQ(check(boundary, receipt), OSTIARY_USAGE_ARGUMENT);
}

TEST_F(CBoundary, ReviewIsRefusedForWhatItCannotStandFor) {
  std::string other = receipt;
  EXPECT_EQ(review(ann, other, source), OSTIARY_RECEIPT_BOUNDARY);
  EXPECT_EQ(review(SigningKey::p256(), other, boundary), OSTIARY_KEY_TYPE);
  EXPECT_EQ(review(ann, other, "{"), OSTIARY_GATE_JSON);
  other = "[]";
  EXPECT_EQ(review(ann, other, boundary), OSTIARY_RECEIPT_FORMAT);
  const std::string pem = ann.private_pem();
  ostiary_report* report = nullptr;
  EXPECT_EQ(ostiary_boundary_review(bytes(boundary), bytes(pem), -1, {nullptr, 0}, &report, nullptr),
            OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_boundary_review(bytes(boundary), kDangling, 0, {nullptr, 0}, &report, nullptr),
            OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_boundary_review(bytes(boundary), bytes(pem), 0, {nullptr, 0}, nullptr, nullptr),
            OSTIARY_USAGE_ARGUMENT);
}

TEST_F(CBoundary, GatesAreCompiledWithinOrNotAtAll) {
  ostiary_gate* gate = nullptr;
  ostiary_error error = OSTIARY_ERROR_INIT;
  EXPECT_EQ(compile(source, trust(3), &gate, &error), OSTIARY_RECEIPT_REVIEW);
  std::string wide = source;
  wide.replace(wide.find(R"("methods": ["GET"])"), 18, R"("methods": ["PUT"])");
  EXPECT_EQ(compile(wide, trust(), &gate, &error), OSTIARY_GATE_OUTSIDE);
  EXPECT_EQ(error.count, 1U);
  EXPECT_NE(std::string_view(error.message).find("PUT"), std::string_view::npos) << error.message;
  EXPECT_EQ(compile("{", trust(), &gate, &error), OSTIARY_GATE_JSON);
  EXPECT_EQ(gate, nullptr);
  ostiary_review_trust demands = trust();
  EXPECT_EQ(ostiary_gate_from_json_within(bytes(source), bytes(boundary), kDangling, &demands, &gate, nullptr),
            OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_gate_from_json_within(bytes(source), bytes(boundary), bytes(receipt), nullptr, &gate, nullptr),
            OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(compile(source, trust(), nullptr), OSTIARY_USAGE_ARGUMENT);

  std::array<std::uint8_t, OSTIARY_BOUNDARY_HASH_SIZE> hash{};
  ASSERT_EQ(ostiary_boundary_hash(bytes(boundary), hash.data(), nullptr), OSTIARY_OK);
  ASSERT_EQ(compile(source, trust(2), &gate), OSTIARY_OK);
  EXPECT_EQ(text(ostiary_gate_boundary(gate)), std::string(hash.begin(), hash.end()));
  ostiary_gate_unref(gate);
}

/// A door's demands on images, one changed at a time.
class CProvedGate : public Reviewed {
 protected:
  void SetUp() override {
    Reviewed::SetUp();
    ASSERT_EQ(ostiary_boundary_hash(bytes(boundary), hash.data(), nullptr), OSTIARY_OK);
    ostiary_gate* plain = nullptr;
    ostiary_gate* proved = nullptr;
    ASSERT_EQ(ostiary_gate_from_json(bytes(source), &plain, nullptr), OSTIARY_OK);
    ASSERT_EQ(compile(source, trust(), &proved), OSTIARY_OK);
    plain_image = signed_image(plain);
    image = signed_image(proved);
    door.keys = makers.views.data();
    door.key_count = 1;
    door.boundary = bytes(std::string_view(reinterpret_cast<const char*>(hash.data()), hash.size()));
    door.reviewer_keys = reviewers.views.data();
    door.reviewer_key_count = reviewers.views.size();
    door.reviews_min = 2;
  }

  std::string signed_image(ostiary_gate* gate) const {
    ostiary_gate* out = nullptr;
    const std::string pem = maker.private_pem();
    EXPECT_EQ(ostiary_gate_sign(gate, bytes(pem), &out, nullptr), OSTIARY_OK);
    std::string made = text(ostiary_gate_image(out));
    ostiary_gate_unref(out);
    ostiary_gate_unref(gate);
    return made;
  }

  [[nodiscard]] ostiary_reason load(const std::string& from, ostiary_error* error = nullptr) const {
    ostiary_gate* gate = nullptr;
    const ostiary_reason reason = ostiary_gate_from_signed_image(bytes(from), &door, &gate, error);
    EXPECT_EQ(gate != nullptr, reason == OSTIARY_OK);
    ostiary_gate_unref(gate);
    return reason;
  }

  std::array<std::uint8_t, OSTIARY_BOUNDARY_HASH_SIZE> hash{};
  Keys makers{{maker.public_pem()}};
  std::string plain_image;
  std::string image;
  ostiary_gate_trust door = OSTIARY_GATE_TRUST_INIT;
};

TEST_F(CProvedGate, LoadsWhatMeetsEveryDemand) {
  EXPECT_EQ(load(image), OSTIARY_OK);
  EXPECT_EQ(load(plain_image), OSTIARY_IMAGE_UNPROVED);
  door.reviews_min = 3;
  EXPECT_EQ(load(image), OSTIARY_IMAGE_REVIEW);
  hash[0] ^= 1U;
  EXPECT_EQ(load(image), OSTIARY_IMAGE_BOUNDARY);
}

TEST_F(CProvedGate, AsksNothingThatIsNotGiven) {
  door.boundary = {nullptr, 0};
  EXPECT_EQ(load(plain_image), OSTIARY_IMAGE_UNPROVED);
  EXPECT_EQ(load(image), OSTIARY_OK);
  door.reviewer_key_count = 0;
  EXPECT_EQ(load(image), OSTIARY_IMAGE_REVIEW);
  door.reviews_min = 0;
  EXPECT_EQ(load(plain_image), OSTIARY_OK);
}

TEST_F(CProvedGate, CallersOfTheShorterStructAskNothing) {
  door.struct_size = offsetof(ostiary_gate_trust, boundary);
  EXPECT_EQ(load(plain_image), OSTIARY_OK);
  door.struct_size -= 1;
  EXPECT_EQ(load(plain_image), OSTIARY_USAGE_STRUCT_SIZE);
}

TEST_F(CProvedGate, DemandsThatAreNoneAreRefused) {
  door.boundary.len = 31;
  EXPECT_EQ(load(image), OSTIARY_USAGE_ARGUMENT);
  door.boundary.len = 0;
  EXPECT_EQ(load(image), OSTIARY_USAGE_ARGUMENT) << "empty is not absent";
  door.boundary = kDangling;
  EXPECT_EQ(load(image), OSTIARY_USAGE_ARGUMENT);
  door.boundary = {nullptr, 0};
  door.reserved = 1;
  EXPECT_EQ(load(image), OSTIARY_USAGE_UNKNOWN_OPTION);
  door.reserved = 0;
  const Keys bad({ann.public_pem(), "no key"});
  door.reviewer_keys = bad.views.data();
  ostiary_error error = OSTIARY_ERROR_INIT;
  EXPECT_EQ(load(image, &error), OSTIARY_KEY_PEM);
  EXPECT_EQ(error.offset, 1U);
  door.reviewer_keys = nullptr;
  EXPECT_EQ(load(image), OSTIARY_USAGE_ARGUMENT);
}

}  // namespace
