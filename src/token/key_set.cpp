#include "adapt/crypto.hpp"
#include "adapt/der.hpp"
#include "adapt/json.hpp"
#include "token/jwk.hpp"
#include "token/key_set_parts.hpp"
#include "token/pem.hpp"

#include <ostiary/token/key_set.hpp>

#include <algorithm>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace ostiary {

namespace {

using adapt::JsonFault;
using adapt::JsonKind;
using adapt::JsonReader;
using adapt::JsonValue;

constexpr Error kNoError{Reason::kOk, 0};

Reason reason_of(JsonFault fault) noexcept {
  switch (fault) {
    case JsonFault::kNone: return Reason::kOk;
    case JsonFault::kSyntax: return Reason::kKeysJson;
    case JsonFault::kDuplicate: return Reason::kKeysDuplicateMember;
    case JsonFault::kLimit: return Reason::kKeysLimit;
  }
  return Reason::kInternal;
}

JsonReader reader_for(const Limits& limits) {
  return JsonReader({.size_max = limits.key_set_size_max,
                     .depth_max = limits.key_set_json_depth_max,
                     .values_max = limits.key_set_json_values_max,
                     .preallocate = false});
}

Result<ImportedKey> import_pem(const KeySet::PemKey& key, const Limits& limits) {
  if (key.pem.size() > limits.pem_size_max) return Reason::kKeysLimit;
  if (key.key_id.size() > limits.key_id_size_max) return Reason::kKeysLimit;
  const Result<PemBlock> block = read_pem(key.pem);
  if (!block) return block.reason();
  const Result<adapt::KeyNumbers> numbers = block->label == PemLabel::kCertificate
                                                ? adapt::read_certificate(block->der)
                                                : adapt::read_public_key_info(block->der);
  if (!numbers) return numbers.reason();
  return import_numbers(*numbers, key.algorithm, limits);
}

}  // namespace

/// Fills one KeySet. May run out of memory by exception, which `guarded` turns into a Reason.
class KeySetImport {
 public:
  using Imported = Result<std::shared_ptr<const KeySet>>;

  explicit KeySetImport(const Limits& limits) : limits_(limits), set_(std::make_unique<KeySet::Impl>()) {}

  [[nodiscard]] Imported jwks(std::string_view json, KeySetReport* report);
  [[nodiscard]] Imported jwk(std::string_view json);
  [[nodiscard]] Imported pem(std::span<const KeySet::PemKey> keys);
  [[nodiscard]] Imported select(std::span<const KeySet::KeyPlace> keys);

  template <typename Import>
  [[nodiscard]] static Imported guarded(Import import) noexcept {
#if defined(__cpp_exceptions)
    try {
      return import();
    } catch (const std::bad_alloc&) {
      return Reason::kNoMemory;
    }
#else
    return import();
#endif
  }

 private:
  [[nodiscard]] Error import_array(std::span<const JsonValue> values);
  [[nodiscard]] Error import_member(std::span<const JsonValue> values, std::uint32_t index, std::uint32_t position);
  [[nodiscard]] bool add(ImportedKey&& key);
  [[nodiscard]] bool holds(std::string_view key_id) const noexcept;
  [[nodiscard]] Imported finish();
  void tell(KeySetReport& report) const;

  const Limits& limits_;
  std::unique_ptr<KeySet::Impl> set_;
};

bool KeySetImport::holds(std::string_view key_id) const noexcept {
  return std::any_of(set_->entries.begin(), set_->entries.end(), [key_id](const KeySet::Impl::Entry& entry) {
    return entry.info.has_key_id && entry.info.key_id == key_id;
  });
}

/// False when another key has the kid already.
bool KeySetImport::add(ImportedKey&& key) {
  if (key.has_key_id && holds(key.key_id)) return false;
  KeySet::KeyInfo info{.has_key_id = key.has_key_id,
                       .key_id = {},
                       .algorithm = key.algorithm,
                       .bits = key.key.bits(),
                       .thumbprint = key.thumbprint};
  if (key.has_key_id) info.key_id = set_->key_ids.emplace_back(key.key_id);
  set_->entries.push_back({info, std::move(key.key)});
  return true;
}

Error KeySetImport::import_member(std::span<const JsonValue> values, std::uint32_t index, std::uint32_t position) {
  Result<ImportedKey> key = import_jwk(values, index, limits_);
  if (key.reason() == Reason::kNoMemory) return key.error();
  if (!key) {
    const std::string_view key_id = set_->key_ids.emplace_back(key_id_of(values, index, limits_).value_or(""));
    set_->skipped.push_back({position, key.error().offset, key.reason(), key_id});
    return kNoError;
  }
  if (add(std::move(key).value())) return kNoError;
  return {Reason::kKeysDuplicateId, adapt::find_member(values, index, "kid")->offset};
}

/// What condemns the whole set comes first, then key by key, then kid against kid.
Error KeySetImport::import_array(std::span<const JsonValue> values) {
  const JsonValue* keys = adapt::find_member(values, 0, "keys");
  if (keys == nullptr || keys->kind != JsonKind::kArray) return {Reason::kKeysJson, 0};
  if (keys->count > limits_.key_count_max) return {Reason::kKeysLimit, keys->offset};
  const auto first = static_cast<std::uint32_t>(keys - values.data()) + 1;
  for (std::uint32_t i = first; i < keys->end; i = values[i].end) {
    if (const Error error = find_private_material(values, i); error != kNoError) return error;
  }
  set_->key_ids.reserve(keys->count);
  std::uint32_t position = 0;
  for (std::uint32_t i = first; i < keys->end; i = values[i].end) {
    if (const Error error = import_member(values, i, position++); error != kNoError) return error;
  }
  return set_->entries.empty() ? Error{Reason::kKeysEmpty, keys->offset} : kNoError;
}

