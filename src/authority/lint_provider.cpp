#include "authority/lint_provider.hpp"

#include "policy/quote.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ostiary::authority {

namespace {

using policy::quote;

/// Claims that hold a name which may pass to somebody else, and the ones that never do.
constexpr std::string_view kImmutableClaims[] = {"repository_id", "enterprise_id"};

[[nodiscard]] bool is_immutable_claim(std::string_view name) {
  return std::find(std::begin(kImmutableClaims), std::end(kImmutableClaims), name) != std::end(kImmutableClaims);
}

/// What somebody else's token says in a claim about its holder.
[[nodiscard]] std::string strange_value(const KnownIssuer& issuer, std::string_view claim) {
  if (claim == "sub") return std::string(issuer.stranger);
  if (claim == "aud") return std::string(issuer.strange_audience);
  if (claim == "repository") return "stranger/app";
  return "1000000001";
}

[[nodiscard]] bool is_lax(const Condition& condition) {
  return condition.test.quantifier == Quantifier::kAllValues || condition.test.if_exists;
}

}  // namespace

void ProviderLint::run() {
  collect();
  judge_lax();
  judge_audience();
  if (judge_stranger()) return;
  judge_pull_requests();
}

void ProviderLint::collect() {
  for (const Condition& condition : statement_.conditions) {
    const KeyView key = view_key(condition.key.value, asker_);
    if (key.sight != KeyView::Sight::kClaim) continue;
    tested_.push_back({&condition, *find_claim(issuer_, key.claim)});
  }
}

/// A subject that reads well, where the question leaves it open and the policy takes it.
Answer ProviderLint::ask(std::vector<Demand> demands) {
  const bool is_open = std::none_of(demands.begin(), demands.end(), [](const Demand& d) { return d.claim == "sub"; });
  for (const std::string& subject : is_open ? plain_subjects() : std::vector<std::string>{}) {
    std::vector<Demand> more = demands;
    more.push_back({"sub", text_value(subject)});
    Answer answer = ask_admitted(document_, asker_, &statement_, more, budget_);
    if (answer.truth == Truth::kYes) return answer;
  }
  return ask_admitted(document_, asker_, &statement_, demands, budget_);
}

std::vector<std::string> ProviderLint::plain_subjects() const {
  for (const Tested& tested : tested_) {
    if (tested.claim.name != "sub" || !is_strict(tested)) continue;
    const std::vector<Element> list = elements(tested, issuer_);
    if (!list.empty()) return {plain_subject(issuer_, list.front().glob)};
  }
  return {std::string(issuer_.stranger)};
}

void ProviderLint::report_if_admitted(Draft draft, std::vector<Demand> demands) {
  Answer answer = ask(std::move(demands));
  if (answer.truth != Truth::kNo) report_(std::move(draft), std::move(answer));
}

bool ProviderLint::is_strict(const Tested& tested) const {
  const Condition& condition = *tested.condition;
  return condition.test.is_text() && !condition.test.negated && !is_lax(condition);
}

const ProviderLint::Tested* ProviderLint::first_of(ClaimRole role) const {
  const auto found =
      std::find_if(tested_.begin(), tested_.end(), [&](const Tested& t) { return t.claim.role == role; });
  return found == tested_.end() ? nullptr : &*found;
}

const KnownIssuer& ProviderLint::shape_of(const KnownClaim& claim) const {
  return claim.name == "repository" ? repository_shape() : issuer_;
}

/// A condition that holds where the claim is absent tests nothing of a token without it.
void ProviderLint::judge_lax() {
  for (const Tested& tested : tested_) {
    if (!is_lax(*tested.condition) || tested.claim.role == ClaimRole::kOther) continue;
    const std::string claim(tested.claim.name);
    report_if_admitted({"M6", true, tested.condition->name.offset,
                        quote(tested.condition->name.value) + " holds where the token has no " + quote(claim) + ".",
                        "Test it with StringEquals or StringLike, without ForAllValues and IfExists."},
                       {{claim, Value{}}});
  }
}

