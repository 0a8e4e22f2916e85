#include "policy/analysis/lint_roles.hpp"

#include "policy/analysis/lint_rules.hpp"
#include "policy/quote.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

namespace ostiary::policy::analysis {

namespace {

using algebra::Verdict;

constexpr std::size_t kGate = 0;

/// Claims whose value its holder, or whoever owns the account, can choose or change.
constexpr std::array<std::string_view, 12> kWritable = {"actor",        "email",    "name",     "given_name",
                                                        "family_name",  "nickname", "username", "upn",
                                                        "phone_number", "picture",  "profile",  "preferred_username"};
/// Names that can be given away and taken by others, and the claim that cannot.
struct MutableName {
  std::string_view claim;
  std::string_view lasting;
};
constexpr std::array<MutableName, 6> kMutableNames = {{{"repository", "repository_id"},
                                                       {"repository_owner", "repository_owner_id"},
                                                       {"project_path", "project_id"},
                                                       {"namespace_path", "namespace_id"},
                                                       {"actor", "actor_id"},
                                                       {"user_login", "user_id"}}};
constexpr std::string_view kDelimiters = ":/@|";

bool is_negative(PredicateKind kind) {
  return kind == PredicateKind::kTextNotIn || kind == PredicateKind::kIntegerNotIn || kind == PredicateKind::kHasNone ||
         kind == PredicateKind::kClaimAbsent || kind == PredicateKind::kScopesNone;
}

/// Whether the condition says who it is, if only by a claim of any name.
bool tests_claim(const PredicateSource& condition) {
  return dimension_of(condition.kind) == ostiary::Dimension::kClaim && condition.subject.value != "iss";
}

}  // namespace

RoleLint::RoleLint(Solver& solver, const ReadGate& gate, GateLint& lint) : solver_(solver), gate_(gate), lint_(lint) {
  for (std::uint32_t role = 0; role < gate.source->roles.size(); ++role) {
    for (const PredicateSource& condition : gate.source->roles[role].predicates) {
      const bool of_text = condition.kind == PredicateKind::kTextPrefix || condition.kind == PredicateKind::kTextIn;
      if (!of_text) continue;
      for (const Text& value : condition.texts) expect_strangers(role, condition, value.value);
    }
  }
}

/// Subjects of GitHub Actions are written repo:OWNER/NAME:ref:refs/heads/main, repo:OWNER/NAME:pull_request and so on.
void RoleLint::expect_strangers(std::uint32_t role, const PredicateSource& condition, const std::string& value) {
  const std::string& claim = condition.subject.value;
  const bool of_github = claim == "sub" && value.starts_with("repo:");
  if (of_github && condition.kind == PredicateKind::kTextIn && value.ends_with(":pull_request")) {
    return expect(role, claim, "M18", value,
                  "pull requests get the role, and anybody can open one; name a branch or an environment");
  }
  if (condition.kind != PredicateKind::kTextPrefix) return;
  if (of_github && value.find('/') == std::string::npos) {
    return expect(
        role, claim, "M4", value + (value == "repo:" ? "evil" : "") + "-evil/any:ref:refs/heads/main",
        "the prefix " + quote(value) + " ends inside the owner, so that others get the role; name the repository");
  }
  if (of_github && value.ends_with("/")) {
    return expect(role, claim, "M4", value + "any:ref:refs/heads/main",
                  "the prefix " + quote(value) + " takes every repository of the owner; name the repository");
  }
  if (kDelimiters.find(value.back()) == std::string_view::npos) {
    return expect(role, claim, "M5", value + "-evil",
                  "the prefix " + quote(value) + " also takes " + quote(value + "-evil") +
                      "; end it with the delimiter, or list the values");
  }
  if (of_github && std::count(value.begin(), value.end(), ':') == 2) {
    expect(role, claim, "M18", value + "pull_request",
           "the prefix " + quote(value) + " takes pull requests of anybody as well; name a branch or an environment");
  }
}

void RoleLint::expect(std::uint32_t role, const std::string& claim, const char* name, const std::string& text,
                      std::string message) {
  const PredicateId is_text =
      solver_.predicates().intern(make_predicate({Aspect::kClaim, claim}, PredicateKind::kTextIn, {text}));
  const LintSeverity severity = name == std::string_view("M18") ? LintSeverity::kWarning : LintSeverity::kBlocking;
  strangers_.push_back({role, name, severity, std::move(message), is_text});
}

void RoleLint::add(std::uint32_t role, const char* name, LintSeverity severity, std::string message,
                   const Point* shown) {
  const Text& id = gate_.source->roles[role].id;
  LintFinding finding{name, severity, "role", id.value, gate_.lines.place(id.offset), std::move(message), {}, {}};
  if (shown != nullptr) (void)show(gate_, *shown, Effect::kAllow, finding);
  lint_.findings.push_back(std::move(finding));
}

/// A request that gets the role, and meets `parts` besides.
Finding RoleLint::ask(std::uint32_t role, std::vector<Formula> parts, std::vector<GroupedCube> cubes) {
  Selection selection;
  selection.roles = {role};
  parts.push_back(allowed(kGate));
  parts.push_back(Formula::group(group_of(kGate, Part::kAskedRole)));
  Finding found = solver_.find({Formula::all(std::move(parts)), {std::move(selection)}, std::move(cubes), {}});
  if (found.verdict == Verdict::kUnknown) {
    lint_.unknown.push_back("the mapping " + gate_.source->roles[role].id.value + ": the search stopped at its budget");
  }
  return found;
}

void RoleLint::run() {
  for (std::uint32_t role = 0; role < gate_.source->roles.size(); ++role) {
    look_at_subject(role);
    look_at_issuer(role);
    look_at_names(role);
    look_at_session(role);
    look_at_ambiguity(role);
  }
  look_at_strangers();
}

void RoleLint::look_at_subject(std::uint32_t role) {
  const std::vector<PredicateSource>& conditions = gate_.source->roles[role].predicates;
  const auto tests_positively = [](const PredicateSource& one) { return tests_claim(one) && !is_negative(one.kind); };
  if (std::any_of(conditions.begin(), conditions.end(), tests_positively)) return;
  const Finding found = ask(role, {});
  if (found.verdict != Verdict::kFound) return;
  const bool negatively = std::any_of(conditions.begin(), conditions.end(), tests_claim);
  add(role, negatively ? "M7" : "M1", LintSeverity::kBlocking,
      negatively ? "only what a token is not is asked: whoever is none of it gets the role; ask for what it is"
                 : "no claim is asked for: every token of the issuer gets the role; ask for its subject",
      &found.point);
}

void RoleLint::look_at_issuer(std::uint32_t role) {
  if (gate_.source->issuers.size() < 2) return;
  const std::vector<PredicateSource>& conditions = gate_.source->roles[role].predicates;
  const auto pins = [](const PredicateSource& one) {
    return one.kind == PredicateKind::kIssuerIn || (one.kind == PredicateKind::kTextIn && one.subject.value == "iss");
  };
  if (std::any_of(conditions.begin(), conditions.end(), pins)) return;
  const Finding found = ask(role, {});
  if (found.verdict != Verdict::kFound) return;
  add(role, "M3", LintSeverity::kBlocking,
      "the Gate has several issuers and the mapping names none: a claim of one issuer means nothing of another; "
      "add \"issuers\"",
      &found.point);
}

void RoleLint::look_at_names(std::uint32_t role) {
  const std::vector<PredicateSource>& conditions = gate_.source->roles[role].predicates;
  const auto asks = [&](std::string_view claim) {
    return std::any_of(conditions.begin(), conditions.end(),
                       [&](const PredicateSource& one) { return tests_claim(one) && one.subject.value == claim; });
  };
  for (const MutableName& name : kMutableNames) {
    if (!asks(name.claim) || asks(name.lasting)) continue;
    add(role, "M10", LintSeverity::kBlocking,
        "the claim " + std::string(name.claim) + " is a name that can be given up and taken by others; ask for " +
            std::string(name.lasting) + " as well",
        nullptr);
  }
  for (const std::string_view claim : kWritable) {
    if (!asks(claim) || (claim == "email" && asks("email_verified"))) continue;
    add(role, "M12", LintSeverity::kBlocking,
        "whoever holds the token can choose the claim " + std::string(claim) +
            (claim == "email" ? "; ask for email_verified as well" : "; ask for one that the issuer sets"),
        nullptr);
  }
}

void RoleLint::look_at_session(std::uint32_t role) {
  const RoleSource& source = gate_.source->roles[role];
  if (!source.session_name.is_claim) {
    add(role, "M19", LintSeverity::kWarning,
        "every session is named " + quote(source.session_name.value.value) +
            ": the log of AWS does not tell who it was; take the name from a claim",
        nullptr);
  }
  constexpr std::uint32_t kUsual_s = 3600;
  if (source.duration_s > kUsual_s) {
    add(role, "M20", LintSeverity::kWarning,
        "sessions of up to " + std::to_string(source.duration_s) +
            " s outlive most tokens' purpose; 3600 s do for most",
        nullptr);
  }
}

/// Somebody for whom two mappings match is refused, which shows only when it happens.
void RoleLint::look_at_ambiguity(std::uint32_t role) {
  Selection selection;
  selection.roles = {role};
  const Formula formula = Formula::all({permitted(kGate), Formula::group(group_of(kGate, Part::kAskedRole)),
                                        Formula::group(group_of(kGate, Part::kTwoRoles))});
  const Finding found = solver_.find({formula, {std::move(selection)}, {}, {}});
  if (found.verdict != Verdict::kFound) return;
  const Text& id = gate_.source->roles[role].id;
  LintFinding finding{
      "M13",
      LintSeverity::kBlocking,
      "role",
      id.value,
      gate_.lines.place(id.offset),
      "another mapping matches as well for some requests, which are refused then (ROLE_AMBIGUOUS); make "
      "them exclude one another",
      {},
      {}};
  if (show(gate_, found.point, Effect::kDeny, finding)) lint_.findings.push_back(std::move(finding));
}

void RoleLint::look_at_strangers() {
  for (const Stranger& stranger : strangers_) {
    const Finding found = ask(stranger.role, {Formula::group(kFreeGroup)}, {{kFreeGroup, {{stranger.is_text, false}}}});
    if (found.verdict == Verdict::kFound) {
      add(stranger.role, stranger.name, stranger.severity, stranger.message, &found.point);
    }
  }
}

}  // namespace ostiary::policy::analysis
