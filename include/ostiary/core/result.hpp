// A value or a Reason. Nothing in the core throws.
#pragma once

#include <ostiary/core/reason.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <type_traits>
#include <utility>

namespace ostiary {

/// Why and where something failed. `offset` counts bytes from the start of the input that was given.
struct Error {
  Reason reason = Reason::kInternal;
  std::uint32_t offset = 0;

  friend constexpr bool operator==(const Error&, const Error&) noexcept = default;
};

/// Either a T or an Error. T must be default-constructible: a failed Result holds a default T, which
/// for every type of Ostiary means "nothing" or "deny". Confined to the thread that holds it.
template <typename T>
class [[nodiscard]] Result {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): `return value;` and `return Error{...};` should read plainly
  constexpr Result(T value) noexcept(std::is_nothrow_move_constructible_v<T>)
      : value_(std::move(value)), error_{Reason::kOk, 0} {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  constexpr Result(Error error) noexcept(std::is_nothrow_default_constructible_v<T>) : error_(error) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  constexpr Result(Reason reason) noexcept(std::is_nothrow_default_constructible_v<T>) : error_{reason, 0} {}

  [[nodiscard]] constexpr bool ok() const noexcept { return error_.reason == Reason::kOk; }
  constexpr explicit operator bool() const noexcept { return ok(); }

  [[nodiscard]] constexpr Error error() const noexcept { return error_; }
  [[nodiscard]] constexpr Reason reason() const noexcept { return error_.reason; }

  [[nodiscard]] constexpr const T& value() const& noexcept { return value_; }
  [[nodiscard]] constexpr T& value() & noexcept { return value_; }
  [[nodiscard]] constexpr T&& value() && noexcept { return std::move(value_); }
  constexpr const T* operator->() const noexcept { return &value_; }
  constexpr const T& operator*() const& noexcept { return value_; }

 private:
  T value_{};
  Error error_;
};

namespace detail {

struct ReasonStatus {
  Reason reason = Reason::kInternal;
  std::uint16_t http_status = 500;
};

consteval std::array<ReasonStatus, std::size(kReasons)> reason_statuses() {
  std::array<ReasonStatus, std::size(kReasons)> statuses{};
  for (std::size_t i = 0; i < statuses.size(); ++i) statuses[i] = {kReasons[i].reason, kReasons[i].http_status};
  return statuses;
}

/// Apart from kReasons, so that a guest that answers with a status does not carry every text.
inline constexpr std::array<ReasonStatus, std::size(kReasons)> kReasonStatuses = reason_statuses();

}  // namespace detail

/// Whether the number is one of the registry's: it may have come from a host of another version. Pure.
[[nodiscard]] constexpr bool is_registered(Reason reason) noexcept {
  for (const detail::ReasonStatus& row : detail::kReasonStatuses) {
    if (row.reason == reason) return true;
  }
  return false;
}

/// What a door answers when this Reason is the final outcome. Pure.
[[nodiscard]] constexpr std::uint16_t http_status_of(Reason reason) noexcept {
  for (const detail::ReasonStatus& row : detail::kReasonStatuses) {
    if (row.reason == reason) return row.http_status;
  }
  return http_status_of(Reason::kInternal);
}

/// The registry row of a Reason. Pure.
[[nodiscard]] constexpr const ReasonInfo& reason_info(Reason reason) noexcept {
  for (const ReasonInfo& info : kReasons) {
    if (info.reason == reason) return info;
  }
  return reason_info(Reason::kInternal);
}

}  // namespace ostiary
