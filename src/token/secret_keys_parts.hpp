// What is inside SecretKeys, for the compiled half of this room only.
#pragma once

#include "adapt/crypto.hpp"

#include <ostiary/token/secret_keys.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary {

struct SecretKeys::Impl {
  struct Entry {
    bool has_key_id = false;
    std::string key_id;
    Algorithm algorithm = Algorithm::kHs256;
    adapt::MacKey key;
  };

  std::vector<Entry> entries;
  std::array<std::uint8_t, 32> fingerprint{};
};

class SecretKeysParts {
 public:
  using Entry = SecretKeys::Impl::Entry;

  /// The key of this kid when its algorithm is one of these, or nullptr. Borrows the SecretKeys.
  [[nodiscard]] static const Entry* find(const SecretKeys& keys, std::string_view key_id,
                                         AlgorithmSet algorithms) noexcept {
    for (const Entry& entry : keys.impl_->entries) {
      if (entry.has_key_id && entry.key_id == key_id) {
        return algorithms.contains(entry.algorithm) ? &entry : nullptr;
      }
    }
    return nullptr;
  }

  [[nodiscard]] static std::size_t index_of(const SecretKeys& keys, const Entry& entry) noexcept {
    return static_cast<std::size_t>(&entry - keys.impl_->entries.data());
  }

  struct Candidates {
    std::size_t count = 0;
    const Entry* first = nullptr;
  };

  /// The keys of these algorithms. Borrows the SecretKeys.
  [[nodiscard]] static Candidates candidates(const SecretKeys& keys, AlgorithmSet algorithms) noexcept {
    Candidates found;
    for (const Entry& entry : keys.impl_->entries) {
      if (!algorithms.contains(entry.algorithm)) continue;
      if (found.count == 0) found.first = &entry;
      ++found.count;
    }
    return found;
  }
};

}  // namespace ostiary
