#include "adapt/outline.hpp"
#include "policy/gate_report.hpp"
#include "policy/gate_words.hpp"
#include "policy/had_value.hpp"
#include "policy/route_trace.hpp"
#include "policy/secrets.hpp"
#include "policy/source_places.hpp"
#include "policy/time_text.hpp"

#include <ostiary/core/memory.hpp>
#include <ostiary/policy/decide_request.hpp>
#include <ostiary/policy/explain.hpp>
#include <ostiary/policy/rule_walk.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostiary {

namespace {

using adapt::Outline;
using policy::SourcePlaces;

/// Where a Decision was made, in the order of docs/language.md.
enum class Stage : std::size_t { kInspect, kReadings, kRoute, kCredential, kToken, kInputs, kRules, kRole, kShaping };

constexpr std::array<std::string_view, 9> kStageNames = {"inspect", "readings", "route", "credential", "token",
                                                         "inputs",  "rules",    "role",  "shaping"};

/// A rule or mapping of the walk, kept.
struct Walked {
  std::uint32_t row = 0;
  bool matches = false;
  std::vector<AskedCondition> conditions;

  explicit Walked(const AskedRule& rule)
      : row(rule.row), matches(rule.matches), conditions(rule.conditions.begin(), rule.conditions.end()) {}

  [[nodiscard]] std::size_t failing() const {
    return static_cast<std::size_t>(
        std::count_if(conditions.begin(), conditions.end(), [](const AskedCondition& asked) { return !asked.holds; }));
  }
  /// Of what fails, the first dimension.
  [[nodiscard]] Dimension first_failing() const {
    Dimension first = Dimension::kNone;
    for (const AskedCondition& asked : conditions) {
      if (!asked.holds && (first == Dimension::kNone || asked.dimension < first)) first = asked.dimension;
    }
    return first;
  }
};

/// What is known of one request when it has been decided. Borrows everything.
struct Decided {
  const Gate& gate;
  const Inspection& inspection;
  const Facts& facts;
  const Decision& decision;
  RouteMatch match;
  std::optional<Result<Identity>> verified;  ///< nothing: no token was looked at

