// Every back end of the pass over the lines reads what the portable one reads, and a head that comes in two parts is
// answered as a whole one is.
#include "inspect_invariants.hpp"
#include "support/scanned_lines.hpp"

#include <ostiary/http/inspect.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace ostiary {
namespace {

void require_equal_back_ends(std::string_view bytes) {
  const auto back_ends = detail::scan_back_ends();
  const test::ScannedLines expected(back_ends.back(), bytes, 0);
  for (const detail::ScanBackEnd& back_end : back_ends) {
    if (!back_end.usable) continue;
    fuzz::require(test::difference_of(test::ScannedLines(back_end, bytes, 0), expected).empty());
  }
}

void require_cut_changes_nothing(std::string_view bytes, std::size_t cut) {
  static std::vector<std::byte> memory(inspect_scratch_size_max({}));
  static std::vector<std::byte> other_memory(memory.size());
  Arena arena(memory);
  Arena other_arena(other_memory);
  GrowingHead growing;
  const Inspection whole = inspect_bytes(bytes, arena);
  const Inspection begun = inspect_more(growing, bytes.substr(0, cut), other_arena);
  if (begun.progress == Progress::kNeedMore) {
    fuzz::require_same(inspect_more(growing, bytes, other_arena), whole);
  } else {
    fuzz::require(begun.progress == whole.progress && begun.finding.reason == whole.finding.reason);
  }
}

}  // namespace
}  // namespace ostiary

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (bytes.empty() || bytes.size() > 8192) return 0;
  ostiary::require_equal_back_ends(bytes);
  ostiary::require_cut_changes_nothing(bytes, bytes.size() * data[0] / 256);
  return 0;
}
