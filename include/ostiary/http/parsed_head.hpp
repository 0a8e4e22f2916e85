// A head that the host has parsed already, and its copy as HTTP/1.1 text in scratch memory.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/limits.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/characters.hpp>
#include <ostiary/http/head.hpp>
#include <ostiary/http/request.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ostiary {

/// One field as a host hands it over (edge runtime, HTTP/2, nginx, ASGI). Borrows the host's memory.
struct FieldView {
  std::string_view name;   ///< in any case
  std::string_view value;  ///< SP and HTAB around it are trimmed
};

/// A head in pieces. Borrows the host's memory. The target is in any form its method takes in HTTP/1.1; in HTTP/2 and
/// HTTP/3 it is what `:path` holds, a path or the asterisk. A CONNECT has no path there (RFC 9113 §8.5): leave the
/// target absent or empty, and the authority, host and port, is the target. An extended CONNECT (RFC 8441), which has
/// one, is refused.
struct ParsedHead {
  std::string_view method;
  std::string_view authority;         ///< absent when data() == nullptr: then the Host field is used
  std::string_view target;            ///< path and query as sent, not decoded
  std::span<const FieldView> fields;  ///< without pseudo-headers
  /// Of the message, where the host tells it. HTTP/2 and HTTP/3 have rules of their own (RFC 9113 §8.2).
  HttpVersion version = HttpVersion::kUnknown;
};

namespace detail {

inline constexpr std::string_view kHostName = "host";
inline constexpr std::string_view kColonBlank = ": ";
inline constexpr std::string_view kVersionLineEnd = " HTTP/1.1\r\n";
inline constexpr std::string_view kLineEnd = "\r\n";

constexpr bool has_host_field(std::span<const FieldView> fields) noexcept {
  for (const FieldView& field : fields) {
    if (equals_ignoring_case(field.name, kHostName)) return true;
  }
  return false;
}

/// Adds up sizes and stays at one more than the limit once it is passed.
class SizeSum {
 public:
  explicit constexpr SizeSum(std::uint32_t limit) noexcept : limit_(limit) {}

  constexpr void add(std::size_t size) noexcept {
    total_ = size > limit_ || total_ > limit_ - size ? std::uint64_t{limit_} + 1 : total_ + size;
  }
  constexpr void add_field(std::string_view name, std::string_view value) noexcept {
    add(name.size());
    add(kColonBlank.size());
    add(value.size());
    add(kLineEnd.size());
  }
  [[nodiscard]] constexpr bool too_large() const noexcept { return total_ > limit_; }
  [[nodiscard]] constexpr std::size_t total() const noexcept { return static_cast<std::size_t>(total_); }

 private:
  std::uint64_t limit_;
  std::uint64_t total_ = 0;
};

/// Writes HTTP/1.1 text into memory that is large enough for it.
class HeadWriter {
 public:
  explicit constexpr HeadWriter(char* out) noexcept : out_(out) {}

  constexpr Span append(std::string_view text) noexcept {
    text.copy(out_ + size_, text.size());
    const Span span{size_, static_cast<std::uint32_t>(text.size())};
    size_ += span.length;
    return span;
  }
  constexpr Field append_field(std::string_view name, std::string_view value) noexcept {
    Field field;
    field.name = append(name);
    append(kColonBlank);
    field.value = append(value);
    append(kLineEnd);
    return field;
  }
  [[nodiscard]] constexpr std::string_view text() const noexcept { return {out_, size_}; }

