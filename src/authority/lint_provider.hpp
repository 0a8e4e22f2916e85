// What is wrong with one statement that lets in web identities of one issuer.
#pragma once

#include "authority/issuers.hpp"
#include "authority/question.hpp"
#include "authority/subjects.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ostiary::authority {

/// A finding whose place is not yet a line.
struct Draft {
  std::string id;
  bool blocking = true;
  std::uint32_t offset = 0;
  std::string problem;
  std::string change;
};

using Report = std::function<void(Draft draft, Answer answer)>;

/// Borrows everything. Confined.
class ProviderLint {
 public:
  ProviderLint(const Document& document, const Statement& statement, Asker asker, Budget& budget, const Report& report)
      : document_(document),
        statement_(statement),
        asker_(std::move(asker)),
        issuer_(known_issuer(asker_.provider)),
        budget_(budget),
        report_(report) {}

  void run();

 private:
  struct Tested {
    const Condition* condition;
    KnownClaim claim;
  };
  struct Element {
    const Text* value;
    Glob glob;
    PatternView view;
  };

  void collect();
  [[nodiscard]] std::vector<std::string> plain_subjects() const;
  [[nodiscard]] Answer ask(std::vector<Demand> demands);
  void report_if_admitted(Draft draft, std::vector<Demand> demands);

  void judge_lax();
  void judge_audience();
  void judge_audience_patterns(const Condition& condition);
  [[nodiscard]] bool judge_stranger();
  void report_stranger(const Answer& answer, bool told);
  void report_untested(const Answer& answer);
  [[nodiscard]] bool judge_patterns(const Tested& tested);
  [[nodiscard]] bool judge_element(const Tested& tested, const Element& element, const KnownIssuer& shape,
                                   bool others_are_clean);
  void judge_names(const Tested& tested);
  void judge_name(const Element& element, bool has_immutable_sibling, bool is_pinned);
  void judge_pull_requests();
  void report_pull_request(std::uint32_t offset, const std::string& subject);

  [[nodiscard]] std::vector<Element> elements(const Tested& tested, const KnownIssuer& shape) const;
  [[nodiscard]] const KnownIssuer& shape_of(const KnownClaim& claim) const;
  [[nodiscard]] bool is_strict(const Tested& tested) const;
  [[nodiscard]] const Tested* first_of(ClaimRole role) const;
  [[nodiscard]] std::vector<Demand> stranger() const;
  [[nodiscard]] bool another_statement_tests_subject() const;

  const Document& document_;
  const Statement& statement_;
  Asker asker_;
  const KnownIssuer& issuer_;
  Budget& budget_;
  const Report& report_;
  std::vector<Tested> tested_;
};

}  // namespace ostiary::authority
