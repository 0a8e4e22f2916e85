#include "verify_settings.hpp"

#include "output.hpp"

#include <ostiary/token/vendors.hpp>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace ostiary::cli {

namespace {

using Settings = Result<std::vector<IssuerSettings>>;

Settings as_list(Result<IssuerSettings> made) {
  if (!made) return made.error();
  return std::vector<IssuerSettings>{std::move(made).value()};
}

[[nodiscard]] RequiredMember split(const char* option, const std::string& argument) {
  const std::size_t equals = argument.find('=');
  if (equals == 0 || equals == std::string::npos) {
    throw Stop(Exit::kUsage, std::string("ostiary: ") + option + " " + escaped(argument) + ": expected NAME=VALUE");
  }
  return {argument.substr(0, equals), argument.substr(equals + 1)};
}

/// The parts that were given, each asked for once.
class Parts {
 public:
  explicit Parts(const VerifyOptions& options) : vendor_(options.vendor) {
    for (const std::string& argument : options.parts) {
      parts_.push_back(split("--part", argument));
      const auto same = [this](const RequiredMember& part) { return part.name == parts_.back().name; };
      if (std::count_if(parts_.begin(), parts_.end(), same) > 1) {
        throw Stop(Exit::kUsage, "ostiary: --part " + escaped(argument) + ": given twice");
      }
    }
  }

  [[nodiscard]] std::string take(std::string_view name) {
    const auto found = find(name);
    if (found == parts_.end()) {
      throw Stop(Exit::kUsage, "ostiary: --vendor " + vendor_ + " needs --part " + std::string(name) + "=...");
    }
    return take(found);
  }

  [[nodiscard]] std::string take_or(std::string_view name, std::string_view otherwise) {
    const auto found = find(name);
    return found == parts_.end() ? std::string(otherwise) : take(found);
  }

  /// Throws Stop when a part was given that nobody asked for.
  void check_taken() const {
    if (parts_.empty()) return;
    throw Stop(Exit::kUsage, "ostiary: --part " + escaped(parts_.front().name) + ": --vendor " + vendor_ +
                                 " has no such part; ostiary verify --help lists them");
  }

 private:
  using Place = std::vector<RequiredMember>::iterator;

  [[nodiscard]] Place find(std::string_view name) {
    return std::find_if(parts_.begin(), parts_.end(), [name](const RequiredMember& part) { return part.name == name; });
  }

  [[nodiscard]] std::string take(Place place) {
    std::string value = std::move(place->value);
    parts_.erase(place);
    return value;
  }

  std::string vendor_;
  std::vector<RequiredMember> parts_;
};

[[nodiscard]] EntraVersion entra_version(const std::string& text) {
  if (text == "1") return EntraVersion::kV1;
  if (text == "2") return EntraVersion::kV2;
  throw Stop(Exit::kUsage, "ostiary: --part version: expected 1 or 2");
}

struct Vendor {
  std::string_view name;
  Settings (*make)(Parts& parts, std::string_view audience, TokenUse use);
};

constexpr std::array<Vendor, 8> kVendors{{
    {"okta",
     [](Parts& parts, std::string_view audience, TokenUse use) {
       const std::string domain = parts.take("domain");
       return as_list(okta_settings(domain, parts.take("server"), audience, use));
     }},
    {"auth0", [](Parts& parts, std::string_view audience,
                 TokenUse use) { return as_list(auth0_settings(parts.take("domain"), audience, use)); }},
    {"entra",
     [](Parts& parts, std::string_view audience, TokenUse use) {
       const std::string tenant = parts.take("tenant");
       return as_list(entra_settings(tenant, audience, entra_version(parts.take_or("version", "2")), use));
     }},
    {"cognito",
     [](Parts& parts, std::string_view audience, TokenUse use) {
       const std::string region = parts.take("region");
       return as_list(cognito_settings(region, parts.take("user-pool"), audience, use));
     }},
    {"google", [](Parts& parts, std::string_view audience,
                  TokenUse) { return google_settings(audience, parts.take_or("hosted-domain", "")); }},
    {"github-actions", [](Parts& parts, std::string_view audience,
                          TokenUse) { return as_list(github_actions_settings(audience, parts.take("repository"))); }},
    {"keycloak",
     [](Parts& parts, std::string_view audience, TokenUse use) {
       const std::string base = parts.take("base");
       return as_list(keycloak_settings(base, parts.take("realm"), audience, use));
     }},
    {"alb",
     [](Parts& parts, std::string_view audience, TokenUse) {
       const std::string issuer = parts.take("issuer");
       return as_list(alb_settings(issuer, audience, parts.take("load-balancer")));
     }},
}};

/// In the order of their numbers.
constexpr std::array<std::string_view, 5> kProfiles{"generic", "access-token", "id-token", "logout-token",
                                                    "transaction-token"};

[[nodiscard]] AlgorithmSet parse_algorithms(const std::vector<std::string>& names) {
  AlgorithmSet set;
  for (const std::string& name : names) {
    const auto algorithm = parse_algorithm(name);
    if (!algorithm) {
      std::string known;
      for (const AlgorithmName& entry : kAlgorithmNames) known += (known.empty() ? "" : ", ") + std::string(entry.name);
      throw Stop(Exit::kUsage, "ostiary: --algorithm " + escaped(name) + ": expected one of " + known);
    }
    set.add(*algorithm);
  }
  return set;
}

[[nodiscard]] std::vector<IssuerSettings> vendor_settings(const VerifyOptions& options) {
  const auto vendor =
      std::find_if(kVendors.begin(), kVendors.end(), [&](const Vendor& known) { return known.name == options.vendor; });
  Parts parts(options);
  Settings made = vendor->make(parts, options.audiences.front(), options.login ? TokenUse::kLogin : TokenUse::kAccess);
  parts.check_taken();
  if (!made) {
    throw Stop(Exit::kUsage,
               "ostiary: --vendor " + options.vendor + ": a part is empty or has a character that cannot stand in it");
  }
  return std::move(made).value();
}

[[nodiscard]] std::vector<IssuerSettings> plain_settings(const VerifyOptions& options) {
  IssuerSettings made;
  made.issuer = options.issuer;
  const auto profile = std::find(kProfiles.begin(), kProfiles.end(), options.profile);
  if (profile != kProfiles.end()) made.profile = static_cast<TokenProfile>(profile - kProfiles.begin());
  return {std::move(made)};
}

}  // namespace

std::vector<std::string> vendor_names() {
  std::vector<std::string> names;
  for (const Vendor& vendor : kVendors) names.emplace_back(vendor.name);
  return names;
}

std::vector<std::string> profile_names() { return {kProfiles.begin(), kProfiles.end()}; }

std::vector<IssuerSettings> verify_settings(const VerifyOptions& options) {
  std::vector<IssuerSettings> settings = options.vendor.empty() ? plain_settings(options) : vendor_settings(options);
  for (IssuerSettings& one : settings) {
    one.audiences = options.audiences;
    if (!options.algorithms.empty()) one.algorithms = parse_algorithms(options.algorithms);
    one.clock_skew_s = options.skew_s.value_or(0);
    one.age_max_s = options.age_max_s.value_or(0);
    for (const std::string& claim : options.claims) one.required_claims.push_back(split("--require", claim));
  }
  return settings;
}

}  // namespace ostiary::cli
