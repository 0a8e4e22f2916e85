#include "adapt/signing.hpp"

#include "adapt/openssl_handles.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <new>
#include <utility>

namespace ostiary::adapt {

namespace {

using Bio = std::unique_ptr<BIO, Releaser<BIO_free_all>>;
using SignContext = std::unique_ptr<EVP_MD_CTX, Releaser<EVP_MD_CTX_free>>;

constexpr const char* kEd25519Name = "ED25519";
constexpr std::size_t kPemSizeMax = 4096;

/// Nobody is asked for a password.
int no_password(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/) { return -1; }

/// OpenSSL skips words before a block and does not look behind it.
bool is_one_block(std::string_view pem) noexcept {
  constexpr std::string_view kBegin = "-----BEGIN PRIVATE KEY-----";
  constexpr std::string_view kEnd = "-----END PRIVATE KEY-----";
  while (pem.ends_with('\n') || pem.ends_with('\r')) pem.remove_suffix(1);
  return pem.starts_with(kBegin) && pem.ends_with(kEnd) && pem.find("-----BEGIN", 1) == std::string_view::npos;
}

/// Of a memory BIO.
std::string text_of(BIO* bio) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

}  // namespace

struct SigningKey::Handle {
  Key key;
};

SigningKey::SigningKey() noexcept = default;
SigningKey::SigningKey(std::unique_ptr<Handle> handle) noexcept : handle_(std::move(handle)) {}
SigningKey::~SigningKey() = default;
SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;

Result<SigningKey> SigningKey::from_seed(std::span<const std::uint8_t, 32> seed) noexcept {
  const ErrorMark mark;
  Key key(EVP_PKEY_new_raw_private_key_ex(nullptr, kEd25519Name, nullptr, seed.data(), seed.size()));
  if (!key) return Reason::kKeyUnsupported;
  std::unique_ptr<Handle> handle(new (std::nothrow) Handle{std::move(key)});
  if (!handle) return Reason::kNoMemory;
  return SigningKey(std::move(handle));
}

Result<SigningKey> SigningKey::from_pem(std::string_view pem) noexcept {
  if (pem.size() > kPemSizeMax || !is_one_block(pem)) return Reason::kKeyPem;
  const ErrorMark mark;
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Key key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr) : nullptr);
  if (!key) return Reason::kKeyPem;
  if (EVP_PKEY_is_a(key.get(), kEd25519Name) != 1) return Reason::kKeyType;
  std::unique_ptr<Handle> handle(new (std::nothrow) Handle{std::move(key)});
  if (!handle) return Reason::kNoMemory;
  return SigningKey(std::move(handle));
}

std::optional<Ed25519Signature> SigningKey::sign(std::string_view message) const noexcept {
  const ErrorMark mark;
  const SignContext context(EVP_MD_CTX_new());
  Ed25519Signature signature{};
  std::size_t size = signature.size();
  const bool good = handle_ && context &&
                    EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, handle_->key.get()) == 1 &&
                    EVP_DigestSign(context.get(), signature.data(), &size, bytes_of(message), message.size()) == 1;
  if (!good || size != signature.size()) return std::nullopt;
  return signature;
}

std::optional<std::array<std::uint8_t, 32>> SigningKey::public_key() const noexcept {
  const ErrorMark mark;
  std::array<std::uint8_t, 32> bytes{};
  std::size_t size = bytes.size();
  const bool good = handle_ && EVP_PKEY_get_raw_public_key(handle_->key.get(), bytes.data(), &size) == 1;
  if (!good || size != bytes.size()) return std::nullopt;
  return bytes;
}

std::string SigningKey::private_pem() const {
  const ErrorMark mark;
  const Bio bio(BIO_new(BIO_s_secmem()));
  const bool good =
      handle_ && bio &&
      PEM_write_bio_PKCS8PrivateKey(bio.get(), handle_->key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1;
  return good ? text_of(bio.get()) : std::string();
}

std::string SigningKey::public_pem() const {
  const ErrorMark mark;
  const Bio bio(BIO_new(BIO_s_mem()));
  return handle_ && bio && PEM_write_bio_PUBKEY(bio.get(), handle_->key.get()) == 1 ? text_of(bio.get())
                                                                                    : std::string();
}

}  // namespace ostiary::adapt
