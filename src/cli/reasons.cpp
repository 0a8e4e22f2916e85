// `ostiary reasons`: the registry of outcomes, and the rules of the inspector.
#include "commands.hpp"
#include "inspect_parts.hpp"
#include "output.hpp"

#include <ostiary/core/reason.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/finding.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace ostiary::cli {

namespace {

[[nodiscard]] Json reasons_json() {
  Json reasons = Json::array();
  for (const ReasonInfo& info : kReasons) {
    Json reason = reason_json(info.reason);
    reason["class"] = reason_class_name(info.reason_class);
    reason["http_status"] = info.http_status;
    reason["clause"] = info.clause.empty() ? Json() : Json(info.clause);
    reason["text"] = info.text;
    reasons.push_back(std::move(reason));
  }
  return {{"reasons", std::move(reasons)}};
}

[[nodiscard]] std::string reasons_table() {
  Table table({{"number", true}, {"name"}, {"class"}, {"status", true}, {"clause"}, {"meaning"}});
  for (const ReasonInfo& info : kReasons) {
    table.add({{std::to_string(static_cast<std::int32_t>(info.reason))},
               {std::string(info.name)},
               {std::string(reason_class_name(info.reason_class))},
               {std::to_string(info.http_status)},
               {std::string(info.clause)},
               {std::string(info.text)}});
  }
  return table.text();
}

[[nodiscard]] Json rule_registry_json() {
  Json rules = Json::array();
  for (const FindingRule& rule : kFindingRules) {
    const ReasonInfo& info = reason_info(rule.reason);
    Json json;
    json["reason"] = reason_json(rule.reason);
    json["disposition"] = disposition_name(rule.disposition);
    json["waivable"] = rule.waivable;
    json["lenses"] = rule.lenses;
    json["doors"] = Json::array();
    if (rule.bytes_door) json["doors"].push_back("bytes");
    if (rule.fields_door) json["doors"].push_back("fields");
    json["clause"] = info.clause.empty() ? Json() : Json(info.clause);
    json["text"] = info.text;
    rules.push_back(std::move(json));
  }
  return {{"rules", std::move(rules)}};
}

[[nodiscard]] std::string joined(std::string_view first, std::string_view second) {
  return std::string(first) + (first.empty() || second.empty() ? "" : ", ") + std::string(second);
}

[[nodiscard]] std::string rule_registry_table() {
  Table table({{"number", true}, {"rule"}, {"disposition"}, {""}, {"doors"}, {"clause"}, {"meaning"}});
  for (const FindingRule& rule : kFindingRules) {
    const ReasonInfo& info = reason_info(rule.reason);
    table.add({{std::to_string(static_cast<std::int32_t>(info.reason))},
               {std::string(info.name)},
               {std::string(disposition_name(rule.disposition))},
               {joined(rule.waivable ? "waivable" : "", rule.lenses ? "lenses" : "")},
               {joined(rule.bytes_door ? "bytes" : "", rule.fields_door ? "fields" : "")},
               {std::string(info.clause)},
               {std::string(info.text)}});
  }
  return table.text();
}

}  // namespace

Exit run_reasons(const ReasonsOptions& options) {
  if (options.findings) {
    write_out(options.json ? json_text(rule_registry_json()) : rule_registry_table());
    return Exit::kYes;
  }
  write_out(options.json ? json_text(reasons_json()) : reasons_table());
  return Exit::kYes;
}

}  // namespace ostiary::cli
