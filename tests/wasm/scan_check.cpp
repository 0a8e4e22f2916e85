// A program for WebAssembly with vectors: its back end of the pass over the lines reads what the portable one reads.
// Exit status 0 when it does, 1 when it does not, 2 when there was nothing to compare.
#include "property/http/heads.hpp"
#include "support/scanned_lines.hpp"

#include <string>

int main() {
  using namespace ostiary;
  const auto back_ends = detail::scan_back_ends();
  if (back_ends.front().name == back_ends.back().name) return 2;
  test::HeadGenerator generator(512);
  for (int i = 0; i < 20000; ++i) {
    const std::string text = generator.one_in(2) ? test::noise(generator) : test::text_of(generator.next(), generator);
    if (text.empty()) continue;
    const auto from = static_cast<std::uint32_t>(generator.one_in(3) ? generator.below(text.size()) : 0);
    const test::ScannedLines expected(back_ends.back(), text, from);
    if (!test::difference_of(test::ScannedLines(back_ends.front(), text, from), expected).empty()) return 1;
  }
  return 0;
}
