// What stands behind the opaque handles.
#pragma once

#include "translate.hpp"

#include <ostiary/engine.hpp>
#include <ostiary/http/client_address.hpp>
#include <ostiary/http/inspect.hpp>
#include <ostiary/policy/gate.hpp>
#include <ostiary/token/dpop_proof.hpp>
#include <ostiary/token/issuer_settings.hpp>
#include <ostiary/token/key_set.hpp>
#include <ostiary/token/key_source.hpp>
#include <ostiary/token/revocation.hpp>
#include <ostiary/token/secret_keys.hpp>
#include <ostiary/token/token_cache.hpp>
#include <ostiary/token/token_verifier.hpp>
#include <ostiary/token/verifier.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::capi {

/// A pre-parsed head in the shape the core takes. One more field than the limit is kept, so that the
/// inspector sees that there were too many.
class HeadAdapter {
 public:
  HeadAdapter() : fields_(kLimits.field_count_max + 1) {}

  /// Reasons: USAGE_ARGUMENT, USAGE_STRUCT_SIZE, USAGE_UNKNOWN_OPTION.
  [[nodiscard]] Reason adapt(const ostiary_head* head, ParsedHead& adapted) noexcept;

 private:
  std::vector<FieldView> fields_;
};

}  // namespace ostiary::capi

struct ostiary_gate : ostiary::capi::Counted {
  std::string image;
  ostiary::Gate gate;
};

struct ostiary_report {
  std::string text;
};

struct ostiary_key_set : ostiary::capi::Counted {
  std::shared_ptr<const ostiary::KeySet> keys;
};

struct ostiary_secret_keys : ostiary::capi::Counted {
  std::shared_ptr<const ostiary::SecretKeys> secrets;
};

struct ostiary_revocation_list : ostiary::capi::Counted {
  std::shared_ptr<const ostiary::RevocationList> list;
};

struct ostiary_token_cache : ostiary::capi::Counted {
  std::shared_ptr<ostiary::TokenCache> cache;
};

struct ostiary_key_source : ostiary::capi::Counted {
  std::shared_ptr<ostiary::KeySource> source;
};

struct ostiary_fetch {
  ostiary::FetchWanted wanted;
};

struct ostiary_issuer_settings : ostiary::capi::Counted {
  std::vector<ostiary::IssuerSettings> issuers;  ///< several where an issuer goes by several names
};

struct ostiary_verifier : ostiary::capi::Counted {
  /// The names of each issuer that was given, which share their keys.
  using Names = std::vector<std::vector<std::string>>;

  std::shared_ptr<const ostiary::TokenVerifier> verifier;
  std::shared_ptr<ostiary::TokenCache> cache;  ///< or nullptr
  std::shared_ptr<const Names> names;
};

struct ostiary_rate_limiter : ostiary::capi::Counted {
  std::shared_ptr<ostiary::RateLimiter> limiter;
};

struct ostiary_engine : ostiary::capi::Counted {
  std::shared_ptr<const ostiary::Engine> engine;
};

struct ostiary_inspection {
  bool poisoned = false;
  ostiary::capi::HeadAdapter adapter;
  std::vector<std::byte> memory;
  ostiary::Arena arena;
  ostiary::Inspection inspection;

  // of a head that arrives in parts
  bool is_growing = false;
  ostiary::GrowingHead growing;
  ostiary::InspectOptions growing_options;
  std::size_t grown_to = 0;  ///< bytes given so far

  std::vector<std::byte> emitted;
};

struct ostiary_structured {
  bool poisoned = false;
  std::vector<std::byte> memory;
  std::vector<std::string_view> lines;
  std::vector<ostiary_structured_node> nodes;
  bool has_repeated_key = false;
};

struct ostiary_client_policy : ostiary::capi::Counted {
  std::vector<std::byte> image;  ///< of the address set
  ostiary::ClientPolicy policy;
};

struct ostiary_identity {
  bool poisoned = false;
  ostiary::VerifyScratch scratch;
  std::unique_ptr<ostiary::DpopScratch> proofs;  ///< made when first needed
  ostiary::Identity identity;
  std::string_view claims_json;
};

struct ostiary_decision {
  bool poisoned = false;
  ostiary::capi::HeadAdapter adapter;
  ostiary::RequestScratch scratch;
  ostiary::Decision decision;
  std::array<std::string_view, OSTIARY_FLAGS_MAX> flags;
  mutable std::vector<std::byte> image;  ///< written when first asked for
};

namespace ostiary::capi {

/// The request when there is a complete one, else nullptr.
[[nodiscard]] inline const Request* request_of(const ostiary_inspection* inspection) noexcept {
  const bool complete = inspection != nullptr && inspection->inspection.progress == Progress::kComplete;
  return complete ? &inspection->inspection.request : nullptr;
}

[[nodiscard]] constexpr ostiary_finding to_c(const Finding& finding) noexcept {
  return {to_c(finding.reason), static_cast<ostiary_disposition>(finding.disposition), finding.offset, 0};
}

/// Absent spans become absent views.
[[nodiscard]] constexpr ostiary_bytes to_c(Span span, std::string_view text) noexcept {
  return span.present() ? to_c(span.in(text)) : kAbsent;
}

}  // namespace ostiary::capi
