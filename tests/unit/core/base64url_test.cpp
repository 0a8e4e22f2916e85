#include <ostiary/core/base64url.hpp>

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::optional<std::string> decode(std::string_view text) {
  std::string out(base64url_decoded_size(text.size()), '\0');
  if (!base64url_decode(text, out)) return std::nullopt;
  return out;
}

/// OpenSSL's base64, rewritten to the URL alphabet and without padding.
std::string encode_with_openssl(std::string_view bytes) {
  std::vector<unsigned char> out(bytes.size() / 3 * 4 + 5);
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  const int length = EVP_EncodeBlock(out.data(), data, static_cast<int>(bytes.size()));
  std::string text(out.begin(), out.begin() + length);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  text.erase(std::find(text.begin(), text.end(), '='), text.end());
  return text;
}

/// A decoder that works on a string of '0' and '1' and says so when bits are left over.
std::optional<std::string> decode_naively(std::string_view text) {
  std::string bits;
  for (const char c : text) {
    const std::size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    for (int bit = 5; bit >= 0; --bit) bits += ((value >> bit) & 1U) != 0 ? '1' : '0';
  }
  const std::size_t left_over = bits.size() % 8;
  if (left_over == 6 || bits.find('1', bits.size() - left_over) != std::string::npos) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i + 8 <= bits.size(); i += 8) {
    out += static_cast<char>(std::stoi(bits.substr(i, 8), nullptr, 2));
  }
  return out;
}

TEST(Base64Url, DecodesTheVectorsOfRfc4648) {
  EXPECT_EQ(decode(""), "");
  EXPECT_EQ(decode("Zg"), "f");
  EXPECT_EQ(decode("Zm8"), "fo");
  EXPECT_EQ(decode("Zm9v"), "foo");
  EXPECT_EQ(decode("Zm9vYg"), "foob");
  EXPECT_EQ(decode("Zm9vYmE"), "fooba");
  EXPECT_EQ(decode("Zm9vYmFy"), "foobar");
}

// RFC 7515 appendix C.
TEST(Base64Url, DecodesTheUrlAlphabet) { EXPECT_EQ(decode("A-z_4ME"), "\x03\xec\xff\xe0\xc1"); }

TEST(Base64Url, RefusesPaddingWhiteSpaceAndTheOtherAlphabet) {
  for (const std::string_view text :
       {"Zg==", "Zm8=", "Zm9v\n", " Zm9v", "Zm 9v", "A+z_4ME", "A-z/4ME", "Zm9v.", "===="}) {
    EXPECT_EQ(decode(text), std::nullopt) << text;
  }
}

TEST(Base64Url, RefusesALengthThatEncodesNothing) {
  EXPECT_EQ(decode("A"), std::nullopt);
  EXPECT_EQ(decode("AAAAA"), std::nullopt);
}

TEST(Base64Url, RefusesAnOutputThatIsTooSmall) {
  char out[2];
  EXPECT_FALSE(base64url_decode("Zm9v", out));
  char fits[3];
  EXPECT_TRUE(base64url_decode("Zm9v", fits));
}

TEST(Base64Url, KnowsItsAlphabet) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    EXPECT_EQ(is_base64url(c), kAlphabet.find(c) != std::string_view::npos) << byte;
  }
}

// One byte has exactly one spelling: of all 65,536 two-character texts, 256 decode.
TEST(Base64Url, EveryTwoCharactersAgreeWithTheNaiveDecoder) {
  int accepted = 0;
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string text = {static_cast<char>(first), static_cast<char>(second)};
      const auto decoded = decode(text);
      ASSERT_EQ(decoded, decode_naively(text)) << first << ' ' << second;
      accepted += decoded.has_value() ? 1 : 0;
    }
  }
  EXPECT_EQ(accepted, 256);
}

TEST(Base64Url, RoundTripsWhatOpensslEncodes) {
  std::mt19937 random(20240229);
  for (std::size_t size = 0; size < 300; ++size) {
    std::string bytes(size, '\0');
    for (char& c : bytes) c = static_cast<char>(random() & 0xffU);
    const std::string text = encode_with_openssl(bytes);
    EXPECT_EQ(base64url_decoded_size(text.size()), size);
    EXPECT_EQ(decode(text), bytes) << size;
  }
}

TEST(Base64Url, MutatedTextAgreesWithTheNaiveDecoder) {
  std::mt19937 random(19700101);
  for (int round = 0; round < 20000; ++round) {
    std::string text(random() % 12, 'A');
    for (char& c : text) c = kAlphabet[random() % kAlphabet.size()];
    if (!text.empty() && random() % 4 == 0) text[random() % text.size()] = static_cast<char>(random() & 0xffU);
    ASSERT_EQ(decode(text), decode_naively(text)) << text;
  }
}

TEST(Base64Url, WorksAtCompileTime) {
  constexpr bool kDecoded = [] {
    char out[3] = {};
    return base64url_decode("Zm9v", out) && out[0] == 'f' && out[2] == 'o';
  }();
  static_assert(kDecoded);
}

}  // namespace
}  // namespace ostiary
