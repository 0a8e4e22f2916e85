// `ostiary inspect`: what the inspector makes of the bytes of a request head.
#include "commands.hpp"
#include "input.hpp"
#include "output.hpp"

#include <ostiary/core/limits.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/inspect.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::cli {

namespace {

// Terminals are recorded and screens are shared: of the fields that carry credentials only the size is shown.
constexpr std::array<std::string_view, 5> kSecretFields = {"authorization", "proxy-authorization", "cookie", "dpop",
                                                           "x-amz-security-token"};

[[nodiscard]] bool is_secret(std::string_view name) {
  return std::any_of(kSecretFields.begin(), kSecretFields.end(),
                     [name](std::string_view secret) { return equals_ignoring_case(name, secret); });
}

[[nodiscard]] std::string_view progress_name(Progress progress) {
  switch (progress) {
    case Progress::kRejected: return "rejected";
    case Progress::kNeedMore: return "incomplete";
    case Progress::kComplete: return "complete";
  }
  return {};
}

[[nodiscard]] std::string_view framing_name(Framing framing) {
  switch (framing) {
    case Framing::kNoBody: return "no body";
    case Framing::kContentLength: return "content-length";
    case Framing::kChunked: return "chunked";
  }
  return {};
}

[[nodiscard]] std::string_view disposition_name(Disposition disposition) {
  switch (disposition) {
    case Disposition::kFlag: return "flag";
    case Disposition::kShape: return "shape";
    case Disposition::kReject: return "reject";
  }
  return {};
}

[[nodiscard]] std::string_view method_name(const Request& request) {
  return kMethodNames[static_cast<std::size_t>(request.method)];
}

/// What was noticed, the reason for a rejection included.
[[nodiscard]] std::vector<Finding> findings_of(const Inspection& inspection) {
  const Request& request = inspection.request;
  std::vector<Finding> findings(request.findings.begin(), request.findings.begin() + request.finding_count);
  if (inspection.progress != Progress::kComplete) findings.push_back(inspection.finding);
  return findings;
}

[[nodiscard]] Json finding_json(const Finding& finding) {
  const ReasonInfo& info = reason_info(finding.reason);
  Json json;
  json["reason"] = reason_json(finding.reason);
  json["offset"] = finding.offset;
  json["disposition"] = disposition_name(finding.disposition);
  json["clause"] = info.clause.empty() ? Json() : Json(info.clause);
  json["text"] = info.text;
  return json;
}

[[nodiscard]] Json field_json(const Request& request, const Field& field) {
  const bool secret = is_secret(request.name(field));
  Json json;
  json["name"] = escaped(request.name(field));
  json["name_offset"] = field.name.offset;
  json["value"] = secret ? Json() : Json(escaped(request.value(field)));
  json["value_offset"] = field.value.offset;
  json["value_size"] = field.value.length;
  json["secret"] = secret;
  return json;
}

void add_request_json(const Inspection& inspection, Json& json) {
  const Request& request = inspection.request;
  json["head_size"] = inspection.head_size;
  json["method"] = method_name(request);
  json["version"] = std::string(version_name(request.version));
  json["target"] = escaped(request.target.in(request.head));
  json["path"] = escaped(request.path);
  json["query"] = request.query.present() ? Json(escaped(request.query.in(request.head))) : Json();
  json["host"] = escaped(request.host);
  json["port"] = request.port == 0 ? Json() : Json(request.port);
  json["framing"] = framing_name(request.framing);
  json["content_length"] = request.framing == Framing::kContentLength ? Json(request.content_length) : Json();
  json["fields"] = Json::array();
  for (const Field& field : request.fields) json["fields"].push_back(field_json(request, field));
}

[[nodiscard]] Json inspection_json(const Inspection& inspection) {
  Json json;
  json["verdict"] = progress_name(inspection.progress);
  json["reason"] = reason_json(inspection.finding.reason);
  if (inspection.progress == Progress::kComplete) add_request_json(inspection, json);
  json["findings"] = Json::array();
  for (const Finding& finding : findings_of(inspection)) json["findings"].push_back(finding_json(finding));
  json["findings_truncated"] = inspection.request.findings_truncated;
  return json;
}

[[nodiscard]] std::string shown_framing(const Request& request) {
  const std::string name(framing_name(request.framing));
  return request.framing == Framing::kContentLength ? name + " " + std::to_string(request.content_length) : name;
}

[[nodiscard]] std::string request_sheet(const Inspection& inspection) {
  const Request& request = inspection.request;
  Sheet sheet;
  sheet.add("verdict", "complete, a head of " + std::to_string(inspection.head_size) + " bytes", Tone::kGood);
  sheet.add("method", std::string(method_name(request)));
  sheet.add("target", escaped(request.target.in(request.head)));
  sheet.add("path", escaped(request.path));
  sheet.add("query", escaped(request.query.in(request.head)));
  sheet.add("host", escaped(request.host));
  sheet.add("port", request.port == 0 ? std::string() : std::to_string(request.port));
  sheet.add("version", std::string(version_name(request.version)));
  sheet.add("framing", shown_framing(request));
  return sheet.text();
}

[[nodiscard]] std::string refusal_sheet(const Inspection& inspection, std::string_view bytes) {
  Sheet sheet;
  sheet.add("verdict", std::string(progress_name(inspection.progress)), Tone::kBad);
  sheet.add("reason", explained_reason(inspection.finding.reason));
  sheet.add("place", shown_place(bytes, inspection.finding.offset));
  return sheet.text();
}

[[nodiscard]] std::string fields_table(const Request& request) {
  Table table({{"offset", true}, {"field"}, {"value"}});
  for (const Field& field : request.fields) {
    const std::string_view name = request.name(field);
    table.add({{std::to_string(field.name.offset)},
               {escaped(name)},
               {is_secret(name) ? "(" + std::to_string(field.value.length) + " bytes, not shown)"
                                : escaped(request.value(field))}});
  }
  return table.text();
}

[[nodiscard]] std::string findings_table(const std::vector<Finding>& findings) {
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

[[nodiscard]] std::string inspection_text(const Inspection& inspection, std::string_view bytes) {
  const bool complete = inspection.progress == Progress::kComplete;
  std::string text = complete ? request_sheet(inspection) : refusal_sheet(inspection, bytes);
  if (complete) text += "\n" + fields_table(inspection.request);
  const std::vector<Finding> findings = findings_of(inspection);
  if (!findings.empty()) text += "\n" + findings_table(findings);
  if (inspection.request.findings_truncated) text += "(and more findings than are kept)\n";
  return text;
}

}  // namespace

Exit run_inspect(const InspectOptions& options) {
  const Limits limits;
  // A body may follow; one byte beyond the limit is enough to see that a head is too large.
  const std::string bytes = read_input(options.file, std::size_t{limits.head_size_max} + 1, Excess::kCut);
  std::vector<std::byte> memory(inspect_scratch_size_max(limits));
  Arena scratch(memory);
  const Inspection inspection = inspect_bytes(bytes, scratch);
  write_out(options.json ? json_text(inspection_json(inspection)) : inspection_text(inspection, bytes));
  return inspection.progress == Progress::kComplete ? Exit::kYes : Exit::kNo;
}

}  // namespace ostiary::cli
