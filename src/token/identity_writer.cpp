#include "token/identity_writer.hpp"

#include <ostiary/core/base64url.hpp>
#include <ostiary/core/bytes.hpp>
#include <ostiary/core/image.hpp>
#include <ostiary/token/identity.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ostiary {

namespace {

using adapt::JsonKind;
using adapt::JsonValue;

/// Fills the memory front to back. Once something did not fit, the image is not good.
class ImageWriter {
 public:
  explicit ImageWriter(std::span<char> memory) noexcept : memory_(memory) {}

  [[nodiscard]] bool good() const noexcept { return good_; }
  [[nodiscard]] std::uint32_t size() const noexcept { return used_; }

  std::uint32_t take(std::size_t bytes) noexcept {
    const std::uint32_t offset = used_;
    if (bytes > memory_.size() - used_) {
      good_ = false;
    } else {
      used_ += static_cast<std::uint32_t>(bytes);
    }
    return offset;
  }

  /// Copies all texts of the token at once; place_of then knows each of them.
  void put_texts(std::string_view texts) noexcept {
    texts_ = texts;
    texts_offset_ = take(texts.size());
    if (good_) std::copy_n(texts.data(), texts.size(), memory_.data() + texts_offset_);
  }

  [[nodiscard]] Span place_of(std::string_view text) noexcept {
    const auto offset = reinterpret_cast<std::uintptr_t>(text.data()) - reinterpret_cast<std::uintptr_t>(texts_.data());
    if (offset > texts_.size() || text.size() > texts_.size() - offset) {
      good_ = false;
      return {};
    }
    return {texts_offset_ + static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(text.size())};
  }

  template <typename Record>
  void put(std::size_t offset, const Record& record) noexcept {
    if (good_) std::memcpy(memory_.data() + offset, &record, sizeof(Record));
  }

  void put_span(std::size_t offset, Span span) noexcept {
    put(offset + offsetof(Span, offset), span.offset);
    put(offset + offsetof(Span, length), span.length);
  }

  template <typename Record>
  [[nodiscard]] ImageTable table(std::size_t count) noexcept {
    return {take(count * sizeof(Record)), static_cast<std::uint32_t>(count)};
  }

  template <typename Record>
  void put(ImageTable table, std::uint32_t index, const Record& record) noexcept {
    put(table.offset + std::size_t{index} * sizeof(Record), record);
  }

  [[nodiscard]] std::string_view written() const noexcept { return {memory_.data(), used_}; }