 private:
  char* out_;
  std::uint32_t size_ = 0;
};

/// What is copied: the pieces, and whether the authority becomes the Host field (RFC 9113 §8.3.1).
struct CopyPlan {
  std::string_view target;
  bool adds_host = false;
  std::size_t field_count = 0;
  std::size_t size = 0;
};

constexpr Error plan_copy(const ParsedHead& parsed, const Limits& limits, CopyPlan& plan) noexcept {
  plan.adds_host = parsed.authority.data() != nullptr && !has_host_field(parsed.fields);
  const bool tunnels = parsed.method == "CONNECT" && parsed.target.empty();
  plan.target = tunnels ? trim_blanks(parsed.authority) : parsed.target;
  plan.field_count = parsed.fields.size() + (plan.adds_host ? 1 : 0);
  if (plan.field_count > field_capacity(limits)) return Error{Reason::kFieldTooMany, 0};
  SizeSum sum(limits.head_size_max);
  sum.add(parsed.method.size());
  sum.add(1);
  sum.add(plan.target.size());
  sum.add(kVersionLineEnd.size());
  if (plan.adds_host) sum.add_field(kHostName, trim_blanks(parsed.authority));
  for (const FieldView& field : parsed.fields) sum.add_field(field.name, trim_blanks(field.value));
  sum.add(kLineEnd.size());
  if (sum.too_large()) return Error{Reason::kHeadTooLarge, limits.head_size_max};
  plan.size = sum.total();
  return kNoFault;
}

/// Copies the pieces, unjudged, and points the Request and the fields at them. Returns the span of the method.
inline Result<Span> copy_head(const ParsedHead& parsed, const CopyPlan& plan, Request& request, HeadLines& lines,
                              Arena& scratch) noexcept {
  char* out = scratch.allocate<char>(plan.size);
  if (out == nullptr) return Reason::kUsageScratchTooSmall;
  Field* const fields = lines.fields;
  HeadWriter writer(out);
  const Span method = writer.append(parsed.method);
  writer.append(" ");
  request.target = writer.append(plan.target);
  writer.append(kVersionLineEnd);
  std::size_t count = 0;
  if (plan.adds_host) fields[count++] = writer.append_field(kHostName, trim_blanks(parsed.authority));
  for (const FieldView& field : parsed.fields) {
    fields[count++] = writer.append_field(field.name, trim_blanks(field.value));
  }
  writer.append(kLineEnd);
  request.head = writer.text();
  return method;
}

constexpr Error judge_method(std::string_view name, Request& request) noexcept {
  std::uint32_t at = 0;
  while (at < name.size() && has_class(name[at], CharClass::kToken)) ++at;
  if (at < name.size() || name.empty()) return Error{Reason::kMethodMalformed, at};
  return find_method(name, request.method) ? kNoFault : Error{Reason::kMethodUnsupported, 0};
}

/// Why a name is refused; the same Reasons as the field line that would carry it.
constexpr Error judge_name_bytes(std::string_view name) noexcept {
  std::uint32_t at = 0;
  while (at < name.size() && has_class(name[at], CharClass::kToken)) ++at;
  if (at == name.size()) return name.empty() ? Error{Reason::kFieldName, 0} : kNoFault;
  if (!is_blank(name[at])) return Error{Reason::kFieldName, at};
  if (at == 0) return Error{Reason::kFieldFolded, at};
  const bool only_blanks_follow = trim_blanks(name.substr(at)).empty();
  return Error{only_blanks_follow ? Reason::kFieldSpaceBeforeColon : Reason::kFieldName, at};
}

constexpr bool is_http2_or_later(HttpVersion version) noexcept {
  return version == HttpVersion::kHttp2 || version == HttpVersion::kHttp3;
}

/// Judges the name of a copied field and finds out which field it is.
constexpr Error judge_name(Request& request, Field& field) noexcept {
  const std::string_view name = request.name(field);
  if (const Error fault = judge_name_bytes(name); fault.reason != Reason::kOk) {
    return Error{fault.reason, field.name.offset + fault.offset};
  }
  for (std::uint32_t i = 0; is_http2_or_later(request.version) && i < name.size(); ++i) {
    if (ascii_lower(name[i]) != name[i]) return Error{Reason::kFieldNameCase, field.name.offset + i};
  }
  field.id = find_field(name);
  return judge_underscores(request, name, field.name.offset);
}

constexpr Error judge_value(Request& request, const Field& field) noexcept {
  std::uint32_t obs_text = PathNotes::kNowhere;
  const std::string_view value = request.value(field);
  for (std::uint32_t i = 0; i < field.value.length; ++i) {
    if (!has_class(value[i], CharClass::kFieldValue)) return Error{Reason::kFieldValue, field.value.offset + i};
    if (has_class(value[i], CharClass::kObsText)) note_first(obs_text, field.value.offset + i);
  }
  if (obs_text != PathNotes::kNowhere) {
    add_finding(request, Reason::kFieldValueObsText, Disposition::kFlag, obs_text);
  }
  return kNoFault;
}

/// RFC 9113 §8.3.1: there is no absolute form where scheme and authority have fields of their own.
constexpr bool is_form_of_version(const Request& request) noexcept {
  return !is_http2_or_later(request.version) || request.form == TargetForm::kAuthority || !request.authority.present();
}

/// Judges the bytes of every copied piece, in the order of the text.
inline Error judge_pieces(Span method, std::size_t field_count, Request& request, HeadLines& lines, Arena& scratch,
                          const InspectOptions& options) noexcept {
  if (const Error fault = judge_method(method.in(request.head), request); fault.reason != Reason::kOk) return fault;
  if (request.target.length > options.limits.target_size_max) {
    return Error{Reason::kTargetTooLong, request.target.offset + options.limits.target_size_max};
  }
  if (const Error fault = judge_target(request, scratch, options); fault.reason != Reason::kOk) return fault;
  if (!is_form_of_version(request)) return Error{Reason::kTargetForm, request.target.offset};
  for (std::size_t i = 0; i < field_count; ++i) {
    Field field = lines.fields[i];
    if (const Error fault = judge_name(request, field); fault.reason != Reason::kOk) return fault;
    if (const Error fault = judge_value(request, field); fault.reason != Reason::kOk) return fault;
    if (is_http2_or_later(request.version)) {
      if (const Error fault = judge_http2_field(request, field); fault.reason != Reason::kOk) return fault;
    }
    add_field(field, lines);
  }
  return kNoFault;
}

}  // namespace detail
}  // namespace ostiary
