#include "token/claims.hpp"

#include <cstddef>
#include <cstdint>

namespace ostiary {

namespace {

using adapt::JsonValue;

struct KnownName {
  std::string_view name;
  ClaimId id;
};

constexpr std::array<KnownName, kClaimIdCount> kKnownNames{{
    {"iss", ClaimId::kIss},       {"sub", ClaimId::kSub},      {"aud", ClaimId::kAud},
    {"exp", ClaimId::kExp},       {"nbf", ClaimId::kNbf},      {"iat", ClaimId::kIat},
    {"jti", ClaimId::kJti},       {"scp", ClaimId::kScp},      {"azp", ClaimId::kAzp},
    {"sid", ClaimId::kSid},       {"txn", ClaimId::kTxn},      {"htm", ClaimId::kHtm},
    {"htu", ClaimId::kHtu},       {"scope", ClaimId::kScope},  {"nonce", ClaimId::kNonce},
    {"c_hash", ClaimId::kCHash},  {"s_hash", ClaimId::kSHash}, {"at_hash", ClaimId::kAtHash},
    {"events", ClaimId::kEvents}, {"req_wl", ClaimId::kReqWl}, {"client_id", ClaimId::kClientId},
}};

/// Known names by the start of the name: each has a slot of its own, so that one comparison tells.
struct NameTable {
  static constexpr unsigned kBits = 6;

  struct Slot {
    /// A name of up to eight bytes is its start and its size.
    [[nodiscard]] constexpr bool is_of(const JsonValue& member) const noexcept {
      return start == member.key_start && size == member.key.size() && (size <= 8 || name == member.key);
    }

    std::uint64_t start = 0;
    std::size_t size = SIZE_MAX;  ///< of an empty slot: no name has it
    std::string_view name;
    ClaimId id = ClaimId::kIss;
  };

  [[nodiscard]] constexpr Slot& slot(std::uint64_t start) noexcept { return slots[start * factor >> (64 - kBits)]; }
  [[nodiscard]] constexpr const Slot& slot(std::uint64_t start) const noexcept {
    return slots[start * factor >> (64 - kBits)];
  }

  std::uint64_t factor = 0;
  std::array<Slot, 1U << kBits> slots{};
};

consteval std::uint64_t start_of(std::string_view name) {
  std::uint64_t start = 0;
  for (std::size_t i = 0; i < name.size() && i < 8; ++i) {
    start |= std::uint64_t{static_cast<unsigned char>(name[i])} << 8 * i;
  }
  return start;
}

consteval bool fill(NameTable& table, std::uint64_t factor) {
  table = {};
  table.factor = factor;
  for (const KnownName& known : kKnownNames) {
    NameTable::Slot& slot = table.slot(start_of(known.name));
    if (slot.size != SIZE_MAX) return false;
    slot = {start_of(known.name), known.name.size(), known.name, known.id};
  }
  return true;
}

consteval NameTable name_table() {
  NameTable table;
  std::uint64_t factor = 0x9e3779b97f4a7c15U;
  while (!fill(table, factor)) factor += 0x5851f42d4c957f2eU;  // stays odd
  return table;
}

constexpr NameTable kNameTable = name_table();

}  // namespace

Claims::Claims(std::span<const JsonValue> values) noexcept {
  for (std::size_t i = 1; i < values.size(); i = values[i].end) {
    const JsonValue& value = values[i];
    const NameTable::Slot& slot = kNameTable.slot(value.key_start);
    if (slot.is_of(value)) places_[static_cast<std::size_t>(slot.id)] = &value;
  }
}

}  // namespace ostiary
