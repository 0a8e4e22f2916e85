// The tables of a Gate image while it is being written.
#pragma once

#include "policy/write_routes.hpp"

#include <ostiary/policy/gate.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ostiary::policy {

/// Every table under the name it has in GateHeader. Spans count from the start of the pool until `assemble`.
struct ImageTables {
  GateHeader header;
  std::vector<std::int64_t> integers;
  std::vector<GateReview> reviews;
  std::vector<IssuerRecord> issuers;
  std::vector<OriginRecord> origins;
  std::vector<IdentityHeaderRecord> identity_headers;
  std::vector<HostRecord> exact_hosts;
  std::vector<HostRecord> wildcard_hosts;
  RouteTables route_index;
  std::vector<RouteRecord> routes;
  std::vector<SegmentRecord> segments;
  std::vector<RuleBlockRecord> rule_blocks;
  std::vector<BlockRuleRecord> block_rules;
  std::vector<RuleRecord> rules;
  std::vector<RoleRecord> roles;
  std::vector<SessionTagRecord> session_tags;
  std::vector<std::uint32_t> route_roles;
  std::vector<std::uint32_t> condition_rows;
  std::vector<PredicateRecord> predicates;
  std::vector<PatternRecord> patterns;
  std::vector<Span> networks;
  std::vector<Span> claim_names;
  std::vector<Span> header_names;
  std::vector<Span> parameter_names;
  std::vector<std::uint32_t> read_names;
  std::vector<Span> flags;
  std::vector<ShapeRecord> shapes;
  std::vector<ShapeEditRecord> shape_edits;
  std::vector<KeyPartRecord> key_parts;
  std::vector<RewriteStepRecord> rewrite_steps;
  std::vector<Span> texts;
  std::vector<Reason> waivers;

  /// Each text is stored once.
  Span span(const std::string& text);

  /// The same; absent when empty.
  Span span_unless_empty(const std::string& text) { return text.empty() ? Span{} : span(text); }

  template <typename Record>
  static Range append(std::vector<Record>& table, const std::vector<Record>& records) {
    const Range range{static_cast<std::uint32_t>(table.size()), static_cast<std::uint32_t>(records.size())};
    table.insert(table.end(), records.begin(), records.end());
    return range;
  }

  /// A set is stored in order, so that its order in the source leaves no trace.
  Range append_sorted(std::vector<std::string> values);

  /// Bytes behind all that was stored before: unlike texts they are stored again.
  Span blob(const std::string& bytes);

  /// Bytes of the image as it is so far.
  [[nodiscard]] std::uint64_t size();

  /// The image, whose size must fit 32 bits; the tables are of no use after it.
  [[nodiscard]] std::string assemble();

 private:
  template <typename Visit>
  void for_each_table(Visit visit);
  void make_spans_absolute(std::uint32_t pool_offset);

  std::string pool_;
  std::map<std::string, std::uint32_t> offsets_;
};

}  // namespace ostiary::policy
