// Whether two patterns of requests have a request in common.
#pragma once

#include "policy/algebra/paths.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace ostiary::policy::algebra {

/// Methods, a host and a path, as a route has them.
struct RequestPattern {
  std::uint32_t methods = 0;  ///< bit (1 << Method)
  std::string host;           ///< exact, or "*." and a host
  PathShape path;
};

struct CommonRequest {
  std::uint32_t methods = 0;  ///< all that both have
  std::string host;
  std::string path;
};

/// A request that both patterns match, or nothing when there is none. Linear in the length of the patterns. Pure.
[[nodiscard]] std::optional<CommonRequest> overlap(const RequestPattern& a, const RequestPattern& b);

}  // namespace ostiary::policy::algebra
