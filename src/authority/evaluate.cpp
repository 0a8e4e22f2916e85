#include "authority/evaluate.hpp"

#include "authority/issuers.hpp"

#include <ostiary/core/bytes.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace ostiary::authority {

namespace {

[[nodiscard]] std::string lowered(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = ascii_lower(c);
  return result;
}

[[nodiscard]] Truth negation(Truth truth) noexcept {
  return truth == Truth::kUnknown ? truth : truth_of(truth == Truth::kNo);
}

[[nodiscard]] bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// The account that an ARN or a bare number speaks of; empty for none.
[[nodiscard]] std::string_view account_of(std::string_view id) {
  if (id.size() == 12 && std::all_of(id.begin(), id.end(), is_digit)) return id;
  if (!id.starts_with("arn:")) return {};
  for (int i = 0; i < 4; ++i) {
    const std::size_t colon = id.find(':');
    if (colon == std::string_view::npos) return {};
    id.remove_prefix(colon + 1);
  }
  return id.substr(0, id.find(':'));
}

/// A number, or the root of an account, stands for everybody in it (IAM User Guide, "AWS account principals").
[[nodiscard]] bool is_whole_account(std::string_view id) {
  return !account_of(id).empty() && (id.size() == 12 || id.ends_with(":root"));
}

[[nodiscard]] bool is_named(const Principal& principal, const Asker& asker) {
  if (principal.kind == PrincipalKind::kEveryone) return true;
  if (principal.kind != asker.kind) return false;
  if (principal.id.value == "*" || principal.id.value == asker.id) return true;
  return principal.kind == PrincipalKind::kAws && is_whole_account(principal.id.value) &&
         account_of(principal.id.value) == account_of(asker.id);
}

/// IAM folds the case of actions.
[[nodiscard]] bool is_action(std::string_view pattern, std::string_view action) {
  Glob glob = pattern_glob(pattern);
  glob.folds = true;
  return matches(glob, action);
}

/// The pattern that a value of a text condition is; nothing where a variable stands in it.
[[nodiscard]] std::optional<Glob> value_glob(const Document& document, const Condition& condition,
                                             std::string_view value) {
  const bool is_like = condition.test.compare == Compare::kLike;
  Glob glob;
  glob.folds = condition.test.compare == Compare::kEqualsIgnoringCase;
  // How IAM folds letters beyond ASCII is not documented.
  if (glob.folds && !is_ascii(value)) return std::nullopt;
  while (!value.empty()) {
    const std::size_t dollar = document.has_variables ? std::min(value.find("${"), value.size()) : value.size();
    const Glob part = is_like ? pattern_glob(value.substr(0, dollar)) : literal_glob(value.substr(0, dollar));
    glob.symbols.insert(glob.symbols.end(), part.symbols.begin(), part.symbols.end());
    value.remove_prefix(dollar);
    if (value.empty()) break;
    // IAM User Guide, "Policy variables": ${*}, ${?} and ${$} are the characters themselves.
    const bool is_escape =
        value.size() >= 4 && value[3] == '}' && std::string_view("*?$").find(value[2]) != std::string_view::npos;
    if (!is_escape) return std::nullopt;
    glob.symbols.push_back(static_cast<unsigned char>(value[2]));
    value.remove_prefix(4);
  }
  return glob;
}

/// Whether one of the listed values matches this text.
[[nodiscard]] Truth is_listed(const Condition& condition, std::string_view text) {
  const std::u32string characters = characters_of(text);
  Truth truth = Truth::kNo;
  for (const std::optional<Glob>& glob : condition.globs) {
    if (!glob) {
      truth = Truth::kUnknown;
    } else if (matches(*glob, characters)) {
      return Truth::kYes;
    }
  }
  return truth;
}

[[nodiscard]] Truth holds_for(const Condition& condition, std::string_view text) {
  const Truth listed = is_listed(condition, text);
  return condition.test.negated ? negation(listed) : listed;
}

/// IAM User Guide, "Single-valued vs. multivalued context keys": each value for itself, then any or all of them.
[[nodiscard]] Truth holds_for_set(const Condition& condition, const Value& value) {
  const bool any = condition.test.quantifier == Quantifier::kAnyValue;
  Truth truth = truth_of(!any);
  for (const std::string& text : value.texts) {
    const Truth one = holds_for(condition, text);
    truth = any ? std::max(truth, one) : std::min(truth, one);
  }
  return truth;
}

[[nodiscard]] Truth holds_absent(const Condition& condition) {
  if (condition.test.if_exists || condition.test.quantifier == Quantifier::kAllValues) return Truth::kYes;
  if (condition.test.quantifier == Quantifier::kAnyValue) return Truth::kNo;
  return truth_of(condition.test.negated);
}

[[nodiscard]] Truth holds_null(const Condition& condition, bool absent) {
  return truth_of(std::any_of(condition.values.begin(), condition.values.end(),
                              [&](const Text& value) { return (value.value == "true") == absent; }));
}

}  // namespace

