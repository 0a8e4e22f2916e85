// What the host knows besides the bytes.
#pragma once

#include <ostiary/http/request.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace ostiary {

/// Plain data; borrows.
struct Facts {
  std::int64_t now_s = 0;  ///< seconds since 1970-01-01T00:00:00Z
  std::string_view peer;   ///< textual IP address of the other end of the connection; empty when unknown
  /// How the client reached the service, as behind a proxy that ends TLS. Only this is believed by rules and keys,
  /// never what the target of a request says of itself.
  Scheme scheme = Scheme::kUnknown;
  /// Host and perhaps port by which the client reached the service, where that is not the Host of the request;
  /// data() is nullptr otherwise.
  std::string_view authority{};
  /// SHA-256 of the client certificate in DER, 32 raw bytes; data() is nullptr when the connection has none.
  std::string_view certificate_sha256{};
  /// Names of the Gate's flags that are true; all others are false.
  std::span<const std::string_view> flags{};
  /// Nanoseconds beyond `now_s`, below 10^9: only rate limits look at them. Without them a bucket fills once a second.
  std::uint32_t now_ns = 0;
};

}  // namespace ostiary
