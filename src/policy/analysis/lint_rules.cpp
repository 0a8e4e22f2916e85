#include "policy/analysis/lint_rules.hpp"

#include "policy/time_text.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ostiary::policy::analysis {

namespace {

using algebra::Verdict;

constexpr std::size_t kGate = 0;

Formula part(Part which) { return Formula::group(group_of(kGate, which)); }

/// Looks at one rule after the other.
class RuleLint {
 public:
  RuleLint(Solver& solver, const ReadGate& gate, const LintOptions& options, GateLint& lint)
      : solver_(solver), gate_(gate), options_(options), lint_(lint), model_(solver.gate(kGate)) {
    routes_.resize(model_.rules.size());
    for (std::uint32_t route = 0; route < model_.routes.size(); ++route) {
      for (const std::uint32_t rule : model_.routes[route].rules) routes_[rule].push_back(route);
    }
  }

  void run() {
    find_public_routes();
    for (std::uint32_t rule = 0; rule < model_.rules.size(); ++rule) {
      if (is_expired(rule)) continue;  // all else follows
      if (never_matters(rule)) continue;
      if (source(rule).effect == RuleEffect::kDeny) {
        find_omissions(rule);
      } else {
        find_too_wide(rule);
      }
    }
  }

 private:
  [[nodiscard]] const RuleSource& source(std::uint32_t rule) const { return gate_.source->rules[rule]; }

  LintFinding finding(std::uint32_t rule, std::string name, LintSeverity severity, std::string message) const {
    return {std::move(name),    severity, "rule", source(rule).id.value, gate_.lines.place(source(rule).id.offset),
            std::move(message), {},       {}};
  }

  void add(LintFinding one) { lint_.findings.push_back(std::move(one)); }

  Finding ask(std::uint32_t rule, Formula formula, bool without_it) {
    return ask(rule, std::move(formula), routes_[rule], without_it, {});
  }
  Finding ask(std::uint32_t rule, Formula formula, std::vector<std::uint32_t> routes, bool without_it,
              std::vector<GroupedCube> cubes) {
    Selection selection;
    selection.rules = {rule};
    selection.routes = std::move(routes);
    if (without_it) selection.without_rules = {rule};
    Finding found = solver_.find({std::move(formula), {std::move(selection)}, std::move(cubes), {}});
    if (found.verdict == Verdict::kUnknown) {
      lint_.unknown.push_back("the rule " + source(rule).id.value + ": the search stopped at its budget");
    }
    return found;
  }

  bool is_expired(std::uint32_t rule) {
    if (!options_.now_s) return false;
    std::int64_t until = std::numeric_limits<std::int64_t>::max();
    for (const PredicateSource& condition : source(rule).predicates) {
      if (condition.kind == PredicateKind::kTimeIn) until = std::min(until, condition.integers[1]);
    }
    if (until > *options_.now_s) return false;
    add(finding(rule, "expired", LintSeverity::kWarning,
                "it matches nothing since " + time_text(until) + "; remove it, or give it a later time"));
    return true;
  }

  /// Whether the Gate would be the same without it.
  bool never_matters(std::uint32_t rule) {
    const bool denies = source(rule).effect == RuleEffect::kDeny;
    const Formula matches = Formula::all({part(Part::kAskedRule), part(Part::kValid)});
    if (ask(rule, matches, false).verdict == Verdict::kNone) {
      add(finding(
          rule, "vacuous", LintSeverity::kBlocking,
          "no request with a good token or none matches it: its conditions, its routes and more specific routes "
          "leave nothing; correct or remove it"));
      return true;
    }
    const Formula alive = Formula::all({matches, Formula::none(part(Part::kDeny))});
    if (!denies && ask(rule, alive, false).verdict == Verdict::kNone) {
      add(finding(rule, "shadowed", LintSeverity::kBlocking,
                  "whatever it allows is denied by other rules; narrow those, or remove it"));
      return true;
    }
    const Formula matters =
        denies ? Formula::all({matches, part(Part::kAllow), Formula::none(part(Part::kDeny))})
               : Formula::all({matches, Formula::none(part(Part::kDeny)), Formula::none(part(Part::kAllow))});
    if (ask(rule, matters, true).verdict != Verdict::kNone) return false;
    add(finding(rule, "redundant", LintSeverity::kWarning,
                denies
                    ? "whatever it denies is not allowed without it either; remove it, or say in a why what it is for"
                    : "other rules allow all that it allows; remove it"));
    return true;
  }

  /// A denial that a claim switches on is switched off by a token without the claim.
  void find_omissions(std::uint32_t rule) {
    std::set<std::string> claims;
    for (const PredicateSource& condition : source(rule).predicates) {
      const bool asks_claim = dimension_of(condition.kind) == ostiary::Dimension::kClaim;
      if (asks_claim && condition.kind != PredicateKind::kClaimAbsent) claims.insert(condition.subject.value);
    }
    for (const std::string& claim : claims) find_omission(rule, claim);
  }

