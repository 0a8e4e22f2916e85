// Where an issuer says that its keys are: OpenID Connect discovery documents and OAuth server metadata.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/token/algorithm.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace ostiary {

/// The two places where such a document lies.
enum class DiscoveryPlace : std::uint8_t {
  /// /.well-known/openid-configuration behind the issuer's path (OpenID Connect Discovery §4).
  kOpenId = 0,
  /// /.well-known/oauth-authorization-server between the issuer's host and its path (RFC 8414 §3).
  kOAuth = 1,
};

struct DiscoveryOptions {
  /// Take `http` for the hosts 127.0.0.1, [::1] and localhost: for tests, and for an identity provider on the same
  /// machine. Keys that came over the network without TLS prove nothing.
  bool allow_loopback_http = false;
};

/// What Ostiary reads in such a document. Owns its text.
struct Discovery {
  std::string issuer;
  std::string jwks_uri;
  /// Those of id_token_signing_alg_values_supported that Ostiary knows, without symmetric ones, which have no keys in
  /// a JWK Set. `EdDSA` stands for both curves. Empty when the document does not say; what it says is the issuer's
  /// wish and no policy.
  AlgorithmSet id_token_algorithms;
};

/// Where the document of `issuer` lies. A slash at the end of the issuer's path is dropped. Reasons: USAGE_ARGUMENT
/// (not an https URI, or one with a query or a fragment, or too long), NO_MEMORY.
/// Source: OpenID Connect Discovery §3, §4.1, RFC 8414 §2, §3.1. Pure.
[[nodiscard]] Result<std::string> discovery_uri(std::string_view issuer, DiscoveryPlace place = DiscoveryPlace::kOpenId,
                                                const DiscoveryOptions& options = {},
                                                const Limits& limits = {}) noexcept;

/// Reads the document that was fetched for `issuer`, as hostile input. Its issuer must be the same byte for byte, or
/// one issuer could name another's keys. Its jwks_uri may lie on another host, but must be an https URI. All other
/// members are passed over.
/// Reasons, with the byte of `json`: DISCOVERY_JSON (not strict JSON, a member twice, a wrong type, a limit),
/// DISCOVERY_ISSUER, DISCOVERY_URI, NO_MEMORY.
/// Source: OpenID Connect Discovery §3, §4.3, RFC 8414 §3.3. Pure.
[[nodiscard]] Result<Discovery> read_discovery(std::string_view json, std::string_view issuer,
                                               const DiscoveryOptions& options = {},
                                               const Limits& limits = {}) noexcept;

}  // namespace ostiary
