#include "authority/lint_provider.hpp"
#include "authority/question.hpp"
#include "policy/line_index.hpp"
#include "policy/quote.hpp"

#include <ostiary/authority/trust_policy.hpp>
#include <ostiary/core/bytes.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace ostiary {

namespace authority {

namespace {

using policy::quote;

constexpr std::string_view kStrangeProvider = "arn:aws:iam::000000000000:oidc-provider/stranger.example";

[[nodiscard]] std::string arn_of_provider(std::string_view provider) {
  return "arn:aws:iam::000000000000:oidc-provider/" + std::string(provider);
}

/// The issuer that a key belongs to; empty for keys of requests.
[[nodiscard]] std::string key_provider(std::string_view key) {
  const std::size_t colon = key.rfind(':');
  if (colon == std::string_view::npos) return {};
  std::string prefix(key.substr(0, colon));
  for (char& c : prefix) c = ascii_lower(c);
  return prefix.find('.') == std::string::npos ? std::string() : prefix;
}

[[nodiscard]] bool is_open(const Principal& principal) {
  return principal.kind == PrincipalKind::kEveryone || principal.id.value == "*";
}

/// Those of the keys that bind a service, or an account, to whom it acts for.
[[nodiscard]] bool has_key(const Statement& statement, std::initializer_list<std::string_view> prefixes) {
  return std::any_of(statement.conditions.begin(), statement.conditions.end(), [&](const Condition& condition) {
    return std::any_of(prefixes.begin(), prefixes.end(), [&](std::string_view prefix) {
      return equals_ignoring_case(std::string_view(condition.key.value).substr(0, prefix.size()), prefix);
    });
  });
}

class Lint {
 public:
  Lint(const Document& document, std::string_view text, TrustLintReport& report)
      : document_(document), lines_(text), report_(report) {}

  void run() {
    for (const Statement& statement : document_.statements) {
      ++number_;
      judge_values(statement);
      judge_keys(statement);
      if (!statement.allow) continue;
      if (names_action(statement, kWebIdentity)) judge_web_identities(statement);
      if (names_action(statement, "sts:AssumeRole")) judge_callers(statement);
    }
    sort();
  }

 private:
  void add(Draft draft, Answer answer) {
    // One statement may be asked for several issuers, and say the same of each.
    if (!told_.insert({draft.offset, draft.id, draft.problem}).second) return;
    offsets_.push_back(draft.offset);
    report_.findings.push_back({std::move(draft.id), draft.blocking, answer.truth == Truth::kYes,
                                lines_.place(draft.offset), number_, std::move(draft.problem), std::move(draft.change),
                                std::move(answer.token)});
  }
  void warn(std::uint32_t offset, std::string problem, std::string change) {
    explained_ = true;
    add({"M17", false, offset, std::move(problem), std::move(change)}, {Truth::kYes, {}});
  }
  void leave_unmodelled(std::uint32_t offset, std::string reason) {
    report_.unmodelled.push_back({lines_.place(offset), std::move(reason)});
  }

  void judge_values(const Statement& statement) {
    explained_ = false;
    for (const Condition& condition : statement.conditions) {
      const bool is_exact =
          condition.test.compare == Compare::kEquals || condition.test.compare == Compare::kEqualsIgnoringCase;
      for (std::size_t i = 0; i < condition.values.size(); ++i) {
        const Text& value = condition.values[i];
        if (condition.test.is_text() && !condition.globs[i]) {
          leave_unmodelled(value.offset, "a variable, or letters beyond ASCII whose case is ignored");
        } else if (is_exact && value.value.find_first_of("*?") != std::string::npos) {
          warn(value.offset,
               quote(condition.name.value) + " takes the wildcard in " + quote(value.value) + " literally.",
               "Use StringLike where a wildcard is meant.");
        }
      }
    }
  }

  void judge_keys(const Statement& statement) {
    const std::vector<Asker> askers = askers_of(statement);
    for (const Condition& condition : statement.conditions) {
      const std::string provider = key_provider(condition.key.value);
      if (provider.empty()) {
        leave_unmodelled(condition.key.offset, quote(condition.key.value) + " is of the request, not of the token");
        continue;
      }
      if (!condition.test.is_text() && condition.test.compare != Compare::kNull) {
        leave_unmodelled(condition.name.offset, quote(condition.name.value) + " is not modelled");
      }
      judge_key(condition, provider, askers);
    }
  }

  void judge_key(const Condition& condition, const std::string& provider, const std::vector<Asker>& askers) {
    const auto asker =
        std::find_if(askers.begin(), askers.end(), [&](const Asker& one) { return one.provider == provider; });
    const std::string key = quote(condition.key.value);
    if (asker == askers.end()) {
      warn(condition.key.offset,
           key + " belongs to an issuer that the statement does not name, so it is always absent.",
           "Name that issuer's provider as the principal, or remove the condition.");
    } else if (view_key(condition.key.value, *asker).sight == KeyView::Sight::kUnknown) {
      leave_unmodelled(condition.key.offset, key + " is not documented");
      warn(condition.key.offset, "AWS documents no key " + key + ": what is absent meets no plain condition.",
           "Test a claim that STS shows to policies; docs/trust-policies.md lists them.");
    }
  }

