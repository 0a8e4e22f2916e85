// A Gate: the compiled, immutable, position-free image of a policy, and the check that makes it safe to read.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/image.hpp>
#include <ostiary/core/limits.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/address_set.hpp>
#include <ostiary/http/finding.hpp>
#include <ostiary/http/request.hpp>
#include <ostiary/policy/gate_boundary.hpp>
#include <ostiary/policy/gate_seal.hpp>
#include <ostiary/policy/predicate.hpp>
#include <ostiary/policy/route_index.hpp>
#include <ostiary/policy/shape.hpp>
#include <ostiary/token/identity.hpp>
#include <ostiary/token/token_policy.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace ostiary {

/// Stands for no row of any table.
inline constexpr std::uint32_t kNoRow = 0xffffffffU;

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
  Span shield;                           ///< name of a place in between, for the host; absent: none
  std::uint32_t connect_timeout_ms = 0;  ///< 0, here and below: the host's own
  std::uint32_t first_byte_timeout_ms = 0;
  std::uint32_t between_bytes_timeout_ms = 0;
  HopSignature sign = HopSignature::kNone;
  Span sign_key;     ///< kMessageSignature: name of the key, for the host
  Span sign_region;  ///< kSigV4, as the next
  Span sign_service;
};
static_assert(sizeof(OriginRecord) == 76);

enum class HeaderSource : std::uint32_t { kClaim = 1, kPeer = 2 };

/// A header that only the door may set: always removed from the client's request.
struct IdentityHeaderRecord {
  Span name;  ///< lower case
  HeaderSource source = HeaderSource::kClaim;
  Span claim;                               ///< kClaim: name of the claim
  ClaimKind claim_kind = ClaimKind::kText;  ///< kClaim: as declared
};
static_assert(sizeof(IdentityHeaderRecord) == 24);
/// Each needs scratch memory, of which every platform promises the same.
inline constexpr std::uint32_t kIdentityHeadersMax = Limits{}.identity_header_count_max;

struct HostRecord {
  Span host;               ///< exact host, or what follows "*." of a wildcard
  std::uint32_t root = 0;  ///< row of the nodes of route_index
};

struct RouteRecord {
  Span id;
  std::uint32_t methods = 0;   ///< bit (1 << Method)
  std::uint32_t has_tail = 0;  ///< 1 when the pattern ends in `**`, which is not among the segments
  Range segments;
  std::uint32_t origin = 0;  ///< row of origins
  Range blocks;      ///< of rule_blocks: the rules that name it, those that deny first, each part in order of id
  Range waivers;     ///< of waivers: rules of the inspector that this route waives
  Range roles;       ///< of route_roles, in order of id
  Range parameters;  ///< of read_names: rows of parameter_names that rules or mappings of this route read
  Range headers;     ///< of read_names: rows of header_names that they read
  Range guarded;     ///< of read_names: rows of header_names that they, the keys or a rename of this route read
  std::uint32_t binding =
      kNoRow;  ///< row of predicates: a kPathIn whose claims bind this route's allowances; or kNoRow
  std::uint32_t role_required = 0;  ///< 1: an allowed request without a role is denied
  std::uint32_t shape = kNoRow;     ///< row of shapes, or kNoRow: forwarded as it is
  std::uint32_t reads_path = 0;     ///< 1: the outcome depends on the path, so every reading of it must be the same
};

enum class SegmentKind : std::uint32_t {
  kLiteral = 1,
  kAny = 2,
  kClaim = 3,  ///< matches like kAny; in a condition, only what equals the claim
};

struct SegmentRecord {
  SegmentKind kind = SegmentKind::kLiteral;
  Span text;  ///< kLiteral: the canonical segment; kClaim: offset is the row of claim_names, length 0
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
  Range predicates;  ///< of condition_rows: all must hold
  Span owner;        ///< for people; absent or what the source says
  Span ticket;
};
static_assert(sizeof(RuleRecord) == 40);

/// Rules of a route that can be judged together, because all of them need few different conditions.
struct RuleBlockRecord {
  Range conditions;  ///< of condition_rows, at most kBlockConditionsMax: each one once, in order of kind
  Range rules;       ///< of block_rules
};
inline constexpr std::uint32_t kBlockConditionsMax = 64;

