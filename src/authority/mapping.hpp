// A role mapping of a Gate as a set of tokens of one issuer.
#pragma once

#include "authority/question.hpp"
#include "policy/source.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::authority {

/// What is asked of one claim.
struct ClaimTest {
  std::string claim;
  ValueKind kind = ValueKind::kText;
  std::vector<Glob> globs;
  std::vector<std::int64_t> integers;
  std::function<bool(const Value&)> holds;
};

/// Where the issuer's tokens say for whom they are.
[[nodiscard]] std::string_view audience_claim(const policy::IssuerSource& issuer);

/// How the claims that STS sees are called in tokens of this issuer: with azp, STS takes that for the audience.
[[nodiscard]] ClaimNames claim_names(const policy::IssuerSource& issuer);

/// The tokens of an issuer that one mapping takes, whatever else the request is. Borrows the Gate.
class Mapping {
 public:
  Mapping(const policy::GateSource& gate, const policy::RoleSource& role, const policy::IssuerSource& issuer);

  [[nodiscard]] const std::string& id() const noexcept { return role_.id.value; }
  /// Whether tokens of the issuer can be mapped at all.
  [[nodiscard]] bool takes_issuer() const noexcept { return takes_issuer_; }
  [[nodiscard]] const std::vector<ClaimTest>& tests() const noexcept { return tests_; }

  /// False when a claim is declared as of another kind than the policy compares.
  [[nodiscard]] bool add_to(Space& space) const;

  /// The tokens, once for each way in which a route binds claims. `lower` is empty where a condition on the request
  /// depends on the token. What is asked of claims that `ignored` says it of is left out.
  using Ignored = std::function<bool(std::string_view claim)>;
  void add_bounds(const Space& space, const Ignored& ignored, std::vector<Box>& lower, std::vector<Box>& upper) const;

 private:
  void add_issuer(const policy::IssuerSource& issuer);
  void add_predicate(const policy::PredicateSource& predicate, const policy::IssuerSource& issuer);
  void add_texts(std::string_view claim, const policy::PredicateSource& predicate);
  void add_set(std::string_view claim, const policy::PredicateSource& predicate);
  void add_integers(const policy::PredicateSource& predicate);
  void add_presence(const policy::PredicateSource& predicate);
  void add_routes();
  [[nodiscard]] ValueKind kind_of(std::string_view claim) const;
  [[nodiscard]] Box box_of(const Space& space, const Ignored& ignored, const std::vector<ClaimTest>& more) const;

  const policy::GateSource& gate_;
  const policy::RoleSource& role_;
  bool takes_issuer_ = true;
  bool is_exact_ = true;
  std::vector<ClaimTest> tests_;
  std::vector<std::vector<ClaimTest>> bindings_;  ///< one of these holds
};

}  // namespace ostiary::authority
