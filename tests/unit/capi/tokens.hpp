// One issuer with a key, settings and tokens for it, for the tests of the C interface.
#pragma once

#include "support/signing_key.hpp"
#include "unit/capi/handles.hpp"

#include <ostiary.h>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary_c {

template <auto Free>
struct FreeHandle {
  template <class T>
  void operator()(T* handle) const noexcept {
    Free(handle);
  }
};
using KeySet = std::unique_ptr<ostiary_key_set, FreeHandle<ostiary_key_set_unref>>;
using Secrets = std::unique_ptr<ostiary_secret_keys, FreeHandle<ostiary_secret_keys_unref>>;
using Settings = std::unique_ptr<ostiary_issuer_settings, FreeHandle<ostiary_issuer_settings_unref>>;
using Verifier = std::unique_ptr<ostiary_verifier, FreeHandle<ostiary_verifier_unref>>;
using Cache = std::unique_ptr<ostiary_token_cache, FreeHandle<ostiary_token_cache_unref>>;
using IdentityHandle = std::unique_ptr<ostiary_identity, FreeHandle<ostiary_identity_free>>;

inline constexpr std::int64_t kNow = 1'700'000'000;
inline constexpr std::string_view kSecret = "0123456789abcdef0123456789abcdef";
inline constexpr std::string_view kClaims =
    R"({"iss":"https://issuer.example","aud":"api","iat":1700000000,"exp":1700000600,"sub":"alice"})";

/// kClaims with `claims` behind them.
inline std::string claims_with(std::string_view claims) {
  return std::string(kClaims.substr(0, kClaims.size() - 1)) + "," + std::string(claims) + "}";
}

/// Made once: generating RSA keys is slow.
struct Signer {
  ostiary::test::SigningKey ec = ostiary::test::SigningKey::p256();
  ostiary::test::SigningKey rsa = ostiary::test::SigningKey::rsa();

  static const Signer& get() {
    static const Signer signer;
    return signer;
  }
};

inline KeySet import_keys(std::string_view json) {
  ostiary_key_set* keys = nullptr;
  EXPECT_EQ(ostiary_key_set_from_jwks(bytes(json), &keys, nullptr), OSTIARY_OK) << json;
  return KeySet(keys);
}

/// The EC key of the Signer.
inline ostiary_key_set* every_key() {
  static const KeySet keys = import_keys(ostiary::test::jwks({Signer::get().ec.jwk()}));
  return keys.get();
}

/// Options that take kClaims under ES256, and the memory they borrow.
struct Options {
  Options() {
    options.issuer = bytes("https://issuer.example");
    options.audiences = &audience;
    options.audience_count = 1;
    options.algorithms = &algorithm;
    options.algorithm_count = 1;
  }
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;

  void set_issuer(std::string_view issuer) { options.issuer = bytes(issuer); }
  void set_algorithm(std::string_view name) { algorithm = bytes(name); }

  ostiary_bytes audience = bytes("api");
  ostiary_bytes algorithm = bytes("ES256");
  ostiary_verifier_options options = OSTIARY_VERIFIER_OPTIONS_INIT;
};

inline Settings make_settings(const Options& options) {
  ostiary_issuer_settings* settings = nullptr;
  EXPECT_EQ(ostiary_issuer_settings_new(&options.options, &settings, nullptr), OSTIARY_OK);
  return Settings(settings);
}

inline Verifier make_verifier(const std::vector<ostiary_trusted_issuer>& issuers,
                              ostiary_token_cache* cache = nullptr) {
  ostiary_verifier_parts parts = OSTIARY_VERIFIER_PARTS_INIT;
  parts.issuers = issuers.data();
  parts.issuer_count = issuers.size();
  parts.cache = cache;
  ostiary_verifier* verifier = nullptr;
  ostiary_error error = OSTIARY_ERROR_INIT;
  EXPECT_EQ(ostiary_verifier_from_parts(&parts, &verifier, &error), OSTIARY_OK) << error.message;
  return Verifier(verifier);
}

inline Cache make_cache() {
  ostiary_token_cache_options options = OSTIARY_TOKEN_CACHE_OPTIONS_INIT;
  options.memory_size = std::uint64_t{256} * 1024;
  options.secret = bytes(kSecret);
  ostiary_token_cache* cache = nullptr;
  EXPECT_EQ(ostiary_token_cache_new(&options, &cache, nullptr), OSTIARY_OK);
  return Cache(cache);
}

/// Makes tokens and presents them.
struct Tokens {
  Tokens() {
    facts.now_s = kNow;
    ostiary_identity* made = nullptr;
    EXPECT_EQ(ostiary_identity_new(&made, nullptr), OSTIARY_OK);
    identity.reset(made);
  }

  [[nodiscard]] static std::string es256(std::string_view claims = kClaims) {
    return ostiary::test::token(R"({"alg":"ES256"})", claims, Signer::get().ec);
  }
  [[nodiscard]] static std::string hs256(std::string_view claims) {
    const std::string input = ostiary::test::base64url(R"({"alg":"HS256"})") + "." + ostiary::test::base64url(claims);
    return input + "." + ostiary::test::base64url(ostiary::test::hmac("HS256", kSecret, input));
  }

  ostiary_reason reason(const Verifier& verifier, std::string_view token) const {
    return ostiary_verifier_verify_with(verifier.get(), bytes(token), &facts, identity.get(), nullptr);
  }

  ostiary_token_facts facts = OSTIARY_TOKEN_FACTS_INIT;
  IdentityHandle identity;
};

}  // namespace ostiary_c
