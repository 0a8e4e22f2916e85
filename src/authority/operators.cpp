#include "authority/operators.hpp"

#include <algorithm>
#include <array>

namespace ostiary::authority {

namespace {

struct Named {
  std::string_view name;
  Compare compare;
  bool negated;
};

constexpr std::array kOperators = {
    Named{"StringEquals", Compare::kEquals, false},
    Named{"StringNotEquals", Compare::kEquals, true},
    Named{"StringEqualsIgnoreCase", Compare::kEqualsIgnoringCase, false},
    Named{"StringNotEqualsIgnoreCase", Compare::kEqualsIgnoringCase, true},
    Named{"StringLike", Compare::kLike, false},
    Named{"StringNotLike", Compare::kLike, true},
    Named{"Null", Compare::kNull, false},
    Named{"Bool", Compare::kOther, false},
    Named{"BinaryEquals", Compare::kOther, false},
    Named{"NumericEquals", Compare::kOther, false},
    Named{"NumericNotEquals", Compare::kOther, true},
    Named{"NumericLessThan", Compare::kOther, false},
    Named{"NumericLessThanEquals", Compare::kOther, false},
    Named{"NumericGreaterThan", Compare::kOther, false},
    Named{"NumericGreaterThanEquals", Compare::kOther, false},
    Named{"DateEquals", Compare::kOther, false},
    Named{"DateNotEquals", Compare::kOther, true},
    Named{"DateLessThan", Compare::kOther, false},
    Named{"DateLessThanEquals", Compare::kOther, false},
    Named{"DateGreaterThan", Compare::kOther, false},
    Named{"DateGreaterThanEquals", Compare::kOther, false},
    Named{"IpAddress", Compare::kOther, false},
    Named{"NotIpAddress", Compare::kOther, true},
    Named{"ArnEquals", Compare::kOther, false},
    Named{"ArnNotEquals", Compare::kOther, true},
    Named{"ArnLike", Compare::kOther, false},
    Named{"ArnNotLike", Compare::kOther, true},
};

[[nodiscard]] bool take_prefix(std::string_view& text, std::string_view prefix) noexcept {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

std::optional<Operator> parse_operator(std::string_view name) noexcept {
  constexpr std::string_view kIfExists = "IfExists";
  Operator found;
  if (take_prefix(name, "ForAnyValue:")) found.quantifier = Quantifier::kAnyValue;
  if (found.quantifier == Quantifier::kNone && take_prefix(name, "ForAllValues:")) {
    found.quantifier = Quantifier::kAllValues;
  }
  if (name.ends_with(kIfExists)) {
    found.if_exists = true;
    name.remove_suffix(kIfExists.size());
  }
  const auto* const known =
      std::find_if(kOperators.begin(), kOperators.end(), [&](const Named& one) { return one.name == name; });
  if (known == kOperators.end()) return std::nullopt;
  found.compare = known->compare;
  found.negated = known->negated;
  // Null itself asks whether the key exists; IAM has no other form of it.
  const bool is_plain = !found.if_exists && found.quantifier == Quantifier::kNone;
  if (found.compare == Compare::kNull && !is_plain) return std::nullopt;
  return found;
}

}  // namespace ostiary::authority
