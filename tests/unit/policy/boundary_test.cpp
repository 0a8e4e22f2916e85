// Boundaries: their hash, the receipts of their reviewers, and compiling within one.
#include "support/broken_gate.hpp"
#include "support/bytes_of_hex.hpp"
#include "support/proved_gate.hpp"
#include "support/signing_key.hpp"

#include <ostiary/policy/boundary.hpp>
#include <ostiary/policy/gate.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::test {
namespace {

using policy::BoundaryProof;
using policy::BoundaryVerdict;
using Json = nlohmann::ordered_json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::int64_t kDate = 1767225599;  // 2025-12-31T23:59:59Z

const std::string& boundary() {
  static const std::string json = small_gate("bound");
  return json;
}

GateBoundaryHash hash() { return boundary_hash(boundary()).value(); }

std::string review(const Signer& signer, std::string_view receipt = {}, std::int64_t date_s = kDate) {
  return review_boundary(boundary(), signer.pair.private_pem, date_s, receipt).value();
}

/// Ids of the keys whose reviews count.
std::vector<GateKeyId> ids(const std::vector<GateReview>& reviews) {
  std::vector<GateKeyId> ids;
  for (const GateReview& one : reviews) ids.push_back(one.key_id);
  return ids;
}

Reason check(std::string_view receipt, std::vector<GatePublicKey> keys, std::uint32_t reviews_min = 1) {
  return check_receipt(hash(), receipt, {keys, reviews_min}).reason();
}

TEST(BoundaryHash, IsTheContentHashOfItsImage) {
  const CompiledGate compiled = compile_gate(boundary());
  EXPECT_EQ(hash(), Gate::load(compiled.image)->header().seal.content_hash);
}

TEST(BoundaryHash, DoesNotDependOnHowItIsWritten) {
  const Json source = Json::parse(boundary());
  EXPECT_EQ(boundary_hash(source.dump(4)).value(), hash());
  Json turned = Json::object();
  for (auto member = source.rbegin(); member != source.rend(); ++member) turned[member.key()] = member.value();
  ASSERT_NE(turned.dump(), source.dump());
  EXPECT_EQ(boundary_hash(turned.dump()).value(), hash());
}

TEST(BoundaryHash, DependsOnWhatItSays) {
  EXPECT_NE(boundary_hash(small_gate("other")).value(), hash());
  EXPECT_NE(boundary_hash(small_gate("bound", 2)).value(), hash());
  EXPECT_NE(boundary_hash(replaced(boundary(), "GET", "PUT")).value(), hash());
}

TEST(BoundaryHash, SaysTheFirstErrorOfItsSource) {
  EXPECT_EQ(boundary_hash("{").reason(), Reason::kGateJson);
  EXPECT_EQ(boundary_hash(replaced(boundary(), "GET", "get")).reason(), Reason::kGateValue);
}

TEST(BoundaryHash, IsReadFromLowerCaseOnly) {
  const std::string digits = hex_of_bytes(hash());
  EXPECT_EQ(read_boundary_hash(digits).value(), hash());
  std::string upper = digits;
  std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) { return c >= 'a' ? c - 32 : c; });
  ASSERT_NE(upper, digits);
  const std::string cut = digits.substr(1);
  for (const std::string& bad : {std::string(), upper, cut, digits + "0", cut + "g", cut + " ", "+" + cut}) {
    EXPECT_EQ(read_boundary_hash(bad).reason(), Reason::kUsageArgument) << bad;
  }
}

TEST(Review, IsWhatAnotherImplementationSigns) {
  const SigningKey key = SigningKey::ed25519();
  const std::string receipt = review_boundary(boundary(), key.private_pem(), kDate).value();
  const GateBoundaryHash bytes = hash();
  const std::string signature =
      key.sign("ostiary boundary review 1" + std::string(bytes.begin(), bytes.end()) + "2025-12-31T23:59:59Z");
  const Json json = Json::parse(receipt);
  const GatePublicKey public_key = read_gate_key(key.public_pem()).value();
  EXPECT_EQ(json, Json({{"receipt", 1},
                        {"boundary", hex_of_bytes(bytes)},
                        {"reviews",
                         {{{"key_id", hex_of_bytes(gate_key_id(public_key))},
                           {"date", "2025-12-31T23:59:59Z"},
                           {"signature", hex_of_bytes(signature)}}}}}));
}

