#include <ostiary/engine.hpp>
#include <ostiary/policy/decide_request.hpp>

#include <cstdint>
#include <utility>

namespace ostiary {

RequestScratch::RequestScratch(const Limits& limits)
    : memory_(decide_request_scratch_size(limits)), arena_(memory_), verify_(limits) {}

Result<std::shared_ptr<const Engine>> Engine::make(std::string image, std::vector<IssuerKeys> keys,
                                                   const Limits& limits) {
  std::shared_ptr<Engine> engine(new Engine);
  engine->image_ = std::move(image);
  engine->keys_ = std::move(keys);
  const Result<Gate> gate = Gate::load(engine->image_);
  if (!gate) return gate.error();
  engine->gate_ = *gate;
  engine->options_ = inspect_options_of(engine->gate_, limits);
  if (const Reason trusted = engine->trust_issuers(); trusted != Reason::kOk) return trusted;
  return std::shared_ptr<const Engine>(std::move(engine));
}

Reason Engine::trust_issuers() {
  const std::uint32_t count = gate_.header().issuers.count;
  // The policies hold views of `audiences_`, so it must not grow; a sound image lists each text once at most.
  audiences_.reserve(gate_.header().texts.count);
  std::size_t keys_used = 0;
  for (std::uint32_t row = 0; row < count; ++row) {
    const IssuerRecord record = gate_.issuer(row);
    const std::size_t first = audiences_.size();
    if (record.audiences.count > audiences_.capacity() - first) return Reason::kImageDamaged;
    for (std::uint32_t i = 0; i < record.audiences.count; ++i) {
      audiences_.push_back(gate_.listed_text(record.audiences.first + i));
    }
    const auto algorithms = AlgorithmSet::from_bits(record.algorithms);
    if (!algorithms) return Reason::kImageDamaged;
    TrustedIssuer issuer;
    issuer.policy = {gate_.text(record.issuer), std::span(audiences_).subspan(first), *algorithms, record.clock_skew_s};
    for (const IssuerKeys& entry : keys_) {
      if (entry.issuer_id != gate_.text(record.id)) continue;
      issuer.keys = entry.keys.get();
      ++keys_used;
    }
    issuers_.push_back(issuer);
  }
  return keys_used == keys_.size() ? Reason::kOk : Reason::kUsageIssuerUnknown;
}

Decision Engine::decide_bytes(std::string_view head, const Facts& facts, RequestScratch& scratch) const noexcept {
  scratch.arena().reset();
  return decide(inspect_bytes(head, scratch.arena(), options_), facts, scratch);
}

Decision Engine::decide_fields(const ParsedHead& head, const Facts& facts, RequestScratch& scratch) const noexcept {
  scratch.arena().reset();
  return decide(inspect_fields(head, scratch.arena(), options_), facts, scratch);
}

Decision Engine::decide(const Inspection& inspection, const Facts& facts, RequestScratch& scratch) const noexcept {
  const auto verify = [&](std::string_view token) noexcept {
    return verify_token(token, issuers_, {.now_s = facts.now_s}, scratch.verify());
  };
  return decide_request(gate_, inspection, facts, verify, scratch.arena(), options_.limits);
}

}  // namespace ostiary
