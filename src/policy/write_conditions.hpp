// Writes the conditions of rules and role mappings, each different one once.
#pragma once

#include "policy/image_tables.hpp"
#include "policy/source.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace ostiary::policy {

/// The rows of what conditions read in the request, and whether they look at its path.
struct ConditionReads {
  std::vector<std::uint32_t> headers;
  std::vector<std::uint32_t> parameters;
  bool path = false;
};

/// The conditions in the order in which an image has them.
[[nodiscard]] std::vector<const PredicateSource*> in_order(const std::vector<PredicateSource>& predicates);

class ConditionWriter {
 public:
  /// Borrows both.
  ConditionWriter(const GateSource& gate, ImageTables& tables);

  /// The conditions as a range of condition_rows, in order of kind.
  Range add(const std::vector<PredicateSource>& predicates);

  /// The row of a condition that the path has this pattern; kNoRow when the pattern names no claim.
  std::uint32_t add_binding(const std::string& pattern);

  std::uint32_t claim(const std::string& name) { return name_row(claims_, tables_.claim_names, name); }

  std::uint32_t header(const std::string& name) { return name_row(headers_, tables_.header_names, name); }

  /// The segments of a path pattern, without its tail.
  Range segments(const std::string& pattern);

  [[nodiscard]] ConditionReads reads(Range conditions) const;

 private:
  using Rows = std::map<std::string, std::uint32_t>;

  std::uint32_t name_row(Rows& rows, std::vector<Span>& table, const std::string& name);
  std::uint32_t row_of(const PredicateRecord& record);
  PredicateRecord record_of(const PredicateSource& source);
  std::uint32_t subject_of(const PredicateSource& source);
  Range values_of(const PredicateSource& source);
  Range text_values(const PredicateSource& source);
  Range integer_values(const PredicateSource& source);
  Range pattern_values(const std::vector<Text>& patterns);
  std::uint32_t network_row(const std::vector<Text>& names);

  ImageTables& tables_;
  std::map<std::string_view, std::string_view> issuers_;      ///< iss by id
  std::map<std::string_view, const NetworkSource*> sources_;  ///< networks by id
  Rows claims_;
  Rows headers_;
  Rows parameters_;
  Rows flags_;
  std::map<std::vector<std::string>, std::uint32_t> networks_;
  std::map<std::vector<std::string>, Range> texts_;
  std::map<std::vector<std::int64_t>, Range> integers_;
  std::map<std::vector<std::string>, Range> patterns_;
  std::map<std::array<std::uint32_t, 4>, std::uint32_t> predicates_;
};

}  // namespace ostiary::policy
