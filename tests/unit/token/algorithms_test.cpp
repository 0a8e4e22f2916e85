// Every algorithm through the whole verifier: the key decides which one it is, and the header only filters.
#include "unit/token/fixture.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <string>
#include <string_view>

namespace ostiary::test {
namespace {

constexpr std::array<std::string_view, 12> kNames{"RS256", "RS384", "RS512", "PS256",  "PS384", "PS512",
                                                  "ES256", "ES384", "ES512", "ES256K", "EdDSA", "Ed448"};

/// Made once: generating RSA keys is slow.
const SigningKey& key_of(std::string_view name) {
  static std::map<std::string_view, SigningKey> keys;
  const auto found = keys.find(name);
  return found != keys.end() ? found->second : keys.emplace(name, SigningKey::of(name)).first->second;
}

AlgorithmSet all_public() {
  AlgorithmSet algorithms;
  for (const AlgorithmName& known : kAlgorithmNames) {
    if (!is_symmetric(known.algorithm)) algorithms.add(known.algorithm);
  }
  return algorithms;
}

class TokenAlgorithms : public TokenTest {
 protected:
  TokenAlgorithms() { policy_.algorithms = all_public(); }

  /// The set that holds this one key, imported for the algorithm.
  void use_key(std::string_view name) {
    keys_ = import_keys(jwks({key_of(name).jwk("\"kid\":\"k\",\"alg\":\"" + std::string(name) + "\",")}));
  }

  /// The verdict on a token that says `alg` and is signed as `signed_as`.
  Reason verdict(std::string_view alg, std::string_view name, std::string_view signed_as) {
    const std::string header = R"({"alg":")" + std::string(alg) + R"(","kid":"k"})";
    const std::string input = base64url(header) + "." + base64url(kPayload);
    return reason(input + "." + base64url(key_of(name).sign_as(signed_as, input)));
  }
};

TEST_F(TokenAlgorithms, EachVerifiesWithItsOwnKey) {
  for (const std::string_view name : kNames) {
    use_key(name);
    EXPECT_EQ(verdict(name, name, name), Reason::kOk) << name;
  }
}

// tokens.md §3.3, items 20 and 21.
TEST_F(TokenAlgorithms, NoHeaderUsesAKeyForAnother) {
  for (const std::string_view name : kNames) {
    use_key(name);
    for (const std::string_view alg : kNames) {
      if (alg == name || (name == "Ed448" && alg == "EdDSA")) continue;
      EXPECT_EQ(verdict(alg, name, name), Reason::kTokenKeyUnknown) << alg << " with a key for " << name;
    }
    for (const std::string_view alg : {"HS256", "HS384", "HS512", "none", "None", "RS1", "ES521"}) {
      EXPECT_EQ(verdict(alg, name, name), Reason::kTokenAlgorithmRefused) << alg;
    }
  }
}

// tokens.md §3.3, item 20: the header says what the key is for, the signature is another of the same key.
TEST_F(TokenAlgorithms, ASignatureOfAnotherAlgorithmOfTheKeyIsWrong) {
  constexpr std::array<std::string_view, 6> kRsa{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"};
  for (const std::string_view name : kRsa) {
    use_key(name);
    for (const std::string_view other : kRsa) {
      if (other != name) {
        EXPECT_EQ(verdict(name, name, other), Reason::kTokenSignature) << other;
      }
    }
  }
  use_key("ES256");
  EXPECT_EQ(verdict("ES256", "ES256", "ES384"), Reason::kTokenSignature);  // SHA-384 on P-256
}

// RFC 9864 §2.2; tokens.md §3.3, item 21.
TEST_F(TokenAlgorithms, EdDsaMeansTheCurveOfTheKey) {
  use_key("EdDSA");
  EXPECT_EQ(verdict("EdDSA", "EdDSA", "EdDSA"), Reason::kOk);
  EXPECT_EQ(verdict("Ed25519", "EdDSA", "EdDSA"), Reason::kOk);
  EXPECT_EQ(verdict("Ed448", "EdDSA", "EdDSA"), Reason::kTokenKeyUnknown);
  use_key("Ed448");
  EXPECT_EQ(verdict("EdDSA", "Ed448", "Ed448"), Reason::kOk);
  EXPECT_EQ(verdict("Ed448", "Ed448", "Ed448"), Reason::kOk);
  EXPECT_EQ(verdict("Ed25519", "Ed448", "Ed448"), Reason::kTokenKeyUnknown);
  policy_.algorithms = {Algorithm::kEdDsa};
  EXPECT_EQ(verdict("EdDSA", "Ed448", "Ed448"), Reason::kTokenKeyUnknown);
  EXPECT_EQ(verdict("Ed448", "Ed448", "Ed448"), Reason::kTokenAlgorithmRefused);
}

// tokens.md §3.3, items 18 and 19: a policy for secrets asks no public key, and the other way round.
TEST_F(TokenAlgorithms, PublicKeysDoNotServeAPolicyForSecrets) {
  policy_.algorithms = kSymmetricAlgorithms;
  for (const std::string& secret :
       {key_of("RS256").public_pem(), key_of("RS256").public_der(), key_of("RS256").rsa_der(),
        key_of("RS256").certificate_pem(), key_of("RS256").modulus(), key_of("ES256").public_pem(), key_of("EdDSA").x(),
        std::string(), std::string(32, '\0')}) {
    const std::string header = R"({"alg":"HS256","kid":"rsa"})";
    const std::string mac = hmac_sha256(secret, base64url(header) + "." + base64url(kPayload));
    EXPECT_EQ(reason(token_with_signature(header, kPayload, mac)), Reason::kTokenIssuerKeys);
  }
}

// tokens.md §3.3, item 25.
TEST_F(TokenAlgorithms, SignaturesHaveTheLengthOfTheirAlgorithm) {
  for (const std::string_view name : kNames) {
    use_key(name);
    const std::string header = R"({"alg":")" + std::string(name) + R"(","kid":"k"})";
    const std::string good = key_of(name).sign(base64url(header) + "." + base64url(kPayload));
    for (const std::string& bad : {good.substr(1), good.substr(0, good.size() - 1), good + '\0', '\0' + good}) {
      EXPECT_EQ(reason(token_with_signature(header, kPayload, bad)), Reason::kTokenSignatureLength) << name;
    }
    EXPECT_EQ(reason(token_with_signature(header, kPayload, std::string(good.size(), '\0'))), Reason::kTokenSignature);
  }
}

}  // namespace
}  // namespace ostiary::test
