// Ready settings for the issuers teams meet most, each with its departures from the standards.
#pragma once

#include <ostiary/core/result.hpp>
#include <ostiary/token/issuer_settings.hpp>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace ostiary {

/// What a token is for.
enum class TokenUse : std::uint8_t { kAccess = 0, kLogin = 1 };

/// Okta custom authorization servers. Access tokens have no typ, `cid` instead of client_id and `scp` as a list.
/// `domain` such as `acme.okta.com`; `server` the id of the authorization server, such as `default`; `audience` the
/// API's audience, or the client id for logins. RS256.
/// Reasons of all functions here: USAGE_ARGUMENT when a part is empty or has a character that cannot stand in it.
/// Allocate.
[[nodiscard]] Result<IssuerSettings> okta_settings(std::string_view domain, std::string_view server,
                                                   std::string_view audience, TokenUse use = TokenUse::kAccess);

/// Auth0. The issuer ends in a slash; access tokens say typ JWT or, in its RFC 9068 dialect, at+jwt. RS256.
[[nodiscard]] Result<IssuerSettings> auth0_settings(std::string_view domain, std::string_view audience,
                                                    TokenUse use = TokenUse::kAccess);

/// Which of Entra ID's two token formats an application's manifest asks for (requestedAccessTokenVersion).
enum class EntraVersion : std::uint8_t { kV1 = 1, kV2 = 2 };

/// Microsoft Entra ID, one tenant. The two formats have different issuers; both name the tenant in `tid`, which is
/// required here, and the format in `ver`. `tenant` is the tenant's id (a GUID), not a domain and not `common`: tokens
/// of every tenant share keys. Logins are of the second format. RS256.
[[nodiscard]] Result<IssuerSettings> entra_settings(std::string_view tenant, std::string_view audience,
                                                    EntraVersion version = EntraVersion::kV2,
                                                    TokenUse use = TokenUse::kAccess);

/// Amazon Cognito user pools. Access tokens have no aud: `client_id` takes its place; `token_use` tells access from
/// id. `audience` is the app client's id for both. RS256.
[[nodiscard]] Result<IssuerSettings> cognito_settings(std::string_view region, std::string_view user_pool,
                                                      std::string_view client_id, TokenUse use = TokenUse::kAccess);

/// Google ID tokens, of logins and of service accounts. Google writes iss with and without `https://`: the settings are
/// two issuers with the same keys. `hosted_domain`, when not empty, must be the `hd` claim: without it every Google
/// account passes. RS256.
[[nodiscard]] Result<std::vector<IssuerSettings>> google_settings(std::string_view client_id,
                                                                  std::string_view hosted_domain = {});

/// GitHub Actions. Any repository of the world can have such a token, so `repository` (`owner/name`) is required as the
/// claim of that name. RS256.
[[nodiscard]] Result<IssuerSettings> github_actions_settings(std::string_view audience, std::string_view repository);

/// Keycloak. `base` such as `https://login.example` or, for old versions, `https://login.example/auth`. The kind of a
/// token stands in the claim `typ`: Bearer or ID. Access tokens name an audience only when the client has a mapper
/// for it. RS256.
[[nodiscard]] Result<IssuerSettings> keycloak_settings(std::string_view base, std::string_view realm,
                                                       std::string_view audience, TokenUse use = TokenUse::kAccess);

/// AWS Application Load Balancer, field `x-amzn-oidc-data`. The parts are padded, the audience stands in the header as
/// `client`, and `signer` there must be this load balancer's ARN: all load balancers of a region share keys.
/// `issuer` is that of the identity provider behind it. ES256.
[[nodiscard]] Result<IssuerSettings> alb_settings(std::string_view issuer, std::string_view client_id,
                                                  std::string_view load_balancer_arn);

}  // namespace ostiary
