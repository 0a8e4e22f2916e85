#include "adapt/crypto.hpp"
#include "adapt/json.hpp"
#include "token/key_set_parts.hpp"

#include <ostiary/core/base64url.hpp>
#include <ostiary/token/key_set.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ostiary {

namespace {

using adapt::JsonFault;
using adapt::JsonKind;
using adapt::JsonReader;
using adapt::JsonValue;
using adapt::PublicKey;

constexpr Error kNoError{Reason::kOk, 0};

// Private and symmetric material of every registered key type (RFC 7518 §6.2.2, §6.3.2, §6.4.1,
// RFC 8037 §2, RFC 9964 §3).
constexpr std::array<std::string_view, 9> kPrivateMembers{"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"};

// The primes of the ROCA fingerprint: moduli of the broken generator are powers of 65537 modulo each of
// them (CVE-2017-15361), which one modulus in 2^27 is by chance.
constexpr std::array<std::uint32_t, 38> kSmallPrimes{3,   5,   7,   11,  13,  17,  19,  23,  29,  31,  37,  41,  43,
                                                     47,  53,  59,  61,  67,  71,  73,  79,  83,  89,  97,  101, 103,
                                                     107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167};

constexpr bool is_power_of_65537(std::uint32_t residue, std::uint32_t prime) noexcept {
  std::uint32_t power = 1;
  for (std::uint32_t i = 0; i < prime; ++i) {
    if (power == residue) return true;
    power = power * (65537 % prime) % prime;
  }
  return false;
}

std::uint32_t residue_of(std::string_view big_endian, std::uint32_t prime) noexcept {
  std::uint32_t residue = 0;
  for (const char c : big_endian) residue = (residue * 256 + static_cast<unsigned char>(c)) % prime;
  return residue;
}

bool is_weak_modulus(std::string_view modulus) noexcept {
  bool broken_generator = true;
  for (const std::uint32_t prime : kSmallPrimes) {
    const std::uint32_t residue = residue_of(modulus, prime);
    if (residue == 0) return true;
    broken_generator = broken_generator && is_power_of_65537(residue, prime);
  }
  return broken_generator;
}

std::size_t bit_length(std::string_view big_endian) noexcept {
  const auto leading = static_cast<unsigned>(static_cast<unsigned char>(big_endian.front()));
  return (big_endian.size() - 1) * 8 + static_cast<std::size_t>(std::bit_width(leading));
}

bool is_odd(std::string_view big_endian) noexcept { return (static_cast<unsigned char>(big_endian.back()) & 1U) != 0; }

Reason reason_of(JsonFault fault) noexcept {
  switch (fault) {
    case JsonFault::kNone: return Reason::kOk;
    case JsonFault::kSyntax: return Reason::kKeysJson;
    case JsonFault::kDuplicate: return Reason::kKeysDuplicateMember;
    case JsonFault::kLimit: return Reason::kKeysLimit;
  }
  return Reason::kInternal;
}

Algorithm algorithm_of(const PublicKey& key) noexcept {
  switch (key.scheme()) {
    case adapt::SignatureScheme::kEcdsaP256Sha256: return Algorithm::kEs256;
    case adapt::SignatureScheme::kEd25519: return Algorithm::kEdDsa;
    case adapt::SignatureScheme::kNone:
    case adapt::SignatureScheme::kRsaPkcs1Sha256: break;
  }
  return Algorithm::kRs256;
}

bool is_text(const JsonValue* value, std::string_view text) noexcept {
  return value != nullptr && value->kind == JsonKind::kText && value->text == text;
}

/// One member of the array `keys`.
class JwkImport {
 public:
  JwkImport(std::span<const JsonValue> values, std::uint32_t index, const Limits& limits) noexcept
      : values_(values), index_(index), limits_(limits) {}

