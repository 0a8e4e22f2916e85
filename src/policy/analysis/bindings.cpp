#include "policy/analysis/bindings.hpp"

#include "policy/algebra/texts.hpp"
#include "policy/analysis/segments.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace ostiary::policy::analysis {

namespace {

/// Segments and claims that are equal to one another.
struct Component {
  std::set<std::size_t> segments;
  std::set<std::string> claims;
};

/// The components of what was decided to be equal.
std::vector<Component> components_of(const std::vector<Equality>& equalities) {
  std::vector<Component> components;
  for (const Equality& equality : equalities) {
    if (!equality.holds) continue;
    Component joined{{equality.segment}, {equality.claim}};
    std::erase_if(components, [&](const Component& one) {
      if (!one.segments.contains(equality.segment) && !one.claims.contains(equality.claim)) return false;
      joined.segments.insert(one.segments.begin(), one.segments.end());
      joined.claims.insert(one.claims.begin(), one.claims.end());
      return true;
    });
    components.push_back(std::move(joined));
  }
  return components;
}

/// The predicates of `asked` that hold where the claim has this text.
bool same_predicates(const BoundClaim& claim, const std::string& text) {
  const Value value{ValueKind::kText, text};
  return std::all_of(claim.predicates.begin(), claim.predicates.end(),
                     [&](const Predicate* one) { return holds_of(*one, value) == holds_of(*one, claim.value.value); });
}

/// Texts that could do for all these claims: for each way in which their conditions can be met one, and others like it
/// for when that one means something else in a path. `salt` sets them apart from what other claims have.
std::vector<std::string> candidates(const std::vector<const BoundClaim*>& claims, std::size_t salt) {
  std::vector<std::string> bases;
  std::vector<algebra::TextPredicate> asked;
  for (const BoundClaim* claim : claims) {
    if (claim->value.is_literal) return {claim->value.value.text};
    bases.push_back(claim->value.value.text);
    for (const Predicate* one : claim->predicates) {
      const bool prefix = one->kind == PredicateKind::kTextPrefix;
      if (prefix || one->kind == PredicateKind::kTextIn || one->kind == PredicateKind::kTextNotIn) {
        asked.push_back({prefix ? algebra::TextTest::kHasAnyPrefix : algebra::TextTest::kEqualsAny, one->texts});
      }
    }
  }
  const algebra::TextPartition partition(asked, {false, false});
  if (claims.size() > 1) {
    for (const algebra::TextAtom& atom : partition.atoms()) bases.push_back(atom.example.text);
  }
  std::vector<std::string> texts;
  for (const std::string& base : bases) {
    for (std::size_t i = salt; i < salt + 3; ++i) texts.push_back(i == 0 ? base : base + "-" + std::to_string(i));
  }
  return texts;
}

/// The segment to write for a text that stands at free places: nothing when no path there can have it.
std::optional<std::string> place_text(const PathAtPlace& at, const Component& component, const std::string& text,
                                      std::string& path) {
  std::vector<std::string> ways = segments_saying(text, at.waived());
  if (ways.empty()) return std::nullopt;
  if (is_mixable(text)) ways.push_back(mixed_segment(text));
  std::string next = path;
  for (const std::size_t segment : component.segments) {
    std::optional<std::string> written;
    for (const std::string& way : ways) {
      if (!written) written = at.with(next, segment, way);
    }
    if (!written) return std::nullopt;
    next = std::move(*written);
  }
  return next;
}

}  // namespace

PathAtPlace::PathAtPlace(const Places& places, const Place& place)
    : places_(places), place_(place), path_(places.path(place)) {}

std::optional<std::string> PathAtPlace::with(const std::string& path, std::size_t segment,
                                             const std::string& raw) const {
  std::vector<std::string_view> segments = algebra::path_segments(path);
  if (segment >= segments.size()) return std::nullopt;
  segments[segment] = raw;
  std::string changed = algebra::path_of(segments);
  if (!places_.is_at(place_, changed)) return std::nullopt;
  return changed;
}

