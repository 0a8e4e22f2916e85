#include "policy/check_shaping.hpp"

#include "policy/pattern.hpp"
#include "policy/quote.hpp"
#include "policy/rewrite.hpp"

#include <ostiary/core/bytes.hpp>
#include <ostiary/http/emit.hpp>
#include <ostiary/http/host.hpp>
#include <ostiary/http/known_fields.hpp>
#include <ostiary/policy/rate_limiter.hpp>
#include <ostiary/policy/shaping.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace ostiary::policy {

namespace {

constexpr std::uint32_t method_bit(Method method) { return 1U << static_cast<unsigned>(method); }

bool is_visible_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

/// `host` or `host:port` (RFC 3986 §3.2), without a user.
bool is_authority(std::string_view authority) {
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (!is_canonical_host(authority.substr(0, colon))) return false;
  if (colon == std::string_view::npos) return true;
  const std::string_view digits = authority.substr(colon + 1);
  std::uint32_t port = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return fault == std::errc() && end == digits.data() + digits.size() && port >= 1 && port <= 65535;
}

bool escapes_are_whole(std::string_view text) {
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
    if (at + 2 >= text.size() || hex_value(text[at + 1]) < 0 || hex_value(text[at + 2]) < 0) return false;
  }
  return true;
}

bool is_https_url(std::string_view text) {
  constexpr std::string_view kScheme = "https://";
  if (!text.starts_with(kScheme) || text.size() > kLoginSizeMax || !is_visible_ascii(text)) return false;
  if (text.find_first_of("\"<>\\^`{|}") != std::string_view::npos || !escapes_are_whole(text)) return false;
  text.remove_prefix(kScheme.size());
  return is_authority(text.substr(0, text.find_first_of("/?#")));
}

class ShapeCheck {
 public:
  ShapeCheck(CheckContext& context, const RouteSource& route)
      : context_(context), gate_(context.gate), route_(route), shape_(route.shape), diagnostics_(context.diagnostics) {}

  void run() {
    check_edits();
    check_rewrite();
    if (shape_.query_names.size() > kQueryNamesMax) {
      fail(Reason::kGateLimit, shape_.query_names[kQueryNamesMax],
           "expected at most " + std::to_string(kQueryNamesMax) + " names of parameters");
    }
    check_rate();
    check_cache();
    check_login();
  }

 private:
  void check_edits() {
    if (shape_.edits.size() > kShapeEditsMax) {
      fail(Reason::kGateLimit, shape_.edits[kShapeEditsMax].name,
           "expected at most " + std::to_string(kShapeEditsMax) + " edits of headers");
    }
    std::set<std::string_view> names;
    for (const HeaderEditSource& edit : shape_.edits) {
      check_edit(edit);
      check_edited_name(names, edit.name);
      if (edit.kind == HeaderEditKind::kRename) check_edited_name(names, edit.value);
    }
  }

  /// Names that stand once leave no question of order.
  void check_edited_name(std::set<std::string_view>& names, const Text& name) {
    if (!names.insert(name.value).second) {
      fail(Reason::kGateValue, name, quote(name.value) + " is edited twice on this route; keep one of the edits");
    }
    if (context_.is_identity_header(name.value)) {
      fail(Reason::kGateValue, name,
           quote(name.value) + " is an identity header, which only the door sets; edit another name");
    }
  }

  void check_edit(const HeaderEditSource& edit) {
    const bool is_claim = edit.value_kind == EditValueKind::kClaim;
    if (is_claim && context_.claim(edit.value) == nullptr) return;
    if (!is_plain_header_name(edit.name.value) ||
        (edit.kind == HeaderEditKind::kRename && !is_plain_header_name(edit.value.value))) {
      return fail(Reason::kGateValue, edit.name,
                  "expected header names of lower-case letters, digits and \"-\", found " + quote(edit.name.value));
    }
    const std::string_view value = is_claim ? std::string_view("x") : std::string_view(edit.value.value);
    if (writes(edit) && !ostiary::detail::is_plain_header_value(value)) {
      return fail(Reason::kGateValue, edit.value, "expected visible ASCII with no more than inner spaces");
    }
    if (!writes_credential(edit) && ostiary::detail::is_sound_edit({edit.kind, edit.name.value, value})) return;
    fail(Reason::kGateValue, edit.name,
         quote(edit.name.value) +
             " cannot be edited so: Host, framing, credentials and what belongs to a connection stay, what may "
             "stand once is not appended, and nothing is renamed to a field that the door knows");
  }

  static bool writes(const HeaderEditSource& edit) {
    return edit.kind == HeaderEditKind::kSet || edit.kind == HeaderEditKind::kAppend;
  }

  static bool writes_credential(const HeaderEditSource& edit) {
    const FieldId id = find_field(edit.name.value);
    return writes(edit) && (id == FieldId::kAuthorization || id == FieldId::kCookie);
  }

  void check_rewrite() {
    if (shape_.rewrite.value.empty() || route_.path.value.empty()) return;
    const std::string fault = rewrite_fault(shape_.rewrite.value, split_path_pattern(route_.path.value));
    if (!fault.empty()) fail(Reason::kGatePattern, shape_.rewrite, quote(shape_.rewrite.value) + ": " + fault);
  }

