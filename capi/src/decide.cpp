#include "gates.hpp"

#include <ostiary/explain.hpp>
#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/signed_gate.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

using ostiary::Arena;
using ostiary::CompiledGate;
using ostiary::Decision;
using ostiary::Engine;
using ostiary::ExplainOptions;
using ostiary::Explanation;
using ostiary::Facts;
using ostiary::Gate;
using ostiary::HeaderEdit;
using ostiary::ParsedHead;
using ostiary::Reason;
using ostiary::Result;
namespace capi = ostiary::capi;

namespace {

/// What a door asks of images, as the library takes it.
struct Trust {
  std::vector<ostiary::GatePublicKey> keys;
  std::vector<ostiary::GatePublicKey> reviewer_keys;
  ostiary::GateTrust trust;
};

ostiary_reason read_trust(const ostiary_gate_trust* from, Trust& read, ostiary_error* error) {
  constexpr std::size_t kFirstSize = offsetof(ostiary_gate_trust, boundary);
  ostiary_gate_trust copy{};
  Reason copied = capi::copy_struct(from, copy, 0, kFirstSize);
  if (copied == Reason::kOk && copy.reserved != 0) copied = Reason::kUsageUnknownOption;
  if (copied != Reason::kOk) return capi::report(error, {copied, 0});
  ostiary_reason keys = capi::read_gate_keys(copy.keys, copy.key_count, read.keys, error);
  if (keys != OSTIARY_OK) return keys;
  keys = capi::read_gate_keys(copy.reviewer_keys, copy.reviewer_key_count, read.reviewer_keys, error);
  if (keys != OSTIARY_OK) return keys;
  std::string_view hash;
  if (!capi::to_view(copy.boundary, hash) ||
      (copy.boundary.data != nullptr && hash.size() != OSTIARY_BOUNDARY_HASH_SIZE)) {
    return capi::refuse_argument(error, "boundary has not 32 bytes");
  }
  read.trust = {.keys = read.keys, .version_min = copy.version_min, .required = true};
  read.trust.reviewer_keys = read.reviewer_keys;
  read.trust.reviews_min = copy.reviews_min;
  if (copy.boundary.data != nullptr) {
    std::copy(hash.begin(), hash.end(), read.trust.boundary.emplace().begin());
  }
  return OSTIARY_OK;
}

constexpr const char* kFactsMistake =
    "facts: use OSTIARY_FACTS_INIT; flags must be 0, now_ns below 10^9, no view {NULL, n > 0}, at most "
    "OSTIARY_FLAGS_MAX "
    "flags";

/// The names go into the handle, which outlives the call.
Reason read_flags(const ostiary_facts& from, ostiary_decision& decision, Facts& facts) noexcept {
  if (from.true_flag_count > decision.flags.size() || (from.true_flags == nullptr && from.true_flag_count != 0)) {
    return Reason::kUsageArgument;
  }
  for (std::size_t i = 0; i < from.true_flag_count; ++i) {
    if (!capi::to_view(from.true_flags[i], decision.flags[i])) return Reason::kUsageArgument;
  }
  facts.flags = {decision.flags.data(), from.true_flag_count};
  return Reason::kOk;
}

/// Everything that must hold before the engine is asked; fills `facts`.
Reason read_facts(const ostiary_facts* from, ostiary_decision& decision, Facts& facts) noexcept {
  constexpr std::size_t kFirstSize = offsetof(ostiary_facts, scheme);
  ostiary_facts copy{};
  const Reason copied = capi::copy_struct(from, copy, 0, kFirstSize);
  if (copied != Reason::kOk) return copied;
  constexpr uint32_t kSecond = 1'000'000'000;
  if (copy.now_ns >= kSecond) return Reason::kUsageArgument;
  if (copy.scheme < OSTIARY_SCHEME_UNKNOWN || copy.scheme > OSTIARY_SCHEME_HTTPS) return Reason::kUsageArgument;
  facts.now_s = copy.now_s;
  facts.now_ns = copy.now_ns;
  facts.scheme = static_cast<ostiary::Scheme>(copy.scheme);
  const bool whole = capi::to_view(copy.peer, facts.peer) && capi::to_view(copy.authority, facts.authority) &&
                     capi::to_view(copy.certificate_sha256, facts.certificate_sha256);
  return whole ? read_flags(copy, decision, facts) : Reason::kUsageArgument;
}

/// Runs `decide` with the facts; whatever fails before leaves the decision a denial.
template <typename Decide>
ostiary_reason decide_with(const ostiary_engine* engine, const ostiary_facts* facts, ostiary_decision* decision,
                           ostiary_error* error, Decide decide) noexcept {
  if (decision == nullptr) return capi::refuse_argument(error, "decision is NULL");
  decision->decision = Decision{};
  decision->image.clear();
  if (engine == nullptr || facts == nullptr) return capi::refuse_argument(error, "engine or facts is NULL");
  return capi::guarded(*decision, error, [&] {
    Facts read;
    const Reason reason = read_facts(facts, *decision, read);
    if (reason != Reason::kOk) return capi::report(error, {reason, 0}, kFactsMistake);
    const ostiary_reason outcome = decide(*engine->engine, read);
    // A wrong fact is the host's mistake, not the client's: it is reported as the call's outcome too.
    const Reason decided = decision->decision.reason;
    const bool mistaken = decided == Reason::kUsagePeer || decided == Reason::kUsageFlag;
    return outcome == OSTIARY_OK && mistaken ? capi::report(error, {decided, 0}) : outcome;
  });
}

/// Explains with the facts. `explain(core, facts, options, decision)` gives a Result-like outcome and the Explanation.
template <typename Explain>
ostiary_reason explain_with(const ostiary_engine* engine, const ostiary_facts* facts, ostiary_bytes source,
                            ostiary_report_form form, ostiary_report** out, ostiary_error* error,
                            Explain explain) noexcept {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  if (engine == nullptr || facts == nullptr) return capi::refuse_argument(error, "engine or facts is NULL");
  const bool known = form == OSTIARY_REPORT_TEXT || form == OSTIARY_REPORT_JSON;
  if (!known) return capi::refuse_argument(error, "form is not one of OSTIARY_REPORT_*");
  return capi::guarded(error, [&] {
    const auto memory = std::make_unique<ostiary_decision>();
    Facts read;
    const Reason reason = read_facts(facts, *memory, read);
    if (reason != Reason::kOk) return capi::report(error, {reason, 0}, kFactsMistake);
    ExplainOptions options{.limits = capi::kLimits};
    if (!capi::to_view(source, options.source)) return capi::refuse_argument(error, "source is {NULL, n > 0}");
    Explanation explanation;
    const ostiary_reason outcome = explain(*engine->engine, read, options, *memory, explanation);
    if (outcome != OSTIARY_OK) return outcome;
    if (explanation.reason != Reason::kOk) return capi::report(error, {explanation.reason, 0}, explanation.message);
    const bool mistaken = explanation.decided == Reason::kUsagePeer || explanation.decided == Reason::kUsageFlag;
    if (mistaken) return capi::report(error, {explanation.decided, 0});
    auto report = std::make_unique<ostiary_report>();
    report->text = std::move(form == OSTIARY_REPORT_JSON ? explanation.json : explanation.text);
    *out = report.release();
    return OSTIARY_OK;
  });
}

}  // namespace

