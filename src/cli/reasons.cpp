// `ostiary reasons`: the registry of outcomes.
#include "commands.hpp"
#include "output.hpp"

#include <ostiary/core/reason.hpp>

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

}  // namespace

Exit run_reasons(const ReasonsOptions& options) {
  write_out(options.json ? json_text(reasons_json()) : reasons_table());
  return Exit::kYes;
}

}  // namespace ostiary::cli
