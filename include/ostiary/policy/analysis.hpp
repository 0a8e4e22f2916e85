// What a Gate lets in, proved: that it stays inside a boundary, what a change opens and closes, who reaches what.
//
// The questions are about the relation of requests, identities and roles that docs/analysis.md defines. An answer is
// exact: a request that is shown was decided again before, and "none" holds for every request there is. What costs
// more than its budget is answered with kUnknown, which is neither.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/gate_test.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary {

/// What an answer may cost.
struct AnalysisBudget {
  /// Steps of the search; each is some tens of nanoseconds.
  std::uint64_t steps_max = 20'000'000;
  /// Areas told one by one; when there are more, AccessAnswer::more says so.
  std::uint32_t areas_max = 8;
};

/// Whether there is such a request.
enum class Proof : std::uint8_t {
  kUnknown,  ///< not proved: neither of the others
  kNone,     ///< proved: no request, whatever it is
  kSome,     ///< shown by a request
};

/// Requests that have a few conditions in common, all of which the question is about: none of the conditions can be
/// left out.
struct AccessArea {
  std::vector<std::string> conditions;  ///< in plain words, one each; none: every request
  std::string role;                     ///< ARN of the role they are given and for how long; empty: about access alone
  std::string request;                  ///< one of them, on one line
  std::string test;   ///< the same as an element of `tests` in a table (docs/gate-tests.md), of the Gate that allows it
  std::string rule;   ///< of the Gate that allows it: which rule does
  SourcePlace place;  ///< of this rule in its source
  std::string obstacle;  ///< why the other Gate or the boundary does not; empty where there is no other
};

/// One question, answered.
struct AccessAnswer {
  Proof proof = Proof::kUnknown;
  std::vector<AccessArea> areas;   ///< of kSome, the widest that were found first
  bool more = false;               ///< there are requests in none of the areas
  std::vector<std::string> notes;  ///< tokens that one side takes and the other does not, whatever the request
  std::string unknown;             ///< of kUnknown: what kept the answer
  std::uint64_t steps = 0;         ///< what it cost
};

/// Whether a Gate stays inside a boundary.
struct GateCheck {
  std::vector<GateError> gate_errors;      ///< nothing was asked when there are any
  std::vector<GateError> boundary_errors;  ///< the same
  AccessAnswer outside;                    ///< what the Gate allows and the boundary does not

  [[nodiscard]] bool inside() const noexcept {
    return gate_errors.empty() && boundary_errors.empty() && outside.proof == Proof::kNone;
  }
};

/// Proves that whatever `gate` allows, `boundary` allows, with at most the roles that the boundary has for it; or shows
/// what is outside. Both are Gates in JSON. Allocates; not for the request path. Reasons in the errors: all GATE_*.
/// Pure.
[[nodiscard]] GateCheck check_gate(std::string_view gate, std::string_view boundary, const AnalysisBudget& budget = {},
                                   const Limits& limits = {});

/// The check as JSON, which docs/analysis.md describes. Pure.
[[nodiscard]] std::string gate_check_json(const GateCheck& check);

/// What became of access from one edition of a Gate to the next.
enum class GateChange : std::uint8_t { kUnknown, kSame, kNarrower, kWider, kBoth };

struct GateDiff {
  std::vector<GateError> old_errors;  ///< nothing was asked when there are any
  std::vector<GateError> new_errors;  ///< the same
  AccessAnswer gained;                ///< what the new one allows and the old one did not
  AccessAnswer lost;                  ///< what the old one allowed and the new one does not
  std::vector<std::string> handled;   ///< ids of routes of both that treat the requests they let through otherwise

  [[nodiscard]] GateChange change() const noexcept;
};

/// Compares the access that two Gates give. As check_gate.
[[nodiscard]] GateDiff diff_gates(std::string_view old_gate, std::string_view new_gate,
                                  const AnalysisBudget& budget = {}, const Limits& limits = {});
[[nodiscard]] std::string gate_diff_json(const GateDiff& diff);
/// For a pull request. Pure.
[[nodiscard]] std::string gate_diff_markdown(const GateDiff& diff);

/// What is asked about; what is empty is not asked for.
struct WhoCanQuestion {
  std::string_view host;    ///< a host, or a pattern as in a Gate
  std::string_view path;    ///< a path in canonical form, or a pattern
  std::string_view method;  ///< as it is sent
  std::string_view role;    ///< the ARN of a role
};

struct WhoCan {
  std::vector<GateError> gate_errors;      ///< nothing was asked when there are any
  std::vector<GateError> question_errors;  ///< the same; line and column are 1
  AccessAnswer answer;                     ///< who is let in there, or is given the role
};

/// Who can reach a host, path and method, or assume a role. As check_gate.
[[nodiscard]] WhoCan who_can(std::string_view gate, const WhoCanQuestion& question, const AnalysisBudget& budget = {},
                             const Limits& limits = {});
[[nodiscard]] std::string who_can_json(const WhoCan& answer);

enum class LintSeverity : std::uint8_t {
  kWarning,   ///< look at it
  kBlocking,  ///< lets in whom nobody meant, or does nothing of what it says
};

/// Something in a Gate that its author should look at. docs/analysis.md lists the names.
struct LintFinding {
  std::string name;  ///< "shadowed", "M5"
  LintSeverity severity = LintSeverity::kWarning;
  std::string subject;  ///< "rule", "role" or "route"
  std::string id;
  SourcePlace place;    ///< in the source
  std::string message;  ///< what is wrong and what to change
  std::string request;  ///< one that shows it, on one line; empty where it is not shown by one
  std::string test;     ///< the same as in AccessArea
};

struct LintOptions {
  /// Seconds since 1970: rules that expired before are found. Nothing: none are.
  std::optional<std::int64_t> now_s;
  /// A table of tests of the Gate: what none of them shows is found. Absent (null): nothing is asked.
  std::string_view table;
};

struct GateLint {
  std::vector<GateError> gate_errors;   ///< nothing was asked when there are any
  std::vector<GateError> table_errors;  ///< the same
  std::vector<LintFinding> findings;    ///< in the order of the source
  std::vector<std::string> unknown;     ///< what could not be settled within the budget
};

/// Looks for rules that do nothing or too much, and for role mappings that give more than they seem to. As check_gate.
[[nodiscard]] GateLint lint_gate(std::string_view gate, const LintOptions& options = {},
                                 const AnalysisBudget& budget = {}, const Limits& limits = {});
[[nodiscard]] std::string gate_lint_json(const GateLint& lint);

}  // namespace ostiary
