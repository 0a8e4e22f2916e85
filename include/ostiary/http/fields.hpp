// Field names with a meaning to the inspector: which may stand once, and which Connection may not name.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/characters.hpp>
#include <ostiary/http/request.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostiary::detail {

/// What the inspector does with a field of this name.
enum class FieldRole : std::uint8_t {
  kOnce,
  kRepeatable,
  kHost,
  kContentLength,
  kTransferEncoding,
  kConnection,
  kCookie
};

struct KnownField {
  std::string_view name;
  FieldRole role;
  bool end_to_end;  ///< a hop that drops it because Connection names it would change what the request means
};

// Sorted by size, so that a name is compared with the few of its own size only. Not in the table: repeatable, and
// nothing is lost when a hop drops it.
inline constexpr KnownField kKnownFields[] = {
    {"date", FieldRole::kOnce, true},
    {"dpop", FieldRole::kOnce, true},  // RFC 9449 §4.3: exactly one
    {"from", FieldRole::kOnce, true},
    {"host", FieldRole::kHost, true},
    {"range", FieldRole::kOnce, true},
    {"cookie", FieldRole::kCookie, true},
    {"expect", FieldRole::kOnce, true},
    {"origin", FieldRole::kOnce, true},
    {"referer", FieldRole::kOnce, true},
    {"if-range", FieldRole::kOnce, true},
    {"forwarded", FieldRole::kRepeatable, true},
    {"signature", FieldRole::kRepeatable, true},
    {"connection", FieldRole::kConnection, false},
    {"early-data", FieldRole::kOnce, true},
    {"user-agent", FieldRole::kOnce, true},
    {"client-cert", FieldRole::kOnce, true},
    {"content-type", FieldRole::kOnce, true},
    {"max-forwards", FieldRole::kOnce, true},
    {"authorization", FieldRole::kOnce, true},
    {"content-digest", FieldRole::kRepeatable, true},
    {"content-length", FieldRole::kContentLength, true},
    {"http2-settings", FieldRole::kOnce, false},  // RFC 7540 §3.2.1: exactly one, and named by Connection
    {"signature-input", FieldRole::kRepeatable, true},
    {"content-encoding", FieldRole::kRepeatable, true},
    {"if-modified-since", FieldRole::kOnce, true},
    {"sec-websocket-key", FieldRole::kOnce, true},
    {"transfer-encoding", FieldRole::kTransferEncoding, true},  // a hop that dropped it would change the framing
    {"if-unmodified-since", FieldRole::kOnce, true},
    {"proxy-authorization", FieldRole::kOnce, false},
    {"upgrade-insecure-requests", FieldRole::kOnce, true},
    {"access-control-request-method", FieldRole::kOnce, true},
};

inline constexpr std::size_t kKnownFieldCount = std::size(kKnownFields);
static_assert(kKnownFieldCount <= 64, "one bit each in the set of fields seen");

inline constexpr std::size_t kKnownNameSizeMax = kKnownFields[kKnownFieldCount - 1].name.size();

/// The first row whose name has at least this many bytes, for every size up to one past the longest.
consteval std::array<std::uint8_t, kKnownNameSizeMax + 2> first_known_of_size() {
  std::array<std::uint8_t, kKnownNameSizeMax + 2> first{};
  std::size_t row = 0;
  for (std::size_t size = 0; size < first.size(); ++size) {
    while (row < kKnownFieldCount && kKnownFields[row].name.size() < size) ++row;
    first[size] = static_cast<std::uint8_t>(row);
  }
  return first;
}

inline constexpr auto kFirstKnownOfSize = first_known_of_size();

/// The row of a name in any case, or kKnownFieldCount. Pure.
constexpr std::size_t find_known_field(std::string_view name) noexcept {
  if (name.size() > kKnownNameSizeMax) return kKnownFieldCount;
  const std::size_t end = kFirstKnownOfSize[name.size() + 1];
  for (std::size_t row = kFirstKnownOfSize[name.size()]; row < end; ++row) {
    if (equals_ignoring_case(name, kKnownFields[row].name)) return row;
  }
  return kKnownFieldCount;
}

