#include <ostiary/core/bytes.hpp>

#include <gtest/gtest.h>

#include <cctype>
#include <string>
#include <string_view>

namespace ostiary {
namespace {

TEST(Span, IsAbsentByDefault) {
  constexpr Span kNothing;
  EXPECT_FALSE(kNothing.present());
  EXPECT_EQ(kNothing.in("abc"), std::string_view());
  EXPECT_EQ(kNothing.in("abc").data(), nullptr);
}

TEST(Span, PresentAndEmptyDiffersFromAbsent) {
  constexpr Span kEmpty{0, 0};
  EXPECT_TRUE(kEmpty.present());
  EXPECT_NE(kEmpty, Span{});
  const std::string_view buffer = "abc";
  EXPECT_EQ(kEmpty.in(buffer).data(), buffer.data());
}

TEST(Span, SurvivesMovingTheBuffer) {
  constexpr Span kWorld{6, 5};
  const std::string first = "hello world";
  const std::string second = first + "!";
  EXPECT_EQ(kWorld.in(first), "world");
  EXPECT_EQ(kWorld.in(second), "world");
}

TEST(Span, ReachesTheLastByte) { EXPECT_EQ((Span{2, 1}.in("abc")), "c"); }

// The oracle is <cctype> in the "C" locale, which no test changes.
TEST(BytePredicates, AgreeWithTheCLocaleOnAllBytes) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool ascii = byte < 128;
    EXPECT_EQ(is_digit(c), ascii && std::isdigit(byte) != 0) << byte;
    EXPECT_EQ(is_alpha(c), ascii && std::isalpha(byte) != 0) << byte;
    EXPECT_EQ(hex_value(c) >= 0, ascii && std::isxdigit(byte) != 0) << byte;
    EXPECT_EQ(ascii_lower(c), ascii ? static_cast<char>(std::tolower(byte)) : c) << byte;
  }
}

TEST(BytePredicates, HexDigitsHaveTheirValue) {
  const std::string_view lower = "0123456789abcdef";
  const std::string_view upper = "0123456789ABCDEF";
  for (int value = 0; value < 16; ++value) {
    const auto index = static_cast<std::size_t>(value);
    EXPECT_EQ(hex_value(lower[index]), value);
    EXPECT_EQ(hex_value(upper[index]), value);
  }
}

TEST(EqualsIgnoringCase, FoldsAsciiOnly) {
  EXPECT_TRUE(equals_ignoring_case("Host", "host"));
  EXPECT_TRUE(equals_ignoring_case("", ""));
  EXPECT_FALSE(equals_ignoring_case("Hos", "host"));
  EXPECT_FALSE(equals_ignoring_case("Hosts", "host"));
  // '@' and '`', '[' and '{' differ by the same bit as 'A' and 'a'.
  EXPECT_FALSE(equals_ignoring_case("@", "`"));
  EXPECT_FALSE(equals_ignoring_case("[", "{"));
  EXPECT_FALSE(equals_ignoring_case("\xC4", "\xE4"));
  // KELVIN SIGN folds to k in Unicode; here it is three foreign bytes.
  EXPECT_FALSE(equals_ignoring_case("\xE2\x84\xAA", "k"));
}

TEST(EqualTexts, SeesADifferenceInEveryByteOfEverySize) {
  for (std::size_t size = 0; size <= 40; ++size) {
    std::string a(size, 'x');
    EXPECT_TRUE(equal_texts(a, std::string(size, 'x'))) << size;
    EXPECT_FALSE(equal_texts(a, std::string(size + 1, 'x'))) << size;
    for (std::size_t i = 0; i < size; ++i) {
      std::string b = a;
      b[i] = 'y';
      EXPECT_FALSE(equal_texts(a, b)) << size << " bytes, another one at " << i;
    }
  }
}

}  // namespace
}  // namespace ostiary
