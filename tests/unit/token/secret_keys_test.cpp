// Secrets for HMAC: long enough, known to nobody, and never a key that was published.
#include "unit/token/fixture.hpp"

#include <ostiary/core/base64.hpp>
#include <ostiary/token/secret_keys.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::test {
namespace {

const std::string kSecret = "a secret of 64 bytes: as long as the longest of the hashes is !!";

Error make_error(const std::vector<SecretKey>& keys, const Limits& limits = {}) {
  const auto secrets = SecretKeys::make(keys, limits);
  EXPECT_EQ(*secrets == nullptr, !secrets.ok());
  return secrets.error();
}

Reason reason_of(std::string_view bytes, Algorithm algorithm = Algorithm::kHs256, const Limits& limits = {}) {
  return make_error({{.bytes = bytes, .algorithm = algorithm}}, limits).reason;
}

std::shared_ptr<const SecretKeys> secrets_of(const std::vector<SecretKey>& keys) {
  const auto secrets = SecretKeys::make(keys);
  EXPECT_EQ(secrets.reason(), Reason::kOk);
  return *secrets;
}

// RFC 7518 §3.2; tokens.md §3.3, item 22.
TEST(SecretKeys, AreAtLeastAsLongAsTheHash) {
  struct Size {
    Algorithm algorithm;
    std::size_t size;
  };
  for (const Size& size : {Size{Algorithm::kHs256, 32}, Size{Algorithm::kHs384, 48}, Size{Algorithm::kHs512, 64}}) {
    EXPECT_EQ(reason_of(std::string(size.size, 's'), size.algorithm), Reason::kOk);
    EXPECT_EQ(reason_of(std::string(size.size - 1, 's'), size.algorithm), Reason::kKeySecretSize);
    EXPECT_EQ(reason_of("", size.algorithm), Reason::kKeySecretSize);
    EXPECT_EQ(reason_of({}, size.algorithm), Reason::kKeySecretSize);
  }
}

TEST(SecretKeys, HoldTheirLimits) {
  EXPECT_EQ(reason_of(std::string(1024, 's')), Reason::kOk);
  EXPECT_EQ(reason_of(std::string(1025, 's')), Reason::kKeySecretSize);
  std::vector<SecretKey> many(64, {.bytes = kSecret});
  EXPECT_EQ(make_error(many).reason, Reason::kOk);
  many.push_back({.bytes = kSecret});
  EXPECT_EQ(make_error(many).reason, Reason::kKeysLimit);
  const std::string key_id(129, 'k');
  const std::string_view fits = std::string_view(key_id).substr(1);
  EXPECT_EQ(make_error({{.bytes = kSecret, .key_id = fits}}).reason, Reason::kOk);
  EXPECT_EQ(make_error({{.bytes = kSecret, .key_id = key_id}}).reason, Reason::kKeysLimit);
}

TEST(SecretKeys, AreForAlgorithmsWithASharedSecret) {
  EXPECT_EQ(make_error({}).reason, Reason::kUsageArgument);
  EXPECT_EQ(reason_of(kSecret, Algorithm::kRs256), Reason::kUsageArgument);
  EXPECT_EQ(make_error({{.bytes = kSecret}, {.bytes = kSecret, .algorithm = Algorithm::kEdDsa}}),
            (Error{Reason::kUsageArgument, 1}));
}

TEST(SecretKeys, KidsAreUnique) {
  EXPECT_EQ(make_error({{.bytes = kSecret, .key_id = "a"}, {.bytes = kSecret, .key_id = "b"}}).reason, Reason::kOk);
  EXPECT_EQ(make_error({{.bytes = kSecret, .key_id = "a"}, {.bytes = kSecret, .key_id = "a"}}),
            (Error{Reason::kKeysDuplicateId, 1}));
  EXPECT_EQ(make_error({{.bytes = kSecret, .key_id = ""}, {.bytes = kSecret, .key_id = ""}}).reason,
            Reason::kKeysDuplicateId);
  EXPECT_EQ(make_error({{.bytes = kSecret}, {.bytes = kSecret}}).reason, Reason::kOk);
}

std::string base64(std::string_view bytes) {
  std::string text(base64_encoded_size(bytes.size()), '\0');
  base64_encode(bytes, text.data());
  return text;
}

// tokens.md §3.3, items 18 and 19; CVE-2026-48526, GHSA-mvf2-f6gm-w987, GHSA-ww5h-9m49-7xx4.
TEST(SecretKeys, AreNoPublicKeys) {
  for (const SigningKey& key : {Keys::get().rsa, Keys::get().ec, Keys::get().ed}) {
    const std::string pem = key.public_pem();
    const std::string jwk = key.jwk(R"("kid":"a",)");
    std::string unwrapped;
    for (const char c : pem) {
      if (c != '\n') unwrapped += c;
    }
    for (const std::string& known : {
             pem,
             unwrapped,
             pem.substr(0, pem.size() - 1),
             "\n" + pem,
             "\xEF\xBB\xBF" + pem,
             "# the key of the issuer\r\n" + pem,
             pem.substr(0, 60),
             key.public_der(),
             key.public_der() + "\n",
             base64(key.public_der()),
             base64(key.public_der()) + "\n",
             "\n" + key.public_der(),
             "\t" + base64(key.public_der()),
             base64url(key.public_der()),
             jwk,
             " \n" + jwk,
             jwks({jwk}),
             "[" + jwk + "]",
             "JWK: " + jwk,
             std::string(R"({"keys":[],"padding":"12345678901234567890"})"),
             std::string(R"({"k\u0074y":"RSA","padding":"12345678901234567890"})"),
             std::string(R"({"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})"),
             std::string("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"),
             std::string("\nssh-rsa and whatever stands behind it"),
             std::string("AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"),
             std::string("restrict ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7"),
             std::string("sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29t"),
             std::string("---- BEGIN SSH2 PUBLIC KEY ----\nComment: \"ours\"\n"),
             std::string("ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBB"),
         }) {
      EXPECT_EQ(reason_of(known), Reason::kKeySecretPublic) << known;
    }
  }
  Limits limits;
  limits.secret_size_max = 8 * 1024;
  EXPECT_EQ(reason_of(Keys::get().rsa.certificate_pem(), Algorithm::kHs256, limits), Reason::kKeySecretPublic);
  EXPECT_EQ(reason_of(Keys::get().rsa.certificate_der(), Algorithm::kHs256, limits), Reason::kKeySecretPublic);
  EXPECT_EQ(reason_of(Keys::get().rsa.rsa_der()), Reason::kKeySecretPublic);
  EXPECT_EQ(reason_of(base64(Keys::get().rsa.rsa_der())), Reason::kKeySecretPublic);
}

