// A Gate: the compiled, immutable, position-free image of a policy, and the check that makes it safe to read.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/image.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/finding.hpp>
#include <ostiary/token/token_policy.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace ostiary {

/// Rows `first` to `first + count` of one of the image's tables.
struct Range {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

struct IssuerRecord {
  Span id;
  Span issuer;                   ///< exact value of iss
  Range audiences;               ///< of texts
  std::uint32_t algorithms = 0;  ///< AlgorithmSet bits, none of them symmetric
  std::uint32_t clock_skew_s = 0;
  TokenProfile profile = TokenProfile::kGeneric;
  AudienceClaim audience_claim = AudienceClaim::kAud;
  std::uint16_t reserved = 0;
  std::uint32_t age_max_s = 0;  ///< 0: no bound
  Range required_claims;        ///< of texts: name and value by turns, in order of name
};
static_assert(sizeof(IssuerRecord) == 48);

struct OriginRecord {
  Span id;
  Span scheme;  ///< "http" or "https"
  Span host;
  std::uint32_t port = 0;
};

enum class HeaderSource : std::uint32_t { kClaim = 1, kPeer = 2 };

/// A header that only the door may set: always removed from the client's request.
struct IdentityHeaderRecord {
  Span name;  ///< lower case
  HeaderSource source = HeaderSource::kClaim;
  Span claim;  ///< kClaim: name of the claim
};

struct HostRecord {
  Span host;     ///< exact host, or what follows "*." of a wildcard
  Range routes;  ///< of host_routes, most specific path first
};

struct RouteRecord {
  Span id;
  std::uint32_t methods = 0;   ///< bit (1 << Method)
  std::uint32_t has_tail = 0;  ///< 1 when the pattern ends in `**`, which is not among the segments
  Range segments;
  std::uint32_t origin = 0;  ///< row of origins
  Range rules;               ///< of route_rules: the deny rules first, each part in order of id
  Range waivers;             ///< of waivers: rules of the inspector that this route waives
};

enum class SegmentKind : std::uint32_t { kLiteral = 1, kAny = 2 };

struct SegmentRecord {
  SegmentKind kind = SegmentKind::kLiteral;
  Span text;  ///< kLiteral: the canonical segment
};

enum class RuleEffect : std::uint32_t { kAllow = 1, kDeny = 2 };
enum class RuleSubject : std::uint32_t {
  kAnyone = 1,    ///< with or without an identity
  kIdentity = 2,  ///< a verified identity that meets the conditions
};

struct RuleRecord {
  Span id;
  RuleEffect effect = RuleEffect::kDeny;
  RuleSubject subject = RuleSubject::kIdentity;
  Range issuers;     ///< of rule_issuers; empty = any trusted issuer
  Range scopes_all;  ///< of texts
  Range scopes_any;  ///< of texts; empty = no such condition
  Range conditions;
};

enum class ConditionKind : std::uint32_t {
  kTextIn = 1,     ///< a text claim equals one of the texts
  kIntegerIn = 2,  ///< an integer claim equals one of the integers
  kBooleanIs = 3,  ///< a boolean claim equals `values.first`
  kPresent = 4,
  kAbsent = 5,
  kHasAny = 6,  ///< a text-set claim shares an element with the texts
  kHasAll = 7,  ///< a text-set claim holds all of the texts
};

struct ConditionRecord {
  Span claim;
  ConditionKind kind = ConditionKind::kPresent;
  Range values;
};

struct GateHeader {
  static constexpr std::uint32_t kMagic = 0x5447534fU;  // "OSGT" in memory
  static constexpr std::uint32_t kFormat = 3;

