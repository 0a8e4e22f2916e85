// What the Gates of a question ask of requests, each condition once: equal conditions of different rules are one
// predicate.
#pragma once

#include "policy/source.hpp"

#include <ostiary/http/ip_address.hpp>
#include <ostiary/http/request.hpp>
#include <ostiary/policy/predicate.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostiary::policy::analysis {

/// What a predicate is about. The first three place a request; of the others each, with its name, is a dimension, up to
/// the sets, which are settled last.
enum class Aspect : std::uint8_t {
  kMethod,
  kHost,
  kPath,
  kToken,  ///< there is a verified identity; all below kClient are about it
  kScheme,
  kFlag,  ///< by name
  kTime,
  kClient,
  kQuery,   ///< by name
  kHeader,  ///< by name
  kAge,
  kClaim,    ///< by name: of which kind it is, and its value unless that is a set
  kBinding,  ///< by claim and segment of the path: they are equal
  kAudience,
  kScopes,
  kSet,  ///< by claim: its elements, when it is a set
};

[[nodiscard]] constexpr bool is_place(Aspect aspect) noexcept { return aspect <= Aspect::kPath; }
[[nodiscard]] constexpr bool is_set(Aspect aspect) noexcept { return aspect >= Aspect::kAudience; }
[[nodiscard]] constexpr bool is_of_token(Aspect aspect) noexcept { return aspect >= Aspect::kAge; }

/// A dimension: an aspect, and of which claim, header, parameter or flag. `segment` is kBinding's, from 0.
struct Subject {
  Aspect aspect = Aspect::kToken;
  std::string name = {};
  std::uint32_t segment = 0;

  friend auto operator<=>(const Subject&, const Subject&) = default;
};

/// A condition that a request meets or not, whatever the rule it stands in.
struct Predicate {
  Subject subject;
  /// How it is asked. kHasAny, kHasAll and kHasNone of kClaim ask whether the claim is a set at all.
  PredicateKind kind = PredicateKind::kClaimPresent;
  std::vector<std::string> texts = {};      ///< ascending; patterns have `*` in place of `{claim}`
  std::vector<std::int64_t> integers = {};  ///< as in PredicateSource
  std::vector<AddressBlock> blocks = {};    ///< of kClient

  friend bool operator==(const Predicate&, const Predicate&) = default;
};

/// With everything but blocks.
[[nodiscard]] Predicate make_predicate(Subject subject, PredicateKind kind, std::vector<std::string> texts = {},
                                       std::vector<std::int64_t> integers = {});

using PredicateId = std::uint32_t;

/// A predicate, or that it does not hold.
struct Literal {
  PredicateId predicate = 0;
  bool negated = false;

  friend auto operator<=>(const Literal&, const Literal&) = default;
};

/// Requests that meet all of some literals, in ascending order.
using Cube = std::vector<Literal>;

/// Puts a literal in its place.
void add_literal(Cube& cube, Literal literal);

/// Both cubes at once.
[[nodiscard]] Cube both(const Cube& a, const Cube& b);

/// All predicates of a question, numbered. Confined.
class PredicateTable {
 public:
  [[nodiscard]] PredicateId intern(Predicate predicate);
  [[nodiscard]] const Predicate& operator[](PredicateId id) const { return predicates_[id]; }
  [[nodiscard]] std::size_t size() const { return predicates_.size(); }

 private:
  std::vector<Predicate> predicates_;
  std::map<std::string, PredicateId, std::less<>> numbers_;
};

}  // namespace ostiary::policy::analysis
