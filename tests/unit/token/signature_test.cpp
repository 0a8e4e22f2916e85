// Algorithms, keys and signatures.
#include "support/bytes_of_hex.hpp"
#include "unit/token/fixture.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace ostiary::test {
namespace {

class TokenSignature : public TokenTest {
 protected:
  static std::string header(std::string_view alg, std::string_view kid) {
    return R"({"alg":")" + std::string(alg) + R"(","kid":")" + std::string(kid) + "\"}";
  }
  /// A token of the ES256 key with this signature.
  Reason es256_with(std::string_view signature) {
    return reason(token_with_signature(header("ES256", "ec"), kPayload, signature));
  }
};

TEST_F(TokenSignature, EveryAlgorithmVerifies) {
  EXPECT_EQ(reason(token(header("RS256", "rsa"), kPayload, Keys::get().rsa)), Reason::kOk);
  EXPECT_EQ(reason(token(header("ES256", "ec"), kPayload, Keys::get().ec)), Reason::kOk);
  EXPECT_EQ(reason(token(header("EdDSA", "ed"), kPayload, Keys::get().ed)), Reason::kOk);
}

TEST_F(TokenSignature, OneScratchServesManyKeysInAnyOrder) {
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 10; ++i) {
      const SigningKey key = SigningKey::p256();
      keys_ = import_keys(jwks({key.jwk(R"("kid":"ec",)")}));
      EXPECT_EQ(reason(token(header("ES256", "ec"), kPayload, key)), Reason::kOk);
      EXPECT_EQ(reason(token(header("ES256", "ec"), kPayload, Keys::get().ec)), Reason::kTokenSignature);
    }
    keys_ = every_key();
    EXPECT_EQ(reason(token(header("RS256", "rsa"), kPayload, Keys::get().rsa)), Reason::kOk);
    EXPECT_EQ(reason(token(header("EdDSA", "ed"), kPayload, Keys::get().ed)), Reason::kOk);
  }
}

TEST_F(TokenSignature, APublicKeyIsNeverASecret) {
  const SigningKey& rsa = Keys::get().rsa;
  std::string unwrapped = rsa.public_pem();
  while (unwrapped.back() == '\n') unwrapped.pop_back();
  for (const std::string& secret :
       {rsa.public_pem(), unwrapped, rsa.public_der(), rsa.jwk(R"("kid":"rsa",)"), rsa.modulus(), std::string(),
        std::string(32, '\0'), Keys::get().ed.x(), Keys::get().ec.public_pem()}) {
    for (const std::string_view kid : {"rsa", "ec", "ed"}) {
      const std::string head = header("HS256", kid);
      const std::string mac = hmac_sha256(secret, base64url(head) + "." + base64url(kPayload));
      EXPECT_EQ(reason(token_with_signature(head, kPayload, mac)), Reason::kTokenAlgorithmRefused);
    }
  }
}

TEST_F(TokenSignature, TheHeaderCannotUseAKeyForAnotherAlgorithm) {
  EXPECT_EQ(reason(token(header("ES256", "rsa"), kPayload, Keys::get().rsa)), Reason::kTokenKeyUnknown);
  EXPECT_EQ(reason(token(header("RS256", "ec"), kPayload, Keys::get().ec)), Reason::kTokenKeyUnknown);
  EXPECT_EQ(reason(token(header("EdDSA", "rsa"), kPayload, Keys::get().rsa)), Reason::kTokenKeyUnknown);
  EXPECT_EQ(reason(token(header("ES256", "ed"), kPayload, Keys::get().ed)), Reason::kTokenKeyUnknown);
}

TEST_F(TokenSignature, AnotherHashUnderTheRightKeyIsRefused) {
  const std::string head = header("RS256", "rsa");
  const std::string input = base64url(head) + "." + base64url(kPayload);
  EXPECT_EQ(reason(token_with_signature(head, kPayload, Keys::get().rsa.sign_rs512(input))), Reason::kTokenSignature);
  const std::string rs512 = header("RS512", "rsa");
  const std::string other = base64url(rs512) + "." + base64url(kPayload);
  EXPECT_EQ(reason(token_with_signature(rs512, kPayload, Keys::get().rsa.sign_rs512(other))),
            Reason::kTokenAlgorithmRefused);
}

