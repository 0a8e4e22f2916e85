// What every function of the C interface needs: views, size-prefixed structs, errors, and the wall that
// no exception crosses.
#pragma once

#include <ostiary.h>
#include <ostiary/core/limits.hpp>
#include <ostiary/core/reason.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/finding.hpp>
#include <ostiary/token/algorithm.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostiary::capi {

/// The limits of every handle of this interface.
inline constexpr Limits kLimits{};

[[nodiscard]] constexpr ostiary_reason to_c(Reason reason) noexcept { return static_cast<ostiary_reason>(reason); }

[[nodiscard]] constexpr ostiary_bytes to_c(std::string_view view) noexcept { return {view.data(), view.size()}; }

inline constexpr ostiary_bytes kAbsent{nullptr, 0};

/// False for {NULL, n > 0}. {NULL, 0} becomes a view whose data() is null, which the core reads as absent.
[[nodiscard]] inline bool to_view(ostiary_bytes bytes, std::string_view& view) noexcept {
  if (bytes.data == nullptr && bytes.len != 0) return false;
  view = bytes.data == nullptr ? std::string_view() : std::string_view(bytes.data, bytes.len);
  return true;
}

/// Fills the caller's error struct, if there is one of a known size, and returns the reason.
ostiary_reason report(ostiary_error* error, Error what, std::string_view message = {}) noexcept;

[[nodiscard]] inline ostiary_reason refuse_argument(ostiary_error* error, std::string_view message) noexcept {
  return report(error, {Reason::kUsageArgument, 0}, message);
}

/// What is said about a head whose struct cannot be used.
inline constexpr std::string_view kHeadMistake =
    "head: use OSTIARY_HEAD_INIT; flags and reserved must be 0, version one of OSTIARY_HTTP_*, no view {NULL, n > 0}";

/// Copies a size-prefixed struct. A shorter one is fine down to the size it was first released with: what is missing is
/// zero, which is the default of every member. A longer one is fine as long as what this library does not know is zero;
/// silently dropping a constraint would fail open.
template <typename Struct>
[[nodiscard]] Reason copy_struct(const Struct* from, Struct& to, std::uint32_t known_flags = 0,
                                 std::size_t first_size = sizeof(Struct)) noexcept {
  std::uint32_t size = 0;
  std::memcpy(&size, from, sizeof(size));
  if (size < first_size) return Reason::kUsageStructSize;
  const auto* const bytes = reinterpret_cast<const unsigned char*>(from);
  const std::size_t known = std::min<std::size_t>(size, sizeof(Struct));
  if (std::any_of(bytes + known, bytes + size, [](unsigned char b) { return b != 0; })) {
    return Reason::kUsageUnknownOption;
  }
  to = Struct{};
  std::memcpy(&to, from, known);
  return (to.flags & ~known_flags) == 0 ? Reason::kOk : Reason::kUsageUnknownOption;
}

/// Fills the caller's size-prefixed struct as far as it reaches and tells it how far that is. Reasons:
/// USAGE_STRUCT_SIZE.
template <typename Struct>
[[nodiscard]] ostiary_reason fill_struct(Struct value, Struct* out, std::size_t first_size = sizeof(Struct)) noexcept {
  if (out->struct_size < first_size) return OSTIARY_USAGE_STRUCT_SIZE;
  value.struct_size = static_cast<std::uint32_t>(std::min<std::size_t>(out->struct_size, sizeof(Struct)));
  std::memcpy(out, &value, value.struct_size);
  return OSTIARY_OK;
}

/// Copies a list of views; false when one is {NULL, n > 0} or empty, or the list is {NULL, n > 0}.
[[nodiscard]] bool copy_texts(const ostiary_bytes* texts, std::size_t count, std::vector<std::string>& copies);

/// Reads a list of views that name algorithms; false when one names none.
[[nodiscard]] bool read_algorithms(const ostiary_bytes* names, std::size_t count, AlgorithmSet& algorithms) noexcept;

/// Reads a list of rules to waive. Reasons: kUsageArgument for {NULL, n > 0}; kUsageWaiver for a Reason that is no rule
/// or may not be waived, with its index.
[[nodiscard]] Error read_waivers(const ostiary_reason* waived, std::size_t count, RuleSet& rules) noexcept;

[[nodiscard]] inline std::size_t count_rules(const RuleSet& rules) noexcept {
  std::size_t count = 0;
  for (const FindingRule& rule : kFindingRules) {
    if (rules.has(rule.reason)) ++count;
  }
  return count;
}

/// Rule `index` of the set in ascending order; OSTIARY_OK when out of range.
[[nodiscard]] inline ostiary_reason rule_at(const RuleSet& rules, std::size_t index) noexcept {
  for (const FindingRule& rule : kFindingRules) {
    if (rules.has(rule.reason) && index-- == 0) return to_c(rule.reason);
  }
  return OSTIARY_OK;
}

/// Runs `body` and turns whatever escapes into a Reason.
template <typename Body>
[[nodiscard]] ostiary_reason guarded(ostiary_error* error, Body&& body) noexcept {
  try {
    return std::forward<Body>(body)();
  } catch (const std::bad_alloc&) {
    return report(error, {Reason::kNoMemory, 0});
  } catch (...) {
    return report(error, {Reason::kInternal, 0});
  }
}

/// The same for a handle that must not be used again after a defect was caught in the middle of its work.
template <typename Handle, typename Body>
[[nodiscard]] ostiary_reason guarded(Handle& handle, ostiary_error* error, Body&& body) noexcept {
  if (handle.poisoned) return report(error, {Reason::kUsageHandlePoisoned, 0});
  const ostiary_reason outcome = guarded(error, std::forward<Body>(body));
  handle.poisoned = outcome == OSTIARY_INTERNAL;
  return outcome;
}

/// Base of the immutable handles that are shared by counting.
struct Counted {
  std::atomic<std::uint32_t> references{1};
};

template <typename Handle>
Handle* add_reference(Handle* handle) noexcept {
  if (handle != nullptr) handle->references.fetch_add(1, std::memory_order_relaxed);
  return handle;
}

template <typename Handle>
void drop_reference(Handle* handle) noexcept {
  if (handle != nullptr && handle->references.fetch_sub(1, std::memory_order_acq_rel) == 1) delete handle;
}

}  // namespace ostiary::capi
