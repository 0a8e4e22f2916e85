// Keys for caches and rate limiters that no two different inputs share: every part is written with its kind, its length
// and its bytes, and what is absent with a length of its own. So the parts can be read back from the key, and keys are
// equal only where all parts are.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/ip_address.hpp>
#include <ostiary/http/query.hpp>
#include <ostiary/http/request.hpp>
#include <ostiary/policy/facts.hpp>
#include <ostiary/policy/gate.hpp>
#include <ostiary/policy/text_sink.hpp>
#include <ostiary/token/identity.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostiary::detail {

/// What a part of a key is. The numbers are in stored keys.
enum class KeyTag : std::uint8_t {
  kCache = 1,  ///< the class; first part of a cache key
  kRate = 2,   ///< limit, period and burst; first part of a rate key
  kScheme = 3,
  kHost = 4,
  kPort = 5,
  kMethod = 6,
  kPath = 7,
  kQuery = 8,      ///< all of it; absent where there is none
  kParameter = 9,  ///< one piece of the query as it is forwarded
  kHeader = 10,    ///< a name, followed by its values
  kHeaderValue = 11,
  kClaim = 12,  ///< a name, followed by its value or nothing
  kClaimText = 13,
  kClaimInteger = 14,
  kClaimBoolean = 15,
  kClaimSet = 16,  ///< followed by the elements
  kClaimElement = 17,
  kClient = 19,
  kRoute = 20,
};

inline void put_number(TextSink& sink, std::uint64_t number, std::size_t size) noexcept {
  char bytes[sizeof(number)] = {};
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(number >> (8 * i) & 0xffU);
  sink.append(std::string_view(bytes, size));
}

/// A text whose data() is null is absent.
inline void put_part(TextSink& sink, KeyTag tag, std::string_view text) noexcept {
  constexpr std::uint32_t kAbsent = 0xffffffffU;
  put_number(sink, static_cast<std::uint8_t>(tag), 1);
  put_number(sink, text.data() == nullptr ? kAbsent : text.size(), sizeof(kAbsent));
  sink.append(text);
}

inline void put_number_part(TextSink& sink, KeyTag tag, std::uint64_t number) noexcept {
  put_number(sink, static_cast<std::uint8_t>(tag), 1);
  put_number(sink, sizeof(number), sizeof(std::uint32_t));
  put_number(sink, number, sizeof(number));
}

/// What keys are made of. Borrows everything. Plain data.
struct KeyInputs {
  const Gate& gate;
  const Request& request;
  const Identity* identity;  ///< or nullptr
  const Facts& facts;
  std::string_view route;  ///< id
  std::string_view query;  ///< as it is forwarded; absent (null) when there is none
};

inline void put_client(TextSink& sink, std::string_view peer) noexcept {
  const IpAddress address = parse_address(peer).value_or(IpAddress{});
  if (!address.present()) return put_part(sink, KeyTag::kClient, {});
  // `high` holds all of an IPv4 address, and of IPv6 what a client has to itself (RFC 7421).
  put_number(sink, static_cast<std::uint8_t>(KeyTag::kClient), 1);
  put_number(sink, 1 + sizeof(address.high), sizeof(std::uint32_t));
  put_number(sink, static_cast<std::uint8_t>(address.family), 1);
  put_number(sink, address.high, sizeof(address.high));
}

inline void put_claim(TextSink& sink, const Identity* identity, std::string_view name) noexcept {
  put_part(sink, KeyTag::kClaim, name);
  ClaimRecord claim;
  if (identity == nullptr || !identity->find(name, claim)) return;
  switch (claim.kind) {
    case ClaimKind::kText: return put_part(sink, KeyTag::kClaimText, identity->text(claim.text));
    case ClaimKind::kInteger:
      return put_number_part(sink, KeyTag::kClaimInteger, static_cast<std::uint64_t>(claim.integer));
    case ClaimKind::kBoolean:
      return put_number_part(sink, KeyTag::kClaimBoolean, static_cast<std::uint64_t>(claim.integer));
    case ClaimKind::kTextSet:
      put_part(sink, KeyTag::kClaimSet, {});
      for (std::uint32_t i = 0; i < claim.text.length; ++i) {
        put_part(sink, KeyTag::kClaimElement, identity->element(claim, i));
      }
      return;
    case ClaimKind::kOther: return;  // refused by claims_fit
  }
}

