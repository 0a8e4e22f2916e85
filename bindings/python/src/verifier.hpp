// What verifiers are made of besides keys.
#pragma once

#include "key_set.hpp"

namespace ostiary_python {

/// What the tokens of an issuer must satisfy.
class Settings {
 public:
  explicit Settings(SettingsHandle handle) : handle_(std::move(handle)) {}

  [[nodiscard]] ostiary_issuer_settings* get() const noexcept { return handle_.get(); }
  [[nodiscard]] py::tuple issuers() const;

 private:
  SettingsHandle handle_;
};

class RevocationList {
 public:
  explicit RevocationList(py::handle json);

  [[nodiscard]] ostiary_revocation_list* get() const noexcept { return handle_.get(); }
  [[nodiscard]] std::size_t count() const noexcept { return ostiary_revocation_list_count(get()); }

 private:
  RevocationListHandle handle_;
};

class TokenCache {
 public:
  TokenCache(py::handle memory_size, py::handle entry_size_max, py::handle secret);

  [[nodiscard]] ostiary_token_cache* get() const noexcept { return handle_.get(); }
  [[nodiscard]] py::tuple stats() const;
  void clear() const noexcept { ostiary_token_cache_clear(get()); }

 private:
  TokenCacheHandle handle_;
};

}  // namespace ostiary_python