/// What deciding needs of a rule.
struct BlockRuleRecord {
  static constexpr std::uint32_t kAllows = 1;
  static constexpr std::uint32_t kAsksIdentity = 2;  ///< of any identity
  static constexpr std::uint32_t kUnbound = 4;       ///< never matches: public, where the route's path binds claims
  static constexpr std::uint32_t kTraits = 7;

  std::uint32_t rule = 0;  ///< row of rules
  std::uint32_t traits = 0;
  std::uint64_t needs = 0;  ///< bit i: condition i of the block must hold; the route's binding is among them

  [[nodiscard]] bool allows() const noexcept { return (traits & kAllows) != 0; }
  [[nodiscard]] bool asks_identity() const noexcept { return (traits & kAsksIdentity) != 0; }
  [[nodiscard]] bool is_unbound() const noexcept { return (traits & kUnbound) != 0; }
};
static_assert(sizeof(BlockRuleRecord) == 16);

enum class RoleTextKind : std::uint32_t { kText = 1, kClaim = 2 };

/// What names or tags a session.
struct RoleTextRecord {
  RoleTextKind kind = RoleTextKind::kText;
  std::uint32_t claim = 0;  ///< kClaim: row of claim_names
  Span text;                ///< kText
};

struct SessionTagRecord {
  Span key;
  RoleTextRecord value;
};

/// From identities to one role of AWS.
struct RoleRecord {
  Span id;
  Range predicates;  ///< of condition_rows: all must hold, besides an identity
  Span role_arn;
  RoleTextRecord session_name;
  Range session_tags;            ///< in order of key
  std::uint32_t duration_s = 0;  ///< at most
  Span owner;
  Span ticket;
};

struct GateHeader {
  static constexpr std::uint32_t kMagic = 0x5447534fU;  // "OSGT" in memory
  static constexpr std::uint32_t kFormat = 10;

  std::uint32_t magic = kMagic;
  std::uint32_t format = kFormat;
  std::uint32_t size = 0;  ///< of the whole image, bytes
  std::uint32_t reserved = 0;
  std::uint64_t checksum = 0;  ///< of everything after the header; against damage, not against attackers
  std::uint64_t version = 0;   ///< of the policy, given by its author: grows, so that an old image is known for one
  GateSeal seal;
  GateBoundary boundary;
  Span name;
  ImageTable issuers;
  ImageTable origins;
  ImageTable identity_headers;
  ImageTable exact_hosts;     ///< of HostRecord, ascending by host
  ImageTable wildcard_hosts;  ///< of HostRecord, ascending by host
  ImageTable routes;
  ImageTable segments;
  ImageTable rule_blocks;
  ImageTable block_rules;
  ImageTable rules;
  ImageTable roles;
  ImageTable session_tags;
  ImageTable route_roles;     ///< of uint32: rows of roles
  ImageTable condition_rows;  ///< of uint32: rows of predicates
  ImageTable predicates;
  ImageTable patterns;         ///< of paths in conditions
  ImageTable networks;         ///< of Span: images of AddressSet
  ImageTable claim_names;      ///< of Span: the claims that conditions and mappings read
  ImageTable header_names;     ///< of Span, lower case
  ImageTable parameter_names;  ///< of Span
  ImageTable read_names;       ///< of uint32
  ImageTable flags;            ///< of Span: names, ascending
  ImageTable shapes;
  ImageTable shape_edits;
  ImageTable key_parts;
  ImageTable rewrite_steps;
  ImageTable texts;     ///< of Span
  ImageTable integers;  ///< of int64
  ImageTable waivers;   ///< of Reason, by number: rows of kFindingRules would not last
  RouteIndex route_index;
};
static_assert(sizeof(GateHeader) == 456);

