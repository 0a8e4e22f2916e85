// A consumer of the header-only core: it links nothing but the C++ runtime.
#include <ostiary/core/reason.hpp>
#include <ostiary/core/result.hpp>

#include <iostream>

int main() {
  const ostiary::ReasonInfo& info = ostiary::reason_info(ostiary::Reason::kAllowed);
  std::cout << "core: " << info.name << '\n';
  return info.http_status == 200 ? 0 : 1;
}