extern "C" {

ostiary_reason ostiary_gate_from_json(ostiary_bytes json, ostiary_gate** out, ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  return capi::guarded(error, [&] {
    std::string_view text;
    if (!capi::to_view(json, text)) return capi::refuse_argument(error, "json is {NULL, n > 0}");
    CompiledGate compiled = ostiary::compile_gate(text, capi::kLimits);
    if (!compiled.ok()) return capi::report_gate_errors(error, compiled);
    return capi::make_gate(std::move(compiled.image), out, error);
  });
}

ostiary_reason ostiary_gate_from_image(ostiary_bytes image, ostiary_gate** out, ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  return capi::guarded(error, [&] {
    std::string_view bytes;
    if (!capi::to_view(image, bytes)) return capi::refuse_argument(error, "image is {NULL, n > 0}");
    return capi::make_gate(std::string(bytes), out, error);
  });
}

ostiary_reason ostiary_gate_from_signed_image(ostiary_bytes image, const ostiary_gate_trust* trust, ostiary_gate** out,
                                              ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  if (trust == nullptr) return capi::refuse_argument(error, "trust is NULL");
  return capi::guarded(error, [&] {
    std::string_view bytes;
    if (!capi::to_view(image, bytes)) return capi::refuse_argument(error, "image is {NULL, n > 0}");
    Trust demands;
    if (const ostiary_reason read = read_trust(trust, demands, error); read != OSTIARY_OK) return read;
    auto handle = std::make_unique<ostiary_gate>();
    handle->image = bytes;
    const Result<Gate> gate = ostiary::load_signed_gate(handle->image, demands.trust);
    if (!gate) return capi::report(error, gate.error());
    handle->gate = *gate;
    *out = handle.release();
    return OSTIARY_OK;
  });
}

ostiary_reason ostiary_gate_sign(const ostiary_gate* gate, ostiary_bytes private_pem, ostiary_gate** out,
                                 ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  if (gate == nullptr) return capi::refuse_argument(error, "gate is NULL");
  return capi::guarded(error, [&] {
    std::string_view pem;
    if (!capi::to_view(private_pem, pem)) return capi::refuse_argument(error, "private_pem is {NULL, n > 0}");
    Result<std::string> image = ostiary::sign_gate(gate->image, pem);
    return image ? capi::make_gate(std::move(image).value(), out, error) : capi::report(error, image.error());
  });
}

ostiary_gate* ostiary_gate_ref(ostiary_gate* gate) { return capi::add_reference(gate); }

void ostiary_gate_unref(ostiary_gate* gate) { capi::drop_reference(gate); }

ostiary_bytes ostiary_gate_image(const ostiary_gate* gate) {
  return gate == nullptr ? capi::kAbsent : capi::to_c(gate->gate.image());
}

ostiary_bytes ostiary_gate_name(const ostiary_gate* gate) {
  return gate == nullptr ? capi::kAbsent : capi::to_c(gate->gate.name());
}

uint64_t ostiary_gate_version(const ostiary_gate* gate) { return gate == nullptr ? 0 : gate->gate.header().version; }

size_t ostiary_gate_waived_count(const ostiary_gate* gate) {
  return gate == nullptr ? 0 : capi::count_rules(gate->gate.waived_rules());
}

ostiary_reason ostiary_gate_waived_at(const ostiary_gate* gate, size_t index) {
  return gate == nullptr ? OSTIARY_OK : capi::rule_at(gate->gate.waived_rules(), index);
}

size_t ostiary_gate_issuer_count(const ostiary_gate* gate) {
  return gate == nullptr ? 0 : gate->gate.header().issuers.count;
}

ostiary_bytes ostiary_gate_issuer_id_at(const ostiary_gate* gate, size_t index) {
  if (index >= ostiary_gate_issuer_count(gate)) return capi::kAbsent;
  return capi::to_c(gate->gate.text(gate->gate.issuer(static_cast<std::uint32_t>(index)).id));
}

ostiary_bytes ostiary_gate_issuer_at(const ostiary_gate* gate, size_t index) {
  if (index >= ostiary_gate_issuer_count(gate)) return capi::kAbsent;
  return capi::to_c(gate->gate.text(gate->gate.issuer(static_cast<std::uint32_t>(index)).issuer));
}

ostiary_reason ostiary_decision_new(ostiary_decision** out, ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  return capi::guarded(error, [&] {
    *out = std::make_unique<ostiary_decision>().release();
    return OSTIARY_OK;
  });
}

void ostiary_decision_free(ostiary_decision* decision) { delete decision; }

ostiary_reason ostiary_engine_decide_bytes(const ostiary_engine* engine, ostiary_bytes head, const ostiary_facts* facts,
                                           ostiary_decision* decision, ostiary_error* error) {
  return decide_with(engine, facts, decision, error, [&](const Engine& core, const Facts& read) {
    std::string_view bytes;
    if (!capi::to_view(head, bytes)) return capi::refuse_argument(error, "head is {NULL, n > 0}");
    decision->decision = core.decide_bytes(bytes, read, decision->scratch);
    return OSTIARY_OK;
  });
}

ostiary_reason ostiary_engine_decide_fields(const ostiary_engine* engine, const ostiary_head* head,
                                            const ostiary_facts* facts, ostiary_decision* decision,
                                            ostiary_error* error) {
  return decide_with(engine, facts, decision, error, [&](const Engine& core, const Facts& read) {
    if (head == nullptr) return capi::refuse_argument(error, "head is NULL");
    ParsedHead parsed;
    const Reason adapted = decision->adapter.adapt(head, parsed);
    if (adapted != Reason::kOk) return capi::report(error, {adapted, 0}, capi::kHeadMistake);
    decision->decision = core.decide_fields(parsed, read, decision->scratch);
    return OSTIARY_OK;
  });
}

ostiary_reason ostiary_engine_explain_bytes(const ostiary_engine* engine, ostiary_bytes head,
                                            const ostiary_facts* facts, ostiary_bytes source, ostiary_report_form form,
                                            ostiary_report** out, ostiary_error* error) {
  const auto explain = [&](const Engine& core, const Facts& read, const ExplainOptions& options, ostiary_decision&,
                           Explanation& explanation) {
    std::string_view bytes;
    if (!capi::to_view(head, bytes)) return capi::refuse_argument(error, "head is {NULL, n > 0}");
    explanation = ostiary::explain_bytes(core, bytes, read, options);
    return OSTIARY_OK;
  };
  return explain_with(engine, facts, source, form, out, error, explain);
}

ostiary_reason ostiary_engine_explain_fields(const ostiary_engine* engine, const ostiary_head* head,
                                             const ostiary_facts* facts, ostiary_bytes source, ostiary_report_form form,
                                             ostiary_report** out, ostiary_error* error) {
  const auto explain = [&](const Engine& core, const Facts& read, const ExplainOptions& options,
                           ostiary_decision& memory, Explanation& explanation) {
    if (head == nullptr) return capi::refuse_argument(error, "head is NULL");
    ParsedHead parsed;
    const Reason adapted = memory.adapter.adapt(head, parsed);
    if (adapted != Reason::kOk) return capi::report(error, {adapted, 0}, capi::kHeadMistake);
    explanation = ostiary::explain_fields(core, parsed, read, options);
    return OSTIARY_OK;
  };
  return explain_with(engine, facts, source, form, out, error, explain);
}

ostiary_effect ostiary_decision_effect(const ostiary_decision* decision) {
  return decision != nullptr && decision->decision.allowed() ? OSTIARY_EFFECT_ALLOW : OSTIARY_EFFECT_DENY;
}

ostiary_reason ostiary_decision_reason(const ostiary_decision* decision) {
  return decision == nullptr ? OSTIARY_USAGE_ARGUMENT : capi::to_c(decision->decision.reason);
}

uint32_t ostiary_decision_http_status(const ostiary_decision* decision) {
  return decision == nullptr ? ostiary::reason_info(Reason::kUsageArgument).http_status
                             : decision->decision.http_status();
}

uint32_t ostiary_decision_offset(const ostiary_decision* decision) {
  return decision == nullptr ? 0 : decision->decision.offset;
}

ostiary_bytes ostiary_decision_route(const ostiary_decision* decision) {
  return decision == nullptr ? capi::kAbsent : capi::to_c(decision->decision.route);
}

ostiary_bytes ostiary_decision_rule(const ostiary_decision* decision) {
  return decision == nullptr ? capi::kAbsent : capi::to_c(decision->decision.rule);
}

ostiary_bytes ostiary_decision_origin(const ostiary_decision* decision) {
  return decision == nullptr ? capi::kAbsent : capi::to_c(decision->decision.origin);
}

size_t ostiary_decision_header_count(const ostiary_decision* decision) {
  return decision == nullptr ? 0 : decision->decision.headers.size();
}

ostiary_header_edit ostiary_decision_header_at(const ostiary_decision* decision, size_t index) {
  if (index >= ostiary_decision_header_count(decision)) return {0, 0, capi::kAbsent, capi::kAbsent};
  const HeaderEdit& edit = decision->decision.headers[index];
  return {static_cast<ostiary_header_edit_kind>(edit.kind), 0, capi::to_c(edit.name), capi::to_c(edit.value)};
}

ostiary_bytes ostiary_dimension_name(ostiary_dimension dimension) {
  if (dimension <= OSTIARY_DIMENSION_NONE || dimension > OSTIARY_DIMENSION_CLAIM) return capi::kAbsent;
  return capi::to_c(ostiary::dimension_name(static_cast<ostiary::Dimension>(dimension)));
}

ostiary_bytes ostiary_decision_nearest_rule(const ostiary_decision* decision, ostiary_dimension* dimension) {
  const ostiary::NearestMiss nearest = decision == nullptr ? ostiary::NearestMiss{} : decision->decision.nearest;
  if (dimension != nullptr) *dimension = static_cast<ostiary_dimension>(nearest.dimension);
  return capi::to_c(nearest.rule);
}

ostiary_role ostiary_decision_role(const ostiary_decision* decision) {
  if (decision == nullptr) return {capi::kAbsent, capi::kAbsent, capi::kAbsent, 0, 0};
  const ostiary::RoleGrant& role = decision->decision.role;
  return {capi::to_c(role.id), capi::to_c(role.role_arn), capi::to_c(role.session_name), role.duration_s, 0};
}

size_t ostiary_decision_session_tag_count(const ostiary_decision* decision) {
  return decision == nullptr ? 0 : decision->decision.role.session_tags.size();
}

ostiary_pair ostiary_decision_session_tag_at(const ostiary_decision* decision, size_t index) {
  if (index >= ostiary_decision_session_tag_count(decision)) return {capi::kAbsent, capi::kAbsent};
  const ostiary::SessionTag& tag = decision->decision.role.session_tags[index];
  return {capi::to_c(tag.key), capi::to_c(tag.value)};
}

ostiary_bytes ostiary_decision_target(const ostiary_decision* decision) {
  return decision == nullptr ? capi::kAbsent : capi::to_c(decision->decision.target);
}

ostiary_hop ostiary_decision_hop(const ostiary_decision* decision) {
  if (decision == nullptr) return {capi::kAbsent, 0, 0, 0, 0};
  const ostiary::Hop& hop = decision->decision.hop;
  return {capi::to_c(hop.shield), hop.connect_timeout_ms, hop.first_byte_timeout_ms, hop.between_bytes_timeout_ms, 0};
}

ostiary_hop_sign ostiary_decision_hop_sign(const ostiary_decision* decision) {
  if (decision == nullptr) return {OSTIARY_HOP_UNSIGNED, 0, capi::kAbsent, capi::kAbsent, capi::kAbsent};
  const ostiary::HopSign& sign = decision->decision.hop.sign;
  return {static_cast<ostiary_hop_signature>(sign.with), 0, capi::to_c(sign.key), capi::to_c(sign.region),
          capi::to_c(sign.service)};
}

ostiary_cache_directive ostiary_decision_cache(const ostiary_decision* decision) {
  if (decision == nullptr) return {OSTIARY_CACHE_NONE, 0, capi::kAbsent};
  const ostiary::CacheDirective& cache = decision->decision.cache;
  return {static_cast<ostiary_cache_class>(cache.cache_class), cache.ttl_s, capi::to_c(cache.key)};
}

size_t ostiary_decision_surrogate_key_count(const ostiary_decision* decision) {
  return decision == nullptr ? 0 : decision->decision.cache.surrogate_keys.size();
}

ostiary_bytes ostiary_decision_surrogate_key_at(const ostiary_decision* decision, size_t index) {
  if (index >= ostiary_decision_surrogate_key_count(decision)) return capi::kAbsent;
  return capi::to_c(decision->decision.cache.surrogate_keys[index]);
}

ostiary_rate_charge ostiary_decision_rate(const ostiary_decision* decision) {
  if (decision == nullptr) return {capi::kAbsent, 0, 0, 0, 0};
  const ostiary::RateCharge& rate = decision->decision.rate;
  return {capi::to_c(rate.key), rate.limit, rate.period_s, rate.burst, 0};
}

ostiary_answer ostiary_decision_answer(const ostiary_decision* decision) {
  const uint32_t status = ostiary_decision_http_status(decision);
  if (decision == nullptr) return {status, 0, 0, 0, capi::kAbsent};
  const ostiary::Answer& answer = decision->decision.answer;
  return {status, answer.allow_methods, answer.retry_after_s, 0, capi::to_c(answer.location)};
}

ostiary_bytes ostiary_method_name(uint32_t method) {
  return method < ostiary::kMethodNames.size() ? capi::to_c(ostiary::kMethodNames[method]) : capi::kAbsent;
}

ostiary_bytes ostiary_decision_image(const ostiary_decision* decision) {
  if (decision == nullptr) return capi::kAbsent;
  if (decision->image.empty()) {
    const ostiary_reason written = capi::guarded(nullptr, [&] {
      decision->image.resize(ostiary::detail::decision_image_size(decision->decision));
      Arena memory(decision->image);
      (void)ostiary::encode_decision(decision->decision, memory);
      return OSTIARY_OK;
    });
    if (written != OSTIARY_OK) return capi::kAbsent;
  }
  return {reinterpret_cast<const char*>(decision->image.data()), decision->image.size()};
}

}  // extern "C"