  [[nodiscard]] Error private_material() const noexcept;
  [[nodiscard]] Error run(PublicKey& key) const;
  [[nodiscard]] const JsonValue* member(std::string_view name) const noexcept {
    return adapt::find_member(values_, index_, name);
  }

 private:
  [[nodiscard]] const JsonValue& object() const noexcept { return values_[index_]; }
  [[nodiscard]] Error fault(Reason reason, const JsonValue* place) const noexcept {
    return {reason, (place != nullptr ? *place : object()).offset};
  }

  [[nodiscard]] Error check_use() const noexcept;
  [[nodiscard]] Error check_operations() const noexcept;
  [[nodiscard]] Error check_key_id() const noexcept;
  [[nodiscard]] Error check_algorithm(Algorithm algorithm) const noexcept;
  [[nodiscard]] Error check_modulus(std::string_view modulus) const noexcept;
  [[nodiscard]] Error check_exponent(std::string_view exponent) const noexcept;
  [[nodiscard]] std::optional<std::string> decoded(std::string_view name) const;
  [[nodiscard]] Error keep(Result<PublicKey> made, const JsonValue* place, PublicKey& key) const noexcept;
  [[nodiscard]] Error import_rsa(PublicKey& key) const;
  [[nodiscard]] Error import_p256(PublicKey& key) const;
  [[nodiscard]] Error import_ed25519(PublicKey& key) const;

