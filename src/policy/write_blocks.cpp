#include "policy/write_blocks.hpp"

#include <algorithm>
#include <cstddef>
#include <tuple>

namespace ostiary::policy {

/// What a rule needs on a route; claims in its path bind the rules that allow identities.
BlockWriter::Conditions BlockWriter::conditions_of(std::uint32_t rule, std::uint32_t binding) const {
  const RuleRecord& record = tables_.rules[rule];
  const auto first = tables_.condition_rows.begin() + record.predicates.first;
  Conditions conditions(first, first + record.predicates.count);
  const bool is_bound = record.effect == RuleEffect::kAllow && record.subject == RuleSubject::kIdentity;
  if (is_bound && binding != kNoRow) conditions.insert(binding);
  return conditions;
}

RuleBlockRecord BlockWriter::block_of(const std::vector<std::uint32_t>& rules, const Conditions& conditions,
                                      std::uint32_t binding) {
  std::vector<std::uint32_t> ordered(conditions.begin(), conditions.end());
  std::sort(ordered.begin(), ordered.end(), [this](std::uint32_t a, std::uint32_t b) {
    return std::tie(tables_.predicates[a].kind, a) < std::tie(tables_.predicates[b].kind, b);
  });
  std::map<std::uint32_t, unsigned> places;
  for (std::size_t i = 0; i < ordered.size(); ++i) places.emplace(ordered[i], static_cast<unsigned>(i));
  std::vector<BlockRuleRecord> records;
  for (const std::uint32_t rule : rules) {
    const bool allows = tables_.rules[rule].effect == RuleEffect::kAllow;
    const bool asks_identity = tables_.rules[rule].subject == RuleSubject::kIdentity;
    BlockRuleRecord record{.rule = rule};
    if (allows) record.traits |= BlockRuleRecord::kAllows;
    if (asks_identity) record.traits |= BlockRuleRecord::kAsksIdentity;
    if (allows && !asks_identity && binding != kNoRow) record.traits |= BlockRuleRecord::kUnbound;
    for (const std::uint32_t row : conditions_of(rule, binding)) record.needs |= std::uint64_t{1} << places.at(row);
    records.push_back(record);
  }
  return {ImageTables::append(tables_.condition_rows, ordered), ImageTables::append(tables_.block_rules, records)};
}

Range BlockWriter::add(const std::vector<std::uint32_t>& rules, std::uint32_t binding) {
  const auto [entry, inserted] = known_.try_emplace({rules, binding});
  if (!inserted) return entry->second;
  std::vector<RuleBlockRecord> blocks;
  std::vector<std::uint32_t> together;
  Conditions conditions;
  for (const std::uint32_t rule : rules) {
    Conditions joined = conditions_of(rule, binding);
    joined.insert(conditions.begin(), conditions.end());
    if (joined.size() > kBlockConditionsMax) {
      blocks.push_back(block_of(together, conditions, binding));
      together.clear();
      joined = conditions_of(rule, binding);
    }
    together.push_back(rule);
    conditions = std::move(joined);
  }
  if (!together.empty()) blocks.push_back(block_of(together, conditions, binding));
  return entry->second = ImageTables::append(tables_.rule_blocks, blocks);
}

}  // namespace ostiary::policy
