// Gates that use every member of the language, over a small universe.
#pragma once

#include "property/policy/json_chance.hpp"
#include "property/policy/small_universe.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <string>

namespace ostiary::test {

/// Every Gate uses some kinds of condition often and others never: rules with one of each would never match.
class RandomGate {
 public:
  using json = nlohmann::json;

  explicit RandomGate(Chance& chance) : chance_(chance) {
    for (bool& used : used_) used = chance.one_in(3);
  }

  /// At most `rules_max` rules.
  json make(std::size_t rules_max) {
    json gate = declarations();
    Texts routes;
    for (std::size_t i = 1 + chance_.below(6); i > 0; --i) {
      routes.push_back("route" + std::to_string(i));
      gate["routes"].push_back(route(routes.back()));
    }
    for (std::size_t i = 1 + chance_.below(rules_max); i > 0; --i) gate["rules"].push_back(rule(i, routes));
    if (use(kRoles)) {
      for (std::size_t i = 1 + chance_.below(3); i > 0; --i) gate["roles"].push_back(mapping(i, routes));
    }
    return gate;
  }

 private:
  enum Feature {
    kMethodsAsked,
    kSchemesAsked,
    kHostsAsked,
    kPathsAsked,
    kQueryAsked,
    kHeadersAsked,
    kClientAsked,
    kTimeAsked,
    kFlagsAsked,
    kExpiry,
    kIssuersAsked,
    kAudiencesAsked,
    kScopesAsked,
    kAgeAsked,
    kClaimsAsked,
    kBindings,
    kRoles,
    kIdentityHeaders,
    kShapes,
    kFeatures
  };

  [[nodiscard]] bool use(Feature feature) { return used_[feature]; }
  [[nodiscard]] bool use_now(Feature feature) { return used_[feature] && chance_.one_in(2); }

  json declarations() {
    json gate = {{"gate", 1},
                 {"name", "random"},
                 {"version", chance_.below(3)},
                 {"claims",
                  {{"tier", "text"},
                   {"plan", {{"type", "text"}, {"one_of", kPlans}}},
                   {"level", "integer"},
                   {"staff", "boolean"},
                   {"groups", {{"type", "text_set"}, {"one_of", kGroups}}}}},
                 {"headers", kHeaders},
                 {"flags", kFlags},
                 {"networks", {{"office", {"192.0.2.0/24"}}, {"lab", {"192.0.2.128/25", "2001:db8::/32"}}}},
                 {"origins", json::object()}};
    for (const std::string origin : {"one", "two"})
      gate["origins"][origin] = {{"scheme", "http"}, {"host", origin + ".example"}, {"port", 1}};
    for (const std::string issuer : {"one", "two"}) {
      gate["issuers"][issuer] = {
          {"issuer", "https://" + issuer + ".example"}, {"audiences", kAudiences}, {"algorithms", {"RS256"}}};
    }
    if (use(kIdentityHeaders)) {
      gate["identity_headers"]["x-value"]["claim"] = any_claim();
      gate["identity_headers"]["x-client"]["from"] = "peer";
    }
    return gate;
  }

  std::string pattern(bool binding) {
    std::string path;
    for (std::size_t i = chance_.below(4); i > 0; --i) {
      path += "/";
      if (binding && chance_.one_in(3)) {
        path += "{" + chance_.pick(kTextClaims) + "}";
      } else {
        path += chance_.one_in(3) ? "*" : chance_.pick(kLiterals);
      }
    }
    if (path.empty() || chance_.one_in(3)) path += chance_.one_in(2) ? "/**" : "/";
    return path;
  }

  /// Often the path of a route, which surely can match; with claims only where they may stand.
  std::string condition_path(bool binding) {
    if (chance_.one_in(4)) return "/**";
    if (chance_.one_in(3)) return pattern(binding);
    std::string path = chance_.pick(route_paths_);
    for (std::size_t at = path.find('{'); !binding && at != std::string::npos; at = path.find('{'))
      path.replace(at, path.find('}', at) + 1 - at, "*");
    return path;
  }

  json patterns(bool binding) {
    json list = json::array();
    for (std::size_t i = 1 + chance_.below(2); i > 0; --i) {
      const std::string path = condition_path(binding);
      if (std::find(list.begin(), list.end(), path) == list.end()) list.push_back(path);
    }
    return list;
  }

  json route(const std::string& id) {
    route_paths_.push_back(pattern(use(kBindings)));
    json made = {{"id", id},
                 {"hosts", chance_.subset(kHostPatterns)},
                 {"methods", chance_.subset(kMethods)},
                 {"path", route_paths_.back()},
                 {"origin", chance_.pick({"one", "two"})}};
    if (use(kRoles) && chance_.one_in(3)) made["role"] = chance_.pick({"optional", "required"});
    if (chance_.one_in(8)) made["waive"] = {"UPGRADE_REFUSED"};
    if (use_now(kShapes)) add_shape(made);
    return made;
  }

