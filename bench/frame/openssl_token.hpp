// What the OpenSSL peers share: a token taken apart, and its key, in OpenSSL's own types. Made before the clock runs.
#pragma once

#include "inputs.hpp"

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <vector>

namespace ostiary::bench {

template <auto release>
struct Release {
  template <typename T>
  void operator()(T* object) const noexcept {
    release(object);
  }
};

using OpensslKey = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using OpensslKeyContext = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>>;
using OpensslDigest = std::unique_ptr<EVP_MD, Release<EVP_MD_free>>;
using OpensslDigestContext = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using OpensslBytes = std::vector<unsigned char>;

struct OpensslToken {
  std::string algorithm;   ///< of the header
  OpensslBytes message;    ///< the bytes that are signed
  OpensslBytes signature;  ///< as the token carries it
  OpensslKey key;          ///< of the shop or of bench/data, by algorithm
  OpensslBytes secret;     ///< HS256: there is no key
};

/// Throws when the token has no key among the shop's and those of bench/data.
[[nodiscard]] OpensslToken openssl_token(const Input& input);

/// r and s side by side (RFC 7518 §3.4) as OpenSSL wants them; empty when OpenSSL fails.
[[nodiscard]] OpensslBytes ecdsa_to_der(const OpensslBytes& signature);

}  // namespace ostiary::bench
