// Random Gates over a pair_universe, and the same Gate with something changed.
#pragma once

#include "property/analysis/pair_universe.hpp"
#include "property/policy/json_chance.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ostiary::test {

/// Confined.
class PairMaker {
 public:
  using json = nlohmann::json;

  /// Universes have at most `points_max` points.
  PairMaker(Chance& chance, std::size_t points_max) : chance_(chance), universe_(draw_universe(points_max)) {
    roles_ = chance_.one_in(3);
  }

  [[nodiscard]] const PairUniverse& universe() const { return universe_; }

  json gate() {
    json made = declarations();
    paths_.clear();
    for (std::size_t i = 1 + chance_.below(4); i > 0; --i) add_route(made["routes"], i);
    for (std::size_t i = 1 + chance_.below(4); i > 0; --i) made["rules"].push_back(rule(i, made["routes"]));
    if (roles_) {
      for (std::size_t i = 1 + chance_.below(3); i > 0; --i) made["roles"].push_back(mapping(i, made["routes"]));
    }
    drop_unused_issuer(made);
    return made;
  }

  /// Changes a thing or two. What comes out may be no Gate.
  json changed(const json& gate) {
    json made = gate;
    for (std::size_t i = 1 + chance_.below(3) / 2; i > 0 || made == gate; i -= i > 0 ? 1 : 0) change(made);
    drop_unused_issuer(made);
    return made;
  }

 private:
  PairUniverse draw_universe(std::size_t points_max) {
    std::vector<Axis> order;
    for (std::size_t i = 0; i < kAxes; ++i) order.push_back(static_cast<Axis>(i));
    chance_.shuffle(order);
    const std::size_t wanted = 2 + chance_.below(8);
    std::set<Axis> used;
    const bool binds = chance_.one_in(4);
    if (binds) used = {Axis::kPath, chance_.one_in(2) ? Axis::kTier : Axis::kSub};
    for (const Axis axis : order) {
      if (used.size() >= wanted) break;
      std::set<Axis> more = used;
      more.insert(axis);
      if (PairUniverse(more, binds).size() <= points_max) used = more;
    }
    return {used, binds};
  }

  [[nodiscard]] bool uses(Axis axis) const { return universe_.uses(axis); }

  Texts hosts() {
    return uses(Axis::kHost) ? Texts{"a.example", "b.example", "*.example", "*.a.example"} : Texts{"a.example"};
  }
  Texts methods() { return uses(Axis::kMethod) ? kMethods : Texts{"GET"}; }

  json declarations() {
    json made = {{"gate", 1},
                 {"name", "pair"},
                 {"claims", {{"tier", "text"}, {"level", "integer"}, {"staff", "boolean"}, {"groups", "text_set"}}},
                 {"headers", {"x-tier"}},
                 {"flags", {"beta"}},
                 {"origins", {{"one", {{"scheme", "http"}, {"host", "one.example"}, {"port", 1}}}}}};
    made["issuers"]["one"] = issuer("one");
    if (uses(Axis::kIssuer)) made["issuers"]["two"] = issuer("two");
    if (uses(Axis::kTier) && chance_.one_in(4)) made["claims"]["tier"] = {{"type", "text"}, {"one_of", kPairTexts}};
    return made;
  }

  json issuer(const std::string& id) {
    json made = {{"issuer", "https://" + id + ".example"}, {"audiences", {"api"}}, {"algorithms", {"RS256"}}};
    if (uses(Axis::kAudience)) made["audiences"] = chance_.subset(kAudiences);
    if (uses(Axis::kTier) && chance_.one_in(8)) made["required_claims"]["tier"] = chance_.pick(kPairTexts);
    if (uses(Axis::kAge) && chance_.one_in(8)) made["age_max_s"] = age();
    return made;
  }

  /// Now and then there is only one issuer, unless a condition names the other.
  void drop_unused_issuer(json& gate) {
    const bool named = json{gate["rules"], gate.value("roles", json())}.dump().find("\"two\"") != std::string::npos;
    if (uses(Axis::kIssuer) && !named && chance_.one_in(4)) gate["issuers"].erase("two");
    if (named && !gate["issuers"].contains("two")) gate["issuers"]["two"] = issuer("two");
  }

