// Claims in paths: equalities between a segment and a claim, which no dimension can settle alone.
#pragma once

#include "policy/algebra/diagram.hpp"
#include "policy/analysis/dimensions.hpp"
#include "policy/analysis/places.hpp"
#include "policy/analysis/point.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ostiary::policy::analysis {

/// The paths of one place, as far as claims may stand in them. Borrows the places.
class PathAtPlace {
 public:
  PathAtPlace(const Places& places, const Place& place);

  [[nodiscard]] const std::string& path() const { return path_; }
  /// The text of a segment that is the same in all paths of the place; nothing where it may be any of many.
  [[nodiscard]] std::optional<std::string> pinned(std::size_t segment) const;
  /// A path of the place with this segment in place of that of `path`; nothing when it would be of another place.
  [[nodiscard]] std::optional<std::string> with(const std::string& path, std::size_t segment,
                                                const std::string& raw) const;
  [[nodiscard]] bool waived() const { return places_.has_waived_paths(); }

 private:
  const Places& places_;
  const Place& place_;
  std::string path_;
};

/// What was decided about one equality.
struct Equality {
  std::size_t segment = 0;
  std::string claim;
  bool holds = false;
};

/// The claims that stand in paths, and what was chosen for them; `predicates` are all that ask for the claim as text.
struct BoundClaim {
  std::string claim;
  DimensionValue value;
  std::vector<const Predicate*> predicates;
};

/// Texts for claims and segments that make all the equalities what they are, written into the point, which has the
/// values of all claims. kNone: there are none. kUnknown: none were found, though there may be some.
[[nodiscard]] algebra::Verdict bind(const PathAtPlace& path, const std::vector<Equality>& equalities,
                                    const std::vector<BoundClaim>& claims, Point& point);

}  // namespace ostiary::policy::analysis