std::optional<std::string> PathAtPlace::pinned(std::size_t segment) const {
  static constexpr const char* kUnlikely = "x-ostiary-any-other-segment";
  const std::vector<std::string_view> segments = algebra::path_segments(path_);
  if (segment >= segments.size() || with(path_, segment, kUnlikely)) return std::nullopt;
  return decoded_segment(segments[segment]);
}

namespace {

using Claims = std::map<std::string, const BoundClaim*, std::less<>>;

/// A text for one component, written into claims and path.
bool bind_component(const PathAtPlace& at, const Component& component, const Claims& claims, std::size_t salt,
                    Point& point) {
  std::vector<const BoundClaim*> bound;
  for (const std::string& name : component.claims) {
    const auto found = claims.find(name);
    if (found == claims.end() || found->second->value.value.kind != ValueKind::kText) return false;
    bound.push_back(found->second);
  }
  for (const std::string& text : candidates(bound, salt)) {
    const bool fits =
        std::all_of(bound.begin(), bound.end(), [&](const BoundClaim* claim) { return same_predicates(*claim, text); });
    if (!fits) continue;
    std::optional<std::string> path = place_text(at, component, text, point.path);
    if (!path) continue;
    point.path = std::move(*path);
    for (const std::string& name : component.claims) point.values[{Aspect::kClaim, name}] = {ValueKind::kText, text};
    return true;
  }
  return false;
}

/// A path whose free segments are texts that no claim has, so that no two are equal by accident.
std::string with_other_segments(const PathAtPlace& at, const std::vector<Equality>& equalities) {
  std::string path = at.path();
  for (const Equality& equality : equalities) {
    if (at.pinned(equality.segment)) continue;
    path = at.with(path, equality.segment, "any-" + std::to_string(equality.segment + 1)).value_or(path);
  }
  return path;
}

/// Whether a segment that is the same in all paths says otherwise.
bool contradicts(const PathAtPlace& at, const Equality& equality, const Claims& claims) {
  const std::optional<std::string> pinned = at.pinned(equality.segment);
  if (!pinned) return false;
  const auto claim = claims.find(equality.claim);
  const bool equal = claim != claims.end() && claim->second->value.value.kind == ValueKind::kText &&
                     claim->second->value.value.text == *pinned;
  return equal != equality.holds;
}

bool is_as_decided(const Equality& equality, const Point& point) {
  const Predicate predicate = make_predicate(
      {Aspect::kBinding, equality.claim, static_cast<std::uint32_t>(equality.segment)}, PredicateKind::kPathIn);
  return holds(predicate, point) == equality.holds;
}

}  // namespace

algebra::Verdict bind(const PathAtPlace& at, const std::vector<Equality>& equalities,
                      const std::vector<BoundClaim>& claims, Point& point) {
  using algebra::Verdict;
  Claims by_name;
  for (const BoundClaim& claim : claims) by_name.emplace(claim.claim, &claim);
  for (const Equality& equality : equalities) {
    if (contradicts(at, equality, by_name)) return Verdict::kNone;
  }
  const std::vector<Component> components = components_of(equalities);
  for (const Equality& equality : equalities) {
    const auto joins = [&](const Component& one) {
      return one.segments.contains(equality.segment) && one.claims.contains(equality.claim);
    };
    if (!equality.holds && std::any_of(components.begin(), components.end(), joins)) return Verdict::kNone;
  }
  constexpr std::size_t kAttempts = 2;
  for (std::size_t attempt = 0; attempt < kAttempts; ++attempt) {
    Point tried = point;
    tried.path = attempt == 0 ? at.path() : with_other_segments(at, equalities);
    for (std::size_t i = 0; i < components.size(); ++i) {
      const std::size_t salt = attempt == 0 ? 0 : 4 * (i + 1);
      if (!bind_component(at, components[i], by_name, salt, tried)) return Verdict::kNone;
    }
    if (std::all_of(equalities.begin(), equalities.end(),
                    [&](const Equality& one) { return is_as_decided(one, tried); })) {
      point = std::move(tried);
      return Verdict::kFound;
    }
  }
  return Verdict::kUnknown;
}

}  // namespace ostiary::policy::analysis
