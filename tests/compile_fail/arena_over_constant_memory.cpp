// Scratch memory is written to; constant bytes cannot be scratch.
// expect: (no matching (function|constructor)|could not convert|no viable conversion)
#include <ostiary/core/memory.hpp>

#ifdef MUST_FAIL
const std::byte memory[64] = {};
#else
std::byte memory[64] = {};
#endif

int main() {
  ostiary::Arena arena(memory);
  return arena.used() == 0 ? 0 : 1;
}
