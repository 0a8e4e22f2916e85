#include <ostiary/core/bytes.hpp>
#include <ostiary/token/vendors.hpp>

#include <algorithm>
#include <initializer_list>
#include <string>

namespace ostiary {

namespace {

constexpr bool is_name_character(char c) noexcept {
  return is_alpha(c) || is_digit(c) || c == '.' || c == '-' || c == '_';
}

/// Text that can stand as one label or segment of an issuer: nothing that could end it and begin another.
bool is_name(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_name_character);
}

bool is_guid(std::string_view text) noexcept {
  constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  return text.size() == kForm.size() && std::equal(text.begin(), text.end(), kForm.begin(), [](char c, char form) {
           return form == '-' ? c == '-' : hex_value(c) >= 0 && ascii_lower(c) == c;
         });
}

std::string join(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

IssuerSettings settings(std::string issuer, std::string_view audience, TokenUse use) {
  IssuerSettings made;
  made.issuer = std::move(issuer);
  made.audiences = {std::string(audience)};
  made.algorithms = {Algorithm::kRs256};
  made.profile = use == TokenUse::kLogin ? TokenProfile::kIdToken : TokenProfile::kGeneric;
  return made;
}

}  // namespace

Result<IssuerSettings> okta_settings(std::string_view domain, std::string_view server, std::string_view audience,
                                     TokenUse use) {
  if (!is_name(domain) || !is_name(server) || audience.empty()) return Reason::kUsageArgument;
  return settings(join({"https://", domain, "/oauth2/", server}), audience, use);
}

Result<IssuerSettings> auth0_settings(std::string_view domain, std::string_view audience, TokenUse use) {
  if (!is_name(domain) || audience.empty()) return Reason::kUsageArgument;
  return settings(join({"https://", domain, "/"}), audience, use);
}

Result<IssuerSettings> entra_settings(std::string_view tenant, std::string_view audience, EntraVersion version,
                                      TokenUse use) {
  const bool first = version == EntraVersion::kV1;
  if (!is_guid(tenant) || audience.empty() || (first && use == TokenUse::kLogin)) return Reason::kUsageArgument;
  IssuerSettings made = settings(first ? join({"https://sts.windows.net/", tenant, "/"})
                                       : join({"https://login.microsoftonline.com/", tenant, "/v2.0"}),
                                 audience, use);
  made.required_claims = {{"tid", std::string(tenant)}, {"ver", first ? "1.0" : "2.0"}};
  return made;
}

Result<IssuerSettings> cognito_settings(std::string_view region, std::string_view user_pool, std::string_view client_id,
                                        TokenUse use) {
  if (!is_name(region) || !is_name(user_pool) || client_id.empty()) return Reason::kUsageArgument;
  IssuerSettings made = settings(join({"https://cognito-idp.", region, ".amazonaws.com/", user_pool}), client_id, use);
  const bool access = use == TokenUse::kAccess;
  if (access) made.audience_claim = AudienceClaim::kClientId;
  made.required_claims = {{"token_use", access ? "access" : "id"}};
  return made;
}

Result<std::vector<IssuerSettings>> google_settings(std::string_view client_id, std::string_view hosted_domain) {
  if (client_id.empty()) return Reason::kUsageArgument;
  std::vector<IssuerSettings> made;
  for (const std::string_view issuer : {"https://accounts.google.com", "accounts.google.com"}) {
    made.push_back(settings(std::string(issuer), client_id, TokenUse::kLogin));
    if (!hosted_domain.empty()) made.back().required_claims = {{"hd", std::string(hosted_domain)}};
  }
  return made;
}

Result<IssuerSettings> github_actions_settings(std::string_view audience, std::string_view repository) {
  const std::size_t slash = repository.find('/');
  const bool named =
      slash != std::string_view::npos && is_name(repository.substr(0, slash)) && is_name(repository.substr(slash + 1));
  if (audience.empty() || !named) return Reason::kUsageArgument;
  IssuerSettings made = settings("https://token.actions.githubusercontent.com", audience, TokenUse::kAccess);
  made.required_claims = {{"repository", std::string(repository)}};
  return made;
}

Result<IssuerSettings> keycloak_settings(std::string_view base, std::string_view realm, std::string_view audience,
                                         TokenUse use) {
  const bool has_scheme = base.starts_with("https://") || base.starts_with("http://");
  if (!has_scheme || base.ends_with('/') || !is_name(realm) || audience.empty()) return Reason::kUsageArgument;
  IssuerSettings made = settings(join({base, "/realms/", realm}), audience, use);
  made.required_claims = {{"typ", use == TokenUse::kAccess ? "Bearer" : "ID"}};
  return made;
}

Result<IssuerSettings> alb_settings(std::string_view issuer, std::string_view client_id,
                                    std::string_view load_balancer_arn) {
  const bool is_arn = load_balancer_arn.starts_with("arn:") &&
                      load_balancer_arn.find(":elasticloadbalancing:") != std::string_view::npos;
  if (issuer.empty() || client_id.empty() || !is_arn) return Reason::kUsageArgument;
  IssuerSettings made = settings(std::string(issuer), client_id, TokenUse::kAccess);
  made.algorithms = {Algorithm::kEs256};
  made.encoding = TokenEncoding::kPaddedBase64Url;
  made.audience_claim = AudienceClaim::kHeaderClient;
  made.required_header = {{"signer", std::string(load_balancer_arn)}};
  return made;
}

}  // namespace ostiary
