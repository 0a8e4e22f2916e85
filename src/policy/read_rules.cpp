#include "policy/read_rules.hpp"

#include "policy/read_conditions.hpp"

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostiary::policy {

namespace {

constexpr std::int64_t kDurationMin = 900;  // AWS STS API reference, AssumeRole
constexpr std::int64_t kDurationMax = 43200;

using ReadConditions = void (*)(const JsonNode&, std::vector<PredicateSource>&);

auto conditions_into(std::vector<PredicateSource>& conditions, ReadConditions read) {
  return [&conditions, read](const JsonNode& node) { read(node, conditions); };
}

/// A text for people.
auto note_into(std::string& target) {
  return [&target](const JsonNode& node) {
    if (auto text = node.text()) target = std::move(text->value);
  };
}

/// The constant or the claim that a session is named or tagged by.
RoleTextSource read_role_text(const JsonNode& node) {
  RoleTextSource source;
  int sources = 0;
  node.read_members({
      {"claim", false,
       [&](const JsonNode& child) {
         ++sources;
         source.is_claim = true;
         text_into(source.value)(child);
       }},
      {"text", false,
       [&](const JsonNode& child) {
         ++sources;
         text_into(source.value)(child);
       }},
  });
  if (sources > 1 || !node.says_something()) {
    node.fail(Reason::kGateValue, "expected exactly one of \"claim\" and \"text\"");
  }
  return source;
}

}  // namespace

RuleSource read_rule(const JsonNode& node) {
  static constexpr std::array<std::string_view, 2> kEffects = {"allow", "deny"};
  RuleSource rule;
  int subjects = 0;
  node.read_members({
      {"id", true, text_into(rule.id)},
      {"effect", true,
       [&](const JsonNode& child) {
         if (const auto index = child.one_of(kEffects))
           rule.effect = *index == 0 ? RuleEffect::kAllow : RuleEffect::kDeny;
       }},
      {"routes", true, texts_into(rule.routes)},
      {"public", false,
       [&](const JsonNode& child) {
         ++subjects;
         rule.subject = RuleSubject::kAnyone;
         if (!child.boolean().value_or(true))
           child.fail(Reason::kGateValue, "expected true; leave the member out otherwise");
       }},
      {"identity", false,
       [&](const JsonNode& child) {
         ++subjects;
         read_identity(child, rule.predicates);
       }},
      {"request", false, conditions_into(rule.predicates, read_request)},
      {"time", false, conditions_into(rule.predicates, read_time)},
      {"flags", false, conditions_into(rule.predicates, read_flags)},
      {"expires", false, conditions_into(rule.predicates, read_expires)},
      {"owner", false, note_into(rule.owner)},
      {"ticket", false, note_into(rule.ticket)},
  });
  if (subjects != 1) {
    node.fail(Reason::kGateValue,
              "expected exactly one of \"public\": true (anyone) and \"identity\" (a verified identity)");
  }
  return rule;
}

RoleSource read_role(const JsonNode& node) {
  RoleSource role;
  node.read_members({
      {"id", true, text_into(role.id)},
      {"routes", true, texts_into(role.routes)},
      {"identity", true, conditions_into(role.predicates, read_identity)},
      {"request", false, conditions_into(role.predicates, read_request)},
      {"expires", false, conditions_into(role.predicates, read_expires)},
      {"role_arn", true, text_into(role.role_arn)},
      {"session_name", true, [&](const JsonNode& child) { role.session_name = read_role_text(child); }},
      {"session_tags", false,
       [&](const JsonNode& child) {
         child.for_each_member(
             [&](const JsonNode& tag) { role.session_tags.push_back({tag.key_text(), read_role_text(tag)}); });
       }},
      {"duration_s", false,
       [&](const JsonNode& child) {
         const auto duration = child.integer(kDurationMin, kDurationMax);
         if (duration) role.duration_s = static_cast<std::uint32_t>(*duration);
       }},
      {"owner", false, note_into(role.owner)},
      {"ticket", false, note_into(role.ticket)},
  });
  return role;
}

}  // namespace ostiary::policy
