// The keys of an issuer, of which verifiers and engines are made.
#pragma once

#include "support.hpp"

namespace ostiary_python {

class KeySet {
 public:
  explicit KeySet(py::handle jwks) {
    const Input json(jwks, Text::kUtf8, "jwks");
    ostiary_key_set* handle = nullptr;
    ostiary_error error = OSTIARY_ERROR_INIT;
    ostiary_reason reason = OSTIARY_OK;
    {
      const py::gil_scoped_release unlocked;
      reason = ostiary_key_set_from_jwks(json.view(), &handle, &error);
    }
    check(reason, error);
    handle_.reset(handle);
  }

  [[nodiscard]] ostiary_key_set* get() const noexcept { return handle_.get(); }
  [[nodiscard]] std::size_t count() const noexcept { return ostiary_key_set_count(get()); }
  [[nodiscard]] py::tuple skipped() const {
    py::tuple reasons(ostiary_key_set_skipped_count(get()));
    for (std::size_t i = 0; i < reasons.size(); ++i) reasons[i] = ostiary_key_set_skipped_at(get(), i);
    return reasons;
  }

 private:
  KeySetHandle handle_;
};

}  // namespace ostiary_python
