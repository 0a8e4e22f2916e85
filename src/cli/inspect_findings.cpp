#include "inspect_parts.hpp"
#include "output.hpp"

#include <ostiary/core/result.hpp>
#include <ostiary/http/finding.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>

namespace ostiary::cli {

std::string_view disposition_name(Disposition disposition) {
  switch (disposition) {
    case Disposition::kFlag: return "flag";
    case Disposition::kShape: return "shape";
    case Disposition::kReject: return "reject";
  }
  return {};
}

Json rules_json(const RuleSet& rules) {
  Json names = Json::array();
  for (const FindingRule& rule : kFindingRules) {
    if (rules.has(rule.reason)) names.push_back(reason_info(rule.reason).name);
  }
  return names;
}

std::string listed_rules(const RuleSet& rules) {
  std::string names;
  for (const FindingRule& rule : kFindingRules) {
    if (rules.has(rule.reason)) names += (names.empty() ? "" : ", ") + std::string(reason_info(rule.reason).name);
  }
  return names;
}

Json findings_json(const std::vector<Finding>& findings) {
  Json list = Json::array();
  for (const Finding& finding : findings) {
    const ReasonInfo& info = reason_info(finding.reason);
    Json json;
    json["reason"] = reason_json(finding.reason);
    json["offset"] = finding.offset;
    json["disposition"] = disposition_name(finding.disposition);
    json["clause"] = info.clause.empty() ? Json() : Json(info.clause);
    json["text"] = info.text;
    list.push_back(std::move(json));
  }
  return list;
}

std::string findings_table(const std::vector<Finding>& findings) {
  if (findings.empty()) return {};
  Table table({{"offset", true}, {"finding"}, {"number", true}, {"disposition"}, {"clause"}, {"meaning"}});
  for (const Finding& finding : findings) {
    const ReasonInfo& info = reason_info(finding.reason);
    const Tone tone = finding.disposition == Disposition::kReject ? Tone::kBad : Tone::kPlain;
    table.add({{std::to_string(finding.offset)},
               {std::string(info.name), tone},
               {std::to_string(static_cast<std::int32_t>(info.reason))},
               {std::string(disposition_name(finding.disposition)), tone},
               {std::string(info.clause)},
               {std::string(info.text)}});
  }
  return table.text();
}

}  // namespace ostiary::cli