  std::uint32_t magic = kMagic;
  std::uint32_t format = kFormat;
  std::uint32_t size = 0;  ///< of the whole image, bytes
  std::uint32_t reserved = 0;
  std::uint64_t checksum = 0;  ///< of everything after the header; against damage, not against attackers
  Span name;
  ImageTable issuers;
  ImageTable origins;
  ImageTable identity_headers;
  ImageTable exact_hosts;     ///< of HostRecord, ascending by host
  ImageTable wildcard_hosts;  ///< of HostRecord, ascending by host
  ImageTable host_routes;     ///< of uint32: rows of routes
  ImageTable routes;
  ImageTable segments;
  ImageTable route_rules;  ///< of uint32: rows of rules
  ImageTable rules;
  ImageTable rule_issuers;  ///< of uint32: rows of issuers
  ImageTable conditions;
  ImageTable texts;     ///< of Span
  ImageTable integers;  ///< of int64
  ImageTable waivers;   ///< of Reason, by number: rows of kFindingRules would not last
};
static_assert(sizeof(GateHeader) == 152);

/// A read-only view over a Gate image. Borrows the image, which must not change. Immutable.
/// A default-constructed Gate has no routes, so it denies everything.
class Gate {
 public:
  Gate() = default;

  /// Checks the whole image once, so that no later access can leave it or loop.
  /// Reasons: IMAGE_FORMAT, IMAGE_DAMAGED. Pure.
  [[nodiscard]] static Result<Gate> load(std::string_view image) noexcept;

  [[nodiscard]] std::string_view image() const noexcept { return image_; }
  [[nodiscard]] const GateHeader& header() const noexcept { return header_; }
  [[nodiscard]] std::string_view name() const noexcept { return text(header_.name); }

  [[nodiscard]] std::string_view text(Span span) const noexcept { return span.in(image_); }
  [[nodiscard]] std::string_view listed_text(std::uint32_t row) const noexcept {
    return text(image_record<Span>(image_, header_.texts, row));
  }

  [[nodiscard]] IssuerRecord issuer(std::uint32_t row) const noexcept {
    return record<IssuerRecord>(header_.issuers, row);
  }
  [[nodiscard]] OriginRecord origin(std::uint32_t row) const noexcept {
    return record<OriginRecord>(header_.origins, row);
  }
  [[nodiscard]] IdentityHeaderRecord identity_header(std::uint32_t row) const noexcept {
    return record<IdentityHeaderRecord>(header_.identity_headers, row);
  }
  [[nodiscard]] RouteRecord route(std::uint32_t row) const noexcept { return record<RouteRecord>(header_.routes, row); }
  [[nodiscard]] SegmentRecord segment(std::uint32_t row) const noexcept {
    return record<SegmentRecord>(header_.segments, row);
  }
  [[nodiscard]] RuleRecord rule(std::uint32_t row) const noexcept { return record<RuleRecord>(header_.rules, row); }
  [[nodiscard]] ConditionRecord condition(std::uint32_t row) const noexcept {
    return record<ConditionRecord>(header_.conditions, row);
  }
  [[nodiscard]] std::uint32_t host_route(std::uint32_t row) const noexcept {
    return record<std::uint32_t>(header_.host_routes, row);
  }
  [[nodiscard]] std::uint32_t route_rule(std::uint32_t row) const noexcept {
    return record<std::uint32_t>(header_.route_rules, row);
  }
  [[nodiscard]] std::uint32_t rule_issuer(std::uint32_t row) const noexcept {
    return record<std::uint32_t>(header_.rule_issuers, row);
  }
  [[nodiscard]] std::int64_t integer(std::uint32_t row) const noexcept {
    return record<std::int64_t>(header_.integers, row);
  }
  [[nodiscard]] Reason waiver(std::uint32_t row) const noexcept { return record<Reason>(header_.waivers, row); }

  [[nodiscard]] bool waives(const RouteRecord& route, Reason rule) const noexcept {
    for (std::uint32_t i = 0; i < route.waivers.count; ++i) {
      if (waiver(route.waivers.first + i) == rule) return true;
    }
    return false;
  }

  /// The rules that some route waives: what the inspector is to leave to the route. Takes time with their number; ask
  /// once for each Gate.
  [[nodiscard]] RuleSet waived_rules() const noexcept {
    RuleSet rules;
    for (std::uint32_t row = 0; row < header_.waivers.count; ++row) rules.add(waiver(row));
    return rules;
  }

