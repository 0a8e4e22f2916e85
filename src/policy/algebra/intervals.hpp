// Sets of intervals over a line of values, cut into atoms: integers, times, addresses.
#pragma once

#include "policy/algebra/bits.hpp"
#include "policy/algebra/classes.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace ostiary::policy::algebra {

/// The values from `first` to `last`, both included. Empty when `first` is above `last`.
template <typename T>
struct Interval {
  T first{};
  T last{};

  friend bool operator==(const Interval&, const Interval&) = default;
};

/// A run of values at which the same sets hold.
template <typename T>
struct IntervalCell {
  Interval<T> span;
  std::uint32_t atom = 0;  ///< place in IntervalPartition::atoms
};

/// All the values at which exactly the sets in `holds` hold. `example` is one of them.
template <typename T>
struct IntervalAtom {
  T example{};
  Bits holds;
};

/// The joint classes of some sets. Immutable once made.
template <typename T>
struct IntervalPartition {
  std::vector<IntervalCell<T>> cells;  ///< ascending, disjoint, together the universe; neighbours differ in their atom
  std::vector<IntervalAtom<T>> atoms;  ///< no two with the same `holds`

  /// The atom a value lies in, or nothing when it is outside the universe.
  [[nodiscard]] std::optional<std::uint32_t> find(const T& value) const {
    const auto after = std::upper_bound(cells.begin(), cells.end(), value,
                                        [](const T& v, const IntervalCell<T>& cell) { return v < cell.span.first; });
    if (after == cells.begin() || std::prev(after)->span.last < value) return std::nullopt;
    return std::prev(after)->atom;
  }
};

/// The value after and the value before; never asked for beyond the ends of a universe.
constexpr std::int64_t value_after(std::int64_t value) noexcept { return value + 1; }
constexpr std::int64_t value_before(std::int64_t value) noexcept { return value - 1; }
constexpr std::uint32_t value_after(std::uint32_t value) noexcept { return value + 1; }
constexpr std::uint32_t value_before(std::uint32_t value) noexcept { return value - 1; }

template <typename T>
constexpr Interval<T> whole_line() noexcept {
  return {std::numeric_limits<T>::min(), std::numeric_limits<T>::max()};
}

namespace detail {

/// A place on the line where a set begins to hold, or holds no more.
template <typename T>
struct IntervalEdge {
  T at{};
  std::uint32_t set = 0;
  bool opens = false;
};

/// The edges of all sets inside one piece of the universe, ascending. A set that lasts to the end of the piece has no
/// closing edge, because there may be no value after the end.
template <typename T>
std::vector<IntervalEdge<T>> edges_in(const Interval<T>& piece, std::span<const std::vector<Interval<T>>> sets) {
  std::vector<IntervalEdge<T>> edges;
  for (std::size_t set = 0; set < sets.size(); ++set) {
    const auto number = static_cast<std::uint32_t>(set);
    for (const Interval<T>& interval : sets[set]) {
      if (interval.last < interval.first || interval.last < piece.first || piece.last < interval.first) continue;
      edges.push_back({std::max(interval.first, piece.first), number, true});
      if (interval.last < piece.last) edges.push_back({value_after(interval.last), number, false});
    }
  }
  std::sort(edges.begin(), edges.end(), [](const IntervalEdge<T>& a, const IntervalEdge<T>& b) { return a.at < b.at; });
  return edges;
}

/// Walks along the line with the sets that hold.
template <typename T>
class IntervalSweep {
 public:
  IntervalSweep(std::span<const std::vector<Interval<T>>> sets, std::span<const T> preferred)
      : sets_(sets), preferred_(preferred) {}

  void walk(const Interval<T>& piece) {
    open_.assign(sets_.size(), 0);
    holds_ = Bits(sets_.size());
    piece_begins_ = partition_.cells.size();
    const std::vector<IntervalEdge<T>> edges = edges_in(piece, sets_);
    T first = piece.first;
    for (std::size_t i = 0; i < edges.size();) {
      if (first < edges[i].at) add_cell({first, value_before(edges[i].at)});
      first = edges[i].at;
      for (; i < edges.size() && edges[i].at == first; ++i) cross(edges[i]);
    }
    add_cell({first, piece.last});
  }

  IntervalPartition<T> finish() {
    // From the last to the first, so that the first has the last word.
    for (std::size_t i = preferred_.size(); i-- > 0;) {
      const std::optional<std::uint32_t> atom = partition_.find(preferred_[i]);
      if (atom) partition_.atoms[*atom].example = preferred_[i];
    }
    return std::move(partition_);
  }

 private:
  /// The intervals of one set may overlap; it holds as long as one of them is open.
  void cross(const IntervalEdge<T>& edge) {
    open_[edge.set] += edge.opens ? 1 : -1;
    if (open_[edge.set] > 0) {
      holds_.set(edge.set);
    } else {
      holds_.reset(edge.set);
    }
  }

  void add_cell(const Interval<T>& span) {
    const Classes::Entry atom = classes_.number(holds_);
    if (atom.is_new) partition_.atoms.push_back({span.first, holds_});
    std::vector<IntervalCell<T>>& cells = partition_.cells;
    if (cells.size() > piece_begins_ && cells.back().atom == atom.number) {
      cells.back().span.last = span.last;
    } else {
      cells.push_back({span, atom.number});
    }
  }

  std::span<const std::vector<Interval<T>>> sets_;
  std::span<const T> preferred_;
  std::vector<std::int64_t> open_;  ///< by set: how many of its intervals are open
  Bits holds_;
  Classes classes_;
  std::size_t piece_begins_ = 0;
  IntervalPartition<T> partition_;
};

}  // namespace detail

/// Cuts a universe into atoms. `universe` is ascending and disjoint; what a set has outside of it does not count. Where
/// an atom holds one of the `preferred` values, the first such is its example, else the least value met. Takes
/// O(n log n) for n intervals, and a Bits for each atom: 2n + 1 of them at most for each piece of the universe. Pure.
template <typename T>
[[nodiscard]] IntervalPartition<T> partition_intervals(std::span<const Interval<T>> universe,
                                                       std::span<const std::vector<Interval<T>>> sets,
                                                       std::span<const T> preferred = {}) {
  detail::IntervalSweep<T> sweep(sets, preferred);
  for (const Interval<T>& piece : universe) sweep.walk(piece);
  return sweep.finish();
}

/// The same over every value of a type of numbers.
template <typename T>
[[nodiscard]] IntervalPartition<T> partition_intervals(std::span<const std::vector<Interval<T>>> sets,
                                                       std::span<const T> preferred = {}) {
  const Interval<T> line = whole_line<T>();
  return partition_intervals<T>(std::span(&line, 1), sets, preferred);
}

}  // namespace ostiary::policy::algebra
