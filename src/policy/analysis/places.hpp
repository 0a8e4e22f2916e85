// Where a request can go: hosts, paths and methods cut into places at which the same predicates hold.
#pragma once

#include "policy/algebra/hosts.hpp"
#include "policy/algebra/path_automaton.hpp"
#include "policy/analysis/access_model.hpp"
#include "policy/analysis/predicates.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ostiary::policy::analysis {

/// All requests with one method, at one class of hosts and of paths.
struct Place {
  std::uint32_t host = 0;  ///< place in Places::hosts()
  std::uint32_t path = 0;  ///< place in Places::paths()
  Method method = Method::kGet;
  std::vector<std::uint32_t> routes;  ///< by Gate: which route such a request reaches, or AccessModel::kNoRoute
};

/// Borrows the table and the models; all predicates must be interned before. Immutable once made.
class Places {
 public:
  /// Nothing when the paths overrun their budget; `fault` then says which patterns do.
  static std::optional<Places> make(const PredicateTable& table, std::span<const AccessModel> gates,
                                    std::string& fault);

  /// Whether a predicate of kMethod, kHost or kPath holds at the place.
  [[nodiscard]] bool holds(PredicateId predicate, const Place& place) const;
  [[nodiscard]] const std::string& host(const Place& place) const { return hosts_->atoms()[place.host].example; }
  [[nodiscard]] const std::string& path(const Place& place) const { return paths_->atoms()[place.path].example; }
  /// Whether the path is of the place.
  [[nodiscard]] bool is_at(const Place& place, std::string_view path) const { return paths_->find(path) == place.path; }

  /// Calls `use(place)` for each place that some route of some Gate reaches until it returns true; whether it did.
  template <typename Use>
  bool each(const Use& use) const {
    for (std::uint32_t path = 0; path < paths_->atoms().size(); ++path) {
      if (each_at(path, use)) return true;
    }
    return false;
  }

  /// Whether some route lets paths through that hold what other paths may not.
  [[nodiscard]] bool has_waived_paths() const { return has_waived_paths_; }

 private:
  struct RouteAt {
    const RouteModel* model;
    std::uint32_t number;
  };

  Places(const PredicateTable& table, std::span<const AccessModel> gates) : table_(table), gates_(gates) {}

  void cut_hosts();
  [[nodiscard]] std::string cut_paths();

  [[nodiscard]] std::vector<RouteAt> routes_at(std::uint32_t path, std::size_t gate) const;
  [[nodiscard]] std::uint32_t reached(const std::vector<RouteAt>& routes, std::uint32_t host, Method method) const;

  template <typename Use>
  bool each_at(std::uint32_t path, const Use& use) const {
    std::vector<std::vector<RouteAt>> routes;
    std::uint32_t methods = 0;
    for (std::size_t gate = 0; gate < gates_.size(); ++gate) {
      routes.push_back(routes_at(path, gate));
      for (const RouteAt& route : routes.back()) methods |= route.model->methods;
    }
    if (methods == 0) return false;
    for (std::uint32_t host = 0; host < hosts_->atoms().size(); ++host) {
      for (unsigned method = 0; method < kMethodNames.size(); ++method) {
        if ((methods >> method & 1U) == 0) continue;
        Place place{host, path, static_cast<Method>(method), {}};
        bool any = false;
        for (const auto& of_gate : routes) {
          place.routes.push_back(reached(of_gate, host, place.method));
          any = any || place.routes.back() != AccessModel::kNoRoute;
        }
        if (any && use(place)) return true;
      }
    }
    return false;
  }

  const PredicateTable& table_;
  std::span<const AccessModel> gates_;
  bool has_waived_paths_ = false;
  std::optional<algebra::HostPartition> hosts_;
  std::optional<algebra::PathAutomaton> paths_;
  std::vector<std::uint32_t> host_sets_;                   ///< by predicate: place among the sets of hosts_
  std::vector<std::vector<std::uint32_t>> path_patterns_;  ///< by predicate: patterns of paths_
  std::vector<std::vector<std::vector<std::uint32_t>>> routes_by_pattern_;  ///< by Gate and pattern
};

}  // namespace ostiary::policy::analysis
