#include "adapt/crypto.hpp"

#include "support/signing_key.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <string>
#include <utility>

namespace ostiary::adapt {
namespace {

using test::SigningKey;

PublicKey p256_of(const SigningKey& key) {
  return std::move(PublicKey::ecdsa(SignatureScheme::kEcdsaP256Sha256, key.x(), key.y())).value();
}

TEST(Crypto, AnEmptyKeyVerifiesNothing) {
  SignatureContext context;
  EXPECT_FALSE(context.verify(PublicKey(), "message", ""));
  EXPECT_FALSE(context.verify(PublicKey(), "message", std::string(64, '\0')));
}

TEST(Crypto, AMovedFromContextVerifiesNothing) {
  const SigningKey key = SigningKey::p256();
  const PublicKey known = p256_of(key);
  SignatureContext context;
  EXPECT_TRUE(context.verify(known, "message", key.sign("message")));
  const SignatureContext other = std::move(context);
  EXPECT_FALSE(context.verify(known, "message", key.sign("message")));  // NOLINT(bugprone-use-after-move)
}

TEST(Crypto, TheErrorQueueOfTheHostIsLeftAlone) {
  const SigningKey key = SigningKey::p256();
  const PublicKey known = p256_of(key);
  SignatureContext context;
  ERR_clear_error();
  EXPECT_FALSE(context.verify(known, "message", std::string(64, '\xff')));
  EXPECT_EQ(PublicKey::ecdsa(SignatureScheme::kEcdsaP256Sha256, key.y(), key.x()).reason(), Reason::kKeyPoint);
  EXPECT_EQ(ERR_peek_error(), 0U);

  ERR_raise(ERR_LIB_USER, 7);
  const unsigned long of_the_host = ERR_peek_last_error();
  EXPECT_FALSE(context.verify(known, "message", std::string(64, '\xff')));
  EXPECT_EQ(PublicKey::ecdsa(SignatureScheme::kEcdsaP256Sha256, key.y(), key.x()).reason(), Reason::kKeyPoint);
  EXPECT_EQ(ERR_peek_last_error(), of_the_host);
  ERR_clear_error();
}

TEST(Crypto, ADestroyedKeyIsNotTakenForAnotherAtItsAddress) {
  SignatureContext context;
  for (int i = 0; i < 50; ++i) {
    const SigningKey key = SigningKey::p256();
    const PublicKey known = p256_of(key);
    ASSERT_TRUE(context.verify(known, "message", key.sign("message")));
  }
}

TEST(Crypto, EmptyMessagesHaveSignaturesToo) {
  SignatureContext context;
  const SigningKey ed = SigningKey::ed25519();
  EXPECT_TRUE(
      context.verify(std::move(PublicKey::edwards(SignatureScheme::kEd25519, ed.x())).value(), "", ed.sign("")));
  const SigningKey ec = SigningKey::p256();
  EXPECT_TRUE(context.verify(p256_of(ec), "", ec.sign("")));
}

TEST(Crypto, Sha256OfFips180) {
  const auto hex = [](std::string_view text) {
    const Sha256Digest digest = sha256(text).value();
    std::string out;
    for (const std::uint8_t byte : digest) {
      out += "0123456789abcdef"[byte >> 4];
      out += "0123456789abcdef"[byte & 15];
    }
    return out;
  };
  EXPECT_EQ(hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

}  // namespace
}  // namespace ostiary::adapt
