#include "adapt/crypto.hpp"
#include "adapt/der.hpp"
#include "adapt/signing.hpp"
#include "policy/reviews.hpp"
#include "policy/seal.hpp"
#include "token/pem.hpp"

#include <ostiary/policy/signed_gate.hpp>

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

namespace ostiary {

namespace {

template <std::size_t kSize>
std::string_view text_of(const std::array<std::uint8_t, kSize>& bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// What a signature is over.
std::string signed_text(const GateSeal& seal) {
  return std::string(kGateSignatureContext).append(text_of(seal.content_hash));
}

/// The header of an image whose content is what its hash says. Nothing in it has been looked at.
Result<GateHeader> read_hashed(std::string_view image) noexcept {
  const Result<GateHeader> header = ostiary::detail::read_gate_header(image);
  if (!header) return header.error();
  const auto hash = policy::content_hash_of(image);
  if (!hash) return Reason::kInternal;
  if (*hash != header->seal.content_hash) return Reason::kImageDamaged;
  return header;
}

bool is_signature_of(const GatePublicKey& key, const GateSeal& seal, adapt::SignatureContext& context) {
  if (gate_key_id(key) != seal.key_id) return false;
  const auto prepared = adapt::PublicKey::edwards(adapt::SignatureScheme::kEd25519, text_of(key));
  return prepared && context.verify(*prepared, signed_text(seal), text_of(seal.signature));
}

Reason judge_seal(const GateSeal& seal, const GateTrust& trust) {
  if (trust.keys.empty() && !trust.required && !trust.asks_for_proof()) return Reason::kOk;
  if (!seal.is_signed()) return Reason::kImageUnsigned;
  adapt::SignatureContext context;
  const auto signed_it = [&](const GatePublicKey& key) { return is_signature_of(key, seal, context); };
  return std::any_of(trust.keys.begin(), trust.keys.end(), signed_it) ? Reason::kOk : Reason::kImageSignature;
}

Reason judge_boundary(const GateBoundary& boundary, const GateTrust& trust) {
  if (!trust.asks_for_proof()) return Reason::kOk;
  if (boundary.prover < kGateProverMin) return Reason::kImageUnproved;
  return trust.boundary && *trust.boundary != boundary.hash ? Reason::kImageBoundary : Reason::kOk;
}

/// The image has been checked: it holds no key twice and no more reviews than kReviewsMax.
Reason judge_reviews(const Gate& gate, const GateTrust& trust) {
  const std::uint32_t demanded = std::max(trust.reviews_min, trust.reviewer_keys.empty() ? 0U : 1U);
  if (demanded == 0) return Reason::kOk;
  const GateBoundary& boundary = gate.header().boundary;
  std::vector<GateReview> reviews;
  for (std::uint32_t row = 0; row < boundary.reviews.count; ++row) reviews.push_back(gate.review(row));
  const std::size_t trusted = policy::trusted_reviews(boundary.hash, reviews, trust.reviewer_keys).size();
  return trusted < demanded ? Reason::kImageReview : Reason::kOk;
}

}  // namespace

Result<Gate> load_signed_gate(std::string_view image, const GateTrust& trust) {
  const Result<GateHeader> header = read_hashed(image);
  if (!header) return header.error();
  const Reason reason = judge_seal(header->seal, trust);
  if (reason != Reason::kOk) return reason;
  // After the signature: what is not authentic has no version.
  if (header->version < trust.version_min) return Reason::kImageRollback;
  const Reason proved = judge_boundary(header->boundary, trust);
  if (proved != Reason::kOk) return proved;
  // Last and dearest: what nobody trusted has made does not get here.
  const Result<Gate> gate = Gate::load(image);
  if (!gate) return gate.error();
  const Reason reviewed = judge_reviews(*gate, trust);
  if (reviewed != Reason::kOk) return reviewed;
  return gate;
}

Result<std::string> sign_gate(std::string_view image, std::string_view private_pem) {
  const Result<GateHeader> header = read_hashed(image);
  if (!header) return header.error();
  if (const Result<Gate> gate = Gate::load(image); !gate) return gate.error();
  const Result<adapt::SigningKey> key = adapt::SigningKey::from_pem(private_pem);
  if (!key) return key.error();
  GateSeal seal = header->seal;
  const auto public_key = key->public_key();
  const auto signature = key->sign(signed_text(seal));
  if (!public_key || !signature) return Reason::kInternal;
  seal.key_id = gate_key_id(*public_key);
  seal.signature = *signature;
  std::string signed_image(image);
  policy::write_seal(signed_image, seal);
  return signed_image;
}

Result<GateKeyPair> make_gate_keys(std::span<const std::uint8_t, 32> seed) {
  const Result<adapt::SigningKey> key = adapt::SigningKey::from_seed(seed);
  if (!key) return key.error();
  GateKeyPair pair{key->private_pem(), key->public_pem()};
  if (pair.private_pem.empty() || pair.public_pem.empty()) return Reason::kInternal;
  return pair;
}

Result<GatePublicKey> read_gate_key(std::string_view public_pem) {
  const Result<PemBlock> block = read_pem(public_pem);
  if (!block) return block.error();
  if (block->label != PemLabel::kPublicKey) return Reason::kKeyPem;
  const Result<adapt::KeyNumbers> numbers = adapt::read_public_key_info(block->der);
  if (!numbers) return numbers.error();
  GatePublicKey key{};
  if (numbers->type != adapt::KeyNumbers::Type::kOkp || numbers->name != "Ed25519") return Reason::kKeyType;
  const auto prepared = adapt::PublicKey::edwards(adapt::SignatureScheme::kEd25519, numbers->first);
  if (!prepared) return prepared.error();
  std::memcpy(key.data(), numbers->first.data(), key.size());
  return key;
}

GateKeyId gate_key_id(const GatePublicKey& key) noexcept {
  GateKeyId id{};
  const auto hash = adapt::sha256(text_of(key));
  if (hash) std::copy_n(hash->begin(), id.size(), id.begin());
  return id;
}

}  // namespace ostiary
