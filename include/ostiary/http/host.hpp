// The Host of a request and the one canonical form of it.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/ip_address.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostiary {

/// A canonical host: a name in lower case without its trailing dot, an IPv4 address, or a bracketed IPv6 address in
/// the form of RFC 5952. Borrows the raw host when that was canonical already, otherwise scratch.
struct CanonicalHost {
  std::string_view host;
  std::uint16_t port = 0;  ///< 0 when none is named

  friend constexpr bool operator==(const CanonicalHost&, const CanonicalHost&) noexcept = default;
};

namespace detail {

inline constexpr std::size_t kHostNameSizeMax = 253;  // RFC 1035 §2.3.4 in text form
inline constexpr std::size_t kHostLabelSizeMax = 63;

constexpr Error host_fault(std::size_t offset) noexcept {
  return Error{Reason::kHostMalformed, static_cast<std::uint32_t>(offset)};
}

/// What follows the host: nothing, or a colon and a port without leading zeros. `offset` is where `text` starts.
constexpr Result<std::uint16_t> parse_port(std::string_view text, std::size_t offset) noexcept {
  if (text.empty()) return std::uint16_t{0};
  if (text.size() < 2 || text.size() > 6 || text[0] != ':' || text[1] == '0') return host_fault(offset);
  std::uint32_t port = 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (!is_digit(text[i])) return host_fault(offset + i);
    port = port * 10 + static_cast<std::uint32_t>(text[i] - '0');
  }
  if (port > 0xffff) return host_fault(offset);
  return static_cast<std::uint16_t>(port);
}

/// The offset of the first byte that keeps `name` from being a host name (RFC 1123 §2.1), or npos.
constexpr std::size_t host_name_fault(std::string_view name) noexcept {
  if (name.size() > kHostNameSizeMax) return kHostNameSizeMax;
  std::size_t label = 0;
  for (std::size_t i = 0; i <= name.size(); ++i) {
    const bool ends = i == name.size() || name[i] == '.';
    if (!ends && !is_alpha(name[i]) && !is_digit(name[i]) && name[i] != '-') return i;
    if (!ends && name[i] == '-' && i == label) return i;
    if (!ends && i - label == kHostLabelSizeMax) return i;
    if (!ends) continue;
    if (i == label) return i;
    if (name[i - 1] == '-') return i - 1;
    label = i + 1;
  }
  return std::string_view::npos;
}

/// Whether programs that follow the URL Standard would read the name as an IPv4 address ("ends in a number").
constexpr bool ends_in_number(std::string_view name) noexcept {
  const std::size_t dot = name.rfind('.');
  std::string_view last = dot == std::string_view::npos ? name : name.substr(dot + 1);
  if (last.size() >= 2 && last[0] == '0' && ascii_lower(last[1]) == 'x') {
    last.remove_prefix(2);
    for (const char c : last) {
      if (hex_value(c) < 0) return false;
    }
    return true;
  }
  for (const char c : last) {
    if (!is_digit(c)) return false;
  }
  return true;
}

inline Result<std::string_view> lower_case_host(std::string_view name, Arena& scratch) noexcept {
  std::size_t first = 0;
  while (first < name.size() && ascii_lower(name[first]) == name[first]) ++first;
  if (first == name.size()) return name;
  char* out = scratch.allocate<char>(name.size());
  if (out == nullptr) return Reason::kUsageScratchTooSmall;
  for (std::size_t i = 0; i < name.size(); ++i) out[i] = ascii_lower(name[i]);
  return std::string_view(out, name.size());
}

inline Result<std::string_view> canonical_name(std::string_view name, Arena& scratch) noexcept {
  if (name.ends_with('.')) name.remove_suffix(1);
  if (const std::size_t fault = host_name_fault(name); fault != std::string_view::npos) return host_fault(fault);
  if (ends_in_number(name) && !parse_ipv4(name)) return host_fault(0);
  return lower_case_host(name, scratch);
}

/// `literal` includes its brackets.
inline Result<std::string_view> canonical_ipv6(std::string_view literal, Arena& scratch) noexcept {
  const std::optional<Ipv6Groups> groups = parse_ipv6(literal.substr(1, literal.size() - 2));
  if (!groups) return host_fault(1);
  std::array<char, kIpv6TextMax> buffer{};
  const std::string_view text(buffer.data(), format_ipv6(*groups, buffer));
  if (literal.substr(1, literal.size() - 2) == text) return literal;
  char* out = scratch.allocate<char>(text.size() + 2);
  if (out == nullptr) return Reason::kUsageScratchTooSmall;
  out[0] = '[';
  text.copy(out + 1, text.size());
  out[text.size() + 1] = ']';
  return std::string_view(out, text.size() + 2);
}

/// Bytes of `raw` before its port; 0 when it has a bracket that is never closed.
constexpr std::size_t host_size(std::string_view raw) noexcept {
  if (raw.starts_with('[')) return raw.find(']') + 1;
  const std::size_t colon = raw.find(':');
  return colon == std::string_view::npos ? raw.size() : colon;
}

}  // namespace detail

/// The canonical form of a Host field value or an authority: `uri-host [ ":" port ]` without user information
/// (RFC 9110 §7.2). Labels are letters, digits and inner hyphens; a name that ends in a number must be a dotted IPv4
/// address without octal forms; an empty port, port 0 and leading zeros are refused. No port is taken for a default,
/// because the scheme is not known here. Takes at most `raw.size() + 2` bytes of scratch, none when already canonical.
/// Reasons: kHostMalformed (`Error::offset` counts from the start of `raw`), kUsageScratchTooSmall. Pure apart from
/// the scratch.
[[nodiscard]] inline Result<CanonicalHost> canonical_host(std::string_view raw, Arena& scratch) noexcept {
  const std::size_t size = detail::host_size(raw);
  if (size == 0) return detail::host_fault(0);
  const std::string_view text = raw.substr(0, size);
  const bool is_literal = text.front() == '[';
  const Result<std::string_view> host =
      is_literal ? detail::canonical_ipv6(text, scratch) : detail::canonical_name(text, scratch);
  if (!host) return host.error();
  const Result<std::uint16_t> port = detail::parse_port(raw.substr(size), size);
  if (!port) return port.error();
  return CanonicalHost{*host, *port};
}

/// True when `host` would be accepted and returned unchanged, and names no port. Pure.
[[nodiscard]] inline bool is_canonical_host(std::string_view host) noexcept {
  Arena nothing;  // a host that needs scratch is not canonical
  const Result<CanonicalHost> canonical = canonical_host(host, nothing);
  return canonical.ok() && canonical->host.size() == host.size();
}

/// Whether a canonical host is `pattern`, or one label before what follows its "*." where it begins so. Pure.
[[nodiscard]] constexpr bool host_matches(std::string_view pattern, std::string_view host) noexcept {
  if (!pattern.starts_with("*.")) return pattern == host;
  const std::size_t dot = host.find('.');
  return dot != std::string_view::npos && dot != 0 && host.substr(dot) == pattern.substr(1);
}

}  // namespace ostiary
