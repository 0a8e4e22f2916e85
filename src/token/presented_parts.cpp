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

/// Parts is KeySetParts or SecretKeysParts; both find alike.
template <typename Parts, typename Keys>
Result<const typename Parts::Entry*> find_key(const Header& header, AlgorithmSet meant, const Keys& keys) noexcept {
  if (header.key_id.data() != nullptr) {
    const auto* entry = Parts::find(keys, header.key_id, meant);
    if (entry == nullptr) return Reason::kTokenKeyUnknown;
    return entry;
  }
  const auto candidates = Parts::candidates(keys, meant);
  if (candidates.count == 0) return Reason::kTokenKeyUnknown;
  if (candidates.count > 1) return Reason::kTokenKeyIdMissing;
  return candidates.first;
}

Result<SelectedKey> select_public(const Header& header, AlgorithmSet meant, const KeySet& keys) noexcept {
  const auto found = find_key<KeySetParts>(header, meant, keys);
  if (!found) return found.error();
  const KeySetParts::Entry& entry = **found;
  return SelectedKey{.algorithm = entry.info.algorithm,
                     .key_id = entry.info.has_key_id ? entry.info.key_id : std::string_view(),
                     .index = static_cast<std::uint32_t>(KeySetParts::index_of(keys, entry)),
                     .signature_size = entry.key.signature_size(),
                     .public_key = &entry.key};
}

Result<SelectedKey> select_secret(const Header& header, AlgorithmSet meant, const SecretKeys& keys) noexcept {
  const auto found = find_key<SecretKeysParts>(header, meant, keys);
  if (!found) return found.error();
  const SecretKeysParts::Entry& entry = **found;
  return SelectedKey{.algorithm = entry.algorithm,
                     .key_id = entry.has_key_id ? std::string_view(entry.key_id) : std::string_view(),
                     .index = static_cast<std::uint32_t>(SecretKeysParts::index_of(keys, entry)),
                     .signature_size = entry.key.tag_size(),
                     .mac_key = &entry.key};
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
  const Result<SelectedKey> selected =
      symmetric ? select_secret(header, meant, *choice.secrets) : select_public(header, meant, *choice.keys);
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
