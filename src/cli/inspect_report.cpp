#include "inspect_report.hpp"

#include "input.hpp"
#include "inspect_parts.hpp"
#include "output.hpp"

#include <ostiary/core/result.hpp>
#include <ostiary/http/cookies.hpp>
#include <ostiary/http/inspect.hpp>
#include <ostiary/http/query.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::cli {

namespace {

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

[[nodiscard]] std::string_view scheme_name(Scheme scheme) {
  switch (scheme) {
    case Scheme::kUnknown: return {};
    case Scheme::kHttp: return "http";
    case Scheme::kHttps: return "https";
  }
  return {};
}

[[nodiscard]] std::string_view form_name(TargetForm form) {
  switch (form) {
    case TargetForm::kOrigin: return "origin";
    case TargetForm::kAbsolute: return "absolute";
    case TargetForm::kAuthority: return "authority";
    case TargetForm::kAsterisk: return "asterisk";
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

/// Null for an absent text.
[[nodiscard]] Json escaped_json(std::string_view text) { return text.data() == nullptr ? Json() : Json(escaped(text)); }

void add_target_json(const Inspected& head, Json& json) {
  const Request& request = head.inspection.request;
  json["target"] = shown_target(head);
  json["target_form"] = form_name(request.form);
  json["authority"] = escaped_json(request.authority.in(request.head));
  json["path"] = request.path.data() == nullptr ? Json() : Json(shown_path(request.path, head.show_values));
  json["raw_path"] = request.raw_path.present() ? Json(shown_raw_path(head)) : Json();
  json["ambiguous_path"] = request.ambiguous_path;
  json["lenses"] = lenses_json(head);
  json["query"] = request.query.present() ? Json(shown_query(head)) : Json();
  json["parameters"] = parameters_json(head);
  json["parameters_reason"] = reason_json(judge_parameters(request).reason);
}

void add_request_json(const Inspected& head, Json& json) {
  const Request& request = head.inspection.request;
  json["head_size"] = head.inspection.head_size;
  json["method"] = method_name(request);
  json["version"] = std::string(version_name(request.version));
  json["scheme"] = request.scheme == Scheme::kUnknown ? Json() : Json(scheme_name(request.scheme));
  add_target_json(head, json);
  json["host"] = escaped(request.host);
  json["port"] = request.port == 0 ? Json() : Json(request.port);
  json["framing"] = framing_name(request.framing);
  json["content_length"] = request.framing == Framing::kContentLength ? Json(request.content_length) : Json();
  json["fields"] = fields_json(head);
  json["underscore_names"] = request.underscore_names;
  json["cookies"] = cookies_json(head);
  const Span nameless = first_nameless_cookie(request);
  json["nameless_cookie_offset"] = nameless.present() ? Json(nameless.offset) : Json();
  json["authorization"] = authorization_json(request);
  json["client"] = client_json(head.client);
  json["to_waive"] = rules_json(request.to_waive);
}

[[nodiscard]] std::string shown_framing(const Request& request) {
  const std::string name(framing_name(request.framing));
  return request.framing == Framing::kContentLength ? name + " " + std::to_string(request.content_length) : name;
}

/// Rules that the door cannot see: nobody reads a list of a dozen names before every request.
[[nodiscard]] std::string shown_unseen(const RuleSet& unseen) {
  const std::size_t count = rules_json(unseen).size();
  return std::to_string(count) + (count == 1 ? " rule" : " rules") + ", listed by --json";
}

void add_target_lines(const Inspected& head, Sheet& sheet) {
  const Request& request = head.inspection.request;
  sheet.add("target", shown_target(head));
  sheet.add("form", std::string(form_name(request.form)));
  if (request.authority.present()) sheet.add("authority", escaped(request.authority.in(request.head)));
  sheet.add("path", shown_path(request.path, head.show_values));
  const bool rewritten = request.raw_path.present() && request.raw_path.in(request.head) != request.path;
  if (rewritten) sheet.add("raw path", shown_raw_path(head));
  sheet.add("query", shown_query(head));
}

[[nodiscard]] std::string request_sheet(const Inspected& head) {
  const Request& request = head.inspection.request;
  Sheet sheet;
  sheet.add("verdict", "complete, a head of " + std::to_string(head.inspection.head_size) + " bytes", Tone::kGood);
  sheet.add("method", std::string(method_name(request)));
  add_target_lines(head, sheet);
  sheet.add("host", escaped(request.host));
  sheet.add("port", request.port == 0 ? std::string() : std::to_string(request.port));
  sheet.add("scheme", std::string(scheme_name(request.scheme)));
  sheet.add("version", std::string(version_name(request.version)));
  sheet.add("framing", shown_framing(request));
  sheet.add("client", shown_client(head.client));
  if (const std::string shown = shown_authorization(request); !shown.empty()) sheet.add("authorization", shown);
  if (const std::string rules = listed_rules(request.to_waive); !rules.empty()) sheet.add("to waive", rules);
  sheet.add("unseen", shown_unseen(head.inspection.unseen));
  return sheet.text();
}

[[nodiscard]] std::string refusal_sheet(const Inspected& head) {
  const Finding& finding = head.inspection.finding;
  Sheet sheet;
  sheet.add("verdict", std::string(progress_name(head.inspection.progress)), Tone::kBad);
  sheet.add("reason", explained_reason(finding.reason));
  sheet.add("place", shown_place(head.bytes, finding.offset));
  sheet.add("clause", std::string(reason_info(finding.reason).clause));
  return sheet.text();
}

/// The tables that have rows, with an empty line before each.
[[nodiscard]] std::string joined_tables(const std::vector<std::string>& tables) {
  std::string text;
  for (const std::string& table : tables) text += table.empty() ? std::string() : "\n" + table;
  return text;
}

}  // namespace

Json inspection_json(const Inspected& head) {
  const Inspection& inspection = head.inspection;
  const bool complete = inspection.progress == Progress::kComplete;
  const std::string_view clause = reason_info(inspection.finding.reason).clause;
  Json json;
  json["verdict"] = progress_name(inspection.progress);
  json["reason"] = reason_json(inspection.finding.reason);
  json["offset"] = complete ? Json() : Json(inspection.finding.offset);
  json["clause"] = clause.empty() ? Json() : Json(clause);
  if (complete) add_request_json(head, json);
  json["findings"] = findings_json(findings_of(inspection));
  json["findings_truncated"] = inspection.request.findings_truncated;
  json["unseen"] = rules_json(inspection.unseen);
  return json;
}

std::string inspection_text(const Inspected& head) {
  std::vector<Finding> findings = findings_of(head.inspection);
  const std::string truncated =
      head.inspection.request.findings_truncated ? "(and more findings than are kept)\n" : std::string();
  if (head.inspection.progress != Progress::kComplete) {
    return refusal_sheet(head) + joined_tables({findings_table(findings)}) + truncated;
  }
  const ClientAddress& client = head.client;
  findings.insert(findings.end(), client.findings.begin(), client.findings.begin() + client.finding_count);
  return request_sheet(head) +
         joined_tables({lenses_table(head), fields_table(head), parameters_table(head), cookies_table(head),
                        findings_table(findings)}) +
         truncated;
}

std::string shown_refusal(const Inspected& head) {
  const Finding& finding = head.inspection.finding;
  return std::string(progress_name(head.inspection.progress)) + " at " + shown_place(head.bytes, finding.offset) +
         ": " + explained_reason(finding.reason);
}

}  // namespace ostiary::cli
