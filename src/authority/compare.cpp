#include "authority/question.hpp"

#include <ostiary/authority/trust_policy.hpp>
#include <ostiary/core/bytes.hpp>

#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ostiary {

namespace authority {

namespace {

/// All that a trust policy can let somebody do (AWS Service Authorization Reference, AWS Security Token Service).
constexpr std::array<std::string_view, 6> kActions = {
    "sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity",
    "sts:TagSession", "sts:SetSourceIdentity",  "sts:SetContext"};

/// One asker for everybody whom the two documents do not tell apart.
class Askers {
 public:
  Askers(const Document& a, const Document& b) {
    add(PrincipalKind::kAws, "arn:aws:iam::000000000000:role/stranger");
    add(PrincipalKind::kService, "stranger.amazonaws.com");
    add(PrincipalKind::kCanonicalUser, "stranger");
    add(PrincipalKind::kFederated, "arn:aws:iam::000000000000:oidc-provider/stranger.example");
    add(PrincipalKind::kFederated, "arn:aws:iam::000000000000:saml-provider/stranger");
    for (const Document* document : {&a, &b}) {
      for (const Statement& statement : document->statements) add_statement(statement);
    }
  }

  [[nodiscard]] const std::map<std::pair<PrincipalKind, std::string>, Asker>& all() const { return askers_; }

 private:
  void add(PrincipalKind kind, const std::string& id) {
    const std::string provider = kind == PrincipalKind::kFederated ? provider_of(id) : std::string();
    askers_.insert({{kind, id}, {kind, id, provider, {}}});
    // The same issuer in another account.
    if (!provider.empty())
      askers_.insert({{kind, other_account(provider)}, {kind, other_account(provider), provider, {}}});
  }
  [[nodiscard]] static std::string other_account(const std::string& provider) {
    return "arn:aws:iam::000000000000:oidc-provider/" + provider;
  }

  void add_statement(const Statement& statement) {
    for (const Principal& principal : statement.principals) {
      const std::string& id = principal.id.value;
      if (principal.kind == PrincipalKind::kEveryone || id == "*") continue;
      // The root of an account is nobody's own: it does as everybody else in the account.
      add(principal.kind, id.find(':') == std::string::npos && principal.kind == PrincipalKind::kAws
                              ? "arn:aws:iam::" + id + ":root"
                              : id);
    }
    for (const Condition& condition : statement.conditions) {
      const std::size_t colon = condition.key.value.rfind(':');
      if (colon == std::string::npos) continue;
      std::string prefix = condition.key.value.substr(0, colon);
      for (char& c : prefix) c = ascii_lower(c);
      if (prefix.find('.') != std::string::npos) add(PrincipalKind::kFederated, other_account(prefix));
    }
  }

  std::map<std::pair<PrincipalKind, std::string>, Asker> askers_;
};

/// Of one asker with one action.
[[nodiscard]] TrustDifference compare_for(const Document& a, const Document& b, const Asker& asker, Budget& budget) {
  Space space;
  add_document(space, a, asker, own_name);
  add_document(space, b, asker, own_name);
  const std::string who = asker.id + " with " + asker.action;
  if (!space.settle(budget))
    return {{}, TrustAnswer::kNotProved, {}, {}, {}, "the patterns for " + who + " are too many"};
  const Sides mine = sides_of(space, a, asker, own_name);
  const Sides other = sides_of(space, b, asker, own_name);
  const Found sure =
      find_difference(space, mine.allow_lower, mine.deny_upper, other.allow_upper, other.deny_lower, budget);
  if (sure.search == Search::kFound) {
    const Claims claims = claims_of(space, sure.point, own_name);
    if (admits(a, asker, claims) == Truth::kYes && admits(b, asker, claims) == Truth::kNo) {
      return {{}, TrustAnswer::kDiffers, asker.id, asker.action, example_of(space, sure.point, asker), {}};
    }
  }
  const Found perhaps =
      find_difference(space, mine.allow_upper, mine.deny_lower, other.allow_lower, other.deny_upper, budget);
  if (perhaps.search == Search::kNone && sure.search == Search::kNone)
    return {{}, TrustAnswer::kAgrees, {}, {}, {}, {}};
  return {{}, TrustAnswer::kNotProved, {}, {}, {}, "a condition that is not modelled decides about " + who};
}

[[nodiscard]] TrustDifference compare(const Document& candidate, const Document& reference) {
  const Askers askers(candidate, reference);
  Budget budget;
  TrustDifference result;
  result.answer = TrustAnswer::kAgrees;
  for (const auto& entry : askers.all()) {
    for (const std::string_view action : kActions) {
      Asker asker = entry.second;
      asker.action = std::string(action);
      TrustDifference one = compare_for(candidate, reference, asker, budget);
      if (one.answer == TrustAnswer::kDiffers) return one;
      if (one.answer == TrustAnswer::kNotProved) result = std::move(one);
    }
  }
  return result;
}

}  // namespace

}  // namespace authority

TrustDifference compare_trust_policies(std::string_view candidate, std::string_view reference, const Limits& limits) {
  std::optional<authority::Document> documents[2];
  for (int i = 0; i < 2; ++i) {
    const std::string_view text = i == 0 ? candidate : reference;
    policy::Diagnostics diagnostics(text);
    documents[i] = authority::read_document(text, limits, diagnostics);
    if (!documents[i]) return {diagnostics.take(), TrustAnswer::kNotProved, {}, {}, {}, "the document is not sound"};
  }
  return authority::compare(*documents[0], *documents[1]);
}

}  // namespace ostiary
