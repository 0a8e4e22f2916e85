#include "token/claims.hpp"

namespace ostiary {

namespace {

using adapt::JsonKind;
using adapt::JsonValue;

// A name of three to seven bytes and its length as one number, so that finding a name is one number to look up.
constexpr std::size_t kShortestPacked = 3;
constexpr std::size_t kLongestPacked = 7;
constexpr std::string_view kClientIdName = "client_id";  // the only known name that does not fit

constexpr std::uint64_t byte_at(std::string_view name, std::size_t i) noexcept {
  return std::uint64_t{static_cast<unsigned char>(name[i])} << 8 * i;
}

constexpr std::uint64_t packed(std::string_view name) noexcept {
  const std::size_t size = name.size();
  std::uint64_t bits = std::uint64_t{size} << 56 | byte_at(name, 0) | byte_at(name, 1) | byte_at(name, 2);
  for (std::size_t i = 3; i < size; ++i) bits |= byte_at(name, i);
  return bits;
}

constexpr std::optional<ClaimId> claim_id(std::string_view name) noexcept {
  if (name.size() < kShortestPacked || name.size() > kLongestPacked) {
    return name == kClientIdName ? std::optional(ClaimId::kClientId) : std::nullopt;
  }
  switch (packed(name)) {
    case packed("iss"): return ClaimId::kIss;
    case packed("sub"): return ClaimId::kSub;
    case packed("aud"): return ClaimId::kAud;
    case packed("exp"): return ClaimId::kExp;
    case packed("nbf"): return ClaimId::kNbf;
    case packed("iat"): return ClaimId::kIat;
    case packed("jti"): return ClaimId::kJti;
    case packed("scp"): return ClaimId::kScp;
    case packed("azp"): return ClaimId::kAzp;
    case packed("sid"): return ClaimId::kSid;
    case packed("txn"): return ClaimId::kTxn;
    case packed("htm"): return ClaimId::kHtm;
    case packed("htu"): return ClaimId::kHtu;
    case packed("scope"): return ClaimId::kScope;
    case packed("nonce"): return ClaimId::kNonce;
    case packed("c_hash"): return ClaimId::kCHash;
    case packed("s_hash"): return ClaimId::kSHash;
    case packed("at_hash"): return ClaimId::kAtHash;
    case packed("events"): return ClaimId::kEvents;
    case packed("req_wl"): return ClaimId::kReqWl;
    default: return std::nullopt;
  }
}

}  // namespace

Claims::Claims(std::span<const JsonValue> values) noexcept {
  for (std::size_t i = 1; i < values.size(); i = values[i].end) {
    if (const std::optional<ClaimId> id = claim_id(values[i].key)) places_[static_cast<std::size_t>(*id)] = &values[i];
  }
}

}  // namespace ostiary
