#include "token/claims.hpp"
#include "token/header.hpp"
#include "token/presented_parts.hpp"
#include "token/rules.hpp"
#include "token/scratch_parts.hpp"

#include <ostiary/token/explain.hpp>

#include <algorithm>

namespace ostiary {

namespace {

using adapt::JsonValue;

/// Takes a token as far as it can be taken.
class Explainer {
 public:
  Explainer(std::span<const TrustedIssuer> issuers, const TokenFacts& facts, ScratchParts::Impl& scratch) noexcept
      : issuers_(issuers), facts_(facts), scratch_(scratch) {
    explanation_.issuer = issuers.size();
  }

  [[nodiscard]] TokenExplanation run(std::string_view token) && {
    const Result<WrittenToken> written = split_token(token, issuers_, scratch_.limits);
    if (!written) {
      add(written.error());
      return std::move(explanation_);
    }
    const CompactJws& jws = written->jws;
    const Result<Header> header = scratch_.headers.read(jws.header, scratch_.limits);
    if (!header) add(header.error());
    const auto values = read_object(jws.payload, scratch_.payload, Reason::kTokenPayloadJson);
    if (!values) add({values.reason(), jws.payload_offset()});
    if (values) explain_parts(*written, header, *values);
    return std::move(explanation_);
  }

 private:
  void add(Error error) { explanation_.faults.push_back(error); }

  [[nodiscard]] const TrustedIssuer* choose_issuer(const Claims& claims, std::uint32_t payload_offset) {
    const Result<const TrustedIssuer*> named = select_issuer(claims, issuers_);
    if (!named) add({named.reason(), payload_offset});
    const TrustedIssuer* chosen = named ? *named : issuers_.size() == 1 ? issuers_.data() : nullptr;
    if (chosen != nullptr) explanation_.issuer = static_cast<std::size_t>(chosen - issuers_.data());
    return chosen;
  }

  void ask(std::span<const TokenRule> rules, const Presented& token, std::uint32_t offset) {
    for (const TokenRule rule : rules) {
      if (const Reason reason = rule(token); reason != Reason::kOk) add({reason, offset});
    }
  }

  void explain_parts(const WrittenToken& written, const Result<Header>& header, std::span<const JsonValue> values) {
    const CompactJws& jws = written.jws;
    const std::uint32_t place = jws.payload_offset();
    const Claims claims(values);
    const TrustedIssuer* issuer = choose_issuer(claims, place);
    if (issuer == nullptr) return;
    const TokenPolicy& policy = issuer->policy;
    const Result<SelectedKey> key =
        header ? select_key(*header, policy.algorithms, {issuer->keys, issuer->secrets}, jws) : header.error();
    const std::string_view key_id = key ? key->key_id : header->key_id;
    const Presented token{jws,    written.is_padded,           *header, key->algorithm, key_id,         values,
                          claims, lifetime_of(claims, policy), policy,  facts_,         scratch_.limits};
    if (header) ask(header_rules(), token, 0);
    if (header && !key) add(key.error());
    ask(claim_rules(), token, place);
    explanation_.is_complete = header.ok();
    if (!key) return;
    explanation_.is_signature_checked = true;
    if (const Error error = check_signature(jws, *key, scratch_); error.reason != Reason::kOk) add(error);
  }

  std::span<const TrustedIssuer> issuers_;
  const TokenFacts& facts_;
  ScratchParts::Impl& scratch_;
  TokenExplanation explanation_;
};

TokenExplanation refused(Reason reason, std::size_t issuers) {
  TokenExplanation explanation;
  explanation.faults.push_back({reason, 0});
  explanation.issuer = issuers;
  return explanation;
}

}  // namespace

TokenExplanation explain_token(std::string_view token, std::span<const TrustedIssuer> issuers, const TokenFacts& facts,
                               const Limits& limits) {
  VerifyScratch scratch(limits);
  ScratchParts::Impl* memory = ScratchParts::of(scratch);
  if (memory == nullptr) return refused(Reason::kNoMemory, issuers.size());
  if (facts.now_s < 0 || facts.now_s >= kDateEnd || !are_usable(issuers, limits)) {
    return refused(Reason::kUsageArgument, issuers.size());
  }
  return Explainer(issuers, facts, *memory).run(token);
}

}  // namespace ostiary
