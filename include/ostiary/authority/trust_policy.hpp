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
inline constexpr std::uint32_t kTrustPolicySizeMax = 32 * 1024;

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

/// A role and its trust policy (JSON).
struct RoleTrust {
  std::string_view role_arn;
  std::string_view document;
};

/// One of the two questions about a role and an issuer.
struct TrustVerdict {
  TrustAnswer answer = TrustAnswer::kNotProved;
  TokenExample witness;  ///< kDiffers
  std::string reason;    ///< kNotProved: why
};

/// A role, and an issuer of the Gate that some mapping to it takes, or that its trust policy names.
struct TrustRoleCheck {
  std::string role_arn;
  std::string issuer;                 ///< its URL
  std::vector<std::string> mappings;  ///< ids of those that take this issuer; empty: none
  std::vector<std::string> unseen;    ///< claims that they ask for and STS does not show to policies
  TrustVerdict refused;               ///< kDiffers: the Gate maps this token to the role, and the policy refuses it
  TrustVerdict around;                ///< kDiffers: the policy lets this token in, and no mapping to the role does
  bool around_is_unseen = false;      ///< `around` differs, and would agree if STS saw those claims
};

/// Errors of one trust policy.
struct TrustDocumentErrors {
  std::string role_arn;
  std::vector<GateError> errors;
};

struct TrustCheckReport {
  std::vector<GateError> gate_errors;                ///< nothing was asked when there are any, here and below
  std::vector<TrustDocumentErrors> document_errors;  ///< only of documents that have some
  std::vector<TrustRoleCheck> checks;
  std::vector<std::string> unchecked;  ///< roles of the Gate for which no trust policy was given

  [[nodiscard]] bool sound() const noexcept { return gate_errors.empty() && document_errors.empty(); }
  /// Whether every token that the Gate maps to one of the roles is proved to be taken by its policy.
  [[nodiscard]] bool agrees() const noexcept;
};

/// Whether the role mappings of a Gate (JSON source) and the trust policies of their roles agree about web identities:
/// docs/trust-policies.md says what a mapping can and cannot know. A witness was asked of the compiled Gate and of the
/// document again before it stands here. Allocates; not for the request path. Reasons in the errors: GATE_*. Pure.
[[nodiscard]] TrustCheckReport check_trust_policies(std::string_view gate, std::span<const RoleTrust> roles,
                                                    const Limits& limits = {});

[[nodiscard]] std::string trust_check_json(const TrustCheckReport& report);
[[nodiscard]] std::string trust_check_text(const TrustCheckReport& report);

}  // namespace ostiary
