#include "policy/write_shaping.hpp"

#include "policy/rewrite.hpp"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace ostiary::policy {

namespace {

bool says_nothing(const ShapeSource& shape) {
  return shape.cache.cache_class == CacheClass::kNone && shape.rate.limit == 0 && shape.edits.empty() &&
         shape.rewrite.value.empty() && shape.query_filter == QueryFilter::kAll && shape.identity_headers &&
         !shape.hide && shape.login.value.empty();
}

Range write_parts(std::vector<KeyPartSource> parts, const ClaimKinds& kinds, ImageTables& tables) {
  std::sort(parts.begin(), parts.end(), [](const KeyPartSource& a, const KeyPartSource& b) {
    return std::tie(a.kind, a.name.value) < std::tie(b.kind, b.name.value);
  });
  std::vector<KeyPartRecord> records;
  for (const KeyPartSource& part : parts) {
    const ClaimKind kind = part.kind == KeyPartKind::kClaim ? kinds.of(part.name.value) : ClaimKind::kText;
    records.push_back({part.kind, tables.span_unless_empty(part.name.value), kind});
  }
  return ImageTables::append(tables.key_parts, records);
}

/// Removals, then renamings, then what is set and what is appended: the order in which they are applied.
Range write_edits(std::vector<HeaderEditSource> edits, const ClaimKinds& kinds, ImageTables& tables) {
  const auto rank = [](const HeaderEditSource& edit) {
    switch (edit.kind) {
      case HeaderEditKind::kRemove: return 0;
      case HeaderEditKind::kRename: return 1;
      case HeaderEditKind::kSet: return 2;
      case HeaderEditKind::kAppend: return 3;
    }
    return 4;
  };
  std::sort(edits.begin(), edits.end(), [&](const HeaderEditSource& a, const HeaderEditSource& b) {
    return std::pair(rank(a), std::string_view(a.name.value)) < std::pair(rank(b), std::string_view(b.name.value));
  });
  std::vector<ShapeEditRecord> records;
  for (const HeaderEditSource& edit : edits) {
    const ClaimKind kind = edit.value_kind == EditValueKind::kClaim ? kinds.of(edit.value.value) : ClaimKind::kText;
    records.push_back(
        {edit.kind, edit.value_kind, tables.span(edit.name.value), tables.span_unless_empty(edit.value.value), kind});
  }
  return ImageTables::append(tables.shape_edits, records);
}

Range write_rewrite(const std::string& rewrite, ImageTables& tables) {
  std::vector<RewriteStepRecord> records;
  if (rewrite.empty()) return ImageTables::append(tables.rewrite_steps, records);
  for (const RewriteStep& step : split_rewrite(rewrite)) {
    const bool literal = step.kind == RewriteStepKind::kLiteral;
    records.push_back({step.kind, step.segment, literal ? tables.span(step.text) : Span{}});
  }
  return ImageTables::append(tables.rewrite_steps, records);
}

Range write_texts(const std::vector<Text>& texts, ImageTables& tables) {
  std::vector<std::string> values;
  for (const Text& text : texts) values.push_back(text.value);
  return tables.append_sorted(std::move(values));
}

}  // namespace

ClaimKinds::ClaimKinds(const std::vector<ClaimSource>& claims) {
  for (const ClaimSource& claim : claims) kinds_.emplace(claim.name.value, claim.kind);
}

ClaimKind ClaimKinds::of(std::string_view name) const {
  const auto declared = kinds_.find(name);
  return declared == kinds_.end() ? ClaimKind::kText : declared->second;
}

std::uint32_t write_shape(const ShapeSource& shape, const ClaimKinds& kinds, ImageTables& tables) {
  if (says_nothing(shape)) return kNoRow;
  ShapeRecord record;
  record.cache_class = shape.cache.cache_class;
  record.cache_ttl_s = shape.cache.ttl_s;
  record.surrogate_keys = write_texts(shape.cache.surrogate_keys, tables);
  record.key_whole_query = shape.cache.whole_query ? 1 : 0;
  record.cache_key = write_parts(shape.cache.key, kinds, tables);
  record.rate_limit = shape.rate.limit;
  record.rate_period_s = shape.rate.period_s;
  record.rate_burst = shape.rate.burst;
  record.rate_key = write_parts(shape.rate.key, kinds, tables);
  record.edits = write_edits(shape.edits, kinds, tables);
  record.rewrite = write_rewrite(shape.rewrite.value, tables);
  record.query_filter = shape.query_filter;
  record.query_names = write_texts(shape.query_names, tables);
  record.identity_headers = shape.identity_headers ? 1 : 0;
  record.hide = shape.hide ? 1 : 0;
  record.login = tables.span_unless_empty(shape.login.value);
  tables.shapes.push_back(record);
  return static_cast<std::uint32_t>(tables.shapes.size() - 1);
}

}  // namespace ostiary::policy
