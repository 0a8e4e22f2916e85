#include "policy/read_conditions.hpp"

#include "policy/quote.hpp"
#include "policy/time_text.hpp"

#include <ostiary/http/request.hpp>

#include <array>
#include <cstddef>
#include <functional>
#include <limits>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>

namespace ostiary::policy {

namespace {

constexpr std::int64_t kEver = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kAlways = std::numeric_limits<std::int64_t>::min();

/// The conditions that are read, and what those of one object are about.
class ConditionList {
 public:
  explicit ConditionList(std::vector<PredicateSource>& conditions, Text subject = {})
      : conditions_(conditions), subject_(std::move(subject)) {}

  void add(const JsonNode& node, PredicateKind kind, std::vector<Text> texts, std::vector<std::int64_t> integers) {
    conditions_.push_back({kind, subject_, node.value().key_offset, std::move(texts), std::move(integers)});
  }

  /// Reads a member that is a list of texts.
  auto texts(PredicateKind kind) {
    return [this, kind](const JsonNode& node) { add(node, kind, node.texts(), {}); };
  }

  /// Reads a member that is a list of some of `names`: which of them, as a mask of 1 << (position + first).
  auto mask(PredicateKind kind, std::span<const std::string_view> names, unsigned first) {
    return [this, kind, names, first](const JsonNode& node) {
      std::int64_t mask = 0;
      for (const std::size_t index : node.choices(names)) mask |= std::int64_t{1} << (index + first);
      add(node, kind, {}, {mask});
    };
  }

  auto presence(PredicateKind present, PredicateKind absent) {
    return [this, present, absent](const JsonNode& node) {
      if (const auto value = node.boolean()) add(node, *value ? present : absent, {}, {});
    };
  }

