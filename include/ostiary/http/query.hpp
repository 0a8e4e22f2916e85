// The parameters of a query, read lazily. Only an ampersand separates: a semicolon is data (URL Standard §5.1), and who
// takes it for a separator finds parameters that nobody else sees. The first equals sign ends the name. Pieces without
// a byte, as between two ampersands, are no parameters and are passed over.
//
// Names and values are compared decoded, and decoded exactly once. A plus sign is a space to programs that read forms
// and a plus to those that read RFC 3986: compared, it therefore equals both, so that a parameter which must stand once
// cannot stand there a second time under the other reading, and a value that is not wanted cannot come as the other
// one. What a plus means in a value that is decoded, the caller has to say.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/limits.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/pairs.hpp>
#include <ostiary/http/request.hpp>
#include <ostiary/http/target.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostiary {

/// One parameter as it was sent, escapes and all. The spans refer to Request::head, or to the query that was given.
/// `a=` has an empty value and `a` has none, which is not the same. A name may be empty. Plain data.
struct Parameter {
  Span name;   ///< present
  Span value;  ///< absent without an equals sign

  [[nodiscard]] constexpr bool has_value() const noexcept { return value.present(); }

  friend constexpr bool operator==(const Parameter&, const Parameter&) noexcept = default;
};

/// What a plus sign in a value stands for.
enum class PlusSign : std::uint8_t {
  kPlus,   ///< itself (RFC 3986)
  kSpace,  ///< a space (URL Standard §5.1, application/x-www-form-urlencoded)
};

namespace detail {

class ParameterReader {
 public:
  using Item = Parameter;

  constexpr ParameterReader() = default;
  constexpr ParameterReader(std::string_view text, Span query) noexcept : text_(text), pieces_(query.in(text)) {}

  constexpr bool next(Parameter& parameter) noexcept {
    for (;;) {
      const std::string_view piece = pieces_.next('&');
      if (piece.data() == nullptr) return false;
      if (piece.empty()) continue;
      const std::size_t equals = piece.find('=');
      parameter.name = span_of(piece.substr(0, equals), text_);
      parameter.value = equals == std::string_view::npos ? Span{} : span_of(piece.substr(equals + 1), text_);
      return true;
    }
  }

 private:
  std::string_view text_;
  PieceCursor pieces_;
};

constexpr Span whole(std::string_view text) noexcept { return Span{0, static_cast<std::uint32_t>(text.size())}; }

/// The first escape of `text` that is malformed, or npos.
constexpr std::size_t find_malformed_escape(std::string_view text) noexcept {
  std::size_t at = text.find('%');
  while (at != std::string_view::npos && escape_value(text, at) >= 0) at = text.find('%', at + 3);
  return at;
}

/// How much of a raw name says `wanted`; npos when it begins otherwise. Memory is not needed.
constexpr std::size_t decoded_prefix(std::string_view raw, std::string_view wanted) noexcept {
  std::size_t at = 0;
  for (const char c : wanted) {
    if (at == raw.size()) return std::string_view::npos;
    const int escape = escape_value(raw, at);
    const bool plus_for_space = raw[at] == '+' && c == ' ';
    const char decoded = escape >= 0 ? static_cast<char>(escape) : raw[at];
    if (decoded != c && !plus_for_space) return std::string_view::npos;
    at += escape >= 0 ? 3 : 1;
  }
  return at;
}

/// Whether `raw`, decoded once, is `text`. A malformed escape stands for its own bytes. Memory is not needed.
constexpr bool decodes_to(std::string_view raw, std::string_view text, PlusSign plus) noexcept {
  std::size_t at = 0;
  for (const char c : text) {
    if (at == raw.size()) return false;
    const int escape = escape_value(raw, at);
    const char plain = raw[at] == '+' && plus == PlusSign::kSpace ? ' ' : raw[at];
    if ((escape >= 0 ? static_cast<char>(escape) : plain) != c) return false;
    at += escape >= 0 ? 3 : 1;
  }
  return at == raw.size();
}

/// Whether the raw name goes on with a bracket, raw or escaped, after `at` bytes.
constexpr bool bracket_follows(std::string_view raw, std::size_t at) noexcept {
  return at < raw.size() && (raw[at] == '[' || escape_value(raw, at) == '[');
}

/// Writes `raw`, whose escapes are well-formed, to `out`. Returns how many bytes it has come to.
constexpr std::size_t write_decoded(std::string_view raw, PlusSign plus, char* out) noexcept {
  std::size_t written = 0;
  for (std::size_t at = 0; at < raw.size();) {
    const int escape = escape_value(raw, at);
    const char plain = raw[at] == '+' && plus == PlusSign::kSpace ? ' ' : raw[at];
    out[written++] = escape >= 0 ? static_cast<char>(escape) : plain;
    at += escape >= 0 ? 3 : 1;
  }
  return written;
}

constexpr Error judge_parameters_in(std::string_view query, const Limits& limits) noexcept {
  PieceCursor pieces(query);
  std::uint32_t count = 0;
  for (std::string_view piece = pieces.next('&'); piece.data() != nullptr; piece = pieces.next('&')) {
    if (count == limits.parameter_count_max) return Error{Reason::kParameterTooMany, span_of(piece, query).offset};
    ++count;
  }
  if (const std::size_t fault = find_malformed_escape(query); fault != std::string_view::npos) {
    return Error{Reason::kPathEscape, static_cast<std::uint32_t>(fault)};
  }
  return Error{Reason::kOk, 0};
}

constexpr Result<Parameter> find_single_parameter(ParameterReader reader, std::string_view text,
                                                  std::string_view name) noexcept {
  Parameter found;
  Parameter parameter;
  while (reader.next(parameter)) {
    const std::string_view raw = parameter.name.in(text);
    const std::size_t prefix = decoded_prefix(raw, name);
    if (prefix == std::string_view::npos) continue;
    const bool equal = prefix == raw.size();
    if (!equal && !bracket_follows(raw, prefix)) continue;
    if (!equal || found.name.present()) return Error{Reason::kParameterDuplicate, parameter.name.offset};
    found = parameter;
  }
  return found;
}

}  // namespace detail

