// A Result does not decay to a number or a bool that could be mistaken for the value.
// expect: (cannot convert|no viable conversion)
#include <ostiary/core/result.hpp>

ostiary::Result<bool> verified() { return false; }

int main() {
#ifdef MUST_FAIL
  const bool allowed = verified();
#else
  const bool allowed = verified().value();
#endif
  return allowed ? 1 : 0;
}
