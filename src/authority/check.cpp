// Role mappings of a Gate against the trust policies of their roles, both ways.
#include "adapt/outline.hpp"
#include "authority/mapped_door.hpp"
#include "authority/mapping.hpp"
#include "authority/question.hpp"
#include "policy/compile_source.hpp"
#include "policy/quote.hpp"

#include <ostiary/authority/trust_policy.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace ostiary {

namespace authority {

namespace {

constexpr const char* kUnmodelled = "a condition that is not modelled, or a path that depends on the token, decides";
constexpr const char* kTooMany = "the patterns are too many to be told apart";

/// `PARTITION:iam::ACCOUNT` of an ARN of a role.
[[nodiscard]] std::string account_part(std::string_view role_arn) {
  return std::string(role_arn.substr(0, role_arn.find(":role/")));
}

/// The provider's name in the account of the role; only there STS looks for it.
[[nodiscard]] std::string provider_name(std::string_view role_arn, std::string_view host) {
  const bool is_built_in = !provider_of(host).empty();
  return is_built_in ? std::string(host) : account_part(role_arn) + ":oidc-provider/" + std::string(host);
}

[[nodiscard]] std::string host_of(std::string_view issuer) {
  constexpr std::string_view kScheme = "https://";
  return std::string(issuer.starts_with(kScheme) ? issuer.substr(kScheme.size()) : issuer);
}

/// The claims of a point as a token has them.
[[nodiscard]] std::string claims_json(const Space& space, const Point& point) {
  adapt::Outline object = adapt::Outline::object();
  for (std::size_t i = 0; i < point.size(); ++i) {
    const std::string& name = space.dimensions()[i].claim;
    const Value& value = point[i];
    if (value.kind == ValueKind::kText) object.set(name, value.texts.front());
    if (value.kind == ValueKind::kInteger) object.set(name, value.integer);
    if (value.kind == ValueKind::kBoolean) object.set(name, value.integer == 1);
    if (value.kind != ValueKind::kTextSet) continue;
    adapt::Outline list = adapt::Outline::list();
    std::string scopes;
    for (const std::string& element : value.texts) {
      list.add(element);
      scopes += (scopes.empty() ? "" : " ") + element;
    }
    object.set(name, name == "scope" ? adapt::Outline(std::move(scopes)) : std::move(list));
  }
  return object.json();
}

/// One role, one issuer: the two sets of tokens in one space.
class Pair {
 public:
  Pair(const Document& document, Asker asker, ClaimNames names, Budget& budget)
      : document_(document), asker_(std::move(asker)), names_(std::move(names)), budget_(budget) {}

  void add(Mapping mapping) { mappings_.push_back(std::move(mapping)); }

  /// Asks the Gate again; `maps` says whether it maps a token of these claims.
  using Maps = std::function<bool(std::string_view claims)>;

  void ask(TrustRoleCheck& check, const Maps& maps) {
    add_document(space_, document_, asker_, names_);
    // STS takes no token without an audience that the provider lists (AWS STS API, AssumeRoleWithWebIdentity).
    space_.dimension(names_("aud")).always = true;
    tell_unseen(check);
    bool same_kinds = true;
    for (const Mapping& mapping : mappings_) same_kinds = mapping.add_to(space_) && same_kinds;
    if (!same_kinds)
      return leave(check, "the Gate declares a claim otherwise than as the text that the policy compares");
    if (!space_.settle(budget_)) return leave(check, kTooMany);
    const Sides trust = sides_of(space_, document_, asker_, names_);
    const Mapped mapped = mapped_tokens([](std::string_view /*claim*/) { return false; });
    const Found refused = find_difference(space_, mapped.lower, {}, trust.allow_upper, trust.deny_lower, budget_);
    const Found any_refused = find_difference(space_, mapped.upper, {}, trust.allow_lower, trust.deny_upper, budget_);
    check.refused = verdict(refused, any_refused, [&](const Point& point) {
      return maps(claims_json(space_, point)) && admitted(point) == Truth::kNo;
    });
    const auto is_way_around = [&](const Point& point) {
      return !maps(claims_json(space_, point)) && admitted(point) == Truth::kYes;
    };
    // As if STS saw all that the mapping asks for: what is left then, the policy could keep out.
    check.around =
        ask_around(trust, mapped_tokens([&](std::string_view claim) { return is_unseen(claim); }), is_way_around);
    if (check.around.answer != TrustAnswer::kAgrees || check.unseen.empty()) return;
    check.around = ask_around(trust, mapped, is_way_around);
    check.around_is_unseen = check.around.answer == TrustAnswer::kDiffers;
  }

