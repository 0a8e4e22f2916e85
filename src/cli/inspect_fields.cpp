#include "inspect_parts.hpp"
#include "output.hpp"
#include "secrets.hpp"

#include <ostiary/http/authorization.hpp>
#include <ostiary/http/cookies.hpp>
#include <ostiary/http/known_fields.hpp>
#include <ostiary/http/request.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <optional>
#include <vector>

namespace ostiary::cli {

namespace {

[[nodiscard]] std::string_view cardinality_name(Cardinality cardinality) {
  switch (cardinality) {
    case Cardinality::kSingleton: return "singleton";
    case Cardinality::kList: return "list";
    case Cardinality::kCookie: return "cookie";
    case Cardinality::kHost: return "host";
    case Cardinality::kLength: return "length";
    case Cardinality::kCoding: return "coding";
    case Cardinality::kConnection: return "connection";
  }
  return {};
}

struct TraitName {
  FieldTrait trait;
  std::string_view name;
};
constexpr std::array<TraitName, 4> kTraitNames = {{{FieldTrait::kEndToEnd, "end-to-end"},
                                                   {FieldTrait::kHopByHop, "hop-by-hop"},
                                                   {FieldTrait::kTrustedOnly, "trusted-only"},
                                                   {FieldTrait::kForbidden, "forbidden"}}};

[[nodiscard]] bool is_secret(const Request& request, const Field& field) {
  return is_secret_name(request.name(field)) || holds_token(request.value(field));
}

[[nodiscard]] Json field_json(const Inspected& head, const Field& field) {
  const Request& request = head.inspection.request;
  const bool known = field.id != FieldId::kUnknown;
  const bool secret = is_secret(request, field);
  Json traits = Json::array();
  for (const TraitName& trait : kTraitNames) {
    if (has_trait(field.id, trait.trait)) traits.push_back(trait.name);
  }
  Json json;
  json["name"] = escaped(request.name(field));
  json["name_offset"] = field.name.offset;
  json["value"] = secret && !head.show_values ? Json() : Json(escaped(request.value(field)));
  json["value_offset"] = field.value.offset;
  json["value_size"] = field.value.length;
  json["secret"] = secret;
  json["known"] = known ? Json(known_field(field.id).name) : Json();
  json["cardinality"] = known ? Json(cardinality_name(known_field(field.id).cardinality)) : Json();
  json["traits"] = std::move(traits);
  return json;
}

/// "singleton, end-to-end"; empty for a name that means nothing here.
[[nodiscard]] std::string shown_kind(FieldId id) {
  if (id == FieldId::kUnknown) return {};
  std::string kind(cardinality_name(known_field(id).cardinality));
  for (const TraitName& trait : kTraitNames) {
    if (has_trait(id, trait.trait)) kind += ", " + std::string(trait.name);
  }
  return kind;
}

/// A token that ends in an equals sign is read as a name.
[[nodiscard]] bool hides_name(const Inspected& head, const Cookie& cookie) {
  return !head.show_values && holds_token(cookie.name.in(head.inspection.request.head));
}

/// What asking for the cookie of this name answers.
[[nodiscard]] Reason cookie_reason(const Request& request, const Cookie& cookie) {
  return find_cookie(request, cookie.name.in(request.head)).reason();
}

[[nodiscard]] Json cookie_json(const Inspected& head, const Cookie& cookie) {
  const Request& request = head.inspection.request;
  Json json;
  json["name"] = hides_name(head, cookie) ? Json() : Json(escaped(cookie.name.in(request.head)));
  json["name_offset"] = cookie.name.offset;
  json["value"] = head.show_values ? Json(escaped(cookie.value.in(request.head))) : Json();
  json["value_size"] = cookie.value.length;
  json["reason"] = reason_json(cookie_reason(request, cookie));
  return json;
}

[[nodiscard]] std::string_view credentials_name(CredentialsKind kind) {
  switch (kind) {
    case CredentialsKind::kEmpty: return "none";
    case CredentialsKind::kToken68: return "token68";
    case CredentialsKind::kParameters: return "parameters";
  }
  return {};
}

/// A scheme that nothing follows is not shown: whoever leaves the scheme out sends the credential in its place.
[[nodiscard]] std::optional<std::string> shown_scheme(const Request& request, const Authorization& credentials) {
  if (credentials.kind == CredentialsKind::kEmpty) return std::nullopt;
  const std::string_view scheme = credentials.scheme.in(request.head);
  return holds_token(scheme) ? std::nullopt : std::optional(escaped(scheme));
}

}  // namespace

Json fields_json(const Inspected& head) {
  Json list = Json::array();
  for (const Field& field : head.inspection.request.fields) list.push_back(field_json(head, field));
  return list;
}

std::string fields_table(const Inspected& head) {
  const Request& request = head.inspection.request;
  Table table({{"offset", true}, {"field"}, {"kind"}, {"value"}});
  for (const Field& field : request.fields) {
    const bool hidden = is_secret(request, field) && !head.show_values;
    table.add({{std::to_string(field.name.offset)},
               {escaped(request.name(field))},
               {shown_kind(field.id)},
               {hidden ? size_only(field.value.length) : escaped(request.value(field))}});
  }
  return table.text();
}

Json cookies_json(const Inspected& head) {
  Json list = Json::array();
  for (const Cookie& cookie : cookies(head.inspection.request)) list.push_back(cookie_json(head, cookie));
  return list;
}

std::string cookies_table(const Inspected& head) {
  const Request& request = head.inspection.request;
  Table table({{"offset", true}, {"cookie"}, {"value"}, {"reason"}});
  bool any = false;
  for (const Cookie& cookie : cookies(request)) {
    any = true;
    const Reason reason = cookie_reason(request, cookie);
    const bool once = reason == Reason::kOk;
    table.add({{std::to_string(cookie.name.offset)},
               {hides_name(head, cookie) ? size_only(cookie.name.length) : escaped(cookie.name.in(request.head))},
               {head.show_values ? escaped(cookie.value.in(request.head)) : size_only(cookie.value.length)},
               {once ? std::string() : shown_reason(reason), once ? Tone::kPlain : Tone::kBad}});
  }
  const Span nameless = first_nameless_cookie(request);
  if (nameless.present()) {
    table.add({{std::to_string(nameless.offset)},
               {"(no name)"},
               {head.show_values ? escaped(nameless.in(request.head)) : size_only(nameless.length)},
               {shown_reason(Reason::kCookieNameless), Tone::kBad}});
  }
  return any || nameless.present() ? table.text() : std::string();
}

Json authorization_json(const Request& request) {
  if (request.find(FieldId::kAuthorization) == nullptr) return {};
  const Result<Authorization> credentials = authorization(request);
  const std::optional<std::string> scheme = credentials ? shown_scheme(request, *credentials) : std::nullopt;
  Json json;
  json["scheme"] = scheme ? Json(*scheme) : Json();
  json["credentials"] = credentials ? Json(credentials_name(credentials->kind)) : Json();
  json["reason"] = reason_json(credentials.reason());
  json["offset"] = credentials ? Json() : Json(credentials.error().offset);
  return json;
}

std::string shown_authorization(const Request& request) {
  if (request.find(FieldId::kAuthorization) == nullptr) return {};
  const Result<Authorization> credentials = authorization(request);
  if (!credentials) return explained_reason(credentials.reason());
  const std::optional<std::string> scheme = shown_scheme(request, *credentials);
  switch (credentials->kind) {
    case CredentialsKind::kEmpty: return "one word, not shown";
    case CredentialsKind::kToken68: return scheme.value_or("(not shown)") + " and a token68";
    case CredentialsKind::kParameters: return scheme.value_or("(not shown)") + " and parameters";
  }
  return {};
}

}  // namespace ostiary::cli
