// IPv4 and IPv6 addresses in strict text form: one reading per text, one text per address.
#pragma once

#include <ostiary/core/bytes.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ostiary {

/// The eight groups of an IPv6 address, most significant first, in host byte order.
using Ipv6Groups = std::array<std::uint16_t, 8>;

/// Bytes that format_ipv6 may write.
inline constexpr std::size_t kIpv6TextMax = 39;

namespace detail {

/// The value of one dec-octet, or -1. A leading zero would be octal for inet_aton (RFC 3986 §7.4).
constexpr int parse_octet(std::string_view text) noexcept {
  if (text.empty() || text.size() > 3 || (text.size() > 1 && text[0] == '0')) return -1;
  int value = 0;
  for (const char c : text) {
    if (!is_digit(c)) return -1;
    value = value * 10 + (c - '0');
  }
  return value <= 255 ? value : -1;
}

/// The value of one group of one to four hexadecimal digits, or -1.
constexpr int parse_group(std::string_view text) noexcept {
  if (text.empty() || text.size() > 4) return -1;
  int value = 0;
  for (const char c : text) {
    const int digit = hex_value(c);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

}  // namespace detail

/// Four decimal octets without leading zeros, or nothing (RFC 3986 §3.2.2). Pure.
[[nodiscard]] constexpr std::optional<std::uint32_t> parse_ipv4(std::string_view text) noexcept {
  std::uint32_t address = 0;
  for (int i = 0; i < 4; ++i) {
    const std::size_t dot = i < 3 ? text.find('.') : text.size();
    if (dot == std::string_view::npos) return std::nullopt;
    const int octet = detail::parse_octet(text.substr(0, dot));
    if (octet < 0) return std::nullopt;
    address = address << 8 | static_cast<std::uint32_t>(octet);
    text.remove_prefix(i < 3 ? dot + 1 : dot);
  }
  return address;
}

namespace detail {

/// Groups read so far, and where the double colon stood among them.
struct Ipv6Reader {
  Ipv6Groups groups{};
  std::size_t count = 0;
  std::size_t gap = kNoGap;

  static constexpr std::size_t kNoGap = 9;

  constexpr bool push(std::uint32_t group) noexcept {
    if (count == groups.size()) return false;
    groups[count++] = static_cast<std::uint16_t>(group);
    return true;
  }

  /// One piece between colons; only the last may be an IPv4 address.
  constexpr bool push_piece(std::string_view piece, bool last) noexcept {
    if (last && piece.find('.') != std::string_view::npos) {
      const std::optional<std::uint32_t> tail = parse_ipv4(piece);
      return tail.has_value() && push(*tail >> 16) && push(*tail & 0xffffU);
    }
    const int group = parse_group(piece);
    return group >= 0 && push(static_cast<std::uint32_t>(group));
  }

  constexpr std::optional<Ipv6Groups> expand() const noexcept {
    if (gap == kNoGap) return count == groups.size() ? std::optional(groups) : std::nullopt;
    if (count == groups.size()) return std::nullopt;  // RFC 4291 §2.2: "::" stands for at least one group
    Ipv6Groups expanded{};
    for (std::size_t i = 0; i < gap; ++i) expanded[i] = groups[i];
    for (std::size_t i = gap; i < count; ++i) expanded[i + groups.size() - count] = groups[i];
    return expanded;
  }
};

}  // namespace detail

/// The text forms of RFC 4291 §2.2 without a zone and without brackets, or nothing. Pure.
[[nodiscard]] constexpr std::optional<Ipv6Groups> parse_ipv6(std::string_view text) noexcept {
  detail::Ipv6Reader reader;
  if (text.starts_with("::")) {
    reader.gap = 0;
    text.remove_prefix(2);
    if (text.empty()) return reader.expand();
  }
  for (;;) {
    const std::size_t colon = text.find(':');
    const bool last = colon == std::string_view::npos;
    if (!reader.push_piece(text.substr(0, colon), last)) return std::nullopt;
    if (last) return reader.expand();
    text.remove_prefix(colon + 1);
    if (!text.starts_with(':')) continue;
    if (reader.gap != detail::Ipv6Reader::kNoGap) return std::nullopt;
    reader.gap = reader.count;
    text.remove_prefix(1);
    if (text.empty()) return reader.expand();
  }
}

namespace detail {

struct ZeroRun {
  std::size_t begin = 0;
  std::size_t length = 0;
};

/// The run of zero groups that "::" replaces: the first of the longest, two groups at least (RFC 5952 §4.2).
constexpr ZeroRun longest_zero_run(const Ipv6Groups& groups) noexcept {
  ZeroRun best;
  for (std::size_t begin = 0; begin < groups.size(); ++begin) {
    std::size_t end = begin;
    while (end < groups.size() && groups[end] == 0) ++end;
    if (end - begin > best.length) best = {begin, end - begin};
  }
  return best.length >= 2 ? best : ZeroRun{groups.size(), 0};
}

constexpr std::size_t write_group(std::uint16_t group, char* out) noexcept {
  std::size_t written = 0;
  for (int shift = 12; shift >= 0; shift -= 4) {
    const unsigned digit = (unsigned{group} >> shift) & 0xfU;
    if (digit != 0 || written > 0 || shift == 0) out[written++] = "0123456789abcdef"[digit];
  }
  return written;
}

}  // namespace detail

/// Writes the one text of RFC 5952 §4, always in hexadecimal groups, and returns its size. Pure.
[[nodiscard]] constexpr std::size_t format_ipv6(const Ipv6Groups& groups, std::span<char, kIpv6TextMax> out) noexcept {
  const detail::ZeroRun run = detail::longest_zero_run(groups);
  std::size_t written = 0;
  for (std::size_t i = 0; i < groups.size();) {
    if (i == run.begin) {
      out[written++] = ':';
      out[written++] = ':';
      i += run.length;
      continue;
    }
    if (written > 0 && out[written - 1] != ':') out[written++] = ':';
    written += detail::write_group(groups[i++], out.data() + written);
  }
  return written;
}

}  // namespace ostiary
