// Settings of issuers, revocation lists, token caches.
#include "verifier.hpp"

#include <array>
#include <string_view>

namespace ostiary_python {
namespace {

/// Pairs of name and value, and what they borrow.
class Pairs {
 public:
  Pairs(py::handle list, const char* what) {
    const py::tuple items = to_items(list, what);
    inputs_.reserve(2 * items.size());
    for (const py::handle item : items) {
      const py::tuple pair = to_items(item, what);
      if (pair.size() != 2) throw py::type_error(std::string(what) + " must be pairs of name and value");
      const ostiary_bytes name = inputs_.emplace_back(pair[0], Text::kUtf8, what).view();
      pairs_.push_back({name, inputs_.emplace_back(pair[1], Text::kUtf8, what).view()});
    }
  }

  [[nodiscard]] const ostiary_pair* data() const noexcept { return pairs_.data(); }
  [[nodiscard]] std::size_t size() const noexcept { return pairs_.size(); }

 private:
  std::vector<Input> inputs_;
  std::vector<ostiary_pair> pairs_;
};

std::int32_t to_kind(py::handle value, const char* what) {
  const std::int64_t kind = to_int64(value, what);
  if (kind < 0 || kind > INT32_MAX) fail_usage(std::string(what) + " is out of range");
  return static_cast<std::int32_t>(kind);
}

/// What Python calls bounds: lists and numbers that can be changed on ready settings.
class Bounds {
 public:
  Bounds(py::handle audiences, py::handle algorithms, py::handle clock_skew_s, py::handle age_max_s, py::handle claims,
         py::handle header)
      : audiences_(audiences, Text::kUtf8, "audience"),
        algorithms_(algorithms, Text::kUtf8, "algorithms"),
        claims_(claims, "required_claims"),
        header_(header, "required_header") {
    options_.audiences = audiences_.data();
    options_.audience_count = audiences_.size();
    options_.algorithms = algorithms_.data();
    options_.algorithm_count = algorithms_.size();
    options_.clock_skew_s = to_int64(clock_skew_s, "clock_skew_s");
    options_.age_max_s = to_int64(age_max_s, "max_age_s");
    options_.required_claims = claims_.data();
    options_.required_claim_count = claims_.size();
    options_.required_header = header_.data();
    options_.required_header_count = header_.size();
  }
  Bounds(const Bounds&) = delete;
  Bounds& operator=(const Bounds&) = delete;

  [[nodiscard]] ostiary_verifier_options& options() noexcept { return options_; }

