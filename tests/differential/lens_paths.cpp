// Reads one raw path a line and answers with a line of two columns: what the inspector says of it when everything a
// route may waive is left, and the path as the nginx lens sees it, decoded once more and in hexadecimal; "-" where
// nginx would refuse. For nginx_lens.py.
#include <ostiary/http/lenses.hpp>

#include <cstddef>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace ostiary;

std::string decoded(std::string_view path) {
  std::string text;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const int value = detail::escape_value(path, i);
    text += value < 0 ? path[i] : static_cast<char>(value);
    if (value >= 0) i += 2;
  }
  return text;
}

std::string hexadecimal(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    char digits[3];
    std::snprintf(digits, sizeof(digits), "%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
    text += digits;
  }
  return text;
}

}  // namespace

int main() {
  std::string raw;
  while (std::getline(std::cin, raw)) {
    std::vector<std::byte> memory(2 * raw.size());
    Arena scratch{std::span<std::byte>(memory)};
    const Reason reason = canonical_path(raw, scratch, kWaivableRules).reason();
    const Result<std::string_view> seen = lens_path(raw, Lens::kNginx, scratch);
    std::cout << reason_info(reason).name << '\t' << (seen ? hexadecimal(decoded(*seen)) : "-") << '\n';
  }
  return 0;
}
