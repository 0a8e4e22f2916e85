// What a verified credential proves, as one flat image that every host can hold and pass on.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/image.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/core/result.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace ostiary {

/// The shapes of a claim that policy can speak about.
enum class ClaimKind : std::uint32_t {
  kText = 1,     ///< a JSON string
  kInteger = 2,  ///< a JSON number that is a 64-bit integer
  kBoolean = 3,
  kTextSet = 4,  ///< an array of strings; order and repetition carry no meaning
  kOther = 5,    ///< present, but of a shape no rule can match (object, null, fraction, mixed array)
};

/// One claim inside an Identity image. Offsets count from the start of the image.
struct ClaimRecord {
  Span name;
  ClaimKind kind = ClaimKind::kOther;
  std::uint32_t reserved = 0;
  Span text;                 ///< kText: the string; kTextSet: offset and count of its Span table
  std::int64_t integer = 0;  ///< kInteger: the value; kBoolean: 0 or 1
};
static_assert(sizeof(ClaimRecord) == 32);

/// What the token demands of its sender (RFC 7800). kUnknown stands for any other or malformed cnf, which no sender
/// can satisfy.
enum class Confirmation : std::uint32_t { kNone = 0, kPresent = 1, kUnknown = 2 };

struct IdentityHeader {
  static constexpr std::uint32_t kMagic = 0x4449534fU;  // "OSID" in memory
  static constexpr std::uint32_t kFormat = 2;

  std::uint32_t magic = kMagic;
  std::uint32_t format = kFormat;
  std::uint32_t size = 0;  ///< of the whole image
  Confirmation confirmation = Confirmation::kNone;
  ImageTable claims;              ///< of ClaimRecord
  ImageTable scopes;              ///< of Span: the granted scopes, one each
  Span key_thumbprint{};          ///< cnf.jkt (RFC 9449 §6.1): 43 characters; absent span: not bound to a key
  Span certificate_thumbprint{};  ///< cnf.x5t#S256 (RFC 8705 §3.1): 43 characters; absent: not bound to one
};
static_assert(sizeof(IdentityHeader) == 48);

/// A read-only view over an Identity image. Borrows the image. Immutable.
/// A default-constructed Identity holds no claims and proves nothing.
class Identity {
 public:
  Identity() = default;

  /// Checks every offset once, so that no accessor can leave the image.
  /// Reasons: IDENTITY_IMAGE. Pure.
  [[nodiscard]] static Result<Identity> load(std::string_view image) noexcept {
    Identity identity;
    if (image.size() < sizeof(IdentityHeader) || image.size() > UINT32_MAX) return Reason::kIdentityImage;
    std::memcpy(&identity.header_, image.data(), sizeof(IdentityHeader));
    identity.image_ = image;
    if (!identity.well_formed()) return Reason::kIdentityImage;
    return identity;
  }

  [[nodiscard]] std::string_view image() const noexcept { return image_; }
  [[nodiscard]] std::uint32_t claim_count() const noexcept { return header_.claims.count; }
  [[nodiscard]] ClaimRecord claim(std::uint32_t index) const noexcept {
    return image_record<ClaimRecord>(image_, header_.claims, index);
  }
  [[nodiscard]] std::string_view text(Span span) const noexcept { return span.in(image_); }

  /// The name of claim `index`, without the rest of its record. Borrows the image.
  [[nodiscard]] std::string_view claim_name(std::uint32_t index) const noexcept {
    static_assert(offsetof(ClaimRecord, name) == 0);
    Span name;
    std::memcpy(&name, image_.data() + header_.claims.offset + std::size_t{index} * sizeof(ClaimRecord), sizeof(name));
    return std::string_view(image_.data() + name.offset, name.length);
  }

  /// Element `index` of a kTextSet claim. Borrows the image.
  [[nodiscard]] std::string_view element(const ClaimRecord& set, std::uint32_t index) const noexcept {
    return text(image_record<Span>(image_, {set.text.offset, set.text.length}, index));
  }

