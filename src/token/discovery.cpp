#include "adapt/json.hpp"
#include "token/fetch_uri.hpp"

#include <ostiary/token/discovery.hpp>

#include <new>
#include <span>

namespace ostiary {

namespace {

using adapt::JsonFault;
using adapt::JsonKind;
using adapt::JsonReader;
using adapt::JsonValue;

constexpr std::string_view kOpenIdPlace = "/.well-known/openid-configuration";
constexpr std::string_view kOAuthPlace = "/.well-known/oauth-authorization-server";

Result<std::string> uri_of(std::string_view issuer, DiscoveryPlace place, const DiscoveryOptions& options,
                           const Limits& limits) {
  const bool good = issuer.size() <= limits.fetch_uri_size_max && issuer.find('?') == std::string_view::npos &&
                    is_fetch_uri(issuer, options.allow_loopback_http);
  if (!good) return Reason::kUsageArgument;
  if (issuer.back() == '/') issuer.remove_suffix(1);
  const std::size_t path = path_start(issuer);
  switch (place) {
    case DiscoveryPlace::kOpenId: return std::string(issuer).append(kOpenIdPlace);
    case DiscoveryPlace::kOAuth:
      return std::string(issuer.substr(0, path)).append(kOAuthPlace).append(issuer.substr(path));
  }
  return Reason::kUsageArgument;
}

Result<AlgorithmSet> algorithms_of(std::span<const JsonValue> values, const JsonValue* list) noexcept {
  AlgorithmSet known;
  if (list == nullptr) return known;
  if (list->kind != JsonKind::kArray) return Error{Reason::kDiscoveryJson, list->offset};
  const auto array = static_cast<std::size_t>(list - values.data());
  for (std::size_t i = array + 1; i < list->end; i = values[i].end) {
    if (values[i].kind != JsonKind::kText) return Error{Reason::kDiscoveryJson, values[i].offset};
    const AlgorithmSet meant = algorithms_of_header(values[i].text);
    if (!meant.common_with(kSymmetricAlgorithms).empty()) continue;
    for (const AlgorithmName& name : kAlgorithmNames) {
      if (meant.contains(name.algorithm)) known.add(name.algorithm);
    }
  }
  return known;
}

Result<Discovery> read(std::string_view json, std::string_view issuer, const DiscoveryOptions& options,
                       const Limits& limits) {
  JsonReader reader({.size_max = limits.discovery_size_max,
                     .depth_max = limits.discovery_json_depth_max,
                     .values_max = limits.discovery_json_values_max,
                     .preallocate = false});
  const adapt::JsonResult parsed = reader.read(json);
  if (parsed.fault != JsonFault::kNone) return Error{Reason::kDiscoveryJson, parsed.offset};
  const std::span<const JsonValue> values = parsed.values;
  if (values[0].kind != JsonKind::kObject) return Error{Reason::kDiscoveryJson, values[0].offset};

  const JsonValue* named = adapt::find_member(values, 0, "issuer");
  if (named == nullptr || named->kind != JsonKind::kText || named->text != issuer || issuer.empty()) {
    return Error{Reason::kDiscoveryIssuer, (named != nullptr ? *named : values[0]).offset};
  }
  const JsonValue* uri = adapt::find_member(values, 0, "jwks_uri");
  const bool good = uri != nullptr && uri->kind == JsonKind::kText && uri->text.size() <= limits.fetch_uri_size_max &&
                    is_fetch_uri(uri->text, options.allow_loopback_http);
  if (!good) return Error{Reason::kDiscoveryUri, (uri != nullptr ? *uri : values[0]).offset};

  const Result<AlgorithmSet> algorithms =
      algorithms_of(values, adapt::find_member(values, 0, "id_token_signing_alg_values_supported"));
  if (!algorithms) return algorithms.error();
  return Discovery{std::string(named->text), std::string(uri->text), *algorithms};
}

}  // namespace

Result<std::string> discovery_uri(std::string_view issuer, DiscoveryPlace place, const DiscoveryOptions& options,
                                  const Limits& limits) noexcept {
#if defined(__cpp_exceptions)
  try {
    return uri_of(issuer, place, options, limits);
  } catch (const std::bad_alloc&) {
    return Reason::kNoMemory;
  }
#else
  return uri_of(issuer, place, options, limits);
#endif
}

Result<Discovery> read_discovery(std::string_view json, std::string_view issuer, const DiscoveryOptions& options,
                                 const Limits& limits) noexcept {
#if defined(__cpp_exceptions)
  try {
    return read(json, issuer, options, limits);
  } catch (const std::bad_alloc&) {
    return Reason::kNoMemory;
  }
#else
  return read(json, issuer, options, limits);
#endif
}

}  // namespace ostiary
