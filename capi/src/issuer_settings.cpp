#include "issuer_settings.hpp"

#include <ostiary/token/vendors.hpp>

#include <array>
#include <memory>

using ostiary::IssuerSettings;
using ostiary::Reason;
using ostiary::RequiredMember;
using ostiary::Result;
namespace capi = ostiary::capi;

namespace {

ostiary_reason copy_options(const ostiary_verifier_options* options, ostiary_verifier_options& copy,
                            ostiary_error* error) {
  if (options == nullptr) return capi::refuse_argument(error, "options is NULL");
  const Reason copied = capi::copy_struct(options, copy, 0, offsetof(ostiary_verifier_options, profile));
  return copied == Reason::kOk ? OSTIARY_OK : capi::report(error, {copied, 0});
}

bool copy_members(const ostiary_pair* pairs, std::size_t count, std::vector<RequiredMember>& members) {
  if (pairs == nullptr && count != 0) return false;
  for (std::size_t i = 0; i < count; ++i) {
    std::string_view name;
    std::string_view value;
    if (!capi::to_view(pairs[i].name, name) || !capi::to_view(pairs[i].value, value) || name.empty()) return false;
    members.push_back({std::string(name), std::string(value)});
  }
  return true;
}

/// What stands in a list and in numbers; empty and 0 leave it as it is.
ostiary_reason read_bounds(const ostiary_verifier_options& options, IssuerSettings& settings, ostiary_error* error) {
  std::vector<std::string> audiences;
  if (!capi::copy_texts(options.audiences, options.audience_count, audiences)) {
    return capi::refuse_argument(error, "audiences: expected audiences that are not empty");
  }
  ostiary::AlgorithmSet algorithms;
  if (!capi::read_algorithms(options.algorithms, options.algorithm_count, algorithms)) {
    return capi::refuse_argument(error, "algorithms: expected names such as RS256, ES256, EdDSA");
  }
  if (options.clock_skew_s < 0 || options.clock_skew_s > capi::kLimits.clock_skew_s_max) {
    return capi::refuse_argument(error, "clock_skew_s: expected 0 to 300 seconds");
  }
  if (options.age_max_s < 0) return capi::refuse_argument(error, "age_max_s: expected 0 or more seconds");
  if (!copy_members(options.required_claims, options.required_claim_count, settings.required_claims)) {
    return capi::refuse_argument(error, "required_claims: expected pairs of a name that is not empty and a value");
  }
  if (!copy_members(options.required_header, options.required_header_count, settings.required_header)) {
    return capi::refuse_argument(error, "required_header: expected pairs of a name that is not empty and a value");
  }
  if (!audiences.empty()) settings.audiences = std::move(audiences);
  if (!algorithms.empty()) settings.algorithms = algorithms;
  if (options.clock_skew_s != 0) settings.clock_skew_s = options.clock_skew_s;
  if (options.age_max_s != 0) settings.age_max_s = options.age_max_s;
  return OSTIARY_OK;
}

/// Of enumerations that count from 0.
constexpr bool is_one_of(std::int32_t value, std::int32_t last) noexcept { return value >= 0 && value <= last; }

ostiary_reason read_kinds(const ostiary_verifier_options& options, IssuerSettings& settings, ostiary_error* error) {
  if (!is_one_of(options.profile, OSTIARY_PROFILE_TRANSACTION_TOKEN)) {
    return capi::refuse_argument(error, "profile: expected one of OSTIARY_PROFILE_*");
  }
  if (!is_one_of(options.audience_claim, OSTIARY_AUDIENCE_HEADER_CLIENT)) {
    return capi::refuse_argument(error, "audience_claim: expected one of OSTIARY_AUDIENCE_*");
  }
  if (!is_one_of(options.encoding, OSTIARY_ENCODING_PADDED_BASE64URL)) {
    return capi::refuse_argument(error, "encoding: expected one of OSTIARY_ENCODING_*");
  }
  if (options.reserved != 0) return capi::report(error, {Reason::kUsageUnknownOption, 0}, "reserved must be 0");
  settings.profile = static_cast<ostiary::TokenProfile>(options.profile);
  settings.audience_claim = static_cast<ostiary::AudienceClaim>(options.audience_claim);
  settings.encoding = static_cast<ostiary::TokenEncoding>(options.encoding);
  return OSTIARY_OK;
}

/// Whether everything that a change cannot change is left alone.
bool changes_only_bounds(const ostiary_verifier_options& changes) noexcept {
  return changes.issuer.data == nullptr && changes.issuer.len == 0 && changes.profile == 0 &&
         changes.audience_claim == 0 && changes.encoding == 0 && changes.reserved == 0;
}

ostiary_reason hand_out(std::vector<IssuerSettings> issuers, ostiary_issuer_settings** out) {
  auto handle = std::make_unique<ostiary_issuer_settings>();
  handle->issuers = std::move(issuers);
  *out = handle.release();
  return OSTIARY_OK;
}

ostiary_reason hand_out(Result<std::vector<IssuerSettings>> made, ostiary_issuer_settings** out, ostiary_error* error) {
  if (!made) return capi::report(error, made.error(), "a part is empty or has a character that cannot stand in it");
  return hand_out(std::move(made).value(), out);
}

Result<std::vector<IssuerSettings>> as_list(Result<IssuerSettings> made) {
  if (!made) return made.error();
  return std::vector<IssuerSettings>{std::move(made).value()};
}

/// Calls one of the constructors of vendors.hpp with views of its parts.
template <std::size_t Count, typename Make>
ostiary_reason make_settings(const std::array<ostiary_bytes, Count>& parts, ostiary_token_use use,
                             ostiary_issuer_settings** out, ostiary_error* error, Make make) noexcept {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  if (!is_one_of(use, OSTIARY_USE_LOGIN)) return capi::refuse_argument(error, "use: expected one of OSTIARY_USE_*");
  return capi::guarded(error, [&] {
    std::array<std::string_view, Count> views;
    for (std::size_t i = 0; i < Count; ++i) {
      if (!capi::to_view(parts[i], views[i])) return capi::refuse_argument(error, "a view is {NULL, n > 0}");
    }
    return hand_out(make(views, static_cast<ostiary::TokenUse>(use)), out, error);
  });
}

}  // namespace

