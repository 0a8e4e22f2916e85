// What the fields of a request mean together: which stand too often, and which the request may not carry at all.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/limits.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/characters.hpp>
#include <ostiary/http/finding.hpp>
#include <ostiary/http/known_fields.hpp>
#include <ostiary/http/request.hpp>
#include <ostiary/http/scan/lines.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostiary::detail {

inline constexpr Error kNoFault{Reason::kOk, 0};

constexpr bool is_token(std::string_view text) noexcept {
  for (const char c : text) {
    if (!has_class(c, CharClass::kToken)) return false;
  }
  return !text.empty();
}

constexpr char fold_name_byte(char c) noexcept { return c == '_' ? '-' : ascii_lower(c); }

/// Whether a back end could take both names for the same field: in any case, underscores read as hyphens (RFC 3875
/// §4.1.18).
constexpr bool could_be_same_name(std::string_view left, std::string_view right) noexcept {
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (fold_name_byte(left[i]) != fold_name_byte(right[i])) return false;
  }
  return true;
}

constexpr bool is_same_name(std::string_view left, std::string_view right) noexcept {
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (ascii_lower(left[i]) != ascii_lower(right[i])) return false;
  }
  return true;
}

/// Whether Connection may name this option: a token that is no end-to-end field with a meaning here (RFC 9110 §7.6.1).
constexpr bool is_harmless_option(std::string_view option) noexcept {
  constexpr std::string_view kForwardedPrefix = "x-forwarded-";
  if (!is_token(option)) return false;
  if (equals_ignoring_case(option.substr(0, kForwardedPrefix.size()), kForwardedPrefix)) return false;
  return !has_trait(find_field(option), FieldTrait::kEndToEnd) &&
         !has_trait(find_field(option), FieldTrait::kTrustedOnly);
}

/// Moves over one member of a comma-separated list, empty ones included (RFC 9110 §5.6.1.2), and returns it without
/// blanks. `at` is left behind the comma, or past the end.
constexpr std::string_view take_member(std::string_view list, std::size_t& at) noexcept {
  const std::size_t comma = list.find(',', at);
  const std::size_t end = comma == std::string_view::npos ? list.size() : comma;
  const std::string_view member = trim_blanks(list.substr(at, end - at));
  at = end + 1;
  return member;
}

/// The offset of the first list member of a Connection value that is not harmless, or npos. Pure.
inline std::size_t find_harmful_option(std::string_view value) noexcept {
  constexpr std::uint64_t kKeepAli = 0x696c612d7065656bU;  // what most clients send, compared as one number
  if (value.size() == 10 && (read_word(value.data()) | 0x2020202020202020U) == kKeepAli &&
      equals_ignoring_case(value.substr(8), "ve")) {
    return std::string_view::npos;
  }
  for (std::size_t at = 0; at <= value.size();) {
    const std::string_view option = take_member(value, at);
    if (!option.empty() && !is_harmless_option(option)) return static_cast<std::size_t>(option.data() - value.data());
  }
  return std::string_view::npos;
}

/// Calls `judge(field)` for every field of this name, in the order sent, until one is at fault.
template <typename Judge>
constexpr Error judge_each(const Request& request, FieldId id, const Judge& judge) noexcept {
  const Field* const first = request.find(id);
  if (first == nullptr) return kNoFault;
  for (const Field* field = first; field != request.fields.data() + request.fields.size(); ++field) {
    if (field->id != id) continue;
    if (const Error fault = judge(*field); fault.reason != Reason::kOk) return fault;
  }
  return kNoFault;
}

/// What a second field of this cardinality means; kOk when it may stand again.
constexpr Reason duplicate_reason(Cardinality cardinality, bool cookie_may_repeat) noexcept {
  switch (cardinality) {
    case Cardinality::kSingleton: return Reason::kFieldDuplicate;
    case Cardinality::kCookie: return cookie_may_repeat ? Reason::kOk : Reason::kFieldDuplicate;
    case Cardinality::kHost: return Reason::kHostDuplicate;
    case Cardinality::kLength: return Reason::kLengthDuplicate;
    case Cardinality::kCoding: return Reason::kEncodingUnsupported;
    case Cardinality::kList:
    case Cardinality::kConnection: return Reason::kOk;
  }
  return Reason::kInternal;
}

