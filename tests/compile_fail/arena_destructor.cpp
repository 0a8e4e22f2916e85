// The arena destroys nothing, so it must not hold what needs destroying.
// expect: nothing is destroyed when the arena is reset
#include <ostiary/core/memory.hpp>

#include <string>

#ifdef MUST_FAIL
using Stored = std::string;
#else
using Stored = int;
#endif

int main() {
  std::byte memory[64];
  ostiary::Arena arena(memory);
  return arena.allocate<Stored>(1) == nullptr ? 1 : 0;
}
