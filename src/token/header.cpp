#include "token/header.hpp"

#include <ostiary/core/base64url.hpp>
#include <ostiary/core/bytes.hpp>

#include <algorithm>
#include <cstring>

namespace ostiary {

namespace {

using adapt::JsonFault;
using adapt::JsonKind;
using adapt::JsonReader;
using adapt::JsonValue;

constexpr std::size_t kRemembered = 4;

struct Members {
  const JsonValue* alg = nullptr;
  const JsonValue* kid = nullptr;
  const JsonValue* typ = nullptr;
  const JsonValue* cty = nullptr;
  bool critical = false;
  bool encryption = false;
};

// Members of encrypted tokens (RFC 7516 §4.1, RFC 7518 §4.1). In a signature they can only confuse someone.
constexpr std::array<std::string_view, 9> kEncryptionMembers{"zip", "enc", "epk", "p2c", "p2s",
                                                             "apu", "apv", "iv",  "tag"};

Members sort_members(std::span<const JsonValue> values) noexcept {
  Members members;
  for (std::size_t i = 1; i < values.size(); i = values[i].end) {
    const std::string_view name = values[i].key;
    if (name == "alg") members.alg = &values[i];
    if (name == "kid") members.kid = &values[i];
    if (name == "typ") members.typ = &values[i];
    if (name == "cty") members.cty = &values[i];
    // RFC 7515 §4.1.11: no extension is understood here, so crit in any form refuses the token; b64 changes
    // what is signed and counts as critical even when nobody says so (RFC 7797 §6).
    if (name == "crit" || name == "b64") members.critical = true;
    if (std::find(kEncryptionMembers.begin(), kEncryptionMembers.end(), name) != kEncryptionMembers.end()) {
      members.encryption = true;
    }
  }
  return members;
}

std::string_view without_application(std::string_view type) noexcept {
  constexpr std::string_view kPrefix = "application/";
  if (equals_ignoring_case(type.substr(0, kPrefix.size()), kPrefix)) type.remove_prefix(kPrefix.size());
  return type;
}

struct TypeName {
  std::string_view name;
  TokenType type;
};

constexpr std::array<TypeName, 5> kTypeNames{{{"jwt", TokenType::kJwt},
                                              {"at+jwt", TokenType::kAccessToken},
                                              {"logout+jwt", TokenType::kLogoutToken},
                                              {"txntoken+jwt", TokenType::kTransactionToken},
                                              {"dpop+jwt", TokenType::kDpopProof}}};

TokenType type_of(const JsonValue* typ) noexcept {
  if (typ == nullptr) return TokenType::kAbsent;
  const std::string_view name = without_application(typ->text);
  for (const TypeName& known : kTypeNames) {
    if (equals_ignoring_case(name, known.name)) return known.type;
  }
  return TokenType::kOther;
}

bool is_text_or_absent(const JsonValue* value) noexcept { return value == nullptr || value->kind == JsonKind::kText; }

Result<Header> check_members(const Members& members, const Limits& limits) noexcept {
  if (members.alg == nullptr || members.alg->kind != JsonKind::kText) return Reason::kTokenAlgorithmMissing;
  const AlgorithmSet algorithms = algorithms_of_header(members.alg->text);
  if (algorithms.empty()) return Reason::kTokenAlgorithmRefused;
  if (members.critical) return Reason::kTokenCritical;
  const bool texts = is_text_or_absent(members.kid) && is_text_or_absent(members.typ) && is_text_or_absent(members.cty);
  const bool key_id_fits = members.kid == nullptr || members.kid->text.size() <= limits.key_id_size_max;
  if (!texts || !key_id_fits || members.encryption) return Reason::kTokenHeaderMember;
  Header header;
  header.algorithms = algorithms;
  header.type = type_of(members.typ);
  header.is_nested = members.cty != nullptr && equals_ignoring_case(without_application(members.cty->text), "jwt");
  if (members.kid != nullptr) header.key_id = members.kid->text;
  return header;
}

}  // namespace

Result<std::span<const JsonValue>> read_object(std::string_view part, JsonReader& reader, Reason malformed) noexcept {
  const std::span<char> bytes = reader.buffer(base64url_decoded_size(part.size()));
  if (bytes.empty()) return Reason::kNoMemory;
  if (!base64url_decode(part, bytes)) return Reason::kTokenBase64;
  const adapt::JsonResult parsed = reader.read_in_place(bytes.size());
  switch (parsed.fault) {
    case JsonFault::kNone: break;
    case JsonFault::kSyntax: return malformed;
    case JsonFault::kDuplicate: return Reason::kTokenDuplicateMember;
    case JsonFault::kLimit: return Reason::kTokenJsonLimit;
  }
  if (parsed.values[0].kind != JsonKind::kObject) return malformed;
  return parsed.values;
}

Result<Header> read_header(std::string_view part, JsonReader& reader, const Limits& limits) noexcept {
  const auto values = read_object(part, reader, Reason::kTokenHeaderJson);
  if (!values) return values.error();
  Result<Header> header = check_members(sort_members(*values), limits);
  header.value().values = *values;
  return header;
}

HeaderMemory::Slot::Slot(const Limits& limits)
    : reader({.size_max = limits.token_header_size_max,
              .depth_max = limits.token_json_depth_max,
              .values_max = limits.token_header_values_max,
              .preallocate = true}),
      text((std::size_t{limits.token_header_size_max} + 2) / 3 * 4) {}

HeaderMemory::HeaderMemory(const Limits& limits) {
  slots_.reserve(kRemembered);
  for (std::size_t i = 0; i < kRemembered; ++i) slots_.emplace_back(limits);
  complete_ = true;
}

Result<Header> HeaderMemory::read(std::string_view part, const Limits& limits) noexcept {
  for (const Slot& slot : slots_) {
    if (slot.size == part.size() && std::memcmp(slot.text.data(), part.data(), part.size()) == 0) return slot.header;
  }
  Slot& slot = slots_[next_];
  slot.size = 0;
  const Result<Header> header = read_header(part, slot.reader, limits);
  if (!header || part.size() > slot.text.size()) return header;
  std::copy_n(part.data(), part.size(), slot.text.data());
  slot.size = part.size();
  slot.header = *header;
  next_ = (next_ + 1) % slots_.size();
  return header;
}

}  // namespace ostiary
