#include "policy/quote.hpp"

namespace ostiary::policy {

std::string cut_text(std::string_view text, std::size_t size_max) {
  constexpr std::string_view kMore = "…";
  if (text.size() <= size_max) return std::string(text);
  std::size_t size = size_max - kMore.size();
  const auto goes_on = [&text](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U; };
  while (size != 0 && goes_on(size)) --size;
  return std::string(text.substr(0, size)).append(kMore);
}

std::string quote(std::string_view text) {
  constexpr std::size_t kSizeMax = 128;
  return '"' + cut_text(text, kSizeMax) + '"';
}

}  // namespace ostiary::policy
