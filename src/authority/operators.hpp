// The condition operators of IAM policies.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ostiary::authority {

enum class Compare : std::uint8_t {
  kEquals,
  kEqualsIgnoringCase,
  kLike,
  kNull,
  kOther,  ///< Bool, Numeric…, Date…, IpAddress, Arn…, BinaryEquals: read, not modelled
};

enum class Quantifier : std::uint8_t { kNone, kAnyValue, kAllValues };

struct Operator {
  Compare compare = Compare::kOther;
  Quantifier quantifier = Quantifier::kNone;
  bool negated = false;
  bool if_exists = false;

  [[nodiscard]] bool is_text() const noexcept {
    return compare == Compare::kEquals || compare == Compare::kEqualsIgnoringCase || compare == Compare::kLike;
  }
};

/// Nothing for what IAM knows no operator of (IAM User Guide, "IAM JSON policy elements: Condition operators").
[[nodiscard]] std::optional<Operator> parse_operator(std::string_view name) noexcept;

}  // namespace ostiary::authority
