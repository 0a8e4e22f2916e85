// What is inside a KeySet, for the compiled half of this room only.
#pragma once

#include "adapt/crypto.hpp"

#include <ostiary/token/key_set.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary {

struct KeySet::Impl {
  struct Entry {
    KeyInfo info;
    adapt::PublicKey key;
  };

  std::vector<std::string> key_ids;  ///< never grows once something views into it
  std::vector<Entry> entries;
  std::vector<SkippedKey> skipped;
  std::array<std::uint8_t, 32> fingerprint{};
};

class KeySetParts {
 public:
  using Entry = KeySet::Impl::Entry;

  /// The keys in their order. Borrows the KeySet.
  [[nodiscard]] static std::span<const Entry> entries(const KeySet& keys) noexcept { return keys.impl_->entries; }
};

}  // namespace ostiary
