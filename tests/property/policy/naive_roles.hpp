// docs/language.md on role mappings and identity headers, read aloud.
#pragma once

#include "property/policy/naive_conditions.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ostiary::test {

struct NaiveRole {
  std::string reason;  ///< why the request is denied; empty when it is not
  std::string id;      ///< empty when there is none
  std::string arn;
  std::string session_name;
  std::map<std::string, std::string> tags;
  std::int64_t duration = 0;

  bool operator==(const NaiveRole&) const = default;
};

inline bool naive_made_of(const std::string& text, const std::string& punctuation) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           punctuation.find(c) != std::string::npos;
  });
}

inline bool naive_session_name(const std::string& text) {
  return text.size() >= 2 && text.size() <= 64 && naive_made_of(text, "_+=,.@-");
}

inline bool naive_tag_value(const std::string& text) { return text.size() <= 256 && naive_made_of(text, " _.:/=+-@"); }

/// The text of `{"text": …}` or of the claim of `{"claim": …}`; nothing when the claim is absent or no text.
inline std::optional<std::string> naive_text(const NaiveQuestion& question, const nlohmann::json& source) {
  if (source.contains("text")) return source["text"];
  const auto claim = question.claim(source["claim"]);
  return claim && claim->is_string() ? std::optional<std::string>(*claim) : std::nullopt;
}

inline NaiveRole naive_session(const NaiveQuestion& question, const nlohmann::json& mapping) {
  const auto expires = question.claim("exp");
  if (!expires || !expires->is_number_integer()) return {.reason = "ROLE_NONE"};
  NaiveRole role{.reason = "", .id = mapping["id"], .arn = mapping["role_arn"], .session_name = "", .tags = {}};
  role.duration =
      std::min(mapping.value("duration_s", std::int64_t{3600}), expires->get<std::int64_t>() - question.request.now);
  if (role.duration <= 0) return {.reason = "ROLE_NONE"};
  const auto name = naive_text(question, mapping["session_name"]);
  if (!name || !naive_session_name(*name)) return {.reason = "ROLE_SESSION"};
  role.session_name = *name;
  for (const auto& [key, source] : naive_member(mapping, "session_tags").items()) {
    const auto value = naive_text(question, source);
    if (!value || !naive_tag_value(*value)) return {.reason = "ROLE_SESSION"};
    role.tags[key] = *value;
  }
  return role;
}

inline NaiveRole naive_role(const NaiveQuestion& question) {
  std::vector<const nlohmann::json*> matching;
  if (question.gate.contains("roles")) {
    for (const nlohmann::json& mapping : question.gate["roles"]) {
      if (question.names_route(mapping) && question.judge(mapping, true).none()) matching.push_back(&mapping);
    }
  }
  if (matching.size() > 1) return {.reason = "ROLE_AMBIGUOUS"};
  if (!matching.empty()) return naive_session(question, *matching[0]);
  return {.reason = question.route.value("role", "optional") == "required" ? "ROLE_NONE" : ""};
}

/// Whether a claim that is there is of its declared kind.
inline bool naive_as_declared(const NaiveQuestion& question, const std::string& name) {
  const auto claim = question.claim(name);
  return !claim || NaiveQuestion::of_kind(question.declared_kind(name), *claim);
}

/// What a header is set to; empty when it is only removed, nothing when the claim cannot be sent.
inline std::optional<std::string> naive_header_value(const NaiveQuestion& question, const nlohmann::json& header) {
  if (header.contains("from")) return question.request.peer;
  const auto claim = question.claim(header["claim"]);
  if (!claim) return "";
  if (!naive_as_declared(question, header["claim"])) return std::nullopt;
  std::string value;
  if (claim->is_string()) {
    value = *claim;
  } else if (claim->is_number_integer() || claim->is_boolean()) {
    value = claim->dump();
  } else if (NaiveQuestion::of_kind("text_set", *claim)) {
    for (const std::string element : *claim) {
      if (element.find(',') != std::string::npos || element.empty()) return std::nullopt;
      value += (value.empty() ? "" : ",") + element;
    }
  }
  const bool plain = std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
  if (value.empty() || value.size() > 4096 || !plain || value.front() == ' ' || value.back() == ' ')
    return std::nullopt;
  return value;
}

/// Name to value of every header that is edited, empty when it is not set; nothing when the request is denied.
inline std::optional<std::map<std::string, std::string>> naive_headers(const NaiveQuestion& question) {
  std::map<std::string, std::string> headers;
  const nlohmann::json& edits = naive_member(question.route, "headers");
  for (const auto& [name, other] : naive_member(edits, "rename").items()) headers[name] = "";
  for (const nlohmann::json* list : {&naive_member(question.gate, "identity_headers"), &naive_member(edits, "set")}) {
    for (const auto& [name, source] : list->items()) {
      const auto value = naive_header_value(question, source);
      if (!value) return std::nullopt;
      headers[name] = *value;
    }
  }
  for (const nlohmann::json& part : naive_member(question.route, "rate").value("key", nlohmann::json::array())) {
    if (part.contains("claim") && !naive_as_declared(question, part["claim"])) return std::nullopt;
  }
  return headers;
}

}  // namespace ostiary::test
