// Makes the routing index of a Gate: see route_index.hpp.
#pragma once

#include "policy/source.hpp"

#include <ostiary/policy/route_index.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ostiary::policy {

/// A route as one of its hosts sees it. All hosts of a route share its pattern, which may be long.
struct HostRoute {
  std::shared_ptr<const PathPattern> path;
  std::uint32_t methods = 0;
  std::uint32_t row = 0;  ///< of the routes of the image
};

struct RouteTables {
  std::vector<RouteNode> nodes;
  std::vector<std::uint16_t> displacements;
  std::vector<RouteAccept> accepts;
  std::vector<std::uint32_t> roots;  ///< the node at which each host begins
  std::uint32_t slots = 0;
  std::uint32_t seed = 0;
};

/// Stores a text and says where.
using StoreText = std::function<Span(const std::string&)>;

/// The routes of each host, no two of which are ambiguous. Hosts with the same routes share their nodes. The same
/// routes, in whatever order, make the same tables.
[[nodiscard]] RouteTables write_routes(std::vector<std::vector<HostRoute>> hosts, const StoreText& store);

/// The turns that the walk over these routes takes for the path that it takes most for, or a few more; to be held
/// to kRouteStepsMax.
[[nodiscard]] std::uint64_t route_steps(std::vector<HostRoute> routes);

/// The patterns that such a path makes the walk try, as they are written in a source but for the names of claims; of
/// many the first `count_max`.
[[nodiscard]] std::vector<std::string> costly_patterns(std::vector<HostRoute> routes, std::size_t count_max);

}  // namespace ostiary::policy
