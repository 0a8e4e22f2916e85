// Claims that are sets of texts: can a formula over has-any, has-all, none-of and their negations be true?
//
// A set cannot be cut into few atoms: n values make 2^n. So set claims are no dimension but a leaf: when the dimensions
// are settled, what is left to ask is whether some sets make one formula true.
#pragma once

#include "policy/algebra/diagram.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ostiary::policy::algebra {

struct SetClaim {
  std::string name;
  bool may_be_absent = true;
  bool may_be_other_kind = true;  ///< there, but no set
};

enum class SetTest : std::uint8_t {
  kHasAny,   ///< shares a value with the list; never, when that is empty
  kHasAll,   ///< holds the whole list
  kNoneOf,   ///< is a set and shares nothing with the list
  kPresent,  ///< is there, of whatever kind
  kAbsent,
};

/// Total: what is absent or no set satisfies neither kHasAny nor kHasAll nor kNoneOf, and therefore their negations.
struct SetPredicate {
  std::size_t claim = 0;  ///< place in the claims
  SetTest test = SetTest::kPresent;
  std::vector<std::string> values = {};
  bool negated = false;
};

enum class SetState : std::uint8_t { kAbsent, kOtherKind, kSet };

struct SetPoint {
  SetState state = SetState::kAbsent;
  std::vector<std::string> values = {};  ///< ascending; of kSet only

  friend bool operator==(const SetPoint&, const SetPoint&) = default;
};

/// What every claim is, by place; empty unless the verdict is kFound.
struct SetWitness {
  Verdict verdict = Verdict::kUnknown;
  std::vector<SetPoint> claims = {};
};

/// Formulas over some set claims. Nodes are put together with diagram(). Confined.
class SetClaims {
 public:
  explicit SetClaims(std::vector<SetClaim> claims, DiagramBudget budget = {});

  /// Where the predicate is true.
  [[nodiscard]] Diagram::Node node_of(const SetPredicate& predicate);
  [[nodiscard]] Diagram& diagram() { return diagram_; }

  /// Values that make a formula true: few of them, and the fewest there are for a conjunction of predicates. A claim
  /// is absent rather than of another kind, and that rather than an empty set, where either would do.
  [[nodiscard]] SetWitness witness(Diagram::Node formula) const;

 private:
  struct Variable {
    std::size_t claim = 0;
    std::string value;
  };

  [[nodiscard]] std::vector<std::uint32_t> variables_of(const SetPredicate& predicate);
  [[nodiscard]] Diagram::Node any_of(const std::vector<std::uint32_t>& variables);
  [[nodiscard]] Diagram::Node all_of(const std::vector<std::uint32_t>& variables);
  [[nodiscard]] Diagram::Node is_present(std::size_t claim);
  [[nodiscard]] Diagram::Node is_set(std::size_t claim);

  std::vector<SetClaim> claims_;
  Diagram diagram_;
  std::map<std::pair<std::size_t, std::string>, std::uint32_t> numbers_;
  std::vector<Variable> variables_;  ///< those of values, which come behind two of each claim
};

/// Whether sets satisfy all the predicates at once, and which. Within the budget exact. Pure.
[[nodiscard]] SetWitness satisfy(std::vector<SetClaim> claims, std::span<const SetPredicate> predicates,
                                 DiagramBudget budget = {});

}  // namespace ostiary::policy::algebra
