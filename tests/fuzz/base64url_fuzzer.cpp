// Whatever decodes has exactly one spelling: encoding the result gives the text back.
#include <ostiary/core/base64url.hpp>

#include <cstddef>
#include <cstdint>
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string out(ostiary::base64url_decoded_size(text.size()), '\0');
  if (ostiary::base64url_decode(text, out) && encode(out) != text) __builtin_trap();
  return 0;
}
