#include "token/jwk.hpp"

#include <ostiary/core/base64.hpp>
#include <ostiary/core/base64url.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <string>
#include <utility>

namespace ostiary {

namespace {

using adapt::JsonKind;
using adapt::JsonValue;
using adapt::KeyNumbers;
using adapt::PublicKey;
using adapt::SignatureScheme;

constexpr Error kNoError{Reason::kOk, 0};

// Private and symmetric material of every registered key type (RFC 7518 §6.2.2, §6.3.2, §6.4.1,
// RFC 8037 §2, RFC 9964 §3).
constexpr std::array<std::string_view, 9> kPrivateMembers{"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"};

// --- kinds of keys ----------------------------------------------------------------------------------------------

/// What a key type, with its curve, looks like and may be used for.
struct KeyKind {
  KeyNumbers::Type type;
  std::string_view kty;
  std::string_view crv;     ///< empty: the type has no curves
  AlgorithmSet algorithms;  ///< that it may be for
  AlgorithmSet implied;     ///< without alg: none or one
  std::string_view first;   ///< member that holds the first number
  std::string_view second;  ///< empty: there is only one
  Reason first_too_long;    ///< for a number that fits no key of the kind
  Reason second_too_long;
};

using enum Algorithm;

constexpr std::array<KeyKind, 8> kKinds{{
    {KeyNumbers::Type::kRsa,
     "RSA",
     "",
     {kRs256, kRs384, kRs512, kPs256, kPs384, kPs512},
     {kRs256},
     "n",
     "e",
     Reason::kKeyRsaSize,
     Reason::kKeyRsaExponent},
    {KeyNumbers::Type::kEc, "EC", "P-256", {kEs256}, {kEs256}, "x", "y", Reason::kKeyPoint, Reason::kKeyPoint},
    {KeyNumbers::Type::kEc, "EC", "P-384", {kEs384}, {kEs384}, "x", "y", Reason::kKeyPoint, Reason::kKeyPoint},
    {KeyNumbers::Type::kEc, "EC", "P-521", {kEs512}, {kEs512}, "x", "y", Reason::kKeyPoint, Reason::kKeyPoint},
    {KeyNumbers::Type::kEc, "EC", "secp256k1", {kEs256k}, {kEs256k}, "x", "y", Reason::kKeyPoint, Reason::kKeyPoint},
    {KeyNumbers::Type::kOkp, "OKP", "Ed25519", {kEdDsa}, {kEdDsa}, "x", "", Reason::kKeyPoint, Reason::kKeyPoint},
    {KeyNumbers::Type::kOkp, "OKP", "Ed448", {kEd448}, {kEd448}, "x", "", Reason::kKeyPoint, Reason::kKeyPoint},
    // RFC 9964 §3: the parameter set is told by alg alone.
    {KeyNumbers::Type::kAkp,
     "AKP",
     "",
     {kMlDsa44, kMlDsa65, kMlDsa87},
     {},
     "pub",
     "",
     Reason::kKeyMember,
     Reason::kKeyMember},
}};

constexpr SignatureScheme scheme_of(Algorithm algorithm) noexcept {
  switch (algorithm) {
    case kRs256: return SignatureScheme::kRsaPkcs1Sha256;
    case kRs384: return SignatureScheme::kRsaPkcs1Sha384;
    case kRs512: return SignatureScheme::kRsaPkcs1Sha512;
    case kPs256: return SignatureScheme::kRsaPssSha256;
    case kPs384: return SignatureScheme::kRsaPssSha384;
    case kPs512: return SignatureScheme::kRsaPssSha512;
    case kEs256: return SignatureScheme::kEcdsaP256Sha256;
    case kEs384: return SignatureScheme::kEcdsaP384Sha384;
    case kEs512: return SignatureScheme::kEcdsaP521Sha512;
    case kEs256k: return SignatureScheme::kEcdsaK256Sha256;
    case kEdDsa: return SignatureScheme::kEd25519;
    case kEd448: return SignatureScheme::kEd448;
    case kMlDsa44: return SignatureScheme::kMlDsa44;
    case kMlDsa65: return SignatureScheme::kMlDsa65;
    case kMlDsa87: return SignatureScheme::kMlDsa87;
    case kHs256:
    case kHs384:
    case kHs512: break;  // no public key is for these
  }
  return SignatureScheme::kNone;
}

/// The one algorithm in both sets; nothing when there is none or a choice.
std::optional<Algorithm> only_common(AlgorithmSet meant, AlgorithmSet possible) noexcept {
  const AlgorithmSet both = meant.common_with(possible);
  if (!std::has_single_bit(both.bits())) return std::nullopt;
  return static_cast<Algorithm>(std::countr_zero(both.bits()));
}

// --- numbers ----------------------------------------------------------------------------------------------------

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

Reason check_modulus(std::string_view modulus, const Limits& limits) noexcept {
  // RFC 7518 §6.3.1.1: the minimum number of octets.
  if (modulus.front() == '\0') return Reason::kKeyMember;
  const std::size_t bits = bit_length(modulus);
  if (bits < limits.rsa_bits_min || bits > limits.rsa_bits_max || !is_odd(modulus)) return Reason::kKeyRsaSize;
  return is_weak_modulus(modulus) ? Reason::kKeyWeak : Reason::kOk;
}

// An exponent as long as the modulus would make each verification a hundred times as dear.
Reason check_exponent(std::string_view exponent) noexcept {
  if (exponent.front() == '\0') return Reason::kKeyMember;
  const bool good = exponent.size() <= 4 && is_odd(exponent) && bit_length(exponent) >= 2;
  return good ? Reason::kOk : Reason::kKeyRsaExponent;
}

/// Which number of a key a Reason is about.
enum class Fault : std::uint8_t { kFirst, kSecond, kWhole };

struct Made {
  Result<PublicKey> key;
  Fault fault = Fault::kWhole;
};

Made make_rsa(SignatureScheme scheme, std::string_view modulus, std::string_view exponent, const Limits& limits) {
  if (modulus.empty() || exponent.empty()) return {Reason::kKeyMember, Fault::kWhole};
  if (const Reason reason = check_modulus(modulus, limits); reason != Reason::kOk) return {reason, Fault::kFirst};
  if (const Reason reason = check_exponent(exponent); reason != Reason::kOk) return {reason, Fault::kSecond};
  return {PublicKey::rsa(scheme, modulus, exponent), Fault::kWhole};
}

/// The one place where keys are made, whatever they came as.
Made make_key(const KeyKind& kind, Algorithm algorithm, std::string_view first, std::string_view second,
              const Limits& limits) {
  const SignatureScheme scheme = scheme_of(algorithm);
  switch (kind.type) {
    case KeyNumbers::Type::kRsa: return make_rsa(scheme, first, second, limits);
    case KeyNumbers::Type::kEc: return {PublicKey::ecdsa(scheme, first, second), Fault::kFirst};
    case KeyNumbers::Type::kOkp: return {PublicKey::edwards(scheme, first), Fault::kFirst};
    case KeyNumbers::Type::kAkp: return {PublicKey::ml_dsa(scheme, first), Fault::kFirst};
  }
  return {Reason::kInternal, Fault::kWhole};
}

/// RFC 7638 §3: the hash of the required members in the order of their names, without spaces. The numbers are the
/// canonical base64url of a key that passed every check.
std::optional<adapt::Sha256Digest> thumbprint_of(const KeyKind& kind, Algorithm algorithm, std::string_view first,
                                                 std::string_view second) noexcept {
  switch (kind.type) {
    case KeyNumbers::Type::kRsa:
      return adapt::sha256(
          std::array<std::string_view, 5>{R"({"e":")", second, R"(","kty":"RSA","n":")", first, "\"}"});
    case KeyNumbers::Type::kEc:
      return adapt::sha256(std::array<std::string_view, 7>{R"({"crv":")", kind.crv, R"(","kty":"EC","x":")", first,
                                                           R"(","y":")", second, "\"}"});
    case KeyNumbers::Type::kOkp:
      return adapt::sha256(
          std::array<std::string_view, 5>{R"({"crv":")", kind.crv, R"(","kty":"OKP","x":")", first, "\"}"});
    case KeyNumbers::Type::kAkp:  // RFC 9964 §6
      return adapt::sha256(std::array<std::string_view, 5>{R"({"alg":")", algorithm_name(algorithm),
                                                           R"(","kty":"AKP","pub":")", first, "\"}"});
  }
  return std::nullopt;
}

