// What is inside a KeySet, for the compiled half of this room only.
#pragma once

#include "adapt/crypto.hpp"

#include <ostiary/token/key_set.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
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

  /// The key of this kid when its algorithm is one of these, or nullptr. Borrows the KeySet.
  [[nodiscard]] static const Entry* find(const KeySet& keys, std::string_view key_id,
                                         AlgorithmSet algorithms) noexcept {
    for (const Entry& entry : keys.impl_->entries) {
      if (entry.info.has_key_id && entry.info.key_id == key_id) {
        return algorithms.contains(entry.info.algorithm) ? &entry : nullptr;
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

  /// The keys of these algorithms. Borrows the KeySet.
  [[nodiscard]] static Candidates candidates(const KeySet& keys, AlgorithmSet algorithms) noexcept {
    Candidates found;
    for (const Entry& entry : keys.impl_->entries) {
      if (!algorithms.contains(entry.info.algorithm)) continue;
      if (found.count == 0) found.first = &entry;
      ++found.count;
    }
    return found;
  }

  [[nodiscard]] static const Entry* find(const KeySet& keys, std::string_view key_id, Algorithm algorithm) noexcept {
    return find(keys, key_id, AlgorithmSet{algorithm});
  }
  [[nodiscard]] static Candidates candidates(const KeySet& keys, Algorithm algorithm) noexcept {
    return candidates(keys, AlgorithmSet{algorithm});
  }
};

}  // namespace ostiary