  json age() { return chance_.one_in(2) ? 10 : 20; }

  std::string segment(bool binding) {
    if (binding && chance_.one_in(2)) return uses(Axis::kTier) && chance_.one_in(2) ? "{tier}" : bound_sub();
    return chance_.one_in(3) ? "*" : chance_.pick(kPairLiterals);
  }

  std::string bound_sub() { return uses(Axis::kSub) ? "{sub}" : "{tier}"; }

  std::string pattern(bool binding) {
    if (!uses(Axis::kPath)) return "/**";
    if (chance_.one_in(5)) return "/**";
    const std::string first = "/" + segment(binding);
    switch (chance_.below(3)) {
      case 0: return first;
      case 1: return first + "/" + segment(binding);
      default: return first + "/**";
    }
  }

  static std::string without_claims(std::string path) {
    for (std::size_t at = path.find('{'); at != std::string::npos; at = path.find('{'))
      path.replace(at, path.find('}', at) + 1 - at, "*");
    return path;
  }

  /// Routes of one Gate differ in their paths: most of those that did not would be equally specific.
  void add_route(json& routes, std::size_t number) {
    const json drawn = route(number);
    const auto same = [&](const json& other) { return without_claims(other["path"]) == without_claims(drawn["path"]); };
    if (std::any_of(routes.begin(), routes.end(), same)) return;
    paths_.push_back(drawn["path"]);
    routes.push_back(drawn);
  }

  json route(std::size_t number) {
    json made = {{"id", "route" + std::to_string(number)},
                 {"hosts", chance_.subset(hosts())},
                 {"methods", chance_.subset(methods())},
                 {"path", pattern(universe_.binds())},
                 {"origin", "one"}};
    if (roles_ && chance_.one_in(4)) made["role"] = "required";
    return made;
  }

  json named(const json& routes) {
    if (chance_.one_in(2)) return json::array({"*"});
    Texts ids;
    for (const json& route : routes) ids.push_back(route["id"]);
    return chance_.subset(ids);
  }

  json rule(std::size_t number, const json& routes) {
    json made = conditions(chance_.one_in(3));
    made["id"] = "rule" + std::to_string(number);
    made["effect"] = number > 1 && chance_.one_in(3) ? "deny" : "allow";
    made["routes"] = named(routes);
    return made;
  }

  json mapping(std::size_t number, const json& routes) {
    json made = conditions(false);
    for (const char* member : {"time", "flags"}) made.erase(member);
    made["id"] = "role" + std::to_string(number);
    made["routes"] = named(routes);
    made["role_arn"] = "arn:aws:iam::123456789012:role/r" + std::to_string(1 + chance_.below(2));
    made["session_name"] = uses(Axis::kNumber) && chance_.one_in(2) ? json{{"claim", "jti"}}
                                                                    : json{{"text", chance_.pick({"ada", "eve"})}};
    if (chance_.one_in(4)) made["session_tags"]["team"] = {{"text", chance_.pick({"ada", "eve"})}};
    if (chance_.one_in(2)) made["duration_s"] = chance_.one_in(2) ? 900 : 1800;
    return made;
  }

  /// Up to three conditions; what is public has none on tokens.
  json conditions(bool is_public) {
    json made = json::object();
    made[is_public ? "public" : "identity"] = is_public ? json(true) : json::object();
    std::vector<Axis> axes;
    for (const Axis axis : universe_.used()) {
      if (!is_public || axis < Axis::kIssuer) axes.push_back(axis);
    }
    if (axes.empty()) return made;
    for (std::size_t i = (1 + chance_.below(5)) / 2; i > 0; --i)
      made.merge_patch(condition(chance_.pick(axes), is_public));
    return made;
  }