TEST(SecretKeys, MayLookLikeAlmostAnythingElse) {
  for (const std::string_view secret : {"0123456789abcdef0123456789abcdef", "{not JSON, but thirty-two bytes!",
                                        R"({"secret":"it is an object, oddly"})", "[1,2,3,4,5,6,7,8,9,10,11,12,13,14]",
                                        "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A", "-----BEG in and some more characters"}) {
    EXPECT_EQ(reason_of(secret), Reason::kOk) << secret;
  }
  EXPECT_EQ(reason_of("0\x82\x01\x22" + std::string(60, 'x')), Reason::kOk);
  EXPECT_EQ(reason_of(std::string(64, '\0')), Reason::kOk);
}

TEST(SecretKeys, HaveAFingerprintOverEverything) {
  const std::string other = kSecret + "!";
  const auto fingerprint = [](const std::vector<SecretKey>& keys) { return secrets_of(keys)->fingerprint(); };
  const std::vector<SecretKey> keys{{.bytes = kSecret, .key_id = "a"}, {.bytes = other, .key_id = "b"}};
  EXPECT_EQ(fingerprint(keys), fingerprint(keys));
  const std::vector<std::vector<SecretKey>> others{
      {{.bytes = kSecret, .key_id = "a"}},
      {{.bytes = other, .key_id = "b"}, {.bytes = kSecret, .key_id = "a"}},
      {{.bytes = other, .key_id = "a"}, {.bytes = kSecret, .key_id = "b"}},
      {{.bytes = kSecret, .key_id = "a"}, {.bytes = other, .key_id = "c"}},
      {{.bytes = kSecret, .key_id = "a"}, {.bytes = other, .key_id = ""}},
      {{.bytes = kSecret, .key_id = "a"}, {.bytes = other}},
      {{.bytes = kSecret, .key_id = "a"}, {.bytes = other, .algorithm = Algorithm::kHs512, .key_id = "b"}},
  };
  for (std::size_t i = 0; i < others.size(); ++i) {
    EXPECT_NE(fingerprint(keys), fingerprint(others[i])) << i;
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(fingerprint(others[i]), fingerprint(others[j])) << i << " " << j;
  }
}

