// Who reaches a place, or is given a role.
#include "policy/analysis/answer.hpp"
#include "policy/pattern.hpp"
#include "policy/quote.hpp"

#include <ostiary/http/request.hpp>
#include <ostiary/policy/analysis.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace ostiary {

namespace {

using namespace policy;
using namespace policy::analysis;

constexpr std::size_t kGate = 0;
constexpr GroupId kAskedPlace = kFreeGroup;

class QuestionReader {
 public:
  QuestionReader(const WhoCanQuestion& question, const GateSource& gate, const Limits& limits)
      : question_(question), gate_(gate), limits_(limits) {}

  /// The place as literals; errors when something that is asked for is none.
  [[nodiscard]] Cube place(PredicateTable& table) {
    Cube cube;
    const auto add = [&](Aspect aspect, PredicateKind kind, std::vector<std::string> texts,
                         std::vector<std::int64_t> integers) {
      cube.push_back({table.intern(make_predicate({aspect}, kind, std::move(texts), std::move(integers)))});
    };
    if (!question_.method.empty()) add(Aspect::kMethod, PredicateKind::kMethodIn, {}, {method_mask()});
    if (!question_.host.empty()) add(Aspect::kHost, PredicateKind::kHostIn, {std::string(question_.host)}, {});
    if (!question_.path.empty()) {
      const std::string fault = path_pattern_fault(question_.path, limits_.path_segments_max);
      if (!fault.empty()) fail(Reason::kGatePattern, "path: " + fault);
      if (question_.path.find('{') != std::string_view::npos)
        fail(Reason::kGatePattern, "path: expected no claim; use \"*\"");
      if (errors_.empty()) add(Aspect::kPath, PredicateKind::kPathIn, {std::string(question_.path)}, {});
    }
    return cube;
  }

  [[nodiscard]] std::vector<std::uint32_t> roles() {
    std::vector<std::uint32_t> roles;
    for (std::uint32_t i = 0; i < gate_.roles.size(); ++i) {
      if (gate_.roles[i].role_arn.value == question_.role) roles.push_back(i);
    }
    return roles;
  }

  [[nodiscard]] std::vector<GateError> take_errors() { return std::move(errors_); }

 private:
  void fail(Reason reason, std::string message) { errors_.push_back({reason, 1, 1, std::move(message)}); }

  std::int64_t method_mask() {
    const auto* const name = std::find(kMethodNames.begin(), kMethodNames.end(), question_.method);
    if (name == kMethodNames.end()) {
      fail(Reason::kGateValue,
           "method: expected one that a Gate knows, as GET, found " + quote(std::string(question_.method)));
      return 0;
    }
    return std::int64_t{1} << (name - kMethodNames.begin());
  }

  const WhoCanQuestion& question_;
  const GateSource& gate_;
  const Limits& limits_;
  std::vector<GateError> errors_;
};

}  // namespace

WhoCan who_can(std::string_view gate, const WhoCanQuestion& question, const AnalysisBudget& budget,
               const Limits& limits) {
  WhoCan result;
  const ReadGate read(gate, limits);
  result.gate_errors = read.errors;
  if (!read.source) return result;
  const std::array<const GateSource*, 1> sources = {&*read.source};
  Solver solver(sources, budget.steps_max);
  QuestionReader reader(question, *read.source, limits);
  const Cube place = reader.place(solver.predicates());
  result.question_errors = reader.take_errors();
  if (!result.question_errors.empty()) return result;

  std::vector<Formula> parts{allowed(kGate), Formula::group(kAskedPlace)};
  Selection selection;
  if (!question.role.empty()) {
    selection.roles = reader.roles();
    parts.push_back(Formula::group(group_of(kGate, Part::kAskedRole)));
  }
  Asked asked{
      {Formula::all(std::move(parts)), {selection}, {{kAskedPlace, place}}, {place}}, kGate, {}, selection.roles};
  result.answer = answer(solver, {std::move(asked)}, {&read}, budget);
  return result;
}

std::string who_can_json(const WhoCan& result) {
  adapt::Outline outline = adapt::Outline::object();
  outline.set("gate_errors", outline_of(result.gate_errors));
  outline.set("question_errors", outline_of(result.question_errors));
  outline.set("answer", outline_of(result.answer));
  return outline.json();
}

}  // namespace ostiary
