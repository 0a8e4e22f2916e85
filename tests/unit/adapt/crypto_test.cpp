// The seam to cryptography: one scheme per key, strict lengths, and nothing left behind in the host's error queue.
#include "adapt/crypto.hpp"

#include "support/bytes_of_hex.hpp"
#include "support/signing_key.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace ostiary::adapt {
namespace {

using test::bytes_of_hex;
using test::hex_of_bytes;
using test::SigningKey;

struct Scheme {
  std::string_view algorithm;
  SignatureScheme scheme;
  std::uint32_t bits;
  std::uint32_t signature_size;
};

// RFC 7518 §3, RFC 8032 §5, RFC 8812 §3.2, FIPS 204 table 2.
constexpr std::array<Scheme, 15> kSchemes{{
    {"RS256", SignatureScheme::kRsaPkcs1Sha256, 2048, 256},
    {"RS384", SignatureScheme::kRsaPkcs1Sha384, 2048, 256},
    {"RS512", SignatureScheme::kRsaPkcs1Sha512, 2048, 256},
    {"PS256", SignatureScheme::kRsaPssSha256, 2048, 256},
    {"PS384", SignatureScheme::kRsaPssSha384, 2048, 256},
    {"PS512", SignatureScheme::kRsaPssSha512, 2048, 256},
    {"ES256", SignatureScheme::kEcdsaP256Sha256, 256, 64},
    {"ES384", SignatureScheme::kEcdsaP384Sha384, 384, 96},
    {"ES512", SignatureScheme::kEcdsaP521Sha512, 521, 132},
    {"ES256K", SignatureScheme::kEcdsaK256Sha256, 256, 64},
    {"EdDSA", SignatureScheme::kEd25519, 255, 64},
    {"Ed448", SignatureScheme::kEd448, 448, 114},
    {"ML-DSA-44", SignatureScheme::kMlDsa44, 1312 * 8, 2420},
    {"ML-DSA-65", SignatureScheme::kMlDsa65, 1952 * 8, 3309},
    {"ML-DSA-87", SignatureScheme::kMlDsa87, 2592 * 8, 4627},
}};

Result<PublicKey> public_of(const SigningKey& key, const Scheme& scheme) {
  switch (scheme.algorithm[0]) {
    case 'R':
    case 'P': return PublicKey::rsa(scheme.scheme, key.modulus(), key.exponent());
    case 'M': return PublicKey::ml_dsa(scheme.scheme, key.x());
    default: break;
  }
  return scheme.algorithm.starts_with("ES") ? PublicKey::ecdsa(scheme.scheme, key.x(), key.y())
                                            : PublicKey::edwards(scheme.scheme, key.x());
}

PublicKey p256_of(const SigningKey& key) {
  return std::move(PublicKey::ecdsa(SignatureScheme::kEcdsaP256Sha256, key.x(), key.y())).value();
}

class CryptoScheme : public ::testing::TestWithParam<Scheme> {
 protected:
  void SetUp() override {
    if (!SigningKey::is_supported(GetParam().algorithm)) GTEST_SKIP() << "the linked OpenSSL has no such algorithm";
  }
};

TEST_P(CryptoScheme, VerifiesItsOwnSignaturesAgainAndAgain) {
  const SigningKey key = SigningKey::of(GetParam().algorithm);
  const Result<PublicKey> known = public_of(key, GetParam());
  ASSERT_EQ(known.reason(), Reason::kOk);
  EXPECT_EQ(known->scheme(), GetParam().scheme);
  EXPECT_EQ(known->bits(), GetParam().bits);
  EXPECT_EQ(known->signature_size(), GetParam().signature_size);
  SignatureContext context;
  for (const std::string_view message : {"message", "", "another message, somewhat longer than the first"}) {
    const std::string signature = key.sign(message);
    EXPECT_EQ(signature.size(), GetParam().signature_size);
    EXPECT_TRUE(context.verify(*known, message, signature));
    EXPECT_FALSE(context.verify(*known, "not that message", signature));
    EXPECT_TRUE(context.verify(*known, message, signature)) << "after a failure";
  }
}

// tokens.md §3.3, items 25 and 27.
TEST_P(CryptoScheme, RefusesOtherLengthsAndFlippedBits) {
  const SigningKey key = SigningKey::of(GetParam().algorithm);
  const PublicKey known = std::move(public_of(key, GetParam())).value();
  SignatureContext context;
  const std::string good = key.sign("message");
  EXPECT_FALSE(context.verify(known, "message", ""));
  EXPECT_FALSE(context.verify(known, "message", good.substr(1)));
  EXPECT_FALSE(context.verify(known, "message", good.substr(0, good.size() - 1)));
  EXPECT_FALSE(context.verify(known, "message", good + '\0'));
  EXPECT_FALSE(context.verify(known, "message", '\0' + good));
  EXPECT_FALSE(context.verify(known, "message", good + good));
  EXPECT_FALSE(context.verify(known, "message", std::string(good.size(), '\0')));
  EXPECT_FALSE(context.verify(known, "message", std::string(good.size(), '\xff')));
  for (std::size_t i = 0; i < good.size(); i += 1 + good.size() / 60) {
    std::string flipped = good;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    EXPECT_FALSE(context.verify(known, "message", flipped)) << i;
  }
  EXPECT_TRUE(context.verify(known, "message", good));
}

INSTANTIATE_TEST_SUITE_P(Every, CryptoScheme, ::testing::ValuesIn(kSchemes), [](const auto& scheme) {
  std::string name(scheme.param.algorithm);
  std::erase(name, '-');
  return name;
});

// tokens.md §3.3, item 20: a key has one algorithm, and a right signature of another is a wrong one.
TEST(Crypto, AKeyVerifiesUnderItsOwnSchemeOnly) {
  const SigningKey key = SigningKey::of("RS256");
  SignatureContext context;
  for (const Scheme& scheme : kSchemes) {
    if (scheme.algorithm[0] != 'R' && scheme.algorithm[0] != 'P') continue;
    const PublicKey known = std::move(public_of(key, scheme)).value();
    for (const std::string_view algorithm : {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}) {
      EXPECT_EQ(context.verify(known, "message", key.sign_as(algorithm, "message")), algorithm == scheme.algorithm)
          << algorithm << " under " << scheme.algorithm;
    }
  }
}

// tokens.md §3.3, item 20; RFC 7518 §3.5.
TEST(Crypto, PssHasTheParametersOfJwsAndNoOthers) {
  const SigningKey key = SigningKey::of("PS256");
  const PublicKey known = std::move(public_of(key, kSchemes[3])).value();
  SignatureContext context;
  EXPECT_TRUE(context.verify(known, "message", key.sign_pss("message", 32, "SHA256")));
  for (const int salt_size : {0, 20, 31, 33, 64}) {
    EXPECT_FALSE(context.verify(known, "message", key.sign_pss("message", salt_size, "SHA256"))) << salt_size;
  }
  EXPECT_FALSE(context.verify(known, "message", key.sign_pss("message", 32, "SHA1")));
  EXPECT_FALSE(context.verify(known, "message", key.sign_pss("message", 32, "SHA512")));
}

TEST(Crypto, AKeyIsMadeForAFittingSchemeOnly) {
  const SigningKey ec = SigningKey::p256();
  const SigningKey ed = SigningKey::ed25519();
  EXPECT_EQ(PublicKey::rsa(SignatureScheme::kEcdsaP256Sha256, "n", "e").reason(), Reason::kInternal);
  EXPECT_EQ(PublicKey::ecdsa(SignatureScheme::kRsaPssSha256, ec.x(), ec.y()).reason(), Reason::kInternal);
  EXPECT_EQ(PublicKey::ecdsa(SignatureScheme::kNone, ec.x(), ec.y()).reason(), Reason::kInternal);
  EXPECT_EQ(PublicKey::edwards(SignatureScheme::kMlDsa44, ed.x()).reason(), Reason::kInternal);
  EXPECT_EQ(PublicKey::ml_dsa(SignatureScheme::kEd25519, ed.x()).reason(), Reason::kInternal);
  // The field of secp256k1 is as wide, and the point is not on it.
  EXPECT_EQ(PublicKey::ecdsa(SignatureScheme::kEcdsaK256Sha256, ec.x(), ec.y()).reason(), Reason::kKeyPoint);
  EXPECT_EQ(PublicKey::ecdsa(SignatureScheme::kEcdsaP384Sha384, ec.x(), ec.y()).reason(), Reason::kKeyPoint);
  EXPECT_EQ(PublicKey::edwards(SignatureScheme::kEd448, ed.x()).reason(), Reason::kKeyPoint);
}

TEST(Crypto, MlDsaIsUnsupportedWhereTheLibraryHasNone) {
  const Reason wanted = SigningKey::is_supported("ML-DSA-44") ? Reason::kOk : Reason::kKeyUnsupported;
  EXPECT_EQ(PublicKey::ml_dsa(SignatureScheme::kMlDsa44, std::string(1312, 'k')).reason(), wanted);
  EXPECT_EQ(PublicKey::ml_dsa(SignatureScheme::kMlDsa44, std::string(1311, 'k')).reason(), Reason::kKeyMember);
  EXPECT_EQ(PublicKey::ml_dsa(SignatureScheme::kMlDsa65, std::string(1312, 'k')).reason(), Reason::kKeyMember);
}

// tokens.md §3.3, item 29; FIPS 204 §7.2 and §5.2.
TEST(Crypto, MlDsaHasAnEmptyContextAndOneEncodingOfHints) {
  if (!SigningKey::is_supported("ML-DSA-44")) GTEST_SKIP() << "the linked OpenSSL has no ML-DSA";
  const SigningKey key = SigningKey::of("ML-DSA-44");
  const PublicKey known = std::move(PublicKey::ml_dsa(SignatureScheme::kMlDsa44, key.x())).value();
  SignatureContext context;
  EXPECT_TRUE(context.verify(known, "message", key.sign("message")));
  EXPECT_FALSE(context.verify(known, "message", key.sign_with_context("message", "other")));
  // The last four bytes count the hints of each polynomial and may only grow, to 80 at most.
  std::string hints = key.sign("message");
  hints[hints.size() - 4] = static_cast<char>(hints[hints.size() - 3] + 1);
  EXPECT_FALSE(context.verify(known, "message", hints));
  hints = key.sign("message");
  hints.back() = 81;
  EXPECT_FALSE(context.verify(known, "message", hints));
}

// tokens.md §3.3, item 24 (CVE-2022-21449), on every curve.
TEST(Crypto, EcdsaNumbersOutsideTheGroupAreRefused) {
  struct Curve {
    Scheme scheme;
    std::string_view order;
    std::string_view prime;
  };
  const std::array<Curve, 4> curves{{
      {kSchemes[6], "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
       "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"},
      {kSchemes[7], "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
       "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff"},
      {kSchemes[8],
       "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899"
       "c47aebb"
       "6fb71e91386409",
       "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
       "fffffff"
       "ffffffffffffff"},
      {kSchemes[9], "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
       "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f"},
  }};
  SignatureContext context;
  for (const Curve& curve : curves) {
    const SigningKey key = SigningKey::of(curve.scheme.algorithm);
    const PublicKey known = std::move(public_of(key, curve.scheme)).value();
    const std::string order = bytes_of_hex(curve.order);
    ASSERT_EQ(order.size(), key.x().size());
    std::string less = order;
    --less.back();
    std::string more = order;
    ++more.back();
    const std::string zero(order.size(), '\0');
    std::string one = zero;
    one.back() = 1;
    const std::vector<std::string> numbers{
        zero, one, less, order, more, bytes_of_hex(curve.prime), std::string(order.size(), '\xff')};
    for (const std::string& r : numbers) {
      for (const std::string& s : numbers) EXPECT_FALSE(context.verify(known, "message", r + s));
    }
    EXPECT_TRUE(context.verify(known, "message", key.sign("message")));
  }
}

// s and n - s are both right (SEC 1 §4.1.4): ECDSA has two signatures for each, and JWS allows both.
TEST(Crypto, EcdsaSignaturesWithShortAndLongNumbersVerify) {
  SignatureContext context;
  const SigningKey key = SigningKey::p256();
  const PublicKey known = p256_of(key);
  bool short_number = false;
  bool high_bit = false;
  for (int i = 0; i < 2000 && !(short_number && high_bit); ++i) {
    const std::string message = "message " + std::to_string(i);
    const std::string signature = key.sign(message);
    short_number = short_number || signature[0] == '\0' || signature[32] == '\0';
    high_bit = high_bit || (static_cast<unsigned char>(signature[0]) & 0x80U) != 0;
    ASSERT_TRUE(context.verify(known, message, signature)) << i;
  }
  EXPECT_TRUE(short_number);
  EXPECT_TRUE(high_bit);
}

TEST(Crypto, AnEmptyKeyVerifiesNothing) {
  SignatureContext context;
  EXPECT_FALSE(context.verify(PublicKey(), "message", ""));
  EXPECT_FALSE(context.verify(PublicKey(), "message", std::string(64, '\0')));
  EXPECT_FALSE(context.verify(MacKey(), "message", ""));
  EXPECT_FALSE(context.verify(MacKey(), "message", std::string(32, '\0')));
}

TEST(Crypto, AMovedFromContextVerifiesNothing) {
  const SigningKey key = SigningKey::p256();
  const PublicKey known = p256_of(key);
  const MacKey secret = std::move(MacKey::hmac(HashFunction::kSha256, "secret")).value();
  SignatureContext context;
  EXPECT_TRUE(context.verify(known, "message", key.sign("message")));
  SignatureContext other = std::move(context);
  std::array<std::uint8_t, 64> out{};
  // NOLINTBEGIN(bugprone-use-after-move)
  EXPECT_FALSE(context.verify(known, "message", key.sign("message")));
  EXPECT_FALSE(context.verify(secret, "message", test::hmac("HS256", "secret", "message")));
  EXPECT_FALSE(context.digest(HashFunction::kSha256, "", out));
  // NOLINTEND(bugprone-use-after-move)
  EXPECT_TRUE(other.verify(known, "message", key.sign("message")));
}

TEST(Crypto, TheErrorQueueOfTheHostIsLeftAlone) {
  const SigningKey key = SigningKey::p256();
  const PublicKey known = p256_of(key);
  const MacKey secret = std::move(MacKey::hmac(HashFunction::kSha256, "secret")).value();
  SignatureContext context;
  const auto fail_everywhere = [&] {
    EXPECT_FALSE(context.verify(known, "message", std::string(64, '\xff')));
    EXPECT_FALSE(context.verify(secret, "message", std::string(32, '\xff')));
    EXPECT_EQ(PublicKey::ecdsa(SignatureScheme::kEcdsaP256Sha256, key.y(), key.x()).reason(), Reason::kKeyPoint);
    EXPECT_NE(PublicKey::rsa(SignatureScheme::kRsaPssSha256, "", "").reason(), Reason::kInternal);
    EXPECT_EQ(PublicKey::edwards(SignatureScheme::kEd448, std::string(57, '\xff')).reason(), Reason::kKeyPoint);
    static_cast<void>(PublicKey::ml_dsa(SignatureScheme::kMlDsa44, std::string(1312, '\0')));
  };
  ERR_clear_error();
  fail_everywhere();
  EXPECT_EQ(ERR_peek_error(), 0U);

  ERR_raise(ERR_LIB_USER, 7);
  const unsigned long of_the_host = ERR_peek_last_error();
  fail_everywhere();
  EXPECT_EQ(ERR_peek_last_error(), of_the_host);
  ERR_clear_error();
}

TEST(Crypto, ADestroyedKeyIsNotTakenForAnotherAtItsAddress) {
  SignatureContext context;
  for (int i = 0; i < 50; ++i) {
    const SigningKey key = SigningKey::p256();
    const PublicKey known = p256_of(key);
    ASSERT_TRUE(context.verify(known, "message", key.sign("message")));
    const std::string text = "secret " + std::to_string(i);
    const MacKey secret = std::move(MacKey::hmac(HashFunction::kSha256, text)).value();
    ASSERT_TRUE(context.verify(secret, "message", test::hmac("HS256", text, "message")));
  }
}

TEST(Crypto, OneContextServesMoreKeysThanItKeeps) {
  SignatureContext context;
  std::vector<SigningKey> keys;
  std::vector<PublicKey> known;
  for (int i = 0; i < 12; ++i) {
    keys.push_back(SigningKey::of(i % 2 == 0 ? "ES256" : "EdDSA"));
    known.push_back(std::move(public_of(keys.back(), kSchemes[i % 2 == 0 ? 6 : 10])).value());
  }
  for (int round = 0; round < 3; ++round) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      EXPECT_TRUE(context.verify(known[i], "message", keys[i].sign("message")));
      EXPECT_FALSE(context.verify(known[i], "message", keys[(i + 2) % keys.size()].sign("message")));
    }
  }
}

