// The credentials of an Authorization field taken apart, whatever their scheme (RFC 9110 §11.4): nothing, one token68,
// or a list of parameters.
//
// Read more strictly than RFC 9110: one SP after the scheme, and a parameter stands once. Read more widely: the value
// of a parameter without quotes may have any visible ASCII character but the comma and the quote, because schemes in
// wide use write more than a token there (AWS4-HMAC-SHA256: slashes and semicolons; others: base64 with its padding).
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/characters.hpp>
#include <ostiary/http/pairs.hpp>
#include <ostiary/http/request.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostiary {

/// What follows the scheme.
enum class CredentialsKind : std::uint8_t { kEmpty, kToken68, kParameters };

/// Credentials whose syntax has been judged. The spans refer to Request::head, or to the value that was given. A
/// default one has no scheme, which stands for no credentials at all. Plain data.
struct Authorization {
  Span scheme;  ///< compare it with equals_ignoring_case (RFC 9110 §11.1)
  Span rest;    ///< the token68 or the whole list; absent when kind is kEmpty
  CredentialsKind kind = CredentialsKind::kEmpty;

  [[nodiscard]] constexpr bool present() const noexcept { return scheme.present(); }
};

/// One parameter of the credentials. Both spans are present. Plain data.
struct AuthParameter {
  Span name;            ///< compare it with equals_ignoring_case (RFC 9110 §11.2)
  Span value;           ///< without the quotes, and with the backslashes of quoted pairs
  bool quoted = false;  ///< see unquote

  friend constexpr bool operator==(const AuthParameter&, const AuthParameter&) noexcept = default;
};

/// More parameters than any registered scheme has; one more is kCredentialMalformed. It bounds the search for a name
/// that stands twice.
inline constexpr std::size_t kAuthParametersMax = 64;

namespace detail {

/// The offset of the first byte that keeps `text` from being a token68 (RFC 9110 §11.2), or npos.
constexpr std::size_t token68_fault(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size() && has_class(text[at], CharClass::kToken68)) ++at;
  if (at == 0) return 0;
  while (at < text.size() && text[at] == '=') ++at;
  return at == text.size() ? std::string_view::npos : at;
}

/// The size of the scheme that starts a value and ends it, or is followed by a space.
constexpr Result<std::uint32_t> scheme_size(std::string_view value) noexcept {
  std::size_t at = 0;
  while (at < value.size() && has_class(value[at], CharClass::kToken)) ++at;
  const bool scheme_ends = at > 0 && (at == value.size() || value[at] == ' ');
  if (!scheme_ends) return Error{Reason::kCredentialMalformed, static_cast<std::uint32_t>(at)};
  return static_cast<std::uint32_t>(at);
}

/// What may stand in a parameter's value without quotes.
constexpr bool is_bare_value(char c) noexcept { return c > ' ' && c < 0x7f && c != ',' && c != '"'; }

constexpr bool same_ignoring_case(std::string_view left, std::string_view right) noexcept {
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (ascii_lower(left[i]) != ascii_lower(right[i])) return false;
  }
  return true;
}

/// Reads the parameters of a list one after the other: #( token BWS "=" BWS ( value / quoted-string ) ). After a fault
/// there are none left, and `fault()` says at which byte of the text it is.
class AuthParameterReader {
 public:
  using Item = AuthParameter;

  constexpr AuthParameterReader() = default;
  constexpr AuthParameterReader(std::string_view text, Span list) noexcept : text_(text) {
    if (!list.present()) return;
    at_ = list.offset;
    end_ = list.offset + list.length;
  }

  constexpr bool next(AuthParameter& parameter) noexcept {
    // RFC 9110 §5.6.1.2: empty list members are to be tolerated
    while (at_ < end_ && (is_blank(peek()) || peek() == ',')) ++at_;
    if (at_ == end_) return false;
    if (read_name(parameter) && read_value(parameter) && read_end()) return true;
    malformed_ = true;
    fault_ = at_;
    at_ = end_;
    return false;
  }

  [[nodiscard]] constexpr bool malformed() const noexcept { return malformed_; }
  [[nodiscard]] constexpr std::uint32_t fault() const noexcept { return fault_; }

 private:
  [[nodiscard]] constexpr char peek() const noexcept { return text_[at_]; }
  constexpr void skip_blanks() noexcept {
    while (at_ < end_ && is_blank(peek())) ++at_;
  }

  /// Moves over the name, the equals sign and the blanks around it, which are bad but to be read (RFC 9110 §5.6.3).
  constexpr bool read_name(AuthParameter& parameter) noexcept {
    const std::uint32_t begin = at_;
    while (at_ < end_ && has_class(peek(), CharClass::kToken)) ++at_;
    if (at_ == begin) return false;
    parameter.name = Span{begin, at_ - begin};
    skip_blanks();
    if (at_ == end_ || peek() != '=') return false;
    ++at_;
    skip_blanks();
    return at_ < end_;
  }

  constexpr bool read_value(AuthParameter& parameter) noexcept {
    parameter.quoted = peek() == '"';
    if (parameter.quoted) return read_quoted(parameter);
    const std::uint32_t begin = at_;
    while (at_ < end_ && is_bare_value(peek())) ++at_;
    parameter.value = Span{begin, at_ - begin};
    return at_ > begin;
  }

