#include "token/rules.hpp"

#include "adapt/crypto.hpp"

#include <ostiary/core/base64url.hpp>
#include <ostiary/token/revocation.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

namespace ostiary {

namespace {

using adapt::JsonKind;
using adapt::JsonValue;

Reason check(bool good, Reason reason) noexcept { return good ? Reason::kOk : reason; }

std::size_t index_of(const Presented& token, const JsonValue& value) noexcept {
  return static_cast<std::size_t>(&value - token.values.data());
}

// --- what makes each kind of token what it is ---------------------------------------------------------------------

struct ProfileRules {
  std::span<const TokenType> types{};
  std::span<const ClaimId> required{};   ///< besides iss, exp and an audience
  std::span<const ClaimId> forbidden{};  ///< marks of other kinds
};

constexpr std::array kGenericTypes{TokenType::kAbsent, TokenType::kJwt, TokenType::kAccessToken};
constexpr std::array kAccessTypes{TokenType::kAccessToken};
constexpr std::array kIdTypes{TokenType::kAbsent, TokenType::kJwt};
constexpr std::array kLogoutTypes{TokenType::kLogoutToken, TokenType::kAbsent, TokenType::kJwt};
constexpr std::array kTransactionTypes{TokenType::kTransactionToken};

constexpr std::array kAccessClaims{ClaimId::kSub, ClaimId::kClientId, ClaimId::kIat, ClaimId::kJti};
constexpr std::array kIdClaims{ClaimId::kSub, ClaimId::kIat};
constexpr std::array kLogoutClaims{ClaimId::kIat, ClaimId::kJti};
constexpr std::array kTransactionClaims{ClaimId::kIat, ClaimId::kTxn, ClaimId::kSub, ClaimId::kScope, ClaimId::kReqWl};

constexpr std::array kNotInAccessTokens{ClaimId::kNonce,  ClaimId::kAtHash, ClaimId::kCHash, ClaimId::kSHash,
                                        ClaimId::kEvents, ClaimId::kHtm,    ClaimId::kHtu,   ClaimId::kReqWl};
constexpr std::array kNotInIdTokens{ClaimId::kScope, ClaimId::kScp, ClaimId::kClientId, ClaimId::kEvents,
                                    ClaimId::kHtm,   ClaimId::kHtu, ClaimId::kReqWl};
constexpr std::array kNotInLogoutTokens{ClaimId::kNonce, ClaimId::kAtHash, ClaimId::kCHash,
                                        ClaimId::kSHash, ClaimId::kScope,  ClaimId::kScp,
                                        ClaimId::kHtm,   ClaimId::kHtu,    ClaimId::kReqWl};
constexpr std::array kNotInTransactionTokens{ClaimId::kNonce,  ClaimId::kAtHash, ClaimId::kCHash, ClaimId::kSHash,
                                             ClaimId::kEvents, ClaimId::kHtm,    ClaimId::kHtu};

ProfileRules rules_of(TokenProfile profile) noexcept {
  switch (profile) {
    case TokenProfile::kGeneric: return {kGenericTypes, {}, kNotInAccessTokens};
    case TokenProfile::kAccessToken: return {kAccessTypes, kAccessClaims, kNotInAccessTokens};
    case TokenProfile::kIdToken: return {kIdTypes, kIdClaims, kNotInIdTokens};
    case TokenProfile::kLogoutToken: return {kLogoutTypes, kLogoutClaims, kNotInLogoutTokens};
    case TokenProfile::kTransactionToken: return {kTransactionTypes, kTransactionClaims, kNotInTransactionTokens};
  }
  return {};
}

// --- header ---------------------------------------------------------------------------------------------------------

/// A part that needs padding is written in one way only, the way of the policy.
Reason rule_encoding(const Presented& token) noexcept {
  const bool padded_policy = token.policy.encoding == TokenEncoding::kPaddedBase64Url;
  const bool needs_padding =
      token.jws.header.size() % 4 != 0 || token.jws.payload.size() % 4 != 0 || token.jws.signature.size() % 4 != 0;
  if (token.is_padded) return check(padded_policy, Reason::kTokenCharacter);
  return check(!padded_policy || !needs_padding, Reason::kTokenBase64);
}

Reason rule_type(const Presented& token) noexcept {
  const auto types = rules_of(token.policy.profile).types;
  const bool known = std::find(types.begin(), types.end(), token.header.type) != types.end();
  return check(known && !token.header.is_nested, Reason::kTokenType);
}

bool holds(std::span<const JsonValue> values, std::span<const RequiredText> required) noexcept {
  return std::all_of(required.begin(), required.end(), [values](const RequiredText& wanted) {
    const JsonValue* found = adapt::find_member(values, 0, wanted.name);
    return found != nullptr && found->kind == JsonKind::kText && found->text == wanted.value;
  });
}

Reason rule_required_header(const Presented& token) noexcept {
  return check(holds(token.header.values, token.policy.required_header), Reason::kTokenClaimValue);
}

constexpr std::array<TokenRule, 3> kHeaderRules{rule_encoding, rule_type, rule_required_header};

// --- dates ----------------------------------------------------------------------------------------------------------

std::optional<std::int64_t> date_claim(const Claims& claims, ClaimId id) noexcept {
  const JsonValue* value = claims[id];
  return value != nullptr ? date_of(*value) : std::nullopt;
}

Reason rule_dates(const Presented& token) noexcept {
  if (!token.claims.has(ClaimId::kExp)) return Reason::kTokenExpiryMissing;
  for (const ClaimId id : {ClaimId::kExp, ClaimId::kNbf, ClaimId::kIat}) {
    if (token.claims.has(id) && !date_claim(token.claims, id)) return Reason::kTokenDate;
  }
  return Reason::kOk;
}

Reason rule_expiry(const Presented& token) noexcept {
  return check(!token.lifetime.is_over(token.facts.now_s), Reason::kTokenExpired);
}

Reason rule_not_before(const Presented& token) noexcept {
  return check(token.lifetime.has_begun(token.facts.now_s), Reason::kTokenNotYetValid);
}

Reason rule_age(const Presented& token) noexcept {
  if (token.policy.age_max_s != 0 && !token.claims.has(ClaimId::kIat)) return Reason::kTokenClaimMissing;
  return check(!token.lifetime.is_too_old(token.facts.now_s), Reason::kTokenTooOld);
}

// --- audience -------------------------------------------------------------------------------------------------------

bool is_wanted(std::string_view audience, const TokenPolicy& policy) noexcept {
  return std::find(policy.audiences.begin(), policy.audiences.end(), audience) != policy.audiences.end();
}

Reason check_audience_list(const Presented& token, const JsonValue& array) noexcept {
  if (array.count == 0) return Reason::kTokenAudienceMissing;
  if (array.count > token.limits.token_audiences_max) return Reason::kTokenJsonLimit;
  bool found = false;
  for (std::size_t i = index_of(token, array) + 1; i < array.end; i = token.values[i].end) {
    if (token.values[i].kind != JsonKind::kText) return Reason::kTokenAudienceMissing;
    found = found || is_wanted(token.values[i].text, token.policy);
  }
  return check(found, Reason::kTokenAudience);
}

const JsonValue* audience_of(const Presented& token) noexcept {
  switch (token.policy.audience_claim) {
    case AudienceClaim::kAud: return token.claims[ClaimId::kAud];
    case AudienceClaim::kClientId: return token.claims[ClaimId::kClientId];
    case AudienceClaim::kAuthorizedParty: return token.claims[ClaimId::kAzp];
    case AudienceClaim::kHeaderClient: return adapt::find_member(token.header.values, 0, "client");
  }
  return nullptr;
}

Reason rule_audience(const Presented& token) noexcept {
  const JsonValue* audience = audience_of(token);
  if (audience == nullptr) return Reason::kTokenAudienceMissing;
  const bool may_be_list = token.policy.audience_claim == AudienceClaim::kAud;
  if (may_be_list && audience->kind == JsonKind::kArray) return check_audience_list(token, *audience);
  if (audience->kind != JsonKind::kText) return Reason::kTokenAudienceMissing;
  return check(is_wanted(audience->text, token.policy), Reason::kTokenAudience);
}

// --- claims ---------------------------------------------------------------------------------------------------------

bool is_text_or_texts(const Presented& token, const JsonValue& claim) noexcept {
  if (claim.kind == JsonKind::kText) return true;
  if (claim.kind != JsonKind::kArray) return false;
  for (std::size_t i = index_of(token, claim) + 1; i < claim.end; i = token.values[i].end) {
    if (token.values[i].kind != JsonKind::kText) return false;
  }
  return true;
}

Reason rule_claim_types(const Presented& token) noexcept {
  for (const ClaimId id : {ClaimId::kSub, ClaimId::kJti, ClaimId::kClientId, ClaimId::kScope, ClaimId::kAzp,
                           ClaimId::kSid, ClaimId::kTxn, ClaimId::kNonce, ClaimId::kAtHash, ClaimId::kCHash}) {
    const JsonValue* claim = token.claims[id];
    if (claim != nullptr && claim->kind != JsonKind::kText) return Reason::kTokenClaimType;
  }
  // scp is asked for scopes only when scope is absent; otherwise its shape is nobody's business.
  const JsonValue* scp = token.claims[ClaimId::kScp];
  const bool good = scp == nullptr || token.claims.has(ClaimId::kScope) || is_text_or_texts(token, *scp);
  return check(good, Reason::kTokenClaimType);
}

Reason rule_marks(const Presented& token) noexcept {
  const auto forbidden = rules_of(token.policy.profile).forbidden;
  const bool marked = std::any_of(forbidden.begin(), forbidden.end(), [&](ClaimId id) { return token.claims.has(id); });
  return check(!marked, Reason::kTokenProfile);
}

Reason rule_profile_claims(const Presented& token) noexcept {
  const auto required = rules_of(token.policy.profile).required;
  const bool all = std::all_of(required.begin(), required.end(), [&](ClaimId id) { return token.claims.has(id); });
  return check(all, Reason::kTokenClaimMissing);
}

Reason rule_required_claims(const Presented& token) noexcept {
  return check(holds(token.values, token.policy.required_claims), Reason::kTokenClaimValue);
}

// --- ID tokens ------------------------------------------------------------------------------------------------------

Reason rule_nonce(const Presented& token) noexcept {
  if (token.facts.nonce.data() == nullptr) return Reason::kOk;
  const std::string_view nonce = token.claims.text(ClaimId::kNonce);
  return check(nonce.data() != nullptr && nonce == token.facts.nonce, Reason::kTokenNonce);
}

// OpenID Connect Core §3.1.3.7, steps 4 and 5.
Reason rule_authorized_party(const Presented& token) noexcept {
  if (token.policy.profile != TokenProfile::kIdToken) return Reason::kOk;
  const JsonValue* audience = token.claims[ClaimId::kAud];
  const bool several = audience != nullptr && audience->kind == JsonKind::kArray && audience->count > 1;
  if (!token.claims.has(ClaimId::kAzp)) return check(!several, Reason::kTokenAuthorizedParty);
  return check(is_wanted(token.claims.text(ClaimId::kAzp), token.policy), Reason::kTokenAuthorizedParty);
}

/// The hash that goes with a signature; nothing where OpenID Connect names none that is linked: Ed448 goes with
/// SHAKE256, ML-DSA with nothing.
std::optional<adapt::HashFunction> hash_beside(Algorithm algorithm) noexcept {
  switch (algorithm) {
    case Algorithm::kRs256:
    case Algorithm::kPs256:
    case Algorithm::kEs256:
    case Algorithm::kEs256k:
    case Algorithm::kHs256: return adapt::HashFunction::kSha256;
    case Algorithm::kRs384:
    case Algorithm::kPs384:
    case Algorithm::kEs384:
    case Algorithm::kHs384: return adapt::HashFunction::kSha384;
    case Algorithm::kRs512:
    case Algorithm::kPs512:
    case Algorithm::kEs512:
    case Algorithm::kHs512:
    case Algorithm::kEdDsa: return adapt::HashFunction::kSha512;
    case Algorithm::kEd448:
    case Algorithm::kMlDsa44:
    case Algorithm::kMlDsa65:
    case Algorithm::kMlDsa87: break;
  }
  return std::nullopt;
}

template <typename Digest>
bool is_left_half(std::string_view claim, const std::optional<Digest>& digest) noexcept {
  std::array<char, std::tuple_size_v<Digest> / 2> claimed{};
  if (!digest || base64url_decoded_size(claim.size()) != claimed.size() || !base64url_decode(claim, claimed)) {
    return false;
  }
  return std::equal(claimed.begin(), claimed.end(), digest->begin(),
                    [](char left, std::uint8_t right) { return static_cast<std::uint8_t>(left) == right; });
}

/// Whether `claim` is base64url of the left half of the hash of `text` (OpenID Connect Core §3.1.3.6).
bool is_hash_of(std::string_view claim, std::string_view text, Algorithm algorithm) noexcept {
  const std::optional<adapt::HashFunction> hash = hash_beside(algorithm);
  if (!hash) return false;
  switch (*hash) {
    case adapt::HashFunction::kSha256: return is_left_half(claim, adapt::sha256(text));
    case adapt::HashFunction::kSha384: return is_left_half(claim, adapt::sha384(text));
    case adapt::HashFunction::kSha512: return is_left_half(claim, adapt::sha512(text));
  }
  return false;
}

/// Asks nothing when the host knows no `text`.
bool hash_holds(std::string_view text, std::string_view claim, Algorithm algorithm) noexcept {
  return text.data() == nullptr || is_hash_of(claim, text, algorithm);
}

Reason rule_hashes(const Presented& token) noexcept {
  const bool good = hash_holds(token.facts.access_token, token.claims.text(ClaimId::kAtHash), token.algorithm) &&
                    hash_holds(token.facts.code, token.claims.text(ClaimId::kCHash), token.algorithm);
  return check(good, Reason::kTokenHash);
}

// --- logout tokens --------------------------------------------------------------------------------------------------

Reason rule_events(const Presented& token) noexcept {
  if (token.policy.profile != TokenProfile::kLogoutToken) return Reason::kOk;
  constexpr std::string_view kEvent = "http://schemas.openid.net/event/backchannel-logout";
  const JsonValue* events = token.claims[ClaimId::kEvents];
  if (events == nullptr || events->kind != JsonKind::kObject) return Reason::kTokenEvents;
  const JsonValue* event = adapt::find_member(token.values, index_of(token, *events), kEvent);
  const bool who = token.claims.has(ClaimId::kSub) || token.claims.has(ClaimId::kSid);
  return check(event != nullptr && event->kind == JsonKind::kObject && who, Reason::kTokenEvents);
}

// --- revocation -----------------------------------------------------------------------------------------------------

Reason rule_revoked(const Presented& token) noexcept {
  if (token.facts.revoked == nullptr) return Reason::kOk;
  const TokenMarks marks{.issuer = token.policy.issuer,
                         .key_id = token.key_id,
                         .token_id = token.claims.text(ClaimId::kJti),
                         .subject = token.claims.text(ClaimId::kSub),
                         .session = token.claims.text(ClaimId::kSid),
                         .issued_at_s = date_claim(token.claims, ClaimId::kIat)};
  return check(!token.facts.revoked->revokes(marks), Reason::kTokenRevoked);
}

constexpr std::array<TokenRule, 14> kClaimRules{
    rule_dates,          rule_expiry,          rule_not_before, rule_audience, rule_claim_types,      rule_marks,
    rule_profile_claims, rule_required_claims, rule_age,        rule_nonce,    rule_authorized_party, rule_hashes,
    rule_events,         rule_revoked};

template <const auto& rules, std::size_t... each>
Reason ask_each(const Presented& token, std::index_sequence<each...> /*every rule*/) noexcept {
  Reason reason = Reason::kOk;
  static_cast<void>((((reason = rules[each](token)) == Reason::kOk) && ...));
  return reason;
}

bool is_closed(TokenProfile profile) noexcept { return profile <= TokenProfile::kTransactionToken; }
bool is_closed(AudienceClaim claim) noexcept { return claim <= AudienceClaim::kHeaderClient; }
bool is_closed(TokenEncoding encoding) noexcept { return encoding <= TokenEncoding::kPaddedBase64Url; }

bool are_named(std::span<const RequiredText> required) noexcept {
  return std::none_of(required.begin(), required.end(), [](const RequiredText& text) { return text.name.empty(); });
}

}  // namespace

std::span<const TokenRule> header_rules() noexcept { return kHeaderRules; }
std::span<const TokenRule> claim_rules() noexcept { return kClaimRules; }

// After a signature the processor has forgotten where pointers lead: each rule called through one costs more than the
// rule itself.
Reason ask_header_rules(const Presented& token) noexcept {
  return ask_each<kHeaderRules>(token, std::make_index_sequence<kHeaderRules.size()>());
}
Reason ask_claim_rules(const Presented& token) noexcept {
  return ask_each<kClaimRules>(token, std::make_index_sequence<kClaimRules.size()>());
}

TokenLifetime lifetime_of(const Claims& claims, const TokenPolicy& policy) noexcept {
  TokenLifetime lifetime;
  if (const auto expiry = date_claim(claims, ClaimId::kExp)) lifetime.expires_at_s = *expiry + policy.clock_skew_s;
  for (const ClaimId id : {ClaimId::kNbf, ClaimId::kIat}) {
    if (const auto start = date_claim(claims, id)) {
      lifetime.not_before_s = std::max(lifetime.not_before_s, *start - policy.clock_skew_s);
    }
  }
  const auto issued = date_claim(claims, ClaimId::kIat);
  if (policy.age_max_s != 0 && issued) {
    lifetime.too_old_at_s = *issued + policy.age_max_s + policy.clock_skew_s + 1;
  }
  return lifetime;
}

bool is_usable(const TokenPolicy& policy, const Limits& limits) noexcept {
  const AlgorithmSet symmetric = policy.algorithms.common_with(kSymmetricAlgorithms);
  const bool one_family = symmetric.empty() || symmetric == policy.algorithms;
  return !policy.issuer.empty() && !policy.audiences.empty() && !policy.algorithms.empty() && one_family &&
         policy.clock_skew_s >= 0 && policy.clock_skew_s <= std::int64_t{limits.clock_skew_s_max} &&
         !is_wanted({}, policy) && is_closed(policy.profile) && is_closed(policy.audience_claim) &&
         is_closed(policy.encoding) && policy.age_max_s >= 0 && policy.age_max_s < kDateEnd &&
         are_named(policy.required_claims) && are_named(policy.required_header);
}

}  // namespace ostiary
