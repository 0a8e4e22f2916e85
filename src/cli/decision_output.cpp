#include "decision_output.hpp"

#include "exit.hpp"

#include <ostiary/core/memory.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ostiary::cli {

namespace {

[[nodiscard]] std::string shown_origin(const Decision& decision, const Gate& gate) {
  for (std::uint32_t row = 0; row < gate.header().origins.count; ++row) {
    const OriginRecord origin = gate.origin(row);
    if (decision.origin.data() == nullptr || gate.text(origin.id) != decision.origin) continue;
    return escaped(decision.origin) + " (" + escaped(gate.text(origin.scheme)) + "://" +
           escaped(gate.text(origin.host)) + ":" + std::to_string(origin.port) + ")";
  }
  return escaped(decision.origin);
}

[[nodiscard]] bool speaks_of_a_byte(Reason reason) {
  const ReasonClass reason_class = reason_info(reason).reason_class;
  return reason_class == ReasonClass::kRequest || reason_class == ReasonClass::kToken;
}

}  // namespace

std::string_view effect_name(Effect effect) {
  switch (effect) {
    case Effect::kDeny: return "deny";
    case Effect::kAllow: return "allow";
  }
  return {};
}

Json decision_json(const Decision& decision) {
  Json removed = Json::array();
  Json set = Json::array();
  for (const HeaderEdit& edit : decision.headers) {
    if (edit.kind == HeaderEditKind::kRemove) removed.push_back(edit.name);
    if (edit.kind == HeaderEditKind::kSet) set.push_back({{"name", edit.name}, {"value", edit.value}});
  }
  Json json;
  json["effect"] = effect_name(decision.effect);
  json["reason"] = reason_json(decision.reason);
  json["http_status"] = decision.http_status();
  json["offset"] = decision.offset;
  json["route"] = optional_json(decision.route);
  json["rule"] = optional_json(decision.rule);
  json["origin"] = optional_json(decision.origin);
  json["remove_headers"] = std::move(removed);
  json["set_headers"] = std::move(set);
  return json;
}

std::string decision_sheet(const Decision& decision, const Gate& gate) {
  const Tone tone = decision.allowed() ? Tone::kGood : Tone::kBad;
  Sheet sheet;
  sheet.add("effect", std::string(effect_name(decision.effect)), tone);
  sheet.add("reason", explained_reason(decision.reason));
  sheet.add("http status", std::to_string(decision.http_status()));
  if (speaks_of_a_byte(decision.reason))
    sheet.add("place", "byte " + std::to_string(decision.offset) + " of the request");
  sheet.add("route", escaped(decision.route));
  sheet.add("rule", escaped(decision.rule));
  sheet.add("origin", shown_origin(decision, gate));
  for (const HeaderEdit& edit : decision.headers) {
    const bool sets = edit.kind == HeaderEditKind::kSet;
    sheet.add(sets ? "set header" : "remove header", escaped(edit.name) + (sets ? ": " + escaped(edit.value) : ""));
  }
  return sheet.text();
}

std::string decision_image(const Decision& decision) {
  std::vector<std::byte> memory(detail::decision_image_size(decision));
  Arena arena(memory);
  const std::string_view image = encode_decision(decision, arena);
  if (image.empty()) throw Stop(Exit::kUsage, "ostiary: " + explained_reason(Reason::kUsageScratchTooSmall));
  return std::string(image);
}

}  // namespace ostiary::cli
