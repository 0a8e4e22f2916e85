#include "policy/write_blocks.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <tuple>
#include <utility>

namespace ostiary::policy {

/// What a rule needs on a route; claims in its path bind the rules that allow identities.
BlockWriter::Conditions BlockWriter::conditions_of(std::uint32_t rule, std::uint32_t binding) const {
  const RuleRecord& record = tables_.rules[rule];
  const auto first = tables_.condition_rows.begin() + record.predicates.first;
  Conditions conditions(first, first + record.predicates.count);
  const bool is_bound = record.effect == RuleEffect::kAllow && record.subject == RuleSubject::kIdentity;
  if (is_bound && binding != kNoRow) conditions.push_back(binding);
  std::sort(conditions.begin(), conditions.end());
  conditions.erase(std::unique(conditions.begin(), conditions.end()), conditions.end());
  return conditions;
}

/// A rule, with a bit for the place in the block of each condition that it needs.
BlockRuleRecord BlockWriter::rule_in(const Conditions& sorted, const std::vector<unsigned>& places, std::uint32_t rule,
                                     std::uint32_t binding) const {
  const bool allows = tables_.rules[rule].effect == RuleEffect::kAllow;
  const bool asks_identity = tables_.rules[rule].subject == RuleSubject::kIdentity;
  BlockRuleRecord record{.rule = rule};
  if (allows) record.traits |= BlockRuleRecord::kAllows;
  if (asks_identity) record.traits |= BlockRuleRecord::kAsksIdentity;
  if (allows && !asks_identity && binding != kNoRow) record.traits |= BlockRuleRecord::kUnbound;
  for (const std::uint32_t row : conditions_of(rule, binding)) {
    const auto found = std::lower_bound(sorted.begin(), sorted.end(), row) - sorted.begin();
    record.needs |= std::uint64_t{1} << places[static_cast<std::size_t>(found)];
  }
  return record;
}

/// The conditions stand in order of kind.
RuleBlockRecord BlockWriter::block_of(const std::vector<std::uint32_t>& rules, Conditions conditions,
                                      std::uint32_t binding) {
  const Conditions sorted = conditions;
  std::sort(conditions.begin(), conditions.end(), [this](std::uint32_t a, std::uint32_t b) {
    return std::tie(tables_.predicates[a].kind, a) < std::tie(tables_.predicates[b].kind, b);
  });
  std::vector<unsigned> places(sorted.size());
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    const auto row = std::lower_bound(sorted.begin(), sorted.end(), conditions[i]) - sorted.begin();
    places[static_cast<std::size_t>(row)] = static_cast<unsigned>(i);
  }
  std::vector<BlockRuleRecord> records;
  for (const std::uint32_t rule : rules) records.push_back(rule_in(sorted, places, rule, binding));
  return {ImageTables::append(tables_.condition_rows, conditions), ImageTables::append(tables_.block_rules, records)};
}

Range BlockWriter::add(const std::vector<std::uint32_t>& rules, std::uint32_t binding) {
  std::vector<RuleBlockRecord> blocks;
  std::vector<std::uint32_t> together;
  Conditions conditions;
  for (const std::uint32_t rule : rules) {
    Conditions own = conditions_of(rule, binding);
    Conditions joined;
    std::set_union(conditions.begin(), conditions.end(), own.begin(), own.end(), std::back_inserter(joined));
    if (joined.size() > kBlockConditionsMax) {
      blocks.push_back(block_of(together, std::move(conditions), binding));
      together.clear();
      joined = std::move(own);
    }
    together.push_back(rule);
    conditions = std::move(joined);
  }
  if (!together.empty()) blocks.push_back(block_of(together, std::move(conditions), binding));
  return ImageTables::append(tables_.rule_blocks, blocks);
}

}  // namespace ostiary::policy
