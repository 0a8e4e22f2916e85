// What the door must do with a request: all of it, and nothing else.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/image.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/header_edit.hpp>
#include <ostiary/policy/predicate.hpp>

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
  RoleGrant role;                       ///< only when allowed
  NearestMiss nearest;                  ///< only for CREDENTIAL_MISSING and RULE_NO_MATCH

  [[nodiscard]] bool allowed() const noexcept { return effect == Effect::kAllow; }
  /// What the door answers when it does not forward: the registry's status for the Reason.
  [[nodiscard]] std::uint16_t http_status() const noexcept { return http_status_of(reason); }
};

/// The fixed part of a Decision image: the same Decision as bytes, equal on every host.
struct DecisionHeader {
  static constexpr std::uint32_t kMagic = 0x4344534fU;  // "OSDC" in memory
  static constexpr std::uint32_t kFormat = 2;

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
};
static_assert(sizeof(DecisionHeader) == 112);

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
                     role.session_tags.size() * sizeof(TextPairRecord);
  for (const std::string_view text : {decision.route, decision.rule, decision.origin, decision.nearest.rule, role.id,
                                      role.role_arn, role.session_name}) {
    size += text.size();
  }
  for (const HeaderEdit& edit : decision.headers) size += edit.name.size() + edit.value.size();
  for (const SessionTag& tag : role.session_tags) size += tag.key.size() + tag.value.size();
  return size;
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
  return header;
}

}  // namespace detail

/// Writes `decision` as a flat image into scratch. Equal Decisions give equal bytes on every platform;
/// golden vectors compare them. Empty when scratch is too small. Borrows scratch. Confined.
[[nodiscard]] inline std::string_view encode_decision(const Decision& decision, Arena& scratch) noexcept {
  const std::size_t size = detail::decision_image_size(decision);
  char* const image = size <= UINT32_MAX ? scratch.allocate<char>(size) : nullptr;
  if (image == nullptr) return {};
  const auto edits = static_cast<std::uint32_t>(decision.headers.size());
  const auto tags = static_cast<std::uint32_t>(decision.role.session_tags.size());
  const auto tag_offset = static_cast<std::uint32_t>(sizeof(DecisionHeader) + edits * sizeof(HeaderEditRecord));
  detail::ImageText text(image, tag_offset + tags * static_cast<std::uint32_t>(sizeof(TextPairRecord)));
  DecisionHeader header = detail::decision_header(decision, text);
  header.size = static_cast<std::uint32_t>(size);
  header.headers = {sizeof(DecisionHeader), edits};
  header.session_tags = {tag_offset, tags};
  std::memcpy(image, &header, sizeof(header));
  for (std::uint32_t i = 0; i < edits; ++i) {
    const HeaderEdit& edit = decision.headers[i];
    const Span name = text.append(edit.name);
    const HeaderEditRecord record{edit.kind, name, text.append(edit.value)};
    std::memcpy(image + sizeof(DecisionHeader) + i * sizeof(HeaderEditRecord), &record, sizeof(record));
  }
  for (std::uint32_t i = 0; i < tags; ++i) {
    const SessionTag& tag = decision.role.session_tags[i];
    const Span name = text.append(tag.key);
    const TextPairRecord record{name, text.append(tag.value)};
    std::memcpy(image + tag_offset + i * sizeof(TextPairRecord), &record, sizeof(record));
  }
  return {image, size};
}

}  // namespace ostiary
