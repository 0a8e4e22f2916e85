// The URI a request was sent to, in the one form in which two of them can be compared.
//
// Both sides come out of the inspector's own reading (target.hpp, host.hpp), so whatever it takes for the same request
// is the same here, and nothing else is.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/finding.hpp>
#include <ostiary/http/host.hpp>
#include <ostiary/http/request.hpp>
#include <ostiary/http/target.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostiary {

/// A target URI without its query (RFC 9110 §7.1). The views borrow what it was made from, or scratch.
struct TargetUri {
  Scheme scheme = Scheme::kUnknown;
  std::string_view host;   ///< canonical, see CanonicalHost
  std::uint16_t port = 0;  ///< that of the scheme when none is named
  std::string_view path;   ///< canonical, see CanonicalPath; "*" where OPTIONS means the server as a whole

  friend constexpr bool operator==(const TargetUri&, const TargetUri&) noexcept = default;
};

namespace detail {

/// RFC 9110 §4.2.1, §4.2.2.
constexpr std::uint16_t port_or_default(std::uint16_t port, Scheme scheme) noexcept {
  if (port != 0) return port;
  return scheme == Scheme::kHttps ? 443 : 80;
}

}  // namespace detail

/// Reads an absolute http or https URI as the inspector reads the absolute target of a request of this method. A query
/// is judged and left out; a fragment is left out as it stands. What a route may let pass, the inspector notes and
/// keeps, and so does this. Takes at most 2 * `uri.size()` + 2 bytes of scratch.
/// Reasons: those of parse_target and canonical_host (`Error::offset` counts from the start of `uri`), TARGET_FORM for
/// a URI that is not absolute and for CONNECT, which has no URI (RFC 9110 §9.3.6). Pure apart from the scratch.
[[nodiscard]] inline Result<TargetUri> parse_target_uri(std::string_view uri, Method method, Arena& scratch) noexcept {
  if (method == Method::kConnect) return Reason::kTargetForm;
  const std::string_view target = uri.substr(0, uri.find('#'));
  const Result<Target> parsed = parse_target(target, method, scratch, kWaivableRules);
  if (!parsed) return parsed.error();
  if (!parsed->authority.present()) return Reason::kTargetForm;
  const Result<CanonicalHost> host = canonical_host(parsed->authority.in(target), scratch);
  if (!host) return Error{host.reason(), parsed->authority.offset + host.error().offset};
  return TargetUri{parsed->scheme, host->host, detail::port_or_default(host->port, parsed->scheme),
                   parsed->canonical.path};
}

/// Where a host knows better than the request how the client addressed it, as behind a proxy that ends TLS. A view
/// whose data() is nullptr, and an unknown scheme, leave it to the request. Plain data.
struct ExternalOrigin {
  Scheme scheme = Scheme::kUnknown;
  std::string_view authority{};  ///< host and perhaps a port
};

/// The URI of a request that was inspected. Takes at most `external.authority.size()` + 2 bytes of scratch.
/// Reasons: USAGE_ARGUMENT (nobody tells the scheme, or the authority given is none), TARGET_FORM for CONNECT,
/// USAGE_SCRATCH_TOO_SMALL. Pure apart from the scratch.
[[nodiscard]] inline Result<TargetUri> target_uri_of(const Request& request, const ExternalOrigin& external,
                                                     Arena& scratch) noexcept {
  TargetUri uri{request.scheme, request.host, request.port, request.path};
  if (external.scheme != Scheme::kUnknown) uri.scheme = external.scheme;
  if (uri.scheme == Scheme::kUnknown) return Reason::kUsageArgument;
  if (request.form == TargetForm::kAuthority) return Reason::kTargetForm;
  if (external.authority.data() != nullptr) {
    const Result<CanonicalHost> host = canonical_host(external.authority, scratch);
    if (host.reason() == Reason::kHostMalformed) return Reason::kUsageArgument;
    if (!host) return host.error();
    uri.host = host->host;
    uri.port = host->port;
  }
  uri.port = detail::port_or_default(uri.port, uri.scheme);
  return uri;
}

}  // namespace ostiary