TEST_F(TokenSignature, TheIssuersAlgorithmsAreHeld) {
  policy_.algorithms = {Algorithm::kRs256};
  EXPECT_EQ(reason(token(header("EdDSA", "ed"), kPayload, Keys::get().ed)), Reason::kTokenAlgorithmRefused);
  EXPECT_EQ(reason(token(header("RS256", "rsa"), kPayload, Keys::get().rsa)), Reason::kOk);
}

TEST_F(TokenSignature, EcdsaNumbersOutsideTheGroupAreRefused) {
  const std::string zero(32, '\0');
  const std::string n = bytes_of_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
  const std::string n_less = bytes_of_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550");
  const std::string n_more = bytes_of_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632552");
  const std::string p = bytes_of_hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
  const std::string ones(32, '\xff');
  const std::string one = std::string(31, '\0') + '\x01';
  const std::array<std::string, 7> numbers{zero, one, n_less, n, n_more, p, ones};
  for (const std::string& r : numbers) {
    for (const std::string& s : numbers) EXPECT_EQ(es256_with(r + s), Reason::kTokenSignature);
  }
}

TEST_F(TokenSignature, SignaturesHaveTheLengthOfTheirKey) {
  const std::string head = header("ES256", "ec");
  const std::string input = base64url(head) + "." + base64url(kPayload);
  const std::string good = Keys::get().ec.sign(input);
  EXPECT_EQ(es256_with(good), Reason::kOk);
  EXPECT_EQ(es256_with(good.substr(0, 63)), Reason::kTokenSignatureLength);
  EXPECT_EQ(es256_with(good + '\0'), Reason::kTokenSignatureLength);
  EXPECT_EQ(es256_with('\0' + good.substr(0, 32) + '\0' + good.substr(32)), Reason::kTokenSignatureLength);
  EXPECT_EQ(es256_with(good + good), Reason::kTokenSignatureLength);
  EXPECT_EQ(es256_with(Keys::get().ec.sign_der(input)), Reason::kTokenSignatureLength);
  EXPECT_EQ(es256_with(bytes_of_hex("3006020100020100")), Reason::kTokenSignatureLength);
}

TEST_F(TokenSignature, RsaSignaturesAreAsLongAsTheModulus) {
  const std::string head = header("RS256", "rsa");
  const std::string good = Keys::get().rsa.sign(base64url(head) + "." + base64url(kPayload));
  const auto with = [&](std::string_view signature) { return reason(token_with_signature(head, kPayload, signature)); };
  EXPECT_EQ(with(good), Reason::kOk);
  EXPECT_EQ(with(good.substr(1)), Reason::kTokenSignatureLength);
  EXPECT_EQ(with('\0' + good), Reason::kTokenSignatureLength);
  EXPECT_EQ(with(Keys::get().rsa.modulus()), Reason::kTokenSignature);
  EXPECT_EQ(with(std::string(256, '\0')), Reason::kTokenSignature);
  EXPECT_EQ(with(std::string(256, '\xff')), Reason::kTokenSignature);
}

TEST_F(TokenSignature, Ed25519IsVerifiedStrictly) {
  const std::string head(kHeader);
  std::string good = Keys::get().ed.sign(base64url(head) + "." + base64url(kPayload));
  const auto with = [&](std::string_view signature) { return reason(token_with_signature(head, kPayload, signature)); };
  EXPECT_EQ(with(good), Reason::kOk);
  EXPECT_EQ(with(good.substr(0, 63)), Reason::kTokenSignatureLength);
  EXPECT_EQ(with(good + '\0'), Reason::kTokenSignatureLength);
  // S + L is the same number modulo the order; RFC 8032 §5.1.7 demands S < L.
  const std::string order = bytes_of_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += static_cast<unsigned>(static_cast<unsigned char>(good[32 + i])) + static_cast<unsigned char>(order[i]);
    good[32 + i] = static_cast<char>(carry & 0xffU);
    carry >>= 8;
  }
  EXPECT_EQ(with(good), Reason::kTokenSignature);
  EXPECT_EQ(with(std::string(64, '\0')), Reason::kTokenSignature);
}

