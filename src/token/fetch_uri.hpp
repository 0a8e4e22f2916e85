// URIs from which a host is asked to fetch. What stands in a document must not talk it into anything else.
#pragma once

#include <cstddef>
#include <string_view>

namespace ostiary {

/// Whether `uri` is `https://` with a host, an optional port, and optionally a path and a query, all in characters that
/// may stand there unencoded (RFC 3986 §3): no user information, no fragment. With `allow_loopback_http` also `http://`
/// when the host is exactly 127.0.0.1, [::1] or localhost. Scheme and these hosts in lower case. Pure.
[[nodiscard]] bool is_fetch_uri(std::string_view uri, bool allow_loopback_http) noexcept;

/// Where the path begins in a URI that is_fetch_uri takes: its size when there is none. Pure.
[[nodiscard]] std::size_t path_start(std::string_view uri) noexcept;

}  // namespace ostiary
