#include "adapt/json.hpp"
#include "authority/document.hpp"
#include "authority/evaluate.hpp"
#include "policy/compile_source.hpp"
#include "policy/json_node.hpp"
#include "policy/quote.hpp"

#include <ostiary/authority/trust_policy.hpp>
#include <ostiary/core/bytes.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <string>
#include <utility>

namespace ostiary::authority {

namespace {

using adapt::JsonKind;
using adapt::JsonValue;
using policy::quote;
using policy::spell_choices;

constexpr std::uint32_t kDepthMax = 8;
constexpr std::uint32_t kValuesMax = 16 * 1024;

class Reader {
 public:
  Reader(std::span<const JsonValue> values, policy::Diagnostics& diagnostics)
      : values_(values), diagnostics_(diagnostics) {}

  [[nodiscard]] Document read() {
    Document document;
    bool has_statement = false;
    each_member(0, [&](std::uint32_t at) {
      const std::string_view name = values_[at].key;
      if (name == "Version") {
        document.has_variables = choice(at, {"2012-10-17", "2008-10-17"}) == 0U;
      } else if (name == "Id") {
        static_cast<void>(text(at));
      } else if (name == "Statement") {
        has_statement = true;
        one_or_more(at, JsonKind::kObject,
                    [&](std::uint32_t element) { document.statements.push_back(statement(element)); });
      } else {
        unknown_member(at, {"Version", "Id", "Statement"});
      }
    });
    if (!has_statement) missing(0, "Statement");
    return document;
  }

 private:
  void fail(std::uint32_t at, Reason reason, const std::string& message) {
    diagnostics_.add(reason, values_[at].offset, message);
  }
  void missing(std::uint32_t at, std::string_view name) {
    if (values_[at].kind == JsonKind::kObject) {
      fail(at, Reason::kGateMissingMember, "missing member " + quote(name) + "; add it");
    }
  }
  void unknown_member(std::uint32_t at, std::initializer_list<std::string_view> names) {
    const std::vector<std::string_view> known(names);
    diagnostics_.add(Reason::kGateUnknownMember, values_[at].key_offset,
                     "unknown member " + quote(values_[at].key) + "; expected " + spell_choices(known));
  }

  void each_member(std::uint32_t at, const std::function<void(std::uint32_t)>& read) {
    if (values_[at].kind != JsonKind::kObject) return fail(at, Reason::kGateType, "expected an object");
    for (std::uint32_t i = at + 1; i < values_[at].end; i = values_[i].end) read(i);
  }

  /// Either one value of this kind, or a list of at least one.
  void one_or_more(std::uint32_t at, JsonKind kind, const std::function<void(std::uint32_t)>& read) {
    if (values_[at].kind != JsonKind::kArray) {
      if (kind == JsonKind::kText || values_[at].kind == kind) return read(at);
      return fail(at, Reason::kGateType, "expected an object, or a list of them");
    }
    if (values_[at].count == 0) fail(at, Reason::kGateValue, "expected at least one element, found an empty list");
    for (std::uint32_t i = at + 1; i < values_[at].end; i = values_[i].end) read(i);
  }

  [[nodiscard]] std::optional<Text> text(std::uint32_t at) {
    if (values_[at].kind != JsonKind::kText) {
      fail(at, Reason::kGateType, "expected a string");
      return std::nullopt;
    }
    if (values_[at].text.empty()) {
      fail(at, Reason::kGateValue, "expected a non-empty string");
      return std::nullopt;
    }
    return Text{std::string(values_[at].text), values_[at].offset};
  }

  [[nodiscard]] std::vector<Text> texts(std::uint32_t at) {
    std::vector<Text> list;
    one_or_more(at, JsonKind::kText, [&](std::uint32_t element) {
      if (auto one = text(element)) list.push_back(std::move(*one));
    });
    return list;
  }

  [[nodiscard]] std::optional<std::size_t> choice(std::uint32_t at, std::initializer_list<std::string_view> names) {
    const std::vector<std::string_view> known(names);
    const std::optional<Text> found = text(at);
    if (!found) return std::nullopt;
    const auto place = std::find(known.begin(), known.end(), found->value);
    if (place == known.end()) {
      fail(at, Reason::kGateValue, "expected " + spell_choices(known) + ", found " + quote(found->value));
      return std::nullopt;
    }
    return static_cast<std::size_t>(place - known.begin());
  }

  void read_sid(std::uint32_t at, Statement& statement) {
    const std::optional<Text> sid = text(at);
    if (!sid) return;
    if (!sids_.insert(sid->value).second) {
      fail(at, Reason::kGateDuplicateId, "the Sid " + quote(sid->value) + " stands twice; rename one");
    }
    statement.sid = *sid;
  }

  void read_principal(std::uint32_t at, Statement& statement) {
    if (values_[at].kind == JsonKind::kText) {
      if (values_[at].text != "*") fail(at, Reason::kGateValue, "expected \"*\" or an object");
      statement.principals.push_back({PrincipalKind::kEveryone, {"*", values_[at].offset}});
      return;
    }
    constexpr std::array kKinds = {std::pair{std::string_view("AWS"), PrincipalKind::kAws},
                                   std::pair{std::string_view("Federated"), PrincipalKind::kFederated},
                                   std::pair{std::string_view("Service"), PrincipalKind::kService},
                                   std::pair{std::string_view("CanonicalUser"), PrincipalKind::kCanonicalUser}};
    each_member(at, [&](std::uint32_t member) {
      const auto* const kind =
          std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& one) { return one.first == values_[member].key; });
      if (kind == kKinds.end()) return unknown_member(member, {"AWS", "Federated", "Service", "CanonicalUser"});
      for (Text& id : texts(member)) {
        // IAM User Guide, "AWS JSON policy elements: Principal": "*" and {"AWS": "*"} are the same.
        const bool everyone = kind->second == PrincipalKind::kAws && id.value == "*";
        statement.principals.push_back({everyone ? PrincipalKind::kEveryone : kind->second, std::move(id)});
      }
    });
    if (values_[at].kind == JsonKind::kObject && values_[at].count == 0) {
      fail(at, Reason::kGateValue, "expected at least one principal");
    }
  }

