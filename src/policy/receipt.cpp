#include "policy/receipt.hpp"

#include "adapt/json.hpp"
#include "adapt/outline.hpp"
#include "policy/gate_words.hpp"
#include "policy/time_text.hpp"

#include <ostiary/core/bytes.hpp>
#include <ostiary/policy/boundary.hpp>

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <optional>

namespace ostiary {

namespace {

using adapt::JsonKind;
using adapt::JsonValue;
using Values = std::span<const JsonValue>;

constexpr std::int64_t kReceiptFormat = 1;

/// One form only: two digits in lower case for each byte.
bool read_hex(std::string_view digits, std::span<std::uint8_t> bytes) noexcept {
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'F'; };
  if (digits.size() != bytes.size() * 2 || std::any_of(digits.begin(), digits.end(), is_upper)) return false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const int high = hex_value(digits[2 * i]);
    const int low = hex_value(digits[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return true;
}

bool is_object_of(Values values, std::size_t at, std::initializer_list<std::string_view> names) noexcept {
  const auto is_there = [&](std::string_view name) { return adapt::find_member(values, at, name) != nullptr; };
  // The reader refuses names that stand twice, so as many as there are names are these.
  return values[at].kind == JsonKind::kObject && values[at].count == names.size() &&
         std::all_of(names.begin(), names.end(), is_there);
}

bool read_hex_member(Values values, std::size_t object, std::string_view name, std::span<std::uint8_t> bytes) noexcept {
  const JsonValue* const value = adapt::find_member(values, object, name);
  return value->kind == JsonKind::kText && read_hex(value->text, bytes);
}

std::optional<GateReview> read_review(Values values, std::size_t at) {
  GateReview review;
  if (!is_object_of(values, at, {"key_id", "date", "signature"})) return std::nullopt;
  if (!read_hex_member(values, at, "key_id", review.key_id)) return std::nullopt;
  if (!read_hex_member(values, at, "signature", review.signature)) return std::nullopt;
  const JsonValue* const text = adapt::find_member(values, at, "date");
  if (text->kind != JsonKind::kText) return std::nullopt;
  const std::optional<std::int64_t> date = policy::parse_time(text->text);
  if (!date || *date < 0 || *date > kReviewDateMax) return std::nullopt;
  review.date_s = *date;
  return review;
}

/// In order, with no key twice.
std::optional<std::vector<GateReview>> read_reviews(Values values, std::size_t list) {
  if (values[list].kind != JsonKind::kArray || values[list].count == 0 || values[list].count > kReviewsMax) {
    return std::nullopt;
  }
  std::vector<GateReview> reviews;
  for (std::size_t at = list + 1; at < values[list].end; at = values[at].end) {
    const std::optional<GateReview> review = read_review(values, at);
    if (!review || (!reviews.empty() && reviews.back().key_id >= review->key_id)) return std::nullopt;
    reviews.push_back(*review);
  }
  return reviews;
}

}  // namespace

Result<GateBoundaryHash> read_boundary_hash(std::string_view digits) noexcept {
  GateBoundaryHash hash{};
  if (!read_hex(digits, hash)) return Reason::kUsageArgument;
  return hash;
}

Result<ReviewReceipt> read_receipt(std::string_view json) {
  constexpr std::uint32_t kDepthMax = 4;
  constexpr std::uint32_t kValuesMax = 128;
  adapt::JsonReader reader({kReceiptSizeMax, kDepthMax, kValuesMax, false});
  const adapt::JsonResult parsed = reader.read(json);
  if (parsed.fault != adapt::JsonFault::kNone) return Error{Reason::kReceiptFormat, parsed.offset};
  const Values values = parsed.values;
  if (!is_object_of(values, 0, {"receipt", "boundary", "reviews"})) return Reason::kReceiptFormat;
  const JsonValue* const format = adapt::find_member(values, 0, "receipt");
  if (format->kind != JsonKind::kInteger || format->integer != kReceiptFormat) return Reason::kReceiptFormat;
  ReviewReceipt receipt;
  if (!read_hex_member(values, 0, "boundary", receipt.boundary)) return Reason::kReceiptFormat;
  const auto list = static_cast<std::size_t>(adapt::find_member(values, 0, "reviews") - values.data());
  std::optional<std::vector<GateReview>> reviews = read_reviews(values, list);
  if (!reviews) return Reason::kReceiptFormat;
  receipt.reviews = std::move(*reviews);
  return receipt;
}

namespace policy {

std::string receipt_json(const ReviewReceipt& receipt) {
  adapt::Outline reviews = adapt::Outline::list();
  for (const GateReview& review : receipt.reviews) {
    adapt::Outline one = adapt::Outline::object();
    one.set("key_id", hex_text(review.key_id));
    one.set("date", time_text(review.date_s));
    one.set("signature", hex_text(review.signature));
    reviews.add(std::move(one));
  }
  adapt::Outline document = adapt::Outline::object();
  document.set("receipt", kReceiptFormat);
  document.set("boundary", hex_text(receipt.boundary));
  document.set("reviews", std::move(reviews));
  return document.json();
}

}  // namespace policy

}  // namespace ostiary