constexpr bool is_token(std::string_view text) noexcept {
  for (const char c : text) {
    if (!has_class(c, CharClass::kToken)) return false;
  }
  return !text.empty();
}

/// Whether Connection may name this option: a token that is no end-to-end field with a meaning here (RFC 9110 §7.6.1).
constexpr bool is_harmless_option(std::string_view option) noexcept {
  constexpr std::string_view kForwardedPrefix = "x-forwarded-";
  if (!is_token(option)) return false;
  if (equals_ignoring_case(option.substr(0, kForwardedPrefix.size()), kForwardedPrefix)) return false;
  const std::size_t row = find_known_field(option);
  return row == kKnownFieldCount || !kKnownFields[row].end_to_end;
}

/// The offset of the first list member of a Connection value that is not harmless, or npos. Pure.
constexpr std::size_t find_harmful_option(std::string_view value) noexcept {
  for (std::size_t begin = 0; begin <= value.size();) {
    const std::size_t comma = value.find(',', begin);
    const std::size_t end = comma == std::string_view::npos ? value.size() : comma;
    while (begin < end && is_blank(value[begin])) ++begin;
    const std::string_view option = trim_blanks(value.substr(begin, end - begin));
    // RFC 9110 §5.6.1.2: empty list members are to be tolerated
    if (!option.empty() && !is_harmless_option(option)) return begin;
    begin = end + 1;
  }
  return std::string_view::npos;
}

/// The fields that decide host and framing; nullptr when absent. Borrows the Request's fields.
struct KeyFields {
  const Field* host = nullptr;
  const Field* content_length = nullptr;
  const Field* transfer_encoding = nullptr;
};

/// What a second field of this role means; kOk when it may stand again.
constexpr Reason duplicate_fault(FieldRole role, bool cookie_may_repeat) noexcept {
  switch (role) {
    case FieldRole::kOnce: return Reason::kFieldDuplicate;
    case FieldRole::kCookie: return cookie_may_repeat ? Reason::kOk : Reason::kFieldDuplicate;
    case FieldRole::kHost: return Reason::kHostDuplicate;
    case FieldRole::kContentLength: return Reason::kLengthDuplicate;
    case FieldRole::kTransferEncoding: return Reason::kEncodingUnsupported;
    case FieldRole::kRepeatable:
    case FieldRole::kConnection: return Reason::kOk;
  }
  return Reason::kInternal;
}

/// Judges one field by its role and remembers it when it decides host or framing.
constexpr Error judge_field_role(const Request& request, const Field& field, FieldRole role, KeyFields& keys) noexcept {
  switch (role) {
    case FieldRole::kHost: keys.host = &field; break;
    case FieldRole::kContentLength: keys.content_length = &field; break;
    case FieldRole::kTransferEncoding: keys.transfer_encoding = &field; break;
    case FieldRole::kConnection: {
      const std::size_t harmful = find_harmful_option(request.value(field));
      if (harmful == std::string_view::npos) break;
      return Error{Reason::kFieldConnectionSpecific, field.value.offset + static_cast<std::uint32_t>(harmful)};
    }
    case FieldRole::kOnce:
    case FieldRole::kRepeatable:
    case FieldRole::kCookie: break;
  }
  return Error{Reason::kOk, 0};
}

/// Judges the meaning of every field, in the order sent, and finds those that decide host and framing.
constexpr Error judge_field_roles(const Request& request, bool cookie_may_repeat, KeyFields& keys) noexcept {
  std::uint64_t seen = 0;
  for (const Field& field : request.fields) {
    const std::size_t row = find_known_field(request.name(field));
    if (row == kKnownFieldCount) continue;
    const FieldRole role = kKnownFields[row].role;
    if ((seen >> row & 1U) != 0) {
      if (const Reason fault = duplicate_fault(role, cookie_may_repeat); fault != Reason::kOk) {
        return Error{fault, field.name.offset};
      }
    }
    seen |= std::uint64_t{1} << row;
    if (const Error fault = judge_field_role(request, field, role, keys); fault.reason != Reason::kOk) return fault;
  }
  return Error{Reason::kOk, 0};
}

}  // namespace ostiary::detail