 private:
  std::vector<PredicateSource>& conditions_;
  Text subject_;
};

/// What stands beside an operator of claims: its kind depends on the kind of the values.
struct OperandKinds {
  PredicateKind text;
  PredicateKind integer;
};
constexpr OperandKinds kIn = {PredicateKind::kTextIn, PredicateKind::kIntegerIn};
constexpr OperandKinds kNotIn = {PredicateKind::kTextNotIn, PredicateKind::kIntegerNotIn};

void read_equals(const JsonNode& node, ConditionList& list) {
  switch (node.value().kind) {
    case adapt::JsonKind::kText:
      if (auto text = node.text()) list.add(node, kIn.text, {std::move(*text)}, {});
      return;
    case adapt::JsonKind::kInteger: list.add(node, kIn.integer, {}, {node.value().integer}); return;
    case adapt::JsonKind::kBoolean:
      list.add(node, PredicateKind::kBooleanIs, {}, {node.value().boolean ? 1 : 0});
      return;
    case adapt::JsonKind::kNull:
    case adapt::JsonKind::kNumber:
    case adapt::JsonKind::kArray:
    case adapt::JsonKind::kObject: break;
  }
  node.fail(Reason::kGateType, "expected a string, an integer, true or false");
}

/// The values of a list.
struct Operands {
  std::optional<adapt::JsonKind> kind;
  std::vector<Text> texts;
  std::vector<std::int64_t> integers;
  std::set<std::string> texts_seen;
  std::set<std::int64_t> integers_seen;
};

/// All must be of one kind, and none may stand twice.
void read_operand(const JsonNode& node, Operands& operands) {
  const adapt::JsonValue& value = node.value();
  const bool is_text = value.kind == adapt::JsonKind::kText;
  if (value.kind == adapt::JsonKind::kBoolean) {
    node.fail(Reason::kGateType, "expected a string or an integer; for a boolean claim use \"equals\"");
  } else if (!is_text && value.kind != adapt::JsonKind::kInteger) {
    node.fail(Reason::kGateType, "expected a string or an integer");
  } else if (value.kind != operands.kind.value_or(value.kind)) {
    node.fail(Reason::kGateType, "expected values of one kind, found strings and integers together");
  } else if (is_text ? !operands.texts_seen.emplace(value.text).second
                     : !operands.integers_seen.insert(value.integer).second) {
    node.fail(Reason::kGateValue, "this value stands twice; remove one");
  } else {
    operands.kind = value.kind;
    if (!is_text) operands.integers.push_back(value.integer);
    if (auto text = is_text ? node.text() : std::nullopt) operands.texts.push_back(std::move(*text));
  }
}

auto list_condition(ConditionList& list, OperandKinds kinds) {
  return [&list, kinds](const JsonNode& node) {
    Operands operands;
    node.for_each_element([&](const JsonNode& element) { read_operand(element, operands); });
    if (!operands.kind) return;
    const bool is_text = *operands.kind == adapt::JsonKind::kText;
    list.add(node, is_text ? kinds.text : kinds.integer, std::move(operands.texts), std::move(operands.integers));
  };
}

/// Counts the members that are read.
auto counted(int& count, std::function<void(const JsonNode&)> read) {
  return [&count, read = std::move(read)](const JsonNode& node) {
    ++count;
    read(node);
  };
}

void read_claim_condition(const JsonNode& node, std::vector<PredicateSource>& conditions) {
  ConditionList list(conditions, node.key_text());
  int presences = 0;
  int others = 0;
  node.read_members({
      {"equals", false, counted(others, [&](const JsonNode& child) { read_equals(child, list); })},
      {"in", false, counted(others, list_condition(list, kIn))},
      {"not_in", false, counted(others, list_condition(list, kNotIn))},
      {"prefix", false, counted(others, list.texts(PredicateKind::kTextPrefix))},
      {"present", false, counted(presences, list.presence(PredicateKind::kClaimPresent, PredicateKind::kClaimAbsent))},
      {"has_any", false, counted(others, list.texts(PredicateKind::kHasAny))},
      {"has_all", false, counted(others, list.texts(PredicateKind::kHasAll))},
      {"has_none", false, counted(others, list.texts(PredicateKind::kHasNone))},
  });
  if (!node.says_something()) node.fail(Reason::kGateValue, "expected at least one operator");
  if (presences != 0 && others != 0) {
    node.fail(Reason::kGateValue,
              "\"present\" may only stand alone; the other operators hold for no absent claim anyway");
  }
}

/// The value of a header or a query parameter, for which there is one operator.
struct ValueKinds {
  PredicateKind in;
  PredicateKind present;
  PredicateKind absent;
};

void read_value_condition(const JsonNode& node, ValueKinds kinds, std::vector<PredicateSource>& conditions) {
  ConditionList list(conditions, node.key_text());
  int operators = 0;
  node.read_members({
      {"equals", false,
       counted(operators,
               [&](const JsonNode& child) {
                 if (auto text = child.text()) list.add(child, kinds.in, {std::move(*text)}, {});
               })},
      {"in", false, counted(operators, list.texts(kinds.in))},
      {"present", false, counted(operators, list.presence(kinds.present, kinds.absent))},
  });
  if (operators > 1 || !node.says_something()) node.fail(Reason::kGateValue, "expected exactly one operator");
}

/// Reads an object with free names, of which there must be one.
void read_named(const JsonNode& node, const std::function<void(const JsonNode&)>& read) {
  if (node.value().kind == adapt::JsonKind::kObject && node.value().count == 0) {
    node.fail(Reason::kGateValue,
              "expected at least one name, found an empty object; name one or leave the member out");
  }
  node.for_each_member(read);
}

auto values_condition(std::vector<PredicateSource>& conditions, ValueKinds kinds) {
  return [&conditions, kinds](const JsonNode& node) {
    read_named(node, [&](const JsonNode& child) { read_value_condition(child, kinds, conditions); });
  };
}

void read_client(const JsonNode& node, std::vector<PredicateSource>& conditions) {
  ConditionList list(conditions);
  int operators = 0;
  node.read_members({
      {"in", false, counted(operators, list.texts(PredicateKind::kClientIn))},
      {"not_in", false, counted(operators, list.texts(PredicateKind::kClientNotIn))},
  });
  if (operators > 1 || !node.says_something()) {
    node.fail(Reason::kGateValue, "expected exactly one of \"in\" and \"not_in\"");
  }
}

void read_scopes(const JsonNode& node, std::vector<PredicateSource>& conditions) {
  ConditionList list(conditions);
  node.read_members({{"all", false, list.texts(PredicateKind::kScopesAll)},
                     {"any", false, list.texts(PredicateKind::kScopesAny)},
                     {"none", false, list.texts(PredicateKind::kScopesNone)}});
  if (!node.says_something()) node.fail(Reason::kGateValue, "expected \"all\", \"any\" or \"none\"");
}

std::optional<std::int64_t> read_time_text(const JsonNode& node) {
  const std::optional<Text> text = node.text();
  if (!text) return std::nullopt;
  const std::optional<std::int64_t> time = parse_time(text->value);
  if (!time) {
    node.fail(Reason::kGateValue,
              "expected a time in UTC as \"2026-12-31T23:59:59Z\" (no fraction, no leap second), found " +
                  quote(text->value));
  }
  return time;
}

}  // namespace

void read_identity(const JsonNode& node, std::vector<PredicateSource>& conditions) {
  ConditionList list(conditions);
  node.read_members({
      {"issuers", false, list.texts(PredicateKind::kIssuerIn)},
      {"audiences", false, list.texts(PredicateKind::kAudienceIn)},
      {"scopes", false, [&](const JsonNode& child) { read_scopes(child, conditions); }},
      {"token_age_max_s", false,
       [&](const JsonNode& child) {
         if (const auto age = child.integer(0, INT32_MAX)) list.add(child, PredicateKind::kTokenAge, {}, {*age});
       }},
      {"claims", false,
       [&](const JsonNode& child) {
         read_named(child, [&](const JsonNode& claim) { read_claim_condition(claim, conditions); });
       }},
  });
}

void read_request(const JsonNode& node, std::vector<PredicateSource>& conditions) {
  static constexpr std::array<std::string_view, 2> kSchemes = {"http", "https"};
  static constexpr auto kFirstScheme = static_cast<unsigned>(Scheme::kHttp);
  static_assert(static_cast<unsigned>(Scheme::kHttps) == kFirstScheme + 1);
  constexpr ValueKinds kQuery = {PredicateKind::kQueryIn, PredicateKind::kQueryPresent, PredicateKind::kQueryAbsent};
  constexpr ValueKinds kHeader = {PredicateKind::kHeaderIn, PredicateKind::kHeaderPresent,
                                  PredicateKind::kHeaderAbsent};
  ConditionList list(conditions);
  node.read_members({
      {"methods", false, list.mask(PredicateKind::kMethodIn, kMethodNames, 0)},
      {"schemes", false, list.mask(PredicateKind::kSchemeIn, kSchemes, kFirstScheme)},
      {"hosts", false, list.texts(PredicateKind::kHostIn)},
      {"paths", false, list.texts(PredicateKind::kPathIn)},
      {"query", false, values_condition(conditions, kQuery)},
      {"headers", false, values_condition(conditions, kHeader)},
      {"client", false, [&](const JsonNode& child) { read_client(child, conditions); }},
  });
  if (!node.says_something()) {
    node.fail(Reason::kGateValue, "expected at least one condition, found none; state one or leave the member out");
  }
}

void read_time(const JsonNode& node, std::vector<PredicateSource>& conditions) {
  std::optional<std::int64_t> from = kAlways;
  std::optional<std::int64_t> until = kEver;
  node.read_members({
      {"from", false, [&](const JsonNode& child) { from = read_time_text(child); }},
      {"until", false, [&](const JsonNode& child) { until = read_time_text(child); }},
  });
  if (!node.says_something()) node.fail(Reason::kGateValue, "expected \"from\", \"until\" or both");
  if (from && until) ConditionList(conditions).add(node, PredicateKind::kTimeIn, {}, {*from, *until});
}

void read_flags(const JsonNode& node, std::vector<PredicateSource>& conditions) {
  read_named(node, [&](const JsonNode& child) {
    if (const auto value = child.boolean()) {
      ConditionList(conditions, child.key_text()).add(child, PredicateKind::kFlagIs, {}, {*value ? 1 : 0});
    }
  });
}

void read_expires(const JsonNode& node, std::vector<PredicateSource>& conditions) {
  if (const auto until = read_time_text(node)) {
    ConditionList(conditions).add(node, PredicateKind::kTimeIn, {}, {kAlways, *until});
  }
}

}  // namespace ostiary::policy
