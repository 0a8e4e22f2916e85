#include "policy/had_value.hpp"

#include "policy/secrets.hpp"
#include "policy/time_text.hpp"

#include <ostiary/core/memory.hpp>
#include <ostiary/http/query.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ostiary::policy {

namespace {

constexpr const char* kAbsent = "absent";

/// Elements of a list that are shown.
constexpr std::uint32_t kElementsMax = 16;

/// The first elements that `element(i)` gives, with commas between them.
template <typename Element>
[[nodiscard]] std::string listed(std::uint32_t count, std::string_view name, const Element& element) {
  std::string text = "[";
  for (std::uint32_t i = 0; i < count && i < kElementsMax; ++i) {
    text += (i == 0 ? "" : ", ") + shown_value(name, element(i));
  }
  return text + (count > kElementsMax ? ", ... (" + std::to_string(count) + ")]" : "]");
}

[[nodiscard]] std::string shown_scheme(Scheme scheme) {
  switch (scheme) {
    case Scheme::kUnknown: return "unknown";
    case Scheme::kHttp: return "http";
    case Scheme::kHttps: return "https";
  }
  return {};
}

[[nodiscard]] std::string shown_parameter(const Seen& seen, std::string_view name) {
  const Result<Parameter> found = find_parameter(seen.request, name);
  if (!found || !found->name.present()) return kAbsent;
  if (!found->has_value()) return "present, without a value";
  const std::string_view raw = found->value.in(seen.request.head);
  std::vector<std::byte> memory(raw.size());
  Arena scratch(memory);
  const Result<std::string_view> value = decode_parameter(raw, PlusSign::kPlus, scratch);
  return shown_value(name, value ? *value : raw);
}

[[nodiscard]] std::string shown_age(const Seen& seen) {
  ClaimRecord issued;
  if (!seen.identity->find("iat", issued) || issued.kind != ClaimKind::kInteger) return "no iat";
  return "iat " + time_text(issued.integer) + ", now " + time_text(seen.facts.now_s);
}

[[nodiscard]] std::string shown_scopes(const Identity& identity) {
  return listed(identity.scope_count(), "scope", [&](std::uint32_t i) { return identity.scope(i); });
}

[[nodiscard]] std::string had_in_request(const Seen& seen, const PredicateRecord& predicate) {
  switch (dimension_of(predicate.kind)) {
    case Dimension::kMethod: return std::string(kMethodNames[static_cast<std::size_t>(seen.request.method)]);
    case Dimension::kScheme: return shown_scheme(seen.facts.scheme);
    case Dimension::kHost: return shown_value("host", seen.request.host);
    case Dimension::kPath: return shown_value("path", seen.request.path);
    case Dimension::kQuery: return shown_parameter(seen, seen.gate.parameter_name(predicate.subject));
    case Dimension::kHeader: {
      const std::string_view name = seen.gate.header_name(predicate.subject);
      const Field* const field = seen.request.find(name);
      return field == nullptr ? kAbsent : shown_value(name, seen.request.value(*field));
    }
    case Dimension::kClient: return seen.facts.peer.empty() ? "unknown" : shown_value("peer", seen.facts.peer);
    case Dimension::kTime: return time_text(seen.facts.now_s);
    case Dimension::kFlag: {
      for (const std::string_view flag : seen.facts.flags) {
        if (flag == seen.gate.flag(predicate.subject)) return "true";
      }
      return "false";
    }
    case Dimension::kNone:
    case Dimension::kIdentity:
    case Dimension::kIssuer:
    case Dimension::kAudience:
    case Dimension::kScope:
    case Dimension::kTokenAge:
    case Dimension::kClaim: return {};
  }
  return {};
}

}  // namespace

std::string shown_claim(const Identity& identity, std::string_view name) {
  ClaimRecord claim;
  if (!identity.find(name, claim)) return kAbsent;
  switch (claim.kind) {
    case ClaimKind::kText: return shown_value(name, identity.text(claim.text));
    case ClaimKind::kInteger: return std::to_string(claim.integer);
    case ClaimKind::kBoolean: return claim.integer != 0 ? "true" : "false";
    case ClaimKind::kTextSet:
      return listed(claim.text.length, name, [&](std::uint32_t i) { return identity.element(claim, i); });
    case ClaimKind::kOther: return "of a shape that no rule can match";
  }
  return {};
}

std::string had_value(const Seen& seen, const PredicateRecord& predicate) {
  if (!is_about_identity(predicate.kind)) return had_in_request(seen, predicate);
  if (seen.identity == nullptr) return "no identity";
  switch (dimension_of(predicate.kind)) {
    case Dimension::kIssuer: return shown_claim(*seen.identity, "iss");
    case Dimension::kAudience: return shown_claim(*seen.identity, "aud");
    case Dimension::kScope: return shown_scopes(*seen.identity);
    case Dimension::kTokenAge: return shown_age(seen);
    case Dimension::kClaim: return shown_claim(*seen.identity, seen.gate.claim_name(predicate.subject));
    case Dimension::kNone:
    case Dimension::kMethod:
    case Dimension::kScheme:
    case Dimension::kHost:
    case Dimension::kPath:
    case Dimension::kQuery:
    case Dimension::kHeader:
    case Dimension::kClient:
    case Dimension::kTime:
    case Dimension::kFlag:
    case Dimension::kIdentity: return {};
  }
  return {};
}

}  // namespace ostiary::policy
