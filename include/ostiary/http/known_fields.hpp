// Which of the known fields a name is: one multiplication, one comparison, no loop over the table.
#pragma once

#include <ostiary/http/known_field_table.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostiary {

/// A set of known fields. Plain data.
class FieldSet {
 public:
  constexpr void add(FieldId id) noexcept { words_[word(id)] |= bit(id); }
  [[nodiscard]] constexpr bool has(FieldId id) const noexcept { return (words_[word(id)] & bit(id)) != 0; }

 private:
  static constexpr std::size_t word(FieldId id) noexcept { return static_cast<std::size_t>(id) / 64; }
  static constexpr std::uint64_t bit(FieldId id) noexcept { return std::uint64_t{1} << static_cast<unsigned>(id) % 64; }

  std::uint64_t words_[2] = {0, 0};
};
static_assert(kFieldIdCount <= 128);

/// The table's row of a field. Static.
[[nodiscard]] constexpr const KnownField& known_field(FieldId id) noexcept {
  return kKnownFields[static_cast<std::size_t>(id)];
}

namespace detail {

/// What is looked up on every request, apart from the names, so that a guest does not carry those.
struct FieldKinds {
  std::array<Cardinality, kFieldIdCount> cardinality{};
  std::array<std::uint8_t, kFieldIdCount> traits{};
};

consteval FieldKinds field_kinds() {
  FieldKinds kinds;
  for (std::size_t row = 0; row < kFieldIdCount; ++row) {
    kinds.cardinality[row] = kKnownFields[row].cardinality;
    kinds.traits[row] = kKnownFields[row].traits;
  }
  return kinds;
}

inline constexpr FieldKinds kFieldKinds = field_kinds();

constexpr Cardinality cardinality_of(FieldId id) noexcept {
  return kFieldKinds.cardinality[static_cast<std::size_t>(id)];
}
constexpr std::uint8_t traits_of(FieldId id) noexcept { return kFieldKinds.traits[static_cast<std::size_t>(id)]; }

}  // namespace detail

[[nodiscard]] constexpr bool has_trait(FieldId id, FieldTrait trait) noexcept {
  return (detail::traits_of(id) & static_cast<std::uint8_t>(trait)) != 0;
}

namespace detail {

/// A name in lower case, padded with zeros, as little-endian words: what is hashed and compared.
using NameWords = std::array<std::uint64_t, kKnownNameSizeMax / 8>;

/// Every byte gets the bit that separates lower case from upper case. That is exact for letters, digits and the hyphen,
/// and no other token character becomes one of them.
inline constexpr unsigned char kCaseBit = 0x20;

constexpr NameWords name_words(std::string_view name) noexcept {
  NameWords words{};
  for (std::size_t i = 0; i < name.size(); ++i) {
    const std::uint64_t byte = static_cast<unsigned char>(name[i]) | kCaseBit;
    words[i / 8] |= byte << i % 8 * 8;
  }
  return words;
}

constexpr std::size_t name_hash(std::uint64_t first_word, std::uint64_t second_word, std::size_t size) noexcept {
  const std::uint64_t mixed = first_word + 3 * second_word + size;
  return static_cast<std::size_t>(mixed * kFieldHashMultiplier >> (64 - kFieldHashBits));
}

/// What the pass over the lines wants to know of a field, as bits that are gathered over all of them. The low bits are
/// those of FieldTrait.
enum FieldAccount : std::uint8_t {
  kMayRepeat = 1U << 4,
  kNeedsJudge = 1U << 5,  ///< judge_rare_fields looks at it
};

/// The tables of the look-up as one object: one register holds their address in the hottest loop there is.
struct NameTables {
  alignas(32) std::array<NameWords, kFieldIdCount> words{};            ///< of each name
  alignas(32) std::array<std::uint8_t, 2 * kKnownNameSizeMax> keep{};  ///< from 32 - n on: n ones, then zeros
  alignas(32) std::array<std::uint8_t, kKnownNameSizeMax> case_bits{};
  std::array<std::uint8_t, kFieldIdCount> accounts{};
};

consteval NameTables name_tables() {
  NameTables tables;
  for (std::size_t i = 0; i < kKnownNameSizeMax; ++i) {
    tables.keep[i] = 0xff;
    tables.case_bits[i] = kCaseBit;
  }
  for (std::size_t row = 0; row < kFieldIdCount; ++row) {
    tables.words[row] = name_words(kKnownFields[row].name);
    tables.accounts[row] = kKnownFields[row].traits;
    if (kKnownFields[row].cardinality == Cardinality::kList) tables.accounts[row] |= kMayRepeat;
  }
  for (const FieldId id :
       {FieldId::kExpect, FieldId::kUpgrade, FieldId::kRange, FieldId::kIfMatch, FieldId::kIfNoneMatch}) {
    tables.accounts[static_cast<std::size_t>(id)] |= kNeedsJudge;
  }
  return tables;
}

inline constexpr NameTables kNames = name_tables();

/// The field whose name has these words. An unknown name never has the words of row 0, because it is not empty.
constexpr FieldId find_words(const NameWords& words, std::size_t size) noexcept {
  const std::uint8_t row = kFieldHashSlots[name_hash(words[0], words[1], size)];
  const NameWords& known = kNames.words[row];
  const std::uint64_t difference =
      (known[0] ^ words[0]) | (known[1] ^ words[1]) | (known[2] ^ words[2]) | (known[3] ^ words[3]);
  return difference == 0 ? static_cast<FieldId>(row) : FieldId::kUnknown;
}

}  // namespace detail

/// The field of a name in any case, kUnknown when it is none of the table. `name` is a token. Pure.
[[nodiscard]] constexpr FieldId find_field(std::string_view name) noexcept {
  if (name.size() > detail::kKnownNameSizeMax) return FieldId::kUnknown;
  return detail::find_words(detail::name_words(name), name.size());
}

namespace detail {

/// Whether the name is that of a known field once its underscores are hyphens. It has an underscore.
constexpr bool is_alias_of_known_field(std::string_view name) noexcept {
  if (name.size() > kKnownNameSizeMax) return false;
  std::array<char, kKnownNameSizeMax> hyphens{};
  for (std::size_t i = 0; i < name.size(); ++i) hyphens[i] = name[i] == '_' ? '-' : name[i];
  return find_field(std::string_view(hyphens.data(), name.size())) != FieldId::kUnknown;
}

}  // namespace detail
}  // namespace ostiary
