// Whatever the bytes, the bytes door keeps its promises. A broken promise traps.
#include "inspect_invariants.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ostiary;
  static std::vector<std::byte> memory(inspect_scratch_size_max({}));
  static std::vector<std::byte> second_memory(memory.size());
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Arena arena(memory);
  const Inspection seen = inspect_bytes(bytes, arena);
  Arena second_arena(second_memory);
  fuzz::require_same(seen, inspect_bytes(bytes, second_arena));
  Arena left_arena(second_memory);
  const Inspection left = inspect_bytes(bytes, left_arena, InspectOptions{.left_to_route = kWaivableRules});
  if (left.progress == Progress::kComplete) {
    fuzz::require_sound(left);
    fuzz::require(left.request.to_waive.empty() == (seen.progress == Progress::kComplete));
  }
  if (seen.progress != Progress::kComplete) {
    fuzz::require(seen.finding.offset <= size);
    return 0;
  }
  fuzz::require_sound(seen);
  fuzz::require(seen.head_size <= size && seen.request.head.data() == bytes.data());
  Arena alone_arena(second_memory);
  fuzz::require_same(seen, inspect_bytes(bytes.substr(0, seen.head_size), alone_arena));
  return 0;
}