 private:
  struct Mapped {
    std::vector<Box> lower;
    std::vector<Box> upper;
  };
  [[nodiscard]] Mapped mapped_tokens(const Mapping::Ignored& ignored) const {
    Mapped mapped;
    for (const Mapping& mapping : mappings_) mapping.add_bounds(space_, ignored, mapped.lower, mapped.upper);
    return mapped;
  }

  [[nodiscard]] TrustVerdict ask_around(const Sides& trust, const Mapped& mapped,
                                        const std::function<bool(const Point&)>& again) {
    const Found around = find_difference(space_, trust.allow_lower, trust.deny_upper, mapped.upper, {}, budget_);
    const Found any = find_difference(space_, trust.allow_upper, trust.deny_lower, mapped.lower, {}, budget_);
    return verdict(around, any, again);
  }

  [[nodiscard]] Truth admitted(const Point& point) const {
    return admits(document_, asker_, claims_of(space_, point, names_));
  }

  static void leave(TrustRoleCheck& check, const char* reason) {
    check.refused = {TrustAnswer::kNotProved, {}, reason};
    check.around = check.refused;
  }

  [[nodiscard]] TrustVerdict verdict(const Found& sure, const Found& any,
                                     const std::function<bool(const Point&)>& again) const {
    if (sure.search == Search::kFound && again(sure.point)) {
      return {TrustAnswer::kDiffers, example_of(space_, sure.point, asker_), {}};
    }
    if (sure.search == Search::kFound) return {TrustAnswer::kNotProved, {}, "the Gate itself answers otherwise"};
    if (any.search == Search::kNone && sure.search == Search::kNone) return {TrustAnswer::kAgrees, {}, {}};
    const bool overrun = any.search == Search::kOverrun || sure.search == Search::kOverrun;
    return {TrustAnswer::kNotProved, {}, overrun ? "the question is beyond its budget" : kUnmodelled};
  }

  void tell_unseen(TrustRoleCheck& check) const {
    std::set<std::string> unseen;
    for (const Mapping& mapping : mappings_) {
      for (const ClaimTest& test : mapping.tests()) {
        if (is_unseen(test.claim)) unseen.insert(test.claim);
      }
    }
    check.unseen.assign(unseen.begin(), unseen.end());
  }

  /// Whether STS keeps the claim to itself. The audience it sees in azp where the token has that.
  [[nodiscard]] bool is_unseen(std::string_view claim) const {
    if (claim == "azp" && names_("aud") == "azp") return false;
    return view_key(asker_.provider + ":" + std::string(claim), asker_).sight == KeyView::Sight::kUnknown;
  }

  const Document& document_;
  Asker asker_;
  ClaimNames names_;
  Budget& budget_;
  Space space_;
  std::vector<Mapping> mappings_;
};

class Check {
 public:
  Check(const policy::GateSource& source, const Gate& gate, const Limits& limits, TrustCheckReport& report)
      : source_(source), door_(gate, limits), report_(report) {}

  void role(std::string_view arn, const Document& document) {
    std::set<std::string> providers;
    for (const policy::IssuerSource& issuer : source_.issuers) {
      if (judge_issuer(arn, document, issuer)) providers.insert(lowered_host(issuer.issuer.value));
    }
    for (const Asker& asker : others(arn, document)) {
      if (!providers.insert(asker.provider).second) continue;
      TrustRoleCheck check{
          std::string(arn), "https://" + asker.id.substr(asker.id.size() - asker.provider.size()), {}, {}, {}, {}};
      Budget budget;
      Pair(document, asker, own_name, budget).ask(check, [](std::string_view /*claims*/) { return false; });
      // A provider by which nobody comes in is nothing to tell.
      if (check.around.answer != TrustAnswer::kAgrees) report_.checks.push_back(std::move(check));
    }
  }

 private:
  [[nodiscard]] static std::string lowered_host(std::string_view issuer) {
    return provider_of("arn:aws:iam::0:oidc-provider/" + host_of(issuer));
  }

