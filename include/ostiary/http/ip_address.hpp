// IPv4 and IPv6 addresses and blocks of them in strict text form: one reading per text, one text per address.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/result.hpp>

#include <array>
#include <compare>
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

/// Bytes of the longest text parse_ipv6 accepts: six groups and an IPv4 address.
inline constexpr std::size_t kIpv6TextLongest = 45;

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

enum class AddressFamily : std::uint8_t { kNone = 0, kIpv4 = 4, kIpv6 = 6 };

/// Bits of an address of this family; 0 for kNone. Pure.
[[nodiscard]] constexpr unsigned address_bits(AddressFamily family) noexcept {
  switch (family) {
    case AddressFamily::kIpv4: return 32;
    case AddressFamily::kIpv6: return 128;
    case AddressFamily::kNone: break;
  }
  return 0;
}

/// One address, or none at all. The bits start at the most significant one of `high`, and those an address of the
/// family does not have are zero. An IPv4-mapped IPv6 address (RFC 4291 §2.5.5.2) is held as the IPv4 address that it
/// stands for, so that one host has one value. Values order as numbers within a family. Plain data.
struct IpAddress {
  AddressFamily family = AddressFamily::kNone;
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  [[nodiscard]] constexpr bool present() const noexcept { return family != AddressFamily::kNone; }
  [[nodiscard]] constexpr bool is_ipv4() const noexcept { return family == AddressFamily::kIpv4; }
  [[nodiscard]] constexpr bool is_ipv6() const noexcept { return family == AddressFamily::kIpv6; }

  /// The number of an IPv4 address. Meaningless for any other.
  [[nodiscard]] constexpr std::uint32_t ipv4() const noexcept { return static_cast<std::uint32_t>(high >> 32); }

  friend constexpr auto operator<=>(const IpAddress&, const IpAddress&) noexcept = default;
};

/// The address with this number, in host byte order. Pure.
[[nodiscard]] constexpr IpAddress ipv4_address(std::uint32_t number) noexcept {
  return {AddressFamily::kIpv4, std::uint64_t{number} << 32, 0};
}

/// The address of these groups; an IPv4 address when they are IPv4-mapped. Pure.
[[nodiscard]] constexpr IpAddress ipv6_address(const Ipv6Groups& groups) noexcept {
  IpAddress address{AddressFamily::kIpv6, 0, 0};
  for (std::size_t i = 0; i < 4; ++i) {
    address.high = address.high << 16 | groups[i];
    address.low = address.low << 16 | groups[i + 4];
  }
  const bool is_mapped = address.high == 0 && address.low >> 32 == 0xffff;
  return is_mapped ? ipv4_address(static_cast<std::uint32_t>(address.low)) : address;
}

/// An address in the forms of parse_ipv4 and parse_ipv6, or nothing: no zone (RFC 4007 §11), because it has a meaning
/// on one host only; no octal, hexadecimal or shortened IPv4; no brackets, port or white space. Pure.
[[nodiscard]] constexpr std::optional<IpAddress> parse_address(std::string_view text) noexcept {
  if (text.size() > kIpv6TextLongest) return std::nullopt;
  if (text.find(':') == std::string_view::npos) {
    const std::optional<std::uint32_t> number = parse_ipv4(text);
    return number ? std::optional(ipv4_address(*number)) : std::nullopt;
  }
  const std::optional<Ipv6Groups> groups = parse_ipv6(text);
  return groups ? std::optional(ipv6_address(*groups)) : std::nullopt;
}

namespace detail {

constexpr std::size_t write_decimal(std::uint32_t number, char* out) noexcept {
  std::size_t digits = 1;
  for (std::uint32_t rest = number / 10; rest != 0; rest /= 10) ++digits;
  for (std::size_t i = digits; i-- > 0; number /= 10) out[i] = static_cast<char>('0' + number % 10);
  return digits;
}

constexpr std::size_t format_ipv4(std::uint32_t number, char* out) noexcept {
  std::size_t written = 0;
  for (int shift = 24; shift >= 0; shift -= 8) {
    if (shift < 24) out[written++] = '.';
    written += write_decimal(number >> shift & 0xffU, out + written);
  }
  return written;
}

constexpr Ipv6Groups groups_of(const IpAddress& address) noexcept {
  Ipv6Groups groups{};
  for (std::size_t i = 0; i < 4; ++i) {
    groups[i] = static_cast<std::uint16_t>(address.high >> (48 - 16 * i));
    groups[i + 4] = static_cast<std::uint16_t>(address.low >> (48 - 16 * i));
  }
  return groups;
}

/// The first `count` of 64 bits, of which no more than 64 are asked for.
constexpr std::uint64_t leading_bits(unsigned count) noexcept {
  return count == 0 ? 0 : ~std::uint64_t{0} << (64 - count);
}

}  // namespace detail