  void check_login() {
    const std::string& login = shape_.login.value;
    if (login.empty() || is_https_url(login)) return;
    fail(Reason::kGateValue, shape_.login,
         "expected an https URL with a host in lower case, as \"https://login.example/\", found " + quote(login));
  }

  void check_rate() {
    const RateSource& rate = shape_.rate;
    check_parts(rate.key);
    constexpr std::uint32_t kMsPerS = 1000;
    const std::uint32_t period_ms = rate.period_s * kMsPerS;
    const RatePace one_at_once({rate.limit, period_ms, 1});
    if (!one_at_once.is_valid() || RatePace({rate.limit, period_ms, rate.burst}).is_valid()) return;
    diagnostics_.add(Reason::kGateValue, rate.burst_offset,
                     "expected a burst of at most " + std::to_string(RatePace::kSpanMax / one_at_once.interval_ns) +
                         " for this limit and period, found " + std::to_string(rate.burst) +
                         ": what was used up must have come back within 146 years");
  }

  void check_parts(const std::vector<KeyPartSource>& parts) {
    if (parts.size() > kKeyPartsMax) {
      fail(Reason::kGateLimit, parts[kKeyPartsMax].name,
           "expected at most " + std::to_string(kKeyPartsMax) + " parts of a key");
    }
    std::set<std::pair<KeyPartKind, std::string_view>> seen;
    for (const KeyPartSource& part : parts) {
      if (!seen.insert({part.kind, part.name.value}).second) {
        fail(Reason::kGateValue, part.name, "this part of the key stands twice; remove one");
      }
      if (part.kind == KeyPartKind::kClaim) (void)context_.claim(part.name);
      if (part.kind == KeyPartKind::kHeader) check_key_header(part.name);
    }
  }

  void check_key_header(const Text& name) {
    if (!is_plain_header_name(name.value)) {
      fail(Reason::kGateValue, name,
           "expected a header name of lower-case letters, digits and \"-\", found \"" + name.value + "\"");
    } else if (is_untrusted_header(name.value) || has_trait(find_field(name.value), FieldTrait::kHopByHop)) {
      fail(Reason::kGateValue, name,
           "\"" + name.value +
               "\" is not believed from clients or belongs to one connection, so no key may have it; remove it, or use "
               "\"client\" in a rate key");
    }
  }

  void check_cache() {
    const CacheSource& cache = shape_.cache;
    if (cache.cache_class == CacheClass::kShared) {
      check_parts(cache.key);
      check_surrogate_keys();
      check_shared();
    } else if (cache.has_key || !cache.surrogate_keys.empty()) {
      diagnostics_.add(Reason::kGateValue, cache.offset,
                       "\"key\" and \"surrogate_keys\" are for answers that are shared; remove them");
    }
    const std::uint32_t kept = method_bit(Method::kGet) | method_bit(Method::kHead);
    if (cache.cache_class == CacheClass::kNone || (route_.methods & ~kept) == 0) return;
    diagnostics_.add(Reason::kGateValue, cache.offset,
                     "only answers to GET and HEAD are kept; give the other methods a route of their own");
  }

  void check_surrogate_keys() {
    const std::vector<Text>& keys = shape_.cache.surrogate_keys;
    if (keys.size() > kSurrogateKeysMax) {
      fail(Reason::kGateLimit, keys[kSurrogateKeysMax],
           "expected at most " + std::to_string(kSurrogateKeysMax) + " surrogate keys");
    }
    for (const Text& key : keys) {
      if (is_visible_ascii(key.value) && key.value.size() <= kSurrogateKeySizeMax) continue;
      fail(Reason::kGateValue, key,
           "expected at most " + std::to_string(kSurrogateKeySizeMax) + " bytes of visible ASCII without spaces");
    }
  }

  /// Everything of a client that this door itself lets into the answer must be in the key.
  void check_shared() {
    check_credentials();
    check_identity_headers();
    for (const HeaderEditSource& edit : shape_.edits) {
      if (edit.value_kind == EditValueKind::kClaim) require_in_key(KeyPartKind::kClaim, edit.value);
      if (edit.kind == HeaderEditKind::kRename) require_in_key(KeyPartKind::kHeader, edit.name);
    }
    if (!shape_.cache.whole_query) check_parameters();
    check_roles();
    for (const Reason waiver : route_.waivers) {
      if (waiver != Reason::kBodyUnexpected && waiver != Reason::kUpgradeRefused) continue;
      refuse_shared("the route waives " + std::string(reason_info(waiver).name) +
                    ", and no key has what such a request carries");
    }
  }

  /// A key of some parameters is only for an origin that sees no others.
  void check_parameters() {
    if (shape_.query_filter == QueryFilter::kKeep) {
      for (const Text& name : shape_.query_names) require_in_key(KeyPartKind::kParameter, name);
      return;
    }
    std::string names;
    for (const KeyPartSource& part : shape_.cache.key) {
      if (part.kind == KeyPartKind::kParameter) names += (names.empty() ? "" : ", ") + quote(part.name.value);
    }
    diagnostics_.add(Reason::kGateValue, shape_.cache.query_offset,
                     "the answers cannot be shared: the origin gets every other parameter as well, which the key "
                     "ignores; add \"query\": {\"keep\": [" +
                         names + "]} to the route, or leave \"query\" out of the key");
  }