// --- MACs -------------------------------------------------------------------------------------------------------

// tokens.md §3.3, item 26.
TEST(Crypto, MacsAreComparedWhole) {
  struct Mac {
    std::string_view algorithm;
    HashFunction hash;
    std::size_t size;
  };
  SignatureContext context;
  for (const Mac& mac : {Mac{"HS256", HashFunction::kSha256, 32}, Mac{"HS384", HashFunction::kSha384, 48},
                         Mac{"HS512", HashFunction::kSha512, 64}}) {
    for (const std::size_t secret_size : {std::size_t{1}, std::size_t{64}, std::size_t{128}, std::size_t{129}}) {
      const std::string secret(secret_size, 's');
      const Result<MacKey> key = MacKey::hmac(mac.hash, secret);
      ASSERT_EQ(key.reason(), Reason::kOk);
      EXPECT_EQ(key->tag_size(), mac.size);
      for (const std::string_view message : {"message", "", "another"}) {
        const std::string tag = test::hmac(mac.algorithm, secret, message);
        EXPECT_TRUE(context.verify(*key, message, tag));
        EXPECT_FALSE(context.verify(*key, message, tag.substr(0, 16)));
        EXPECT_FALSE(context.verify(*key, message, tag.substr(0, tag.size() - 1)));
        EXPECT_FALSE(context.verify(*key, message, tag + '\0'));
        EXPECT_FALSE(context.verify(*key, message, ""));
        EXPECT_FALSE(context.verify(*key, message, std::string(tag.size(), '\0')));
        for (std::size_t i = 0; i < tag.size(); ++i) {
          std::string flipped = tag;
          flipped[i] = static_cast<char>(flipped[i] ^ 1);
          EXPECT_FALSE(context.verify(*key, message, flipped)) << i;
        }
        EXPECT_FALSE(context.verify(*key, "not that message", tag));
      }
    }
  }
}