  /// Whether some mapping to the role takes the issuer.
  bool judge_issuer(std::string_view arn, const Document& document, const policy::IssuerSource& issuer) {
    Budget budget;
    TrustRoleCheck check{std::string(arn), issuer.issuer.value, {}, {}, {}, {}};
    Pair pair(document, web_identity(provider_name(arn, host_of(issuer.issuer.value))), claim_names(issuer), budget);
    for (const policy::RoleSource& role : source_.roles) {
      Mapping mapping(source_, role, issuer);
      if (role.role_arn.value != arn || !mapping.takes_issuer()) continue;
      check.mappings.push_back(mapping.id());
      pair.add(std::move(mapping));
    }
    if (check.mappings.empty()) return false;
    pair.ask(check, [&](std::string_view claims) { return door_.maps(issuer, claims, arn); });
    report_.checks.push_back(std::move(check));
    return true;
  }

  /// Providers in the role's account that its policy may let in by itself.
  [[nodiscard]] static std::vector<Asker> others(std::string_view arn, const Document& document) {
    std::set<std::string> hosts{"stranger.example"};
    for (const Statement& statement : document.statements) {
      for (const Principal& principal : statement.principals) {
        const std::string& id = principal.id.value;
        const std::string provider = provider_of(id);
        if (!provider.empty()) hosts.insert(id.substr(id.size() - provider.size()));
      }
      for (const Condition& condition : statement.conditions) {
        const std::string prefix = condition.key.value.substr(0, condition.key.value.rfind(':'));
        if (prefix.find('.') != std::string::npos) hosts.insert(prefix);
      }
    }
    std::vector<Asker> askers;
    for (const std::string& host : hosts) askers.push_back(web_identity(provider_name(arn, host)));
    return askers;
  }

  const policy::GateSource& source_;
  MappedDoor door_;
  TrustCheckReport& report_;
};

/// The documents by their roles; errors go into the report.
[[nodiscard]] std::map<std::string, Document> read_documents(std::span<const RoleTrust> roles, const Limits& limits,
                                                             TrustCheckReport& report) {
  std::map<std::string, Document> documents;
  for (const RoleTrust& role : roles) {
    policy::Diagnostics diagnostics(role.document);
    std::optional<Document> document = read_document(role.document, limits, diagnostics);
    if (!document) {
      report.document_errors.push_back({std::string(role.role_arn), diagnostics.take()});
    } else if (!documents.emplace(role.role_arn, std::move(*document)).second) {
      report.document_errors.push_back(
          {std::string(role.role_arn), {{Reason::kGateDuplicateId, 1, 1, "the role has two documents; give one"}}});
    }
  }
  return documents;
}

[[nodiscard]] bool is_mapped(const policy::GateSource& source, std::string_view arn) {
  return std::any_of(source.roles.begin(), source.roles.end(),
                     [&](const policy::RoleSource& role) { return role.role_arn.value == arn; });
}

void check_documents(const policy::GateSource& source, const Gate& gate, const Limits& limits,
                     const std::map<std::string, Document>& documents, TrustCheckReport& report) {
  Check check(source, gate, limits, report);
  for (const auto& [arn, document] : documents) check.role(arn, document);
  std::set<std::string> unchecked;
  for (const policy::RoleSource& role : source.roles) {
    if (!documents.contains(role.role_arn.value)) unchecked.insert(role.role_arn.value);
  }
  report.unchecked.assign(unchecked.begin(), unchecked.end());
}

}  // namespace

}  // namespace authority

bool TrustCheckReport::agrees() const noexcept {
  return sound() && std::all_of(checks.begin(), checks.end(), [](const TrustRoleCheck& check) {
           return check.refused.answer == TrustAnswer::kAgrees;
         });
}

TrustCheckReport check_trust_policies(std::string_view gate, std::span<const RoleTrust> roles, const Limits& limits) {
  TrustCheckReport report;
  policy::Diagnostics diagnostics(gate);
  const std::optional<policy::GateSource> source = policy::parse_source(gate, limits, diagnostics);
  const std::string image = source ? policy::compile_source(*source, limits, diagnostics) : std::string();
  if (!diagnostics.empty()) report.gate_errors = diagnostics.take();
  std::map<std::string, authority::Document> documents = authority::read_documents(roles, limits, report);
  for (const RoleTrust& role : roles) {
    if (!report.gate_errors.empty() || authority::is_mapped(*source, role.role_arn)) continue;
    report.document_errors.push_back(
        {std::string(role.role_arn),
         {{Reason::kGateReference, 1, 1, "no mapping of the Gate is to " + policy::quote(role.role_arn)}}});
  }
  if (!report.sound()) return report;
  const Result<Gate> loaded = Gate::load(image);
  if (loaded) authority::check_documents(*source, *loaded, limits, documents, report);
  return report;
}

}  // namespace ostiary
