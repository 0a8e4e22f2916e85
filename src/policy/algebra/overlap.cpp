#include "policy/algebra/overlap.hpp"

#include "policy/algebra/hosts.hpp"

#include <utility>

namespace ostiary::policy::algebra {

std::optional<CommonRequest> overlap(const RequestPattern& a, const RequestPattern& b) {
  const std::uint32_t methods = a.methods & b.methods;
  if (methods == 0) return std::nullopt;
  std::optional<std::string> host = common_host(a.host, b.host);
  if (!host) return std::nullopt;
  std::optional<std::string> path = common_path(a.path, b.path);
  if (!path) return std::nullopt;
  return CommonRequest{methods, *std::move(host), *std::move(path)};
}

}  // namespace ostiary::policy::algebra
