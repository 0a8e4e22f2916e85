#include "decision_output.hpp"

#include "exit.hpp"

#include <ostiary/core/memory.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
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

[[nodiscard]] std::string edit_name(HeaderEditKind kind) {
  switch (kind) {
    case HeaderEditKind::kRemove: return "remove";
    case HeaderEditKind::kSet: return "set";
    case HeaderEditKind::kAppend: return "append";
    case HeaderEditKind::kRename: return "rename";
  }
  return {};
}

[[nodiscard]] std::string shown_edit(const HeaderEdit& edit) {
  switch (edit.kind) {
    case HeaderEditKind::kRemove: return escaped(edit.name);
    case HeaderEditKind::kSet:
    case HeaderEditKind::kAppend: return escaped(edit.name) + ": " + escaped(edit.value);
    case HeaderEditKind::kRename: return escaped(edit.name) + " to " + escaped(edit.value);
  }
  return {};
}

[[nodiscard]] Json edits_json(std::span<const HeaderEdit> edits) {
  Json json = Json::array();
  for (const HeaderEdit& edit : edits) {
    Json one;
    one["do"] = edit_name(edit.kind);
    one["name"] = edit.name;
    if (edit.kind != HeaderEditKind::kRemove) one[edit.kind == HeaderEditKind::kRename ? "to" : "value"] = edit.value;
    json.push_back(std::move(one));
  }
  return json;
}

[[nodiscard]] Json sign_json(const HopSign& sign) {
  if (sign.with == HopSignature::kNone) return nullptr;
  return {{"with", hop_signature_name(sign.with)},
          {"key", optional_json(sign.key)},
          {"region", optional_json(sign.region)},
          {"service", optional_json(sign.service)}};
}

[[nodiscard]] Json hop_json(const Hop& hop) {
  Json json;
  json["shield"] = optional_json(hop.shield);
  json["sign"] = sign_json(hop.sign);
  json["connect_timeout_ms"] = hop.connect_timeout_ms;
  json["first_byte_timeout_ms"] = hop.first_byte_timeout_ms;
  json["between_bytes_timeout_ms"] = hop.between_bytes_timeout_ms;
  return json;
}

[[nodiscard]] std::string_view cache_class_name(CacheClass cache_class) {
  switch (cache_class) {
    case CacheClass::kNone: return "none";
    case CacheClass::kPrivate: return "private";
    case CacheClass::kShared: return "shared";
  }
  return {};
}

/// Keys are bytes; JSON has them in hexadecimal digits.
[[nodiscard]] Json key_json(std::string_view key) {
  if (key.data() == nullptr) return nullptr;
  return hex({reinterpret_cast<const std::uint8_t*>(key.data()), key.size()});
}

[[nodiscard]] Json cache_json(const CacheDirective& cache) {
  Json json;
  json["class"] = cache_class_name(cache.cache_class);
  json["ttl_s"] = cache.ttl_s;
  json["surrogate_keys"] = Json::array();
  for (const std::string_view key : cache.surrogate_keys) json["surrogate_keys"].push_back(key);
  json["key"] = key_json(cache.key);
  return json;
}

[[nodiscard]] Json rate_json(const RateCharge& rate) {
  if (!rate.present()) return nullptr;
  return {{"limit", rate.limit}, {"period_s", rate.period_s}, {"burst", rate.burst}, {"key", key_json(rate.key)}};
}

[[nodiscard]] std::vector<std::string_view> allowed_methods(const Answer& answer) {
  std::vector<std::string_view> methods;
  for (std::size_t i = 0; i < kMethodNames.size(); ++i) {
    if ((answer.allow_methods >> i & 1U) != 0) methods.push_back(kMethodNames[i]);
  }
  return methods;
}

[[nodiscard]] Json answer_json(const Answer& answer) {
  Json json;
  json["location"] = optional_json(answer.location);
  json["allow"] = allowed_methods(answer);
  json["retry_after_s"] = answer.retry_after_s;
  return json;
}

void add_answer(const Answer& answer, Sheet& sheet) {
  if (answer.location.data() != nullptr) sheet.add("location", escaped(answer.location));
  std::string methods;
  for (const std::string_view method : allowed_methods(answer)) {
    methods += (methods.empty() ? "" : ", ") + std::string(method);
  }
  if (!methods.empty()) sheet.add("allow", methods);
  if (answer.retry_after_s != 0) sheet.add("retry after", std::to_string(answer.retry_after_s) + " s");
}

void add_hop(const Hop& hop, Sheet& sheet) {
  if (hop.shield.data() != nullptr) sheet.add("shield", escaped(hop.shield));
  if (hop.sign.with == HopSignature::kMessageSignature) {
    sheet.add("sign", "HTTP message signature, key " + escaped(hop.sign.key));
  } else if (hop.sign.with == HopSignature::kSigV4) {
    sheet.add("sign", "AWS SigV4, " + escaped(hop.sign.service) + " in " + escaped(hop.sign.region));
  }
  const auto add = [&sheet](const char* name, std::uint32_t timeout_ms) {
    if (timeout_ms != 0) sheet.add(name, std::to_string(timeout_ms) + " ms");
  };
  add("connect timeout", hop.connect_timeout_ms);
  add("first byte timeout", hop.first_byte_timeout_ms);
  add("between bytes timeout", hop.between_bytes_timeout_ms);
}

void add_keeping(const Decision& decision, Sheet& sheet) {
  const CacheDirective& cache = decision.cache;
  if (cache.cache_class != CacheClass::kNone) {
    sheet.add("cache", std::string(cache_class_name(cache.cache_class)) + ", " + std::to_string(cache.ttl_s) + " s");
  }
  for (const std::string_view key : cache.surrogate_keys) sheet.add("surrogate key", escaped(key));
  const RateCharge& rate = decision.rate;
  if (!rate.present()) return;
  sheet.add("rate", std::to_string(rate.limit) + " in " + std::to_string(rate.period_s) + " s, " +
                        std::to_string(rate.burst) + " at once");
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
  Json json;
  json["effect"] = effect_name(decision.effect);
  json["reason"] = reason_json(decision.reason);
  json["http_status"] = decision.http_status();
  json["offset"] = decision.offset;
  json["route"] = optional_json(decision.route);
  json["rule"] = optional_json(decision.rule);
  json["nearest"] = nearest_json(decision.nearest);
  json["origin"] = optional_json(decision.origin);
  json["hop"] = decision.allowed() ? hop_json(decision.hop) : Json();
  json["headers"] = edits_json(decision.headers);
  json["target"] = optional_json(decision.target);
  json["role"] = role_json(decision.role);
  json["cache"] = decision.allowed() ? cache_json(decision.cache) : Json();
  json["rate"] = rate_json(decision.rate);
  json["answer"] = decision.allowed() ? Json() : answer_json(decision.answer);
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
  add_answer(decision.answer, sheet);
  sheet.add("origin", shown_origin(decision, gate));
  add_hop(decision.hop, sheet);
  add_role(decision.role, sheet);
  for (const HeaderEdit& edit : decision.headers) sheet.add(edit_name(edit.kind) + " header", shown_edit(edit));
  if (decision.target.data() != nullptr) sheet.add("target", escaped(decision.target));
  add_keeping(decision, sheet);
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
