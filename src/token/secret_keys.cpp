#include "adapt/crypto.hpp"
#include "adapt/der.hpp"
#include "adapt/json.hpp"
#include "token/secret_keys_parts.hpp"

#include <ostiary/core/base64.hpp>
#include <ostiary/token/secret_keys.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
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

bool is_white_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// The base64 of a key in either alphabet, which is PEM that lost its boundary lines and perhaps its padding.
bool is_bare_pem(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() + 3);  // padding must not move it and leave a copy behind
  text.assign(bytes);
  std::erase_if(text, is_white_space);
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  while (text.size() % 4 != 0) text += '=';
  std::string der(base64_decoded_size(text), '\0');
  const bool known = base64_decode(text, der.data()) == std::string_view::npos && adapt::begins_with_public_key(der);
  adapt::erase(text);
  adapt::erase(der);
  return known;
}

/// A public key of OpenSSH or RFC 4716: base64 of a length and a name that begins with ssh-, ecdsa-sha2- or sk-.
bool is_ssh_key(std::string_view bytes) noexcept {
  constexpr std::array<std::string_view, 6> kBeginnings{"AAAAB3NzaC1",
                                                        "AAAAC3NzaC1",
                                                        "AAAAE2VjZHNhLXNoYTIt",
                                                        "AAAAGnNrLXNzaC1",
                                                        "AAAAInNrLWVjZHNhLXNoYTIt",
                                                        "---- BEGIN SSH2 PUBLIC KEY ----"};
  return std::any_of(kBeginnings.begin(), kBeginnings.end(),
                     [bytes](std::string_view beginning) { return bytes.find(beginning) != std::string_view::npos; });
}

// Whatever stands before a marker must not hide it, or a line break in front of a key makes a secret of it.
bool is_public(std::string_view bytes, const Limits& limits) {
  const auto first = std::find_if_not(bytes.begin(), bytes.end(), is_white_space);
  const std::string_view rest = bytes.substr(static_cast<std::size_t>(first - bytes.begin()));
  return bytes.find("-----BEGIN ") != std::string_view::npos || rest.starts_with("ssh-") ||
         rest.starts_with("ecdsa-sha2-") || is_ssh_key(bytes) || is_jwk(bytes, limits) ||
         adapt::begins_with_public_key(bytes) || adapt::begins_with_public_key(rest) || is_bare_pem(bytes);
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
