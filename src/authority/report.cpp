// Reports about trust policies, for people and for programs.
#include "authority/report.hpp"

#include "adapt/outline.hpp"

#include <ostiary/core/reason.hpp>

#include <string>
#include <utility>

namespace ostiary {

namespace authority {

using adapt::Outline;

std::string place_text(SourcePlace place) { return std::to_string(place.line) + ":" + std::to_string(place.column); }

void tell_place(Outline& object, SourcePlace place) {
  object.tell("line", place.line);
  object.tell("column", place.column);
}

Outline token_outline(const TokenExample& token) {
  Outline object = Outline::object();
  for (const TokenClaim& claim : token) {
    Outline list = Outline::list();
    for (const std::string& value : claim.values) list.add(value);
    object.set(claim.name, claim.is_list ? std::move(list) : Outline(claim.values.front()));
  }
  return object;
}

Outline errors_outline(const std::vector<GateError>& errors) {
  Outline list = Outline::list();
  for (const GateError& error : errors) {
    const std::string name(reason_info(error.reason).name);
    Outline object = Outline::object();
    object.title(place_text({error.line, error.column}) + ": " + name + ": " + error.message);
    tell_place(object, {error.line, error.column});
    Outline reason = Outline::object();
    reason.set("number", static_cast<std::int32_t>(error.reason));
    reason.set("name", name);
    object.tell("reason", std::move(reason));
    object.tell("message", error.message);
    list.add(std::move(object));
  }
  return list;
}

Outline unmodelled_outline(const std::vector<TrustUnmodelled>& unmodelled) {
  Outline list = Outline::list();
  for (const TrustUnmodelled& one : unmodelled) {
    Outline object = Outline::object();
    object.title(place_text(one.place) + ": " + one.reason);
    tell_place(object, one.place);
    object.tell("reason", one.reason);
    list.add(std::move(object));
  }
  return list;
}

namespace {

Outline finding_outline(const TrustFinding& finding) {
  Outline object = Outline::object();
  object.title(place_text(finding.place) + ": " + finding.id + (finding.blocking ? " blocking: " : " warning: ") +
               finding.problem + (finding.proved ? "" : " (Not proved: a condition that is not modelled decides.)"));
  object.tell("id", finding.id);
  object.tell("blocking", finding.blocking);
  object.tell("proved", finding.proved);
  tell_place(object, finding.place);
  object.tell("statement", finding.statement);
  object.tell("problem", finding.problem);
  object.set("change", finding.change);
  object.set("witness", finding.witness.empty() ? Outline() : token_outline(finding.witness));
  return object;
}

Outline lint_outline(const TrustLintReport& report) {
  std::size_t blocking = 0;
  Outline findings = Outline::list();
  for (const TrustFinding& finding : report.findings) {
    blocking += finding.blocking ? 1U : 0U;
    findings.add(finding_outline(finding));
  }
  Outline object = Outline::object();
  object.set("blocking", blocking);
  object.set("warnings", report.findings.size() - blocking);
  object.set("errors", errors_outline(report.errors));
  object.set("findings", std::move(findings));
  object.set("not_modelled", unmodelled_outline(report.unmodelled));
  return object;
}

std::string_view answer_word(TrustAnswer answer) {
  switch (answer) {
    case TrustAnswer::kAgrees: return "agrees";
    case TrustAnswer::kDiffers: return "differs";
    case TrustAnswer::kNotProved: return "not proved";
  }
  return "not proved";
}

/// `differs` is what it means when the answer is that.
Outline verdict_outline(const TrustVerdict& verdict, const char* differs) {
  Outline object = Outline::object();
  object.set("answer", answer_word(verdict.answer));
  object.set("reason", verdict.reason.empty() ? Outline() : Outline(verdict.reason));
  object.set("meaning", verdict.answer == TrustAnswer::kDiffers ? Outline(differs) : Outline());
  object.set("witness", verdict.witness.empty() ? Outline() : token_outline(verdict.witness));
  return object;
}

Outline texts_outline(const std::vector<std::string>& texts) {
  Outline list = Outline::list();
  for (const std::string& text : texts) list.add(text);
  return list;
}

Outline check_outline(const TrustRoleCheck& check) {
  Outline object = Outline::object();
  object.title(check.role_arn + " with tokens of " + check.issuer);
  object.tell("role_arn", check.role_arn);
  object.tell("issuer", check.issuer);
  object.set("mappings", texts_outline(check.mappings));
  object.set("not_seen_by_sts", texts_outline(check.unseen));
  object.set("refused",
             verdict_outline(check.refused, "the Gate maps this token to the role, and the policy refuses it"));
  object.set("around", verdict_outline(
                           check.around,
                           check.around_is_unseen
                               ? "the policy lets this token in; claims that STS does not see keep it from the mapping"
                               : "the policy lets this token in, and no mapping to the role does"));
  object.tell("around_is_unseen", check.around_is_unseen);
  return object;
}

Outline whole_check_outline(const TrustCheckReport& report) {
  Outline documents = Outline::list();
  for (const TrustDocumentErrors& one : report.document_errors) {
    Outline object = Outline::object();
    object.set("role_arn", one.role_arn);
    object.set("errors", errors_outline(one.errors));
    documents.add(std::move(object));
  }
  Outline checks = Outline::list();
  for (const TrustRoleCheck& check : report.checks) checks.add(check_outline(check));
  Outline object = Outline::object();
  object.set("agrees", report.agrees());
  object.set("gate_errors", errors_outline(report.gate_errors));
  object.set("document_errors", std::move(documents));
  object.set("checks", std::move(checks));
  object.set("unchecked", texts_outline(report.unchecked));
  return object;
}

}  // namespace

}  // namespace authority

std::string trust_check_json(const TrustCheckReport& report) { return authority::whole_check_outline(report).json(); }
std::string trust_check_text(const TrustCheckReport& report) { return authority::whole_check_outline(report).text(); }

std::string trust_lint_json(const TrustLintReport& report) { return authority::lint_outline(report).json(); }
std::string trust_lint_text(const TrustLintReport& report) { return authority::lint_outline(report).text(); }

}  // namespace ostiary
