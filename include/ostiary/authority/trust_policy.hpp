// Trust policies of IAM roles: what is wrong with one, and whether it agrees with a Gate about who gets the role.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/gate_test.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary {

/// Bytes of a trust policy. IAM takes far fewer.
inline constexpr std::uint32_t kTrustPolicySizeMax = 128 * 1024;

/// One claim of a token that is shown, as text; the elements of a list each for themselves.
struct TokenClaim {
  std::string name;
  std::vector<std::string> values;
  bool is_list = false;
};

/// The claims of a token, `iss` first. What is not there is absent from the token, or may be anything.
using TokenExample = std::vector<TokenClaim>;

/// One thing wrong with a trust policy.
struct TrustFinding {
  std::string id;               ///< M1 to M24, docs/trust-policies.md
  bool blocking = true;         ///< false: a warning
  bool proved = true;           ///< false: it depends on a condition that is not modelled
  SourcePlace place;            ///< of the statement, the condition or the element of its list
  std::uint32_t statement = 0;  ///< from 1
  std::string problem;          ///< one sentence
  std::string change;           ///< what to do about it, one sentence
  TokenExample witness;         ///< gets the role and should not; empty where no token shows it
};

/// A condition that is read and not modelled, so that nothing is proved where it matters.
struct TrustUnmodelled {
  SourcePlace place;
  std::string reason;
};

struct TrustLintReport {
  std::vector<GateError> errors;       ///< of the document; nothing was judged when there are any
  std::vector<TrustFinding> findings;  ///< in the order of the text
  std::vector<TrustUnmodelled> unmodelled;

  [[nodiscard]] bool blocked() const noexcept;
};

/// Judges every statement and every element of a trust policy (JSON). A witness was asked of the document again before
/// it stands here. Allocates; not for the request path. Reasons in the errors: GATE_*. Pure.
[[nodiscard]] TrustLintReport lint_trust_policy(std::string_view document, const Limits& limits = {});

/// The report as docs/trust-policies.md shows it, for programs and for people. Pure.
[[nodiscard]] std::string trust_lint_json(const TrustLintReport& report);
[[nodiscard]] std::string trust_lint_text(const TrustLintReport& report);

enum class TrustAnswer : std::uint8_t { kAgrees, kDiffers, kNotProved };

/// Whether one trust policy lets in something that another does not.
struct TrustDifference {
  std::vector<GateError> errors;  ///< of `candidate`, or of `reference` when that has none
  TrustAnswer answer = TrustAnswer::kNotProved;
  std::string asker;  ///< kDiffers: the principal, and its action
  std::string action;
  TokenExample witness;  ///< kDiffers, of a web identity: its token
  std::string reason;    ///< kNotProved: why
};

/// Whether `candidate` lets nobody in whom `reference` does not. Pure.
[[nodiscard]] TrustDifference compare_trust_policies(std::string_view candidate, std::string_view reference,
                                                     const Limits& limits = {});

}  // namespace ostiary
