// What the tests of a table have shown of a Gate.
#pragma once

#include "policy/gate_test/stub_door.hpp"
#include "policy/line_index.hpp"
#include "policy/source.hpp"

#include <ostiary/policy/gate.hpp>
#include <ostiary/policy/gate_test.hpp>
#include <ostiary/policy/rule_walk.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostiary::policy {

/// Borrows the Gate and the source that it was compiled from. Confined.
class CoverageCount {
 public:
  CoverageCount(const Gate& gate, const GateSource& source);

  void note(const AskedTest& asked);
  [[nodiscard]] GateCoverage report(const LineIndex& lines) const;

 private:
  static constexpr std::size_t kNone = SIZE_MAX;

  struct Point {
    GateUncovered what;
    std::uint32_t offset = 0;
    bool shown = false;
  };
  /// Places in points_ of what is to be seen true and false; kNone for what cannot be seen.
  struct Pair {
    std::size_t yes = kNone;
    std::size_t no = kNone;
  };
  /// A rule or a mapping, or the claims in the path of a route.
  struct Watched {
    Pair matches;
    std::map<std::uint32_t, Pair> conditions;  ///< by row of predicates
  };

  std::size_t add(GateUncovered what, std::uint32_t offset);
  Pair add_pair(const GateUncovered& what, std::uint32_t offset, std::array<const char*, 2> missing);
  void add_conditions(Watched& watched, std::string_view subject, const std::string& id,
                      const std::vector<PredicateSource>& conditions, Range rows);
  void add_routes(const GateSource& source);
  void add_rules(const GateSource& source);
  void add_roles(const GateSource& source);
  [[nodiscard]] bool can_be_false(const PredicateSource& condition) const;

  void see(std::size_t point) {
    if (point != kNone) points_[point].shown = true;
  }
  void see(const Pair& pair, bool holds) { see(holds ? pair.yes : pair.no); }
  void see_asked(Watched& watched, const AskedRule& rule, Pair& binding, bool has_identity);

  const Gate& gate_;
  const GateSource& source_;
  std::vector<Point> points_;
  std::map<std::string_view, std::uint32_t> route_rows_;
  std::vector<std::size_t> reached_;  ///< by row of routes
  std::vector<Pair> bindings_;        ///< by row of routes
  std::vector<Watched> rules_;        ///< by row of rules
  std::vector<Watched> roles_;        ///< by row of roles
};

}  // namespace ostiary::policy