  void check_credentials() {
    for (const std::string_view name : {"authorization", "cookie"}) {
      const bool goes = std::any_of(shape_.edits.begin(), shape_.edits.end(), [&](const HeaderEditSource& edit) {
        return edit.kind == HeaderEditKind::kRemove && edit.name.value == name;
      });
      if (goes || in_key(KeyPartKind::kHeader, name)) continue;
      refuse_shared("the origin gets " + quote(name) +
                    ", which the key ignores; add it to \"headers\": {\"remove\": […]}, or to \"headers\" of the key");
    }
  }

  void check_identity_headers() {
    if (!shape_.identity_headers) return;
    for (const IdentityHeaderSource& header : gate_.identity_headers) {
      if (header.source == HeaderSource::kClaim && in_key(KeyPartKind::kClaim, header.claim.value)) continue;
      const std::string what =
          header.source == HeaderSource::kPeer
              ? "the address of the peer, which no key has"
              : "a claim that the key ignores: add " + quote(header.claim.value) + " to \"claims\" of the key";
      refuse_shared("the identity header " + quote(header.name.value) + " sends " + what +
                    ", or leave the identity headers out with \"identity_headers\": false");
    }
  }

  void check_roles() {
    const RoleSource* const role = context_.role_on(route_);
    if (role != nullptr)
      refuse_shared("the role mapping " + quote(role->id.value) + " gives it a role, which no key has");
  }

  [[nodiscard]] bool in_key(KeyPartKind kind, std::string_view name) const {
    const std::vector<KeyPartSource>& key = shape_.cache.key;
    return std::any_of(key.begin(), key.end(),
                       [&](const KeyPartSource& part) { return part.kind == kind && part.name.value == name; });
  }

  void require_in_key(KeyPartKind kind, const Text& name) {
    if (in_key(kind, name.value)) return;
    const std::string_view list = kind == KeyPartKind::kClaim    ? "claims"
                                  : kind == KeyPartKind::kHeader ? "headers"
                                                                 : "query";
    fail(Reason::kGateValue, name,
         "what the origin gets depends on " + quote(name.value) + ", which the cache key ignores; add it to " +
             quote(list) + " of the key");
  }

  void refuse_shared(const std::string& why) {
    diagnostics_.add(Reason::kGateValue, shape_.cache.offset, "the answers cannot be shared: " + why);
  }

  void fail(Reason reason, const Text& place, const std::string& message) {
    diagnostics_.add(reason, place.offset, message);
  }

  CheckContext& context_;
  const GateSource& gate_;
  const RouteSource& route_;
  const ShapeSource& shape_;
  Diagnostics& diagnostics_;
};

void check_shield(const OriginSource& origin, Diagnostics& diagnostics) {
  constexpr std::size_t kSizeMax = 128;
  if (is_visible_ascii(origin.shield.value) && origin.shield.value.size() <= kSizeMax) return;
  diagnostics.add(Reason::kGateValue, origin.shield.offset,
                  "expected a name of at most 128 bytes of visible ASCII without spaces");
}

/// A name that is there, of a few bytes of visible ASCII. A comma or slash would break the scope of SigV4 (AWS General
/// Reference, "Elements of a credential scope").
bool is_sign_name(const Text& name) {
  constexpr std::size_t kSizeMax = 128;
  return !name.value.empty() && name.value.size() <= kSizeMax && is_visible_ascii(name.value) &&
         name.value.find_first_of("/,") == std::string::npos;
}

void check_sign(const SignSource& sign, Diagnostics& diagnostics) {
  const auto judge = [&](const char* member, const Text& text, bool belongs) {
    if (belongs && !is_sign_name(text)) {
      diagnostics.add(
          Reason::kGateValue, text.value.empty() ? sign.offset : text.offset,
          std::string("expected \"") + member + "\" of 1 to 128 bytes of visible ASCII without slash, comma and space");
    } else if (!belongs && text.offset != 0) {
      diagnostics.add(Reason::kGateValue, text.offset,
                      std::string("\"") + member + "\" belongs to the other way of signing; remove it");
    }
  };
  if (sign.method == HopSignature::kNone) return;
  const bool is_sigv4 = sign.method == HopSignature::kSigV4;
  judge("key", sign.key, !is_sigv4);
  judge("region", sign.region, is_sigv4);
  judge("service", sign.service, is_sigv4);
}

}  // namespace

void check_shaping(CheckContext& context) {
  for (const OriginSource& origin : context.gate.origins) {
    check_shield(origin, context.diagnostics);
    check_sign(origin.sign, context.diagnostics);
  }
  // What is wrong with too many of them is said already.
  if (context.gate.identity_headers.size() > context.limits.identity_header_count_max) return;
  for (const RouteSource& route : context.gate.routes) ShapeCheck(context, route).run();
}

}  // namespace ostiary::policy
