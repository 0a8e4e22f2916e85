// All path patterns of a question as one deterministic automaton over segments.
#pragma once

#include "policy/algebra/bits.hpp"
#include "policy/algebra/paths.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ostiary::policy::algebra {

/// What an automaton may cost. Patterns that pin one segment each and leave the others open double it each time.
struct PathBudget {
  std::size_t states_max = 65'536;
  /// Patterns alive, summed over the states: bounds time and memory where there are many patterns.
  std::size_t entries_max = 4'000'000;
};

/// Two patterns, by their place, that an automaton within the budget cannot hold: with `pattern` the automaton of those
/// before it overruns, and of these it multiplies most with `partner` (itself, when it overruns alone).
struct PathOverrun {
  std::size_t pattern = 0;
  std::size_t partner = 0;
};

struct PathAtom {
  std::string example;  ///< as few segments as any path of the atom has, the last of them not empty if that can be
  Bits holds;
};

/// The joint classes of some path patterns: of each path it tells which patterns match, in one step for a segment.
/// States are hash-consed sets of patterns that may still match. Immutable once made.
class PathAutomaton {
 public:
  /// No two with the same `holds`. One holds nothing: the paths that no pattern matches, unless every path is matched.
  [[nodiscard]] const std::vector<PathAtom>& atoms() const& { return atoms_; }
  void atoms() const&& = delete;  // the atoms go with the object
  [[nodiscard]] std::size_t state_count() const { return states_.size(); }
  /// The atom of a canonical path.
  [[nodiscard]] std::uint32_t find(std::string_view path) const;

 private:
  friend class PathAutomatonBuilder;

  struct State {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> literals;  ///< literal, next state; ascending by literal
    std::uint32_t otherwise = 0;                                    ///< next state for any other segment
    std::uint32_t atom_here = 0;                                    ///< when the path ends here
    std::uint32_t atom_slash = 0;                                   ///< when one empty segment ends it
  };

  std::vector<State> states_;
  std::map<std::string, std::uint32_t, std::less<>> literals_;
  std::vector<PathAtom> atoms_;
};

/// Builds the automaton, or names what overruns the budget; there is no third answer. The same patterns make the same
/// automaton. Takes O(entries) within the budget; naming an overrun builds some twenty times as much at most. Pure.
[[nodiscard]] std::variant<PathAutomaton, PathOverrun> build_path_automaton(std::span<const PathShape> patterns,
                                                                            PathBudget budget = {});

}  // namespace ostiary::policy::algebra