  [[nodiscard]] const Request& request() const { return inspection.request; }
  [[nodiscard]] const Identity* identity() const { return verified && verified->ok() ? &**verified : nullptr; }
};

[[nodiscard]] bool is_present(std::string_view text) { return text.data() != nullptr; }

/// The rules decided, or said that what followed may be asked.
[[nodiscard]] bool rules_were_asked(const Decision& decision) {
  return is_present(decision.rule) || decision.reason == Reason::kRuleNoMatch ||
         decision.reason == Reason::kCredentialMissing;
}

[[nodiscard]] bool is_about_role(Reason reason) {
  return reason == Reason::kRoleNone || reason == Reason::kRoleAmbiguous || reason == Reason::kRoleSession;
}

/// The stage that denied; nothing when the request is allowed.
[[nodiscard]] std::optional<Stage> stopped_at(const Decided& decided) {
  const Decision& decision = decided.decision;
  if (decision.allowed()) return std::nullopt;
  if (decided.inspection.progress != Progress::kComplete || decision.reason == Reason::kUsagePeer) {
    return Stage::kInspect;
  }
  if (!is_present(decision.route)) {
    const bool routed = decided.match.reason == Reason::kOk || decision.reason != decided.match.reason;
    return routed ? Stage::kReadings : Stage::kRoute;
  }
  if (!credential(decided.request())) return Stage::kCredential;
  if (decided.verified && !decided.verified->ok()) return Stage::kToken;
  if (!rules_were_asked(decision)) return Stage::kInputs;
  const bool by_rules = !is_present(decision.rule) || decision.reason == Reason::kRuleDenied;
  if (by_rules) return Stage::kRules;
  return is_about_role(decision.reason) ? Stage::kRole : Stage::kShaping;
}

[[nodiscard]] Outline reason_outline(Reason reason) {
  const ReasonInfo& info = reason_info(reason);
  Outline outline = Outline::object();
  outline.title(std::string(info.name) + " (" + std::to_string(static_cast<int>(reason)) +
                "): " + std::string(info.text));
  outline.tell("number", static_cast<int>(reason));
  outline.tell("name", info.name);
  outline.tell("clause", info.clause);
  outline.tell("text", info.text);
  return outline;
}

// ---- what the rules were asked ------------------------------------------------------------------------------------

[[nodiscard]] std::vector<Walked> walked_rules(const Decided& decided, const RouteRecord& route) {
  detail::Evaluation evaluation(decided.gate, decided.request(), decided.identity(), decided.facts);
  std::vector<Walked> walked;
  walk_rules(decided.gate, route, evaluation, [&](const AskedRule& rule) { walked.emplace_back(rule); });
  return walked;
}

[[nodiscard]] std::vector<Walked> walked_roles(const Decided& decided, const RouteRecord& route) {
  detail::Evaluation evaluation(decided.gate, decided.request(), decided.identity(), decided.facts);
  std::vector<Walked> walked;
  walk_roles(decided.gate, route, evaluation, [&](const AskedRule& role) { walked.emplace_back(role); });
  return walked;
}

/// The least id of the rules that match with this effect; absent when none does.
[[nodiscard]] std::string_view least_match(const Gate& gate, const std::vector<Walked>& rules, RuleEffect effect) {
  std::string_view least;
  for (const Walked& rule : rules) {
    const RuleRecord record = gate.rule(rule.row);
    const std::string_view id = gate.text(record.id);
    if (rule.matches && record.effect == effect && (!is_present(least) || id < least)) least = id;
  }
  return least;
}

/// Whether what was walked leads to what was decided. It does, unless two parts of this library disagree.
[[nodiscard]] bool leads_to(const Decided& decided, const std::vector<Walked>& rules) {
  const auto consistent = [](const Walked& rule) { return rule.matches == (rule.failing() == 0); };
  if (!std::all_of(rules.begin(), rules.end(), consistent)) return false;
  const Decision& decision = decided.decision;
  const std::string_view denied = least_match(decided.gate, rules, RuleEffect::kDeny);
  if (is_present(denied)) return decision.reason == Reason::kRuleDenied && decision.rule == denied;
  const std::string_view allowed = least_match(decided.gate, rules, RuleEffect::kAllow);
  if (is_present(allowed)) return decision.rule == allowed && decision.reason != Reason::kRuleDenied;
  if (is_present(decision.rule)) return false;
  if (!is_present(decision.nearest.rule)) return true;
  return std::any_of(rules.begin(), rules.end(), [&](const Walked& rule) {
    return decided.gate.text(decided.gate.rule(rule.row).id) == decision.nearest.rule &&
           rule.first_failing() == decision.nearest.dimension;
  });
}

[[nodiscard]] bool roles_lead_to(const Decided& decided, const std::vector<Walked>& roles) {
  const auto matching = std::count_if(roles.begin(), roles.end(), [](const Walked& role) { return role.matches; });
  const Decision& decision = decided.decision;
  if (decision.role.present()) return matching == 1;
  return !decision.allowed() || matching == 0;
}

/// Prints rules and mappings with what they asked.
class RuleTrace {
 public:
  RuleTrace(const Decided& decided, const SourcePlaces* places)
      : decided_(decided),
        gate_(decided.gate),
        places_(places),
        seen_{decided.gate, decided.request(), decided.identity(), decided.facts} {}

  [[nodiscard]] Outline rule(const Walked& walked, const RouteRecord& route) const {
    const RuleRecord record = gate_.rule(walked.row);
    const std::string_view id = gate_.text(record.id);
    const std::string_view effect = policy::effect_word(record.effect);
    Outline rule = Outline::object();
    Outline place = places_ != nullptr ? places_->rule(id) : Outline();
    rule.title(std::string(effect) + " " + std::string(id) + ": " + outcome(walked) + at(place));
    rule.tell("id", id);
    rule.tell("effect", effect);
    add(walked, std::move(place), rule);
    rule.tell("decides", id == decided_.decision.rule);
    rule.set("owner", Outline::perhaps(gate_.text(record.owner)));
    rule.set("ticket", Outline::perhaps(gate_.text(record.ticket)));
    rule.set("conditions", conditions(walked, route, [&](const PredicateRecord& predicate) {
               return places_->rule_condition(id, predicate);
             }));
    return rule;
  }

  [[nodiscard]] Outline role(const Walked& walked, const RouteRecord& route) const {
    const RoleRecord record = gate_.role(walked.row);
    const std::string_view id = gate_.text(record.id);
    Outline role = Outline::object();
    Outline place = places_ != nullptr ? places_->role(id) : Outline();
    role.title(std::string(id) + ": " + outcome(walked) + at(place));
    role.tell("id", id);
    add(walked, std::move(place), role);
    role.set("role_arn", gate_.text(record.role_arn));
    role.set("conditions", conditions(walked, route, [&](const PredicateRecord& predicate) {
               return places_->role_condition(id, predicate);
             }));
    return role;
  }

