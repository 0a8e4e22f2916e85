// What a route does with a request besides forwarding it, as a Gate image holds it.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/http/header_edit.hpp>
#include <ostiary/policy/predicate.hpp>
#include <ostiary/token/identity.hpp>

#include <cstddef>
#include <cstdint>

namespace ostiary {

/// How the request that goes to an origin is to be signed.
enum class HopSignature : std::uint32_t {
  kNone = 0,
  kMessageSignature = 1,  ///< HTTP message signature (RFC 9421)
  kSigV4 = 2,             ///< AWS Signature Version 4
};

/// As the language calls it; empty for kNone. Static. Pure.
[[nodiscard]] constexpr std::string_view hop_signature_name(HopSignature signature) noexcept {
  switch (signature) {
    case HopSignature::kNone: return {};
    case HopSignature::kMessageSignature: return "message_signature";
    case HopSignature::kSigV4: return "sigv4";
  }
  return {};
}

/// Who may keep the answer to a request.
enum class CacheClass : std::uint32_t {
  kNone = 0,     ///< nobody
  kPrivate = 1,  ///< the client alone
  kShared = 2,   ///< the door, for everyone whose key is equal
};

/// One input of a cache key or a rate key.
enum class KeyPartKind : std::uint32_t {
  kClient = 1,     ///< the address of the peer; of IPv6 its first 64 bits
  kRoute = 2,      ///< the route's id
  kClaim = 3,      ///< by name
  kHeader = 4,     ///< by name, lower case
  kParameter = 5,  ///< by name; cache keys only
};

struct KeyPartRecord {
  KeyPartKind kind = KeyPartKind::kRoute;
  Span name;                                ///< absent where the kind has none
  ClaimKind claim_kind = ClaimKind::kText;  ///< kClaim: as declared
};
static_assert(sizeof(KeyPartRecord) == 16);

enum class EditValueKind : std::uint32_t { kText = 1, kClaim = 2 };

/// A change of the client's fields.
struct ShapeEditRecord {
  HeaderEditKind kind = HeaderEditKind::kRemove;
  EditValueKind value_kind = EditValueKind::kText;
  Span name;   ///< lower case
  Span value;  ///< what to set or append, or the claim's name; kRename: the other name; kRemove: absent
  ClaimKind claim_kind = ClaimKind::kText;  ///< where the value is a claim: as declared
};
static_assert(sizeof(ShapeEditRecord) == 28);

enum class RewriteStepKind : std::uint32_t {
  kLiteral = 1,
  kSegment = 2,  ///< a segment of the request's path
  kTail = 3,     ///< what the route's `**` matched, its slashes included
};

/// One segment of a rewritten path.
struct RewriteStepRecord {
  RewriteStepKind kind = RewriteStepKind::kLiteral;
  std::uint32_t segment = 0;  ///< kSegment: counted from 1
  Span text;                  ///< kLiteral: without its slash; absent otherwise
};
static_assert(sizeof(RewriteStepRecord) == 16);

/// Which parameters of the query go on to the origin.
enum class QueryFilter : std::uint32_t {
  kAll = 0,
  kKeep = 1,  ///< those of these names
  kDrop = 2,  ///< all but those of these names, with or without a bracket behind it
};

/// Everything that a route may say besides where requests go and who may pass.
struct ShapeRecord {
  CacheClass cache_class = CacheClass::kNone;
  std::uint32_t cache_ttl_s = 0;
  Range surrogate_keys;               ///< of texts
  std::uint32_t key_whole_query = 1;  ///< 1: the cache key has the whole query that is forwarded
  Range cache_key;                    ///< of key_parts
  std::uint32_t rate_limit = 0;       ///< 0: none
  std::uint32_t rate_period_s = 0;
  std::uint32_t rate_burst = 0;
  Range rate_key;  ///< of key_parts
  Range edits;     ///< of shape_edits, in order of application
  Range rewrite;   ///< of rewrite_steps; empty: the path stays
  QueryFilter query_filter = QueryFilter::kAll;
  Range query_names;                   ///< of texts
  std::uint32_t identity_headers = 1;  ///< 0: they are removed from the request and none is set
  std::uint32_t hide = 0;              ///< 1: a denial with 403 is answered with 404
  Span login;                          ///< where to log in; absent: nowhere
};
static_assert(sizeof(ShapeRecord) == 92);

inline constexpr std::uint32_t kShapeEditsMax = 16;
inline constexpr std::uint32_t kKeyPartsMax = 16;
inline constexpr std::uint32_t kQueryNamesMax = 64;
inline constexpr std::uint32_t kSurrogateKeysMax = 16;
inline constexpr std::uint32_t kSurrogateKeySizeMax = 1024;  ///< bytes, as CDNs take them
inline constexpr std::uint32_t kRewriteStepsMax = 32;
inline constexpr std::uint32_t kRewriteTextMax = 1024;  ///< bytes of all literals with their slashes
inline constexpr std::uint32_t kLoginSizeMax = 2048;
/// Bytes of a key besides the target of the request.
inline constexpr std::uint32_t kKeySizeMax = 16 * 1024;

}  // namespace ostiary
