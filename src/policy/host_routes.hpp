// Which hosts lead to which routes, read back out of the index.
#pragma once

#include <ostiary/policy/gate.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ostiary::policy {

/// Reads the index once. Borrows the Gate.
class HostRoutes {
 public:
  explicit HostRoutes(const Gate& gate);

  /// The rows of the routes that can be reached from a root of the index, ascending.
  [[nodiscard]] std::vector<std::uint32_t> below(std::uint32_t root) const;

  /// For each route, the hosts as the source writes them: exact ones before wildcards, each part ascending.
  [[nodiscard]] std::vector<std::vector<std::string>> hosts() const;

 private:
  const Gate& gate_;
  std::vector<std::uint32_t> by_parent_;      ///< rows of nodes that literals lead to, in order of parent
  std::vector<std::uint32_t> parent_of_row_;  ///< of each row
};

}  // namespace ostiary::policy