  std::string any_claim() { return chance_.pick({"tier", "level", "staff", "groups", "sub"}); }

  void add_shape(json& made) {
    if (chance_.one_in(2)) made["headers"]["set"]["x-set"]["claim"] = any_claim();
    if (chance_.one_in(3)) made["headers"]["rename"]["x-other"] = "x-renamed";
    if (chance_.one_in(2)) return;
    made["rate"] = {{"limit", 1}, {"period_s", 1}, {"key", json::array({"route"})}};
    if (chance_.one_in(2)) made["rate"]["key"].push_back({{"header", chance_.pick({"x-tier", "x-tiers"})}});
    if (chance_.one_in(2)) made["rate"]["key"].push_back({{"claim", any_claim()}});
  }

  json named_routes(const Texts& routes) { return chance_.one_in(2) ? json(Texts{"*"}) : chance_.subset(routes); }

  json rule(std::size_t number, const Texts& routes) {
    json made = {{"id", "rule" + std::to_string(chance_.below(1000) * 1000 + number)},
                 {"effect", chance_.one_in(4) ? "deny" : "allow"},
                 {"routes", named_routes(routes)}};
    if (chance_.one_in(4)) {
      made["public"] = true;
    } else {
      made["identity"] = identity();
    }
    if (json asked = request(!made.contains("public")); !asked.empty()) made["request"] = std::move(asked);
    if (use_now(kTimeAsked)) made["time"] = time();
    if (use_now(kFlagsAsked)) {
      for (const std::string flag : chance_.subset(kFlags)) made["flags"][flag] = chance_.one_in(2);
    }
    add_paperwork(made);
    return made;
  }

  void add_paperwork(json& made) {
    if (use_now(kExpiry)) made["expires"] = chance_.pick(kTimes);
    if (chance_.one_in(8)) made["owner"] = "payments";
    if (chance_.one_in(8)) made["ticket"] = "PAY-1";
    if (chance_.one_in(8)) made["why"] = "Nobody knows.";
  }

  json time() {
    const std::size_t from = chance_.below(kTimes.size());
    json made = json::object();
    if (chance_.one_in(2)) made["from"] = kTimes[from];
    if (made.empty() || (from + 1 < kTimes.size() && chance_.one_in(2)))
      made["until"] = kTimes[from + 1 < kTimes.size() ? from + 1 + chance_.below(kTimes.size() - from - 1) : from];
    return made;
  }

  /// Paths of public rules may name no claims.
  json request(bool binding) {
    json asked = json::object();
    if (use_now(kMethodsAsked)) asked["methods"] = chance_.subset(kMethods);
    if (use_now(kSchemesAsked)) asked["schemes"] = chance_.subset(Texts{"http", "https"});
    if (use_now(kHostsAsked)) asked["hosts"] = chance_.subset(kHostPatterns);
    if (use_now(kPathsAsked)) asked["paths"] = patterns(binding);
    if (use_now(kQueryAsked)) {
      for (const std::string name : chance_.subset(kParameters)) asked["query"][name] = input();
    }
    if (use_now(kHeadersAsked)) {
      for (const std::string name : chance_.subset(kHeaders)) asked["headers"][name] = input();
    }
    if (use_now(kClientAsked)) {
      Texts choices = kNetworks;
      choices.insert(choices.end(), kBlocks.begin(), kBlocks.end());
      asked["client"][chance_.one_in(3) ? "not_in" : "in"] = chance_.subset(choices);
    }
    return asked;
  }

  json input() {
    switch (chance_.below(3)) {
      case 0: return {{"present", chance_.one_in(2)}};
      case 1: return {{"equals", chance_.pick(kTexts)}};
      default: return {{"in", chance_.subset(kTexts)}};
    }
  }

  json identity() {
    json asked = json::object();
    if (use_now(kIssuersAsked)) asked["issuers"] = chance_.subset(Texts{"one", "two"});
    if (use_now(kAudiencesAsked)) asked["audiences"] = chance_.subset(kAudiences);
    if (use_now(kScopesAsked)) {
      for (const std::string quantity : chance_.subset(Texts{"all", "any", "none"}))
        asked["scopes"][quantity] = chance_.subset(kScopes);
      make_possible(asked["scopes"], "all", "any", "none");
    }
    if (use_now(kAgeAsked)) asked["token_age_max_s"] = 1 + chance_.below(20);
    if (use_now(kClaimsAsked)) {
      for (std::size_t i = 1 + chance_.below(2); i > 0; --i) {
        const std::string name = chance_.pick({"tier", "plan", "sub", "azp", "level", "staff", "groups"});
        asked["claims"][name] = chance_.one_in(4) ? json{{"present", chance_.one_in(2)}} : operators(name);
      }
    }
    return asked;
  }

