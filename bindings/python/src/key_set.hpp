// The keys of an issuer, of which verifiers and engines are made.
#pragma once

#include "support.hpp"

namespace ostiary_python {

class KeySet {
 public:
  explicit KeySet(py::handle jwks);
  explicit KeySet(KeySetHandle handle) : handle_(std::move(handle)) {}

  /// A single JWK.
  [[nodiscard]] static std::unique_ptr<KeySet> from_jwk(py::handle jwk);
  /// `keys`: triples of PEM text, kid or None, algorithm or None.
  [[nodiscard]] static std::unique_ptr<KeySet> from_pem(py::handle keys);

  [[nodiscard]] ostiary_key_set* get() const noexcept { return handle_.get(); }
  [[nodiscard]] std::size_t count() const noexcept { return ostiary_key_set_count(get()); }
  /// kid, algorithm, bits and thumbprint of each.
  [[nodiscard]] py::tuple keys() const;
  /// Place, byte, Reason and kid of each key that was left out.
  [[nodiscard]] const py::tuple& skipped() const noexcept { return skipped_; }

 private:
  KeySetHandle handle_;
  py::tuple skipped_;
};

class SecretKeys {
 public:
  /// `keys`: triples of bytes, algorithm and kid or None.
  explicit SecretKeys(py::handle keys);

  [[nodiscard]] ostiary_secret_keys* get() const noexcept { return handle_.get(); }
  [[nodiscard]] std::size_t count() const noexcept { return ostiary_secret_keys_count(get()); }

 private:
  SecretKeysHandle handle_;
};

}  // namespace ostiary_python