/// Claims that conditions may read, and flags that a Gate may have: one bit of a word each.
inline constexpr std::uint32_t kClaimNamesMax = 64;
inline constexpr std::uint32_t kFlagsMax = 64;
/// Tags of one session (AWS STS API reference, AssumeRole).
inline constexpr std::uint32_t kSessionTagsMax = 50;

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

  [[nodiscard]] GateReview review(std::uint32_t row) const noexcept {
    return record<GateReview>(header_.boundary.reviews, row);
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
  [[nodiscard]] RoleRecord role(std::uint32_t row) const noexcept { return record<RoleRecord>(header_.roles, row); }
  [[nodiscard]] SessionTagRecord session_tag(std::uint32_t row) const noexcept {
    return record<SessionTagRecord>(header_.session_tags, row);
  }
  [[nodiscard]] PredicateRecord predicate(std::uint32_t row) const noexcept {
    return record<PredicateRecord>(header_.predicates, row);
  }
  /// Row `row` of condition_rows: a row of predicates.
  [[nodiscard]] std::uint32_t condition_row(std::uint32_t row) const noexcept {
    return record<std::uint32_t>(header_.condition_rows, row);
  }
  /// The predicate that stands there.
  [[nodiscard]] PredicateRecord condition(std::uint32_t row) const noexcept { return predicate(condition_row(row)); }
  [[nodiscard]] PatternRecord pattern(std::uint32_t row) const noexcept {
    return record<PatternRecord>(header_.patterns, row);
  }
  [[nodiscard]] AddressSet network(std::uint32_t row) const noexcept {
    return AddressSet::of_checked(text(record<Span>(header_.networks, row)));
  }
  [[nodiscard]] std::string_view claim_name(std::uint32_t row) const noexcept {
    return text(record<Span>(header_.claim_names, row));
  }
  [[nodiscard]] std::string_view header_name(std::uint32_t row) const noexcept {
    return text(record<Span>(header_.header_names, row));
  }
  [[nodiscard]] std::string_view parameter_name(std::uint32_t row) const noexcept {
    return text(record<Span>(header_.parameter_names, row));
  }
  [[nodiscard]] std::uint32_t read_name(std::uint32_t row) const noexcept {
    return record<std::uint32_t>(header_.read_names, row);
  }
  [[nodiscard]] std::string_view flag(std::uint32_t row) const noexcept {
    return text(record<Span>(header_.flags, row));
  }
  [[nodiscard]] bool has_flag(std::string_view name) const noexcept {
    for (std::uint32_t row = 0; row < header_.flags.count; ++row) {
      if (flag(row) == name) return true;
    }
    return false;
  }
  /// What the route says about shaping; the defaults where it says nothing.
  [[nodiscard]] ShapeRecord shape(const RouteRecord& route) const noexcept {
    return route.shape == kNoRow ? ShapeRecord{} : record<ShapeRecord>(header_.shapes, route.shape);
  }
  [[nodiscard]] ShapeEditRecord shape_edit(std::uint32_t row) const noexcept {
    return record<ShapeEditRecord>(header_.shape_edits, row);
  }
  [[nodiscard]] KeyPartRecord key_part(std::uint32_t row) const noexcept {
    return record<KeyPartRecord>(header_.key_parts, row);
  }
  [[nodiscard]] RewriteStepRecord rewrite_step(std::uint32_t row) const noexcept {
    return record<RewriteStepRecord>(header_.rewrite_steps, row);
  }
  [[nodiscard]] std::uint32_t route_role(std::uint32_t row) const noexcept {
    return record<std::uint32_t>(header_.route_roles, row);
  }
  [[nodiscard]] RuleBlockRecord rule_block(std::uint32_t row) const noexcept {
    return record<RuleBlockRecord>(header_.rule_blocks, row);
  }
  [[nodiscard]] BlockRuleRecord block_rule(std::uint32_t row) const noexcept {
    return record<BlockRuleRecord>(header_.block_rules, row);
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
    return tables_fit() && boundary_passes() && inside(header_.name) && all<Span>(header_.texts) &&
           all<IssuerRecord>(header_.issuers) && all<OriginRecord>(header_.origins) &&
           all<IdentityHeaderRecord>(header_.identity_headers) && all<HostRecord>(header_.exact_hosts) &&
           all<HostRecord>(header_.wildcard_hosts) &&
           route_index_is_sound(image_, header_.route_index, header_.routes.count) && route_reads_in_order() &&
           all<RouteRecord>(header_.routes) && all<SegmentRecord>(header_.segments) && blocks_in_order() &&
           all<RuleBlockRecord>(header_.rule_blocks) && all<RuleRecord>(header_.rules) &&
           all<Reason>(header_.waivers) && header_.identity_headers.count <= kIdentityHeadersMax && conditions_pass() &&
           roles_pass() && shapes_pass();
  }

 private:
  [[nodiscard]] bool tables_fit() const noexcept {
    const std::size_t size = image_.size();
    return table_fits<IssuerRecord>(header_.issuers, size) && table_fits<OriginRecord>(header_.origins, size) &&
           table_fits<IdentityHeaderRecord>(header_.identity_headers, size) &&
           table_fits<HostRecord>(header_.exact_hosts, size) && table_fits<HostRecord>(header_.wildcard_hosts, size) &&
           table_fits<RouteRecord>(header_.routes, size) && table_fits<SegmentRecord>(header_.segments, size) &&
           table_fits<RuleBlockRecord>(header_.rule_blocks, size) &&
           table_fits<BlockRuleRecord>(header_.block_rules, size) && table_fits<RuleRecord>(header_.rules, size) &&
           table_fits<Span>(header_.texts, size) && table_fits<std::int64_t>(header_.integers, size) &&
           table_fits<Reason>(header_.waivers, size) && table_fits<RoleRecord>(header_.roles, size) &&
           table_fits<SessionTagRecord>(header_.session_tags, size) &&
           table_fits<std::uint32_t>(header_.route_roles, size) &&
           table_fits<std::uint32_t>(header_.condition_rows, size) &&
           table_fits<PredicateRecord>(header_.predicates, size) && table_fits<PatternRecord>(header_.patterns, size) &&
           table_fits<Span>(header_.networks, size) && table_fits<Span>(header_.claim_names, size) &&
           table_fits<Span>(header_.header_names, size) && table_fits<Span>(header_.parameter_names, size) &&
           table_fits<std::uint32_t>(header_.read_names, size) && table_fits<Span>(header_.flags, size) &&
           table_fits<ShapeRecord>(header_.shapes, size) && table_fits<ShapeEditRecord>(header_.shape_edits, size) &&
           table_fits<KeyPartRecord>(header_.key_parts, size) &&
           table_fits<RewriteStepRecord>(header_.rewrite_steps, size) &&
           table_fits<GateReview>(header_.boundary.reviews, size);
  }

  /// Keys in order, so that none counts twice.
  [[nodiscard]] bool boundary_passes() const noexcept {
    const GateBoundary& boundary = header_.boundary;
    if (!boundary.is_proved()) return boundary.is_blank();
    if (boundary.reserved != 0 || boundary.reviews.count > kReviewsMax) return false;
    GateReview previous;
    for (std::uint32_t row = 0; row < boundary.reviews.count; ++row) {
      const auto review = image_record<GateReview>(image_, boundary.reviews, row);
      if (row != 0 && previous.key_id >= review.key_id) return false;
      if (review.date_s < 0 || review.date_s > kReviewDateMax) return false;
      previous = review;
    }
    return true;
  }

  [[nodiscard]] bool conditions_pass() const noexcept {
    return header_.claim_names.count <= kClaimNamesMax && header_.flags.count <= kFlagsMax &&
           all<Span>(header_.claim_names) && all<Span>(header_.header_names) && all<Span>(header_.parameter_names) &&
           all<Span>(header_.flags) && networks_pass() && rows(header_.condition_rows, header_.predicates) &&
           all<PatternRecord>(header_.patterns) && all<PredicateRecord>(header_.predicates);
  }

  [[nodiscard]] bool roles_pass() const noexcept {
    return rows(header_.route_roles, header_.roles) && all<RoleRecord>(header_.roles) &&
           all<SessionTagRecord>(header_.session_tags);
  }

  [[nodiscard]] bool shapes_pass() const noexcept {
    return all<ShapeRecord>(header_.shapes) && all<ShapeEditRecord>(header_.shape_edits) &&
           all<KeyPartRecord>(header_.key_parts) && all<RewriteStepRecord>(header_.rewrite_steps);
  }

  /// The range is inside the table and behind `end`, which moves to its own end. What the checks go through stands one
  /// behind the other in an image, so that they take no longer than its size says.
  [[nodiscard]] static bool follows(Range range, ImageTable table, std::uint32_t& end) noexcept {
    if (!inside(range, table) || range.first < end) return false;
    end = range.first + range.count;
    return true;
  }

  [[nodiscard]] bool route_reads_in_order() const noexcept {
    std::uint32_t end = 0;
    for (std::uint32_t row = 0; row < header_.routes.count; ++row) {
      const auto route = image_record<RouteRecord>(image_, header_.routes, row);
      if (!follows(route.parameters, header_.read_names, end) || !follows(route.headers, header_.read_names, end) ||
          !follows(route.guarded, header_.read_names, end)) {
        return false;
      }
    }
    return true;
  }

  [[nodiscard]] bool blocks_in_order() const noexcept {
    std::uint32_t conditions_end = 0;
    std::uint32_t rules_end = 0;
    for (std::uint32_t row = 0; row < header_.rule_blocks.count; ++row) {
      const auto block = image_record<RuleBlockRecord>(image_, header_.rule_blocks, row);
      if (!follows(block.conditions, header_.condition_rows, conditions_end) ||
          !follows(block.rules, header_.block_rules, rules_end)) {
        return false;
      }
    }
    return true;
  }

  [[nodiscard]] bool networks_pass() const noexcept {
    std::uint32_t end = 0;
    for (std::uint32_t row = 0; row < header_.networks.count; ++row) {
      const auto span = image_record<Span>(image_, header_.networks, row);
      if (!inside(span) || span.offset < end || !AddressSet::load(span.in(image_))) return false;
      end = span.offset + span.length;
    }
    return true;
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
    return inside(origin.id) && inside(origin.scheme) && inside(origin.host) && origin.port <= 65535 &&
           perhaps(origin.shield) && origin.sign <= HopSignature::kSigV4 && perhaps(origin.sign_key) &&
           perhaps(origin.sign_region) && perhaps(origin.sign_service);
  }
  [[nodiscard]] bool valid(const IdentityHeaderRecord& header) const noexcept {
    switch (header.source) {
      case HeaderSource::kClaim: return inside(header.name) && inside(header.claim) && declarable(header.claim_kind);
      case HeaderSource::kPeer: return inside(header.name);
    }
    return false;
  }
  [[nodiscard]] bool valid(const HostRecord& host) const noexcept {
    return inside(host.host) && host.root < header_.route_index.nodes.count;
  }
  [[nodiscard]] bool valid(const RouteRecord& route) const noexcept {
    return inside(route.id) && inside(route.segments, header_.segments) && route.has_tail <= 1 &&
           route.origin < header_.origins.count && inside(route.blocks, header_.rule_blocks) &&
           inside(route.waivers, header_.waivers) && inside(route.roles, header_.route_roles) &&
           names_pass(route.parameters, header_.parameter_names) && names_pass(route.headers, header_.header_names) &&
           names_pass(route.guarded, header_.header_names) && binding_passes(route.binding) &&
           route.role_required <= 1 && route.reads_path <= 1 &&
           (route.shape == kNoRow || route.shape < header_.shapes.count);
  }
  /// A range of read_names whose rows are rows of `names`.
  [[nodiscard]] bool names_pass(Range range, ImageTable names) const noexcept {
    if (!inside(range, header_.read_names)) return false;
    for (std::uint32_t i = 0; i < range.count; ++i) {
      if (image_record<std::uint32_t>(image_, header_.read_names, range.first + i) >= names.count) return false;
    }
    return true;
  }
  [[nodiscard]] bool binding_passes(std::uint32_t row) const noexcept {
    return row == kNoRow ||
           (row < header_.predicates.count &&
            image_record<PredicateRecord>(image_, header_.predicates, row).kind == PredicateKind::kPathIn);
  }
  [[nodiscard]] bool valid(const Reason& waiver) const noexcept { return kWaivableRules.has(waiver); }
  [[nodiscard]] bool valid(const SegmentRecord& segment) const noexcept {
    switch (segment.kind) {
      case SegmentKind::kLiteral: return inside(segment.text);
      case SegmentKind::kAny: return true;
      case SegmentKind::kClaim: return segment.text.offset < header_.claim_names.count && segment.text.length == 0;
    }
    return false;
  }
  [[nodiscard]] bool valid(const RuleBlockRecord& block) const noexcept {
    const std::uint32_t count = block.conditions.count;
    if (!inside(block.conditions, header_.condition_rows) || count > kBlockConditionsMax) return false;
    if (!inside(block.rules, header_.block_rules)) return false;
    const std::uint64_t known = count == kBlockConditionsMax ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
    for (std::uint32_t i = 0; i < block.rules.count; ++i) {
      const auto rule = image_record<BlockRuleRecord>(image_, header_.block_rules, block.rules.first + i);
      const bool fits = rule.rule < header_.rules.count && rule.traits <= BlockRuleRecord::kTraits;
      if (!fits || (rule.needs & ~known) != 0) return false;
    }
    return true;
  }
  [[nodiscard]] bool valid(const RuleRecord& rule) const noexcept {
    const bool known = (rule.effect == RuleEffect::kAllow || rule.effect == RuleEffect::kDeny) &&
                       (rule.subject == RuleSubject::kAnyone || rule.subject == RuleSubject::kIdentity);
    return known && inside(rule.id) && inside(rule.predicates, header_.condition_rows) && perhaps(rule.owner) &&
           perhaps(rule.ticket);
  }
  [[nodiscard]] bool perhaps(Span span) const noexcept { return !span.present() || inside(span); }
  [[nodiscard]] bool valid(const RoleTextRecord& text) const noexcept {
    switch (text.kind) {
      case RoleTextKind::kText: return inside(text.text);
      case RoleTextKind::kClaim: return text.claim < header_.claim_names.count;
    }
    return false;
  }
  [[nodiscard]] bool valid(const SessionTagRecord& tag) const noexcept { return inside(tag.key) && valid(tag.value); }
  [[nodiscard]] bool valid(const RoleRecord& role) const noexcept {
    return inside(role.id) && inside(role.predicates, header_.condition_rows) && inside(role.role_arn) &&
           valid(role.session_name) && inside(role.session_tags, header_.session_tags) &&
           role.session_tags.count <= kSessionTagsMax && perhaps(role.owner) && perhaps(role.ticket);
  }
  /// No more of anything than decide_request_scratch_size counts on.
  [[nodiscard]] bool valid(const ShapeRecord& shape) const noexcept {
    const bool known = shape.cache_class <= CacheClass::kShared && shape.query_filter <= QueryFilter::kDrop &&
                       shape.key_whole_query <= 1 && shape.identity_headers <= 1 && shape.hide <= 1;
    const bool bounded = shape.surrogate_keys.count <= kSurrogateKeysMax && shape.cache_key.count <= kKeyPartsMax &&
                         shape.rate_key.count <= kKeyPartsMax && shape.edits.count <= kShapeEditsMax &&
                         shape.rewrite.count <= kRewriteStepsMax && shape.query_names.count <= kQueryNamesMax;
    return known && bounded && inside(shape.surrogate_keys, header_.texts) &&
           inside(shape.cache_key, header_.key_parts) && inside(shape.rate_key, header_.key_parts) &&
           inside(shape.edits, header_.shape_edits) && inside(shape.rewrite, header_.rewrite_steps) &&
           inside(shape.query_names, header_.texts) && perhaps(shape.login);
  }
  [[nodiscard]] static bool declarable(ClaimKind kind) noexcept {
    return kind >= ClaimKind::kText && kind <= ClaimKind::kTextSet;
  }
  [[nodiscard]] bool valid(const ShapeEditRecord& edit) const noexcept {
    if (!declarable(edit.claim_kind)) return false;
    if (edit.value_kind != EditValueKind::kText && edit.value_kind != EditValueKind::kClaim) return false;
    switch (edit.kind) {
      case HeaderEditKind::kRemove: return inside(edit.name) && !edit.value.present();
      case HeaderEditKind::kRename:
        return inside(edit.name) && inside(edit.value) && edit.value_kind == EditValueKind::kText;
      case HeaderEditKind::kSet:
      case HeaderEditKind::kAppend: return inside(edit.name) && inside(edit.value);
    }
    return false;
  }
  [[nodiscard]] bool valid(const KeyPartRecord& part) const noexcept {
    switch (part.kind) {
      case KeyPartKind::kClient:
      case KeyPartKind::kRoute: return !part.name.present();
      case KeyPartKind::kClaim: return inside(part.name) && declarable(part.claim_kind);
      case KeyPartKind::kHeader:
      case KeyPartKind::kParameter: return inside(part.name);
    }
    return false;
  }
  [[nodiscard]] bool valid(const RewriteStepRecord& step) const noexcept {
    switch (step.kind) {
      case RewriteStepKind::kLiteral: return inside(step.text);
      case RewriteStepKind::kSegment: return step.segment != 0 && !step.text.present();
      case RewriteStepKind::kTail: return !step.text.present();
    }
    return false;
  }
  [[nodiscard]] bool valid(const PatternRecord& pattern) const noexcept {
    return inside(pattern.segments, header_.segments) && pattern.has_tail <= 1;
  }
  [[nodiscard]] bool valid(const PredicateRecord& predicate) const noexcept {
    const std::uint32_t subject = predicate.subject;
    switch (predicate.kind) {
      case PredicateKind::kMethodIn:
      case PredicateKind::kSchemeIn:
      case PredicateKind::kTokenAge: return true;
      case PredicateKind::kHostIn:
      case PredicateKind::kIssuerIn:
      case PredicateKind::kAudienceIn:
      case PredicateKind::kScopesAll:
      case PredicateKind::kScopesAny:
      case PredicateKind::kScopesNone: return inside(predicate.values, header_.texts);
      case PredicateKind::kPathIn: return inside(predicate.values, header_.patterns);
      case PredicateKind::kQueryPresent:
      case PredicateKind::kQueryAbsent: return subject < header_.parameter_names.count;
      case PredicateKind::kQueryIn:
        return subject < header_.parameter_names.count && inside(predicate.values, header_.texts);
      case PredicateKind::kHeaderPresent:
      case PredicateKind::kHeaderAbsent: return subject < header_.header_names.count;
      case PredicateKind::kHeaderIn:
        return subject < header_.header_names.count && inside(predicate.values, header_.texts);
      case PredicateKind::kClientIn:
      case PredicateKind::kClientNotIn: return subject < header_.networks.count;
      case PredicateKind::kTimeIn: return inside(predicate.values, header_.integers) && predicate.values.count == 2;
      case PredicateKind::kFlagIs: return subject < header_.flags.count && predicate.values.first <= 1;
      case PredicateKind::kClaimPresent:
      case PredicateKind::kClaimAbsent: return subject < header_.claim_names.count;
      case PredicateKind::kTextIn:
      case PredicateKind::kTextNotIn:
      case PredicateKind::kTextPrefix:
      case PredicateKind::kHasAny:
      case PredicateKind::kHasAll:
      case PredicateKind::kHasNone:
        return subject < header_.claim_names.count && inside(predicate.values, header_.texts);
      case PredicateKind::kIntegerIn:
      case PredicateKind::kIntegerNotIn:
        return subject < header_.claim_names.count && inside(predicate.values, header_.integers);
      case PredicateKind::kBooleanIs: return subject < header_.claim_names.count && predicate.values.first <= 1;
    }
    return false;
  }

  std::string_view image_;
  const GateHeader& header_;
};

/// The header of an image that is a Gate's and as long as it says. Reasons: IMAGE_FORMAT, IMAGE_DAMAGED. Pure.
[[nodiscard]] inline Result<GateHeader> read_gate_header(std::string_view image) noexcept {
  GateHeader header;
  if (image.size() < sizeof(GateHeader) || image.size() > UINT32_MAX) return Reason::kImageFormat;
  std::memcpy(&header, image.data(), sizeof(GateHeader));
  if (header.magic != GateHeader::kMagic || header.format != GateHeader::kFormat) return Reason::kImageFormat;
  if (header.size != image.size() || header.reserved != 0) return Reason::kImageDamaged;
  return header;
}

}  // namespace detail

inline Result<Gate> Gate::load(std::string_view image) noexcept {
  const Result<GateHeader> header = detail::read_gate_header(image);
  if (!header) return header.error();
  Gate gate;
  gate.header_ = *header;
  gate.image_ = image;
  const bool whole = header->checksum == detail::image_checksum(image.substr(sizeof(GateHeader)));
  if (!whole || !detail::GateImageCheck(image, gate.header_).passes()) return Reason::kImageDamaged;
  return gate;
}

}  // namespace ostiary