  json operators(const std::string& claim) {
    if (claim == "staff") return {{"equals", chance_.one_in(2)}};
    json made = json::object();
    if (claim == "level") {
      const std::vector<int> levels = {-1, 0, 1, 2};
      for (const std::string& operation : some_operators({"equals", "in", "not_in"}))
        made[operation] = operation == "equals" ? json(chance_.pick(levels)) : chance_.subset(levels);
      make_possible(made);
      return made;
    }
    if (claim == "groups") {
      for (const std::string& operation : some_operators({"has_any", "has_all", "has_none"}))
        made[operation] = chance_.subset(kGroups);
      make_possible(made, "has_all", "has_any", "has_none");
      return made;
    }
    const Texts& values = claim == "plan" ? kPlans : kTexts;
    for (const std::string& operation : some_operators({"equals", "in", "not_in", "prefix"}))
      made[operation] = operation == "equals" ? json(chance_.pick(values)) : chance_.subset(values);
    make_possible(made);
    return made;
  }

  static bool has(const json& list, const json& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
  }

  /// The compiler refuses operators that exclude one another: what excludes is left out where it does so.
  static void make_possible(json& made) {
    if (made.contains("equals") && made.contains("in") && !has(made["in"], made["equals"])) made.erase("in");
    const auto passes = [&made](const json& value) {
      if (made.contains("in") && !has(made["in"], value)) return false;
      if (made.contains("not_in") && has(made["not_in"], value)) return false;
      if (!made.contains("prefix")) return true;
      return std::any_of(made["prefix"].begin(), made["prefix"].end(), [&value](const json& prefix) {
        return value.get<std::string>().starts_with(prefix.get<std::string>());
      });
    };
    const json named = made.contains("equals") ? json::array({made["equals"]}) : made.value("in", json::array());
    if (named.empty() || std::any_of(named.begin(), named.end(), passes)) return;
    made.erase("not_in");
    made.erase("prefix");
  }

  static void make_possible(json& made, const char* all, const char* any, const char* none) {
    if (!made.contains(none)) return;
    const auto excluded = [&](const json& value) { return has(made[none], value); };
    const json needed = made.value(all, json::array());
    const json wanted = made.value(any, json::array());
    const bool impossible = std::any_of(needed.begin(), needed.end(), excluded) ||
                            (!wanted.empty() && std::all_of(wanted.begin(), wanted.end(), excluded));
    if (impossible) made.erase(none);
  }

  /// Mostly one, now and then several.
  Texts some_operators(const Texts& from) {
    return chance_.one_in(3) ? chance_.subset(from).get<Texts>() : Texts{chance_.pick(from)};
  }

  json text_source() {
    if (chance_.one_in(2)) return {{"text", chance_.pick({"ab", "team-a"})}};
    return {{"claim", chance_.pick(kTextClaims)}};
  }

  json mapping(std::size_t number, const Texts& routes) {
    json made = {{"id", "role" + std::to_string(number)},
                 {"routes", named_routes(routes)},
                 {"identity", identity()},
                 {"role_arn", "arn:aws:iam::123456789012:role/r" + std::to_string(number)},
                 {"session_name", text_source()}};
    if (json asked = request(true); !asked.empty()) made["request"] = std::move(asked);
    for (const std::string key : {"team", "cost"}) {
      if (chance_.one_in(3)) made["session_tags"][key] = text_source();
    }
    if (chance_.one_in(2)) made["duration_s"] = 900 + chance_.below(100);
    add_paperwork(made);
    return made;
  }

  Chance& chance_;
  Texts route_paths_;
  bool used_[kFeatures] = {};
};

/// The Gate as text with every rule and role mapping in a line of its own.
inline std::string text_by_line(const nlohmann::json& gate) {
  std::string text = "{";
  for (const auto& [name, value] : gate.items()) {
    text += (text.size() == 1 ? "" : ",\n") + nlohmann::json(name).dump() + ": ";
    if (name != "rules" && name != "roles") {
      text += value.dump();
      continue;
    }
    text += "[";
    for (const nlohmann::json& element : value) text += (text.back() == '[' ? "\n" : ",\n") + element.dump();
    text += "]";
  }
  return text + "}\n";
}

/// Takes out the rule or role mapping in a line of text_by_line; false when none stands there.
inline bool remove_line(nlohmann::json& gate, std::size_t line) {
  const std::string text = text_by_line(gate);
  std::size_t from = 0;
  for (std::size_t i = 1; i < line; ++i) from = text.find('\n', from) + 1;
  for (const char* list : {"rules", "roles"}) {
    if (!gate.contains(list)) continue;
    nlohmann::json& elements = gate[list];
    for (std::size_t i = 0; i < elements.size(); ++i) {
      if (text.compare(from, elements[i].dump().size(), elements[i].dump()) != 0) continue;
      elements.erase(i);
      return true;
    }
  }
  return false;
}

}  // namespace ostiary::test
