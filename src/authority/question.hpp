// Questions about who a trust policy lets in, answered with a token or a proof that there is none.
#pragma once

#include "authority/boxes.hpp"
#include "authority/document.hpp"
#include "authority/evaluate.hpp"

#include <ostiary/authority/trust_policy.hpp>

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ostiary::authority {

/// How the claims of a condition key are called as a dimension of the question.
using ClaimNames = std::function<std::string(std::string_view claim)>;

/// What conditions leave of all tokens: no more than `upper`, no less than `lower`. They differ where something is not
/// modelled.
struct Bounds {
  Box lower;
  Box upper;
};

/// Of all statements that concern the asker.
struct Sides {
  std::vector<Box> allow_lower;
  std::vector<Box> allow_upper;
  std::vector<Box> deny_lower;
  std::vector<Box> deny_upper;
};

/// Makes the space tell apart what the conditions of the statement do.
void add_conditions(Space& space, const Statement& statement, const Asker& asker, const ClaimNames& names);
void add_document(Space& space, const Document& document, const Asker& asker, const ClaimNames& names);

[[nodiscard]] Bounds bounds_of(const Space& space, const Statement& statement, const Asker& asker,
                               const ClaimNames& names);
[[nodiscard]] Sides sides_of(const Space& space, const Document& document, const Asker& asker, const ClaimNames& names);

/// Claims go by their own names.
[[nodiscard]] std::string own_name(std::string_view claim);

/// `iss` of the asker and what the point says of other claims.
[[nodiscard]] TokenExample example_of(const Space& space, const Point& point, const Asker& asker);
[[nodiscard]] Claims claims_of(const Space& space, const Point& point, const ClaimNames& names);

/// The token has exactly this.
struct Demand {
  std::string claim;
  Value value;
};

struct Answer {
  Truth truth = Truth::kNo;  ///< kUnknown: not proved
  TokenExample token;        ///< kYes
};

/// Whether a token that is as demanded comes in by this statement (nullptr: by some), no Deny against it.
[[nodiscard]] Answer ask_admitted(const Document& document, const Asker& asker, const Statement* statement,
                                  std::span<const Demand> demands, Budget& budget);

/// Whether any token at all meets the conditions of the statement, for all that is known.
[[nodiscard]] bool is_possible(const Asker& asker, const Statement& statement, Budget& budget);

}  // namespace ostiary::authority