  /// The row of `table` whose host equals `host`; false when there is none. O(log n).
  [[nodiscard]] bool find_host(ImageTable table, std::string_view host, HostRecord& found) const noexcept {
    std::uint32_t low = 0;
    std::uint32_t high = table.count;
    while (low < high) {
      const std::uint32_t middle = low + (high - low) / 2;
      const auto candidate = record<HostRecord>(table, middle);
      const int order = text(candidate.host).compare(host);
      if (order == 0) {
        found = candidate;
        return true;
      }
      (order < 0 ? low : high) = order < 0 ? middle + 1 : middle;
    }
    return false;
  }

 private:
  template <typename Record>
  [[nodiscard]] Record record(ImageTable table, std::uint32_t row) const noexcept {
    return image_record<Record>(image_, table, row);
  }

  std::string_view image_;
  GateHeader header_{};
};

namespace detail {

/// FNV-1a over 64 bits: finds accidental damage, and needs no library.
[[nodiscard]] constexpr std::uint64_t image_checksum(std::string_view bytes) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : bytes) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ULL;
  }
  return hash;
}

/// Proves that every offset, row and enumerator of an image is in range. One function per record type.
class GateImageCheck {
 public:
  GateImageCheck(std::string_view image, const GateHeader& header) noexcept : image_(image), header_(header) {}

  [[nodiscard]] bool passes() const noexcept {
    return tables_fit() && inside(header_.name) && all<Span>(header_.texts) && all<IssuerRecord>(header_.issuers) &&
           all<OriginRecord>(header_.origins) && all<IdentityHeaderRecord>(header_.identity_headers) &&
           all<HostRecord>(header_.exact_hosts) && all<HostRecord>(header_.wildcard_hosts) &&
           rows(header_.host_routes, header_.routes) && all<RouteRecord>(header_.routes) &&
           all<SegmentRecord>(header_.segments) && rows(header_.route_rules, header_.rules) &&
           all<RuleRecord>(header_.rules) && rows(header_.rule_issuers, header_.issuers) &&
           all<ConditionRecord>(header_.conditions) && all<Reason>(header_.waivers);
  }

 private:
  [[nodiscard]] bool tables_fit() const noexcept {
    const std::size_t size = image_.size();
    return table_fits<IssuerRecord>(header_.issuers, size) && table_fits<OriginRecord>(header_.origins, size) &&
           table_fits<IdentityHeaderRecord>(header_.identity_headers, size) &&
           table_fits<HostRecord>(header_.exact_hosts, size) && table_fits<HostRecord>(header_.wildcard_hosts, size) &&
           table_fits<std::uint32_t>(header_.host_routes, size) && table_fits<RouteRecord>(header_.routes, size) &&
           table_fits<SegmentRecord>(header_.segments, size) && table_fits<std::uint32_t>(header_.route_rules, size) &&
           table_fits<RuleRecord>(header_.rules, size) && table_fits<std::uint32_t>(header_.rule_issuers, size) &&
           table_fits<ConditionRecord>(header_.conditions, size) && table_fits<Span>(header_.texts, size) &&
           table_fits<std::int64_t>(header_.integers, size) && table_fits<Reason>(header_.waivers, size);
  }

  [[nodiscard]] bool inside(Span span) const noexcept {
    return span.offset <= image_.size() && span.length <= image_.size() - span.offset;
  }
  [[nodiscard]] static bool inside(Range range, ImageTable table) noexcept {
    return range.first <= table.count && range.count <= table.count - range.first;
  }

  template <typename Record>
  [[nodiscard]] bool all(ImageTable table) const noexcept {
    for (std::uint32_t row = 0; row < table.count; ++row) {
      if (!valid(image_record<Record>(image_, table, row))) return false;
    }
    return true;
  }

  /// Every entry of `table` is a row of `target`.
  [[nodiscard]] bool rows(ImageTable table, ImageTable target) const noexcept {
    for (std::uint32_t row = 0; row < table.count; ++row) {
      if (image_record<std::uint32_t>(image_, table, row) >= target.count) return false;
    }
    return true;
  }

