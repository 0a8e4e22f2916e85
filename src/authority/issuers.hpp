// What is known of issuers whose tokens AWS roles are given for: how their subjects are made, and what STS sees.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace ostiary::authority {

/// What a claim says about who holds the token.
enum class ClaimRole : std::uint8_t {
  kSubject,  ///< the tenant, and mostly the workload in it
  kWeak,     ///< chosen by whoever runs the workload, or by its user
  kDetail,   ///< narrows, but every tenant may have the same value
  kAudience,
  kOther,
};

struct KnownClaim {
  std::string_view name;
  ClaimRole role;
};

/// Subjects are `prefix`, the tenant up to `tenant_end`, the workload up to `name_end` (0: the end), and more.
struct KnownIssuer {
  std::string_view name;
  std::string_view provider;  ///< a pattern of the issuer's URL without https://
  std::string_view subject_prefix;
  char tenant_end;  ///< 0: nothing is known of the subject
  char name_end;
  std::string_view subject_rest;  ///< what may follow the workload
  std::string_view stranger;      ///< the subject of somebody else
  std::string_view strange_audience;
  bool shared;                         ///< whoever registers has tokens of it
  bool has_immutable;                  ///< numbers stand for tenant and workload too (GitHub's owner@id/name@id)
  std::string_view pull_request;       ///< in place of `subject_rest`: what anybody may have run; empty: none
  std::span<const KnownClaim> claims;  ///< that STS sees, besides those of every issuer
};

/// Of the issuer with this URL without https://, in lower case; that for all others where nothing is known.
[[nodiscard]] const KnownIssuer& known_issuer(std::string_view provider);

[[nodiscard]] std::span<const KnownIssuer> known_issuers() noexcept;

/// What the claim is at this issuer; nullptr for one that STS does not show to policies.
[[nodiscard]] const KnownClaim* find_claim(const KnownIssuer& issuer, std::string_view claim) noexcept;

}  // namespace ostiary::authority
