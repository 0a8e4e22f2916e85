// The claims that verification looks at, found by name once.
#pragma once

#include "adapt/json.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ostiary {

/// Registered claims (RFC 7519 §4.1, OpenID Connect, RFC 9068, RFC 9449) and the marks of each kind of token.
enum class ClaimId : std::uint8_t {
  kIss,
  kSub,
  kAud,
  kExp,
  kNbf,
  kIat,
  kJti,
  kScp,
  kAzp,
  kSid,
  kTxn,
  kHtm,
  kHtu,
  kScope,
  kNonce,
  kCHash,
  kSHash,
  kAtHash,
  kEvents,
  kReqWl,
  kClientId,
};

inline constexpr std::size_t kClaimIdCount = 21;

/// Borrows the parsed payload.
class Claims {
 public:
  Claims() = default;
  /// Of the object values[0].
  explicit Claims(std::span<const adapt::JsonValue> values) noexcept;

  /// The claim, or nullptr.
  [[nodiscard]] const adapt::JsonValue* operator[](ClaimId id) const noexcept {
    return places_[static_cast<std::size_t>(id)];
  }
  [[nodiscard]] bool has(ClaimId id) const noexcept { return (*this)[id] != nullptr; }

  /// The text of a claim; data() is nullptr when it is absent or no text.
  [[nodiscard]] std::string_view text(ClaimId id) const noexcept {
    const adapt::JsonValue* value = (*this)[id];
    return value != nullptr && value->kind == adapt::JsonKind::kText ? value->text : std::string_view();
  }

 private:
  std::array<const adapt::JsonValue*, kClaimIdCount> places_{};
};

/// NumericDates end here: what a double holds exactly.
inline constexpr std::int64_t kDateEnd = std::int64_t{1} << 53;

/// NumericDate (RFC 7519 §2) in whole seconds; nothing for what is not a number from 0 to 2^53 - 1.
[[nodiscard]] inline std::optional<std::int64_t> date_of(const adapt::JsonValue& value) noexcept {
  if (value.kind == adapt::JsonKind::kInteger && value.integer >= 0 && value.integer < kDateEnd) return value.integer;
  if (value.kind == adapt::JsonKind::kNumber && value.number >= 0 && value.number < static_cast<double>(kDateEnd)) {
    return static_cast<std::int64_t>(std::floor(value.number));
  }
  return std::nullopt;
}

}  // namespace ostiary
