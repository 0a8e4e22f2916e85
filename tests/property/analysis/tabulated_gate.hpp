// naive_access for all points of a pair_universe: each condition is asked once for each value of its axis, by the naive
// evaluator, and what is left for a point is a few looks into tables.
#pragma once

#include "property/analysis/naive_access.hpp"
#include "property/analysis/pair_universe.hpp"
#include "property/policy/naive_conditions.hpp"
#include "property/policy/naive_routes.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ostiary::test {

/// NaiveAccess in numbers.
struct TabulatedAccess {
  bool rules_allow = false;
  bool role_required = false;
  std::uint32_t roles = 0;  ///< bit i: the i-th mapping
  bool session_told = true;

  [[nodiscard]] bool allowed() const {
    const int count = __builtin_popcount(roles);
    return rules_allow && count <= 1 && (!role_required || count == 1) && session_told;
  }
};

/// Confined to the universe, which it borrows.
class TabulatedGate {
 public:
  using json = nlohmann::json;

  TabulatedGate(json gate, const PairUniverse& universe) : gate_(std::move(gate)), universe_(universe) {
    for (const json& route : gate_["routes"]) routes_.push_back(tabulate_route(route));
    for (const json& rule : gate_["rules"]) rules_.push_back(tabulate(rule));
    for (const json& mapping : naive_array(gate_, "roles")) roles_.push_back(tabulate(mapping));
    tabulate_issuers();
  }

  [[nodiscard]] const json& source() const { return gate_; }

  [[nodiscard]] TabulatedAccess access(const Point& point) const {
    TabulatedAccess access;
    const std::size_t issuer = point[axis_number(Axis::kIssuer)];
    if (issuer != 0 && !all_hold(issuers_[issuer], point)) return access;
    const std::size_t best = route_of(point);
    if (best == routes_.size()) return access;
    const std::uint32_t route = std::uint32_t{1} << best;
    const bool bound = binding_holds(routes_[best].bindings, point);
    bool denied = false;
    for (const Row& rule : rules_) {
      if ((rule.routes & route) == 0 || (rule.allows && !may_match(rule, best, bound)) || !matches(rule, point))
        continue;
      (rule.allows ? access.rules_allow : denied) = true;
    }
    access.rules_allow = access.rules_allow && !denied;
    access.role_required = routes_[best].role_required;
    for (std::size_t i = 0; i < roles_.size(); ++i) {
      if ((roles_[i].routes & route) == 0 || !bound || !matches(roles_[i], point)) continue;
      access.roles |= std::uint32_t{1} << i;
      access.session_told = access.session_told && has(roles_[i].sessions, point[axis_number(Axis::kNumber)]);
    }
    return access;
  }

 private:
  using Masks = std::array<ValueMask, kAxes>;
  static constexpr ValueMask kEvery = std::numeric_limits<ValueMask>::max();

  /// The claims that a path of one pattern can go with.
  struct Binding {
    ValueMask tier = kEvery;
    ValueMask sub = kEvery;
  };
  /// For each path, what matches it: one of several patterns each with its claims.
  using Bindings = std::vector<std::vector<Binding>>;

  struct RouteRow {
    std::vector<std::string> host_ranks;  ///< for each host; "2" where it does not match
    std::vector<std::optional<std::string>> path_ranks;
    ValueMask methods = 0;
    Bindings bindings;
    bool binds = false;
    bool role_required = false;
  };

  struct Row {
    std::uint32_t routes = 0;
    bool allows = true;
    bool identity = false;
    Masks masks;
    Bindings paths;               ///< empty: no condition
    ValueMask sessions = kEvery;  ///< of mappings: the values of jti that do where it names the session
  };

  static bool has(ValueMask mask, std::size_t index) { return (mask >> index & 1U) != 0; }

  static bool all_hold(const Masks& masks, const Point& point) {
    for (std::size_t i = 0; i < kAxes; ++i) {
      if (!has(masks[i], point[i])) return false;
    }
    return true;
  }

  static bool binding_holds(const Bindings& bindings, const Point& point) {
    const auto& ways = bindings[point[axis_number(Axis::kPath)]];
    return std::any_of(ways.begin(), ways.end(), [&](const Binding& way) {
      // Without a token there are no claims, whatever the point says.
      if (point[axis_number(Axis::kIssuer)] == 0) return way.tier == kEvery && way.sub == kEvery;
      return has(way.tier, point[axis_number(Axis::kTier)]) && has(way.sub, point[axis_number(Axis::kSub)]);
    });
  }

  [[nodiscard]] bool may_match(const Row& row, std::size_t route, bool bound) const {
    return bound && (row.identity || !routes_[route].binds);
  }

  static bool matches(const Row& row, const Point& point) {
    const bool token = point[axis_number(Axis::kIssuer)] != 0;
    if (row.identity && !token) return false;
    return all_hold(row.masks, point) && (row.paths.empty() || binding_holds(row.paths, point));
  }