/// The first field that stands again and may not. `lines` knows the first that could be one.
constexpr Error judge_duplicates(const Request& request, const HeadLines& lines, bool cookie_may_repeat) noexcept {
  if (lines.duplicate == HeadLines::kNoField) return kNoFault;
  for (std::size_t i = lines.duplicate; i < request.fields.size(); ++i) {
    const Field& field = request.fields[i];
    if (request.find(field.id) == &field) continue;
    const Reason reason = duplicate_reason(cardinality_of(field.id), cookie_may_repeat);
    if (reason != Reason::kOk) return Error{reason, field.name.offset};
  }
  return kNoFault;
}

/// The members of all fields of this name together may not be more than `limit`. Commas inside quotes count, so that
/// no reading of the list is longer.
constexpr Error judge_list_length(const Request& request, FieldId id, std::uint32_t limit) noexcept {
  std::uint32_t members = 0;
  return judge_each(request, id, [&](const Field& field) noexcept {
    const std::string_view value = request.value(field);
    for (std::size_t at = 0; at <= value.size();) {
      const std::size_t begin = at;
      if (take_member(value, at).empty() || ++members <= limit) continue;
      return Error{Reason::kFieldListTooLong, field.value.offset + static_cast<std::uint32_t>(begin)};
    }
    return kNoFault;
  });
}

inline Error judge_connection(const Request& request, const Limits& limits) noexcept {
  const Error fault = judge_each(request, FieldId::kConnection, [&request](const Field& field) noexcept {
    const std::size_t harmful = find_harmful_option(request.value(field));
    if (harmful == std::string_view::npos) return kNoFault;
    return Error{Reason::kFieldConnectionSpecific, field.value.offset + static_cast<std::uint32_t>(harmful)};
  });
  if (fault.reason != Reason::kOk) return fault;
  // who forwards the request has to look for every option among the fields
  return judge_list_length(request, FieldId::kConnection, limits.connection_option_count_max);
}

/// RFC 9113 §8.2.2: no connection-specific field but `te: trailers`, and no transfer coding.
constexpr Error judge_http2_field(const Request& request, const Field& field) noexcept {
  if (!has_trait(field.id, FieldTrait::kHopByHop)) return kNoFault;
  if (field.id == FieldId::kTe && equals_ignoring_case(request.value(field), "trailers")) return kNoFault;
  return Error{Reason::kFieldNotInHttp2, field.name.offset};
}

/// Tells once of fields that only a trusted hop may send, and once of those nobody may; the view keeps them, because
/// only the forwarded head must lose them.
constexpr void note_untrusted_fields(Request& request, std::uint8_t traits) noexcept {
  constexpr auto kTrusted = static_cast<std::uint8_t>(FieldTrait::kTrustedOnly);
  constexpr auto kForbidden = static_cast<std::uint8_t>(FieldTrait::kForbidden);
  std::uint8_t left = traits & (kTrusted | kForbidden);
  for (const Field& field : request.fields) {
    if (left == 0) return;
    const std::uint8_t met = left & traits_of(field.id);
    if ((met & kTrusted) != 0) {
      add_finding(request, Reason::kFieldTrustedOnly, Disposition::kShape, field.name.offset);
    }
    if ((met & kForbidden) != 0) add_finding(request, Reason::kFieldForbidden, Disposition::kShape, field.name.offset);
    left &= static_cast<std::uint8_t>(~met);
  }
}

/// Lists that cost their reader more than they cost their sender.
constexpr Error judge_lists(const Request& request, const Limits& limits) noexcept {
  const Error range = judge_list_length(request, FieldId::kRange, limits.range_count_max);
  if (range.reason != Reason::kOk) return range;
  const Error match = judge_list_length(request, FieldId::kIfMatch, limits.entity_tag_count_max);
  if (match.reason != Reason::kOk) return match;
  return judge_list_length(request, FieldId::kIfNoneMatch, limits.entity_tag_count_max);
}

/// RFC 9110 §10.1.1: 100-continue is the only expectation there is.
constexpr Error judge_expect(const Request& request) noexcept {
  const Field* const field = request.find(FieldId::kExpect);
  if (field == nullptr || equals_ignoring_case(request.value(*field), "100-continue")) return kNoFault;
  return Error{Reason::kExpectUnsupported, field->value.offset};
}

}  // namespace ostiary::detail
