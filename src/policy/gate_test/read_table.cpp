#include "policy/gate_test/read_table.hpp"

#include "policy/gate_test/read_request.hpp"
#include "policy/nearest_text.hpp"

#include <ostiary/core/result.hpp>
#include <ostiary/policy/predicate.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <set>
#include <utility>

namespace ostiary::policy {

namespace {

constexpr std::int64_t kTableVersion = 1;

template <typename Source>
std::vector<Text> ids_of(const std::vector<Source>& sources) {
  std::vector<Text> ids;
  for (const Source& source : sources) ids.push_back(source.id);
  return ids;
}

std::vector<Text> reason_names() {
  std::vector<Text> names;
  for (const ReasonInfo& info : kReasons) names.push_back({std::string(info.name), 0});
  return names;
}

std::vector<Text> dimension_names() {
  std::vector<Text> names;
  for (auto i = static_cast<std::uint32_t>(Dimension::kMethod); i <= static_cast<std::uint32_t>(Dimension::kClaim);
       ++i) {
    names.push_back({std::string(dimension_name(static_cast<Dimension>(i))), 0});
  }
  return names;
}

/// Whether `name` is among `known`; a diagnostic with a guess when it is not.
bool require_known(const JsonNode& node, std::string_view what, const std::string& name,
                   const std::vector<Text>& known) {
  const bool has = std::any_of(known.begin(), known.end(), [&](const Text& one) { return one.value == name; });
  if (has) return true;
  const std::string guess = nearest_text(name, known);
  node.fail(Reason::kGateReference, "no " + std::string(what) + " \"" + name + "\"" +
                                        (guess.empty() ? std::string() : "; did you mean \"" + guess + "\"?"));
  return false;
}

class TableReader {
 public:
  explicit TableReader(const GateSource& gate)
      : gate_(gate),
        issuers_(ids_of(gate.issuers)),
        routes_(ids_of(gate.routes)),
        rules_(ids_of(gate.rules)),
        roles_(ids_of(gate.roles)),
        origins_(ids_of(gate.origins)) {}

  [[nodiscard]] TestTable read(const JsonNode& root) {
    TestTable table;
    std::optional<JsonNode> tests;
    root.read_members({
        {"version", true, [](const JsonNode& node) { (void)node.integer(kTableVersion, kTableVersion); }},
        {"gate", false,
         [&](const JsonNode& node) {
           if (auto file = node.text()) table.gate = std::move(file->value);
         }},
        {"now", true, [&](const JsonNode& node) { table.now_s = read_test_time(node).value_or(0); }},
        {"identities", false, [&](const JsonNode& node) { read_identities(node); }},
        // Read last, because tests name identities.
        {"tests", true, [&](const JsonNode& node) { tests = node; }},
    });
    if (tests) {
      tests->for_each_element([&](const JsonNode& node) { table.cases.push_back(read_case(node)); });
    }
    return table;
  }

 private:
  void read_identities(const JsonNode& node) {
    node.for_each_member([&](const JsonNode& child) {
      identity_names_.push_back(child.key_text());
      if (auto identity = read_identity_object(child)) identities_.emplace(std::string(child.key()), *identity);
    });
  }

  [[nodiscard]] std::optional<TestIdentity> read_identity_object(const JsonNode& node) const {
    TestIdentity identity;
    node.read_members({
        {"issuer", true,
         [&](const JsonNode& child) {
           auto issuer = child.text();
           if (issuer && require_known(child, "issuer", issuer->value, issuers_)) identity.issuer = std::move(*issuer);
         }},
        {"claims", true,
         [&](const JsonNode& child) {
           child.for_each_member([](const JsonNode& /*claim*/) {});
           if (child.value().kind == adapt::JsonKind::kObject) identity.claims = child.subtree();
         }},
    });
    if (identity.issuer.value.empty() || identity.claims.empty()) return std::nullopt;
    return identity;
  }

  [[nodiscard]] std::optional<TestIdentity> read_identity(const JsonNode& node) const {
    if (node.value().kind != adapt::JsonKind::kText) return read_identity_object(node);
    const std::optional<Text> name = node.text();
    if (!name || !require_known(node, "identity", name->value, identity_names_)) return std::nullopt;
    const auto known = identities_.find(name->value);
    return known != identities_.end() ? std::optional(known->second) : std::nullopt;
  }

