// Role mappings that give a role to more than they seem to: the findings M1 to M21 that can be seen in a Gate.
#pragma once

#include "policy/analysis/answer.hpp"
#include "policy/analysis/solver.hpp"

#include <ostiary/policy/analysis.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ostiary::policy::analysis {

/// Made before the solver is cut, since it asks about texts that no rule names; run after. Borrows everything.
class RoleLint {
 public:
  RoleLint(Solver& solver, const ReadGate& gate, GateLint& lint);

  void run();

 private:
  /// A text that a condition lets in, though it is of somebody else.
  struct Stranger {
    std::uint32_t role = 0;
    const char* name = "";  ///< of the finding
    LintSeverity severity = LintSeverity::kBlocking;
    std::string message;
    PredicateId is_text = 0;
  };

  void expect_strangers(std::uint32_t role, const PredicateSource& condition, const std::string& value);
  void expect(std::uint32_t role, const std::string& claim, const char* name, const std::string& text,
              std::string message);
  void add(std::uint32_t role, const char* name, LintSeverity severity, std::string message, const Point* shown);
  [[nodiscard]] Finding ask(std::uint32_t role, std::vector<Formula> parts, std::vector<GroupedCube> cubes = {});
  void look_at_subject(std::uint32_t role);
  void look_at_issuer(std::uint32_t role);
  void look_at_names(std::uint32_t role);
  void look_at_session(std::uint32_t role);
  void look_at_ambiguity(std::uint32_t role);
  void look_at_strangers();

  Solver& solver_;
  const ReadGate& gate_;
  GateLint& lint_;
  std::vector<Stranger> strangers_;
};

}  // namespace ostiary::policy::analysis
