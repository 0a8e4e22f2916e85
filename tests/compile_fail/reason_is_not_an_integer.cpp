// Reasons leave C++ through the registry, never by accident through arithmetic.
// expect: (cannot convert|cannot initialize)
#include <ostiary/core/reason.hpp>

int main() {
#ifdef MUST_FAIL
  const int number = ostiary::Reason::kOk;
#else
  const int number = static_cast<int>(ostiary::Reason::kOk);
#endif
  return number;
}
