#include "adapt/crypto.hpp"
#include "token/digest_text.hpp"
#include "token/identity_parts.hpp"
#include "token/rules.hpp"
#include "token/scratch_parts.hpp"
#include "token/token_cache_parts.hpp"
#include "token/verify_trusted.hpp"

#include <ostiary/core/base64url.hpp>
#include <ostiary/token/token_verifier.hpp>

#include <algorithm>
#include <cstring>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

namespace ostiary {

namespace {

using Made = Result<std::shared_ptr<const TokenVerifier>>;

/// Turns running out of memory into a Reason.
template <typename Make>
Made caught(Make make) noexcept {
#if defined(__cpp_exceptions)
  try {
    return make();
  } catch (const std::bad_alloc&) {
    return Reason::kNoMemory;
  }
#else
  return make();
#endif
}

/// The settings of one issuer and the policy that borrows them; it must not move.
class OwnedPolicy {
 public:
  explicit OwnedPolicy(IssuerSettings settings) : settings_(std::move(settings)) {
    // By name: a setting that is added must find its place in the policy.
    const auto& [issuer, audiences, algorithms, clock_skew_s, profile, audience_claim, encoding, age_max_s,
                 required_claims, required_header] = settings_;
    audiences_.assign(audiences.begin(), audiences.end());
    view(required_claims, required_claims_);
    view(required_header, required_header_);
    policy_ = {issuer,         audiences_, algorithms, clock_skew_s,     profile,
               audience_claim, encoding,   age_max_s,  required_claims_, required_header_};
  }
  OwnedPolicy(const OwnedPolicy&) = delete;
  OwnedPolicy& operator=(const OwnedPolicy&) = delete;
  ~OwnedPolicy() = default;

  [[nodiscard]] const TokenPolicy& policy() const noexcept { return policy_; }

 private:
  static void view(const std::vector<RequiredMember>& members, std::vector<RequiredText>& views) {
    views.reserve(members.size());
    for (const RequiredMember& member : members) views.push_back({member.name, member.value});
  }

  IssuerSettings settings_;
  std::vector<std::string_view> audiences_;
  std::vector<RequiredText> required_claims_;
  std::vector<RequiredText> required_header_;
  TokenPolicy policy_;
};

using Policies = std::vector<std::unique_ptr<OwnedPolicy>>;

void write_required(DigestText& text, std::span<const RequiredText> required) {
  text.number(std::uint64_t{required.size()});
  for (const RequiredText& member : required) {
    text.text(member.name);
    text.text(member.value);
  }
}

void write_policy(DigestText& text, const TokenPolicy& policy) {
  // By name, and all of them: what decides and is not bound to is what goes wrong with such caches.
  const auto& [issuer, audiences, algorithms, clock_skew_s, profile, audience_claim, encoding, age_max_s,
               required_claims, required_header] = policy;
  text.text(issuer);
  text.number(std::uint64_t{audiences.size()});
  for (const std::string_view audience : audiences) text.text(audience);
  text.number(algorithms.bits());
  text.number(clock_skew_s);
  text.number(static_cast<std::uint8_t>(profile));
  text.number(static_cast<std::uint8_t>(audience_claim));
  text.number(static_cast<std::uint8_t>(encoding));
  text.number(age_max_s);
  write_required(text, required_claims);
  write_required(text, required_header);
}

template <typename Keys>
void write_fingerprint(DigestText& text, const Keys* keys) {
  if (keys == nullptr) {
    text.text({});
  } else {
    text.bytes(keys->fingerprint());
  }
}

static_assert(std::has_unique_object_representations_v<Limits>, "limits are hashed and compared as bytes");

bool same(const Limits& left, const Limits& right) noexcept { return std::memcmp(&left, &right, sizeof(Limits)) == 0; }

/// Whether the verdict depends on nothing of this presentation but the time.
bool asks_nothing_more(const TokenFacts& facts) noexcept {
  // By name: a fact that is added must be bound to or keep the cache out.
  const auto& [now_s, revoked, nonce, access_token, code] = facts;
  return nonce.data() == nullptr && access_token.data() == nullptr && code.data() == nullptr;
}

/// Where verify_token places a fault in the dates: where the payload begins.
std::uint32_t payload_offset(std::string_view token) noexcept {
  return static_cast<std::uint32_t>(std::min(token.find('.'), token.size() - 1) + 1);
}

}  // namespace

struct TokenVerifier::Impl {
  Limits limits;
  std::shared_ptr<const Policies> policies;
  std::vector<TrustedIssuer> issuers;  ///< the policies, and the keys of the two vectors below
  std::vector<std::shared_ptr<const KeySet>> keys;
  std::vector<std::shared_ptr<const SecretKeys>> secrets;
  std::shared_ptr<const RevocationList> revoked;
  TokenBinding binding{};

  [[nodiscard]] std::size_t index_of(std::string_view issuer) const noexcept {
    std::size_t index = 0;
    while (index < issuers.size() && issuers[index].policy.issuer != issuer) ++index;
    return index;
  }

  [[nodiscard]] bool is_symmetric(std::size_t index) const noexcept {
    return !issuers[index].policy.algorithms.common_with(kSymmetricAlgorithms).empty();
  }

