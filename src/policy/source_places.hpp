// Where the rules, routes and conditions of a Gate stand in its source.
#pragma once

#include "adapt/json.hpp"
#include "adapt/outline.hpp"
#include "policy/line_index.hpp"
#include "policy/source.hpp"

#include <ostiary/core/limits.hpp>
#include <ostiary/policy/gate.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::policy {

/// Borrows the Gate and the text of the source.
class SourcePlaces {
 public:
  SourcePlaces(const Gate& gate, std::string_view json, const Limits& limits);

  /// OK, or why the text is not the source of the Gate.
  [[nodiscard]] Reason reason() const noexcept { return reason_; }
  [[nodiscard]] const std::string& message() const noexcept { return message_; }

  // Each is an object of line, column and pointer, or nothing.
  [[nodiscard]] adapt::Outline route(std::string_view id) const;
  [[nodiscard]] adapt::Outline rule(std::string_view id) const;
  [[nodiscard]] adapt::Outline role(std::string_view id) const;
  [[nodiscard]] adapt::Outline rule_condition(std::string_view id, const PredicateRecord& predicate) const;
  [[nodiscard]] adapt::Outline role_condition(std::string_view id, const PredicateRecord& predicate) const;

 private:
  [[nodiscard]] bool is_same(const PredicateRecord& record, const PredicateSource& source) const;
  [[nodiscard]] adapt::Outline condition(const std::vector<PredicateSource>& conditions,
                                         const PredicateRecord& predicate) const;
  [[nodiscard]] adapt::Outline place(std::uint32_t offset, bool of_owner) const;
  [[nodiscard]] adapt::Outline place_of_owner(std::uint32_t offset) const { return place(offset, true); }

  const Gate& gate_;
  LineIndex lines_;
  adapt::JsonReader reader_;
  adapt::JsonResult parsed_;
  GateSource source_;
  std::map<std::string_view, const RouteSource*> routes_;
  std::map<std::string_view, const RuleSource*> rules_;
  std::map<std::string_view, const RoleSource*> roles_;
  Reason reason_ = Reason::kOk;
  std::string message_;
};

}  // namespace ostiary::policy