void KeySetImport::tell(KeySetReport& report) const {
  for (const KeySet::SkippedKey& skipped : set_->skipped) {
    report.skipped.push_back({skipped.index, skipped.offset, skipped.reason, std::string(skipped.key_id)});
  }
}

/// The thumbprint stands for the material: it is a hash over all of it.
KeySetImport::Imported KeySetImport::finish() {
  std::string known;
  for (const KeySet::Impl::Entry& entry : set_->entries) {
    known += static_cast<char>(entry.info.algorithm);
    known += entry.info.has_key_id ? '\1' : '\0';
    for (unsigned shift = 0; shift < 32; shift += 8) {
      known += static_cast<char>(entry.info.key_id.size() >> shift & 0xffU);
    }
    known += entry.info.key_id;
    known.append(entry.info.thumbprint.begin(), entry.info.thumbprint.end());
  }
  const std::optional<adapt::Sha256Digest> digest = adapt::sha256(known);
  if (!digest) return Reason::kNoMemory;
  set_->fingerprint = *digest;
  return std::shared_ptr<const KeySet>(new KeySet(std::move(set_)));
}

KeySetImport::Imported KeySetImport::jwks(std::string_view json, KeySetReport* report) {
  JsonReader reader = reader_for(limits_);
  const adapt::JsonResult parsed = reader.read(json);
  if (parsed.fault != JsonFault::kNone) return Error{reason_of(parsed.fault), parsed.offset};
  const Error error = import_array(parsed.values);
  if (report != nullptr) tell(*report);
  return error == kNoError ? finish() : error;
}

KeySetImport::Imported KeySetImport::jwk(std::string_view json) {
  JsonReader reader = reader_for(limits_);
  const adapt::JsonResult parsed = reader.read(json);
  if (parsed.fault != JsonFault::kNone) return Error{reason_of(parsed.fault), parsed.offset};
  if (parsed.values[0].kind != JsonKind::kObject) return Reason::kKeysJson;
  Result<ImportedKey> key = import_jwk(parsed.values, 0, limits_);
  if (!key) return key.error();
  return add(std::move(key).value()) ? finish() : Reason::kInternal;
}

KeySetImport::Imported KeySetImport::pem(std::span<const KeySet::PemKey> keys) {
  if (keys.empty()) return Reason::kKeysEmpty;
  if (keys.size() > limits_.key_count_max) return Reason::kKeysLimit;
  set_->key_ids.reserve(keys.size());
  for (std::uint32_t i = 0; i < keys.size(); ++i) {
    Result<ImportedKey> key = import_pem(keys[i], limits_);
    if (!key) return Error{key.reason(), i};
    ImportedKey imported = std::move(key).value();
    imported.has_key_id = keys[i].key_id.data() != nullptr;
    imported.key_id = keys[i].key_id;
    if (!add(std::move(imported))) return Error{Reason::kKeysDuplicateId, i};
  }
  return finish();
}

KeySetImport::Imported KeySetImport::select(std::span<const KeySet::KeyPlace> keys) {
  if (keys.empty()) return Reason::kKeysEmpty;
  set_->key_ids.reserve(keys.size());
  for (std::uint32_t i = 0; i < keys.size(); ++i) {
    if (keys[i].keys == nullptr || keys[i].index >= keys[i].keys->size()) return Error{Reason::kUsageArgument, i};
    const KeySet::Impl::Entry& entry = keys[i].keys->impl_->entries[keys[i].index];
    adapt::PublicKey key = entry.key.share();
    if (key.scheme() == adapt::SignatureScheme::kNone) return Error{Reason::kNoMemory, i};
    ImportedKey same{.key = std::move(key),
                     .algorithm = entry.info.algorithm,
                     .thumbprint = entry.info.thumbprint,
                     .has_key_id = entry.info.has_key_id,
                     .key_id = entry.info.key_id};
    if (!add(std::move(same))) return Error{Reason::kKeysDuplicateId, i};
  }
  return finish();
}

KeySet::KeySet(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
KeySet::~KeySet() = default;

std::size_t KeySet::size() const noexcept { return impl_->entries.size(); }
KeySet::KeyInfo KeySet::key(std::size_t index) const noexcept {
  return index < size() ? impl_->entries[index].info : KeyInfo{};
}
const std::array<std::uint8_t, 32>& KeySet::fingerprint() const noexcept { return impl_->fingerprint; }
std::span<const KeySet::SkippedKey> KeySet::skipped() const noexcept { return impl_->skipped; }

Result<std::shared_ptr<const KeySet>> KeySet::from_jwks(std::string_view json, const Limits& limits) noexcept {
  return KeySetImport::guarded([&] { return KeySetImport(limits).jwks(json, nullptr); });
}

Result<std::shared_ptr<const KeySet>> KeySet::from_jwks(std::string_view json, const Limits& limits,
                                                        KeySetReport& report) noexcept {
  report.skipped.clear();
  return KeySetImport::guarded([&] { return KeySetImport(limits).jwks(json, &report); });
}

Result<std::shared_ptr<const KeySet>> KeySet::from_jwk(std::string_view json, const Limits& limits) noexcept {
  return KeySetImport::guarded([&] { return KeySetImport(limits).jwk(json); });
}

Result<std::shared_ptr<const KeySet>> KeySet::from_pem(std::span<const PemKey> keys, const Limits& limits) noexcept {
  return KeySetImport::guarded([&] { return KeySetImport(limits).pem(keys); });
}

Result<std::shared_ptr<const KeySet>> KeySet::selected(std::span<const KeyPlace> keys) noexcept {
  return KeySetImport::guarded([&] {
    const Limits limits;
    return KeySetImport(limits).select(keys);
  });
}

}  // namespace ostiary
