// Gates that differ in one thing from a given one.
#pragma once

#include "policy/source.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::policy {

/// One change, and where it is made. Only `apply` may be called on another source than the one it was listed for: a
/// copy.
struct Mutation {
  std::string_view change;   ///< static
  std::string_view subject;  ///< static
  std::string id;
  std::string detail;
  std::uint32_t offset = 0;
  std::function<void(GateSource&)> apply;
};

/// Every change there is, in the order of the source. What cannot make a difference is left out as far as it is known.
[[nodiscard]] std::vector<Mutation> mutations_of(const GateSource& gate);

}  // namespace ostiary::policy
