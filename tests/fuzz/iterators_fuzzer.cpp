// Whatever the bytes, the lazy ranges stay inside them, end, and agree with the lookups. A broken promise traps.
#include <ostiary/http/authorization.hpp>
#include <ostiary/http/cookies.hpp>
#include <ostiary/http/credentials.hpp>
#include <ostiary/http/query.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

using namespace ostiary;

namespace {

void require(bool good) {
  if (!good) __builtin_trap();
}

/// `next` lies after what came before it and inside the text. Moves `at` to its end.
void require_after(Span next, std::uint32_t& at, std::size_t size) {
  require(next.present() && next.offset >= at && next.offset <= size && next.length <= size - next.offset);
  at = next.offset + next.length;
}

void check_cookies(std::string_view line) {
  std::uint32_t at = 0;
  std::size_t count = 0;
  for (const Cookie& cookie : cookies(line)) {
    require_after(cookie.name, at, line.size());
    require_after(cookie.value, at, line.size());
    const std::string_view name = cookie.name.in(line);
    require(!name.empty() && trim_blanks(name) == name && name.find_first_of(";=") == std::string_view::npos);
    require(cookie.value.in(line).find(';') == std::string_view::npos);
    ++count;
    if (count > 8) continue;  // the lookup is linear; the whole stays so
    const Result<Span> found = find_cookie(line, name);
    require(found.ok() ? *found == cookie.value : found.error().offset <= line.size());
  }
  std::uint32_t pieces = 0;
  const Error fault = judge_cookies(line, pieces, Limits{});
  require(fault.offset <= line.size());
  const auto semicolons = static_cast<std::size_t>(std::count(line.begin(), line.end(), ';'));
  require(fault.reason != Reason::kOk || (pieces == semicolons + 1 && pieces <= Limits{}.cookie_count_max));
  require(fault.reason != Reason::kCookieTooMany || semicolons >= Limits{}.cookie_count_max);
  require(fault.reason != Reason::kCookieLegacy || line[fault.offset] == '$');
  require(count <= semicolons + 1);
}

void check_query(std::string_view query) {
  static std::vector<std::byte> memory(1U << 20U);
  std::uint32_t at = 0;
  std::size_t count = 0;
  const Error fault = judge_parameters(query);
  require(fault.offset <= query.size());
  for (const Parameter& parameter : parameters(query)) {
    require_after(parameter.name, at, query.size());
    if (parameter.has_value()) require_after(parameter.value, at, query.size());
    require(parameter.name.length > 0 || parameter.has_value());
    if (++count > 8) continue;
    Arena scratch(memory);
    const Result<std::string_view> name = decode_parameter(parameter.name.in(query), PlusSign::kSpace, scratch);
    if (!name) continue;
    require(is_parameter_name(parameter.name.in(query), *name));
    const Result<Parameter> found = find_parameter(query, *name);
    require(found.ok() ? found.value() == parameter : found.error().offset <= query.size());
  }
}

void check_authorization(std::string_view value) {
  const Result<Authorization> found = parse_authorization(value);
  require(found.ok() == found->present());
  const Result<Credential> bearer = detail::credential_in(value, true);
  const Result<Credential> either = detail::credential_in(value, false);
  if (!found) {
    require(found.reason() == Reason::kCredentialMalformed && found.error().offset <= value.size());
    require(!bearer && !either);
    return;
  }
  const bool is_token = found->kind == CredentialsKind::kToken68;
  const bool is_bearer = equals_ignoring_case(found->scheme.in(value), "bearer");
  const bool is_dpop = equals_ignoring_case(found->scheme.in(value), "dpop");
  require(bearer.ok() == (is_token && is_bearer));
  require(either.ok() == (is_token && (is_bearer || is_dpop)));
  require(!either || either->token == found->rest.in(value));
  require(!bearer || bearer->scheme == CredentialScheme::kBearer);
  std::uint32_t at = 0;
  std::size_t count = 0;
  for (const AuthParameter& parameter : auth_parameters(value, *found)) {
    require_after(parameter.name, at, value.size());
    require_after(parameter.value, at, value.size());
    require(parameter.quoted || parameter.value.length > 0);
    ++count;
  }
  require(count <= kAuthParametersMax && (count > 0) == (found->kind == CredentialsKind::kParameters));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_cookies(text);
  check_query(text);
  check_authorization(text);
  return 0;
}
