#include <ostiary/core/base64.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace ostiary {
namespace {

struct Pair {
  std::string_view bytes;
  std::string_view text;
};

// RFC 4648 §10, and what uses the last two letters of the alphabet.
constexpr Pair kPairs[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
    {"\xfb\xff\xbf", "+/+/"},
};

struct Decoded {
  std::size_t fault;
  std::string bytes;
};

Decoded decoded(std::string_view text) {
  Decoded result;
  result.bytes.resize(base64_decoded_size(text));
  result.fault = base64_decode(text, result.bytes.data());
  return result;
}

TEST(Base64, EncodesAndDecodes) {
  for (const auto& [bytes, text] : kPairs) {
    std::string encoded(base64_encoded_size(bytes.size()), '\0');
    base64_encode(bytes, encoded.data());
    EXPECT_EQ(encoded, text);
    EXPECT_EQ(decoded(text).fault, std::string_view::npos) << text;
    EXPECT_EQ(decoded(text).bytes, bytes);
  }
}

TEST(Base64, NamesTheFirstByteThatIsWrong) {
  const struct {
    std::string_view text;
    std::size_t fault;
  } cases[] = {
      {"Zg", 2},      {"Zg=", 2},      {"Z", 1},        {"=", 0},        {"====", 0},    {"Z===", 1},
      {"Zm9v=", 4},   {"Zm9vYg", 6},   {"Zh==", 1},     {"Zm9=", 2},     {"Zm9v\n", 4},  {"Z g=", 1},
      {"Zm9-", 3},    {"Zm9_", 3},     {"Zm=v", 2},     {"Zm9vZ=9v", 5}, {"\x80m9v", 0}, {"AAAAAA=", 6},
      {"AAAAA==", 5}, {"AAAA=AAA", 4}, {"AAAA====", 4}, {"Zm9v=m8=", 4},
  };
  for (const auto& [text, fault] : cases) EXPECT_EQ(decoded(text).fault, fault) << text;
}

/// Every text of four characters over a few that matter: what decodes has one spelling.
TEST(Base64, WhatDecodesEncodesBack) {
  constexpr std::string_view kSome = "AQgw9+/=-\n";
  std::size_t sound = 0;
  for (std::size_t i = 0; i < 10'000; ++i) {
    const char text[] = {kSome[i / 1000], kSome[i / 100 % 10], kSome[i / 10 % 10], kSome[i % 10]};
    const std::string_view view(text, sizeof(text));
    const Decoded result = decoded(view);
    if (result.fault != std::string_view::npos) {
      EXPECT_LE(result.fault, view.size());
      continue;
    }
    ++sound;
    std::string encoded(base64_encoded_size(result.bytes.size()), '\0');
    base64_encode(result.bytes, encoded.data());
    EXPECT_EQ(encoded, view);
  }
  // seven letters of the alphabet, of which four (A, Q, g, w) end in four zero bits and the others in none
  EXPECT_EQ(sound, 2401U + 49U * 4U + 7U * 4U);
}

}  // namespace
}  // namespace ostiary