  std::span<const JsonValue> values_;
  std::uint32_t index_;
  const Limits& limits_;
};

Error JwkImport::private_material() const noexcept {
  if (is_text(member("kty"), "oct")) return fault(Reason::kKeyPrivate, member("kty"));
  for (const std::string_view name : kPrivateMembers) {
    if (const JsonValue* found = member(name)) return {Reason::kKeyPrivate, found->key_offset};
  }
  return kNoError;
}

Error JwkImport::check_use() const noexcept {
  const JsonValue* use = member("use");
  return use == nullptr || is_text(use, "sig") ? kNoError : fault(Reason::kKeyUse, use);
}

Error JwkImport::check_operations() const noexcept {
  const JsonValue* operations = member("key_ops");
  if (operations == nullptr) return kNoError;
  bool verify = false;
  if (operations->kind != JsonKind::kArray) return fault(Reason::kKeyUse, operations);
  const auto first = static_cast<std::size_t>(operations - values_.data()) + 1;
  for (std::size_t i = first; i < operations->end; i = values_[i].end) {
    if (values_[i].kind != JsonKind::kText) return fault(Reason::kKeyUse, &values_[i]);
    verify = verify || values_[i].text == "verify";
  }
  return verify ? kNoError : fault(Reason::kKeyUse, operations);
}

Error JwkImport::check_key_id() const noexcept {
  const JsonValue* key_id = member("kid");
  if (key_id == nullptr) return kNoError;
  const bool good = key_id->kind == JsonKind::kText && key_id->text.size() <= limits_.key_id_size_max;
  return good ? kNoError : fault(Reason::kKeyMember, key_id);
}

Error JwkImport::check_algorithm(Algorithm algorithm) const noexcept {
  const JsonValue* named = member("alg");
  if (named == nullptr) return kNoError;
  const bool good = named->kind == JsonKind::kText && parse_algorithm(named->text) == algorithm;
  return good ? kNoError : fault(Reason::kKeyAlgorithm, named);
}

/// The bytes of a base64url member; nothing when it is missing or not canonical (RFC 7518 §2).
std::optional<std::string> JwkImport::decoded(std::string_view name) const {
  const JsonValue* value = member(name);
  if (value == nullptr || value->kind != JsonKind::kText || value->text.empty()) return std::nullopt;
  std::string bytes(base64url_decoded_size(value->text.size()), '\0');
  if (!base64url_decode(value->text, bytes)) return std::nullopt;
  return bytes;
}

Error JwkImport::check_modulus(std::string_view modulus) const noexcept {
  const JsonValue* place = member("n");
  // RFC 7518 §6.3.1.1: the minimum number of octets.
  if (modulus.front() == '\0') return fault(Reason::kKeyMember, place);
  const std::size_t bits = bit_length(modulus);
  if (bits < limits_.rsa_bits_min || bits > limits_.rsa_bits_max || !is_odd(modulus)) {
    return fault(Reason::kKeyRsaSize, place);
  }
  return is_weak_modulus(modulus) ? fault(Reason::kKeyWeak, place) : kNoError;
}

// An exponent as long as the modulus would make each verification a hundred times as dear.
Error JwkImport::check_exponent(std::string_view exponent) const noexcept {
  const JsonValue* place = member("e");
  if (exponent.front() == '\0') return fault(Reason::kKeyMember, place);
  const bool good = exponent.size() <= 4 && is_odd(exponent) && bit_length(exponent) >= 2;
  return good ? kNoError : fault(Reason::kKeyRsaExponent, place);
}

Error JwkImport::keep(Result<PublicKey> made, const JsonValue* place, PublicKey& key) const noexcept {
  if (!made) return fault(made.reason(), place);
  key = std::move(made).value();
  return kNoError;
}

Error JwkImport::import_rsa(PublicKey& key) const {
  if (const Error error = check_algorithm(Algorithm::kRs256); error != kNoError) return error;
  const std::optional<std::string> modulus = decoded("n");
  if (!modulus) return fault(Reason::kKeyMember, member("n"));
  const std::optional<std::string> exponent = decoded("e");
  if (!exponent) return fault(Reason::kKeyMember, member("e"));
  if (const Error error = check_modulus(*modulus); error != kNoError) return error;
  if (const Error error = check_exponent(*exponent); error != kNoError) return error;
  return keep(PublicKey::rsa(*modulus, *exponent), nullptr, key);
}

Error JwkImport::import_p256(PublicKey& key) const {
  if (!is_text(member("crv"), "P-256")) return fault(Reason::kKeyCurve, member("crv"));
  if (const Error error = check_algorithm(Algorithm::kEs256); error != kNoError) return error;
  const std::optional<std::string> x = decoded("x");
  if (!x) return fault(Reason::kKeyMember, member("x"));
  const std::optional<std::string> y = decoded("y");
  if (!y) return fault(Reason::kKeyMember, member("y"));
  return keep(PublicKey::p256(*x, *y), member("x"), key);
}

Error JwkImport::import_ed25519(PublicKey& key) const {
  if (!is_text(member("crv"), "Ed25519")) return fault(Reason::kKeyCurve, member("crv"));
  if (const Error error = check_algorithm(Algorithm::kEdDsa); error != kNoError) return error;
  const std::optional<std::string> x = decoded("x");
  if (!x) return fault(Reason::kKeyMember, member("x"));
  return keep(PublicKey::ed25519(*x), member("x"), key);
}

Error JwkImport::run(PublicKey& key) const {
  if (object().kind != JsonKind::kObject) return fault(Reason::kKeyMember, nullptr);
  const JsonValue* type = member("kty");
  const bool rsa = is_text(type, "RSA");
  const bool ec = is_text(type, "EC");
  if (!rsa && !ec && !is_text(type, "OKP")) return fault(Reason::kKeyType, type);
  for (const Error& error : {check_use(), check_operations(), check_key_id()}) {
    if (error != kNoError) return error;
  }
  return rsa ? import_rsa(key) : ec ? import_p256(key) : import_ed25519(key);
}

}  // namespace

/// One JWK Set. The order is: what condemns the whole set, then key by key, then kid against kid.
class KeySetImport {
 public:
  KeySetImport(std::span<const JsonValue> values, const Limits& limits) noexcept : values_(values), limits_(limits) {}

