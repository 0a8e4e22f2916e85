// An allocation that is not looked at is memory lost and a nullptr missed.
// expect: (nodiscard|unused-result)
#include <ostiary/core/memory.hpp>

int main() {
  std::byte memory[64];
  ostiary::Arena arena(memory);
#ifdef MUST_FAIL
  arena.allocate<int>(1);
#else
  return arena.allocate<int>(1) == nullptr ? 1 : 0;
#endif
}
