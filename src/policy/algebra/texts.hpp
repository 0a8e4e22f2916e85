// One declared text (a scalar claim, a header) as a dimension: literals, prefixes, absent, of another kind.
#pragma once

#include "policy/algebra/bits.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::policy::algebra {

enum class TextTest : std::uint8_t {
  kEqualsAny,     ///< is one of the values
  kHasAnyPrefix,  ///< starts with one of the values; every text starts with ""
  kPresent,       ///< is there, of whatever kind
  kAbsent,
};

/// Total: what is absent or no text satisfies neither equality nor prefix, and therefore satisfies their negation.
struct TextPredicate {
  TextTest test = TextTest::kPresent;
  std::vector<std::string> values = {};
  bool negated = false;
};

enum class TextState : std::uint8_t {
  kAbsent,
  kOtherKind,  ///< there, but no text: a claim that is a number where text was declared
  kText,
};

/// One value of the dimension. `text` is meaningful for kText only.
struct TextPoint {
  TextState state = TextState::kAbsent;
  std::string text = {};

  friend bool operator==(const TextPoint&, const TextPoint&) = default;
};

struct TextAtom {
  TextPoint example;
  Bits holds;
};

/// What a value can be besides a text.
struct TextUniverse {
  bool may_be_absent = true;
  bool may_be_other_kind = true;  ///< false for a header
};

/// The joint classes of some predicates over one text. Immutable once made.
class TextPartition {
 public:
  /// Values of the universe with the same predicates share an atom. An example is a literal, or else a short readable
  /// text that is none and has no longer prefix than its class; the same predicates make the same examples. Takes
  /// O(n · length · log n) and a Bits for each literal and prefix. Pure.
  explicit TextPartition(std::span<const TextPredicate> predicates, TextUniverse universe = {});

  /// No two with the same `holds`.
  [[nodiscard]] const std::vector<TextAtom>& atoms() const& { return atoms_; }
  void atoms() const&& = delete;  // the atoms go with the object
  /// The predicates that hold at a value, which need not be in the universe.
  [[nodiscard]] Bits holds_at(const TextPoint& point) const;

 private:
  using Index = std::map<std::string, Bits, std::less<>>;

  void add_predicate(std::size_t number, const TextPredicate& predicate);
  void add_atoms(TextUniverse universe);
  [[nodiscard]] bool is_fresh(std::string_view text, std::string_view region) const;
  [[nodiscard]] bool find_fresh(std::string_view region, std::string& text) const;

  std::size_t count_ = 0;
  Index literals_;   ///< the predicates that a value makes true by being equal
  Index prefixes_;   ///< the predicates that a value makes true by starting with it
  Bits if_present_;  ///< the predicates kPresent
  Bits if_absent_;
  Bits negated_;
  std::vector<TextAtom> atoms_;
};

}  // namespace ostiary::policy::algebra
