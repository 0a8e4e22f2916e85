// A Result that nobody looks at is a check that nobody made.
// expect: (nodiscard|unused-result|unused-value)
#include <ostiary/core/result.hpp>

ostiary::Result<int> verify() { return ostiary::Reason::kNotDecided; }

int main() {
#ifdef MUST_FAIL
  verify();
#else
  return verify().ok() ? 1 : 0;
#endif
}