// --- JSON -------------------------------------------------------------------------------------------------------

bool is_text(const JsonValue* value) noexcept { return value != nullptr && value->kind == JsonKind::kText; }

bool is_text(const JsonValue* value, std::string_view text) noexcept { return is_text(value) && value->text == text; }

class JwkImport {
 public:
  JwkImport(std::span<const JsonValue> values, std::uint32_t index, const Limits& limits,
            AlgorithmSet used_with) noexcept
      : values_(values), index_(index), limits_(limits), used_with_(used_with) {}

  [[nodiscard]] Result<ImportedKey> run() const noexcept;

 private:
  struct Kind {
    const KeyKind* kind = nullptr;
  };

  /// The decoded numbers of a key, on the stack.
  struct Decoded {
    std::array<char, adapt::kRawKeySizeMax> first_bytes;
    std::array<char, adapt::kCoordinateSizeMax> second_bytes;
    std::string_view first;
    std::string_view second;
  };

  [[nodiscard]] const JsonValue& object() const noexcept { return values_[index_]; }
  [[nodiscard]] const JsonValue* member(std::string_view name) const noexcept {
    return adapt::find_member(values_, index_, name);
  }
  [[nodiscard]] Error fault(Reason reason, const JsonValue* place) const noexcept {
    return {reason, (place != nullptr ? *place : object()).offset};
  }
  [[nodiscard]] Error fault(Reason reason, const KeyKind& kind, Fault place) const noexcept;