/// Every field of this name. One that a back end could take for it has been refused.
inline void put_header(TextSink& sink, const Request& request, std::string_view name) noexcept {
  put_part(sink, KeyTag::kHeader, name);
  for (const Field& field : request.fields) {
    if (equals_ignoring_case(request.name(field), name)) put_part(sink, KeyTag::kHeaderValue, request.value(field));
  }
}

/// Every piece of the query whose name, decoded, is this one.
inline void put_parameter(TextSink& sink, std::string_view query, std::string_view name) noexcept {
  PieceCursor pieces(query);
  for (std::string_view piece = pieces.next('&'); piece.data() != nullptr; piece = pieces.next('&')) {
    if (!piece.empty() && is_parameter_name(piece.substr(0, piece.find('=')), name)) {
      put_part(sink, KeyTag::kParameter, piece);
    }
  }
}

inline void put_key_part(TextSink& sink, const KeyInputs& inputs, const KeyPartRecord& part) noexcept {
  const std::string_view name = inputs.gate.text(part.name);
  switch (part.kind) {
    case KeyPartKind::kClient: return put_client(sink, inputs.facts.peer);
    case KeyPartKind::kRoute: return put_part(sink, KeyTag::kRoute, inputs.route);
    case KeyPartKind::kClaim: return put_claim(sink, inputs.identity, name);
    case KeyPartKind::kHeader: return put_header(sink, inputs.request, name);
    case KeyPartKind::kParameter: return put_parameter(sink, inputs.query, name);
  }
}

/// Whether each claim among the parts is absent or of its declared kind.
[[nodiscard]] inline bool claims_fit(const KeyInputs& inputs, Range parts) noexcept {
  for (std::uint32_t i = 0; i < parts.count && inputs.identity != nullptr; ++i) {
    const KeyPartRecord part = inputs.gate.key_part(parts.first + i);
    ClaimRecord claim;
    if (part.kind != KeyPartKind::kClaim || !inputs.identity->find(inputs.gate.text(part.name), claim)) continue;
    if (claim.kind != part.claim_kind) return false;
  }
  return true;
}

inline void put_key_parts(TextSink& sink, const KeyInputs& inputs, Range parts) noexcept {
  for (std::uint32_t i = 0; i < parts.count; ++i) put_key_part(sink, inputs, inputs.gate.key_part(parts.first + i));
}

/// Where the request went, then what else the route says its answers depend on.
inline void put_cache_key(TextSink& sink, const KeyInputs& inputs, const ShapeRecord& shape) noexcept {
  const Request& request = inputs.request;
  put_number_part(sink, KeyTag::kCache, static_cast<std::uint32_t>(shape.cache_class));
  put_number_part(sink, KeyTag::kScheme, static_cast<std::uint8_t>(inputs.facts.scheme));
  put_part(sink, KeyTag::kHost, request.host);
  put_number_part(sink, KeyTag::kPort, request.port);
  put_number_part(sink, KeyTag::kMethod, static_cast<std::uint8_t>(request.method));
  put_part(sink, KeyTag::kPath, request.path);
  if (shape.key_whole_query == 1) put_part(sink, KeyTag::kQuery, inputs.query);
  put_key_parts(sink, inputs, shape.cache_key);
}

/// The quota stands in front, so that routes which count together share a bucket only where they have the same one.
inline void put_rate_key(TextSink& sink, const KeyInputs& inputs, const ShapeRecord& shape) noexcept {
  put_number_part(sink, KeyTag::kRate, shape.rate_limit);
  put_number_part(sink, KeyTag::kRate, shape.rate_period_s);
  put_number_part(sink, KeyTag::kRate, shape.rate_burst);
  put_key_parts(sink, inputs, shape.rate_key);
}

[[nodiscard]] constexpr std::size_t key_size_max(const Limits& limits) noexcept {
  return limits.target_size_max + kKeySizeMax;
}

}  // namespace ostiary::detail