// --- with tokens ------------------------------------------------------------------------------------------------

class SecretTokens : public ::testing::Test {
 protected:
  Reason reason(std::string_view alg, std::string_view members, std::string_view secret, const SecretKeys& keys,
                AlgorithmSet algorithms = kSymmetricAlgorithms) {
    const std::string header = R"({"alg":")" + std::string(alg) + "\"" + std::string(members) + "}";
    const std::string mac = hmac(alg, secret, base64url(header) + "." + base64url(kPayload));
    return verify_jws(token_with_signature(header, kPayload, mac), keys, algorithms, scratch_).reason();
  }

  VerifyScratch scratch_;
};

TEST_F(SecretTokens, EveryHashVerifiesUnderItsOwnKey) {
  const std::string other = kSecret + "!";
  const auto keys = secrets_of({{.bytes = kSecret, .algorithm = Algorithm::kHs256, .key_id = "a"},
                                {.bytes = kSecret, .algorithm = Algorithm::kHs384, .key_id = "b"},
                                {.bytes = other, .algorithm = Algorithm::kHs512, .key_id = "c"}});
  EXPECT_EQ(keys->size(), 3U);
  EXPECT_EQ(reason("HS256", R"(,"kid":"a")", kSecret, *keys), Reason::kOk);
  EXPECT_EQ(reason("HS384", R"(,"kid":"b")", kSecret, *keys), Reason::kOk);
  EXPECT_EQ(reason("HS512", R"(,"kid":"c")", other, *keys), Reason::kOk);
  EXPECT_EQ(reason("HS512", "", other, *keys), Reason::kOk);
  EXPECT_EQ(reason("HS512", R"(,"kid":"c")", kSecret, *keys), Reason::kTokenSignature);
  EXPECT_EQ(reason("HS256", R"(,"kid":"b")", kSecret, *keys), Reason::kTokenKeyUnknown);
  EXPECT_EQ(reason("HS256", R"(,"kid":"x")", kSecret, *keys), Reason::kTokenKeyUnknown);
  EXPECT_EQ(reason("HS256", R"(,"kid":"a")", kSecret, *keys, {Algorithm::kHs384}), Reason::kTokenAlgorithmRefused);
}

TEST_F(SecretTokens, WithoutKidOneKeyMustBeMeant) {
  const auto keys = secrets_of({{.bytes = kSecret}, {.bytes = kSecret}});
  EXPECT_EQ(reason("HS256", "", kSecret, *keys), Reason::kTokenKeyIdMissing);
  EXPECT_EQ(reason("HS512", "", kSecret, *keys), Reason::kTokenKeyUnknown);
}

// tokens.md §3.3, item 26.
TEST_F(SecretTokens, TagsAreWhole) {
  const auto keys = secrets_of({{.bytes = kSecret}});
  const std::string header = R"({"alg":"HS256"})";
  const std::string mac = hmac("HS256", kSecret, base64url(header) + "." + base64url(kPayload));
  const auto with = [&](std::string_view tag) {
    const std::string jws = token_with_signature(header, kPayload, tag);
    return verify_jws(jws, *keys, kSymmetricAlgorithms, scratch_).reason();
  };
  EXPECT_EQ(with(mac), Reason::kOk);
  EXPECT_EQ(with(mac.substr(0, 16)), Reason::kTokenSignatureLength);
  EXPECT_EQ(with(mac + '\0'), Reason::kTokenSignatureLength);
  EXPECT_EQ(with(std::string(32, '\0')), Reason::kTokenSignature);
}

}  // namespace
}  // namespace ostiary::test