  [[nodiscard]] std::size_t route_of(const Point& point) const {
    std::size_t best = routes_.size();
    std::string best_rank;
    for (std::size_t i = 0; i < routes_.size(); ++i) {
      const RouteRow& route = routes_[i];
      const std::string& host = route.host_ranks[point[axis_number(Axis::kHost)]];
      const auto& path = route.path_ranks[point[axis_number(Axis::kPath)]];
      if (host == "2" || !path || !has(route.methods, point[axis_number(Axis::kMethod)])) continue;
      std::string rank = host + *path;
      if (best != routes_.size() && best_rank <= rank) continue;
      best = i;
      best_rank = std::move(rank);
    }
    return best;
  }

  /// The values of an axis for which `holds` is true.
  template <typename Holds>
  [[nodiscard]] ValueMask mask_of(Axis axis, Holds holds) const {
    ValueMask mask = 0;
    Point point{};
    // Any token will do for conditions on tokens, but none will not.
    if (axis > Axis::kIssuer) point[axis_number(Axis::kIssuer)] = 1;
    for (std::size_t i = 0; i < universe_.values(axis).size(); ++i) {
      point[axis_number(axis)] = static_cast<std::uint8_t>(i);
      if (holds(point)) mask |= ValueMask{1} << i;
    }
    return mask;
  }

  [[nodiscard]] RouteRow tabulate_route(const json& route) const {
    RouteRow row;
    for (const AxisValue& host : universe_.values(Axis::kHost)) {
      std::string rank = "2";
      for (const std::string pattern : route["hosts"]) {
        if (naive_host_matches(pattern, host.value))
          rank = std::min<std::string>(rank, pattern == host.value ? "0" : "1");
      }
      row.host_ranks.push_back(rank);
    }
    for (const AxisValue& path : universe_.values(Axis::kPath))
      row.path_ranks.push_back(naive_path_rank(route["path"], path.value));
    row.methods = mask_of(Axis::kMethod, [&](const Point& point) {
      return naive_contains(route["methods"], universe_.request(point).method);
    });
    row.bindings = bindings_of(json::array({route["path"]}));
    row.binds = naive_binds(route["path"]);
    row.role_required = route.value("role", "") == "required";
    return row;
  }

  /// The values of a claim equal to the segments of the path where the pattern names the claim.
  [[nodiscard]] ValueMask equal_claims(Axis axis, const std::string& pattern, const std::string& path) const {
    const auto wanted = naive_split(pattern, '/');
    const auto given = naive_split(path, '/');
    ValueMask mask = kEvery;
    for (std::size_t i = 0; i < std::min(wanted.size(), given.size()); ++i) {
      if (naive_claim_of(wanted[i]) != PairUniverse::claim_name(axis)) continue;
      ValueMask equal = 0;
      for (std::size_t v = 0; v < universe_.values(axis).size(); ++v) {
        const AxisValue& value = universe_.values(axis)[v];
        if (value.there && value.value == json(given[i])) equal |= ValueMask{1} << v;
      }
      mask &= equal;
    }
    return mask;
  }

  [[nodiscard]] Bindings bindings_of(const json& patterns) const {
    Bindings bindings;
    for (const AxisValue& path : universe_.values(Axis::kPath)) {
      bindings.emplace_back();
      for (const std::string pattern : patterns) {
        if (!naive_path_rank(pattern, path.value)) continue;
        bindings.back().push_back(
            {equal_claims(Axis::kTier, pattern, path.value), equal_claims(Axis::kSub, pattern, path.value)});
      }
    }
    return bindings;
  }

  /// The rule with the conditions on one axis only; null when it has none.
  [[nodiscard]] static json conditions_on(const json& rule, Axis axis) {
    json kept = json::object();
    const auto keep = [&](const std::string& pointer) {
      const json::json_pointer at(pointer);
      if (rule.contains(at)) kept[at] = rule[at];
    };
    switch (axis) {
      case Axis::kHost: keep("/request/hosts"); break;
      case Axis::kMethod: keep("/request/methods"); break;
      case Axis::kPath: break;
      case Axis::kScheme: keep("/request/schemes"); break;
      case Axis::kFlag: keep("/flags"); break;
      case Axis::kTime: keep("/time"), keep("/expires"); break;
      case Axis::kPeer: keep("/request/client"); break;
      case Axis::kQuery: keep("/request/query"); break;
      case Axis::kHeader: keep("/request/headers"); break;
      case Axis::kIssuer: keep("/identity/issuers"); break;
      case Axis::kAudience: keep("/identity/audiences"); break;
      case Axis::kScope: keep("/identity/scopes"); break;
      case Axis::kAge: keep("/identity/token_age_max_s"); break;
      default: keep("/identity/claims/" + PairUniverse::claim_name(axis));
    }
    if (!kept.empty()) kept["effect"] = rule.value("effect", "allow");
    return kept.empty() ? json() : kept;
  }