  void find_omission(std::uint32_t rule, const std::string& claim) {
    std::vector<GroupedCube> cubes;
    for (const Cube& cube : model_.rules[rule].cubes) {
      Cube without;
      for (const Literal& literal : cube) {
        const Subject& subject = solver_.predicates()[literal.predicate].subject;
        const bool of_claim =
            subject.name == claim && (subject.aspect == Aspect::kClaim || subject.aspect == Aspect::kSet);
        // What holds of the claim must not hold: that is how a token without it looks.
        if (!of_claim) without.push_back(literal);
        if (of_claim && subject.aspect == Aspect::kClaim) without.push_back({literal.predicate, true});
      }
      cubes.push_back({kFreeGroup, std::move(without)});
    }
    // Where a token is not needed anyway nobody leaves out a claim.
    std::vector<std::uint32_t> routes = routes_[rule];
    std::erase_if(routes, [&](std::uint32_t route) { return public_.contains(route); });
    if (routes.empty()) return;
    const Finding found = ask(rule, Formula::all({allowed(kGate), Formula::group(kFreeGroup)}), std::move(routes),
                              false, std::move(cubes));
    if (found.verdict != Verdict::kFound) return;
    const bool is_absent = found.point.value({Aspect::kClaim, claim}).kind == ValueKind::kAbsent;
    if (!is_absent) return;
    LintFinding one = finding(
        rule, "omission", LintSeverity::kBlocking,
        "a token without the claim " + claim + " is not denied by it; let the rules that allow ask for the claim");
    if (show(gate_, found.point, Effect::kAllow, one)) add(std::move(one));
  }

  /// A subtree for every token there is.
  void find_too_wide(std::uint32_t rule) {
    const RuleSource& one = source(rule);
    const bool asks = std::any_of(one.predicates.begin(), one.predicates.end(), [](const PredicateSource& condition) {
      return condition.kind != PredicateKind::kTimeIn && condition.kind != PredicateKind::kMethodIn &&
             condition.kind != PredicateKind::kHostIn;
    });
    if (asks) return;
    const auto is_subtree = [&](std::uint32_t route) {
      return gate_.source->routes[route].path.value.ends_with("/**") && model_.routes[route].binding.empty();
    };
    if (std::none_of(routes_[rule].begin(), routes_[rule].end(), is_subtree)) return;
    LintFinding wide = finding(
        rule, "over-wide", LintSeverity::kWarning,
        one.subject == RuleSubject::kIdentity
            ? "it opens whole subtrees to every token of every issuer; ask for a scope or a claim, or name paths"
            : "it opens whole subtrees to everyone; name paths, or ask for an identity");
    const Finding found = ask(rule, Formula::all({allowed(kGate), part(Part::kAskedRule)}), false);
    if (found.verdict == Verdict::kFound && show(gate_, found.point, Effect::kAllow, wide)) add(std::move(wide));
  }

  /// Routes that somebody without a token gets through.
  void find_public_routes() {
    for (std::uint32_t route = 0; route < model_.routes.size(); ++route) {
      Selection selection;
      selection.routes = {route};
      const PredicateId token =
          solver_.predicates().intern(make_predicate({Aspect::kToken}, PredicateKind::kClaimPresent));
      const Finding found = solver_.find({Formula::all({allowed(kGate), Formula::group(kFreeGroup)}),
                                          {selection},
                                          {{kFreeGroup, {{token, true}}}},
                                          {}});
      if (found.verdict != Verdict::kFound) continue;
      const Text& id = gate_.source->routes[route].id;
      LintFinding one{"public",
                      LintSeverity::kWarning,
                      "route",
                      id.value,
                      gate_.lines.place(id.offset),
                      "somebody without a token gets through; see that this is meant",
                      {},
                      {}};
      if (show(gate_, found.point, Effect::kAllow, one)) add(std::move(one));
      public_.insert(route);
    }
  }

  Solver& solver_;
  const ReadGate& gate_;
  const LintOptions& options_;
  GateLint& lint_;
  const AccessModel& model_;
  std::vector<std::vector<std::uint32_t>> routes_;  ///< by rule
  std::set<std::uint32_t> public_;                  ///< routes
};

}  // namespace

bool show(const ReadGate& gate, const Point& point, Effect expected, LintFinding& finding) {
  const Verdicts verdicts = gate.door->decide(point);
  if (!verdicts.asked || verdicts.effect != expected) return false;
  finding.request = request_line(point);
  finding.test = gate.door->test(point, finding.name + " " + finding.id).json();
  return true;
}

void lint_rules(Solver& solver, const ReadGate& gate, const LintOptions& options, GateLint& lint) {
  RuleLint(solver, gate, options, lint).run();
}

}  // namespace ostiary::policy::analysis
