// docs/language.md on the conditions of rules and role mappings, read aloud: which of them fail, one by one.
#pragma once

#include "property/policy/naive_request.hpp"
#include "property/policy/naive_routes.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ostiary::test {

/// What conditions are about, in the order in which a nearest miss is told.
inline const std::array<std::string, 15> kNaiveDimensions = {"method", "scheme",   "host",  "path",      "query",
                                                             "header", "client",   "time",  "flag",      "identity",
                                                             "issuer", "audience", "scope", "token_age", "claim"};

/// The dimensions of the conditions that fail, one entry for each condition. Conditions that ask the same count once.
class NaiveFailures {
 public:
  void expect(bool holds, const std::string& dimension) {
    if (!holds) failed_.push_back(dimension);
  }
  /// The same; `asked` is equal for conditions that ask the same.
  void expect(bool holds, const std::string& dimension, const nlohmann::json& asked) {
    if (asked_.insert(dimension + asked.dump()).second) expect(holds, dimension);
  }
  [[nodiscard]] bool none() const { return failed_.empty(); }
  [[nodiscard]] std::size_t count() const { return failed_.size(); }
  [[nodiscard]] const std::vector<std::string>& all() const { return failed_; }
  [[nodiscard]] std::string first() const {
    return *std::find_first_of(kNaiveDimensions.begin(), kNaiveDimensions.end(), failed_.begin(), failed_.end());
  }

 private:
  std::vector<std::string> failed_;
  std::set<std::string> asked_;
};

/// A list whose order and repetition mean nothing.
inline nlohmann::json naive_set(const nlohmann::json& list) {
  const std::set<nlohmann::json> elements(list.begin(), list.end());
  return elements;
}

/// Everything conditions may ask about.
struct NaiveQuestion {
  using json = nlohmann::json;

  const json& gate;
  const json& route;
  const NaiveRequest& request;
  const std::optional<json>& claims;

  template <typename Test>
  static bool any(const json& list, Test test) {
    return std::any_of(list.begin(), list.end(), test);
  }

  /// JSON equality of different types is false, which is what "of its declared kind" asks for.
  static bool same(const json& wanted, const json& claim) {
    const bool integers = wanted.is_number_integer() && claim.is_number_integer();
    return (integers || wanted.type() == claim.type()) && wanted == claim;
  }

  static bool of_kind(const std::string& kind, const json& claim) {
    if (kind == "text") return claim.is_string();
    if (kind == "integer") return claim.is_number_integer();
    if (kind == "boolean") return claim.is_boolean();
    return claim.is_array() && !any(claim, [](const json& element) { return !element.is_string(); });
  }

  [[nodiscard]] std::string declared_kind(const std::string& name) const {
    if (!gate.contains("claims") || !gate["claims"].contains(name)) return "text";  // built in
    const json& declared = gate["claims"][name];
    return declared.is_object() ? declared["type"] : declared;
  }

  [[nodiscard]] std::optional<json> claim(const std::string& name) const {
    return claims && claims->contains(name) ? std::optional<json>((*claims)[name]) : std::nullopt;
  }

  static bool input_holds(const json& condition, const NaiveInput& input) {
    if (condition.contains("present")) return condition["present"] == (input.count > 0);
    return std::any_of(input.values.begin(), input.values.end(), [&](const std::string& value) {
      return condition.contains("equals") ? condition["equals"] == value : naive_contains(condition["in"], value);
    });
  }

  [[nodiscard]] bool in_network(const std::string& block_or_id) const {
    if (block_or_id.find('/') != std::string::npos) return naive_in_block(request.peer, block_or_id);
    return any(gate["networks"][block_or_id], [&](const std::string& b) { return naive_in_block(request.peer, b); });
  }

  [[nodiscard]] bool client_holds(const json& list, bool inside) const {
    if (!naive_address_bits(request.peer)) return false;
    return any(list, [&](const std::string& entry) { return in_network(entry); }) == inside;
  }

  [[nodiscard]] bool path_holds(const std::string& pattern) const {
    return naive_path_rank(pattern, request.path) && naive_bound_claims_match(pattern, request.path, claims);
  }

  /// A scheme that nobody tells is none where something is allowed, and any where something is denied.
  [[nodiscard]] bool scheme_is(const std::string& wanted, bool denies) const {
    return request.scheme.empty() ? denies : request.scheme == wanted;
  }

  void judge_request(const json& asked, bool denies, NaiveFailures& failures) const {
    const auto one_of = [&](const char* member, const std::string& dimension, auto test) {
      if (asked.contains(member)) failures.expect(any(asked[member], test), dimension);
    };
    one_of("methods", "method", [&](const std::string& m) { return m == request.method; });
    one_of("schemes", "scheme", [&](const std::string& s) { return scheme_is(s, denies); });
    one_of("hosts", "host", [&](const std::string& p) { return naive_host_matches(p, request.host); });
    if (asked.contains("paths")) {
      const json& paths = asked["paths"];
      failures.expect(any(paths, [&](const std::string& p) { return path_holds(p); }), "path", naive_set(paths));
    }
    for (const auto& [name, condition] : naive_member(asked, "query").items()) {
      failures.expect(input_holds(condition, naive_parameter(request, name)), "query");
    }
    for (const auto& [name, condition] : naive_member(asked, "headers").items()) {
      failures.expect(input_holds(condition, naive_field(request, name)), "header");
    }
    for (const auto& [name, list] : naive_member(asked, "client").items()) {
      failures.expect(client_holds(list, name == "in"), "client");
    }
  }