void ProviderLint::judge_audience() {
  const KnownClaim* const audience = find_claim(issuer_, "aud");
  if (audience->role != ClaimRole::kAudience) return;
  const auto tests_it = [](const Tested& tested) { return tested.claim.name == "aud"; };
  const auto test = std::find_if(tested_.begin(), tested_.end(), tests_it);
  const bool is_tested = test != tested_.end();
  Answer answer = ask({{"aud", text_value(std::string(issuer_.strange_audience))}});
  if (answer.truth != Truth::kNo) {
    report_({"M2", true, is_tested ? test->condition->key.offset : statement_.offset,
             is_tested ? "The audience may be any." : "The audience is not tested.",
             "Compare " + quote(asker_.provider + ":aud") + " with StringEquals and the audience made for this role."},
            std::move(answer));
    return;
  }
  for (const Tested& tested : tested_) {
    if (tests_it(tested) && is_strict(tested)) judge_audience_patterns(*tested.condition);
  }
}

void ProviderLint::judge_audience_patterns(const Condition& condition) {
  for (std::size_t i = 0; i < condition.values.size(); ++i) {
    const Text& value = condition.values[i];
    const std::optional<Glob>& glob = condition.globs[i];
    if (!glob || glob->is_literal()) continue;
    const KnownIssuer& nothing_known = known_issuers().back();
    report_if_admitted({"M2", true, value.offset, "The audience is tested with a wildcard: " + quote(value.value) + ".",
                        "Write the whole audience, with StringEquals."},
                       {{"aud", text_value(stray_subject(nothing_known, *glob, Fault::kTenant))}});
  }
}

std::vector<Demand> ProviderLint::stranger() const {
  std::vector<Demand> demands{{"sub", text_value(strange_value(issuer_, "sub"))}};
  for (const Tested& tested : tested_) {
    const std::string_view name = tested.claim.name;
    const bool is_there = std::any_of(demands.begin(), demands.end(), [&](const Demand& d) { return d.claim == name; });
    if (tested.claim.role != ClaimRole::kSubject || is_there) continue;
    demands.push_back({std::string(name), text_value(strange_value(issuer_, name))});
  }
  return demands;
}

/// Whether anybody at all comes in. What is wrong with patterns in particular is told first.
bool ProviderLint::judge_stranger() {
  bool told = false;
  for (const Tested& tested : tested_) {
    if (tested.claim.role == ClaimRole::kSubject && is_strict(tested)) told = judge_patterns(tested) || told;
  }
  const Answer answer = ask(stranger());
  if (answer.truth == Truth::kNo) {
    for (const Tested& tested : tested_) {
      if (issuer_.has_immutable && tested.claim.role == ClaimRole::kSubject && is_strict(tested)) judge_names(tested);
    }
    return false;
  }
  report_stranger(answer, told);
  return true;
}

void ProviderLint::report_stranger(const Answer& answer, bool told) {
  const auto is_subject = [](const Tested& tested) { return tested.claim.role == ClaimRole::kSubject; };
  const auto subject = std::find_if(tested_.begin(), tested_.end(), is_subject);
  if (subject == tested_.end()) return report_untested(answer);
  const auto negated = std::find_if(tested_.begin(), tested_.end(), [&](const Tested& tested) {
    return is_subject(tested) && tested.condition->test.negated;
  });
  const auto strict = std::find_if(tested_.begin(), tested_.end(),
                                   [&](const Tested& tested) { return is_subject(tested) && is_strict(tested); });
  if (strict != tested_.end()) {
    if (told) return;
    report_({"M1", true, strict->condition->key.offset,
             "Whether " + quote(strict->condition->key.value) + " keeps anybody out is not proved.",
             "Compare it with constants."},
            answer);
  } else if (negated != tested_.end()) {
    report_({"M7", true, negated->condition->name.offset,
             quote(negated->condition->name.value) + " is the only test of who comes: all others come in.",
             "Say who may come in, with StringEquals or StringLike."},
            answer);
  } else {
    report_untested(answer);
  }
}

