// docs/language.md read aloud: decides straight from the JSON, without compiling, indexing or sorting anything.
#pragma once

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace ostiary::test {

struct NaiveDecision {
  std::string reason;
  std::string route;
  std::string rule;

  bool operator==(const NaiveDecision&) const = default;
};

class NaiveEvaluator {
 public:
  using json = nlohmann::json;

  explicit NaiveEvaluator(json gate) : gate_(std::move(gate)) {}

  [[nodiscard]] NaiveDecision decide(const std::string& method, const std::string& host, const std::string& path,
                                     const std::optional<json>& claims) const {
    const json* best = nullptr;
    std::string best_rank;
    bool other_method = false;
    for (const json& route : gate_["routes"]) {
      const auto rank = rank_of(route, host, path);
      if (!rank) continue;
      if (!contains(route["methods"], method)) {
        other_method = true;
      } else if (best == nullptr || *rank < best_rank) {
        best = &route;
        best_rank = *rank;
      }
    }
    if (best == nullptr) return {other_method ? "ROUTE_METHOD" : "ROUTE_UNKNOWN", "", ""};
    return apply_rules((*best)["id"], claims);
  }

 private:
  static bool contains(const json& list, const std::string& wanted) {
    return std::find(list.begin(), list.end(), wanted) != list.end();
  }

  static std::vector<std::string> split(const std::string& path) {
    std::vector<std::string> segments;
    std::istringstream rest(path.substr(1) + "/");
    for (std::string segment; std::getline(rest, segment, '/');) segments.push_back(segment);
    return segments;
  }

  /// A string that sorts before another when the pattern is more specific; nothing when it does not match.
  static std::optional<std::string> rank_of(const json& route, const std::string& host, const std::string& path) {
    std::optional<std::string> best;
    for (const std::string pattern : route["hosts"]) {
      const bool exact = pattern == host;
      const std::size_t dot = host.find('.');
      const bool wild = pattern.starts_with("*.") && dot != std::string::npos && host.substr(dot) == pattern.substr(1);
      if (!exact && !wild) continue;
      const auto rank = path_rank(route["path"], path);
      if (!rank) return std::nullopt;
      const std::string full = (exact ? "0" : "1") + *rank;
      if (!best || full < *best) best = full;
    }
    return best;
  }

  static std::optional<std::string> path_rank(const std::string& pattern, const std::string& path) {
    const auto wanted = split(pattern);
    const auto given = split(path);
    std::string rank;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (wanted[i] == "**") return given.size() > i ? std::optional(rank + "2") : std::nullopt;
      if (i >= given.size()) return std::nullopt;
      if (wanted[i] == "*" ? given[i].empty() : wanted[i] != given[i]) return std::nullopt;
      rank += wanted[i] == "*" ? "1" : "0";
    }
    return wanted.size() == given.size() ? std::optional(rank) : std::nullopt;
  }

  [[nodiscard]] NaiveDecision apply_rules(const std::string& route, const std::optional<json>& claims) const {
    std::vector<std::string> allows;
    std::vector<std::string> denials;
    bool could_allow = false;
    for (const json& rule : gate_["rules"]) {
      if (!contains(rule["routes"], route) && !contains(rule["routes"], "*")) continue;
      const bool allow = rule["effect"] == "allow";
      could_allow = could_allow || allow;
      if (matches(rule, claims)) (allow ? allows : denials).push_back(rule["id"]);
    }
    if (!denials.empty()) return {"RULE_DENIED", route, *std::min_element(denials.begin(), denials.end())};
    if (!allows.empty()) return {"ALLOWED", route, *std::min_element(allows.begin(), allows.end())};
    return {!claims && could_allow ? "CREDENTIAL_MISSING" : "RULE_NO_MATCH", route, ""};
  }

  [[nodiscard]] bool matches(const json& rule, const std::optional<json>& claims) const {
    if (rule.contains("public")) return true;
    return claims && issuer_matches(rule["identity"], *claims) && scopes_match(rule["identity"], *claims) &&
           claims_match(rule["identity"], *claims);
  }

  [[nodiscard]] bool issuer_matches(const json& identity, const json& claims) const {
    if (!identity.contains("issuers")) return true;
    return std::any_of(identity["issuers"].begin(), identity["issuers"].end(), [&](const std::string& id) {
      return claims.contains("iss") && claims["iss"] == gate_["issuers"][id]["issuer"];
    });
  }

  static bool scopes_match(const json& identity, const json& claims) {
    if (!identity.contains("scopes")) return true;
    std::istringstream text(claims.value("scope", ""));
    std::vector<std::string> granted;
    for (std::string scope; text >> scope;) granted.push_back(scope);
    const auto has = [&](const std::string& scope) {
      return std::find(granted.begin(), granted.end(), scope) != granted.end();
    };
    const json& scopes = identity["scopes"];
    if (scopes.contains("all") && !std::all_of(scopes["all"].begin(), scopes["all"].end(), has)) return false;
    return !scopes.contains("any") || std::any_of(scopes["any"].begin(), scopes["any"].end(), has);
  }

  static bool claims_match(const json& identity, const json& claims) {
    if (!identity.contains("claims")) return true;
    const auto& conditions = identity["claims"].items();
    return std::all_of(conditions.begin(), conditions.end(), [&](const auto& condition) {
      return holds(condition.value(),
                   claims.contains(condition.key()) ? std::optional<json>(claims[condition.key()]) : std::nullopt);
    });
  }

  /// JSON equality of different types is false, which is what "of its declared kind" asks for.
  static bool holds(const json& condition, const std::optional<json>& claim) {
    if (condition.contains("present")) return condition["present"] == claim.has_value();
    if (!claim) return false;
    if (condition.contains("equals")) return same(condition["equals"], *claim);
    if (condition.contains("in")) {
      return std::any_of(condition["in"].begin(), condition["in"].end(),
                         [&](const json& value) { return same(value, *claim); });
    }
    if (!claim->is_array() || !std::all_of(claim->begin(), claim->end(), [](const json& e) { return e.is_string(); }))
      return false;
    const auto held = [&](const std::string& wanted) { return contains(*claim, wanted); };
    if (condition.contains("has_any"))
      return std::any_of(condition["has_any"].begin(), condition["has_any"].end(), held);
    return std::all_of(condition["has_all"].begin(), condition["has_all"].end(), held);
  }

  static bool same(const json& wanted, const json& claim) {
    const bool integers = wanted.is_number_integer() && claim.is_number_integer();
    return (integers || wanted.type() == claim.type()) && wanted == claim;
  }

  json gate_;
};

}  // namespace ostiary::test