  json condition(Axis axis, bool is_public) {
    json made;
    json& request = made["request"];
    switch (axis) {
      case Axis::kHost: request["hosts"] = chance_.subset(hosts()); return made;
      case Axis::kMethod: request["methods"] = chance_.subset(methods()); return made;
      case Axis::kPath: request["paths"] = patterns(is_public); return made;
      case Axis::kScheme: request["schemes"] = chance_.subset(Texts{"http", "https"}); return made;
      case Axis::kPeer:
        request["client"][chance_.one_in(3) ? "not_in" : "in"] = chance_.subset(kPairBlocks);
        return made;
      case Axis::kQuery: request["query"]["q"] = input(); return made;
      case Axis::kHeader: request["headers"]["x-tier"] = input(); return made;
      case Axis::kFlag: return {{"flags", {{"beta", chance_.one_in(2)}}}};
      case Axis::kTime: return time();
      default: return {{"identity", of_token(axis)}};
    }
  }

  json patterns(bool is_public) {
    std::set<std::string> chosen;
    for (std::size_t i = 1 + chance_.below(2); i > 0; --i) {
      const std::string path = chance_.one_in(3) ? pattern(universe_.binds()) : chance_.pick(paths_);
      chosen.insert(is_public ? without_claims(path) : path);
    }
    return chosen;
  }

  json input() {
    switch (chance_.below(3)) {
      case 0: return {{"present", chance_.one_in(2)}};
      case 1: return {{"equals", chance_.pick(kPairValues)}};
      default: return {{"in", chance_.subset(kPairValues)}};
    }
  }

  json time() {
    switch (chance_.below(4)) {
      case 0: return {{"expires", kTimes[chance_.below(3)]}};
      case 1: return {{"time", {{"from", kTimes[chance_.below(3)]}}}};
      case 2: return {{"time", {{"until", kTimes[chance_.below(3)]}}}};
      default: return {{"time", {{"from", kTimes[chance_.below(2)]}, {"until", kTimes[2]}}}};
    }
  }

  json of_token(Axis axis) {
    switch (axis) {
      case Axis::kIssuer: return {{"issuers", chance_.subset(Texts{"one", "two"})}};
      case Axis::kAudience: return {{"audiences", chance_.subset(Texts{"api", "web", "far"})}};
      case Axis::kScope: return {{"scopes", {{chance_.pick({"all", "any", "none"}), chance_.subset(kScopes)}}}};
      case Axis::kAge: return {{"token_age_max_s", age()}};
      default: return {{"claims", {{PairUniverse::claim_name(axis), operators(axis)}}}};
    }
  }

  json operators(Axis axis) {
    if (axis == Axis::kNumber || chance_.one_in(5)) return {{"present", chance_.one_in(2)}};
    switch (axis) {
      case Axis::kStaff: return {{"equals", chance_.one_in(2)}};
      case Axis::kLevel: return {{chance_.pick({"in", "not_in"}), chance_.subset(std::vector<int>{0, 1, 2})}};
      case Axis::kGroup: return of_set();
      default: return of_text();
    }
  }

  json of_set() {
    json made = {{chance_.pick({"has_any", "has_all", "has_none"}), chance_.subset(kPairLiterals)}};
    if (chance_.one_in(4)) made["has_all"] = json::array({"cc"});
    return made;
  }

  json of_text() {
    switch (chance_.below(4)) {
      case 0: return {{"prefix", kPairPrefixes}};
      case 1: return {{"prefix", kPairPrefixes}, {"not_in", json::array({chance_.pick({"aa", "aax"})})}};
      default: return {{chance_.pick({"in", "not_in"}), chance_.subset(kPairTexts)}};
    }
  }

  // --- changes ---

  void change(json& gate) {
    switch (chance_.below(10)) {
      case 0: change_list(gate, "rules"); return;
      case 1: gate["rules"].push_back(rule(7 + chance_.below(100), gate["routes"])); return;
      case 2: change_issuer(gate); return;
      case 3: change_route(chosen(gate["routes"])); return;
      case 4:
        if (roles_) change_mapping(gate);
        return;
      default: change_conditions(chosen(gate[roles_ && chance_.one_in(3) ? "roles" : "rules"]));
    }
  }

  json& chosen(json& list) { return list[chance_.below(list.size())]; }

