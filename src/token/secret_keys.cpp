#include "adapt/crypto.hpp"
#include "adapt/der.hpp"
#include "adapt/json.hpp"
#include "token/secret_keys_parts.hpp"

#include <ostiary/core/base64.hpp>
#include <ostiary/token/secret_keys.hpp>

#include <algorithm>
#include <new>
#include <optional>
#include <utility>

namespace ostiary {

namespace {

std::optional<adapt::HashFunction> hash_of(Algorithm algorithm) noexcept {
  if (algorithm == Algorithm::kHs256) return adapt::HashFunction::kSha256;
  if (algorithm == Algorithm::kHs384) return adapt::HashFunction::kSha384;
  if (algorithm == Algorithm::kHs512) return adapt::HashFunction::kSha512;
  return std::nullopt;
}

// RFC 7518 §3.2: a key of the size of the hash or larger.
std::size_t size_min_of(adapt::HashFunction hash) noexcept {
  switch (hash) {
    case adapt::HashFunction::kSha256: return 32;
    case adapt::HashFunction::kSha384: return 48;
    case adapt::HashFunction::kSha512: return 64;
  }
  return 64;
}

// --- what everyone knows ----------------------------------------------------------------------------------------

bool has_member(std::span<const adapt::JsonValue> values, std::string_view name) noexcept {
  return adapt::find_member(values, 0, name) != nullptr || adapt::find_member(values, 1, name) != nullptr;
}

/// A JWK, a JWK Set or a list of JWKs. `"kty"` in any text is enough; parsing finds it behind escapes.
bool is_jwk(std::string_view bytes, const Limits& limits) {
  if (bytes.find("\"kty\"") != std::string_view::npos) return true;
  // What cannot be a document is not copied into a reader.
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || (bytes[first] != '{' && bytes[first] != '[')) return false;
  adapt::JsonReader reader({.size_max = limits.secret_size_max,
                            .depth_max = limits.key_set_json_depth_max,
                            .values_max = limits.key_set_json_values_max,
                            .preallocate = false});
  const adapt::JsonResult parsed = reader.read(bytes);
  return parsed.fault == adapt::JsonFault::kNone &&
         (has_member(parsed.values, "kty") || has_member(parsed.values, "keys"));
}

/// The base64 of a key, which is PEM that lost its boundary lines.
bool is_bare_pem(std::string_view bytes) {
  std::string text(bytes);
  std::erase_if(text, [](char c) { return c == '\r' || c == '\n' || c == ' '; });
  std::string der(base64_decoded_size(text), '\0');
  const bool known = base64_decode(text, der.data()) == std::string_view::npos && adapt::begins_with_public_key(der);
  adapt::erase(text);
  adapt::erase(der);
  return known;
}

// Whatever stands before a marker must not hide it, or a line break in front of a key makes a secret of it.
bool is_public(std::string_view bytes, const Limits& limits) {
  return bytes.find("-----BEGIN ") != std::string_view::npos || bytes.starts_with("ssh-") ||
         bytes.starts_with("ecdsa-sha2-") || is_jwk(bytes, limits) || adapt::begins_with_public_key(bytes) ||
         is_bare_pem(bytes);
}

Reason check_secret(const SecretKey& key, adapt::HashFunction hash, const Limits& limits) {
  if (key.bytes.size() > limits.secret_size_max) return Reason::kKeySecretSize;
  if (is_public(key.bytes, limits)) return Reason::kKeySecretPublic;
  if (key.bytes.size() < size_min_of(hash)) return Reason::kKeySecretSize;
  return key.key_id.size() > limits.key_id_size_max ? Reason::kKeysLimit : Reason::kOk;
}

}  // namespace

/// Fills one SecretKeys. May run out of memory by exception; `make` turns that into a Reason.
class SecretKeysImport {
 public:
  explicit SecretKeysImport(const Limits& limits) : limits_(limits), set_(std::make_unique<SecretKeys::Impl>()) {}

  [[nodiscard]] Result<std::shared_ptr<const SecretKeys>> run(std::span<const SecretKey> keys) {
    if (keys.empty()) return Reason::kUsageArgument;
    if (keys.size() > limits_.key_count_max) return Reason::kKeysLimit;
    std::string known;
    for (std::uint32_t i = 0; i < keys.size(); ++i) {
      const Reason reason = add(keys[i], known);
      if (reason != Reason::kOk) return Error{reason, i};
    }
    const std::optional<adapt::Sha256Digest> digest = adapt::sha256(known);
    if (!digest) return Reason::kNoMemory;
    set_->fingerprint = *digest;
    return std::shared_ptr<const SecretKeys>(new SecretKeys(std::move(set_)));
  }

 private:
  [[nodiscard]] bool holds(std::string_view key_id) const noexcept {
    return std::any_of(set_->entries.begin(), set_->entries.end(), [key_id](const SecretKeys::Impl::Entry& entry) {
      return entry.has_key_id && entry.key_id == key_id;
    });
  }

  /// Adds the key to the set, and to `known` what the fingerprint is made of: a MAC under the secret, which
  /// tells nothing about it.
  [[nodiscard]] Reason add(const SecretKey& key, std::string& known) {
    const std::optional<adapt::HashFunction> hash = hash_of(key.algorithm);
    if (!hash) return Reason::kUsageArgument;
    if (const Reason reason = check_secret(key, *hash, limits_); reason != Reason::kOk) return reason;
    const bool has_key_id = key.key_id.data() != nullptr;
    if (has_key_id && holds(key.key_id)) return Reason::kKeysDuplicateId;
    Result<adapt::MacKey> prepared = adapt::MacKey::hmac(*hash, key.bytes);
    if (!prepared) return prepared.reason();

    std::string about = "ostiary secret key fingerprint";
    about += static_cast<char>(key.algorithm);
    about += has_key_id ? '\1' : '\0';
    about += key.key_id;
    const std::optional<adapt::Sha256Digest> mac = adapt::hmac_sha256(key.bytes, about);
    if (!mac) return Reason::kNoMemory;
    known.append(mac->begin(), mac->end());
    set_->entries.push_back({has_key_id, std::string(key.key_id), key.algorithm, std::move(prepared).value()});
    return Reason::kOk;
  }

  const Limits& limits_;
  std::unique_ptr<SecretKeys::Impl> set_;
};

SecretKeys::SecretKeys(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
SecretKeys::~SecretKeys() = default;

std::size_t SecretKeys::size() const noexcept { return impl_->entries.size(); }
const std::array<std::uint8_t, 32>& SecretKeys::fingerprint() const noexcept { return impl_->fingerprint; }

Result<std::shared_ptr<const SecretKeys>> SecretKeys::make(std::span<const SecretKey> keys,
                                                           const Limits& limits) noexcept {
#if defined(__cpp_exceptions)
  try {
    return SecretKeysImport(limits).run(keys);
  } catch (const std::bad_alloc&) {
    return Reason::kNoMemory;
  }
#else
  return SecretKeysImport(limits).run(keys);
#endif
}

}  // namespace ostiary
