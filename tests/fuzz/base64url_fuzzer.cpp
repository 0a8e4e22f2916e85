// Whatever decodes has exactly one spelling: encoding the result gives the text back. Every back end answers alike.
#include <ostiary/core/base64url.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

namespace {

std::string encode(std::string_view bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  std::uint32_t bits = 0;
  unsigned pending = 0;
  for (const char c : bytes) {
    bits = ((bits << 8) | static_cast<unsigned char>(c)) & 0xffffU;
    for (pending += 8; pending >= 6; pending -= 6) text += kAlphabet[(bits >> (pending - 6)) & 63U];
  }
  if (pending > 0) text += kAlphabet[(bits << (6 - pending)) & 63U];
  return text;
}

void require(bool good) {
  if (!good) __builtin_trap();
}

void require_one_spelling(std::string_view text) {
  std::string out(ostiary::base64url_decoded_size(text.size()), '\0');
  if (ostiary::base64url_decode(text, out)) require(encode(out) == text);
}

void require_equal_back_ends(std::string_view text) {
  const auto back_ends = ostiary::detail::base64url_back_ends();
  std::string expected(ostiary::base64url_decoded_size(text.size()), '\0');
  std::string out = expected;
  const bool good = text.size() % 4 != 1 && back_ends.back().decode(text, expected.data());
  const ostiary::detail::DottedText seen = back_ends.back().read_dotted(text);
  for (const auto& back_end : back_ends) {
    if (!back_end.usable) continue;
    if (text.size() % 4 != 1) require(back_end.decode(text, out.data()) == good && (!good || out == expected));
    const ostiary::detail::DottedText other = back_end.read_dotted(text);
    require(other.clean == seen.clean && other.dots == seen.dots);
    require(std::equal(std::begin(seen.position), std::end(seen.position), std::begin(other.position)));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  require_one_spelling(text);
  require_equal_back_ends(text);
  return 0;
}
