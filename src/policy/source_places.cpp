#include "policy/source_places.hpp"

#include "policy/compile_source.hpp"
#include "policy/diagnostics.hpp"
#include "policy/gate_words.hpp"
#include "policy/read_source.hpp"

#include <ostiary/policy/compile.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace ostiary::policy {

namespace {

using adapt::JsonKind;
using adapt::JsonValue;
using adapt::Outline;

/// A reference token of a JSON pointer (RFC 6901 §3).
[[nodiscard]] std::string token_of(std::string_view name) {
  std::string token;
  for (const char c : name) token += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return token;
}

/// Where a value begins: a member at its name.
[[nodiscard]] std::uint32_t start_of(const JsonValue& parent, const JsonValue& child) {
  return parent.kind == JsonKind::kObject ? child.key_offset : child.offset;
}

[[nodiscard]] std::string first_error(const std::vector<GateError>& errors) {
  const GateError& first = errors.front();
  return "the source does not compile: line " + std::to_string(first.line) + ", column " +
         std::to_string(first.column) + ": " + first.message;
}

template <typename Source>
[[nodiscard]] const Source* find_in(const std::map<std::string_view, const Source*>& sources, std::string_view id) {
  const auto found = sources.find(id);
  return found == sources.end() ? nullptr : found->second;
}

template <typename Source>
[[nodiscard]] std::map<std::string_view, const Source*> by_id(const std::vector<Source>& sources) {
  std::map<std::string_view, const Source*> map;
  for (const Source& source : sources) map.emplace(source.id.value, &source);
  return map;
}

}  // namespace

SourcePlaces::SourcePlaces(const Gate& gate, std::string_view json, const Limits& limits)
    : gate_(gate), lines_(json), reader_(json_bounds(limits)) {
  const CompiledGate compiled = compile_gate(json, limits);
  if (!compiled.ok()) {
    reason_ = compiled.errors.front().reason;
    message_ = first_error(compiled.errors);
    return;
  }
  const Result<Gate> other = Gate::load(compiled.image);
  const auto& wanted = gate.header().seal.content_hash;
  if (!other || other->header().seal.content_hash != wanted) {
    reason_ = Reason::kUsageArgument;
    message_ = "this is not the source of the Gate: it compiles to " +
               (other ? hex_text(other->header().seal.content_hash) : std::string("no image")) + ", the Gate is " +
               hex_text(wanted);
    return;
  }
  parsed_ = reader_.read(json);
  Diagnostics diagnostics(json);
  source_ = read_source(JsonNode(parsed_.values, 0, diagnostics), limits);
  routes_ = by_id(source_.routes);
  rules_ = by_id(source_.rules);
  roles_ = by_id(source_.roles);
}

/// The value whose name, or beginning, stands at `offset`; or the object that it is a member of.
Outline SourcePlaces::place(std::uint32_t offset, bool of_owner) const {
  const auto values = parsed_.values;
  std::vector<std::pair<std::string, std::uint32_t>> path{{"", values[0].offset}};
  for (std::size_t at = 0; values[at].kind == JsonKind::kObject || values[at].kind == JsonKind::kArray;) {
    const JsonValue& parent = values[at];
    std::size_t chosen = 0;
    std::size_t index = 0;
    std::size_t chosen_index = 0;
    for (std::size_t child = at + 1; child < parent.end; child = values[child].end, ++index) {
      if (start_of(parent, values[child]) > offset) break;
      chosen = child;
      chosen_index = index;
    }
    if (chosen == 0) break;
    const bool is_member = parent.kind == JsonKind::kObject;
    const std::string step = is_member ? token_of(values[chosen].key) : std::to_string(chosen_index);
    path.emplace_back(path.back().first + "/" + step, start_of(parent, values[chosen]));
    if (path.back().second == offset) break;
    at = chosen;
  }
  if (of_owner && path.size() > 1) path.pop_back();
  const SourcePlace where = lines_.place(path.back().second);
  Outline place = Outline::object();
  place.title(std::to_string(where.line) + ":" + std::to_string(where.column) + " " + path.back().first);
  place.tell("line", where.line);
  place.tell("column", where.column);
  place.tell("pointer", path.back().first);
  return place;
}

Outline SourcePlaces::route(std::string_view id) const {
  const RouteSource* const found = find_in(routes_, id);
  return found == nullptr ? Outline() : place_of_owner(found->id.offset);
}

Outline SourcePlaces::rule(std::string_view id) const {
  const RuleSource* const found = find_in(rules_, id);
  return found == nullptr ? Outline() : place_of_owner(found->id.offset);
}

Outline SourcePlaces::role(std::string_view id) const {
  const RoleSource* const found = find_in(roles_, id);
  return found == nullptr ? Outline() : place_of_owner(found->id.offset);
}

Outline SourcePlaces::rule_condition(std::string_view id, const PredicateRecord& predicate) const {
  const RuleSource* const found = find_in(rules_, id);
  return found == nullptr ? Outline() : condition(found->predicates, predicate);
}

Outline SourcePlaces::role_condition(std::string_view id, const PredicateRecord& predicate) const {
  const RoleSource* const found = find_in(roles_, id);
  return found == nullptr ? Outline() : condition(found->predicates, predicate);
}

Outline SourcePlaces::condition(const std::vector<PredicateSource>& conditions,
                                const PredicateRecord& predicate) const {
  for (const PredicateSource& source : conditions) {
    if (is_same(predicate, source)) return place(source.offset, false);
  }
  return {};
}

/// A rule has several conditions of one kind about one thing only where their values differ: `equals` beside `in`,
/// `time` beside `expires`.
bool SourcePlaces::is_same(const PredicateRecord& record, const PredicateSource& source) const {
  if (record.kind != source.kind) return false;
  const Range values = record.values;
  switch (record.kind) {
    case PredicateKind::kTimeIn:
      return source.integers.size() == 2 && gate_.integer(values.first) == source.integers[0] &&
             gate_.integer(values.first + 1) == source.integers[1];
    case PredicateKind::kIntegerIn:
    case PredicateKind::kIntegerNotIn: {
      std::multiset<std::int64_t> integers;
      for (std::uint32_t i = 0; i < values.count; ++i) integers.insert(gate_.integer(values.first + i));
      return gate_.claim_name(record.subject) == source.subject.value &&
             integers == std::multiset<std::int64_t>(source.integers.begin(), source.integers.end());
    }
    default: break;
  }
  const ConditionWords words = condition_words(gate_, record);
  if (words.subject != source.subject.value) return false;
  if (record.kind != PredicateKind::kTextIn) return true;
  std::set<std::string_view> texts;
  for (std::uint32_t i = 0; i < values.count; ++i) texts.insert(gate_.listed_text(values.first + i));
  std::set<std::string_view> wanted;
  for (const Text& text : source.texts) wanted.insert(text.value);
  return texts == wanted;
}

}  // namespace ostiary::policy
