// What the door must do with a request: all of it, and nothing else.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/image.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/header_edit.hpp>

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace ostiary {

enum class Effect : std::uint32_t { kDeny = 0, kAllow = 1 };

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

  [[nodiscard]] bool allowed() const noexcept { return effect == Effect::kAllow; }
  /// What the door answers when it does not forward: the registry's status for the Reason.
  [[nodiscard]] std::uint16_t http_status() const noexcept { return http_status_of(reason); }
};

/// The fixed part of a Decision image: the same Decision as bytes, equal on every host.
struct DecisionHeader {
  static constexpr std::uint32_t kMagic = 0x4344534fU;  // "OSDC" in memory
  static constexpr std::uint32_t kFormat = 1;

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
};
static_assert(sizeof(DecisionHeader) == 64);

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
  std::size_t size = sizeof(DecisionHeader) + decision.headers.size() * sizeof(HeaderEditRecord) +
                     decision.route.size() + decision.rule.size() + decision.origin.size();
  for (const HeaderEdit& edit : decision.headers) size += edit.name.size() + edit.value.size();
  return size;
}

}  // namespace detail

/// Writes `decision` as a flat image into scratch. Equal Decisions give equal bytes on every platform;
/// golden vectors compare them. Empty when scratch is too small. Borrows scratch. Confined.
[[nodiscard]] inline std::string_view encode_decision(const Decision& decision, Arena& scratch) noexcept {
  const std::size_t size = detail::decision_image_size(decision);
  char* const image = size <= UINT32_MAX ? scratch.allocate<char>(size) : nullptr;
  if (image == nullptr) return {};
  const auto edits = static_cast<std::uint32_t>(decision.headers.size());
  DecisionHeader header;
  header.size = static_cast<std::uint32_t>(size);
  header.effect = decision.effect;
  header.reason = decision.reason;
  header.http_status = decision.http_status();
  header.offset = decision.offset;
  header.headers = {sizeof(DecisionHeader), edits};
  detail::ImageText text(image, static_cast<std::uint32_t>(sizeof(DecisionHeader) + edits * sizeof(HeaderEditRecord)));
  header.route = text.append(decision.route);
  header.rule = text.append(decision.rule);
  header.origin = text.append(decision.origin);
  std::memcpy(image, &header, sizeof(header));
  for (std::uint32_t i = 0; i < edits; ++i) {
    const HeaderEdit& edit = decision.headers[i];
    const Span name = text.append(edit.name);
    const HeaderEditRecord record{edit.kind, name, text.append(edit.value)};
    std::memcpy(image + sizeof(DecisionHeader) + i * sizeof(HeaderEditRecord), &record, sizeof(record));
  }
  return {image, size};
}

}  // namespace ostiary