 private:
  [[nodiscard]] static std::string outcome(const Walked& walked) {
    if (walked.matches) return "matches";
    return "does not match, first by " + std::string(dimension_name(walked.first_failing()));
  }

  [[nodiscard]] static std::string at(const Outline& place) { return place.line().empty() ? "" : " @ " + place.line(); }

  static void add(const Walked& walked, Outline place, Outline& outline) {
    outline.tell("matches", walked.matches);
    outline.tell("first_failing", walked.matches ? Outline() : Outline(dimension_name(walked.first_failing())));
    outline.tell("place", std::move(place));
  }

  template <typename PlaceOf>
  [[nodiscard]] Outline conditions(const Walked& walked, const RouteRecord& route, const PlaceOf& place_of) const {
    Outline list = Outline::list();
    for (const AskedCondition& asked : walked.conditions) {
      const bool own = asked.demand == Demand::kCondition;
      Outline place = own && places_ != nullptr ? place_of(gate_.predicate(asked.predicate)) : Outline();
      list.add(condition(asked, route, std::move(place)));
    }
    return list;
  }

  [[nodiscard]] Outline condition(const AskedCondition& asked, const RouteRecord& route, Outline place) const {
    const Words words = words_of(asked, route);
    Outline condition = Outline::object();
    condition.title(std::string(asked.holds ? "yes " : "no  ") + words.asks +
                    (words.had.empty() ? "" : "; had " + words.had) + at(place));
    condition.tell("holds", asked.holds);
    condition.tell("dimension", dimension_name(asked.dimension));
    condition.tell("asks", words.asks);
    condition.tell("had", words.had);
    condition.tell("place", std::move(place));
    return condition;
  }

  struct Words {
    std::string asks;
    std::string had;
  };

  [[nodiscard]] Words words_of(const AskedCondition& asked, const RouteRecord& route) const {
    switch (asked.demand) {
      case Demand::kIdentity: return {"identity", seen_.identity == nullptr ? "no identity" : "an identity"};
      case Demand::kNever: return {"never: the path of the route binds claims, and the rule is public", {}};
      case Demand::kBinding:
        return {"path " + policy::route_pattern(gate_, route) + " of the identity",
                policy::had_value(seen_, gate_.predicate(asked.predicate))};
      case Demand::kCondition: {
        const PredicateRecord predicate = gate_.predicate(asked.predicate);
        return {policy::condition_line(policy::condition_words(gate_, predicate)), policy::had_value(seen_, predicate)};
      }
    }
    return {};
  }