  void change_list(json& gate, const char* list) {
    json& elements = gate[list];
    if (elements.size() > 1 && chance_.one_in(2)) {
      elements.erase(chance_.below(elements.size()));
    } else if (elements[0].contains("effect")) {
      json& rule = chosen(elements);
      rule["effect"] = rule["effect"] == "allow" ? "deny" : "allow";
    }
  }

  void change_issuer(json& gate) {
    json& issuer = gate["issuers"]["one"];
    issuer.erase("required_claims");
    if (uses(Axis::kAudience)) issuer["audiences"] = chance_.subset(kAudiences);
    if (uses(Axis::kTier) && chance_.one_in(4)) issuer["required_claims"]["tier"] = chance_.pick(kPairTexts);
    if (uses(Axis::kAge) && chance_.one_in(2)) issuer["age_max_s"] = age();
  }

  void change_route(json& route) {
    switch (chance_.below(3)) {
      case 0: route["hosts"] = chance_.subset(hosts()); return;
      case 1: route["methods"] = chance_.subset(methods()); return;
      default: route["path"] = pattern(universe_.binds());
    }
  }

  void change_mapping(json& gate) {
    json& mapping = chosen(gate["roles"]);
    switch (chance_.below(5)) {
      case 0: change_list(gate, "roles"); return;
      case 1: mapping["duration_s"] = 900; return;
      case 2: mapping.erase("session_tags"); return;
      case 3: mapping["session_name"] = {{"text", "eve"}}; return;
      default: mapping["role_arn"] = "arn:aws:iam::123456789012:role/r1";
    }
  }

  /// Drops a condition, draws one again, or changes a list by one value.
  void change_conditions(json& rule) {
    const bool is_public = rule.contains("public");
    if (chance_.one_in(3)) {
      json drawn = conditions(is_public);
      for (const char* member : {"time", "flags"}) {
        if (!rule.contains("effect")) drawn.erase(member);
      }
      rule.merge_patch(drawn);
    } else if (chance_.one_in(2)) {
      drop_condition(rule);
    } else {
      change_values(rule);
    }
  }

  void drop_condition(json& rule) {
    std::vector<std::pair<std::string, std::string>> droppable;
    for (const char* part : {"request", "identity"}) {
      if (!rule.contains(part)) continue;
      for (const auto& [name, value] : rule[part].items()) droppable.emplace_back(part, name);
    }
    for (const char* part : {"time", "flags", "expires"}) {
      if (rule.contains(part)) droppable.emplace_back(part, "");
    }
    if (droppable.empty()) return;
    const auto [part, name] = chance_.pick(droppable);
    if (!name.empty()) rule[part].erase(name);
    if (name.empty() || (part == "request" && rule[part].empty())) rule.erase(part);
  }

  void change_values(json& rule) {
    std::vector<json::json_pointer> lists;
    for (const char* part : {"/request", "/identity"}) {
      const json::json_pointer at(part);
      if (rule.contains(at)) collect_lists(rule[at], at, lists);
    }
    if (lists.empty()) return;
    json& list = rule[chance_.pick(lists)];
    if (list.size() > 1 && chance_.one_in(2)) {
      list.erase(chance_.below(list.size()));
    } else if (const json more = another(list); std::find(list.begin(), list.end(), more) == list.end()) {
      list.push_back(more);
    }
  }

  static void collect_lists(const json& from, const json::json_pointer& at, std::vector<json::json_pointer>& lists) {
    if (from.is_array()) lists.push_back(at);
    if (!from.is_object()) return;
    for (const auto& [name, value] : from.items()) collect_lists(value, at / name, lists);
  }

  /// A value of the same sort as those of the list.
  json another(const json& list) {
    for (const Texts& values : {kPairLiterals, kPairTexts, kScopes, kMethods, kPairBlocks, Texts{"one", "two"},
                                Texts{"http", "https"}, Texts{"api", "web", "far"}, hosts()}) {
      if (std::find(values.begin(), values.end(), list[0]) == values.end()) continue;
      return chance_.pick(values);
    }
    return list[0].is_number() ? json(chance_.below(3)) : list[0];
  }

  Chance& chance_;
  PairUniverse universe_;
  bool roles_ = false;
  Texts paths_;
};

}  // namespace ostiary::test