TEST(Review, KeepsThoseOfTheOthersWhoeverIsFirst) {
  const Signer ann(1);
  const Signer bob(2);
  const std::string both = review(bob, review(ann));
  EXPECT_EQ(both, review(ann, review(bob)));
  EXPECT_EQ(read_receipt(both)->reviews.size(), 2U);
  EXPECT_EQ(check(both, {ann.key, bob.key}, 2), Reason::kOk);
  EXPECT_EQ(check(both, {bob.key}), Reason::kOk);
}

TEST(Review, ReplacesAnOlderOneByTheSameKey) {
  const Signer ann(1);
  const Signer bob(2);
  const std::string again = review(ann, review(bob, review(ann)), kDate + 1);
  EXPECT_EQ(again, review(bob, review(ann, {}, kDate + 1)));
  EXPECT_EQ(read_receipt(again)->reviews.size(), 2U);
}

TEST(Review, IsRefusedForWhatItCannotStandFor) {
  const Signer ann(1);
  const auto reason = [&](std::string_view json, std::string_view pem, std::int64_t date, std::string_view receipt) {
    return review_boundary(json, pem, date, receipt).reason();
  };
  const std::string& pem = ann.pair.private_pem;
  EXPECT_EQ(reason("{", pem, kDate, {}), Reason::kGateJson);
  EXPECT_EQ(reason(boundary(), "", kDate, {}), Reason::kKeyPem);
  EXPECT_EQ(reason(boundary(), ann.pair.public_pem, kDate, {}), Reason::kKeyPem);
  EXPECT_EQ(reason(boundary(), SigningKey::p256().private_pem(), kDate, {}), Reason::kKeyType);
  EXPECT_EQ(reason(boundary(), pem, -1, {}), Reason::kUsageArgument);
  EXPECT_EQ(reason(boundary(), pem, 0, {}), Reason::kOk);
  EXPECT_EQ(reason(boundary(), pem, kReviewDateMax, {}), Reason::kOk);
  EXPECT_EQ(reason(boundary(), pem, kReviewDateMax + 1, {}), Reason::kUsageArgument);
  EXPECT_EQ(reason(boundary(), pem, kDate, " "), Reason::kReceiptFormat);
  EXPECT_EQ(reason(small_gate("other"), pem, kDate, review(ann)), Reason::kReceiptBoundary);
}

TEST(Review, ThereAreNoMoreThanTheLimit) {
  std::string receipt;
  for (std::uint32_t i = 1; i <= kReviewsMax; ++i) receipt = review(Signer(static_cast<std::uint8_t>(i)), receipt);
  EXPECT_EQ(read_receipt(receipt)->reviews.size(), kReviewsMax);
  EXPECT_LE(receipt.size(), kReceiptSizeMax);
  const Signer late(99);
  EXPECT_EQ(review_boundary(boundary(), late.pair.private_pem, kDate, receipt).reason(), Reason::kUsageArgument);
  EXPECT_EQ(review_boundary(boundary(), Signer(1).pair.private_pem, kDate, receipt).reason(), Reason::kOk);
  Json json = Json::parse(receipt);
  Json more = json["reviews"].back();
  more["key_id"] = "ffffffffffffffff";
  json["reviews"].push_back(more);
  EXPECT_EQ(read_receipt(json.dump()).reason(), Reason::kReceiptFormat);
}

TEST(Receipt, ReadsWhatWasWritten) {
  const Signer ann(1);
  const ReviewReceipt receipt = read_receipt(review(ann)).value();
  EXPECT_EQ(receipt.boundary, hash());
  ASSERT_EQ(receipt.reviews.size(), 1U);
  EXPECT_EQ(receipt.reviews[0].key_id, ann.id);
  EXPECT_EQ(receipt.reviews[0].date_s, kDate);
}

/// The receipt with a change, which it must not survive.
Reason read_changed(void (*change)(Json&)) {
  Json json = Json::parse(review(Signer(1), review(Signer(2))));
  change(json);
  return read_receipt(json.dump()).reason();
}

