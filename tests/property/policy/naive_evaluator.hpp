// docs/language.md read aloud: decides straight from the JSON, without compiling, indexing or sorting anything.
#pragma once

#include "property/policy/naive_conditions.hpp"
#include "property/policy/naive_request.hpp"
#include "property/policy/naive_roles.hpp"
#include "property/policy/naive_routes.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ostiary::test {

struct NaiveDecision {
  std::string reason;
  std::string route;
  std::string rule;
  std::string origin;
  std::string nearest_rule;
  std::string nearest_dimension;
  NaiveRole role;
  std::map<std::string, std::string> headers;

  bool operator==(const NaiveDecision&) const = default;

  friend std::ostream& operator<<(std::ostream& out, const NaiveDecision& decision) {
    const NaiveRole& role = decision.role;
    return out << decision.reason << " route=" << decision.route << " rule=" << decision.rule
               << " origin=" << decision.origin << " nearest=" << decision.nearest_rule << "/"
               << decision.nearest_dimension << " role=" << role.id << " " << role.arn << " " << role.session_name
               << " " << nlohmann::json(role.tags) << " " << role.duration
               << " headers=" << nlohmann::json(decision.headers);
  }
};

class NaiveEvaluator {
 public:
  using json = nlohmann::json;

  explicit NaiveEvaluator(json gate) : gate_(std::move(gate)) {}

  [[nodiscard]] NaiveDecision decide(const NaiveRequest& request, const std::optional<json>& claims) const {
    std::set<std::string> own;
    for (const auto& [name, source] : naive_member(gate_, "identity_headers").items()) own.insert(name);
    if (const std::string hidden = naive_hidden(request, own); !hidden.empty()) return {.reason = hidden};
    const NaiveRoute match = naive_match_route(gate_, request);
    if (match.route == nullptr) return {.reason = match.reason};
    const NaiveQuestion question{gate_, *match.route, request, claims};
    NaiveDecision decision;
    decision.route = (*match.route)["id"];
    decision.reason = unknown_flag(request) ? "USAGE_FLAG" : ambiguous_input(question);
    if (decision.reason.empty()) apply_rules(question, decision);
    if (decision.reason == "ALLOWED") grant(question, decision);
    return decision;
  }

 private:
  [[nodiscard]] bool unknown_flag(const NaiveRequest& request) const {
    const json declared = gate_.value("flags", json::array());
    return std::any_of(request.flags.begin(), request.flags.end(),
                       [&](const std::string& flag) { return !naive_contains(declared, flag); });
  }

  template <typename Visit>
  void for_each_rule(const NaiveQuestion& question, Visit visit) const {
    for (const json& rule : gate_["rules"]) {
      if (question.names_route(rule)) visit(rule);
    }
  }

  /// The headers that the route's rules, role mappings, rate key and renames read.
  [[nodiscard]] std::set<std::string> headers_read(const NaiveQuestion& question) const {
    std::set<std::string> names;
    for (const char* list : {"rules", "roles"}) {
      for (const json& rule : gate_.value(list, json::array())) {
        if (!question.names_route(rule)) continue;
        for (const auto& [name, condition] : naive_member(naive_member(rule, "request"), "headers").items())
          names.insert(name);
      }
    }
    for (const json& part : naive_member(question.route, "rate").value("key", json::array()))
      if (part.contains("header")) names.insert(part["header"].get<std::string>());
    for (const auto& [name, other] : naive_member(naive_member(question.route, "headers"), "rename").items())
      names.insert(name);
    return names;
  }

  [[nodiscard]] std::string ambiguous_input(const NaiveQuestion& question) const {
    if (const std::string hidden = naive_hidden(question.request, headers_read(question)); !hidden.empty())
      return hidden;
    bool fields = false;
    bool parameters = false;
    for (const char* list : {"rules", "roles"}) {
      if (!gate_.contains(list)) continue;
      for (const json& rule : gate_[list]) {
        if (!question.names_route(rule)) continue;
        const json& asked = naive_member(rule, "request");
        for (const auto& [name, condition] : naive_member(asked, "headers").items())
          fields = fields || naive_field(question.request, name).count > 1;
        for (const auto& [name, condition] : naive_member(asked, "query").items()) {
          const NaiveInput input = naive_parameter(question.request, name);
          parameters = parameters || input.count > 1 || input.bracketed;
        }
      }
    }
    return fields ? "FIELD_DUPLICATE" : parameters ? "PARAMETER_DUPLICATE" : "";
  }

  void apply_rules(const NaiveQuestion& question, NaiveDecision& decision) const {
    std::vector<std::string> allows;
    std::vector<std::string> denials;
    bool could_allow = false;
    for_each_rule(question, [&](const json& rule) {
      const bool allow = rule["effect"] == "allow";
      could_allow = could_allow || (allow && rule.contains("identity"));
      if (question.judge(rule, allow).none()) (allow ? allows : denials).push_back(rule["id"]);
    });
    if (!denials.empty()) {
      decision.reason = "RULE_DENIED";
      decision.rule = *std::min_element(denials.begin(), denials.end());
    } else if (!allows.empty()) {
      decision.reason = "ALLOWED";
      decision.rule = *std::min_element(allows.begin(), allows.end());
    } else {
      decision.reason = !question.claims && could_allow ? "CREDENTIAL_MISSING" : "RULE_NO_MATCH";
      find_nearest(question, decision);
    }
  }

  /// Of the first 64 rules that allow, by id, the one with the fewest conditions that fail.
  void find_nearest(const NaiveQuestion& question, NaiveDecision& decision) const {
    std::map<std::string, NaiveFailures> by_id;
    for_each_rule(question, [&](const json& rule) {
      if (rule["effect"] == "allow") by_id.emplace(rule["id"], question.judge(rule, true));
    });
    std::size_t looked_at = 0;
    std::size_t fewest = 0;
    for (const auto& [id, failures] : by_id) {
      if (looked_at++ == 64) break;
      if (fewest != 0 && failures.count() >= fewest) continue;
      fewest = failures.count();
      decision.nearest_rule = id;
      decision.nearest_dimension = failures.first();
    }
  }

  /// What an allowed request gets besides, or why it is denied all the same.
  static void grant(const NaiveQuestion& question, NaiveDecision& decision) {
    const NaiveRole role = naive_role(question);
    const auto headers = naive_headers(question);
    if (!role.reason.empty()) {
      decision.reason = role.reason;
    } else if (!headers) {
      decision.reason = "IDENTITY_HEADER_VALUE";
    } else {
      decision.origin = question.route["origin"];
      decision.role = role;
      decision.headers = *headers;
    }
  }

  json gate_;
};

}  // namespace ostiary::test
