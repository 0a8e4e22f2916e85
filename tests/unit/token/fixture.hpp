// One issuer with a key of every algorithm, and tokens of it.
#pragma once

#include "support/signing_key.hpp"

#include <ostiary/token/identity.hpp>
#include <ostiary/token/key_set.hpp>
#include <ostiary/token/verifier.hpp>

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace ostiary::test {

inline constexpr std::int64_t kNow = 1'700'000'000;
inline constexpr std::string_view kIssuer = "https://issuer.example";
inline constexpr std::array<std::string_view, 2> kAudiences{"https://api.example", "other"};
inline constexpr AlgorithmSet kEveryAlgorithm{Algorithm::kRs256, Algorithm::kEs256, Algorithm::kEdDsa};

/// Made once: generating RSA keys is slow.
struct Keys {
  SigningKey rsa = SigningKey::rsa();
  SigningKey ec = SigningKey::p256();
  SigningKey ed = SigningKey::ed25519();

  static const Keys& get() {
    static const Keys keys;
    return keys;
  }
};

inline std::shared_ptr<const KeySet> import_keys(std::string_view json) {
  const auto keys = KeySet::from_jwks(json);
  EXPECT_EQ(keys.reason(), Reason::kOk) << json;
  return *keys;
}

/// Keys "rsa", "ec" and "ed" of Keys.
inline std::shared_ptr<const KeySet> every_key() {
  static const std::shared_ptr<const KeySet> keys =
      import_keys(jwks({Keys::get().rsa.jwk(R"("kid":"rsa",)"), Keys::get().ec.jwk(R"("kid":"ec",)"),
                        Keys::get().ed.jwk(R"("kid":"ed",)")}));
  return keys;
}

inline constexpr std::string_view kHeader = R"({"alg":"EdDSA","kid":"ed","typ":"at+jwt"})";
inline constexpr std::string_view kPayload =
    R"({"iss":"https://issuer.example","aud":"https://api.example","exp":1700000600,"iat":1700000000,"sub":"alice"})";

inline TokenPolicy policy() {
  return {.issuer = kIssuer, .audiences = kAudiences, .algorithms = kEveryAlgorithm, .clock_skew_s = 0};
}

/// kPayload with other claims: `claims` is put behind iss, which it must not repeat.
inline std::string payload_with(std::string_view claims) {
  return R"({"iss":"https://issuer.example",)" + std::string(claims) + "}";
}

class TokenTest : public ::testing::Test {
 protected:
  Result<Identity> verify(std::string_view token) {
    const std::array<TrustedIssuer, 1> issuers{{{policy_, keys_.get()}}};
    return verify_token(token, issuers, {.now_s = now_}, scratch_);
  }

  Reason reason(std::string_view token) {
    const Result<Identity> identity = verify(token);
    EXPECT_LE(identity.error().offset, token.size());
    if (!identity) {
      EXPECT_EQ(identity->claim_count(), 0U);
      EXPECT_TRUE(scratch_.payload().empty());
    }
    return identity.reason();
  }

  /// The verdict on a well signed token.
  Reason signed_reason(std::string_view header, std::string_view payload) {
    return reason(token(header, payload, Keys::get().ed));
  }
  Reason header_reason(std::string_view header) { return signed_reason(header, kPayload); }
  Reason payload_reason(std::string_view payload) { return signed_reason(kHeader, payload); }
  /// `claims` besides a good iss, exp and aud.
  Reason claims_reason(std::string_view claims) {
    return payload_reason(payload_with(R"("exp":1700000600,"aud":"other",)" + std::string(claims)));
  }

  TokenPolicy policy_ = policy();
  std::shared_ptr<const KeySet> keys_ = every_key();
  std::int64_t now_ = kNow;
  VerifyScratch scratch_;
};

}  // namespace ostiary::test
