// What is inside SecretKeys, for the compiled half of this room only.
#pragma once

#include "adapt/crypto.hpp"

#include <ostiary/token/secret_keys.hpp>

#include <array>
#include <cstdint>
#include <span>
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

  /// The keys in their order. Borrows the SecretKeys.
  [[nodiscard]] static std::span<const Entry> entries(const SecretKeys& keys) noexcept { return keys.impl_->entries; }
};

}  // namespace ostiary
