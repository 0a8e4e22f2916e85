// What the door must do with a request: all of it, and nothing else.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/image.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/header_edit.hpp>
#include <ostiary/policy/predicate.hpp>
#include <ostiary/policy/shape.hpp>

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace ostiary {

enum class Effect : std::uint32_t { kDeny = 0, kAllow = 1 };

/// A session tag as STS takes it.
struct SessionTag {
  std::string_view key;
  std::string_view value;
};

/// The role of AWS that an allowed request may act in.
struct RoleGrant {
  std::string_view id;  ///< of the mapping; data() is nullptr when there is no role
  std::string_view role_arn;
  std::string_view session_name;
  std::span<const SessionTag> session_tags;
  /// Seconds, never beyond the token's expiry. STS makes no session shorter than 900: whoever asks it for one with less
  /// here must end its use after so many seconds.
  std::uint32_t duration_s = 0;

  [[nodiscard]] bool present() const noexcept { return id.data() != nullptr; }
};

/// The rule that came closest to allowing, and what it first failed on.
struct NearestMiss {
  std::string_view rule;  ///< id; data() is nullptr when no rule allows anything on the route
  Dimension dimension = Dimension::kNone;
};

/// How the host signs the request that it sends. A view whose data() is nullptr is absent.
struct HopSign {
  HopSignature with = HopSignature::kNone;
  std::string_view key;     ///< kMessageSignature: its name, known to the host
  std::string_view region;  ///< kSigV4, as the next
  std::string_view service;
};

/// How the origin is reached, besides its address. 0 leaves a time to the host.
struct Hop {
  std::string_view shield;  ///< name of a place in between; data() is nullptr when there is none
  std::uint32_t connect_timeout_ms = 0;
  std::uint32_t first_byte_timeout_ms = 0;
  std::uint32_t between_bytes_timeout_ms = 0;
  HopSign sign;
};

/// Who may keep the answer, how long, and what it is found and purged by.
struct CacheDirective {
  CacheClass cache_class = CacheClass::kNone;
  std::uint32_t ttl_s = 0;
  std::span<const std::string_view> surrogate_keys;  ///< kShared only
  std::string_view key;  ///< kShared only: bytes that are equal only for requests with the same answer
};

/// What the request counts under; see rate_limiter.hpp. One take of cost 1 from the bucket of `key`.
struct RateCharge {
  std::string_view key;     ///< data() is nullptr when the route has no limit
  std::uint32_t limit = 0;  ///< requests in `period_s`, after at most `burst` at once
  std::uint32_t period_s = 0;
  std::uint32_t burst = 0;

  [[nodiscard]] bool present() const noexcept { return key.data() != nullptr; }
};

/// What the door answers instead of forwarding. With a status of 401 belongs the WWW-Authenticate that write_challenge
/// (trust/challenge.hpp) makes of the Decision's Reason.
struct Answer {
  std::uint16_t status = 0;         ///< 0: the registry's for the Reason
  std::string_view location;        ///< of a redirect; data() is nullptr when there is none
  std::uint32_t allow_methods = 0;  ///< bits 1 << Method for Allow, with 405 (RFC 9110 §15.5.6)
  std::uint32_t retry_after_s = 0;  ///< for Retry-After, with 429 (RFC 6585 §4)
};

/// The verdict. Starts as a denial. Views borrow the Gate image, the Identity, the Facts and the scratch
/// memory; a view whose data() is null is absent. Confined.
struct Decision {
  Effect effect = Effect::kDeny;
  Reason reason = Reason::kNotDecided;
  std::uint32_t offset = 0;             ///< byte in the request or token that `reason` speaks of
  std::string_view route;               ///< id of the route that matched
  std::string_view rule;                ///< id of the rule that decided
  std::string_view origin;              ///< id of the origin; only when allowed
  std::span<const HeaderEdit> headers;  ///< in order of application; only when allowed
  Hop hop;                              ///< only when allowed
  /// Path and query to forward in place of the request's; only when allowed, data() is nullptr when they stay.
  std::string_view target;
  RoleGrant role;        ///< only when allowed
  CacheDirective cache;  ///< only when allowed
  RateCharge rate;       ///< only when allowed
  Answer answer;         ///< only when denied
  NearestMiss nearest;   ///< only for CREDENTIAL_MISSING and RULE_NO_MATCH

  [[nodiscard]] bool allowed() const noexcept { return effect == Effect::kAllow; }
  /// What the door answers when it does not forward: what the route says, or the registry's status for the Reason.
  [[nodiscard]] std::uint16_t http_status() const noexcept {
    return answer.status != 0 ? answer.status : http_status_of(reason);
  }
};

/// The fixed part of a Decision image: the same Decision as bytes, equal on every host.
struct DecisionHeader {
  static constexpr std::uint32_t kMagic = 0x4344534fU;  // "OSDC" in memory
  static constexpr std::uint32_t kFormat = 4;

  std::uint32_t magic = kMagic;
  std::uint32_t format = kFormat;
  std::uint32_t size = 0;
  Effect effect = Effect::kDeny;
  Reason reason = Reason::kNotDecided;
  std::uint32_t http_status = 0;
  std::uint32_t offset = 0;
  std::uint32_t reserved = 0;
  Span route;
  Span rule;
  Span origin;
  ImageTable headers;  ///< of HeaderEditRecord
  Span nearest_rule;
  Dimension nearest_dimension = Dimension::kNone;
  std::uint32_t role_duration_s = 0;
  Span role;
  Span role_arn;
  Span role_session_name;
  ImageTable session_tags;  ///< of TextPairRecord
  Span shield;
  std::uint32_t connect_timeout_ms = 0;
  std::uint32_t first_byte_timeout_ms = 0;
  std::uint32_t between_bytes_timeout_ms = 0;
  CacheClass cache_class = CacheClass::kNone;
  std::uint32_t cache_ttl_s = 0;
  std::uint32_t rate_limit = 0;
  std::uint32_t rate_period_s = 0;
  std::uint32_t rate_burst = 0;
  Span target;
  Span cache_key;
  ImageTable surrogate_keys;  ///< of Span
  Span rate_key;
  Span location;
  std::uint32_t allow_methods = 0;
  std::uint32_t retry_after_s = 0;
  HopSignature sign = HopSignature::kNone;
  Span sign_key;
  Span sign_region;
  Span sign_service;
};
static_assert(sizeof(DecisionHeader) == 228);

struct TextPairRecord {
  Span name;
  Span value;
};
static_assert(sizeof(TextPairRecord) == 16);

struct HeaderEditRecord {
  HeaderEditKind kind = HeaderEditKind::kRemove;
  Span name;
  Span value;
};
static_assert(sizeof(HeaderEditRecord) == 20);

namespace detail {

/// Appends texts behind the fixed part of an image that is `size` bytes long so far.
class ImageText {
 public:
  ImageText(char* image, std::uint32_t used) noexcept : image_(image), used_(used) {}

  [[nodiscard]] Span append(std::string_view text) noexcept {
    if (text.data() == nullptr) return Span{};
    if (!text.empty()) std::memcpy(image_ + used_, text.data(), text.size());
    const Span span{used_, static_cast<std::uint32_t>(text.size())};
    used_ += span.length;
    return span;
  }

 private:
  char* image_;
  std::uint32_t used_;
};

[[nodiscard]] inline std::size_t decision_image_size(const Decision& decision) noexcept {
  const RoleGrant& role = decision.role;
  std::size_t size = sizeof(DecisionHeader) + decision.headers.size() * sizeof(HeaderEditRecord) +
                     role.session_tags.size() * sizeof(TextPairRecord) +
                     decision.cache.surrogate_keys.size() * sizeof(Span);
  for (const std::string_view text :
       {decision.route, decision.rule, decision.origin, decision.nearest.rule, role.id, role.role_arn,
        role.session_name, decision.hop.shield, decision.hop.sign.key, decision.hop.sign.region,
        decision.hop.sign.service, decision.target, decision.cache.key, decision.rate.key, decision.answer.location}) {
    size += text.size();
  }
  for (const std::string_view surrogate : decision.cache.surrogate_keys) size += surrogate.size();
  for (const HeaderEdit& edit : decision.headers) size += edit.name.size() + edit.value.size();
  for (const SessionTag& tag : role.session_tags) size += tag.key.size() + tag.value.size();
  return size;
}

inline void add_shaping(DecisionHeader& header, const Decision& decision, ImageText& text) noexcept {
  header.shield = text.append(decision.hop.shield);
  header.connect_timeout_ms = decision.hop.connect_timeout_ms;
  header.first_byte_timeout_ms = decision.hop.first_byte_timeout_ms;
  header.between_bytes_timeout_ms = decision.hop.between_bytes_timeout_ms;
  header.cache_class = decision.cache.cache_class;
  header.cache_ttl_s = decision.cache.ttl_s;
  header.rate_limit = decision.rate.limit;
  header.rate_period_s = decision.rate.period_s;
  header.rate_burst = decision.rate.burst;
  header.target = text.append(decision.target);
  header.cache_key = text.append(decision.cache.key);
  header.rate_key = text.append(decision.rate.key);
  header.location = text.append(decision.answer.location);
  header.allow_methods = decision.answer.allow_methods;
  header.retry_after_s = decision.answer.retry_after_s;
  header.sign = decision.hop.sign.with;
  header.sign_key = text.append(decision.hop.sign.key);
  header.sign_region = text.append(decision.hop.sign.region);
  header.sign_service = text.append(decision.hop.sign.service);
}

[[nodiscard]] inline DecisionHeader decision_header(const Decision& decision, ImageText& text) noexcept {
  DecisionHeader header;
  header.effect = decision.effect;
  header.reason = decision.reason;
  header.http_status = decision.http_status();
  header.offset = decision.offset;
  header.route = text.append(decision.route);
  header.rule = text.append(decision.rule);
  header.origin = text.append(decision.origin);
  header.nearest_rule = text.append(decision.nearest.rule);
  header.nearest_dimension = decision.nearest.dimension;
  header.role_duration_s = decision.role.duration_s;
  header.role = text.append(decision.role.id);
  header.role_arn = text.append(decision.role.role_arn);
  header.role_session_name = text.append(decision.role.session_name);
  add_shaping(header, decision, text);
  return header;
}

/// Where the tables stand, in this order behind the fixed part, and then the texts.
struct DecisionTables {
  explicit DecisionTables(const Decision& decision) noexcept
      : edits{sizeof(DecisionHeader), static_cast<std::uint32_t>(decision.headers.size())},
        tags{behind(edits, sizeof(HeaderEditRecord)), static_cast<std::uint32_t>(decision.role.session_tags.size())},
        surrogates{behind(tags, sizeof(TextPairRecord)),
                   static_cast<std::uint32_t>(decision.cache.surrogate_keys.size())} {}

  [[nodiscard]] std::uint32_t end() const noexcept { return behind(surrogates, sizeof(Span)); }

  ImageTable edits;
  ImageTable tags;
  ImageTable surrogates;

 private:
  static std::uint32_t behind(ImageTable table, std::size_t record_size) noexcept {
    return table.offset + table.count * static_cast<std::uint32_t>(record_size);
  }
};

template <typename Record>
void put_record(char* image, ImageTable table, std::size_t row, const Record& record) noexcept {
  std::memcpy(image + table.offset + row * sizeof(Record), &record, sizeof(Record));
}

inline void put_decision_tables(char* image, const DecisionTables& tables, const Decision& decision,
                                ImageText& text) noexcept {
  for (std::size_t i = 0; i < decision.headers.size(); ++i) {
    const HeaderEdit& edit = decision.headers[i];
    const Span name = text.append(edit.name);
    put_record(image, tables.edits, i, HeaderEditRecord{edit.kind, name, text.append(edit.value)});
  }
  for (std::size_t i = 0; i < decision.role.session_tags.size(); ++i) {
    const SessionTag& tag = decision.role.session_tags[i];
    const Span name = text.append(tag.key);
    put_record(image, tables.tags, i, TextPairRecord{name, text.append(tag.value)});
  }
  for (std::size_t i = 0; i < decision.cache.surrogate_keys.size(); ++i) {
    put_record(image, tables.surrogates, i, text.append(decision.cache.surrogate_keys[i]));
  }
}

}  // namespace detail

/// Writes `decision` as a flat image into scratch. Equal Decisions give equal bytes on every platform;
/// golden vectors compare them. Empty when scratch is too small. Borrows scratch. Confined.
[[nodiscard]] inline std::string_view encode_decision(const Decision& decision, Arena& scratch) noexcept {
  const std::size_t size = detail::decision_image_size(decision);
  char* const image = size <= UINT32_MAX ? scratch.allocate<char>(size) : nullptr;
  if (image == nullptr) return {};
  const detail::DecisionTables tables(decision);
  detail::ImageText text(image, tables.end());
  DecisionHeader header = detail::decision_header(decision, text);
  header.size = static_cast<std::uint32_t>(size);
  header.headers = tables.edits;
  header.session_tags = tables.tags;
  header.surrogate_keys = tables.surrogates;
  std::memcpy(image, &header, sizeof(header));
  detail::put_decision_tables(image, tables, decision, text);
  return {image, size};
}

}  // namespace ostiary
