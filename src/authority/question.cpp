#include "authority/question.hpp"

#include "authority/issuers.hpp"

#include <algorithm>

namespace ostiary::authority {

namespace {

[[nodiscard]] std::vector<const Statement*> concerned(const Document& document, const Asker& asker) {
  std::vector<const Statement*> list;
  for (const Statement& statement : document.statements) {
    if (concerns(statement, asker)) list.push_back(&statement);
  }
  return list;
}

void restrict_to(const Space& space, Box& box, const Condition& condition, std::size_t dimension, Truth least) {
  box.restrict(space, dimension, [&](const Value& value) { return holds(condition, value) >= least; });
}

void restrict_constant(Bounds& bounds, Truth truth) {
  if (truth != Truth::kYes) bounds.lower.clear();
  if (truth == Truth::kNo) bounds.upper.clear();
}

[[nodiscard]] Found find_in_any(const Space& space, std::span<const Box> inside, std::span<const Box> outside,
                                Budget& budget) {
  for (const Box& box : inside) {
    Found found = find_point(space, box, outside, budget);
    if (found.search != Search::kNone) return found;
  }
  return {};
}

/// Paths of issuers tell upper case from lower.
[[nodiscard]] std::string issuer_as_written(const Asker& asker) {
  return asker.id.substr(asker.id.size() - asker.provider.size());
}

[[nodiscard]] TokenClaim claim_of(const std::string& name, const Value& value) {
  if (value.kind == ValueKind::kInteger) return {name, {std::to_string(value.integer)}, false};
  if (value.kind == ValueKind::kBoolean) return {name, {value.integer == 1 ? "true" : "false"}, false};
  return {name, value.texts, value.kind == ValueKind::kTextSet};
}

}  // namespace

std::string own_name(std::string_view claim) { return std::string(claim); }

void add_conditions(Space& space, const Statement& statement, const Asker& asker, const ClaimNames& names) {
  for (const Condition& condition : statement.conditions) {
    const KeyView key = view_key(condition.key.value, asker);
    if (key.sight != KeyView::Sight::kClaim) continue;
    Dimension& dimension = space.dimension(names(key.claim));
    if (key.claim == "amr") dimension.kind = ValueKind::kTextSet;
    if (!dimension.values.empty()) continue;  // nothing else is asked about
    for (const std::optional<Glob>& glob : condition.globs) {
      if (glob) dimension.globs.push_back(*glob);
    }
  }
}

void add_document(Space& space, const Document& document, const Asker& asker, const ClaimNames& names) {
  for (const Statement* statement : concerned(document, asker)) {
    add_conditions(space, *statement, asker, names);
  }
}

Bounds bounds_of(const Space& space, const Statement& statement, const Asker& asker, const ClaimNames& names) {
  Bounds bounds{Box(space), Box(space)};
  for (const Condition& condition : statement.conditions) {
    const KeyView key = view_key(condition.key.value, asker);
    if (key.sight == KeyView::Sight::kUnknown) {
      restrict_constant(bounds, Truth::kUnknown);
    } else if (key.sight == KeyView::Sight::kNever) {
      restrict_constant(bounds, holds(condition, Value{}));
    } else if (const auto dimension = space.find(names(key.claim))) {
      restrict_to(space, bounds.lower, condition, *dimension, Truth::kYes);
      restrict_to(space, bounds.upper, condition, *dimension, Truth::kUnknown);
    }
  }
  return bounds;
}

Sides sides_of(const Space& space, const Document& document, const Asker& asker, const ClaimNames& names) {
  Sides sides;
  for (const Statement* statement : concerned(document, asker)) {
    Bounds bounds = bounds_of(space, *statement, asker, names);
    (statement->allow ? sides.allow_lower : sides.deny_lower).push_back(std::move(bounds.lower));
    (statement->allow ? sides.allow_upper : sides.deny_upper).push_back(std::move(bounds.upper));
  }
  return sides;
}

TokenExample example_of(const Space& space, const Point& point, const Asker& asker) {
  TokenExample token;
  if (!asker.provider.empty()) token.push_back({"iss", {"https://" + issuer_as_written(asker)}, false});
  for (std::size_t i = 0; i < point.size(); ++i) {
    if (point[i].kind != ValueKind::kAbsent) token.push_back(claim_of(space.dimensions()[i].claim, point[i]));
  }
  return token;
}

Claims claims_of(const Space& space, const Point& point, const ClaimNames& names) {
  return [&space, &point, names](std::string_view claim) {
    const auto at = space.find(names(claim));
    return at ? point[*at] : Value{};
  };
}

Answer ask_admitted(const Document& document, const Asker& asker, const Statement* statement,
                    std::span<const Demand> demands, Budget& budget) {
  Space space;
  for (const Demand& demand : demands) space.dimension(demand.claim).values = {demand.value};
  std::vector<const Statement*> asked;
  for (const Statement* one : concerned(document, asker)) {
    if (statement != nullptr && one->allow && one != statement) continue;
    asked.push_back(one);
    add_conditions(space, *one, asker, own_name);
  }
  if (!space.settle(budget)) return {Truth::kUnknown, {}};
  Sides sides;
  for (const Statement* one : asked) {
    Bounds bounds = bounds_of(space, *one, asker, own_name);
    (one->allow ? sides.allow_lower : sides.deny_lower).push_back(std::move(bounds.lower));
    (one->allow ? sides.allow_upper : sides.deny_upper).push_back(std::move(bounds.upper));
  }
  const Found sure = find_in_any(space, sides.allow_lower, sides.deny_upper, budget);
  if (sure.search == Search::kFound) {
    const bool again = admits(document, asker, claims_of(space, sure.point, own_name)) == Truth::kYes;
    return again ? Answer{Truth::kYes, example_of(space, sure.point, asker)} : Answer{Truth::kUnknown, {}};
  }
  const Found perhaps = find_in_any(space, sides.allow_upper, sides.deny_lower, budget);
  return {perhaps.search == Search::kNone ? Truth::kNo : Truth::kUnknown, {}};
}

bool is_possible(const Asker& asker, const Statement& statement, Budget& budget) {
  Space space;
  add_conditions(space, statement, asker, own_name);
  if (!space.settle(budget)) return true;
  return !bounds_of(space, statement, asker, own_name).upper.is_empty();
}

}  // namespace ostiary::authority
