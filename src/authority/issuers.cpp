#include "authority/issuers.hpp"

#include "authority/globs.hpp"

#include <algorithm>
#include <array>

namespace ostiary::authority {

namespace {

/// IAM User Guide, "Available keys for AWS OIDC federation": the keys of every issuer.
constexpr std::array kCommonClaims = {KnownClaim{"sub", ClaimRole::kSubject}, KnownClaim{"aud", ClaimRole::kAudience},
                                      KnownClaim{"oaud", ClaimRole::kAudience}, KnownClaim{"email", ClaimRole::kWeak},
                                      KnownClaim{"amr", ClaimRole::kOther}};

/// The same guide, for single issuers. A reusable workflow runs for whoever calls it.
constexpr std::array kGithubClaims = {
    KnownClaim{"repository", ClaimRole::kSubject},      KnownClaim{"repository_id", ClaimRole::kSubject},
    KnownClaim{"enterprise_id", ClaimRole::kSubject},   KnownClaim{"actor", ClaimRole::kWeak},
    KnownClaim{"actor_id", ClaimRole::kDetail},         KnownClaim{"workflow", ClaimRole::kWeak},
    KnownClaim{"job_workflow_ref", ClaimRole::kDetail}, KnownClaim{"ref", ClaimRole::kWeak},
    KnownClaim{"environment", ClaimRole::kWeak}};
constexpr std::array kGoogleClaims = {KnownClaim{"google/organization_number", ClaimRole::kSubject}};
constexpr std::array kCircleClaims = {KnownClaim{"oidc.circleci.com/project-id", ClaimRole::kSubject}};
/// amr says which identity pool and whether anybody logged in; aud is the pool, which is the tenant.
constexpr std::array kCognitoClaims = {KnownClaim{"aud", ClaimRole::kSubject}, KnownClaim{"amr", ClaimRole::kDetail}};

constexpr std::string_view kStrangeAudience = "https://other.example";

constexpr std::array kIssuers = {
    KnownIssuer{"GitHub Actions", "token.actions.githubusercontent.com", "repo:", '/', ':', ":ref:refs/heads/main",
                "repo:stranger/app:ref:refs/heads/main", "https://github.com/stranger", true, true, ":pull_request",
                kGithubClaims},
    KnownIssuer{"GitLab",
                "gitlab.com",
                "project_path:",
                '/',
                ':',
                ":ref_type:branch:ref:main",
                "project_path:stranger/app:ref_type:branch:ref:main",
                kStrangeAudience,
                true,
                false,
                "",
                {}},
    KnownIssuer{"Amazon EKS",
                "oidc.eks.*.amazonaws.com*/id/*",
                "system:serviceaccount:",
                ':',
                '\0',
                "",
                "system:serviceaccount:stranger:app",
                kStrangeAudience,
                false,
                false,
                "",
                {}},
    KnownIssuer{"Google", "accounts.google.com", "", '\0', '\0', "", "100000000000000000001",
                "stranger.apps.googleusercontent.com", true, false, "", kGoogleClaims},
    KnownIssuer{"CircleCI", "oidc.circleci.com/org/*", "org/", '/', '\0', "",
                "org/00000000-0000-4000-8000-000000000001/project/00000000-0000-4000-8000-000000000002/user/"
                "00000000-0000-4000-8000-000000000003",
                kStrangeAudience, false, false, "", kCircleClaims},
    KnownIssuer{"Terraform Cloud",
                "app.terraform.io",
                "organization:",
                ':',
                '\0',
                "",
                "organization:stranger:project:app:workspace:app:run_phase:apply",
                kStrangeAudience,
                true,
                false,
                "",
                {}},
    KnownIssuer{"Buildkite",
                "agent.buildkite.com",
                "organization:",
                ':',
                '\0',
                "",
                "organization:stranger:pipeline:app:ref:refs/heads/main:commit:0:step:deploy",
                kStrangeAudience,
                true,
                false,
                "",
                {}},
    KnownIssuer{"Amazon Cognito identity pools", "cognito-identity.amazonaws.com", "", '\0', '\0', "",
                "eu-west-1:00000000-0000-4000-8000-000000000001", "eu-west-1:00000000-0000-4000-8000-000000000002",
                true, false, "", kCognitoClaims},
    KnownIssuer{"an OIDC provider", "*", "", '\0', '\0', "", "stranger", kStrangeAudience, false, false, "", {}},
};

}  // namespace

std::span<const KnownIssuer> known_issuers() noexcept { return kIssuers; }

const KnownIssuer& known_issuer(std::string_view provider) {
  for (const KnownIssuer& issuer : kIssuers) {
    // GitHub's enterprises have a path of their own.
    const Glob host = pattern_glob(issuer.provider);
    if (matches(host, provider) || matches(host, provider.substr(0, provider.find('/')))) return issuer;
  }
  return kIssuers.back();
}

const KnownClaim* find_claim(const KnownIssuer& issuer, std::string_view claim) noexcept {
  const auto in = [&](std::span<const KnownClaim> claims) -> const KnownClaim* {
    const auto found = std::find_if(claims.begin(), claims.end(), [&](const KnownClaim& c) { return c.name == claim; });
    return found == claims.end() ? nullptr : &*found;
  };
  const KnownClaim* const own = in(issuer.claims);
  return own != nullptr ? own : in(kCommonClaims);
}

}  // namespace ostiary::authority