  /// The web identities that a statement may be about: its providers, and where all are meant those of its keys.
  [[nodiscard]] static std::vector<Asker> askers_of(const Statement& statement) {
    std::set<std::string> names;
    bool open = statement.not_principal;
    for (const Principal& principal : statement.principals) {
      open = open || is_open(principal);
      const bool is_provider = principal.kind == PrincipalKind::kFederated && !provider_of(principal.id.value).empty();
      if (is_provider && !statement.not_principal) names.insert(principal.id.value);
    }
    for (const Condition& condition : statement.conditions) {
      const std::string provider = key_provider(condition.key.value);
      if (open && !provider.empty()) names.insert(arn_of_provider(provider));
    }
    std::vector<Asker> askers;
    for (const std::string& name : names) askers.push_back(web_identity(name));
    return askers;
  }

  void judge_web_identities(const Statement& statement) {
    judge_open_principal(statement);
    const Report report = [this](Draft draft, Answer answer) { add(std::move(draft), std::move(answer)); };
    for (const Asker& asker : askers_of(statement)) {
      if (!concerns(statement, asker)) continue;
      if (is_possible(asker, statement, budget_)) {
        ProviderLint(document_, statement, asker, budget_, report).run();
      } else if (!explained_) {
        warn(statement.offset, "No token of " + quote(asker.provider) + " can meet all conditions of this statement.",
             "Conditions are joined by \"and\", the values of one by \"or\": correct or remove the statement.");
      }
    }
  }

  void judge_open_principal(const Statement& statement) {
    const Asker stranger = web_identity(kStrangeProvider);
    if (!concerns(statement, stranger)) return;
    const Demand demand{"sub", text_value("stranger")};
    Answer answer = ask_admitted(document_, stranger, &statement, {&demand, 1}, budget_);
    if (answer.truth == Truth::kNo) return;
    const std::uint32_t offset =
        statement.principals.empty() ? statement.offset : statement.principals.front().id.offset;
    add({"M3", true, offset, "The issuer is not pinned: every OIDC provider of the account comes in.",
         "Name the provider: {\"Federated\": \"arn:aws:iam::ACCOUNT:oidc-provider/HOST\"}."},
        std::move(answer));
  }

  /// Services and other accounts, which have no token.
  void judge_callers(const Statement& statement) {
    if (statement.not_principal) return;
    const bool is_bound_service = has_key(statement, {"aws:sourcea", "aws:sourceorg"});
    const bool is_bound_account = has_key(statement, {"sts:externalid", "aws:principal", "aws:sourceidentity"});
    for (const Principal& principal : statement.principals) {
      if (principal.kind == PrincipalKind::kEveryone && statement.conditions.empty()) {
        add({"M3", true, principal.id.offset, "Everybody in every account of AWS may assume the role.",
             "Name the principals, or remove the statement."},
            {Truth::kYes, {}});
      } else if (principal.kind == PrincipalKind::kService && !is_bound_service &&
                 principal.id.value != "ec2.amazonaws.com") {
        add({"M23", false, principal.id.offset,
             quote(principal.id.value) +
                 " may act for anybody's resource: neither aws:SourceArn nor aws:SourceAccount is tested.",
             "Compare aws:SourceArn with the resource that the service acts for, where it sends it."},
            {Truth::kYes, {}});
      } else if (is_whole_account(principal) && !is_bound_account) {
        add({"M23", false, principal.id.offset,
             quote(principal.id.value) + " is a whole account, and sts:ExternalId is not tested.",
             "Compare sts:ExternalId where the account is another's, or name the role that may come in."},
            {Truth::kYes, {}});
      }
    }
  }

  [[nodiscard]] static bool is_whole_account(const Principal& principal) {
    const std::string& id = principal.id.value;
    return principal.kind == PrincipalKind::kAws && (id.ends_with(":root") || id.find(':') == std::string::npos);
  }

  void sort() {
    std::vector<std::size_t> order(report_.findings.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return offsets_[a] < offsets_[b]; });
    std::vector<TrustFinding> sorted;
    for (const std::size_t i : order) sorted.push_back(std::move(report_.findings[i]));
    report_.findings = std::move(sorted);
  }

  const Document& document_;
  policy::LineIndex lines_;
  TrustLintReport& report_;
  Budget budget_;
  std::uint32_t number_ = 0;
  bool explained_ = false;  ///< why nobody meets the conditions has been told
  std::vector<std::uint32_t> offsets_;
  std::set<std::tuple<std::uint32_t, std::string, std::string>> told_;
};

}  // namespace

}  // namespace authority

bool TrustLintReport::blocked() const noexcept {
  return std::any_of(findings.begin(), findings.end(), [](const TrustFinding& finding) { return finding.blocking; });
}

TrustLintReport lint_trust_policy(std::string_view document, const Limits& limits) {
  TrustLintReport report;
  policy::Diagnostics diagnostics(document);
  const std::optional<authority::Document> read = authority::read_document(document, limits, diagnostics);
  if (read) {
    authority::Lint(*read, document, report).run();
  } else {
    report.errors = diagnostics.take();
  }
  return report;
}

}  // namespace ostiary