  const Decided& decided_;
  const Gate& gate_;
  const SourcePlaces* places_;
  policy::Seen seen_;
};

// ---- the Decision -------------------------------------------------------------------------------------------------

[[nodiscard]] std::string shown_edit(const HeaderEdit& edit) {
  switch (edit.kind) {
    case HeaderEditKind::kRemove: return "remove " + std::string(edit.name);
    case HeaderEditKind::kRename: return "rename " + std::string(edit.name) + " to " + std::string(edit.value);
    case HeaderEditKind::kSet:
      return "set " + std::string(edit.name) + " to " + policy::shown_value(edit.name, edit.value);
    case HeaderEditKind::kAppend:
      return "append " + std::string(edit.name) + ": " + policy::shown_value(edit.name, edit.value);
  }
  return {};
}

/// The path; of a query, which may hold anything, the size.
[[nodiscard]] Outline shown_target(std::string_view target) {
  if (!is_present(target)) return {};
  const std::size_t mark = std::min(target.find('?'), target.size());
  std::string shown = policy::shown_value("path", target.substr(0, mark));
  if (mark < target.size()) shown += "? " + policy::size_only(target.size() - mark - 1);
  return shown;
}

[[nodiscard]] Outline shaping_outline(const Decision& decision) {
  Outline shaping = Outline::object();
  Outline edits = Outline::list();
  for (const HeaderEdit& edit : decision.headers) {
    Outline line = Outline::object();
    line.title(shown_edit(edit));
    line.tell("edit", shown_edit(edit));
    edits.add(std::move(line));
  }
  shaping.set("headers", std::move(edits));
  shaping.set("target", shown_target(decision.target));
  const bool keeps = decision.cache.cache_class != CacheClass::kNone;
  shaping.set("cache_ttl_s", keeps ? Outline(decision.cache.ttl_s) : Outline());
  shaping.set("cache_key_size", is_present(decision.cache.key) ? Outline(decision.cache.key.size()) : Outline());
  shaping.set("rate_key_size", decision.rate.present() ? Outline(decision.rate.key.size()) : Outline());
  shaping.set("rate_limit", decision.rate.present() ? Outline(decision.rate.limit) : Outline());
  shaping.set("rate_period_s", decision.rate.present() ? Outline(decision.rate.period_s) : Outline());
  return shaping;
}

[[nodiscard]] Outline role_outline(const RoleGrant& role) {
  if (!role.present()) return {};
  Outline outline = Outline::object();
  outline.set("id", role.id);
  outline.set("role_arn", role.role_arn);
  outline.set("session_name", policy::shown_value("session_name", role.session_name));
  Outline tags = Outline::object();
  for (const SessionTag& tag : role.session_tags) {
    tags.set(std::string(tag.key), policy::shown_value(tag.key, tag.value));
  }
  outline.set("session_tags", std::move(tags));
  outline.set("duration_s", role.duration_s);
  return outline;
}

[[nodiscard]] Outline decision_outline(const Decision& decision) {
  Outline outline = Outline::object();
  outline.set("effect", decision.allowed() ? "allow" : "deny");
  outline.set("reason", reason_outline(decision.reason));
  outline.set("http_status", decision.http_status());
  outline.set("offset", decision.offset);
  outline.set("route", Outline::perhaps(decision.route));
  outline.set("rule", Outline::perhaps(decision.rule));
  outline.set("nearest_rule", Outline::perhaps(decision.nearest.rule));
  const bool near = is_present(decision.nearest.rule);
  outline.set("nearest_dimension", near ? Outline(dimension_name(decision.nearest.dimension)) : Outline());
  outline.set("origin", Outline::perhaps(decision.origin));
  outline.set("location", Outline::perhaps(decision.answer.location));
  outline.set("role", role_outline(decision.role));
  return outline;
}

// ---- the stages ---------------------------------------------------------------------------------------------------

[[nodiscard]] Outline stage_outlines(const Decided& decided) {
  const std::optional<Stage> stopped = stopped_at(decided);
  Outline list = Outline::list();
  for (std::size_t i = 0; i < kStageNames.size(); ++i) {
    const auto stage = static_cast<Stage>(i);
    const bool stops = stopped == stage;
    const bool no_token = stage == Stage::kToken && !decided.verified && (!stopped || stage < *stopped);
    std::string status = stopped && *stopped < stage ? "not reached" : "passed";
    if (no_token) status = "no token";
    if (stops) status = "stopped";
    Outline outline = Outline::object();
    outline.tell("stage", kStageNames[i]);
    outline.tell("status", status);
    const ReasonInfo& info = reason_info(decided.decision.reason);
    outline.tell("reason", stops ? reason_outline(decided.decision.reason) : Outline());
    outline.tell("offset", stops ? Outline(decided.decision.offset) : Outline());
    if (stops) status += ": " + std::string(info.name) + " at byte " + std::to_string(decided.decision.offset);
    outline.title(std::string(kStageNames[i]) + ": " + status);
    list.add(std::move(outline));
  }
  return list;
}

[[nodiscard]] Outline request_outline(const Decided& decided) {
  if (decided.inspection.progress != Progress::kComplete) return {};
  const Request& request = decided.request();
  Outline outline = Outline::object();
  outline.set("method", kMethodNames[static_cast<std::size_t>(request.method)]);
  outline.set("host", request.host);
  outline.set("path", policy::shown_value("path", request.path));
  outline.set("query_size", request.query.present() ? Outline(request.query.length) : Outline());
  outline.set("fields", request.fields.size());
  outline.set("peer", decided.facts.peer.empty() ? Outline() : Outline(decided.facts.peer));
  outline.set("now", policy::time_text(decided.facts.now_s));
  return outline;
}

[[nodiscard]] Outline token_outline(const Decided& decided) {
  if (!decided.verified) return {};
  Outline token = Outline::object();
  token.set("verified", decided.verified->ok());
  if (!decided.verified->ok()) {
    token.set("reason", reason_outline(decided.verified->reason()));
    return token;
  }
  const Identity& identity = *decided.identity();
  token.set("issuer", policy::shown_claim(identity, "iss"));
  token.set("subject", policy::shown_claim(identity, "sub"));
  Outline scopes = Outline::list();
  for (std::uint32_t i = 0; i < identity.scope_count() && i < 16; ++i) {
    scopes.add(policy::shown_value("scope", identity.scope(i)));
  }
  token.set("scopes", std::move(scopes));
  ClaimRecord expiry;
  const bool expires = identity.find("exp", expiry) && expiry.kind == ClaimKind::kInteger;
  token.set("expires", expires ? Outline(policy::time_text(expiry.integer)) : Outline());
  return token;
}

[[nodiscard]] Outline gate_outline(const Gate& gate) {
  Outline outline = Outline::object();
  outline.set("name", gate.name());
  outline.set("version", gate.header().version);
  outline.set("content_hash", policy::hex_text(gate.header().seal.content_hash));
  return outline;
}

[[nodiscard]] Outline routing_outline(const Decided& decided, const SourcePlaces* places) {
  Outline routing = policy::route_trace(decided.gate, decided.request(), decided.match);
  if (places == nullptr || decided.match.reason != Reason::kOk) return routing;
  routing.set("place", places->route(decided.gate.text(decided.gate.route(decided.match.row).id)));
  return routing;
}

/// Rules, mappings and what followed; false when they do not lead to the Decision.
[[nodiscard]] bool add_route(const Decided& decided, const SourcePlaces* places, Outline& report) {
  const Gate& gate = decided.gate;
  const RouteRecord route = gate.route(decided.match.row);
  if (!rules_were_asked(decided.decision)) return true;
  const RuleTrace trace(decided, places);
  const std::vector<Walked> rules = walked_rules(decided, route);
  Outline rule_list = Outline::list();
  for (const Walked& rule : rules) rule_list.add(trace.rule(rule, route));
  report.set("rules", std::move(rule_list));
  if (!leads_to(decided, rules)) return false;
  if (!is_present(decided.decision.rule) || decided.decision.reason == Reason::kRuleDenied) return true;
  const std::vector<Walked> roles = walked_roles(decided, route);
  Outline role_list = Outline::list();
  for (const Walked& role : roles) role_list.add(trace.role(role, route));
  report.set("roles", std::move(role_list));
  report.set("shaping", decided.decision.allowed() ? shaping_outline(decided.decision) : Outline());
  return roles_lead_to(decided, roles);
}

[[nodiscard]] Explanation refused(Reason reason, std::string message) {
  Explanation explanation;
  explanation.reason = reason;
  explanation.message = std::move(message);
  return explanation;
}

}  // namespace

