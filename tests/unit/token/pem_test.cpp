// Keys in PEM: one strict block each, and then the same checks as a JWK.
#include "unit/token/fixture.hpp"

#include <ostiary/core/base64.hpp>
#include <ostiary/token/key_set.hpp>

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::test {
namespace {

Error pem_error(std::string_view pem, std::optional<Algorithm> algorithm = std::nullopt, const Limits& limits = {}) {
  const std::array<KeySet::PemKey, 1> keys{{{.pem = pem, .algorithm = algorithm}}};
  const auto set = KeySet::from_pem(keys, limits);
  EXPECT_EQ(*set == nullptr, !set.ok());
  return set.error();
}

Reason pem_reason(std::string_view pem, std::optional<Algorithm> algorithm = std::nullopt, const Limits& limits = {}) {
  return pem_error(pem, algorithm, limits).reason;
}

KeySet::KeyInfo imported(std::string_view pem, std::optional<Algorithm> algorithm = std::nullopt) {
  const std::array<KeySet::PemKey, 1> keys{{{.pem = pem, .algorithm = algorithm}}};
  const auto set = KeySet::from_pem(keys);
  EXPECT_EQ(set.reason(), Reason::kOk) << pem;
  return set ? (*set)->key(0) : KeySet::KeyInfo{};
}

/// The DER as a block of this label, in lines of 64.
std::string block(std::string_view label, std::string_view der) {
  std::string body(base64_encoded_size(der.size()), '\0');
  base64_encode(der, body.data());
  std::string text = "-----BEGIN " + std::string(label) + "-----\n";
  for (std::size_t i = 0; i < body.size(); i += 64) text += body.substr(i, 64) + "\n";
  return text + "-----END " + std::string(label) + "-----\n";
}

constexpr std::string_view kPublic = "PUBLIC KEY";

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const std::size_t place = text.find(what);
  EXPECT_NE(place, std::string::npos);
  return text.replace(place, what.size(), with);
}

TEST(Pem, EveryKindOfKeyHasTheThumbprintOfItsJwk) {
  for (const std::string_view algorithm :
       {"RS256", "ES256", "ES384", "ES512", "ES256K", "EdDSA", "Ed448", "ML-DSA-44", "ML-DSA-65", "ML-DSA-87"}) {
    if (!SigningKey::is_supported(algorithm)) continue;
    const SigningKey key = SigningKey::of(algorithm);
    const std::string members = "\"alg\":\"" + std::string(algorithm) + "\",";
    const KeySet::KeyInfo of_json = import_keys(jwks({key.jwk(members)}))->key(0);
    for (const std::string& pem : {key.public_pem(), key.certificate_pem()}) {
      const KeySet::KeyInfo of_pem = imported(pem);
      EXPECT_EQ(of_pem.algorithm, of_json.algorithm) << algorithm;
      EXPECT_EQ(of_pem.bits, of_json.bits) << algorithm;
      EXPECT_EQ(of_pem.thumbprint, of_json.thumbprint) << algorithm;
      EXPECT_FALSE(of_pem.has_key_id);
    }
  }
}

TEST(Pem, KeysVerifyTokens) {
  const SigningKey& key = Keys::get().rsa;
  const std::string pem = key.certificate_pem();
  const std::array<KeySet::PemKey, 1> keys{{{.pem = pem, .key_id = "a", .algorithm = Algorithm::kPs256}}};
  const auto set = KeySet::from_pem(keys);
  ASSERT_EQ(set.reason(), Reason::kOk);
  EXPECT_EQ((*set)->key(0).key_id, "a");
  VerifyScratch scratch;
  const std::string input = base64url(R"({"alg":"PS256","kid":"a"})") + "." + base64url(kPayload);
  const std::string jws = input + "." + base64url(key.sign_as("PS256", input));
  EXPECT_EQ(verify_jws(jws, **set, {Algorithm::kPs256}, scratch).reason(), Reason::kOk);
  const std::string other = input + "." + base64url(key.sign_as("RS256", input));
  EXPECT_EQ(verify_jws(other, **set, {Algorithm::kPs256}, scratch).reason(), Reason::kTokenSignature);
}

TEST(Pem, TheAlgorithmFitsTheKey) {
  const std::string rsa = Keys::get().rsa.public_pem();
  EXPECT_EQ(imported(rsa, Algorithm::kRs512).algorithm, Algorithm::kRs512);
  EXPECT_EQ(pem_reason(rsa, Algorithm::kEs256), Reason::kKeyAlgorithm);
  EXPECT_EQ(pem_reason(rsa, Algorithm::kHs256), Reason::kKeyAlgorithm);
  EXPECT_EQ(pem_reason(Keys::get().ec.public_pem(), Algorithm::kEs384), Reason::kKeyAlgorithm);
  EXPECT_EQ(pem_reason(SigningKey::of("Ed448").public_pem(), Algorithm::kEdDsa), Reason::kKeyAlgorithm);
}

TEST(Pem, IsExactlyOneStrictBlock) {
  const std::string good = Keys::get().ec.public_pem();
  EXPECT_EQ(pem_reason(good), Reason::kOk);
  EXPECT_EQ(pem_reason("\n" + good + "\r\n\n"), Reason::kOk);
  EXPECT_EQ(pem_reason(good.substr(0, good.size() - 1)), Reason::kOk);
  std::string windows;
  for (const char c : good) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_EQ(pem_reason(windows), Reason::kOk);

  const std::string body = good.substr(good.find('\n') + 1, 64);
  for (const std::string& bad : {
           std::string(),
           std::string("\n\n"),
           std::string("-----BEGIN PUBLIC KEY-----"),
           std::string("-----BEGIN -----"),
           std::string("-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n"),
           std::string("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"),
           "key: " + good,
           " " + good,
           good + good,
           good + Keys::get().rsa.public_pem(),
           good + "x",
           replaced(good, "-----END PUBLIC KEY-----\n", ""),
           replaced(good, "-----END PUBLIC KEY-----", "-----END CERTIFICATE-----"),
           replaced(good, "-----END PUBLIC KEY-----", "-----END PUBLIC KEY----"),
           replaced(good, "BEGIN PUBLIC KEY-----\n", "BEGIN PUBLIC KEY----- \n"),
           replaced(good, "BEGIN PUBLIC KEY-----\n", "BEGIN PUBLIC KEY-----\n\n"),
           replaced(good, "BEGIN PUBLIC KEY-----\n", "BEGIN PUBLIC KEY-----\nComment: x\n\n"),
           replaced(good, body + "\n", body + " \n"),
           replaced(good, body + "\n", body + "\n\n"),
           replaced(good, body, body.substr(1)),
           replaced(good, body, "%" + body.substr(1)),
           replaced(good, "=", ""),
           replaced(good, "PUBLIC KEY", "PUBLIC  KEY"),
           replaced(good, "PUBLIC KEY", "public key"),
           block("RSA PUBLIC KEY", Keys::get().rsa.rsa_der()),
           block("CERTIFICATE REQUEST", Keys::get().rsa.certificate_der()),
           Keys::get().rsa.public_der(),
       }) {
    EXPECT_EQ(pem_reason(bad), Reason::kKeyPem) << bad;
  }
}

TEST(Pem, DerFillsItsBlock) {
  const std::string der = Keys::get().ec.public_der();
  const std::string certificate = Keys::get().ec.certificate_der();
  EXPECT_EQ(pem_reason(block(kPublic, der)), Reason::kOk);
  EXPECT_EQ(pem_reason(block(kPublic, der + '\0')), Reason::kKeyPem);
  EXPECT_EQ(pem_reason(block(kPublic, der.substr(0, der.size() - 1))), Reason::kKeyPem);
  EXPECT_EQ(pem_reason(block(kPublic, certificate)), Reason::kKeyPem);
  EXPECT_EQ(pem_reason(block(kPublic, Keys::get().rsa.rsa_der())), Reason::kKeyPem);
  EXPECT_EQ(pem_reason(block("CERTIFICATE", certificate)), Reason::kOk);
  EXPECT_EQ(pem_reason(block("CERTIFICATE", certificate + '\0')), Reason::kKeyCertificate);
  EXPECT_EQ(pem_reason(block("CERTIFICATE", certificate.substr(0, 100))), Reason::kKeyCertificate);
  EXPECT_EQ(pem_reason(block("CERTIFICATE", der)), Reason::kKeyCertificate);
}

TEST(Pem, PrivateKeysAreRefusedAsSuch) {
  EXPECT_EQ(pem_reason(Keys::get().ec.private_pem()), Reason::kKeyPrivate);
  EXPECT_EQ(pem_reason(block("RSA PRIVATE KEY", "x")), Reason::kKeyPrivate);
  EXPECT_EQ(pem_reason(block("ENCRYPTED PRIVATE KEY", "x")), Reason::kKeyPrivate);
}

// tokens.md §3.3, item 22: what holds for a JWK holds here.
TEST(Pem, NumbersAreCheckedAsThoseOfAJwk) {
  EXPECT_EQ(pem_reason(SigningKey::rsa(1024).public_pem()), Reason::kKeyRsaSize);
  EXPECT_EQ(pem_reason(SigningKey::rsa(1024).certificate_pem()), Reason::kKeyRsaSize);
  EXPECT_EQ(pem_reason(SigningKey::rsa(2048, 3).public_pem()), Reason::kOk);
  Limits limits;
  limits.rsa_bits_max = 2040;
  EXPECT_EQ(pem_reason(Keys::get().rsa.public_pem(), std::nullopt, limits), Reason::kKeyRsaSize);
  // An Ed25519 key of order 4, and one with a point that is none.
  const std::string ed = Keys::get().ed.public_der();
  EXPECT_EQ(pem_reason(block(kPublic, ed.substr(0, ed.size() - 32) + std::string(32, '\0'))), Reason::kKeyPoint);
  const std::string ec = Keys::get().ec.public_der();
  EXPECT_EQ(pem_reason(block(kPublic, ec.substr(0, ec.size() - 32) + std::string(32, '\1'))), Reason::kKeyPoint);
}

TEST(Pem, OtherTypesAndCurvesAreRefused) {
  EXPECT_EQ(pem_reason(SigningKey::on_curve("secp224r1").public_pem()), Reason::kKeyCurve);
  EXPECT_EQ(pem_reason(SigningKey::on_curve("brainpoolP256r1").public_pem()), Reason::kKeyCurve);
  EXPECT_EQ(pem_reason(SigningKey::of("X25519").public_pem()), Reason::kKeyType);
  // RFC 5480 §2.1.1: a curve is named, never spelled out (CVE-2020-0601).
  EXPECT_EQ(pem_reason(SigningKey::with_explicit_curve().public_pem()), Reason::kKeyCurve);
  // id-ml-dsa-44 of FIPS 204, over a key that is too short.
  const std::string der = std::string("\x30\x30\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x11", 15) +
                          Keys::get().ed.public_der().substr(9);
  EXPECT_EQ(pem_reason(block(kPublic, der)),
            SigningKey::is_supported("ML-DSA-44") ? Reason::kKeyMember : Reason::kKeyUnsupported);
}

TEST(Pem, FaultsNameTheIndexOfTheKey) {
  const std::string ec = Keys::get().ec.public_pem();
  const std::string rsa = Keys::get().rsa.public_pem();
  const auto error = [](const std::vector<KeySet::PemKey>& keys, const Limits& limits = {}) {
    return KeySet::from_pem(keys, limits).error();
  };
  EXPECT_EQ(error({{.pem = ec, .algorithm = {}}, {.pem = "x", .algorithm = {}}}), (Error{Reason::kKeyPem, 1}));
  EXPECT_EQ(error({{.pem = ec, .key_id = "a", .algorithm = {}}, {.pem = rsa, .key_id = "a", .algorithm = {}}}),
            (Error{Reason::kKeysDuplicateId, 1}));
  EXPECT_EQ(error({{.pem = ec, .key_id = "a", .algorithm = {}}, {.pem = rsa, .algorithm = {}}}).reason, Reason::kOk);
  EXPECT_EQ(error({}).reason, Reason::kKeysEmpty);
  Limits limits;
  limits.key_count_max = 1;
  EXPECT_EQ(error({{.pem = ec, .algorithm = {}}}, limits).reason, Reason::kOk);
  EXPECT_EQ(error({{.pem = ec, .algorithm = {}}, {.pem = rsa, .algorithm = {}}}, limits).reason, Reason::kKeysLimit);
}

TEST(Pem, HoldsItsLimits) {
  std::string text = Keys::get().ec.public_pem();
  text.resize(32 * 1024, '\n');
  EXPECT_EQ(pem_reason(text), Reason::kOk);
  EXPECT_EQ(pem_reason(text + "\n"), Reason::kKeysLimit);
  const std::string pem = Keys::get().ec.public_pem();
  const auto with_key_id = [&](std::size_t size) {
    const std::string key_id(size, 'k');
    const std::array<KeySet::PemKey, 1> keys{{{.pem = pem, .key_id = key_id, .algorithm = {}}}};
    return KeySet::from_pem(keys).reason();
  };
  EXPECT_EQ(with_key_id(128), Reason::kOk);
  EXPECT_EQ(with_key_id(129), Reason::kKeysLimit);
}

}  // namespace
}  // namespace ostiary::test
