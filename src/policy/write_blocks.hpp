// Puts the rules of a route into blocks that share conditions.
#pragma once

#include "policy/image_tables.hpp"

#include <cstdint>
#include <vector>

namespace ostiary::policy {

class BlockWriter {
 public:
  /// Borrows the tables, of which rules, predicates and condition_rows are read and the last is appended to.
  explicit BlockWriter(ImageTables& tables) : tables_(tables) {}

  /// The blocks of these rules, in their order. `binding` is the row of the condition that binds a route's claims, or
  /// kNoRow.
  Range add(const std::vector<std::uint32_t>& rules, std::uint32_t binding);

 private:
  /// Rows of predicates, ascending.
  using Conditions = std::vector<std::uint32_t>;

  [[nodiscard]] Conditions conditions_of(std::uint32_t rule, std::uint32_t binding) const;
  [[nodiscard]] RuleBlockRecord block_of(const std::vector<std::uint32_t>& rules, Conditions conditions,
                                         std::uint32_t binding);
  [[nodiscard]] BlockRuleRecord rule_in(const Conditions& sorted, const std::vector<unsigned>& places,
                                        std::uint32_t rule, std::uint32_t binding) const;

  ImageTables& tables_;
};

}  // namespace ostiary::policy