  [[nodiscard]] bool bind();
  [[nodiscard]] Result<Identity> verify_cold(std::string_view token, TokenFacts facts,
                                             ScratchParts::Impl& scratch) const noexcept {
    facts.revoked = revoked.get();
    return verify_trusted(token, issuers, facts, scratch);
  }
};

bool TokenVerifier::Impl::bind() {
  DigestText text("ostiary token verifier 1");
  text.bytes({reinterpret_cast<const std::uint8_t*>(&limits), sizeof(Limits)});
  text.number(std::uint64_t{issuers.size()});
  for (const TrustedIssuer& issuer : issuers) {
    write_policy(text, issuer.policy);
    write_fingerprint(text, issuer.keys);
    write_fingerprint(text, issuer.secrets);
  }
  write_fingerprint(text, revoked.get());
  const auto digest = adapt::sha256(text.written());
  if (digest) binding = *digest;
  return digest.has_value();
}

TokenVerifier::TokenVerifier(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
TokenVerifier::~TokenVerifier() = default;

Made TokenVerifier::made_of(std::unique_ptr<Impl> impl) {
  if (!impl->bind()) return Reason::kNoMemory;
  return std::shared_ptr<const TokenVerifier>(new TokenVerifier(std::move(impl)));
}

Made TokenVerifier::make(std::vector<IssuerSettings> settings, const Limits& limits) noexcept {
  return caught([&]() -> Made {
    auto impl = std::make_unique<Impl>();
    impl->limits = limits;
    const auto policies = std::make_shared<Policies>();
    for (std::uint32_t i = 0; i < settings.size(); ++i) {
      policies->push_back(std::make_unique<OwnedPolicy>(std::move(settings[i])));
      const TokenPolicy& policy = policies->back()->policy();
      const bool repeated = impl->index_of(policy.issuer) != impl->issuers.size();
      if (repeated || !is_usable(policy, limits)) return Error{Reason::kUsageArgument, i};
      impl->issuers.push_back({policy, nullptr, nullptr});
    }
    if (impl->issuers.empty()) return Reason::kUsageArgument;
    impl->policies = policies;
    impl->keys.resize(impl->issuers.size());
    impl->secrets.resize(impl->issuers.size());
    return made_of(std::move(impl));
  });
}

Made TokenVerifier::with_keys(std::string_view issuer, std::shared_ptr<const KeySet> keys) const noexcept {
  return caught([&]() -> Made {
    const std::size_t index = impl_->index_of(issuer);
    if (index == impl_->issuers.size()) return Reason::kUsageIssuerUnknown;
    if (impl_->is_symmetric(index)) return Reason::kUsageArgument;
    auto next = std::make_unique<Impl>(*impl_);
    next->issuers[index].keys = keys.get();
    next->keys[index] = std::move(keys);
    return made_of(std::move(next));
  });
}

Made TokenVerifier::with_secrets(std::string_view issuer, std::shared_ptr<const SecretKeys> secrets) const noexcept {
  return caught([&]() -> Made {
    const std::size_t index = impl_->index_of(issuer);
    if (index == impl_->issuers.size()) return Reason::kUsageIssuerUnknown;
    if (!impl_->is_symmetric(index)) return Reason::kUsageArgument;
    auto next = std::make_unique<Impl>(*impl_);
    next->issuers[index].secrets = secrets.get();
    next->secrets[index] = std::move(secrets);
    return made_of(std::move(next));
  });
}

Made TokenVerifier::with_revocation(std::shared_ptr<const RevocationList> revoked) const noexcept {
  return caught([&]() -> Made {
    auto next = std::make_unique<Impl>(*impl_);
    next->revoked = std::move(revoked);
    return made_of(std::move(next));
  });
}

const std::array<std::uint8_t, 32>& TokenVerifier::binding() const noexcept { return impl_->binding; }
std::span<const TrustedIssuer> TokenVerifier::issuers() const noexcept { return impl_->issuers; }
const RevocationList* TokenVerifier::revoked() const noexcept { return impl_->revoked.get(); }

Result<Identity> TokenVerifier::verify(std::string_view token, const TokenFacts& facts, VerifyScratch& scratch,
                                       TokenCache* cache) const noexcept {
  ScratchParts::Impl* const memory = ScratchParts::of(scratch);
  if (memory == nullptr) return Reason::kNoMemory;
  memory->forget();
  const bool in_time = facts.now_s >= 0 && facts.now_s < kDateEnd;
  if (facts.revoked != nullptr || !in_time || !same(memory->limits, impl_->limits)) return Reason::kUsageArgument;
  if (cache == nullptr || !asks_nothing_more(facts) || !TokenCacheParts::may_hold(token)) {
    return impl_->verify_cold(token, facts, *memory);
  }

  const CacheQuestion question{token, impl_->binding, facts.now_s, TokenCacheParts::hash(*cache, token)};
  const std::size_t payload_size_max = base64url_decoded_size(impl_->limits.token_size_max);
  const std::span<char> payload = memory->payload.buffer(payload_size_max);
  const CacheAnswer answer =
      TokenCacheParts::find(*cache, question, {{memory->identity.get(), memory->identity_size}, payload});
  if (answer.found) {
    if (answer.reason != Reason::kOk) return Error{answer.reason, payload_offset(token)};
    memory->verified_payload = {payload.data(), answer.payload_size};
    return IdentityParts::trust({memory->identity.get(), answer.image_size});
  }
  Result<Identity> identity = impl_->verify_cold(token, facts, *memory);
  if (identity) {
    TokenCacheParts::verified(*cache, question, {identity->image(), memory->verified_payload, memory->lifetime});
  }
  return identity;
}

}  // namespace ostiary
