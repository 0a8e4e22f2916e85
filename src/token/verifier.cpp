#include "adapt/crypto.hpp"
#include "adapt/json.hpp"
#include "token/identity_writer.hpp"
#include "token/key_set_parts.hpp"
#include "token/scratch_parts.hpp"

#include <ostiary/core/base64url.hpp>
#include <ostiary/core/bytes.hpp>
#include <ostiary/token/jws.hpp>
#include <ostiary/token/verifier.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <new>
#include <optional>

namespace ostiary {

namespace {

using adapt::JsonFault;
using adapt::JsonKind;
using adapt::JsonValue;
using Key = KeySetParts::Entry;
using Scratch = ScratchParts::Impl;

constexpr Error kNoError{Reason::kOk, 0};
constexpr std::int64_t kDateEnd = std::int64_t{1} << 53;  // what a double holds exactly

// --- JSON parts -------------------------------------------------------------------------------------------------

/// Decodes a part, which split_compact has found canonical, and parses it as one JSON object. The error
/// carries no offset; the caller knows where the part begins.
Result<std::span<const JsonValue>> read_object(std::string_view part, adapt::JsonReader& reader,
                                               Reason malformed) noexcept {
  const std::span<char> bytes = reader.buffer(base64url_decoded_size(part.size()));
  if (bytes.empty()) return Reason::kNoMemory;
  if (!base64url_decode(part, bytes)) return Reason::kTokenBase64;
  const adapt::JsonResult parsed = reader.read_in_place(bytes.size());
  switch (parsed.fault) {
    case JsonFault::kNone: break;
    case JsonFault::kSyntax: return malformed;
    case JsonFault::kDuplicate: return Reason::kTokenDuplicateMember;
    case JsonFault::kLimit: return Reason::kTokenJsonLimit;
  }
  if (parsed.values[0].kind != JsonKind::kObject) return malformed;
  return parsed.values;
}

bool is_text_or_absent(const JsonValue* value) noexcept { return value == nullptr || value->kind == JsonKind::kText; }

// --- header -----------------------------------------------------------------------------------------------------

struct HeaderMembers {
  const JsonValue* alg = nullptr;
  const JsonValue* kid = nullptr;
  const JsonValue* typ = nullptr;
  const JsonValue* cty = nullptr;
  bool critical = false;
  bool encryption = false;
};

// Members of encrypted tokens (RFC 7516 §4.1, RFC 7518 §4.1). In a signature they can only confuse someone.
constexpr std::array<std::string_view, 9> kEncryptionMembers{"zip", "enc", "epk", "p2c", "p2s",
                                                             "apu", "apv", "iv",  "tag"};

HeaderMembers sort_header(std::span<const JsonValue> values) noexcept {
  HeaderMembers members;
  for (std::size_t i = 1; i < values.size(); i = values[i].end) {
    const std::string_view name = values[i].key;
    if (name == "alg") members.alg = &values[i];
    if (name == "kid") members.kid = &values[i];
    if (name == "typ") members.typ = &values[i];
    if (name == "cty") members.cty = &values[i];
    // RFC 7515 §4.1.11: no extension is understood here, so crit in any form refuses the token; b64 changes
    // what is signed and counts as critical even when nobody says so (RFC 7797 §6).
    if (name == "crit" || name == "b64") members.critical = true;
    if (std::find(kEncryptionMembers.begin(), kEncryptionMembers.end(), name) != kEncryptionMembers.end()) {
      members.encryption = true;
    }
  }
  return members;
}

struct Header {
  Algorithm algorithm = Algorithm::kRs256;
  const JsonValue* kid = nullptr;
  const JsonValue* typ = nullptr;
};

Result<Header> check_header(const HeaderMembers& members, const Limits& limits) noexcept {
  if (members.alg == nullptr || members.alg->kind != JsonKind::kText) return Reason::kTokenAlgorithmMissing;
  const std::optional<Algorithm> algorithm = parse_algorithm(members.alg->text);
  if (!algorithm) return Reason::kTokenAlgorithmRefused;
  if (members.critical) return Reason::kTokenCritical;
  const bool texts = is_text_or_absent(members.kid) && is_text_or_absent(members.typ) && is_text_or_absent(members.cty);
  const bool key_id_fits = members.kid == nullptr || members.kid->text.size() <= limits.key_id_size_max;
  if (!texts || !key_id_fits || members.encryption) return Reason::kTokenHeaderMember;
  return Header{*algorithm, members.kid, members.typ};
}

Result<Header> read_header(const CompactJws& jws, Scratch& scratch) noexcept {
  const auto values = read_object(jws.header, scratch.header, Reason::kTokenHeaderJson);
  return values ? check_header(sort_header(*values), scratch.limits) : values.error();
}

// RFC 7515 §4.1.9: a type without a slash stands for application/type, and media types ignore case.
bool is_access_token_type(const JsonValue* typ) noexcept {
  if (typ == nullptr) return true;
  constexpr std::string_view kPrefix = "application/";
  std::string_view name = typ->text;
  if (equals_ignoring_case(name.substr(0, kPrefix.size()), kPrefix)) name.remove_prefix(kPrefix.size());
  return equals_ignoring_case(name, "jwt") || equals_ignoring_case(name, "at+jwt");
}

// --- key and signature ------------------------------------------------------------------------------------------

struct Selected {
  const Key* key = nullptr;
};

Result<Selected> select_key(const Header& header, const KeySet& keys) noexcept {
  if (header.kid != nullptr) {
    const Key* key = KeySetParts::find(keys, header.kid->text, header.algorithm);
    if (key == nullptr) return Reason::kTokenKeyUnknown;
    return Selected{key};
  }
  const KeySetParts::Candidates candidates = KeySetParts::candidates(keys, header.algorithm);
  if (candidates.count == 0) return Reason::kTokenKeyUnknown;
  if (candidates.count > 1) return Reason::kTokenKeyIdMissing;
  return Selected{candidates.first};
}

Result<Selected> select_allowed_key(const Header& header, const KeySet& keys, AlgorithmSet algorithms,
                                    const CompactJws& jws) noexcept {
  if (!algorithms.contains(header.algorithm)) return Reason::kTokenAlgorithmRefused;
  const Result<Selected> selected = select_key(header, keys);
  if (!selected) return selected.error();
  if (base64url_decoded_size(jws.signature.size()) != selected->key->key.signature_size()) {
    return Error{Reason::kTokenSignatureLength, jws.signature_offset()};
  }
  return selected;
}

Error check_signature(const CompactJws& jws, const Key& key, Scratch& scratch) noexcept {
  const std::size_t size = key.key.signature_size();
  // A key set may have been imported under wider limits than the scratch was made for.
  if (size > scratch.signature_size) return {Reason::kTokenSignatureLength, jws.signature_offset()};
  if (!base64url_decode(jws.signature, {scratch.signature.get(), size})) {
    return {Reason::kTokenBase64, jws.signature_offset()};
  }
  const bool right = scratch.signatures.verify(key.key, jws.signing_input, {scratch.signature.get(), size});
  return right ? kNoError : Error{Reason::kTokenSignature, jws.signature_offset()};
}

// --- claims -----------------------------------------------------------------------------------------------------

struct Claims {
  const JsonValue* iss = nullptr;
  const JsonValue* sub = nullptr;
  const JsonValue* aud = nullptr;
  const JsonValue* exp = nullptr;
  const JsonValue* nbf = nullptr;
  const JsonValue* iat = nullptr;
  const JsonValue* jti = nullptr;
  const JsonValue* client_id = nullptr;
  const JsonValue* scope = nullptr;
  const JsonValue* scp = nullptr;
};

struct ClaimPlace {
  std::string_view name;
  const JsonValue* Claims::* place;
};

constexpr std::array<ClaimPlace, 10> kClaimPlaces{{
    {"iss", &Claims::iss},
    {"sub", &Claims::sub},
    {"aud", &Claims::aud},
    {"exp", &Claims::exp},
    {"nbf", &Claims::nbf},
    {"iat", &Claims::iat},
    {"jti", &Claims::jti},
    {"client_id", &Claims::client_id},
    {"scope", &Claims::scope},
    {"scp", &Claims::scp},
}};

Claims sort_claims(std::span<const JsonValue> values) noexcept {
  Claims claims;
  for (std::size_t i = 1; i < values.size(); i = values[i].end) {
    for (const ClaimPlace& known : kClaimPlaces) {
      if (known.name == values[i].key) claims.*known.place = &values[i];
    }
  }
  return claims;
}

/// NumericDate (RFC 7519 §2) in whole seconds; nothing for what is not a number from 0 to 2^53 - 1.
std::optional<std::int64_t> date_of(const JsonValue& value) noexcept {
  if (value.kind == JsonKind::kInteger && value.integer >= 0 && value.integer < kDateEnd) return value.integer;
  if (value.kind == JsonKind::kNumber && value.number >= 0 && value.number < static_cast<double>(kDateEnd)) {
    return static_cast<std::int64_t>(std::floor(value.number));
  }
  return std::nullopt;
}

Reason check_dates(const Claims& claims, std::int64_t skew_s, std::int64_t now_s) noexcept {
  if (claims.exp == nullptr) return Reason::kTokenExpiryMissing;
  const std::optional<std::int64_t> expiry = date_of(*claims.exp);
  const std::optional<std::int64_t> not_before = claims.nbf != nullptr ? date_of(*claims.nbf) : 0;
  const std::optional<std::int64_t> issued_at = claims.iat != nullptr ? date_of(*claims.iat) : 0;
  if (!expiry || !not_before || !issued_at) return Reason::kTokenDate;
  if (now_s >= *expiry + skew_s) return Reason::kTokenExpired;
  if (*not_before > now_s + skew_s || *issued_at > now_s + skew_s) return Reason::kTokenNotYetValid;
  return Reason::kOk;
}

bool is_wanted(std::string_view audience, std::span<const std::string_view> wanted) noexcept {
  return std::find(wanted.begin(), wanted.end(), audience) != wanted.end();
}

Reason check_audiences(std::span<const JsonValue> values, const JsonValue& array,
                       std::span<const std::string_view> wanted, const Limits& limits) noexcept {
  if (array.count == 0) return Reason::kTokenAudienceMissing;
  if (array.count > limits.token_audiences_max) return Reason::kTokenJsonLimit;
  bool found = false;
  const auto first = static_cast<std::size_t>(&array - values.data()) + 1;
  for (std::size_t i = first; i < array.end; i = values[i].end) {
    if (values[i].kind != JsonKind::kText) return Reason::kTokenAudienceMissing;
    found = found || is_wanted(values[i].text, wanted);
  }
  return found ? Reason::kOk : Reason::kTokenAudience;
}

Reason check_audience(std::span<const JsonValue> values, const JsonValue* audience,
                      std::span<const std::string_view> wanted, const Limits& limits) noexcept {
  if (audience == nullptr) return Reason::kTokenAudienceMissing;
  if (audience->kind == JsonKind::kArray) return check_audiences(values, *audience, wanted, limits);
  if (audience->kind != JsonKind::kText) return Reason::kTokenAudienceMissing;
  return is_wanted(audience->text, wanted) ? Reason::kOk : Reason::kTokenAudience;
}

bool is_text_or_texts(std::span<const JsonValue> values, const JsonValue& claim) noexcept {
  if (claim.kind == JsonKind::kText) return true;
  if (claim.kind != JsonKind::kArray) return false;
  const auto first = static_cast<std::size_t>(&claim - values.data()) + 1;
  for (std::size_t i = first; i < claim.end; i = values[i].end) {
    if (values[i].kind != JsonKind::kText) return false;
  }
  return true;
}

Reason check_claim_types(std::span<const JsonValue> values, const Claims& claims) noexcept {
  for (const JsonValue* claim : {claims.sub, claims.jti, claims.client_id, claims.scope}) {
    if (!is_text_or_absent(claim)) return Reason::kTokenClaimType;
  }
  // scp is asked for scopes only when scope is absent; otherwise its shape is nobody's business.
  if (claims.scope == nullptr && claims.scp != nullptr && !is_text_or_texts(values, *claims.scp)) {
    return Reason::kTokenClaimType;
  }
  return Reason::kOk;
}

Reason check_claims(std::span<const JsonValue> values, const Claims& claims, const TokenPolicy& policy,
                    std::int64_t now_s, const Limits& limits) noexcept {
  Reason reason = check_dates(claims, policy.clock_skew_s, now_s);
  if (reason == Reason::kOk) reason = check_audience(values, claims.aud, policy.audiences, limits);
  if (reason == Reason::kOk) reason = check_claim_types(values, claims);
  return reason;
}

// --- issuers ----------------------------------------------------------------------------------------------------

bool is_usable(const TokenPolicy& policy, const Limits& limits) noexcept {
  return !policy.issuer.empty() && !policy.audiences.empty() && !policy.algorithms.empty() &&
         policy.clock_skew_s >= 0 && policy.clock_skew_s <= std::int64_t{limits.clock_skew_s_max} &&
         !is_wanted({}, policy.audiences);
}

bool are_usable(std::span<const TrustedIssuer> issuers, const Limits& limits) noexcept {
  return std::all_of(issuers.begin(), issuers.end(),
                     [&limits](const TrustedIssuer& issuer) { return is_usable(issuer.policy, limits); });
}

struct Trusted {
  const TrustedIssuer* issuer = nullptr;
};

// RFC 8725 §3.8: the keys must belong to the issuer that the token names.
Result<Trusted> select_issuer(const JsonValue* iss, std::span<const TrustedIssuer> issuers) noexcept {
  if (iss == nullptr || iss->kind != JsonKind::kText) return Reason::kTokenIssuerMissing;
  for (const TrustedIssuer& issuer : issuers) {
    if (issuer.policy.issuer != iss->text) continue;
    if (issuer.keys == nullptr) return Reason::kTokenIssuerKeys;
    return Trusted{&issuer};
  }
  return Reason::kTokenIssuerUnknown;
}

// --- coordination -----------------------------------------------------------------------------------------------

Result<VerifiedJws> verify_parts(const CompactJws& jws, const KeySet& keys, AlgorithmSet algorithms,
                                 Scratch& scratch) noexcept {
  const Result<Header> header = read_header(jws, scratch);
  if (!header) return header.error();
  const Result<Selected> selected = select_allowed_key(*header, keys, algorithms, jws);
  if (!selected) return selected.error();
  if (const Error error = check_signature(jws, *selected->key, scratch); error != kNoError) return error;
  const std::span<char> payload = scratch.payload.buffer(base64url_decoded_size(jws.payload.size()));
  if (payload.empty()) return Reason::kNoMemory;
  if (!base64url_decode(jws.payload, payload)) return Error{Reason::kTokenBase64, jws.payload_offset()};
  scratch.verified_payload = {payload.data(), payload.size()};
  return VerifiedJws{scratch.verified_payload, static_cast<std::uint32_t>(KeySetParts::index_of(keys, *selected->key))};
}

Result<Identity> finish(const CompactJws& jws, const Key& key, std::span<const JsonValue> claims,
                        Scratch& scratch) noexcept {
  if (const Error error = check_signature(jws, key, scratch); error != kNoError) return error;
  const std::string_view image = write_identity(claims, {scratch.identity.get(), scratch.identity_size});
  if (image.empty()) return Reason::kInternal;
  const std::span<const char> payload = scratch.payload.buffer(base64url_decoded_size(jws.payload.size()));
  scratch.verified_payload = {payload.data(), payload.size()};
  return Identity::load(image);
}

Result<Identity> verify_claims(const CompactJws& jws, const Header& header, std::span<const TrustedIssuer> issuers,
                               std::int64_t now_s, Scratch& scratch) noexcept {
  const std::uint32_t place = jws.payload_offset();
  const auto values = read_object(jws.payload, scratch.payload, Reason::kTokenPayloadJson);
  if (!values) return Error{values.reason(), place};
  const Claims claims = sort_claims(*values);
  const Result<Trusted> trusted = select_issuer(claims.iss, issuers);
  if (!trusted) return Error{trusted.reason(), place};
  const TokenPolicy& policy = trusted->issuer->policy;
  const Result<Selected> selected = select_allowed_key(header, *trusted->issuer->keys, policy.algorithms, jws);
  if (!selected) return selected.error();
  const Reason reason = check_claims(*values, claims, policy, now_s, scratch.limits);
  if (reason != Reason::kOk) return Error{reason, place};
  return finish(jws, *selected->key, *values, scratch);
}

}  // namespace

VerifyScratch::Impl::Impl(const Limits& wanted)
    : limits(wanted),
      header({.size_max = wanted.token_header_size_max,
              .depth_max = wanted.token_json_depth_max,
              .values_max = wanted.token_json_values_max,
              .preallocate = true}),
      payload({.size_max = static_cast<std::uint32_t>(base64url_decoded_size(wanted.token_size_max)),
               .depth_max = wanted.token_json_depth_max,
               .values_max = wanted.token_json_values_max,
               .preallocate = true}),
      signature_size(std::max<std::size_t>((std::size_t{wanted.rsa_bits_max} + 7) / 8, 64)),
      signature(new(std::nothrow) char[signature_size]),
      identity_size(identity_size_max(wanted)),
      identity(new(std::nothrow) char[identity_size]) {}

VerifyScratch::VerifyScratch(const Limits& limits) : impl_(new(std::nothrow) Impl(limits)) {
  if (impl_ && !impl_->complete()) impl_.reset();
}

VerifyScratch::~VerifyScratch() = default;
VerifyScratch::VerifyScratch(VerifyScratch&&) noexcept = default;
VerifyScratch& VerifyScratch::operator=(VerifyScratch&&) noexcept = default;

std::string_view VerifyScratch::payload() const noexcept {
  return impl_ ? impl_->verified_payload : std::string_view();
}

Result<VerifiedJws> verify_jws(std::string_view token, const KeySet& keys, AlgorithmSet algorithms,
                               VerifyScratch& scratch) noexcept {
  Scratch* memory = ScratchParts::of(scratch);
  if (memory == nullptr) return Reason::kNoMemory;
  memory->verified_payload = {};
  if (algorithms.empty()) return Reason::kUsageArgument;
  const Result<CompactJws> jws = split_compact(token, memory->limits);
  return jws ? verify_parts(*jws, keys, algorithms, *memory) : jws.error();
}

Result<Identity> verify_token(std::string_view token, std::span<const TrustedIssuer> issuers, const TokenFacts& facts,
                              VerifyScratch& scratch) noexcept {
  Scratch* memory = ScratchParts::of(scratch);
  if (memory == nullptr) return Reason::kNoMemory;
  memory->verified_payload = {};
  if (facts.now_s < 0 || facts.now_s >= kDateEnd || !are_usable(issuers, memory->limits)) return Reason::kUsageArgument;
  const Result<CompactJws> jws = split_compact(token, memory->limits);
  if (!jws) return jws.error();
  const Result<Header> header = read_header(*jws, *memory);
  if (!header) return header.error();
  if (!is_access_token_type(header->typ)) return Reason::kTokenType;
  return verify_claims(*jws, *header, issuers, facts.now_s, *memory);
}

}  // namespace ostiary
