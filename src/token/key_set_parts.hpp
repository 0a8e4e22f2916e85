// What is inside a KeySet, for the compiled half of this room only.
#pragma once

#include "adapt/crypto.hpp"

#include <ostiary/token/key_set.hpp>

#include <cstddef>
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
};

class KeySetParts {
 public:
  using Entry = KeySet::Impl::Entry;

  /// The key of this kid and algorithm, or nullptr. Borrows the KeySet.
  [[nodiscard]] static const Entry* find(const KeySet& keys, std::string_view key_id, Algorithm algorithm) noexcept {
    for (const Entry& entry : keys.impl_->entries) {
      if (entry.info.has_key_id && entry.info.key_id == key_id) {
        return entry.info.algorithm == algorithm ? &entry : nullptr;
      }
    }
    return nullptr;
  }

  [[nodiscard]] static std::size_t index_of(const KeySet& keys, const Entry& entry) noexcept {
    return static_cast<std::size_t>(&entry - keys.impl_->entries.data());
  }

  struct Candidates {
    std::size_t count = 0;
    const Entry* first = nullptr;
  };

  /// The keys of this algorithm. Borrows the KeySet.
  [[nodiscard]] static Candidates candidates(const KeySet& keys, Algorithm algorithm) noexcept {
    Candidates found;
    for (const Entry& entry : keys.impl_->entries) {
      if (entry.info.algorithm != algorithm) continue;
      if (found.count == 0) found.first = &entry;
      ++found.count;
    }
    return found;
  }
};

}  // namespace ostiary