Explanation explain_request(const Gate& gate, const Inspection& inspection, const Facts& facts,
                            const VerifyCredential& verify, const ExplainOptions& options) {
  std::optional<SourcePlaces> places;
  if (options.source.data() != nullptr) {
    places.emplace(gate, options.source, options.limits);
    if (places->reason() != Reason::kOk) return refused(places->reason(), places->message());
  }
  std::optional<Result<Identity>> verified;
  const auto asked = [&](const Request& request, const Credential& presented) {
    verified.emplace(verify(request, presented));
    return *verified;
  };
  std::vector<std::byte> memory(decide_request_scratch_size(options.limits));
  Arena scratch(memory);
  const Decision decision = decide_request(gate, inspection, facts, asked, scratch, options.limits);
  const bool complete = inspection.progress == Progress::kComplete;
  const Decided decided{
      gate, inspection, facts, decision, complete ? match_route(gate, inspection.request) : RouteMatch{}, verified};

  Outline report = Outline::object();
  report.set("decision", decision_outline(decision));
  report.set("gate", gate_outline(gate));
  report.set("request", request_outline(decided));
  report.set("stages", stage_outlines(decided));
  report.set("routing", complete ? routing_outline(decided, places ? &*places : nullptr) : Outline());
  report.set("token", token_outline(decided));
  const bool routed = complete && decided.match.reason == Reason::kOk && is_present(decision.route);
  if (routed && !add_route(decided, places ? &*places : nullptr, report)) {
    return refused(Reason::kInternal, "what was asked does not lead to what was decided");
  }
  Explanation explanation;
  explanation.reason = Reason::kOk;
  explanation.allowed = decision.allowed();
  explanation.decided = decision.reason;
  explanation.text = report.text();
  explanation.json = report.json();
  return explanation;
}

}  // namespace ostiary
