#include "policy/json_node.hpp"

#include "policy/quote.hpp"

#include <algorithm>
#include <set>

namespace ostiary::policy {

using adapt::JsonKind;

namespace {

std::string_view kind_name(JsonKind kind) {
  switch (kind) {
    case JsonKind::kNull: return "null";
    case JsonKind::kBoolean: return "true or false";
    case JsonKind::kInteger: return "an integer";
    case JsonKind::kNumber: return "a number with a fraction or beyond 64 bits";
    case JsonKind::kText: return "a string";
    case JsonKind::kArray: return "an array";
    case JsonKind::kObject: return "an object";
  }
  return "nothing";
}

}  // namespace

std::string spell_choices(std::span<const std::string_view> names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i != 0) text += i + 1 == names.size() ? " or " : ", ";
    text += '"' + std::string(names[i]) + '"';
  }
  return text;
}

bool JsonNode::require(JsonKind kind) const {
  if (value().kind == kind) return true;
  fail(Reason::kGateType,
       "expected " + std::string(kind_name(kind)) + ", found " + std::string(kind_name(value().kind)));
  return false;
}

void JsonNode::read_member(const JsonNode& child, std::initializer_list<Member> members) const {
  const auto member =
      std::find_if(members.begin(), members.end(), [&](const Member& m) { return m.name == child.key(); });
  if (member != members.end()) {
    member->read(child);
  } else if (child.key() == "why") {
    (void)child.text();
  } else {
    std::vector<std::string_view> names;
    for (const Member& known : members) names.push_back(known.name);
    names.emplace_back("why");
    fail_at(Reason::kGateUnknownMember, child.value().key_offset,
            "unknown member " + quote(child.key()) + "; expected " + spell_choices(names));
  }
}

void JsonNode::read_members(std::initializer_list<Member> members) const {
  if (!require(JsonKind::kObject)) return;
  std::vector<std::string_view> seen;
  for (std::uint32_t i = index_ + 1; i < value().end; i = values_[i].end) {
    seen.push_back(values_[i].key);
    read_member(child(i), members);
  }
  for (const Member& member : members) {
    if (member.required && std::find(seen.begin(), seen.end(), member.name) == seen.end()) {
      fail(Reason::kGateMissingMember, "missing member " + quote(member.name) + "; add it");
    }
  }
}

void JsonNode::for_each_member(const std::function<void(const JsonNode&)>& read) const {
  if (!require(JsonKind::kObject)) return;
  for (std::uint32_t i = index_ + 1; i < value().end; i = values_[i].end) {
    if (values_[i].key.empty()) {
      fail_at(Reason::kGateValue, values_[i].key_offset, "expected a name, found an empty one");
    } else {
      read(child(i));
    }
  }
}

void JsonNode::for_each_element(const std::function<void(const JsonNode&)>& read) const {
  if (!require(JsonKind::kArray)) return;
  if (value().count == 0) fail(Reason::kGateValue, "expected at least one element, found an empty array");
  for (std::uint32_t i = index_ + 1; i < value().end; i = values_[i].end) read(child(i));
}

std::optional<Text> JsonNode::text() const {
  if (!require(JsonKind::kText)) return std::nullopt;
  if (value().text.empty()) {
    fail(Reason::kGateValue, "expected a non-empty string");
    return std::nullopt;
  }
  return Text{std::string(value().text), offset()};
}

std::optional<std::int64_t> JsonNode::integer(std::int64_t min, std::int64_t max) const {
  if (!require(JsonKind::kInteger)) return std::nullopt;
  if (value().integer < min || value().integer > max) {
    fail(Reason::kGateValue, "expected an integer from " + std::to_string(min) + " to " + std::to_string(max) +
                                 ", found " + std::to_string(value().integer));
    return std::nullopt;
  }
  return value().integer;
}

std::optional<bool> JsonNode::boolean() const {
  if (!require(JsonKind::kBoolean)) return std::nullopt;
  return value().boolean;
}

std::vector<Text> JsonNode::texts() const {
  std::vector<Text> list;
  std::set<std::string_view> seen;
  for_each_element([&](const JsonNode& element) {
    std::optional<Text> text = element.text();
    if (!text) return;
    if (!seen.insert(element.value().text).second) {
      element.fail(Reason::kGateValue, quote(text->value) + " stands twice; remove one");
    } else {
      list.push_back(std::move(*text));
    }
  });
  return list;
}

std::optional<std::size_t> JsonNode::one_of(std::span<const std::string_view> names) const {
  const std::optional<Text> name = text();
  if (!name) return std::nullopt;
  const auto found = std::find(names.begin(), names.end(), name->value);
  if (found == names.end()) {
    fail(Reason::kGateValue, "expected " + spell_choices(names) + ", found " + quote(name->value));
    return std::nullopt;
  }
  return static_cast<std::size_t>(found - names.begin());
}

std::vector<std::size_t> JsonNode::choices(std::span<const std::string_view> names) const {
  std::vector<std::size_t> chosen;
  for_each_element([&](const JsonNode& element) {
    const auto index = element.one_of(names);
    if (!index) return;
    if (std::find(chosen.begin(), chosen.end(), *index) != chosen.end()) {
      element.fail(Reason::kGateValue, quote(names[*index]) + " stands twice; remove one");
    }
    chosen.push_back(*index);
  });
  return chosen;
}

bool JsonNode::says_something() const {
  if (value().kind != JsonKind::kObject) return true;
  for (std::uint32_t i = index_ + 1; i < value().end; i = values_[i].end) {
    if (values_[i].key != "why") return true;
  }
  return false;
}

}  // namespace ostiary::policy