  [[nodiscard]] Row tabulate(const json& rule) const {
    Row row;
    for (std::size_t i = 0; i < routes_.size(); ++i) {
      const json& id = gate_["routes"][i]["id"];
      if (naive_contains(rule["routes"], id) || naive_contains(rule["routes"], "*"))
        row.routes |= std::uint32_t{1} << i;
    }
    row.allows = rule.value("effect", "allow") == "allow";
    row.identity = rule.contains("identity");
    for (std::size_t i = 0; i < kAxes; ++i) {
      const auto axis = static_cast<Axis>(i);
      const json asked = conditions_on(rule, axis);
      row.masks[i] = asked.is_null() ? kEvery : mask_of(axis, [&](const Point& point) {
        const NaiveRequest request = universe_.request(point);
        const std::optional<json> claims = universe_.claims(point);
        return NaiveQuestion{gate_, gate_["routes"][0], request, claims}.judge(asked, false).none();
      });
    }
    if (rule.value("session_name", json::object()).contains("claim")) {
      row.sessions =
          mask_of(Axis::kNumber, [&](const Point& point) { return universe_.claims(point)->contains("jti"); });
    }
    if (rule.contains("/request/paths"_json_pointer)) row.paths = bindings_of(rule["request"]["paths"]);
    return row;
  }

  /// What tokens of each issuer must have, axis by axis: naive_token_taken of a Gate that asks nothing else.
  void tabulate_issuers() {
    for (std::size_t i = 0; i < universe_.values(Axis::kIssuer).size(); ++i) {
      Masks& masks = issuers_.emplace_back();
      masks.fill(kEvery);
      const AxisValue& name = universe_.values(Axis::kIssuer)[i];
      if (!name.there) continue;
      const json* issuer = naive_issuer(gate_, {{"iss", name.value}});
      masks[axis_number(Axis::kIssuer)] = issuer == nullptr ? 0 : kEvery;
      for (const Axis axis : {Axis::kAudience, Axis::kTier, Axis::kAge}) {
        if (issuer != nullptr) masks[axis_number(axis)] = tokens_taken(*issuer, i, axis);
      }
    }
  }

  [[nodiscard]] ValueMask tokens_taken(json issuer, std::size_t number, Axis axis) const {
    if (axis != Axis::kTier) issuer.erase("required_claims");
    if (axis != Axis::kAge) issuer.erase("age_max_s");
    const json gate = {{"issuers", {{"one", issuer}}}};
    return mask_of(axis, [&](Point point) {
      point[axis_number(Axis::kIssuer)] = static_cast<std::uint8_t>(number);
      json claims = *universe_.claims(point);
      if (axis != Axis::kAudience) claims["aud"] = issuer["audiences"][0];
      return naive_token_taken(gate, claims, universe_.request(point).now);
    });
  }

  json gate_;
  const PairUniverse& universe_;
  std::vector<RouteRow> routes_;
  std::vector<Row> rules_;
  std::vector<Row> roles_;
  std::vector<Masks> issuers_;
};

/// What two tabulated Gates make of the points of their universe.
class TabulatedPair {
 public:
  TabulatedPair(const nlohmann::json& gate, const nlohmann::json& boundary, const PairUniverse& universe)
      : universe_(universe), gate_(gate, universe), boundary_(boundary, universe) {
    for (const auto& role : naive_array(gate, "roles")) {
      std::uint32_t covered = 0;
      std::uint32_t bit = 1;
      for (const auto& other : naive_array(boundary, "roles")) {
        if (naive_role_covered(role, other)) covered |= bit;
        bit <<= 1U;
      }
      covered_.push_back(covered);
    }
  }

  /// As naive_outside.
  [[nodiscard]] bool outside(const Point& point) const {
    const TabulatedAccess given = gate_.access(point);
    if (!given.allowed()) return false;
    const TabulatedAccess bound = boundary_.access(point);
    if (!bound.rules_allow) return true;
    return given.roles != 0 && (covered_[static_cast<std::size_t>(__builtin_ctz(given.roles))] & bound.roles) == 0;
  }

  /// The same where the boundary is a Gate: it may refuse what has several roles, or none.
  [[nodiscard]] bool gained(const Point& point) const {
    return outside(point) || (gate_.access(point).allowed() && !boundary_.access(point).allowed());
  }

  /// The first point outside, and the first gained.
  struct Found {
    std::optional<Point> outside;
    std::optional<Point> gained;
  };
  [[nodiscard]] Found first() const {
    Found found;
    universe_.for_each([&](const Point& point) {
      if (!found.gained && gained(point)) found.gained = point;
      if (!found.outside && outside(point)) found.outside = point;
      return !found.outside;
    });
    return found;
  }

  [[nodiscard]] const TabulatedGate& gate() const { return gate_; }
  [[nodiscard]] const TabulatedGate& boundary() const { return boundary_; }

 private:
  const PairUniverse& universe_;
  TabulatedGate gate_;
  TabulatedGate boundary_;
  std::vector<std::uint32_t> covered_;
};

}  // namespace ostiary::test
