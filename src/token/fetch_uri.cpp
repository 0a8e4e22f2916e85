#include "token/fetch_uri.hpp"

#include <ostiary/core/bytes.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

namespace ostiary {

namespace {

constexpr std::string_view kHttps = "https://";
constexpr std::string_view kHttp = "http://";
constexpr std::array<std::string_view, 3> kLoopbackHosts{"127.0.0.1", "[::1]", "localhost"};
constexpr std::size_t kHostSizeMax = 255;  // RFC 1035 §2.3.4

bool all_of(std::string_view text, std::string_view more, bool (*good)(char)) noexcept {
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return good(c) || more.find(c) != std::string_view::npos; });
}

bool is_letter_or_digit(char c) noexcept { return is_alpha(c) || is_digit(c); }
bool is_hex_digit(char c) noexcept { return hex_value(c) >= 0; }

bool is_host(std::string_view host) noexcept {
  if (host.empty() || host.size() > kHostSizeMax) return false;
  if (host.front() == '[') {
    return host.size() > 4 && host.back() == ']' && all_of(host.substr(1, host.size() - 2), ":.", is_hex_digit);
  }
  // A host that starts or ends with a dot or a hyphen, or has an empty label, resolves differently by resolver.
  const auto is_edge = [](char c) { return c == '.' || c == '-'; };
  if (is_edge(host.front()) || is_edge(host.back()) || host.find("..") != std::string_view::npos) return false;
  return all_of(host, "-._", is_letter_or_digit);
}

bool is_port(std::string_view port) noexcept {
  if (port.empty() || port.size() > 5 || port.front() == '0' || !all_of(port, "", is_digit)) return false;
  std::uint32_t number = 0;
  for (const char c : port) number = number * 10 + static_cast<std::uint32_t>(c - '0');
  return number <= 65535;
}

/// RFC 3986 §3.3, §3.4: pchar, "/" and "?".
bool is_path_and_query(std::string_view rest) noexcept {
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const char c = rest[i];
    if (c == '%') {
      if (rest.size() - i < 3 || !is_hex_digit(rest[i + 1]) || !is_hex_digit(rest[i + 2])) return false;
    } else if (!is_letter_or_digit(c) && std::string_view("-._~!$&'()*+,;=:@/?").find(c) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::size_t path_start(std::string_view uri) noexcept {
  const std::size_t authority = uri.find("//");
  if (authority == std::string_view::npos) return uri.size();
  return std::min(uri.find_first_of("/?", authority + 2), uri.size());
}

bool is_fetch_uri(std::string_view uri, bool allow_loopback_http) noexcept {
  const bool secure = uri.starts_with(kHttps);
  if (!secure && !(allow_loopback_http && uri.starts_with(kHttp))) return false;
  const std::size_t start = secure ? kHttps.size() : kHttp.size();
  const std::size_t path = path_start(uri);
  std::string_view host = uri.substr(start, path - start);
  // An IPv6 address has colons of its own.
  const std::size_t colon = host.find(':', host.starts_with('[') ? std::min(host.find(']'), host.size()) : 0);
  if (colon != std::string_view::npos) {
    if (!is_port(host.substr(colon + 1))) return false;
    host = host.substr(0, colon);
  }
  if (!is_host(host) || !is_path_and_query(uri.substr(path))) return false;
  return secure || std::find(kLoopbackHosts.begin(), kLoopbackHosts.end(), host) != kLoopbackHosts.end();
}

}  // namespace ostiary
