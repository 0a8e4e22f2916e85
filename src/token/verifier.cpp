#include "adapt/crypto.hpp"
#include "adapt/json.hpp"
#include "token/claims.hpp"
#include "token/header.hpp"
#include "token/identity_parts.hpp"
#include "token/identity_writer.hpp"
#include "token/presented_parts.hpp"
#include "token/rules.hpp"
#include "token/scratch_parts.hpp"
#include "token/verify_trusted.hpp"

#include <ostiary/core/base64url.hpp>
#include <ostiary/token/jws.hpp>
#include <ostiary/token/verifier.hpp>

#include <algorithm>
#include <new>

namespace ostiary {

namespace {

using Scratch = ScratchParts::Impl;

constexpr Error kNoError{Reason::kOk, 0};

std::string_view decoded_payload(const CompactJws& jws, Scratch& scratch) noexcept {
  const std::span<const char> payload = scratch.payload.buffer(base64url_decoded_size(jws.payload.size()));
  return {payload.data(), payload.size()};
}

Result<VerifiedJws> verify_parts(const CompactJws& jws, const KeyChoice& choice, AlgorithmSet algorithms,
                                 Scratch& scratch) noexcept {
  const Result<Header> header = scratch.headers.read(jws.header, scratch.limits);
  if (!header) return header.error();
  const Result<SelectedKey> key = select_key(*header, algorithms, choice, jws);
  if (!key) return key.error();
  if (const Error error = check_signature(jws, *key, scratch); error != kNoError) return error;
  const std::span<char> payload = scratch.payload.buffer(base64url_decoded_size(jws.payload.size()));
  if (payload.empty() && !jws.payload.empty()) return Reason::kNoMemory;
  if (!base64url_decode(jws.payload, payload)) return Error{Reason::kTokenBase64, jws.payload_offset()};
  scratch.verified_payload = {payload.data(), payload.size()};
  return VerifiedJws{scratch.verified_payload, key->index};
}

Result<VerifiedJws> verify_signed(std::string_view token, const KeyChoice& choice, AlgorithmSet algorithms,
                                  VerifyScratch& scratch) noexcept {
  Scratch* memory = ScratchParts::of(scratch);
  if (memory == nullptr) return Reason::kNoMemory;
  memory->forget();
  if (algorithms.empty()) return Reason::kUsageArgument;
  const Result<CompactJws> jws = split_compact(token, memory->limits, PayloadPart::kMayBeEmpty);
  return jws ? verify_parts(*jws, choice, algorithms, *memory) : jws.error();
}

Result<Identity> finish(const Presented& token, const SelectedKey& key, Scratch& scratch) noexcept {
  if (const Error error = check_signature(token.jws, key, scratch); error != kNoError) return error;
  const std::string_view image =
      write_identity(token.values, scratch.payload.texts(), {scratch.identity.get(), scratch.identity_size});
  if (image.empty()) return Reason::kInternal;
  scratch.verified_payload = decoded_payload(token.jws, scratch);
  scratch.lifetime = token.lifetime;
  return IdentityParts::trust(image);
}

Result<Identity> verify_claims(const WrittenToken& written, const Header& header,
                               std::span<const TrustedIssuer> issuers, const TokenFacts& facts,
                               Scratch& scratch) noexcept {
  const CompactJws& jws = written.jws;
  const std::uint32_t place = jws.payload_offset();
  const auto values = read_object(jws.payload, scratch.payload, Reason::kTokenPayloadJson);
  if (!values) return Error{values.reason(), place};
  const Claims claims(*values);
  const Result<const TrustedIssuer*> issuer = select_issuer(claims, issuers);
  if (!issuer) return Error{issuer.reason(), place};
  const TokenPolicy& policy = (*issuer)->policy;

  Presented token{jws,   written.is_padded, header, {}, {}, *values, claims, lifetime_of(claims, policy), policy,
                  facts, scratch.limits};
  if (const Reason reason = ask_header_rules(token); reason != Reason::kOk) return reason;
  const Result<SelectedKey> key = select_key(header, policy.algorithms, {(*issuer)->keys, (*issuer)->secrets}, jws);
  if (!key) {
    const bool missing = key.reason() == Reason::kTokenKeyUnknown || key.reason() == Reason::kTokenIssuerKeys;
    if (missing) scratch.missing_key = {policy.issuer, header.key_id};
    return key.error();
  }
  token.algorithm = key->algorithm;
  token.key_id = key->key_id;
  if (const Reason reason = ask_claim_rules(token); reason != Reason::kOk) return Error{reason, place};
  return finish(token, *key, scratch);
}

}  // namespace

VerifyScratch::Impl::Impl(const Limits& wanted)
    : limits(wanted),
      headers(wanted),
      payload({.size_max = static_cast<std::uint32_t>(base64url_decoded_size(wanted.token_size_max)),
               .depth_max = wanted.token_json_depth_max,
               .values_max = wanted.token_json_values_max,
               .preallocate = true}),
      signature_size(std::max<std::size_t>((std::size_t{wanted.rsa_bits_max} + 7) / 8, adapt::kSignatureSizeMax)),
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

VerifyScratch::MissingKey VerifyScratch::missing_key() const noexcept {
  return impl_ ? impl_->missing_key : MissingKey{};
}

Result<VerifiedJws> verify_jws(std::string_view token, const KeySet& keys, AlgorithmSet algorithms,
                               VerifyScratch& scratch) noexcept {
  return verify_signed(token, {.keys = &keys}, algorithms, scratch);
}

Result<VerifiedJws> verify_jws(std::string_view token, const SecretKeys& secrets, AlgorithmSet algorithms,
                               VerifyScratch& scratch) noexcept {
  return verify_signed(token, {.secrets = &secrets}, algorithms, scratch);
}

Result<Identity> verify_trusted(std::string_view token, std::span<const TrustedIssuer> issuers, const TokenFacts& facts,
                                Scratch& scratch) noexcept {
  const Result<WrittenToken> written = split_token(token, issuers, scratch.limits);
  if (!written) return written.error();
  const Result<Header> header = scratch.headers.read(written->jws.header, scratch.limits);
  if (!header) return header.error();
  return verify_claims(*written, *header, issuers, facts, scratch);
}

Result<Identity> verify_token(std::string_view token, std::span<const TrustedIssuer> issuers, const TokenFacts& facts,
                              VerifyScratch& scratch) noexcept {
  Scratch* memory = ScratchParts::of(scratch);
  if (memory == nullptr) return Reason::kNoMemory;
  memory->forget();
  if (facts.now_s < 0 || facts.now_s >= kDateEnd || !are_usable(issuers, memory->limits)) {
    return Reason::kUsageArgument;
  }
  return verify_trusted(token, issuers, facts, *memory);
}

}  // namespace ostiary
