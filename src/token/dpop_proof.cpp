#include "token/claims.hpp"
#include "token/dpop_parts.hpp"
#include "token/header.hpp"
#include "token/jwk.hpp"

#include <ostiary/core/base64url.hpp>
#include <ostiary/token/dpop_proof.hpp>

#include <algorithm>
#include <cstring>
#include <new>
#include <optional>
#include <utility>

namespace ostiary {

namespace {

using adapt::JsonKind;
using adapt::JsonValue;
using Scratch = DpopParts::Impl;

constexpr Error kNoError{Reason::kOk, 0};

// --- header -----------------------------------------------------------------------------------------------------

Reason header_fault(Reason reason) noexcept {
  switch (reason) {
    case Reason::kNoMemory: return reason;
    case Reason::kTokenAlgorithmMissing:
    case Reason::kTokenAlgorithmRefused: return Reason::kDpopAlgorithm;
    default: return Reason::kDpopMalformed;
  }
}

/// The slot whose key was shown by this very header, or nullptr.
const Scratch::Slot* find_slot(std::string_view part, const Scratch& scratch) noexcept {
  for (const Scratch::Slot& slot : scratch.slots) {
    if (slot.size == part.size() && std::memcmp(scratch.text_of(slot), part.data(), part.size()) == 0) return &slot;
  }
  return nullptr;
}

/// Fills what the header says. RFC 9449 §4.2: typ, an asymmetric alg and a public jwk.
Reason read_proof_header(PresentedProof& proof, AlgorithmSet allowed, Scratch& scratch) noexcept {
  // One of an algorithm that is not allowed here is read again, so that the answer is that of a first reading.
  const Scratch::Slot* const known = find_slot(proof.jws.header, scratch);
  if (known != nullptr && allowed.contains(known->key.algorithm)) {
    proof.key = &known->key;
    return Reason::kOk;
  }
  const Result<Header> header = read_header(proof.jws.header, scratch.header, scratch.limits);
  if (!header) return header_fault(header.reason());
  if (header->type != TokenType::kDpopProof) return Reason::kDpopType;
  proof.algorithms = header->algorithms.common_with(allowed);
  if (proof.algorithms.empty()) return Reason::kDpopAlgorithm;
  const JsonValue* jwk = adapt::find_member(header->values, 0, "jwk");
  if (jwk == nullptr || jwk->kind != JsonKind::kObject) return Reason::kDpopKey;
  proof.header = header->values;
  proof.jwk = static_cast<std::size_t>(jwk - header->values.data());
  return Reason::kOk;
}

// --- claims -----------------------------------------------------------------------------------------------------

bool is_text_or_absent(const JsonValue* value) noexcept { return value == nullptr || value->kind == JsonKind::kText; }

/// The date of a claim that may be absent; false for one that is none.
bool read_date(const JsonValue* claim, std::int64_t& date) noexcept {
  if (claim == nullptr) return true;
  const std::optional<std::int64_t> read = date_of(*claim);
  if (read) date = *read;
  return read.has_value();
}

Reason read_proof_claims(std::span<const JsonValue> values, const Limits& limits, DpopProof& proof) noexcept {
  const Claims claims(values);
  proof.id = claims.text(ClaimId::kJti);
  proof.method = claims.text(ClaimId::kHtm);
  proof.uri = claims.text(ClaimId::kHtu);
  const JsonValue* nonce = claims[ClaimId::kNonce];
  const JsonValue* hash = adapt::find_member(values, 0, "ath");
  const bool complete = !proof.id.empty() && proof.id.size() <= limits.proof_id_size_max && !proof.method.empty() &&
                        !proof.uri.empty() && claims.has(ClaimId::kIat);
  if (!complete || !is_text_or_absent(nonce) || !is_text_or_absent(hash)) return Reason::kDpopClaims;
  if (nonce != nullptr) proof.nonce = nonce->text;
  if (hash != nullptr) proof.access_token_hash = hash->text;
  // RFC 9449 §4.2 does not ask for exp and nbf, but a JWT that has them means them (RFC 7519 §4.1.4, §4.1.5).
  const bool dates = read_date(claims[ClaimId::kIat], proof.issued_at_s) &&
                     read_date(claims[ClaimId::kNbf], proof.not_before_s) &&
                     read_date(claims[ClaimId::kExp], proof.expires_at_s);
  return dates ? Reason::kOk : Reason::kDpopClaims;
}

// --- key --------------------------------------------------------------------------------------------------------

std::string_view text_of(const DpopKey& key) noexcept { return {key.thumbprint.data(), key.thumbprint.size()}; }

void remember(const PresentedProof& proof, Scratch& scratch) noexcept {
  const std::string_view part = proof.jws.header;
  if (scratch.slots.empty() || part.size() > scratch.header_text_size) return;
  Scratch::Slot& slot = scratch.slots[scratch.next_slot];
  scratch.next_slot = (scratch.next_slot + 1) % scratch.slots.size();
  std::copy_n(part.data(), part.size(), scratch.text_of(slot));
  slot.size = part.size();
  slot.key = std::move(scratch.fresh);
}

}  // namespace

// --- steps ------------------------------------------------------------------------------------------------------

Result<PresentedProof> DpopParts::read(std::string_view text, AlgorithmSet algorithms, Scratch& scratch) noexcept {
  if (algorithms.empty() || !algorithms.common_with(kSymmetricAlgorithms).empty()) return Reason::kUsageArgument;
  const Result<CompactJws> jws = split_compact(text, scratch.limits);
  if (!jws) return Error{Reason::kDpopMalformed, jws.error().offset};
  PresentedProof proof;
  proof.jws = *jws;
  if (const Reason fault = read_proof_header(proof, algorithms, scratch); fault != Reason::kOk) return fault;
  const auto values = read_object(jws->payload, scratch.payload, Reason::kDpopMalformed);
  if (!values) {
    const Reason reason = values.reason() == Reason::kNoMemory ? Reason::kNoMemory : Reason::kDpopMalformed;
    return Error{reason, jws->payload_offset()};
  }
  const Reason fault = read_proof_claims(*values, scratch.limits, proof.claims);
  if (fault != Reason::kOk) return Error{fault, jws->payload_offset()};
  return proof;
}

Error DpopParts::take_key(PresentedProof& proof, Scratch& scratch) noexcept {
  if (proof.key == nullptr) {
    Result<ImportedKey> imported =
        import_jwk(proof.header, static_cast<std::uint32_t>(proof.jwk), scratch.limits, proof.algorithms);
    if (imported.reason() == Reason::kNoMemory) return {Reason::kNoMemory, 0};
    if (!imported) return {Reason::kDpopKey, 0};
    scratch.fresh.key = std::move(imported.value().key);
    scratch.fresh.algorithm = imported->algorithm;
    write_sha256_text(imported->thumbprint, scratch.fresh.thumbprint);
    proof.key = &scratch.fresh;
  }
  proof.claims.key_thumbprint = text_of(*proof.key);
  proof.claims.algorithm = proof.key->algorithm;
  return kNoError;
}

Error DpopParts::check_signature(const PresentedProof& proof, Scratch& scratch) noexcept {
  const Error wrong{Reason::kDpopSignature, proof.jws.signature_offset()};
  if (proof.key == nullptr) return wrong;
  const std::size_t size = proof.key->key.signature_size();
  if (base64url_decoded_size(proof.jws.signature.size()) != size || size > scratch.signature_size) return wrong;
  const std::span<char> signature(scratch.signature.get(), size);
  if (!base64url_decode(proof.jws.signature, signature)) return wrong;
  if (!scratch.signatures.verify(proof.key->key, proof.jws.signing_input, {signature.data(), size})) return wrong;
  if (proof.key == &scratch.fresh) remember(proof, scratch);  // only now: what nobody signed must not push out others
  return kNoError;
}

// --- the whole --------------------------------------------------------------------------------------------------

namespace {

constexpr std::size_t kMlDsaSignatureSizeMax = 4627;  // FIPS 204 table 2, ML-DSA-87
constexpr std::size_t kAuthorityRoom = 512;           // for the canonical form of a host that the caller names

std::size_t signature_size_max(const Limits& limits) noexcept {
  return std::max<std::size_t>((std::size_t{limits.rsa_bits_max} + 7) / 8, kMlDsaSignatureSizeMax);
}

adapt::JsonReader::Bounds bounds_of(std::uint32_t size_max, std::uint32_t values_max, const Limits& limits) noexcept {
  return {
      .size_max = size_max, .depth_max = limits.token_json_depth_max, .values_max = values_max, .preallocate = true};
}

std::uint32_t payload_size_max(const Limits& limits) noexcept {
  return static_cast<std::uint32_t>(base64url_decoded_size(limits.token_size_max));
}

}  // namespace

DpopScratch::Impl::Impl(const Limits& wanted, std::uint32_t keys_remembered)
    : limits(wanted),
      header(bounds_of(wanted.token_header_size_max, wanted.token_header_values_max, wanted)),
      payload(bounds_of(payload_size_max(wanted), wanted.token_json_values_max, wanted)),
      signature_size(signature_size_max(wanted)),
      signature(new(std::nothrow) char[signature_size]),
      uri_size(2 * std::size_t{payload_size_max(wanted)} + kAuthorityRoom),
      uri_memory(new(std::nothrow) std::byte[uri_size]),
      slots(keys_remembered),
      header_text_size((std::size_t{wanted.token_header_size_max} + 2) / 3 * 4),
      header_texts(new(std::nothrow) char[header_text_size * slots.size() + 1]) {}

DpopScratch::DpopScratch(const Limits& limits, std::uint32_t keys_remembered)
    : impl_(new(std::nothrow) Impl(limits, keys_remembered)) {
  if (impl_ && !impl_->complete()) impl_.reset();
}

DpopScratch::~DpopScratch() = default;
DpopScratch::DpopScratch(DpopScratch&&) noexcept = default;
DpopScratch& DpopScratch::operator=(DpopScratch&&) noexcept = default;

Result<DpopProof> verify_dpop_proof(std::string_view proof, AlgorithmSet algorithms, DpopScratch& scratch) noexcept {
  Scratch* memory = DpopParts::of(scratch);
  if (memory == nullptr) return Reason::kNoMemory;
  Result<PresentedProof> presented = DpopParts::read(proof, algorithms, *memory);
  if (!presented) return presented.error();
  if (const Error fault = DpopParts::take_key(presented.value(), *memory); fault != kNoError) return fault;
  if (const Error fault = DpopParts::check_signature(*presented, *memory); fault != kNoError) return fault;
  return presented->claims;
}

}  // namespace ostiary