// RFC 7515 appendix A.1.
TEST(Crypto, HmacSha256OfRfc7515) {
  const std::string secret = bytes_of_hex(
      "0323354b2b0fa5bc837e0665777ba68f5ab328e6f054c928a90f84b2d2502ebfd3fb5a92d20647ef968ab4c377623d223d2e2172052e4f08"
      "c0cd9af567d080a3");
  const std::string message =
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
  const MacKey key = std::move(MacKey::hmac(HashFunction::kSha256, secret)).value();
  SignatureContext context;
  const auto once = hmac_sha256(secret, message).value();
  const std::string computed(once.begin(), once.end());
  EXPECT_EQ(test::base64url(computed), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  EXPECT_TRUE(context.verify(key, message, computed));
}

// --- hashes -----------------------------------------------------------------------------------------------------

TEST(Crypto, HashesOfFips180) {
  const std::string of_256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  const std::string of_384 =
      "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7";
  const std::string of_512 =
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e"
      "2a9ac9"
      "4fa54ca49f";
  EXPECT_EQ(hex_of_bytes(sha256("abc").value()), of_256);
  EXPECT_EQ(hex_of_bytes(sha384("abc").value()), of_384);
  EXPECT_EQ(hex_of_bytes(sha512("abc").value()), of_512);
  EXPECT_EQ(hex_of_bytes(sha256("").value()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256(std::array<std::string_view, 4>{"a", "", "b", "c"}), sha256("abc"));

  SignatureContext context;
  Sha256Digest short_out{};
  Sha384Digest middle_out{};
  Sha512Digest long_out{};
  EXPECT_TRUE(context.digest(HashFunction::kSha512, "abc", long_out));
  EXPECT_TRUE(context.digest(HashFunction::kSha256, "abc", short_out));
  EXPECT_TRUE(context.digest(HashFunction::kSha384, "abc", middle_out));
  EXPECT_EQ(hex_of_bytes(short_out), of_256);
  EXPECT_EQ(hex_of_bytes(middle_out), of_384);
  EXPECT_EQ(hex_of_bytes(long_out), of_512);
  EXPECT_FALSE(context.digest(HashFunction::kSha384, "abc", short_out));
}

// RFC 4231 §4.2, §4.3.
TEST(Crypto, HmacSha256OfRfc4231) {
  EXPECT_EQ(hex_of_bytes(hmac_sha256(std::string(20, '\x0b'), "Hi There").value()),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hex_of_bytes(hmac_sha256("Jefe", "what do ya want for nothing?").value()),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_TRUE(hmac_sha256({}, "").has_value());
}

TEST(Crypto, ComparingAsksForTheSameBytes) {
  EXPECT_TRUE(equals_in_constant_time("", ""));
  EXPECT_TRUE(equals_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equals_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equals_in_constant_time("abc", "ab"));
  EXPECT_FALSE(equals_in_constant_time("", "a"));
}

TEST(Crypto, ErasedBytesAreZero) {
  std::string secret = "secret";
  erase(secret);
  EXPECT_EQ(secret, std::string(6, '\0'));
}

}  // namespace
}  // namespace ostiary::adapt