std::string provider_of(std::string_view federated) {
  constexpr std::string_view kResource = ":oidc-provider/";
  if (federated.starts_with("arn:")) {
    const std::size_t at = federated.find(kResource);
    return at == std::string_view::npos ? std::string() : lowered(federated.substr(at + kResource.size()));
  }
  // IAM User Guide, "OIDC federated principals": the providers that need no ARN.
  constexpr std::array<std::string_view, 4> kBuiltIn = {"accounts.google.com", "cognito-identity.amazonaws.com",
                                                        "graph.facebook.com", "www.amazon.com"};
  return std::find(kBuiltIn.begin(), kBuiltIn.end(), federated) == kBuiltIn.end() ? std::string()
                                                                                  : std::string(federated);
}

Asker web_identity(std::string_view federated) {
  return {PrincipalKind::kFederated, std::string(federated), provider_of(federated), std::string(kWebIdentity)};
}

KeyView view_key(std::string_view key, const Asker& asker) {
  const std::size_t colon = key.rfind(':');
  if (colon == std::string_view::npos) return {};
  const std::string prefix = lowered(key.substr(0, colon));
  const std::string claim = lowered(key.substr(colon + 1));
  // Keys of services have one word before the colon, those of issuers a host.
  if (prefix.find('.') == std::string::npos) return {KeyView::Sight::kUnknown, claim};
  if (prefix != asker.provider) return {KeyView::Sight::kNever, claim};
  const bool documented = find_claim(known_issuer(asker.provider), claim) != nullptr;
  return {documented ? KeyView::Sight::kClaim : KeyView::Sight::kUnknown, claim};
}

bool names_principal(const Statement& statement, const Asker& asker) {
  return statement.not_principal != std::any_of(statement.principals.begin(), statement.principals.end(),
                                                [&](const Principal& one) { return is_named(one, asker); });
}

bool names_action(const Statement& statement, std::string_view action) {
  return statement.not_action != std::any_of(statement.actions.begin(), statement.actions.end(),
                                             [&](const Text& one) { return is_action(one.value, action); });
}

bool concerns(const Statement& statement, const Asker& asker) {
  return names_principal(statement, asker) && names_action(statement, asker.action);
}

void prepare(const Document& document, Condition& condition) {
  condition.globs.clear();
  if (!condition.test.is_text()) return;
  for (const Text& value : condition.values) condition.globs.push_back(value_glob(document, condition, value.value));
}

Truth holds(const Condition& condition, const Value& value) {
  const bool absent = value.kind == ValueKind::kAbsent || (value.kind == ValueKind::kTextSet && value.texts.empty());
  if (condition.test.compare == Compare::kNull) return holds_null(condition, absent);
  if (absent) return holds_absent(condition);
  if (!condition.test.is_text()) return Truth::kUnknown;
  if (value.kind != ValueKind::kText && value.kind != ValueKind::kTextSet) return Truth::kUnknown;
  if (condition.test.quantifier != Quantifier::kNone) return holds_for_set(condition, value);
  // What an operator without a quantifier makes of several values, IAM does not document.
  if (value.kind == ValueKind::kTextSet) return Truth::kUnknown;
  return holds_for(condition, value.texts.front());
}

Truth holds(const Statement& statement, const Asker& asker, const Claims& claims) {
  if (!concerns(statement, asker)) return Truth::kNo;
  Truth truth = Truth::kYes;
  for (const Condition& condition : statement.conditions) {
    const KeyView key = view_key(condition.key.value, asker);
    Truth one = Truth::kUnknown;
    if (key.sight == KeyView::Sight::kClaim) one = holds(condition, claims(key.claim));
    if (key.sight == KeyView::Sight::kNever) one = holds(condition, Value{});
    truth = std::min(truth, one);
  }
  return truth;
}

Truth admits(const Document& document, const Asker& asker, const Claims& claims) {
  Truth allowed = Truth::kNo;
  Truth denied = Truth::kNo;
  for (const Statement& statement : document.statements) {
    Truth& truth = statement.allow ? allowed : denied;
    truth = std::max(truth, holds(statement, asker, claims));
  }
  return std::min(allowed, negation(denied));
}

}  // namespace ostiary::authority
