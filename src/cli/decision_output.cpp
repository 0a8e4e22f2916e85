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

[[nodiscard]] Json role_json(const RoleGrant& role) {
  if (!role.present()) return nullptr;
  Json tags = Json::object();
  for (const SessionTag& tag : role.session_tags) tags[std::string(tag.key)] = tag.value;
  Json json;
  json["id"] = role.id;
  json["role_arn"] = role.role_arn;
  json["session_name"] = role.session_name;
  json["session_tags"] = std::move(tags);
  json["duration_s"] = role.duration_s;
  return json;
}

[[nodiscard]] Json nearest_json(const NearestMiss& nearest) {
  if (nearest.rule.data() == nullptr) return nullptr;
  return {{"rule", nearest.rule}, {"dimension", dimension_name(nearest.dimension)}};
}

void add_role(const RoleGrant& role, Sheet& sheet) {
  if (!role.present()) return;
  sheet.add("role", escaped(role.id) + " (" + escaped(role.role_arn) + ")");
  sheet.add("session", escaped(role.session_name) + ", " + std::to_string(role.duration_s) + " s");
  for (const SessionTag& tag : role.session_tags) {
    sheet.add("session tag", escaped(tag.key) + ": " + escaped(tag.value));
  }
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
  json["nearest"] = nearest_json(decision.nearest);
  json["role"] = role_json(decision.role);
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
  if (decision.nearest.rule.data() != nullptr) {
    sheet.add("nearest", escaped(decision.nearest.rule) + ", which fails on " +
                             std::string(dimension_name(decision.nearest.dimension)));
  }
  sheet.add("origin", shown_origin(decision, gate));
  add_role(decision.role, sheet);
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
