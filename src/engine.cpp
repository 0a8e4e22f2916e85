#include <ostiary/engine.hpp>

#include <ostiary/http/credentials.hpp>
#include <ostiary/http/ip_address.hpp>

#include <cstdint>
#include <utility>

namespace ostiary {

namespace {

/// What deciding needs beside inspecting: the header edits, and the values made for them.
constexpr std::size_t kDecisionMemory = 32 * 1024;

[[nodiscard]] bool is_address(std::string_view peer) noexcept {
  return parse_ipv4(peer).has_value() || parse_ipv6(peer).has_value();
}

[[nodiscard]] Decision denied(Reason reason, std::uint32_t offset) noexcept {
  Decision decision;
  decision.reason = reason;
  decision.offset = offset;
  return decision;
}

/// A credential that is there and bad is a denial, whatever the route would allow without one.
[[nodiscard]] Decision refused_credential(const Gate& gate, RouteMatch match, Error error) noexcept {
  Decision decision = denied(error.reason, error.offset);
  decision.route = gate.text(gate.route(match.row).id);
  return decision;
}

}  // namespace

RequestScratch::RequestScratch(const Limits& limits)
    : memory_(inspect_scratch_size_max(limits) + kDecisionMemory), arena_(memory_), verify_(limits) {}

Result<std::shared_ptr<const Engine>> Engine::make(std::string image, std::vector<IssuerKeys> keys,
                                                   const Limits& limits) {
  std::shared_ptr<Engine> engine(new Engine);
  engine->image_ = std::move(image);
  engine->keys_ = std::move(keys);
  engine->limits_ = limits;
  const Result<Gate> gate = Gate::load(engine->image_);
  if (!gate) return gate.error();
  engine->gate_ = *gate;
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
  return decide(inspect_bytes(head, scratch.arena(), limits_), facts, scratch);
}

Decision Engine::decide_fields(const ParsedHead& head, const Facts& facts, RequestScratch& scratch) const noexcept {
  scratch.arena().reset();
  return decide(inspect_fields(head, scratch.arena(), limits_), facts, scratch);
}

// The life of one request, cheap before dear: structure, route, credential syntax, signature, rules.
Decision Engine::decide(const Inspection& inspection, const Facts& facts, RequestScratch& scratch) const noexcept {
  if (!facts.peer.empty() && !is_address(facts.peer)) return denied(Reason::kUsagePeer, 0);
  if (inspection.progress != Progress::kComplete) {
    return denied(inspection.finding.reason, inspection.finding.offset);
  }
  const Request& request = inspection.request;
  const RouteMatch match = match_route(gate_, request);
  if (match.reason != Reason::kOk) return denied(match.reason, request.target.offset);

  const Result<std::string_view> token = bearer_token(request);
  if (!token) return refused_credential(gate_, match, token.error());
  if (token->data() == nullptr) return ostiary::decide(gate_, match, nullptr, facts, scratch.arena(), limits_);

  const Result<Identity> identity = verify_token(*token, issuers_, facts.now_s, scratch.verify());
  if (!identity) {
    const auto token_offset = static_cast<std::uint32_t>(token->data() - request.head.data());
    return refused_credential(gate_, match, {identity.reason(), token_offset + identity.error().offset});
  }
  return ostiary::decide(gate_, match, &*identity, facts, scratch.arena(), limits_);
}

}  // namespace ostiary
