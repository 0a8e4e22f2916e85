#include "gates.hpp"

#include <ostiary/policy/boundary.hpp>

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace capi = ostiary::capi;
using ostiary::CompiledGate;
using ostiary::GateBoundaryHash;
using ostiary::GatePublicKey;
using ostiary::Reason;
using ostiary::Result;

namespace {

/// Whose reviews count, as the library takes it.
struct Reviewers {
  std::vector<GatePublicKey> keys;
  std::uint32_t reviews_min = 0;

  [[nodiscard]] ostiary::ReviewTrust trust() const noexcept { return {keys, reviews_min}; }
};

ostiary_reason read_reviewers(const ostiary_review_trust* from, Reviewers& reviewers, ostiary_error* error) {
  ostiary_review_trust copy{};
  Reason copied = capi::copy_struct(from, copy);
  if (copied == Reason::kOk && copy.reserved != 0) copied = Reason::kUsageUnknownOption;
  if (copied != Reason::kOk) {
    return capi::report(error, {copied, 0}, "trust: use OSTIARY_REVIEW_TRUST_INIT; flags and reserved must be 0");
  }
  reviewers.reviews_min = copy.reviews_min;
  return capi::read_gate_keys(copy.keys, copy.key_count, reviewers.keys, error);
}

/// The hash of a boundary, or where its text is wrong.
ostiary_reason hash_of(std::string_view json, GateBoundaryHash& hash, ostiary_error* error) {
  const CompiledGate compiled = ostiary::compile_gate(json, capi::kLimits);
  if (!compiled.ok()) return capi::report_gate_errors(error, compiled);
  hash = ostiary::Gate::load(compiled.image)->header().seal.content_hash;
  return OSTIARY_OK;
}

}  // namespace

extern "C" {

ostiary_reason ostiary_boundary_hash(ostiary_bytes json, uint8_t* out, ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  std::fill_n(out, OSTIARY_BOUNDARY_HASH_SIZE, std::uint8_t{0});
  return capi::guarded(error, [&] {
    std::string_view text;
    if (!capi::to_view(json, text)) return capi::refuse_argument(error, "json is {NULL, n > 0}");
    GateBoundaryHash hash{};
    const ostiary_reason hashed = hash_of(text, hash, error);
    std::copy(hash.begin(), hash.end(), out);
    return hashed;
  });
}

ostiary_reason ostiary_boundary_review(ostiary_bytes json, ostiary_bytes private_pem, int64_t date_s,
                                       ostiary_bytes receipt, ostiary_report** out, ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  return capi::guarded(error, [&] {
    std::string_view text;
    std::string_view pem;
    std::string_view before;
    if (!capi::to_view(json, text) || !capi::to_view(private_pem, pem) || !capi::to_view(receipt, before)) {
      return capi::refuse_argument(error, "json, private_pem or receipt is {NULL, n > 0}");
    }
    GateBoundaryHash hash{};
    if (const ostiary_reason hashed = hash_of(text, hash, error); hashed != OSTIARY_OK) return hashed;
    Result<std::string> reviewed = ostiary::review_boundary(text, pem, date_s, before, capi::kLimits);
    if (!reviewed) return capi::report(error, reviewed.error());
    auto report = std::make_unique<ostiary_report>();
    report->text = std::move(reviewed).value();
    *out = report.release();
    return OSTIARY_OK;
  });
}

ostiary_reason ostiary_boundary_check(ostiary_bytes json, ostiary_bytes receipt, const ostiary_review_trust* trust,
                                      ostiary_error* error) {
  if (trust == nullptr) return capi::refuse_argument(error, "trust is NULL");
  return capi::guarded(error, [&] {
    std::string_view text;
    std::string_view signatures;
    if (!capi::to_view(json, text) || !capi::to_view(receipt, signatures)) {
      return capi::refuse_argument(error, "json or receipt is {NULL, n > 0}");
    }
    Reviewers reviewers;
    if (const ostiary_reason read = read_reviewers(trust, reviewers, error); read != OSTIARY_OK) return read;
    GateBoundaryHash hash{};
    if (const ostiary_reason hashed = hash_of(text, hash, error); hashed != OSTIARY_OK) return hashed;
    const auto checked = ostiary::check_receipt(hash, signatures, reviewers.trust());
    return checked ? OSTIARY_OK : capi::report(error, checked.error());
  });
}

ostiary_reason ostiary_gate_from_json_within(ostiary_bytes json, ostiary_bytes boundary_json, ostiary_bytes receipt,
                                             const ostiary_review_trust* trust, ostiary_gate** out,
                                             ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  if (trust == nullptr) return capi::refuse_argument(error, "trust is NULL");
  return capi::guarded(error, [&] {
    std::string_view text;
    ostiary::ReviewedBoundary boundary;
    if (!capi::to_view(json, text) || !capi::to_view(boundary_json, boundary.json) ||
        !capi::to_view(receipt, boundary.receipt)) {
      return capi::refuse_argument(error, "json, boundary_json or receipt is {NULL, n > 0}");
    }
    Reviewers reviewers;
    if (const ostiary_reason read = read_reviewers(trust, reviewers, error); read != OSTIARY_OK) return read;
    boundary.trust = reviewers.trust();
    CompiledGate compiled = ostiary::compile_gate_within(text, boundary, capi::kLimits);
    if (!compiled.ok()) return capi::report_gate_errors(error, compiled);
    return capi::make_gate(std::move(compiled.image), out, error);
  });
}

ostiary_bytes ostiary_gate_boundary(const ostiary_gate* gate) {
  if (gate == nullptr || !gate->gate.header().boundary.is_proved()) return {};
  const GateBoundaryHash& hash = gate->gate.header().boundary.hash;
  return capi::to_c({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

}  // extern "C"