  /// The place of the claim of this name among the claims; UINT32_MAX when the token has none. Pure.
  [[nodiscard]] std::uint32_t find_place(std::string_view name) const noexcept {
    for (std::uint32_t i = 0; i < claim_count(); ++i) {
      if (equal_texts(claim_name(i), name)) return i;
    }
    return UINT32_MAX;
  }

  /// The claim of this name; false when the token has none, which is not an error. Pure.
  [[nodiscard]] bool find(std::string_view name, ClaimRecord& found) const noexcept {
    const std::uint32_t place = find_place(name);
    if (place != UINT32_MAX) found = claim(place);
    return place != UINT32_MAX;
  }

  /// The text of a kText claim, empty when absent or of another kind. Borrows the image.
  [[nodiscard]] std::string_view text_claim(std::string_view name) const noexcept {
    ClaimRecord record;
    return find(name, record) && record.kind == ClaimKind::kText ? text(record.text) : std::string_view();
  }

  [[nodiscard]] Confirmation confirmation() const noexcept { return header_.confirmation; }

  /// base64url of the SHA-256 that the sender's key (RFC 7638) or certificate must have; data() is nullptr when the
  /// token demands none. Borrows the image.
  [[nodiscard]] std::string_view key_thumbprint() const noexcept { return text(header_.key_thumbprint); }
  [[nodiscard]] std::string_view certificate_thumbprint() const noexcept {
    return text(header_.certificate_thumbprint);
  }

  [[nodiscard]] std::uint32_t scope_count() const noexcept { return header_.scopes.count; }
  [[nodiscard]] std::string_view scope(std::uint32_t index) const noexcept {
    return text(image_record<Span>(image_, header_.scopes, index));
  }
  [[nodiscard]] bool has_scope(std::string_view wanted) const noexcept {
    for (std::uint32_t i = 0; i < scope_count(); ++i) {
      if (equal_texts(scope(i), wanted)) return true;
    }
    return false;
  }

 private:
  [[nodiscard]] bool inside(Span span) const noexcept {
    return span.offset <= image_.size() && span.length <= image_.size() - span.offset;
  }

  [[nodiscard]] bool spans_inside(ImageTable table) const noexcept {
    if (!table_fits<Span>(table, image_.size())) return false;
    for (std::uint32_t i = 0; i < table.count; ++i) {
      if (!inside(image_record<Span>(image_, table, i))) return false;
    }
    return true;
  }

  [[nodiscard]] bool claim_well_formed(const ClaimRecord& record) const noexcept {
    if (!inside(record.name)) return false;
    switch (record.kind) {
      case ClaimKind::kText: return inside(record.text);
      case ClaimKind::kTextSet: return spans_inside({record.text.offset, record.text.length});
      case ClaimKind::kBoolean: return record.integer == 0 || record.integer == 1;
      case ClaimKind::kInteger:
      case ClaimKind::kOther: return true;
    }
    return false;
  }

  [[nodiscard]] bool confirmation_well_formed() const noexcept {
    const bool bound = header_.key_thumbprint.present() || header_.certificate_thumbprint.present();
    for (const Span span : {header_.key_thumbprint, header_.certificate_thumbprint}) {
      if (span.present() && !inside(span)) return false;
    }
    return header_.confirmation == (bound ? Confirmation::kPresent : Confirmation::kNone) ||
           (!bound && header_.confirmation == Confirmation::kUnknown);
  }

  [[nodiscard]] bool well_formed() const noexcept {
    if (header_.magic != IdentityHeader::kMagic || header_.format != IdentityHeader::kFormat ||
        header_.size != image_.size() || !confirmation_well_formed() || !spans_inside(header_.scopes) ||
        !table_fits<ClaimRecord>(header_.claims, image_.size())) {
      return false;
    }
    for (std::uint32_t i = 0; i < claim_count(); ++i) {
      if (!claim_well_formed(claim(i))) return false;
    }
    return true;
  }

  friend class IdentityParts;  // src/token: takes images that this library has just written

  std::string_view image_;
  IdentityHeader header_{.size = 0, .claims = {}, .scopes = {}};
};

}  // namespace ostiary