  [[nodiscard]] Result<Kind> find_kind() const noexcept;
  [[nodiscard]] Error check_use() const noexcept;
  [[nodiscard]] Error check_operations() const noexcept;
  [[nodiscard]] Error check_key_id() const noexcept;
  [[nodiscard]] Result<Algorithm> find_algorithm(const KeyKind& kind) const noexcept;
  [[nodiscard]] Error decode(std::string_view name, Reason too_long, std::span<char> out,
                             std::string_view& decoded) const noexcept;
  [[nodiscard]] Error decode(const KeyKind& kind, Decoded& decoded) const noexcept;

  std::span<const JsonValue> values_;
  std::uint32_t index_;
  const Limits& limits_;
  AlgorithmSet used_with_;  ///< empty: nothing is known
};

Error JwkImport::fault(Reason reason, const KeyKind& kind, Fault place) const noexcept {
  switch (place) {
    case Fault::kFirst: return fault(reason, member(kind.first));
    case Fault::kSecond: return fault(reason, member(kind.second));
    case Fault::kWhole: break;
  }
  return fault(reason, nullptr);
}

Result<JwkImport::Kind> JwkImport::find_kind() const noexcept {
  const JsonValue* const type = member("kty");
  const JsonValue* const curve = member("crv");
  bool known_type = false;
  for (const KeyKind& kind : kKinds) {
    if (!is_text(type, kind.kty)) continue;
    known_type = true;
    if (kind.crv.empty() || is_text(curve, kind.crv)) return Kind{&kind};
  }
  return known_type ? fault(Reason::kKeyCurve, curve) : fault(Reason::kKeyType, type);
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
  if (key_id == nullptr || key_id_of(values_, index_, limits_)) return kNoError;
  return fault(Reason::kKeyMember, key_id);
}

Result<Algorithm> JwkImport::find_algorithm(const KeyKind& kind) const noexcept {
  const JsonValue* const named = member("alg");
  if (named != nullptr && !is_text(named)) return fault(Reason::kKeyAlgorithm, named);
  AlgorithmSet meant = named != nullptr ? algorithms_of_header(named->text) : kind.implied;
  if (!used_with_.empty()) {
    // An implied algorithm is one choice among those the type has; whoever signed may have made another.
    if (named == nullptr && !kind.implied.empty()) meant = kind.algorithms;
    meant = meant.common_with(used_with_);
  }
  const std::optional<Algorithm> algorithm = only_common(meant, kind.algorithms);
  if (!algorithm) return fault(Reason::kKeyAlgorithm, named);
  return *algorithm;
}

/// The bytes of a base64url member (RFC 7518 §2).
Error JwkImport::decode(std::string_view name, Reason too_long, std::span<char> out,
                        std::string_view& decoded) const noexcept {
  const JsonValue* value = member(name);
  if (!is_text(value) || value->text.empty()) return fault(Reason::kKeyMember, value);
  const std::size_t size = base64url_decoded_size(value->text.size());
  if (size > out.size()) return fault(too_long, value);
  if (!base64url_decode(value->text, out)) return fault(Reason::kKeyMember, value);
  decoded = {out.data(), size};
  return kNoError;
}