TEST_F(TokenSignature, EveryFlippedBitOfASignatureIsNoticed) {
  const std::string head(kHeader);
  const std::string good = Keys::get().ed.sign(base64url(head) + "." + base64url(kPayload));
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string flipped = good;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    ASSERT_EQ(reason(token_with_signature(head, kPayload, flipped)), Reason::kTokenSignature) << bit;
  }
}

TEST_F(TokenSignature, SignaturesDoNotMoveBetweenTokens) {
  const std::string other = payload_with(R"("aud":"other","exp":1700000601)");
  const std::string signature = Keys::get().ed.sign(base64url(kHeader) + "." + base64url(other));
  EXPECT_EQ(reason(token_with_signature(kHeader, other, signature)), Reason::kOk);
  EXPECT_EQ(reason(token_with_signature(kHeader, kPayload, signature)), Reason::kTokenSignature);
}

TEST_F(TokenSignature, AKeyIssuedAgainUnderTheSameKidDoesNotVerifyOldTokens) {
  const std::string old = token(kHeader, kPayload, Keys::get().ed);
  EXPECT_EQ(reason(old), Reason::kOk);
  const SigningKey fresh = SigningKey::ed25519();
  keys_ = import_keys(jwks({fresh.jwk(R"("kid":"ed",)")}));
  EXPECT_EQ(reason(old), Reason::kTokenSignature);
  EXPECT_EQ(reason(token(kHeader, kPayload, fresh)), Reason::kOk);
}

TEST_F(TokenSignature, FaultsOfTheSignaturePointAtIt) {
  const std::string bad = token_with_signature(kHeader, kPayload, std::string(64, '\0'));
  EXPECT_EQ(verify(bad).error(), (Error{Reason::kTokenSignature, static_cast<std::uint32_t>(bad.rfind('.') + 1)}));
}

TEST_F(TokenSignature, AnyPayloadCanBeVerifiedWithoutClaims) {
  const std::string jws = token(R"({"alg":"ES256","typ":"JOSE"})", "not JSON at all", Keys::get().ec);
  const Result<VerifiedJws> verified = verify_jws(jws, *keys_, kEveryAlgorithm, scratch_);
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->payload, "not JSON at all");
  EXPECT_EQ(keys_->key(verified->key_index).key_id, "ec");
  EXPECT_EQ(scratch_.payload(), "not JSON at all");
  EXPECT_EQ(verify_jws(jws, *keys_, {Algorithm::kRs256}, scratch_).reason(), Reason::kTokenAlgorithmRefused);
  EXPECT_TRUE(scratch_.payload().empty());
  EXPECT_EQ(verify_jws(jws, *keys_, {}, scratch_).reason(), Reason::kUsageArgument);
}

// The longest signature of another kind leaves room for every RSA signature that OpenSSL makes.
TEST_F(TokenSignature, AScratchMadeForSmallerKeysHasRoomForLargerOnes) {
  Limits limits;
  limits.rsa_bits_max = 1024;
  scratch_ = VerifyScratch(limits);
  EXPECT_EQ(reason(token(header("RS256", "rsa"), kPayload, Keys::get().rsa)), Reason::kOk);
}

TEST_F(TokenSignature, AScratchThatWasMovedFromRefuses) {
  const VerifyScratch other = std::move(scratch_);
  const std::string good = token(kHeader, kPayload, Keys::get().ed);
  EXPECT_EQ(reason(good), Reason::kNoMemory);
  EXPECT_EQ(verify_jws(good, *keys_, kEveryAlgorithm, scratch_).reason(), Reason::kNoMemory);
}

}  // namespace
}  // namespace ostiary::test
