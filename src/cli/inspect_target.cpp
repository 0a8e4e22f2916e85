#include "inspect_parts.hpp"
#include "output.hpp"
#include "secrets.hpp"

#include <ostiary/core/memory.hpp>
#include <ostiary/http/query.hpp>
#include <ostiary/http/request.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <vector>

namespace ostiary::cli {

namespace {

[[nodiscard]] std::string decoded(std::string_view raw, PlusSign plus = PlusSign::kPlus) {
  std::vector<std::byte> memory(raw.size());
  Arena scratch(memory);
  const Result<std::string_view> text = decode_parameter(raw, plus, scratch);
  return std::string(text ? *text : raw);
}

/// A parameter, and how much of it may be shown.
struct ShownParameter {
  std::string_view raw_name;
  std::string_view raw_value;  ///< absent without an equals sign
  std::string name;            ///< decoded
  bool secret_name = false;
  bool secret_value = false;
};

[[nodiscard]] ShownParameter judged(const Request& request, const Parameter& parameter) {
  ShownParameter shown;
  shown.raw_name = parameter.name.in(request.head);
  shown.raw_value = parameter.value.in(request.head);
  shown.name = decoded(shown.raw_name);
  shown.secret_name = holds_token(shown.name);
  shown.secret_value = shown.secret_name || is_secret_name(shown.name) || holds_token(decoded(shown.raw_value));
  return shown;
}

[[nodiscard]] std::string text_of(std::string_view text, bool hidden) {
  return hidden ? size_only(text.size()) : escaped(text);
}

/// Null for an absent text, and for one that is hidden.
[[nodiscard]] Json json_of(std::string_view text, bool hidden) {
  return hidden || text.data() == nullptr ? Json() : Json(escaped(text));
}

[[nodiscard]] Json parameter_json(const Inspected& head, const Parameter& parameter) {
  const Request& request = head.inspection.request;
  const ShownParameter shown = judged(request, parameter);
  const bool hides_name = shown.secret_name && !head.show_values;
  const bool hides_value = shown.secret_value && !head.show_values;
  Json json;
  json["name"] = json_of(shown.name, hides_name);
  json["value"] = shown.raw_value.data() == nullptr ? Json() : json_of(decoded(shown.raw_value), hides_value);
  json["value_of_form"] =
      shown.raw_value.data() == nullptr ? Json() : json_of(decoded(shown.raw_value, PlusSign::kSpace), hides_value);
  json["raw_name"] = json_of(shown.raw_name, hides_name);
  json["raw_value"] = json_of(shown.raw_value, hides_value);
  json["has_value"] = parameter.has_value();
  json["offset"] = parameter.name.offset;
  json["secret"] = shown.secret_value;
  json["reason"] = reason_json(find_parameter(request, shown.name).reason());
  return json;
}

}  // namespace

std::string shown_path(std::string_view path, bool show_values) {
  return text_of(path, !show_values && holds_token(decoded(path)));
}

std::string shown_raw_path(const Inspected& head) {
  const Request& request = head.inspection.request;
  return shown_path(request.raw_path.in(request.head), head.show_values);
}

std::string shown_query(const Inspected& head) {
  const Request& request = head.inspection.request;
  if (!request.query.present()) return {};
  std::string text;
  std::uint32_t shown_to = request.query.offset;
  for (const Parameter& parameter : parameters(request)) {
    const ShownParameter shown = judged(request, parameter);
    const auto add = [&](Span part, bool secret) {
      text += escaped(request.head.substr(shown_to, part.offset - shown_to));
      text += text_of(part.in(request.head), secret && !head.show_values);
      shown_to = part.offset + part.length;
    };
    add(parameter.name, shown.secret_name);
    if (parameter.has_value()) add(parameter.value, shown.secret_value);
  }
  return text + escaped(request.head.substr(shown_to, request.query.offset + request.query.length - shown_to));
}

std::string shown_target(const Inspected& head) {
  const Request& request = head.inspection.request;
  const std::uint32_t end = request.target.offset + request.target.length;
  const std::uint32_t query = request.query.present() ? request.query.offset - 1 : end;
  const std::uint32_t path = request.raw_path.present() ? request.raw_path.offset : query;
  std::string text = escaped(request.head.substr(request.target.offset, path - request.target.offset));
  text += shown_path(request.head.substr(path, query - path), head.show_values);
  return request.query.present() ? text + "?" + shown_query(head) : text;
}

Json parameters_json(const Inspected& head) {
  const Request& request = head.inspection.request;
  Json list = Json::array();
  if (judge_parameters(request).reason != Reason::kOk) return list;
  for (const Parameter& parameter : parameters(request)) list.push_back(parameter_json(head, parameter));
  return list;
}

std::string parameters_table(const Inspected& head) {
  const Request& request = head.inspection.request;
  const Error fault = judge_parameters(request);
  if (fault.reason != Reason::kOk) return "parameters: " + explained_reason(fault.reason) + "\n";
  Table table({{"offset", true}, {"parameter"}, {"value"}, {"as sent"}, {"reason"}});
  bool any = false;
  for (const Parameter& parameter : parameters(request)) {
    any = true;
    const ShownParameter shown = judged(request, parameter);
    const std::string value = decoded(shown.raw_value);
    const bool hidden = shown.secret_value && !head.show_values;
    const bool differs = !hidden && (shown.name != shown.raw_name || value != shown.raw_value);
    const Span sent{parameter.name.offset,
                    parameter.name.length + (parameter.has_value() ? parameter.value.length + 1 : 0)};
    const Reason reason = find_parameter(request, shown.name).reason();
    const bool once = reason == Reason::kOk;
    table.add({{std::to_string(parameter.name.offset)},
               {text_of(shown.name, shown.secret_name && !head.show_values)},
               {parameter.has_value() ? text_of(value, hidden) : "-"},
               {differs ? escaped(sent.in(request.head)) : std::string()},
               {once ? std::string() : shown_reason(reason), once ? Tone::kPlain : Tone::kBad}});
  }
  return any ? table.text() : std::string();
}

}  // namespace ostiary::cli
