// One dimension at one place: the values at which the same cubes live on.
#pragma once

#include "policy/algebra/bits.hpp"
#include "policy/analysis/point.hpp"
#include "policy/analysis/predicates.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ostiary::policy::analysis {

/// A value, of whichever kind the dimension has.
struct DimensionValue {
  Value value = {};         ///< kQuery, kHeader, kAge, kClaim; kFlag, kToken and kBinding as kBoolean
  IpAddress client = {};    ///< kClient
  std::int64_t number = 0;  ///< kTime, kScheme
  bool is_literal = false;  ///< of a claim: a text that some condition names; else one of many that none does
};

struct DimensionAtom {
  DimensionValue value;
  algebra::Bits survivors;  ///< the cubes that do not fail here
};

struct Dimension {
  Subject subject;
  bool linked = false;               ///< a claim in the path depends on the choice
  bool has_set = false;              ///< whether elements are asked for
  std::vector<DimensionAtom> atoms;  ///< the dullest first
  algebra::Bits without_token;       ///< of kAge and beyond: what survives when there is no token
};

/// Values of a dimension that tell its predicates apart: for each set of predicates that can hold together at least
/// one. `extra_texts` are told apart besides. Nothing when there are too many to list. Pure.
[[nodiscard]] std::optional<std::vector<DimensionValue>> values_of(const Subject& subject,
                                                                   const std::vector<const Predicate*>& predicates,
                                                                   const std::vector<std::string>& extra_texts);

/// Whether the predicate, which is about this dimension, holds at the value; of kBinding never asked. Pure.
[[nodiscard]] bool holds_at(const Predicate& predicate, const DimensionValue& value);

/// Writes the value into a request.
void put_value(const Subject& subject, const DimensionValue& value, Point& point);

}  // namespace ostiary::policy::analysis
