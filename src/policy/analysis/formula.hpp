// What is asked of a request, as a Boolean function of groups of cubes: a group is true where one of its cubes holds.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace ostiary::policy::analysis {

enum class Truth : std::uint8_t { kFalse, kTrue, kOpen };

[[nodiscard]] constexpr Truth opposite(Truth truth) {
  if (truth == Truth::kOpen) return truth;
  return truth == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
}

using GroupId = std::uint32_t;

/// Immutable once made.
class Formula {
 public:
  enum class Kind : std::uint8_t { kGroup, kNot, kAll };

  [[nodiscard]] static Formula group(GroupId id) { return {Kind::kGroup, id, {}}; }
  [[nodiscard]] static Formula all(std::vector<Formula> parts) { return {Kind::kAll, 0, std::move(parts)}; }
  [[nodiscard]] static Formula none(Formula part) { return {Kind::kNot, 0, {std::move(part)}}; }

  /// With `of(group)` for the groups: a Truth.
  template <typename Of>
  [[nodiscard]] Truth evaluate(const Of& of) const {
    switch (kind_) {
      case Kind::kGroup: return of(group_);
      case Kind::kNot: return opposite(parts_.front().evaluate(of));
      case Kind::kAll: break;
    }
    Truth truth = Truth::kTrue;
    for (const Formula& part : parts_) {
      const Truth one = part.evaluate(of);
      if (one == Truth::kFalse) return one;
      if (one == Truth::kOpen) truth = one;
    }
    return truth;
  }

  /// The same function over something that has `both` and `negate`, as diagrams have; `of(group)` gives its nodes.
  template <typename Nodes, typename Of>
  [[nodiscard]] auto build(Nodes& nodes, const Of& of) const -> decltype(of(GroupId{})) {
    switch (kind_) {
      case Kind::kGroup: return of(group_);
      case Kind::kNot: return nodes.negate(parts_.front().build(nodes, of));
      case Kind::kAll: break;
    }
    auto node = Nodes::kTrue;
    for (const Formula& part : parts_) node = nodes.both(node, part.build(nodes, of));
    return node;
  }

 private:
  Formula(Kind kind, GroupId group, std::vector<Formula> parts)
      : kind_(kind), group_(group), parts_(std::move(parts)) {}

  Kind kind_;
  GroupId group_;
  std::vector<Formula> parts_;
};

}  // namespace ostiary::policy::analysis
