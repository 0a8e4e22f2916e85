// Repeated keys of parameters and dictionaries: the last value in the place of the first (RFC 9651 §4.2.2, §4.2.3.2).
#pragma once

#include <ostiary/core/memory.hpp>
#include <ostiary/http/structured_bare.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
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

/// A key and where it stands.
struct KeyPlace {
  std::uint64_t tail = 0;  ///< the last eight bytes, which tell most keys apart
  std::string_view key;
  std::uint32_t place = 0;
};

inline std::uint64_t tail_of(std::string_view key) noexcept {
  const std::size_t size = std::min(key.size(), sizeof(std::uint64_t));
  std::uint64_t tail = 0;
  if (size == sizeof(tail)) {
    std::memcpy(&tail, key.data() + key.size() - size, sizeof(tail));
  } else {
    for (const char c : key) tail = tail << 8 | static_cast<unsigned char>(c);
  }
  return tail;
}

/// An order in which equal keys are neighbours and keep the order they stand in.
inline bool key_before(const KeyPlace& a, const KeyPlace& b) noexcept {
  if (a.tail != b.tail) return a.tail < b.tail;
  if (a.key.size() != b.key.size()) return a.key.size() < b.key.size();
  const int compared = a.key.compare(b.key);
  return compared != 0 ? compared < 0 : a.place < b.place;
}

/// Takes n log n time however the keys are chosen. A heap, because std::sort is seven kilobytes of wasm.
inline void sort_keys(std::span<KeyPlace> keys) noexcept {
  std::make_heap(keys.begin(), keys.end(), key_before);
  std::sort_heap(keys.begin(), keys.end(), key_before);
}

/// The keys of `all`, sorted, in scratch memory; nothing when that is used up.
template <typename Keyed>
std::span<const KeyPlace> sorted_keys(std::span<const Keyed> all, Arena& scratch) noexcept {
  KeyPlace* const keys = scratch.allocate<KeyPlace>(all.size());
  if (keys == nullptr) return {};
  for (std::size_t i = 0; i < all.size(); ++i)
    keys[i] = {tail_of(all[i].key), all[i].key, static_cast<std::uint32_t>(i)};
  sort_keys({keys, all.size()});
  return {keys, all.size()};
}

/// Merges in place; `keys` are those of `all`. How many are left.
template <typename Keyed>
std::size_t merge_sorted(std::span<Keyed> all, std::span<const KeyPlace> keys) noexcept {
  bool repeated = false;
  std::size_t begin = 0;
  for (std::size_t i = 1; i < keys.size(); ++i) {
    if (keys[i].tail != keys[begin].tail || keys[i].key != keys[begin].key) {
      begin = i;
      continue;
    }
    repeated = true;
    all[keys[begin].place] = all[keys[i].place];
    all[keys[i].place].key = std::string_view();
  }
  if (!repeated) return all.size();
  // A key that was read is never empty.
  const auto gone = std::remove_if(all.begin(), all.end(), [](const Keyed& one) { return one.key.empty(); });
  return static_cast<std::size_t>(gone - all.begin());
}

/// Shortens `all` to one element for each key.
template <typename Keyed>
bool merge_repeats(Cursor& cursor, std::span<Keyed>& all, bool& repeated) noexcept {
  const std::size_t count = all.size();
  if (count <= 1) return true;
  if (count <= kFewKeys) {
    all = all.first(merge_few(all));
  } else {
    const std::span<const KeyPlace> keys = sorted_keys<Keyed>(all, *cursor.scratch);
    if (keys.empty()) return cursor.fail(Reason::kUsageScratchTooSmall);
    all = all.first(merge_sorted(all, keys));
  }
  repeated = all.size() < count;
  return true;
}

}  // namespace ostiary::structured::detail