 private:
  Inputs audiences_;
  Inputs algorithms_;
  Pairs claims_;
  Pairs header_;
  ostiary_verifier_options options_ = OSTIARY_VERIFIER_OPTIONS_INIT;
};

Settings make_settings(py::handle issuer, py::handle audiences, py::handle algorithms, py::handle clock_skew_s,
                       py::handle age_max_s, py::handle claims, py::handle header, py::handle kinds) {
  const Input name(issuer, Text::kUtf8, "issuer");
  Bounds bounds(audiences, algorithms, clock_skew_s, age_max_s, claims, header);
  const py::tuple numbers = to_items(kinds, "kinds");
  if (numbers.size() != 3) throw py::type_error("kinds must be profile, audience claim and encoding");
  bounds.options().issuer = name.view();
  bounds.options().profile = to_kind(numbers[0], "profile");
  bounds.options().audience_claim = to_kind(numbers[1], "audience_claim");
  bounds.options().encoding = to_kind(numbers[2], "encoding");
  ostiary_issuer_settings* made = nullptr;
  ostiary_error error = OSTIARY_ERROR_INIT;
  check(ostiary_issuer_settings_new(&bounds.options(), &made, &error), error);
  return Settings(SettingsHandle(made));
}

Settings change_settings(const Settings& settings, py::handle audiences, py::handle algorithms, py::handle clock_skew_s,
                         py::handle age_max_s, py::handle claims, py::handle header) {
  Bounds bounds(audiences, algorithms, clock_skew_s, age_max_s, claims, header);
  ostiary_issuer_settings* made = nullptr;
  ostiary_error error = OSTIARY_ERROR_INIT;
  check(ostiary_issuer_settings_with(settings.get(), &bounds.options(), &made, &error), error);
  return Settings(SettingsHandle(made));
}

/// A vendor's constructor with its parts in order. `use` and `version` are looked at where the vendor has them.
using MakeVendor = ostiary_reason (*)(const std::array<ostiary_bytes, 3>&, ostiary_token_use, ostiary_entra_version,
                                      ostiary_issuer_settings**, ostiary_error*);

struct Vendor {
  std::string_view name;
  std::size_t parts;
  MakeVendor make;
};

constexpr std::array<Vendor, 8> kVendors{{
    {"okta", 3,
     [](const auto& p, auto use, auto, auto** out, auto* error) {
       return ostiary_issuer_settings_okta(p[0], p[1], p[2], use, out, error);
     }},
    {"auth0", 2,
     [](const auto& p, auto use, auto, auto** out, auto* error) {
       return ostiary_issuer_settings_auth0(p[0], p[1], use, out, error);
     }},
    {"entra", 2,
     [](const auto& p, auto use, auto version, auto** out, auto* error) {
       return ostiary_issuer_settings_entra(p[0], p[1], version, use, out, error);
     }},
    {"cognito", 3,
     [](const auto& p, auto use, auto, auto** out, auto* error) {
       return ostiary_issuer_settings_cognito(p[0], p[1], p[2], use, out, error);
     }},
    {"google", 2,
     [](const auto& p, auto, auto, auto** out, auto* error) {
       return ostiary_issuer_settings_google(p[0], p[1], out, error);
     }},
    {"github_actions", 2,
     [](const auto& p, auto, auto, auto** out, auto* error) {
       return ostiary_issuer_settings_github_actions(p[0], p[1], out, error);
     }},
    {"keycloak", 3,
     [](const auto& p, auto use, auto, auto** out, auto* error) {
       return ostiary_issuer_settings_keycloak(p[0], p[1], p[2], use, out, error);
     }},
    {"alb", 3,
     [](const auto& p, auto, auto, auto** out, auto* error) {
       return ostiary_issuer_settings_alb(p[0], p[1], p[2], out, error);
     }},
}};

Settings make_vendor(const std::string& name, py::handle parts, py::handle use, py::handle version) {
  const Inputs texts(parts, Text::kUtf8, "a part of the settings");
  for (const Vendor& vendor : kVendors) {
    if (vendor.name != name || vendor.parts != texts.size()) continue;
    std::array<ostiary_bytes, 3> views{};
    for (std::size_t i = 0; i < texts.size(); ++i) views[i] = texts.data()[i];
    ostiary_issuer_settings* made = nullptr;
    ostiary_error error = OSTIARY_ERROR_INIT;
    check(vendor.make(views, to_kind(use, "use"), to_kind(version, "version"), &made, &error), error);
    return Settings(SettingsHandle(made));
  }
  throw py::type_error("no such vendor, or not its number of parts");
}

}  // namespace

py::tuple Settings::issuers() const {
  py::tuple names(ostiary_issuer_settings_issuer_count(get()));
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = to_text(ostiary_issuer_settings_issuer_at(get(), i));
  return names;
}

RevocationList::RevocationList(py::handle json) {
  const Input text(json, Text::kUtf8, "revoked");
  ostiary_revocation_list* handle = nullptr;
  ostiary_error error = OSTIARY_ERROR_INIT;
  ostiary_reason reason = OSTIARY_OK;
  {
    const py::gil_scoped_release unlocked;
    reason = ostiary_revocation_list_from_json(text.view(), &handle, &error);
  }
  check(reason, error);
  handle_.reset(handle);
}

TokenCache::TokenCache(py::handle memory_size, py::handle entry_size_max, py::handle secret) {
  const Input key(secret, Text::kRefuse, "secret");
  const std::int64_t memory = to_int64(memory_size, "memory_size");
  const std::int64_t entry = to_int64(entry_size_max, "entry_size_max");
  if (memory <= 0 || entry <= 0) fail_usage("memory_size and entry_size_max must be more than 0");
  ostiary_token_cache_options options = OSTIARY_TOKEN_CACHE_OPTIONS_INIT;
  options.memory_size = static_cast<std::uint64_t>(memory);
  options.entry_size_max = static_cast<std::uint64_t>(entry);
  options.secret = key.view();
  ostiary_token_cache* handle = nullptr;
  ostiary_error error = OSTIARY_ERROR_INIT;
  check(ostiary_token_cache_new(&options, &handle, &error), error);
  handle_.reset(handle);
}

py::tuple TokenCache::stats() const {
  ostiary_token_cache_stats stats = OSTIARY_TOKEN_CACHE_STATS_INIT;
  ostiary_reason reason = OSTIARY_OK;
  {
    const py::gil_scoped_release unlocked;  // walks the whole cache
    reason = ostiary_token_cache_statistics(get(), &stats);
  }
  check(reason, OSTIARY_ERROR_INIT);
  return py::make_tuple(stats.capacity, stats.hits, stats.misses, stats.expired, stats.busy, stats.admissions,
                        stats.evictions, stats.too_large);
}

void add_settings(py::module_& module) {
  py::class_<Settings>(module, "Settings", py::is_final())
      .def(py::init(&make_settings))
      .def_static("vendor", &make_vendor)
      .def("changed", &change_settings)
      .def_property_readonly("issuers", &Settings::issuers);
  py::class_<RevocationList>(module, "RevocationList", py::is_final())
      .def(py::init<py::handle>())
      .def_property_readonly("count", &RevocationList::count);
  py::class_<TokenCache>(module, "TokenCache", py::is_final())
      .def(py::init<py::handle, py::handle, py::handle>())
      .def_property_readonly("stats", &TokenCache::stats)
      .def("clear", &TokenCache::clear);
}

}  // namespace ostiary_python