  [[nodiscard]] std::vector<Text> condition_values(std::uint32_t at) {
    std::vector<Text> list;
    one_or_more(at, JsonKind::kText, [&](std::uint32_t element) {
      const JsonValue& value = values_[element];
      switch (value.kind) {
        case JsonKind::kText: list.push_back({std::string(value.text), value.offset}); return;
        case JsonKind::kBoolean: list.push_back({value.boolean ? "true" : "false", value.offset}); return;
        case JsonKind::kInteger: list.push_back({std::to_string(value.integer), value.offset}); return;
        case JsonKind::kNull:
        case JsonKind::kNumber:
        case JsonKind::kArray:
        case JsonKind::kObject:
          fail(element, Reason::kGateType, "expected a string, an integer, true or false");
          return;
      }
    });
    return list;
  }

  void check_null(const Condition& condition) {
    for (const Text& value : condition.values) {
      if (value.value == "true" || value.value == "false") continue;
      diagnostics_.add(Reason::kGateValue, value.offset, "Null takes \"true\" or \"false\"");
    }
  }

  void read_operator(std::uint32_t at, Statement& statement) {
    const Text name{std::string(values_[at].key), values_[at].key_offset};
    const std::optional<Operator> test = parse_operator(name.value);
    if (!test) {
      diagnostics_.add(Reason::kGateUnknownMember, name.offset,
                       "IAM has no condition operator " + quote(name.value) + "; operators are told apart by case");
      return;
    }
    std::set<std::string> keys;
    each_member(at, [&](std::uint32_t member) {
      const Text key{std::string(values_[member].key), values_[member].key_offset};
      std::string folded(key.value);
      for (char& c : folded) c = ascii_lower(c);
      if (!keys.insert(folded).second) {
        diagnostics_.add(
            Reason::kGateDuplicateMember, key.offset,
            "condition keys are the same in both cases: " + quote(key.value) + " stands twice; remove one");
      }
      statement.conditions.push_back({*test, name, key, condition_values(member), {}});
      if (test->compare == Compare::kNull) check_null(statement.conditions.back());
    });
  }

  [[nodiscard]] bool read_member(std::uint32_t at, Statement& statement) {
    const std::string_view name = values_[at].key;
    if (name == "Sid") {
      read_sid(at, statement);
    } else if (name == "Effect") {
      statement.allow = choice(at, {"Allow", "Deny"}) == 0U;
    } else if (name == "Principal" || name == "NotPrincipal") {
      statement.not_principal = name == "NotPrincipal";
      read_principal(at, statement);
    } else if (name == "Action" || name == "NotAction") {
      statement.not_action = name == "NotAction";
      statement.actions = texts(at);
    } else if (name == "Condition") {
      each_member(at, [&](std::uint32_t member) { read_operator(member, statement); });
    } else {
      return false;
    }
    return true;
  }

  [[nodiscard]] Statement statement(std::uint32_t at) {
    Statement statement;
    statement.offset = values_[at].offset;
    std::multiset<std::string_view> seen;
    each_member(at, [&](std::uint32_t member) {
      seen.insert(values_[member].key);
      if (read_member(member, statement)) return;
      unknown_member(member, {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Condition"});
    });
    if (!seen.contains("Effect")) missing(at, "Effect");
    one_of_two(at, seen, "Principal", "NotPrincipal");
    one_of_two(at, seen, "Action", "NotAction");
    return statement;
  }

  void one_of_two(std::uint32_t at, const std::multiset<std::string_view>& seen, std::string_view first,
                  std::string_view second) {
    if (!seen.contains(first) && !seen.contains(second)) missing(at, first);
    if (seen.contains(first) && seen.contains(second)) {
      fail(at, Reason::kGateValue, "expected one of " + quote(first) + " and " + quote(second) + ", found both");
    }
  }

  std::span<const JsonValue> values_;
  policy::Diagnostics& diagnostics_;
  std::set<std::string> sids_;
};

}  // namespace

std::optional<Document> read_document(std::string_view json, const Limits& limits, policy::Diagnostics& diagnostics) {
  Limits bounds = limits;
  bounds.gate_size_max = std::min(limits.gate_size_max, kTrustPolicySizeMax);
  bounds.gate_json_depth_max = std::min(limits.gate_json_depth_max, kDepthMax);
  bounds.gate_json_values_max = std::min(limits.gate_json_values_max, kValuesMax);
  adapt::JsonReader reader(policy::json_bounds(bounds));
  const adapt::JsonResult parsed = reader.read(json);
  policy::report_json_fault(parsed, bounds, diagnostics);
  if (!diagnostics.empty()) return std::nullopt;
  Document document = Reader(parsed.values, diagnostics).read();
  if (!diagnostics.empty()) return std::nullopt;
  for (Statement& statement : document.statements) {
    for (Condition& condition : statement.conditions) prepare(document, condition);
  }
  return document;
}

}  // namespace ostiary::authority