  [[nodiscard]] TestCase read_case(const JsonNode& node) {
    TestCase test;
    test.name.offset = node.offset();
    bool has_identity = false;
    node.read_members({
        {"name", true,
         [&](const JsonNode& child) {
           text_into(test.name)(child);
           if (!test.name.value.empty() && !names_.insert(test.name.value).second) {
             child.fail(Reason::kGateDuplicateId, "another test is named \"" + test.name.value + "\"; rename one");
           }
         }},
        {"request", true, [&](const JsonNode& child) { test.request = read_test_request(child, gate_.flags); }},
        {"identity", false,
         [&](const JsonNode& child) {
           has_identity = true;
           test.identity = read_identity(child);
         }},
        {"expect", true, [&](const JsonNode& child) { test.expectations = read_expectations(child); }},
    });
    if (has_identity && has_credential(test.request)) {
      node.fail(Reason::kGateValue, "expected an \"identity\" or an authorization header, found both; remove one");
    }
    return test;
  }

  // --- expectations --------------------------------------------------------------------------------------------------

  [[nodiscard]] std::vector<Expectation> read_expectations(const JsonNode& node) const {
    static const std::vector<Text> kReasonNames = reason_names();
    static const std::vector<Text> kDimensionNames = dimension_names();
    static const std::vector<Text> kEffects = {{"allow", 0}, {"deny", 0}};
    std::vector<Expectation> all;
    const auto one_of = [&all](Expected member, std::string_view what, const std::vector<Text>& known,
                               bool may_be_null) {
      return [&all, member, what, &known, may_be_null](const JsonNode& child) {
        if (may_be_null && child.value().kind == adapt::JsonKind::kNull) {
          all.push_back({member, child.offset(), std::nullopt});
        } else if (auto name = child.text(); name && require_known(child, what, name->value, known)) {
          all.push_back({member, child.offset(), std::move(name->value)});
        }
      };
    };
    const auto text = [&all](Expected member) {
      return [&all, member](const JsonNode& child) {
        if (child.value().kind == adapt::JsonKind::kNull) {
          all.push_back({member, child.offset(), std::nullopt});
        } else if (auto value = child.text()) {
          all.push_back({member, child.offset(), std::move(value->value)});
        }
      };
    };
    node.read_members({
        {"effect", false, one_of(Expected::kEffect, "effect", kEffects, false)},
        {"reason", false, one_of(Expected::kReason, "reason", kReasonNames, false)},
        {"route", false, one_of(Expected::kRoute, "route", routes_, true)},
        {"rule", false, one_of(Expected::kRule, "rule", rules_, true)},
        {"role", false, one_of(Expected::kRole, "role mapping", roles_, true)},
        {"origin", false, one_of(Expected::kOrigin, "origin", origins_, true)},
        {"target", false, text(Expected::kTarget)},
        {"status", false,
         [&all](const JsonNode& child) {
           if (const auto status = child.integer(100, 599)) {
             all.push_back({Expected::kStatus, child.offset(), std::to_string(*status)});
           }
         }},
        {"location", false, text(Expected::kLocation)},
        {"nearest_rule", false, one_of(Expected::kNearestRule, "rule", rules_, true)},
        {"nearest_dimension", false, one_of(Expected::kNearestDimension, "dimension", kDimensionNames, true)},
    });
    if (!node.says_something()) node.fail(Reason::kGateValue, "expected at least one expectation, found none");
    return all;
  }

  const GateSource& gate_;
  std::vector<Text> issuers_;
  std::vector<Text> routes_;
  std::vector<Text> rules_;
  std::vector<Text> roles_;
  std::vector<Text> origins_;
  std::vector<Text> identity_names_;
  std::map<std::string, TestIdentity> identities_;
  std::set<std::string> names_;
};

}  // namespace

TestTable read_table(const JsonNode& root, const GateSource& gate) { return TableReader(gate).read(root); }

}  // namespace ostiary::policy