Error JwkImport::decode(const KeyKind& kind, Decoded& decoded) const noexcept {
  const Error error = decode(kind.first, kind.first_too_long, decoded.first_bytes, decoded.first);
  if (error != kNoError || kind.second.empty()) return error;
  return decode(kind.second, kind.second_too_long, decoded.second_bytes, decoded.second);
}

Result<ImportedKey> JwkImport::run() const noexcept {
  if (object().kind != JsonKind::kObject) return fault(Reason::kKeyMember, nullptr);
  if (const Error error = find_private_material(values_, index_); error != kNoError) return error;
  const Result<Kind> found = find_kind();
  if (found.reason() == Reason::kKeyType) return found.error();
  for (const Error& error : {check_use(), check_operations(), check_key_id()}) {
    if (error != kNoError) return error;
  }
  if (!found) return found.error();
  const KeyKind& kind = *found->kind;
  const Result<Algorithm> algorithm = find_algorithm(kind);
  if (!algorithm) return algorithm.error();
  Decoded numbers;
  if (const Error error = decode(kind, numbers); error != kNoError) return error;

  Made made = make_key(kind, *algorithm, numbers.first, numbers.second, limits_);
  if (!made.key) return fault(made.key.reason(), kind, made.fault);
  const JsonValue* const second = kind.second.empty() ? nullptr : member(kind.second);
  const auto thumbprint =
      thumbprint_of(kind, *algorithm, member(kind.first)->text, second != nullptr ? second->text : std::string_view());
  if (!thumbprint) return Reason::kNoMemory;
  const std::optional<std::string_view> key_id = key_id_of(values_, index_, limits_);
  return ImportedKey{std::move(made.key).value(), *algorithm, *thumbprint, key_id.has_value(), key_id.value_or("")};
}

// --- numbers that came otherwise --------------------------------------------------------------------------------

const KeyKind* kind_of(const KeyNumbers& numbers) noexcept {
  for (const KeyKind& kind : kKinds) {
    if (kind.type == numbers.type && (kind.crv.empty() || kind.crv == numbers.name)) return &kind;
  }
  return nullptr;
}

std::string base64url_of(std::string_view bytes) {
  std::string text(base64_encoded_size(bytes.size()), '\0');
  base64_encode(bytes, text.data());
  while (text.ends_with('=')) text.pop_back();
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

}  // namespace

Error find_private_material(std::span<const JsonValue> values, std::uint32_t index) noexcept {
  if (const JsonValue* type = adapt::find_member(values, index, "kty"); is_text(type, "oct")) {
    return {Reason::kKeyPrivate, type->offset};
  }
  for (const std::string_view name : kPrivateMembers) {
    if (const JsonValue* found = adapt::find_member(values, index, name)) {
      return {Reason::kKeyPrivate, found->key_offset};
    }
  }
  return kNoError;
}

std::optional<std::string_view> key_id_of(std::span<const JsonValue> values, std::uint32_t index,
                                          const Limits& limits) noexcept {
  const JsonValue* const key_id = adapt::find_member(values, index, "kid");
  if (!is_text(key_id) || key_id->text.size() > limits.key_id_size_max) return std::nullopt;
  return key_id->text;
}

Result<ImportedKey> import_jwk(std::span<const JsonValue> values, std::uint32_t index, const Limits& limits,
                               AlgorithmSet used_with) noexcept {
  return JwkImport(values, index, limits, used_with).run();
}

Result<ImportedKey> import_numbers(const KeyNumbers& numbers, std::optional<Algorithm> algorithm,
                                   const Limits& limits) {
  const KeyKind* const kind = kind_of(numbers);
  if (kind == nullptr) return Reason::kKeyCurve;
  AlgorithmSet meant = kind->implied;
  if (kind->type == KeyNumbers::Type::kAkp) meant = algorithms_of_header(numbers.name);
  if (algorithm && kind->type == KeyNumbers::Type::kAkp) {
    meant = meant.common_with({*algorithm});
  } else if (algorithm) {
    meant = {*algorithm};
  }
  const std::optional<Algorithm> only = only_common(meant, kind->algorithms);
  if (!only) return Reason::kKeyAlgorithm;
  Made made = make_key(*kind, *only, numbers.first, numbers.second, limits);
  if (!made.key) return made.key.reason();
  const auto thumbprint = thumbprint_of(*kind, *only, base64url_of(numbers.first), base64url_of(numbers.second));
  if (!thumbprint) return Reason::kNoMemory;
  return ImportedKey{std::move(made.key).value(), *only, *thumbprint, false, {}};
}

}  // namespace ostiary
