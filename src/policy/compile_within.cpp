#include "policy/compile_within.hpp"

#include "policy/compile_source.hpp"
#include "policy/quote.hpp"

#include <ostiary/policy/gate.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ostiary {

namespace policy {

namespace {

/// About the whole of the Gate, unless there is a place to look at.
CompiledGate refused(Reason reason, std::string_view message, SourcePlace place = {}) {
  return {{}, {GateError{reason, place.line, place.column, cut_text(message, kGateErrorSizeMax)}}};
}

/// The errors of the boundary, which the caller would look for in the Gate.
CompiledGate refused_boundary(const std::vector<GateError>& errors) {
  CompiledGate none;
  for (const GateError& error : errors) {
    const std::string place = std::to_string(error.line) + ":" + std::to_string(error.column);
    const std::string message = "in the boundary, " + place + ": " + error.message;
    none.errors.push_back({error.reason, 1, 1, cut_text(message, kGateErrorSizeMax)});
  }
  return none;
}

std::string_view receipt_fault(Reason reason) {
  if (reason == Reason::kReceiptFormat) return "the review receipt cannot be read";
  if (reason == Reason::kReceiptBoundary) return "the review receipt is of another boundary than the one given";
  return "too few trusted reviewers have signed this boundary";
}

CompiledGate refused_proof(const BoundaryProof& proof) {
  const bool outside = proof.verdict == BoundaryVerdict::kOutside;
  return refused(outside ? Reason::kGateOutside : Reason::kGateNotProved,
                 (outside ? "the Gate allows what the boundary does not: "
                          : "it could not be proved that the Gate stays inside the boundary: ") +
                     proof.why,
                 proof.place);
}

}  // namespace

CompiledGate compile_within(std::string_view json, const ReviewedBoundary& boundary, const Limits& limits,
                            Prover prove) {
  Diagnostics diagnostics(json);
  const std::optional<GateSource> source = parse_source(json, limits, diagnostics);
  if (source) (void)compile_source(*source, limits, diagnostics);
  if (!diagnostics.empty()) return {{}, diagnostics.take()};

  const CompiledGate outer = compile_gate(boundary.json, limits);
  if (!outer.ok()) return refused_boundary(outer.errors);
  const GateBoundaryHash hash = Gate::load(outer.image)->header().seal.content_hash;
  const Result<std::vector<GateReview>> reviews = check_receipt(hash, boundary.receipt, boundary.trust);
  if (!reviews) return refused(reviews.reason(), receipt_fault(reviews.reason()));

  const BoundaryProof proof = prove(json, boundary.json, limits);
  if (proof.verdict != BoundaryVerdict::kInside) return refused_proof(proof);
  std::string image = compile_source(*source, limits, diagnostics, {hash, kGateProver, *reviews});
  if (!diagnostics.empty()) return {{}, diagnostics.take()};
  return {std::move(image), {}};
}

}  // namespace policy

CompiledGate compile_gate_within(std::string_view json, const ReviewedBoundary& boundary, const Limits& limits) {
  return policy::compile_within(json, boundary, limits, policy::prove_within);
}

}  // namespace ostiary