  void judge_host_facts(const json& rule, NaiveFailures& failures) const {
    if (rule.contains("time")) {
      const json& time = rule["time"];
      failures.expect((!time.contains("from") || naive_seconds(time["from"]) <= request.now) &&
                          (!time.contains("until") || request.now < naive_seconds(time["until"])),
                      "time", {time.value("from", ""), time.value("until", "")});
    }
    if (rule.contains("expires")) {
      failures.expect(request.now < naive_seconds(rule["expires"]), "time", {"", rule["expires"]});
    }
    for (const auto& [name, wanted] : naive_member(rule, "flags").items()) {
      failures.expect(wanted == request.flags.contains(name), "flag");
    }
  }

  [[nodiscard]] bool issuer_is(const std::string& id) const {
    return claim("iss") == std::optional<json>(gate["issuers"][id]["issuer"]);
  }

  [[nodiscard]] bool audience_is(const std::string& wanted) const {
    const auto audience = claim("aud");
    if (!audience) return false;
    return *audience == json(wanted) || (of_kind("text_set", *audience) && naive_contains(*audience, wanted));
  }

  [[nodiscard]] bool has_scope(const std::string& wanted) const {
    const auto granted = claim("scope") ? claim("scope") : claim("scp");
    if (!granted) return false;
    if (granted->is_array()) return naive_contains(*granted, wanted);
    const auto scopes = naive_split(*granted, ' ');
    return std::find(scopes.begin(), scopes.end(), wanted) != scopes.end();
  }

  void judge_scopes(const json& scopes, NaiveFailures& failures) const {
    const auto has = [&](const std::string& scope) { return has_scope(scope); };
    if (scopes.contains("all"))
      failures.expect(std::all_of(scopes["all"].begin(), scopes["all"].end(), has) && claims, "scope");
    if (scopes.contains("any")) failures.expect(any(scopes["any"], has), "scope");
    if (scopes.contains("none")) failures.expect(!any(scopes["none"], has) && claims, "scope");
  }

  [[nodiscard]] bool token_is_young(std::int64_t age_max) const {
    const auto issued = claim("iat");
    return issued && issued->is_number_integer() && request.now - issued->get<std::int64_t>() <= age_max;
  }

  [[nodiscard]] bool claim_holds(const std::string& name, const std::string& operation, const json& wanted) const {
    const auto given = claim(name);
    if (operation == "present") return claims && wanted == given.has_value();
    if (!given || !of_kind(declared_kind(name), *given)) return false;
    const auto equal = [&](const json& value) { return same(value, *given); };
    const auto held = [&](const std::string& element) { return naive_contains(*given, element); };
    if (operation == "equals") return equal(wanted);
    if (operation == "in") return any(wanted, equal);
    if (operation == "not_in") return !any(wanted, equal);
    if (operation == "prefix")
      return any(wanted, [&](const std::string& p) { return given->get<std::string>().starts_with(p); });
    if (operation == "has_any") return any(wanted, held);
    if (operation == "has_none") return !any(wanted, held);
    return std::all_of(wanted.begin(), wanted.end(), held);
  }

  void judge_identity(const json& identity, NaiveFailures& failures) const {
    failures.expect(claims.has_value(), "identity");
    if (identity.contains("issuers"))
      failures.expect(any(identity["issuers"], [&](const std::string& id) { return issuer_is(id); }), "issuer");
    if (identity.contains("audiences"))
      failures.expect(any(identity["audiences"], [&](const std::string& a) { return audience_is(a); }), "audience");
    if (identity.contains("scopes")) judge_scopes(identity["scopes"], failures);
    if (identity.contains("token_age_max_s")) failures.expect(token_is_young(identity["token_age_max_s"]), "token_age");
    for (const auto& [name, operators] : naive_member(identity, "claims").items()) {
      for (const auto& [operation, wanted] : operators.items()) {
        if (operation == "why") continue;
        const json values = wanted.is_array() ? naive_set(wanted) : json::array({wanted});
        failures.expect(claim_holds(name, operation, wanted), "claim",
                        {name, operation == "equals" ? "in" : operation, values});
      }
    }
  }

  /// The conditions of a rule, or of a role mapping, that fail. `bound` says whether the route's path binds it.
  [[nodiscard]] NaiveFailures judge(const json& rule, bool bound) const {
    NaiveFailures failures;
    judge_request(naive_member(rule, "request"), rule.value("effect", "") == "deny", failures);
    judge_host_facts(rule, failures);
    if (rule.contains("identity")) judge_identity(rule["identity"], failures);
    if (bound && naive_binds(route["path"])) {
      failures.expect(rule.contains("identity") && naive_bound_claims_match(route["path"], request.path, claims),
                      "path", json::array({route["path"]}));
    }
    return failures;
  }

  [[nodiscard]] bool names_route(const json& rule) const {
    return naive_contains(rule["routes"], route["id"]) || naive_contains(rule["routes"], "*");
  }
};

}  // namespace ostiary::test
