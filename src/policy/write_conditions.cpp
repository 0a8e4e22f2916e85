#include "policy/write_conditions.hpp"

#include "policy/pattern.hpp"

#include <ostiary/http/address_set.hpp>

#include <algorithm>
#include <cstddef>
#include <set>
#include <span>
#include <utility>

namespace ostiary::policy {

namespace {

std::vector<std::string> sorted_values(const std::vector<Text>& texts) {
  std::set<std::string> values;
  for (const Text& text : texts) values.insert(text.value);
  return {values.begin(), values.end()};
}

/// The image of a set of blocks that are known to be ones; blocks that stand twice, or lie in others, count once.
std::string address_set_image(const std::set<AddressBlock>& blocks) {
  std::vector<AddressSetEntry> entries;
  for (const AddressBlock& block : blocks) entries.push_back({block, 0});
  std::string memory(address_set_size_max(static_cast<std::uint32_t>(entries.size())), '\0');
  const auto image = build_address_set(entries, std::as_writable_bytes(std::span(memory)));
  return image ? std::string(*image) : std::string();
}

}  // namespace

ConditionWriter::ConditionWriter(const GateSource& gate, ImageTables& tables) : tables_(tables) {
  for (const IssuerSource& issuer : gate.issuers) issuers_.emplace(issuer.id.value, issuer.issuer.value);
  for (const NetworkSource& network : gate.networks) sources_.emplace(network.id.value, &network);
  for (const std::string& flag : sorted_values(gate.flags)) name_row(flags_, tables_.flags, flag);
}

std::uint32_t ConditionWriter::name_row(Rows& rows, std::vector<Span>& table, const std::string& name) {
  const auto [entry, inserted] = rows.try_emplace(name, static_cast<std::uint32_t>(table.size()));
  if (inserted) table.push_back(tables_.span(name));
  return entry->second;
}

std::uint32_t ConditionWriter::row_of(const PredicateRecord& record) {
  const std::array<std::uint32_t, 4> key = {static_cast<std::uint32_t>(record.kind), record.subject,
                                            record.values.first, record.values.count};
  const auto [entry, inserted] = predicates_.try_emplace(key, static_cast<std::uint32_t>(tables_.predicates.size()));
  if (inserted) tables_.predicates.push_back(record);
  return entry->second;
}

std::vector<const PredicateSource*> in_order(const std::vector<PredicateSource>& predicates) {
  std::vector<const PredicateSource*> ordered;
  for (const PredicateSource& predicate : predicates) ordered.push_back(&predicate);
  // Two conditions of one kind about one thing differ in their values: `equals` beside `in`, `time` beside `expires`.
  std::sort(ordered.begin(), ordered.end(), [](const PredicateSource* a, const PredicateSource* b) {
    const auto place = std::tie(a->kind, a->subject.value) <=> std::tie(b->kind, b->subject.value);
    if (place != 0) return place < 0;
    return std::pair(sorted_values(a->texts), a->integers) < std::pair(sorted_values(b->texts), b->integers);
  });
  return ordered;
}

Range ConditionWriter::add(const std::vector<PredicateSource>& predicates) {
  std::vector<std::uint32_t> rows;
  for (const PredicateSource* predicate : in_order(predicates)) rows.push_back(row_of(record_of(*predicate)));
  return ImageTables::append(tables_.condition_rows, rows);
}

std::uint32_t ConditionWriter::add_binding(const std::string& pattern) {
  const PathPattern split = split_path_pattern(pattern);
  if (std::none_of(split.segments.begin(), split.segments.end(), is_claim)) return kNoRow;
  return row_of({PredicateKind::kPathIn, 0, pattern_values({{pattern, 0}})});
}

PredicateRecord ConditionWriter::record_of(const PredicateSource& source) {
  return {source.kind, subject_of(source), values_of(source)};
}

std::uint32_t ConditionWriter::subject_of(const PredicateSource& source) {
  switch (dimension_of(source.kind)) {
    case Dimension::kQuery: return name_row(parameters_, tables_.parameter_names, source.subject.value);
    case Dimension::kHeader: return name_row(headers_, tables_.header_names, source.subject.value);
    case Dimension::kClient: return network_row(source.texts);
    case Dimension::kFlag: return flags_.at(source.subject.value);
    case Dimension::kClaim: return claim(source.subject.value);
    case Dimension::kNone:
    case Dimension::kMethod:
    case Dimension::kScheme:
    case Dimension::kHost:
    case Dimension::kPath:
    case Dimension::kTime:
    case Dimension::kIdentity:
    case Dimension::kIssuer:
    case Dimension::kAudience:
    case Dimension::kScope:
    case Dimension::kTokenAge: return 0;
  }
  return 0;
}

Range ConditionWriter::values_of(const PredicateSource& source) {
  switch (source.kind) {
    case PredicateKind::kMethodIn:
    case PredicateKind::kSchemeIn:
    case PredicateKind::kFlagIs:
    case PredicateKind::kTokenAge:
    case PredicateKind::kBooleanIs: return {static_cast<std::uint32_t>(source.integers.front()), 0};
    case PredicateKind::kPathIn: return pattern_values(source.texts);
    case PredicateKind::kTimeIn:
    case PredicateKind::kIntegerIn:
    case PredicateKind::kIntegerNotIn: return integer_values(source);
    case PredicateKind::kQueryPresent:
    case PredicateKind::kQueryAbsent:
    case PredicateKind::kHeaderPresent:
    case PredicateKind::kHeaderAbsent:
    case PredicateKind::kClientIn:
    case PredicateKind::kClientNotIn:
    case PredicateKind::kClaimPresent:
    case PredicateKind::kClaimAbsent: return {};
    case PredicateKind::kHostIn:
    case PredicateKind::kQueryIn:
    case PredicateKind::kHeaderIn:
    case PredicateKind::kIssuerIn:
    case PredicateKind::kAudienceIn:
    case PredicateKind::kScopesAll:
    case PredicateKind::kScopesAny:
    case PredicateKind::kScopesNone:
    case PredicateKind::kTextIn:
    case PredicateKind::kTextNotIn:
    case PredicateKind::kTextPrefix:
    case PredicateKind::kHasAny:
    case PredicateKind::kHasAll:
    case PredicateKind::kHasNone: return text_values(source);
  }
  return {};
}

/// Issuers are named by their ids in the source and compared by their iss.
Range ConditionWriter::text_values(const PredicateSource& source) {
  std::vector<std::string> values = sorted_values(source.texts);
  if (source.kind == PredicateKind::kIssuerIn) {
    for (std::string& value : values) {
      value = issuers_.at(value);
    }
  }
  const auto [entry, inserted] = texts_.try_emplace(values);
  if (inserted) entry->second = tables_.append_sorted(values);
  return entry->second;
}

Range ConditionWriter::integer_values(const PredicateSource& source) {
  std::vector<std::int64_t> values = source.integers;
  if (source.kind != PredicateKind::kTimeIn) std::sort(values.begin(), values.end());
  const auto [entry, inserted] = integers_.try_emplace(values);
  if (inserted) entry->second = ImageTables::append(tables_.integers, values);
  return entry->second;
}

Range ConditionWriter::pattern_values(const std::vector<Text>& patterns) {
  const std::vector<std::string> sorted = sorted_values(patterns);
  if (const auto known = patterns_.find(sorted); known != patterns_.end()) return known->second;
  std::vector<PatternRecord> records;
  for (const std::string& pattern : sorted) {
    records.push_back({segments(pattern), split_path_pattern(pattern).has_tail ? 1U : 0U});
  }
  return patterns_[sorted] = ImageTables::append(tables_.patterns, records);
}

Range ConditionWriter::segments(const std::string& pattern) {
  std::vector<SegmentRecord> records;
  for (const std::string& segment : split_path_pattern(pattern).segments) {
    if (segment == "*") {
      records.push_back({SegmentKind::kAny, {0, 0}});
    } else if (is_claim(segment)) {
      records.push_back({SegmentKind::kClaim, {claim(segment.substr(1, segment.size() - 2)), 0}});
    } else {
      records.push_back({SegmentKind::kLiteral, tables_.span(segment)});
    }
  }
  return ImageTables::append(tables_.segments, records);
}

/// Names of networks and address blocks, all together as one set.
std::uint32_t ConditionWriter::network_row(const std::vector<Text>& names) {
  const auto [entry, inserted] =
      networks_.try_emplace(sorted_values(names), static_cast<std::uint32_t>(tables_.networks.size()));
  if (!inserted) return entry->second;
  std::set<AddressBlock> blocks;
  for (const Text& name : names) {
    const auto network = sources_.find(name.value);
    if (network == sources_.end()) {
      blocks.insert(*parse_address_block(name.value));
      continue;
    }
    for (const Text& block : network->second->blocks) blocks.insert(*parse_address_block(block.value));
  }
  tables_.networks.push_back(tables_.blob(address_set_image(blocks)));
  return entry->second;
}

ConditionReads ConditionWriter::reads(Range conditions) const {
  ConditionReads reads;
  for (std::uint32_t i = 0; i < conditions.count; ++i) {
    const PredicateRecord& predicate = tables_.predicates[tables_.condition_rows[conditions.first + i]];
    const Dimension dimension = dimension_of(predicate.kind);
    if (dimension == Dimension::kHeader) reads.headers.push_back(predicate.subject);
    if (dimension == Dimension::kQuery) reads.parameters.push_back(predicate.subject);
    if (dimension == Dimension::kPath) reads.path = true;
  }
  return reads;
}

}  // namespace ostiary::policy