TEST(Receipt, IsStrict) {
  EXPECT_EQ(read_changed([](Json&) {}), Reason::kOk);
  const std::vector<void (*)(Json&)> changes{
      [](Json& j) { j = Json::array(); },
      [](Json& j) { j["receipt"] = 2; },
      [](Json& j) { j["receipt"] = "1"; },
      [](Json& j) { j["receipt"] = 1.0; },
      [](Json& j) { j.erase("receipt"); },
      [](Json& j) { j["why"] = "more"; },
      [](Json& j) { j["boundary"] = 7; },
      [](Json& j) { j["boundary"] = std::string(64, 'A'); },
      [](Json& j) { j["boundary"] = std::string(62, '0'); },
      [](Json& j) { j["boundary"] = std::string(66, '0'); },
      [](Json& j) { j["reviews"] = Json::array(); },
      [](Json& j) { j["reviews"] = "none"; },
      [](Json& j) { j["reviews"][0] = 1; },
      [](Json& j) { j["reviews"][0]["name"] = "ann"; },
      [](Json& j) { j["reviews"][0].erase("date"); },
      [](Json& j) { j["reviews"][0]["date"] = 1767225599; },
      [](Json& j) { j["reviews"][0]["date"] = "2025-12-31"; },
      [](Json& j) { j["reviews"][0]["date"] = "2025-12-31T23:59:59+00:00"; },
      [](Json& j) { j["reviews"][0]["date"] = "2025-02-30T23:59:59Z"; },
      [](Json& j) { j["reviews"][0]["date"] = "1969-12-31T23:59:59Z"; },
      [](Json& j) { j["reviews"][0]["key_id"] = "00"; },
      [](Json& j) { j["reviews"][0]["key_id"] = nullptr; },
      [](Json& j) { j["reviews"][0]["signature"] = std::string(128, 'g'); },
      [](Json& j) { j["reviews"][1] = j["reviews"][0]; },
      [](Json& j) { std::swap(j["reviews"][0], j["reviews"][1]); },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) EXPECT_EQ(read_changed(changes[i]), Reason::kReceiptFormat) << i;
  const std::string good = review(Signer(1));
  EXPECT_EQ(read_receipt("").reason(), Reason::kReceiptFormat);
  EXPECT_EQ(read_receipt(good + "{}").reason(), Reason::kReceiptFormat);
  EXPECT_EQ(read_receipt(replaced(good, "{", R"({"receipt": 1, )")).reason(), Reason::kReceiptFormat);
  EXPECT_EQ(read_receipt(good + std::string(kReceiptSizeMax - good.size(), ' ')).reason(), Reason::kOk);
  EXPECT_EQ(read_receipt(good + std::string(kReceiptSizeMax - good.size() + 1, ' ')).reason(), Reason::kReceiptFormat);
}

TEST(Receipt, CountsOnlyTrustedReviewers) {
  const Signer ann(1);
  const Signer bob(2);
  const Signer eve(3);
  const std::string both = review(eve, review(ann));
  const std::vector<GatePublicKey> keys{ann.key, bob.key};
  EXPECT_THAT(ids(check_receipt(hash(), both, {keys}).value()), ElementsAre(ann.id));
  EXPECT_EQ(check(both, keys, 2), Reason::kReceiptReview);
  EXPECT_EQ(check(both, {ann.key, ann.key}, 2), Reason::kReceiptReview) << "one reviewer, however often he is trusted";
  EXPECT_EQ(check(both, {bob.key}), Reason::kReceiptReview);
  EXPECT_EQ(check(both, {}), Reason::kReceiptReview);
  EXPECT_EQ(check(both, {}, 0), Reason::kReceiptReview) << "none is never enough";
  EXPECT_EQ(check(both, {ann.key}, 0), Reason::kOk);
}

TEST(Receipt, IsOfOneBoundary) {
  const Signer ann(1);
  const GateBoundaryHash other = boundary_hash(small_gate("other")).value();
  const std::vector<GatePublicKey> keys{ann.key};
  EXPECT_EQ(check_receipt(other, review(ann), {keys}).reason(), Reason::kReceiptBoundary);
  // Saying so is not enough: the signature is over the hash.
  Json json = Json::parse(review(ann));
  json["boundary"] = hex_of_bytes(other);
  EXPECT_EQ(check_receipt(other, json.dump(), {keys}).reason(), Reason::kReceiptReview);
}

