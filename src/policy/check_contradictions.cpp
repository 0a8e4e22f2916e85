#include "policy/check_contradictions.hpp"

#include "policy/quote.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace ostiary::policy {

namespace {

/// The values that a claim may still have after some conditions; nothing: any.
template <typename Value>
class Candidates {
 public:
  void keep(const std::set<Value>& values) {
    if (!left_) {
      left_ = values;
      return;
    }
    std::set<Value> both;
    std::set_intersection(left_->begin(), left_->end(), values.begin(), values.end(), std::inserter(both, both.end()));
    left_ = std::move(both);
  }

  template <typename Passes>
  void keep_if(const Passes& passes) {
    if (left_) std::erase_if(*left_, [&](const Value& value) { return !passes(value); });
  }

  [[nodiscard]] bool none_left() const { return left_ && left_->empty(); }

 private:
  std::optional<std::set<Value>> left_;
};

using Names = std::set<std::string_view>;

Names names_of(const PredicateSource& condition) {
  Names names;
  for (const Text& text : condition.texts) names.insert(text.value);
  return names;
}

/// What is asked of one claim, or of the scopes.
class Demands {
 public:
  void add(const PredicateSource& condition) { conditions_.push_back(&condition); }

  /// The condition to complain about, or nullptr.
  const PredicateSource* contradiction() {
    for (const bool excluding : {false, true}) {
      for (const PredicateSource* condition : conditions_) {
        if (is_excluding(condition->kind) == excluding && !admit(*condition)) return condition;
      }
    }
    return nullptr;
  }

 private:
  static bool is_excluding(PredicateKind kind) {
    return kind == PredicateKind::kTextNotIn || kind == PredicateKind::kIntegerNotIn ||
           kind == PredicateKind::kTextPrefix || kind == PredicateKind::kHasNone || kind == PredicateKind::kScopesNone;
  }

  /// False when it cannot hold beside those before it.
  bool admit(const PredicateSource& condition) {
    if (condition.texts.empty() && condition.integers.empty()) return true;  // what is wrong with it is said already
    const std::set<std::int64_t> integers(condition.integers.begin(), condition.integers.end());
    const Names names = names_of(condition);
    switch (condition.kind) {
      case PredicateKind::kTextIn: texts_.keep(names); break;
      case PredicateKind::kTextNotIn:
        texts_.keep_if([&](std::string_view value) { return !names.contains(value); });
        break;
      case PredicateKind::kTextPrefix:
        texts_.keep_if([&](std::string_view value) {
          return std::any_of(names.begin(), names.end(),
                             [&](std::string_view name) { return value.starts_with(name); });
        });
        break;
      case PredicateKind::kIntegerIn: integers_.keep(integers); break;
      case PredicateKind::kIntegerNotIn:
        integers_.keep_if([&](std::int64_t value) { return !integers.contains(value); });
        break;
      case PredicateKind::kHasAll:
      case PredicateKind::kScopesAll: all_ = names; break;
      case PredicateKind::kHasAny:
      case PredicateKind::kScopesAny: any_ = names; break;
      case PredicateKind::kHasNone:
      case PredicateKind::kScopesNone: return admit_none(names);
      default: break;
    }
    return !texts_.none_left() && !integers_.none_left();
  }

  [[nodiscard]] bool admit_none(const Names& none) const {
    const auto excluded = [&](std::string_view name) { return none.contains(name); };
    return std::none_of(all_.begin(), all_.end(), excluded) &&
           (any_.empty() || !std::all_of(any_.begin(), any_.end(), excluded));
  }

  std::vector<const PredicateSource*> conditions_;
  Candidates<std::string_view> texts_;
  Candidates<std::int64_t> integers_;
  Names all_;
  Names any_;
};

}  // namespace

void check_contradictions(CheckContext& context, const std::vector<PredicateSource>& conditions,
                          std::string_view owner) {
  std::map<std::string_view, Demands> by_claim;
  Demands of_scopes;
  for (const PredicateSource& condition : conditions) {
    const Dimension dimension = dimension_of(condition.kind);
    if (dimension == Dimension::kScope) of_scopes.add(condition);
    if (dimension == Dimension::kClaim) by_claim[condition.subject.value].add(condition);
  }
  const auto complain = [&](const PredicateSource* condition) {
    if (condition == nullptr) return;
    context.diagnostics.add(Reason::kGateValue, condition->offset,
                            "the " + std::string(owner) +
                                " never matches: no token meets this condition and the others of the same claim, or "
                                "of the scopes; correct one of them");
  };
  complain(of_scopes.contradiction());
  for (auto& [name, demands] : by_claim) complain(demands.contradiction());
}

}  // namespace ostiary::policy
