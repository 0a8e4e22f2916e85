#include "policy/host_routes.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace ostiary::policy {

namespace {

[[nodiscard]] RouteNode node_at(const Gate& gate, std::uint32_t row) {
  return image_record<RouteNode>(gate.image(), gate.header().route_index.nodes, row);
}

/// The routes that end at the node or go on from it in a tail.
void add_routes(const Gate& gate, const RouteNode& node, std::set<std::uint32_t>& routes) {
  if (node.lone_methods != 0) {
    routes.insert(node.accepts);
    return;
  }
  const std::uint32_t count = std::uint32_t{node.end_count} + node.tail_count;
  for (std::uint32_t i = 0; i < count; ++i) {
    routes.insert(image_record<RouteAccept>(gate.image(), gate.header().route_index.accepts, node.accepts + i).route);
  }
}

}  // namespace

HostRoutes::HostRoutes(const Gate& gate) : gate_(gate) {
  const std::uint32_t count = gate.header().route_index.nodes.count;
  for (std::uint32_t row = 0; row < count; ++row) {
    parent_of_row_.push_back(node_at(gate, row).parent);
    if (parent_of_row_.back() != RouteNode::kNone) by_parent_.push_back(row);
  }
  std::sort(by_parent_.begin(), by_parent_.end(), [this](std::uint32_t a, std::uint32_t b) {
    return std::pair(parent_of_row_[a], a) < std::pair(parent_of_row_[b], b);
  });
}

std::vector<std::uint32_t> HostRoutes::below(std::uint32_t root) const {
  std::set<std::uint32_t> seen{root};
  std::vector<std::uint32_t> pending{root};
  std::set<std::uint32_t> routes;
  const auto go_to = [&](std::uint32_t row) {
    if (seen.insert(row).second) pending.push_back(row);
  };
  while (!pending.empty()) {
    const RouteNode node = node_at(gate_, pending.back());
    pending.pop_back();
    add_routes(gate_, node, routes);
    if (node.rest_size != 0) continue;
    if (node.any != RouteNode::kNone) go_to(node.any);
    if (node.skip == 0) continue;
    const auto before = [this](std::uint32_t row, std::uint32_t parent) { return parent_of_row_[row] < parent; };
    for (auto child = std::lower_bound(by_parent_.begin(), by_parent_.end(), node.link, before);
         child != by_parent_.end() && parent_of_row_[*child] == node.link; ++child) {
      go_to(*child);
    }
  }
  return {routes.begin(), routes.end()};
}

std::vector<std::vector<std::string>> HostRoutes::hosts() const {
  std::vector<std::vector<std::string>> hosts(gate_.header().routes.count);
  std::map<std::uint32_t, std::vector<std::uint32_t>> known;  // hosts with the same routes share a root
  const auto add = [&](ImageTable table, std::string_view prefix) {
    for (std::uint32_t row = 0; row < table.count; ++row) {
      const auto host = image_record<HostRecord>(gate_.image(), table, row);
      const auto [routes, is_new] = known.try_emplace(host.root);
      if (is_new) routes->second = below(host.root);
      for (const std::uint32_t route : routes->second) {
        hosts[route].push_back(std::string(prefix) + std::string(gate_.text(host.host)));
      }
    }
  };
  add(gate_.header().exact_hosts, {});
  add(gate_.header().wildcard_hosts, "*.");
  return hosts;
}

}  // namespace ostiary::policy