TEST(Receipt, SignatureCoversTheDateAndBelongsToItsKey) {
  const Signer ann(1);
  const Signer bob(2);
  const std::string good = review(ann);
  EXPECT_EQ(check(good, {ann.key}), Reason::kOk);
  Json json = Json::parse(good);
  json["reviews"][0]["date"] = "2026-01-01T00:00:00Z";
  EXPECT_EQ(check(json.dump(), {ann.key}), Reason::kReceiptReview);
  json = Json::parse(good);
  json["reviews"][0]["key_id"] = hex_of_bytes(bob.id);
  EXPECT_EQ(check(json.dump(), {ann.key, bob.key}), Reason::kReceiptReview);
  std::string digits = Json::parse(good)["reviews"][0]["signature"];
  for (std::size_t i = 0; i < digits.size(); ++i) {
    std::string changed = digits;
    changed[i] = changed[i] == '0' ? '1' : '0';
    json = Json::parse(good);
    json["reviews"][0]["signature"] = changed;
    ASSERT_EQ(check(json.dump(), {ann.key}), Reason::kReceiptReview) << i;
  }
}

TEST(Receipt, ASignatureOfAGateIsNoReview) {
  const Signer ann(1);
  const std::string image = sign_gate(compile_gate(boundary()).image, ann.pair.private_pem).value();
  Json json = Json::parse(review(ann));
  json["reviews"][0]["signature"] = hex_of_bytes(Gate::load(image)->header().seal.signature);
  EXPECT_EQ(check(json.dump(), {ann.key}), Reason::kReceiptReview);
}

class CompileWithin : public ::testing::Test {
 protected:
  CompiledGate compile(policy::Prover prove, std::string_view json) const {
    return policy::compile_within(json, {boundary_, receipt_, {keys_, reviews_min_}}, {}, prove);
  }
  CompiledGate compile(policy::Prover prove = says_inside) const { return compile(prove, small_gate("gate")); }

  /// The one error about the whole.
  static const GateError& error_of(const CompiledGate& compiled) {
    EXPECT_TRUE(compiled.image.empty());
    EXPECT_EQ(compiled.errors.size(), 1U);
    static const GateError none{Reason::kOk, 0, 0, {}};
    return compiled.errors.empty() ? none : compiled.errors.front();
  }

  Signer ann_{1};
  Signer bob_{2};
  std::string boundary_ = boundary();
  std::string receipt_ = review(bob_, review(ann_));
  std::vector<GatePublicKey> keys_{ann_.key, bob_.key};
  std::uint32_t reviews_min_ = 2;
};

TEST_F(CompileWithin, RecordsBoundaryReviewsAndProver) {
  const CompiledGate compiled = compile();
  ASSERT_TRUE(compiled.ok()) << error_of(compiled).message;
  const Gate gate = Gate::load(compiled.image).value();
  const GateBoundary& block = gate.header().boundary;
  EXPECT_EQ(block.hash, hash());
  EXPECT_EQ(block.prover, kGateProver);
  ASSERT_EQ(block.reviews.count, 2U);
  EXPECT_THAT(ids({gate.review(0), gate.review(1)}),
              ElementsAre(std::min(ann_.id, bob_.id), std::max(ann_.id, bob_.id)));
  EXPECT_EQ(gate.review(1).date_s, kDate);
  EXPECT_EQ(gate.review(1).signature, read_receipt(receipt_)->reviews[1].signature);
  EXPECT_EQ(compiled.image, compile().image) << "the same input gives the same bytes";
}

TEST_F(CompileWithin, ChangesNothingElse) {
  const CompiledGate compiled = compile();
  const std::string plain = compile_gate(small_gate("gate")).image;
  const Gate without = Gate::load(plain).value();
  const Gate gate = Gate::load(compiled.image).value();
  EXPECT_TRUE(without.header().boundary.is_blank());
  EXPECT_EQ(compiled.image.size(), plain.size() + 2 * sizeof(GateReview));
  EXPECT_EQ(gate.header().routes.count, without.header().routes.count);
  EXPECT_EQ(gate.name(), without.name());
  EXPECT_NE(gate.header().seal.content_hash, without.header().seal.content_hash) << "the hash covers the proof";
}

