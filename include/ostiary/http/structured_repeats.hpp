// Repeated keys of parameters and dictionaries: the last value in the place of the first (RFC 9651 §4.2.2, §4.2.3.2).
#pragma once

#include <ostiary/core/memory.hpp>
#include <ostiary/http/structured_bare.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ostiary::structured::detail {

inline constexpr std::size_t kFewKeys = 8;  // up to here comparing each with each is the fastest

/// Merges in place, comparing each key with each before it. How many are left.
template <typename Keyed>
std::size_t merge_few(std::span<Keyed> all) noexcept {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::size_t same = 0;
    while (same < kept && all[same].key != all[i].key) ++same;
    if (same != i) all[same] = all[i];
    if (same == kept) ++kept;
  }
  return kept;
}

/// The positions of `all` in the order of their keys, equal keys in the order they stand in. Shorter keys come first,
/// which is as good an order as any and mostly needs no look at the bytes.
template <typename Keyed>
void sort_by_key(std::span<const Keyed> all, std::span<std::uint32_t> order) noexcept {
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint32_t>(i);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const std::string_view left = all[a].key;
    const std::string_view right = all[b].key;
    if (left.size() != right.size()) return left.size() < right.size();
    const int compared = left.compare(right);
    return compared != 0 ? compared < 0 : a < b;
  });
}

/// Merges in place; `order` is that of sort_by_key. How many are left.
template <typename Keyed>
std::size_t merge_sorted(std::span<Keyed> all, std::span<const std::uint32_t> order) noexcept {
  std::size_t begin = 0;
  for (std::size_t i = 1; i <= order.size(); ++i) {
    if (i < order.size() && all[order[i]].key == all[order[begin]].key) continue;
    if (i - begin > 1) all[order[begin]] = all[order[i - 1]];
    for (std::size_t later = begin + 1; later < i; ++later) all[order[later]].key = std::string_view();
    begin = i;
  }
  // A key that was read is never empty.
  const auto gone = std::remove_if(all.begin(), all.end(), [](const Keyed& one) { return one.key.empty(); });
  return static_cast<std::size_t>(gone - all.begin());
}

/// Shortens `all` to one element for each key. Takes n log n time however the keys are chosen.
template <typename Keyed>
bool merge_repeats(Cursor& cursor, std::span<Keyed>& all, bool& repeated) noexcept {
  const std::size_t count = all.size();
  if (count <= 1) return true;
  if (count <= kFewKeys) {
    all = all.first(merge_few(all));
  } else {
    auto* const order = cursor.scratch->allocate<std::uint32_t>(count);
    if (order == nullptr) return cursor.fail(Reason::kUsageScratchTooSmall);
    sort_by_key<Keyed>(all, {order, count});
    all = all.first(merge_sorted(all, std::span<const std::uint32_t>(order, count)));
  }
  repeated = all.size() < count;
  return true;
}

}  // namespace ostiary::structured::detail
