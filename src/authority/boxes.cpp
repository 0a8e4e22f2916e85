#include "authority/boxes.hpp"

#include <algorithm>
#include <utility>

namespace ostiary::authority {

namespace {

[[nodiscard]] bool settle_sets(Dimension& dimension, const std::vector<std::string>& elements) {
  if (elements.size() > kSetElementsMax) return false;
  for (std::uint32_t set = 0; set < 1U << elements.size(); ++set) {
    Value value{ValueKind::kTextSet, {}, 0};
    for (std::size_t i = 0; i < elements.size(); ++i) {
      if ((set >> i & 1U) != 0) value.texts.push_back(elements[i]);
    }
    dimension.values.push_back(std::move(value));
  }
  return true;
}

void settle_integers(Dimension& dimension) {
  std::vector<std::int64_t> known = dimension.integers;
  std::int64_t other = 0;
  while (std::find(known.begin(), known.end(), other) != known.end()) ++other;
  known.push_back(other);
  for (const std::int64_t integer : known) dimension.values.push_back({ValueKind::kInteger, {}, integer});
}

[[nodiscard]] bool settle_dimension(Dimension& dimension, Budget& budget) {
  if (!dimension.values.empty()) return true;
  const bool is_text = dimension.kind == ValueKind::kText || dimension.kind == ValueKind::kTextSet;
  if (is_text) {
    const auto texts = text_classes(dimension.globs, budget.glob_steps);
    if (!texts) return false;
    if (dimension.kind == ValueKind::kTextSet) {
      if (!settle_sets(dimension, *texts)) return false;
    } else {
      for (const std::string& text : *texts) dimension.values.push_back(text_value(text));
    }
  } else if (dimension.kind == ValueKind::kInteger) {
    settle_integers(dimension);
  } else {
    dimension.values = {{ValueKind::kBoolean, {}, 1}, {ValueKind::kBoolean, {}, 0}};
  }
  if (!dimension.always) dimension.values.emplace_back();
  return true;
}

[[nodiscard]] bool is_none(const std::vector<bool>& mask) {
  return std::none_of(mask.begin(), mask.end(), [](bool bit) { return bit; });
}

[[nodiscard]] std::vector<bool> both(const std::vector<bool>& a, const std::vector<bool>& b) {
  std::vector<bool> result(a);
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = a[i] && b[i];
  return result;
}

[[nodiscard]] std::vector<bool> without(const std::vector<bool>& a, const std::vector<bool>& b) {
  std::vector<bool> result(a);
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = a[i] && !b[i];
  return result;
}

/// What of a box is left when others are cut out of it, one after the other.
class Cutting {
 public:
  Cutting(const Space& space, std::span<const Box> outside, std::uint64_t& steps)
      : space_(space), outside_(outside), steps_left_(steps) {}

  [[nodiscard]] Found find(const Box& inside, std::size_t first) {
    if (inside.is_empty()) return {};
    for (std::size_t i = first; i < outside_.size(); ++i) {
      if (steps_left_ == 0) return {Search::kOverrun, {}};
      --steps_left_;
      if (meets(inside, outside_[i])) return find_beside(inside, i);
    }
    return {Search::kFound, point_of(inside)};
  }

 private:
  [[nodiscard]] static bool meets(const Box& a, const Box& b) {
    if (b.is_empty()) return false;
    for (std::size_t d = 0; d < a.masks().size(); ++d) {
      if (is_none(both(a.masks()[d], b.masks()[d]))) return false;
    }
    return true;
  }

  /// What is outside `outside_[at]` differs from it in some first dimension.
  [[nodiscard]] Found find_beside(const Box& inside, std::size_t at) {
    const Box& cut = outside_[at];
    Box rest = inside;
    for (std::size_t d = 0; d < rest.masks().size(); ++d) {
      Box part = rest;
      part.masks()[d] = without(rest.masks()[d], cut.masks()[d]);
      if (!is_none(part.masks()[d])) {
        Found found = find(part, at + 1);
        if (found.search != Search::kNone) return found;
      }
      rest.masks()[d] = both(rest.masks()[d], cut.masks()[d]);
    }
    return {};
  }

  [[nodiscard]] Point point_of(const Box& inside) const {
    Point point;
    for (std::size_t d = 0; d < inside.masks().size(); ++d) {
      const std::vector<bool>& mask = inside.masks()[d];
      const auto first = std::find(mask.begin(), mask.end(), true);
      point.push_back(space_.dimensions()[d].values[static_cast<std::size_t>(first - mask.begin())]);
    }
    return point;
  }

  const Space& space_;
  std::span<const Box> outside_;
  std::uint64_t& steps_left_;
};

}  // namespace

Dimension& Space::dimension(std::string_view claim) {
  if (const auto found = find(claim)) return dimensions_[*found];
  dimensions_.push_back({std::string(claim), ValueKind::kText, false, {}, {}, {}});
  return dimensions_.back();
}

std::optional<std::size_t> Space::find(std::string_view claim) const {
  for (std::size_t i = 0; i < dimensions_.size(); ++i) {
    if (dimensions_[i].claim == claim) return i;
  }
  return std::nullopt;
}

bool Space::settle(Budget& budget) {
  return std::all_of(dimensions_.begin(), dimensions_.end(),
                     [&](Dimension& dimension) { return settle_dimension(dimension, budget); });
}

Box::Box(const Space& space) {
  for (const Dimension& dimension : space.dimensions()) masks_.emplace_back(dimension.values.size(), true);
}

bool Box::is_empty() const { return is_empty_ || std::any_of(masks_.begin(), masks_.end(), is_none); }

Box Box::meet(const Box& other) const {
  Box result = *this;
  result.is_empty_ = is_empty_ || other.is_empty_;
  for (std::size_t i = 0; i < masks_.size(); ++i) result.masks_[i] = both(masks_[i], other.masks_[i]);
  return result;
}

Found find_point(const Space& space, const Box& inside, std::span<const Box> outside, Budget& budget) {
  return Cutting(space, outside, budget.box_steps).find(inside, 0);
}

Found find_difference(const Space& space, std::span<const Box> allow, std::span<const Box> deny,
                      std::span<const Box> other_allow, std::span<const Box> other_deny, Budget& budget) {
  std::vector<Box> outside(deny.begin(), deny.end());
  outside.insert(outside.end(), other_allow.begin(), other_allow.end());
  Search worst = Search::kNone;
  for (const Box& box : allow) {
    Found found = find_point(space, box, outside, budget);
    if (found.search == Search::kFound) return found;
    if (found.search == Search::kOverrun) worst = found.search;
    for (const Box& denied : other_deny) {
      found = find_point(space, box.meet(denied), deny, budget);
      if (found.search == Search::kFound) return found;
      if (found.search == Search::kOverrun) worst = found.search;
    }
  }
  return {worst, {}};
}

}  // namespace ostiary::authority
