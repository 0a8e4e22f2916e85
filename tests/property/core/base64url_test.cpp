// Every back end of base64url answers what a byte-wise reading answers, wherever the text ends in memory and wherever
// the wrong byte stands, and writes not one byte more than the text encodes.
#include "support/guarded_pages.hpp"

#include <ostiary/core/base64url.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>
#include <string_view>

namespace ostiary::test {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// One bit after the other.
std::optional<std::string> decode_bits(std::string_view text) {
  std::string out;
  unsigned bits = 0;
  unsigned pending = 0;
  for (const char c : text) {
    const std::size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    for (int bit = 5; bit >= 0; --bit) {
      bits = bits << 1 | (value >> bit & 1U);
      if (++pending < 8) continue;
      out += static_cast<char>(bits);
      bits = pending = 0;
    }
  }
  if (pending >= 6 || bits != 0) return std::nullopt;
  return out;
}

detail::DottedText read_bytes(std::string_view text) {
  detail::DottedText seen;
  for (; seen.clean < text.size(); ++seen.clean) {
    const char c = text[seen.clean];
    if (c != '.' && kAlphabet.find(c) == std::string_view::npos) break;
    if (c != '.') continue;
    if (seen.dots < 3) seen.position[seen.dots] = seen.clean;
    ++seen.dots;
  }
  return seen;
}

/// Texts of the alphabet, the same in every run.
class Texts {
 public:
  explicit Texts(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t bound) { return random_() % bound; }
  std::string text(std::size_t size) {
    std::string made(size, 'A');
    for (char& c : made) c = kAlphabet[below(kAlphabet.size())];
    return made;
  }

 private:
  std::mt19937 random_;
};

class Base64UrlBackEnds : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(texts_.ready() && outputs_.ready()); }

  /// Reads and writes up to the last byte before memory that may not be touched.
  void expect_decoded(std::string_view made) {
    const std::string_view text = texts_.hold(made);
    const std::optional<std::string> expected = decode_bits(made);
    const std::string blank(base64url_decoded_size(made.size()), '\x5a');
    for (const detail::Base64UrlBackEnd& back_end : detail::base64url_back_ends()) {
      if (!back_end.usable) continue;
      const std::string_view out = outputs_.hold("before" + blank);
      const bool good = back_end.decode(text, const_cast<char*>(out.data()) + 6);
      ASSERT_EQ(good, expected.has_value()) << back_end.name << ' ' << made;
      ASSERT_EQ(out.substr(0, 6), "before") << back_end.name;
      ASSERT_EQ(good ? out.substr(6) : "", expected.value_or("")) << back_end.name << ' ' << made;
    }
    std::string out = blank;
    ASSERT_EQ(base64url_decode(text, out), expected.has_value()) << made;
  }

  void expect_read(std::string_view made) {
    const std::string_view text = texts_.hold(made);
    const detail::DottedText expected = read_bytes(made);
    for (const detail::Base64UrlBackEnd& back_end : detail::base64url_back_ends()) {
      if (!back_end.usable) continue;
      const detail::DottedText seen = back_end.read_dotted(text);
      ASSERT_EQ(seen.clean, expected.clean) << back_end.name << ' ' << made;
      ASSERT_EQ(seen.dots, expected.dots) << back_end.name << ' ' << made;
      for (std::size_t i = 0; i < 3; ++i) {
        ASSERT_EQ(seen.position[i], expected.position[i]) << back_end.name << ' ' << made;
      }
    }
  }

 private:
  const GuardedPages texts_;
  const GuardedPages outputs_;
};

TEST_F(Base64UrlBackEnds, DecodeEveryLength) {
  Texts texts(4648);
  for (std::size_t size = 0; size <= 400; ++size) {
    if (size % 4 == 1) continue;  // refused before any back end is asked
    for (int i = 0; i < 20; ++i) {
      expect_decoded(texts.text(size));
      if (HasFatalFailure()) return;
    }
  }
}

TEST_F(Base64UrlBackEnds, DecodeEveryLetterAtEveryPlace) {
  for (const char c : kAlphabet) {
    for (std::size_t place = 0; place < 132; ++place) {
      std::string text(132, 'A');
      text[place] = c;
      expect_decoded(text);
      if (HasFatalFailure()) return;
    }
  }
}

TEST_F(Base64UrlBackEnds, RefuseEveryForeignByteAtEveryPlace) {
  Texts texts(7515);
  for (const std::size_t size : {4U, 63U, 64U, 66U, 131U, 132U, 200U}) {
    const std::string good = texts.text(size / 4 * 4) + std::string(size % 4, 'A');
    for (std::size_t place = 0; place < size; ++place) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string text = good;
        text[place] = static_cast<char>(byte);
        expect_decoded(text);
        expect_read(text);
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST_F(Base64UrlBackEnds, ReadDotsAndForeignBytesAtRandom) {
  Texts texts(7516);
  for (int i = 0; i < 100000; ++i) {
    std::string text = texts.text(texts.below(400));
    const std::size_t dots = texts.below(texts.below(8) == 0 ? 200 : 5);
    for (std::size_t dot = 0; dot < dots && !text.empty(); ++dot) text[texts.below(text.size())] = '.';
    if (!text.empty() && texts.below(3) == 0) text[texts.below(text.size())] = static_cast<char>(texts.below(256));
    expect_read(text);
    if (HasFatalFailure()) return;
  }
}

TEST_F(Base64UrlBackEnds, ReadNothingButDots) {
  for (std::size_t size = 0; size < 300; ++size) {
    expect_read(std::string(size, '.'));
    if (HasFatalFailure()) return;
  }
}

TEST(Base64Url, TheFirstPassWorksAtCompileTime) {
  static_assert(detail::read_dotted("AA.BB.CC").dots == 2);
  static_assert(detail::read_dotted("AA.BB.C+").clean == 7);
}

}  // namespace
}  // namespace ostiary::test
