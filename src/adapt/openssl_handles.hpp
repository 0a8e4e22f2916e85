// What the adapters that call OpenSSL own of it, released by itself. Only their .cpp files include this header:
// everyone else sees adapters, not OpenSSL.
#pragma once

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <memory>
#include <string_view>

namespace ostiary::adapt {

template <auto release>
struct Releaser {
  template <typename T>
  void operator()(T* object) const noexcept {
    release(object);
  }
};

using Key = std::unique_ptr<EVP_PKEY, Releaser<EVP_PKEY_free>>;
using KeyManagement = std::unique_ptr<EVP_KEYMGMT, Releaser<EVP_KEYMGMT_free>>;
using Number = std::unique_ptr<BIGNUM, Releaser<BN_free>>;

/// Drops the errors OpenSSL queues while it lives and leaves the host's own in place. Confined to one thread.
class ErrorMark {
 public:
  ErrorMark() noexcept { ERR_set_mark(); }
  ~ErrorMark() { ERR_pop_to_mark(); }
  ErrorMark(const ErrorMark&) = delete;
  ErrorMark& operator=(const ErrorMark&) = delete;
};

/// Borrows the text.
inline const unsigned char* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace ostiary::adapt
