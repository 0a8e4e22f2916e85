// A switch over a closed enumeration without a default names every member, or does not compile.
// expect: (not handled in switch)
#include <ostiary/core/reason.hpp>

int weight(ostiary::ReasonClass reason_class) {
  switch (reason_class) {
    case ostiary::ReasonClass::kOk: return 0;
#ifndef MUST_FAIL
    case ostiary::ReasonClass::kUsage:
#endif
    case ostiary::ReasonClass::kRequest:
    case ostiary::ReasonClass::kToken:
    case ostiary::ReasonClass::kKey:
    case ostiary::ReasonClass::kDecision:
    case ostiary::ReasonClass::kGate: return 1;
  }
  return 2;
}

int main() { return weight(ostiary::ReasonClass::kOk); }
