// Sets of tokens: what can be told apart of each claim, products of such sets, and their differences.
#pragma once

#include "authority/globs.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::authority {

enum class ValueKind : std::uint8_t { kAbsent, kText, kTextSet, kInteger, kBoolean };

/// What a token says in one claim.
struct Value {
  ValueKind kind = ValueKind::kAbsent;
  std::vector<std::string> texts;  ///< kText: one; kTextSet: its elements
  std::int64_t integer = 0;        ///< kInteger; kBoolean: 0 or 1
};

[[nodiscard]] inline Value text_value(std::string text) { return {ValueKind::kText, {std::move(text)}, 0}; }

/// What may still be spent, over all questions of a report.
struct Budget {
  std::uint64_t glob_steps = 4'000'000;
  std::uint64_t box_steps = 1'000'000;
};

/// Elements of a claim that is a set: 2^n sets are told apart.
inline constexpr std::size_t kSetElementsMax = 10;

/// The values of one claim that anything in the question tells apart, one for each class.
struct Dimension {
  std::string claim;
  ValueKind kind = ValueKind::kText;  ///< as declared
  bool always = false;                ///< no token is without it
  std::vector<Glob> globs;
  std::vector<std::int64_t> integers;
  std::vector<Value> values;  ///< after settle(); before, those that alone are asked about, when there are any
};

class Space {
 public:
  /// The dimension of this name, made when there is none.
  Dimension& dimension(std::string_view claim);
  [[nodiscard]] std::optional<std::size_t> find(std::string_view claim) const;
  [[nodiscard]] const std::vector<Dimension>& dimensions() const noexcept { return dimensions_; }

  /// Finds the values; false when that costs more than the budget.
  [[nodiscard]] bool settle(Budget& budget);

 private:
  std::vector<Dimension> dimensions_;
};

/// For each dimension which of its values are in.
class Box {
 public:
  explicit Box(const Space& space);

  /// Leaves in what `keep` says.
  template <typename Keep>
  void restrict(const Space& space, std::size_t dimension, const Keep& keep) {
    std::vector<bool>& mask = masks_[dimension];
    for (std::size_t i = 0; i < mask.size(); ++i) {
      if (mask[i] && !keep(space.dimensions()[dimension].values[i])) mask[i] = false;
    }
  }
  void clear() { is_empty_ = true; }

  [[nodiscard]] bool is_empty() const;
  [[nodiscard]] Box meet(const Box& other) const;
  [[nodiscard]] std::vector<std::vector<bool>>& masks() noexcept { return masks_; }
  [[nodiscard]] const std::vector<std::vector<bool>>& masks() const noexcept { return masks_; }

 private:
  std::vector<std::vector<bool>> masks_;
  bool is_empty_ = false;
};

/// A value of every dimension, in their order.
using Point = std::vector<Value>;

enum class Search : std::uint8_t { kNone, kFound, kOverrun };

struct Found {
  Search search = Search::kNone;
  Point point;
};

/// A point of `inside` that is in none of `outside`.
[[nodiscard]] Found find_point(const Space& space, const Box& inside, std::span<const Box> outside, Budget& budget);

/// A point that is in one of `allow` and none of `deny`, and is not also in one of `other_allow` and none of
/// `other_deny`.
[[nodiscard]] Found find_difference(const Space& space, std::span<const Box> allow, std::span<const Box> deny,
                                    std::span<const Box> other_allow, std::span<const Box> other_deny, Budget& budget);

}  // namespace ostiary::authority