namespace ostiary::capi {

ostiary_reason read_options(const ostiary_verifier_options* options, IssuerSettings& settings, ostiary_error* error) {
  ostiary_verifier_options copy{};
  if (const ostiary_reason copied = copy_options(options, copy, error); copied != OSTIARY_OK) return copied;
  std::string_view issuer;
  if (!to_view(copy.issuer, issuer) || issuer.empty()) {
    return refuse_argument(error, "issuer: expected the exact iss value, found nothing");
  }
  settings.issuer = issuer;
  if (const ostiary_reason read = read_bounds(copy, settings, error); read != OSTIARY_OK) return read;
  if (settings.audiences.empty()) {
    return refuse_argument(error, "audiences: expected at least one non-empty audience");
  }
  if (settings.algorithms.empty()) {
    return refuse_argument(error, "algorithms: expected at least one name such as RS256, ES256, EdDSA");
  }
  return read_kinds(copy, settings, error);
}

}  // namespace ostiary::capi

extern "C" {

ostiary_reason ostiary_issuer_settings_new(const ostiary_verifier_options* options, ostiary_issuer_settings** out,
                                           ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  return capi::guarded(error, [&] {
    std::vector<IssuerSettings> settings(1);
    const ostiary_reason read = capi::read_options(options, settings.front(), error);
    return read == OSTIARY_OK ? hand_out(std::move(settings), out) : read;
  });
}

ostiary_reason ostiary_issuer_settings_with(const ostiary_issuer_settings* settings,
                                            const ostiary_verifier_options* changes, ostiary_issuer_settings** out,
                                            ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  if (settings == nullptr) return capi::refuse_argument(error, "settings is NULL");
  return capi::guarded(error, [&] {
    ostiary_verifier_options copy{};
    if (const ostiary_reason copied = copy_options(changes, copy, error); copied != OSTIARY_OK) return copied;
    if (!changes_only_bounds(copy)) {
      return capi::refuse_argument(error, "issuer, profile, audience_claim and encoding cannot be changed");
    }
    std::vector<IssuerSettings> changed = settings->issuers;
    for (IssuerSettings& one : changed) {
      if (const ostiary_reason read = read_bounds(copy, one, error); read != OSTIARY_OK) return read;
    }
    return hand_out(std::move(changed), out);
  });
}

ostiary_reason ostiary_issuer_settings_okta(ostiary_bytes domain, ostiary_bytes server, ostiary_bytes audience,
                                            ostiary_token_use use, ostiary_issuer_settings** out,
                                            ostiary_error* error) {
  return make_settings(std::array{domain, server, audience}, use, out, error, [](const auto& parts, auto what) {
    return as_list(ostiary::okta_settings(parts[0], parts[1], parts[2], what));
  });
}

ostiary_reason ostiary_issuer_settings_auth0(ostiary_bytes domain, ostiary_bytes audience, ostiary_token_use use,
                                             ostiary_issuer_settings** out, ostiary_error* error) {
  return make_settings(std::array{domain, audience}, use, out, error, [](const auto& parts, auto what) {
    return as_list(ostiary::auth0_settings(parts[0], parts[1], what));
  });
}

ostiary_reason ostiary_issuer_settings_entra(ostiary_bytes tenant, ostiary_bytes audience,
                                             ostiary_entra_version version, ostiary_token_use use,
                                             ostiary_issuer_settings** out, ostiary_error* error) {
  if (out != nullptr) *out = nullptr;
  if (version != OSTIARY_ENTRA_V1 && version != OSTIARY_ENTRA_V2) {
    return capi::refuse_argument(error, "version: expected one of OSTIARY_ENTRA_*");
  }
  return make_settings(std::array{tenant, audience}, use, out, error, [version](const auto& parts, auto what) {
    return as_list(ostiary::entra_settings(parts[0], parts[1], static_cast<ostiary::EntraVersion>(version), what));
  });
}

ostiary_reason ostiary_issuer_settings_cognito(ostiary_bytes region, ostiary_bytes user_pool, ostiary_bytes client_id,
                                               ostiary_token_use use, ostiary_issuer_settings** out,
                                               ostiary_error* error) {
  return make_settings(std::array{region, user_pool, client_id}, use, out, error, [](const auto& parts, auto what) {
    return as_list(ostiary::cognito_settings(parts[0], parts[1], parts[2], what));
  });
}

ostiary_reason ostiary_issuer_settings_google(ostiary_bytes client_id, ostiary_bytes hosted_domain,
                                              ostiary_issuer_settings** out, ostiary_error* error) {
  return make_settings(
      std::array{client_id, hosted_domain}, OSTIARY_USE_LOGIN, out, error,
      [](const auto& parts, ostiary::TokenUse) { return ostiary::google_settings(parts[0], parts[1]); });
}

ostiary_reason ostiary_issuer_settings_github_actions(ostiary_bytes audience, ostiary_bytes repository,
                                                      ostiary_issuer_settings** out, ostiary_error* error) {
  return make_settings(std::array{audience, repository}, OSTIARY_USE_ACCESS, out, error,
                       [](const auto& parts, ostiary::TokenUse) {
                         return as_list(ostiary::github_actions_settings(parts[0], parts[1]));
                       });
}

ostiary_reason ostiary_issuer_settings_keycloak(ostiary_bytes base, ostiary_bytes realm, ostiary_bytes audience,
                                                ostiary_token_use use, ostiary_issuer_settings** out,
                                                ostiary_error* error) {
  return make_settings(std::array{base, realm, audience}, use, out, error, [](const auto& parts, auto what) {
    return as_list(ostiary::keycloak_settings(parts[0], parts[1], parts[2], what));
  });
}

ostiary_reason ostiary_issuer_settings_alb(ostiary_bytes issuer, ostiary_bytes client_id,
                                           ostiary_bytes load_balancer_arn, ostiary_issuer_settings** out,
                                           ostiary_error* error) {
  return make_settings(std::array{issuer, client_id, load_balancer_arn}, OSTIARY_USE_ACCESS, out, error,
                       [](const auto& parts, ostiary::TokenUse) {
                         return as_list(ostiary::alb_settings(parts[0], parts[1], parts[2]));
                       });
}

ostiary_issuer_settings* ostiary_issuer_settings_ref(ostiary_issuer_settings* settings) {
  return capi::add_reference(settings);
}

void ostiary_issuer_settings_unref(ostiary_issuer_settings* settings) { capi::drop_reference(settings); }

size_t ostiary_issuer_settings_issuer_count(const ostiary_issuer_settings* settings) {
  return settings == nullptr ? 0 : settings->issuers.size();
}

ostiary_bytes ostiary_issuer_settings_issuer_at(const ostiary_issuer_settings* settings, size_t index) {
  if (index >= ostiary_issuer_settings_issuer_count(settings)) return capi::kAbsent;
  return capi::to_c(std::string_view(settings->issuers[index].issuer));
}

}  // extern "C"
