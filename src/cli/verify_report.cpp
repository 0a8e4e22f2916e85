#include "verify_report.hpp"

#include "output.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace ostiary::cli {

namespace {

[[nodiscard]] Json claim_json(const Identity& identity, const ClaimRecord& claim) {
  switch (claim.kind) {
    case ClaimKind::kText: return identity.text(claim.text);
    case ClaimKind::kInteger: return claim.integer;
    case ClaimKind::kBoolean: return claim.integer != 0;
    case ClaimKind::kTextSet: {
      Json elements = Json::array();
      for (std::uint32_t i = 0; i < claim.text.length; ++i) elements.push_back(identity.element(claim, i));
      return elements;
    }
    case ClaimKind::kOther: return {};
  }
  return {};
}

[[nodiscard]] std::string_view kind_name(ClaimKind kind) {
  switch (kind) {
    case ClaimKind::kText: return "text";
    case ClaimKind::kInteger: return "integer";
    case ClaimKind::kBoolean: return "boolean";
    case ClaimKind::kTextSet: return "text_set";
    case ClaimKind::kOther: return "other";
  }
  return {};
}

[[nodiscard]] std::string shown_claim(const Identity& identity, const ClaimRecord& claim) {
  switch (claim.kind) {
    case ClaimKind::kText: return escaped(identity.text(claim.text));
    case ClaimKind::kInteger: return std::to_string(claim.integer);
    case ClaimKind::kBoolean: return claim.integer != 0 ? "true" : "false";
    case ClaimKind::kTextSet: {
      std::string text;
      for (std::uint32_t i = 0; i < claim.text.length; ++i) {
        text += (i == 0 ? "" : ", ") + escaped(identity.element(claim, i));
      }
      return "[" + text + "]";
    }
    case ClaimKind::kOther: return "(of a shape that no rule can match)";
  }
  return {};
}

[[nodiscard]] Json keys_json(const VerifyReport& report) {
  Json skipped = Json::array();
  for (const KeySet::SkippedKey& key : report.skipped) {
    skipped.push_back(
        {{"index", key.index}, {"offset", key.offset}, {"reason", reason_json(key.reason)}, {"key_id", key.key_id}});
  }
  return {{"usable", report.usable_keys}, {"skipped", std::move(skipped)}};
}

[[nodiscard]] Json explanation_json(const TokenExplanation& explanation) {
  Json faults = Json::array();
  for (const Error& fault : explanation.faults) {
    const ReasonInfo& info = reason_info(fault.reason);
    faults.push_back({{"reason", reason_json(fault.reason)},
                      {"offset", fault.offset},
                      {"clause", info.clause},
                      {"text", info.text}});
  }
  return {{"faults", std::move(faults)},
          {"complete", explanation.is_complete},
          {"signature_checked", explanation.is_signature_checked}};
}

[[nodiscard]] Json verdict_json(const VerifyReport& report) {
  const Result<Identity>& verdict = report.verdict;
  Json json = {{"valid", verdict.ok()}, {"reason", reason_json(verdict.reason())}};
  if (verdict.ok()) {
    json["claims"] = Json::object();
    json["other_claims"] = Json::array();
    for (std::uint32_t i = 0; i < verdict->claim_count(); ++i) {
      const ClaimRecord claim = verdict->claim(i);
      const std::string name(verdict->text(claim.name));
      if (claim.kind == ClaimKind::kOther) json["other_claims"].push_back(name);
      if (claim.kind != ClaimKind::kOther) json["claims"][name] = claim_json(*verdict, claim);
    }
    json["scopes"] = Json::array();
    for (std::uint32_t i = 0; i < verdict->scope_count(); ++i) json["scopes"].push_back(verdict->scope(i));
  } else {
    json["offset"] = verdict.error().offset;
    json["clause"] = reason_info(verdict.reason()).clause;
    json["text"] = reason_info(verdict.reason()).text;
  }
  if (report.explanation) json["explanation"] = explanation_json(*report.explanation);
  json["keys"] = keys_json(report);
  return json;
}

[[nodiscard]] std::string shown_keys(const VerifyReport& report) {
  std::string text = std::to_string(report.usable_keys) + " usable";
  for (const KeySet::SkippedKey& key : report.skipped) {
    text += "; keys[" + std::to_string(key.index) + "] skipped: " + shown_reason(key.reason);
  }
  return text;
}

[[nodiscard]] std::string claims_table(const Identity& identity) {
  Table table({{"claim"}, {"kind"}, {"value"}});
  for (std::uint32_t i = 0; i < identity.claim_count(); ++i) {
    const ClaimRecord claim = identity.claim(i);
    table.add(
        {{escaped(identity.text(claim.name))}, {std::string(kind_name(claim.kind))}, {shown_claim(identity, claim)}});
  }
  return table.text();
}

[[nodiscard]] std::string faults_table(const TokenExplanation& explanation) {
  Table table({{"byte", true}, {"reason"}, {"clause"}, {"means"}});
  for (const Error& fault : explanation.faults) {
    const ReasonInfo& info = reason_info(fault.reason);
    table.add({{std::to_string(fault.offset)},
               {shown_reason(fault.reason), Tone::kBad},
               {std::string(info.clause)},
               {std::string(info.text)}});
  }
  return table.text();
}

[[nodiscard]] std::string_view shown_progress(const TokenExplanation& explanation) {
  if (!explanation.is_complete) return "what could be read; the rest was not asked";
  return explanation.is_signature_checked ? "every rule and the signature"
                                          : "every rule; no key was found to check the signature with";
}

[[nodiscard]] std::string refusal_text(const VerifyReport& report) {
  const ReasonInfo& info = reason_info(report.verdict.reason());
  Sheet sheet;
  sheet.add("token", "refused", Tone::kBad);
  sheet.add("reason", explained_reason(report.verdict.reason()));
  sheet.add("place", "byte " + std::to_string(report.verdict.error().offset) + " of the token");
  sheet.add("clause", std::string(info.clause));
  sheet.add("keys", shown_keys(report));
  if (!report.explanation) return sheet.text();
  sheet.add("asked", std::string(shown_progress(*report.explanation)));
  return sheet.text() + "\n" + faults_table(*report.explanation);
}

[[nodiscard]] std::string verdict_text(const VerifyReport& report) {
  if (!report.verdict) return refusal_text(report);
  const Identity& identity = *report.verdict;
  std::string scopes;
  for (std::uint32_t i = 0; i < identity.scope_count(); ++i) {
    scopes += (i == 0 ? "" : " ") + escaped(identity.scope(i));
  }
  Sheet sheet;
  sheet.add("token", "OK", Tone::kGood);
  sheet.add("scopes", scopes);
  sheet.add("keys", shown_keys(report));
  return sheet.text() + "\n" + claims_table(identity);
}

}  // namespace

std::string verify_report(const VerifyReport& report, bool json) {
  return json ? json_text(verdict_json(report)) : verdict_text(report);
}

}  // namespace ostiary::cli
