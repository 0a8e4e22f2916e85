#include <ostiary/engine.hpp>
#include <ostiary/policy/answer.hpp>
#include <ostiary/policy/decide_request.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <optional>
#include <utility>

namespace ostiary {

namespace {

/// What the Gate says about an issuer's tokens; nothing when the image holds algorithms that this library has not.
std::optional<IssuerSettings> settings_of(const Gate& gate, const IssuerRecord& record) {
  const std::optional<AlgorithmSet> algorithms = AlgorithmSet::from_bits(record.algorithms);
  if (!algorithms) return std::nullopt;
  IssuerSettings settings;
  settings.issuer = gate.text(record.issuer);
  for (std::uint32_t i = 0; i < record.audiences.count; ++i) {
    settings.audiences.emplace_back(gate.listed_text(record.audiences.first + i));
  }
  settings.algorithms = *algorithms;
  settings.clock_skew_s = record.clock_skew_s;
  settings.profile = record.profile;
  settings.audience_claim = record.audience_claim;
  settings.age_max_s = record.age_max_s;
  for (std::uint32_t i = 0; i + 1 < record.required_claims.count; i += 2) {
    const std::uint32_t row = record.required_claims.first + i;
    settings.required_claims.push_back({std::string(gate.listed_text(row)), std::string(gate.listed_text(row + 1))});
  }
  return settings;
}

/// The iss value of an issuer of the Gate; nothing for an id it does not have.
std::optional<std::string_view> issuer_of(const Gate& gate, std::string_view id) noexcept {
  for (std::uint32_t row = 0; row < gate.header().issuers.count; ++row) {
    const IssuerRecord record = gate.issuer(row);
    if (gate.text(record.id) == id) return gate.text(record.issuer);
  }
  return std::nullopt;
}

}  // namespace

RequestScratch::RequestScratch(const Limits& limits)
    : memory_(decide_request_scratch_size(limits)), arena_(memory_), verify_(limits), dpop_(limits) {}

Result<std::shared_ptr<RateLimiter>> make_rate_limiter(std::size_t keys,
                                                       std::span<const std::uint8_t, RateLimiter::kSecretSize> secret) {
  struct Owned {
    std::vector<std::byte> memory;
    RateLimiter limiter;
  };
  constexpr std::size_t kBytesOfKeyMax = 64;
  if (keys == 0 || keys > std::numeric_limits<std::ptrdiff_t>::max() / kBytesOfKeyMax) return Reason::kUsageArgument;
  try {
    const auto owned = std::make_shared<Owned>();
    owned->memory.resize(RateLimiter::size_for(keys));
    owned->limiter = RateLimiter(owned->memory, secret);
    return std::shared_ptr<RateLimiter>(owned, &owned->limiter);
  } catch (const std::bad_alloc&) {
    return Reason::kNoMemory;
  }
}

Engine::Engine(const Engine& other, std::shared_ptr<const TokenVerifier> verifier)
    : options_(other.options_),
      image_(other.image_),
      gate_(other.gate_),
      inspect_options_(other.inspect_options_),
      keys_(other.keys_),
      verifier_(std::move(verifier)) {}

Result<std::shared_ptr<const Engine>> Engine::make(std::string image, const std::vector<IssuerKeys>& keys,
                                                   EngineOptions options) {
  std::shared_ptr<Engine> engine(new Engine);
  engine->options_ = std::move(options);
  if (const Reason loaded = engine->load(std::move(image)); loaded != Reason::kOk) return loaded;
  if (const Reason trusted = engine->trust_issuers(); trusted != Reason::kOk) return trusted;
  return engine->with_keys(keys);
}

Reason Engine::load(std::string image) {
  image_ = std::make_shared<const std::string>(std::move(image));
  const GateTrust trust{.keys = options_.gate_keys,
                        .version_min = options_.version_min,
                        .required = !options_.gate_keys.empty(),
                        .boundary = options_.boundary,
                        .reviewer_keys = options_.reviewer_keys,
                        .reviews_min = options_.reviews_min};
  const Result<Gate> gate = load_signed_gate(*image_, trust);
  if (!gate) return gate.reason();
  gate_ = *gate;
  inspect_options_ = inspect_options_of(gate_, Facts{}, options_.limits);
  return Reason::kOk;
}

Reason Engine::trust_issuers() {
  std::vector<IssuerSettings> settings;
  for (std::uint32_t row = 0; row < gate_.header().issuers.count; ++row) {
    std::optional<IssuerSettings> issuer = settings_of(gate_, gate_.issuer(row));
    if (!issuer) return Reason::kImageDamaged;
    settings.push_back(std::move(*issuer));
  }
  if (settings.empty()) return Reason::kOk;
  auto made = TokenVerifier::make(std::move(settings), options_.limits);
  // The compiler refuses such settings, so that an image with them is not one of its making.
  if (made.reason() == Reason::kUsageArgument) return Reason::kImageDamaged;
  if (!made) return made.reason();
  if (options_.revoked != nullptr) made = (*made)->with_revocation(options_.revoked);
  verifier_ = *made;
  return made.reason();
}

Result<std::shared_ptr<const Engine>> Engine::with_keys(const std::vector<IssuerKeys>& keys) const {
  std::shared_ptr<const TokenVerifier> verifier = verifier_;
  for (const IssuerKeys& entry : keys) {
    const std::optional<std::string_view> issuer = issuer_of(gate_, entry.issuer_id);
    if (!issuer) return Reason::kUsageIssuerUnknown;
    const auto made = verifier->with_keys(*issuer, entry.keys);
    if (!made) return made.error();
    verifier = *made;
  }
  const std::shared_ptr<Engine> engine(new Engine(*this, std::move(verifier)));
  for (const IssuerKeys& entry : keys) {
    std::erase_if(engine->keys_, [&](const IssuerKeys& old) { return old.issuer_id == entry.issuer_id; });
    engine->keys_.push_back(entry);
  }
  return std::shared_ptr<const Engine>(engine);
}

Result<std::shared_ptr<const Engine>> Engine::with_revocation(std::shared_ptr<const RevocationList> revoked) const {
  std::shared_ptr<const TokenVerifier> verifier = verifier_;
  if (verifier != nullptr) {
    const auto made = verifier->with_revocation(revoked);
    if (!made) return made.error();
    verifier = *made;
  }
  const std::shared_ptr<Engine> engine(new Engine(*this, std::move(verifier)));
  engine->options_.revoked = std::move(revoked);
  return std::shared_ptr<const Engine>(engine);
}

Result<std::shared_ptr<const Engine>> Engine::with_gate(std::string image) const {
  std::shared_ptr<Engine> engine(new Engine);
  engine->options_ = options_;
  engine->options_.version_min = std::max(options_.version_min, gate_.header().version);
  if (const Reason loaded = engine->load(std::move(image)); loaded != Reason::kOk) return loaded;
  if (const Reason trusted = engine->trust_issuers(); trusted != Reason::kOk) return trusted;
  return engine->with_keys(keys_for(engine->gate_));
}

/// An id under which the other Gate means somebody else must not lend him these keys.
std::vector<IssuerKeys> Engine::keys_for(const Gate& other) const {
  std::vector<IssuerKeys> kept = keys_;
  std::erase_if(kept, [&](const IssuerKeys& entry) {
    return issuer_of(other, entry.issuer_id) != issuer_of(gate_, entry.issuer_id);
  });
  return kept;
}

InspectOptions Engine::options_for(const Facts& facts) const noexcept {
  InspectOptions options = inspect_options_;
  options.scheme = facts.scheme;
  return options;
}

Decision Engine::decide_bytes(std::string_view head, const Facts& facts, RequestScratch& scratch) const noexcept {
  scratch.arena().reset();
  return decide(inspect_bytes(head, scratch.arena(), options_for(facts)), facts, scratch);
}

Decision Engine::decide_fields(const ParsedHead& head, const Facts& facts, RequestScratch& scratch) const noexcept {
  scratch.arena().reset();
  return decide(inspect_fields(head, scratch.arena(), options_for(facts)), facts, scratch);
}

Decision Engine::decide(const Inspection& inspection, const Facts& facts, RequestScratch& scratch) const noexcept {
  const auto verify = [&](const Request& request, const Credential& credential) noexcept {
    return identify(request, credential, facts, scratch);
  };
  Decision decision = decide_request(gate_, inspection, facts, verify, scratch.arena(), options_.limits);
  if (options_.rate != nullptr) decision = take_rate(decision, facts, *options_.rate);
  return decision;
}

Result<Identity> Engine::identify(const Request& request, const Credential& credential, const Facts& facts,
                                  RequestScratch& scratch) const noexcept {
  const TokenFacts token_facts{.now_s = facts.now_s};
  const Result<Identity> identity =
      verifier_ != nullptr ? verifier_->verify(credential.token, token_facts, scratch.verify(), options_.cache.get())
                           : verify_token(credential.token, {}, token_facts, scratch.verify());
  if (!identity) return identity;
  const Reason sender = check_sender({request, credential, *identity}, facts, scratch);
  if (sender != Reason::kOk) return sender;
  return identity;
}

Reason Engine::check_sender(const Presentation& presented, const Facts& facts, RequestScratch& scratch) const noexcept {
  const bool bound_to_key = presented.identity.key_thumbprint().data() != nullptr;
  if (bound_to_key && options_.dpop.algorithms.empty()) return Reason::kConfirmationUnknown;
  const SenderFacts sender{
      .now_s = facts.now_s, .origin = {facts.scheme, facts.authority}, .certificate_sha256 = facts.certificate_sha256};
  return ostiary::check_sender(presented, sender, options_.dpop, scratch.dpop());
}

}  // namespace ostiary
