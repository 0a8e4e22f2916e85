#include "support/bytes_of_hex.hpp"
#include "support/signing_key.hpp"

#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/signed_gate.hpp>

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::test {
namespace {

const std::string& shop_image() {
  static const std::string image = [] {
    const std::ifstream file(OSTIARY_SOURCE_DIR "/examples/shop/gate.json");
    std::ostringstream text;
    text << file.rdbuf();
    return compile_gate(text.str()).image;
  }();
  return image;
}

GateHeader header_of(std::string_view image) {
  GateHeader header;
  std::memcpy(&header, image.data(), sizeof(header));
  return header;
}

std::string with_header(std::string image, const GateHeader& header) {
  std::memcpy(image.data(), &header, sizeof(header));
  return image;
}

/// By OpenSSL, over the image without the 104 bytes of its seal.
std::array<std::uint8_t, 32> hash_of(std::string image) {
  image.erase(offsetof(GateHeader, seal), sizeof(GateSeal));
  std::array<std::uint8_t, 32> hash{};
  EXPECT_EQ(EVP_Digest(image.data(), image.size(), hash.data(), nullptr, EVP_sha256(), nullptr), 1);
  return hash;
}

/// What somebody without the key can do after changing something: both hashes are right again.
std::string with_right_hashes(std::string image) {
  GateHeader header = header_of(image);
  header.checksum = detail::image_checksum(std::string_view(image).substr(sizeof(header)));
  image = with_header(image, header);
  header.seal.content_hash = hash_of(image);
  return with_header(image, header);
}

std::string with_version(const std::string& image, std::uint64_t version) {
  GateHeader header = header_of(image);
  header.version = version;
  return with_right_hashes(with_header(image, header));
}

class SignedGate : public ::testing::Test {
 protected:
  static GatePublicKey public_key(const SigningKey& key) { return *read_gate_key(key.public_pem()); }
  std::string sign(const std::string& image) const { return *sign_gate(image, key_.private_pem()); }
  Reason load(const std::string& image, std::uint64_t version_min = 0) const {
    return load_signed_gate(image, {keys_, version_min}).reason();
  }

  SigningKey key_ = SigningKey::ed25519();
  SigningKey other_ = SigningKey::ed25519();
  std::vector<GatePublicKey> keys_{public_key(key_)};
};

TEST_F(SignedGate, LoadsWithItsKey) {
  const std::string image = sign(shop_image());
  const Result<Gate> gate = load_signed_gate(image, {keys_});
  ASSERT_TRUE(gate.ok());
  EXPECT_EQ(gate->image().data(), image.data());
  EXPECT_EQ(gate->name(), Gate::load(image)->name());
  EXPECT_TRUE(gate->header().seal.is_signed());
}

TEST_F(SignedGate, IsWhatAnotherImplementationSigns) {
  const std::string image = sign(shop_image());
  const GateSeal seal = header_of(image).seal;
  const std::string hash(seal.content_hash.begin(), seal.content_hash.end());
  EXPECT_EQ(std::string(seal.signature.begin(), seal.signature.end()), key_.sign("ostiary gate image 1" + hash));
  EXPECT_EQ(seal.content_hash, hash_of(image));
  std::array<std::uint8_t, 32> key_hash{};
  ASSERT_EQ(EVP_Digest(keys_[0].data(), keys_[0].size(), key_hash.data(), nullptr, EVP_sha256(), nullptr), 1);
  EXPECT_TRUE(std::equal(seal.key_id.begin(), seal.key_id.end(), key_hash.begin()));
  EXPECT_EQ(seal.key_id, gate_key_id(keys_[0]));
}

TEST_F(SignedGate, ChangesNothingButKeyIdAndSignature) {
  EXPECT_EQ(header_of(shop_image()).seal.content_hash, hash_of(shop_image())) << "the compiler fills it";
  EXPECT_FALSE(header_of(shop_image()).seal.is_signed());
  const std::string image = sign(shop_image());
  GateHeader header = header_of(image);
  EXPECT_EQ(header.seal.content_hash, header_of(shop_image()).seal.content_hash);
  header.seal.key_id = {};
  header.seal.signature = {};
  EXPECT_EQ(with_header(image, header), shop_image());
}

TEST_F(SignedGate, SigningAgainReplaces) {
  const std::string image = sign(shop_image());
  EXPECT_EQ(sign(image), image);
  const std::string again = *sign_gate(image, other_.private_pem());
  EXPECT_EQ(again, *sign_gate(shop_image(), other_.private_pem()));
  EXPECT_EQ(load(again), Reason::kImageSignature);
}

TEST_F(SignedGate, AnyOfTheTrustedKeysWillDo) {
  keys_.insert(keys_.begin(), public_key(other_));
  EXPECT_EQ(load(sign(shop_image())), Reason::kOk);
  EXPECT_EQ(load(*sign_gate(shop_image(), other_.private_pem())), Reason::kOk);
  EXPECT_EQ(load(*sign_gate(shop_image(), SigningKey::ed25519().private_pem())), Reason::kImageSignature);
}

TEST_F(SignedGate, AnUnsignedImageLoadsOnlyWhereNothingIsAsked) {
  EXPECT_EQ(load(shop_image()), Reason::kImageUnsigned);
  EXPECT_EQ(load_signed_gate(shop_image(), {keys_, 0, false}).reason(), Reason::kImageUnsigned);
  EXPECT_EQ(load_signed_gate(shop_image(), {}).reason(), Reason::kImageUnsigned);
  EXPECT_EQ(load_signed_gate(shop_image(), {{}, 0, false}).reason(), Reason::kOk);
  EXPECT_EQ(load_signed_gate(sign(shop_image()), {}).reason(), Reason::kImageSignature) << "no key is trusted";
  EXPECT_EQ(load_signed_gate(sign(shop_image()), {{}, 0, false}).reason(), Reason::kOk);
}

TEST_F(SignedGate, HalfASealIsNotNone) {
  GateHeader header = header_of(sign(shop_image()));
  header.seal.signature = {};
  EXPECT_EQ(load(with_header(shop_image(), header)), Reason::kImageSignature);
  header = header_of(sign(shop_image()));
  header.seal.key_id = {};
  EXPECT_EQ(load(with_header(shop_image(), header)), Reason::kImageSignature);
}

TEST_F(SignedGate, AnImageBelowTheVersionIsRolledBack) {
  EXPECT_EQ(header_of(shop_image()).version, 0U);
  const std::string seventh = sign(with_version(shop_image(), 7));
  EXPECT_EQ(load(seventh, 6), Reason::kOk);
  EXPECT_EQ(load(seventh, 7), Reason::kOk);
  EXPECT_EQ(load(seventh, 8), Reason::kImageRollback);
  EXPECT_EQ(load(seventh, ~std::uint64_t{0}), Reason::kImageRollback);
  EXPECT_EQ(load_signed_gate(with_version(shop_image(), 7), {{}, 8, false}).reason(), Reason::kImageRollback);
  EXPECT_EQ(load(with_version(shop_image(), 7), 8), Reason::kImageUnsigned) << "what is not authentic has no version";
  const std::string last = sign(with_version(shop_image(), ~std::uint64_t{0}));
  EXPECT_EQ(load(last, ~std::uint64_t{0}), Reason::kOk);
}

TEST_F(SignedGate, AVersionCannotBeRaisedByHand) {
  EXPECT_EQ(load(with_version(sign(shop_image()), 9)), Reason::kImageSignature);
}

TEST_F(SignedGate, EveryFlippedBitIsNoticed) {
  const std::string image = sign(shop_image());
  for (std::size_t bit = 0; bit < image.size() * 8; bit += bit < sizeof(GateHeader) * 8 ? 1 : 13) {
    std::string damaged = image;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    const std::size_t at = bit / 8;
    const Reason reason = load(damaged);
    if (at < offsetof(GateHeader, size)) {
      ASSERT_EQ(reason, Reason::kImageFormat) << bit;
    } else if (at >= offsetof(GateHeader, seal) + 32 && at < offsetof(GateHeader, seal) + sizeof(GateSeal)) {
      ASSERT_EQ(reason, Reason::kImageSignature) << bit;
    } else {
      ASSERT_EQ(reason, Reason::kImageDamaged) << bit;
    }
  }
}

TEST_F(SignedGate, NoChangeLoadsWithHashesThatWereMadeRight) {
  const std::string image = sign(shop_image());
  for (std::size_t at = offsetof(GateHeader, version); at < image.size(); ++at) {
    if (at >= offsetof(GateHeader, seal) && at < offsetof(GateHeader, name)) continue;
    std::string changed = image;
    changed[at] = static_cast<char>(changed[at] + 1);
    const Reason reason = load(with_right_hashes(changed));
    ASSERT_TRUE(reason == Reason::kImageSignature || reason == Reason::kImageDamaged) << at;
  }
}

TEST_F(SignedGate, EveryTruncationAndAnythingBehindIsRefused) {
  const std::string image = sign(shop_image());
  for (std::size_t size = 0; size < image.size(); ++size) {
    const std::string cut(image, 0, size);
    ASSERT_EQ(load(cut), size < sizeof(GateHeader) ? Reason::kImageFormat : Reason::kImageDamaged) << size;
  }
  EXPECT_EQ(load(image + '\0'), Reason::kImageDamaged);
}

TEST_F(SignedGate, AForeignEndianImageIsNotRead) {
  GateHeader header = header_of(sign(shop_image()));
  const auto reverse = [](auto& number) {
    auto* const bytes = reinterpret_cast<unsigned char*>(&number);
    std::reverse(bytes, bytes + sizeof(number));
  };
  reverse(header.magic);
  reverse(header.format);
  reverse(header.size);
  reverse(header.version);
  EXPECT_EQ(load(with_header(shop_image(), header)), Reason::kImageFormat);
}

TEST_F(SignedGate, NothingInsideIsLookedAtBeforeTheSignature) {
  GateHeader header = header_of(shop_image());
  header.routes.count = UINT32_MAX;
  const std::string unsound = with_right_hashes(with_header(shop_image(), header));
  EXPECT_EQ(load(unsound), Reason::kImageUnsigned);
  EXPECT_EQ(load_signed_gate(unsound, {{}, 1, false}).reason(), Reason::kImageRollback);
  EXPECT_EQ(load_signed_gate(unsound, {{}, 0, false}).reason(), Reason::kImageDamaged);
  EXPECT_EQ(sign_gate(unsound, key_.private_pem()).reason(), Reason::kImageDamaged);
}

TEST_F(SignedGate, WhatDoesNotLoadIsNotSigned) {
  EXPECT_EQ(sign_gate("", key_.private_pem()).reason(), Reason::kImageFormat);
  EXPECT_EQ(sign_gate(shop_image() + ' ', key_.private_pem()).reason(), Reason::kImageDamaged);
  GateHeader header = header_of(shop_image());
  header.seal.content_hash[0] ^= 1;
  EXPECT_EQ(sign_gate(with_header(shop_image(), header), key_.private_pem()).reason(), Reason::kImageDamaged);
}

TEST_F(SignedGate, SignsWithNothingButEd25519) {
  EXPECT_EQ(sign_gate(shop_image(), "").reason(), Reason::kKeyPem);
  EXPECT_EQ(sign_gate(shop_image(), key_.public_pem()).reason(), Reason::kKeyPem);
  EXPECT_EQ(sign_gate(shop_image(), "words\n" + key_.private_pem()).reason(), Reason::kKeyPem);
  EXPECT_EQ(sign_gate(shop_image(), key_.private_pem() + key_.private_pem()).reason(), Reason::kKeyPem);
  EXPECT_EQ(sign_gate(shop_image(), key_.private_pem() + std::string(5000, '\n')).reason(), Reason::kKeyPem);
  EXPECT_EQ(sign_gate(shop_image(), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n").reason(),
            Reason::kKeyPem);
  EXPECT_EQ(sign_gate(shop_image(), SigningKey::p256().private_pem()).reason(), Reason::kKeyType);
  EXPECT_EQ(sign_gate(shop_image(), SigningKey::rsa().private_pem()).reason(), Reason::kKeyType);
}

TEST_F(SignedGate, PublicKeysAreEd25519InPem) {
  EXPECT_EQ(read_gate_key(key_.private_pem()).reason(), Reason::kKeyPrivate);
  EXPECT_EQ(read_gate_key("").reason(), Reason::kKeyPem);
  EXPECT_EQ(read_gate_key(key_.certificate_pem()).reason(), Reason::kKeyPem);
  EXPECT_EQ(read_gate_key(SigningKey::p256().public_pem()).reason(), Reason::kKeyType);
  EXPECT_EQ(read_gate_key(SigningKey::of("Ed448").public_pem()).reason(), Reason::kKeyType);
  const std::string x = key_.x();
  EXPECT_TRUE(std::equal(x.begin(), x.end(), keys_[0].begin(), keys_[0].end(),
                         [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; }));
}

// RFC 8032 §7.1, test 1.
TEST_F(SignedGate, AKeyIsWhatItsSeedStandsFor) {
  const std::string seed_text = bytes_of_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  const std::string key_text = bytes_of_hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  std::array<std::uint8_t, 32> seed{};
  std::copy(seed_text.begin(), seed_text.end(), seed.begin());
  const Result<GateKeyPair> pair = make_gate_keys(seed);
  ASSERT_TRUE(pair.ok());
  const GatePublicKey key = *read_gate_key(pair->public_pem);
  EXPECT_EQ(std::string(key.begin(), key.end()), key_text);
  EXPECT_EQ(load_signed_gate(*sign_gate(shop_image(), pair->private_pem), {{&key, 1}}).reason(), Reason::kOk);
}

TEST_F(SignedGate, APointOfSmallOrderIsNoKey) {
  // Under the neutral point the signature (neutral point, 0) is right for every text.
  GatePublicKey neutral{};
  neutral[0] = 1;
  GateHeader header = header_of(shop_image());
  header.seal.key_id = gate_key_id(neutral);
  header.seal.signature[0] = 1;
  EXPECT_EQ(load_signed_gate(with_header(shop_image(), header), {{&neutral, 1}}).reason(), Reason::kImageSignature);
}

}  // namespace
}  // namespace ostiary::test