/// Writes the one text of the address, dotted decimal or RFC 5952 §4, and returns its size: 0 for no address. Pure.
[[nodiscard]] constexpr std::size_t format_address(const IpAddress& address,
                                                   std::span<char, kIpv6TextMax> out) noexcept {
  switch (address.family) {
    case AddressFamily::kIpv4: return detail::format_ipv4(address.ipv4(), out.data());
    case AddressFamily::kIpv6: return format_ipv6(detail::groups_of(address), out);
    case AddressFamily::kNone: break;
  }
  return 0;
}

/// The addresses that share their first `length` bits with `first`, whose other bits are zero. Plain data.
struct AddressBlock {
  IpAddress first;
  std::uint32_t length = 0;  ///< bits: up to 32 for IPv4, up to 128 for IPv6

  /// Whether the address lies in the block. No address lies in a block of the other family, or of none. Pure.
  [[nodiscard]] constexpr bool contains(const IpAddress& address) const noexcept {
    const std::uint64_t high = (address.high ^ first.high) & detail::leading_bits(length < 64 ? length : 64);
    const std::uint64_t low = (address.low ^ first.low) & detail::leading_bits(length < 64 ? 0 : length - 64);
    return address.present() && address.family == first.family && (high | low) == 0;
  }

  friend constexpr auto operator<=>(const AddressBlock&, const AddressBlock&) noexcept = default;
};

/// The block of `length` bits that the address lies in; `length` is cut to what the family has. Pure.
[[nodiscard]] constexpr AddressBlock block_of(IpAddress address, unsigned length) noexcept {
  const unsigned all = address_bits(address.family);
  if (length > all) length = all;
  address.high &= detail::leading_bits(length < 64 ? length : 64);
  address.low &= detail::leading_bits(length < 64 ? 0 : length - 64);
  return {address, length};
}

/// An address, a slash and a prefix length without leading zeros, with no bit set behind the prefix (RFC 4632 §3.1,
/// RFC 4291 §2.3). Blocks inside ::ffff:0:0/96 are refused, because no address of theirs would ever be asked for: it
/// is held as IPv4. Reasons: kUsageAddressBlock (`Error::offset` counts from the start of `text`). Pure.
[[nodiscard]] constexpr Result<AddressBlock> parse_address_block(std::string_view text) noexcept {
  const std::size_t slash = text.find('/') < text.size() ? text.find('/') : text.size();
  const std::optional<IpAddress> first = parse_address(text.substr(0, slash));
  const bool is_mapped = first && first->is_ipv4() && text.substr(0, slash).find(':') != std::string_view::npos;
  if (!first || is_mapped) return Error{Reason::kUsageAddressBlock, 0};
  const Error bad_length{Reason::kUsageAddressBlock, static_cast<std::uint32_t>(slash)};
  const std::string_view digits = text.substr(slash < text.size() ? slash + 1 : slash);
  const int length = detail::parse_octet(digits);
  if (length < 0 || static_cast<unsigned>(length) > address_bits(first->family)) return bad_length;
  const AddressBlock block = block_of(*first, static_cast<unsigned>(length));
  if (block.first != *first) return bad_length;
  return block;
}

/// How much of an address names a client. An IPv6 host has a /64 to itself and may use any address of it (RFC 7421,
/// RFC 8981), so that limits per address would never bite.
struct PrefixLengths {
  std::uint8_t ipv4 = 32;  ///< bits
  std::uint8_t ipv6 = 64;  ///< bits
};

/// The block under which a client is counted. Pure.
[[nodiscard]] constexpr AddressBlock prefix_key(const IpAddress& address, PrefixLengths lengths = {}) noexcept {
  return block_of(address, address.is_ipv4() ? lengths.ipv4 : lengths.ipv6);
}

}  // namespace ostiary