void ProviderLint::report_untested(const Answer& answer) {
  const std::string subject = quote(asker_.provider + ":sub");
  const Tested* const weak = first_of(ClaimRole::kWeak);
  const Tested* const detail = first_of(ClaimRole::kDetail);
  if (weak != nullptr) {
    report_(
        {"M12", true, weak->condition->key.offset,
         quote(weak->claim.name) + " alone tells who comes, and whoever runs the workload, or its user, chooses it.",
         "Compare " + subject + " too."},
        answer);
  }
  // An address of mail names somebody, if not reliably.
  const bool is_mail = weak != nullptr && weak->claim.name == "email";
  if (issuer_.shared && !is_mail && (weak != nullptr || detail != nullptr)) {
    const Tested& first = weak != nullptr ? *weak : *detail;
    report_({"M3", true, first.condition->key.offset,
             "Everybody who uses " + std::string(issuer_.name) +
                 " has tokens of this issuer, and no claim that names the tenant is tested.",
             "Compare " + subject + " with the tenant and the workload that may come in."},
            answer);
  } else if (weak == nullptr) {
    report_({"M1", true, statement_.offset,
             "No claim that says who comes is tested: every token of " + std::string(issuer_.name) + " comes in.",
             "Compare " + subject + " with the identities that may come in."},
            answer);
  }
  if (another_statement_tests_subject()) {
    report_({"M9", true, statement_.offset,
             "Another statement tests who comes and this one does not, so that its test keeps nobody out.",
             "Give this statement the same conditions, or remove it."},
            answer);
  }
}

bool ProviderLint::another_statement_tests_subject() const {
  const auto tests = [&](const Condition& condition) {
    const KeyView key = view_key(condition.key.value, asker_);
    if (key.sight != KeyView::Sight::kClaim || !condition.test.is_text()) return false;
    return find_claim(issuer_, key.claim)->role == ClaimRole::kSubject;
  };
  return std::any_of(document_.statements.begin(), document_.statements.end(), [&](const Statement& other) {
    return &other != &statement_ && other.allow && concerns(other, asker_) &&
           std::any_of(other.conditions.begin(), other.conditions.end(), tests);
  });
}

std::vector<ProviderLint::Element> ProviderLint::elements(const Tested& tested, const KnownIssuer& shape) const {
  std::vector<Element> list;
  const Condition& condition = *tested.condition;
  for (std::size_t i = 0; i < condition.globs.size(); ++i) {
    if (condition.globs[i])
      list.push_back({&condition.values[i], *condition.globs[i], view_pattern(shape, *condition.globs[i])});
  }
  return list;
}

bool ProviderLint::judge_patterns(const Tested& tested) {
  const bool has_shape = tested.claim.name == "sub" || tested.claim.name == "repository";
  const KnownIssuer& shape = has_shape ? shape_of(tested.claim) : known_issuers().back();
  const std::vector<Element> list = elements(tested, shape);
  const bool some_are_clean =
      std::any_of(list.begin(), list.end(), [](const Element& one) { return one.view.fault == Fault::kNone; });
  bool told = false;
  for (const Element& element : list) {
    if (element.view.fault != Fault::kNone) told = judge_element(tested, element, shape, some_are_clean) || told;
  }
  return told;
}

bool ProviderLint::judge_element(const Tested& tested, const Element& element, const KnownIssuer& shape,
                                 bool others_are_clean) {
  const std::string value = quote(element.value->value);
  const Fault fault = element.view.fault;
  Draft draft{"M1", true, element.value->offset, value + " is every subject.",
              "Write the tenant and the workload that may come in."};
  if (fault == Fault::kTenant) {
    draft.id = "M4";
    draft.problem = "A wildcard in " + value + " stands where the subject names the tenant.";
    draft.change = "Write the tenant out; leave wildcards to whole parts behind it.";
  } else if (fault == Fault::kCrossing) {
    draft.id = "M5";
    draft.problem = "The wildcard in " + value + " also takes other names that begin so, or further parts.";
    draft.change = "End the part with its delimiter before the wildcard, or list the whole subjects.";
  } else if (fault == Fault::kTemplate) {
    // Only where the issuer lets its users make their own subjects is that more than a mistake.
    if (!issuer_.has_immutable) return false;
    draft.id = "M12";
    draft.problem = value + " is no subject as " + std::string(issuer_.name) +
                    " makes them by itself; what is in a customised one, others decide.";
    draft.change = "Use the issuer's own form, which begins with " + quote(shape.subject_prefix) + ".";
  }
  const std::string stray =
      fault == Fault::kTemplate ? plain_subject(shape, element.glob) : stray_subject(shape, element.glob, fault);
  const Answer answer = ask({{std::string(tested.claim.name), text_value(stray)}});
  if (answer.truth == Truth::kNo) return false;
  report_(draft, answer);
  if (!others_are_clean || fault == Fault::kTemplate) return true;
  report_({"M8", true, element.value->offset, value + " is broader than the other values of its list.",
           "Make it as narrow as they are, or remove it: the values are joined by \"or\"."},
          answer);
  return true;
}