  /// A quoted-string (RFC 9110 §5.6.4).
  constexpr bool read_quoted(AuthParameter& parameter) noexcept {
    const std::uint32_t begin = ++at_;
    while (at_ < end_ && peek() != '"') {
      if (peek() == '\\') ++at_;
      if (at_ == end_ || !has_class(peek(), CharClass::kFieldValue)) return false;
      ++at_;
    }
    if (at_ == end_) return false;
    parameter.value = Span{begin, at_ - begin};
    ++at_;
    return true;
  }

  constexpr bool read_end() noexcept {
    skip_blanks();
    return at_ == end_ || peek() == ',';
  }

  std::string_view text_;
  std::uint32_t at_ = 0;
  std::uint32_t end_ = 0;
  std::uint32_t fault_ = 0;
  bool malformed_ = false;
};

/// kOk when `list` is one of at least one parameter, none of which stands twice.
constexpr Error judge_auth_parameters(std::string_view text, Span list) noexcept {
  std::array<Span, kAuthParametersMax> names;
  std::size_t count = 0;
  AuthParameterReader reader(text, list);
  AuthParameter parameter;
  while (reader.next(parameter)) {
    if (count == names.size()) return Error{Reason::kCredentialMalformed, parameter.name.offset};
    for (std::size_t i = 0; i < count; ++i) {
      if (!same_ignoring_case(names[i].in(text), parameter.name.in(text))) continue;
      return Error{Reason::kCredentialMalformed, parameter.name.offset};
    }
    names[count++] = parameter.name;
  }
  if (reader.malformed()) return Error{Reason::kCredentialMalformed, reader.fault()};
  return count > 0 ? Error{Reason::kOk, 0} : Error{Reason::kCredentialMalformed, list.offset};
}

/// The credentials that fill `value` of `text`.
constexpr Result<Authorization> authorization_in(std::string_view text, Span value) noexcept {
  const Result<std::uint32_t> scheme = scheme_size(value.in(text));
  if (!scheme) return Error{scheme.reason(), value.offset + scheme.error().offset};
  Authorization found;
  found.scheme = Span{value.offset, *scheme};
  if (*scheme == value.length) return found;
  found.rest = Span{value.offset + *scheme + 1, value.length - *scheme - 1};
  // what could be read as both (`a==`) is a token68, as RFC 9110 §11.4 lists it first
  found.kind = token68_fault(found.rest.in(text)) == std::string_view::npos ? CredentialsKind::kToken68
                                                                            : CredentialsKind::kParameters;
  if (found.kind == CredentialsKind::kToken68) return found;
  const bool second_blank = found.rest.length > 0 && is_blank(text[found.rest.offset]);
  if (second_blank) return Error{Reason::kCredentialMalformed, found.rest.offset};
  if (const Error fault = judge_auth_parameters(text, found.rest); fault.reason != Reason::kOk) return fault;
  return found;
}

}  // namespace detail

/// Takes the value of an Authorization or Proxy-Authorization field apart; it is without white space at its ends and
/// shorter than 4 GiB. Spans and `Error::offset` refer to `value`. Reasons: kCredentialMalformed, at the first byte
/// that does not fit, or at the second name when a parameter stands twice (in any case of letters). Pure.
[[nodiscard]] constexpr Result<Authorization> parse_authorization(std::string_view value) noexcept {
  return detail::authorization_in(value, Span{0, static_cast<std::uint32_t>(value.size())});
}

/// As above, for the Authorization field of the request, of which the inspector lets only one pass. Spans and
/// `Error::offset` refer to Request::head. Without such a field the result is ok and not present().
[[nodiscard]] constexpr Result<Authorization> authorization(const Request& request) noexcept {
  const Field* field = request.find(FieldId::kAuthorization);
  if (field == nullptr) return Authorization{};
  return detail::authorization_in(request.head, field->value);
}

/// A forward range of AuthParameter. Every iterator reads on by itself and borrows the text.
using AuthParameters = detail::ReadRange<detail::AuthParameterReader>;

/// The parameters of credentials in the order sent; none unless their kind is kParameters. `text` is Request::head, or
/// the value that was taken apart. Borrows `text`. Pure.
[[nodiscard]] constexpr AuthParameters auth_parameters(std::string_view text, const Authorization& from) noexcept {
  const bool has_list = from.kind == CredentialsKind::kParameters;
  return AuthParameters(detail::AuthParameterReader(text, has_list ? from.rest : Span{}));
}

/// The parameter of this name (given in lower case); its own name is absent when there is none. Pure.
[[nodiscard]] constexpr AuthParameter find_auth_parameter(std::string_view text, const Authorization& from,
                                                          std::string_view lower_name) noexcept {
  for (const AuthParameter& parameter : auth_parameters(text, from)) {
    if (equals_ignoring_case(parameter.name.in(text), lower_name)) return parameter;
  }
  return AuthParameter{};
}

/// What a quoted value stands for: every backslash gives way to the byte after it (RFC 9110 §5.6.4). Borrows `value`
/// when it has none, else scratch, of which it takes at most `value.size()` bytes. Only for a value that was quoted.
/// Reasons: kUsageScratchTooSmall. Pure apart from scratch.
[[nodiscard]] inline Result<std::string_view> unquote(std::string_view value, Arena& scratch) noexcept {
  if (value.find('\\') == std::string_view::npos) return value;
  char* out = scratch.allocate<char>(value.size());
  if (out == nullptr) return Reason::kUsageScratchTooSmall;
  std::size_t written = 0;
  for (std::size_t at = 0; at < value.size(); ++at) {
    if (value[at] == '\\' && at + 1 < value.size()) ++at;
    out[written++] = value[at];
  }
  return std::string_view(out, written);
}

}  // namespace ostiary
