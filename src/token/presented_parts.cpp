#include "token/presented_parts.hpp"

#include "token/key_set_parts.hpp"
#include "token/padded_jws.hpp"
#include "token/rules.hpp"
#include "token/secret_keys_parts.hpp"

#include <ostiary/core/base64url.hpp>

#include <algorithm>

namespace ostiary {

namespace {

bool writes_padding(const TrustedIssuer& issuer) noexcept {
  return issuer.policy.encoding == TokenEncoding::kPaddedBase64Url;
}

Algorithm algorithm_of(const KeySetParts::Entry& entry) noexcept { return entry.info.algorithm; }
Algorithm algorithm_of(const SecretKeysParts::Entry& entry) noexcept { return entry.algorithm; }

/// data() == nullptr: it has none. An empty kid is a kid.
std::string_view key_id_of(const KeySetParts::Entry& entry) noexcept {
  return entry.info.has_key_id ? entry.info.key_id : std::string_view();
}
std::string_view key_id_of(const SecretKeysParts::Entry& entry) noexcept {
  return entry.has_key_id ? std::string_view(entry.key_id) : std::string_view();
}

void take_key(const KeySetParts::Entry& entry, SelectedKey& out) noexcept {
  out.signature_size = entry.key.signature_size();
  out.public_key = &entry.key;
}
void take_key(const SecretKeysParts::Entry& entry, SelectedKey& out) noexcept {
  out.signature_size = entry.key.tag_size();
  out.mac_key = &entry.key;
}

template <typename Entry>
Result<const Entry*> find_named(std::span<const Entry> keys, std::string_view key_id, AlgorithmSet meant) noexcept {
  for (const Entry& entry : keys) {
    const std::string_view own = key_id_of(entry);
    if (own.data() == nullptr || own != key_id) continue;
    if (!meant.contains(algorithm_of(entry))) break;
    return &entry;
  }
  return Reason::kTokenKeyUnknown;
}

template <typename Entry>
Result<const Entry*> find_only(std::span<const Entry> keys, AlgorithmSet meant) noexcept {
  const Entry* only = nullptr;
  for (const Entry& entry : keys) {
    if (!meant.contains(algorithm_of(entry))) continue;
    if (only != nullptr) return Reason::kTokenKeyIdMissing;
    only = &entry;
  }
  if (only == nullptr) return Reason::kTokenKeyUnknown;
  return only;
}

template <typename Entry>
Result<SelectedKey> select_from(std::span<const Entry> keys, const Header& header, AlgorithmSet meant) noexcept {
  const bool is_named = header.key_id.data() != nullptr;
  const Result<const Entry*> found = is_named ? find_named(keys, header.key_id, meant) : find_only(keys, meant);
  if (!found) return found.error();
  const Entry& entry = **found;
  SelectedKey selected{.algorithm = algorithm_of(entry),
                       .key_id = key_id_of(entry),
                       .index = static_cast<std::uint32_t>(&entry - keys.data())};
  take_key(entry, selected);
  return selected;
}

bool is_signed(const SelectedKey& key, std::string_view message, std::string_view signature,
               adapt::SignatureContext& context) noexcept {
  return key.mac_key != nullptr ? context.verify(*key.mac_key, message, signature)
                                : context.verify(*key.public_key, message, signature);
}

}  // namespace

Result<WrittenToken> split_token(std::string_view token, std::span<const TrustedIssuer> issuers,
                                 const Limits& limits) noexcept {
  const Result<CompactJws> strict = split_compact(token, limits);
  if (strict) return WrittenToken{*strict, false};
  const bool may_be_padded = strict.reason() == Reason::kTokenCharacter && token[strict.error().offset] == '=' &&
                             std::any_of(issuers.begin(), issuers.end(), writes_padding);
  if (!may_be_padded) return strict.error();
  const Result<CompactJws> padded = split_padded(token, limits);
  if (!padded) return padded.error();
  return WrittenToken{*padded, true};
}

bool are_usable(std::span<const TrustedIssuer> issuers, const Limits& limits) noexcept {
  return std::all_of(issuers.begin(), issuers.end(),
                     [&limits](const TrustedIssuer& issuer) { return is_usable(issuer.policy, limits); });
}

Result<const TrustedIssuer*> select_issuer(const Claims& claims, std::span<const TrustedIssuer> issuers) noexcept {
  const std::string_view iss = claims.text(ClaimId::kIss);
  if (iss.data() == nullptr) return Reason::kTokenIssuerMissing;
  for (const TrustedIssuer& issuer : issuers) {
    if (issuer.policy.issuer == iss) return &issuer;
  }
  return Reason::kTokenIssuerUnknown;
}

Result<SelectedKey> select_key(const Header& header, AlgorithmSet allowed, const KeyChoice& choice,
                               const CompactJws& jws) noexcept {
  const AlgorithmSet meant = header.algorithms.common_with(allowed);
  if (meant.empty()) return Reason::kTokenAlgorithmRefused;
  const bool symmetric = !meant.common_with(kSymmetricAlgorithms).empty();
  if (symmetric ? choice.secrets == nullptr : choice.keys == nullptr) return Reason::kTokenIssuerKeys;
  const Result<SelectedKey> selected = symmetric ? select_from(SecretKeysParts::entries(*choice.secrets), header, meant)
                                                 : select_from(KeySetParts::entries(*choice.keys), header, meant);
  if (selected && base64url_decoded_size(jws.signature.size()) != selected->signature_size) {
    return Error{Reason::kTokenSignatureLength, jws.signature_offset()};
  }
  return selected;
}

Error check_signature(const CompactJws& jws, const SelectedKey& key, ScratchParts::Impl& scratch) noexcept {
  const std::uint32_t place = jws.signature_offset();
  // A key set may have been imported under wider limits than the scratch was made for.
  if (key.signature_size > scratch.signature_size) return {Reason::kTokenSignatureLength, place};
  const std::span<char> signature(scratch.signature.get(), key.signature_size);
  if (!base64url_decode(jws.signature, signature)) return {Reason::kTokenBase64, place};
  const bool right = is_signed(key, jws.signing_input, {signature.data(), signature.size()}, scratch.signatures);
  return {right ? Reason::kOk : Reason::kTokenSignature, right ? 0 : place};
}

}  // namespace ostiary