TEST_F(CompileWithin, RecordsOnlyReviewsThatCount) {
  receipt_ = review(Signer(3), receipt_);
  const CompiledGate compiled = compile();
  EXPECT_EQ(Gate::load(compiled.image)->header().boundary.reviews.count, 2U);
}

TEST_F(CompileWithin, NothingIsMarkedThatIsNotProved) {
  const GateError outside = error_of(compile([](std::string_view, std::string_view, const Limits&) {
    return BoundaryProof{BoundaryVerdict::kOutside, {3, 7}, "GET https://a.example/secret"};
  }));
  EXPECT_EQ(outside.reason, Reason::kGateOutside);
  EXPECT_EQ(outside.line, 3U);
  EXPECT_EQ(outside.column, 7U);
  EXPECT_THAT(outside.message, HasSubstr("GET https://a.example/secret"));
  const GateError open = error_of(compile([](std::string_view, std::string_view, const Limits&) {
    return BoundaryProof{BoundaryVerdict::kNotProved, {}, "the budget is spent"};
  }));
  EXPECT_EQ(open.reason, Reason::kGateNotProved);
  EXPECT_THAT(open.message, HasSubstr("the budget is spent"));
  EXPECT_EQ(error_of(compile([](std::string_view, std::string_view, const Limits&) { return BoundaryProof{}; })).reason,
            Reason::kGateNotProved);
}

TEST_F(CompileWithin, TheProverIsAskedAboutTheseTwo) {
  const CompiledGate compiled = compile([](std::string_view gate, std::string_view bound, const Limits&) {
    const bool right = gate == small_gate("gate") && bound == boundary();
    return BoundaryProof{right ? BoundaryVerdict::kInside : BoundaryVerdict::kOutside, {}, {}};
  });
  EXPECT_TRUE(compiled.ok());
}

TEST_F(CompileWithin, AsksTheProver) {
  const auto within = [&](std::string_view json) {
    return compile_gate_within(json, {boundary_, receipt_, {keys_, reviews_min_}});
  };
  EXPECT_EQ(within(small_gate("gate")).image, compile().image);
  const std::string wide = replaced(small_gate("gate"), "[\"GET\"]", "[\"GET\", \"PUT\"]");
  const GateError outside = error_of(within(wide));
  EXPECT_EQ(outside.reason, Reason::kGateOutside);
  EXPECT_EQ("1:" + std::to_string(outside.column), place(wide, R"("all")"));
  EXPECT_THAT(outside.message, HasSubstr("PUT http"));
}

TEST_F(CompileWithin, TheReceiptComesBeforeTheProof) {
  receipt_ = "{}";
  EXPECT_EQ(error_of(compile()).reason, Reason::kReceiptFormat);
  receipt_ = review(ann_);
  EXPECT_EQ(error_of(compile()).reason, Reason::kReceiptReview);
  receipt_ = review_boundary(small_gate("other"), ann_.pair.private_pem, kDate).value();
  EXPECT_EQ(error_of(compile()).reason, Reason::kReceiptBoundary);
  receipt_ = "";
  reviews_min_ = 0;
  EXPECT_EQ(error_of(compile()).reason, Reason::kReceiptFormat) << "a boundary that nobody reviewed bounds nothing";
}

TEST_F(CompileWithin, ErrorsOfTheGateComeFirstThenThoseOfTheBoundary) {
  receipt_ = "{}";
  boundary_ = replaced(boundary(), "GET", "get");
  const CompiledGate broken = compile(says_inside, "\n {");
  EXPECT_EQ(error_of(broken).reason, Reason::kGateJson);
  EXPECT_EQ(error_of(broken).line, 2U);
  const CompiledGate unbound = compile();
  const std::string where = place(boundary_, "\"get\"");
  EXPECT_EQ(error_of(unbound).reason, Reason::kGateValue);
  EXPECT_EQ(error_of(unbound).line, 1U);
  EXPECT_THAT(error_of(unbound).message, HasSubstr("in the boundary, " + where + ": routes[0].methods[0]: "));
}

TEST_F(CompileWithin, ErrorsOfTheBoundaryAreOfBoundedSize) {
  boundary_ = replaced(boundary(), "GET", std::string(5000, 'x'));
  EXPECT_LE(error_of(compile()).message.size(), kGateErrorSizeMax);
}

}  // namespace
}  // namespace ostiary::test
