// One request with a token bound to a key, and the proof that belongs to it; a test changes one thing at a time.
#pragma once

#include "adapt/json.hpp"
#include "support/dpop.hpp"
#include "token/identity_writer.hpp"
#include "unit/http/inspected.hpp"

#include <ostiary/http/credentials.hpp>
#include <ostiary/trust/sender_constraint.hpp>

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::test {

inline constexpr std::int64_t kNow = 1'700'000'000;
inline constexpr std::string_view kToken = "header.payload.signature";

inline std::string sha256(std::string_view bytes) {
  std::string digest(32, '\0');
  std::size_t size = 0;
  if (EVP_Q_digest(nullptr, "SHA256", nullptr, bytes.data(), bytes.size(),
                   reinterpret_cast<unsigned char*>(digest.data()), &size) != 1) {
    return {};
  }
  return digest;
}

inline std::string json_text(std::string_view text) { return "\"" + std::string(text) + "\""; }

/// RFC 7638, without the library: the JWK of a test key has its required members only, and this order of them.
inline std::string thumbprint_of(const SigningKey& key) {
  if (key.algorithm() == "ES256") {
    return base64url(
        sha256(R"({"crv":"P-256","kty":"EC","x":")" + base64url(key.x()) + R"(","y":")" + base64url(key.y()) + "\"}"));
  }
  return base64url(sha256(R"({"crv":"Ed25519","kty":"OKP","x":")" + base64url(key.x()) + "\"}"));
}

/// An Identity of any claims, and the image it borrows.
class OwnedIdentity {
 public:
  explicit OwnedIdentity(std::string_view claims) : image_(64 * 1024) {
    adapt::JsonReader reader({.size_max = 8192, .depth_max = 8, .values_max = 64, .preallocate = true});
    const adapt::JsonResult parsed = reader.read(claims);
    const std::string_view image = write_identity(parsed.values, reader.texts(), image_);
    const Result<Identity> loaded = Identity::load(image);
    EXPECT_EQ(loaded.reason(), Reason::kOk) << claims;
    identity_ = *loaded;
  }
  OwnedIdentity(const OwnedIdentity&) = delete;
  OwnedIdentity& operator=(const OwnedIdentity&) = delete;

  [[nodiscard]] const Identity& operator*() const { return identity_; }

 private:
  std::vector<char> image_;
  Identity identity_;
};

inline const SigningKey& sender_key() {
  static const SigningKey key = SigningKey::p256();
  return key;
}

inline std::string bound_to_key(std::string_view more = "") {
  return R"({"cnf":{"jkt":")" + thumbprint_of(sender_key()) + "\"" + std::string(more) + "}}";
}

class SenderTest : public ::testing::Test {
 protected:
  SenderTest() {
    claims_.more = R"(,"ath":)" + json_text(base64url(sha256(kToken)));
    facts_.now_s = kNow;
    facts_.origin.scheme = Scheme::kHttps;
    policy_.replay = &replay_;
  }

  /// The verdict on GET https://api.example/items?page=2 with the token and the proof.
  Reason verdict() { return verdict_on(token(proof_header(sender_key()), claims_.json(), sender_key())); }

  Reason verdict_on(std::string_view proof) { return verdict_with("DPoP: " + std::string(proof) + "\r\n"); }

  /// `lines`: whole field lines besides Host and Authorization.
  Reason verdict_with(const std::string& lines) {
    const Inspected seen(method_ + " " + target_ + " HTTP/1.1\r\nHost: " + host_ + "\r\n" + authorization_ + lines +
                         "\r\n");
    EXPECT_TRUE(seen.complete()) << name_of(seen.reason());
    return verdict_on_request(seen.request());
  }

  Reason verdict_on_request(const Request& request) {
    const Result<Credential> presented = credential(request);
    EXPECT_EQ(presented.reason(), Reason::kOk);
    const OwnedIdentity identity(identity_);
    return check_sender({request, *presented, *identity}, facts_, policy_, scratch_);
  }

  std::string method_ = "GET";
  std::string target_ = "/items?page=2";
  std::string host_ = "api.example";
  std::string authorization_ = "Authorization: DPoP " + std::string(kToken) + "\r\n";
  std::string identity_ = bound_to_key();
  ProofClaims claims_;
  SenderFacts facts_;
  std::array<std::byte, ReplayMemory::size_for(64)> memory_{};
  ReplayMemory replay_{memory_, std::array<std::byte, ReplayMemory::kSecretSize>{std::byte{5}}};
  DpopPolicy policy_{.algorithms = kProofAlgorithms};
  DpopScratch scratch_;
};

}  // namespace ostiary::test