  [[nodiscard]] Error run(KeySet::Impl& set) {
    const JsonValue* keys = adapt::find_member(values_, 0, "keys");
    if (keys == nullptr || keys->kind != JsonKind::kArray) return {Reason::kKeysJson, 0};
    if (keys->count > limits_.key_count_max) return {Reason::kKeysLimit, keys->offset};
    const auto array = static_cast<std::uint32_t>(keys - values_.data());
    if (const Error error = refuse_private(array); error != kNoError) return error;
    set.key_ids.reserve(keys->count);
    std::uint32_t position = 0;
    for (std::uint32_t i = array + 1; i < keys->end; i = values_[i].end) {
      if (const Error error = import_key(set, i, position++); error != kNoError) return error;
    }
    return set.entries.empty() ? Error{Reason::kKeysEmpty, keys->offset} : kNoError;
  }

 private:
  [[nodiscard]] Error refuse_private(std::uint32_t array) const noexcept {
    for (std::uint32_t i = array + 1; i < values_[array].end; i = values_[i].end) {
      if (const Error error = JwkImport(values_, i, limits_).private_material(); error != kNoError) return error;
    }
    return kNoError;
  }

  [[nodiscard]] Error import_key(KeySet::Impl& set, std::uint32_t index, std::uint32_t position) const {
    const JwkImport import(values_, index, limits_);
    PublicKey key;
    const Error error = import.run(key);
    if (error.reason == Reason::kNoMemory) return error;

    const JsonValue* key_id = import.member("kid");
    const bool readable =
        key_id != nullptr && key_id->kind == JsonKind::kText && key_id->text.size() <= limits_.key_id_size_max;
    std::string_view kept_id;
    if (readable) kept_id = set.key_ids.emplace_back(key_id->text);
    if (error != kNoError) {
      set.skipped.push_back({position, error.offset, error.reason, kept_id});
      return kNoError;
    }
    if (readable && holds(set, kept_id)) return {Reason::kKeysDuplicateId, key_id->offset};
    const KeySet::KeyInfo info{readable, kept_id, algorithm_of(key), key.bits()};
    set.entries.push_back({info, std::move(key)});
    return kNoError;
  }

  [[nodiscard]] static bool holds(const KeySet::Impl& set, std::string_view key_id) noexcept {
    return std::any_of(set.entries.begin(), set.entries.end(), [key_id](const KeySet::Impl::Entry& entry) {
      return entry.info.has_key_id && entry.info.key_id == key_id;
    });
  }

  std::span<const JsonValue> values_;
  const Limits& limits_;
};

KeySet::KeySet(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
KeySet::~KeySet() = default;

std::size_t KeySet::size() const noexcept { return impl_->entries.size(); }
KeySet::KeyInfo KeySet::key(std::size_t index) const noexcept {
  return index < size() ? impl_->entries[index].info : KeyInfo{};
}
std::span<const KeySet::SkippedKey> KeySet::skipped() const noexcept { return impl_->skipped; }

Result<std::shared_ptr<const KeySet>> KeySet::import_jwks(std::string_view json, const Limits& limits) {
  JsonReader reader({.size_max = limits.key_set_size_max,
                     .depth_max = limits.key_set_json_depth_max,
                     .values_max = limits.key_set_json_values_max,
                     .preallocate = false});
  const adapt::JsonResult parsed = reader.read(json);
  if (parsed.fault != JsonFault::kNone) return Error{reason_of(parsed.fault), parsed.offset};
  auto impl = std::make_unique<Impl>();
  if (const Error error = KeySetImport(parsed.values, limits).run(*impl); error != kNoError) return error;
  return std::shared_ptr<const KeySet>(new KeySet(std::move(impl)));
}

Result<std::shared_ptr<const KeySet>> KeySet::from_jwks(std::string_view json, const Limits& limits) noexcept {
#if defined(__cpp_exceptions)
  try {
    return import_jwks(json, limits);
  } catch (const std::bad_alloc&) {
    return Reason::kNoMemory;
  }
#else
  return import_jwks(json, limits);
#endif
}

}  // namespace ostiary