/// A forward range of Parameter. Every iterator reads on by itself and borrows what the range was made from.
using Parameters = detail::ReadRange<detail::ParameterReader>;

/// The parameters of the request's query, in the order sent; none without a query. Borrows Request::head. Pure.
[[nodiscard]] constexpr Parameters parameters(const Request& request) noexcept {
  return Parameters(detail::ParameterReader(request.head, request.query));
}

/// The parameters of a query, which has no question mark in front and is shorter than 4 GiB. Borrows `query`. Pure.
[[nodiscard]] constexpr Parameters parameters(std::string_view query) noexcept {
  return Parameters(detail::ParameterReader(query, detail::whole(query)));
}

/// Whether a raw name, decoded once, is `name`; see the top of this file for the plus sign. A malformed escape stands
/// for its own bytes. Letters differ from their other case. Pure.
[[nodiscard]] constexpr bool is_parameter_name(std::string_view raw, std::string_view name) noexcept {
  return detail::decoded_prefix(raw, name) == raw.size();
}

/// Whether a raw value, decoded once, is `value`, all its plus signs being spaces, or all themselves: programs differ,
/// but each reads them in one way. A malformed escape stands for its own bytes. Pure.
[[nodiscard]] constexpr bool is_parameter_value(std::string_view raw, std::string_view value) noexcept {
  return detail::decodes_to(raw, value, PlusSign::kSpace) || detail::decodes_to(raw, value, PlusSign::kPlus);
}

/// kOk, or kParameterTooMany at the first piece beyond Limits::parameter_count_max, empty ones counted, or kPathEscape
/// at a malformed escape, which an inspected Request has not. `Error::offset` counts from the start of `query`. Pure.
[[nodiscard]] constexpr Error judge_parameters(std::string_view query, const Limits& limits = {}) noexcept {
  return detail::judge_parameters_in(query, limits);
}

/// As above, for the query of the request; `Error::offset` is a byte of Request::head.
[[nodiscard]] constexpr Error judge_parameters(const Request& request, const Limits& limits = {}) noexcept {
  if (!request.query.present()) return Error{Reason::kOk, 0};
  const Error fault = detail::judge_parameters_in(request.query.in(request.head), limits);
  return fault.reason == Reason::kOk ? fault : Error{fault.reason, request.query.offset + fault.offset};
}

/// The parameter that must stand once, given by its decoded name; its own name is absent when there is none. The query
/// is judged first. Reasons: kParameterDuplicate where it stands a second time, or at all with a bracket after its name
/// (`a[]`, `a[b]`), of which many programs make a list named `a`; those of judge_parameters. Pure.
[[nodiscard]] constexpr Result<Parameter> find_parameter(const Request& request, std::string_view name,
                                                         const Limits& limits = {}) noexcept {
  if (const Error fault = judge_parameters(request, limits); fault.reason != Reason::kOk) return fault;
  return detail::find_single_parameter(detail::ParameterReader(request.head, request.query), request.head, name);
}

/// As above, in a query, to which the spans and `Error::offset` refer.
[[nodiscard]] constexpr Result<Parameter> find_parameter(std::string_view query, std::string_view name,
                                                         const Limits& limits = {}) noexcept {
  if (const Error fault = judge_parameters(query, limits); fault.reason != Reason::kOk) return fault;
  return detail::find_single_parameter(detail::ParameterReader(query, detail::whole(query)), query, name);
}

/// The bytes a raw name or value stands for, decoded exactly once. They may be any, NUL and invalid UTF-8 included.
/// Borrows `raw` when there is nothing to decode, else scratch, of which it takes at most `raw.size()` bytes.
/// Reasons: kPathEscape, with `Error::offset` from the start of `raw`; kUsageScratchTooSmall. Pure apart from scratch.
[[nodiscard]] inline Result<std::string_view> decode_parameter(std::string_view raw, PlusSign plus,
                                                               Arena& scratch) noexcept {
  if (const std::size_t fault = detail::find_malformed_escape(raw); fault != std::string_view::npos) {
    return Error{Reason::kPathEscape, static_cast<std::uint32_t>(fault)};
  }
  const auto changes = [plus](char c) { return c == '%' || (c == '+' && plus == PlusSign::kSpace); };
  if (std::none_of(raw.begin(), raw.end(), changes)) return raw;
  char* out = scratch.allocate<char>(raw.size());
  if (out == nullptr) return Reason::kUsageScratchTooSmall;
  return std::string_view(out, detail::write_decoded(raw, plus, out));
}

}  // namespace ostiary
