// The routes that a rule or a role mapping names, as far as its conditions can meet them or not.
#pragma once

#include "policy/source.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostiary::policy {

/// Borrows the routes.
class RouteGroup {
 public:
  explicit RouteGroup(std::vector<const RouteSource*> routes) : routes_(std::move(routes)) {}

  /// The methods of all of them.
  [[nodiscard]] std::uint32_t methods();

  /// Whether there is any, and each has a claim in its path.
  [[nodiscard]] bool all_bind_claims();

  [[nodiscard]] bool has_hosts();
  [[nodiscard]] bool has_paths();

  /// Whether some host matches both the pattern and one of theirs.
  [[nodiscard]] bool meets_host(std::string_view pattern);

  /// Whether some path matches both the pattern and one of theirs. Takes one of `steps` for each place that it looks
  /// at; with none left the answer is no.
  [[nodiscard]] bool meets_path(const PathPattern& pattern, std::uint32_t& steps);

 private:
  /// A place in the paths of all of them, one segment from the next.
  struct Place {
    std::map<std::string_view, std::uint32_t> literals;
    std::uint32_t any = 0;  ///< 0: none, as nothing leads back to the root
    bool ends = false;
    bool has_tail = false;
  };

  void index_hosts();
  void index_paths();
  void add_path(std::string_view path);
  std::uint32_t below(std::uint32_t place, std::string_view segment);
  [[nodiscard]] bool meets_from(std::uint32_t place, const PathPattern& pattern, std::size_t position,
                                std::uint32_t& steps) const;
  [[nodiscard]] bool meets_literal(const Place& place, const PathPattern& pattern, std::size_t position,
                                   std::uint32_t& steps) const;
  [[nodiscard]] bool meets_any(const Place& place, const PathPattern& pattern, std::size_t position,
                               std::uint32_t& steps) const;

  std::vector<const RouteSource*> routes_;
  std::optional<std::uint32_t> methods_;
  std::optional<bool> all_bind_claims_;
  std::set<std::string_view> exact_hosts_;
  std::set<std::string_view> wildcards_;  ///< with their "*."
  std::set<std::string> wildcards_met_;   ///< those that match one of the exact hosts
  std::vector<Place> places_;
};

}  // namespace ostiary::policy