/// GitHub gives numbers besides names, which pass to nobody else.
void ProviderLint::judge_names(const Tested& tested) {
  const bool is_pinned = std::any_of(tested_.begin(), tested_.end(), [&](const Tested& other) {
    return is_immutable_claim(other.claim.name) && is_strict(other);
  });
  if (is_immutable_claim(tested.claim.name)) return;
  const std::vector<Element> list = elements(tested, shape_of(tested.claim));
  const bool has_immutable =
      std::any_of(list.begin(), list.end(), [](const Element& one) { return one.view.is_immutable; });
  for (const Element& element : list) {
    if (tested.claim.name == "sub") {
      judge_name(element, has_immutable, is_pinned);
    } else if (!is_pinned) {
      report_if_admitted(
          {"M10", true, element.value->offset,
           quote(element.value->value) + " is a name, which can pass to somebody else.",
           "Compare \"repository_id\" as well, or instead."},
          {{std::string(tested.claim.name), text_value(plain_subject(repository_shape(), element.glob))}});
    }
  }
}

void ProviderLint::judge_name(const Element& element, bool has_immutable_sibling, bool is_pinned) {
  const std::string value = quote(element.value->value);
  if (element.view.fault == Fault::kTemplate || element.view.is_immutable) return;
  if (!is_pinned && element.view.has_tenant) {
    report_if_admitted(
        {"M10", true, element.value->offset,
         value + " consists of names; who gets them after a rename or a removal comes in.",
         "Compare \"repository_id\" as well, or use the subject with numbers, \"repo:OWNER@ID/NAME@ID:...\"."},
        {{"sub", text_value(plain_subject(issuer_, element.glob))}});
  }
  if (const auto immutable = immutable_subject(issuer_, element.glob)) {
    report_if_admitted({"M11", true, element.value->offset,
                        "The wildcard in " + value + " takes the subjects with numbers too, of whoever has them.",
                        "Write one value for each of the two forms, without a wildcard in owner and name."},
                       {{"sub", text_value(*immutable)}});
  } else if (!has_immutable_sibling && element.view.has_tenant) {
    report_({"M11", false, element.value->offset,
             value + " is not what new, renamed and transferred repositories have: their subjects carry numbers.",
             "List the subject with numbers, \"repo:OWNER@ID/NAME@ID:...\", beside it."},
            {Truth::kYes, {}});
  }
}

void ProviderLint::judge_pull_requests() {
  if (issuer_.pull_request.empty()) return;
  bool has_subject = false;
  for (const Tested& tested : tested_) {
    if (tested.claim.name != "sub" || !is_strict(tested)) continue;
    has_subject = true;
    for (const Element& element : elements(tested, issuer_)) {
      const auto subject = pull_request_subject(issuer_, element.glob);
      if (subject) report_pull_request(element.value->offset, *subject);
    }
  }
  if (!has_subject) report_pull_request(statement_.offset, "repo:owner/name" + std::string(issuer_.pull_request));
}

/// Jobs in an environment have another subject, and the ref of a pull request is no branch.
void ProviderLint::report_pull_request(std::uint32_t offset, const std::string& subject) {
  report_if_admitted(
      {"M18", false, offset, "Jobs that run for pull requests come in.",
       "Name branches, tags or environments, or see that the role only reads."},
      {{"sub", text_value(subject)}, {"ref", text_value("refs/pull/1/merge")}, {"environment", Value{}}});
}

}  // namespace ostiary::authority
