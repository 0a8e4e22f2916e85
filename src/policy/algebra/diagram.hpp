// Boolean functions as reduced ordered decision diagrams (Bryant, 1986): what is the same function is the same node.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace ostiary::policy::algebra {

/// What diagrams may cost. Conjunctions of "one of these" can double them each time: the question is NP-complete.
struct DiagramBudget {
  std::size_t nodes_max = 65'536;
  std::size_t steps_max = 1'000'000;    ///< of all operations together
  std::uint32_t variables_max = 4'096;  ///< also bounds the depth of recursion
};

enum class Verdict : std::uint8_t {
  kUnknown,  ///< the budget did not suffice; means neither of the others
  kNone,     ///< no assignment makes the function true
  kFound,
};

/// An assignment: these variables are true, all others false.
struct Assignment {
  Verdict verdict = Verdict::kUnknown;
  std::vector<std::uint32_t> variables = {};  ///< ascending
};

/// Some functions over the same variables. Once an operation overran the budget its result is kOverrun, and so is all
/// that is made of it; nodes made before stay good. Confined.
class Diagram {
 public:
  using Node = std::uint32_t;
  static constexpr Node kFalse = 0;
  static constexpr Node kTrue = 1;
  static constexpr Node kOverrun = UINT32_MAX;

  explicit Diagram(DiagramBudget budget = {});

  /// True where the variable is. Lower numbers are asked first.
  [[nodiscard]] Node variable(std::uint32_t number);
  [[nodiscard]] Node negate(Node a) { return choose(a, kFalse, kTrue); }
  [[nodiscard]] Node both(Node a, Node b) { return choose(a, b, kFalse); }
  [[nodiscard]] Node either(Node a, Node b) { return choose(a, kTrue, b); }
  /// `then` where the condition is true, else `otherwise`.
  [[nodiscard]] Node choose(Node condition, Node then, Node otherwise);

  /// An assignment with the fewest variables true for which the function is true. Linear in the nodes.
  [[nodiscard]] Assignment fewest_true(Node node) const;

  [[nodiscard]] std::size_t node_count() const { return nodes_.size(); }

 private:
  struct Record {
    std::uint32_t variable = 0;
    Node low = kFalse;  // where the variable is false; made before this node, as `high` is
    Node high = kFalse;
  };
  using Triple = std::array<std::uint32_t, 3>;
  struct TripleHash {
    std::size_t operator()(const Triple& triple) const;
  };

  [[nodiscard]] Node node_of(std::uint32_t variable, Node low, Node high);
  [[nodiscard]] Node compute(Node condition, Node then, Node otherwise);
  [[nodiscard]] Node branch(Node node, std::uint32_t variable, bool value) const;

  DiagramBudget budget_;
  std::vector<Record> nodes_;
  std::unordered_map<Triple, Node, TripleHash> unique_;    // by variable, low, high
  std::unordered_map<Triple, Node, TripleHash> computed_;  // by condition, then, otherwise
};

}  // namespace ostiary::policy::algebra