  [[nodiscard]] bool valid(const Span& span) const noexcept { return inside(span); }
  [[nodiscard]] bool valid(const IssuerRecord& issuer) const noexcept {
    return inside(issuer.id) && inside(issuer.issuer) && inside(issuer.audiences, header_.texts) &&
           issuer.audiences.count != 0 && issuer.algorithms != 0 &&
           (issuer.algorithms & kSymmetricAlgorithms.bits()) == 0 &&
           issuer.profile <= TokenProfile::kTransactionToken &&
           issuer.audience_claim <= AudienceClaim::kAuthorizedParty && issuer.reserved == 0 &&
           inside(issuer.required_claims, header_.texts) && issuer.required_claims.count % 2 == 0;
  }
  [[nodiscard]] bool valid(const OriginRecord& origin) const noexcept {
    return inside(origin.id) && inside(origin.scheme) && inside(origin.host) && origin.port <= 65535;
  }
  [[nodiscard]] bool valid(const IdentityHeaderRecord& header) const noexcept {
    switch (header.source) {
      case HeaderSource::kClaim: return inside(header.name) && inside(header.claim);
      case HeaderSource::kPeer: return inside(header.name);
    }
    return false;
  }
  [[nodiscard]] bool valid(const HostRecord& host) const noexcept {
    return inside(host.host) && inside(host.routes, header_.host_routes);
  }
  [[nodiscard]] bool valid(const RouteRecord& route) const noexcept {
    return inside(route.id) && inside(route.segments, header_.segments) && route.has_tail <= 1 &&
           route.origin < header_.origins.count && inside(route.rules, header_.route_rules) &&
           inside(route.waivers, header_.waivers);
  }
  [[nodiscard]] bool valid(const Reason& waiver) const noexcept { return kWaivableRules.has(waiver); }
  [[nodiscard]] bool valid(const SegmentRecord& segment) const noexcept {
    switch (segment.kind) {
      case SegmentKind::kLiteral: return inside(segment.text);
      case SegmentKind::kAny: return true;
    }
    return false;
  }
  [[nodiscard]] bool valid(const RuleRecord& rule) const noexcept {
    const bool known = (rule.effect == RuleEffect::kAllow || rule.effect == RuleEffect::kDeny) &&
                       (rule.subject == RuleSubject::kAnyone || rule.subject == RuleSubject::kIdentity);
    return known && inside(rule.id) && inside(rule.issuers, header_.rule_issuers) &&
           inside(rule.scopes_all, header_.texts) && inside(rule.scopes_any, header_.texts) &&
           inside(rule.conditions, header_.conditions);
  }
  [[nodiscard]] bool valid(const ConditionRecord& condition) const noexcept {
    if (!inside(condition.claim)) return false;
    switch (condition.kind) {
      case ConditionKind::kTextIn:
      case ConditionKind::kHasAny:
      case ConditionKind::kHasAll: return inside(condition.values, header_.texts);
      case ConditionKind::kIntegerIn: return inside(condition.values, header_.integers);
      case ConditionKind::kBooleanIs: return condition.values.first <= 1;
      case ConditionKind::kPresent:
      case ConditionKind::kAbsent: return true;
    }
    return false;
  }

  std::string_view image_;
  const GateHeader& header_;
};

}  // namespace detail

inline Result<Gate> Gate::load(std::string_view image) noexcept {
  Gate gate;
  if (image.size() < sizeof(GateHeader) || image.size() > UINT32_MAX) return Reason::kImageFormat;
  std::memcpy(&gate.header_, image.data(), sizeof(GateHeader));
  if (gate.header_.magic != GateHeader::kMagic || gate.header_.format != GateHeader::kFormat) {
    return Reason::kImageFormat;
  }
  gate.image_ = image;
  const bool whole = gate.header_.size == image.size() && gate.header_.reserved == 0 &&
                     gate.header_.checksum == detail::image_checksum(image.substr(sizeof(GateHeader)));
  if (!whole || !detail::GateImageCheck(image, gate.header_).passes()) return Reason::kImageDamaged;
  return gate;
}

}  // namespace ostiary
