// The conditions of rules and role mappings, as a Gate image holds them.
#pragma once

#include <cstdint>
#include <string_view>

namespace ostiary {

/// Rows `first` to `first + count` of one of the image's tables.
struct Range {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

/// What a condition asks, in the order in which a rule's conditions stand: of the request, of the host, of the token.
/// The meaning of PredicateRecord's other members depends on it.
enum class PredicateKind : std::uint32_t {
  kMethodIn = 1,      ///< values.first: a mask of 1 << Method
  kSchemeIn = 2,      ///< values.first: a mask of 1 << Scheme; an unknown one is in the masks of rules that deny
  kHostIn = 3,        ///< values: texts, host patterns as in the source
  kPathIn = 4,        ///< values: patterns
  kQueryPresent = 5,  ///< subject: row of parameter_names
  kQueryAbsent = 6,
  kQueryIn = 7,         ///< values: texts
  kHeaderPresent = 10,  ///< subject: row of header_names
  kHeaderAbsent = 11,
  kHeaderIn = 12,     ///< values: texts
  kClientIn = 15,     ///< subject: row of networks
  kClientNotIn = 16,  ///< the same; an unknown client satisfies neither
  kTimeIn = 20,       ///< values: two integers, from and until: from <= now < until
  kFlagIs = 21,       ///< subject: row of flags; values.first: 0 or 1
  kIssuerIn = 30,     ///< values: texts, of iss
  kAudienceIn = 31,   ///< values: texts
  kScopesAll = 32,    ///< values: texts
  kScopesAny = 33,
  kScopesNone = 34,
  kTokenAge = 35,      ///< values.first: seconds since iat, at most
  kClaimPresent = 40,  ///< subject, here and below: row of claim_names
  kClaimAbsent = 41,
  kTextIn = 42,  ///< values: texts
  kTextNotIn = 43,
  kTextPrefix = 44,
  kIntegerIn = 45,  ///< values: integers
  kIntegerNotIn = 46,
  kBooleanIs = 47,  ///< values.first: 0 or 1
  kHasAny = 48,     ///< values: texts
  kHasAll = 49,
  kHasNone = 50,
};

/// What a condition is about, for people who ask why a rule did not match.
enum class Dimension : std::uint32_t {
  kNone = 0,
  kMethod = 1,
  kScheme = 2,
  kHost = 3,
  kPath = 4,
  kQuery = 5,
  kHeader = 6,
  kClient = 7,
  kTime = 8,
  kFlag = 9,
  kIdentity = 10,  ///< there is none
  kIssuer = 11,
  kAudience = 12,
  kScope = 13,
  kTokenAge = 14,
  kClaim = 15,
};

[[nodiscard]] constexpr Dimension dimension_of(PredicateKind kind) noexcept {
  switch (kind) {
    case PredicateKind::kMethodIn: return Dimension::kMethod;
    case PredicateKind::kSchemeIn: return Dimension::kScheme;
    case PredicateKind::kHostIn: return Dimension::kHost;
    case PredicateKind::kPathIn: return Dimension::kPath;
    case PredicateKind::kQueryPresent:
    case PredicateKind::kQueryAbsent:
    case PredicateKind::kQueryIn: return Dimension::kQuery;
    case PredicateKind::kHeaderPresent:
    case PredicateKind::kHeaderAbsent:
    case PredicateKind::kHeaderIn: return Dimension::kHeader;
    case PredicateKind::kClientIn:
    case PredicateKind::kClientNotIn: return Dimension::kClient;
    case PredicateKind::kTimeIn: return Dimension::kTime;
    case PredicateKind::kFlagIs: return Dimension::kFlag;
    case PredicateKind::kIssuerIn: return Dimension::kIssuer;
    case PredicateKind::kAudienceIn: return Dimension::kAudience;
    case PredicateKind::kScopesAll:
    case PredicateKind::kScopesAny:
    case PredicateKind::kScopesNone: return Dimension::kScope;
    case PredicateKind::kTokenAge: return Dimension::kTokenAge;
    case PredicateKind::kClaimPresent:
    case PredicateKind::kClaimAbsent:
    case PredicateKind::kTextIn:
    case PredicateKind::kTextNotIn:
    case PredicateKind::kTextPrefix:
    case PredicateKind::kIntegerIn:
    case PredicateKind::kIntegerNotIn:
    case PredicateKind::kBooleanIs:
    case PredicateKind::kHasAny:
    case PredicateKind::kHasAll:
    case PredicateKind::kHasNone: return Dimension::kClaim;
  }
  return Dimension::kNone;
}

/// As the language calls it; empty for kNone. Static. Pure.
[[nodiscard]] constexpr std::string_view dimension_name(Dimension dimension) noexcept {
  switch (dimension) {
    case Dimension::kNone: return {};
    case Dimension::kMethod: return "method";
    case Dimension::kScheme: return "scheme";
    case Dimension::kHost: return "host";
    case Dimension::kPath: return "path";
    case Dimension::kQuery: return "query";
    case Dimension::kHeader: return "header";
    case Dimension::kClient: return "client";
    case Dimension::kTime: return "time";
    case Dimension::kFlag: return "flag";
    case Dimension::kIdentity: return "identity";
    case Dimension::kIssuer: return "issuer";
    case Dimension::kAudience: return "audience";
    case Dimension::kScope: return "scope";
    case Dimension::kTokenAge: return "token_age";
    case Dimension::kClaim: return "claim";
  }
  return {};
}

/// Whether a condition about the token, which nothing without an identity satisfies.
[[nodiscard]] constexpr bool is_about_identity(PredicateKind kind) noexcept { return kind >= PredicateKind::kIssuerIn; }

/// One condition. Equal conditions of different rules are one record.
struct PredicateRecord {
  PredicateKind kind = PredicateKind::kClaimAbsent;
  std::uint32_t subject = 0;
  Range values;
};
static_assert(sizeof(PredicateRecord) == 16);

/// A path pattern of a condition.
struct PatternRecord {
  Range segments;
  std::uint32_t has_tail = 0;  ///< 1 when the pattern ends in `**`, which is not among the segments
};
static_assert(sizeof(PatternRecord) == 12);

}  // namespace ostiary