 private:
  std::span<char> memory_;
  std::string_view texts_;
  std::uint32_t texts_offset_ = 0;
  std::uint32_t used_ = 0;
  bool good_ = true;
};

bool holds_only_text(std::span<const JsonValue> values, std::size_t array) noexcept {
  for (std::size_t i = array + 1; i < values[array].end; i = values[i].end) {
    if (values[i].kind != JsonKind::kText) return false;
  }
  return true;
}

Span write_text_set(ImageWriter& image, std::span<const JsonValue> values, std::size_t array) noexcept {
  const ImageTable table = image.table<Span>(values[array].count);
  std::uint32_t element = 0;
  for (std::size_t i = array + 1; i < values[array].end; i = values[i].end) {
    image.put(table, element++, image.place_of(values[i].text));
  }
  return {table.offset, table.count};
}

/// What is remembered of a claim to find the scopes in it.
struct ClaimPlace {
  ClaimKind kind = ClaimKind::kOther;
  Span text;
};

// The record is stored member by member: one that was put together in memory would be read before it has arrived there.
ClaimPlace write_claim(ImageWriter& image, std::span<const JsonValue> values, std::size_t index,
                       std::size_t place) noexcept {
  const JsonValue& value = values[index];
  ClaimPlace claim;
  std::int64_t integer = 0;
  switch (value.kind) {
    case JsonKind::kText: claim = {ClaimKind::kText, image.place_of(value.text)}; break;
    case JsonKind::kInteger:
      claim.kind = ClaimKind::kInteger;
      integer = value.integer;
      break;
    case JsonKind::kBoolean:
      claim.kind = ClaimKind::kBoolean;
      integer = value.boolean ? 1 : 0;
      break;
    case JsonKind::kArray:
      if (holds_only_text(values, index)) claim = {ClaimKind::kTextSet, write_text_set(image, values, index)};
      break;
    case JsonKind::kNull:
    case JsonKind::kNumber:
    case JsonKind::kObject: break;
  }
  image.put_span(place + offsetof(ClaimRecord, name), image.place_of(value.key));
  image.put(place + offsetof(ClaimRecord, kind), claim.kind);
  image.put(place + offsetof(ClaimRecord, reserved), std::uint32_t{0});
  image.put_span(place + offsetof(ClaimRecord, text), claim.text);
  image.put(place + offsetof(ClaimRecord, integer), integer);
  return claim;
}

// RFC 6749 §3.3: scope tokens separated by spaces. An empty token grants nothing and is not counted.
ImageTable write_split_scopes(ImageWriter& image, Span scope) noexcept {
  const std::string_view text = scope.in(image.written());
  ImageTable table{image.size(), 0};
  std::size_t start = 0;
  while (start < text.size() && image.good()) {
    const std::size_t space = std::min(text.find(' ', start), text.size());
    if (space > start) {
      const std::uint32_t place = image.take(sizeof(Span));
      image.put(place,
                Span{scope.offset + static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(space - start)});
      ++table.count;
    }
    start = space + 1;
  }
  return table;
}

ImageTable write_scopes(ImageWriter& image, const ClaimPlace& source) noexcept {
  switch (source.kind) {
    case ClaimKind::kText: return write_split_scopes(image, source.text);
    case ClaimKind::kTextSet: return {source.text.offset, source.text.length};
    case ClaimKind::kInteger:
    case ClaimKind::kBoolean:
    case ClaimKind::kOther: break;
  }
  return {image.size(), 0};
}

// 32 bytes in the one spelling that base64url has for them.
bool is_thumbprint(const JsonValue& value) noexcept {
  std::array<char, 32> bytes;
  return value.kind == JsonKind::kText && value.text.size() == 43 && base64url_decode(value.text, bytes);
}

/// What the sender must hold; the views borrow the values.
struct Demand {
  Confirmation confirmation = Confirmation::kNone;
  std::string_view key{};
  std::string_view certificate{};
};

// RFC 7800 §3.1 lets a verifier ignore what it does not understand in cnf. Here that refuses the token instead: its
// issuer wanted a proof that nobody would ask for.
Demand read_confirmation(std::span<const JsonValue> values, std::size_t cnf) noexcept {
  Demand demand;
  if (values[cnf].kind != JsonKind::kObject || values[cnf].count == 0) return {.confirmation = Confirmation::kUnknown};
  for (std::size_t i = cnf + 1; i < values[cnf].end; i = values[i].end) {
    const bool is_key = values[i].key == "jkt";
    const bool known = is_key || values[i].key == "x5t#S256";
    if (!known || !is_thumbprint(values[i])) return {.confirmation = Confirmation::kUnknown};
    (is_key ? demand.key : demand.certificate) = values[i].text;
  }
  demand.confirmation = Confirmation::kPresent;
  return demand;
}

void write_confirmation(ImageWriter& image, const Demand& demand, IdentityHeader& header) noexcept {
  header.confirmation = demand.confirmation;
  if (!demand.key.empty()) header.key_thumbprint = image.place_of(demand.key);
  if (!demand.certificate.empty()) header.certificate_thumbprint = image.place_of(demand.certificate);
}

}  // namespace

std::size_t identity_size_max(const Limits& limits) noexcept {
  const std::size_t payload = base64url_decoded_size(limits.token_size_max);
  const std::size_t values = limits.token_json_values_max;
  // A value is a claim or an element of one. Unescaping never makes text longer (\u needs six bytes for at
  // most three), so all texts together fit where the payload did, and a scope takes at least two bytes of them.
  return sizeof(IdentityHeader) + values * std::max(sizeof(ClaimRecord), sizeof(Span)) + payload +
         (payload / 2 + 1) * sizeof(Span);
}

std::string_view write_identity(std::span<const JsonValue> values, std::string_view texts,
                                std::span<char> memory) noexcept {
  ImageWriter image(memory);
  IdentityHeader header;
  image.take(sizeof(IdentityHeader));
  header.claims = image.table<ClaimRecord>(values[0].count);
  image.put_texts(texts);

  ClaimPlace scope;
  bool has_scope = false;
  Demand demand;
  std::size_t place = header.claims.offset;
  for (std::size_t i = 1; i < values.size(); i = values[i].end) {
    const ClaimPlace claim = write_claim(image, values, i, place);
    place += sizeof(ClaimRecord);
    const std::string_view name = values[i].key;
    if (name == "scope" || (name == "scp" && !has_scope)) scope = claim;
    has_scope = has_scope || name == "scope";
    if (name == "cnf") demand = read_confirmation(values, i);
  }
  header.scopes = write_scopes(image, scope);
  write_confirmation(image, demand, header);
  header.size = image.size();
  image.put(0, header);
  return image.good() ? image.written() : std::string_view();
}

}  // namespace ostiary
